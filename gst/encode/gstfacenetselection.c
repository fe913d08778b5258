/* gstfacenetselection.c - properties that choose faces and frame them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * facenetencode and the elements that crop take the same boxes for the same
 * faces, and see the same square of them, because these properties are one.
 */
#include "gstfacenetselection.h"

#include <facenet/facenet-cropper.h>

#define DEFAULT_OBJECT_CLASS "face"
#define DEFAULT_MIN_FACE_SIZE 0
#define DEFAULT_MAX_FACES 0

GType
gst_facenet_inference_get_type (void)
{
  static const GEnumValue values[] = {
    {GST_FACENET_INFERENCE_AUTO,
        "Regions if there are any, else a small frame is one face", "auto"},
    {GST_FACENET_INFERENCE_FULL_FRAME, "The frame is one face", "full-frame"},
    {GST_FACENET_INFERENCE_ROI_LIST, "Each region is one face", "roi-list"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    GType registered = g_enum_register_static ("GstFacenetInference", values);
    g_once_init_leave (&type, registered);
  }
  return (GType) type;
}

static void
transform_boolean (const GValue * boolean, GValue * align)
{
  g_value_set_enum (align, g_value_get_boolean (boolean)
      ? GST_FACENET_ALIGN_ALWAYS : GST_FACENET_ALIGN_NEVER);
}

GType
gst_facenet_align_get_type (void)
{
  static const GEnumValue values[] = {
    {GST_FACENET_ALIGN_NEVER, "Frame faces by their boxes", "never"},
    {GST_FACENET_ALIGN_ALWAYS,
          "Align all faces, finding the points of those without landmarks",
        "always"},
    {GST_FACENET_ALIGN_AUTO, "Align faces that come with landmarks", "auto"},
    /* As the property was spelt when it was a boolean. */
    {GST_FACENET_ALIGN_NEVER, "The same as never", "false"},
    {GST_FACENET_ALIGN_ALWAYS, "The same as always", "true"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    GType registered = g_enum_register_static ("GstFacenetAlign", values);
    g_value_register_transform_func (G_TYPE_BOOLEAN, registered,
        transform_boolean);
    g_once_init_leave (&type, registered);
  }
  return (GType) type;
}

void
gst_facenet_selection_init (GstFacenetSelection * self)
{
  self->rules.inference = GST_FACENET_INFERENCE_ROI_LIST;
  self->rules.object_class = g_quark_from_static_string (DEFAULT_OBJECT_CLASS);
  self->rules.min_face_size = DEFAULT_MIN_FACE_SIZE;
  self->rules.max_faces = DEFAULT_MAX_FACES;
  self->framing.scale = FACENET_ROI_SCALE;
  self->framing.offset_y = FACENET_ROI_OFFSET_Y;
}

void
gst_facenet_selection_init_properties (GParamSpec ** properties)
{
  const GParamFlags playing = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING;

  properties[GST_FACENET_SELECTION_OBJECT_CLASS] =
      g_param_spec_string ("object-class", "Object class",
      "Type of the detections that are faces, unset or empty for all",
      DEFAULT_OBJECT_CLASS, playing);
  properties[GST_FACENET_SELECTION_ROI_SCALE] =
      g_param_spec_double ("roi-scale", "ROI scale",
      "Side of the crop over the side of the detector's box",
      0.1, 10.0, FACENET_ROI_SCALE, playing);
  properties[GST_FACENET_SELECTION_ROI_OFFSET_Y] =
      g_param_spec_double ("roi-offset-y", "ROI vertical offset",
      "How far the centre of the crop lies below the centre of the detector's "
      "box, in sides of the box", -5.0, 5.0, FACENET_ROI_OFFSET_Y, playing);
  properties[GST_FACENET_SELECTION_MIN_FACE_SIZE] =
      g_param_spec_uint ("min-face-size", "Minimum face size",
      "Faces of which width or height are smaller are skipped, in pixels of "
      "the box", 0, G_MAXINT, DEFAULT_MIN_FACE_SIZE, playing);
  properties[GST_FACENET_SELECTION_MAX_FACES] =
      g_param_spec_uint ("max-faces", "Maximum faces",
      "Take at most this many faces of a frame, the largest first, 0 for all",
      0, G_MAXINT, DEFAULT_MAX_FACES, playing);
}

gboolean
gst_facenet_selection_set_property (GstFacenetSelection * self, guint id,
    const GValue * value)
{
  const gchar *text;

  switch (id) {
    case GST_FACENET_SELECTION_OBJECT_CLASS:
      /* An empty type is as good as none. */
      text = g_value_get_string (value);
      self->rules.object_class =
          text != NULL && *text != '\0' ? g_quark_from_string (text) : 0;
      return TRUE;
    case GST_FACENET_SELECTION_ROI_SCALE:
      self->framing.scale = g_value_get_double (value);
      return TRUE;
    case GST_FACENET_SELECTION_ROI_OFFSET_Y:
      self->framing.offset_y = g_value_get_double (value);
      return TRUE;
    case GST_FACENET_SELECTION_MIN_FACE_SIZE:
      self->rules.min_face_size = g_value_get_uint (value);
      return TRUE;
    case GST_FACENET_SELECTION_MAX_FACES:
      self->rules.max_faces = g_value_get_uint (value);
      return TRUE;
    default:
      return FALSE;
  }
}

gboolean
gst_facenet_selection_get_property (const GstFacenetSelection * self,
    guint id, GValue * value)
{
  switch (id) {
    case GST_FACENET_SELECTION_OBJECT_CLASS:
      g_value_set_string (value, g_quark_to_string (self->rules.object_class));
      return TRUE;
    case GST_FACENET_SELECTION_ROI_SCALE:
      g_value_set_double (value, self->framing.scale);
      return TRUE;
    case GST_FACENET_SELECTION_ROI_OFFSET_Y:
      g_value_set_double (value, self->framing.offset_y);
      return TRUE;
    case GST_FACENET_SELECTION_MIN_FACE_SIZE:
      g_value_set_uint (value, self->rules.min_face_size);
      return TRUE;
    case GST_FACENET_SELECTION_MAX_FACES:
      g_value_set_uint (value, self->rules.max_faces);
      return TRUE;
    default:
      return FALSE;
  }
}
