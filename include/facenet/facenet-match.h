/* facenet-match.h - who a face is, and whether that may be said
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The distance to an identity is the distance to its nearest embedding. The
 * nearest identity decides. facenet_gallery_match() applies every rule there
 * is: the threshold of the gallery or the person, the margin, a claimed
 * identity, and what the gallery says of the person ("decoy", "valid-until",
 * "action"). Nothing else in this project decides who a face is.
 */
#pragma once

#include <facenet/facenet-gallery.h>
#include <facenet/facenet-metric.h>
#include <facenet/facenet-rule.h>

G_BEGIN_DECLS

/**
 * FacenetEvent:
 * @FACENET_EVENT_MATCH: accepted
 * @FACENET_EVENT_UNKNOWN: beyond the unknown threshold of every person
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
 * FACENET_REASON_EXPIRED:
 *
 * Reason of a reject: the person is recognised, but "valid-until" has passed.
 */
#define FACENET_REASON_EXPIRED "expired"

/**
 * FACENET_REASON_DECOY:
 *
 * Reason of a reject: the nearest identity is a decoy.
 */
#define FACENET_REASON_DECOY "decoy"

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
 * @now: the time by which "valid-until" is judged, in microseconds since 1970
 *   UTC; 0 = the present time
 *
 * The question to ask of a gallery; all zero but @top_k asks who a face is by
 * the gallery's own rules.
 */
typedef struct {
  FacenetMetric metric;
  gdouble threshold;
  gdouble unknown_threshold;
  gdouble margin;
  const gchar *claimed_id;
  guint top_k;
  gint64 now;
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
 * FacenetVerdict:
 * @event: what became of the face
 * @reason: (nullable): why it is no match: "beyond-threshold", "ambiguous",
 *   "claim-failed", "expired", "decoy"; %NULL for match and unknown. A static
 *   string
 * @identity: index of the nearest identity, or of the claimed one, whatever
 *   the event; -1 in a gallery without embeddings, or when the claimed identity
 *   has none
 * @id: (nullable): id of the person the verdict is about; %NULL for an unknown
 *   face and for a decoy
 * @name: (nullable): name of that person
 * @distance: to the nearest person, in the policy's metric; NaN when there is
 *   none, and for a decoy
 * @threshold: the threshold that was applied
 * @margin: distance to the next identity less that to the best, NaN with
 *   fewer than two identities, when verifying, and for a decoy
 * @action: what the gallery asks to be done about that person; alert when
 *   there is no such person, ignore for a decoy
 * @decoy: whether the nearest identity is a decoy
 * @expired: whether it would be a match, had "valid-until" not passed
 * @reportable: whether a message, a log or a list may say it: not for decoys,
 *   nor for a person whose action is ignore
 * @n_candidates: how many candidates were found, at most top_k; decoys among
 *   them are left out
 *
 * The decision about one face. The strings are owned by the gallery and valid
 * until it is changed.
 */
typedef struct {
  FacenetEvent event;
  const gchar *reason;
  gint identity;
  const gchar *id;
  const gchar *name;
  gdouble distance;
  gdouble threshold;
  gdouble margin;
  FacenetAction action;
  gboolean decoy;
  gboolean expired;
  gboolean reportable;
  guint n_candidates;
} FacenetVerdict;

FACENET_API const gchar *facenet_event_get_nick (FacenetEvent event);
FACENET_API void facenet_gallery_match (const FacenetGallery * self,
    const FacenetMatchPolicy * policy, const gfloat * embeddings,
    guint n_embeddings, FacenetVerdict * verdicts,
    FacenetCandidate * candidates);
FACENET_API void facenet_gallery_describe (const FacenetGallery * self,
    const gchar * id, FacenetVerdict * verdict);
FACENET_API gdouble facenet_gallery_find_threshold (const FacenetGallery *
    self, const FacenetMatchPolicy * policy);
FACENET_API void facenet_match_set_max_threads (guint n);
FACENET_API const gchar *facenet_match_get_kernels (void);

G_END_DECLS
