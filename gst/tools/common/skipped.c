/* skipped.c - images that could not be used, and why
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "skipped.h"
#include "console.h"
#include "base/facenet-json-writer.h"

#include <string.h>

static void
clear (gpointer data)
{
  ToolSkipped *self = data;

  g_free (self->image);
  g_free (self->reason);
}

GArray *
tool_skipped_new (void)
{
  GArray *self = g_array_new (FALSE, FALSE, sizeof (ToolSkipped));

  g_array_set_clear_func (self, clear);
  return self;
}

void
tool_skipped_add (GArray * self, const gchar * location, const gchar * message)
{
  ToolSkipped skipped;
  g_autofree gchar *prefix = NULL;

  skipped.image = g_filename_display_name (location);
  prefix = g_strconcat (skipped.image, ": ", NULL);
  skipped.reason = g_strdup (g_str_has_prefix (message, prefix)
      ? message + strlen (prefix) : message);
  tool_message ("%s: skipped: %s", skipped.image, skipped.reason);
  g_array_append_val (self, skipped);
}

void
tool_skipped_add_json (const GArray * self, GString * json)
{
  facenet_json_open_array (json, "skipped");
  for (guint i = 0; i < self->len; i++) {
    const ToolSkipped *skipped = &g_array_index (self, ToolSkipped, i);

    facenet_json_open_object (json, NULL);
    facenet_json_add_string (json, "image", skipped->image);
    facenet_json_add_string (json, "reason", skipped->reason);
    facenet_json_close_object (json);
  }
  facenet_json_close_array (json);
}
