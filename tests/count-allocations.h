/* count-allocations.h - counts what a test program allocates
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * These take the place of libc's. Not for sanitizers, which do the same.
 */
#pragma once

#ifndef FACENET_SANITIZE
#include <glib.h>

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_memalign (size_t alignment, size_t size);

static gint n_allocations;

void *
malloc (size_t size)
{
  g_atomic_int_inc (&n_allocations);
  return __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  g_atomic_int_inc (&n_allocations);
  return __libc_calloc (n, size);
}

void *
aligned_alloc (size_t alignment, size_t size)
{
  g_atomic_int_inc (&n_allocations);
  return __libc_memalign (alignment, size);
}
#endif
