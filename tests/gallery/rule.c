/* rule.c - tags, action, validity and decoys of a gallery's people
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <facenet/facenet-rule.h>

#include <string.h>

#include "gallery/facenet-gallery-private.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

/* A gallery of one person with these members, or an error. */
static FacenetGallery *
parse (const gchar * members, GError ** error)
{
  g_autofree gchar *text = g_strdup_printf ("{\"format\":\"facenet-gallery\","
      "\"version\":1,\"model\":{\"id\":\"m\",\"dims\":2},\"identities\":["
      "{\"id\":\"ann\"%s}]}", members);

  return facenet_gallery_parse (text, strlen (text), "people.json", error);
}

static FacenetRule
get_rule (const gchar * members)
{
  g_autoptr (FacenetGallery) gallery = parse (members, NULL);
  FacenetRule rule;

  g_assert_nonnull (gallery);
  facenet_gallery_get_rule (gallery, 0, &rule);
  return rule;
}

static void
assert_refused (const gchar * members, const gchar * says)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (members, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "identity 0 \"ann\": "));
  g_assert_nonnull (strstr (error->message, says));
}

static void
test_none (void)
{
  FacenetRule rule = get_rule ("");

  g_assert_cmpint (rule.action, ==, FACENET_ACTION_ALERT);
  g_assert_null (rule.action_name);
  g_assert_false (rule.decoy);
  g_assert_cmpuint (rule.n_tags, ==, 0);
  g_assert_true (facenet_rule_is_valid (&rule, G_MAXINT64));
}

static void
test_action (void)
{
  g_autoptr (FacenetGallery) gallery = NULL;
  FacenetRule rule;

  g_assert_cmpint (get_rule (",\"action\":\"alert\"").action, ==,
      FACENET_ACTION_ALERT);
  g_assert_cmpint (get_rule (",\"action\":\"log\"").action, ==,
      FACENET_ACTION_LOG);
  g_assert_cmpint (get_rule (",\"action\":\"ignore\"").action, ==,
      FACENET_ACTION_IGNORE);
  /* A word of somebody else is theirs to read. */
  gallery = parse (",\"action\":\"open-gate\"", NULL);
  facenet_gallery_get_rule (gallery, 0, &rule);
  g_assert_cmpint (rule.action, ==, FACENET_ACTION_ALERT);
  g_assert_cmpstr (rule.action_name, ==, "open-gate");
}

static void
test_decoy (void)
{
  FacenetRule rule = get_rule (",\"decoy\":true,\"action\":\"alert\"");

  g_assert_true (rule.decoy);
  g_assert_cmpint (rule.action, ==, FACENET_ACTION_IGNORE);
  g_assert_false (get_rule (",\"decoy\":false").decoy);
}

static void
test_valid_until (void)
{
  FacenetRule rule = get_rule (",\"valid-until\":\"1970-01-02T00:00:01Z\"");

  g_assert_true (facenet_rule_is_valid (&rule, 0));
  g_assert_true (facenet_rule_is_valid (&rule, 86401 * SECOND));
  g_assert_false (facenet_rule_is_valid (&rule, 86401 * SECOND + 1));
  rule = get_rule (",\"valid-until\":\"1970-01-01T02:00:00.5+01:00\"");
  g_assert_cmpint (rule.valid_until, ==, 3600 * SECOND + SECOND / 2);
}

static void
test_tags (void)
{
  g_autoptr (FacenetGallery) gallery =
      parse (",\"tags\":[\"staff\",\"night\"]", NULL);
  FacenetRule rule;

  facenet_gallery_get_rule (gallery, 0, &rule);
  g_assert_cmpuint (rule.n_tags, ==, 2);
  g_assert_cmpstr (facenet_gallery_get_tag (gallery, 0, 0), ==, "staff");
  g_assert_cmpstr (facenet_gallery_get_tag (gallery, 0, 1), ==, "night");
}

static void
test_faults (void)
{
  assert_refused (",\"valid-until\":\"tomorrow\"", "\"tomorrow\"");
  assert_refused (",\"valid-until\":\"2027-01-01\"", "\"2027-01-01\"");
  assert_refused (",\"valid-until\":\"2027-01-01T00:00:00\"",
      "expected a time");
  assert_refused (",\"valid-until\":\"2027-13-01T00:00:00Z\"",
      "expected a time");
  assert_refused (",\"valid-until\":2027", "\"valid-until\"");
  assert_refused (",\"decoy\":\"yes\"", "\"decoy\"");
  assert_refused (",\"decoy\":null", "\"decoy\"");
  assert_refused (",\"action\":true", "\"action\"");
  assert_refused (",\"tags\":[\"a\",1]", "\"tags\"[1]");
}

/* Somebody enrolled while running has no rule yet. */
static void
test_enrolled (void)
{
  FacenetGalleryModel model = { "m", NULL, NULL, 2 };
  g_autoptr (FacenetGallery) gallery = facenet_gallery_new (&model);
  gfloat vector[2] = { 1, 0 };
  FacenetEnrolment enrolment = { vector, 2, NULL, 0.5 };
  FacenetRule rule;

  g_assert_true (facenet_gallery_add (gallery, "zoe", NULL, &enrolment, NULL));
  facenet_gallery_get_rule (gallery, 0, &rule);
  g_assert_cmpint (rule.action, ==, FACENET_ACTION_ALERT);
  g_assert_cmpint (rule.valid_until, ==, FACENET_FOREVER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rule/without-any", test_none);
  g_test_add_func ("/rule/action", test_action);
  g_test_add_func ("/rule/decoy-is-never-told", test_decoy);
  g_test_add_func ("/rule/valid-until-its-last-moment", test_valid_until);
  g_test_add_func ("/rule/tags", test_tags);
  g_test_add_func ("/rule/what-cannot-be-read-is-refused", test_faults);
  g_test_add_func ("/rule/of-somebody-enrolled-now", test_enrolled);
  return g_test_run ();
}
