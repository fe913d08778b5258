/* gallery.c - galleries that fit a model
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "gallery.h"

FacenetGallery *
tool_gallery_new (const FacenetModel * model)
{
  FacenetGalleryModel description = {
    facenet_model_get_id (model), facenet_model_get_name (model),
    facenet_model_get_preprocess (model), facenet_model_get_dims (model)
  };
  FacenetGallery *gallery = facenet_gallery_new (&description);

  facenet_gallery_set_threshold (gallery, facenet_model_get_threshold (model));
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
