/* facenet-json.c - JSON from strangers
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A strict recursive-descent parser for RFC 8259 that makes json-glib's
 * nodes. json-glib 1.6's own parser is not used for untrusted text: it
 * overflows the stack on deep nesting, reads 1e999 as infinity and accepts
 * 0x10, 'a', comments and repeated keys. Building its nodes here, instead of
 * scanning first and parsing again, leaves no room for two opinions about one
 * text, and reads it once.
 *
 * Limits beyond the RFC are in the header; the one on keys keeps an object of
 * colliding hashes from taking minutes.
 */
#include "base/facenet-json-private.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const gchar *text;
  const gchar *end;             /* first byte after the text */
  const gchar *p;               /* next byte */
  const gchar *item;
  guint depth;
  GError **error;
} Scanner;

static JsonNode *parse_value (Scanner * self);

/* Always FALSE: sets an error at p, as "item: line 3, column 7: what". */
static gboolean
G_GNUC_PRINTF (3, 4)
fail (Scanner * self, FacenetError code, const gchar * format, ...)
{
  g_autofree gchar *what = NULL;
  const gchar *line = self->text;
  gint n_lines = 1;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  for (const gchar * p = self->text; p < self->p; p++) {
    if (*p == '\n') {
      line = p + 1;
      n_lines++;
    }
  }
  g_set_error (self->error, FACENET_ERROR, code,
      "%s: line %d, column %ld: %s", self->item, n_lines,
      g_utf8_strlen (line, self->p - line) + 1, what);
  return FALSE;
}

/* Fails because of the byte at p, or because there is none. */
static gboolean
fail_wanting (Scanner * self, const gchar * wanted)
{
  if (self->p == self->end) {
    return fail (self, FACENET_ERROR_TRUNCATED, "the text ends, expected %s",
        wanted);
  }
  if (g_ascii_isprint (*self->p)) {
    return fail (self, FACENET_ERROR_FORMAT, "found %c, expected %s", *self->p,
        wanted);
  }
  return fail (self, FACENET_ERROR_FORMAT, "found byte 0x%02x, expected %s",
      (guint) (guchar) * self->p, wanted);
}

static void
skip_space (Scanner * self)
{
  while (self->p < self->end && (*self->p == ' ' || *self->p == '\t'
          || *self->p == '\n' || *self->p == '\r')) {
    self->p++;
  }
}

static gboolean
at (const Scanner * self, gchar c)
{
  return self->p < self->end && *self->p == c;
}

static gboolean
take (Scanner * self, gchar c)
{
  if (at (self, c)) {
    self->p++;
    return TRUE;
  }
  return FALSE;
}

/* One or more digits. */
static gboolean
take_digits (Scanner * self)
{
  const gchar *start = self->p;

  while (self->p < self->end && g_ascii_isdigit (*self->p)) {
    self->p++;
  }
  return self->p > start || fail_wanting (self, "a digit");
}

/* Moves over a number; is_integer when it has neither fraction nor exponent. */
static gboolean
scan_number (Scanner * self, gboolean * is_integer)
{
  *is_integer = TRUE;
  take (self, '-');
  if (!take (self, '0') && !take_digits (self)) {
    return FALSE;
  }
  if (take (self, '.')) {
    *is_integer = FALSE;
    if (!take_digits (self)) {
      return FALSE;
    }
  }
  if (take (self, 'e') || take (self, 'E')) {
    *is_integer = FALSE;
    if (!take (self, '+')) {
      take (self, '-');
    }
    return take_digits (self);
  }
  return TRUE;
}

static JsonNode *
parse_number (Scanner * self)
{
  const gchar *start = self->p;
  gchar copy[FACENET_JSON_MAX_NUMBER + 1];
  gboolean is_integer;
  gdouble value;
  gsize length;

  if (!scan_number (self, &is_integer)) {
    return NULL;
  }
  length = (gsize) (self->p - start);
  self->p = start;
  if (length > FACENET_JSON_MAX_NUMBER) {
    fail (self, FACENET_ERROR_FORMAT, "a number of %" G_GSIZE_FORMAT
        " characters, expected at most %d", length, FACENET_JSON_MAX_NUMBER);
    return NULL;
  }
  memcpy (copy, start, length);
  copy[length] = '\0';
  value = g_ascii_strtod (copy, NULL);
  if (!isfinite (value)) {
    fail (self, FACENET_ERROR_FORMAT, "%s is beyond the range of a double",
        copy);
    return NULL;
  }
  /* Rounding must not hide 2^53 + 1. */
  if (is_integer && (fabs (value) > 9007199254740992.0
          || ABS (g_ascii_strtoll (copy, NULL, 10))
          > FACENET_JSON_MAX_INTEGER)) {
    fail (self, FACENET_ERROR_FORMAT, "%s is beyond 2^53, up to which "
        "integers are exact", copy);
    return NULL;
  }
  self->p = start + length;
  return is_integer ? json_node_init_int (json_node_alloc (),
      g_ascii_strtoll (copy, NULL, 10))
      : json_node_init_double (json_node_alloc (), value);
}

/* The four digits of \uXXXX. */
static gboolean
take_hex (Scanner * self, gunichar * unit)
{
  *unit = 0;
  for (guint i = 0; i < 4; i++) {
    gint digit = self->p < self->end ? g_ascii_xdigit_value (*self->p) : -1;

    if (digit < 0) {
      return fail_wanting (self, "a hexadecimal digit");
    }
    *unit = *unit * 16 + (gunichar) digit;
    self->p++;
  }
  return TRUE;
}

static gboolean
take_low_surrogate (Scanner * self, gunichar * c)
{
  gunichar low;

  if (!take (self, '\\') || !take (self, 'u')) {
    return fail_wanting (self, "the second half of a surrogate pair");
  }
  if (!take_hex (self, &low)) {
    return FALSE;
  }
  if (low < 0xdc00 || low > 0xdfff) {
    return fail (self, FACENET_ERROR_FORMAT,
        "a surrogate pair with \\u%04x as its second half", low);
  }
  *c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
  return TRUE;
}

/* What follows \u; p is behind that. */
static gboolean
take_unicode (Scanner * self, GString * string)
{
  gunichar c;

  if (!take_hex (self, &c)) {
    return FALSE;
  }
  if (c == 0) {
    return fail (self, FACENET_ERROR_FORMAT,
        "\\u0000, which no string here can hold");
  }
  if (c >= 0xdc00 && c <= 0xdfff) {
    return fail (self, FACENET_ERROR_FORMAT,
        "\\u%04x without the first half of its surrogate pair", c);
  }
  if (c >= 0xd800 && c <= 0xdbff && !take_low_surrogate (self, &c)) {
    return FALSE;
  }
  g_string_append_unichar (string, c);
  return TRUE;
}

/* What follows a backslash. */
static gboolean
take_escape (Scanner * self, GString * string)
{
  static const gchar names[] = "\"\\/bfnrt";
  static const gchar values[] = "\"\\/\b\f\n\r\t";
  const gchar *name;

  if (take (self, 'u')) {
    return take_unicode (self, string);
  }
  name = self->p < self->end && *self->p != '\0' ? strchr (names, *self->p)
      : NULL;
  if (name == NULL) {
    return fail_wanting (self, "one of \"\\/bfnrtu after a backslash");
  }
  g_string_append_c (string, values[name - names]);
  self->p++;
  return TRUE;
}

/* The string that begins at p, unescaped, or NULL. The text is known to be
 * UTF-8 without NUL. */
static gchar *
parse_string (Scanner * self, const gchar * wanted)
{
  g_autoptr (GString) string = NULL;

  if (!take (self, '"')) {
    fail_wanting (self, wanted);
    return NULL;
  }
  string = g_string_new (NULL);
  while (!take (self, '"')) {
    const gchar *start = self->p;

    while (self->p < self->end && *self->p != '"' && *self->p != '\\'
        && (guchar) * self->p >= 0x20) {
      self->p++;
    }
    g_string_append_len (string, start, self->p - start);
    if (take (self, '\\')) {
      if (!take_escape (self, string)) {
        return NULL;
      }
    } else if (!at (self, '"')) {
      fail_wanting (self, "the end of the string");
      return NULL;
    }
  }
  return g_string_free (g_steal_pointer (&string), FALSE);
}

/* "key": value; p is at the key. */
static gboolean
parse_member (Scanner * self, JsonObject * object)
{
  const gchar *start = self->p;
  g_autofree gchar *key = parse_string (self, "a key in double quotes");
  JsonNode *value;

  if (key == NULL) {
    return FALSE;
  }
  if (json_object_has_member (object, key)) {
    self->p = start;
    return fail (self, FACENET_ERROR_FORMAT, "key \"%s\" a second time", key);
  }
  if (json_object_get_size (object) == FACENET_JSON_MAX_KEYS) {
    self->p = start;
    return fail (self, FACENET_ERROR_FORMAT,
        "an object of more than %d keys", FACENET_JSON_MAX_KEYS);
  }
  skip_space (self);
  if (!take (self, ':')) {
    return fail_wanting (self, "a colon");
  }
  value = parse_value (self);
  if (value == NULL) {
    return FALSE;
  }
  json_object_set_member (object, key, value);
  return TRUE;
}

static JsonNode *
parse_object (Scanner * self)
{
  g_autoptr (JsonObject) object = json_object_new ();

  skip_space (self);
  if (!take (self, '}')) {
    do {
      skip_space (self);
      if (!parse_member (self, object)) {
        return NULL;
      }
      skip_space (self);
    } while (take (self, ','));
    if (!take (self, '}')) {
      fail_wanting (self, "a comma or a closing brace");
      return NULL;
    }
  }
  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
parse_array (Scanner * self)
{
  g_autoptr (JsonArray) array = json_array_new ();

  skip_space (self);
  if (!take (self, ']')) {
    do {
      JsonNode *element = parse_value (self);

      if (element == NULL) {
        return NULL;
      }
      json_array_add_element (array, element);
      skip_space (self);
    } while (take (self, ','));
    if (!take (self, ']')) {
      fail_wanting (self, "a comma or a closing bracket");
      return NULL;
    }
  }
  return json_node_init_array (json_node_alloc (), array);
}

/* An array or an object; p is at its bracket. */
static JsonNode *
parse_nested (Scanner * self)
{
  JsonNode *node;

  if (self->depth == FACENET_JSON_MAX_DEPTH) {
    fail (self, FACENET_ERROR_FORMAT, "nested more than %d deep",
        FACENET_JSON_MAX_DEPTH);
    return NULL;
  }
  self->depth++;
  if (take (self, '{')) {
    node = parse_object (self);
  } else {
    self->p++;
    node = parse_array (self);
  }
  self->depth--;
  return node;
}

/* The rest of true, false or null. */
static gboolean
take_word (Scanner * self, const gchar * word)
{
  const gchar *start = self->p;

  for (guint i = 0; word[i] != '\0'; i++) {
    if (!take (self, word[i])) {
      if (self->p < self->end) {
        self->p = start;
      }
      return fail_wanting (self, "a value");
    }
  }
  return TRUE;
}

static JsonNode *
parse_word (Scanner * self)
{
  if (at (self, 'n')) {
    return take_word (self, "null") ? json_node_init_null (json_node_alloc ())
        : NULL;
  }
  if (at (self, 't')) {
    return take_word (self, "true")
        ? json_node_init_boolean (json_node_alloc (), TRUE) : NULL;
  }
  if (at (self, 'f')) {
    return take_word (self, "false")
        ? json_node_init_boolean (json_node_alloc (), FALSE) : NULL;
  }
  fail_wanting (self, "a value");
  return NULL;
}

static JsonNode *
parse_value (Scanner * self)
{
  skip_space (self);
  if (at (self, '{') || at (self, '[')) {
    return parse_nested (self);
  }
  if (at (self, '"')) {
    g_autofree gchar *string = parse_string (self, "a string");

    return string == NULL ? NULL
        : json_node_init_string (json_node_alloc (), string);
  }
  if (at (self, '-') || (self->p < self->end && g_ascii_isdigit (*self->p))) {
    return parse_number (self);
  }
  return parse_word (self);
}

/* UTF-8 throughout, without NUL. */
static gboolean
check_encoding (Scanner * self)
{
  const gchar *bad;
  gunichar c;

  if (g_utf8_validate_len (self->text, (gsize) (self->end - self->text), &bad)) {
    return TRUE;
  }
  self->p = bad;
  c = g_utf8_get_char_validated (bad, self->end - bad);
  if (c == (gunichar) - 2 && *bad != '\0') {
    return fail (self, FACENET_ERROR_TRUNCATED,
        "the text ends within a character");
  }
  return fail_wanting (self, "UTF-8");
}

JsonNode *
facenet_json_parse (const gchar * text, gsize length, const gchar * item,
    GError ** error)
{
  Scanner self = { text, text + length, text, item, 0, error };
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (item != NULL, NULL);

  if (!check_encoding (&self)) {
    return NULL;
  }
  root = parse_value (&self);
  if (root == NULL) {
    return NULL;
  }
  skip_space (&self);
  if (self.p < self.end) {
    fail_wanting (&self, "nothing after the value");
    return NULL;
  }
  return g_steal_pointer (&root);
}
