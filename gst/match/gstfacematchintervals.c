/* gstfacematchintervals.c - no floods of the same message
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An interval begins only when something is really told, so that a message
 * that nobody asked for holds back none that somebody did. Events of a kind
 * have intervals of their own: that somebody was not recognised well enough
 * must not hold back that they were recognised a moment later.
 */
#include "gstfacematchintervals.h"

/* With more entries than this those that hold nothing back are dropped. */
#define MAX_ENTRIES 4096

typedef struct
{
  guint64 time;
  gint64 suppressed;
} GstFaceMatchTold;

/* What the entries are compared with, see is_over(). */
typedef struct
{
  guint64 now;
  guint64 interval;
} GstFaceMatchMoment;

void
gst_face_match_intervals_init (GstFaceMatchIntervals * self)
{
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
gst_face_match_intervals_clear (GstFaceMatchIntervals * self)
{
  g_hash_table_unref (self->told);
}

void
gst_face_match_intervals_reset (GstFaceMatchIntervals * self)
{
  g_hash_table_remove_all (self->told);
}

static gboolean
is_over (gpointer key, gpointer value, gpointer data)
{
  const GstFaceMatchTold *told = value;
  const GstFaceMatchMoment *moment = data;

  return moment->now - told->time >= moment->interval;
}

static void
add_entry (GstFaceMatchIntervals * self, const gchar * key, guint64 now,
    guint64 interval)
{
  GstFaceMatchTold *told = g_new0 (GstFaceMatchTold, 1);
  GstFaceMatchMoment moment = { now, interval };

  if (g_hash_table_size (self->told) >= MAX_ENTRIES)
    g_hash_table_foreach_remove (self->told, is_over, &moment);
  told->time = now;
  g_hash_table_insert (self->told, g_strdup (key), told);
}

gboolean
gst_face_match_intervals_admit (GstFaceMatchIntervals * self,
    const FacenetVerdict * match, const gchar * id, guint64 now,
    guint64 interval, gint64 * suppressed)
{
  g_autofree gchar *key = g_strjoin ("/",
      facenet_event_get_nick (match->event),
      match->reason != NULL ? match->reason : "", id, NULL);
  GstFaceMatchTold *told = g_hash_table_lookup (self->told, key);

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
