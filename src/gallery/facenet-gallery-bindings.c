/* facenet-gallery-bindings.c - a gallery for language bindings
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * What comes out of here is a copy that stays valid when the gallery is
 * changed or gone, and what comes in has its length checked.
 */
#include <facenet/facenet-bindings.h>

#include "gallery/facenet-gallery-private.h"

/* For a function that reads the gallery, to its end. */
static GRWLockReaderLocker *
lock_for_reading (const FacenetGallery * self)
{
  return g_rw_lock_reader_locker_new (&((FacenetGallery *) self)->lock);
}

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
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);
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
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);
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
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);
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
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);
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
        "the embedding has %u numbers, expected %u as in the gallery", n_dims,
        model.n_dims);
    return NULL;
  }
  candidates = g_new0 (FacenetCandidate, rules.top_k);
  facenet_gallery_match (self, &rules, embedding, 1, &found, candidates);
  *verdict = g_boxed_copy (FACENET_TYPE_VERDICT, &found);
  return copy_candidates (candidates, found.n_candidates);
}

/**
 * facenet_gallery_get_n_identities_locked: (rename-to facenet_gallery_get_n_identities)
 * @self: a gallery
 *
 * facenet_gallery_get_n_identities() for threads of which others change the gallery.
 *
 * Returns: how many people it knows
 *
 * Since: 0.1
 */
guint
facenet_gallery_get_n_identities_locked (FacenetGallery * self)
{
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);

  return facenet_gallery_get_n_identities (self);
}

/**
 * facenet_gallery_get_n_embeddings_locked: (rename-to facenet_gallery_get_n_embeddings)
 * @self: a gallery
 *
 * facenet_gallery_get_n_embeddings() for threads of which others change the gallery.
 *
 * Returns: how many embeddings all its identities have together
 *
 * Since: 0.1
 */
guint
facenet_gallery_get_n_embeddings_locked (FacenetGallery * self)
{
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);

  return facenet_gallery_get_n_embeddings (self);
}

/**
 * facenet_gallery_get_threshold_locked: (rename-to facenet_gallery_get_threshold)
 * @self: a gallery
 *
 * facenet_gallery_get_threshold() for threads of which others change the gallery.
 *
 * Returns: squared L2 in [0,4], 0 when the gallery names none
 *
 * Since: 0.1
 */
gdouble
facenet_gallery_get_threshold_locked (FacenetGallery * self)
{
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);

  return facenet_gallery_get_threshold (self);
}

/**
 * facenet_gallery_find_threshold_locked: (rename-to facenet_gallery_find_threshold)
 * @self: a gallery
 * @policy: (nullable): the rules, %NULL for none
 *
 * facenet_gallery_find_threshold() for threads of which others change the gallery.
 *
 * Returns: the threshold in the policy's metric, in squared L2 without a policy
 *
 * Since: 0.1
 */
gdouble
facenet_gallery_find_threshold_locked (FacenetGallery * self,
    const FacenetMatchPolicy * policy)
{
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);

  return facenet_gallery_find_threshold (self, policy);
}

/**
 * facenet_gallery_get_format_locked: (rename-to facenet_gallery_get_format)
 * @self: a gallery
 *
 * facenet_gallery_get_format() for threads of which others change the gallery.
 *
 * Returns: how facenet_gallery_save() writes it
 *
 * Since: 0.1
 */
FacenetGalleryFormat
facenet_gallery_get_format_locked (FacenetGallery * self)
{
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);

  return facenet_gallery_get_format (self);
}

/**
 * facenet_gallery_find_locked: (rename-to facenet_gallery_find)
 * @self: a gallery
 * @id: an id
 *
 * facenet_gallery_find() for threads of which others change the gallery.
 *
 * Returns: index of the identity, -1 when there is none of that id
 *
 * Since: 0.1
 */
gint
facenet_gallery_find_locked (FacenetGallery * self, const gchar * id)
{
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);

  return facenet_gallery_find (self, id);
}

/**
 * facenet_gallery_make_id_locked: (rename-to facenet_gallery_make_id)
 * @self: a gallery
 * @name: UTF-8, a person's name, not empty
 *
 * facenet_gallery_make_id() for threads of which others change the gallery.
 *
 * Returns: (transfer full): an id
 *
 * Since: 0.1
 */
gchar *
facenet_gallery_make_id_locked (FacenetGallery * self, const gchar * name)
{
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);

  return facenet_gallery_make_id (self, name);
}

/**
 * facenet_gallery_has_embedding_locked: (rename-to facenet_gallery_has_embedding)
 * @self: a gallery
 * @id: id of a person
 * @embedding: (array length=n_dims): a unit vector
 * @n_dims: how many numbers
 *
 * facenet_gallery_has_embedding() for threads of which others change the gallery.
 *
 * Returns: whether they have it; %FALSE for an unknown id and another length
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_has_embedding_locked (FacenetGallery * self, const gchar * id,
    const gfloat * embedding, guint n_dims)
{
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);

  return facenet_gallery_has_embedding (self, id, embedding, n_dims);
}

/**
 * facenet_gallery_check_model_locked: (rename-to facenet_gallery_check_model)
 * @self: a gallery
 * @model_id: id of the model that made the embeddings at hand
 * @n_dims: their length
 * @error: return location for a #GError
 *
 * facenet_gallery_check_model() for threads of which others change the gallery.
 *
 * Returns: %TRUE when they are of the same model or the gallery is bound to none;
 *   else %FALSE with %FACENET_ERROR_MISMATCH
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_check_model_locked (FacenetGallery * self,
    const gchar * model_id, guint n_dims, GError ** error)
{
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);

  return facenet_gallery_check_model (self, model_id, n_dims, error);
}

/**
 * facenet_gallery_get_rule_locked: (rename-to facenet_gallery_get_rule)
 * @self: a gallery
 * @identity: below facenet_gallery_get_n_identities()
 * @rule: (out caller-allocates): what is to be done; its string stays valid
 *
 * facenet_gallery_get_rule() for threads of which others change the gallery.
 *
 * Since: 0.1
 */
void
facenet_gallery_get_rule_locked (FacenetGallery * self, guint identity,
    FacenetRule * rule)
{
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);

  facenet_gallery_get_rule (self, identity, rule);
  rule->action_name = g_intern_string (rule->action_name);
}

/**
 * facenet_gallery_dup_tag: (rename-to facenet_gallery_get_tag)
 * @self: a gallery
 * @identity: below facenet_gallery_get_n_identities()
 * @index: below the n_tags of its rule
 *
 * Looks at one tag of a person.
 *
 * Returns: (transfer full): the tag
 *
 * Since: 0.1
 */
gchar *
facenet_gallery_dup_tag (FacenetGallery * self, guint identity, guint index)
{
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);

  return g_strdup (facenet_gallery_get_tag (self, identity, index));
}

/**
 * facenet_gallery_describe_person: (rename-to facenet_gallery_describe)
 * @self: a gallery
 * @id: (nullable): id of a person
 *
 * Tells what may be said of a person, see facenet_gallery_describe().
 *
 * Returns: (transfer full): a verdict of type %FACENET_TYPE_VERDICT that owns
 *   its strings
 *
 * Since: 0.1
 */
FacenetVerdict *
facenet_gallery_describe_person (FacenetGallery * self, const gchar * id)
{
  g_autoptr (GRWLockReaderLocker) locker G_GNUC_UNUSED =
      lock_for_reading (self);
  FacenetVerdict verdict;

  facenet_gallery_describe (self, id, &verdict);
  return g_boxed_copy (FACENET_TYPE_VERDICT, &verdict);
}
