/* torch.c - PyTorch state dicts are read, and nothing else is run
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "import/facenet-import-private.h"
#include "weights/facenet-format-private.h"

#include "archive.h"

#include <math.h>
#include <string.h>

static const gint32 two[] = { 2 }, one[] = { 1 };
static const gint32 square[] = { 2, 2 };

/* Six floats as the storage "0", and whatever else a test adds. */
typedef struct
{
  GByteArray *pickle;
  Archive *archive;
  gfloat numbers[6];
} Fixture;

static void
set_up (Fixture * self, gconstpointer data)
{
  const gfloat numbers[] = { 1.5f, -2.0f, 3.25f, 1e-9f, 5.0f, 1e9f };

  memcpy (self->numbers, numbers, sizeof numbers);
  self->pickle = pickle_new ();
  self->archive = archive_new (ARCHIVE_DESCRIPTORS | ARCHIVE_END_64);
}

static void
tear_down (Fixture * self, gconstpointer data)
{
  g_byte_array_unref (self->pickle);
}

/* A vector of the first two numbers. */
static void
add_vector (Fixture * self, const gchar * name)
{
  pickle_tensor (self->pickle, name, "FloatStorage", "0", 6, 0, 1, two, one);
}

/* Ends the pickle and the archive. */
static GBytes *
finish (Fixture * self)
{
  pickle_op (self->pickle, '.');
  archive_add (self->archive, "m/data.pkl", self->pickle->data,
      self->pickle->len);
  archive_add (self->archive, "m/byteorder", "little", 6);
  archive_add (self->archive, "m/data/0", self->numbers, sizeof self->numbers);
  return g_byte_array_free_to_bytes (archive_end (self->archive));
}

static FacenetWeights *
load_bytes (GBytes * bytes, GError ** error)
{
  FacenetSource source = { "m.pt", bytes };

  g_assert_cmpint (facenet_format_sniff (NULL, bytes), ==,
      FACENET_FORMAT_TORCH);
  return facenet_format_torch_load (&source, error);
}

static FacenetWeights *
load (Fixture * self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = finish (self);
  FacenetWeights *weights = load_bytes (bytes, &error);

  g_assert_no_error (error);
  return weights;
}

static void
assert_error (const GError * error, FacenetError code, const gchar * words)
{
  g_assert_error (error, FACENET_ERROR, (gint) code);
  if (strstr (error->message, words) == NULL) {
    g_error ("no \"%s\" in: %s", words, error->message);
  }
  g_assert_true (g_str_has_prefix (error->message, "m.pt"));
}

static void
assert_refused (Fixture * self, FacenetError code, const gchar * words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = finish (self);

  g_assert_null (load_bytes (bytes, &error));
  assert_error (error, code, words);
}

static void
assert_values (const FacenetWeights * weights, const gchar * name, gsize n,
    const gfloat * values)
{
  const FacenetTensor *tensor = facenet_weights_get (weights, name);

  g_assert_nonnull (tensor);
  g_assert_cmpmem (tensor->values, tensor->n_values * sizeof (gfloat),
      values, n * sizeof (gfloat));
}

static void
test_tensors_and_views (Fixture * self, gconstpointer data)
{
  static const gint32 rows[] = { 2, 1 }, columns[] = { 1, 2 };
  static const gint32 volume[] = { 1, 2, 1, 3 };
  static const gint32 steps[] = { 0, 3, 99, 1 };
  g_autoptr (FacenetWeights) weights = NULL;
  const FacenetTensor *tensor;

  add_vector (self, "conv1.bias");
  pickle_tensor (self->pickle, "ln.weight", "FloatStorage", "0", 6, 1, 2,
      square, rows);
  pickle_tensor (self->pickle, "transposed", "FloatStorage", "0", 6, 1, 2,
      square, columns);
  weights = load (self);
  assert_values (weights, "conv1_b", 2, self->numbers);
  assert_values (weights, "dense_w", 4, self->numbers + 1);
  assert_values (weights, "transposed", 4, (gfloat[4]) {
        self->numbers[1], self->numbers[3], self->numbers[2], self->numbers[4]
      });
  tensor = facenet_weights_get (weights, "dense_w");
  g_assert_cmpuint (tensor->rank, ==, 2);
  g_clear_pointer (&weights, facenet_weights_free);

  tear_down (self, NULL);
  set_up (self, NULL);
  pickle_tensor (self->pickle, "conv1.weight", "FloatStorage", "0", 6, 0, 4,
      volume, steps);
  weights = load (self);
  tensor = facenet_weights_get (weights, "conv1_w");
  g_assert_cmpuint (tensor->dims[3], ==, 3);
  assert_values (weights, "conv1_w", 6, self->numbers);
}

static void
test_scalar_and_empty (Fixture * self, gconstpointer data)
{
  static const gint32 none[] = { 0 };
  g_autoptr (FacenetWeights) weights = NULL;

  pickle_tensor (self->pickle, "scalar", "FloatStorage", "0", 6, 2, 0, NULL,
      NULL);
  pickle_tensor (self->pickle, "empty", "FloatStorage", "0", 6, 6, 1, none,
      one);
  weights = load (self);
  assert_values (weights, "scalar", 1, self->numbers + 2);
  assert_values (weights, "empty", 0, NULL);
}

static void
test_halves_and_doubles (Fixture * self, gconstpointer data)
{
  const guint8 halves[] = { 0x00, 0x3c, 0x00, 0xc0 };   /* 1, -2 */
  const gdouble doubles[] = { 0.1, -1e30 };
  const gfloat floats[] = { 0.1f, -1e30f };
  g_autoptr (FacenetWeights) weights = NULL;

  archive_add (self->archive, "m/data/h", halves, sizeof halves);
  archive_add (self->archive, "m/data/d", doubles, sizeof doubles);
  pickle_tensor (self->pickle, "bn1.weight", "HalfStorage", "h", 2, 0, 1, two,
      one);
  pickle_tensor (self->pickle, "bn1.bias", "DoubleStorage", "d", 2, 0, 1, two,
      one);
  weights = load (self);
  assert_values (weights, "bn1_w", 2, (gfloat[2]) {
      1.0f, -2.0f}
  );
  assert_values (weights, "bn1_b", 2, floats);
}

/* torch.save() of what state_dict() gives: an OrderedDict with attributes, and
 * a counter for each batch norm. */
static void
test_as_torch_saves_it (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetWeights) weights = NULL;

  g_byte_array_set_size (self->pickle, 2);
  pickle_global (self->pickle, "collections", "OrderedDict");
  pickle_bytes (self->pickle, "q\0)Rq\1", 6);
  add_vector (self, "bn1.weight");
  pickle_tensor (self->pickle, "bn1.num_batches_tracked", "LongStorage", "7",
      1, 0, 0, NULL, NULL);
  pickle_op (self->pickle, '}');
  pickle_string (self->pickle, "_metadata");
  pickle_bytes (self->pickle, "h\1sb", 4);
  weights = load (self);
  assert_values (weights, "bn1_w", 2, self->numbers);
  g_assert_null (facenet_weights_get (weights, "bn1.num_batches_tracked"));
}

/* {"epoch": 3, "state_dict": {"module.bn1.bias": …}} */
static void
test_checkpoint_of_a_training (Fixture * self, gconstpointer data)
{
  g_autoptr (FacenetWeights) weights = NULL;

  pickle_string (self->pickle, "epoch");
  pickle_bytes (self->pickle, "K\3s", 3);
  pickle_string (self->pickle, "loss");
  pickle_bytes (self->pickle, "G\0\0\0\0\0\0\0\0s", 10);
  pickle_string (self->pickle, "state_dict");
  pickle_op (self->pickle, '}');
  add_vector (self, "module.bn1.bias");
  pickle_op (self->pickle, 's');
  weights = load (self);
  assert_values (weights, "bn1_b", 2, self->numbers);
}

static void
test_cut_at_every_length (Fixture * self, gconstpointer data)
{
  g_autoptr (GBytes) whole = NULL;
  gsize size;
  const guint8 *bytes;

  add_vector (self, "bn1.weight");
  whole = finish (self);
  bytes = g_bytes_get_data (whole, &size);
  for (gsize n = 4; n < size; n++) {
    g_autoptr (GBytes) part = g_bytes_new (bytes, n);
    g_autoptr (GError) error = NULL;

    g_assert_null (load_bytes (part, &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED);
  }
}

/* cos\nsystem\n(X…"true"tR. */
static void
test_calls_are_refused_by_name (Fixture * self, gconstpointer data)
{
  g_byte_array_set_size (self->pickle, 2);
  pickle_global (self->pickle, "os", "system");
  pickle_op (self->pickle, '(');
  pickle_string (self->pickle, "touch /tmp/run");
  pickle_bytes (self->pickle, "tR", 2);
  assert_refused (self, FACENET_ERROR_FORMAT, "names os.system, which is");
}

/* A dict that is its own key and value. */
static void
test_dict_in_itself (Fixture * self, gconstpointer data)
{
  pickle_bytes (self->pickle, "q\1h\1h\1s", 7);
  assert_refused (self, FACENET_ERROR_FORMAT, "a key is a dict");
}

/* One tensor of this offset, rank, sizes and strides on six numbers. */
typedef struct
{
  const gchar *name;
  gint32 n, offset;
  guint rank;
  gint32 sizes[5], strides[5];
  FacenetError code;
  const gchar *words;
} BadView;

/* *INDENT-OFF* */
static const BadView bad_views[] = {
  { "beyond the end", 6, 5, 1, { 2 }, { 1 }, FACENET_ERROR_LIMIT,
    "m.pt/data.pkl/conv1.weight: a tensor that is larger than its storage" },
  { "stride beyond the end", 6, 0, 1, { 2 }, { 6 }, FACENET_ERROR_LIMIT,
    "larger than its storage" },
  { "a number repeated", 6, 0, 2, { 65536, 65536 }, { 0, 0 },
    FACENET_ERROR_LIMIT, "larger than its storage" },
  { "product wraps around", 6, 0, 4,
    { 65536, 65536, 65536, 65536 }, { 0, 0, 0, 0 },
    FACENET_ERROR_LIMIT, "larger than its storage" },
  { "negative offset", 6, -1, 1, { 1 }, { 1 }, FACENET_ERROR_FORMAT,
    "not made of" },
  { "negative size", 6, 0, 1, { -1 }, { 1 }, FACENET_ERROR_LIMIT,
    "out of range" },
  { "negative stride", 6, 5, 1, { 2 }, { -1 }, FACENET_ERROR_LIMIT,
    "out of range" },
  { "rank 5", 6, 0, 5, { 1, 1, 1, 1, 1 }, { 1, 1, 1, 1, 1 },
    FACENET_ERROR_LIMIT, "5 dimensions, expected at most 4" },
  { "storage claims more", 2000000000, 0, 1, { 2000000000 }, { 1 },
    FACENET_ERROR_SHAPE, "has 24 bytes, expected 2000000000 values of 4" },
  { "storage claims less", 5, 0, 1, { 5 }, { 1 }, FACENET_ERROR_SHAPE,
    "has 24 bytes, expected 5 values of 4" },
  { "negative storage", -6, 0, 1, { 1 }, { 1 }, FACENET_ERROR_FORMAT,
    "is not (\"storage\"" },
};
/* *INDENT-ON* */

static void
test_bad_view (Fixture * self, gconstpointer data)
{
  const BadView *view = data;

  pickle_tensor (self->pickle, "conv1.weight", "FloatStorage", "0", view->n,
      view->offset, view->rank, view->sizes, view->strides);
  assert_refused (self, view->code, view->words);
}

/* Each is whole, but together they are more than the file has: one tensor
 * under many names. */
static void
test_storage_used_too_often (Fixture * self, gconstpointer data)
{
  static const gint32 six[] = { 6 };

  pickle_tensor (self->pickle, "0", "FloatStorage", "0", 6, 0, 1, six, one);
  /* Keep the tensor between making it and setting it. */
  g_byte_array_set_size (self->pickle, self->pickle->len - 1);
  pickle_bytes (self->pickle, "q\1s", 3);
  for (guint i = 1; i < 2000; i++) {
    g_autofree gchar *name = g_strdup_printf ("%u", i);

    pickle_string (self->pickle, name);
    pickle_bytes (self->pickle, "h\1s", 3);
  }
  assert_refused (self, FACENET_ERROR_LIMIT, "used once");
}

static void
test_numbers_that_are_none (Fixture * self, gconstpointer data)
{
  self->numbers[1] = NAN;
  add_vector (self, "bn1.weight");
  assert_refused (self, FACENET_ERROR_FORMAT, "m.pt/bn1_w: value 1 is not a");
}

static void
test_doubles_beyond_floats (Fixture * self, gconstpointer data)
{
  const gdouble doubles[] = { 0.1, 1e300 };

  archive_add (self->archive, "m/data/d", doubles, sizeof doubles);
  pickle_tensor (self->pickle, "bn1.bias", "DoubleStorage", "d", 2, 0, 1, two,
      one);
  assert_refused (self, FACENET_ERROR_FORMAT, "bn1_b: value 1 is infinite");
}

static void
test_storage_that_is_missing (Fixture * self, gconstpointer data)
{
  pickle_tensor (self->pickle, "bn1.bias", "FloatStorage", "../0", 6, 0, 1,
      two, one);
  assert_refused (self, FACENET_ERROR_MISSING, "m/data/../0, are not in");
}

static void
test_integers_for_weights (Fixture * self, gconstpointer data)
{
  pickle_tensor (self->pickle, "bn1.bias", "LongStorage", "0", 3, 0, 1, two,
      one);
  assert_refused (self, FACENET_ERROR_FORMAT, "bn1.bias: a LongStorage");
}

static void
test_same_tensor_twice (Fixture * self, gconstpointer data)
{
  add_vector (self, "bn1.weight");
  add_vector (self, "module.bn1.weight");
  assert_refused (self, FACENET_ERROR_FORMAT, "bn1_w: is there a second time");
}

static void
test_dict_of_other_things (Fixture * self, gconstpointer data)
{
  pickle_string (self->pickle, "optimizer");
  pickle_bytes (self->pickle, "]s", 2);
  assert_refused (self, FACENET_ERROR_FORMAT,
      "m.pt/optimizer: is a list, expected a tensor");
}

static void
test_no_dict (Fixture * self, gconstpointer data)
{
  self->pickle->data[2] = ']';
  assert_refused (self, FACENET_ERROR_FORMAT, "holds a list, expected a dict");
}

static void
test_other_archives (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  Archive *archive = archive_new (ARCHIVE_PLAIN);

  archive_add (archive, "word/document.xml", "<x/>", 4);
  bytes = g_byte_array_free_to_bytes (archive_end (archive));
  g_assert_null (load_bytes (bytes, &error));
  assert_error (error, FACENET_ERROR_FORMAT, "without data.pkl");
}

static void
test_other_byte_order (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  Archive *archive = archive_new (ARCHIVE_PLAIN);

  archive_add (archive, "m/data.pkl", "\x80\2}.", 4);
  archive_add (archive, "m/byteorder", "big", 3);
  bytes = g_byte_array_free_to_bytes (archive_end (archive));
  g_assert_null (load_bytes (bytes, &error));
  assert_error (error, FACENET_ERROR_FORMAT, "another byte order");
}

static void
test_old_format (void)
{
  static const guint8 start[] = { 0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46,
    0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, '.', 0x80, 2
  };
  g_autoptr (GBytes) bytes = g_bytes_new_static (start, sizeof start);
  g_autoptr (GError) error = NULL;

  g_assert_null (load_bytes (bytes, &error));
  assert_error (error, FACENET_ERROR_FORMAT, "format from before 1.6");
}

#define ADD(name, func) \
    g_test_add ("/torch/" name, Fixture, NULL, set_up, func, tear_down)

static void
add_loading_tests (void)
{
  ADD ("tensors-and-views", test_tensors_and_views);
  ADD ("scalar-and-empty", test_scalar_and_empty);
  ADD ("halves-and-doubles", test_halves_and_doubles);
  ADD ("as-torch-saves-it", test_as_torch_saves_it);
  ADD ("checkpoint-of-a-training", test_checkpoint_of_a_training);
}

static void
add_refusal_tests (void)
{
  ADD ("cut-at-every-length", test_cut_at_every_length);
  ADD ("calls-are-refused-by-name", test_calls_are_refused_by_name);
  ADD ("dict-in-itself", test_dict_in_itself);
  for (guint i = 0; i < G_N_ELEMENTS (bad_views); i++) {
    g_autofree gchar *name =
        g_strdelimit (g_strdup_printf ("/torch/bad-view/%s",
            bad_views[i].name), " ", '-');

    g_test_add (name, Fixture, &bad_views[i], set_up, test_bad_view, tear_down);
  }
  ADD ("storage-used-too-often", test_storage_used_too_often);
  ADD ("numbers-that-are-none", test_numbers_that_are_none);
  ADD ("doubles-beyond-floats", test_doubles_beyond_floats);
  ADD ("storage-that-is-missing", test_storage_that_is_missing);
  ADD ("integers-for-weights", test_integers_for_weights);
  ADD ("same-tensor-twice", test_same_tensor_twice);
  ADD ("dict-of-other-things", test_dict_of_other_things);
  ADD ("no-dict", test_no_dict);
  g_test_add_func ("/torch/other-archives", test_other_archives);
  g_test_add_func ("/torch/other-byte-order", test_other_byte_order);
  g_test_add_func ("/torch/old-format", test_old_format);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_loading_tests ();
  add_refusal_tests ();
  return g_test_run ();
}
