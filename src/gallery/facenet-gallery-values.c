/* facenet-gallery-values.c - what a gallery holds and finds, as boxed types
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In C these structs point into the gallery or to memory of the caller. A
 * binding keeps them as long as it likes, so its copies own all they point to.
 */
#include <facenet/facenet-bindings.h>

#include <math.h>

static FacenetCandidate *
copy_candidate (const FacenetCandidate * self)
{
  FacenetCandidate *copy = g_new (FacenetCandidate, 1);

  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  return copy;
}

static void
free_candidate (FacenetCandidate * self)
{
  g_free ((gchar *) self->id);
  g_free ((gchar *) self->name);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (FacenetCandidate, facenet_candidate, copy_candidate,
    free_candidate);

static FacenetVerdict *
copy_verdict (const FacenetVerdict * self)
{
  FacenetVerdict *copy = g_new (FacenetVerdict, 1);

  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  return copy;
}

static void
free_verdict (FacenetVerdict * self)
{
  g_free ((gchar *) self->id);
  g_free ((gchar *) self->name);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (FacenetVerdict, facenet_verdict, copy_verdict,
    free_verdict);

static FacenetIdentity *
copy_identity (const FacenetIdentity * self)
{
  FacenetIdentity *copy = g_new (FacenetIdentity, 1);

  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  return copy;
}

static void
free_identity (FacenetIdentity * self)
{
  g_free ((gchar *) self->id);
  g_free ((gchar *) self->name);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (FacenetIdentity, facenet_identity, copy_identity,
    free_identity);

static FacenetGalleryModel *
copy_model (const FacenetGalleryModel * self)
{
  FacenetGalleryModel *copy = g_new (FacenetGalleryModel, 1);

  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  copy->preprocess = g_strdup (self->preprocess);
  copy->n_dims = self->n_dims;
  return copy;
}

static void
free_model (FacenetGalleryModel * self)
{
  g_free ((gchar *) self->id);
  g_free ((gchar *) self->name);
  g_free ((gchar *) self->preprocess);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (FacenetGalleryModel, facenet_gallery_model, copy_model,
    free_model);

static FacenetEnrolment *
copy_enrolment (const FacenetEnrolment * self)
{
  FacenetEnrolment *copy = g_new (FacenetEnrolment, 1);

  *copy = *self;
  copy->embedding = g_memdup2 (self->embedding,
      self->n_dims * sizeof *self->embedding);
  copy->source = g_strdup (self->source);
  return copy;
}

static void
free_enrolment (FacenetEnrolment * self)
{
  g_free ((gfloat *) self->embedding);
  g_free ((gchar *) self->source);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (FacenetEnrolment, facenet_enrolment, copy_enrolment,
    free_enrolment);

/**
 * facenet_enrolment_new: (constructor)
 * @embedding: (array length=n_dims): the embedding, copied
 * @n_dims: how many numbers
 *
 * Makes what facenet_gallery_add() takes; source and quality, unknown at
 * first, may be set.
 *
 * Returns: (transfer full): an enrolment of type %FACENET_TYPE_ENROLMENT
 *
 * Since: 0.1
 */
FacenetEnrolment *
facenet_enrolment_new (const gfloat * embedding, guint n_dims)
{
  FacenetEnrolment self = { embedding, n_dims, NULL, (gdouble) NAN };

  g_return_val_if_fail (embedding != NULL && n_dims > 0, NULL);

  return copy_enrolment (&self);
}
