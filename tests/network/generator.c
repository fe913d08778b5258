/* generator.c - the golden network's weights and images, rebuilt from integers
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The generator that tests/data/reference.py defines: SplitMix64 streams
 * seeded with the FNV-1a hash of a name.
 */
#include "generator.h"

#include "kernels/facenet-kernels-private.h"
#include "network/facenet-plan-private.h"

#include <math.h>
#include <string.h>

#define GOLDEN G_GUINT64_CONSTANT (0x9E3779B97F4A7C15)

static guint64
stream_start (const gchar * name, guint64 seed)
{
  guint64 h = G_GUINT64_CONSTANT (0xCBF29CE484222325);

  for (; *name != '\0'; name++)
    h = (h ^ (guint8) * name) * G_GUINT64_CONSTANT (0x100000001B3);
  return h ^ (seed * GOLDEN);
}

static guint64
stream_at (guint64 start, guint64 i)
{
  guint64 z = start + (i + 1) * GOLDEN;

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94D049BB133111EB);
  return z ^ (z >> 31);
}

static gdouble
uniform_at (guint64 start, guint64 i)
{
  return (gdouble) (stream_at (start, i) >> 40) / (1 << 23) - 1.0;
}

void
generator_uniform (const gchar * name, guint64 seed, gfloat * values, gsize n)
{
  guint64 start = stream_start (name, seed);

  for (gsize i = 0; i < n; i++)
    values[i] = (gfloat) uniform_at (start, i);
}

/* Scale and offset of a tensor's uniform numbers. */
static void
get_range (const FacenetTensorSpec * spec, gdouble * scale, gdouble * offset)
{
  gboolean norm = strstr (spec->name, "bn") != NULL;
  gchar suffix = spec->name[strlen (spec->name) - 1];

  *offset = norm && (suffix == 'w' || suffix == 'v') ? 1.0 : 0.0;
  if (spec->rank == 4)
    *scale = sqrt (6.0 / (spec->dims[1] * spec->dims[2] * spec->dims[3]));
  else if (spec->rank == 2)
    *scale = sqrt (3.0 / spec->dims[1]);
  else if (norm)
    *scale = suffix == 'w' ? 0.2 : suffix == 'v' ? 0.5 : 0.1;
  else
    *scale = strcmp (spec->name, "dense_b") == 0 ? 0.02 : 0.05;
}

static void
add_tensor (FacenetWeights * weights, const FacenetTensorSpec * spec,
    guint64 seed)
{
  guint64 start = stream_start (spec->name, seed);
  gsize n = 1;
  gdouble scale, offset;
  gfloat *values;

  for (guint i = 0; i < spec->rank; i++)
    n *= spec->dims[i];
  values = g_new (gfloat, n);
  get_range (spec, &scale, &offset);
  for (gsize i = 0; i < n; i++)
    values[i] = (gfloat) (offset + scale * uniform_at (start, i));
  g_assert_true (facenet_weights_take (weights, spec->name, spec->rank,
          spec->dims, values, NULL));
}

FacenetWeights *
generator_weights (guint64 seed)
{
  FacenetWeights *weights = facenet_weights_new ("golden");
  g_autoptr (FacenetPlan) plan =
      facenet_plan_new (facenet_network_find ("nn4.small2"));
  g_autoptr (GArray) specs = facenet_plan_list_tensors (plan);

  for (guint i = 0; i < specs->len; i++)
    add_tensor (weights, &g_array_index (specs, FacenetTensorSpec, i), seed);
  return weights;
}

guint64
generator_image (guint64 seed, guint number, gfloat * face)
{
  g_autofree gchar *block_name = g_strdup_printf ("image%u.block", number);
  g_autofree gchar *noise_name = g_strdup_printf ("image%u.noise", number);
  guint64 block = stream_start (block_name, seed);
  guint64 noise = stream_start (noise_name, seed);
  guint64 sum = 0;

  for (guint c = 0; c < 3; c++) {
    for (guint y = 0; y < 96; y++) {
      for (guint x = 0; x < 96; x++) {
        guint b = (guint) (stream_at (block,
                (y / 8 * 12 + x / 8) * 3 + c) >> 56);
        guint n = (guint) (stream_at (noise, (y * 96 + x) * 3 + c) >> 56);
        guint pixel = (b * 3 >> 2) + (n >> 2);

        sum += pixel;
        *face++ = (gfloat) pixel / 255.0f;
      }
    }
  }
  return sum;
}

gboolean
generator_skip_kernels (void)
{
  const gchar *wish = g_getenv ("FACENET_KERNELS");

  if (wish == NULL || g_str_equal (wish, "cblas")
      || facenet_kernels_find (wish) != NULL)
    return FALSE;
  g_print ("1..0 # SKIP no %s on this processor\n", wish);
  return TRUE;
}
