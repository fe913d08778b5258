/* facenet-gallery-binary-load.c - a gallery from one safetensors file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In: what facenet-gallery-binary-save.c writes (docs/gallery-format.md). The
 * embeddings are used where they lie in the bytes that were read; several
 * threads see to it that each is of length one. Nothing is believed: every
 * tensor's type and shape, every offset, string, index and number is checked.
 */
#include <math.h>
#include <string.h>

#include "base/facenet-memory-private.h"
#include "base/facenet-half-private.h"
#include "base/facenet-json-private.h"
#include "base/facenet-pool-private.h"
#include "base/facenet-safetensors-private.h"
#include "gallery/facenet-column-private.h"
#include "gallery/facenet-gallery-binary-private.h"
#include "gallery/facenet-gallery-check-private.h"
#include "gallery/facenet-gallery-private.h"
#include "gallery/facenet-normalise-private.h"
#include "gallery/facenet-rule-private.h"

/* Rows from which on threads pay. */
#define MANY_ROWS 8192
#define MAX_THREADS 4

/* A file that is being read. */
typedef struct
{
  const gchar *location;
  FacenetSafetensors *file;
  FacenetGallery *gallery;
  guint n_people;
  guint n_rows;
  FacenetColumn columns[FACENET_N_COLUMNS];
  GError **error;
} FacenetLoader;

static gboolean
G_GNUC_PRINTF (4, 5)
fail (const FacenetLoader * self, const gchar * tensor, FacenetError code,
    const gchar * format, ...)
{
  g_autofree gchar *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (self->error, FACENET_ERROR, code, "%s/%s: %s", self->location,
      tensor, what);
  return FALSE;
}

static const FacenetSafetensor *
find_tensor (const FacenetLoader * self, const gchar * name)
{
  guint i;

  for (i = 0; i < self->file->tensors->len; i++) {
    const FacenetSafetensor *tensor = &g_array_index (self->file->tensors,
        FacenetSafetensor, i);

    if (g_str_equal (tensor->name, name))
      return tensor;
  }
  return NULL;
}

/* A tensor that must be there, of one type and rank. */
static const FacenetSafetensor *
require_tensor (const FacenetLoader * self, const gchar * name,
    const gchar * dtype, guint rank)
{
  const FacenetSafetensor *tensor = find_tensor (self, name);

  if (tensor == NULL) {
    fail (self, name, FACENET_ERROR_MISSING, "the tensor is missing");
    return NULL;
  }
  if (tensor->rank != rank || (dtype != NULL
          && !g_str_equal (tensor->dtype, dtype))) {
    fail (self, name, FACENET_ERROR_SHAPE,
        "is %s of rank %u, expected %s of rank " "%u", tensor->dtype,
        tensor->rank, dtype != NULL ? dtype : "F32 or F16", rank);
    return NULL;
  }
  return tensor;
}

static gboolean
is_known (const gchar * name)
{
  guint i;

  for (i = 0; i < FACENET_N_COLUMNS; i++) {
    if (g_str_equal (name, facenet_column_tensors[i].blob)
        || g_str_equal (name, facenet_column_tensors[i].offsets))
      return TRUE;
  }
  return g_str_equal (name, FACENET_TENSOR_EMBEDDINGS)
      || g_str_equal (name, FACENET_TENSOR_PERSON)
      || g_str_equal (name, FACENET_TENSOR_QUALITY)
      || g_str_equal (name, FACENET_TENSOR_DOCUMENT);
}

/* A tensor that is not read could not be written back, so it is refused. */
static gboolean
check_container (const FacenetLoader * self)
{
  const gchar *format = g_hash_table_lookup (self->file->metadata, "format");
  guint i;

  if (g_strcmp0 (format, FACENET_GALLERY_FORMAT) != 0) {
    g_set_error (self->error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: \"format\" in its metadata is not \"%s\": this is not a gallery",
        self->location, FACENET_GALLERY_FORMAT);
    return FALSE;
  }
  for (i = 0; i < self->file->tensors->len; i++) {
    const gchar *name = g_array_index (self->file->tensors, FacenetSafetensor,
        i).name;

    if (!is_known (name))
      return fail (self, name, FACENET_ERROR_FORMAT,
          "a gallery has no such tensor");
  }
  return TRUE;
}

/* Makes the gallery, with neither people nor embeddings. */
static gboolean
read_document (FacenetLoader * self)
{
  const FacenetSafetensor *tensor = require_tensor (self,
      FACENET_TENSOR_DOCUMENT, "U8", 1);
  g_autofree gchar *item =
      g_strdup_printf ("%s/%s", self->location, FACENET_TENSOR_DOCUMENT);
  FacenetGalleryPlace place = { item, NULL, -1, NULL, -1 };
  g_autoptr (JsonNode) document = NULL;

  if (tensor == NULL)
    return FALSE;
  document = facenet_json_parse ((const gchar *) tensor->data, tensor->size,
      item, self->error);
  if (document == NULL
      || !facenet_gallery_check_document (document, TRUE, &place, self->error))
    return FALSE;
  json_object_set_null_member (json_node_get_object (document), "identities");
  self->gallery = facenet_gallery_new_for_document (g_steal_pointer
      (&document));
  self->gallery->location = g_filename_display_name (self->location);
  self->gallery->metadata = g_hash_table_ref (self->file->metadata);
  self->gallery->file = g_bytes_ref (self->file->bytes);
  return TRUE;
}

static gboolean
check_embeddings (const FacenetLoader * self, const FacenetSafetensor * tensor)
{
  guint n_dims = self->gallery->model.n_dims;

  if (!g_str_equal (tensor->dtype, "F32") && !g_str_equal (tensor->dtype,
          "F16"))
    return fail (self, tensor->name, FACENET_ERROR_FORMAT,
        "is %s, expected F32 or F16", tensor->dtype);
  if (tensor->dims[1] != n_dims)
    return fail (self, tensor->name, FACENET_ERROR_SHAPE,
        "%" G_GSIZE_FORMAT " numbers a row, expected %u", tensor->dims[1],
        n_dims);
  if (tensor->n_values > FACENET_GALLERY_MAX_NUMBERS)
    return fail (self, tensor->name, FACENET_ERROR_LIMIT,
        "%" G_GSIZE_FORMAT " numbers, at most %u are accepted",
        tensor->n_values, FACENET_GALLERY_MAX_NUMBERS);
  return TRUE;
}

/* Gets at the floats, in the file's own bytes where they are fit for that. */
static gboolean
read_embeddings (FacenetLoader * self)
{
  const FacenetSafetensor *tensor = require_tensor (self,
      FACENET_TENSOR_EMBEDDINGS, NULL, 2);
  FacenetRows *rows = &self->gallery->rows;

  if (tensor == NULL || !check_embeddings (self, tensor))
    return FALSE;
  self->n_rows = (guint) tensor->dims[0];
  self->gallery->format = FACENET_GALLERY_BINARY;
  if (tensor->n_values == 0)
    return TRUE;
  if (g_str_equal (tensor->dtype, "F32") && G_BYTE_ORDER == G_LITTLE_ENDIAN
      && GPOINTER_TO_SIZE (tensor->data) % FACENET_MEMORY_ALIGNMENT == 0) {
    facenet_rows_borrow (rows, self->file->bytes,
        (gfloat *) (gpointer) tensor->data, tensor->n_values);
    return TRUE;
  }
  if (!facenet_rows_reserve (rows, tensor->n_values))
    return fail (self, tensor->name, FACENET_ERROR_LIMIT,
        "no memory for %" G_GSIZE_FORMAT " numbers", tensor->n_values);
  rows->n = tensor->n_values;
  if (g_str_equal (tensor->dtype, "F16")) {
    self->gallery->format = FACENET_GALLERY_BINARY_F16;
    facenet_half_read (rows->data, tensor->data, rows->n);
  } else {
    facenet_float_read (rows->data, tensor->data, rows->n);
  }
  return TRUE;
}

/* Reads a column; it may be absent unless there are ids in it. */
static gboolean
read_column (FacenetLoader * self, FacenetColumnName column, guint n)
{
  const FacenetColumnTensors *names = &facenet_column_tensors[column];
  const FacenetSafetensor *blob = find_tensor (self, names->blob);
  const FacenetSafetensor *offsets = find_tensor (self, names->offsets);

  if ((blob == NULL) != (offsets == NULL))
    return fail (self, blob == NULL ? names->blob : names->offsets,
        FACENET_ERROR_MISSING, "the tensor is missing");
  return facenet_column_read (&self->columns[column], blob, offsets, n,
      self->location, self->error);
}

/* How many people there are. */
static gboolean
count_people (FacenetLoader * self)
{
  const FacenetSafetensor *offsets = require_tensor (self,
      facenet_column_tensors[FACENET_COLUMN_IDS].offsets, "U64", 1);

  if (offsets == NULL)
    return FALSE;
  if (offsets->n_values == 0 || offsets->n_values > G_MAXINT32)
    return fail (self, offsets->name, FACENET_ERROR_SHAPE, "%" G_GSIZE_FORMAT
        " values, expected one more than there are people", offsets->n_values);
  self->n_people = (guint) offsets->n_values - 1;
  return TRUE;
}

/* An object from a column of such, or NULL with no error set when that is
 * empty. The strings that are no members of it, NULL-terminated, may not be. */
static JsonObject *
read_members (const FacenetLoader * self, FacenetColumnName column, guint i,
    const gchar * const *others, GError ** error)
{
  const gchar *text = facenet_column_get (&self->columns[column], i);
  const gchar *tensor = facenet_column_tensors[column].blob;
  g_autofree gchar *item = NULL;
  g_autoptr (JsonNode) node = NULL;
  guint j;

  if (text == NULL)
    return NULL;
  item = g_strdup_printf ("%s/%s: object %u", self->location, tensor, i);
  node = facenet_json_parse (text, strlen (text), item, error);
  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: is %s, expected an object", item,
        facenet_node_get_kind_name (node));
    return NULL;
  }
  for (j = 0; others[j] != NULL; j++) {
    if (json_object_has_member (json_node_get_object (node), others[j])) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
          "%s: has \"%s\", which has a tensor of its own", item, others[j]);
      return NULL;
    }
  }
  return json_node_dup_object (node);
}

/* Adds the members of one object to another. */
static void
add_members (JsonObject * object, JsonObject * more)
{
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, more);
  while (json_object_iter_next_ordered (&iter, &name, &node)) {
    json_object_set_member (object, name, json_node_copy (node));
  }
}

/* The object of a person of whom more is known than a name; NULL with no error
 * set when there is no more. */
static JsonObject *
read_person_object (const FacenetLoader * self, guint i, GError ** error)
{
  static const gchar *const others[] = { "id", "name", "embeddings", NULL };
  const gchar *id = facenet_column_get (&self->columns[FACENET_COLUMN_IDS], i);
  const gchar *name =
      facenet_column_get (&self->columns[FACENET_COLUMN_NAMES], i);
  FacenetGalleryPlace place = { self->location, NULL, (gint) i, id, -1 };
  g_autoptr (JsonObject) members = read_members (self,
      FACENET_COLUMN_IDENTITY_MEMBERS, i, others, error);
  g_autoptr (JsonObject) object = NULL;
  g_autofree gchar *fault = NULL;

  if (members == NULL)
    return NULL;
  object = json_object_new ();
  json_object_set_string_member (object, "id", id);
  if (name != NULL)
    json_object_set_string_member (object, "name", name);
  add_members (object, members);
  if (!facenet_gallery_check_members (object, FACENET_PART_IDENTITY, 0, &place,
          error))
    return NULL;
  fault = facenet_rule_find_fault (object);
  if (fault != NULL) {
    facenet_gallery_place_fail (error, &place, FACENET_ERROR_FORMAT, "%s",
        fault);
    return NULL;
  }
  json_object_set_null_member (object, "embeddings");
  return g_steal_pointer (&object);
}

static gboolean
check_names (const FacenetLoader * self, guint i, const gchar * id,
    const gchar * name)
{
  FacenetGalleryPlace place = { self->location, NULL, (gint) i, NULL, -1 };

  if (id == NULL)
    return facenet_gallery_place_fail (self->error, &place,
        FACENET_ERROR_FORMAT, "\"id\" is empty, expected a name");
  if (strlen (id) > FACENET_GALLERY_MAX_NAME || (name != NULL
          && strlen (name) > FACENET_GALLERY_MAX_NAME))
    return facenet_gallery_place_fail (self->error, &place, FACENET_ERROR_LIMIT,
        "\"id\" or \"name\" is too long, at most %d bytes are accepted",
        FACENET_GALLERY_MAX_NAME);
  return TRUE;
}

static gboolean
add_person (FacenetLoader * self, guint i)
{
  const gchar *id = facenet_column_get (&self->columns[FACENET_COLUMN_IDS], i);
  const gchar *name =
      facenet_column_get (&self->columns[FACENET_COLUMN_NAMES], i);
  g_autoptr (GError) error = NULL;
  JsonObject *object;

  if (!check_names (self, i, id, name))
    return FALSE;
  object = read_person_object (self, i, &error);
  if (error != NULL) {
    g_propagate_error (self->error, g_steal_pointer (&error));
    return FALSE;
  }
  facenet_gallery_push_person (self->gallery, id, name, object);
  return TRUE;
}

static gboolean
add_people (FacenetLoader * self)
{
  FacenetGallery *gallery = self->gallery;
  FacenetGalleryPlace place = { self->location, NULL, -1, NULL, -1 };
  guint i;

  for (i = FACENET_COLUMN_IDS; i < FACENET_COLUMN_SOURCES; i++) {
    if (!read_column (self, (FacenetColumnName) i, self->n_people))
      return FALSE;
  }
  facenet_gallery_reserve_people (gallery, self->n_people);
  for (i = 0; i < self->n_people; i++) {
    if (!add_person (self, i))
      return FALSE;
  }
  facenet_gallery_reserve_ids (gallery, self->n_people);
  place.identity = facenet_gallery_index_ids (gallery);
  if (place.identity < 0)
    return TRUE;
  place.id = facenet_gallery_person (gallery, (guint) place.identity)->view.id;
  return facenet_gallery_place_fail (self->error, &place, FACENET_ERROR_FORMAT,
      "identity %d has the same id", facenet_gallery_find (gallery, place.id));
}

/* Gives every person their rows, which lie together and in the order of the
 * people. */
static gboolean
assign_rows (FacenetLoader * self)
{
  const FacenetSafetensor *tensor = require_tensor (self,
      FACENET_TENSOR_PERSON, "U32", 1);
  guint row, owner = 0, i;

  if (tensor == NULL)
    return FALSE;
  if (tensor->n_values != self->n_rows)
    return fail (self, tensor->name, FACENET_ERROR_SHAPE,
        "%" G_GSIZE_FORMAT " values, expected %u, one for each embedding",
        tensor->n_values, self->n_rows);
  for (row = 0; row < self->n_rows; row++) {
    guint32 person;

    memcpy (&person, tensor->data + (gsize) row * sizeof person, sizeof person);
    person = GUINT32_FROM_LE (person);
    if (person >= self->n_people)
      return fail (self, tensor->name, FACENET_ERROR_FORMAT,
          "embedding %u is of person %u, there are %u", row, person,
          self->n_people);
    if (person < owner)
      return fail (self, tensor->name, FACENET_ERROR_FORMAT,
          "embedding %u is of person %u, behind one of person %u", row, person,
          owner);
    for (; owner < person; owner++) {
      facenet_gallery_person (self->gallery, owner + 1)->first = row;
    }
    facenet_gallery_person (self->gallery, owner)->view.n_embeddings++;
  }
  for (i = owner + 1; i < self->n_people; i++) {
    facenet_gallery_person (self->gallery, i)->first = self->n_rows;
  }
  return TRUE;
}

/* What is known of an embedding; FALSE with an error in the file. */
static gboolean
read_note (const FacenetLoader * self, guint row,
    const FacenetSafetensor * qualities, FacenetNote * note)
{
  static const gchar *const others[] = { "vector", "source", "quality",
    "created", NULL
  };
  FacenetGalleryPlace place = { self->location, NULL, -1, NULL, (gint) row };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) members = NULL;

  note->object = NULL;
  note->source = facenet_column_get (&self->columns[FACENET_COLUMN_SOURCES],
      row);
  note->created = facenet_column_get (&self->columns[FACENET_COLUMN_CREATED],
      row);
  note->quality = (gdouble) NAN;
  if (qualities != NULL) {
    guint64 bits;

    memcpy (&bits, qualities->data + (gsize) row * sizeof bits, sizeof bits);
    bits = GUINT64_FROM_LE (bits);
    memcpy (&note->quality, &bits, sizeof bits);
    if (note->quality < 0 || note->quality > 1)
      return facenet_gallery_place_fail (self->error, &place,
          FACENET_ERROR_FORMAT, "\"quality\" is beyond [0,1]");
  }
  members = read_members (self, FACENET_COLUMN_EMBEDDING_MEMBERS, row, others,
      &error);
  if (members != NULL) {
    note->object = facenet_note_to_object (note);
    add_members (note->object, members);
  }
  if (error == NULL)
    return TRUE;
  g_propagate_error (self->error, g_steal_pointer (&error));
  return FALSE;
}

static gboolean
read_notes (FacenetLoader * self)
{
  const FacenetSafetensor *qualities =
      find_tensor (self, FACENET_TENSOR_QUALITY);
  guint column, row;

  for (column = FACENET_COLUMN_SOURCES; column < FACENET_N_COLUMNS; column++) {
    if (!read_column (self, (FacenetColumnName) column, self->n_rows))
      return FALSE;
  }
  if (qualities != NULL && (!g_str_equal (qualities->dtype, "F64")
          || qualities->n_values != self->n_rows))
    return fail (self, qualities->name, FACENET_ERROR_SHAPE,
        "%" G_GSIZE_FORMAT " values of %s, expected %u of F64",
        qualities->n_values, qualities->dtype, self->n_rows);
  g_array_set_size (self->gallery->notes, self->n_rows);
  for (row = 0; row < self->n_rows; row++) {
    if (!read_note (self, row, qualities, facenet_gallery_note (self->gallery,
                row)))
      return FALSE;
  }
  return TRUE;
}

/* The three parts of the work that have nothing to do with each other: people,
 * notes, and rows in many pieces. Each has a loader and an error of its own. */
typedef struct
{
  FacenetLoader people;
  FacenetLoader notes;
  gboolean people_ok;
  gboolean notes_ok;
  FacenetNormalising rows;
} FacenetParts;

static void
do_part (gpointer data, guint task, guint worker)
{
  FacenetParts *self = data;

  if (task == 0)
    self->people_ok = add_people (&self->people)
        && assign_rows (&self->people);
  else if (task == 1)
    self->notes_ok = read_notes (&self->notes);
  else
    facenet_normalise_piece (&self->rows, task - 2);
}

static gint
compare_rows (gconstpointer a, gconstpointer b)
{
  const FacenetScaled *x = a, *y = b;

  return (x->row > y->row) - (x->row < y->row);
}

/* Makes one result of the parts': the error of the first that has one. */
static gboolean
join_parts (FacenetLoader * self, FacenetParts * parts, GError * errors[2])
{
  guint i;

  for (i = 0; i < 2; i++) {
    if (errors[i] != NULL) {
      g_propagate_error (self->error, g_steal_pointer (&errors[i]));
      g_clear_error (&errors[1]);
      return FALSE;
    }
  }
  if (parts->rows.fault != NULL)
    return fail (self, FACENET_TENSOR_EMBEDDINGS, FACENET_ERROR_FORMAT,
        "row %u %s", parts->rows.bad_row, parts->rows.fault);
  return parts->people_ok && parts->notes_ok;
}

static gboolean
read_parts (FacenetLoader * self)
{
  guint n_dims = self->gallery->model.n_dims;
  g_autofree gfloat *zero = g_new0 (gfloat, n_dims);
  gboolean many = self->n_rows >= MANY_ROWS || self->n_people >= MANY_ROWS;
  g_autoptr (FacenetPool) pool =
      facenet_pool_new (many ? MIN (MAX_THREADS, g_get_num_processors ()) : 1);
  GError *errors[2] = { NULL, NULL };
  FacenetParts parts = { *self, *self, FALSE, FALSE, {0} };

  parts.people.error = &errors[0];
  parts.notes.error = &errors[1];
  parts.rows.gallery = self->gallery;
  parts.rows.rows = self->gallery->rows.data;
  parts.rows.n_rows = parts.rows.bad_row = self->n_rows;
  parts.rows.n_dims = n_dims;
  parts.rows.zero = zero;
  g_mutex_init (&parts.rows.lock);
  facenet_pool_run (pool, do_part, &parts,
      2 + (self->n_rows + FACENET_NORMALISE_ROWS - 1) / FACENET_NORMALISE_ROWS);
  g_mutex_clear (&parts.rows.lock);
  g_array_sort (self->gallery->scaled, compare_rows);
  return join_parts (self, &parts, errors);
}

static gboolean
load (FacenetLoader * self)
{
  return check_container (self)
      && read_document (self)
      && read_embeddings (self)
      && count_people (self)
      && read_parts (self);
}

FacenetGallery *
facenet_gallery_parse_binary (GBytes * bytes, const gchar * location,
    GError ** error)
{
  g_autoptr (FacenetSafetensors) file =
      facenet_safetensors_parse (bytes, location, error);
  FacenetLoader loader = { 0 };

  if (file == NULL)
    return NULL;
  loader.location = location;
  loader.file = file;
  loader.error = error;
  if (!load (&loader))
    g_clear_pointer (&loader.gallery, facenet_gallery_unref);
  return loader.gallery;
}
