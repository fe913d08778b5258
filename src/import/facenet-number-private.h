/* facenet-number-private.h - numbers in text files
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Both read the decimal number that text begins with; text needs no NUL. They
 * also take "nan" and "inf", for whoever refuses them by name, but nothing
 * hexadecimal. They return how many of its size characters that took: all
 * letters, digits, signs and points in a row; 0 when they are no number.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What g_ascii_strtod() makes of it. */
gsize facenet_number_read (const gchar * text, gsize size, gdouble * value);

/* The same rounded to a float, several times faster. */
gsize facenet_number_read_float (const gchar * text, gsize size,
    gfloat * value);

G_END_DECLS
