/* gstfacematchlive.c - a gallery that changes while it is used
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Every way to a new gallery - loading, the file that changed, enrolling,
 * another element that shares it - ends in settle(), which tells the
 * application. The gallery in use stays when one of them fails.
 */
#include "gstfacematchlive.h"

#include "gstfacematchmessage.h"
#include "common/gstfaceneterror.h"

GST_DEBUG_CATEGORY_EXTERN (gst_face_match_debug);
#define GST_CAT_DEFAULT gst_face_match_debug

static GParamSpec *counters[3];

static void
warn_of_loss (GstFaceMatchLive * self)
{
  GST_ELEMENT_WARNING (self->element, RESOURCE, WRITE,
      ("changes of the gallery were not saved and are forgotten: "
          "save-gallery keeps them"), (NULL));
}

/* Tells what became of the gallery. announced: a gallery of no file is told of,
 * too; FALSE where it is the empty one that a stream without location has. */
static gboolean
settle (GstFaceMatchLive * self, GstFaceMatchSlotResult result,
    gboolean announced, GError * error)
{
  g_autoptr (FacenetGallery) gallery = NULL;
  g_autofree gchar *origin = NULL;
  guint i, generation;

  if (result == GST_FACE_MATCH_SLOT_FAILED) {
    gst_facenet_post_warning (self->element, error);
    return FALSE;
  }
  if (result == GST_FACE_MATCH_SLOT_SAME)
    return TRUE;
  if (result == GST_FACE_MATCH_SLOT_NEW_LOST)
    warn_of_loss (self);
  for (i = 0; i < G_N_ELEMENTS (counters); i++)
    g_object_notify_by_pspec (G_OBJECT (self->element), counters[i]);
  gallery = gst_face_match_slot_get (&self->slot, &generation);
  origin = gst_face_match_slot_dup_origin (&self->slot);
  if (gallery == NULL || !(announced || origin != NULL))
    return TRUE;
  GST_INFO_OBJECT (self->element, "gallery %u, %s: %u identities, %u "
      "embeddings", generation, origin != NULL ? origin : "of no file",
      facenet_gallery_get_n_identities (gallery),
      facenet_gallery_get_n_embeddings (gallery));
  gst_element_post_message (self->element,
      gst_face_match_message_new_gallery (self->element, origin, gallery));
  return TRUE;
}

static gboolean
load (GstFaceMatchLive * self, GstFaceMatchLoad when)
{
  g_autoptr (GError) error = NULL;
  GstFaceMatchSlotResult result =
      gst_face_match_slot_load (&self->slot, when, &error);

  if (error != NULL)
    g_prefix_error (&error, "the gallery in use is kept: ");
  return settle (self, result, FALSE, error);
}

/* Another element may have changed the gallery. */
static void
sync_gallery (GstFaceMatchLive * self)
{
  g_autoptr (GError) error = NULL;
  GstFaceMatchSlotResult result =
      gst_face_match_slot_sync (&self->slot, &error);

  if (error != NULL)
    g_prefix_error (&error, "the gallery in use is kept: ");
  settle (self, result, TRUE, error);
}

/* Called by the watch. */
static void
look_at_file (gpointer data)
{
  GstFaceMatchLive *self = data;
  gboolean wanted;

  g_mutex_lock (&self->lock);
  wanted = self->auto_reload;
  g_mutex_unlock (&self->lock);
  if (!wanted)
    return;
  sync_gallery (self);
  if (gst_face_match_slot_has_changed (&self->slot))
    load (self, GST_FACE_MATCH_LOAD_CHANGED);
}

/* The watch of a stream begins when it is first wanted, and ends with it. */
static void
set_auto_reload (GstFaceMatchLive * self, gboolean wanted)
{
  g_mutex_lock (&self->lock);
  self->auto_reload = wanted;
  if (wanted && self->watch == NULL
      && gst_face_match_slot_is_open (&self->slot))
    self->watch = gst_face_match_watch_new (look_at_file, self);
  g_mutex_unlock (&self->lock);
}

/* A GstFaceMatchEdit; data: the id. */
static gboolean
remove_person (FacenetGallery ** gallery, gpointer data, GError ** error)
{
  return facenet_gallery_remove (*gallery, data, error);
}

static gboolean
is_name (const gchar * name)
{
  g_autofree gchar *stripped = NULL;

  if (name == NULL || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  stripped = g_strstrip (g_strdup (name));
  return *stripped != '\0';
}

gboolean
gst_face_match_live_enrol (GstFaceMatchLive * self, const gchar * name)
{
  g_auto (GstFaceMatchEnrolment) enrolment = { name, NULL, 0, NULL, 0 };
  g_autoptr (GError) error = NULL;
  GstFaceMatchSlotResult result = GST_FACE_MATCH_SLOT_FAILED;
  gboolean found;

  if (!is_name (name)) {
    GST_ELEMENT_WARNING (self->element, LIBRARY, SETTINGS,
        ("nobody is enrolled: the name is empty or not UTF-8"), (NULL));
    return FALSE;
  }
  g_mutex_lock (&self->lock);
  found = gst_face_match_recent_get (&self->recent, &enrolment, &error);
  g_mutex_unlock (&self->lock);
  if (found)
    result = gst_face_match_slot_edit (&self->slot,
        gst_face_match_enrolment_add, &enrolment, &error);
  if (error != NULL)
    g_prefix_error (&error, "\"%s\" is not enrolled: ", name);
  return settle (self, result, TRUE, error);
}

gboolean
gst_face_match_live_remove (GstFaceMatchLive * self, const gchar * id)
{
  g_autoptr (GError) error = NULL;
  GstFaceMatchSlotResult result;

  result = gst_face_match_slot_edit (&self->slot, remove_person,
      (gpointer) (id != NULL ? id : ""), &error);
  if (error != NULL)
    g_prefix_error (&error, "nobody is removed: ");
  return settle (self, result, TRUE, error);
}

gboolean
gst_face_match_live_reload (GstFaceMatchLive * self)
{
  g_autofree gchar *location = gst_face_match_slot_dup_location (&self->slot);

  if (location != NULL && gst_face_match_slot_is_open (&self->slot))
    return load (self, GST_FACE_MATCH_LOAD_ALWAYS);
  GST_ELEMENT_WARNING (self->element, LIBRARY, SETTINGS,
      ("nothing is reloaded: there is no gallery %s",
          location == NULL ? "location" : "before PAUSED"), (NULL));
  return FALSE;
}

gboolean
gst_face_match_live_save (GstFaceMatchLive * self, const gchar * location)
{
  g_autoptr (GError) error = NULL;

  if (gst_face_match_slot_save (&self->slot, location, &error)) {
    /* It may be more now, by what others have written. */
    sync_gallery (self);
    return TRUE;
  }
  g_prefix_error (&error, "the gallery is not saved: ");
  gst_facenet_post_warning (self->element, error);
  return FALSE;
}

void
gst_face_match_live_see (GstFaceMatchLive * self,
    const GstFaceMatchFaces * faces, guint n_faces, GstClockTime time)
{
  sync_gallery (self);
  g_mutex_lock (&self->lock);
  gst_face_match_recent_see (&self->recent, faces, n_faces, time);
  g_mutex_unlock (&self->lock);
}

void
gst_face_match_live_pass (GstFaceMatchLive * self, GstClockTime time)
{
  g_mutex_lock (&self->lock);
  gst_face_match_recent_pass (&self->recent, time);
  g_mutex_unlock (&self->lock);
}

void
gst_face_match_live_forget (GstFaceMatchLive * self)
{
  g_mutex_lock (&self->lock);
  gst_face_match_recent_reset (&self->recent);
  g_mutex_unlock (&self->lock);
}

static void
end_watch (GstFaceMatchLive * self)
{
  GstFaceMatchWatch *watch;

  g_mutex_lock (&self->lock);
  watch = g_steal_pointer (&self->watch);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&watch, gst_face_match_watch_free);
}

gboolean
gst_face_match_live_start (GstFaceMatchLive * self)
{
  g_autoptr (GError) error = NULL;
  GstFaceMatchSlotResult result;
  gboolean wanted;

  gst_face_match_slot_open (&self->slot);
  result = gst_face_match_slot_load (&self->slot, GST_FACE_MATCH_LOAD_SHARED,
      &error);
  if (result == GST_FACE_MATCH_SLOT_FAILED) {
    gst_face_match_slot_close (&self->slot);
    end_watch (self);
    gst_facenet_post_error (self->element, error);
    return FALSE;
  }
  settle (self, result, FALSE, NULL);
  g_mutex_lock (&self->lock);
  gst_face_match_recent_reset (&self->recent);
  wanted = self->auto_reload;
  g_mutex_unlock (&self->lock);
  set_auto_reload (self, wanted);
  return TRUE;
}

void
gst_face_match_live_stop (GstFaceMatchLive * self)
{
  guint i;

  if (gst_face_match_slot_close (&self->slot))
    warn_of_loss (self);
  end_watch (self);
  for (i = 0; i < G_N_ELEMENTS (counters); i++)
    g_object_notify_by_pspec (G_OBJECT (self->element), counters[i]);
}

void
gst_face_match_live_init (GstFaceMatchLive * self, GstElement * element)
{
  self->element = element;
  gst_face_match_slot_init (&self->slot);
  g_mutex_init (&self->lock);
  gst_face_match_recent_init (&self->recent);
}

void
gst_face_match_live_clear (GstFaceMatchLive * self)
{
  gst_face_match_recent_clear (&self->recent);
  g_mutex_clear (&self->lock);
  gst_face_match_slot_clear (&self->slot);
}

void
gst_face_match_live_set (GstFaceMatchLive * self, guint id,
    const GValue * value)
{
  switch (id) {
    case GST_FACE_MATCH_PROP_GALLERY_LOCATION:
      if (gst_face_match_slot_set_location (&self->slot,
              g_value_get_string (value)))
        load (self, GST_FACE_MATCH_LOAD_ALWAYS);
      break;
    case GST_FACE_MATCH_PROP_AUTO_RELOAD:
      set_auto_reload (self, g_value_get_boolean (value));
      break;
    default:
      g_assert_not_reached ();
  }
}

static void
get_counter (GstFaceMatchLive * self, guint id, GValue * value)
{
  guint generation;
  g_autoptr (FacenetGallery) gallery =
      gst_face_match_slot_get (&self->slot, &generation);

  if (id == GST_FACE_MATCH_PROP_GALLERY_GENERATION)
    g_value_set_uint (value, generation);
  else if (gallery != NULL && id == GST_FACE_MATCH_PROP_IDENTITIES)
    g_value_set_uint (value, facenet_gallery_get_n_identities (gallery));
  else if (gallery != NULL)
    g_value_set_uint (value, facenet_gallery_get_n_embeddings (gallery));
}

void
gst_face_match_live_get (GstFaceMatchLive * self, guint id, GValue * value)
{
  switch (id) {
    case GST_FACE_MATCH_PROP_GALLERY_LOCATION:
      g_value_take_string (value,
          gst_face_match_slot_dup_location (&self->slot));
      break;
    case GST_FACE_MATCH_PROP_AUTO_RELOAD:
      g_mutex_lock (&self->lock);
      g_value_set_boolean (value, self->auto_reload);
      g_mutex_unlock (&self->lock);
      break;
    default:
      get_counter (self, id, value);
  }
}

static void
make_counters (GParamSpec ** properties)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  /**
   * GstFaceMatch:identities:
   *
   * How many people the gallery in use knows.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_IDENTITIES] =
      g_param_spec_uint ("identities", "Identities",
      "People in the gallery", 0, G_MAXUINT, 0, readable);
  /**
   * GstFaceMatch:embeddings:
   *
   * How many embeddings the gallery in use has.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_EMBEDDINGS] =
      g_param_spec_uint ("embeddings", "Embeddings",
      "Embeddings in the gallery", 0, G_MAXUINT, 0, readable);
  /**
   * GstFaceMatch:gallery-generation:
   *
   * How many galleries were put into use so far. Messages tell by it which of
   * them a face was compared with.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_GALLERY_GENERATION] =
      g_param_spec_uint ("gallery-generation", "Gallery generation",
      "How many galleries were put into use so far", 0, G_MAXUINT, 0, readable);
}

void
gst_face_match_live_make_properties (GParamSpec ** properties)
{
  const GParamFlags playing = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING;
  guint i;

  /**
   * GstFaceMatch:gallery-location:
   *
   * The gallery file, see docs/gallery-format.md. Setting it in PAUSED or
   * PLAYING loads it, also when it is the same as before.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_GALLERY_LOCATION] =
      g_param_spec_string ("gallery-location", "Gallery location",
      "Gallery file (NULL = everybody is unknown); setting it while playing "
      "loads it anew", NULL, playing);
  /**
   * GstFaceMatch:auto-reload:
   *
   * Whether to load the gallery file again when it has changed: a quarter of a
   * second to half a second after whoever writes it has finished. Needs no main
   * loop.
   *
   * Since: 0.1
   */
  properties[GST_FACE_MATCH_PROP_AUTO_RELOAD] =
      g_param_spec_boolean ("auto-reload", "Automatic reload",
      "Load the gallery file again when it has changed", FALSE, playing);
  make_counters (properties);
  for (i = 0; i < G_N_ELEMENTS (counters); i++)
    counters[i] = properties[GST_FACE_MATCH_PROP_IDENTITIES + i];
}
