/* gallery-binary.c - the binary form of a gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * What JSON says survives the way there and back, and every kind of damage is
 * refused with a message that names it.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "base/facenet-file-private.h"
#include "base/facenet-safetensors-private.h"
#include "gallery/facenet-gallery-private.h"
#include "samples.h"

/* Every member there is, unknown ones at every level, people without
 * embeddings first, between and last, one of whom nothing more is known. */
static const gchar rich[] =
    "{\"format\":\"facenet-gallery\",\"version\":1,\"acme-site\":[1,{\"a\":2.5}],"
    "\"model\":{\"id\":\"m\",\"name\":\"tiny\",\"dims\":4,\"acme-x\":true},"
    "\"defaults\":{\"threshold\":0.5},\"identities\":["
    "{\"id\":\"nobody\"},"
    "{\"id\":\"ann\",\"name\":\"Ann Sm\303\255th\",\"threshold\":0.7,"
    "\"tags\":[\"staff\",\"day\"],\"action\":\"alert\","
    "\"valid-until\":\"2027-01-01T00:00:00Z\",\"acme-badge\":\"\\u0001\\n\","
    "\"embeddings\":[{\"vector\":[1,0,0,0],\"source\":\"a1.jpg\","
    "\"quality\":0.9,\"created\":\"2026-01-01T00:00:00Z\"},"
    "{\"vector\":[0,1,0,0],\"acme-camera\":{\"n\":7}}]},"
    "{\"id\":\"between\",\"embeddings\":[]},"
    "{\"id\":\"bob\",\"embeddings\":[{\"vector\":[0,0,1,0],\"quality\":0}]},"
    "{\"id\":\"last\",\"name\":\"\"}]}";

static gchar *folder;

static gchar *
path_of (const gchar * name)
{
  return g_build_filename (folder, name, NULL);
}

static FacenetGallery *
load_rich (void)
{
  g_autoptr (GError) error = NULL;
  FacenetGallery *gallery =
      facenet_gallery_parse (rich, strlen (rich), "rich", &error);

  g_assert_no_error (error);
  return gallery;
}

/* Writes a gallery in a format and reads it again. */
static FacenetGallery *
pass_through (FacenetGallery * gallery, FacenetGalleryFormat format)
{
  g_autofree gchar *path = path_of ("through");
  g_autoptr (GError) error = NULL;
  FacenetGallery *again;

  facenet_gallery_set_format (gallery, format);
  facenet_gallery_save (gallery, path, &error);
  g_assert_no_error (error);
  again = facenet_gallery_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (facenet_gallery_get_format (again), ==, format);
  return again;
}

static void
assert_same_json (const gchar * name, JsonObject * a, JsonObject * b)
{
  g_autoptr (JsonNode) x = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonNode) y = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (x, a);
  json_node_set_object (y, b);
  if (!json_node_equal (x, y)) {
    g_autofree gchar *one = json_to_string (x, TRUE);
    g_autofree gchar *other = json_to_string (y, TRUE);

    g_error ("%s: %s\nis not %s", name, one, other);
  }
}

/* Whether two galleries say the same; the order of members, "embeddings": []
 * and an empty name say nothing. */
static void
assert_same (const FacenetGallery * a, const FacenetGallery * b)
{
  guint i;

  assert_same_json ("root", json_node_get_object (a->document),
      json_node_get_object (b->document));
  g_assert_cmpuint (a->people->len, ==, b->people->len);
  g_assert_cmpuint (a->notes->len, ==, b->notes->len);
  g_assert_cmpmem (a->rows.data, a->rows.n * sizeof (gfloat), b->rows.data,
      b->rows.n * sizeof (gfloat));
  for (i = 0; i < a->people->len; i++) {
    const FacenetPerson *x = facenet_gallery_person (a, i);
    const FacenetPerson *y = facenet_gallery_person (b, i);
    g_autoptr (GString) one = g_string_new (NULL);
    g_autoptr (GString) other = g_string_new (NULL);

    g_assert_cmpstr (x->view.id, ==, y->view.id);
    g_assert_cmpstr (x->view.name, ==, y->view.name);
    g_assert_cmpfloat (x->view.threshold, ==, y->view.threshold);
    g_assert_cmpuint (x->view.n_embeddings, ==, y->view.n_embeddings);
    g_assert_cmpuint (x->first, ==, y->first);
    facenet_gallery_print_person_rest (x, one);
    facenet_gallery_print_person_rest (y, other);
    g_assert_cmpstr (one->str, ==, other->str);
    g_assert_cmpint (facenet_gallery_find (b, x->view.id), ==, (gint) i);
  }
  for (i = 0; i < a->notes->len; i++) {
    g_autoptr (JsonObject) x =
        facenet_note_to_object (facenet_gallery_note (a, i));
    g_autoptr (JsonObject) y =
        facenet_note_to_object (facenet_gallery_note (b, i));

    assert_same_json ("embedding", x, y);
  }
}

static void
test_there_and_back (void)
{
  g_autoptr (FacenetGallery) gallery = load_rich ();
  g_autoptr (FacenetGallery) binary =
      pass_through (gallery, FACENET_GALLERY_BINARY);
  g_autoptr (FacenetGallery) json = NULL;
  g_autoptr (FacenetGallery) again = NULL;

  g_assert_cmpuint (facenet_gallery_get_n_embeddings (binary), ==, 3);
  assert_same (gallery, binary);
  again = pass_through (binary, FACENET_GALLERY_BINARY);
  assert_same (gallery, again);
  json = pass_through (again, FACENET_GALLERY_JSON);
  assert_same (gallery, json);
}

static void
test_same_bytes (void)
{
  g_autoptr (FacenetGallery) gallery = load_rich ();
  g_autoptr (FacenetGallery) binary = NULL;
  g_autofree gchar *path = path_of ("through");
  g_autofree gchar *first = NULL, *second = NULL;
  gsize first_size, second_size;

  binary = pass_through (gallery, FACENET_GALLERY_BINARY);
  g_assert_true (g_file_get_contents (path, &first, &first_size, NULL));
  g_assert_true (facenet_gallery_save (binary, path, NULL));
  g_assert_true (g_file_get_contents (path, &second, &second_size, NULL));
  g_assert_cmpmem (first, first_size, second, second_size);
}

static void
test_empty (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);
  g_autoptr (FacenetGallery) again =
      pass_through (gallery, FACENET_GALLERY_BINARY);

  g_assert_cmpuint (facenet_gallery_get_n_identities (again), ==, 0);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (again), ==, 0);
  sample_add (again, "ann", 0.5);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (again), ==, 1);
}

static void
test_f16 (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);
  g_autoptr (FacenetGallery) again = NULL;
  guint i;

  for (i = 0; i < 30; i++) {
    g_autofree gchar *id = g_strdup_printf ("%u", i);

    sample_add (gallery, id, 0.1 * (i + 1));
  }
  again = pass_through (gallery, FACENET_GALLERY_BINARY_F16);
  for (i = 0; i < gallery->rows.n; i++) {
    assert_near (gallery->rows.data[i], again->rows.data[i], 1e-3);
  }
}

/* People come and go in a gallery whose floats lie in the file's bytes. */
static void
test_edit (void)
{
  g_autoptr (FacenetGallery) gallery = load_rich ();
  g_autoptr (FacenetGallery) binary =
      pass_through (gallery, FACENET_GALLERY_BINARY);
  g_autoptr (FacenetGallery) again = NULL;
  FacenetGallery *both[] = { gallery, binary };
  guint i;

  for (i = 0; i < 2; i++) {
    g_assert_true (facenet_gallery_remove (both[i], "between", NULL));
    sample_add (both[i], "ann", 0.3);
    sample_add (both[i], "last", 0.4);
    sample_add (both[i], "new", 0.4);
    g_assert_true (facenet_gallery_remove (both[i], "bob", NULL));
    g_assert_cmpint (facenet_gallery_find (both[i], "bob"), ==, -1);
    g_assert_cmpint (facenet_gallery_find (both[i], "new"), ==, 3);
  }
  assert_same (gallery, binary);
  again = pass_through (binary, FACENET_GALLERY_JSON);
  assert_same (gallery, again);
}

/* A file as a list of tensors, to be spoilt. */
typedef struct
{
  GHashTable *metadata;
  GArray *tensors;              /* of FacenetSafetensor */
  FacenetSafetensors *file;
} Parts;

static FacenetSafetensor *
part (Parts * self, const gchar * name)
{
  guint i;

  for (i = 0; i < self->tensors->len; i++) {
    FacenetSafetensor *tensor =
        &g_array_index (self->tensors, FacenetSafetensor, i);

    if (g_str_equal (tensor->name, name))
      return tensor;
  }
  g_assert_not_reached ();
}

/* The bytes of a tensor, to be written to. */
static gpointer
bytes_of (Parts * self, const gchar * name)
{
  return (gpointer) part (self, name)->data;
}

static void
drop (Parts * self, const gchar * name)
{
  g_free ((gpointer) part (self, name)->data);
  g_array_remove_index (self->tensors,
      (guint) (part (self, name) - (FacenetSafetensor *) (gpointer)
          self->tensors->data));
}

static void
spoil_format (Parts * self)
{
  g_hash_table_remove (self->metadata, "format");
}

static void
spoil_extra (Parts * self)
{
  part (self, "quality")->name = (gchar *) "mine";
}

static void
spoil_embeddings (Parts * self)
{
  drop (self, "embeddings");
}

static void
spoil_dtype (Parts * self)
{
  part (self, "embeddings")->dtype = "I32";
}

static void
spoil_shape (Parts * self)
{
  part (self, "embeddings")->dims[0] = 6;
  part (self, "embeddings")->dims[1] = 2;
}

static void
spoil_nan (Parts * self)
{
  ((gfloat *) bytes_of (self, "embeddings"))[5] = NAN;
}

static void
spoil_zero (Parts * self)
{
  memset (bytes_of (self, "embeddings"), 0, 16);
}

static void
spoil_person (Parts * self)
{
  ((guint32 *) bytes_of (self, "person"))[2] = 5;
}

static void
spoil_order (Parts * self)
{
  ((guint32 *) bytes_of (self, "person"))[1] = 0;
}

static void
spoil_person_count (Parts * self)
{
  part (self, "person")->dims[0] = 2;
  part (self, "person")->size = 8;
}

static void
spoil_id_offsets (Parts * self)
{
  ((guint64 *) bytes_of (self, "id_offsets"))[1] = 1u << 30;
}

static void
spoil_id_order (Parts * self)
{
  ((guint64 *) bytes_of (self, "id_offsets"))[2] = 1;
}

static void
spoil_id_end (Parts * self)
{
  ((guint64 *) bytes_of (self, "id_offsets"))[5] -= 1;
}

static void
spoil_id_utf8 (Parts * self)
{
  ((guint8 *) bytes_of (self, "ids"))[0] = 0xff;
}

static void
spoil_id_nul (Parts * self)
{
  ((guint8 *) bytes_of (self, "ids"))[2] = 0;
}

static void
spoil_id_twice (Parts * self)
{
  memcpy ((guint8 *) bytes_of (self, "ids") + strlen ("nobody.ann.between."),
      "ann", 3);
}

static void
spoil_id_empty (Parts * self)
{
  guint8 *ids = bytes_of (self, "ids");

  /* "nobody" becomes "" and "ann" the rest. */
  ids[0] = 0;
  ids[6] = 'y';
  ((guint64 *) bytes_of (self, "id_offsets"))[1] = 1;
}

static void
spoil_blob (Parts * self)
{
  drop (self, "names");
}

static void
spoil_no_ids (Parts * self)
{
  drop (self, "id_offsets");
}

static void
spoil_quality (Parts * self)
{
  ((gdouble *) bytes_of (self, "quality"))[0] = 1.5;
}

static void
spoil_members (Parts * self)
{
  ((gchar *) bytes_of (self, "identity_members"))[1] = '[';
}

static void
spoil_members_id (Parts * self)
{
  gchar *at = strstr ((gchar *) bytes_of (self, "embedding_members") + 1,
      "acme-camera");

  memcpy (at, "vector\",\"12", 8);
  memcpy (at - 1, "\"vector\"      ", 13);
}

static void
spoil_document (Parts * self)
{
  ((gchar *) bytes_of (self, "document"))[1] = ',';
}

typedef struct
{
  const gchar *name;
  void (*spoil) (Parts * self);
  FacenetError code;
  const gchar *message;
} Damage;

/* *INDENT-OFF* */
static const Damage damages[] = {
  { "format", spoil_format, FACENET_ERROR_FORMAT, "this is not a gallery" },
  { "tensor-unknown", spoil_extra, FACENET_ERROR_FORMAT, "/mine: a gallery has no such tensor" },
  { "no-embeddings", spoil_embeddings, FACENET_ERROR_MISSING, "/embeddings: the tensor is missing" },
  { "dtype", spoil_dtype, FACENET_ERROR_FORMAT, "/embeddings: is I32, expected F32 or F16" },
  { "dims", spoil_shape, FACENET_ERROR_SHAPE, "/embeddings: 2 numbers a row, expected 4" },
  { "nan", spoil_nan, FACENET_ERROR_FORMAT, "/embeddings: row 1 has numbers that are not finite" },
  { "zero", spoil_zero, FACENET_ERROR_FORMAT, "/embeddings: row 0 has length zero" },
  { "person-beyond", spoil_person, FACENET_ERROR_FORMAT, "/person: embedding 2 is of person 5, there are 5" },
  { "person-order", spoil_order, FACENET_ERROR_FORMAT, "/person: embedding 1 is of person 0, behind one of person 1" },
  { "person-count", spoil_person_count, FACENET_ERROR_SHAPE, "/person: 2 values, expected 3" },
  { "offset-beyond", spoil_id_offsets, FACENET_ERROR_FORMAT, "/ids: string 0 does not end with a NUL at byte 1073741824" },
  { "offset-order", spoil_id_order, FACENET_ERROR_FORMAT, "/ids: string 1 does not end with a NUL at byte 1" },
  { "offset-end", spoil_id_end, FACENET_ERROR_FORMAT, "/id_offsets: from 0 to" },
  { "id-utf8", spoil_id_utf8, FACENET_ERROR_FORMAT, "/ids: string 0 is not valid UTF-8" },
  { "id-nul", spoil_id_nul, FACENET_ERROR_FORMAT, "/ids: a string with a NUL in it" },
  { "id-twice", spoil_id_twice, FACENET_ERROR_FORMAT, "identity 3 \"ann\": identity 1 has the same id" },
  { "id-empty", spoil_id_empty, FACENET_ERROR_FORMAT, "identity 0: \"id\" is empty" },
  { "no-blob", spoil_blob, FACENET_ERROR_MISSING, "/names: the tensor is missing" },
  { "no-ids", spoil_no_ids, FACENET_ERROR_MISSING, "/id_offsets: the tensor is missing" },
  { "quality", spoil_quality, FACENET_ERROR_FORMAT, "embedding 0: \"quality\" is beyond [0,1]" },
  { "members", spoil_members, FACENET_ERROR_FORMAT, "identity_members: object 1: " },
  { "members-vector", spoil_members_id, FACENET_ERROR_FORMAT, "has \"vector\", which has a tensor of its own" },
  { "document", spoil_document, FACENET_ERROR_FORMAT, "/document: line 1, column 2" },
};
/* *INDENT-ON* */

/* Writes the rich gallery, spoilt, and says what loading that gives. */
static void
test_damage (gconstpointer data)
{
  const Damage *damage = data;
  g_autoptr (FacenetGallery) gallery = load_rich ();
  g_autoptr (FacenetGallery) spoilt = NULL;
  g_autoptr (FacenetSafetensors) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GArray) tensors = NULL;
  g_autofree gchar *path = path_of ("damaged");
  g_autoptr (GError) error = NULL;
  Parts parts;
  guint i;

  /* Three numbers make three people follow each other in "person". */
  facenet_gallery_set_format (gallery, FACENET_GALLERY_BINARY);
  g_assert_true (facenet_gallery_save (gallery, path, NULL));
  bytes = facenet_file_read (path, 1 << 20, NULL);
  file = facenet_safetensors_parse (bytes, path, NULL);
  tensors = g_array_new (FALSE, FALSE, sizeof (FacenetSafetensor));
  g_array_append_vals (tensors, file->tensors->data, file->tensors->len);
  for (i = 0; i < tensors->len; i++) {
    FacenetSafetensor *tensor = &g_array_index (tensors, FacenetSafetensor, i);
    guint8 *copy = g_malloc0 (tensor->size + 1);

    memcpy (copy, tensor->data, tensor->size);
    tensor->data = copy;
  }
  parts.metadata = file->metadata;
  parts.tensors = tensors;
  parts.file = file;
  damage->spoil (&parts);
  g_assert_true (facenet_safetensors_write (path, (FacenetSafetensor *)
          (gpointer) tensors->data, tensors->len, parts.metadata, &error));
  spoilt = facenet_gallery_load (path, &error);
  g_assert_null (spoilt);
  g_assert_error (error, FACENET_ERROR, (gint) damage->code);
  if (strstr (error->message, damage->message) == NULL
      || !g_str_has_prefix (error->message, path))
    g_error ("\"%s\" is not about \"%s\"", error->message, damage->message);
  for (i = 0; i < tensors->len; i++) {
    g_free ((gpointer) g_array_index (tensors, FacenetSafetensor, i).data);
  }
}

static void
test_truncated (void)
{
  g_autoptr (FacenetGallery) gallery = load_rich ();
  g_autofree gchar *path = path_of ("cut");
  g_autofree gchar *contents = NULL;
  gsize size, n;

  facenet_gallery_set_format (gallery, FACENET_GALLERY_BINARY);
  g_assert_true (facenet_gallery_save (gallery, path, NULL));
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  for (n = 0; n < size; n += 1 + size / 97) {
    g_autoptr (GError) error = NULL;

    g_assert_true (g_file_set_contents (path, contents, (gssize) n, NULL));
    g_assert_null (facenet_gallery_load (path, &error));
    g_assert_true (error->domain == FACENET_ERROR);
  }
}

/* More embeddings than one thread checks, and a vector among them that is to
 * be scaled. */
static void
test_large (void)
{
  FacenetGalleryModel model = { "m", NULL, NULL, 128 };
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&model);
  g_autoptr (FacenetGallery) again = NULL;
  gfloat vector[128] = { 0 };
  FacenetEnrolment enrolment = { vector, 128, "a.jpg", 0.5 };
  guint i, n = 20000;

  for (i = 0; i < n; i++) {
    g_autofree gchar *id = g_strdup_printf ("person-%u", i / 3);

    vector[i % 128] += 1.0f;
    g_assert_true (facenet_gallery_add (gallery, id, NULL, &enrolment, NULL));
  }
  gallery->rows.data[128 * 11111] *= 3.0f;
  again = pass_through (gallery, FACENET_GALLERY_BINARY);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (again), ==, n);
  g_assert_cmpint (facenet_gallery_find (again, "person-6000"), ==, 6000);
  for (i = 0; i < n; i++) {
    gfloat zero[128] = { 0 };

    assert_near (facenet_squared_l2 (facenet_gallery_row (again, i), zero,
            128), 1, 2e-4);
  }
  g_assert_cmpmem (facenet_gallery_row (gallery, n - 1), sizeof vector,
      facenet_gallery_row (again, n - 1), sizeof vector);
}

int
main (int argc, char **argv)
{
  gint status;
  guint i;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("facenet-binary-XXXXXX", NULL);
  g_test_add_func ("/gallery-binary/there-and-back", test_there_and_back);
  g_test_add_func ("/gallery-binary/same-bytes-again", test_same_bytes);
  g_test_add_func ("/gallery-binary/empty", test_empty);
  g_test_add_func ("/gallery-binary/half-floats", test_f16);
  g_test_add_func ("/gallery-binary/edit", test_edit);
  g_test_add_func ("/gallery-binary/truncated-anywhere", test_truncated);
  g_test_add_func ("/gallery-binary/large", test_large);
  for (i = 0; i < G_N_ELEMENTS (damages); i++) {
    g_autofree gchar *name =
        g_strdup_printf ("/gallery-binary/refuses/%s", damages[i].name);

    g_test_add_data_func (name, &damages[i], test_damage);
  }
  status = g_test_run ();
  for (i = 0; i < 3; i++) {
    static const gchar *const names[] = { "through", "damaged", "cut" };
    g_autofree gchar *path = path_of (names[i]);

    g_unlink (path);
  }
  g_rmdir (folder);
  g_free (folder);
  return status;
}
