/* portraits.c - one embedding for each of many images
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Decoding and finding the face takes ten times as long as the network, and
 * facedetect runs on one core. So each thread has a detector of its own and
 * takes the next image when it is done with one; the faces of a batch then go
 * through the network together. What comes out does not depend on threads.
 */
#include "portraits.h"
#include "common/console.h"
#include "media/cropper.h"
#include "base/facenet-json-writer.h"

#include <gst/gst.h>
#include <math.h>
#include <string.h>

/* Images of one batch: 14 MB of faces. */
#define BATCH 128

struct _ToolPortraits
{
  GPtrArray *locations;         /* a reference */
  FacenetModel *model;
  guint n_dims;
  gfloat *embeddings;           /* [n, n_dims] */
  gchar **reasons;              /* [n], NULL where there is an embedding */
};

/* A batch on its way. */
typedef struct
{
  ToolPortraits *portraits;
  guint first, n;               /* its images */
  gint next;                    /* atomic: the next to read, of n */
  gint n_done;                  /* atomic */
  gfloat *faces;                /* [BATCH, face_size] */
  gsize face_size;
} Batch;

/* One thread and what it works with. */
typedef struct
{
  Batch *batch;
  ToolCropper *cropper;
  gboolean shows_progress;
} Worker;

static const FacenetRect *
find_central (const GArray * boxes, const ToolImage * image)
{
  const FacenetRect *central = NULL;
  gdouble least = (gdouble) INFINITY;

  for (guint i = 0; i < boxes->len; i++) {
    const FacenetRect *box = &g_array_index (boxes, FacenetRect, i);
    gdouble distance = hypot (box->x + box->width / 2 - image->width / 2.0,
        box->y + box->height / 2 - image->height / 2.0);

    if (distance < least) {
      least = distance;
      central = box;
    }
  }
  return central;
}

static gboolean
read_face (ToolCropper * cropper, const gchar * location, gfloat * face,
    GError ** error)
{
  g_autoptr (ToolImage) image = tool_image_load (location, error);
  g_autoptr (GArray) boxes = NULL;

  if (image == NULL)
    return FALSE;
  boxes = tool_cropper_find (cropper, image, error);
  if (boxes == NULL)
    return FALSE;
  if (boxes->len == 0) {
    g_set_error_literal (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "no face found");
    return FALSE;
  }
  tool_cropper_crop (cropper, image, find_central (boxes, image), face);
  return TRUE;
}

/* What an error says, without the name of the image before it. */
static gchar *
dup_reason (const gchar * location, const GError * error)
{
  g_autofree gchar *name = g_filename_display_name (location);
  g_autofree gchar *prefix = g_strconcat (name, ": ", NULL);

  return g_strdup (g_str_has_prefix (error->message, prefix)
      ? error->message + strlen (prefix) : error->message);
}

static gpointer
work (gpointer data)
{
  Worker *self = data;
  Batch *batch = self->batch;
  ToolPortraits *portraits = batch->portraits;
  guint i;

  while ((i = (guint) g_atomic_int_add (&batch->next, 1)) < batch->n) {
    const gchar *location =
        g_ptr_array_index (portraits->locations, batch->first + i);
    g_autoptr (GError) error = NULL;

    if (!read_face (self->cropper, location, batch->faces
            + i * batch->face_size, &error))
      portraits->reasons[batch->first + i] = dup_reason (location, error);
    g_atomic_int_inc (&batch->n_done);
    if (self->shows_progress)
      tool_progress (batch->first + (guint) g_atomic_int_get (&batch->n_done),
          portraits->locations->len, location);
  }
  return NULL;
}

/* Reads the images of a batch; the caller is the first of the workers. */
static void
read_batch (Worker * workers, guint n_workers)
{
  g_autofree GThread **threads = g_new0 (GThread *, n_workers);

  for (guint i = 1; i < n_workers; i++)
    threads[i] = g_thread_new ("facenet-images", work, &workers[i]);
  work (&workers[0]);
  for (guint i = 1; i < n_workers; i++)
    g_thread_join (threads[i]);
}

/* Embeds the faces that were found, moved together. */
static void
embed_batch (const Batch * batch, FacenetSession * session)
{
  ToolPortraits *portraits = batch->portraits;
  guint n_dims = portraits->n_dims, n = 0;
  g_autofree gfloat *found = g_new (gfloat, (gsize) batch->n * n_dims);

  for (guint i = 0; i < batch->n; i++) {
    if (portraits->reasons[batch->first + i])
      continue;
    memmove (batch->faces + n++ * batch->face_size,
        batch->faces + i * batch->face_size,
        batch->face_size * sizeof (gfloat));
  }
  if (n > 0)
    facenet_session_embed (session, batch->faces, n, found);
  for (guint i = 0, k = 0; i < batch->n; i++) {
    if (portraits->reasons[batch->first + i] == NULL)
      memcpy (portraits->embeddings + (gsize) (batch->first + i) * n_dims,
          found + (gsize) k++ * n_dims, n_dims * sizeof (gfloat));
  }
}

static void
read_all (ToolPortraits * self, Worker * workers, guint n_workers)
{
  g_autoptr (FacenetSession) session =
      facenet_session_new (self->model, n_workers);
  Batch batch = { self, 0, 0, 0, 0, NULL, 0 };

  batch.face_size = tool_cropper_get_face_size (workers[0].cropper);
  batch.faces = g_new (gfloat, BATCH * batch.face_size);
  for (guint i = 0; i < n_workers; i++)
    workers[i].batch = &batch;
  workers[0].shows_progress = TRUE;
  for (; batch.first < self->locations->len; batch.first += BATCH) {
    batch.n = MIN (BATCH, self->locations->len - batch.first);
    batch.next = batch.n_done = 0;
    read_batch (workers, n_workers);
    embed_batch (&batch, session);
  }
  tool_progress_end ();
  g_free (batch.faces);
}

ToolPortraits *
tool_portraits_read (const ToolOptions * options, GPtrArray * locations,
    GError ** error)
{
  g_autoptr (ToolPortraits) self = g_new0 (ToolPortraits, 1);
  guint n_workers = options->threads > 0 ? (guint) options->threads
      : g_get_num_processors ();
  g_autofree Worker *workers = NULL;
  gboolean ready = TRUE;

  gst_init (NULL, NULL);
  self->locations = g_ptr_array_ref (locations);
  self->model = tool_options_load_model (options, error);
  if (self->model == NULL)
    return NULL;
  self->n_dims = facenet_model_get_dims (self->model);
  self->embeddings = g_new0 (gfloat, (gsize) locations->len * self->n_dims);
  self->reasons = g_new0 (gchar *, locations->len);

  n_workers = MAX (1, MIN (n_workers, locations->len));
  workers = g_new0 (Worker, n_workers);
  for (guint i = 0; i < n_workers && ready; i++) {
    workers[i].cropper = tool_cropper_new (self->model, options, error);
    ready = workers[i].cropper != NULL;
  }
  if (ready)
    read_all (self, workers, n_workers);
  for (guint i = 0; i < n_workers; i++)
    tool_cropper_free (workers[i].cropper);
  return ready ? g_steal_pointer (&self) : NULL;
}

void
tool_portraits_free (ToolPortraits * self)
{
  if (self == NULL)
    return;
  for (guint i = 0; self->reasons && i < self->locations->len; i++)
    g_free (self->reasons[i]);
  g_free (self->reasons);
  g_free (self->embeddings);
  g_clear_pointer (&self->locations, g_ptr_array_unref);
  g_clear_pointer (&self->model, facenet_model_unref);
  g_free (self);
}

FacenetModel *
tool_portraits_get_model (const ToolPortraits * self)
{
  return self->model;
}

const gfloat *
tool_portraits_get (const ToolPortraits * self, guint index)
{
  return self->reasons[index] ? NULL
      : self->embeddings + (gsize) index *self->n_dims;
}

guint
tool_portraits_count_failed (const ToolPortraits * self)
{
  guint n = 0;

  for (guint i = 0; i < self->locations->len; i++)
    n += self->reasons[i] != NULL;
  return n;
}

gdouble
tool_portraits_measure (const ToolPortraits * self, guint a, guint b)
{
  const gfloat *left = tool_portraits_get (self, a);
  const gfloat *right = tool_portraits_get (self, b);

  return left && right ? facenet_squared_l2 (left, right, self->n_dims)
      : (gdouble) NAN;
}

void
tool_portraits_report (const ToolPortraits * self, GString * json)
{
  if (json)
    facenet_json_open_array (json, "failures");
  for (guint i = 0; i < self->locations->len; i++) {
    g_autofree gchar *name =
        g_filename_display_name (g_ptr_array_index (self->locations, i));

    if (self->reasons[i] == NULL)
      continue;
    if (json == NULL) {
      tool_message ("%s: %s", name, self->reasons[i]);
      continue;
    }
    facenet_json_open_object (json, NULL);
    facenet_json_add_string (json, "image", name);
    facenet_json_add_string (json, "reason", self->reasons[i]);
    facenet_json_close_object (json);
  }
  if (json)
    facenet_json_close_array (json);
}
