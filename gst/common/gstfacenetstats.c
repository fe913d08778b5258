/* gstfacenetstats.c - what was done with faces and what was left out
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Plain counters; the element guards them with its object lock.
 */
#include "gstfacenetstats.h"

/* *INDENT-OFF* */
static const gchar *const skip_fields[GST_FACENET_N_SKIPS] = {
  [GST_FACENET_SKIP_SMALL] = "skipped-small",
  [GST_FACENET_SKIP_DUPLICATE] = "skipped-duplicate",
  [GST_FACENET_SKIP_OUTSIDE] = "skipped-outside",
  [GST_FACENET_SKIP_EMPTY] = "skipped-empty",
  [GST_FACENET_SKIP_MAX_FACES] = "skipped-max-faces",
  [GST_FACENET_SKIP_QUALITY] = "skipped-quality",
  [GST_FACENET_SKIP_FULL_FRAME] = "skipped-full-frame",
  [GST_FACENET_SKIP_UNREADABLE] = "skipped-unreadable",
  [GST_FACENET_SKIP_INTERVAL] = "skipped-interval",
};
/* *INDENT-ON* */

void
gst_facenet_stats_add_frame (GstFacenetStats * self, guint n_faces,
    GstClockTime latency)
{
  self->frames++;
  self->faces += n_faces;
  if (n_faces == 0)
    return;
  self->encodes++;
  self->latency_sum += latency;
  self->latency_max = MAX (self->latency_max, latency);
}

void
gst_facenet_stats_add_skipped (GstFacenetStats * self, const guint * skipped,
    guint n_skips)
{
  guint i;

  for (i = 0; i < n_skips; i++)
    self->skipped[i] += skipped[i];
}

gchar *
gst_facenet_stats_explain_silence (const GstFacenetStats * self)
{
  GString *text;
  guint n_reasons = 0;
  guint i;

  if (self->frames == 0 || self->faces > 0)
    return NULL;
  text = g_string_new (NULL);
  g_string_printf (text, "No face in %" G_GUINT64_FORMAT " frames: ",
      self->frames);
  for (i = 0; i < GST_FACENET_N_SKIPS; i++)
    if (self->skipped[i] > 0)
      g_string_append_printf (text, "%s%" G_GUINT64_FORMAT " %s",
          n_reasons++ > 0 ? ", " : "", self->skipped[i], skip_fields[i]);
  if (n_reasons == 0)
    g_string_append (text, "no region of object-class arrived");
  return g_string_free (text, FALSE);
}

GstStructure *
gst_facenet_stats_to_structure (const GstFacenetStats * self,
    const gchar * name)
{
  const guint64 mean =
      self->encodes > 0 ? self->latency_sum / self->encodes : 0;
  const guint64 max = self->latency_max;
  GstStructure *structure = gst_structure_new (name,
      "frames", G_TYPE_UINT64, self->frames,
      "faces", G_TYPE_UINT64, self->faces,
      "mean-latency", G_TYPE_UINT64, mean,
      "max-latency", G_TYPE_UINT64, max, NULL);
  guint i;

  for (i = 0; i < GST_FACENET_N_SKIPS; i++)
    gst_structure_set (structure, skip_fields[i], G_TYPE_UINT64,
        self->skipped[i], NULL);
  gst_structure_set (structure, "landmarks-ignored", G_TYPE_UINT64,
      self->landmarks_ignored, NULL);
  return structure;
}
