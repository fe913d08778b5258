/* facenet-session-private.h - a pass that shows every block's output
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "network/facenet-network-private.h"

#include <facenet/facenet-session.h>

G_BEGIN_DECLS

/* map: [c,h,w], valid during the call. */
typedef void (*FacenetTraceFunc) (gpointer data, const FacenetBlock * block,
    const FacenetShape * shape, const gfloat * map);

/* Embeds one face and calls func after each block, for tests and profiles. */
void facenet_session_trace (FacenetSession * self, const gfloat * face,
    FacenetTraceFunc func, gpointer data);

G_END_DECLS
