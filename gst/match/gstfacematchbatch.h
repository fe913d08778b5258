/* gstfacematchbatch.h - the faces of one buffer, judged together
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-match.h>
#include <gst/facenet/gstfaceembeddingmeta.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/* Scratch of one streaming thread, which grows to the most faces seen on a
 * buffer: from then on nothing is allocated. */
typedef struct {
  GPtrArray *faces;             /* of GstFaceEmbeddingMeta, borrowed */
  GArray *probes;               /* of gfloat, [n or 2n, n_dims] */
  GArray *matches;              /* of FacenetVerdict, [n or 2n] */
  GArray *candidates;           /* of FacenetCandidate, [n or 2n, top_k] */
  guint top_k;
  guint n_in_frame;             /* faces of the frame, those that facecrop put
                                 * on buffers of their own counted in */
  guint64 frame;                /* counts frames, as facecrop had them */
} GstFaceMatchBatch;

void gst_face_match_batch_init (GstFaceMatchBatch * self);
void gst_face_match_batch_clear (GstFaceMatchBatch * self);

/* Takes the faces of a buffer, each index once; returns how many there are.
 * They are valid as long as the buffer's metadata is. */
guint gst_face_match_batch_collect (GstFaceMatchBatch * self,
    GstBuffer * buffer);

/* Whether all may be compared with the gallery; if not, MISMATCH. */
gboolean gst_face_match_batch_check_model (const GstFaceMatchBatch * self,
    const FacenetGallery * gallery, GError ** error);

/* Decides about the faces and, in the same search, about n embeddings more:
 * means, nullable, is of gfloat [n, n_dims]. Its decisions come behind those
 * about the faces. */
void gst_face_match_batch_decide (GstFaceMatchBatch * self,
    const FacenetGallery * gallery, const FacenetMatchPolicy * policy,
    const GArray * means);

/* Of the face'th face, what was collected and decided; of the i'th mean it is
 * number n + i. */
const GstFaceEmbeddingMeta *gst_face_match_batch_get_face (const
    GstFaceMatchBatch * self, guint face);
const FacenetVerdict *gst_face_match_batch_get_match (const GstFaceMatchBatch *
    self, guint face);
const FacenetCandidate *gst_face_match_batch_get_candidates (const
    GstFaceMatchBatch * self, guint face);

G_END_DECLS
