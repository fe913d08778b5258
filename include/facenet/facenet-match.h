/* facenet-match.h - who a face is, and why or why not
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The distance to an identity is the distance to its nearest embedding. The
 * nearest identity decides: within its threshold and nearer than the next
 * identity by the margin it is a match.
 */
#pragma once

#include <facenet/facenet-gallery.h>
#include <facenet/facenet-metric.h>

G_BEGIN_DECLS

/**
 * FacenetEvent:
 * @FACENET_EVENT_MATCH: accepted
 * @FACENET_EVENT_UNKNOWN: beyond the unknown threshold of everybody
 * @FACENET_EVENT_UNCERTAIN: between the thresholds, or too little margin
 * @FACENET_EVENT_LOST: a confirmed track ended
 * @FACENET_EVENT_REJECT: not eligible
 *
 * What became of a face. facenet_gallery_match() gives match, unknown,
 * uncertain and, when verifying, reject.
 */
typedef enum {
  FACENET_EVENT_MATCH,
  FACENET_EVENT_UNKNOWN,
  FACENET_EVENT_UNCERTAIN,
  FACENET_EVENT_LOST,
  FACENET_EVENT_REJECT
} FacenetEvent;

/**
 * FacenetMatchPolicy:
 * @metric: the scale of everything below and of all results
 * @threshold: up to here a face is accepted; 0 = the gallery's default. A
 *   person's own threshold goes before it
 * @unknown_threshold: beyond here a face is unknown; 0 or less than the
 *   threshold = the threshold
 * @margin: the next identity must be this much farther away, >= 0
 * @claimed_id: (nullable): verify that the face is this identity (1:1);
 *   %NULL to identify it (1:N)
 * @top_k: candidates to give per face, at least 1
 *
 * The rules of a decision.
 */
typedef struct {
  FacenetMetric metric;
  gdouble threshold;
  gdouble unknown_threshold;
  gdouble margin;
  const gchar *claimed_id;
  guint top_k;
} FacenetMatchPolicy;

/**
 * FacenetCandidate:
 * @identity: index of the identity in the gallery
 * @id: its id, owned by the gallery
 * @name: its name, owned by the gallery
 * @distance: to its nearest embedding, in the policy's metric
 *
 * One of the nearest identities.
 */
typedef struct {
  guint identity;
  const gchar *id;
  const gchar *name;
  gdouble distance;
} FacenetCandidate;

/**
 * FacenetMatch:
 * @event: what became of the face
 * @reason: (nullable): why it is no match: "beyond-threshold", "ambiguous",
 *   "claim-failed"; %NULL for match and unknown
 * @n_candidates: how many candidates were found, at most top_k; 0 in a
 *   gallery without embeddings, or when the claimed identity has none
 * @threshold: the threshold that was applied
 * @margin: distance to the next identity less that to the best, NaN with
 *   fewer than two identities and when verifying
 *
 * The decision about one face; the best identity is its first candidate.
 */
typedef struct {
  FacenetEvent event;
  const gchar *reason;
  guint n_candidates;
  gdouble threshold;
  gdouble margin;
} FacenetMatch;

FACENET_API const gchar *facenet_event_get_nick (FacenetEvent event);
FACENET_API void facenet_gallery_match (const FacenetGallery * self,
    const FacenetMatchPolicy * policy, const gfloat * embeddings,
    guint n_embeddings, FacenetMatch * matches,
    FacenetCandidate * candidates);
FACENET_API void facenet_match_set_max_threads (guint n);
FACENET_API const gchar *facenet_match_get_kernels (void);

G_END_DECLS
