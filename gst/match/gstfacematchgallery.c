/* gstfacematchgallery.c - the gallery of an element
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Every way to a new gallery - loading, the file that changed, enrolling,
 * another element that shares it - ends in settle(), which tells the
 * application. The gallery in use stays when one of them fails.
 */
#include "gstfacematchgallery.h"

#include "gstfacematchmessage.h"
#include "common/gstfaceneterror.h"
#include "common/gstfacenetpath.h"

GST_DEBUG_CATEGORY_EXTERN (gst_face_match_debug);
#define GST_CAT_DEFAULT gst_face_match_debug

static GParamSpec *counters[3];

static void
warn_of_loss (GstFaceMatchGallery * self)
{
  GST_ELEMENT_WARNING (self->element, RESOURCE, WRITE,
      ("changes of the gallery were not saved and are forgotten: "
          "save-gallery keeps them"), (NULL));
}

/* Tells what became of the gallery. announced: a gallery of no file is told of,
 * too; FALSE where it is the empty one that a stream without location has. */
static gboolean
settle (GstFaceMatchGallery * self, FacenetGallerySourceResult result,
    gboolean announced, GError * error)
{
  g_autoptr (FacenetGallery) gallery = NULL;
  g_autofree gchar *origin = NULL;
  guint i, generation;

  if (result == FACENET_GALLERY_SOURCE_FAILED) {
    gst_facenet_post_warning (self->element, error);
    return FALSE;
  }
  if (result == FACENET_GALLERY_SOURCE_SAME)
    return TRUE;
  if (result == FACENET_GALLERY_SOURCE_NEW_LOST)
    warn_of_loss (self);
  for (i = 0; i < G_N_ELEMENTS (counters); i++)
    g_object_notify_by_pspec (G_OBJECT (self->element), counters[i]);
  gallery = facenet_gallery_source_get (self->source, &generation);
  origin = facenet_gallery_source_dup_origin (self->source);
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
load (GstFaceMatchGallery * self, FacenetGalleryLoad when)
{
  g_autoptr (GError) error = NULL;
  FacenetGallerySourceResult result =
      facenet_gallery_source_load (self->source, when, &error);

  if (error != NULL)
    g_prefix_error (&error, "the gallery in use is kept: ");
  return settle (self, result, FALSE, error);
}

/* Another element may have changed the gallery. */
static void
sync_gallery (GstFaceMatchGallery * self)
{
  g_autoptr (GError) error = NULL;
  FacenetGallerySourceResult result =
      facenet_gallery_source_sync (self->source, &error);

  if (error != NULL)
    g_prefix_error (&error, "the gallery in use is kept: ");
  settle (self, result, TRUE, error);
}

/* Called by the watch. */
static void
look_at_file (gpointer data)
{
  GstFaceMatchGallery *self = data;
  gboolean wanted;

  g_mutex_lock (&self->lock);
  wanted = self->auto_reload;
  g_mutex_unlock (&self->lock);
  if (!wanted)
    return;
  sync_gallery (self);
  if (facenet_gallery_source_has_changed (self->source))
    load (self, FACENET_GALLERY_LOAD_CHANGED);
}

/* The watch of a stream begins when it is first wanted, and ends with it. */
static void
set_auto_reload (GstFaceMatchGallery * self, gboolean wanted)
{
  g_mutex_lock (&self->lock);
  self->auto_reload = wanted;
  if (wanted)
    facenet_gallery_source_watch (self->source, look_at_file, self);
  g_mutex_unlock (&self->lock);
}

/* A FacenetGalleryEditFunc; data: the id. */
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
gst_face_match_gallery_enrol (GstFaceMatchGallery * self, const gchar * name)
{
  g_auto (GstFaceMatchEnrolment) enrolment = { name, NULL, 0, NULL, 0 };
  g_autoptr (GError) error = NULL;
  FacenetGallerySourceResult result = FACENET_GALLERY_SOURCE_FAILED;
  gboolean found;

  if (!is_name (name)) {
    GST_ELEMENT_WARNING (self->element, LIBRARY, SETTINGS,
        ("cannot enrol: the name is empty or not UTF-8"), (NULL));
    return FALSE;
  }
  g_mutex_lock (&self->lock);
  found = gst_face_match_enrollable_get (&self->enrollable, &enrolment, &error);
  g_mutex_unlock (&self->lock);
  if (found)
    result = facenet_gallery_source_edit (self->source,
        gst_face_match_enrolment_add, &enrolment, &error);
  if (error != NULL)
    g_prefix_error (&error, "\"%s\" is not enrolled: ", name);
  return settle (self, result, TRUE, error);
}

gboolean
gst_face_match_gallery_remove (GstFaceMatchGallery * self, const gchar * id)
{
  g_autoptr (GError) error = NULL;
  FacenetGallerySourceResult result;

  result = facenet_gallery_source_edit (self->source, remove_person,
      (gpointer) (id != NULL ? id : ""), &error);
  if (error != NULL)
    g_prefix_error (&error, "cannot remove: ");
  return settle (self, result, TRUE, error);
}

gboolean
gst_face_match_gallery_reload (GstFaceMatchGallery * self)
{
  g_autofree gchar *location =
      facenet_gallery_source_dup_location (self->source);

  if (location != NULL && facenet_gallery_source_is_open (self->source))
    return load (self, FACENET_GALLERY_LOAD_ALWAYS);
  GST_ELEMENT_WARNING (self->element, LIBRARY, SETTINGS,
      ("cannot reload: there is no gallery %s",
          location == NULL ? "location" : "before PAUSED"), (NULL));
  return FALSE;
}

gboolean
gst_face_match_gallery_save (GstFaceMatchGallery * self, const gchar * location)
{
  g_autoptr (GError) error = NULL;

  if (facenet_gallery_source_save (self->source, location, &error)) {
    /* It may be more now, by what others have written. */
    sync_gallery (self);
    return TRUE;
  }
  g_prefix_error (&error, "the gallery is not saved: ");
  gst_facenet_post_warning (self->element, error);
  return FALSE;
}

void
gst_face_match_gallery_see (GstFaceMatchGallery * self,
    const GstFaceMatchFaces * faces, guint n_faces, GstClockTime time)
{
  sync_gallery (self);
  g_mutex_lock (&self->lock);
  gst_face_match_enrollable_see (&self->enrollable, faces, n_faces, time);
  g_mutex_unlock (&self->lock);
}

void
gst_face_match_gallery_pass (GstFaceMatchGallery * self, GstClockTime time)
{
  g_mutex_lock (&self->lock);
  gst_face_match_enrollable_pass (&self->enrollable, time);
  g_mutex_unlock (&self->lock);
}

void
gst_face_match_gallery_forget (GstFaceMatchGallery * self)
{
  g_mutex_lock (&self->lock);
  gst_face_match_enrollable_reset (&self->enrollable);
  g_mutex_unlock (&self->lock);
}

gboolean
gst_face_match_gallery_start (GstFaceMatchGallery * self)
{
  g_autoptr (GError) error = NULL;
  FacenetGallerySourceResult result;
  gboolean wanted;

  facenet_gallery_source_open (self->source);
  result =
      facenet_gallery_source_load (self->source, FACENET_GALLERY_LOAD_SHARED,
      &error);
  if (result == FACENET_GALLERY_SOURCE_FAILED) {
    facenet_gallery_source_close (self->source);
    facenet_gallery_source_unwatch (self->source);
    gst_facenet_post_error (self->element, error);
    return FALSE;
  }
  settle (self, result, FALSE, NULL);
  g_mutex_lock (&self->lock);
  gst_face_match_enrollable_reset (&self->enrollable);
  wanted = self->auto_reload;
  g_mutex_unlock (&self->lock);
  set_auto_reload (self, wanted);
  return TRUE;
}

void
gst_face_match_gallery_stop (GstFaceMatchGallery * self)
{
  guint i;

  if (facenet_gallery_source_close (self->source))
    warn_of_loss (self);
  facenet_gallery_source_unwatch (self->source);
  for (i = 0; i < G_N_ELEMENTS (counters); i++)
    g_object_notify_by_pspec (G_OBJECT (self->element), counters[i]);
}

void
gst_face_match_gallery_init (GstFaceMatchGallery * self, GstElement * element)
{
  self->element = element;
  self->source = facenet_gallery_source_new ();
  g_mutex_init (&self->lock);
  gst_face_match_enrollable_init (&self->enrollable);
}

void
gst_face_match_gallery_clear (GstFaceMatchGallery * self)
{
  gst_face_match_enrollable_clear (&self->enrollable);
  g_mutex_clear (&self->lock);
  facenet_gallery_source_free (self->source);
}

void
gst_face_match_gallery_set (GstFaceMatchGallery * self, guint id,
    const GValue * value)
{
  g_autofree gchar *location = NULL;

  switch (id) {
    case GST_FACE_MATCH_PROP_GALLERY_LOCATION:
      location = gst_facenet_path_make_absolute (g_value_get_string (value));
      if (facenet_gallery_source_set_location (self->source, location))
        load (self, FACENET_GALLERY_LOAD_ALWAYS);
      break;
    case GST_FACE_MATCH_PROP_AUTO_RELOAD:
      set_auto_reload (self, g_value_get_boolean (value));
      break;
    default:
      g_assert_not_reached ();
  }
}

static void
get_counter (GstFaceMatchGallery * self, guint id, GValue * value)
{
  guint generation;
  g_autoptr (FacenetGallery) gallery =
      facenet_gallery_source_get (self->source, &generation);

  if (id == GST_FACE_MATCH_PROP_GALLERY_GENERATION)
    g_value_set_uint (value, generation);
  else if (gallery != NULL && id == GST_FACE_MATCH_PROP_IDENTITIES)
    g_value_set_uint (value, facenet_gallery_get_n_identities (gallery));
  else if (gallery != NULL)
    g_value_set_uint (value, facenet_gallery_get_n_embeddings (gallery));
}

void
gst_face_match_gallery_get (GstFaceMatchGallery * self, guint id,
    GValue * value)
{
  switch (id) {
    case GST_FACE_MATCH_PROP_GALLERY_LOCATION:
      g_value_take_string (value,
          facenet_gallery_source_dup_location (self->source));
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
gst_face_match_gallery_make_properties (GParamSpec ** properties)
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
      "Gallery file (NULL = every face is unknown); setting it while playing "
      "loads it anew", NULL, playing);
  /**
   * GstFaceMatch:auto-reload:
   *
   * Whether to load the gallery file again when it has changed: a quarter of a
   * second to half a second after its writer has finished. Needs no main
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
