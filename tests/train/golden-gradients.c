/* golden-gradients.c - the gradient of every weight, against PyTorch
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * tests/data/gradients-seed1.json holds what tests/data/gradients.py computes
 * in double precision. In float32 a gradient agrees to a few units of the
 * sixth digit of its length; the probe, a sum of random signs over all of it,
 * would show numbers that are right but in the wrong place.
 */
#include "../network/generator.h"
#include "train/facenet-trainable-private.h"

#include <json-glib/json-glib.h>
#include <math.h>

#define SEED 1
#define N_IMAGES 3
#define N_DIMS 128
#define TOLERANCE 2e-5          /* of a gradient's length */

/* The part of the file for a network. faces: [N_IMAGES,3,96,96] */
static JsonObject *
read_network (JsonParser * parser, const gchar * network, gfloat * faces)
{
  g_autofree gchar *path =
      g_test_build_filename (G_TEST_DIST, "data", "gradients-seed1.json", NULL);
  JsonObject *root;
  JsonArray *images;

  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  root = json_node_get_object (json_parser_get_root (parser));
  images = json_object_get_array_member (root, "images");
  g_assert_cmpuint (json_array_get_length (images), ==, N_IMAGES);
  for (guint i = 0; i < N_IMAGES; i++)
    generator_image (SEED, (guint) json_array_get_int_element (images, i),
        faces + i * GENERATOR_FACE);
  root = json_object_get_object_member (root, "networks");
  /* The golden file calls nn4.small2 "openface". */
  return json_object_get_object_member (root,
      g_str_equal (network, "nn4.small2") ? "openface" : network);
}

/* Returns how far off the gradient is, in parts of its length. */
static gdouble
check_parameter (const FacenetParameter * parameter, JsonObject * wanted)
{
  JsonArray *at = json_object_get_array_member (wanted, "at");
  gdouble l2 = json_object_get_double_member (wanted, "l2");
  g_autofree gchar *name = g_strconcat ("probe.", parameter->name, NULL);
  g_autofree gfloat *probe = g_new (gfloat, parameter->n_values);
  gsize n = parameter->n_values;
  const gsize places[] = { 0, n / 3, 2 * n / 3, n - 1 };
  gdouble squares = 0.0, sum = 0.0, worst = 0.0;

  generator_uniform (name, SEED, probe, n);
  for (gsize i = 0; i < n; i++) {
    gdouble g = (gdouble) parameter->gradient[i];

    squares += g * g;
    sum += g * (gdouble) probe[i];
  }
  worst = fabs (sqrt (squares) - l2);
  worst = MAX (worst, fabs (sum - json_object_get_double_member (wanted,
              "probe")));
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    worst = MAX (worst, fabs ((gdouble) parameter->gradient[places[i]] -
            json_array_get_double_element (at, i)));
  return worst / l2;
}

/* A network and the block that training begins with. */
typedef struct
{
  const gchar *network, *from;
  guint n_frozen;               /* tensors before it */
} Run;

static void
test_gradients (gconstpointer data)
{
  const Run *test = data;
  FacenetTrainableOptions options = { test->network, test->from, N_IMAGES, 2 };
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree gfloat *faces = g_new (gfloat, N_IMAGES * GENERATOR_FACE);
  JsonObject *golden = read_network (parser, test->network, faces);
  JsonObject *wanted = json_object_get_object_member (golden, "gradients");
  g_autoptr (FacenetTrainable) trainable =
      facenet_trainable_new (generator_weights (SEED), &options, NULL);
  gfloat c[N_IMAGES * N_DIMS];
  const gfloat *embeddings;
  gdouble loss = 0.0, worst = 0.0;

  generator_uniform ("loss", SEED, c, N_IMAGES * N_DIMS);
  embeddings = facenet_trainable_forward (trainable, faces, N_IMAGES);
  for (guint i = 0; i < N_IMAGES * N_DIMS; i++)
    loss += (gdouble) c[i] * (gdouble) embeddings[i];
  g_assert_cmpfloat_with_epsilon (loss, json_object_get_double_member (golden,
          "loss"), 1e-5);

  facenet_trainable_backward (trainable, c);
  g_assert_cmpuint (facenet_trainable_get_n_parameters (trainable), ==,
      json_object_get_size (wanted) - test->n_frozen);
  for (guint i = 0; i < facenet_trainable_get_n_parameters (trainable); i++) {
    const FacenetParameter *parameter =
        facenet_trainable_get_parameter (trainable, i);
    gdouble off = check_parameter (parameter,
        json_object_get_object_member (wanted, parameter->name));

    if (off > TOLERANCE)
      g_test_message ("%s is off by %g", parameter->name, off);
    worst = MAX (worst, off);
  }
  g_test_message ("largest difference %g of a gradient's length", worst);
  g_assert_cmpfloat (worst, <=, TOLERANCE);
}

int
main (int argc, char **argv)
{
  static const Run all = { "nn4.small2", NULL, 0 };
  static const Run some = { "nn4.small2", "inception_4e", 50 };
  static const Run few = { "nn4.small2", "inception_3a", 6 };
  static const Run other = { "facereco", NULL, 0 };
  static const Run other_some = { "facereco", "inception_5a", 58 };

  if (generator_skip_kernels ())
    return 0;
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/golden-gradients/nn4.small2", &all, test_gradients);
  g_test_add_data_func ("/golden-gradients/nn4.small2/from-4e", &some,
      test_gradients);
  g_test_add_data_func ("/golden-gradients/nn4.small2/from-3a", &few,
      test_gradients);
  g_test_add_data_func ("/golden-gradients/facereco", &other, test_gradients);
  g_test_add_data_func ("/golden-gradients/facereco/from-5a", &other_some,
      test_gradients);
  return g_test_run ();
}
