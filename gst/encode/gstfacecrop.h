/* gstfacecrop.h - each face of a frame as a picture of its own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/base/gstbasetransform.h>
#include <facenet/facenet-warp.h>

G_BEGIN_DECLS

#define GST_TYPE_FACE_CROP (gst_face_crop_get_type ())
G_DECLARE_DERIVABLE_TYPE (GstFaceCrop, gst_face_crop, GST, FACE_CROP,
    GstBaseTransform)

struct _GstFaceCropClass {
  GstBaseTransformClass parent_class;

  /* Says where in image the face is of which guess is the square around the
   * detector's box. In the streaming thread; affine is that square before. */
  void (*place) (GstFaceCrop * self, const FacenetImage * image,
      const FacenetRect * guess, FacenetAffine * affine);
};

GST_ELEMENT_REGISTER_DECLARE (facecrop)

G_END_DECLS
