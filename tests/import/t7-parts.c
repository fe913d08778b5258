/* t7-parts.c - what the tests of Torch7 files share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "t7-parts.h"

#include "import/facenet-import-private.h"
#include "weights/facenet-format-private.h"

#include <string.h>

static void
add_random (FacenetWeights * weights, const gchar * name, guint rank, guint k)
{
  const guint32 dims[] = { 2, 3, k, k };
  gsize n = rank == 4 ? 6 * k * k : rank == 2 ? 6 : 2;
  gfloat *values = g_new (gfloat, n);

  for (gsize i = 0; i < n; i++) {
    values[i] = (gfloat) g_test_rand_double_range (0.1, 2.0);
  }
  g_assert_true (facenet_weights_take (weights, name, rank, dims, values,
          NULL));
}

/* prefixes: of the names that are wanted, NULL for all. */
FacenetWeights *
t7_make_weights (const gchar * const *prefixes)
{
  g_autoptr (FacenetWeights) shipped =
      facenet_weights_load (g_getenv ("FACENET_MODEL"), NULL);
  g_autofree const gchar **names = facenet_weights_list (shipped);
  FacenetWeights *weights = facenet_weights_new ("made");

  for (guint i = 0; names[i] != NULL; i++) {
    const FacenetTensor *tensor = facenet_weights_get (shipped, names[i]);
    gboolean wanted = prefixes == NULL;

    for (guint j = 0; !wanted && prefixes[j] != NULL; j++) {
      wanted = g_str_has_prefix (names[i], prefixes[j]);
    }
    if (wanted) {
      add_random (weights, names[i], tensor->rank, tensor->dims[2]);
    }
  }
  return weights;
}

FacenetWeights *
t7_make_few_weights (void)
{
  const gchar *prefixes[] = { "inception_3a_1x1", "dense", NULL };

  return t7_make_weights (prefixes);
}

FacenetWeights *
t7_load (GBytes * bytes, GError ** error)
{
  FacenetSource source = { "a.t7", bytes };

  g_assert_cmpint (facenet_format_sniff (NULL, bytes), ==, FACENET_FORMAT_T7);
  return facenet_format_t7_load (&source, error);
}

FacenetWeights *
t7_load_well (GBytes * bytes)
{
  g_autoptr (GError) error = NULL;
  FacenetWeights *weights = t7_load (bytes, &error);

  g_assert_no_error (error);
  return weights;
}

/* Takes the bytes. */
void
t7_assert_refused (GBytes * bytes, gint code, const gchar * words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetWeights) weights = t7_load (bytes, &error);

  g_assert_null (weights);
  g_assert_error (error, FACENET_ERROR, code);
  g_assert_true (g_str_has_prefix (error->message, "a.t7"));
  if (strstr (error->message, words) == NULL) {
    g_error ("\"%s\" is not in: %s", words, error->message);
  }
  g_bytes_unref (bytes);
}

T7Writer *
t7_begin_model (T7Flags flags)
{
  T7Writer *writer = t7_writer_new (flags);

  t7_begin_class (writer, "nn.Sequential");
  t7_key (writer, "modules");
  t7_begin_table (writer);
  return writer;
}

GBytes *
t7_end_model (T7Writer * writer)
{
  t7_end (writer);
  t7_end (writer);
  return t7_writer_end (writer);
}

/* A model of one convolution up to its weights. */
T7Writer *
t7_begin_conv (T7Flags flags, gdouble k)
{
  T7Writer *writer = t7_begin_model (flags);

  t7_next (writer);
  t7_begin_class (writer, "nn.SpatialConvolution");
  t7_number_field (writer, "kW", k);
  t7_number_field (writer, "kH", k);
  t7_key (writer, "weight");
  return writer;
}

GBytes *
t7_end_conv (T7Writer * writer)
{
  t7_end (writer);
  return t7_end_model (writer);
}

void
t7_put_module (T7Writer * writer, const gchar * name)
{
  const guint32 dims[] = { 1, 1, 1, 1 };
  const gfloat value = 1.0f;

  t7_begin_class (writer, name);
  if (strstr (name, "Convolution") != NULL) {
    t7_number_field (writer, "kW", 1);
    t7_number_field (writer, "kH", 1);
    t7_key (writer, "weight");
    t7_tensor (writer, &value, 4, dims);
  }
  t7_end (writer);
}
