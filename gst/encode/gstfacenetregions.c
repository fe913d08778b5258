/* gstfacenetregions.c - the faces of a frame
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Detectors say where faces are (gstfacenetdetections.c); a frame that is a
 * cropped face has no detections. Two boxes are one face when their
 * intersection is more than half of their union (IoU > 0.5, the usual bound of
 * detection benchmarks): cascades find faces more than once, and payloaders
 * duplicate metas, and some detectors say the same in two kinds of metadata.
 */
#include "gstfacenetregions.h"

#include "gstfacenetdetections.h"

#include <gst/facenet/gstfacecropmeta.h>

#include <math.h>
#include <string.h>

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

/* Area that two boxes share; the sums are exact. */
static gdouble
intersection (const GstFacenetRegion * a, const GstFacenetRegion * b)
{
  const gint64 left = MAX (a->x, b->x);
  const gint64 top = MAX (a->y, b->y);
  const gint64 right = MIN (a->x + a->w, b->x + b->w);
  const gint64 bottom = MIN (a->y + a->h, b->y + b->h);

  return (gdouble) MAX (right - left, 0) * (gdouble) MAX (bottom - top, 0);
}

static gboolean
is_same_face (const GstFacenetRegion * a, const GstFacenetRegion * b)
{
  const gdouble shared = intersection (a, b);

  return shared > SAME_FACE_IOU * (area (a) + area (b) - shared);
}

void
gst_facenet_regions_skip (GstFacenetRegions * self, GstFacenetSkip reason,
    const GstFacenetRegion * region, const gchar * why)
{
  GST_CAT_DEBUG_OBJECT (self->category, self->owner,
      "skipping face %ux%u at %" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ": %s",
      region->w, region->h, region->x, region->y, why);
  self->skipped[reason]++;
}

void
gst_facenet_regions_ignore_landmarks (GstFacenetRegions * self,
    const GstFacenetRegion * region)
{
  GST_CAT_DEBUG_OBJECT (self->category, self->owner,
      "ignoring the landmarks of face %ux%u at %" G_GINT64_FORMAT ",%"
      G_GINT64_FORMAT ": they are not those of a face in its box",
      region->w, region->h, region->x, region->y);
  self->landmarks_ignored++;
}

void
gst_facenet_region_get_box (const GstFacenetRegion * region,
    GstFacenetBox * box)
{
  const gint64 left = CLAMP (region->x, 0, G_MAXUINT);
  const gint64 top = CLAMP (region->y, 0, G_MAXUINT);

  box->x = (guint) left;
  box->y = (guint) top;
  box->w = (guint) MAX (region->x + region->w - left, 0);
  box->h = (guint) MAX (region->y + region->h - top, 0);
}

void
gst_facenet_region_describe (const GstFacenetRegion * region,
    GstFaceEmbeddingMeta * meta)
{
  GstFacenetBox box;

  gst_facenet_region_get_box (region, &box);
  meta->roi_type = region->roi_type;
  meta->x = box.x;
  meta->y = box.y;
  meta->w = box.w;
  meta->h = box.h;
  meta->frame_width = region->frame_width;
  meta->frame_height = region->frame_height;
  meta->track_id = region->track_id;
  meta->detect_confidence = region->confidence;
}

void
gst_facenet_region_get_face (const GstFacenetRegion * region,
    FacenetFace * face)
{
  face->box.x = (gdouble) region->x;
  face->box.y = (gdouble) region->y;
  face->box.width = region->w;
  face->box.height = region->h;
  face->confidence = region->confidence;
  face->has_landmarks = region->has_landmarks;
  memcpy (face->landmarks, region->landmarks, sizeof face->landmarks);
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

/* Of two boxes around one face keeps that in which the detector trusts more;
 * a track and landmarks that only the other has are the face's too. */
static void
merge (GstFacenetRegion * face, const GstFacenetRegion * other)
{
  const GstFacenetRegion left = other->confidence > face->confidence ?
      *face : *other;

  if (other->confidence > face->confidence)
    *face = *other;
  if (face->track_id < 0)
    face->track_id = left.track_id;
  if (!face->has_landmarks && left.has_landmarks) {
    face->has_landmarks = TRUE;
    memcpy (face->landmarks, left.landmarks, sizeof face->landmarks);
  }
}

/* Adds a face that is not in the list yet. */
static void
add (GstFacenetRegions * self, const GstFacenetRegion * region)
{
  guint i;

  for (i = 0; i < self->list->len; i++) {
    GstFacenetRegion *other = &g_array_index (self->list, GstFacenetRegion, i);

    if (is_same_face (region, other)) {
      gst_facenet_regions_skip (self, GST_FACENET_SKIP_DUPLICATE, region,
          "found twice");
      merge (other, region);
      return;
    }
  }
  g_array_append_val (self->list, *region);
}

static void
init_region (GstFacenetRegion * region, const GstFacenetDetection * detection,
    const GstVideoInfo * info)
{
  region->x = detection->x;
  region->y = detection->y;
  region->w = detection->w;
  region->h = detection->h;
  region->frame_width = (guint) GST_VIDEO_INFO_WIDTH (info);
  region->frame_height = (guint) GST_VIDEO_INFO_HEIGHT (info);
  region->roi_type = detection->type;
  region->is_frame = FALSE;
  region->side = 0.0;
  region->track_id = detection->track_id;
  region->confidence = detection->confidence;
  region->has_landmarks = detection->has_landmarks;
  memcpy (region->landmarks, detection->landmarks, sizeof region->landmarks);
}

static void
collect_detections (GstFacenetRegions * self, GstBuffer * buffer,
    const GstVideoInfo * info, const GstFacenetRules * rules)
{
  GstFacenetDetectionIter iter = { 0, NULL };
  GstFacenetDetection detection;

  while (gst_facenet_detections_next (&iter, buffer, &detection)) {
    GstFacenetRegion region;

    self->roi_seen = TRUE;
    if (rules->object_class != 0 && detection.type != rules->object_class)
      continue;
    init_region (&region, &detection, info);
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

/* inference-region=auto, and a frame without regions. */
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
  self->landmarks_ignored = 0;

  if (rules->inference == GST_FACENET_INFERENCE_FULL_FRAME) {
    collect_frame (self, buffer, info, rules);
    return;
  }
  collect_detections (self, buffer, info, rules);
  order (self, rules->max_faces);
  if (rules->inference == GST_FACENET_INFERENCE_AUTO && self->list->len == 0)
    collect_maybe_frame (self, buffer, info, rules);
}
