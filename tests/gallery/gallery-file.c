/* gallery-file.c - a gallery goes to its file and comes back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <facenet/facenet-gallery.h>

#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "gallery/facenet-gallery-private.h"
#include "samples.h"

/* Laid out as the library writes it, with members it does not know at every
 * level, before and behind those it does. */
static const gchar foreign[] =
    "{\n"
    "  \"$schema\": \"https://example.org/\",\n"
    "  \"format\": \"facenet-gallery\",\n"
    "  \"version\": 1,\n"
    "  \"model\": {\n"
    "    \"maker\": \"us\",\n"
    "    \"id\": \"model-a\",\n"
    "    \"dims\": 4\n"
    "  },\n"
    "  \"defaults\": {\n"
    "    \"threshold\": 0.9,\n"
    "    \"camera\": null\n"
    "  },\n"
    "  \"identities\": [\n"
    "    {\n"
    "      \"room\": 12,\n"
    "      \"id\": \"ann\",\n"
    "      \"name\": \"Änn \\\"the \\\\ boss\\\"\\n\\u0001\",\n"
    "      \"threshold\": 0.7,\n"
    "      \"tags\": [\"staff\", \"night\"],\n"
    "      \"embeddings\": [\n"
    "        {\n"
    "          \"lens\": {\n"
    "            \"f\": 1.80000000000000004,\n"
    "            \"zoom\": 2.0,\n"
    "            \"tiny\": 1e-300\n"
    "          },\n"
    "          \"vector\": [0.600000024, 0.800000012, 0, 0],\n"
    "          \"source\": \"ann1.jpg\"\n"
    "        },\n"
    "        {\n"
    "          \"vector\": [0, 0, -1, 0]\n"
    "        }\n"
    "      ],\n"
    "      \"since\": \"2024\"\n"
    "    },\n"
    "    {\n"
    "      \"id\": \"empty\",\n"
    "      \"embeddings\": []\n"
    "    },\n"
    "    {\n"
    "      \"id\": \"bare\",\n"
    "      \"nested\": [\n"
    "        [1, true],\n"
    "        {}\n"
    "      ]\n"
    "    }\n"
    "  ],\n" "  \"owner\": {\n" "    \"name\": \"museum\"\n" "  }\n" "}\n";

static gchar *folder;

static gchar *
in_folder (const gchar * name)
{
  return g_build_filename (folder, name, NULL);
}

static FacenetGallery *
parse (const gchar * text)
{
  g_autoptr (GError) error = NULL;
  FacenetGallery *gallery =
      facenet_gallery_parse (text, strlen (text), "sample", &error);

  g_assert_no_error (error);
  return gallery;
}

static gchar *
print (FacenetGallery * gallery)
{
  return g_string_free (facenet_gallery_print (gallery), FALSE);
}

static void
test_reads (void)
{
  g_autoptr (FacenetGallery) gallery = parse (foreign);
  const FacenetIdentity *ann = facenet_gallery_get_identity (gallery, 0);
  const gfloat *row = facenet_gallery_get_embedding (gallery, 0, 1);

  g_assert_cmpuint (facenet_gallery_get_n_identities (gallery), ==, 3);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (gallery), ==, 2);
  g_assert_cmpfloat (facenet_gallery_get_threshold (gallery), ==, 0.9);
  g_assert_cmpstr (ann->id, ==, "ann");
  g_assert_cmpstr (ann->name, ==, "Änn \"the \\ boss\"\n\001");
  g_assert_cmpfloat (ann->threshold, ==, 0.7);
  g_assert_cmpuint (ann->n_embeddings, ==, 2);
  g_assert_cmpfloat (row[2], ==, -1);
  g_assert_cmpuint (facenet_gallery_get_identity (gallery, 2)->n_embeddings,
      ==, 0);
}

static void
test_keeps_everything (void)
{
  g_autoptr (FacenetGallery) gallery = parse (foreign);
  g_autofree gchar *text = print (gallery);
  g_autofree gchar *expected = NULL;
  g_auto (GStrv) parts = g_strsplit (foreign, "1.80000000000000004", 2);

  /* A double that was written with too many digits gets the few it needs. */
  expected = g_strjoinv ("1.8", parts);
  g_assert_cmpstr (text, ==, expected);
}

/* Everything but what was changed stays, in its place. */
static void
test_keeps_through_changes (void)
{
  g_autoptr (FacenetGallery) gallery = parse (foreign);
  g_autoptr (FacenetGallery) again = NULL;
  g_autofree gchar *text = NULL;
  const gchar *lens, *source, *nested;

  sample_add (gallery, "zoe", 1);
  sample_add (gallery, "ann", 2);
  sample_add (gallery, "bare", 0.5);
  g_assert_true (facenet_gallery_remove (gallery, "empty", NULL));
  facenet_gallery_set_threshold (gallery, 0.8);
  text = print (gallery);

  lens = strstr (text, "\"lens\": {");
  source = strstr (text, "\"source\": \"ann1.jpg\"");
  nested = strstr (text, "\"nested\": [");
  g_assert_nonnull (strstr (text, "\"$schema\""));
  g_assert_nonnull (strstr (text, "\"maker\": \"us\""));
  g_assert_nonnull (strstr (text, "\"camera\": null"));
  g_assert_nonnull (strstr (text, "\"owner\": {"));
  g_assert_true (lens != NULL && lens < source);
  g_assert_true (source < nested);
  g_assert_null (strstr (text, "\"empty\""));

  again = parse (text);
  g_assert_cmpfloat (facenet_gallery_get_threshold (again), ==, 0.8);
  g_assert_cmpuint (facenet_gallery_get_n_identities (again), ==, 3);
  g_assert_cmpuint (facenet_gallery_get_identity (again, 0)->n_embeddings, ==,
      3);
  assert_near (facenet_gallery_get_embedding (again, 0, 2)[0], 0, 1e-7);
  assert_near (facenet_gallery_get_embedding (again, 1, 0)[0], 0.75, 1e-7);
}

/* Floats of every size and sign are read back bit by bit. */
static void
test_floats_are_exact (void)
{
  FacenetGalleryModel model = { "m", NULL, NULL, 128 };
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&model);
  g_autoptr (FacenetGallery) again = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_autofree gchar *text = NULL;
  gfloat vector[128];
  FacenetEnrolment enrolment = { vector, 128, NULL, (gdouble) NAN };
  guint i, j;

  for (i = 0; i < 50; i++) {
    for (j = 0; j < 128; j++) {
      vector[j] = (gfloat) (g_rand_double_range (random, -1, 1) *
          pow (10, -(gdouble) (j % 40)));
    }
    g_assert_true (facenet_gallery_add (gallery, i % 2 ? "a" : "b", NULL,
            &enrolment, NULL));
  }
  text = print (gallery);
  again = parse (text);
  g_assert_cmpuint (facenet_gallery_get_n_embeddings (again), ==, 50);
  for (i = 0; i < 2; i++) {
    for (j = 0; j < 25; j++) {
      g_assert_cmpmem (facenet_gallery_get_embedding (gallery, i, j),
          sizeof vector, facenet_gallery_get_embedding (again, i, j),
          sizeof vector);
    }
  }
}

static void
test_scales_on_load (void)
{
  g_autoptr (FacenetGallery) gallery =
      parse ("{\"format\":\"facenet-gallery\",\"version\":1,"
      "\"model\":{\"id\":\"m\",\"dims\":2},\"identities\":[{\"id\":\"a\","
      "\"embeddings\":[{\"vector\":[3,4]},{\"vector\":[0.60001,0.8]},"
      "{\"vector\":[0,1e-3]}]}]}");
  const gfloat *scaled = facenet_gallery_get_embedding (gallery, 0, 0);
  const gfloat *kept = facenet_gallery_get_embedding (gallery, 0, 1);

  g_assert_cmpfloat (scaled[0], ==, 0.6f);
  g_assert_cmpfloat (scaled[1], ==, 0.8f);
  g_assert_cmpfloat (kept[0], ==, 0.60001f);
  g_assert_cmpfloat (kept[1], ==, 0.8f);
  g_assert_cmpfloat (facenet_gallery_get_embedding (gallery, 0, 2)[1], ==,
      1.0f);
}

static void
test_new_person_in_file (void)
{
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&sample_model);
  gfloat vector[SAMPLE_DIMS] = { 0, 0, 0, 2 };
  FacenetEnrolment enrolment = { vector, SAMPLE_DIMS, "caf\xe9.jpg", 0.25 };
  g_autofree gchar *text = NULL;

  facenet_gallery_set_threshold (gallery, 0.8);
  g_assert_true (facenet_gallery_add (gallery, "bob", "Bob", &enrolment, NULL));
  text = print (gallery);
  g_assert_true (g_str_has_prefix (text,
          "{\n"
          "  \"format\": \"facenet-gallery\",\n"
          "  \"version\": 1,\n"
          "  \"model\": {\n"
          "    \"id\": \"model-a\",\n"
          "    \"name\": \"tiny\",\n"
          "    \"dims\": 4,\n"
          "    \"preprocess\": \"rgb-96-unit\"\n"
          "  },\n"
          "  \"defaults\": {\n"
          "    \"threshold\": 0.8\n"
          "  },\n"
          "  \"identities\": [\n"
          "    {\n"
          "      \"id\": \"bob\",\n"
          "      \"name\": \"Bob\",\n"
          "      \"embeddings\": [\n"
          "        {\n"
          "          \"vector\": [0, 0, 0, 1],\n"
          "          \"source\": \"caf\357\277\275.jpg\",\n"
          "          \"quality\": 0.25,\n" "          \"created\": \"20"));
  g_assert_true (g_regex_match_simple
      ("\"created\": \"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\"", text, 0,
          0));
}

static void
test_saves_and_loads (void)
{
  g_autofree gchar *location = in_folder ("people.json");
  g_autoptr (FacenetGallery) gallery = parse (foreign);
  g_autoptr (FacenetGallery) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *before = print (gallery), *after = NULL;

  facenet_gallery_save (gallery, location, &error);
  g_assert_no_error (error);
  again = facenet_gallery_load (location, &error);
  g_assert_no_error (error);
  after = print (again);
  g_assert_cmpstr (after, ==, before);
  g_unlink (location);
}

static void
test_unbound_is_not_saved (void)
{
  g_autofree gchar *location = in_folder ("unbound.json");
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (facenet_gallery_save (gallery, location, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISSING);
  g_assert_false (g_file_test (location, G_FILE_TEST_EXISTS));
}

static void
assert_only_old_file (const gchar * location)
{
  g_autofree gchar *text = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  g_assert_true (g_file_get_contents (location, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "old");
  g_assert_cmpstr (g_dir_read_name (dir), ==, "old.json");
  g_assert_null (g_dir_read_name (dir));
}

/* As on a disk that is full half-way: the file may not grow beyond 100
 * bytes. */
static void
test_failed_save_keeps_old (void)
{
  g_autofree gchar *location = in_folder ("old.json");
  g_autoptr (FacenetGallery) gallery = parse (foreign);
  g_autoptr (GError) error = NULL;
  struct rlimit old, tight;
  gboolean saved;

  g_assert_true (g_file_set_contents (location, "old", -1, NULL));
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &old);
  tight = old;
  tight.rlim_cur = 100;
  setrlimit (RLIMIT_FSIZE, &tight);
  saved = facenet_gallery_save (gallery, location, &error);
  setrlimit (RLIMIT_FSIZE, &old);

  g_assert_false (saved);
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
  g_assert_nonnull (strstr (error->message, location));
  assert_only_old_file (location);
  g_unlink (location);
}

static void
test_readonly_folder_keeps_old (void)
{
  g_autofree gchar *location = in_folder ("old.json");
  g_autoptr (FacenetGallery) gallery = parse (foreign);
  g_autoptr (GError) error = NULL;
  gboolean saved;

  if (geteuid () == 0) {
    g_test_skip ("nothing is read-only to root");
    return;
  }
  g_assert_true (g_file_set_contents (location, "old", -1, NULL));
  g_chmod (folder, 0500);
  saved = facenet_gallery_save (gallery, location, &error);
  g_chmod (folder, 0700);
  g_assert_false (saved);
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
  assert_only_old_file (location);
  g_unlink (location);
}

static void
test_missing_folder (void)
{
  g_autofree gchar *location = in_folder ("no/such/people.json");
  g_autoptr (FacenetGallery) gallery = parse (foreign);
  g_autoptr (GError) save = NULL, load = NULL;

  g_assert_false (facenet_gallery_save (gallery, location, &save));
  g_assert_error (save, FACENET_ERROR, FACENET_ERROR_OPEN);
  g_assert_null (facenet_gallery_load (location, &load));
  g_assert_error (load, FACENET_ERROR, FACENET_ERROR_OPEN);
  g_assert_nonnull (strstr (load->message, location));
}

/* Decimal commas; where no such locale is installed the test says so. */
static void
test_decimal_comma (void)
{
  static const gchar *names[] = { "de_DE.UTF-8", "de_DE.utf8", "de_DE",
    "fr_FR.UTF-8", "it_IT.UTF-8"
  };
  g_autofree gchar *old = g_strdup (setlocale (LC_NUMERIC, NULL));
  const gchar *found = NULL;
  guint i;

  for (i = 0; i < G_N_ELEMENTS (names) && found == NULL; i++) {
    found = setlocale (LC_NUMERIC, names[i]);
  }
  if (found == NULL) {
    g_test_skip ("no locale with a decimal comma is installed");
    return;
  }
  test_keeps_everything ();
  test_floats_are_exact ();
  setlocale (LC_NUMERIC, old);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("facenet-gallery-XXXXXX", NULL);
  g_test_add_func ("/gallery-file/reads-people", test_reads);
  g_test_add_func ("/gallery-file/keeps-what-it-does-not-know",
      test_keeps_everything);
  g_test_add_func ("/gallery-file/keeps-it-through-changes",
      test_keeps_through_changes);
  g_test_add_func ("/gallery-file/floats-come-back-exactly",
      test_floats_are_exact);
  g_test_add_func ("/gallery-file/vectors-are-scaled-to-one",
      test_scales_on_load);
  g_test_add_func ("/gallery-file/new-person-as-documented",
      test_new_person_in_file);
  g_test_add_func ("/gallery-file/saves-and-loads", test_saves_and_loads);
  g_test_add_func ("/gallery-file/unbound-is-not-saved",
      test_unbound_is_not_saved);
  g_test_add_func ("/gallery-file/failed-save-keeps-old-file",
      test_failed_save_keeps_old);
  g_test_add_func ("/gallery-file/read-only-folder-keeps-old-file",
      test_readonly_folder_keeps_old);
  g_test_add_func ("/gallery-file/missing-folder-is-an-error",
      test_missing_folder);
  g_test_add_func ("/gallery-file/no-locale-has-a-say", test_decimal_comma);
  result = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  return result;
}
