/* facenet-visits-private.h - what visits are made of
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-visits.h>

#include "track/facenet-rate-limit-private.h"
#include "track/facenet-segment-private.h"
#include "track/facenet-strangers-private.h"
#include "track/facenet-tracker-private.h"
#include "track/facenet-visit-queue-private.h"

G_BEGIN_DECLS

/* What hangs on a track of the tracker; both owned. */
typedef struct {
  FacenetSegment *now;
  FacenetSegment *before;       /* nullable */
} FacenetSegments;

struct _FacenetVisits {
  GRecMutex lock;               /* held by what language bindings call */
  gsize note_size;
  FacenetGallery *gallery;      /* nullable: every face is unknown */
  FacenetMatchPolicy policy;    /* owns the claimed id */
  FacenetVisitOptions options;

  FacenetTracker *tracker;
  FacenetStrangers strangers;
  FacenetRateLimit rate_limit;
  FacenetVisitQueue queue;
  guint n_visits;

  FacenetMoment now;
  guint64 frame;                /* how many frames were seen */
  guint64 part_of;              /* the number of the last frame, as given */
  guint64 part_clock;           /* and when that was */

  /* Scratch, which grows to the most faces of a frame. */
  GPtrArray *tracks;            /* of FacenetTrack, borrowed, [n] */
  GArray *probes;               /* of gfloat, [n or 2n, n_dims] */
  GArray *verdicts;             /* of FacenetVerdict, [n or 2n] */
  GArray *candidates;           /* of FacenetCandidate, [n or 2n, top_k] */
};

/* Judges the faces, whose tracks were found, and queues the events. */
void facenet_visits_judge (FacenetVisits * self,
    const FacenetSighting * faces, guint n, gconstpointer notes);

/* The person who was confirmed on a segment is there no longer. */
void facenet_visits_depart (FacenetVisits * self, gint track_id,
    FacenetSegment * segment);

/* Adds a face to a segment, whose visit may begin with it. */
void facenet_visits_add_face (FacenetVisits * self, FacenetSegment * segment,
    const FacenetSighting * face);

G_END_DECLS
