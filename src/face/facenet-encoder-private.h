/* facenet-encoder-private.h - one caller of an encoder at a time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-encoder.h>

G_BEGIN_DECLS

/* Held by what language bindings call, until they have copied the result. */
void facenet_encoder_lock (FacenetEncoder * self);
void facenet_encoder_unlock (FacenetEncoder * self);

G_END_DECLS
