/* gstfacematchoverlay.c - draws who is in the picture
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A bin around the stock overlaycomposition, which knows how to blend into
 * every raw format and when to leave that to the sink; here is only what to
 * draw.
 */

/**
 * SECTION:element-facematchoverlay
 * @title: facematchoverlay
 * @see_also: facematch
 *
 * Draws around each face a box with the person's name and distance, in a
 * colour for each event: green for a match, yellow for an uncertain face,
 * orange for an unknown one, grey for a reject and for faces without a
 * verdict. The label of an uncertain face is the nearest name with a question
 * mark; unknown people who are followed have their id.
 *
 * Boxes are drawn where the frame's metadata has them, in proportion to its
 * size: the video may be scaled between facenetencode and here, but not
 * cropped. Lines and letters grow with the frame.
 *
 * Faces stay for #GstFaceMatchOverlay:hold when later frames tell nothing,
 * because `inference-interval` of facenetencode skips them or the detector
 * missed the face.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 v4l2src ! facenetdetect \
 *   ! facenetencode inference-region=roi-list \
 *   ! facematch gallery-location=people.json \
 *   ! facematchoverlay ! videoconvert ! autovideosink
 * ]|
 *
 * Since: 0.1
 */
#include "gstfacematchoverlay.h"

#include "gstfacematchannotation.h"

GST_DEBUG_CATEGORY_STATIC (gst_face_match_overlay_debug);
#define GST_CAT_DEFAULT gst_face_match_overlay_debug

#define DEFAULT_FONT "sans-serif"
#define DEFAULT_HOLD (500 * GST_MSECOND)
#define MAX_LINE_WIDTH 100

struct _GstFaceMatchOverlay
{
  GstBin parent;

  GstElement *composer;         /* NULL when it is not installed */

  /* Under the object lock. */
  gboolean show_unknown;
  gboolean show_distance;
  gchar *font;
  gdouble line_width;
  guint64 hold;
  gboolean changed;             /* what was drawn is out of date */

  /* The streaming thread's. */
  GArray *annotations;          /* of GstFaceMatchAnnotation */
  GstClockTime seen;            /* when, PTS of the last buffer with faces */
  GstVideoOverlayComposition *drawn;    /* annotations, NULL when not drawn yet */
  gint width, height;           /* of the frame they were drawn for */
};

enum
{
  PROP_SHOW_UNKNOWN = 1,
  PROP_SHOW_DISTANCE,
  PROP_FONT,
  PROP_LINE_WIDTH,
  PROP_HOLD,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* The stock element inside has the list of formats it blends into. */
#define CAPS "video/x-raw(ANY)"

static GstStaticPadTemplate sink_template =
GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS (CAPS));

static GstStaticPadTemplate src_template =
GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS (CAPS));

G_DEFINE_TYPE (GstFaceMatchOverlay, gst_face_match_overlay, GST_TYPE_BIN);
GST_ELEMENT_REGISTER_DEFINE (facematchoverlay, "facematchoverlay",
    GST_RANK_NONE, GST_TYPE_FACE_MATCH_OVERLAY);

static void
forget_drawing (GstFaceMatchOverlay * self)
{
  g_clear_pointer (&self->drawn, gst_video_overlay_composition_unref);
}

static void
forget_faces (GstFaceMatchOverlay * self)
{
  forget_drawing (self);
  g_array_set_size (self->annotations, 0);
}

static gboolean
is_shown (const GstFaceMatchMeta * match, gboolean show_unknown)
{
  return show_unknown || (match != NULL
      && (match->event == FACENET_EVENT_MATCH
          || match->event == FACENET_EVENT_UNCERTAIN));
}

/* Takes over what a buffer tells of faces; without any, those of an earlier
 * buffer stay for a while. */
static void
look_at_buffer (GstFaceMatchOverlay * self, GstBuffer * buffer)
{
  const GstClockTime now = GST_BUFFER_PTS (buffer);
  gboolean show_unknown, show_distance, any = FALSE;
  GstFaceEmbeddingMeta *face;
  gpointer state = NULL;
  guint64 hold;

  GST_OBJECT_LOCK (self);
  show_unknown = self->show_unknown;
  show_distance = self->show_distance;
  hold = self->hold;
  GST_OBJECT_UNLOCK (self);

  while ((face = gst_buffer_iterate_face_embedding_meta (buffer, &state))) {
    const GstFaceMatchMeta *match = gst_buffer_get_face_match_meta (buffer,
        face->index);
    GstFaceMatchAnnotation annotation;

    if (!any)
      forget_faces (self);
    any = TRUE;
    if (!is_shown (match, show_unknown))
      continue;
    gst_face_match_annotation_init (&annotation, face, match, show_distance);
    g_array_append_val (self->annotations, annotation);
  }
  if (any)
    self->seen = now;
  else if (!GST_CLOCK_TIME_IS_VALID (now)
      || !GST_CLOCK_TIME_IS_VALID (self->seen)
      || now < self->seen || now - self->seen > hold)
    forget_faces (self);
}

/* Draws all annotations for frames of a size. */
static void
draw_annotations (GstFaceMatchOverlay * self)
{
  g_autofree gchar *font = NULL;
  GstFaceMatchStyle style;

  GST_OBJECT_LOCK (self);
  font = g_strdup (self->font != NULL ? self->font : DEFAULT_FONT);
  style.line_width = self->line_width;
  self->changed = FALSE;
  GST_OBJECT_UNLOCK (self);

  style.width = self->width;
  style.height = self->height;
  style.font = font;
  forget_drawing (self);
  self->drawn = gst_video_overlay_composition_new (NULL);
  for (guint i = 0; i < self->annotations->len; i++) {
    g_autoptr (GstVideoOverlayRectangle) rectangle =
        gst_face_match_annotation_draw (&g_array_index (self->annotations,
            GstFaceMatchAnnotation, i), &style);

    if (rectangle != NULL)
      gst_video_overlay_composition_add_rectangle (self->drawn, rectangle);
  }
  GST_LOG_OBJECT (self, "drew %u faces for %dx%d", self->annotations->len,
      self->width, self->height);
}

/* The stock element asks what to put over a frame; NULL for nothing. */
static GstVideoOverlayComposition *
draw (GstElement * composer, GstSample * sample, GstFaceMatchOverlay * self)
{
  GstCaps *caps = gst_sample_get_caps (sample);
  GstStructure *size = gst_caps_get_structure (caps, 0);
  gint width = 0, height = 0;
  gboolean changed;

  look_at_buffer (self, gst_sample_get_buffer (sample));
  if (self->annotations->len == 0)
    return NULL;
  gst_structure_get (size, "width", G_TYPE_INT, &width, "height", G_TYPE_INT,
      &height, NULL);
  GST_OBJECT_LOCK (self);
  changed = self->changed;
  GST_OBJECT_UNLOCK (self);
  if (self->drawn == NULL || changed || width != self->width
      || height != self->height) {
    self->width = width;
    self->height = height;
    draw_annotations (self);
  }
  return gst_video_overlay_composition_ref (self->drawn);
}

static GstStateChangeReturn
gst_face_match_overlay_change_state (GstElement * element,
    GstStateChange transition)
{
  GstFaceMatchOverlay *self = GST_FACE_MATCH_OVERLAY (element);
  GstStateChangeReturn result;

  if (self->composer == NULL) {
    GST_ELEMENT_ERROR (self, CORE, MISSING_PLUGIN, (NULL),
        ("The element overlaycomposition is missing: "
            "install GStreamer's base plugins"));
    return GST_STATE_CHANGE_FAILURE;
  }
  result =
      GST_ELEMENT_CLASS (gst_face_match_overlay_parent_class)->change_state
      (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    forget_faces (self);
  return result;
}

static void
gst_face_match_overlay_set_property (GObject * object, guint id,
    const GValue * value, GParamSpec * pspec)
{
  GstFaceMatchOverlay *self = GST_FACE_MATCH_OVERLAY (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_SHOW_UNKNOWN:
      self->show_unknown = g_value_get_boolean (value);
      break;
    case PROP_SHOW_DISTANCE:
      self->show_distance = g_value_get_boolean (value);
      break;
    case PROP_FONT:
      g_free (self->font);
      self->font = g_value_dup_string (value);
      break;
    case PROP_LINE_WIDTH:
      self->line_width = g_value_get_double (value);
      break;
    case PROP_HOLD:
      self->hold = g_value_get_uint64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  self->changed = TRUE;
  GST_OBJECT_UNLOCK (self);
}

static void
gst_face_match_overlay_get_property (GObject * object, guint id,
    GValue * value, GParamSpec * pspec)
{
  GstFaceMatchOverlay *self = GST_FACE_MATCH_OVERLAY (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_SHOW_UNKNOWN:
      g_value_set_boolean (value, self->show_unknown);
      break;
    case PROP_SHOW_DISTANCE:
      g_value_set_boolean (value, self->show_distance);
      break;
    case PROP_FONT:
      g_value_set_string (value, self->font);
      break;
    case PROP_LINE_WIDTH:
      g_value_set_double (value, self->line_width);
      break;
    case PROP_HOLD:
      g_value_set_uint64 (value, self->hold);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_face_match_overlay_finalize (GObject * object)
{
  GstFaceMatchOverlay *self = GST_FACE_MATCH_OVERLAY (object);

  forget_faces (self);
  g_array_unref (self->annotations);
  g_free (self->font);
  G_OBJECT_CLASS (gst_face_match_overlay_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass * object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING;

  properties[PROP_SHOW_UNKNOWN] = g_param_spec_boolean ("show-unknown",
      "Show unknown", "Draw faces too that are neither a match nor uncertain",
      TRUE, flags);
  properties[PROP_SHOW_DISTANCE] = g_param_spec_boolean ("show-distance",
      "Show distance", "Write the distance behind the name", TRUE, flags);
  properties[PROP_FONT] = g_param_spec_string ("font", "Font",
      "Family of the font", DEFAULT_FONT, flags);
  properties[PROP_LINE_WIDTH] = g_param_spec_double ("line-width",
      "Line width", "Of the boxes, in pixels, half of it again as an outline "
      "on either side (0 = by the height of the frame)", 0, MAX_LINE_WIDTH, 0,
      flags);
  properties[PROP_HOLD] = g_param_spec_uint64 ("hold", "Hold",
      "How long faces stay when later frames tell nothing of any face, in ns",
      0, G_MAXUINT64, DEFAULT_HOLD, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
gst_face_match_overlay_class_init (GstFaceMatchOverlayClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_face_match_overlay_debug, "facematchoverlay",
      0, "draws who is in the picture");
  object_class->set_property = gst_face_match_overlay_set_property;
  object_class->get_property = gst_face_match_overlay_get_property;
  object_class->finalize = gst_face_match_overlay_finalize;
  install_properties (object_class);
  element_class->change_state =
      GST_DEBUG_FUNCPTR (gst_face_match_overlay_change_state);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Face match overlay",
      "Filter/Editor/Video",
      "Draws box, name and distance of each face into the video",
      "The gst-facenet authors");
}

/* A pad of the bin that is the pad of the same name of the stock element. */
static void
add_pad (GstFaceMatchOverlay * self, GstStaticPadTemplate * pad_template)
{
  g_autoptr (GstPadTemplate) made = gst_static_pad_template_get (pad_template);
  const gchar *name = pad_template->name_template;
  g_autoptr (GstPad) target = NULL;
  GstPad *pad;

  if (self->composer != NULL)
    target = gst_element_get_static_pad (self->composer, name);
  pad = target != NULL ? gst_ghost_pad_new_from_template (name, target, made)
      : gst_ghost_pad_new_no_target_from_template (name, made);
  gst_element_add_pad (GST_ELEMENT (self), pad);
}

static void
gst_face_match_overlay_init (GstFaceMatchOverlay * self)
{
  self->show_unknown = TRUE;
  self->show_distance = TRUE;
  self->font = g_strdup (DEFAULT_FONT);
  self->hold = DEFAULT_HOLD;
  self->seen = GST_CLOCK_TIME_NONE;
  self->annotations =
      g_array_new (FALSE, FALSE, sizeof (GstFaceMatchAnnotation));
  g_array_set_clear_func (self->annotations,
      (GDestroyNotify) gst_face_match_annotation_clear);

  self->composer = gst_element_factory_make ("overlaycomposition", NULL);
  if (self->composer != NULL) {
    g_signal_connect (self->composer, "draw", G_CALLBACK (draw), self);
    gst_bin_add (GST_BIN (self), self->composer);
  }
  add_pad (self, &sink_template);
  add_pad (self, &src_template);
}
