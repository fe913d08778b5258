/* facenet-face.c - a face in a picture
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <facenet/facenet-face.h>

static FacenetFace *
copy_face (const FacenetFace * face)
{
  return g_memdup2 (face, sizeof *face);
}

static void
free_face (FacenetFace * face)
{
  g_free (face);
}

G_DEFINE_BOXED_TYPE (FacenetFace, facenet_face, copy_face, free_face);

/**
 * facenet_face_get_box:
 * @self: a face
 * @box: (out caller-allocates): where it is
 *
 * Gets the box, for languages that cannot read a struct in a struct.
 *
 * Since: 0.1
 */
void
facenet_face_get_box (const FacenetFace * self, FacenetRect * box)
{
  g_return_if_fail (self != NULL && box != NULL);

  *box = self->box;
}

/**
 * facenet_face_get_landmark:
 * @self: a face
 * @index: which, below %FACENET_N_LANDMARKS
 * @point: (out caller-allocates): where it is
 *
 * Gets one landmark, for languages that cannot read an array of structs.
 *
 * Returns: %FALSE when the landmarks of this face are not known; @point is
 *   left as it was
 *
 * Since: 0.1
 */
gboolean
facenet_face_get_landmark (const FacenetFace * self, guint index,
    FacenetPoint * point)
{
  g_return_val_if_fail (self != NULL && point != NULL, FALSE);
  g_return_val_if_fail (index < FACENET_N_LANDMARKS, FALSE);

  if (!self->has_landmarks)
    return FALSE;
  *point = self->landmarks[index];
  return TRUE;
}
