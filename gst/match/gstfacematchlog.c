/* gstfacematchlog.c - events as lines of a file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A line is one write() to a file opened for appending: nothing is left in a
 * buffer when the process dies, and several elements may share a file. Before
 * each line the path is looked at, so that a file that was moved away by
 * logrotate(8) or removed is followed by a new one.
 */
#include "gstfacematchlog.h"

#include <errno.h>
#include <facenet/facenet-error.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/gstfacenetpath.h"

/* Who came and went is nobody's business but the owner's. */
#define MODE 0600

void
gst_face_match_log_init (GstFaceMatchLog * self)
{
  g_mutex_init (&self->lock);
  self->fd = -1;
}

static void
close_file (GstFaceMatchLog * self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

void
gst_face_match_log_clear (GstFaceMatchLog * self)
{
  close_file (self);
  g_clear_pointer (&self->location, g_free);
  g_mutex_clear (&self->lock);
}

static gboolean
fail (GstFaceMatchLog * self, const gchar * what, gint number, GError ** error)
{
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN, "%s: %s: %s",
      self->location, what, g_strerror (number));
  return FALSE;
}

static gboolean
open_file (GstFaceMatchLog * self, GError ** error)
{
  struct stat status;

  close_file (self);
  self->torn = FALSE;
  /* A pipe without a reader is refused instead of waited for. */
  self->fd = g_open (self->location,
      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, MODE);
  if (self->fd < 0)
    return fail (self, "the log cannot be opened", errno, error);
  if (fstat (self->fd, &status) == 0) {
    self->device = (guint64) status.st_dev;
    self->inode = (guint64) status.st_ino;
  }
  return TRUE;
}

/* Whether the path still leads to the file that is open. */
static gboolean
is_current (GstFaceMatchLog * self)
{
  struct stat status;

  return self->fd >= 0 && stat (self->location, &status) == 0
      && (guint64) status.st_dev == self->device
      && (guint64) status.st_ino == self->inode;
}

gboolean
gst_face_match_log_set_location (GstFaceMatchLog * self,
    const gchar * location, GError ** error)
{
  gboolean ok = TRUE;

  g_mutex_lock (&self->lock);
  close_file (self);
  g_free (self->location);
  self->location = gst_facenet_path_make_absolute (location);
  self->failed = FALSE;
  if (self->open && location != NULL)
    ok = open_file (self, error);
  self->failed = !ok;
  g_mutex_unlock (&self->lock);
  return ok;
}

gchar *
gst_face_match_log_dup_location (GstFaceMatchLog * self)
{
  gchar *location;

  g_mutex_lock (&self->lock);
  location = g_strdup (self->location);
  g_mutex_unlock (&self->lock);
  return location;
}

gboolean
gst_face_match_log_start (GstFaceMatchLog * self, GError ** error)
{
  gboolean ok = TRUE;

  g_mutex_lock (&self->lock);
  if (self->location != NULL)
    ok = open_file (self, error);
  self->open = ok;
  self->failed = FALSE;
  g_mutex_unlock (&self->lock);
  return ok;
}

void
gst_face_match_log_stop (GstFaceMatchLog * self)
{
  g_mutex_lock (&self->lock);
  self->open = FALSE;
  close_file (self);
  g_mutex_unlock (&self->lock);
}

gboolean
gst_face_match_log_is_wanted (GstFaceMatchLog * self)
{
  gboolean wanted;

  g_mutex_lock (&self->lock);
  wanted = self->location != NULL;
  g_mutex_unlock (&self->lock);
  return wanted;
}

static JsonNode *node_from_value (const GValue * value);

static gboolean
add_field (GQuark field, const GValue * value, gpointer data)
{
  JsonNode *node = node_from_value (value);

  if (node != NULL)
    json_object_set_member (data, g_quark_to_string (field), node);
  return TRUE;
}

static JsonNode *
node_from_structure (const GstStructure * structure)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  gst_structure_foreach (structure, add_field, object);
  json_node_take_object (node, object);
  return node;
}

static JsonNode *
node_from_list (const GValue * list)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();
  guint i;

  for (i = 0; i < gst_value_list_get_size (list); i++) {
    JsonNode *element = node_from_value (gst_value_list_get_value (list, i));

    if (element != NULL)
      json_array_add_element (array, element);
  }
  json_node_take_array (node, array);
  return node;
}

/* The types that messages have; NULL for others, that is, for pictures. */
static JsonNode *
node_from_value (const GValue * value)
{
  JsonNode *node;

  if (G_VALUE_TYPE (value) == GST_TYPE_STRUCTURE)
    return node_from_structure (gst_value_get_structure (value));
  if (GST_VALUE_HOLDS_LIST (value))
    return node_from_list (value);
  node = json_node_new (JSON_NODE_VALUE);
  if (G_VALUE_HOLDS_STRING (value)) {
    json_node_set_string (node, g_value_get_string (value));
  } else if (G_VALUE_HOLDS_DOUBLE (value)) {
    json_node_set_double (node, g_value_get_double (value));
  } else if (G_VALUE_HOLDS_UINT64 (value)) {
    json_node_set_int (node, (gint64) g_value_get_uint64 (value));
  } else if (G_VALUE_HOLDS_UINT (value)) {
    json_node_set_int (node, g_value_get_uint (value));
  } else if (G_VALUE_HOLDS_INT (value)) {
    json_node_set_int (node, g_value_get_int (value));
  } else {
    g_clear_pointer (&node, json_node_unref);
  }
  return node;
}

static void
add_embedding (JsonObject * object, const GstFaceEmbeddingMeta * face)
{
  JsonArray *array = json_array_new ();
  guint i;

  for (i = 0; i < face->n_dims; i++) {
    json_array_add_double_element (array, (gdouble) face->embedding[i]);
  }
  json_object_set_array_member (object, "embedding", array);
}

/* (transfer full): the line, with its end. */
static gchar *
print_line (const GstStructure * structure, const GstFaceEmbeddingMeta * face)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree gchar *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.%fZ");
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree gchar *text = NULL;
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "time", time);
  gst_structure_foreach (structure, add_field, object);
  if (face != NULL && face->embedding != NULL)
    add_embedding (object, face);
  json_node_take_object (node, object);
  text = json_to_string (node, FALSE);
  return g_strconcat (text, "\n", NULL);
}

/* write(); where nobody reads a pipe any more that fails, and does not end the
 * process. */
static gssize
write_some (gint fd, const gchar * text, gsize size)
{
  const struct timespec at_once = { 0, 0 };
  sigset_t broken_pipe, pending, before;
  gssize n;
  gint number;

  sigemptyset (&broken_pipe);
  sigaddset (&broken_pipe, SIGPIPE);
  sigpending (&pending);
  pthread_sigmask (SIG_BLOCK, &broken_pipe, &before);
  n = write (fd, text, size);
  number = errno;
  if (n < 0 && number == EPIPE && !sigismember (&pending, SIGPIPE))
    sigtimedwait (&broken_pipe, NULL, &at_once);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  errno = number;
  return n;
}

static gboolean
write_all (GstFaceMatchLog * self, const gchar * text, GError ** error)
{
  gsize left = strlen (text);

  while (left > 0) {
    gssize n = write_some (self->fd, text, left);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fail (self, "a line of the log cannot be written", errno, error);
    text += n;
    left -= (gsize) n;
    self->torn = left > 0;
  }
  return TRUE;
}

/* What is left of a line that was not written whole is ended first. */
static gboolean
write_line (GstFaceMatchLog * self, const gchar * line, GError ** error)
{
  if (!is_current (self) && !open_file (self, error))
    return FALSE;
  if (self->torn && !write_all (self, "\n", error))
    return FALSE;
  return write_all (self, line, error);
}

gboolean
gst_face_match_log_write (GstFaceMatchLog * self,
    const GstStructure * structure, const GstFaceEmbeddingMeta * face,
    GError ** error)
{
  g_autofree gchar *line = print_line (structure, face);
  gboolean ok = TRUE;

  g_mutex_lock (&self->lock);
  if (self->open && self->location != NULL) {
    ok = write_line (self, line, self->failed ? NULL : error);
    self->failed = !ok;
  }
  g_mutex_unlock (&self->lock);
  return ok;
}

GParamSpec *
gst_face_match_log_make_property (void)
{
  /**
   * GstFaceMatch:log-location:
   *
   * A file to which each event that is reported is appended as one line of
   * JSON, also when messages are not posted. It is opened anew when the path
   * leads to another file than before, and when the property is set.
   *
   * Since: 0.1
   */
  return g_param_spec_string ("log-location",
      "Log location", "File to append events to as JSON lines (NULL = none)",
      NULL,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
}
