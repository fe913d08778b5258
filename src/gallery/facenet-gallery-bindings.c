/* facenet-gallery-bindings.c - a gallery for language bindings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What comes out of here is a copy that stays valid when the gallery is
 * changed or gone, and what comes in has its length checked.
 */
#include <facenet/facenet-bindings.h>

/**
 * facenet_gallery_dup_model: (rename-to facenet_gallery_get_model)
 * @self: a gallery
 *
 * Tells whose embeddings a gallery holds, see facenet_gallery_get_model().
 *
 * Returns: (transfer full): a copy of type %FACENET_TYPE_GALLERY_MODEL
 *
 * Since: 0.1
 */
FacenetGalleryModel *
facenet_gallery_dup_model (const FacenetGallery * self)
{
  FacenetGalleryModel model;

  facenet_gallery_get_model (self, &model);
  return g_boxed_copy (FACENET_TYPE_GALLERY_MODEL, &model);
}

/**
 * facenet_gallery_dup_identity: (rename-to facenet_gallery_get_identity)
 * @self: a gallery
 * @index: below facenet_gallery_get_n_identities()
 *
 * Looks at one person, see facenet_gallery_get_identity().
 *
 * Returns: (transfer full): a copy of type %FACENET_TYPE_IDENTITY
 *
 * Since: 0.1
 */
FacenetIdentity *
facenet_gallery_dup_identity (const FacenetGallery * self, guint index)
{
  const FacenetIdentity *identity = facenet_gallery_get_identity (self, index);

  return identity != NULL ? g_boxed_copy (FACENET_TYPE_IDENTITY, identity)
      : NULL;
}

/**
 * facenet_gallery_dup_embedding: (rename-to facenet_gallery_get_embedding)
 * @self: a gallery
 * @identity: below facenet_gallery_get_n_identities()
 * @index: below the identity's n_embeddings
 * @n_dims: (out): how many numbers
 *
 * Looks at one embedding of a person, see facenet_gallery_get_embedding().
 *
 * Returns: (transfer full) (array length=n_dims): a copy, a unit vector
 *
 * Since: 0.1
 */
gfloat *
facenet_gallery_dup_embedding (const FacenetGallery * self, guint identity,
    guint index, guint * n_dims)
{
  const gfloat *embedding =
      facenet_gallery_get_embedding (self, identity, index);
  FacenetGalleryModel model;

  facenet_gallery_get_model (self, &model);
  *n_dims = embedding != NULL ? model.n_dims : 0;
  return g_memdup2 (embedding, *n_dims * sizeof *embedding);
}

/* The candidates, nearest first, as copies that own their strings. */
static GPtrArray *
copy_candidates (const FacenetCandidate * candidates, guint n)
{
  GPtrArray *copies = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (copies, g_boxed_copy (FACENET_TYPE_CANDIDATE,
            candidates + i));
  return copies;
}

/**
 * facenet_gallery_match_face: (rename-to facenet_gallery_match)
 * @self: a gallery
 * @policy: (nullable): the rules, see facenet_gallery_match(); a top_k of 0
 *   counts as 1, and %NULL identifies by the gallery's own thresholds
 * @embedding: (array length=n_dims): a unit vector of the gallery's model, see
 *   facenet_gallery_check_model()
 * @n_dims: how many numbers
 * @verdict: (out) (transfer full): the decision, of type %FACENET_TYPE_VERDICT
 * @error: return location for a #GError
 *
 * Decides who one face is, as facenet_gallery_match() does for many.
 *
 * Returns: (transfer full) (element-type FacenetCandidate): the nearest
 *   identities, the best one first; each belongs to the caller, for
 *   g_boxed_free() with %FACENET_TYPE_CANDIDATE. %NULL with
 *   %FACENET_ERROR_SHAPE when the gallery's embeddings have another length
 *
 * Since: 0.1
 */
GPtrArray *
facenet_gallery_match_face (const FacenetGallery * self,
    const FacenetMatchPolicy * policy, const gfloat * embedding, guint n_dims,
    FacenetVerdict ** verdict, GError ** error)
{
  g_autofree FacenetCandidate *candidates = NULL;
  FacenetMatchPolicy rules = { 0 };
  FacenetGalleryModel model;
  FacenetVerdict found;

  g_return_val_if_fail (self != NULL && verdict != NULL, NULL);

  if (policy != NULL)
    rules = *policy;
  /* More candidates than people would only be more memory. */
  rules.top_k = CLAMP (rules.top_k, 1,
      MAX (1, facenet_gallery_get_n_identities (self)));
  facenet_gallery_get_model (self, &model);
  if (model.id != NULL && n_dims != model.n_dims) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
        "the embedding has %u numbers, wants %u as in the gallery", n_dims,
        model.n_dims);
    return NULL;
  }
  candidates = g_new0 (FacenetCandidate, rules.top_k);
  facenet_gallery_match (self, &rules, embedding, 1, &found, candidates);
  *verdict = g_boxed_copy (FACENET_TYPE_VERDICT, &found);
  return copy_candidates (candidates, found.n_candidates);
}
