/* facenet-torch-names-private.h - names of OpenFace's PyTorch port
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "bn1.running_mean" -> "bn1_m"; NULL for a key the port does not have.
 * (transfer full) */
gchar *facenet_torch_map_name (const gchar * key);

G_END_DECLS
