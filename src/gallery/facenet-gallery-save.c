/* facenet-gallery-save.c - a gallery into its file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The one place where a gallery is written. It keeps other writers away, looks
 * at the file again, makes the changes of the gallery to what others have put
 * there (facenet-gallery-edits.c), and replaces the file as a whole
 * (facenet-file.c). What is in it comes from facenet-gallery-print.c or
 * facenet-gallery-binary-save.c.
 */
#include <facenet/facenet-gallery.h>

#include "base/facenet-file-private.h"
#include "gallery/facenet-gallery-private.h"

/* How long to wait for another writer, who takes some seconds for a million
 * people. */
#define LOCK_WAIT_MS 30000

/* How often to begin again where there are no locks and others were faster. */
#define MAX_TRIES 20

/* The bytes of the file; (transfer full). */
static GBytes *
serialise (const FacenetGallery * self, const gchar * location, GError ** error)
{
  GString *text;
  gsize length;

  if (self->format != FACENET_GALLERY_JSON)
    return facenet_gallery_print_binary (self, location, error);
  text = facenet_gallery_print (self);
  length = text->len;
  if (length <= FACENET_GALLERY_MAX_BYTES)
    return g_string_free_to_bytes (text);
  g_string_free (text, TRUE);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
      "%s: the gallery takes %" G_GSIZE_FORMAT
      " bytes of JSON, at most %" G_GSIZE_FORMAT " are accepted", location,
      length, FACENET_GALLERY_MAX_BYTES);
  return NULL;
}

static gboolean
write_gallery (const FacenetGallery * self, const gchar * location,
    const FacenetFileStamp * expected, GError ** error)
{
  g_autoptr (GBytes) bytes = serialise (self, location, error);

  return bytes != NULL
      && facenet_file_write_if (location, g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes), expected, error);
}

/* What is to be in the file that is there now: the gallery itself or, in
 * theirs, what others have made of the file with the changes of the gallery. */
static gboolean
merge (const FacenetGallery * self, const gchar * location,
    const FacenetFileStamp * now, FacenetGallery ** theirs, GError ** error)
{
  if (now->inode == 0 || (!self->behind
          && facenet_file_stamp_equal (now, &self->stamp)))
    return TRUE;
  *theirs = facenet_gallery_load (location, error);
  if (*theirs == NULL) {
    g_prefix_error (error, "another program has changed the file: ");
    return FALSE;
  }
  /* What was read may be later than now; then the writing is refused. */
  facenet_gallery_set_origin (*theirs, NULL, NULL);
  return facenet_gallery_replay_edits (self, *theirs, error);
}

/* Writes to the gallery's own file. retry: others were faster. */
static gboolean
save_merged (FacenetGallery * self, const gchar * location, gboolean * retry,
    GError ** error)
{
  g_autoptr (FacenetGallery) theirs = NULL;
  g_autoptr (GError) cause = NULL;
  FacenetFileStamp now;

  *retry = FALSE;
  facenet_file_stamp_take (&now, self->origin);
  if (!merge (self, location, &now, &theirs, error))
    return FALSE;
  if (write_gallery (theirs != NULL ? theirs : self, location, &now, &cause)) {
    facenet_file_stamp_take (&self->stamp, self->origin);
    self->behind = theirs != NULL;
    g_array_set_size (self->edits, 0);
    return TRUE;
  }
  *retry = g_error_matches (cause, FACENET_ERROR, FACENET_ERROR_MISMATCH);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/* With the locks. */
static gboolean
save_locked (FacenetGallery * self, const gchar * location,
    const gchar * target, GError ** error)
{
  gboolean saved, retry = TRUE;

  if (self->origin == NULL) {
    saved = write_gallery (self, location, NULL, error);
    if (saved) {
      self->origin = g_strdup (target);
      facenet_file_stamp_take (&self->stamp, target);
    }
    return saved;
  }
  if (g_strcmp0 (self->origin, target) != 0)
    return write_gallery (self, location, NULL, error);
  saved = save_merged (self, location, &retry, error);
  for (guint i = 1; !saved && retry && i < MAX_TRIES; i++) {
    g_clear_error (error);
    saved = save_merged (self, location, &retry, error);
  }
  return saved;
}

/**
 * facenet_gallery_save:
 * @self: a gallery that is bound to a model
 * @location: (type filename): where to
 * @error: return location for a #GError
 *
 * Writes a gallery to a file, as a whole or not at all: on failure a file that
 * was there is as it was. Members of the file it was loaded from that this
 * library does not know are written too, in their old order. The format is
 * that of the file it was loaded from, see facenet_gallery_set_format().
 *
 * When @location is the file that the gallery was loaded from, opened for or
 * last saved to, and others have changed that file meanwhile, nothing of theirs
 * is lost: the changes that were made to @self are made to what the file holds
 * now. @self does not learn of the others' changes, load it again for that. A
 * change that does not fit is a conflict, and nothing is written: an embedding
 * for a person who was removed from the file, an id that another name has now,
 * a threshold that others have set too. Any other file is replaced.
 *
 * Writers exclude each other, also those of other processes, for as long as one
 * writes. Elsewhere than on file systems with locks (flock), two writers of
 * which one replaces the file within some microseconds of the other may still
 * lose a change.
 *
 * Returns: %TRUE, or %FALSE with %FACENET_ERROR_OPEN (it cannot be written, or
 *   another program has been writing it for half a minute),
 *   %FACENET_ERROR_MISSING (the gallery is bound to no model),
 *   %FACENET_ERROR_MISMATCH (a conflict) or %FACENET_ERROR_LIMIT (more than
 *   256 MiB of JSON, which could not be loaded again), and with the errors of
 *   facenet_gallery_load() when others have put something there that is no
 *   gallery
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_save (FacenetGallery * self, const gchar * location,
    GError ** error)
{
  g_autofree gchar *target = NULL;
  FacenetFileLock lock;
  gboolean saved = FALSE;

  g_return_val_if_fail (location != NULL, FALSE);

  if (self->model.id == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%s: the gallery is bound to no model, there is nothing to write",
        location);
    return FALSE;
  }
  target = facenet_file_resolve (location);
  /* Writing counts references of json-glib, which are not atomic. */
  g_rw_lock_writer_lock (&self->lock);
  g_mutex_lock (&self->origin_lock);
  if (facenet_file_lock (&lock, target, LOCK_WAIT_MS, error)) {
    saved = save_locked (self, location, target, error);
    facenet_file_unlock (&lock);
  }
  g_mutex_unlock (&self->origin_lock);
  g_rw_lock_writer_unlock (&self->lock);
  return saved;
}

/**
 * facenet_gallery_check_writable:
 * @location: (type filename): a gallery file, there or not
 * @error: return location for a #GError
 *
 * Finds out whether facenet_gallery_save() may write to a file. Whoever is to
 * read some hundred photographs first asks before.
 *
 * Returns: %TRUE, or %FALSE with %FACENET_ERROR_OPEN
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_check_writable (const gchar * location, GError ** error)
{
  g_return_val_if_fail (location != NULL, FALSE);

  return facenet_file_check_writable (location, error);
}
