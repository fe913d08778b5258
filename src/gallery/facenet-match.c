/* facenet-match.c - who a face is, and why or why not
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Exact search: the rows of a gallery lie in one block, grouped by identity,
 * and are gone through once for all probes. While that goes on, the lists
 * that the caller gave hold squared L2 distances: the candidates found so far,
 * nearest first, and in a match's margin the second smallest distance. At the
 * end they are turned into the policy's metric and judged. Nothing is
 * allocated.
 */
#include <facenet/facenet-match.h>

#include <math.h>

#include "gallery/facenet-gallery-private.h"

/* One call of facenet_gallery_match(): what is searched, for what, and where
 * the results go. */
typedef struct
{
  const FacenetGallery *gallery;
  const FacenetMatchPolicy *policy;
  const gfloat *probes;         /* [n, n_dims] */
  guint n;
  FacenetMatch *matches;        /* [n] */
  FacenetCandidate *candidates; /* [n, top_k] */
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

/* Squared L2 distance of a probe to the nearest of an identity's embeddings;
 * infinite when it has none. A NaN is nearer than nothing. */
static gdouble
person_distance (const FacenetGallery * gallery, const FacenetPerson * person,
    const gfloat * probe)
{
  guint n_dims = gallery->model.n_dims;
  const gfloat *row = facenet_gallery_row (gallery, person->first);
  gdouble best = (gdouble) INFINITY;
  guint i;

  for (i = 0; i < person->view.n_embeddings; i++, row += n_dims) {
    gdouble distance = facenet_squared_l2 (probe, row, n_dims);

    if (distance < best)
      best = distance;
  }
  return best;
}

/* Puts a candidate into its place in a probe's list, nearest first; of two at
 * the same distance the earlier in the gallery stays first. */
static void
keep_candidate (FacenetMatch * match, FacenetCandidate * list, guint top_k,
    const FacenetCandidate * candidate)
{
  guint at = match->n_candidates;

  if (at > 0 && candidate->distance < list[0].distance)
    match->margin = list[0].distance;
  else if (at > 0 && candidate->distance < match->margin)
    match->margin = candidate->distance;

  if (at < top_k)
    match->n_candidates++;
  else if (candidate->distance < list[top_k - 1].distance)
    at = top_k - 1;
  else
    return;
  for (; at > 0 && candidate->distance < list[at - 1].distance; at--) {
    list[at] = list[at - 1];
  }
  list[at] = *candidate;
}

/* Compares one identity with every probe. */
static void
search_person (const FacenetSearch * self, guint index)
{
  const FacenetPerson *person = facenet_gallery_person (self->gallery, index);
  guint n_dims = self->gallery->model.n_dims;
  guint top_k = self->policy->top_k;
  FacenetCandidate candidate;
  guint i;

  candidate.identity = index;
  candidate.id = person->view.id;
  candidate.name = person->view.name;
  for (i = 0; i < self->n; i++) {
    const gfloat *probe = self->probes + (gsize) i * n_dims;

    candidate.distance = person_distance (self->gallery, person, probe);
    if (isfinite (candidate.distance)) {
      keep_candidate (&self->matches[i], self->candidates + (gsize) i * top_k,
          top_k, &candidate);
    }
  }
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

/* Turns what the search left into the policy's metric and decides. */
static void
finish_match (const FacenetSearch * self, FacenetMatch * match,
    FacenetCandidate * list)
{
  const FacenetMatchPolicy *policy = self->policy;
  const FacenetCandidate *best = match->n_candidates > 0 ? list : NULL;
  const FacenetIdentity *identity = NULL;
  guint i;

  for (i = 0; i < match->n_candidates; i++) {
    list[i].distance =
        facenet_metric_from_squared_l2 (policy->metric, list[i].distance);
  }
  if (isfinite (match->margin)) {
    match->margin =
        facenet_metric_from_squared_l2 (policy->metric, match->margin) -
        list[0].distance;
  } else {
    match->margin = (gdouble) NAN;
  }
  if (best != NULL)
    identity = &facenet_gallery_person (self->gallery, best->identity)->view;
  match->threshold = find_threshold (self, identity);
  if (policy->claimed_id != NULL)
    judge_claim (match, best);
  else
    judge_nearest (match, best, policy);
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
 * A probe with a NaN in it is nobody's. Any number of threads may search one
 * gallery that is not changed meanwhile; nothing is allocated.
 *
 * Since: 0.1
 */
void
facenet_gallery_match (const FacenetGallery * self,
    const FacenetMatchPolicy * policy, const gfloat * embeddings,
    guint n_embeddings, FacenetMatch * matches, FacenetCandidate * candidates)
{
  FacenetSearch search = { self, policy, embeddings, n_embeddings, matches,
    candidates
  };
  guint i;

  g_return_if_fail (self != NULL);
  g_return_if_fail (policy != NULL && policy->top_k > 0);

  for (i = 0; i < n_embeddings; i++) {
    matches[i].reason = NULL;
    matches[i].n_candidates = 0;
    matches[i].margin = (gdouble) INFINITY;
  }
  if (policy->claimed_id != NULL) {
    gint claimed = facenet_gallery_find (self, policy->claimed_id);

    if (claimed >= 0)
      search_person (&search, (guint) claimed);
  } else {
    for (i = 0; i < self->people->len; i++) {
      search_person (&search, i);
    }
  }
  for (i = 0; i < n_embeddings; i++) {
    finish_match (&search, &matches[i], candidates + (gsize) i * policy->top_k);
  }
}
