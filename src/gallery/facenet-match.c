/* facenet-match.c - who a face is, and why or why not
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * facenet-nearest.c finds the nearest identities, always in squared L2; here
 * they are turned into the policy's metric and judged.
 */
#include <facenet/facenet-match.h>

#include <math.h>

#include "gallery/facenet-nearest-private.h"

/* How many threads a search may take; 0 = one per core. */
static gint max_threads = 0;

/* One call of facenet_gallery_match(): what is searched and for what. */
typedef struct
{
  const FacenetGallery *gallery;
  const FacenetMatchPolicy *policy;
} FacenetSearch;

/**
 * facenet_event_get_nick:
 * @event: an event
 *
 * The name of an event in messages and files.
 *
 * Returns: "match", "unknown", "uncertain", "lost" or "reject"
 *
 * Since: 0.1
 */
const gchar *
facenet_event_get_nick (FacenetEvent event)
{
  switch (event) {
    case FACENET_EVENT_MATCH:
      return "match";
    case FACENET_EVENT_UNCERTAIN:
      return "uncertain";
    case FACENET_EVENT_LOST:
      return "lost";
    case FACENET_EVENT_REJECT:
      return "reject";
    case FACENET_EVENT_UNKNOWN:
    default:
      return "unknown";
  }
}

/* The nearest embedding of one person; FALSE when they have none, or none at a
 * finite distance. */
static gboolean
measure_person (const FacenetGallery * gallery, guint index,
    const gfloat * probe, FacenetNeighbour * neighbour)
{
  const FacenetPerson *person = facenet_gallery_person (gallery, index);
  guint n_dims = gallery->model.n_dims, i;

  neighbour->identity = index;
  neighbour->distance = INFINITY;
  for (i = 0; i < person->view.n_embeddings; i++) {
    gfloat distance = (gfloat) facenet_squared_l2 (probe,
        facenet_gallery_row (gallery, person->first + i), n_dims);

    if (distance < neighbour->distance)
      neighbour->distance = distance;
  }
  return isfinite (neighbour->distance);
}

/* The threshold for the best identity, in the policy's metric: its own, the
 * policy's, the gallery's, the built-in one. */
static gdouble
find_threshold (const FacenetSearch * self, const FacenetIdentity * best)
{
  const FacenetMatchPolicy *policy = self->policy;
  gdouble squared = FACENET_GALLERY_THRESHOLD;

  if (best != NULL && best->threshold > 0)
    squared = best->threshold;
  else if (policy->threshold > 0)
    return policy->threshold;
  else if (self->gallery->threshold > 0)
    squared = self->gallery->threshold;
  return facenet_metric_from_squared_l2 (policy->metric, squared);
}

static void
judge_claim (FacenetMatch * match, const FacenetCandidate * best)
{
  if (best != NULL && best->distance <= match->threshold) {
    match->event = FACENET_EVENT_MATCH;
  } else {
    match->event = FACENET_EVENT_REJECT;
    match->reason = "claim-failed";
  }
}

static void
judge_nearest (FacenetMatch * match, const FacenetCandidate * best,
    const FacenetMatchPolicy * policy)
{
  gdouble unknown = MAX (policy->unknown_threshold, match->threshold);

  if (best == NULL || best->distance > unknown) {
    match->event = FACENET_EVENT_UNKNOWN;
  } else if (best->distance > match->threshold) {
    match->event = FACENET_EVENT_UNCERTAIN;
    match->reason = "beyond-threshold";
  } else if (match->margin < policy->margin) {
    match->event = FACENET_EVENT_UNCERTAIN;
    match->reason = "ambiguous";
  } else {
    match->event = FACENET_EVENT_MATCH;
  }
}

/* Turns what was found, nearest first, into the policy's metric and decides.
 * in: [n], of which as many as the policy wants become candidates. */
static void
finish_match (const FacenetSearch * self, const FacenetNeighbour * found,
    guint n, FacenetMatch * match, FacenetCandidate * list)
{
  const FacenetMatchPolicy *policy = self->policy;
  const FacenetCandidate *best = n > 0 ? list : NULL;
  const FacenetIdentity *identity = NULL;
  guint i;

  match->reason = NULL;
  match->n_candidates = MIN (n, policy->top_k);
  for (i = 0; i < match->n_candidates; i++) {
    const FacenetPerson *person = facenet_gallery_person (self->gallery,
        found[i].identity);

    list[i].identity = found[i].identity;
    list[i].id = person->view.id;
    list[i].name = person->view.name;
    list[i].distance = facenet_metric_from_squared_l2 (policy->metric,
        (gdouble) found[i].distance);
  }
  match->margin = (gdouble) NAN;
  if (n > 1)
    match->margin = facenet_metric_from_squared_l2 (policy->metric,
        (gdouble) found[1].distance) - list[0].distance;
  if (best != NULL)
    identity = &facenet_gallery_person (self->gallery, best->identity)->view;
  match->threshold = find_threshold (self, identity);
  if (policy->claimed_id != NULL)
    judge_claim (match, best);
  else
    judge_nearest (match, best, policy);
}

/* Compares probes [n, n_dims] with the claimed identity only. */
static void
verify (const FacenetSearch * self, const gfloat * probes, guint n,
    FacenetMatch * matches, FacenetCandidate * candidates)
{
  gint claimed = facenet_gallery_find (self->gallery, self->policy->claimed_id);
  guint i;

  for (i = 0; i < n; i++) {
    FacenetNeighbour found;
    gboolean any = claimed >= 0 && measure_person (self->gallery,
        (guint) claimed, probes + (gsize) i * self->gallery->model.n_dims,
        &found);

    finish_match (self, &found, any ? 1 : 0, &matches[i],
        candidates + (gsize) i * self->policy->top_k);
  }
}

/* Compares probes [n, n_dims] with everybody. The second nearest is looked for
 * even when nobody asks for it: it makes the margin. */
static void
identify (const FacenetSearch * self, const gfloat * probes, guint n,
    FacenetMatch * matches, FacenetCandidate * candidates)
{
  guint k = MIN (MAX (self->policy->top_k, 2),
      MAX (facenet_gallery_get_n_identities (self->gallery), 2));
  g_autofree FacenetNeighbour *found = g_new (FacenetNeighbour, (gsize) n * k);
  g_autofree guint *n_found = g_new (guint, n);
  FacenetQuery query = { self->gallery, probes, n, k, NULL,
    (guint) g_atomic_int_get (&max_threads)
  };
  guint i;

  facenet_gallery_find_nearest (&query, found, n_found);
  for (i = 0; i < n; i++) {
    finish_match (self, found + (gsize) i * k, n_found[i], &matches[i],
        candidates + (gsize) i * self->policy->top_k);
  }
}

/**
 * facenet_match_set_max_threads:
 * @n: threads, 0 for one per core
 *
 * Limits how many threads facenet_gallery_match() uses for one search, in the
 * whole process. Only a gallery of many thousand embeddings is worth more than
 * the caller's own. What is found does not depend on it.
 *
 * Since: 0.1
 */
void
facenet_match_set_max_threads (guint n)
{
  g_atomic_int_set (&max_threads, (gint) MIN (n, (guint) G_MAXINT));
}

/**
 * facenet_match_get_kernels:
 *
 * Which loops the search runs on this processor.
 *
 * Returns: "avx512", "avx2" or "c"
 *
 * Since: 0.1
 */
const gchar *
facenet_match_get_kernels (void)
{
  return facenet_search_get_loops ()->name;
}

/**
 * facenet_gallery_match:
 * @self: a gallery
 * @policy: the rules
 * @embeddings: (array): probes, [@n_embeddings, n_dims] unit vectors of the
 *   gallery's model, see facenet_gallery_check_model(); not read when the
 *   gallery has no embeddings
 * @n_embeddings: how many probes
 * @matches: (out caller-allocates) (array length=n_embeddings): the decisions
 * @candidates: (out caller-allocates) (array): [@n_embeddings, top_k]; of each
 *   row the first n_candidates are filled, nearest first
 *
 * Decides who each of some faces is.
 *
 * Identifying, the nearest identity decides: beyond the unknown threshold the
 * face is unknown, beyond the threshold it is uncertain ("beyond-threshold"),
 * within it but with the next identity less than the policy's margin farther
 * away it is uncertain ("ambiguous"), else it is a match. The threshold is the
 * nearest identity's own, else the policy's, else the gallery's, else
 * %FACENET_GALLERY_THRESHOLD. A distance equal to a threshold is within it, a
 * margin equal to the policy's is enough, and of two identities at the same
 * distance the earlier in the gallery is the nearer.
 *
 * Verifying, only the claimed identity is compared: within its threshold it is
 * a match, else, or when the gallery does not have it, a reject
 * ("claim-failed").
 *
 * A probe with a NaN in it is nobody's. All probes together take one pass over
 * the gallery. The decisions do not depend on the processor, on how many
 * probes there are or on threads. Any number of threads may search one gallery
 * that is not changed meanwhile.
 *
 * Since: 0.1
 */
void
facenet_gallery_match (const FacenetGallery * self,
    const FacenetMatchPolicy * policy, const gfloat * embeddings,
    guint n_embeddings, FacenetMatch * matches, FacenetCandidate * candidates)
{
  FacenetSearch search = { self, policy };

  g_return_if_fail (self != NULL);
  g_return_if_fail (policy != NULL && policy->top_k > 0);

  if (policy->claimed_id != NULL)
    verify (&search, embeddings, n_embeddings, matches, candidates);
  else
    identify (&search, embeddings, n_embeddings, matches, candidates);
}
