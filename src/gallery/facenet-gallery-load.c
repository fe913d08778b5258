/* facenet-gallery-load.c - a gallery from its file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Reads the JSON form. Vectors go into the gallery's block of floats, objects
 * to what they describe, and each leaves a null in its place.
 */
#include <facenet/facenet-gallery.h>

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/facenet-file-private.h"
#include "base/facenet-json-private.h"
#include "base/facenet-safetensors-private.h"
#include "gallery/facenet-gallery-check-private.h"
#include "gallery/facenet-gallery-private.h"
#include "gallery/facenet-rule-private.h"

/* Reads numbers: [n_dims], not yet of length one. */
static gboolean
read_vector (JsonArray * array, gfloat * vector, guint n_dims,
    const FacenetGalleryPlace * place, GError ** error)
{
  guint i, n = json_array_get_length (array);

  if (n != n_dims)
    return facenet_gallery_place_fail (error, place, FACENET_ERROR_SHAPE,
        "vector has %u numbers, expected %u", n, n_dims);
  for (i = 0; i < n_dims; i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (!facenet_node_is_number (node))
      return facenet_gallery_place_fail (error, place, FACENET_ERROR_FORMAT,
          "vector[%u] is %s, expected a number", i,
          facenet_node_get_kind_name (node));
    vector[i] = (gfloat) json_node_get_double (node);
  }
  return TRUE;
}

static gboolean
load_embedding (FacenetGallery * self, FacenetPerson * person,
    JsonNode * node, const FacenetGalleryPlace * place, GError ** error)
{
  guint n_dims = self->model.n_dims;
  g_autofree gfloat *vector = g_new (gfloat, n_dims);
  FacenetNote note = { NULL, NULL, NULL, (gdouble) NAN };
  JsonObject *object;
  const gchar *fault;
  gdouble length;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return facenet_gallery_place_fail (error, place, FACENET_ERROR_FORMAT,
        "%s, expected an object", facenet_node_get_kind_name (node));
  object = json_node_get_object (node);
  if (!facenet_gallery_check_members (object, FACENET_PART_EMBEDDING, 0,
          place, error)
      || !read_vector (json_object_get_array_member (object, "vector"),
          vector, n_dims, place, error))
    return FALSE;
  length = facenet_gallery_measure_length (vector, n_dims);
  fault = facenet_gallery_normalise (vector, n_dims);
  if (fault != NULL)
    return facenet_gallery_place_fail (error, place, FACENET_ERROR_FORMAT,
        "vector %s", fault);
  note.object = object;
  if (!facenet_gallery_append_row (self, person, vector, &note))
    return facenet_gallery_place_fail (error, place, FACENET_ERROR_LIMIT,
        "at most %u embeddings of %u numbers are accepted",
        FACENET_GALLERY_MAX_NUMBERS / n_dims, n_dims);
  facenet_gallery_note_length (self,
      person->first + person->view.n_embeddings - 1, length);
  json_object_ref (object);
  json_object_set_null_member (object, "vector");
  return TRUE;
}

static gboolean
load_identity (FacenetGallery * self, JsonNode * node,
    FacenetGalleryPlace * place, GError ** error)
{
  g_autofree gchar *fault = NULL;
  FacenetPerson *person;
  JsonObject *object;
  JsonArray *embeddings;
  const gchar *id;
  guint i;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return facenet_gallery_place_fail (error, place, FACENET_ERROR_FORMAT,
        "%s, expected an object", facenet_node_get_kind_name (node));
  object = json_node_get_object (node);
  /* The id first: errors in the others name it. */
  if (!facenet_gallery_check_members (object, FACENET_PART_IDENTITY, 1, place,
          error))
    return FALSE;
  id = json_object_get_string_member (object, "id");
  place->id = id;
  if (!facenet_gallery_check_members (object, FACENET_PART_IDENTITY, 0, place,
          error))
    return FALSE;
  fault = facenet_rule_find_fault (object);
  if (fault != NULL)
    return facenet_gallery_place_fail (error, place, FACENET_ERROR_FORMAT, "%s",
        fault);
  person =
      facenet_gallery_append_person (self, NULL, NULL,
      json_object_ref (object));
  if (person == NULL)
    return facenet_gallery_place_fail (error, place, FACENET_ERROR_FORMAT,
        "identity %d has the same id", facenet_gallery_find (self, id));
  if (!json_object_has_member (object, "embeddings"))
    return TRUE;
  embeddings = json_object_get_array_member (object, "embeddings");
  for (i = 0; i < json_array_get_length (embeddings); i++) {
    place->embedding = (gint) i;
    if (!load_embedding (self, person, json_array_get_element (embeddings, i),
            place, error))
      return FALSE;
  }
  json_object_set_null_member (object, "embeddings");
  return TRUE;
}

FacenetGallery *
facenet_gallery_parse (const gchar * text, gsize length, const gchar * item,
    GError ** error)
{
  FacenetGalleryPlace nowhere = { item, NULL, -1, NULL, -1 };
  g_autoptr (JsonNode) document = NULL;
  g_autoptr (FacenetGallery) self = NULL;
  JsonObject *root;
  JsonArray *identities;
  guint i;

  document = facenet_json_parse (text, length, item, error);
  if (document == NULL
      || !facenet_gallery_check_document (document, FALSE, &nowhere, error))
    return NULL;
  self = facenet_gallery_new_for_document (g_steal_pointer (&document));
  self->location = g_filename_display_name (item);
  root = json_node_get_object (self->document);
  identities = json_object_get_array_member (root, "identities");
  for (i = 0; i < json_array_get_length (identities); i++) {
    FacenetGalleryPlace place = nowhere;

    place.identity = (gint) i;
    if (!load_identity (self, json_array_get_element (identities, i), &place,
            error))
      return NULL;
  }
  /* What has been read lives on with the people and their embeddings. */
  json_object_set_null_member (root, "identities");
  return g_steal_pointer (&self);
}

/* The text behind a byte order mark, which editors of Windows put there. */
static const gchar *
skip_mark (const gchar * text, gsize * length)
{
  if (*length < 3 || memcmp (text, "\357\273\277", 3) != 0)
    return text;
  *length -= 3;
  return text + 3;
}

/* Of either format. */
static FacenetGallery *
parse_bytes (GBytes * bytes, const gchar * location, GError ** error)
{
  const gchar *text;
  gsize length;

  if (facenet_safetensors_sniff (bytes))
    return facenet_gallery_parse_binary (bytes, location, error);
  text = skip_mark (g_bytes_get_data (bytes, &length), &length);
  if (length > FACENET_GALLERY_MAX_BYTES) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: %" G_GSIZE_FORMAT " bytes of JSON, expected at most %"
        G_GSIZE_FORMAT, location, length, FACENET_GALLERY_MAX_BYTES);
    return NULL;
  }
  return facenet_gallery_parse (text, length, location, error);
}

/**
 * facenet_gallery_load:
 * @location: (type filename): a gallery file, at most 256 MiB of JSON or 2 GiB
 *   of safetensors
 * @error: return location for a #GError
 *
 * Reads a gallery from its file, see docs/gallery-format.md; the content says
 * which format it is. Embeddings that are not of length one are scaled to it.
 *
 * Returns: (transfer full) (nullable): the gallery, or %NULL with
 *   %FACENET_ERROR_OPEN (it cannot be read), %FACENET_ERROR_TRUNCATED,
 *   %FACENET_ERROR_FORMAT (not JSON, not a gallery, a type or value that it
 *   must not have, an id twice), %FACENET_ERROR_MISSING (a member),
 *   %FACENET_ERROR_SHAPE (a vector of another length) or
 *   %FACENET_ERROR_LIMIT; the message names the file, the identity and the
 *   embedding
 *
 * Since: 0.1
 */
FacenetGallery *
facenet_gallery_load (const gchar * location, GError ** error)
{
  FacenetGallery *self;
  FacenetFileStamp stamp;
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (location != NULL, NULL);

  bytes = facenet_file_read_stamped (location, FACENET_GALLERY_MAX_BINARY,
      &stamp, error);
  self = bytes != NULL ? parse_bytes (bytes, location, error) : NULL;
  if (self != NULL)
    facenet_gallery_set_origin (self, location, &stamp);
  return self;
}

/**
 * facenet_gallery_open:
 * @location: (type filename): a gallery file, there or not
 * @model: the model whose embeddings it holds or will hold
 * @error: return location for a #GError
 *
 * Reads a gallery from its file, see facenet_gallery_load(), or makes a new one
 * for a file that is not there. Either way facenet_gallery_save() to @location
 * adds to what others have written there meanwhile.
 *
 * Returns: (transfer full) (nullable): the gallery, or %NULL with the errors
 *   of facenet_gallery_load() or with %FACENET_ERROR_MISMATCH (it holds the
 *   embeddings of another model)
 *
 * Since: 0.1
 */
FacenetGallery *
facenet_gallery_open (const gchar * location,
    const FacenetGalleryModel * model, GError ** error)
{
  const FacenetFileStamp nothing = { 0 };
  g_autoptr (FacenetGallery) self = NULL;

  g_return_val_if_fail (location != NULL && model != NULL, NULL);

  if (g_file_test (location, G_FILE_TEST_EXISTS)) {
    self = facenet_gallery_load (location, error);
    if (self == NULL || !facenet_gallery_check_model (self, model->id,
            model->n_dims, error))
      return NULL;
    return g_steal_pointer (&self);
  }
  self = facenet_gallery_new (model);
  if (self != NULL)
    facenet_gallery_set_origin (self, location, &nothing);
  return g_steal_pointer (&self);
}

/* How many bytes of a file are enough to know what it is: what a safetensors
 * header begins with is in them, if not all of it. */
#define PROBE_BYTES 4096

/**
 * facenet_gallery_probe:
 * @location: (type filename): a file
 *
 * Guesses from the first bytes of a file whether it is meant to be a gallery,
 * of either format, as opposed to a model. It may still be a broken one.
 *
 * Returns: %TRUE when it looks like one, %FALSE also when it cannot be read
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_probe (const gchar * location)
{
  gchar text[PROBE_BYTES + 1];
  const gchar *start;
  g_autoptr (GBytes) bytes = NULL;
  FILE *file;
  gsize size;

  g_return_val_if_fail (location != NULL, FALSE);

  if (!g_file_test (location, G_FILE_TEST_IS_REGULAR))
    return FALSE;
  file = g_fopen (location, "rbe");
  if (file == NULL)
    return FALSE;
  size = fread (text, 1, PROBE_BYTES, file);
  fclose (file);
  text[size] = '\0';
  bytes = g_bytes_new_static (text, size);
  if (facenet_safetensors_sniff (bytes))
    return g_strstr_len (text + 8, (gssize) size - 8,
        FACENET_GALLERY_FORMAT) != NULL;
  start = skip_mark (text, &size);
  return start[strspn (start, " \t\r\n")] == '{';
}
