/* reader.c - bytes read in order, never past their end
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "base/facenet-reader-private.h"

static const guint8 bytes[] = {
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x8f
};

static void
test_numbers_are_little_endian (void)
{
  FacenetReader reader;

  facenet_reader_init (&reader, bytes, sizeof bytes);
  g_assert_cmphex (facenet_reader_u8 (&reader), ==, 0x01);
  g_assert_cmphex (facenet_reader_u16 (&reader), ==, 0x0302);
  g_assert_cmphex (facenet_reader_u32 (&reader), ==, 0x07060504);
  g_assert_cmphex (facenet_reader_u64 (&reader), ==,
      G_GUINT64_CONSTANT (0x8f0e0d0c0b0a0908));
  g_assert_cmpuint (facenet_reader_remaining (&reader), ==, 0);
  g_assert_true (facenet_reader_check (&reader, "a", NULL));
}

static void
test_failure_sticks (void)
{
  FacenetReader reader;
  g_autoptr (GError) error = NULL;

  facenet_reader_init (&reader, bytes, 5);
  g_assert_cmphex (facenet_reader_u32 (&reader), ==, 0x04030201);
  g_assert_cmphex (facenet_reader_u16 (&reader), ==, 0);
  /* This one would fit, but what came before it is lost. */
  g_assert_cmphex (facenet_reader_u8 (&reader), ==, 0);
  g_assert_null (facenet_reader_slice (&reader, 0));
  g_assert_cmpuint (facenet_reader_remaining (&reader), ==, 0);
  facenet_reader_seek (&reader, 0);
  g_assert_false (facenet_reader_check (&reader, "a.t7/conv1_w", &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED);
  g_assert_cmpstr (error->message, ==,
      "a.t7/conv1_w: 1 bytes are left at offset 4, expected 2");
}

static void
test_slices_stay_inside (void)
{
  const guint64 hostile[] = { 4, G_MAXUINT32, G_MAXSIZE, G_MAXUINT64,
    G_MAXUINT64 - 11, (guint64) 1 << 63
  };

  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++) {
    FacenetReader reader;

    facenet_reader_init (&reader, bytes, sizeof bytes);
    g_assert_true (facenet_reader_slice (&reader, 12) == bytes);
    g_assert_null (facenet_reader_slice (&reader, hostile[i]));
    g_assert_false (facenet_reader_check (&reader, "a", NULL));
  }
}

static void
test_slice_of_all_and_of_nothing (void)
{
  FacenetReader reader;

  facenet_reader_init (&reader, bytes, sizeof bytes);
  g_assert_nonnull (facenet_reader_slice (&reader, sizeof bytes));
  g_assert_nonnull (facenet_reader_slice (&reader, 0));
  facenet_reader_init (&reader, NULL, 0);
  g_assert_nonnull (facenet_reader_slice (&reader, 0));
  g_assert_true (facenet_reader_check (&reader, "a", NULL));
  g_assert_cmphex (facenet_reader_u8 (&reader), ==, 0);
  g_assert_false (facenet_reader_check (&reader, "a", NULL));
}

static void
test_seek_stays_inside (void)
{
  FacenetReader reader;

  facenet_reader_init (&reader, bytes, sizeof bytes);
  facenet_reader_seek (&reader, sizeof bytes);
  g_assert_true (facenet_reader_check (&reader, "a", NULL));
  facenet_reader_seek (&reader, 14);
  g_assert_cmphex (facenet_reader_u8 (&reader), ==, 0x8f);
  facenet_reader_seek (&reader, sizeof bytes + 1);
  g_assert_false (facenet_reader_check (&reader, "a", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reader/numbers-are-little-endian",
      test_numbers_are_little_endian);
  g_test_add_func ("/reader/failure-sticks", test_failure_sticks);
  g_test_add_func ("/reader/slices-stay-inside", test_slices_stay_inside);
  g_test_add_func ("/reader/slice-of-all-and-of-nothing",
      test_slice_of_all_and_of_nothing);
  g_test_add_func ("/reader/seek-stays-inside", test_seek_stays_inside);
  return g_test_run ();
}
