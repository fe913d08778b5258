/* facenet-gallery-binary-save.c - a gallery as one safetensors file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Out: embeddings [n, n_dims], the person of each row, and columns of strings
 * for what is known of people and embeddings (docs/gallery-format.md). What
 * has no column goes into two columns of JSON objects, what belongs to nobody
 * into a JSON document. Columns in which nothing stands are left out.
 */
#include <math.h>
#include <string.h>

#include "base/facenet-half-private.h"
#include "base/facenet-safetensors-private.h"
#include "gallery/facenet-gallery-binary-private.h"
#include "gallery/facenet-gallery-private.h"

/* embeddings, person, quality, document, and two for each column. */
#define MAX_TENSORS (4 + 2 * FACENET_N_COLUMNS)

/* *INDENT-OFF* */
const FacenetColumnTensors facenet_column_tensors[FACENET_N_COLUMNS] = {
  { "ids",               "id_offsets" },
  { "names",             "name_offsets" },
  { "identity_members",  "identity_member_offsets" },
  { "sources",           "source_offsets" },
  { "created",           "created_offsets" },
  { "embedding_members", "embedding_member_offsets" }
};
/* *INDENT-ON* */

/* A file that is being put together. */
typedef struct
{
  const FacenetGallery *gallery;
  FacenetSafetensor tensors[MAX_TENSORS];
  gsize n;
  GPtrArray *memory;            /* of what the tensors point to, g_free */
  GString *columns[FACENET_N_COLUMNS];
  GArray *offsets[FACENET_N_COLUMNS];
} FacenetWriter;

/* Adds a tensor of one dimension, or two when columns is not 0; names and data
 * must live on. */
static void
add_tensor (FacenetWriter * self, const gchar * name, const gchar * dtype,
    gsize size, const FacenetSafetensor * shape)
{
  FacenetSafetensor *tensor = &self->tensors[self->n++];

  *tensor = *shape;
  tensor->name = (gchar *) name;
  tensor->dtype = dtype;
  tensor->size = size;
}

static void
add_vector (FacenetWriter * self, const gchar * name, const gchar * dtype,
    gconstpointer data, gsize n, gsize item_size)
{
  FacenetSafetensor shape = { 0 };

  shape.rank = 1;
  shape.dims[0] = shape.n_values = n;
  shape.data = data;
  add_tensor (self, name, dtype, n * item_size, &shape);
}

static gpointer
own (FacenetWriter * self, gpointer memory)
{
  g_ptr_array_add (self->memory, memory);
  return memory;
}

/* FALSE: no memory. */
static gboolean
add_embeddings (FacenetWriter * self)
{
  const FacenetRows *rows = &self->gallery->rows;
  gboolean half = self->gallery->format == FACENET_GALLERY_BINARY_F16;
  gsize size = rows->n * (half ? sizeof (guint16) : sizeof (gfloat));
  FacenetSafetensor shape = { 0 };

  shape.rank = 2;
  shape.dims[0] = self->gallery->notes->len;
  shape.dims[1] = self->gallery->model.n_dims;
  shape.n_values = rows->n;
  shape.data = (const guint8 *) rows->data;
  if (half || G_BYTE_ORDER != G_LITTLE_ENDIAN) {
    guint8 *bytes = own (self, g_try_malloc (MAX (size, 1)));

    if (bytes == NULL)
      return FALSE;
    if (half)
      facenet_half_write (bytes, rows->data, rows->n);
    else
      facenet_float_write (bytes, rows->data, rows->n);
    shape.data = bytes;
  }
  add_tensor (self, FACENET_TENSOR_EMBEDDINGS, half ? "F16" : "F32", size,
      &shape);
  return TRUE;
}

static void
add_people (FacenetWriter * self)
{
  const FacenetGallery *gallery = self->gallery;
  guint32 *people = own (self, g_new (guint32, MAX (gallery->notes->len, 1)));
  guint i, j;

  for (i = 0; i < gallery->people->len; i++) {
    const FacenetPerson *person = facenet_gallery_person (gallery, i);

    for (j = 0; j < person->view.n_embeddings; j++) {
      people[person->first + j] = GUINT32_TO_LE (i);
    }
  }
  add_vector (self, FACENET_TENSOR_PERSON, "U32", people, gallery->notes->len,
      sizeof *people);
}

/* Ends a string of a column that has just been written, or adds one whole. */
static void
end_string (FacenetWriter * self, FacenetColumnName column,
    const gchar * string)
{
  guint64 offset;

  if (string != NULL)
    g_string_append (self->columns[column], string);
  g_string_append_c (self->columns[column], '\0');
  offset = GUINT64_TO_LE ((guint64) self->columns[column]->len);
  g_array_append_val (self->offsets[column], offset);
}

static void
write_person (FacenetWriter * self, const FacenetPerson * person)
{
  const FacenetIdentity *view = &person->view;

  end_string (self, FACENET_COLUMN_IDS, view->id);
  end_string (self, FACENET_COLUMN_NAMES,
      view->name != view->id ? view->name : NULL);
  facenet_gallery_print_person_rest (person,
      self->columns[FACENET_COLUMN_IDENTITY_MEMBERS]);
  end_string (self, FACENET_COLUMN_IDENTITY_MEMBERS, NULL);
}

/* Returns the note's quality. */
static gdouble
write_note (FacenetWriter * self, const FacenetNote * note)
{
  const gchar *source = note->source, *created = note->created;
  gdouble quality = note->quality;

  if (note->object != NULL) {
    source = json_object_get_string_member_with_default (note->object,
        "source", NULL);
    created = json_object_get_string_member_with_default (note->object,
        "created", NULL);
    quality = json_object_get_double_member_with_default (note->object,
        "quality", (gdouble) NAN);
  }
  end_string (self, FACENET_COLUMN_SOURCES, source);
  end_string (self, FACENET_COLUMN_CREATED, created);
  facenet_gallery_print_note_rest (note,
      self->columns[FACENET_COLUMN_EMBEDDING_MEMBERS]);
  end_string (self, FACENET_COLUMN_EMBEDDING_MEMBERS, NULL);
  return quality;
}

static void
add_notes (FacenetWriter * self)
{
  const GArray *notes = self->gallery->notes;
  guint64 *qualities = own (self, g_new (guint64, MAX (notes->len, 1)));
  gboolean any = FALSE;
  guint i;

  for (i = 0; i < notes->len; i++) {
    gdouble quality = write_note (self, &g_array_index (notes, FacenetNote, i));

    any |= !isnan (quality);
    memcpy (&qualities[i], &quality, sizeof quality);
    qualities[i] = GUINT64_TO_LE (qualities[i]);
  }
  if (any)
    add_vector (self, FACENET_TENSOR_QUALITY, "F64", qualities, notes->len,
        sizeof *qualities);
}

static void
add_column (FacenetWriter * self, FacenetColumnName column)
{
  const GString *blob = self->columns[column];
  const GArray *offsets = self->offsets[column];

  /* As many bytes as strings: all NUL. */
  if (blob->len < offsets->len && column != FACENET_COLUMN_IDS)
    return;
  add_vector (self, facenet_column_tensors[column].blob, "U8", blob->str,
      blob->len, 1);
  add_vector (self, facenet_column_tensors[column].offsets, "U64",
      offsets->data, offsets->len, sizeof (guint64));
}

static gboolean
fill (FacenetWriter * self, GString * document)
{
  const FacenetGallery *gallery = self->gallery;
  guint i;

  /* The embeddings go first: there they are aligned in the file. */
  if (!add_embeddings (self))
    return FALSE;
  add_people (self);
  for (i = 0; i < gallery->people->len; i++) {
    write_person (self, facenet_gallery_person (gallery, i));
  }
  add_notes (self);
  for (i = 0; i < FACENET_N_COLUMNS; i++) {
    add_column (self, (FacenetColumnName) i);
  }
  facenet_gallery_print_root (gallery, document);
  add_vector (self, FACENET_TENSOR_DOCUMENT, "U8", document->str,
      document->len, 1);
  return TRUE;
}

static gboolean
check_size (const FacenetWriter * self, const gchar * location, GError ** error)
{
  gsize size = 0, i;

  for (i = 0; i < self->n; i++) {
    size += self->tensors[i].size;
  }
  if (size <= FACENET_GALLERY_MAX_BINARY - FACENET_SAFETENSORS_MAX_HEADER)
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
      "%s: the gallery takes %" G_GSIZE_FORMAT " bytes, at most %"
      G_GSIZE_FORMAT " are accepted", location, size,
      FACENET_GALLERY_MAX_BINARY - FACENET_SAFETENSORS_MAX_HEADER);
  return FALSE;
}

static GBytes *
serialise (const FacenetWriter * self, const gchar * location, GError ** error)
{
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree gchar *version = g_strdup_printf ("%d", FACENET_GALLERY_VERSION);
  GHashTableIter iter;
  gpointer key, value;

  if (self->gallery->metadata != NULL) {
    g_hash_table_iter_init (&iter, self->gallery->metadata);
    while (g_hash_table_iter_next (&iter, &key, &value)) {
      g_hash_table_insert (metadata, key, value);
    }
  }
  g_hash_table_insert (metadata, (gpointer) "format",
      (gpointer) FACENET_GALLERY_FORMAT);
  g_hash_table_insert (metadata, (gpointer) "version", version);
  if (!check_size (self, location, error))
    return NULL;
  return facenet_safetensors_serialise (location, self->tensors, self->n,
      metadata, error);
}

GBytes *
facenet_gallery_print_binary (const FacenetGallery * self,
    const gchar * location, GError ** error)
{
  g_autoptr (GPtrArray) memory = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) document = g_string_new (NULL);
  FacenetWriter writer = { 0 };
  GBytes *bytes = NULL;
  guint64 zero = 0;
  guint i;

  writer.gallery = self;
  writer.memory = memory;
  for (i = 0; i < FACENET_N_COLUMNS; i++) {
    writer.columns[i] = g_string_new (NULL);
    writer.offsets[i] = g_array_new (FALSE, FALSE, sizeof zero);
    g_array_append_val (writer.offsets[i], zero);
  }
  if (fill (&writer, document))
    bytes = serialise (&writer, location, error);
  else
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: no memory for %u embeddings", location, self->notes->len);
  for (i = 0; i < FACENET_N_COLUMNS; i++) {
    g_string_free (writer.columns[i], TRUE);
    g_array_unref (writer.offsets[i]);
  }
  return bytes;
}
