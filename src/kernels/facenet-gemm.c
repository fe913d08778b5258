/* facenet-gemm.c - the one door to BLAS
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * OpenBLAS picks its kernels once, when it is loaded, and OpenBLAS 0.3.21
 * does not know recent Intel CPUs: it then runs SSE3 code at a fifth of the
 * speed. Other plugins of a pipeline may have loaded the shared copy long
 * before us, so a private one is opened by path, with OPENBLAS_CORETYPE set
 * from CPUID for that moment.
 *
 * The private copy is Debian's single-threaded build. It takes its scratch
 * buffers from a table that it does not lock: two threads that multiply at
 * once now and then share a buffer, and get wrong numbers. A lock around each
 * product makes it right (docs/design.md has the measurement).
 */
#include "kernels/facenet-gemm-private.h"

#include "kernels/facenet-gemm-copies-private.h"

#include "base/facenet-cpu-private.h"

#include <facenet/facenet-runtime.h>
#include <cblas.h>
#include <dlfcn.h>
#include <glib/gstdio.h>

#ifdef FACENET_SANITIZE
/* AddressSanitizer refuses RTLD_DEEPBIND. */
#define PRIVATE_FLAGS (RTLD_NOW | RTLD_LOCAL)
#else
#define PRIVATE_FLAGS (RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND)
#endif

#define CORETYPE "OPENBLAS_CORETYPE"
#define SHARED "libopenblas.so.0"

/* *INDENT-OFF* */
typedef __typeof__ (openblas_get_corename) CorenameFunc;
typedef __typeof__ (openblas_get_parallel) ParallelFunc;
/* *INDENT-ON* */

static struct
{
  FacenetSgemm *sgemm;          /* NULL when no library was found */
  gchar *library;               /* file it came from */
  const gchar *core;            /* kernels it chose, "unknown" when not said */
  gboolean serialise;           /* lock around each product */
  GMutex lock;
} blas;

/* The OpenBLAS core for this CPU, NULL where its own choice is good. */
static const gchar *
core_for_cpu (void)
{
  if (facenet_cpu_has_avx512 ())
    return "SKYLAKEX";
  if (facenet_cpu_has_avx2 ())
    return "HASWELL";
  return NULL;
}

/* All builds of OpenBLAS go by one name, and whoever asks the dynamic linker
 * for that name gets the copy that was loaded first, however private it is.
 * Debian's libblas.so.3, and with it the OpenCV and libav plugins, cannot be
 * loaded on top of the single-threaded build. So the system's choice goes
 * first, unless it is the very file we want. */
static void
let_others_have_theirs (const gchar * path)
{
  g_autofree gchar *folder = g_path_get_dirname (path);
  g_autofree gchar *theirs = g_build_filename (folder, "..", SHARED, NULL);
  GStatBuf ours, system;

  if (g_stat (path, &ours) == 0 && g_stat (theirs, &system) == 0
      && ours.st_dev == system.st_dev && ours.st_ino == system.st_ino)
    return;
  dlopen (SHARED, RTLD_LAZY | RTLD_LOCAL);
}

void *
facenet_gemm_dlopen (const gchar * path)
{
  const gchar *core = core_for_cpu ();
  gboolean steer = core != NULL && g_getenv (CORETYPE) == NULL;
  void *handle;

  if (steer)
    g_setenv (CORETYPE, core, TRUE);
  handle = dlopen (path, PRIVATE_FLAGS);
  if (steer)
    g_unsetenv (CORETYPE);
  return handle;
}

static void *
open_private (const gchar * path)
{
  let_others_have_theirs (path);
  return facenet_gemm_dlopen (path);
}

static void *
open_any (void)
{
  static const gchar *const shared[] = {
    SHARED, "libcblas.so.3", "libblas.so.3"
  };
  const gchar *wish = g_getenv ("FACENET_BLAS");
  const gchar *path = wish != NULL ? wish : FACENET_BLAS_PATH;
  void *handle = open_private (path);

  if (handle != NULL) {
    blas.library = g_strdup (path);
    return handle;
  }
  g_warning ("%s cannot be opened (%s): falling back to the shared BLAS, whose "
      "kernels may not fit this CPU; Debian has it in libopenblas0-serial",
      path, dlerror ());
  for (guint i = 0; i < G_N_ELEMENTS (shared); i++) {
    handle = dlopen (shared[i], RTLD_NOW | RTLD_LOCAL);
    if (handle != NULL && dlsym (handle, "cblas_sgemm") != NULL) {
      blas.library = g_strdup (shared[i]);
      return handle;
    }
    g_clear_pointer (&handle, dlclose);
  }
  return NULL;
}

/* Never closed: threads may be inside it until the process ends. */
static void
open_blas (void)
{
  void *handle = open_any ();
  CorenameFunc *corename;
  ParallelFunc *parallel;

  if (handle == NULL)
    return;
  blas.sgemm = (FacenetSgemm *) dlsym (handle, "cblas_sgemm");
  corename = (CorenameFunc *) dlsym (handle, "openblas_get_corename");
  parallel = (ParallelFunc *) dlsym (handle, "openblas_get_parallel");
  blas.core = corename != NULL ? corename () : "unknown";
  blas.serialise = parallel != NULL && parallel () == OPENBLAS_SEQUENTIAL;
  g_debug ("BLAS %s, core %s", blas.library, blas.core);
}

static gboolean
ensure_open (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once)) {
    open_blas ();
    g_once_init_leave (&once, 1);
  }
  return blas.sgemm != NULL;
}

gboolean
facenet_gemm_open (GError ** error)
{
  if (ensure_open ())
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
      "%s: no BLAS library found, expected one with cblas_sgemm "
      "(Debian: libopenblas0-serial)", FACENET_BLAS_PATH);
  return FALSE;
}

void
facenet_gemm (guint m, guint n, guint k, const gfloat * a, const gfloat * b,
    gfloat * c)
{
  if (blas.serialise)
    g_mutex_lock (&blas.lock);
  blas.sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint) m,
      (blasint) n, (blasint) k, 1.0f, a, (blasint) k, b, (blasint) n, 0.0f, c,
      (blasint) n);
  if (blas.serialise)
    g_mutex_unlock (&blas.lock);
}

guint
facenet_gemm_open_copies (guint n)
{
  if (!ensure_open () || !blas.serialise)
    return 0;
  return facenet_gemm_copies_open (blas.library, n);
}

static void
multiply (FacenetSgemm * sgemm, const FacenetMatmul * product,
    const gfloat * a, const gfloat * b, gfloat * c)
{
  sgemm (CblasRowMajor, product->turn_a ? CblasTrans : CblasNoTrans,
      product->turn_b ? CblasTrans : CblasNoTrans, (blasint) product->m,
      (blasint) product->n, (blasint) product->k, 1.0f, a,
      (blasint) product->row_a, b, (blasint) product->row_b,
      product->add ? 1.0f : 0.0f, c, (blasint) product->row_c);
}

void
facenet_gemm_multiply (const FacenetMatmul * product, guint copy,
    const gfloat * a, const gfloat * b, gfloat * c)
{
  FacenetGemmCopy *own = facenet_gemm_copies_get (copy);
  FacenetSgemm *sgemm = own != NULL ? own->sgemm : blas.sgemm;
  GMutex *lock = own != NULL ? &own->lock : &blas.lock;

  if (own == NULL && !blas.serialise)
    lock = NULL;
  if (lock != NULL)
    g_mutex_lock (lock);
  multiply (sgemm, product, a, b, c);
  if (lock != NULL)
    g_mutex_unlock (lock);
}

/**
 * facenet_runtime_get_blas_library:
 *
 * Opens the BLAS library when no model has done so yet.
 *
 * Returns: (nullable): the file that matrix products come from, %NULL when
 *   none is installed
 *
 * Since: 0.1
 */
const gchar *
facenet_runtime_get_blas_library (void)
{
  ensure_open ();
  return blas.library;
}

/**
 * facenet_runtime_get_blas_core:
 *
 * Tells which kernels OpenBLAS runs, as it names them: "SkylakeX", "Haswell".
 * "Prescott" on a recent CPU means that it was not recognised.
 *
 * Returns: (nullable): the core, "unknown" when the library does not say,
 *   %NULL when none is installed
 *
 * Since: 0.1
 */
const gchar *
facenet_runtime_get_blas_core (void)
{
  ensure_open ();
  return blas.core;
}
