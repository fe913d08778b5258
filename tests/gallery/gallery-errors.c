/* gallery-errors.c - files that are no gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <facenet/facenet-gallery.h>

#include <string.h>

#include "gallery/facenet-gallery-private.h"

#define HEAD "{\"format\":\"facenet-gallery\",\"version\":1," \
    "\"model\":{\"id\":\"m\",\"dims\":2},\"identities\":"
#define ONE(embeddings) HEAD "[{\"id\":\"ann\",\"embeddings\":" embeddings "}]}"
#define TWO(embedding) HEAD "[{\"id\":\"ann\"},{\"id\":\"bob\"," \
    "\"embeddings\":[{\"vector\":[1,0]}," embedding "]}]}"

/* A text, the code it must be refused with, and what the message must say
 * behind the file's name. */
typedef struct
{
  const gchar *name;
  const gchar *text;
  FacenetError code;
  const gchar *says;
} Case;

/* *INDENT-OFF* */
static const Case cases[] = {
  { "empty", "", FACENET_ERROR_TRUNCATED, "" },
  { "not-json", "gallery", FACENET_ERROR_FORMAT, "" },
  { "not-an-object", "[]", FACENET_ERROR_FORMAT, "expected an object" },
  { "no-format", "{}", FACENET_ERROR_MISSING, "\"format\" is missing" },
  { "null-format", "{\"format\":null}", FACENET_ERROR_FORMAT,
    "\"format\" is null, expected a string" },
  { "other-format", "{\"format\":\"x\",\"version\":1}", FACENET_ERROR_FORMAT,
    "this is not a gallery" },
  { "no-version", "{\"format\":\"facenet-gallery\"}", FACENET_ERROR_MISSING,
    "\"version\" is missing" },
  { "version-as-text", "{\"format\":\"facenet-gallery\",\"version\":\"1\"}",
    FACENET_ERROR_FORMAT, "\"version\" is a string, expected an integer" },
  { "version-2", "{\"format\":\"facenet-gallery\",\"version\":2}",
    FACENET_ERROR_FORMAT, "\"version\" is 2, expected 1" },
  { "no-model",
    "{\"format\":\"facenet-gallery\",\"version\":1,\"identities\":[]}",
    FACENET_ERROR_MISSING, "\"model\" is missing" },
  { "no-identities", "{\"format\":\"facenet-gallery\",\"version\":1,"
    "\"model\":{\"id\":\"m\",\"dims\":2}}",
    FACENET_ERROR_MISSING, "\"identities\" is missing" },
  { "no-model-id", "{\"format\":\"facenet-gallery\",\"version\":1,"
    "\"model\":{\"dims\":2},\"identities\":[]}",
    FACENET_ERROR_MISSING, "model: \"id\" is missing" },
  { "empty-model-id", "{\"format\":\"facenet-gallery\",\"version\":1,"
    "\"model\":{\"id\":\"\",\"dims\":2},\"identities\":[]}",
    FACENET_ERROR_FORMAT, "model: \"id\" is empty" },
  { "no-dims", "{\"format\":\"facenet-gallery\",\"version\":1,"
    "\"model\":{\"id\":\"m\"},\"identities\":[]}",
    FACENET_ERROR_MISSING, "model: \"dims\" is missing" },
  { "zero-dims", "{\"format\":\"facenet-gallery\",\"version\":1,"
    "\"model\":{\"id\":\"m\",\"dims\":0},\"identities\":[]}",
    FACENET_ERROR_FORMAT, "model: \"dims\" is 0, expected a number in [1,4096]" },
  { "negative-dims", "{\"format\":\"facenet-gallery\",\"version\":1,"
    "\"model\":{\"id\":\"m\",\"dims\":-4},\"identities\":[]}",
    FACENET_ERROR_FORMAT, "\"dims\" is -4" },
  { "too-many-dims", "{\"format\":\"facenet-gallery\",\"version\":1,"
    "\"model\":{\"id\":\"m\",\"dims\":4097},\"identities\":[]}",
    FACENET_ERROR_FORMAT, "\"dims\" is 4097" },
  { "threshold-over-4", "{\"format\":\"facenet-gallery\",\"version\":1,"
    "\"model\":{\"id\":\"m\",\"dims\":2},\"defaults\":{\"threshold\":4.5},"
    "\"identities\":[]}",
    FACENET_ERROR_FORMAT, "defaults: \"threshold\" is 4.5, expected a number in"
    " [0,4]" },
  { "defaults-no-object", "{\"format\":\"facenet-gallery\",\"version\":1,"
    "\"model\":{\"id\":\"m\",\"dims\":2},\"defaults\":1,\"identities\":[]}",
    FACENET_ERROR_FORMAT, "\"defaults\" is a number, expected an object" },
  { "identities-no-array", HEAD "{}}", FACENET_ERROR_FORMAT,
    "\"identities\" is an object, expected an array" },
  { "identity-no-object", HEAD "[null]}", FACENET_ERROR_FORMAT,
    "identity 0: null, expected an object" },
  { "no-id", HEAD "[{\"name\":\"Ann\"}]}", FACENET_ERROR_MISSING,
    "identity 0: \"id\" is missing" },
  { "empty-id", HEAD "[{\"id\":\"a\"},{\"id\":\"\"}]}", FACENET_ERROR_FORMAT,
    "identity 1: \"id\" is empty" },
  { "id-as-number", HEAD "[{\"id\":7}]}", FACENET_ERROR_FORMAT,
    "identity 0: \"id\" is a number, expected a string" },
  { "id-twice", HEAD "[{\"id\":\"a\"},{\"id\":\"b\"},{\"id\":\"a\"}]}",
    FACENET_ERROR_FORMAT,
    "identity 2 \"a\": identity 0 has the same id" },
  { "negative-threshold", HEAD "[{\"id\":\"a\",\"threshold\":-0.1}]}",
    FACENET_ERROR_FORMAT,
    "identity 0 \"a\": \"threshold\" is -0.1, expected a number in [0,4]" },
  { "name-as-array", HEAD "[{\"id\":\"a\",\"name\":[]}]}",
    FACENET_ERROR_FORMAT, "identity 0 \"a\": \"name\" is an array" },
  { "tags-as-string", HEAD "[{\"id\":\"a\",\"tags\":\"staff\"}]}",
    FACENET_ERROR_FORMAT, "identity 0 \"a\": \"tags\" is a string" },
  { "embeddings-null", ONE ("null"), FACENET_ERROR_FORMAT,
    "identity 0 \"ann\": \"embeddings\" is null, expected an array" },
  { "embedding-is-array", ONE ("[[1,0]]"), FACENET_ERROR_FORMAT,
    "identity 0 \"ann\", embedding 0: " },
  { "no-vector", TWO ("{}"), FACENET_ERROR_MISSING,
    "identity 1 \"bob\", embedding 1: \"vector\" is missing" },
  { "short-vector", TWO ("{\"vector\":[1]}"), FACENET_ERROR_SHAPE,
    "identity 1 \"bob\", embedding 1: vector has 1 numbers, expected 2" },
  { "long-vector", TWO ("{\"vector\":[1,0,0]}"), FACENET_ERROR_SHAPE,
    "identity 1 \"bob\", embedding 1: vector has 3 numbers, expected 2" },
  { "null-in-vector", TWO ("{\"vector\":[1,null]}"), FACENET_ERROR_FORMAT,
    "identity 1 \"bob\", embedding 1: vector[1] is null, expected a number" },
  { "text-in-vector", TWO ("{\"vector\":[1,\"0\"]}"), FACENET_ERROR_FORMAT,
    "embedding 1: vector[1] is a string, expected a number" },
  { "zero-vector", TWO ("{\"vector\":[0,0.0]}"), FACENET_ERROR_FORMAT,
    "identity 1 \"bob\", embedding 1: vector has length zero" },
  { "beyond-float", TWO ("{\"vector\":[1e300,0]}"), FACENET_ERROR_FORMAT,
    "embedding 1: vector has numbers that are not finite" },
  { "absurd-length", TWO ("{\"vector\":[1e30,0]}"), FACENET_ERROR_FORMAT,
    "embedding 1: vector is longer than 1e6" },
  { "nan-in-vector", TWO ("{\"vector\":[NaN,0]}"), FACENET_ERROR_FORMAT, "" },
  { "infinity", TWO ("{\"vector\":[1e999,0]}"), FACENET_ERROR_FORMAT, "" },
  { "quality-over-1", TWO ("{\"vector\":[1,0],\"quality\":2}"),
    FACENET_ERROR_FORMAT,
    "embedding 1: \"quality\" is 2, expected a number in [0,1]" },
  { "source-as-number", TWO ("{\"vector\":[1,0],\"source\":2}"),
    FACENET_ERROR_FORMAT, "embedding 1: \"source\" is a number" },
  { "key-twice", HEAD "[{\"id\":\"a\",\"id\":\"b\"}]}", FACENET_ERROR_FORMAT,
    "" },
  { "rest-behind", HEAD "[]} []", FACENET_ERROR_FORMAT, "" },
  { "truncated", HEAD "[{\"id\":\"a\"", FACENET_ERROR_TRUNCATED, "" }
};
/* *INDENT-ON* */

static void
test_case (gconstpointer data)
{
  const Case *this = data;
  g_autoptr (GError) error = NULL;

  g_assert_null (facenet_gallery_parse (this->text, strlen (this->text),
          "people.json", &error));
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_error (error, FACENET_ERROR, (gint) this->code);
  g_assert_true (g_str_has_prefix (error->message, "people.json"));
  g_assert_nonnull (strstr (error->message, this->says));
}

static void
test_id_too_long (void)
{
  g_autofree gchar *id = g_strnfill (1025, 'x');
  g_autofree gchar *text = g_strdup_printf (HEAD "[{\"id\":\"%s\"}]}", id);
  g_autoptr (GError) error = NULL;

  g_assert_null (facenet_gallery_parse (text, strlen (text), "people.json",
          &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "identity 0: \"id\" has 1025"));
}

static const gchar whole[] =
    "{\"format\":\"facenet-gallery\",\"version\":1,\"model\":{\"id\":\"m\","
    "\"dims\":2,\"x\":[]},\"defaults\":{\"threshold\":0.5},\"identities\":["
    "{\"id\":\"a\",\"tags\":[\"\xc3\xa9\"],\"embeddings\":[{\"vector\":"
    "[0.5e0,-1],\"quality\":0.5}]},{\"id\":\"b\"}],\"more\":null}";

static void
test_every_length (void)
{
  g_autoptr (FacenetGallery) gallery = NULL;
  gsize length;

  for (length = 0; length < strlen (whole); length++) {
    /* A copy of exactly that size, so that reading on is found out. */
    g_autofree gchar *text = g_memdup2 (whole, length);
    g_autoptr (GError) error = NULL;

    g_assert_null (facenet_gallery_parse (text, length, "cut", &error));
    g_assert_nonnull (error);
  }
  gallery = facenet_gallery_parse (whole, strlen (whole), "whole", NULL);
  g_assert_nonnull (gallery);
}

/* Whatever a changed byte makes of it: a gallery that can be printed and read
 * again, or an error. */
static void
test_every_byte (void)
{
  static const gchar bytes[] = "\"{}[],:-0e9.\\\xff t";
  gsize length = strlen (whole), at;
  guint i;

  for (at = 0; at < length; at++) {
    for (i = 0; i < strlen (bytes); i++) {
      g_autofree gchar *text = g_strdup (whole);
      g_autoptr (GError) error = NULL;
      g_autoptr (FacenetGallery) gallery = NULL;

      text[at] = bytes[i];
      gallery = facenet_gallery_parse (text, length, "changed", &error);
      g_assert_true ((gallery == NULL) == (error != NULL));
      if (gallery != NULL) {
        g_autoptr (GString) printed = facenet_gallery_print (gallery);
        g_autoptr (FacenetGallery) again = facenet_gallery_parse (printed->str,
            printed->len, "again", &error);

        g_assert_no_error (error);
        g_assert_nonnull (again);
      }
    }
  }
}

int
main (int argc, char **argv)
{
  guint i;

  g_test_init (&argc, &argv, NULL);
  for (i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *path =
        g_strconcat ("/gallery-errors/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/gallery-errors/id-too-long", test_id_too_long);
  g_test_add_func ("/gallery-errors/cut-at-every-length", test_every_length);
  g_test_add_func ("/gallery-errors/every-byte-changed", test_every_byte);
  return g_test_run ();
}
