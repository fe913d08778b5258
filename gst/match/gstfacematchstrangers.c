/* gstfacematchstrangers.c - people nobody knows, told apart
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What makes an application say "the stranger of this morning is back" instead
 * of "a stranger": unknown people are compared with those seen earlier by the
 * threshold by which known people are recognised.
 */
#include "gstfacematchstrangers.h"

#include <facenet/facenet-metric.h>
#include <string.h>

#define MAX_STRANGERS 1000

typedef struct
{
  guint number;
  guint n_dims;
  gfloat *embedding;            /* [n_dims], owned */
  guint64 frame;                /* on which they were last */
} GstFaceMatchStranger;

static void
stranger_clear (gpointer data)
{
  GstFaceMatchStranger *stranger = data;

  g_free (stranger->embedding);
}

static GstFaceMatchStranger *
get_stranger (GstFaceMatchStrangers * self, guint index)
{
  return &g_array_index (self->people, GstFaceMatchStranger, index);
}

void
gst_face_match_strangers_init (GstFaceMatchStrangers * self)
{
  self->people = g_array_new (FALSE, FALSE, sizeof (GstFaceMatchStranger));
  g_array_set_clear_func (self->people, stranger_clear);
  self->n_named = 0;
}

void
gst_face_match_strangers_clear (GstFaceMatchStrangers * self)
{
  g_array_unref (self->people);
}

void
gst_face_match_strangers_reset (GstFaceMatchStrangers * self)
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

/* Makes room by forgetting whoever was not seen for longest. */
static void
forget_one (GstFaceMatchStrangers * self)
{
  guint i, oldest = 0;

  for (i = 1; i < self->people->len; i++) {
    if (get_stranger (self, i)->frame < get_stranger (self, oldest)->frame)
      oldest = i;
  }
  g_array_remove_index (self->people, oldest);
}

static guint
add_stranger (GstFaceMatchStrangers * self, const FacenetTrack * track,
    const FacenetGallery * gallery, guint64 frame)
{
  GstFaceMatchStranger stranger;

  do {
    self->n_named++;
  } while (is_taken (gallery, self->n_named));
  stranger.number = self->n_named;
  stranger.n_dims = track->n_dims;
  stranger.embedding = g_memdup2 (track->embedding,
      track->n_dims * sizeof (gfloat));
  stranger.frame = frame;
  if (self->people->len >= MAX_STRANGERS)
    forget_one (self);
  g_array_append_val (self->people, stranger);
  return stranger.number;
}

guint
gst_face_match_strangers_find (GstFaceMatchStrangers * self,
    const FacenetTrack * track, gdouble threshold,
    const FacenetGallery * gallery, guint64 frame)
{
  gdouble nearest = threshold;
  guint i, number = 0;

  for (i = 0; i < self->people->len; i++) {
    const GstFaceMatchStranger *stranger = get_stranger (self, i);
    gdouble distance;

    if (stranger->frame == frame || stranger->n_dims != track->n_dims)
      continue;
    distance = facenet_squared_l2 (stranger->embedding, track->embedding,
        track->n_dims);
    if (distance <= nearest && !is_taken (gallery, stranger->number)) {
      nearest = distance;
      number = stranger->number;
    }
  }
  return number > 0 ? number : add_stranger (self, track, gallery, frame);
}

void
gst_face_match_strangers_see (GstFaceMatchStrangers * self, guint number,
    const FacenetTrack * track, guint64 frame)
{
  guint i;

  for (i = self->people->len; i > 0; i--) {
    GstFaceMatchStranger *stranger = get_stranger (self, i - 1);

    if (stranger->number != number)
      continue;
    stranger->frame = frame;
    if (track != NULL && stranger->n_dims == track->n_dims)
      memcpy (stranger->embedding, track->embedding,
          track->n_dims * sizeof (gfloat));
    return;
  }
}
