/* gstfacenetbatch.h - the faces of a frame through the network
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <gst/video/video.h>
#include <facenet/facenet-session.h>

#include "gstfacenetregions.h"

G_BEGIN_DECLS

/* A model in use by one streaming thread. */
typedef struct _GstFacenetBatch GstFacenetBatch;

/* Loads a model, location NULL for the default one; n_threads 0 for one per
 * core. */
GstFacenetBatch *gst_facenet_batch_new (const gchar * location,
    guint n_threads, GError ** error);
/* Has the regions of frames turned upright by landmarks, location NULL for the
 * default ones. */
gboolean gst_facenet_batch_align (GstFacenetBatch * self,
    const gchar * location, GError ** error);

void gst_facenet_batch_free (GstFacenetBatch * self);

FacenetModel *gst_facenet_batch_get_model (GstFacenetBatch * self);

/* Measures and encodes the regions of a frame that is mapped for reading.
 * Those below min_quality are skipped and taken off the list. Returns (transfer
 * none) [length of the list, dimensions of the model], valid until the next
 * call. */
const gfloat *gst_facenet_batch_encode (GstFacenetBatch * self,
    const GstVideoFrame * frame, GstFacenetRegions * regions,
    const GstFacenetFraming * framing, gdouble min_quality);

G_END_DECLS
