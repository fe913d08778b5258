/* detect-golden.c - the shipped detector against an independent implementation
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * tests/data/facenet-detect.json holds what PyTorch computes in double
 * precision from the shipped weights, for synthetic pictures. A value of a map
 * is the end of a chain of eight to ten sums of up to 576 terms in float32;
 * Winograd's transforms, which multiply by up to 8 and cancel again, add the
 * most to their rounding. Measured are 2.1e-6 with our own kernels and 1.6e-6
 * with OpenBLAS, of values up to 6; the tolerance is five times that. The
 * second network measures 3.2e-6 in its score, which goes up to 10.
 */
#include "face/facenet-detector-model-private.h"
#include "generator.h"
#include "network/facenet-reference-private.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define MAP_TOLERANCE 1e-5
#define POINTS_TOLERANCE 1e-5
#define FACE_FLOATS (3 * FACENET_POINTS_SIDE * FACENET_POINTS_SIDE)

static FacenetDetectorModel *model;
static JsonObject *golden;

/* A linear congruential generator, bits 16 to 23. */
static guint8
next_byte (guint32 * state)
{
  *state = *state * 1103515245u + 12345u;
  return (guint8) (*state >> 16);
}

static gfloat
to_value (guint8 byte)
{
  return (gfloat) (byte / 127.5 - 1.0);
}

/* The picture at the upper left corner, black around it. */
static void
fill_input (const FacenetMapView * input, guint w, guint h)
{
  guint32 state = 12345;

  for (guint y = 0; y < input->shape.h; y++)
    for (guint x = 0; x < input->shape.w; x++)
      for (guint c = 0; c < 3; c++)
        input->data[y * input->row + x * input->pixel + c * input->channel] =
            to_value (x < w && y < h ? next_byte (&state) : 0);
}

static void
check_map (const FacenetMapView * map, JsonObject * wanted, gdouble * worst)
{
  JsonArray *shape = json_object_get_array_member (wanted, "shape");
  JsonArray *cells = json_object_get_array_member (wanted, "cells");
  gdouble sum = 0.0;

  g_assert_cmpint (json_array_get_int_element (shape, 0), ==, map->shape.c);
  g_assert_cmpint (json_array_get_int_element (shape, 1), ==, map->shape.h);
  g_assert_cmpint (json_array_get_int_element (shape, 2), ==, map->shape.w);
  for (guint i = 0; i < json_array_get_length (cells); i++) {
    JsonObject *cell = json_array_get_object_element (cells, i);
    JsonArray *values = json_object_get_array_member (cell, "values");
    const gfloat *found = map->data +
        (gsize) json_object_get_int_member (cell, "row") * map->row +
        (gsize) json_object_get_int_member (cell, "column") * map->pixel;

    g_assert_cmpuint (json_array_get_length (values), ==, map->shape.c);
    for (guint c = 0; c < map->shape.c; c++)
      *worst = MAX (*worst, fabs (json_array_get_double_element (values, c) -
              (gdouble) found[c * map->channel]));
  }
  for (guint c = 0; c < map->shape.c; c++)
    for (guint y = 0; y < map->shape.h; y++)
      for (guint x = 0; x < map->shape.w; x++)
        sum += fabs ((gdouble) map->data[y * map->row + x * map->pixel +
                c * map->channel]);
  g_assert_cmpfloat_with_epsilon (sum / facenet_shape_size (&map->shape),
      json_object_get_double_member (wanted, "mean_abs"), MAP_TOLERANCE);
}

static void
check_picture (JsonObject * picture, FacenetPool * pool, gdouble * worst)
{
  JsonArray *maps = json_object_get_array_member (picture, "maps");
  g_autoptr (FacenetPass) pass = facenet_pass_new (&model->detect,
      (guint) json_object_get_int_member (picture, "network_height"),
      (guint) json_object_get_int_member (picture, "network_width"));
  FacenetMapView input = facenet_pass_get_input (pass);
  g_autofree gfloat *scratch =
      g_aligned_alloc (facenet_compiled_get_scratch_size (&model->detect),
      sizeof (gfloat), 64);
  gfloat *scratches[] = { scratch };

  /* Twice: what a pass leaves behind must not be seen by the next. */
  for (guint i = 0; i < 2; i++) {
    fill_input (&input, (guint) json_object_get_int_member (picture, "width"),
        (guint) json_object_get_int_member (picture, "height"));
    facenet_pass_run (pass, pool, scratches);
    for (guint level = 0; level < FACENET_N_LEVELS; level++) {
      FacenetMapView map = facenet_pass_get_map (pass, model->levels[level]);

      check_map (&map, json_array_get_object_element (maps, level), worst);
    }
  }
}

static void
test_maps (void)
{
  JsonArray *pictures = json_object_get_array_member (golden, "pictures");
  g_autoptr (FacenetPool) pool = facenet_pool_new (1);
  gdouble worst = 0.0;

  g_assert_cmpstr (json_object_get_string_member (golden, "model"), ==,
      model->id);
  g_assert_cmpuint (json_array_get_length (pictures), >, 0);
  for (guint i = 0; i < json_array_get_length (pictures); i++)
    check_picture (json_array_get_object_element (pictures, i), pool, &worst);
  g_test_message ("largest difference %g", worst);
  g_assert_cmpfloat (worst, <=, MAP_TOLERANCE);
}

static void
make_crop (const gchar * kind, gfloat * face)
{
  guint32 state = 12345;
  guint side = FACENET_POINTS_SIDE;

  for (guint y = 0; y < side; y++) {
    for (guint x = 0; x < side; x++) {
      const guint8 smooth[3] = { (guint8) (4 * x), (guint8) (4 * y),
        (guint8) (2 * x + 2 * y)
      };

      for (guint c = 0; c < 3; c++)
        face[(c * side + y) * side + x] =
            to_value (g_str_equal (kind, "noise") ? next_byte (&state) :
            smooth[c]);
    }
  }
}

/* out: [11] */
static void
run_points (const gfloat * face, gfloat * out)
{
  const FacenetCompiled *network = &model->points;
  gsize n_arena = network->program != NULL ?
      network->program->arena_floats : network->plan->arena_floats;
  gfloat *arena = facenet_arena_alloc (n_arena);
  gfloat *scratch =
      facenet_arena_alloc (facenet_compiled_get_scratch_size (network));
  FacenetTeam team = {.program = network->program,.arena = arena,
    .n_threads = 1,.scratch = &scratch,.faces = face,.n_faces = 1,
    .embeddings = out
  };

  if (network->program != NULL) {
    facenet_team_run (&team, 0);
  } else {
    facenet_reference_run_steps (network->plan, network->folded, face, arena,
        NULL, NULL);
    memcpy (out, facenet_reference_get_map (network->plan, arena,
            network->plan->output), FACENET_N_POINT_VALUES * sizeof *out);
  }
  facenet_arena_free (arena);
  facenet_arena_free (scratch);
}

static void
test_points (void)
{
  JsonArray *crops = json_object_get_array_member (golden, "points");
  gfloat face[FACE_FLOATS], found[FACENET_N_POINT_VALUES];
  gdouble worst = 0.0;

  for (guint i = 0; i < json_array_get_length (crops); i++) {
    JsonObject *crop = json_array_get_object_element (crops, i);
    JsonArray *wanted = json_object_get_array_member (crop, "values");

    make_crop (json_object_get_string_member (crop, "crop"), face);
    run_points (face, found);
    g_assert_cmpuint (json_array_get_length (wanted), ==,
        FACENET_N_POINT_VALUES);
    /* Rounding grows with a number; the score is one of several units. */
    for (guint k = 0; k < FACENET_N_POINT_VALUES; k++) {
      const gdouble value = json_array_get_double_element (wanted, k);

      worst = MAX (worst, fabs ((gdouble) found[k] - value) /
          MAX (1.0, fabs (value)));
    }
  }
  g_test_message ("largest difference %g", worst);
  g_assert_cmpfloat (worst, <=, POINTS_TOLERANCE);
}

int
main (int argc, char **argv)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree gchar *path = NULL;
  int result;

  if (generator_skip_kernels ())
    return 0;
  g_test_init (&argc, &argv, NULL);
  path = g_test_build_filename (G_TEST_DIST, "data", "facenet-detect.json",
      NULL);
  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  golden = json_node_get_object (json_parser_get_root (parser));
  model = facenet_detector_model_load (g_getenv ("FACENET_DETECTOR"), NULL);
  g_assert_nonnull (model);
  g_test_add_func ("/detect-golden/maps", test_maps);
  if (model->points.plan != NULL)
    g_test_add_func ("/detect-golden/points", test_points);
  result = g_test_run ();
  facenet_detector_model_unref (model);
  return result;
}
