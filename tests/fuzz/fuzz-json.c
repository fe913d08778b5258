/* fuzz-json.c - any bytes as JSON
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * json-glib's own parser accepts more, but what is accepted here it must read
 * as the same tree.
 */
#include "fuzz-private.h"

#include "base/facenet-json-private.h"

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root =
      facenet_json_parse ((const gchar *) data, size, "fuzz", &error);
  g_autoptr (JsonParser) parser = NULL;

  if (root == NULL) {
    g_assert (error != NULL && error->domain == FACENET_ERROR);
    return 0;
  }
  g_assert (error == NULL);
  parser = json_parser_new ();
  json_parser_load_from_data (parser, (const gchar *) data, (gssize) size,
      &error);
  g_assert (error == NULL);
  g_assert (json_node_equal (root, json_parser_get_root (parser)));
  return 0;
}
