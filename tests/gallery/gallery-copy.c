/* gallery-copy.c - copies of galleries, and ids for those who join them
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "samples.h"

#include <string.h>

#include "gallery/facenet-gallery-private.h"

static const gchar text[] =
    "{\"format\":\"facenet-gallery\",\"version\":1,\"mine\":[1,{\"a\":null}],"
    "\"model\":{\"id\":\"model-a\",\"dims\":4},"
    "\"defaults\":{\"threshold\":0.5,\"x\":true},\"identities\":["
    "{\"id\":\"ann\",\"name\":\"Ann Smith\",\"tags\":[\"staff\"],\"embeddings\":["
    "{\"vector\":[1,0,0,0],\"source\":\"a.jpg\"},{\"vector\":[0,1,0,0]}]},"
    "{\"id\":\"bob\"},"
    "{\"id\":\"cid\",\"threshold\":0.25,\"embeddings\":["
    "{\"vector\":[0,0,1,0],\"quality\":0.5}]}]}";

static FacenetGallery *
parse (void)
{
  g_autoptr (GError) error = NULL;
  FacenetGallery *gallery =
      facenet_gallery_parse (text, strlen (text), "people.json", &error);

  g_assert_no_error (error);
  return gallery;
}

static void
assert_equal (const FacenetGallery * a, const FacenetGallery * b)
{
  g_autoptr (GString) first = facenet_gallery_print (a);
  g_autoptr (GString) second = facenet_gallery_print (b);

  g_assert_cmpstr (first->str, ==, second->str);
}

static void
test_copy_is_equal (void)
{
  g_autoptr (FacenetGallery) gallery = parse ();
  g_autoptr (FacenetGallery) copy = facenet_gallery_copy (gallery);
  const FacenetIdentity *cid = facenet_gallery_get_identity (copy, 2);

  assert_equal (gallery, copy);
  g_assert_cmpuint (facenet_gallery_get_n_identities (copy), ==, 3);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (copy), ==, 3);
  g_assert_cmpfloat (facenet_gallery_get_threshold (copy), ==, 0.5);
  g_assert_cmpfloat (cid->threshold, ==, 0.25);
  g_assert_cmpfloat ((gdouble) facenet_gallery_get_embedding (copy, 2, 0)[2],
      ==, 1);
  g_assert_cmpint (facenet_gallery_find (copy, "bob"), ==, 1);
  g_assert_false (facenet_gallery_check_model (copy, "model-b", 4, NULL));
}

static void
test_copy_is_independent (void)
{
  g_autoptr (FacenetGallery) gallery = parse ();
  g_autoptr (FacenetGallery) same = parse ();
  g_autoptr (FacenetGallery) copy = facenet_gallery_copy (gallery);

  sample_add (copy, "ann", 0.5);
  sample_add (copy, "bob", 0.5);
  sample_add (copy, "dan", 0.5);
  g_assert_true (facenet_gallery_remove (copy, "cid", NULL));
  facenet_gallery_set_threshold (copy, 0.9);
  assert_equal (gallery, same);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (gallery), ==, 3);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (copy), ==, 5);

  /* The copy outlives what it was made of. */
  g_clear_pointer (&gallery, facenet_gallery_unref);
  g_assert_cmpstr (facenet_gallery_get_identity (copy, 0)->name, ==,
      "Ann Smith");
}

static void
test_copy_of_unbound (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (NULL);
  g_autoptr (FacenetGallery) copy = facenet_gallery_copy (gallery);
  FacenetGalleryModel model;

  facenet_gallery_get_model (copy, &model);
  g_assert_null (model.id);
  g_assert_cmpuint (facenet_gallery_get_n_identities (copy), ==, 0);
}

static void
assert_id (const FacenetGallery * gallery, const gchar * name,
    const gchar * wanted)
{
  g_autofree gchar *id = facenet_gallery_make_id (gallery, name);

  g_assert_cmpstr (id, ==, wanted);
}

/* A new person with an id and a name. */
static void
sample_name (FacenetGallery * gallery, const gchar * id, const gchar * name)
{
  gfloat vector[SAMPLE_DIMS];
  FacenetEnrolment enrolment = { vector, SAMPLE_DIMS, NULL, (gdouble) NAN };

  sample_at (vector, 0.5, 1);
  g_assert_true (facenet_gallery_add (gallery, id, name, &enrolment, NULL));
}

static void
test_ids_are_unique (void)
{
  g_autoptr (FacenetGallery) gallery = parse ();

  assert_id (gallery, "Ann Smith", "ann");
  assert_id (gallery, "bob", "bob");
  assert_id (gallery, "Eve  Jones", "eve-jones");
  /* Another person than the one whose id that is. */
  assert_id (gallery, "Ann", "ann-2");
  sample_add (gallery, "ann-2", 0.5);
  assert_id (gallery, "ANN", "ann-3");
  assert_id (gallery, "!!!", "!!!");
}

static void
test_names_find_people (void)
{
  g_autoptr (FacenetGallery) gallery = parse ();

  sample_name (gallery, "emp-1042", "John Simm");
  sample_name (gallery, "emp-1043", "john simm");
  assert_id (gallery, "John Simm", "emp-1042");
  assert_id (gallery, "john simm", "emp-1043");
  assert_id (gallery, "John-SIMM", "emp-1042");
  /* An id says it, too, but not before a name does. */
  assert_id (gallery, "emp-1043", "emp-1043");
  sample_name (gallery, "Bob Jones", "Robert");
  sample_name (gallery, "rob", "Bob Jones");
  assert_id (gallery, "Bob Jones", "rob");
  assert_id (gallery, "bob jones", "rob");
  /* Accents in one or two characters, and what is not only spelt otherwise. */
  sample_name (gallery, "jos\303\251", "Jos\303\251");
  assert_id (gallery, "Jose\314\201", "jos\303\251");
  g_assert_cmpint (facenet_gallery_find (gallery, "jose\314\201"), ==,
      facenet_gallery_find (gallery, "jos\303\251"));
  sample_name (gallery, "kim-a", "Kim (A)");
  assert_id (gallery, "kim_(a)", "kim-a");
  assert_id (gallery, "Kim A", "kim-a-2");
}

static void
test_the_same_picture_is_found (void)
{
  g_autoptr (FacenetGallery) gallery = parse ();
  const gfloat probe[] = { 0, 1, 0, 0 }, near[] = { 0, 1, 2e-4f, 0 };
  const gfloat other[] = { 0, 1, 2e-3f, 0 };

  g_assert_true (facenet_gallery_has_embedding (gallery, "ann", probe, 4));
  g_assert_true (facenet_gallery_has_embedding (gallery, "ann", near, 4));
  g_assert_false (facenet_gallery_has_embedding (gallery, "ann", other, 4));
  g_assert_false (facenet_gallery_has_embedding (gallery, "ann", probe, 3));
  g_assert_false (facenet_gallery_has_embedding (gallery, "bob", probe, 4));
  g_assert_false (facenet_gallery_has_embedding (gallery, "zoe", probe, 4));
}

static void
test_ids_are_made_of_names (void)
{
  static const struct
  {
    const gchar *name;
    const gchar *id;
  } cases[] = {
    {"Ann_Smith", "ann-smith"}, {"  Bob  (staff) ", "bob-staff"},
    {"Zo\xc3\x8b", "zo\xc3\xab"}, {"42", "42"}, {"!!", NULL}, {"", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *id = facenet_identity_make_id (cases[i].name);

    g_assert_cmpstr (id, ==, cases[i].id);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gallery-copy/is-equal", test_copy_is_equal);
  g_test_add_func ("/gallery-copy/is-independent", test_copy_is_independent);
  g_test_add_func ("/gallery-copy/of-an-unbound-gallery", test_copy_of_unbound);
  g_test_add_func ("/gallery-id/is-unique", test_ids_are_unique);
  g_test_add_func ("/gallery-id/names-find-people", test_names_find_people);
  g_test_add_func ("/gallery-id/the-same-picture-is-found",
      test_the_same_picture_is_found);
  g_test_add_func ("/gallery-id/is-made-of-the-name",
      test_ids_are_made_of_names);
  return g_test_run ();
}
