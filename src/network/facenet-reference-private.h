/* facenet-reference-private.h - a pass step by step, through BLAS
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
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

/* The steps alone. in: as plan->input says  folded: [number of steps] */
void facenet_reference_run_steps (const FacenetPlan * plan,
    const FacenetFolded * folded, const gfloat * in, gfloat * arena,
    FacenetStepFunc watch, gpointer data);

/* The map of a slot, [c,h,w], as a pass leaves it. */
gfloat *facenet_reference_get_map (const FacenetPlan * plan, gfloat * arena,
    guint slot);

G_END_DECLS
