/* facenet-detector-private.h - a detector that language bindings share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-detector.h>

G_BEGIN_DECLS

/* Held by what language bindings call, until they have copied the result. */
void facenet_detector_lock (FacenetDetector * self);
void facenet_detector_unlock (FacenetDetector * self);

G_END_DECLS
