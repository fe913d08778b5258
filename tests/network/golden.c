/* golden.c - both networks against an independent implementation
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * tests/data/nn4-small2-seed1.json holds what tests/data/reference.py
 * computes in double precision. A float32 engine meets 2e-6 absolute in the
 * embeddings and 1e-5 relative in the sums and norms of each block.
 */
#include "generator.h"
#include "network/facenet-model-private.h"
#include "network/facenet-session-private.h"

#include <json-glib/json-glib.h>
#include <math.h>

#define SEED 1
#define N_IMAGES 4
#define EMBEDDING_TOLERANCE 2e-6
#define BLOCK_TOLERANCE 1e-5

typedef struct
{
  JsonParser *parser;
  JsonObject *root;
  FacenetWeights *weights;
  gfloat *faces;                /* [N_IMAGES, 3, 96, 96] */
} Golden;

static void
set_up (Golden * golden, gconstpointer data)
{
  g_autofree gchar *path =
      g_test_build_filename (G_TEST_DIST, "data", "nn4-small2-seed1.json",
      NULL);

  golden->parser = json_parser_new ();
  g_assert_true (json_parser_load_from_file (golden->parser, path, NULL));
  golden->root = json_node_get_object (json_parser_get_root (golden->parser));
  golden->weights = generator_weights (SEED);
  golden->faces = g_new (gfloat, N_IMAGES * GENERATOR_FACE);
  for (guint i = 0; i < N_IMAGES; i++)
    generator_image (SEED, i, golden->faces + i * GENERATOR_FACE);
}

static void
tear_down (Golden * golden, gconstpointer data)
{
  g_clear_object (&golden->parser);
  facenet_weights_free (golden->weights);
  g_free (golden->faces);
}

/* The golden file calls nn4.small2 "openface". */
static JsonObject *
get_network (const Golden * golden, const gchar * network)
{
  JsonObject *networks = json_object_get_object_member (golden->root,
      "networks");

  if (g_str_equal (network, "nn4.small2"))
    network = "openface";
  return json_object_get_object_member (networks, network);
}

static void
test_generator_makes_the_same_numbers (Golden * golden, gconstpointer data)
{
  JsonObject *checks = json_object_get_object_member (golden->root,
      "weights_check");
  JsonArray *sums = json_object_get_array_member (golden->root, "pixel_sum");
  g_autoptr (GList) names = json_object_get_members (checks);

  for (GList * l = names; l != NULL; l = l->next) {
    const FacenetTensor *tensor = facenet_weights_get (golden->weights,
        l->data);
    JsonArray *values = json_object_get_array_member (checks, l->data);

    for (guint i = 0; i < json_array_get_length (values); i++)
      g_assert_cmpfloat ((gdouble) tensor->values[i], ==,
          json_array_get_double_element (values, i));
  }
  for (guint i = 0; i < N_IMAGES; i++)
    g_assert_cmpuint (generator_image (SEED, i, golden->faces), ==,
        (guint64) json_array_get_int_element (sums, i));
}

static void
test_embeddings (Golden * golden, gconstpointer data)
{
  JsonArray *wanted = json_object_get_array_member (get_network (golden, data),
      "embeddings");
  g_autoptr (FacenetModel) model =
      facenet_model_new (golden->weights, data, NULL);
  g_autoptr (FacenetSession) session = facenet_session_new (model, 1);
  gfloat found[N_IMAGES][128];
  gdouble worst = 0.0;

  g_assert_nonnull (model);
  facenet_session_embed (session, golden->faces, N_IMAGES, found[0]);
  for (guint i = 0; i < N_IMAGES; i++) {
    JsonArray *row = json_array_get_array_element (wanted, i);

    for (guint j = 0; j < 128; j++)
      worst = MAX (worst, fabs ((gdouble) found[i][j] -
              json_array_get_double_element (row, j)));
  }
  g_test_message ("largest difference %g", worst);
  g_assert_cmpfloat (worst, <=, EMBEDDING_TOLERANCE);
}

typedef struct
{
  JsonObject *wanted;           /* block name to shape, sum, l2, first */
  guint n_seen;
} Trace;

static void
assert_relative (gdouble found, gdouble wanted, gdouble scale)
{
  g_assert_cmpfloat_with_epsilon (found, wanted, BLOCK_TOLERANCE * scale);
}

static void
check_block (gpointer data, const FacenetBlock * block,
    const FacenetShape * shape, const gfloat * map)
{
  Trace *trace = data;
  JsonObject *wanted;
  JsonArray *dims, *first;
  gdouble sum = 0.0, squares = 0.0, l2;

  g_assert_true (json_object_has_member (trace->wanted, block->name));
  wanted = json_object_get_object_member (trace->wanted, block->name);
  dims = json_object_get_array_member (wanted, "shape");
  g_assert_cmpint (json_array_get_int_element (dims, 0), ==, shape->c);
  if (json_array_get_length (dims) == 3) {
    g_assert_cmpint (json_array_get_int_element (dims, 1), ==, shape->h);
    g_assert_cmpint (json_array_get_int_element (dims, 2), ==, shape->w);
  }
  for (gsize i = 0; i < facenet_shape_size (shape); i++) {
    sum += (gdouble) map[i];
    squares += (gdouble) map[i] * (gdouble) map[i];
  }
  l2 = json_object_get_double_member (wanted, "l2");
  assert_relative (sqrt (squares), l2, l2);
  /* A sum of mixed signs nearly cancels: its error goes with the norm. */
  assert_relative (sum, json_object_get_double_member (wanted, "sum"),
      MAX (fabs (sum), l2));
  first = json_object_get_array_member (wanted, "first");
  for (guint i = 0; i < json_array_get_length (first); i++)
    assert_relative ((gdouble) map[i],
        json_array_get_double_element (first, i), MAX (l2, 1.0));
  trace->n_seen++;
}

static void
test_blocks (Golden * golden, gconstpointer data)
{
  Trace trace = { json_object_get_object_member (get_network (golden, data),
        "blocks_of_image_0"), 0
  };
  g_autoptr (FacenetModel) model =
      facenet_model_new (golden->weights, data, NULL);
  g_autoptr (FacenetSession) session = facenet_session_new (model, 1);
  guint n_layers;

  facenet_session_trace (session, golden->faces, check_block, &trace);
  facenet_model_get_layers (model, &n_layers);
  g_assert_cmpuint (trace.n_seen, ==, n_layers);
}

int
main (int argc, char **argv)
{
  if (generator_skip_kernels ())
    return 0;
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/golden/generator-makes-the-same-numbers", Golden, NULL, set_up,
      test_generator_makes_the_same_numbers, tear_down);
  g_test_add ("/golden/nn4.small2/embeddings", Golden, "nn4.small2", set_up,
      test_embeddings, tear_down);
  g_test_add ("/golden/nn4.small2/blocks", Golden, "nn4.small2", set_up,
      test_blocks, tear_down);
  g_test_add ("/golden/facereco/embeddings", Golden, "facereco", set_up,
      test_embeddings, tear_down);
  g_test_add ("/golden/facereco/blocks", Golden, "facereco", set_up,
      test_blocks, tear_down);
  return g_test_run ();
}
