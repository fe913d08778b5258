/* facenet-weights-pack-private.h - weights on their way between processes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "weights/facenet-weights-private.h"

G_BEGIN_DECLS

/* Appends the tensors, for facenet_weights_unpack() in another process. */
void facenet_weights_pack (const FacenetWeights * self, GByteArray * out);

/* Weights of that location out of what was packed; the errors of
 * facenet_weights_take(), or TRUNCATED. (transfer full) */
FacenetWeights *facenet_weights_unpack (const guint8 * data, gsize size,
    const gchar * location, GError ** error);

G_END_DECLS
