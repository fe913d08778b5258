/* gstfacematchintervals.h - no floods of the same message
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-match.h>

G_BEGIN_DECLS

/* When what was told last, per kind of event and identity. */
typedef struct {
  GHashTable *told;             /* gchar * -> GstFaceMatchTold */
} GstFaceMatchIntervals;

void gst_face_match_intervals_init (GstFaceMatchIntervals * self);
void gst_face_match_intervals_clear (GstFaceMatchIntervals * self);

/* Forgets what was told. */
void gst_face_match_intervals_reset (GstFaceMatchIntervals * self);

/* Asked when something is about to be told: whether it may be, at most once in
 * an interval; all times in ns. If so, suppressed is how often it was refused
 * since it was told last. id is nullable. */
gboolean gst_face_match_intervals_admit (GstFaceMatchIntervals * self,
    const FacenetVerdict * match, const gchar * id, guint64 now,
    guint64 interval, gint64 * suppressed);

G_END_DECLS
