/* facenet-search.c - which loops look for near rows
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Chooses a set of loops by what the processor can do. The portable one is
 * the definition of the distance, row by row.
 */
#include "kernels/facenet-search-private.h"

#include <facenet/facenet-metric.h>

#include "base/facenet-cpu-private.h"

static gsize
next_near (const gfloat * probe, const FacenetSearchRows * rows, gfloat cut,
    gfloat * distance)
{
  const gfloat *row = rows->data;
  gsize i;

  for (i = 0; i < rows->n_rows; i++, row += rows->n_dims) {
    *distance = (gfloat) facenet_squared_l2 (probe, row, rows->n_dims);
    if (*distance <= cut)
      break;
  }
  return i;
}

static gsize
next_odd (const gfloat * probe, const FacenetSearchRows * rows, gfloat low,
    gfloat high)
{
  const gfloat *row = rows->data;
  gsize i;

  for (i = 0; i < rows->n_rows; i++, row += rows->n_dims) {
    gfloat distance = (gfloat) facenet_squared_l2 (probe, row, rows->n_dims);

    if (!(distance >= low && distance <= high))
      break;
  }
  return i;
}

static const FacenetSearchLoops portable = {
  "c", next_near, next_odd, 1, NULL
};

static gpointer
find_loops (gpointer data)
{
  const FacenetSearchLoops **list = g_new0 (const FacenetSearchLoops *, 4);
  guint n = 0;

#ifdef FACENET_HAVE_LANES
  if (facenet_cpu_has_avx512 ())
    list[n++] = &facenet_search_avx512;
  if (facenet_cpu_has_avx2 ())
    list[n++] = &facenet_search_avx2;
#endif
  list[n] = &portable;
  return list;
}

const FacenetSearchLoops *const *
facenet_search_list_loops (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, find_loops, NULL);
}

const FacenetSearchLoops *
facenet_search_get_loops (void)
{
  return facenet_search_list_loops ()[0];
}
