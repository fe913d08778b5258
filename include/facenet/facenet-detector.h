/* facenet-detector.h - where the faces in a picture are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A small network looks at the whole picture at one scale and gives boxes,
 * confidences and five landmarks. Its weights are read once per process. A
 * detector is not thread-safe: make one per streaming thread. Once it has seen
 * a size of pictures, detecting in more of them allocates nothing.
 */
#pragma once

#include <facenet/facenet-error.h>
#include <facenet/facenet-face.h>
#include <facenet/facenet-image.h>

G_BEGIN_DECLS

/**
 * FACENET_DETECTOR_MAX_FACES:
 *
 * Faces that are found in one picture, at most.
 *
 * Since: 0.1
 */
#define FACENET_DETECTOR_MAX_FACES 1024

/**
 * FacenetDetector:
 *
 * The mutable state of one caller that finds faces.
 *
 * Since: 0.1
 */
typedef struct _FacenetDetector FacenetDetector;

#define FACENET_TYPE_DETECTOR (facenet_detector_get_type ())

FACENET_API GType facenet_detector_get_type (void);
FACENET_API FacenetDetector *facenet_detector_new (const gchar * location,
    guint n_threads, GError ** error);
FACENET_API FacenetDetector *facenet_detector_ref (FacenetDetector * self);
FACENET_API void facenet_detector_unref (FacenetDetector * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetDetector, facenet_detector_unref)

FACENET_API gchar *facenet_detector_find_default (GError ** error);

FACENET_API const gchar *facenet_detector_get_location (const FacenetDetector *
    self);
FACENET_API const gchar *facenet_detector_get_id (const FacenetDetector * self);
FACENET_API const gchar *facenet_detector_get_name (const FacenetDetector *
    self);
FACENET_API guint facenet_detector_get_n_threads (const FacenetDetector * self);
FACENET_API gdouble facenet_detector_get_default_threshold (const
    FacenetDetector * self);
FACENET_API gdouble facenet_detector_get_threshold (const FacenetDetector *
    self);
FACENET_API void facenet_detector_set_threshold (FacenetDetector * self,
    gdouble threshold);
FACENET_API guint facenet_detector_get_min_face_size (const FacenetDetector *
    self);
FACENET_API void facenet_detector_set_min_face_size (FacenetDetector * self,
    guint pixels);
FACENET_API guint facenet_detector_get_max_faces (const FacenetDetector * self);
FACENET_API void facenet_detector_set_max_faces (FacenetDetector * self,
    guint n_faces);

FACENET_API const FacenetFace *facenet_detector_detect (FacenetDetector * self,
    const FacenetImage * image, guint * n_faces);

G_END_DECLS
