/* facenet-strangers-private.h - unknown people, told apart
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-gallery.h>

G_BEGIN_DECLS

/* What somebody looks like: a unit vector [n_dims]. */
typedef struct {
  const gfloat *embedding;
  guint n_dims;
} FacenetProbe;

/* The unknown people of a stream, numbered from 1 in the order in which they
 * came. The thousand who were seen last are remembered. */
typedef struct {
  GArray *people;               /* of FacenetStranger */
  guint n_named;                /* the last number that was given */
} FacenetStrangers;

void facenet_strangers_init (FacenetStrangers * self);
void facenet_strangers_clear (FacenetStrangers * self);

/* Forgets all people; numbers begin anew. */
void facenet_strangers_reset (FacenetStrangers * self);

/* Who it is: a number that no other face of this frame has, of somebody within
 * a squared L2 distance, else a new one that nobody in the gallery has in an id
 * "unknown-<number>". */
guint facenet_strangers_find (FacenetStrangers * self,
    const FacenetProbe * probe, gdouble threshold,
    const FacenetGallery * gallery, guint64 frame);

/* That a stranger is on this frame and, unless the probe is NULL, looks like
 * this now. */
void facenet_strangers_see (FacenetStrangers * self, guint number,
    const FacenetProbe * probe, guint64 frame);

G_END_DECLS
