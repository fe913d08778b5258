/* gstfacenetregions.c - the faces of a frame
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Detectors say where faces are with a GstVideoRegionOfInterestMeta each; a
 * frame that is a cropped face has none. Two boxes are one face when their
 * intersection is more than half of their union (IoU > 0.5, the usual bound of
 * detection benchmarks): cascades find faces more than once, and payloaders
 * duplicate metas.
 */
#include "gstfacenetregions.h"

#include <gst/facenet/gstfacecropmeta.h>

#include <math.h>

/* A face is compared with all before it: this bounds the work that a broken
 * detector can cause. */
#define MAX_REGIONS 2048

#define SAME_FACE_IOU 0.5
#define MIN_INSIDE 0.5

/* Largest side of a frame that may be one cropped face. */
#define MAX_FACE_FRAME 256

void
gst_facenet_regions_init (GstFacenetRegions * self, gpointer owner,
    GstDebugCategory * category)
{
  self->owner = owner;
  self->category = category;
  self->list = g_array_new (FALSE, FALSE, sizeof (GstFacenetRegion));
  self->roi_seen = FALSE;
}

void
gst_facenet_regions_clear (GstFacenetRegions * self)
{
  g_clear_pointer (&self->list, g_array_unref);
}

void
gst_facenet_regions_reset (GstFacenetRegions * self)
{
  self->roi_seen = FALSE;
}

static gdouble
area (const GstFacenetRegion * region)
{
  return (gdouble) region->w * region->h;
}

/* Area that two boxes share. */
static gdouble
intersection (const GstFacenetRegion * a, const GstFacenetRegion * b)
{
  const gdouble left = MAX (a->x, b->x);
  const gdouble top = MAX (a->y, b->y);
  const gdouble right = MIN ((gdouble) a->x + a->w, (gdouble) b->x + b->w);
  const gdouble bottom = MIN ((gdouble) a->y + a->h, (gdouble) b->y + b->h);

  return MAX (right - left, 0.0) * MAX (bottom - top, 0.0);
}

static gboolean
is_same_face (const GstFacenetRegion * a, const GstFacenetRegion * b)
{
  const gdouble shared = intersection (a, b);

  return shared > SAME_FACE_IOU * (area (a) + area (b) - shared);
}

/* A track id as DL Streamer gives it, -1 without. */
static gint
get_track_id (GstVideoRegionOfInterestMeta * roi)
{
  GstStructure *param =
      gst_video_region_of_interest_meta_get_param (roi, "object_id");
  gint id;
  guint unsigned_id;

  if (param == NULL)
    return -1;
  if (gst_structure_get_int (param, "id", &id))
    return id;
  if (gst_structure_get_uint (param, "id", &unsigned_id)
      && unsigned_id <= G_MAXINT)
    return (gint) unsigned_id;
  return -1;
}

/* The detector's confidence as DL Streamer gives it, NaN without. */
static gdouble
get_confidence (GstVideoRegionOfInterestMeta * roi)
{
  GstStructure *param =
      gst_video_region_of_interest_meta_get_param (roi, "detection");
  gdouble confidence;

  if (param != NULL
      && gst_structure_get_double (param, "confidence", &confidence))
    return confidence;
  return (gdouble) NAN;
}

void
gst_facenet_regions_skip (GstFacenetRegions * self, GstFacenetSkip reason,
    const GstFacenetRegion * region, const gchar * why)
{
  GST_CAT_DEBUG_OBJECT (self->category, self->owner,
      "skipping face %ux%u at %u,%u: %s", region->w, region->h, region->x,
      region->y, why);
  self->skipped[reason]++;
}

void
gst_facenet_region_get_rect (const GstFacenetRegion * region,
    const GstVideoInfo * info, const GstFacenetFraming * framing,
    FacenetRect * rect)
{
  rect->x = rect->y = 0.0;
  rect->width = GST_VIDEO_INFO_WIDTH (info);
  rect->height = GST_VIDEO_INFO_HEIGHT (info);
  if (region->is_frame)
    return;
  rect->x = region->x;
  rect->y = region->y;
  rect->width = region->w;
  rect->height = region->h;
  facenet_rect_from_box (rect, rect, framing->scale, framing->offset_y);
}

/* Whether a box is one that can be encoded. */
static gboolean
check_box (GstFacenetRegions * self, const GstFacenetRegion * region,
    const GstFacenetRules * rules)
{
  const GstFacenetRegion frame = {.w = region->frame_width,
    .h = region->frame_height
  };

  if (region->w == 0 || region->h == 0)
    gst_facenet_regions_skip (self, GST_FACENET_SKIP_EMPTY, region,
        "its box has no area");
  else if (intersection (region, &frame) < MIN_INSIDE * area (region))
    gst_facenet_regions_skip (self, GST_FACENET_SKIP_OUTSIDE, region,
        "more than half of it is outside the frame");
  else if (MIN (region->w, region->h) < rules->min_face_size)
    gst_facenet_regions_skip (self, GST_FACENET_SKIP_SMALL, region,
        "below min-face-size");
  else
    return TRUE;
  return FALSE;
}

/* Adds a face, or of two boxes around one face keeps that in which the
 * detector trusts more. */
static void
add (GstFacenetRegions * self, const GstFacenetRegion * region)
{
  guint i;

  for (i = 0; i < self->list->len; i++) {
    GstFacenetRegion *other = &g_array_index (self->list, GstFacenetRegion, i);

    if (is_same_face (region, other)) {
      gst_facenet_regions_skip (self, GST_FACENET_SKIP_DUPLICATE, region,
          "found twice");
      if (region->confidence > other->confidence)
        *other = *region;
      return;
    }
  }
  g_array_append_val (self->list, *region);
}

static void
collect_rois (GstFacenetRegions * self, GstBuffer * buffer,
    const GstVideoInfo * info, const GstFacenetRules * rules)
{
  gpointer state = NULL;
  GstMeta *meta;

  while ((meta = gst_buffer_iterate_meta_filtered (buffer, &state,
              GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE))) {
    GstVideoRegionOfInterestMeta *roi = (GstVideoRegionOfInterestMeta *) meta;
    GstFacenetRegion region = { 0 };

    self->roi_seen = TRUE;
    if (rules->object_class != 0 && roi->roi_type != rules->object_class)
      continue;
    region.x = roi->x;
    region.y = roi->y;
    region.w = roi->w;
    region.h = roi->h;
    region.frame_width = (guint) GST_VIDEO_INFO_WIDTH (info);
    region.frame_height = (guint) GST_VIDEO_INFO_HEIGHT (info);
    region.roi_type = roi->roi_type;
    region.track_id = get_track_id (roi);
    region.confidence = get_confidence (roi);
    region.quality = (gdouble) NAN;
    if (!check_box (self, &region, rules))
      continue;
    if (self->list->len < MAX_REGIONS)
      add (self, &region);
    else
      gst_facenet_regions_skip (self, GST_FACENET_SKIP_MAX_FACES, &region,
          "too many faces");
  }
}

/* A face that was cropped upstream has the box that it was cropped from. */
static void
take_source (GstFacenetRegion * region, const GstFaceCropMeta * crop)
{
  const gdouble *m = crop->to_frame;

  region->x = crop->x;
  region->y = crop->y;
  region->w = crop->w;
  region->h = crop->h;
  region->frame_width = crop->frame_width;
  region->frame_height = crop->frame_height;
  region->roi_type = crop->roi_type;
  region->side = sqrt (fabs (m[0] * m[4] - m[1] * m[3]));
  region->track_id = crop->track_id;
  region->confidence = crop->detect_confidence;
}

static void
collect_frame (GstFacenetRegions * self, GstBuffer * buffer,
    const GstVideoInfo * info, const GstFacenetRules * rules)
{
  const GstFaceCropMeta *crop = gst_buffer_get_face_crop_meta (buffer);
  GstFacenetRegion region = { 0 };

  region.w = region.frame_width = (guint) GST_VIDEO_INFO_WIDTH (info);
  region.h = region.frame_height = (guint) GST_VIDEO_INFO_HEIGHT (info);
  region.is_frame = TRUE;
  region.track_id = -1;
  region.confidence = (gdouble) NAN;
  region.quality = (gdouble) NAN;
  if (crop != NULL)
    take_source (&region, crop);
  if (check_box (self, &region, rules))
    g_array_append_val (self->list, region);
}

/* Whether frames of this size may be cropped faces: small, and about as wide
 * as high. */
static gboolean
is_face_sized (const GstVideoInfo * info)
{
  const gint w = GST_VIDEO_INFO_WIDTH (info);
  const gint h = GST_VIDEO_INFO_HEIGHT (info);

  return w <= MAX_FACE_FRAME && h <= MAX_FACE_FRAME && 3 * w <= 4 * h
      && 3 * h <= 4 * w;
}

/* What to make of a frame without regions when nobody said. */
static void
collect_maybe_frame (GstFacenetRegions * self, GstBuffer * buffer,
    const GstVideoInfo * info, const GstFacenetRules * rules)
{
  if (gst_buffer_get_face_crop_meta (buffer) != NULL)
    collect_frame (self, buffer, info, rules);
  else if (self->roi_seen)
    return;
  else if (is_face_sized (info))
    collect_frame (self, buffer, info, rules);
  else
    self->skipped[GST_FACENET_SKIP_FULL_FRAME]++;
}

static gint
compare_area (gconstpointer a, gconstpointer b)
{
  const gdouble difference = area (b) - area (a);

  return difference > 0.0 ? 1 : difference < 0.0 ? -1 : 0;
}

/* Largest first; faces of one size stay in the order of their regions. */
static void
order (GstFacenetRegions * self, guint max_faces)
{
  guint i;

  g_array_sort (self->list, compare_area);
  if (max_faces == 0 || self->list->len <= max_faces)
    return;
  for (i = max_faces; i < self->list->len; i++)
    gst_facenet_regions_skip (self, GST_FACENET_SKIP_MAX_FACES,
        &g_array_index (self->list, GstFacenetRegion, i), "beyond max-faces");
  g_array_set_size (self->list, max_faces);
}

void
gst_facenet_regions_collect (GstFacenetRegions * self, GstBuffer * buffer,
    const GstVideoInfo * info, const GstFacenetRules * rules)
{
  guint i;

  g_array_set_size (self->list, 0);
  for (i = 0; i < GST_FACENET_N_SKIPS; i++)
    self->skipped[i] = 0;

  if (rules->inference == GST_FACENET_INFERENCE_FULL_FRAME) {
    collect_frame (self, buffer, info, rules);
    return;
  }
  collect_rois (self, buffer, info, rules);
  order (self, rules->max_faces);
  if (rules->inference == GST_FACENET_INFERENCE_AUTO && self->list->len == 0)
    collect_maybe_frame (self, buffer, info, rules);
}
