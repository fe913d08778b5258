/* facenet-pass-private.h - a network that reads a picture of any size
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Weights are packed once; a pass is the plan and the memory for one size. The
 * caller writes into the input and reads the kept maps, wherever the kernels
 * in use have them.
 */
#pragma once

#include "base/facenet-pool-private.h"
#include "network/facenet-team-private.h"

G_BEGIN_DECLS

/* A network with its weights. Immutable. */
typedef struct {
  FacenetPlan *plan;            /* NULL: there is none */
  FacenetProgram *program;      /* for kernels of our own, or NULL and */
  FacenetFolded *folded;        /* [number of steps], for the reference */
  gfloat *memory;               /* that folded points into */
} FacenetCompiled;

/* plan: (transfer full)  weights: have passed facenet_fold_check() for it */
void facenet_compiled_init (FacenetCompiled * self, FacenetPlan * plan,
    const FacenetWeights * weights);
void facenet_compiled_clear (FacenetCompiled * self);

/* A map [c,h,w]: element (ci,y,x) is at data + ci channel + y row + x pixel. */
typedef struct {
  gfloat *data;
  gsize row, pixel, channel;    /* in floats */
  FacenetShape shape;
} FacenetMapView;

typedef struct _FacenetPass FacenetPass;

/* h, w: multiples of 32, > 0. compiled: must outlive the pass. */
FacenetPass *facenet_pass_new (const FacenetCompiled * compiled, guint h,
    guint w);
void facenet_pass_free (FacenetPass * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetPass, facenet_pass_free)

/* Where the picture goes; all of it is to be written before each run. */
FacenetMapView facenet_pass_get_input (const FacenetPass * self);

/* The threads of the pool share the work.
 * scratch: [threads of the pool], of facenet_compiled_get_scratch_size() */
void facenet_pass_run (FacenetPass * self, FacenetPool * pool,
    gfloat ** scratch);

/* A kept map, until the next run. */
FacenetMapView facenet_pass_get_map (const FacenetPass * self, guint block);

/* Floats that a thread needs besides the maps; 0 with the reference. */
gsize facenet_compiled_get_scratch_size (const FacenetCompiled * self);

G_END_DECLS
