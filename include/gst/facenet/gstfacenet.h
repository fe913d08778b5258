/* gstfacenet.h - everything of libgstfacenet
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <gst/facenet/gstfacecropmeta.h>
#include <gst/facenet/gstfaceembeddingmeta.h>
#include <gst/facenet/gstfacematchmeta.h>
#include <gst/facenet/gstfacenetbindings.h>
