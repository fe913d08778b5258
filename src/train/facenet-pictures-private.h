/* facenet-pictures-private.h - the photos to train with, in memory
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-error.h>
#include <facenet/facenet-cropper.h>

G_BEGIN_DECLS

/* Photos in the order in which they came, each FACENET_AUGMENT_BYTES, and who
 * they show. */
typedef struct _FacenetPictures FacenetPictures;

FacenetPictures *facenet_pictures_new (void);
void facenet_pictures_free (FacenetPictures * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetPictures, facenet_pictures_free)

/* Crops frame, the square that the network would see, and some margin around
 * it. LIMIT when there are too many. */
gboolean facenet_pictures_add (FacenetPictures * self, const gchar * person,
    const FacenetImage * image, const FacenetAffine * frame, GError ** error);

guint facenet_pictures_get_n (const FacenetPictures * self);
guint facenet_pictures_get_n_people (const FacenetPictures * self);

/* [3,SIDE,SIDE] of a photo. */
const guint8 *facenet_pictures_get (const FacenetPictures * self, guint index);

/* [n]: who each photo shows, counted from 0 in the order in which they came;
 * valid until the next is added. */
const guint *facenet_pictures_get_labels (const FacenetPictures * self);

/* Hex SHA-256 of all labels and photos in their order; (transfer full). */
gchar *facenet_pictures_compute_id (const FacenetPictures * self);

G_END_DECLS
