/* photos.c - the photos that facenet train learns from
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "photos.h"
#include "common/console.h"
#include "common/person.h"
#include "common/skipped.h"

#include <math.h>

/* Sides of a face below which there is nothing to learn from. */
#define MIN_SIDE 20

/* A walk through the folders. */
typedef struct
{
  FacenetTrainer *trainer;
  ToolFinder *finder;
  FacenetCropper *cropper;      /* says where, crops nothing */
  GArray *skipped;              /* of ToolSkipped */
  guint n_done, n_images;
} Loader;

/* Where the network would look at the largest face. */
static gboolean
find_frame (const Loader * self, const ToolImage * image,
    const FacenetImage * source, const gchar * location,
    FacenetAffine * frame, GError ** error)
{
  g_autofree gchar *name = g_filename_display_name (location);
  guint n_faces;
  const FacenetFace *faces = tool_finder_find (self->finder, image, &n_faces);
  FacenetCrop crop;

  if (n_faces == 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%s: no face found", name);
    return FALSE;
  }
  if (n_faces > 1)
    tool_message ("%s: %u faces, the largest is taken", name, n_faces);
  if (tool_finder_is_cropped (self->finder)) {
    const FacenetAffine whole = {.xu = image->width,.yv = image->height };

    *frame = whole;
    return TRUE;
  }
  facenet_cropper_place_face (self->cropper, source, &faces[0], &crop);
  *frame = crop.frame;
  return TRUE;
}

static gboolean
add_image (Loader * self, const ToolPerson * person, const gchar * location,
    GError ** error)
{
  g_autoptr (ToolImage) image = tool_image_load (location, error);
  FacenetPixels pixels;
  FacenetImage source;
  FacenetAffine frame;
  gdouble width, height;

  if (image == NULL)
    return FALSE;
  pixels.data = image->data;
  pixels.stride = image->stride;
  facenet_image_init_rgb (&source, &pixels, image->width, image->height);
  if (!find_frame (self, image, &source, location, &frame, error))
    return FALSE;
  width = hypot (frame.xu, frame.yu);
  height = hypot (frame.xv, frame.yv);
  if (MIN (width, height) < MIN_SIDE) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
        "expected at least %d pixels on each side, got a face of %.0fx%.0f",
        MIN_SIDE, width, height);
    return FALSE;
  }
  return facenet_trainer_add (self->trainer, person->id, &source, &frame,
      error);
}

/* Says what a person without enough photos is good for. */
static void
add_person (Loader * self, const ToolPerson * person)
{
  guint n_added = 0;

  for (guint i = 0; i < person->images->len; i++) {
    const gchar *location = g_ptr_array_index (person->images, i);
    g_autoptr (GError) error = NULL;

    tool_progress (self->n_done++, self->n_images, location);
    if (add_image (self, person, location, &error))
      n_added++;
    else
      tool_skipped_add (self->skipped, location, error->message);
  }
  if (n_added == 0)
    tool_message ("%s: left out: no photo can be used", person->name);
  else if (n_added == 1)
    tool_message ("%s: only one photo: used as a stranger to compare with, "
        "not trained on", person->name);
}

/* (transfer full) (element-type ToolPerson) */
static GPtrArray *
list_people (Loader * self, gchar ** paths, GError ** error)
{
  g_autoptr (GPtrArray) people =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tool_person_free);
  g_autoptr (GPtrArray) strays = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; paths[i]; i++) {
    GPtrArray *found = tool_person_list (paths[i], strays, error);

    if (found == NULL) {
      if (g_error_matches (*error, FACENET_ERROR, FACENET_ERROR_MISSING)) {
        g_autofree gchar *name = g_filename_display_name (paths[i]);

        g_clear_error (error);
        g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
            "%s: has no folder per person", name);
      }
      return NULL;
    }
    g_ptr_array_extend_and_steal (people, found);
  }
  for (guint i = 0; i < strays->len; i++)
    tool_skipped_add (self->skipped, strays->pdata[i],
        "is in no person's folder");
  return g_steal_pointer (&people);
}

gboolean
tool_train_photos_load (FacenetTrainer * trainer, ToolFinder * finder,
    gchar ** paths, GArray * skipped, GError ** error)
{
  g_autoptr (FacenetCropper) cropper = facenet_cropper_new (1, 1);
  Loader self = { trainer, finder, cropper, skipped, 0, 0 };
  g_autoptr (GPtrArray) people = NULL;

  people = list_people (&self, paths, error);
  if (people == NULL)
    return FALSE;
  for (guint i = 0; i < people->len; i++)
    self.n_images += ((ToolPerson *) people->pdata[i])->images->len;
  for (guint i = 0; i < people->len; i++)
    add_person (&self, people->pdata[i]);
  tool_progress_end ();
  return TRUE;
}
