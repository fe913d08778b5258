/* facenet-sampler-private.h - which photos a step learns from
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Whatever training leaves to chance is drawn from a generator of its own,
 * made of the seed of the run, what is drawn and for which step. Nothing is
 * carried from draw to draw: a run that is resumed, or has other threads,
 * draws the same.
 */
#pragma once

#include "train/facenet-trainer.h"

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

/* labels: [n_photos], who each photo shows, < n_people. Not owned. */
typedef struct {
  const guint *labels;
  guint n_photos;
  guint n_people;
} FacenetLabels;

/* Says which photos are kept from training, TRUE in held_out: [n_photos].
 * share: of the photos of each person, or of the people, in (0,1).
 *
 * A person with one photo is held out whole, as a stranger. By photos: of
 * people with four and more, at least two photos are held out and at least
 * two are not; people with two or three are all for training. By people: at
 * least two are held out whole, and at least two are not. */
void facenet_sampler_split (const FacenetLabels * labels, FacenetTrainerSplit split,
    gdouble share, guint32 seed, gboolean * held_out);

typedef struct _FacenetSampler FacenetSampler;

/* Draws from the photos that are not held out. n_people and n_photos: of a
 * batch, >= 1. Fewer people than that: all of them. (transfer full) */
FacenetSampler *facenet_sampler_new (const FacenetLabels * labels,
    const gboolean * held_out, guint n_people, guint n_photos, guint32 seed);
void facenet_sampler_free (FacenetSampler * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetSampler, facenet_sampler_free)

/* People and photos to draw from, and photos of a batch. */
guint facenet_sampler_get_n_people (const FacenetSampler * self);
guint facenet_sampler_get_n_photos (const FacenetSampler * self);
guint facenet_sampler_get_batch (const FacenetSampler * self);

/* The photos of a step, one person after the other: [batch]. People are
 * different ones; their photos too, where there are enough. */
void facenet_sampler_draw (const FacenetSampler * self, guint64 step,
    guint * photos);

G_END_DECLS
