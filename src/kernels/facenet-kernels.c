/* facenet-kernels.c - which loops run on this processor
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "kernels/facenet-kernels-private.h"

#include "base/facenet-cpu-private.h"

#include <facenet/facenet-runtime.h>

#define VARIABLE "FACENET_KERNELS"
#define CBLAS "cblas"

#ifdef FACENET_HAVE_LANES
extern const FacenetKernels facenet_avx2_kernels, facenet_avx512_kernels;
#endif

const FacenetKernels *
facenet_kernels_find (const gchar * name)
{
#ifdef FACENET_HAVE_LANES
  if (g_str_equal (name, "avx512") && facenet_cpu_has_avx512 ())
    return &facenet_avx512_kernels;
  if (g_str_equal (name, "avx2") && facenet_cpu_has_avx2 ())
    return &facenet_avx2_kernels;
#endif
  return NULL;
}

static const FacenetKernels *
find_fastest (void)
{
  const FacenetKernels *kernels = facenet_kernels_find ("avx512");

  return kernels != NULL ? kernels : facenet_kernels_find ("avx2");
}

static const FacenetKernels *
choose (void)
{
  const FacenetKernels *fastest = find_fastest ();
  const gchar *wish = g_getenv (VARIABLE);
  const FacenetKernels *kernels;

  if (wish == NULL || *wish == '\0')
    return fastest;
  if (g_str_equal (wish, CBLAS))
    return NULL;
  kernels = facenet_kernels_find (wish);
  if (kernels != NULL)
    return kernels;
  g_warning (VARIABLE "=%s: this CPU or build lacks these kernels, expected "
      "avx512, avx2 or cblas; running %s", wish,
      fastest != NULL ? fastest->name : CBLAS);
  return fastest;
}

const FacenetKernels *
facenet_kernels_get (void)
{
  static gsize once = 0;
  static const FacenetKernels *kernels;

  if (g_once_init_enter (&once)) {
    kernels = choose ();
    g_debug ("kernels %s", kernels != NULL ? kernels->name : CBLAS);
    g_once_init_leave (&once, 1);
  }
  return kernels;
}

void
facenet_interleave (const FacenetShape * shape, const gfloat * in,
    const FacenetView * out, guint y0, guint y1)
{
  gsize plane = facenet_shape_plane (shape);

  for (guint y = y0; y < y1; y++) {
    for (guint ci = 0; ci < shape->c; ci++) {
      const gfloat *from = in + ci * plane + (gsize) y * shape->w;
      gfloat *to = out->data + y * out->row + ci;

      for (guint x = 0; x < shape->w; x++)
        to[x * out->pixel] = from[x];
    }
  }
}

/**
 * facenet_runtime_get_kernels:
 *
 * The environment variable `FACENET_KERNELS` chooses other ones than the
 * fastest; it is read once.
 *
 * Returns: the kernels that networks run on: "avx512", "avx2", or "cblas"
 *   where a processor has neither
 *
 * Since: 0.1
 */
const gchar *
facenet_runtime_get_kernels (void)
{
  const FacenetKernels *kernels = facenet_kernels_get ();

  return kernels != NULL ? kernels->name : CBLAS;
}
