/* parts.c - pieces of the facenet command by themselves
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "tools/media/jpeg.h"
#include "tools/common/person.h"

#include <math.h>
#include <string.h>

/* A JPEG file without a picture: EXIF with orientation 6, a scan of nothing,
 * the end marker. */
static const guint8 jpeg_file[] = {
  0xff, 0xd8, 0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,
  'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0,
  0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
  0xff, 0xda, 0, 2, 0x11, 0xff, 0x00, 0x22, 0xff, 0xd9
};

static void
inspect (const guint8 * data, gsize size, ToolJpeg * jpeg)
{
  /* In memory of its own, so that a sanitizer sees a read beyond its end. */
  g_autofree guint8 *copy = g_memdup2 (data, size);

  tool_jpeg_inspect (copy, size, jpeg);
}

static void
test_orientation_in_both_byte_orders (void)
{
  guint8 big[sizeof jpeg_file];
  static const guint8 header[] = { 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
    0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0
  };
  ToolJpeg jpeg;

  inspect (jpeg_file, sizeof jpeg_file, &jpeg);
  g_assert_true (jpeg.is_jpeg);
  g_assert_true (jpeg.complete);
  g_assert_cmpuint (jpeg.orientation, ==, 6);

  memcpy (big, jpeg_file, sizeof big);
  memcpy (big + 12, header, sizeof header);
  inspect (big, sizeof big, &jpeg);
  g_assert_cmpuint (jpeg.orientation, ==, 6);
  big[12 + 19] = 9;
  inspect (big, sizeof big, &jpeg);
  g_assert_cmpuint (jpeg.orientation, ==, 1);
}

static void
test_a_jpeg_cut_anywhere_is_incomplete (void)
{
  ToolJpeg jpeg;

  for (gsize size = 0; size < sizeof jpeg_file; size++) {
    inspect (jpeg_file, size, &jpeg);
    g_assert_false (jpeg.complete);
    g_assert_cmpint (jpeg.is_jpeg, ==, size >= 3);
  }
}

static void
test_a_jpeg_of_any_bytes_is_survived (void)
{
  guint8 data[sizeof jpeg_file];
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  ToolJpeg jpeg;

  for (guint round = 0; round < 20000; round++) {
    memcpy (data, jpeg_file, sizeof data);
    for (guint i = 0; i < 3; i++)
      data[g_rand_int_range (rand, 3, sizeof data)] =
          (guint8) g_rand_int (rand);
    inspect (data, sizeof data, &jpeg);
    g_assert_true (jpeg.orientation >= 1 && jpeg.orientation <= 8);
  }
}

gint
main (gint argc, gchar ** argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tool/jpeg/orientation-in-both-byte-orders",
      test_orientation_in_both_byte_orders);
  g_test_add_func ("/tool/jpeg/cut-anywhere-is-incomplete",
      test_a_jpeg_cut_anywhere_is_incomplete);
  g_test_add_func ("/tool/jpeg/of-any-bytes-is-survived",
      test_a_jpeg_of_any_bytes_is_survived);
  return g_test_run ();
}
