/* facenet-csv-private.h - the values in one CSV file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-error.h>

G_BEGIN_DECLS

/* All numbers of a file in their order, separated by commas, blanks or line
 * ends. item names the file in errors: FORMAT, TRUNCATED when there are none,
 * LIMIT when memory does not hold them. (transfer full) */
gfloat *facenet_csv_parse (GBytes * bytes, const gchar * item,
    gsize * n_values, GError ** error);

G_END_DECLS
