/* lint.c - what looks wrong in a gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "analysis/facenet-lint.h"
#include <math.h>
#include <string.h>

#include "gallery/facenet-gallery-private.h"

static GArray *
lint (const gchar * identities, FacenetLintOptions * options)
{
  g_autofree gchar *text = g_strdup_printf ("{\"format\":\"facenet-gallery\","
      "\"version\":1,\"model\":{\"id\":\"m\",\"dims\":2},"
      "\"defaults\":{\"threshold\":0.4},\"identities\":[%s]}", identities);
  FacenetLintOptions none = { 0, 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetGallery) gallery =
      facenet_gallery_parse (text, strlen (text), "lint", &error);

  g_assert_no_error (error);
  return facenet_gallery_lint (gallery, options != NULL ? options : &none);
}

static const FacenetLintFinding *
only_finding (GArray * findings, FacenetLintKind kind)
{
  const FacenetLintFinding *finding =
      &g_array_index (findings, FacenetLintFinding, 0);

  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_cmpint (finding->kind, ==, kind);
  return finding;
}

#define ANN "{\"id\":\"ann\",\"embeddings\":[{\"vector\":[1,0]}," \
    "{\"vector\":[0.96,0.28]}]}"

static void
test_clean (void)
{
  g_autoptr (GArray) findings = lint (ANN ",{\"id\":\"bob\",\"embeddings\":["
      "{\"vector\":[0,1]}]}", NULL);

  g_assert_cmpuint (findings->len, ==, 0);
}

static void
test_near_duplicate (void)
{
  FacenetLintOptions options = { 0, 5 };
  g_autoptr (GArray) findings = lint (ANN ",{\"id\":\"bob\",\"embeddings\":["
      "{\"vector\":[-1,0]},{\"vector\":[0.8,0.6]},{\"vector\":[0.936,0.352]}]}",
      &options);
  const FacenetLintFinding *finding =
      only_finding (findings, FACENET_LINT_NEAR_DUPLICATE);

  g_assert_cmpuint (finding->identity, ==, 0);
  g_assert_cmpint (finding->embedding, ==, 1);
  g_assert_cmpint (finding->other_identity, ==, 1);
  g_assert_cmpint (finding->other_embedding, ==, 2);
  g_assert_cmpfloat (fabs (finding->value - 0.00576), <, 1e-4);
}

static void
test_same_picture_twice (void)
{
  g_autoptr (GArray) findings = lint ("{\"id\":\"a\",\"embeddings\":["
      "{\"vector\":[1,0]}]},{\"id\":\"none\"},{\"id\":\"b\",\"embeddings\":["
      "{\"vector\":[1,0]}]}", NULL);

  g_assert_cmpuint (findings->len, ==, 2);
  g_assert_cmpint (g_array_index (findings, FacenetLintFinding, 0).kind, ==,
      FACENET_LINT_NEAR_DUPLICATE);
  g_assert_cmpint (g_array_index (findings, FacenetLintFinding,
          0).other_identity, ==, 2);
  g_assert_cmpint (g_array_index (findings, FacenetLintFinding, 1).kind, ==,
      FACENET_LINT_NO_EMBEDDINGS);
  g_assert_cmpuint (g_array_index (findings, FacenetLintFinding,
          1).identity, ==, 1);
}

static void
test_outlier (void)
{
  g_autoptr (GArray) findings = lint ("{\"id\":\"ann\",\"embeddings\":["
      "{\"vector\":[1,0]},{\"vector\":[0.96,0.28]},{\"vector\":[-1,0]}]}",
      NULL);
  const FacenetLintFinding *finding =
      only_finding (findings, FACENET_LINT_OUTLIER);

  g_assert_cmpint (finding->embedding, ==, 2);
  g_assert_cmpint (finding->other_embedding, ==, 1);
}

static void
test_two_far_apart (void)
{
  g_autoptr (GArray) findings = lint ("{\"id\":\"ann\",\"embeddings\":["
      "{\"vector\":[1,0]},{\"vector\":[-1,0]}]}", NULL);

  only_finding (findings, FACENET_LINT_OUTLIER);
}

static void
test_norm (void)
{
  g_autoptr (GArray) findings = lint (ANN ",{\"id\":\"bob\",\"embeddings\":["
      "{\"vector\":[0,3]}]}", NULL);
  const FacenetLintFinding *finding =
      only_finding (findings, FACENET_LINT_NORM);

  g_assert_cmpuint (finding->identity, ==, 1);
  g_assert_cmpint (finding->embedding, ==, 0);
  g_assert_cmpfloat (fabs (finding->value - 3), <, 1e-6);
}

static void
test_names (void)
{
  g_autoptr (GArray) findings = lint ("{\"id\":\"1\",\"name\":\"Ann Smith\","
      "\"embeddings\":[{\"vector\":[1,0]}]},{\"id\":\"2\",\"name\":\"ann SMITH\","
      "\"embeddings\":[{\"vector\":[0,1]}]}", NULL);
  const FacenetLintFinding *finding =
      only_finding (findings, FACENET_LINT_DUPLICATE_NAME);

  g_assert_cmpuint (finding->identity, ==, 1);
  g_assert_cmpint (finding->other_identity, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lint/clean", test_clean);
  g_test_add_func ("/lint/near-duplicate-once-per-pair", test_near_duplicate);
  g_test_add_func ("/lint/same-picture-of-two", test_same_picture_twice);
  g_test_add_func ("/lint/outlier", test_outlier);
  g_test_add_func ("/lint/two-far-apart-once", test_two_far_apart);
  g_test_add_func ("/lint/norm", test_norm);
  g_test_add_func ("/lint/duplicate-name", test_names);
  return g_test_run ();
}
