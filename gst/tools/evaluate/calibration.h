/* calibration.h - what a calibration means
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "analysis/facenet-calibration.h"

G_BEGIN_DECLS

/* location, gallery, calibration: not owned
 * false_alarm: the chance that is borne
 * faces_per_day: of strangers, 0 when it was not said
 * written: whether the gallery has the threshold now */
typedef struct {
  const gchar *location;
  const FacenetGallery *gallery;
  const FacenetCalibration *calibration;
  gdouble false_alarm;
  gdouble faces_per_day;
  gboolean written;
} ToolCalibration;

void tool_calibration_print_json (const ToolCalibration * self);
void tool_calibration_print_text (const ToolCalibration * self);

/* plot, histogram: files, nullable */
gboolean tool_calibration_save_plots (const ToolCalibration * self,
    const gchar * plot, const gchar * histogram, GError ** error);

G_END_DECLS
