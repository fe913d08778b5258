/* facenet-match.c - who a face is, and whether that may be said
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * facenet-nearest.c finds the nearest identities, always in squared L2; here
 * they are turned into the policy's metric and judged. All rules of a decision
 * are here.
 */
#include <facenet/facenet-match.h>

#include <math.h>
#include <string.h>

#include "gallery/facenet-nearest-private.h"

/* How many threads a search may take; 0 = one per core. */
static gint max_threads = 0;

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

/**
 * facenet_gallery_find_threshold:
 * @self: a gallery
 * @policy: (nullable): the rules, %NULL for none
 *
 * The threshold of a person without one of their own: the policy's, else the
 * gallery's, else %FACENET_GALLERY_THRESHOLD.
 *
 * Returns: the threshold in the policy's metric, in squared L2 without a policy
 *
 * Since: 0.1
 */
gdouble
facenet_gallery_find_threshold (const FacenetGallery * self,
    const FacenetMatchPolicy * policy)
{
  gdouble squared = FACENET_GALLERY_THRESHOLD;

  if (policy != NULL && policy->threshold > 0)
    return policy->threshold;
  if (self->threshold > 0)
    squared = self->threshold;
  return facenet_metric_from_squared_l2 (policy != NULL ? policy->metric
      : FACENET_METRIC_SQUARED_L2, squared);
}

/* The same, where a person may have one of their own. */
static gdouble
apply_threshold (const FacenetGallery * gallery,
    const FacenetMatchPolicy * policy, const FacenetPerson * best)
{
  if (best != NULL && best->view.threshold > 0)
    return facenet_metric_from_squared_l2 (policy->metric,
        best->view.threshold);
  return facenet_gallery_find_threshold (gallery, policy);
}

static void
judge_claim (FacenetVerdict * verdict)
{
  if (verdict->distance <= verdict->threshold) {
    verdict->event = FACENET_EVENT_MATCH;
  } else {
    verdict->event = FACENET_EVENT_REJECT;
    verdict->reason = "claim-failed";
  }
}

static void
judge_nearest (FacenetVerdict * verdict, const FacenetMatchPolicy * policy)
{
  gdouble unknown = MAX (policy->unknown_threshold, verdict->threshold);

  if (!(verdict->distance <= unknown)) {
    verdict->event = FACENET_EVENT_UNKNOWN;
  } else if (verdict->distance > verdict->threshold) {
    verdict->event = FACENET_EVENT_UNCERTAIN;
    verdict->reason = "beyond-threshold";
  } else if (verdict->margin < policy->margin) {
    verdict->event = FACENET_EVENT_UNCERTAIN;
    verdict->reason = "ambiguous";
  } else {
    verdict->event = FACENET_EVENT_MATCH;
  }
}

/* What the gallery says of the person the face was taken for. */
static void
judge_person (FacenetVerdict * verdict, const FacenetGallery * gallery,
    const FacenetPerson * person, const FacenetMatchPolicy * policy)
{
  FacenetRule rule;

  if (!person->has_rule)
    return;
  facenet_gallery_get_rule (gallery, (guint) verdict->identity, &rule);
  verdict->decoy = rule.decoy;
  if (rule.decoy) {
    verdict->margin = (gdouble) NAN;
    if (verdict->event == FACENET_EVENT_MATCH
        || verdict->event == FACENET_EVENT_UNCERTAIN) {
      verdict->event = FACENET_EVENT_REJECT;
      verdict->reason = FACENET_REASON_DECOY;
    }
  } else if (verdict->event == FACENET_EVENT_MATCH
      && !facenet_rule_is_valid (&rule, policy->now != 0 ? policy->now
          : g_get_real_time ())) {
    verdict->event = FACENET_EVENT_REJECT;
    verdict->reason = FACENET_REASON_EXPIRED;
    verdict->expired = TRUE;
  }
  if (verdict->event != FACENET_EVENT_UNKNOWN) {
    verdict->action = rule.action;
    verdict->reportable = rule.action != FACENET_ACTION_IGNORE;
  }
}

/* The nearest people in the policy's metric, decoys left out; in: [n]. Returns
 * how many. */
static guint
list_candidates (const FacenetGallery * gallery,
    const FacenetMatchPolicy * policy, const FacenetNeighbour * found, guint n,
    FacenetCandidate * list)
{
  guint n_listed = 0;

  for (guint i = 0; i < MIN (n, policy->top_k); i++) {
    const FacenetPerson *person = facenet_gallery_person (gallery,
        found[i].identity);
    FacenetRule rule;

    if (person->has_rule) {
      facenet_gallery_get_rule (gallery, found[i].identity, &rule);
      if (rule.decoy)
        continue;
    }
    list[n_listed].identity = found[i].identity;
    list[n_listed].id = person->view.id;
    list[n_listed].name = person->view.name;
    list[n_listed].distance = facenet_metric_from_squared_l2 (policy->metric,
        (gdouble) found[i].distance);
    n_listed++;
  }
  return n_listed;
}

/* An unknown face. */
static void
verdict_init (FacenetVerdict * verdict)
{
  memset (verdict, 0, sizeof *verdict);
  verdict->event = FACENET_EVENT_UNKNOWN;
  verdict->identity = -1;
  verdict->distance = verdict->threshold = verdict->margin = (gdouble) NAN;
  verdict->action = FACENET_ACTION_ALERT;
  verdict->reportable = TRUE;
}

/* Turns what was found, nearest first, into the policy's metric and decides.
 * in: [n], of which as many as the policy asks for become candidates. */
static void
judge (const FacenetGallery * gallery, const FacenetMatchPolicy * policy,
    const FacenetNeighbour * found, guint n, FacenetVerdict * verdict,
    FacenetCandidate * list)
{
  const FacenetPerson *best = NULL;

  verdict_init (verdict);
  if (n > 0) {
    best = facenet_gallery_person (gallery, found[0].identity);
    verdict->identity = (gint) found[0].identity;
    verdict->distance = facenet_metric_from_squared_l2 (policy->metric,
        (gdouble) found[0].distance);
  }
  if (n > 1)
    verdict->margin = facenet_metric_from_squared_l2 (policy->metric,
        (gdouble) found[1].distance) - verdict->distance;
  verdict->threshold = apply_threshold (gallery, policy, best);
  if (policy->claimed_id != NULL)
    judge_claim (verdict);
  else
    judge_nearest (verdict, policy);
  if (best != NULL)
    judge_person (verdict, gallery, best, policy);
  verdict->n_candidates = list_candidates (gallery, policy, found, n, list);
  if (verdict->decoy) {
    verdict->distance = (gdouble) NAN;
    if (verdict->event == FACENET_EVENT_UNKNOWN && verdict->n_candidates > 0)
      verdict->distance = list[0].distance;
  } else if (best != NULL && verdict->event != FACENET_EVENT_UNKNOWN) {
    verdict->id = best->view.id;
    verdict->name = best->view.name;
  }
}

/* Compares probes [n, n_dims] with the claimed identity only. */
static void
verify (const FacenetGallery * gallery, const FacenetMatchPolicy * policy,
    const gfloat * probes, guint n, FacenetVerdict * verdicts,
    FacenetCandidate * candidates)
{
  gint claimed = facenet_gallery_find (gallery, policy->claimed_id);

  for (guint i = 0; i < n; i++) {
    FacenetNeighbour found;
    gboolean any = claimed >= 0 && measure_person (gallery, (guint) claimed,
        probes + (gsize) i * gallery->model.n_dims, &found);

    judge (gallery, policy, &found, any ? 1 : 0, &verdicts[i],
        candidates + (gsize) i * policy->top_k);
  }
}

/* Compares probes [n, n_dims] with all people. The second nearest is looked for
 * even when no second candidate is asked for: it makes the margin. */
static void
identify (const FacenetGallery * gallery, const FacenetMatchPolicy * policy,
    const gfloat * probes, guint n, FacenetVerdict * verdicts,
    FacenetCandidate * candidates)
{
  guint k = MIN (MAX (policy->top_k, 2),
      MAX (facenet_gallery_get_n_identities (gallery), 2));
  g_autofree FacenetNeighbour *found = g_new (FacenetNeighbour, (gsize) n * k);
  g_autofree guint *n_found = g_new (guint, n);
  FacenetQuery query = { gallery, probes, n, k, NULL,
    (guint) g_atomic_int_get (&max_threads)
  };

  facenet_gallery_find_nearest (&query, found, n_found);
  for (guint i = 0; i < n; i++)
    judge (gallery, policy, found + (gsize) i * k, n_found[i], &verdicts[i],
        candidates + (gsize) i * policy->top_k);
}

/**
 * facenet_gallery_describe:
 * @self: (nullable): a gallery, %NULL for one without people
 * @id: (nullable): id of a person
 * @verdict: (out caller-allocates): an unknown face's if the gallery has no
 *   such id; else a verdict about that person, with neither distances nor
 *   candidates, whose event is still to be set
 *
 * Tells what may be said of a person who was recognised earlier, such as that
 * they left.
 *
 * Since: 0.1
 */
void
facenet_gallery_describe (const FacenetGallery * self, const gchar * id,
    FacenetVerdict * verdict)
{
  FacenetRule rule;

  verdict_init (verdict);
  if (self == NULL || id == NULL)
    return;
  verdict->identity = facenet_gallery_find (self, id);
  if (verdict->identity < 0)
    return;
  facenet_gallery_get_rule (self, (guint) verdict->identity, &rule);
  verdict->decoy = rule.decoy;
  verdict->action = rule.action;
  verdict->reportable = rule.action != FACENET_ACTION_IGNORE;
  if (!rule.decoy) {
    const FacenetPerson *person =
        facenet_gallery_person (self, (guint) verdict->identity);

    verdict->id = person->view.id;
    verdict->name = person->view.name;
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
 * @verdicts: (out caller-allocates) (array length=n_embeddings): the decisions
 * @candidates: (out caller-allocates) (array): [@n_embeddings, top_k]; of each
 *   row the first n_candidates are filled, nearest first
 *
 * Decides who each of some faces is, and whether that may be said.
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
 * A match of a person whose "valid-until" has passed is a reject ("expired").
 * A face that is nearest to a decoy and not unknown is a reject ("decoy");
 * decoys are compared like people, so that the margin holds against them, but
 * no verdict names one and none is a candidate. A person whose "action" is
 * ignore is recognised like any other, but the verdict is not reportable.
 *
 * A probe with a NaN in it is unknown. All probes together take one pass over
 * the gallery. The decisions do not depend on the processor, on how many
 * probes there are or on threads. Any number of threads may search one gallery
 * that is not changed meanwhile.
 *
 * Since: 0.1
 */
void
facenet_gallery_match (const FacenetGallery * self,
    const FacenetMatchPolicy * policy, const gfloat * embeddings,
    guint n_embeddings, FacenetVerdict * verdicts,
    FacenetCandidate * candidates)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (policy != NULL && policy->top_k > 0);

  if (policy->claimed_id != NULL)
    verify (self, policy, embeddings, n_embeddings, verdicts, candidates);
  else
    identify (self, policy, embeddings, n_embeddings, verdicts, candidates);
}
