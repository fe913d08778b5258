/* facenet-detector-bindings.c - detection for language bindings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The faces of facenet_detector_detect() are the detector's until its next
 * call; here they are copies, and threads that share a detector wait for
 * each other.
 */
#include <facenet/facenet-bindings.h>

#include "face/facenet-detector-private.h"

/**
 * facenet_detector_detect_faces: (rename-to facenet_detector_detect)
 * @self: a detector
 * @image: a picture
 *
 * Finds the faces in a picture, see facenet_detector_detect().
 *
 * Returns: (transfer full) (element-type FacenetFace): the faces, largest
 *   first; each belongs to the caller, for g_boxed_free() with
 *   %FACENET_TYPE_FACE
 *
 * Since: 0.1
 */
GPtrArray *
facenet_detector_detect_faces (FacenetDetector * self,
    const FacenetImage * image)
{
  GPtrArray *result = g_ptr_array_new ();
  guint n_faces;
  const FacenetFace *faces;

  facenet_detector_lock (self);
  faces = facenet_detector_detect (self, image, &n_faces);
  for (guint i = 0; i < n_faces; i++)
    g_ptr_array_add (result, g_boxed_copy (FACENET_TYPE_FACE, &faces[i]));
  facenet_detector_unlock (self);
  return result;
}
