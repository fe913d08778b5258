/* facenet-segment-private.h - one person's part of a track
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-visits.h>

#include "track/facenet-mean-private.h"
#include "track/facenet-votes-private.h"

G_BEGIN_DECLS

/* When it is: ns by the clock of the stream, which never goes back, and the
 * time as it was given, FACENET_TIME_NONE for unknown. */
typedef struct {
  guint64 clock;
  guint64 time;
} FacenetMoment;

/* Faces of one track that are taken for one person's, and what is known of that
 * person. */
typedef struct {
  FacenetVotes *votes;
  gchar *id;                    /* who was confirmed, NULL: nobody yet */
  gchar *name;                  /* nullable */
  guint stranger;               /* number of an unknown person, 0: none */
  guint64 since;                /* when they came, by the clock */
  guint64 until;                /* when they were last confirmed */
  guint64 last;                 /* when there last was a face */
  gboolean told;                /* that it is not confirmed yet */
  gpointer note;                /* of the last face that was confirmed */
  FacenetMean mean;             /* of the visit */
  FacenetMean lately;           /* half the last face, half what was before */
  FacenetVisit visit;           /* its embedding is not filled in */
} FacenetSegment;

FacenetSegment *facenet_segment_new (const FacenetMoment * now);
void facenet_segment_free (FacenetSegment * self);

/* Somebody comes: a visit of that number begins with the next face. */
void facenet_segment_begin_visit (FacenetSegment * self, guint number,
    const FacenetMoment * now);

/* Adds a face. lately: whether facenet_segment_looks_like() will be asked. */
void facenet_segment_add (FacenetSegment * self, const FacenetSighting * face,
    const FacenetMoment * now, gboolean lately);

/* Takes over what was seen of the same person on another segment. */
void facenet_segment_join (FacenetSegment * self,
    const FacenetSegment * other);

/* Whether a face is within a squared L2 distance of what the segment lately
 * showed. */
gboolean facenet_segment_looks_like (const FacenetSegment * self,
    const FacenetSighting * face, gdouble distance);

/* Notes whose the face is: note_size bytes, or NULL. */
void facenet_segment_keep_note (FacenetSegment * self, gconstpointer note,
    gsize note_size);

/* The mean of the visit's faces, [n_dims]. */
const gfloat *facenet_segment_get_mean (FacenetSegment * self);

G_END_DECLS
