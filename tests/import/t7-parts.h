/* t7-parts.h - what the tests of Torch7 files share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "t7-writer.h"

/* A few random numbers under each name of the shipped model that begins with
 * one of the prefixes; NULL for all. */
FacenetWeights *t7_make_weights (const gchar * const *prefixes);

/* Those of one arm and of dense. */
FacenetWeights *t7_make_few_weights (void);

/* Reads as "a.t7". */
FacenetWeights *t7_load (GBytes * bytes, GError ** error);
FacenetWeights *t7_load_well (GBytes * bytes);

/* Wants an error of this code with these words in it. Takes the bytes. */
void t7_assert_refused (GBytes * bytes, gint code, const gchar * words);

/* An nn.Sequential; between the two, t7_next() and a module for each. */
T7Writer *t7_begin_model (T7Flags flags);
GBytes *t7_end_model (T7Writer * writer);

/* A model of one k x k convolution; between the two, its weights. */
T7Writer *t7_begin_conv (T7Flags flags, gdouble k);
GBytes *t7_end_conv (T7Writer * writer);

/* A module of that class; a convolution is 1x1 and has a weight. */
void t7_put_module (T7Writer * writer, const gchar * name);
