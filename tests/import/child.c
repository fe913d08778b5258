/* child.c - a crash in a child is an error, and weights come back whole
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "import/facenet-child-private.h"
#include "import/facenet-weights-pack-private.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static void
say_hello (GByteArray * out, gpointer data)
{
  *(gint *) data = 7;
  g_byte_array_append (out, (const guint8 *) "hello", 5);
}

static void
die (GByteArray * out, gpointer data)
{
  g_byte_array_append (out, (const guint8 *) "hello", 5);
  raise (GPOINTER_TO_INT (data));
}

static void
append_much (GByteArray * out, gpointer data)
{
  g_byte_array_set_size (out, 1024 * 1024);
}

static void
test_the_answer_comes_back (void)
{
  g_autoptr (GError) error = NULL;
  gint number = 0;
  g_autoptr (GBytes) bytes =
      facenet_child_run (say_hello, &number, 5, "a.h5", &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
      "hello", 5);
  g_assert_cmpint (number, ==, 0);
}

static void
test_a_crash_is_an_error (void)
{
  static const gint signals[] = { SIGSEGV, SIGABRT, SIGKILL };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (facenet_child_run (die, GINT_TO_POINTER (signals[i]), 1000,
            "a.h5", &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT);
    g_assert_true (g_str_has_prefix (error->message, "a.h5: "));
  }
}

/* As in a host that does not want to hear of its children. */
static void
test_children_that_nobody_waits_for (void)
{
  void (*old) (int) = signal (SIGCHLD, SIG_IGN);
  gint number = 0;
  g_autoptr (GBytes) bytes =
      facenet_child_run (say_hello, &number, 5, "a.h5", NULL);

  signal (SIGCHLD, old);
  g_assert_nonnull (bytes);
}

static void
test_more_than_was_asked_for (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (facenet_child_run (append_much, NULL, 1024 * 1024 - 1, "a.h5",
          &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT);
}

static void
test_weights_are_packed_whole (void)
{
  const guint32 matrix[] = { 2, 3 }, none[] = { 0 };
  const gfloat values[] = { 1.0f, -2.0f, 3.5f, 0.0f, 1e-30f, 4.0f };
  g_autoptr (FacenetWeights) weights = facenet_weights_new ("a.h5");
  g_autoptr (FacenetWeights) back = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const FacenetTensor *tensor;

  facenet_weights_take (weights, "w", 2, matrix,
      g_memdup2 (values, sizeof values), NULL);
  facenet_weights_take (weights, "none", 1, none, g_new (gfloat, 1), NULL);
  facenet_weights_pack (weights, bytes);
  for (guint n = 0; n < bytes->len; n++) {
    g_autofree guint8 *part = g_memdup2 (bytes->data, n);
    g_autoptr (GError) error = NULL;

    g_assert_null (facenet_weights_unpack (part, n, "a.h5", &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED);
  }
  back = facenet_weights_unpack (bytes->data, bytes->len, "a.h5", NULL);
  g_assert_nonnull (facenet_weights_get (back, "none"));
  tensor = facenet_weights_get (back, "w");
  g_assert (tensor != NULL);
  g_assert_cmpmem (tensor->dims, tensor->rank * sizeof *matrix, matrix,
      sizeof matrix);
  g_assert_cmpmem (tensor->values, tensor->n_values * sizeof (gfloat), values,
      sizeof values);
}

static void
test_absurd_numbers_are_refused (void)
{
  /* One tensor "a" of 2^32-1 dimensions, then one of rank 4 and 2^128. */
  static const guint8 ranks[] = { 1, 0, 0, 0, 1, 0, 0, 0, 'a', 255, 255, 255,
    255, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0
  };
  static const guint8 sizes[] = { 1, 0, 0, 0, 1, 0, 0, 0, 'a', 4, 0, 0, 0,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) size_error = NULL;

  g_assert_null (facenet_weights_unpack (ranks, sizeof ranks, "a.h5", &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT);
  g_assert_null (facenet_weights_unpack (sizes, sizeof sizes, "a.h5",
          &size_error));
  g_assert_error (size_error, FACENET_ERROR, FACENET_ERROR_TRUNCATED);
}

#define ADD(name, func) g_test_add_func ("/child/" name, func)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("the-answer-comes-back", test_the_answer_comes_back);
  ADD ("a-crash-is-an-error", test_a_crash_is_an_error);
  ADD ("children-that-nobody-waits-for", test_children_that_nobody_waits_for);
  ADD ("more-than-was-asked-for", test_more_than_was_asked_for);
  ADD ("weights-are-packed-whole", test_weights_are_packed_whole);
  ADD ("absurd-numbers-are-refused", test_absurd_numbers_are_refused);
  return g_test_run ();
}
