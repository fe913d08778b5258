/* facenet-reference-private.h - a pass step by step, through BLAS
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "network/facenet-model-private.h"

G_BEGIN_DECLS

/* Told after each step. map: the whole map that the step wrote to. */
typedef void (*FacenetStepFunc) (gpointer data, guint step,
    const gfloat * map);

/* face: [3,96,96]  arena: model->plan->arena_floats  embedding: [128]
 * watch may be NULL. */
void facenet_reference_run (const FacenetModel * model, const gfloat * face,
    gfloat * arena, gfloat * embedding, FacenetStepFunc watch, gpointer data);

G_END_DECLS
