/* facenet.h - everything of libfacenet
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * image and faces -> encoder: crops, model and session -> 128 floats -> gallery
 * -> match; over time, visits
 */
#pragma once

#include <facenet/facenet-version.h>
#include <facenet/facenet-error.h>
#include <facenet/facenet-runtime.h>
#include <facenet/facenet-image.h>
#include <facenet/facenet-face.h>
#include <facenet/facenet-landmarks.h>
#include <facenet/facenet-cropper.h>
#include <facenet/facenet-detector.h>
#include <facenet/facenet-quality.h>
#include <facenet/facenet-model.h>
#include <facenet/facenet-session.h>
#include <facenet/facenet-encoder.h>
#include <facenet/facenet-metric.h>
#include <facenet/facenet-gallery.h>
#include <facenet/facenet-gallery-source.h>
#include <facenet/facenet-rule.h>
#include <facenet/facenet-match.h>
#include <facenet/facenet-visits.h>
#include <facenet/facenet-bindings.h>
