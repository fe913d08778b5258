/* fuzz-gallery-binary.c - any bytes as a binary gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "fuzz-gallery-private.h"

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FacenetGallery) gallery =
      facenet_gallery_parse_binary (bytes, "fuzz", &error);

  fuzz_check_gallery (gallery, error);
  return 0;
}
