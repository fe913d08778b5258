/* gstfacealign.c - each face of a frame, turned upright
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
/**
 * SECTION:element-facealign
 * @title: facealign
 *
 * Does what `facecrop` does, for detectors that give no landmarks: it finds 68
 * points of each face that comes without, with the ensemble of regression trees in
 * a file of dlib's (Debian package libdlib-data). The picture is then turned,
 * scaled and moved so that the outer corners of the eyes and the base of the nose
 * are where the network was trained to see them, whatever the detector's box was
 * like. All properties of facecrop mean the same; #facealign:roi-scale and
 * #facealign:roi-offset-y say where to begin.
 *
 * A file that cannot be loaded is an element error when going to PAUSED:
 * RESOURCE/NOT_FOUND when it cannot be opened, RESOURCE/READ when it is no such
 * file. All elements that name the same file share it.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 v4l2src ! videoconvert ! video/x-raw,format=RGB,width=640,height=480 \
 *   ! facedetect display=false updates=none ! facealign \
 *   ! facenetencode ! facematch gallery-location=people.json ! fakesink
 * ]|
 *
 * Since: 0.1
 */
#include "gstfacealign.h"

#include "common/gstfaceneterror.h"
#include "common/gstfacenetpath.h"
#include "gstfacenetselection.h"

#include <facenet/facenet-landmarks.h>

struct _GstFaceAlign
{
  GstFaceCrop parent;

  gchar *landmarks_location;    /* under the object lock, NULL = the default */
};

enum
{
  PROP_0,
  PROP_LANDMARKS_LOCATION,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_TYPE (GstFaceAlign, gst_face_align, GST_TYPE_FACE_CROP);
GST_ELEMENT_REGISTER_DEFINE (facealign, "facealign", GST_RANK_NONE,
    GST_TYPE_FACE_ALIGN);

static gboolean
gst_face_align_start (GstBaseTransform * trans)
{
  GstFaceAlign *self = GST_FACE_ALIGN (trans);
  g_autoptr (FacenetLandmarks) landmarks = NULL;
  g_autofree gchar *location = NULL;
  g_autoptr (GError) error = NULL;

  GST_OBJECT_LOCK (self);
  location = g_strdup (self->landmarks_location);
  GST_OBJECT_UNLOCK (self);
  landmarks = facenet_landmarks_load (location, &error);
  if (landmarks == NULL) {
    gst_facenet_post_error (GST_ELEMENT (self), error);
    return FALSE;
  }
  gst_face_crop_set_landmarks (GST_FACE_CROP (self), landmarks);
  return GST_BASE_TRANSFORM_CLASS (gst_face_align_parent_class)->start (trans);
}

static gboolean
gst_face_align_stop (GstBaseTransform * trans)
{
  gst_face_crop_set_landmarks (GST_FACE_CROP (trans), NULL);
  return GST_BASE_TRANSFORM_CLASS (gst_face_align_parent_class)->stop (trans);
}

static void
gst_face_align_set_property (GObject * object, guint id, const GValue * value,
    GParamSpec * pspec)
{
  GstFaceAlign *self = GST_FACE_ALIGN (object);

  if (id != PROP_LANDMARKS_LOCATION) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  gst_facenet_path_set (&self->landmarks_location, value);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_face_align_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstFaceAlign *self = GST_FACE_ALIGN (object);

  if (id != PROP_LANDMARKS_LOCATION) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  g_value_set_string (value, self->landmarks_location);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_face_align_finalize (GObject * object)
{
  GstFaceAlign *self = GST_FACE_ALIGN (object);

  g_free (self->landmarks_location);
  G_OBJECT_CLASS (gst_face_align_parent_class)->finalize (object);
}

static void
gst_face_align_class_init (GstFaceAlignClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);

  object_class->set_property = gst_face_align_set_property;
  object_class->get_property = gst_face_align_get_property;
  object_class->finalize = gst_face_align_finalize;
  properties[PROP_LANDMARKS_LOCATION] =
      g_param_spec_string ("landmarks-location", "Landmarks location",
      GST_FACENET_LANDMARKS_BLURB, NULL,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  trans_class->start = gst_face_align_start;
  trans_class->stop = gst_face_align_stop;

  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass),
      "Face aligner", "Filter/Effect/Video",
      "Turns each face that a detector found into an upright picture of its "
      "own", "The gst-facenet authors");
}

static void
gst_face_align_init (GstFaceAlign * self)
{
}
