/* jobs.c - scans videos, several at a time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A thread per job decodes a video, finds and follows its faces and writes
 * down what it found when the video is over. The main thread shows how far
 * they are: the part of all bytes, since that is known of videos which were
 * not opened yet. What is found in a video does not depend on the others.
 */
#include "jobs.h"
#include "common/console.h"
#include "follow.h"
#include "shot.h"
#include "media/video.h"

#include <glib/gstdio.h>

/* Between two looks at the progress. */
#define POLL (G_USEC_PER_SEC / 5)
#define PER_MILLE 1000

/* One video. */
typedef struct
{
  const ToolJobs *jobs;
  const gchar *location;        /* as the command line has it */
  ToolScan *scan;               /* owned by the result */
  guint64 size;                 /* of the file */
  gint done;                    /* per mille, atomic */
  guint n_ignored;              /* video tracks beside the first */
  guint n_frames, n_timeless;   /* of these, left out for want of a time */
  GAsyncQueue *finished;
} ScanJob;

static void
take_shots (ToolShooter * shooter, const ToolImage * image,
    const ToolFaces * faces, ToolTrack ** tracks, guint64 time)
{
  for (guint i = 0; i < faces->n_faces; i++) {
    GBytes *shot;

    if (tracks[i]->best != time)
      continue;
    shot = tool_shooter_take (shooter, image, &faces->boxes[i]);
    if (shot) {
      g_clear_pointer (&tracks[i]->shot, g_bytes_unref);
      tracks[i]->shot = shot;
    }
  }
}

/* Looks at one frame. */
static void
add_frame (ToolFollower * follower, ToolEncoder * encoder,
    ToolShooter * shooter, const ToolImage * image, guint64 time)
{
  g_autoptr (ToolFaces) faces = tool_encoder_find (encoder, image, 0);
  g_autofree ToolTrack **tracks = NULL;

  tracks = g_new (ToolTrack *, faces->n_faces);
  tool_follower_add (follower, time, faces, tracks);
  take_shots (shooter, image, faces, tracks, time);
}

static void
show_progress (ScanJob * self, ToolVideo * video)
{
  guint64 duration = tool_video_get_duration (video);
  guint64 position = tool_video_get_position (video);

  if (duration > 0)
    g_atomic_int_set (&self->done, (gint) (MIN (position, duration)
            * PER_MILLE / duration));
}

/* Decodes a video to its end or to where it is broken. */
static gboolean
scan_video (ScanJob * self, ToolFollower * follower, GError ** error)
{
  const ToolJobs *jobs = self->jobs;
  const ToolOptions options = {
    .detector = jobs->options->detector,
    .detector_threshold = jobs->options->detector_threshold,
    .min_face_size = jobs->options->min_face_size,
    .threads = (gint) MAX (1, g_get_num_processors () / jobs->n_jobs)
  };
  g_autoptr (ToolVideo) video =
      tool_video_open (self->location, jobs->settings.rate, error);
  g_autoptr (ToolEncoder) encoder = NULL;
  g_autoptr (ToolShooter) shooter = NULL;
  g_autoptr (GError) cause = NULL;
  gboolean ok = TRUE;

  if (video == NULL
      || !(encoder = tool_encoder_new_for_model (&options, jobs->model, error))
      || !(shooter = tool_shooter_new (error)))
    return FALSE;
  while (ok) {
    guint64 time;
    g_autoptr (ToolImage) image = tool_video_next (video, &time, &cause);

    if (image == NULL)
      break;
    add_frame (follower, encoder, shooter, image, time);
    show_progress (self, video);
  }
  self->scan->duration = tool_video_get_position (video);
  self->scan->length = tool_video_get_duration (video);
  self->n_ignored = tool_video_get_n_ignored (video);
  self->n_timeless = tool_video_get_n_timeless (video, &self->n_frames);
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static void
run_job (gpointer data, gpointer user_data)
{
  ScanJob *self = data;
  const ToolJobs *jobs = self->jobs;
  ToolScan *scan = self->scan;
  g_autoptr (ToolFollower) follower = tool_follower_new (jobs->settings.n_dims);

  /* What a broken video showed up to there is worth knowing, but it is not
   * kept: the next scan tries again. */
  scan_video (self, follower, &scan->error);
  g_ptr_array_unref (scan->tracks);
  scan->tracks = tool_follower_finish (follower, scan->duration);
  if (jobs->state && scan->error == NULL)
    tool_state_save (jobs->state, scan, &jobs->settings, &scan->error);
  tool_scan_check_length (scan);
  g_async_queue_push (self->finished, self);
}

/* A video's scan as it was kept, or an empty one and a job to make it. */
static ToolScan *
prepare (const ToolJobs * jobs, const gchar * location, GPtrArray * todo)
{
  g_autofree gchar *name = g_filename_display_name (location);
  g_autofree gchar *path = g_canonicalize_filename (location, NULL);
  g_autoptr (GError) error = NULL;
  ToolScan *scan = NULL;
  GStatBuf info;
  ScanJob *job;

  if (jobs->state)
    scan = tool_state_load (jobs->state, name, path, &jobs->settings, &error);
  if (error)
    tool_message ("%s", error->message);
  if (scan) {
    if (scan->error)
      tool_message ("%s", scan->error->message);
    return scan;
  }
  scan = tool_scan_new (name, path);
  job = g_new0 (ScanJob, 1);
  job->jobs = jobs;
  job->location = location;
  job->scan = scan;
  if (g_stat (path, &info) == 0)
    job->size = (guint64) info.st_size;
  g_ptr_array_add (todo, job);
  return scan;
}

/* How much of all bytes is done, in [0,1]. */
static gdouble
measure_progress (GPtrArray * todo)
{
  gdouble done = 0, total = 1;

  for (guint i = 0; i < todo->len; i++) {
    ScanJob *job = g_ptr_array_index (todo, i);

    total += (gdouble) job->size;
    done += (gdouble) job->size * g_atomic_int_get (&job->done) / PER_MILLE;
  }
  return done / total;
}

/* What was not looked at in a video, once it is over. */
static void
tell_of_job (const ScanJob * self)
{
  if (self->n_ignored > 0)
    tool_message ("%s: has %u video tracks, only the first is looked at",
        self->scan->name, self->n_ignored + 1);
  if (self->scan->error)
    tool_message ("%s", self->scan->error->message);
  else if (self->n_timeless > 0)
    tool_message ("%s: %u of its %u frames do not say when they are shown and "
        "were not looked at", self->scan->name, self->n_timeless,
        self->n_frames);
}

/* Runs the jobs and waits for them. */
static void
run_all (GPtrArray * todo, guint n_jobs)
{
  g_autoptr (GAsyncQueue) finished = g_async_queue_new ();
  GThreadPool *pool =
      g_thread_pool_new (run_job, NULL, (gint) n_jobs, FALSE, NULL);
  guint n_finished = 0;

  for (guint i = 0; i < todo->len; i++) {
    ScanJob *job = g_ptr_array_index (todo, i);

    job->finished = finished;
    g_thread_pool_push (pool, job, NULL);
  }
  while (n_finished < todo->len) {
    ScanJob *job = g_async_queue_timeout_pop (finished, POLL);

    if (job) {
      n_finished++;
      g_atomic_int_set (&job->done, PER_MILLE);
      tell_of_job (job);
    }
    tool_progress_share (measure_progress (todo), n_finished, todo->len);
  }
  g_thread_pool_free (pool, FALSE, TRUE);
  tool_progress_end ();
}

GPtrArray *
tool_jobs_run (const ToolJobs * self, GPtrArray * videos)
{
  GPtrArray *scans =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tool_scan_free);
  g_autoptr (GPtrArray) todo = g_ptr_array_new_with_free_func (g_free);
  ToolJobs jobs = *self;

  for (guint i = 0; i < videos->len; i++)
    g_ptr_array_add (scans, prepare (&jobs, g_ptr_array_index (videos, i),
            todo));
  if (jobs.n_jobs == 0)
    jobs.n_jobs = g_get_num_processors ();
  jobs.n_jobs = CLAMP (jobs.n_jobs, 1, MAX (todo->len, 1));
  if (todo->len > 0)
    run_all (todo, jobs.n_jobs);
  return scans;
}
