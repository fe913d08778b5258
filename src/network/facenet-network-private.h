/* facenet-network-private.h - networks as tables of blocks
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A network is a row of blocks, each fed by the one before it or by the one
 * that it names. Everything
 * else - shapes, tensor names, parameter counts, the plan, `facenet info`, the
 * tests - is worked out from the table.
 */
#pragma once

#include "kernels/facenet-pool2d-private.h"
#include "kernels/facenet-shape-private.h"

G_BEGIN_DECLS

typedef enum {
  FACENET_BLOCK_CONV,           /* k x k convolution, batch norm, ReLU */
  FACENET_BLOCK_UPSAMPLE_ADD,   /* from + with, a map half as large, doubled */
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
  guint out, k, s, p;           /* conv; pool: k s p; dense: out;
                                 * out 0: as many as the file has */
  FacenetPoolKind pool;         /* pool */
  FacenetArm arm3, arm5;        /* inception */
  FacenetPoolArm arm_pool;
  guint arm1;
  const gchar *from;            /* name of the block that feeds it; NULL: the
                                 * one before it */
  const gchar *with;            /* upsample-add */
  gboolean linear;              /* conv: no ReLU */
  gboolean kept;                /* its output is a result of the network */
} FacenetBlock;

typedef enum {
  FACENET_TASK_EMBED,           /* faces in, unit vectors out */
  FACENET_TASK_DETECT,          /* a picture in, its kept maps out; any multiple
                                 * of the input's side each way */
  FACENET_TASK_POINTS           /* faces in, numbers out */
} FacenetTask;

typedef struct {
  const gchar *name;
  FacenetShape input;
  gboolean has_lrn;             /* FALSE: LRN blocks are left out */
  FacenetPoolKind l2_pool;      /* what L2 pooling is in this variant */
  gdouble first_bn_epsilon;     /* of the first convolution */
  gdouble bn_epsilon;           /* of all others */
  guint n_blocks;
  const FacenetBlock *blocks;
  FacenetTask task;
  gboolean has_no_norm;         /* convolutions without batch norm */
} FacenetNetwork;

/* NULL when there is none of that name. */
const FacenetNetwork *facenet_network_find (const gchar * name);

/* Names of all networks for a task, separated by commas. (transfer full) */
gchar *facenet_network_list (FacenetTask task);

/* What a network for this task is: "a face detector". */
const gchar *facenet_task_describe (FacenetTask task);

G_END_DECLS
