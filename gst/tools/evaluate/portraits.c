/* portraits.c - one embedding for each of many images
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Decoding and finding the face takes far longer than the network, and is done
 * on one core. So each thread has a detector and an encoder of its own and takes
 * the next image when it is done with one. What comes out does not depend on
 * threads.
 */
#include "portraits.h"
#include "common/console.h"
#include "media/encoder.h"
#include "base/facenet-json-writer.h"

#include <gst/gst.h>
#include <math.h>
#include <string.h>

struct _ToolPortraits
{
  GPtrArray *locations;         /* a reference */
  FacenetModel *model;
  guint n_dims;
  gfloat *embeddings;           /* [n, n_dims] */
  gchar **reasons;              /* [n], NULL where there is an embedding */
};

/* One thread and what it works with. */
typedef struct
{
  ToolPortraits *portraits;
  gint *next;                   /* atomic, of all threads: the image to read */
  gint *n_done;                 /* atomic, of all threads */
  ToolEncoder *encoder;
  gboolean shows_progress;
} Worker;

/* embedding: [n_dims] */
static gboolean
read_face (ToolEncoder * encoder, const gchar * location, gfloat * embedding,
    GError ** error)
{
  g_autoptr (ToolImage) image = tool_image_load (location, error);
  g_autoptr (ToolFaces) faces = NULL;

  if (image == NULL)
    return FALSE;
  faces = tool_encoder_find_central (encoder, image);
  if (faces->n_faces == 0) {
    g_set_error_literal (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "no face found");
    return FALSE;
  }
  memcpy (embedding, faces->embeddings, faces->n_dims * sizeof (gfloat));
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
  ToolPortraits *portraits = self->portraits;
  const guint n = portraits->locations->len;
  guint i;

  while ((i = (guint) g_atomic_int_add (self->next, 1)) < n) {
    const gchar *location = g_ptr_array_index (portraits->locations, i);
    g_autoptr (GError) error = NULL;

    if (!read_face (self->encoder, location, portraits->embeddings
            + (gsize) i * portraits->n_dims, &error))
      portraits->reasons[i] = dup_reason (location, error);
    g_atomic_int_inc (self->n_done);
    if (self->shows_progress)
      tool_progress ((guint) g_atomic_int_get (self->n_done), n, location);
  }
  return NULL;
}

/* The caller is the first of the workers. */
static void
read_all (ToolPortraits * self, Worker * workers, guint n_workers)
{
  g_autofree GThread **threads = g_new0 (GThread *, n_workers);
  gint next = 0, n_done = 0;

  for (guint i = 0; i < n_workers; i++) {
    workers[i].portraits = self;
    workers[i].next = &next;
    workers[i].n_done = &n_done;
    workers[i].shows_progress = i == 0;
  }
  for (guint i = 1; i < n_workers; i++)
    threads[i] = g_thread_new ("facenet-images", work, &workers[i]);
  work (&workers[0]);
  for (guint i = 1; i < n_workers; i++)
    g_thread_join (threads[i]);
  tool_progress_end ();
}

ToolPortraits *
tool_portraits_read (const ToolOptions * options, GPtrArray * locations,
    GError ** error)
{
  g_autoptr (ToolPortraits) self = g_new0 (ToolPortraits, 1);
  guint n_workers = options->threads > 0 ? (guint) options->threads
      : g_get_num_processors ();
  g_autofree Worker *workers = NULL;
  ToolOptions single = *options;
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
  single.threads = 1;
  for (guint i = 0; i < n_workers && ready; i++) {
    workers[i].encoder = tool_encoder_new_for_model (&single, self->model,
        error);
    ready = workers[i].encoder != NULL;
  }
  if (ready)
    read_all (self, workers, n_workers);
  for (guint i = 0; i < n_workers; i++)
    tool_encoder_free (workers[i].encoder);
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
