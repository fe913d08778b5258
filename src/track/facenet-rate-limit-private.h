/* facenet-rate-limit-private.h - at most one message of a kind in a while
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-match.h>

G_BEGIN_DECLS

/* When what was told last, per kind of event and identity. */
typedef struct {
  GHashTable *told;             /* gchar * -> FacenetLastTold */
} FacenetRateLimit;

void facenet_rate_limit_init (FacenetRateLimit * self);
void facenet_rate_limit_clear (FacenetRateLimit * self);

/* Forgets what was told. */
void facenet_rate_limit_reset (FacenetRateLimit * self);

/* Asked when something is about to be told: whether it may be, at most once in
 * an interval; all times in ns. If so, suppressed is how often it was refused
 * since it was told last. */
gboolean facenet_rate_limit_admit (FacenetRateLimit * self,
    const FacenetVerdict * verdict, guint64 now, guint64 interval,
    gint64 * suppressed);

G_END_DECLS
