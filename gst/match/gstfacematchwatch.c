/* gstfacematchwatch.c - something that is done again and again
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Watching a file by GFileMonitor needs a main loop, which gst-launch and many
 * programs do not run, and sees nothing on most network file systems. Asking
 * for the state of one file four times a second costs nothing and works
 * everywhere.
 */
#include "gstfacematchwatch.h"

#define INTERVAL (G_TIME_SPAN_SECOND / 4)

struct _GstFaceMatchWatch
{
  GThread *thread;
  GstFaceMatchWatchFunc func;
  gpointer data;
  GMutex lock;
  GCond cond;
  gboolean quit;                /* under the lock */
};

/* Returns whether to go on. */
static gboolean
wait_a_while (GstFaceMatchWatch * self)
{
  const gint64 end = g_get_monotonic_time () + INTERVAL;
  gboolean quit;

  g_mutex_lock (&self->lock);
  while (!self->quit && g_cond_wait_until (&self->cond, &self->lock, end));
  quit = self->quit;
  g_mutex_unlock (&self->lock);
  return !quit;
}

static gpointer
run (gpointer data)
{
  GstFaceMatchWatch *self = data;

  while (wait_a_while (self))
    self->func (self->data);
  return NULL;
}

GstFaceMatchWatch *
gst_face_match_watch_new (GstFaceMatchWatchFunc func, gpointer data)
{
  GstFaceMatchWatch *self = g_new0 (GstFaceMatchWatch, 1);

  self->func = func;
  self->data = data;
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("facematch-watch", run, self);
  return self;
}

void
gst_face_match_watch_free (GstFaceMatchWatch * self)
{
  g_mutex_lock (&self->lock);
  self->quit = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);
  g_free (self);
}
