/* facenet-visit-bindings.c - visits for language bindings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Faces come as a list, and events go as copies that own all they point to.
 */
#include <facenet/facenet-bindings.h>
#include <facenet/facenet-visits.h>

#include "gallery/facenet-gallery-private.h"
#include "track/facenet-visits-private.h"

#include <math.h>

static FacenetSighting *
copy_sighting (const FacenetSighting * self)
{
  FacenetSighting *copy = g_new (FacenetSighting, 1);

  *copy = *self;
  copy->embedding = g_memdup2 (self->embedding,
      self->n_dims * sizeof *self->embedding);
  return copy;
}

static void
free_sighting (FacenetSighting * self)
{
  g_free ((gfloat *) self->embedding);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (FacenetSighting, facenet_sighting, copy_sighting,
    free_sighting);

static FacenetCandidate *
copy_candidates (const FacenetCandidate * candidates, guint n)
{
  FacenetCandidate *copies = g_new0 (FacenetCandidate, n);

  for (guint i = 0; i < n; i++) {
    copies[i] = candidates[i];
    copies[i].id = g_strdup (candidates[i].id);
    copies[i].name = g_strdup (candidates[i].name);
  }
  return copies;
}

/* The note is the caller's business, of whom bindings know nothing. */
static FacenetVisitEvent *
copy_event (const FacenetVisitEvent * self)
{
  FacenetVisitEvent *copy = g_new (FacenetVisitEvent, 1);

  *copy = *self;
  copy->verdict.id = g_strdup (self->verdict.id);
  copy->verdict.name = g_strdup (self->verdict.name);
  copy->candidates = copy_candidates (self->candidates,
      self->verdict.n_candidates);
  copy->visit.embedding = g_memdup2 (self->visit.embedding,
      self->visit.n_dims * sizeof *self->visit.embedding);
  copy->note = NULL;
  return copy;
}

static void
free_event (FacenetVisitEvent * self)
{
  for (guint i = 0; i < self->verdict.n_candidates; i++) {
    g_free ((gchar *) self->candidates[i].id);
    g_free ((gchar *) self->candidates[i].name);
  }
  g_free ((FacenetCandidate *) self->candidates);
  g_free ((gchar *) self->verdict.id);
  g_free ((gchar *) self->verdict.name);
  g_free ((gfloat *) self->visit.embedding);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (FacenetVisitEvent, facenet_visit_event, copy_event,
    free_event);

/**
 * facenet_sighting_new: (constructor)
 * @embedding: (array length=n_dims): a unit vector, copied
 * @n_dims: how many numbers
 *
 * Makes a face for facenet_visits_see_faces(). Its box, track id and quality,
 * unknown at first, may be set.
 *
 * Returns: (transfer full): a face of type %FACENET_TYPE_SIGHTING
 *
 * Since: 0.1
 */
FacenetSighting *
facenet_sighting_new (const gfloat * embedding, guint n_dims)
{
  FacenetSighting self = { embedding, n_dims, -1, 0, 0, 0, 0, (gdouble) NAN };

  g_return_val_if_fail (embedding != NULL && n_dims > 0, NULL);

  return copy_sighting (&self);
}

/* Keeps other threads from the visits and those who would change the gallery
 * from that. */
static void
lock (FacenetVisits * self)
{
  g_rec_mutex_lock (&self->lock);
  if (self->gallery != NULL)
    g_rw_lock_reader_lock (&self->gallery->lock);
}

static void
unlock (FacenetVisits * self)
{
  if (self->gallery != NULL)
    g_rw_lock_reader_unlock (&self->gallery->lock);
  g_rec_mutex_unlock (&self->lock);
}

/* All events that wait, as copies. */
static GPtrArray *
pop_all (FacenetVisits * self)
{
  GPtrArray *events = g_ptr_array_new ();
  const FacenetVisitEvent *event;

  while ((event = facenet_visits_pop (self)) != NULL)
    g_ptr_array_add (events, copy_event (event));
  return events;
}

/**
 * facenet_visits_see_faces: (rename-to facenet_visits_see)
 * @self: visits
 * @time: the time of the frame, in ns
 * @faces: (element-type FacenetSighting): the faces of the frame
 * @error: return location for a #GError
 *
 * Moves on to a time and judges the faces of that frame, as
 * facenet_visits_advance() and facenet_visits_see() do.
 *
 * Returns: (transfer full) (element-type FacenetVisitEvent): what is to be said
 *   of visits that ended and of the faces; each belongs to the caller, for
 *   g_boxed_free() with %FACENET_TYPE_VISIT_EVENT. %NULL with
 *   %FACENET_ERROR_SHAPE when an embedding is of another length than the
 *   gallery's
 *
 * Since: 0.1
 */
GPtrArray *
facenet_visits_see_faces (FacenetVisits * self, guint64 time,
    GPtrArray * faces, GError ** error)
{
  g_autofree FacenetSighting *sightings = g_new (FacenetSighting, faces->len);
  GPtrArray *events = NULL;

  for (guint i = 0; i < faces->len; i++)
    sightings[i] = *(const FacenetSighting *) g_ptr_array_index (faces, i);
  lock (self);
  facenet_visits_advance (self, time, FALSE);
  if (facenet_visits_see (self, sightings, faces->len, 0, NULL, error))
    events = pop_all (self);
  unlock (self);
  return events;
}

/**
 * facenet_visits_end_all: (rename-to facenet_visits_end)
 * @self: visits
 *
 * Ends all visits, as facenet_visits_end() does.
 *
 * Returns: (transfer full) (element-type FacenetVisitEvent): who was lost; each
 *   belongs to the caller
 *
 * Since: 0.1
 */
GPtrArray *
facenet_visits_end_all (FacenetVisits * self)
{
  GPtrArray *events;

  lock (self);
  facenet_visits_end (self);
  events = pop_all (self);
  unlock (self);
  return events;
}
