/* facenet-rate-limit.c - at most one message of a kind in a while
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * An interval begins only when something is really told, so that a message
 * that was not asked for suppresses none that was. Each kind of event has
 * intervals of its own: that somebody was not recognised well enough must not
 * suppress that they were recognised a moment later.
 */
#include "track/facenet-rate-limit-private.h"

/* With more entries than this those that hold nothing back are dropped. */
#define MAX_ENTRIES 4096

/* When something was told last, and how often it was refused since. */
typedef struct
{
  guint64 time;
  gint64 suppressed;
} FacenetLastTold;

void
facenet_rate_limit_init (FacenetRateLimit * self)
{
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
facenet_rate_limit_clear (FacenetRateLimit * self)
{
  g_hash_table_unref (self->told);
}

void
facenet_rate_limit_reset (FacenetRateLimit * self)
{
  g_hash_table_remove_all (self->told);
}

/* Drops the entries that suppress nothing any more. */
static void
drop_old (FacenetRateLimit * self, guint64 now, guint64 interval)
{
  GHashTableIter iter;
  gpointer told;

  g_hash_table_iter_init (&iter, self->told);
  while (g_hash_table_iter_next (&iter, NULL, &told)) {
    if (now - ((FacenetLastTold *) told)->time >= interval)
      g_hash_table_iter_remove (&iter);
  }
}

static void
add_entry (FacenetRateLimit * self, const gchar * key, guint64 now,
    guint64 interval)
{
  FacenetLastTold *told = g_new0 (FacenetLastTold, 1);

  if (g_hash_table_size (self->told) >= MAX_ENTRIES)
    drop_old (self, now, interval);
  told->time = now;
  g_hash_table_insert (self->told, g_strdup (key), told);
}

gboolean
facenet_rate_limit_admit (FacenetRateLimit * self,
    const FacenetVerdict * verdict, guint64 now, guint64 interval,
    gint64 * suppressed)
{
  g_autofree gchar *key = g_strjoin ("/",
      facenet_event_get_nick (verdict->event),
      verdict->reason != NULL ? verdict->reason : "", verdict->id, NULL);
  FacenetLastTold *told = g_hash_table_lookup (self->told, key);

  *suppressed = 0;
  if (told == NULL) {
    add_entry (self, key, now, interval);
    return TRUE;
  }
  if (now - told->time < interval) {
    told->suppressed++;
    return FALSE;
  }
  *suppressed = told->suppressed;
  told->suppressed = 0;
  told->time = now;
  return TRUE;
}
