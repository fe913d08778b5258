/* gallery.c - galleries that fit a model
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "gallery.h"

static void
describe_model (const FacenetModel * model, FacenetGalleryModel * description)
{
  description->id = facenet_model_get_id (model);
  description->name = facenet_model_get_name (model);
  description->preprocess = facenet_model_get_preprocess (model);
  description->n_dims = facenet_model_get_dims (model);
}

FacenetGallery *
tool_gallery_new (const FacenetModel * model)
{
  FacenetGalleryModel description;
  FacenetGallery *gallery;

  describe_model (model, &description);
  gallery = facenet_gallery_new (&description);
  facenet_gallery_set_threshold (gallery, facenet_model_get_threshold (model));
  return gallery;
}

FacenetGallery *
tool_gallery_open (const FacenetModel * model, const gchar * location,
    GError ** error)
{
  FacenetGalleryModel description;
  gboolean is_new = !g_file_test (location, G_FILE_TEST_EXISTS);
  FacenetGallery *gallery;

  describe_model (model, &description);
  gallery = facenet_gallery_open (location, &description, error);
  if (gallery != NULL && is_new)
    facenet_gallery_set_threshold (gallery,
        facenet_model_get_threshold (model));
  return gallery;
}

FacenetGallery *
tool_gallery_load (const FacenetModel * model, const gchar * location,
    GError ** error)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_load (location, error);

  if (gallery == NULL)
    return NULL;
  if (!facenet_gallery_check_model (gallery, facenet_model_get_id (model),
          facenet_model_get_dims (model), error))
    return NULL;
  return g_steal_pointer (&gallery);
}
