/* facenet-impostors-private.h - how near strangers come, of known models
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The squared L2 within which this share of the pairs of two people are; NaN
 * when nothing is known of the model. */
gdouble facenet_impostors_find_threshold (const gchar * model_id, gdouble far);

G_END_DECLS
