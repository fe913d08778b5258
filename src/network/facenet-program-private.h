/* facenet-program-private.h - a plan made ready for kernels of our own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The steps of a plan become operations on pixel-major maps, in phases: those
 * of one phase need nothing of each other, so that threads meet only between
 * phases. The early phases, whose maps are large, run face by face; the late
 * ones, whose weights are large, run over all faces of a group at once.
 */
#pragma once

#include "kernels/facenet-kernels-private.h"
#include "network/facenet-fold-private.h"

G_BEGIN_DECLS

#define FACENET_GROUP 4         /* most faces that go through together */

typedef enum {
  FACENET_OP_INTERLEAVE,        /* the caller's planar face */
  FACENET_OP_FRAME,             /* zeros around what others write */
  FACENET_OP_PRODUCT,           /* convolution or dense layer */
  FACENET_OP_WINOGRAD_IN,
  FACENET_OP_WINOGRAD,
  FACENET_OP_UPSAMPLE_ADD,
  FACENET_OP_POOL,
  FACENET_OP_LRN,
  FACENET_OP_L2_NORMALIZE,      /* into the caller's embeddings */
  FACENET_OP_COPY_OUT           /* likewise, as they are */
} FacenetOpKind;

#define FACENET_NO_PHASE G_MAXUINT      /* last use of a map without any */

/* Memory of a pixel-major map: [h + 2 border + slack_h, w + 2 border +
 * slack_w, c] per face, the slack below and at the right. */
typedef struct {
  FacenetSlot slot;
  guint h, w, c;
  guint border;                 /* pixels of zeros on each side */
  guint slack_h, slack_w;       /* more zeros, up to a whole Winograd tile */
  gboolean grouped;             /* holds all faces of a group, not just one */
  gsize face_floats;            /* from one face to the next */
} FacenetMap;

/* Where an operation reads or writes: channels from `channel` on, pixel (0,0)
 * at (top,left) of the map without its border. */
typedef struct {
  guint map;
  guint channel;
  guint top, left;
} FacenetPlace;

typedef struct {
  FacenetOpKind kind;
  guint block;                  /* index in the network's table */
  guint step;                   /* index in the plan */
  guint phase;
  gboolean grouped;
  FacenetShape in, out;
  FacenetPlace src, dst;
  const gfloat *weights;        /* packed, see facenet-pack-private.h */
  const gfloat *bias;
  guint n_points;               /* product: output pixels, Winograd: tiles */
  guint32 *from, *to;           /* [n_points]: offset of each one's window in
                                 * a face of src, and of itself in dst */
  union
  {
    FacenetProduct product;     /* product and Winograd */
    FacenetPool2d pool;
    FacenetLrn lrn;
  };
} FacenetOp;

typedef struct {
  const FacenetKernels *kernels;
  const FacenetPlan *plan;
  GArray *ops;                  /* of FacenetOp, by phase */
  GArray *maps;                 /* of FacenetMap */
  guint first_grouped;          /* index of the first operation on groups */
  gsize arena_floats;
  gsize scratch_floats;         /* per thread */
  gfloat *weights;              /* that the operations point into; NULL when
                                 * they belong to another program */
} FacenetProgram;

/* plan: must outlive the program. weights: have passed facenet_fold_check(). */
FacenetProgram *facenet_program_new (const FacenetPlan * plan,
    const FacenetWeights * weights, const FacenetKernels * kernels);

/* For another plan of the same network. Its weights are those of `model`,
 * which must outlive it. */
FacenetProgram *facenet_program_new_resized (const FacenetProgram * model,
    const FacenetPlan * plan);
void facenet_program_free (FacenetProgram * self);

/* Fills in maps and operations, still without memory and weights; part of
 * facenet_program_new(). */
void facenet_program_lower (FacenetProgram * self);

static inline const FacenetOp *
facenet_program_get_op (const FacenetProgram * self, guint index)
{
  return &g_array_index (self->ops, FacenetOp, index);
}

static inline const FacenetMap *
facenet_program_get_map (const FacenetProgram * self, guint index)
{
  return &g_array_index (self->maps, FacenetMap, index);
}

/* Pixels from a row of a map to the next, and rows. */
static inline guint
facenet_map_get_row (const FacenetMap * self)
{
  return self->w + 2 * self->border + self->slack_w;
}

static inline guint
facenet_map_get_n_rows (const FacenetMap * self)
{
  return self->h + 2 * self->border + self->slack_h;
}

/* Floats from a place of a map's face to the first pixel's channel. */
static inline gsize
facenet_map_get_offset (const FacenetMap * self, const FacenetPlace * place,
    gint y, gint x)
{
  gint row = (gint) facenet_map_get_row (self);
  gint at_y = y + (gint) (place->top + self->border);
  gint at_x = x + (gint) (place->left + self->border);

  return (gsize) (at_y * row + at_x) * self->c + place->channel;
}

G_END_DECLS
