/* facenet-pictures.c - the photos to train with, in memory
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A photo is kept as bytes, at the size of the network's input and with a
 * margin: 43,200 bytes where floats would be four times as many. Its middle
 * is, but for rounding, what facenet_cropper_crop_rect() gives for the frame
 * alone, because both crops have pixels of the same size in the same places.
 */
#include "train/facenet-pictures-private.h"
#include "image/facenet-warper-private.h"
#include "train/facenet-augment-private.h"

#include "train/facenet-trainer.h"

struct _FacenetPictures
{
  FacenetWarper *warper;
  gfloat *crop;                 /* [3,SIDE,SIDE] */
  GPtrArray *pixels;            /* of [3,SIDE,SIDE] bytes */
  GArray *labels;               /* of guint */
  GHashTable *people;           /* name to label */
};

FacenetPictures *
facenet_pictures_new (void)
{
  FacenetPictures *self = g_new0 (FacenetPictures, 1);

  self->warper = facenet_warper_new (FACENET_AUGMENT_SIDE,
      FACENET_AUGMENT_SIDE);
  self->crop = g_new (gfloat, FACENET_AUGMENT_BYTES);
  self->pixels = g_ptr_array_new_with_free_func (g_free);
  self->labels = g_array_new (FALSE, FALSE, sizeof (guint));
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
facenet_pictures_free (FacenetPictures * self)
{
  if (self == NULL)
    return;
  facenet_warper_free (self->warper);
  g_free (self->crop);
  g_ptr_array_unref (self->pixels);
  g_array_unref (self->labels);
  g_hash_table_unref (self->people);
  g_free (self);
}

static guint
find_label (FacenetPictures * self, const gchar * person)
{
  gpointer label;

  if (!g_hash_table_lookup_extended (self->people, person, NULL, &label)) {
    label = GUINT_TO_POINTER (g_hash_table_size (self->people));
    g_hash_table_insert (self->people, g_strdup (person), label);
  }
  return GPOINTER_TO_UINT (label);
}

gboolean
facenet_pictures_add (FacenetPictures * self, const gchar * person,
    const FacenetImage * image, const FacenetAffine * frame, GError ** error)
{
  const gdouble margin =
      (gdouble) FACENET_AUGMENT_MARGIN / FACENET_AUGMENT_FACE;
  const gdouble scale = 1.0 + 2.0 * margin;
  const FacenetAffine wide = {
    .xu = scale * frame->xu,.xv = scale * frame->xv,
    .x0 = frame->x0 - margin * (frame->xu + frame->xv),
    .yu = scale * frame->yu,.yv = scale * frame->yv,
    .y0 = frame->y0 - margin * (frame->yu + frame->yv)
  };
  guint8 *pixels;
  guint label;

  if (self->pixels->len == FACENET_TRAINER_MAX_PHOTOS) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: there are %u photos already, the most there may be", person,
        self->pixels->len);
    return FALSE;
  }
  facenet_warper_crop (self->warper, image, &wide, self->crop);
  pixels = g_new (guint8, FACENET_AUGMENT_BYTES);
  for (gsize i = 0; i < FACENET_AUGMENT_BYTES; i++)
    pixels[i] = (guint8) (255.0f * self->crop[i] + 0.5f);
  g_ptr_array_add (self->pixels, pixels);
  label = find_label (self, person);
  g_array_append_val (self->labels, label);
  return TRUE;
}

guint
facenet_pictures_get_n (const FacenetPictures * self)
{
  return self->pixels->len;
}

guint
facenet_pictures_get_n_people (const FacenetPictures * self)
{
  return g_hash_table_size (self->people);
}

const guint8 *
facenet_pictures_get (const FacenetPictures * self, guint index)
{
  return self->pixels->pdata[index];
}

const guint *
facenet_pictures_get_labels (const FacenetPictures * self)
{
  return (gconstpointer) self->labels->data;
}

gchar *
facenet_pictures_compute_id (const FacenetPictures * self)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < self->pixels->len; i++) {
    guint32 label = GUINT32_TO_LE (g_array_index (self->labels, guint, i));

    g_checksum_update (sum, (const guchar *) &label, sizeof label);
    g_checksum_update (sum, self->pixels->pdata[i],
        (gssize) FACENET_AUGMENT_BYTES);
  }
  return g_strdup (g_checksum_get_string (sum));
}
