/* gallery.c - people come, are looked up, and go
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <string.h>

#include "samples.h"

static void
test_new_is_empty (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);
  FacenetGalleryModel model;

  facenet_gallery_get_model (gallery, &model);
  g_assert_cmpstr (model.id, ==, "model-a");
  g_assert_cmpstr (model.name, ==, "tiny");
  g_assert_cmpstr (model.preprocess, ==, "rgb-96-unit");
  g_assert_cmpuint (model.n_dims, ==, SAMPLE_DIMS);
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, 0);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (gallery), ==, 0);
  g_assert_cmpfloat (facenet_gallery_get_threshold (gallery), ==, 0);
  g_assert_cmpint (facenet_gallery_find (gallery, "ann"), ==, -1);
}

static void
test_add_finds (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);
  gfloat vector[SAMPLE_DIMS] = { 0, 3, 4, 0 };
  FacenetEnrolment enrolment = { vector, SAMPLE_DIMS, "a.jpg", 0.5 };
  const FacenetIdentity *identity;
  const gfloat *row;

  g_assert_true (facenet_gallery_add (gallery, "ann", "Ann Smith", &enrolment,
          NULL));
  g_assert_cmpint (facenet_gallery_find (gallery, "ann"), ==, 0);
  identity = facenet_gallery_get_identity (gallery, 0);
  g_assert_cmpstr (identity->id, ==, "ann");
  g_assert_cmpstr (identity->name, ==, "Ann Smith");
  g_assert_cmpfloat (identity->threshold, ==, 0);
  g_assert_cmpuint (identity->n_embeddings, ==, 1);
  row = facenet_gallery_get_embedding (gallery, 0, 0);
  g_assert_cmpfloat (row[1], ==, 0.6f);
  g_assert_cmpfloat (row[2], ==, 0.8f);
}

static void
test_name_defaults_to_id (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);

  sample_add (gallery, "bob", 0.5);
  g_assert_cmpstr (facenet_gallery_get_identity (gallery, 0)->name, ==, "bob");
}

static void
test_known_keeps_name (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);
  gfloat vector[SAMPLE_DIMS] = { 1, 0, 0, 0 };
  FacenetEnrolment enrolment = { vector, SAMPLE_DIMS, NULL, 0.5 };

  facenet_gallery_add (gallery, "ann", "Ann Smith", &enrolment, NULL);
  facenet_gallery_add (gallery, "ann", "ann", &enrolment, NULL);
  g_assert_cmpstr (facenet_gallery_get_identity (gallery, 0)->name, ==,
      "Ann Smith");
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, 1);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (gallery), ==, 2);
}

/* The first number of each embedding tells which it is. */
static void
assert_rows (FacenetGallery * gallery, const gchar * id, const gchar * expected)
{
  gint index = facenet_gallery_find (gallery, id);
  g_autoptr (GString) found = g_string_new (NULL);
  guint i;

  g_assert_cmpint (index, >=, 0);
  for (i = 0; i < facenet_gallery_get_identity (gallery,
          (guint) index)->n_embeddings; i++) {
    const gfloat *row =
        facenet_gallery_get_embedding (gallery, (guint) index, i);

    g_string_append_printf (found, "%d ",
        (gint) lround (20 * (1 - (gdouble) row[0])));
  }
  g_assert_cmpstr (found->str, ==, expected);
}

static void
test_stays_grouped (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);

  sample_add (gallery, "ann", 0.1);
  sample_add (gallery, "bob", 0.2);
  sample_add (gallery, "eve", 0.3);
  sample_add (gallery, "ann", 0.4);
  sample_add (gallery, "bob", 0.5);
  sample_add (gallery, "ann", 0.6);
  assert_rows (gallery, "ann", "1 4 6 ");
  assert_rows (gallery, "bob", "2 5 ");
  assert_rows (gallery, "eve", "3 ");

  g_assert_true (facenet_gallery_remove (gallery, "bob", NULL));
  g_assert_cmpint (facenet_gallery_find (gallery, "bob"), ==, -1);
  g_assert_cmpint (facenet_gallery_find (gallery, "eve"), ==, 1);
  assert_rows (gallery, "ann", "1 4 6 ");
  assert_rows (gallery, "eve", "3 ");

  sample_add (gallery, "ann", 0.7);
  assert_rows (gallery, "ann", "1 4 6 7 ");
  assert_rows (gallery, "eve", "3 ");
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (gallery), ==, 5);

  g_assert_true (facenet_gallery_remove (gallery, "ann", NULL));
  g_assert_true (facenet_gallery_remove (gallery, "eve", NULL));
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, 0);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (gallery), ==, 0);
}

static void
test_remove_unknown (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);
  g_autoptr (GError) error = NULL;

  g_assert_false (facenet_gallery_remove (gallery, "ann", &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISSING);
  g_assert_nonnull (strstr (error->message, "\"ann\""));
}

/* A refused addition; the message names what is expected to be named. */
static void
assert_refused (FacenetGallery * gallery, const gchar * id,
    const FacenetEnrolment * enrolment, FacenetError code, const gchar * named)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (facenet_gallery_add (gallery, id, NULL, enrolment, &error));
  g_assert_error (error, FACENET_ERROR, (gint) code);
  g_assert_nonnull (strstr (error->message, named));
  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, 0);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (gallery), ==, 0);
}

static void
test_refuses_broken (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);
  g_autofree gchar *long_id = g_strnfill (1025, 'x');
  gfloat good[SAMPLE_DIMS] = { 1, 0, 0, 0 }, bad[SAMPLE_DIMS] = { 0 };
  FacenetEnrolment enrolment = { good, SAMPLE_DIMS, NULL, (gdouble) NAN };

  assert_refused (gallery, "", &enrolment, FACENET_ERROR_FORMAT, "empty");
  assert_refused (gallery, "\xff", &enrolment, FACENET_ERROR_FORMAT, "UTF-8");
  assert_refused (gallery, long_id, &enrolment, FACENET_ERROR_LIMIT, "1025");
  enrolment.n_dims = 3;
  assert_refused (gallery, "ann", &enrolment, FACENET_ERROR_SHAPE,
      "3 numbers, expected 4");
  enrolment.n_dims = SAMPLE_DIMS;
  enrolment.quality = 1.5;
  assert_refused (gallery, "ann", &enrolment, FACENET_ERROR_FORMAT, "quality");
  enrolment.quality = 1;
  enrolment.embedding = bad;
  assert_refused (gallery, "ann", &enrolment, FACENET_ERROR_FORMAT,
      "length zero");
  bad[2] = NAN;
  assert_refused (gallery, "ann", &enrolment, FACENET_ERROR_FORMAT,
      "not finite");
  bad[2] = INFINITY;
  assert_refused (gallery, "ann", &enrolment, FACENET_ERROR_FORMAT,
      "not finite");
}

static void
test_unbound (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (NULL);
  gfloat vector[SAMPLE_DIMS] = { 1, 0, 0, 0 };
  FacenetEnrolment enrolment = { vector, SAMPLE_DIMS, NULL, 1 };
  FacenetGalleryModel model;

  facenet_gallery_get_model (gallery, &model);
  g_assert_null (model.id);
  g_assert_cmpuint (model.n_dims, ==, 0);
  g_assert_true (facenet_gallery_check_model (gallery, "any", 7, NULL));
  assert_refused (gallery, "ann", &enrolment, FACENET_ERROR_MISSING,
      "no model");
}

static void
test_checks_model (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);
  g_autoptr (GError) other = NULL, length = NULL;

  g_assert_true (facenet_gallery_check_model (gallery, "model-a", SAMPLE_DIMS,
          NULL));
  g_assert_false (facenet_gallery_check_model (gallery, "model-b", SAMPLE_DIMS,
          &other));
  g_assert_error (other, FACENET_ERROR, FACENET_ERROR_MISMATCH);
  g_assert_nonnull (strstr (other->message, "model-a"));
  g_assert_nonnull (strstr (other->message, "model-b"));
  g_assert_false (facenet_gallery_check_model (gallery, "model-a", 5, &length));
  g_assert_error (length, FACENET_ERROR, FACENET_ERROR_MISMATCH);
  g_assert_false (facenet_gallery_check_model (gallery, NULL, SAMPLE_DIMS,
          NULL));
}

static void
test_threshold (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);

  facenet_gallery_set_threshold (gallery, 0.9);
  g_assert_cmpfloat (facenet_gallery_get_threshold (gallery), ==, 0.9);
  facenet_gallery_set_threshold (gallery, 0);
  g_assert_cmpfloat (facenet_gallery_get_threshold (gallery), ==, 0);
}

static void
test_boxed (void)
{
  FacenetGallery *gallery = facenet_gallery_new (&sample_model);
  GValue value = G_VALUE_INIT;

  g_value_init (&value, FACENET_TYPE_GALLERY);
  g_value_set_boxed (&value, gallery);
  facenet_gallery_unref (gallery);
  g_assert_true (g_value_get_boxed (&value) == gallery);
  g_value_unset (&value);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gallery/new-is-empty", test_new_is_empty);
  g_test_add_func ("/gallery/added-person-is-found", test_add_finds);
  g_test_add_func ("/gallery/name-is-the-id-where-there-is-none",
      test_name_defaults_to_id);
  g_test_add_func ("/gallery/known-person-keeps-name", test_known_keeps_name);
  g_test_add_func ("/gallery/embeddings-stay-with-their-person",
      test_stays_grouped);
  g_test_add_func ("/gallery/removing-a-stranger-is-an-error",
      test_remove_unknown);
  g_test_add_func ("/gallery/refuses-broken-enrolments", test_refuses_broken);
  g_test_add_func ("/gallery/unbound-takes-nobody", test_unbound);
  g_test_add_func ("/gallery/tells-models-apart", test_checks_model);
  g_test_add_func ("/gallery/threshold-is-set-and-unset", test_threshold);
  g_test_add_func ("/gallery/is-a-boxed-type", test_boxed);
  return g_test_run ();
}
