/* facenet-lint.c - what looks wrong in a gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Every embedding is searched for in the gallery, many at a time: the nearest
 * identity other than its own is a suspect. Its siblings are compared one by
 * one. That is n passes over n embeddings, shared by all cores: a second for
 * some twenty thousand.
 */
#include "analysis/facenet-lint.h"
#include <facenet/facenet-metric.h>

#include <math.h>

#include "gallery/facenet-nearest-private.h"

/* Embeddings that are searched for in one pass. */
#define BATCH 256

/* One run: the gallery, how strict, and what has been found. */
typedef struct
{
  const FacenetGallery *gallery;
  FacenetLintOptions options;
  GArray *findings;             /* of FacenetLintFinding */
} FacenetLint;

/**
 * facenet_lint_kind_get_nick:
 * @kind: a kind
 *
 * The name of a kind of finding in output and files.
 *
 * Returns: "near-duplicate", "outlier", "norm", "duplicate-name" or
 *   "no-embeddings"
 */
const gchar *
facenet_lint_kind_get_nick (FacenetLintKind kind)
{
  switch (kind) {
    case FACENET_LINT_NEAR_DUPLICATE:
      return "near-duplicate";
    case FACENET_LINT_OUTLIER:
      return "outlier";
    case FACENET_LINT_NORM:
      return "norm";
    case FACENET_LINT_DUPLICATE_NAME:
      return "duplicate-name";
    case FACENET_LINT_NO_EMBEDDINGS:
    default:
      return "no-embeddings";
  }
}

static FacenetLintFinding *
add_finding (FacenetLint * self, FacenetLintKind kind, guint identity,
    gint embedding)
{
  FacenetLintFinding finding = { kind, identity, embedding, -1, -1,
    (gdouble) NAN
  };

  g_array_append_val (self->findings, finding);
  return &g_array_index (self->findings, FacenetLintFinding,
      self->findings->len - 1);
}

static gdouble
measure (const FacenetLint * self, guint row, guint other)
{
  return facenet_squared_l2 (facenet_gallery_row (self->gallery, row),
      facenet_gallery_row (self->gallery, other), self->gallery->model.n_dims);
}

/* Which of a person's rows but not itself is the nearest to a row; -1 when
 * there is no other. */
static gint
find_nearest_row (const FacenetLint * self, guint row,
    const FacenetPerson * person, gdouble * distance)
{
  gint nearest = -1;
  guint i;

  *distance = (gdouble) INFINITY;
  for (i = 0; i < person->view.n_embeddings; i++) {
    gdouble d;

    if (person->first + i == row)
      continue;
    d = measure (self, row, person->first + i);
    if (d < *distance) {
      *distance = d;
      nearest = (gint) i;
    }
  }
  return nearest;
}

/* Of each pair of people only the nearest two embeddings are reported. */
static void
keep_pair (FacenetLint * self, GHashTable * pairs,
    const FacenetLintFinding * pair)
{
  gint64 key = (gint64) pair->identity << 32 | pair->other_identity;
  gpointer at;
  FacenetLintFinding *known;

  if (!g_hash_table_lookup_extended (pairs, &key, NULL, &at)) {
    g_hash_table_insert (pairs, g_memdup2 (&key, sizeof key),
        GUINT_TO_POINTER (self->findings->len));
    g_array_append_vals (self->findings, pair, 1);
    return;
  }
  known = &g_array_index (self->findings, FacenetLintFinding,
      GPOINTER_TO_UINT (at));
  if (pair->value < known->value)
    *known = *pair;
}

/* Looks at the nearest stranger of one row. */
static void
check_stranger (FacenetLint * self, GHashTable * pairs, guint identity,
    guint row, guint stranger)
{
  const FacenetPerson *person =
      facenet_gallery_person (self->gallery, identity);
  const FacenetPerson *other = facenet_gallery_person (self->gallery, stranger);
  FacenetLintFinding pair = { FACENET_LINT_NEAR_DUPLICATE, identity,
    (gint) (row - person->first), (gint) stranger, -1, 0
  };

  pair.other_embedding = find_nearest_row (self, row, other, &pair.value);
  if (!(pair.value < self->options.near_duplicate))
    return;
  /* The earlier of the two is named first. */
  if (stranger < identity) {
    pair.identity = stranger;
    pair.other_identity = (gint) identity;
    pair.embedding = pair.other_embedding;
    pair.other_embedding = (gint) (row - person->first);
  }
  keep_pair (self, pairs, &pair);
}

static void
find_near_duplicates (FacenetLint * self)
{
  g_autoptr (GHashTable) pairs =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint n_rows = facenet_gallery_get_n_embeddings (self->gallery);
  guint first, i, j, identity = 0;

  for (first = 0; first < n_rows; first += BATCH) {
    FacenetNeighbour found[2 * BATCH];
    guint n_found[BATCH];
    FacenetQuery query = { self->gallery, facenet_gallery_row (self->gallery,
          first), MIN (BATCH, n_rows - first), 2, NULL, 0
    };

    facenet_gallery_find_nearest (&query, found, n_found);
    for (i = 0; i < query.n_probes; i++) {
      const FacenetPerson *person;

      for (person = facenet_gallery_person (self->gallery, identity);
          first + i >= person->first + person->view.n_embeddings; person++) {
        identity++;
      }
      for (j = 0; j < n_found[i]; j++) {
        if (found[2 * i + j].identity != identity) {
          check_stranger (self, pairs, identity, first + i,
              found[2 * i + j].identity);
          break;
        }
      }
    }
  }
}

/* Of two that are far apart, either may be the wrong one; it is said once. */
static void
find_outliers (FacenetLint * self, guint identity)
{
  const FacenetPerson *person =
      facenet_gallery_person (self->gallery, identity);
  guint n = person->view.n_embeddings, i;

  for (i = n == 2 ? 1 : 0; i < n; i++) {
    gdouble distance;
    gint nearest =
        find_nearest_row (self, person->first + i, person, &distance);

    if (nearest >= 0 && distance > self->options.outlier) {
      FacenetLintFinding *finding =
          add_finding (self, FACENET_LINT_OUTLIER, identity, (gint) i);

      finding->other_identity = (gint) identity;
      finding->other_embedding = nearest;
      finding->value = distance;
    }
  }
}

static void
find_norms (FacenetLint * self)
{
  const GArray *scaled = self->gallery->scaled;
  guint i, identity = 0;

  for (i = 0; i < scaled->len; i++) {
    const FacenetScaled *row = &g_array_index (scaled, FacenetScaled, i);
    const FacenetPerson *person;

    for (person = facenet_gallery_person (self->gallery, identity);
        row->row >= person->first + person->view.n_embeddings; person++) {
      identity++;
    }
    add_finding (self, FACENET_LINT_NORM, identity,
        (gint) (row->row - person->first))->value = row->length;
  }
}

static void
find_names (FacenetLint * self)
{
  g_autoptr (GHashTable) names =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint i;

  for (i = 0; i < self->gallery->people->len; i++) {
    const FacenetPerson *person = facenet_gallery_person (self->gallery, i);
    g_autofree gchar *name = g_utf8_casefold (person->view.name, -1);
    gpointer first;

    if (g_hash_table_lookup_extended (names, name, NULL, &first))
      add_finding (self, FACENET_LINT_DUPLICATE_NAME, i, -1)->other_identity =
          GPOINTER_TO_INT (first);
    else
      g_hash_table_insert (names, g_steal_pointer (&name),
          GUINT_TO_POINTER (i));
  }
}

/**
 * facenet_gallery_lint:
 * @self: a gallery, as it was loaded
 * @options: how strict to be
 *
 * Looks for what is no error but makes wrong matches: near duplicates across
 * people (of each pair of people the nearest two embeddings), outliers within
 * one, embeddings that were not of length one in the file, names that occur
 * twice, people without embeddings.
 *
 * Returns: (transfer full) (element-type FacenetLintFinding): the findings,
 *   empty when all is well
 */
GArray *
facenet_gallery_lint (const FacenetGallery * self,
    const FacenetLintOptions * options)
{
  FacenetLint lint = { self, *options,
    g_array_new (FALSE, FALSE, sizeof (FacenetLintFinding))
  };
  gdouble threshold = self->threshold;
  guint i;

  if (!(threshold > 0))
    threshold = FACENET_GALLERY_THRESHOLD;
  if (!(lint.options.near_duplicate > 0))
    lint.options.near_duplicate = threshold / 2;
  if (!(lint.options.outlier > 0))
    lint.options.outlier = threshold * 1.5;
  find_near_duplicates (&lint);
  for (i = 0; i < self->people->len; i++) {
    find_outliers (&lint, i);
  }
  find_norms (&lint);
  find_names (&lint);
  for (i = 0; i < self->people->len; i++) {
    if (facenet_gallery_person (self, i)->view.n_embeddings == 0)
      add_finding (&lint, FACENET_LINT_NO_EMBEDDINGS, i, -1);
  }
  return lint.findings;
}
