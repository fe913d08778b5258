/* facenet-network.c - networks as tables of blocks
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * nn4.small2 is OpenFace's network (Amos et al. 2016), a small relative of
 * FaceNet's NN4 (Schroff et al. 2015, table 2) with inception blocks (Szegedy
 * et al. 2014). facereco is the same network as a well-known course builds it:
 * without LRN, with average in place of L2 pooling, and another epsilon in the
 * first batch normalisation. Both read the same weights.
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

static const FacenetNetwork networks[] = {
  /* name        input         LRN    L2 pooling is         bn1   others */
  { "nn4.small2", { 3, 96, 96 }, TRUE,  FACENET_POOL_L2,      1e-5, 1e-5,
    G_N_ELEMENTS (nn4_small2), nn4_small2 },
  { "facereco",   { 3, 96, 96 }, FALSE, FACENET_POOL_AVERAGE, 1e-3, 1e-5,
    G_N_ELEMENTS (nn4_small2), nn4_small2 },
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

const gchar *const *
facenet_network_list (void)
{
  static const gchar *names[G_N_ELEMENTS (networks) + 1];

  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    names[i] = networks[i].name;
  return names;
}
