/* clip.h - encoded frames that show one picture after the other
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/gst.h>

typedef struct
{
  gint width, height;           /* of a frame, even */
  gint rate;                    /* frames per second */
  gint hold;                    /* frames that a picture is shown */
  gint picture_height;          /* pixels, even */
  gboolean jpeg;                /* else H.264 */
} ClipFormat;

typedef struct
{
  GPtrArray *frames;            /* of GstBuffer, pictures * hold */
  GstCaps *caps;
} Clip;

Clip *clip_new (const ClipFormat * format, gchar ** pictures, GError ** error);
void clip_free (Clip * self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Clip, clip_free)
