/* gstfacematchtracks.h - faces judged over time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-track.h>

#include "gstfacematchbatch.h"
#include "gstfacematchsnapshot.h"
#include "gstfacematchstrangers.h"

G_BEGIN_DECLS

/* Tracks of one stream, on a clock of its own: nanoseconds of stream time that
 * never go back. All of the streaming thread. */
typedef struct {
  FacenetTracker *tracker;
  GstFaceMatchStrangers strangers;
  GArray *sightings;            /* of FacenetSighting, [n faces]: scratch */
  GPtrArray *tracks;            /* of FacenetTrack, borrowed, [n faces] */
  GArray *means;                /* of gfloat, [n faces, n_dims]: scratch */
  GQueue departures;            /* of GstFaceMatchDeparture */
  guint64 now;                  /* ns */
  guint64 frame;                /* how many frames were followed */
  guint64 batch_frame;          /* that of the faces followed last */
  guint64 followed;             /* when, ns */
  GstClockTime last;            /* stream time of the buffer before */
} GstFaceMatchTracks;

/* What is said of one face; nothing is owned. */
typedef struct {
  FacenetVerdict match;
  const FacenetCandidate *candidates;   /* [match.n_candidates] */
  const gchar *id;              /* whom it is of, nullable */
  const gchar *name;            /* nullable */
  gint identity;                /* that person in the gallery, -1 */
  gint track_id;                /* -1 without a track */
  gint votes;                   /* -1 without a track */
  gboolean again;               /* was told of this track already */
} GstFaceMatchConclusion;

/* Somebody who was confirmed and is no longer there. */
typedef struct {
  gchar *id;
  gchar *name;                  /* nullable */
  gint track_id;
  guint64 dwell;                /* ns from the first to the last face */
  GstFaceMatchTimes times;      /* of the last face */
  GstFaceEmbeddingMeta face;    /* the last face: box and quality only */
} GstFaceMatchDeparture;

void gst_face_match_tracks_init (GstFaceMatchTracks * self);
void gst_face_match_tracks_clear (GstFaceMatchTracks * self);

/* Moves on to a stream time, NONE for unknown: no time passes then. FALSE: it
 * lies before that of the last buffer, all tracks should end. */
gboolean gst_face_match_tracks_advance (GstFaceMatchTracks * self,
    GstClockTime stream_time, gdouble rate);

/* Ends the tracks whose last face is longer ago than the window. */
void gst_face_match_tracks_end_old (GstFaceMatchTracks * self,
    guint64 window);

/* Ends all, as when the stream ends or jumps; time begins anew. */
void gst_face_match_tracks_end_all (GstFaceMatchTracks * self);

/* Finds the tracks of the faces of a buffer; returns their mean embeddings,
 * for gst_face_match_batch_decide(). */
const GArray *gst_face_match_tracks_follow (GstFaceMatchTracks * self,
    const GstFaceMatchBatch * batch);

/* What is to be said of the i'th face after that decision. */
void gst_face_match_tracks_conclude (GstFaceMatchTracks * self,
    const GstFaceMatchBatch * batch, const GstFaceMatchSnapshot * now,
    const GstFaceMatchTimes * times, guint i,
    GstFaceMatchConclusion * conclusion);

/* The same of a face that is not followed. */
void gst_face_match_conclude_alone (const GstFaceMatchBatch * batch,
    const GstFaceMatchSnapshot * now, guint i,
    GstFaceMatchConclusion * conclusion);

/* The next of those who left since the last call, (transfer full) (nullable),
 * to be freed with gst_face_match_departure_free(). */
GstFaceMatchDeparture *gst_face_match_tracks_pop_departure (GstFaceMatchTracks
    * self);
void gst_face_match_departure_free (GstFaceMatchDeparture * self);

G_END_DECLS
