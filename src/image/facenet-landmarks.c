/* facenet-landmarks.c - files of landmarks, loaded and shared
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A file of 100 MB is 65 MB in memory: elements that name the same one share it.
 */
#include "image/facenet-landmarks-private.h"

#include "base/facenet-file-private.h"

/* Where Debian's libdlib-data has it. */
#define DEFAULT_LOCATION "/usr/share/dlib/shape_predictor_68_face_landmarks.dat"

#define MAX_FILE_SIZE (512 * 1024 * 1024)

static FacenetSharedTable table;

/* What is meant when no file is named. */
static const gchar *
find_default (void)
{
  const gchar *location = g_getenv ("FACENET_LANDMARKS");

  return location != NULL && *location != '\0' ? location : DEFAULT_LOCATION;
}

static gpointer
load_unshared (const gchar * location, const gchar * variant, GError ** error)
{
  g_autoptr (GBytes) bytes = facenet_file_read (location, MAX_FILE_SIZE, error);
  gconstpointer data;
  gsize size;

  if (bytes == NULL) {
    if (g_str_equal (location, DEFAULT_LOCATION))
      g_prefix_error (error, "no landmarks, install libdlib-data: ");
    return NULL;
  }
  data = g_bytes_get_data (bytes, &size);
  return facenet_landmarks_parse (data, size, location, error);
}

/**
 * facenet_landmarks_load: (skip)
 * @location: (nullable): a shape predictor of dlib's for 68 points; %NULL for
 *   the one that the environment variable `FACENET_LANDMARKS` names, else that
 *   in Debian's package libdlib-data
 * @error: return location for an error
 *
 * Loads a file of landmarks, or shares what is in use already when @location
 * is the same unchanged file.
 *
 * Errors: %FACENET_ERROR_OPEN, %FACENET_ERROR_LIMIT, %FACENET_ERROR_FORMAT and
 * %FACENET_ERROR_TRUNCATED.
 *
 * Returns: (transfer full) (nullable): the landmarks
 *
 * Since: 0.1
 */
FacenetLandmarks *
facenet_landmarks_load (const gchar * location, GError ** error)
{
  if (location == NULL)
    location = find_default ();
  return facenet_shared_load (&table, location, NULL, load_unshared, error);
}

/**
 * facenet_landmarks_ref: (skip)
 * @self: landmarks
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
FacenetLandmarks *
facenet_landmarks_ref (FacenetLandmarks * self)
{
  g_return_val_if_fail (self != NULL, NULL);

  facenet_shared_ref (&table, self);
  return self;
}

void
facenet_landmarks_free (FacenetLandmarks * self)
{
  guint i;

  for (i = 0; i < self->n_stages; i++) {
    g_free (self->stages[i].features);
    g_free (self->stages[i].splits);
    g_free (self->stages[i].leaves);
  }
  g_free (self->stages);
  facenet_shared_clear (self);
  g_free (self);
}

/**
 * facenet_landmarks_unref: (skip)
 * @self: (transfer full): landmarks
 *
 * Gives up a reference; the last one frees them.
 *
 * Since: 0.1
 */
void
facenet_landmarks_unref (FacenetLandmarks * self)
{
  g_return_if_fail (self != NULL);

  if (facenet_shared_unref (&table, self))
    facenet_landmarks_free (self);
}
