/* faces.c - faces found in a small copy of a frame
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A detector must have small frames to be fast, the network as many pixels of
 * a face as there are. So boxes are taken from the one and marked in the other,
 * in its pixels. Not thread-safe: both happen in one streaming thread.
 */
#include "faces.h"

#include <gst/video/video.h>

#define FACE "face"

struct _WatchFaces
{
  GArray *boxes;                /* of GstVideoRectangle, small frame */
  gint width, height;           /* of the small frame */
};

WatchFaces *
watch_faces_new (void)
{
  WatchFaces *self = g_new0 (WatchFaces, 1);

  self->boxes = g_array_new (FALSE, FALSE, sizeof (GstVideoRectangle));
  return self;
}

void
watch_faces_free (WatchFaces * self)
{
  g_array_unref (self->boxes);
  g_free (self);
}

static gboolean
get_size (GstPad * pad, gint * width, gint * height)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const GstStructure *structure;

  if (caps == NULL)
    return FALSE;
  structure = gst_caps_get_structure (caps, 0);
  return gst_structure_get_int (structure, "width", width)
      && gst_structure_get_int (structure, "height", height);
}

/* Takes the boxes from a small frame on @pad, instead of those it had. */
void
watch_faces_collect (WatchFaces * self, GstPad * pad, GstBuffer * small)
{
  GQuark face = g_quark_from_static_string (FACE);
  gpointer state = NULL;
  GstMeta *meta;

  g_array_set_size (self->boxes, 0);
  if (!get_size (pad, &self->width, &self->height))
    return;
  while ((meta = gst_buffer_iterate_meta_filtered (small, &state,
              GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE))) {
    const GstVideoRegionOfInterestMeta *roi =
        (GstVideoRegionOfInterestMeta *) meta;
    GstVideoRectangle box = { (gint) roi->x, (gint) roi->y, (gint) roi->w,
      (gint) roi->h
    };

    if (roi->roi_type == face)
      g_array_append_val (self->boxes, box);
  }
}

/* The same frame, (transfer full) both ways, with the boxes attached. No
 * pixel is copied: a new buffer shares the memory. */
GstBuffer *
watch_faces_attach (WatchFaces * self, GstPad * pad, GstBuffer * frame)
{
  gint width, height;

  if (self->boxes->len == 0 || !get_size (pad, &width, &height))
    return frame;
  frame = gst_buffer_make_writable (frame);
  for (guint i = 0; i < self->boxes->len; i++) {
    const GstVideoRectangle *box =
        &g_array_index (self->boxes, GstVideoRectangle, i);

    gst_buffer_add_video_region_of_interest_meta (frame, FACE,
        (guint) gst_util_uint64_scale_int ((guint64) box->x, width,
            self->width),
        (guint) gst_util_uint64_scale_int ((guint64) box->y, height,
            self->height),
        (guint) gst_util_uint64_scale_int ((guint64) box->w, width,
            self->width),
        (guint) gst_util_uint64_scale_int ((guint64) box->h, height,
            self->height));
  }
  g_array_set_size (self->boxes, 0);
  return frame;
}
