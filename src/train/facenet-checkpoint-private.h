/* facenet-checkpoint-private.h - what a run is kept as
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "train/facenet-trainer-private.h"

G_BEGIN_DECLS

#define FACENET_CHECKPOINT_FORMAT "facenet-checkpoint"
#define FACENET_CHECKPOINT_VERSION "1"

/* Figures of an epoch, in the order of the structure's members: loss, active,
 * learning rate; two counts and six figures of the score. */
#define FACENET_CHECKPOINT_FIGURES 11

/* Sums of the epoch in progress: loss, active. */
#define FACENET_CHECKPOINT_SUMS 2

/* figures: [FIGURES] */
void facenet_checkpoint_pack_epoch (const FacenetTrainerEpoch * epoch,
    gdouble * figures);
void facenet_checkpoint_unpack_epoch (FacenetTrainerEpoch * epoch,
    const gdouble * figures);

/* What two runs must have in common for one to go on with the other: strings
 * by name; (transfer full). */
GHashTable *facenet_checkpoint_describe (const FacenetTrainer * self);

G_END_DECLS
