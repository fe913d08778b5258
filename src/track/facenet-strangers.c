/* facenet-strangers.c - unknown people, told apart
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * What makes an application say "the stranger of this morning is back" instead
 * of "a stranger": unknown people are compared with those seen earlier by the
 * threshold by which known people are recognised.
 */
#include "track/facenet-strangers-private.h"

#include <facenet/facenet-metric.h>
#include <string.h>

#define MAX_STRANGERS 1000

typedef struct
{
  guint number;
  guint n_dims;
  gfloat *embedding;            /* [n_dims], owned */
  guint64 frame;                /* on which they were last */
} FacenetStranger;

static void
stranger_clear (gpointer data)
{
  FacenetStranger *stranger = data;

  g_free (stranger->embedding);
}

static FacenetStranger *
get_stranger (FacenetStrangers * self, guint index)
{
  return &g_array_index (self->people, FacenetStranger, index);
}

void
facenet_strangers_init (FacenetStrangers * self)
{
  self->people = g_array_new (FALSE, FALSE, sizeof (FacenetStranger));
  g_array_set_clear_func (self->people, stranger_clear);
  self->n_named = 0;
}

void
facenet_strangers_clear (FacenetStrangers * self)
{
  g_array_unref (self->people);
}

void
facenet_strangers_reset (FacenetStrangers * self)
{
  g_array_set_size (self->people, 0);
  self->n_named = 0;
}

/* An application may have enrolled somebody under the id we gave. */
static gboolean
is_taken (const FacenetGallery * gallery, guint number)
{
  g_autofree gchar *id = g_strdup_printf ("unknown-%u", number);

  return facenet_gallery_find (gallery, id) >= 0;
}

/* Makes room by forgetting the person who was not seen for longest. */
static void
forget_one (FacenetStrangers * self)
{
  guint i, oldest = 0;

  for (i = 1; i < self->people->len; i++) {
    if (get_stranger (self, i)->frame < get_stranger (self, oldest)->frame)
      oldest = i;
  }
  g_array_remove_index (self->people, oldest);
}

static guint
add_stranger (FacenetStrangers * self, const FacenetProbe * probe,
    const FacenetGallery * gallery, guint64 frame)
{
  FacenetStranger stranger;

  do {
    self->n_named++;
  } while (is_taken (gallery, self->n_named));
  stranger.number = self->n_named;
  stranger.n_dims = probe->n_dims;
  stranger.embedding = g_memdup2 (probe->embedding,
      probe->n_dims * sizeof (gfloat));
  stranger.frame = frame;
  if (self->people->len >= MAX_STRANGERS)
    forget_one (self);
  g_array_append_val (self->people, stranger);
  return stranger.number;
}

guint
facenet_strangers_find (FacenetStrangers * self,
    const FacenetProbe * probe, gdouble threshold,
    const FacenetGallery * gallery, guint64 frame)
{
  gdouble nearest = threshold;
  guint i, number = 0;

  for (i = 0; i < self->people->len; i++) {
    const FacenetStranger *stranger = get_stranger (self, i);
    gdouble distance;

    if (stranger->frame == frame || stranger->n_dims != probe->n_dims)
      continue;
    distance = facenet_squared_l2 (stranger->embedding, probe->embedding,
        probe->n_dims);
    if (distance <= nearest && !is_taken (gallery, stranger->number)) {
      nearest = distance;
      number = stranger->number;
    }
  }
  return number > 0 ? number : add_stranger (self, probe, gallery, frame);
}

void
facenet_strangers_see (FacenetStrangers * self, guint number,
    const FacenetProbe * probe, guint64 frame)
{
  guint i;

  for (i = self->people->len; i > 0; i--) {
    FacenetStranger *stranger = get_stranger (self, i - 1);

    if (stranger->number != number)
      continue;
    stranger->frame = frame;
    if (probe != NULL && stranger->n_dims == probe->n_dims)
      memcpy (stranger->embedding, probe->embedding,
          probe->n_dims * sizeof (gfloat));
    return;
  }
}
