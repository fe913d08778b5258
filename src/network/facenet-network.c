/* facenet-network.c - networks as tables of blocks
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * nn4.small2 is OpenFace's network (Amos et al. 2016), a small relative of
 * FaceNet's NN4 (Schroff et al. 2015, table 2) with inception blocks (Szegedy
 * et al. 2014). facereco is the same network as a well-known course builds it:
 * without LRN, with average in place of L2 pooling, and another epsilon in the
 * first batch normalisation. Both read the same weights.
 *
 * facenet-detect finds faces: a backbone with outputs at 1/8, 1/16 and 1/32 of
 * the picture, a feature pyramid over them (Lin et al. 2017) and a head of 16
 * channels for each. facenet-points finds the landmarks of one face. Both are
 * this project's own; docs/model.md says what the numbers mean.
 */
#include "network/facenet-network-private.h"

#include <string.h>

#define CONV(n, oc, kernel, stride, pad) \
    { .name = n, .kind = FACENET_BLOCK_CONV, \
      .out = oc, .k = kernel, .s = stride, .p = pad }
#define POOL(n, pooling, kernel, stride, pad) \
    { .name = n, .kind = FACENET_BLOCK_POOL, .pool = FACENET_POOL_##pooling, \
      .k = kernel, .s = stride, .p = pad }
#define LRN(n) { .name = n, .kind = FACENET_BLOCK_LRN }
#define INCEPTION(n, a3, a5, pooling, one) \
    { .name = n, .kind = FACENET_BLOCK_INCEPTION, \
      .arm3 = a3, .arm5 = a5, .arm_pool = pooling, .arm1 = one }
#define ARM(reduce, out, s) { reduce, out, s }
#define POOL_ARM(kind, s, project) { FACENET_POOL_##kind, s, project }
#define NONE { 0, 0, 0 }
#define DENSE(n, n_out) \
    { .name = n, .kind = FACENET_BLOCK_DENSE, .out = n_out }
/* Convolutions of the detector: 3x3, as many channels as the file has. */
#define CONV3(n, input, stride) \
    { .name = n, .kind = FACENET_BLOCK_CONV, .from = input, \
      .k = 3, .s = stride, .p = 1 }
#define CONV1(n, input) \
    { .name = n, .kind = FACENET_BLOCK_CONV, .from = input, .k = 1, .s = 1 }
#define HEAD(n, input, oc) \
    { .name = n, .kind = FACENET_BLOCK_CONV, .from = input, \
      .out = oc, .k = 1, .s = 1, .linear = TRUE, .kept = TRUE }
#define UPSAMPLE_ADD(n, input, smaller) \
    { .name = n, .kind = FACENET_BLOCK_UPSAMPLE_ADD, .from = input, \
      .with = smaller }
#define L2_NORMALIZE(n) { .name = n, .kind = FACENET_BLOCK_L2_NORMALIZE }

/* *INDENT-OFF* */
static const FacenetBlock nn4_small2[] = {
  /*         name            out  k  s  p */
  CONV      ("conv1",         64, 7, 2, 3),
  POOL      ("pool1", MAX,        3, 2, 1),
  LRN       ("lrn1"),
  CONV      ("conv2",         64, 1, 1, 0),
  CONV      ("conv3",        192, 3, 1, 1),
  LRN       ("lrn2"),
  POOL      ("pool2", MAX,        3, 2, 1),
  /*         name            3x3: reduce out s  5x5: reduce out s  pool: kind s project   1x1 */
  INCEPTION ("inception_3a", ARM ( 96, 128, 1), ARM (16,  32, 1), POOL_ARM (MAX, 2,  32),  64),
  INCEPTION ("inception_3b", ARM ( 96, 128, 1), ARM (32,  64, 1), POOL_ARM (L2,  3,  64),  64),
  INCEPTION ("inception_3c", ARM (128, 256, 2), ARM (32,  64, 2), POOL_ARM (MAX, 2,   0),   0),
  INCEPTION ("inception_4a", ARM ( 96, 192, 1), ARM (32,  64, 1), POOL_ARM (L2,  3, 128), 256),
  INCEPTION ("inception_4e", ARM (160, 256, 2), ARM (64, 128, 2), POOL_ARM (MAX, 2,   0),   0),
  INCEPTION ("inception_5a", ARM ( 96, 384, 1), NONE,             POOL_ARM (L2,  3,  96), 256),
  INCEPTION ("inception_5b", ARM ( 96, 384, 1), NONE,             POOL_ARM (MAX, 2,  96), 256),
  POOL      ("pool5", AVERAGE,    3, 1, 0),
  DENSE     ("dense",        128),
  L2_NORMALIZE ("norm"),
};

static const FacenetBlock detect[] = {
  /*     name    from    s */
  CONV3 ("stem", NULL,   2),
  CONV3 ("c2",   "stem", 2),
  CONV3 ("c3",   "c2",   2), CONV3 ("c3b", "c3", 1),
  CONV3 ("c4",   "c3b",  2), CONV3 ("c4b", "c4", 1), CONV3 ("c4c", "c4b", 1),
  CONV3 ("c5",   "c4c",  2), CONV3 ("c5b", "c5", 1),
  CONV1 ("l5", "c5b"),
  CONV1 ("l4", "c4c"),
  UPSAMPLE_ADD ("p4", "l4", "l5"),
  CONV1 ("l3", "c3b"),
  UPSAMPLE_ADD ("p3", "l3", "p4"),
  CONV3 ("t3", "p3", 1), HEAD ("o3", "t3", 16),
  CONV3 ("t4", "p4", 1), HEAD ("o4", "t4", 16),
  CONV3 ("t5", "l5", 1), HEAD ("o5", "t5", 16),
};

static const FacenetBlock points[] = {
  CONV3 ("p1", NULL, 2),
  CONV3 ("p2", "p1", 2), CONV3 ("p3", "p2", 1),
  CONV3 ("p4", "p3", 2), CONV3 ("p5", "p4", 1),
  CONV3 ("p6", "p5", 2),
  DENSE ("points", 11),
};

static const FacenetNetwork networks[] = {
  /* name        input         LRN    L2 pooling is         bn1   others */
  { "nn4.small2", { 3, 96, 96 }, TRUE,  FACENET_POOL_L2,      1e-5, 1e-5,
    G_N_ELEMENTS (nn4_small2), nn4_small2, FACENET_TASK_EMBED, FALSE },
  { "facereco",   { 3, 96, 96 }, FALSE, FACENET_POOL_AVERAGE, 1e-3, 1e-5,
    G_N_ELEMENTS (nn4_small2), nn4_small2, FACENET_TASK_EMBED, FALSE },
  { "facenet-detect",   { 3, 32, 32 }, .n_blocks = G_N_ELEMENTS (detect),
    .blocks = detect, .task = FACENET_TASK_DETECT, .has_no_norm = TRUE },
  { "facenet-points",   { 3, 64, 64 }, .n_blocks = G_N_ELEMENTS (points),
    .blocks = points, .task = FACENET_TASK_POINTS, .has_no_norm = TRUE },
};
/* *INDENT-ON* */

const FacenetNetwork *
facenet_network_find (const gchar * name)
{
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    if (strcmp (networks[i].name, name) == 0)
      return &networks[i];
  return NULL;
}

gchar *
facenet_network_list (FacenetTask task)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    if (networks[i].task == task)
      g_strv_builder_add (names, networks[i].name);
  list = g_strv_builder_end (names);
  return g_strjoinv (", ", list);
}

const gchar *
facenet_task_describe (FacenetTask task)
{
  switch (task) {
    case FACENET_TASK_EMBED:
      return "a network that embeds faces";
    case FACENET_TASK_DETECT:
      return "a face detector";
    case FACENET_TASK_POINTS:
      return "a network that finds landmarks";
  }
  g_return_val_if_reached (NULL);
}
