/* facenet-child-private.h - work that may crash, in a process of its own
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-error.h>

G_BEGIN_DECLS

/* Appends to out what the parent is to get. Runs in a copy of this process
 * that has only the calling thread: it must not wait for any other, and its
 * changes to memory are lost. */
typedef void (*FacenetChildFunc) (GByteArray * out, gpointer data);

/* Runs func in a child process and returns what it appended, at most max_size
 * bytes; (transfer full). FORMAT when the child died or took too long, LIMIT,
 * or OPEN when there can be none; item names in errors what it works on. */
GBytes *facenet_child_run (FacenetChildFunc func, gpointer data,
    gsize max_size, const gchar * item, GError ** error);

G_END_DECLS
