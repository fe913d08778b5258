/* facenet-gallery-save.c - a gallery into its file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The file is replaced as a whole, see facenet-file.c; what is in it comes
 * from facenet-gallery-print.c or facenet-gallery-binary-save.c.
 */
#include <facenet/facenet-gallery.h>

#include "base/facenet-file-private.h"
#include "gallery/facenet-gallery-private.h"

/**
 * facenet_gallery_save:
 * @self: a gallery that is bound to a model
 * @location: (type filename): where to, replaced if it is there
 * @error: return location for a #GError
 *
 * Writes a gallery to a file, as a whole or not at all: on failure a file that
 * was there is as it was. Members of the file it was loaded from that this
 * library does not know are written too, in their old order. The format is
 * that of the file it was loaded from, see facenet_gallery_set_format().
 *
 * Returns: %TRUE, or %FALSE with %FACENET_ERROR_OPEN (it cannot be written),
 *   %FACENET_ERROR_MISSING (the gallery is bound to no model) or
 *   %FACENET_ERROR_LIMIT (more than 256 MiB of JSON, which could not be loaded
 *   again)
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_save (FacenetGallery * self, const gchar * location,
    GError ** error)
{
  g_autoptr (GString) text = NULL;

  g_return_val_if_fail (location != NULL, FALSE);

  if (self->model.id == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%s: the gallery is bound to no model, there is nothing to write",
        location);
    return FALSE;
  }
  if (self->format != FACENET_GALLERY_JSON)
    return facenet_gallery_save_binary (self, location, error);
  text = facenet_gallery_print (self);
  if (text->len > FACENET_GALLERY_MAX_BYTES) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: the gallery takes %" G_GSIZE_FORMAT
        " bytes of JSON, at most %" G_GSIZE_FORMAT " are accepted", location,
        text->len, FACENET_GALLERY_MAX_BYTES);
    return FALSE;
  }
  return facenet_file_write (location, text->str, text->len, error);
}
