/* print.c - what rtsp-watch prints, as text or as JSON lines
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Everything printed is a GstStructure with a field `event`: facematch's
 * messages as they came, and what happens to a camera. As JSON every field is
 * written, whatever it is called; the text has those that a person reads.
 */
#include "print.h"

#include <json-glib/json-glib.h>
#include <math.h>

/* Distances and seconds, for the eye. */
#define DECIMALS "%.3f"

/* The text with what stands between :// and @ taken out; (transfer full). A
 * URL with a password turns up in messages of many elements. */
gchar *
watch_hide_passwords (const gchar * text)
{
  g_autoptr (GRegex) regex = g_regex_new ("://[^/\\s\"]*@", 0, 0, NULL);

  return g_regex_replace_literal (regex, text, -1, 0, "://", 0, NULL);
}

static void
append_string (GString * json, const gchar * text)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  g_autofree gchar *shown = watch_hide_passwords (valid);
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), shown);
  g_autofree gchar *quoted = json_to_string (node, FALSE);

  g_string_append (json, quoted);
}

static gboolean append_field (GQuark field, const GValue * value,
    gpointer user_data);

static void
append_value (GString * json, const GValue * value)
{
  gchar number[G_ASCII_DTOSTR_BUF_SIZE];

  if (G_VALUE_HOLDS_STRING (value) && g_value_get_string (value)) {
    append_string (json, g_value_get_string (value));
  } else if (G_VALUE_HOLDS_DOUBLE (value)
      && isfinite (g_value_get_double (value))) {
    g_string_append (json, g_ascii_formatd (number, sizeof number, DECIMALS,
            g_value_get_double (value)));
  } else if (G_VALUE_HOLDS_UINT (value)) {
    g_string_append_printf (json, "%u", g_value_get_uint (value));
  } else if (G_VALUE_HOLDS_INT (value)) {
    g_string_append_printf (json, "%d", g_value_get_int (value));
  } else if (G_VALUE_HOLDS_UINT64 (value)) {
    g_string_append_printf (json, "%" G_GUINT64_FORMAT,
        g_value_get_uint64 (value));
  } else if (GST_VALUE_HOLDS_STRUCTURE (value)) {
    g_string_append_c (json, '{');
    gst_structure_foreach (gst_value_get_structure (value), append_field, json);
    g_string_append_c (json, '}');
  } else if (GST_VALUE_HOLDS_LIST (value)) {
    g_string_append_c (json, '[');
    for (guint i = 0; i < gst_value_list_get_size (value); i++) {
      if (i > 0)
        g_string_append_c (json, ',');
      append_value (json, gst_value_list_get_value (value, i));
    }
    g_string_append_c (json, ']');
  } else {
    g_string_append (json, "null");
  }
}

/* Adds `"field":value`, with a comma where something stands before it. */
static gboolean
append_field (GQuark field, const GValue * value, gpointer user_data)
{
  GString *json = user_data;

  if (json->str[json->len - 1] != '{')
    g_string_append_c (json, ',');
  append_string (json, g_quark_to_string (field));
  g_string_append_c (json, ':');
  append_value (json, value);
  return TRUE;
}

static void
print_json (const gchar * camera, const GstStructure * event)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree gchar *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.%fZ");
  g_autoptr (GString) json = g_string_new ("{\"time\":");

  append_string (json, time);
  g_string_append (json, ",\"camera\":");
  append_string (json, camera);
  gst_structure_foreach (event, append_field, json);
  g_string_append_c (json, '}');
  gst_print ("%s\n", json->str);
}

static void
append_seconds (GString * text, const GstStructure * event,
    const gchar * field, const gchar * words)
{
  gdouble seconds;

  if (gst_structure_get_double (event, field, &seconds))
    g_string_append_printf (text, "%s %.2f s", words, seconds);
}

static void
append_stats (GString * text, const GstStructure * event)
{
  gdouble received = 0, examined = 0;

  if (!gst_structure_get_double (event, "received-per-second", &received)
      || !gst_structure_get_double (event, "examined-per-second", &examined))
    return;
  g_string_append_printf (text, " %.1f of %.1f frames/s", examined, received);
  append_seconds (text, event, "mean-latency", ", delay on average");
  append_seconds (text, event, "max-latency", ", at most");
}

static void
print_text (const gchar * camera, const GstStructure * event)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree gchar *time = g_date_time_format (now, "%H:%M:%S");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree gchar *shown = NULL;
  const gchar *who = gst_structure_get_string (event, "name");
  const gchar *reason = gst_structure_get_string (event, "reason");
  gdouble distance, threshold;
  guint64 dwell;
  guint suppressed;

  if (who == NULL)
    who = gst_structure_get_string (event, "id");
  g_string_append_printf (text, "%s %s %s", time, camera,
      gst_structure_get_string (event, "event"));
  if (who)
    g_string_append_printf (text, " %s", who);
  if (gst_structure_get_double (event, "distance", &distance)
      && gst_structure_get_double (event, "threshold", &threshold))
    g_string_append_printf (text, ", %.2f of %.2f", distance, threshold);
  if (gst_structure_get_uint64 (event, "dwell", &dwell))
    g_string_append_printf (text, ", was there for %.1f s",
        (gdouble) dwell / GST_SECOND);
  append_stats (text, event);
  if (reason)
    g_string_append_printf (text, " (%s)", reason);
  append_seconds (text, event, "retry-after", ", next try in");
  if (gst_structure_get_uint (event, "suppressed", &suppressed)
      && suppressed > 0)
    g_string_append_printf (text, ", not told %u times", suppressed);
  shown = watch_hide_passwords (text->str);
  gst_print ("%s\n", shown);
}

/* Prints one line on standard output, and at once. */
void
watch_print (const gchar * camera, const GstStructure * event, gboolean json)
{
  if (json)
    print_json (camera, event);
  else
    print_text (camera, event);
}
