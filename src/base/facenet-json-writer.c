/* facenet-json-writer.c - JSON, put together in a string
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * json-glib's generator writes a float as the 17 digits of its double, which
 * doubles the size of an embedding and turns 0.7 into 0.69999999999999996.
 * Here a number gets the fewest digits that are read back as the same value
 * (RFC 8259 syntax, never the locale's decimal point).
 */
#include "base/facenet-json-writer.h"

#include <math.h>
#include <string.h>

static void
append_escaped (GString * json, gchar c)
{
  if (c == '"' || c == '\\')
    g_string_append_printf (json, "\\%c", c);
  else if (c == '\n')
    g_string_append (json, "\\n");
  else if (c == '\t')
    g_string_append (json, "\\t");
  else
    g_string_append_printf (json, "\\u%04x", (guint) c);
}

/* Bytes at p of a control character that JSON need not escape but terminals
 * obey, 0 for others: DEL, and C1, which is U+0080 to U+009F. */
static guint
measure_control (const gchar * p)
{
  if (*p == 0x7f)
    return 1;
  return (guchar) p[0] == 0xc2 && (guchar) p[1] < 0xa0 ? 2 : 0;
}

static void
append_string (GString * json, const gchar * text, gboolean for_terminals)
{
  g_autofree gchar *valid = NULL;
  guint n;

  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);
  g_string_append_c (json, '"');
  for (const gchar * p = text; *p != '\0'; p++) {
    if ((guchar) * p < 0x20 || *p == '"' || *p == '\\') {
      append_escaped (json, *p);
    } else if (for_terminals && (n = measure_control (p)) > 0) {
      p += n - 1;
      g_string_append_printf (json, "\\u%04x", (guint) (guchar) * p);
    } else {
      g_string_append_c (json, *p);
    }
  }
  g_string_append_c (json, '"');
}

void
facenet_json_append_string (GString * json, const gchar * text)
{
  append_string (json, text, FALSE);
}

/* Six to nine digits for a float, 15 to 17 for a double. */
static void
append_number (GString * json, gdouble value, gboolean single)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];
  gchar format[] = "%.00g";

  if (!isfinite (value)) {
    g_string_append (json, "null");
    return;
  }
  for (gint digits = single ? 6 : 15; digits <= (single ? 9 : 17); digits++) {
    gdouble back;

    format[2] = (gchar) ('0' + digits / 10);
    format[3] = (gchar) ('0' + digits % 10);
    g_ascii_formatd (text, sizeof text, format, value);
    back = g_ascii_strtod (text, NULL);
    if (single ? (gfloat) back == (gfloat) value : back == value)
      break;
  }
  g_string_append (json, text);
}

void
facenet_json_append_double (GString * json, gdouble value)
{
  append_number (json, value, FALSE);
}

/* The comma that separates from what stands before, and the key. */
static void
begin_value (GString * json, const gchar * key)
{
  if (json->len > 0 && strchr ("{[", json->str[json->len - 1]) == NULL)
    g_string_append_c (json, ',');
  if (key != NULL) {
    append_string (json, key, TRUE);
    g_string_append_c (json, ':');
  }
}

void
facenet_json_open_object (GString * json, const gchar * key)
{
  begin_value (json, key);
  g_string_append_c (json, '{');
}

void
facenet_json_close_object (GString * json)
{
  g_string_append_c (json, '}');
}

void
facenet_json_open_array (GString * json, const gchar * key)
{
  begin_value (json, key);
  g_string_append_c (json, '[');
}

void
facenet_json_close_array (GString * json)
{
  g_string_append_c (json, ']');
}

void
facenet_json_add_string (GString * json, const gchar * key, const gchar * value)
{
  begin_value (json, key);
  if (value != NULL)
    append_string (json, value, TRUE);
  else
    g_string_append (json, "null");
}

void
facenet_json_add_double (GString * json, const gchar * key, gdouble value)
{
  begin_value (json, key);
  append_number (json, value, FALSE);
}

void
facenet_json_add_float (GString * json, const gchar * key, gfloat value)
{
  begin_value (json, key);
  append_number (json, (gdouble) value, TRUE);
}

void
facenet_json_add_uint (GString * json, const gchar * key, guint64 value)
{
  begin_value (json, key);
  g_string_append_printf (json, "%" G_GUINT64_FORMAT, value);
}

void
facenet_json_add_boolean (GString * json, const gchar * key, gboolean value)
{
  begin_value (json, key);
  g_string_append (json, value ? "true" : "false");
}
