/* gstfacematch.c - compares faces with a gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Collects the embeddings that facenetencode left on a buffer
 * (gstfacematchfaces.c), asks who each face is over time (facenet-visits.h),
 * and tells it by a message on the bus and a GstFaceMatchMeta on the buffer
 * (gstfacematchmessage.c). Pixels are neither read nor copied.
 */

/**
 * SECTION:element-facematch
 * @title: facematch
 * @see_also: facenetencode
 *
 * Compares the faces of a stream with a gallery of known people.
 *
 * The distance of a face to a person is the squared L2 distance to the nearest
 * of the person's embeddings (#GstFaceMatch:metric shows it in another scale),
 * and the nearest person decides:
 *
 * * up to #GstFaceMatch:threshold it is a match, provided that the next person
 *   is farther away by at least #GstFaceMatch:margin, else it is uncertain;
 * * up to #GstFaceMatch:unknown-threshold it is uncertain;
 * * beyond, it is unknown.
 *
 * A person's own threshold in the gallery goes before the property, the
 * property before the gallery's default, and that before 0.7.
 *
 * In #GstFaceMatch:mode verify only #GstFaceMatch:claimed-id is compared: a
 * face is a match or a reject. Without a claimed identity, or with one that is
 * not in the gallery, every face is a reject, and an element warning says why.
 *
 * Embeddings of another model than the gallery's end the stream with a
 * LIBRARY/SETTINGS error: their distances would mean nothing.
 *
 * ## The gallery
 *
 * #GstFaceMatch:gallery-location names it; a file that cannot be loaded is an
 * error when going from READY to PAUSED. Set in PAUSED or PLAYING the property
 * loads the new gallery, also when the location is the same as before, and then
 * swaps the two between two buffers. When it cannot be loaded, or is one of
 * another model than the embeddings seen, the gallery in use is kept and an
 * element warning says so; the property keeps the new value, which is tried
 * again at the next start. Without a location the gallery is empty and
 * every face is unknown.
 *
 * The signals #GstFaceMatch::enrol and #GstFaceMatch::remove change it in
 * memory, #GstFaceMatch::save-gallery writes it, #GstFaceMatch::reload-gallery
 * and #GstFaceMatch:auto-reload read it anew. Elements of a process that name
 * the same file share one gallery, with all its changes.
 *
 * ## People over time
 *
 * With #GstFaceMatch:min-matches over 1, with a #GstFaceMatch:message-interval,
 * or with lost among #GstFaceMatch:report, faces are followed from frame to
 * frame. A track is what has one track id in the metadata; faces without are
 * joined by the overlap of their boxes and the distance of their embeddings.
 * Each frame, the mean of the embeddings of a track, weighted by quality, is
 * compared with the gallery. The person it matches gets a vote, if the face
 * itself is nearest to them and at most a quarter beyond their threshold.
 * A person with #GstFaceMatch:min-matches votes within
 * #GstFaceMatch:match-window is confirmed; until then, and on frames that speak
 * for somebody else, the face is a reject (`not-confirmed`, told once for each
 * track). Somebody unknown is confirmed in the same way, and gets an id
 * (`unknown-3`) that stays theirs until the stream ends.
 *
 * A track is over when no face was added to it for #GstFaceMatch:match-window,
 * at the end of the stream, after a flush, and when stream time goes back.
 * A person confirmed on it, and on no other track, is lost. All times are
 * stream time, so that a file gives the same messages each time it is played; a
 * buffer without timestamp counts as of the time of the one before.
 *
 * ## Messages
 *
 * Each face whose event is among #GstFaceMatch:report is an element message
 * whose structure has the name `facematch` and these fields. Fields that do
 * not apply are left out.
 *
 * * `timestamp`, `stream-time`, `running-time`, `duration` (#guint64): of the
 *   buffer, in nanoseconds; for `lost` of the last buffer with the face
 * * `stream-id` (#gchararray): #GstFaceMatch:stream-id, or the stream's own
 * * `event` (#gchararray): `match`, `unknown`, `uncertain`, `lost` or `reject`
 * * `name`, `id` (#gchararray): the nearest person; of somebody unknown only an
 *   id such as `unknown-3`, when they are followed
 * * `distance` (#gdouble): to the nearest person
 * * `threshold` (#gdouble): the one that was applied
 * * `margin` (#gdouble): how much farther away the next person is; not with
 *   one person and not when verifying
 * * `metric` (#gchararray): the scale of the three: `squared-l2`, `l2` or
 *   `cosine`
 * * `action` (#gchararray), `tags` (#GST_TYPE_LIST of #gchararray): of the
 *   person, as the gallery has them
 * * `track-id` (#gint): from a tracker upstream, or facematch's own
 * * `face` (#GstStructure named `face`): `x`, `y`, `width`, `height` (#guint),
 *   the box in pixels of the frame that was encoded
 * * `frame-width`, `frame-height` (#guint): size of that frame
 * * `candidates` (#GST_TYPE_LIST of #GstStructure named `candidate`): `id`,
 *   `name` (#gchararray), `distance` (#gdouble) of the #GstFaceMatch:top-k
 *   nearest people, nearest first
 * * `reason` (#gchararray): why it is no match: `beyond-threshold`,
 *   `ambiguous`, `claim-failed`, `not-confirmed`, `expired`, `low-quality`
 * * `quality` (#gdouble): of the face, in [0,1]
 * * `votes` (#guint): for this person on this track; when faces are followed
 * * `suppressed` (#guint): how many messages of this event about this person
 *   #GstFaceMatch:message-interval held back since the last one
 * * `dwell` (#guint64): for `lost`, nanoseconds from the first to the last face
 * * `gallery-generation` (#guint): #GstFaceMatch:gallery-generation
 * * `frame` (#GstSample): with #GstFaceMatch:attach-frame, the face as RGB video
 *   of at most 160 pixels a side; not for `lost`
 *
 * Each gallery that was loaded or changed is an element message whose structure
 * has the name `facematch-gallery` and the fields `location` (#gchararray; not
 * without a file), `identities` and `embeddings` (#guint).
 *
 * The gallery may say of a person that messages about them are not wanted
 * (`action`, `decoy`, docs/gallery-format.md).
 *
 * #GstFaceMatch:log-location gets the same fields as a line of JSON for each
 * event, with the wall-clock time in `time`.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 -m filesrc location=door.mp4 ! decodebin ! facenetdetect ! facenetencode inference-region=roi-list ! facematch gallery-location=people.json report=match+unknown ! fakesink
 * ]| Says who comes through the door.
 * |[
 * gst-launch-1.0 v4l2src ! facenetdetect ! facenetencode inference-region=roi-list ! facematch gallery-location=people.json min-matches=3 message-interval=60000000000 report=match+unknown+lost log-location=door.jsonl ! fakesink
 * ]| Writes down who comes and goes, once a minute at most and never for a
 * single mistaken frame.
 *
 * Since: 0.1
 */
#include "gstfacematch.h"

#include <facenet/facenet-visits.h>

#include "gstfacematchfaces.h"
#include "gstfacematchgallery.h"
#include "gstfacematchlog.h"
#include "gstfacematchmessage.h"
#include "gstfacematchsettings.h"
#include "gstfacematchwarnings.h"
#include "common/gstfaceneterror.h"
#include "common/gstfacenetpassthrough.h"

GST_DEBUG_CATEGORY (gst_face_match_debug);
#define GST_CAT_DEFAULT gst_face_match_debug

struct _GstFaceMatch
{
  GstBaseTransform parent;

  GstFaceMatchSettings settings;        /* under the object lock */
  GstFaceMatchGallery gallery;  /* has locks of its own */

  GstFaceMatchLog log;          /* has a lock of its own */

  /* Of the streaming thread. */
  GstFaceMatchFaces faces;
  FacenetVisits *visits;
  GstFaceMatchWarnings warnings;
};

enum
{
  PROP_LOG_LOCATION = GST_FACE_MATCH_N_GALLERY,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

G_DEFINE_TYPE (GstFaceMatch, gst_face_match, GST_TYPE_BASE_TRANSFORM);
GST_ELEMENT_REGISTER_DEFINE (facematch, "facematch", GST_RANK_NONE,
    GST_TYPE_FACE_MATCH);

static void
snapshot_take (GstFaceMatchSnapshot * snapshot, GstFaceMatch * self)
{
  GST_OBJECT_LOCK (self);
  gst_face_match_settings_copy (&self->settings, &snapshot->settings);
  GST_OBJECT_UNLOCK (self);
  snapshot->gallery =
      facenet_gallery_source_get (self->gallery.source, &snapshot->generation);
}

static GstClockTime
get_stream_time (GstFaceMatch * self, GstClockTime timestamp)
{
  return gst_face_match_get_stream_time
      (&GST_BASE_TRANSFORM (self)->segment, timestamp);
}

/* Has the visits go by what is set now. */
static void
configure_visits (GstFaceMatch * self, const GstFaceMatchSnapshot * now)
{
  FacenetMatchPolicy policy;
  FacenetVisitOptions options;

  gst_face_match_settings_get_policy (&now->settings, &policy);
  gst_face_match_settings_get_options (&now->settings, &options);
  facenet_visits_set_gallery (self->visits, now->gallery);
  facenet_visits_set_policy (self->visits, &policy);
  facenet_visits_set_options (self->visits, &options);
}

/* Tells what the visits have to say; buffer and times: NULL when there is no
 * buffer. */
static void
output_events (GstFaceMatch * self, const GstFaceMatchSnapshot * now,
    GstBuffer * buffer, const GstFaceMatchTimes * times)
{
  GstFaceMatchOutput output = { GST_ELEMENT (self), &self->log, self->visits,
    now, buffer, &self->faces, times
  };

  gst_face_match_output_events (&output);
}

/* A time, NONE if unknown, has come, with or without faces. */
static void
pass_time (GstFaceMatch * self, const GstFaceMatchSnapshot * now,
    GstClockTime stream_time)
{
  configure_visits (self, now);
  if (!facenet_visits_advance (self->visits, stream_time,
          GST_BASE_TRANSFORM (self)->segment.rate < 0))
    GST_DEBUG_OBJECT (self, "stream time went back to %" GST_TIME_FORMAT,
        GST_TIME_ARGS (stream_time));
  output_events (self, now, NULL, NULL);
}

/* The stream ends or jumps; another may begin. */
static void
end_visits (GstFaceMatch * self, const GstFaceMatchSnapshot * now,
    gboolean another)
{
  configure_visits (self, now);
  facenet_visits_end (self->visits);
  output_events (self, now, NULL, NULL);
  if (another)
    facenet_visits_reset (self->visits);
}

static void
set_log_location (GstFaceMatch * self, const gchar * location)
{
  g_autoptr (GError) error = NULL;

  if (!gst_face_match_log_set_location (&self->log, location, &error))
    gst_facenet_post_warning (GST_ELEMENT (self), error);
}

static gboolean
gst_face_match_start (GstBaseTransform * transform)
{
  GstFaceMatch *self = GST_FACE_MATCH (transform);
  g_autoptr (GError) error = NULL;

  gst_face_match_warnings_reset (&self->warnings);
  if (!gst_face_match_gallery_start (&self->gallery))
    return FALSE;
  if (gst_face_match_log_start (&self->log, &error))
    return TRUE;
  gst_face_match_gallery_stop (&self->gallery);
  gst_facenet_post_error (GST_ELEMENT (self), error);
  return FALSE;
}

static gboolean
gst_face_match_stop (GstBaseTransform * transform)
{
  GstFaceMatch *self = GST_FACE_MATCH (transform);
  GstFaceMatchSnapshot now;

  snapshot_take (&now, self);
  end_visits (self, &now, TRUE);
  facenet_visits_set_gallery (self->visits, NULL);
  gst_face_match_snapshot_clear (&now);
  gst_face_match_log_stop (&self->log);
  gst_face_match_gallery_stop (&self->gallery);
  return TRUE;
}

static GstFlowReturn
judge_faces (GstFaceMatch * self, const GstFaceMatchSnapshot * now,
    GstBuffer * buffer)
{
  const GstFaceEmbeddingMeta *face = gst_face_match_faces_get (&self->faces, 0);
  GstFaceMatchTimes times;
  g_autoptr (GError) error = NULL;

  facenet_gallery_source_set_model (self->gallery.source, face->model_id,
      face->n_dims);
  gst_face_match_times_init (&times, &GST_BASE_TRANSFORM (self)->segment,
      buffer);
  if (gst_face_match_faces_check_model (&self->faces, now->gallery, &error)) {
    gst_face_match_warnings_check (&self->warnings, GST_ELEMENT (self), now);
    if (gst_face_match_faces_judge (&self->faces, self->visits, &times, &error)) {
      output_events (self, now, buffer, &times);
      return GST_FLOW_OK;
    }
  }
  gst_facenet_post_error (GST_ELEMENT (self), error);
  return GST_FLOW_ERROR;
}

static void
gst_face_match_before_transform (GstBaseTransform * transform,
    GstBuffer * buffer)
{
  GstClockTime stream_time = get_stream_time (GST_FACE_MATCH (transform),
      GST_BUFFER_PTS (buffer));

  if (GST_CLOCK_TIME_IS_VALID (stream_time))
    gst_object_sync_values (GST_OBJECT (transform), stream_time);
}

/* A buffer without faces gets no metadata. */
static GstFlowReturn
gst_face_match_prepare_output_buffer (GstBaseTransform * transform,
    GstBuffer * input, GstBuffer ** output)
{
  if (gst_buffer_get_meta (input, GST_FACE_EMBEDDING_META_API_TYPE) != NULL)
    return gst_facenet_passthrough_prepare (transform, input, output);
  *output = input;
  return GST_FLOW_OK;
}

static GstFlowReturn
gst_face_match_transform_ip (GstBaseTransform * transform, GstBuffer * buffer)
{
  GstFaceMatch *self = GST_FACE_MATCH (transform);
  guint n_faces = gst_face_match_faces_collect (&self->faces, buffer);
  const GstClockTime stream_time =
      get_stream_time (self, GST_BUFFER_PTS (buffer));
  GstFaceMatchSnapshot now;
  GstFlowReturn result = GST_FLOW_OK;

  gst_face_match_gallery_see (&self->gallery, &self->faces, n_faces,
      stream_time);
  snapshot_take (&now, self);
  pass_time (self, &now, stream_time);
  if (n_faces > 0)
    result = judge_faces (self, &now, buffer);
  gst_face_match_snapshot_clear (&now);
  return result;
}

/* Time passes where there are no buffers, too. */
static void
pass_gap (GstFaceMatch * self, const GstFaceMatchSnapshot * now,
    GstEvent * event)
{
  GstClockTime timestamp, duration;

  gst_event_parse_gap (event, &timestamp, &duration);
  if (GST_CLOCK_TIME_IS_VALID (timestamp) && GST_CLOCK_TIME_IS_VALID (duration))
    timestamp += duration;
  timestamp = get_stream_time (self, timestamp);
  gst_face_match_gallery_pass (&self->gallery, timestamp);
  pass_time (self, now, timestamp);
}

static gboolean
gst_face_match_sink_event (GstBaseTransform * transform, GstEvent * event)
{
  GstFaceMatch *self = GST_FACE_MATCH (transform);
  GstFaceMatchSnapshot now;

  snapshot_take (&now, self);
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      gst_face_match_gallery_forget (&self->gallery);
      end_visits (self, &now, TRUE);
      break;
    case GST_EVENT_FLUSH_STOP:
      gst_face_match_gallery_forget (&self->gallery);
      end_visits (self, &now, FALSE);
      break;
    case GST_EVENT_EOS:
      end_visits (self, &now, FALSE);
      break;
    case GST_EVENT_GAP:
      pass_gap (self, &now, event);
      break;
    default:
      break;
  }
  gst_face_match_snapshot_clear (&now);
  return GST_BASE_TRANSFORM_CLASS (gst_face_match_parent_class)->sink_event
      (transform, event);
}

static void
gst_face_match_set_property (GObject * object, guint id, const GValue * value,
    GParamSpec * pspec)
{
  GstFaceMatch *self = GST_FACE_MATCH (object);

  if (id < GST_FACE_MATCH_N_SETTINGS) {
    GST_OBJECT_LOCK (self);
    gst_face_match_settings_set (&self->settings, id, value);
    GST_OBJECT_UNLOCK (self);
  } else if (id < GST_FACE_MATCH_N_GALLERY) {
    gst_face_match_gallery_set (&self->gallery, id, value);
  } else if (id == PROP_LOG_LOCATION) {
    set_log_location (self, g_value_get_string (value));
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
gst_face_match_get_property (GObject * object, guint id, GValue * value,
    GParamSpec * pspec)
{
  GstFaceMatch *self = GST_FACE_MATCH (object);

  if (id < GST_FACE_MATCH_N_SETTINGS) {
    GST_OBJECT_LOCK (self);
    gst_face_match_settings_get (&self->settings, id, value);
    GST_OBJECT_UNLOCK (self);
  } else if (id < GST_FACE_MATCH_N_GALLERY) {
    gst_face_match_gallery_get (&self->gallery, id, value);
  } else if (id == PROP_LOG_LOCATION) {
    g_value_take_string (value, gst_face_match_log_dup_location (&self->log));
  } else {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
gst_face_match_finalize (GObject * object)
{
  GstFaceMatch *self = GST_FACE_MATCH (object);

  gst_face_match_settings_clear (&self->settings);
  gst_face_match_faces_clear (&self->faces);
  facenet_visits_unref (self->visits);
  gst_face_match_log_clear (&self->log);
  gst_face_match_gallery_clear (&self->gallery);
  G_OBJECT_CLASS (gst_face_match_parent_class)->finalize (object);
}

static gboolean
gst_face_match_enrol (GstFaceMatch * self, const gchar * name)
{
  return gst_face_match_gallery_enrol (&self->gallery, name);
}

static gboolean
gst_face_match_remove (GstFaceMatch * self, const gchar * id)
{
  return gst_face_match_gallery_remove (&self->gallery, id);
}

static gboolean
gst_face_match_reload_gallery (GstFaceMatch * self)
{
  return gst_face_match_gallery_reload (&self->gallery);
}

static gboolean
gst_face_match_save_gallery (GstFaceMatch * self, const gchar * location)
{
  return gst_face_match_gallery_save (&self->gallery, location);
}

/* Signals that are emitted to have something done; handler: what they do,
 * with a string unless it takes none. */
static void
make_action (GstFaceMatchClass * klass, const gchar * name,
    GCallback handler, gboolean takes_string)
{
  g_signal_new_class_handler (name, G_TYPE_FROM_CLASS (klass),
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, handler, NULL, NULL, NULL,
      G_TYPE_BOOLEAN, takes_string ? 1 : 0, G_TYPE_STRING);
}

static void
make_actions (GstFaceMatchClass * klass)
{
  /**
   * GstFaceMatch::enrol:
   * @self: the element
   * @name: the person's name
   *
   * Adds the face that is seen to the gallery: exactly one, in the last buffer
   * with faces, of quality 0.4 or more (or not measured), and at most a second
   * of stream time ago. A person who has that name already gets another
   * embedding, else there is a new person with an id made of the name. The file
   * is not written before #GstFaceMatch::save-gallery.
   *
   * Returns: whether it was done; if not, an element warning says why
   *
   * Since: 0.1
   */
  make_action (klass, "enrol", G_CALLBACK (gst_face_match_enrol), TRUE);
  /**
   * GstFaceMatch::remove:
   * @self: the element
   * @id: id of a person
   *
   * Forgets a person. The file is not written before
   * #GstFaceMatch::save-gallery.
   *
   * Returns: whether it was done; if not, an element warning says why
   *
   * Since: 0.1
   */
  make_action (klass, "remove", G_CALLBACK (gst_face_match_remove), TRUE);
  /**
   * GstFaceMatch::reload-gallery:
   * @self: the element
   *
   * Loads #GstFaceMatch:gallery-location again. What was enrolled or removed
   * and not saved is forgotten.
   *
   * Returns: whether it was done; if not, an element warning says why, and the
   *   gallery in use is kept
   *
   * Since: 0.1
   */
  make_action (klass, "reload-gallery",
      G_CALLBACK (gst_face_match_reload_gallery), FALSE);
  /**
   * GstFaceMatch::save-gallery:
   * @self: the element
   * @location: (nullable): a file, %NULL for the one that the gallery is from
   *
   * Writes the gallery in use to a file, as a whole or not at all. What
   * others wrote to the file it is from, since it was read, is kept under its
   * name with a tilde behind it.
   *
   * Returns: whether it was done; if not, an element warning says why
   *
   * Since: 0.1
   */
  make_action (klass, "save-gallery",
      G_CALLBACK (gst_face_match_save_gallery), TRUE);
}

static void
gst_face_match_class_init (GstFaceMatchClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *transform_class = GST_BASE_TRANSFORM_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_face_match_debug, "facematch", 0,
      "compares faces with a gallery");

  object_class->set_property = gst_face_match_set_property;
  object_class->get_property = gst_face_match_get_property;
  object_class->finalize = gst_face_match_finalize;
  gst_face_match_settings_make_properties (properties);
  gst_face_match_gallery_make_properties (properties);
  properties[PROP_LOG_LOCATION] = gst_face_match_log_make_property ();
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  make_actions (klass);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Face matcher",
      "Filter/Analyzer", "Compares the embeddings of faces with a gallery of "
      "known people", "The gst-facenet authors");

  transform_class->start = GST_DEBUG_FUNCPTR (gst_face_match_start);
  transform_class->stop = GST_DEBUG_FUNCPTR (gst_face_match_stop);
  transform_class->sink_event = GST_DEBUG_FUNCPTR (gst_face_match_sink_event);
  transform_class->before_transform =
      GST_DEBUG_FUNCPTR (gst_face_match_before_transform);
  transform_class->prepare_output_buffer =
      GST_DEBUG_FUNCPTR (gst_face_match_prepare_output_buffer);
  transform_class->transform_ip =
      GST_DEBUG_FUNCPTR (gst_face_match_transform_ip);

  gst_type_mark_as_plugin_api (GST_TYPE_FACE_MATCH_METRIC, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_FACE_MATCH_MODE, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_FACE_MATCH_REPORT, 0);
}

static void
gst_face_match_init (GstFaceMatch * self)
{
  GstBaseTransform *transform = GST_BASE_TRANSFORM (self);

  gst_face_match_settings_init (&self->settings);
  gst_face_match_faces_init (&self->faces);
  gst_face_match_log_init (&self->log);
  self->visits = facenet_visits_new_with_notes (sizeof (GstFaceMatchNote));
  gst_face_match_gallery_init (&self->gallery, GST_ELEMENT (self));
  gst_facenet_passthrough_init (transform);
}
