/* facenet-spin-private.h - waiting awake for other threads
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns when the atomic counter has reached `least`; what the threads that
 * counted wrote before is then seen. For waits of microseconds. */
void facenet_spin_until (const gint * counter, gint least);

G_END_DECLS
