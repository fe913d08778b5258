/* json.c - one JSON object on one line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * json-glib's generator writes a float as the 17 digits of its double, which
 * doubles the size of an embedding and turns 0.7 into 0.69999999999999996.
 * Here a number gets the fewest digits that read back as the same value
 * (RFC 8259 syntax, never the locale's decimal point).
 */
#include "json.h"

#include <math.h>

static void
append_quoted (GString * json, const gchar * text)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);

  g_string_append_c (json, '"');
  for (const gchar * p = valid; *p; p++) {
    if (*p == '"' || *p == '\\')
      g_string_append_printf (json, "\\%c", *p);
    else if ((guchar) * p < 0x20 || *p == 0x7f)
      g_string_append_printf (json, "\\u%04x", (guint) * p);
    /* C1, U+0080 to U+009F, which terminals obey too. */
    else if ((guchar) * p == 0xc2 && (guchar) p[1] < 0xa0)
      g_string_append_printf (json, "\\u%04x", (guint) (guchar) * ++p);
    else
      g_string_append_c (json, *p);
  }
  g_string_append_c (json, '"');
}

/* The comma that separates from what stands before, and the key. */
static void
begin_value (GString * json, const gchar * key)
{
  if (json->len > 0 && strchr ("{[", json->str[json->len - 1]) == NULL)
    g_string_append_c (json, ',');
  if (key) {
    append_quoted (json, key);
    g_string_append_c (json, ':');
  }
}

static gboolean
reads_back (const gchar * text, gdouble value, gboolean single)
{
  gdouble read = g_ascii_strtod (text, NULL);

  return single ? (gfloat) read == (gfloat) value : read == value;
}

static void
append_number (GString * json, gdouble value, gboolean single)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];
  gchar format[] = "%.6g";

  if (!isfinite (value)) {
    g_string_append (json, "null");
    return;
  }
  for (gint digits = 6; digits <= 9; digits++) {
    format[2] = (gchar) ('0' + digits);
    g_ascii_formatd (text, sizeof text, format, value);
    if (reads_back (text, value, single))
      break;
  }
  if (!reads_back (text, value, single))
    g_ascii_formatd (text, sizeof text, "%.17g", value);
  g_string_append (json, text);
}

void
tool_json_open_object (GString * json, const gchar * key)
{
  begin_value (json, key);
  g_string_append_c (json, '{');
}

void
tool_json_close_object (GString * json)
{
  g_string_append_c (json, '}');
}

void
tool_json_open_array (GString * json, const gchar * key)
{
  begin_value (json, key);
  g_string_append_c (json, '[');
}

void
tool_json_close_array (GString * json)
{
  g_string_append_c (json, ']');
}

void
tool_json_add_string (GString * json, const gchar * key, const gchar * value)
{
  begin_value (json, key);
  if (value)
    append_quoted (json, value);
  else
    g_string_append (json, "null");
}

void
tool_json_add_double (GString * json, const gchar * key, gdouble value)
{
  begin_value (json, key);
  append_number (json, value, FALSE);
}

void
tool_json_add_float (GString * json, const gchar * key, gfloat value)
{
  begin_value (json, key);
  append_number (json, (gdouble) value, TRUE);
}

void
tool_json_add_uint (GString * json, const gchar * key, guint64 value)
{
  begin_value (json, key);
  g_string_append_printf (json, "%" G_GUINT64_FORMAT, value);
}

void
tool_json_add_boolean (GString * json, const gchar * key, gboolean value)
{
  begin_value (json, key);
  g_string_append (json, value ? "true" : "false");
}
