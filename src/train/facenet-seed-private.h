/* facenet-seed-private.h - chance that comes out the same every time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Whatever training leaves to chance is drawn from a generator of its own,
 * made of the seed of the run, what is drawn and for which step. Nothing is
 * carried from draw to draw: a run that is resumed, or has other threads,
 * draws the same.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  FACENET_SEED_SPLIT,           /* what is held out */
  FACENET_SEED_PEOPLE,          /* the order of the people */
  FACENET_SEED_PHOTOS,          /* the order of a person's photos */
  FACENET_SEED_AUGMENT,         /* how a photo is changed */
  FACENET_SEED_DEGRADE          /* the same, of one held out */
} FacenetSeedUse;

/* A generator for one draw; a and b say which. (transfer full) */
GRand *facenet_seed_rand (guint32 seed, FacenetSeedUse use, guint64 a,
    guint32 b);

/* Brings n values into a random order. */
void facenet_seed_shuffle (GRand * rand, guint * values, guint n);

G_END_DECLS
