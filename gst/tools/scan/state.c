/* state.c - what is kept of a scan for the next one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * One file per video, "NAME-HASH.facenet-scan", the hash that of the video's
 * path. Behind 16 bytes "facenet-scan 3\n\0" comes one serialised GVariant in
 * little-endian byte order, which GLib reads safely whatever is in it: path,
 * size and time of last change of the video, up to where it was looked at and
 * its length as it says (ns), model id, rate, detector id, its threshold,
 * smallest face, length of an embedding, and for each track start, end, time of its best face
 * (ns), faces, quality, embedding, JPEG.
 */
#include "state.h"
#include "common/files.h"

#include <errno.h>
#include <facenet/facenet-error.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#define MAGIC "facenet-scan 3\n"
#define MAGIC_SIZE 16
#define SUFFIX ".facenet-scan"
#define TRACK_TYPE "(tttudaday)"
#define SCAN_TYPE "(aytxttsdsduua" TRACK_TYPE ")"
/* A day of crowds has less; anything larger is not ours. */
#define MAX_SIZE (G_GUINT64_CONSTANT (1) << 31)
/* How far from one the length of an embedding may be by rounding. */
#define LENGTH_TOLERANCE 1e-3
/* Readable part of a file's name. */
#define MAX_NAME 80

static gchar *
find_file (const gchar * folder, const gchar * path)
{
  g_autofree gchar *name = g_path_get_basename (path);
  g_autofree gchar *hash =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  g_autofree gchar *file =
      g_strdup_printf ("%.*s-%.16s" SUFFIX, MAX_NAME, name, hash);

  return g_build_filename (folder, file, NULL);
}

static GVariant *
pack_bytes (GBytes * bytes)
{
  gsize size = 0;
  gconstpointer data = bytes ? g_bytes_get_data (bytes, &size) : NULL;

  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, size, 1);
}

static GVariant *
pack_track (const ToolTrack * track, guint n_dims)
{
  g_autofree gdouble *values = g_new (gdouble, n_dims);

  for (guint i = 0; i < n_dims; i++)
    values[i] = (gdouble) track->embedding[i];
  return g_variant_new ("(tttud@ad@ay)", track->start, track->end,
      track->best, track->n_faces, track->quality,
      g_variant_new_fixed_array (G_VARIANT_TYPE_DOUBLE, values, n_dims,
          sizeof (gdouble)), pack_bytes (track->shot));
}

static GVariant *
pack_scan (const ToolScan * scan, const ToolScanSettings * settings)
{
  GVariantBuilder tracks;

  g_variant_builder_init (&tracks, G_VARIANT_TYPE ("a" TRACK_TYPE));
  for (guint i = 0; i < scan->tracks->len; i++)
    g_variant_builder_add_value (&tracks,
        pack_track (g_ptr_array_index (scan->tracks, i), settings->n_dims));
  return g_variant_new ("(^aytxttsdsduua" TRACK_TYPE ")", scan->path,
      scan->size, scan->changed, scan->duration, scan->length,
      settings->model_id, settings->rate, settings->detector_id,
      settings->detector_threshold, settings->min_face_size, settings->n_dims,
      &tracks);
}

/* Between this machine's byte order and the file's; (transfer full) of both. */
static GVariant *
swap (GVariant * variant)
{
  GVariant *swapped = variant;

  if (G_BYTE_ORDER == G_BIG_ENDIAN) {
    swapped = g_variant_byteswap (variant);
    g_variant_unref (variant);
  }
  return swapped;
}

gboolean
tool_state_prepare (const gchar * folder, GError ** error)
{
  g_autofree gchar *shown = g_filename_display_name (folder);

  if (g_mkdir_with_parents (folder, 0700) == 0
      && access (folder, R_OK | W_OK | X_OK) == 0)
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
      "%s: scans cannot be kept there: %s", shown, g_strerror (errno));
  return FALSE;
}

gboolean
tool_state_save (const gchar * folder, const ToolScan * scan,
    const ToolScanSettings * settings, GError ** error)
{
  g_autofree gchar *file = find_file (folder, scan->path);
  g_autofree gchar *shown = g_filename_display_name (file);
  g_autoptr (GVariant) variant =
      swap (g_variant_ref_sink (pack_scan (scan, settings)));
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) cause = NULL;

  g_byte_array_append (bytes, (const guint8 *) MAGIC, MAGIC_SIZE);
  g_byte_array_append (bytes, g_variant_get_data (variant),
      (guint) g_variant_get_size (variant));
  if (g_file_set_contents_full (file, (const gchar *) bytes->data,
          (gssize) bytes->len, G_FILE_SET_CONTENTS_CONSISTENT
          | G_FILE_SET_CONTENTS_DURABLE, 0600, &cause))
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN, "%s: %s", shown,
      cause->message);
  return FALSE;
}

/* The variant in a file; NULL without error when there is no file. */
static GVariant *
read_variant (const gchar * file, GError ** error)
{
  g_autofree gchar *shown = g_filename_display_name (file);
  g_autoptr (GBytes) bytes = NULL, body = NULL;
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GError) cause = NULL;
  gchar *data = NULL;
  gsize size = 0;
  GStatBuf info;

  if (g_stat (file, &info) != 0) {
    if (errno != ENOENT)
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN, "%s: %s", shown,
          g_strerror (errno));
    return NULL;
  }
  if ((guint64) info.st_size > MAX_SIZE
      || !g_file_get_contents (file, &data, &size, &cause)) {
    g_set_error (error, FACENET_ERROR, cause ? FACENET_ERROR_OPEN
        : FACENET_ERROR_LIMIT, "%s: %s", shown, cause ? cause->message
        : "is too large for a kept scan");
    return NULL;
  }
  bytes = g_bytes_new_take (data, size);
  if (size >= MAGIC_SIZE && memcmp (data, MAGIC, MAGIC_SIZE) == 0) {
    body = g_bytes_new_from_bytes (bytes, MAGIC_SIZE, size - MAGIC_SIZE);
    variant = swap (g_variant_ref_sink (g_variant_new_from_bytes
            (G_VARIANT_TYPE (SCAN_TYPE), body, FALSE)));
    if (g_variant_is_normal_form (variant))
      return g_steal_pointer (&variant);
  }
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: is not a kept scan, or is damaged; remove it to scan the video "
      "again", shown);
  return NULL;
}

/* An embedding, or NULL when these are no unit vector; (transfer full). */
static gfloat *
unpack_embedding (GVariant * variant, guint n_dims)
{
  gsize n;
  const gdouble *values =
      g_variant_get_fixed_array (variant, &n, sizeof (gdouble));
  g_autofree gfloat *embedding = NULL;
  gdouble length = 0;

  if (n != n_dims || n == 0)
    return NULL;
  embedding = g_new (gfloat, n);
  for (gsize i = 0; i < n; i++) {
    embedding[i] = (gfloat) values[i];
    length += values[i] * values[i];
  }
  if (!(fabs (sqrt (length) - 1) < LENGTH_TOLERANCE))
    return NULL;
  return g_steal_pointer (&embedding);
}

static ToolTrack *
unpack_track (GVariant * variant, guint n_dims)
{
  g_autoptr (GVariant) values = NULL, jpeg = NULL;
  g_autoptr (ToolTrack) track = NULL;
  guint64 start, end, best;
  guint n_faces;
  gdouble quality;
  gfloat *embedding;

  g_variant_get (variant, "(tttud@ad@ay)", &start, &end, &best, &n_faces,
      &quality, &values, &jpeg);
  embedding = unpack_embedding (values, n_dims);
  if (embedding == NULL)
    return NULL;
  track = tool_track_new (embedding);
  track->start = start;
  track->end = end;
  track->best = best;
  track->n_faces = n_faces;
  track->quality = quality;
  if (g_variant_get_size (jpeg) > 0)
    track->shot = g_variant_get_data_as_bytes (jpeg);
  if (start >= end || best < start || best >= end || n_faces == 0
      || !(quality >= 0 && quality <= 1))
    return NULL;
  return g_steal_pointer (&track);
}

static ToolScan *
unpack_scan (GVariant * variant, const gchar * file, const gchar * name,
    const ToolScanSettings * settings, GError ** error)
{
  g_autoptr (GVariant) path = NULL, tracks = NULL;
  g_autoptr (ToolScan) scan = NULL;
  g_autofree gchar *shown = g_filename_display_name (file);
  guint64 duration, length;
  guint n_dims;

  g_variant_get (variant, "(@aytxtt&sd&sduu@a" TRACK_TYPE ")", &path,
      NULL, NULL, &duration, &length, NULL, NULL, NULL, NULL, NULL, &n_dims,
      &tracks);
  scan = tool_scan_new (name, g_variant_get_bytestring (path));
  if (name == NULL)
    scan->name = g_filename_display_name (scan->path);
  scan->duration = duration;
  scan->length = length;
  for (gsize i = 0; i < g_variant_n_children (tracks); i++) {
    g_autoptr (GVariant) child = g_variant_get_child_value (tracks, i);
    ToolTrack *track = n_dims == settings->n_dims
        ? unpack_track (child, n_dims) : NULL;

    if (track == NULL) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
          "%s: track %" G_GSIZE_FORMAT " is damaged; remove this file to "
          "scan the video again", shown, i);
      return NULL;
    }
    g_ptr_array_add (scan->tracks, track);
  }
  tool_scan_check_length (scan);
  return g_steal_pointer (&scan);
}

ToolScan *
tool_state_load (const gchar * folder, const gchar * name, const gchar * path,
    const ToolScanSettings * settings, GError ** error)
{
  g_autofree gchar *file = find_file (folder, path);
  g_autoptr (GVariant) variant = read_variant (file, error);
  g_autoptr (GVariant) kept_path = NULL;
  g_autoptr (ToolScan) fresh = tool_scan_new (name, path);
  const gchar *model_id;
  guint64 size;
  gint64 changed;
  gdouble rate;
  const gchar *detector_id;
  gdouble threshold;
  guint min_face_size;

  if (variant == NULL)
    return NULL;
  g_variant_get (variant, "(@aytxtt&sd&sduu@a" TRACK_TYPE ")", &kept_path,
      &size, &changed, NULL, NULL, &model_id, &rate, &detector_id, &threshold,
      &min_face_size, NULL, NULL);
  if (strcmp (g_variant_get_bytestring (kept_path), path) != 0
      || size != fresh->size || changed != fresh->changed
      || strcmp (model_id, settings->model_id) != 0
      || rate != settings->rate
      || strcmp (detector_id, settings->detector_id) != 0
      || threshold != settings->detector_threshold
      || min_face_size != settings->min_face_size)
    return NULL;
  return unpack_scan (variant, file, name, settings, error);
}

static gint
compare_scans (gconstpointer a, gconstpointer b)
{
  const ToolScan *left = *(const ToolScan * const *) a;
  const ToolScan *right = *(const ToolScan * const *) b;

  return strcmp (left->path, right->path);
}

GPtrArray *
tool_state_load_all (const gchar * folder, const ToolScanSettings * settings,
    GError ** error)
{
  g_autoptr (GPtrArray) files = tool_files_list (folder, error);
  g_autoptr (GPtrArray) scans =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tool_scan_free);

  for (guint i = 0; files && i < files->len; i++) {
    const gchar *file = g_ptr_array_index (files, i);
    g_autoptr (GVariant) variant = NULL;
    const gchar *model_id;
    ToolScan *scan;

    if (!g_str_has_suffix (file, SUFFIX))
      continue;
    variant = read_variant (file, error);
    if (variant == NULL)
      return NULL;
    g_variant_get_child (variant, 5, "&s", &model_id);
    if (strcmp (model_id, settings->model_id) != 0) {
      g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH,
          "%s: was made with model %.12s, expected %.12s", file, model_id,
          settings->model_id);
      return NULL;
    }
    scan = unpack_scan (variant, file, NULL, settings, error);
    if (scan == NULL)
      return NULL;
    g_ptr_array_add (scans, scan);
  }
  if (files == NULL)
    return NULL;
  g_ptr_array_sort (scans, compare_scans);
  return g_steal_pointer (&scans);
}
