/* encode-testing.h - what the tests of facenetencode share
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/check/gstharness.h>
#include <gst/video/video.h>
#include <gst/facenet/gstfacenet.h>

G_BEGIN_DECLS

/* Starts facenetencode, set up by properties as gst-launch takes them, on
 * frames of that size. */
GstHarness *encode_start (const gchar * properties, GstVideoFormat format,
    gint width, gint height);
void encode_set_format (GstHarness * h, GstVideoFormat format, gint width,
    gint height);

/* An RGB picture that has the colours and the smoothness of a face, its
 * features moved by seed. */
GstBuffer *encode_make_picture (gint width, gint height, guint seed);

GstVideoRegionOfInterestMeta *encode_add_roi (GstBuffer * buffer,
    const gchar * type, guint x, guint y, guint size);

guint encode_count_faces (GstBuffer * buffer);
guint64 encode_get_stat (GstHarness * h, const gchar * field);

G_END_DECLS
