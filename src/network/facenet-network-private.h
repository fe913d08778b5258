/* facenet-network-private.h - networks as tables of blocks
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A network is a row of blocks, each fed by the one before it. Everything
 * else - shapes, tensor names, parameter counts, the plan, `facenet info`, the
 * tests - is worked out from the table.
 */
#pragma once

#include "kernels/facenet-pool2d-private.h"
#include "kernels/facenet-shape-private.h"

G_BEGIN_DECLS

typedef enum {
  FACENET_BLOCK_CONV,           /* k x k convolution, batch norm, ReLU */
  FACENET_BLOCK_POOL,
  FACENET_BLOCK_LRN,            /* local response normalisation */
  FACENET_BLOCK_INCEPTION,
  FACENET_BLOCK_DENSE,
  FACENET_BLOCK_L2_NORMALIZE
} FacenetBlockKind;

/* A reducing 1x1 convolution, then a k x k one with stride s and same
 * padding; out 0: the arm is not there. */
typedef struct {
  guint reduce, out, s;
} FacenetArm;

/* Pool 3x3 with stride s, a 1x1 convolution to `project` channels unless
 * that is 0, then zeros around it to the size of the block. */
typedef struct {
  FacenetPoolKind kind;
  guint s, project;
} FacenetPoolArm;

typedef struct {
  const gchar *name;
  FacenetBlockKind kind;
  guint out, k, s, p;           /* conv; pool: k s p; dense: out */
  FacenetPoolKind pool;         /* pool */
  FacenetArm arm3, arm5;        /* inception */
  FacenetPoolArm arm_pool;
  guint arm1;
} FacenetBlock;

typedef struct {
  const gchar *name;
  FacenetShape input;
  gboolean has_lrn;             /* FALSE: LRN blocks are left out */
  FacenetPoolKind l2_pool;      /* what L2 pooling is in this variant */
  gdouble first_bn_epsilon;     /* of the first convolution */
  gdouble bn_epsilon;           /* of all others */
  guint n_blocks;
  const FacenetBlock *blocks;
} FacenetNetwork;

/* NULL when there is none of that name. */
const FacenetNetwork *facenet_network_find (const gchar * name);

/* Names of all networks, NULL-terminated, static. */
const gchar *const *facenet_network_list (void);

G_END_DECLS
