/* photos.h - the photos that facenet train learns from
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "media/finder.h"

#include "train/facenet-trainer.h"

G_BEGIN_DECLS

/* Adds the largest face of each photo in the folders of people below the
 * paths. What cannot be used is named on stderr and in skipped, of
 * ToolSkipped, and the rest goes on. FALSE and error when a path has no folder per person. */
gboolean tool_train_photos_load (FacenetTrainer * trainer,
    ToolFinder * finder, gchar ** paths, GArray * skipped, GError ** error);

G_END_DECLS
