/* pairs.c - files that list pairs of images
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * pairs.txt of Labeled Faces in the Wild (Huang et al. 2007, section 3), also
 * without its first line, and plain lists. Which of them a file is, its first
 * line tells: numbers only are LFW's; otherwise a whole number in the second
 * field, or four fields, are LFW's without the first line.
 */
#include "pairs.h"

#include "analysis/facenet-verification.h"

#include <facenet/facenet.h>
#include <string.h>

#define MAX_BYTES ((gsize) 1 << 30)
#define MAX_NUMBER 1000000000
/* What some editors put before UTF-8. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

typedef enum
{
  KIND_UNKNOWN,
  KIND_LFW,
  KIND_PLAIN
} Kind;

/* A file being read. */
typedef struct
{
  const gchar *location;
  const gchar *folder;          /* of the images; NULL: the working one */
  guint line;                   /* number of the current one, from 1 */
  Kind kind;
  guint fold_size;              /* pairs of a fold, 0: not said */
  GHashTable *known;            /* location -> its index */
  ToolPairs *pairs;
} Reader;

static gboolean
fail (const Reader * self, GError ** error, gint code, const gchar * format,
    ...)
G_GNUC_PRINTF (4, 5);

     static gboolean
         fail (const Reader * self, GError ** error, gint code,
    const gchar * format, ...)
{
  g_autofree gchar *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, FACENET_ERROR, code, "%s: line %u: %s", self->location,
      self->line, text);
  return FALSE;
}

/* Cuts a line at tabs, or else commas, or else blanks; (transfer full),
 * without empty fields at its end. Fields may stand in quotes. */
static gchar **
split (const gchar * line)
{
  const gchar *separators = strchr (line, '\t') ? "\t"
      : strchr (line, ',') ? "," : " ";
  g_auto (GStrv) parts = g_strsplit (line, separators, -1);
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();

  for (guint i = 0; parts[i]; i++) {
    gchar *field = g_strstrip (parts[i]);
    gsize length = strlen (field);

    if (length >= 2 && field[0] == '"' && field[length - 1] == '"') {
      field[length - 1] = '\0';
      field++;
    }
    if (*field || *separators != ' ')
      g_ptr_array_add (fields, g_strdup (field));
  }
  while (fields->len > 0
      && *(gchar *) g_ptr_array_index (fields, fields->len - 1) == '\0')
    g_free (g_ptr_array_steal_index (fields, fields->len - 1));
  g_ptr_array_add (fields, NULL);
  return (gchar **) g_ptr_array_free (g_steal_pointer (&fields), FALSE);
}

static gboolean
parse_number (const gchar * text, guint * number)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 1, MAX_NUMBER, &value, NULL))
    return FALSE;
  *number = (guint) value;
  return TRUE;
}

static guint
intern (Reader * self, const gchar * path)
{
  g_autofree gchar *location = self->folder && !g_path_is_absolute (path)
      ? g_build_filename (self->folder, path, NULL) : g_strdup (path);
  gpointer index;

  if (!g_hash_table_lookup_extended (self->known, location, NULL, &index)) {
    index = GUINT_TO_POINTER (self->pairs->locations->len);
    g_ptr_array_add (self->pairs->locations, g_steal_pointer (&location));
    g_hash_table_insert (self->known,
        g_ptr_array_index (self->pairs->locations,
            self->pairs->locations->len - 1), index);
  }
  return GPOINTER_TO_UINT (index);
}

/* LFW's own images are JPEG; crops of them are often PNG. One that is not
 * there is asked for as LFW has it. */
static guint
intern_lfw (Reader * self, const gchar * name, guint number)
{
  static const gchar *const endings[] = { "jpg", "png", "jpeg" };
  g_autofree gchar *wanted =
      g_strdup_printf ("%s/%s_%04u.jpg", name, name, number);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("%s/%s_%04u.%s", name, name, number, endings[i]);
    g_autofree gchar *location = g_build_filename (self->folder ? self->folder
        : ".", path, NULL);

    if (g_file_test (location, G_FILE_TEST_EXISTS))
      return intern (self, path);
  }
  return intern (self, wanted);
}

static gboolean
read_lfw (Reader * self, gchar ** fields, ToolPair * pair, GError ** error)
{
  guint n = g_strv_length (fields), first, second;

  if (n != 3 && n != 4)
    return fail (self, error, FACENET_ERROR_FORMAT,
        "expected NAME NUMBER NUMBER or NAME NUMBER NAME NUMBER, got %u fields",
        n);
  if (!parse_number (fields[1], &first)
      || !parse_number (fields[n - 1], &second))
    return fail (self, error, FACENET_ERROR_FORMAT,
        "expected numbers of images from 1, got \"%s\" and \"%s\"", fields[1],
        fields[n - 1]);
  pair->same = n == 3;
  pair->a = intern_lfw (self, fields[0], first);
  pair->b = intern_lfw (self, pair->same ? fields[0] : fields[2], second);
  return TRUE;
}

static gboolean
read_plain (Reader * self, gchar ** fields, ToolPair * pair, GError ** error)
{
  guint n = g_strv_length (fields);

  if (n != 3)
    return fail (self, error, FACENET_ERROR_FORMAT,
        "expected two images and 1 (same person) or 0, got %u fields; if names "
        "have blanks, separate the fields by tabs", n);
  pair->same = g_str_equal (fields[2], "1");
  if (!pair->same && !g_str_equal (fields[2], "0"))
    return fail (self, error, FACENET_ERROR_FORMAT,
        "the third field must be 1 (same person) or 0, got \"%s\"", fields[2]);
  pair->a = intern (self, fields[0]);
  pair->b = intern (self, fields[1]);
  return TRUE;
}

/* Whether a first line is LFW's, with the numbers of folds and of pairs. */
static gboolean
read_sizes (Reader * self, gchar ** fields)
{
  guint n = g_strv_length (fields), numbers[2];

  if ((n != 1 && n != 2) || !parse_number (fields[0], &numbers[0])
      || !parse_number (fields[n - 1], &numbers[1]))
    return FALSE;
  self->kind = KIND_LFW;
  self->pairs->n_folds = n == 2 ? numbers[0] : 1;
  self->fold_size = 2 * numbers[1];
  return TRUE;
}

/* Whether a line names the columns of a table. */
static gboolean
is_heading (gchar ** fields)
{
  guint n = g_strv_length (fields);

  for (guint i = 1; i < n; i++) {
    if (g_ascii_isdigit (fields[i][0]))
      return FALSE;
  }
  return n >= 3;
}

static void
find_kind (Reader * self, gchar ** fields)
{
  guint n = g_strv_length (fields), number;

  self->kind = n == 4 || (n == 3 && parse_number (fields[1], &number))
      ? KIND_LFW : KIND_PLAIN;
}

static gboolean
read_line (Reader * self, gchar * line, GError ** error)
{
  g_auto (GStrv) fields = NULL;
  ToolPair pair = { 0, 0, FALSE, 0 };

  g_strchomp (line);
  if (*line == '\0' || *line == '#')
    return TRUE;
  fields = split (line);
  if (self->kind == KIND_UNKNOWN) {
    if (read_sizes (self, fields) || is_heading (fields))
      return TRUE;
    find_kind (self, fields);
  }
  if (!(self->kind == KIND_LFW ? read_lfw (self, fields, &pair, error)
          : read_plain (self, fields, &pair, error)))
    return FALSE;
  if (self->fold_size > 0)
    pair.fold = self->pairs->pairs->len / self->fold_size;
  g_array_append_val (self->pairs->pairs, pair);
  return TRUE;
}

/* Whether there are as many pairs as the first line says. */
static gboolean
check_count (const Reader * self, GError ** error)
{
  guint64 wanted = (guint64) self->pairs->n_folds * self->fold_size;
  guint n = self->pairs->pairs->len;

  if (n == 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%s: has no pairs", self->location);
    return FALSE;
  }
  if (self->pairs->n_folds > FACENET_MAX_FOLDS) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: %u folds, the limit is %d", self->location,
        self->pairs->n_folds, FACENET_MAX_FOLDS);
    return FALSE;
  }
  if (self->fold_size == 0 || n == wanted)
    return TRUE;
  g_set_error (error, FACENET_ERROR,
      n < wanted ? FACENET_ERROR_TRUNCATED : FACENET_ERROR_FORMAT,
      "%s: the first line announces %" G_GUINT64_FORMAT " pairs, got %u",
      self->location, wanted, n);
  return FALSE;
}

static gboolean
read_text (Reader * self, gchar * text, GError ** error)
{
  gchar *line, *next;

  for (line = text; line; line = next) {
    next = strchr (line, '\n');
    if (next)
      *next++ = '\0';
    self->line++;
    if (!read_line (self, line, error))
      return FALSE;
  }
  return check_count (self, error);
}

ToolPairs *
tool_pairs_load (const gchar * location, const gchar * folder, GError ** error)
{
  g_autoptr (ToolPairs) self = g_new0 (ToolPairs, 1);
  g_autofree gchar *name = g_filename_display_name (location);
  g_autofree gchar *text = NULL;
  g_autoptr (GError) cause = NULL;
  Reader reader = { name, folder, 0, KIND_UNKNOWN, 0, NULL, self };
  gboolean done;
  gsize size;

  self->locations = g_ptr_array_new_with_free_func (g_free);
  self->pairs = g_array_new (FALSE, FALSE, sizeof (ToolPair));
  self->n_folds = 1;
  if (!g_file_get_contents (location, &text, &size, &cause)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN, "%s: %s", name,
        cause->message);
    return NULL;
  }
  if (size > MAX_BYTES || memchr (text, '\0', size)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: is not a list of pairs: binary, or too large", name);
    return NULL;
  }
  reader.known = g_hash_table_new (g_str_hash, g_str_equal);
  done = read_text (&reader, g_str_has_prefix (text, BYTE_ORDER_MARK)
      ? text + strlen (BYTE_ORDER_MARK) : text, error);
  g_clear_pointer (&reader.known, g_hash_table_unref);
  return done ? g_steal_pointer (&self) : NULL;
}

void
tool_pairs_free (ToolPairs * self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->locations, g_ptr_array_unref);
  g_clear_pointer (&self->pairs, g_array_unref);
  g_free (self);
}

void
tool_pairs_fold (ToolPairs * self, guint n)
{
  guint counts[2] = { 0, 0 };

  for (guint i = 0; i < self->pairs->len; i++)
    counts[g_array_index (self->pairs, ToolPair, i).same]++;
  n = MAX (1, MIN (n, MIN (counts[0], counts[1])));
  counts[0] = counts[1] = 0;
  for (guint i = 0; i < self->pairs->len; i++) {
    ToolPair *pair = &g_array_index (self->pairs, ToolPair, i);

    pair->fold = counts[pair->same]++ % n;
  }
  self->n_folds = n;
}
