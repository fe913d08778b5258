/* gstfacematchannotation.c - boxes and labels as overlay rectangles
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A face becomes one small ARGB picture, no larger than its box and label,
 * that GStreamer blends into the frame, whatever its format, or leaves to a
 * sink that can. Cairo's ARGB32 is what overlay rectangles are made of. Four
 * thin pictures, one for each side of the box, were tried and are no faster.
 */
#include "gstfacematchannotation.h"

#include <cairo.h>
#include <math.h>

/* Of the frame's height: lines and letters grow with it. */
#define LINE_DIVISOR 240.0
#define MIN_LINE 2.0
#define FONT_DIVISOR 24.0
#define MIN_FONT 12.0

/* Where on the frame the parts of an annotation go, in pixels. */
typedef struct
{
  gdouble x, y, w, h;           /* box */
  gdouble line;
  gdouble font;                 /* size */
  gdouble text_x, text_y;       /* where the base line begins */
  cairo_rectangle_int_t area;   /* all of it, inside the frame */
} AnnotationLayout;

static gchar *
make_label (const GstFaceMatchMeta * match, gboolean with_distance)
{
  gchar distance[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree gchar *who = NULL;

  if (match->event == FACENET_EVENT_MATCH)
    who = g_strdup (match->name);
  else if (match->event == FACENET_EVENT_UNCERTAIN && match->name != NULL)
    who = g_strconcat (match->name, "?", NULL);
  else if (match->event == FACENET_EVENT_UNKNOWN && match->id != NULL)
    who = g_strdup (match->id);
  if (who == NULL)
    who = g_strdup (facenet_event_get_nick (match->event));
  if (!with_distance || isnan (match->distance))
    return g_steal_pointer (&who);
  g_ascii_formatd (distance, sizeof distance, "%.2f", match->distance);
  return g_strconcat (who, " ", distance, NULL);
}

void
gst_face_match_annotation_init (GstFaceMatchAnnotation * self,
    const GstFaceEmbeddingMeta * face, const GstFaceMatchMeta * match,
    gboolean with_distance)
{
  const gdouble width = MAX (1, face->frame_width);
  const gdouble height = MAX (1, face->frame_height);

  self->x = face->x / width;
  self->y = face->y / height;
  self->w = face->w / width;
  self->h = face->h / height;
  self->judged = match != NULL;
  self->event = match != NULL ? match->event : FACENET_EVENT_REJECT;
  self->label = match != NULL ? make_label (match, with_distance) : NULL;
}

void
gst_face_match_annotation_clear (GstFaceMatchAnnotation * self)
{
  g_clear_pointer (&self->label, g_free);
}

/* Colours that people with colour vision deficiencies can tell apart too. */
static void
set_colour (cairo_t * cr, FacenetEvent event)
{
  switch (event) {
    case FACENET_EVENT_MATCH:
      cairo_set_source_rgb (cr, 0.0, 0.8, 0.6);
      break;
    case FACENET_EVENT_UNCERTAIN:
      cairo_set_source_rgb (cr, 0.95, 0.9, 0.25);
      break;
    case FACENET_EVENT_UNKNOWN:
      cairo_set_source_rgb (cr, 1.0, 0.5, 0.1);
      break;
    default:
      cairo_set_source_rgb (cr, 0.7, 0.7, 0.7);
  }
}

static void
set_font (cairo_t * cr, const gchar * family, gdouble size)
{
  cairo_select_font_face (cr, family, CAIRO_FONT_SLANT_NORMAL,
      CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size (cr, size);
}

/* How wide the label is, in pixels. */
static gdouble
measure_label (const gchar * label, const gchar * family, gdouble size)
{
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 1, 1);
  cairo_t *cr = cairo_create (surface);
  cairo_text_extents_t extents;

  set_font (cr, family, size);
  cairo_text_extents (cr, label, &extents);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return extents.x_advance;
}

/* The label goes above the box, or inside where there is no room above it;
 * FALSE when nothing of it is in the frame. */
static gboolean
layout_init (AnnotationLayout * self, const GstFaceMatchAnnotation * annotation,
    const GstFaceMatchStyle * style)
{
  gdouble left, top, right, bottom, text = 0;

  self->x = annotation->x * style->width;
  self->y = annotation->y * style->height;
  self->w = annotation->w * style->width;
  self->h = annotation->h * style->height;
  self->line = style->line_width > 0 ? style->line_width
      : MAX (MIN_LINE, style->height / LINE_DIVISOR);
  self->font = MAX (MIN_FONT, style->height / FONT_DIVISOR);
  if (annotation->label != NULL)
    text = measure_label (annotation->label, style->font, self->font);
  self->text_x = CLAMP (self->x, 0, MAX (0, style->width - text));
  self->text_y = self->y - self->line - self->font / 4;
  if (self->text_y < self->font) {
    self->text_y = MAX (0, self->y) + self->line + self->font;
    self->text_x += 2 * self->line;
  }

  left = MIN (self->x, self->text_x) - 2 * self->line;
  top = MIN (self->y, self->text_y - self->font) - 2 * self->line;
  right = MAX (self->x + self->w, self->text_x + text + self->font / 4)
      + 2 * self->line;
  bottom = MAX (self->y + self->h, self->text_y + self->font / 2)
      + 2 * self->line;
  left = CLAMP (floor (left), 0, style->width);
  top = CLAMP (floor (top), 0, style->height);
  right = CLAMP (ceil (right), 0, style->width);
  bottom = CLAMP (ceil (bottom), 0, style->height);
  self->area.x = (gint) left;
  self->area.y = (gint) top;
  self->area.width = (gint) (right - left);
  self->area.height = (gint) (bottom - top);
  return self->area.width > 0 && self->area.height > 0;
}

/* Everything twice, black below: seen on any ground. */
static void
draw (cairo_t * cr, const GstFaceMatchAnnotation * annotation,
    const AnnotationLayout * layout, const gchar * font)
{
  cairo_translate (cr, -layout->area.x, -layout->area.y);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_rectangle (cr, layout->x, layout->y, layout->w, layout->h);
  cairo_set_line_width (cr, 2 * layout->line);
  cairo_stroke_preserve (cr);
  set_colour (cr, annotation->event);
  cairo_set_line_width (cr, layout->line);
  cairo_stroke (cr);
  if (annotation->label == NULL)
    return;

  set_font (cr, font, layout->font);
  cairo_move_to (cr, layout->text_x, layout->text_y);
  cairo_text_path (cr, annotation->label);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_set_line_width (cr, layout->font / 5);
  cairo_stroke_preserve (cr);
  set_colour (cr, annotation->event);
  cairo_fill (cr);
}

/* Returns: (transfer full) (nullable): the annotation for a frame of that size, NULL
 * when nothing of it can be seen. */
GstVideoOverlayRectangle *
gst_face_match_annotation_draw (const GstFaceMatchAnnotation * self,
    const GstFaceMatchStyle * style)
{
  g_autoptr (GstBuffer) pixels = NULL;
  GstMapInfo map;
  AnnotationLayout layout;
  cairo_surface_t *surface;
  cairo_t *cr;
  gint stride;

  if (!layout_init (&layout, self, style))
    return NULL;
  stride = cairo_format_stride_for_width (CAIRO_FORMAT_ARGB32,
      layout.area.width);
  pixels = gst_buffer_new_allocate (NULL,
      (gsize) stride * (gsize) layout.area.height, NULL);
  gst_buffer_memset (pixels, 0, 0, (gsize) - 1);
  gst_buffer_add_video_meta (pixels, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_OVERLAY_COMPOSITION_FORMAT_RGB, (guint) layout.area.width,
      (guint) layout.area.height);
  if (!gst_buffer_map (pixels, &map, GST_MAP_READWRITE))
    return NULL;
  surface = cairo_image_surface_create_for_data (map.data,
      CAIRO_FORMAT_ARGB32, layout.area.width, layout.area.height, stride);
  cr = cairo_create (surface);
  draw (cr, self, &layout, style->font);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  gst_buffer_unmap (pixels, &map);
  return gst_video_overlay_rectangle_new_raw (pixels, layout.area.x,
      layout.area.y, (guint) layout.area.width, (guint) layout.area.height,
      GST_VIDEO_OVERLAY_FORMAT_FLAG_PREMULTIPLIED_ALPHA);
}
