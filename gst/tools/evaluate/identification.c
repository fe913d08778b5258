/* identification.c - how well people are found among many
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Of each person with more images than are to be enrolled, the first that show
 * a face are enrolled and the others are probes; the images of everybody else
 * are strangers. Rank 1: the nearest identity is the right one. DIR at a FAR:
 * it is, and within the threshold that takes that share of the strangers for
 * somebody (detection and identification rate: Phillips, Grother, Micheals,
 * Handbook of Face Recognition, 2nd edition, chapter 21). A probe that shows no
 * face is not found; a stranger that shows none is left out.
 */
#include "identification.h"
#include "common/console.h"
#include "figures.h"
#include "common/gallery.h"
#include "base/facenet-json-writer.h"
#include "common/person.h"
#include "portraits.h"

#include <math.h>
#include <string.h>

/* A probe's person in the gallery, -1 for a stranger. */
typedef struct
{
  guint image;
  gint identity;
} Probe;

/* A run and what it comes to. */
typedef struct
{
  const ToolIdentification *wanted;
  GPtrArray *people;            /* of ToolPerson */
  GPtrArray *locations;         /* of all images, borrowed from the people */
  ToolPortraits *portraits;
  FacenetGallery *gallery;
  GArray *probes;               /* of Probe */
  GArray *outcomes;             /* of FacenetPair: mated are "same" */
  guint n_mated, n_first;       /* probes of people enrolled; rank 1 */
} IdentificationRun;

static void
run_clear (IdentificationRun * self)
{
  g_clear_pointer (&self->portraits, tool_portraits_free);
  g_clear_pointer (&self->locations, g_ptr_array_unref);
  g_clear_pointer (&self->people, g_ptr_array_unref);
  g_clear_pointer (&self->gallery, facenet_gallery_unref);
  g_clear_pointer (&self->probes, g_array_unref);
  g_clear_pointer (&self->outcomes, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IdentificationRun, run_clear);

static void
list_images (IdentificationRun * self)
{
  self->locations = g_ptr_array_new ();
  for (guint i = 0; i < self->people->len; i++) {
    const ToolPerson *person = g_ptr_array_index (self->people, i);

    for (guint k = 0; k < person->images->len; k++)
      g_ptr_array_add (self->locations, g_ptr_array_index (person->images, k));
  }
}

static void
add_probe (IdentificationRun * self, guint image, gint identity)
{
  Probe probe = { image, identity };

  g_array_append_val (self->probes, probe);
}

/* Enrols the first of a person's images and makes probes of the others; first:
 * index of its images. */
static gboolean
enrol_person (IdentificationRun * self, const ToolPerson * person, guint first,
    GError ** error)
{
  guint n_dims = facenet_model_get_dims (tool_portraits_get_model
      (self->portraits));
  gint identity = -1;
  guint n_enrolled = 0;
  g_autofree gchar *id = g_strdup_printf ("%u", first);

  for (guint i = first; i < first + person->images->len; i++) {
    FacenetEnrolment enrolment = {
      tool_portraits_get (self->portraits, i), n_dims, NULL, (gdouble) NAN
    };

    if (person->images->len <= self->wanted->n_enrolled) {
      add_probe (self, i, -1);
    } else if (enrolment.embedding && n_enrolled < self->wanted->n_enrolled) {
      if (!facenet_gallery_add (self->gallery, id, person->name, &enrolment,
              error))
        return FALSE;
      n_enrolled++;
      identity = facenet_gallery_find (self->gallery, id);
    } else {
      /* Of somebody who is still to be enrolled: nobody can find them. */
      add_probe (self, i, identity >= 0 ? identity : G_MAXINT);
    }
  }
  return TRUE;
}

static gboolean
enrol_people (IdentificationRun * self, GError ** error)
{
  guint first = 0;

  self->gallery = tool_gallery_new (tool_portraits_get_model (self->portraits));
  self->probes = g_array_new (FALSE, FALSE, sizeof (Probe));
  for (guint i = 0; i < self->people->len; i++) {
    const ToolPerson *person = g_ptr_array_index (self->people, i);

    if (!enrol_person (self, person, first, error))
      return FALSE;
    first += person->images->len;
  }
  return TRUE;
}

/* The nearest identity of each probe makes its outcome. */
static void
search (IdentificationRun * self)
{
  FacenetMatchPolicy policy = {.top_k = 1 };

  self->outcomes = g_array_new (FALSE, FALSE, sizeof (FacenetPair));
  for (guint i = 0; i < self->probes->len; i++) {
    const Probe *probe = &g_array_index (self->probes, Probe, i);
    const gfloat *embedding = tool_portraits_get (self->portraits,
        probe->image);
    FacenetPair outcome = { (gdouble) NAN, probe->identity >= 0, 0 };
    FacenetCandidate best;
    FacenetVerdict verdict = { 0 };

    if (embedding)
      facenet_gallery_match (self->gallery, &policy, embedding, 1,
          &verdict, &best);
    if (verdict.n_candidates > 0) {
      gboolean right = (gint) best.identity == probe->identity;

      outcome.distance = !outcome.same || right ? best.distance
          : (gdouble) INFINITY;
      self->n_first += right;
    }
    self->n_mated += outcome.same;
    g_array_append_val (self->outcomes, outcome);
  }
}

static void
print_json (const IdentificationRun * self, const ToolFigures * figures,
    gdouble rank_1)
{
  g_autoptr (GString) json = g_string_new (NULL);

  facenet_json_open_object (json, NULL);
  facenet_json_add_uint (json, "people", self->people->len);
  facenet_json_add_uint (json, "images", self->locations->len);
  facenet_json_add_uint (json, "identities",
      facenet_gallery_get_n_identities (self->gallery));
  facenet_json_add_uint (json, "embeddings",
      facenet_gallery_get_n_embeddings (self->gallery));
  facenet_json_add_uint (json, "probes", self->n_mated);
  facenet_json_add_uint (json, "strangers", self->probes->len - self->n_mated);
  facenet_json_add_uint (json, "failed",
      tool_portraits_count_failed (self->portraits));
  facenet_json_add_double (json, "rank_1", rank_1);
  tool_rates_add_json (figures->tar, "dir_at_far", json);
  tool_rates_add_json (figures->tar_threshold, "threshold_at_far", json);
  tool_portraits_report (self->portraits, json);
  facenet_json_close_object (json);
  tool_print_line (json->str);
}

static void
print_text (const IdentificationRun * self, const ToolFigures * figures,
    gdouble rank_1)
{
  guint n_strangers = self->probes->len - self->n_mated;

  tool_portraits_report (self->portraits, NULL);
  g_print ("%s: %u people enrolled with %u images, %u probes of them, %u of "
      "strangers, %u images failed\n", self->wanted->images,
      facenet_gallery_get_n_identities (self->gallery),
      facenet_gallery_get_n_embeddings (self->gallery), self->n_mated,
      n_strangers, tool_portraits_count_failed (self->portraits));
  g_print ("  %-16s %.4f\n", "rank 1", rank_1);
  for (guint i = 0; i < TOOL_N_RATES && !isnan (figures->tar[i]); i++) {
    g_autofree gchar *name =
        g_strdup_printf ("DIR at FAR %g %%", tool_rates[i] * 100);

    g_print ("  %-16s %.4f (at %.3f)\n", name, figures->tar[i],
        figures->tar_threshold[i]);
  }
  if (n_strangers == 0)
    tool_message ("no strangers (people with at most %u images): no DIR at a "
        "FAR", self->wanted->n_enrolled);
  else if (n_strangers * tool_rates[TOOL_N_RATES - 1] < 1)
    tool_message ("%u probes of strangers are too few to tell a FAR below "
        "%.2g %%", n_strangers, 100.0 / n_strangers);
}

static gboolean
report (IdentificationRun * self, const ToolOptions * options, GError ** error)
{
  static const gchar *const names[2] = {
    "enrolled, the right person nearest", "strangers, the nearest person"
  };
  g_autoptr (FacenetVerification) verification =
      facenet_verification_new ((const FacenetPair *) (gpointer)
      self->outcomes->data, self->outcomes->len);
  gdouble rank_1 = (gdouble) self->n_first / self->n_mated;
  ToolFigures figures;

  tool_figures_compute (&figures, verification, 0);
  if (options->json)
    print_json (self, &figures, rank_1);
  else
    print_text (self, &figures, rank_1);
  return tool_figures_save_roc (verification,
      "Detection and identification rate over false alarm rate",
      self->wanted->plot, error)
      && tool_figures_save_histogram (self->outcomes, names,
      figures.tar_threshold[0], self->wanted->histogram, error);
}

gboolean
tool_identification_run (const ToolIdentification * self,
    const ToolOptions * options, GError ** error)
{
  g_auto (IdentificationRun) run = { 0 };
  g_autoptr (GPtrArray) strays = g_ptr_array_new_with_free_func (g_free);

  run.wanted = self;
  run.people = tool_person_list (self->images, strays, error);
  if (run.people == NULL)
    return FALSE;
  list_images (&run);
  run.portraits = tool_portraits_read (options, run.locations, error);
  if (run.portraits == NULL || !enrol_people (&run, error))
    return FALSE;
  search (&run);
  if (run.n_mated == 0 || facenet_gallery_get_n_identities (run.gallery) == 0) {
    tool_portraits_report (run.portraits, NULL);
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%s: nobody has more than %u images with a face: nobody to search for",
        self->images, self->n_enrolled);
    return FALSE;
  }
  return report (&run, options, error);
}
