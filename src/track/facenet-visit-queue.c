/* facenet-visit-queue.c - events that wait to be told
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * What an event about a face points to is owned by the visits; a visit that
 * ended leaves nothing behind, so that its event owns copies.
 */
#include "track/facenet-visit-queue-private.h"

#include <string.h>

/* An event and what it owns, all nullable. */
typedef struct
{
  FacenetVisitEvent view;
  gchar *id, *name;
  gfloat *embedding;
  gpointer note;
} FacenetQueuedEvent;

static void
queued_event_clear (gpointer data)
{
  FacenetQueuedEvent *event = data;

  g_free (event->id);
  g_free (event->name);
  g_free (event->embedding);
  g_free (event->note);
}

static FacenetQueuedEvent *
get_event (const FacenetVisitQueue * self, guint index)
{
  return &g_array_index (self->events, FacenetQueuedEvent, index);
}

void
facenet_visit_queue_init (FacenetVisitQueue * self)
{
  self->events = g_array_new (FALSE, TRUE, sizeof (FacenetQueuedEvent));
  g_array_set_clear_func (self->events, queued_event_clear);
  self->n_popped = 0;
}

void
facenet_visit_queue_clear (FacenetVisitQueue * self)
{
  g_array_unref (self->events);
}

void
facenet_visit_queue_drop (FacenetVisitQueue * self)
{
  if (self->n_popped > 0)
    g_array_remove_range (self->events, 0, self->n_popped);
  self->n_popped = 0;
  for (guint i = self->events->len; i > 0; i--) {
    if (get_event (self, i - 1)->view.face >= 0)
      g_array_remove_index (self->events, i - 1);
  }
}

static FacenetQueuedEvent *
push (FacenetVisitQueue * self, const FacenetVisitEvent * event)
{
  FacenetQueuedEvent *queued;

  g_array_set_size (self->events, self->events->len + 1);
  queued = get_event (self, self->events->len - 1);
  queued->view = *event;
  return queued;
}

void
facenet_visit_queue_push (FacenetVisitQueue * self,
    const FacenetVisitEvent * event)
{
  push (self, event);
}

void
facenet_visit_queue_push_lost (FacenetVisitQueue * self,
    const FacenetVisitEvent * event, FacenetSegment * segment, gsize note_size)
{
  const gfloat *mean = facenet_segment_get_mean (segment);
  FacenetQueuedEvent *queued = push (self, event);
  FacenetVerdict *verdict = &queued->view.verdict;
  FacenetVisit *visit = &queued->view.visit;

  verdict->event = FACENET_EVENT_LOST;
  verdict->id = queued->id = g_strdup (segment->id);
  verdict->name = queued->name = g_strdup (segment->name);
  if (segment->note != NULL)
    queued->view.note = queued->note = g_memdup2 (segment->note, note_size);
  *visit = segment->visit;
  visit->dwell = segment->until - segment->since;
  visit->n_dims = segment->mean.n_dims;
  visit->embedding = queued->embedding =
      g_memdup2 (mean, visit->n_dims * sizeof (gfloat));
}

const FacenetVisitEvent *
facenet_visit_queue_pop (FacenetVisitQueue * self)
{
  if (self->n_popped == self->events->len)
    return NULL;
  return &get_event (self, self->n_popped++)->view;
}
