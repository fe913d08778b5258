/* facenet-session-bindings.c - embedding for language bindings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * facenet_session_embed() trusts its caller about the size of what it reads
 * and writes; here lengths come in and go out.
 */
#include <facenet/facenet-bindings.h>

/* The strings are those of the network's table, which stays. */
static FacenetLayer *
copy_layer (const FacenetLayer * self)
{
  return g_memdup2 (self, sizeof *self);
}

static void
free_layer (FacenetLayer * self)
{
  g_free (self);
}

G_DEFINE_BOXED_TYPE (FacenetLayer, facenet_layer, copy_layer, free_layer);

/**
 * facenet_model_dup_layers: (rename-to facenet_model_get_layers)
 * @self: a model
 *
 * Describes the blocks of the network.
 *
 * Returns: (transfer full) (element-type FacenetLayer): its blocks in order;
 *   each belongs to the caller, for g_boxed_free() with %FACENET_TYPE_LAYER
 *
 * Since: 0.1
 */
GPtrArray *
facenet_model_dup_layers (const FacenetModel * self)
{
  GPtrArray *copies = g_ptr_array_new ();
  const FacenetLayer *layers;
  guint n;

  layers = facenet_model_get_layers (self, &n);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (copies, copy_layer (&layers[i]));
  return copies;
}

/**
 * facenet_session_dup_model: (rename-to facenet_session_get_model)
 * @self: a session
 *
 * Gets the model of the session.
 *
 * Returns: (transfer full): its model, which outlives the session
 *
 * Since: 0.1
 */
FacenetModel *
facenet_session_dup_model (const FacenetSession * self)
{
  return facenet_model_ref (facenet_session_get_model (self));
}

/**
 * facenet_session_embed_faces: (rename-to facenet_session_embed)
 * @self: a session
 * @faces: (array length=n_values): one face or more, one behind the other, each
 *   as facenet_image_crop() makes it
 * @n_values: how many numbers, a multiple of the product of
 *   facenet_model_get_input_shape()
 * @n_results: (out): how many numbers, facenet_model_get_dims() for each face
 * @error: return location for a #GError
 *
 * Embeds faces, see facenet_session_embed().
 *
 * Returns: (transfer full) (array length=n_results): their embeddings, one
 *   behind the other, or %NULL with %FACENET_ERROR_SHAPE when @n_values is no
 *   such multiple, or 0
 *
 * Since: 0.1
 */
gfloat *
facenet_session_embed_faces (FacenetSession * self, const gfloat * faces,
    gsize n_values, gsize * n_results, GError ** error)
{
  const FacenetModel *model = facenet_session_get_model (self);
  gfloat *embeddings;
  guint c, h, w;
  gsize size, n_faces;

  facenet_model_get_input_shape (model, &c, &h, &w);
  size = (gsize) c *h * w;
  n_faces = n_values / size;
  if (n_faces == 0 || n_faces * size != n_values || n_faces > G_MAXUINT) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
        "faces have %" G_GSIZE_FORMAT " numbers, expected a multiple of "
        "%u x %u x %u", n_values, c, h, w);
    return NULL;
  }
  *n_results = n_faces * facenet_model_get_dims (model);
  embeddings = g_new (gfloat, *n_results);
  facenet_session_embed (self, faces, (guint) n_faces, embeddings);
  return embeddings;
}
