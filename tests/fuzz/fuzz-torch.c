/* fuzz-torch.c - any bytes as a PyTorch file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * What begins like a pickle is wrapped into an archive with one storage, so
 * that checksums do not stand between the fuzzer and the pickle.
 */
#include "fuzz-format.h"

#include "../import/archive.h"

#include <string.h>

static const gfloat numbers[] = { 1.0f, 2.0f, 3.0f, 4.0f, 5.0f, 6.0f };

static GBytes *
wrap (const uint8_t * data, size_t size)
{
  Archive *archive = archive_new (ARCHIVE_PLAIN);

  archive_add (archive, "m/data.pkl", data, size);
  archive_add (archive, "m/data/0", numbers, sizeof numbers);
  return g_byte_array_free_to_bytes (archive_end (archive));
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  gboolean is_pickle = size > 2 && data[0] == 0x80 && data[2] != 0x8a;

  fuzz_format (FACENET_FORMAT_TORCH, facenet_format_torch_load,
      is_pickle ? wrap (data, size) : g_bytes_new_static (data, size));
  return 0;
}
