/* facenet-visit-queue-private.h - events that wait to be told
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-visits.h>

#include "track/facenet-segment-private.h"

G_BEGIN_DECLS

/* Grows to the most events of a frame; from then on only those of visits that
 * end allocate. */
typedef struct {
  GArray *events;               /* of FacenetQueuedEvent */
  guint n_popped;
} FacenetVisitQueue;

void facenet_visit_queue_init (FacenetVisitQueue * self);
void facenet_visit_queue_clear (FacenetVisitQueue * self);

/* Forgets the events that were popped, and those about faces: what they point
 * to is about to be gone. */
void facenet_visit_queue_drop (FacenetVisitQueue * self);

/* Adds an event about a face. */
void facenet_visit_queue_push (FacenetVisitQueue * self,
    const FacenetVisitEvent * event);

/* Adds the event of a visit that ends, lost, with copies of what the segment
 * knows. */
void facenet_visit_queue_push_lost (FacenetVisitQueue * self,
    const FacenetVisitEvent * event, FacenetSegment * segment,
    gsize note_size);

/* The next event, NULL when there is none. */
const FacenetVisitEvent *facenet_visit_queue_pop (FacenetVisitQueue * self);

G_END_DECLS
