/* print.h - what rtsp-watch prints, as text or as JSON lines
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/gst.h>

void watch_print (const gchar * camera, const GstStructure * event,
    gboolean json);
gchar *watch_hide_passwords (const gchar * text);
