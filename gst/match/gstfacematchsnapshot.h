/* gstfacematchsnapshot.h - what one buffer is judged by
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-gallery.h>

#include "gstfacematchsettings.h"

G_BEGIN_DECLS

/* Settings and gallery of one buffer, whatever is set meanwhile. The gallery
 * is counted; NULL when the element has not started. */
typedef struct {
  GstFaceMatchSettings settings;
  FacenetGallery *gallery;
  guint generation;
} GstFaceMatchSnapshot;

/* Where in the stream a buffer is; GST_CLOCK_TIME_NONE for what is unknown. */
typedef struct {
  GstClockTime timestamp;
  GstClockTime stream_time;
  GstClockTime running_time;
  GstClockTime duration;
} GstFaceMatchTimes;

G_END_DECLS
