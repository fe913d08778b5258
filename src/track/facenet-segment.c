/* facenet-segment.c - one person's part of a track
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "track/facenet-segment-private.h"

#include <facenet/facenet-metric.h>
#include <string.h>

/* Weight of a face of no quality in the mean of a visit: it is still seen. */
#define MIN_WEIGHT 1e-3

FacenetSegment *
facenet_segment_new (const FacenetMoment * now)
{
  FacenetSegment *self = g_new0 (FacenetSegment, 1);

  self->votes = facenet_votes_new ();
  self->since = now->clock;
  return self;
}

void
facenet_segment_free (FacenetSegment * self)
{
  facenet_votes_free (self->votes);
  facenet_mean_clear (&self->mean);
  facenet_mean_clear (&self->lately);
  g_free (self->id);
  g_free (self->name);
  g_free (self->note);
  g_free (self);
}

void
facenet_segment_begin_visit (FacenetSegment * self, guint number,
    const FacenetMoment * now)
{
  memset (&self->visit, 0, sizeof self->visit);
  self->visit.number = number;
  self->visit.start = self->visit.best = now->time;
  self->visit.quality = -1;
  facenet_mean_reset (&self->mean);
}

/* The weight of a face in the mean of its visit. */
static gdouble
find_weight (const FacenetSighting * face)
{
  if (face->quality < MIN_WEIGHT)
    return MIN_WEIGHT;
  return face->quality <= 1 ? face->quality : 1;
}

void
facenet_segment_add (FacenetSegment * self, const FacenetSighting * face,
    const FacenetMoment * now, gboolean lately)
{
  FacenetVisit *visit = &self->visit;

  facenet_mean_add (&self->mean, face->embedding, face->n_dims, 1,
      find_weight (face));
  if (lately) {
    facenet_mean_add (&self->lately, face->embedding, face->n_dims,
        self->lately.length > 0 ? 1 / self->lately.length : 0, 1);
    facenet_mean_update (&self->lately, face->embedding);
  }
  if (face->quality > visit->quality) {
    visit->quality = face->quality;
    visit->best = now->time;
  }
  visit->n_faces++;
  visit->end = now->time;
  visit->gone = FACENET_TIME_NONE;
  self->last = now->clock;
}

void
facenet_segment_join (FacenetSegment * self, const FacenetSegment * other)
{
  FacenetVisit *visit = &self->visit;

  self->since = MIN (self->since, other->since);
  visit->start = MIN (visit->start, other->visit.start);
  visit->number = MIN (visit->number, other->visit.number);
  visit->n_faces += other->visit.n_faces;
  if (other->visit.quality > visit->quality) {
    visit->quality = other->visit.quality;
    visit->best = other->visit.best;
  }
  facenet_mean_join (&self->mean, &other->mean);
}

gboolean
facenet_segment_looks_like (const FacenetSegment * self,
    const FacenetSighting * face, gdouble distance)
{
  return self->lately.n_dims == face->n_dims
      && facenet_squared_l2 (self->lately.direction, face->embedding,
      face->n_dims) <= distance;
}

void
facenet_segment_keep_note (FacenetSegment * self, gconstpointer note,
    gsize note_size)
{
  if (note == NULL || note_size == 0)
    return;
  if (self->note == NULL)
    self->note = g_malloc (note_size);
  memcpy (self->note, note, note_size);
}

const gfloat *
facenet_segment_get_mean (FacenetSegment * self)
{
  facenet_mean_update (&self->mean, self->lately.n_dims == self->mean.n_dims
      ? self->lately.direction : NULL);
  return self->mean.direction;
}
