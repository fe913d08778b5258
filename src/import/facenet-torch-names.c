/* facenet-torch-names.c - names of OpenFace's PyTorch port
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In: a key of the port's state dict (OpenFace 0.3, class OpenFaceNet), such
 * as "incept3a.branches.0.3.weight". Out: the name in Keras-OpenFace's files,
 * here "inception_3a_3x3_conv2_w". In an inception block the branches are
 * numbered as they are concatenated, and the modules of a branch in the order
 * of a pass: activations have a number too, and the pool of the pool arm.
 */
#include "import/facenet-torch-names-private.h"

#include <string.h>

#define BLOCK_PREFIX "incept"   /* the port's; here it is "inception_" */

typedef struct
{
  const gchar *name;
  const gchar *arms[4];         /* in the order of its branches */
} TorchBlock;

typedef struct
{
  const gchar *from, *to;
} TorchName;

typedef struct
{
  const gchar *arm, *number, *to;
} Module;

/* *INDENT-OFF* */
static const TorchBlock blocks[] = {
  { "3a", { "3x3", "5x5", "pool", "1x1" } },
  { "3b", { "3x3", "5x5", "pool", "1x1" } },
  { "3c", { "3x3", "5x5", "pool" } },
  { "4a", { "3x3", "5x5", "pool", "1x1" } },
  { "4e", { "3x3", "5x5", "pool" } },
  { "5a", { "3x3", "pool", "1x1" } },
  { "5b", { "3x3", "pool", "1x1" } },
};

/* 2 and 5 of a convolving arm are its ReLUs, 0 of the pool arm is its pool. */
static const Module modules[] = {
  { "3x3", "0", "conv1" }, { "3x3", "1", "bn1" },
  { "3x3", "3", "conv2" }, { "3x3", "4", "bn2" },
  { "5x5", "0", "conv1" }, { "5x5", "1", "bn1" },
  { "5x5", "3", "conv2" }, { "5x5", "4", "bn2" },
  { "pool", "1", "conv" }, { "pool", "2", "bn" },
  { "1x1", "0", "conv" },  { "1x1", "1", "bn" },
};

static const TorchName layers[] = {
  { "conv1", "conv1" }, { "bn1", "bn1" },
  { "conv2", "conv2" }, { "bn2", "bn2" },
  { "conv3", "conv3" }, { "bn3", "bn3" },
  { "ln", "dense" },
};

static const TorchName parameters[] = {
  { "weight", "w" }, { "bias", "b" },
  { "running_mean", "m" }, { "running_var", "v" },
};
/* *INDENT-ON* */

static const gchar *
find (const TorchName * pairs, gsize n, const gchar * from)
{
  for (gsize i = 0; i < n; i++) {
    if (g_str_equal (pairs[i].from, from)) {
      return pairs[i].to;
    }
  }
  return NULL;
}

/* The arm of a block behind a branch's number, or NULL. */
static const gchar *
find_arm (const gchar * block, const gchar * branch)
{
  for (gsize i = 0; i < G_N_ELEMENTS (blocks); i++) {
    if (g_str_equal (blocks[i].name, block)) {
      gboolean is_number = branch[0] >= '0' && branch[0] <= '3'
          && branch[1] == '\0';

      return is_number ? blocks[i].arms[branch[0] - '0'] : NULL;
    }
  }
  return NULL;
}

static const gchar *
find_module (const gchar * arm, const gchar * number)
{
  for (gsize i = 0; i < G_N_ELEMENTS (modules); i++) {
    if (g_str_equal (modules[i].arm, arm)
        && g_str_equal (modules[i].number, number)) {
      return modules[i].to;
    }
  }
  return NULL;
}

/* words: incept3a, branches, 0, 3, weight */
static gchar *
map_inception (gchar ** words, const gchar * parameter)
{
  const gchar *block = words[0] + strlen (BLOCK_PREFIX);
  const gchar *arm = find_arm (block, words[2]);
  const gchar *module = arm != NULL ? find_module (arm, words[3]) : NULL;

  if (module == NULL) {
    return NULL;
  }
  return g_strdup_printf ("inception_%s_%s_%s_%s", block, arm, module,
      parameter);
}

gchar *
facenet_torch_map_name (const gchar * key)
{
  g_auto (GStrv) words = g_strsplit (key, ".", 6);
  guint n = g_strv_length (words);
  const gchar *parameter, *layer;

  if (n != 2 && n != 5) {
    return NULL;
  }
  parameter = find (parameters, G_N_ELEMENTS (parameters), words[n - 1]);
  if (parameter == NULL) {
    return NULL;
  }
  if (n == 5) {
    return g_str_has_prefix (words[0], BLOCK_PREFIX)
        && g_str_equal (words[1], "branches") ?
        map_inception (words, parameter) : NULL;
  }
  layer = find (layers, G_N_ELEMENTS (layers), words[0]);
  return layer != NULL ? g_strdup_printf ("%s_%s", layer, parameter) : NULL;
}
