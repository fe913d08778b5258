/* gstfacenetbatch.c - the faces of a frame through the network
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The faces of a frame are cropped into one array and embedded in one call,
 * which shares them among threads. The array grows to the largest number of
 * faces seen, up to MAX_BATCH; a crowd beyond that takes several calls.
 */
#include "gstfacenetbatch.h"

#include "common/gstfacenetframe.h"

#include <facenet/facenet-landmarks.h>
#include <facenet/facenet-quality.h>

#include <math.h>

/* 64 faces of 3x96x96 floats are 7 MB. */
#define MAX_BATCH 64

#define PREPROCESS "rgb-96-unit"

struct _GstFacenetBatch
{
  FacenetModel *model;
  FacenetSession *session;
  FacenetWarper *warper;
  FacenetAligner *aligner;      /* NULL: crops are upright */
  guint h, w;                   /* of a face */
  gsize face_size;              /* floats of one face, 3 h w */
  guint n_dims;
  gfloat *faces;                /* [n_faces,3,h,w] */
  guint n_faces;
  gfloat *embeddings;           /* [n_embeddings,n_dims] */
  guint n_embeddings;
};

/* Whether the crops made here are what the model wants. */
static gboolean
check_model (const FacenetModel * model, GError ** error)
{
  const gchar *preprocess = facenet_model_get_preprocess (model);
  guint c, h, w;

  facenet_model_get_input_shape (model, &c, &h, &w);
  if (c != 3) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
        "%s: the network takes %u channels, facenetencode gives 3",
        facenet_model_get_location (model), c);
    return FALSE;
  }
  if (g_strcmp0 (preprocess, PREPROCESS) != 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH,
        "%s: the model wants its faces as \"%s\", facenetencode gives \""
        PREPROCESS "\"", facenet_model_get_location (model), preprocess);
    return FALSE;
  }
  return TRUE;
}

GstFacenetBatch *
gst_facenet_batch_new (const gchar * location, guint n_threads, GError ** error)
{
  g_autoptr (FacenetModel) model = NULL;
  g_autofree gchar *found = NULL;
  GstFacenetBatch *self;
  guint c;

  if (location == NULL) {
    found = facenet_model_find_default (error);
    if (found == NULL)
      return NULL;
    location = found;
  }
  model = facenet_model_load (location, NULL, error);
  if (model == NULL || !check_model (model, error))
    return NULL;

  self = g_new0 (GstFacenetBatch, 1);
  facenet_model_get_input_shape (model, &c, &self->h, &self->w);
  self->face_size = (gsize) c *self->h * self->w;
  self->n_dims = facenet_model_get_dims (model);
  self->session = facenet_session_new (model, n_threads);
  self->warper = facenet_warper_new (self->h, self->w);
  self->model = g_steal_pointer (&model);
  return self;
}

gboolean
gst_facenet_batch_align (GstFacenetBatch * self, const gchar * location,
    GError ** error)
{
  g_autoptr (FacenetLandmarks) landmarks =
      facenet_landmarks_load (location, error);

  if (landmarks == NULL)
    return FALSE;
  g_clear_pointer (&self->aligner, facenet_aligner_free);
  self->aligner = facenet_aligner_new (landmarks);
  return TRUE;
}

void
gst_facenet_batch_free (GstFacenetBatch * self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->session, facenet_session_unref);
  g_clear_pointer (&self->aligner, facenet_aligner_free);
  g_clear_pointer (&self->warper, facenet_warper_free);
  g_clear_pointer (&self->model, facenet_model_unref);
  g_free (self->faces);
  g_free (self->embeddings);
  g_free (self);
}

FacenetModel *
gst_facenet_batch_get_model (GstFacenetBatch * self)
{
  return self->model;
}

static void
ensure_room (GstFacenetBatch * self, guint n_regions)
{
  const guint n_faces = MIN (n_regions, MAX_BATCH);

  if (n_faces > self->n_faces) {
    g_free (self->faces);
    self->faces = g_new (gfloat, n_faces * self->face_size);
    self->n_faces = n_faces;
  }
  if (n_regions > self->n_embeddings) {
    g_free (self->embeddings);
    self->embeddings = g_new (gfloat, (gsize) n_regions * self->n_dims);
    self->n_embeddings = n_regions;
  }
}

/* Embeds the first n faces; their embeddings go behind the first done. */
static void
embed_faces (GstFacenetBatch * self, guint n, guint done)
{
  facenet_session_embed (self->session, self->faces, n,
      self->embeddings + (gsize) done * self->n_dims);
}

/* Crops a region, of which rect is the part to see, into face, [3,h,w], and
 * measures it. What was cropped upstream is not aligned again: there is too
 * little around it. */
static void
crop_face (GstFacenetBatch * self, const FacenetImage * image,
    GstFacenetRegion * region, const FacenetRect * rect, gfloat * face)
{
  FacenetQuality quality;
  FacenetAffine affine;
  gdouble side = region->side;

  facenet_affine_from_rect (&affine, rect);
  if (self->aligner != NULL && !region->is_frame)
    facenet_aligner_align (self->aligner, image, rect, &affine, NULL);
  if (side <= 0.0)
    side = MIN (hypot (affine.xu, affine.yu), hypot (affine.xv, affine.yv));
  facenet_warper_crop (self->warper, image, &affine, face);
  facenet_quality_measure (&quality, face, self->h, self->w, side);
  region->quality = quality.score;
}

const gfloat *
gst_facenet_batch_encode (GstFacenetBatch * self, const GstVideoFrame * frame,
    GstFacenetRegions * regions, const GstFacenetFraming * framing,
    gdouble min_quality)
{
  GstFacenetRegion *list = (GstFacenetRegion *) (gpointer) regions->list->data;
  const guint n_regions = regions->list->len;
  FacenetImage image;
  guint i, n = 0, done = 0;

  gst_facenet_frame_init_image (frame, &image);
  ensure_room (self, n_regions);
  for (i = 0; i < n_regions; i++) {
    FacenetRect rect;

    gst_facenet_region_get_rect (&list[i], &frame->info, framing, &rect);
    crop_face (self, &image, &list[i], &rect,
        self->faces + n * self->face_size);
    if (list[i].quality < min_quality) {
      gst_facenet_regions_skip (regions, GST_FACENET_SKIP_QUALITY, &list[i],
          "below min-quality");
      continue;
    }
    list[done + n++] = list[i];
    if (n == MAX_BATCH) {
      embed_faces (self, n, done);
      done += n;
      n = 0;
    }
  }
  if (n > 0)
    embed_faces (self, n, done);
  g_array_set_size (regions->list, done + n);
  return self->embeddings;
}
