/* faces.h - faces found in a small copy of a frame
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/gst.h>

typedef struct _WatchFaces WatchFaces;

WatchFaces *watch_faces_new (void);
void watch_faces_free (WatchFaces * self);
void watch_faces_collect (WatchFaces * self, GstPad * pad, GstBuffer * small);
GstBuffer *watch_faces_attach (WatchFaces * self, GstPad * pad,
    GstBuffer * frame);
