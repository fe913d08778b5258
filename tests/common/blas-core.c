/* blas-core.c - matrix products run on kernels for this CPU, whoever is around
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * OpenBLAS 0.3.21 does not know recent CPUs and reads OPENBLAS_CORETYPE when
 * it is loaded, so what counts is the state of a fresh process: each case is
 * a child with a clean environment.
 */
#include <gio/gio.h>
#include <gst/gst.h>

/* From the build: the program, and the same linked with OpenBLAS. */
static const gchar *bare, *linked;

static const gchar *
wanted_core (void)
{
#ifdef __x86_64__
  __builtin_cpu_init ();
  if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw")
      && __builtin_cpu_supports ("avx512dq")
      && __builtin_cpu_supports ("avx512vl"))
    return "SkylakeX";
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    return "Haswell";
#endif
  return NULL;
}

static gchar *
run_child (const gchar * program, const gchar * pipeline,
    const gchar * core_type)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GError) error = NULL;
  gchar *output = NULL;

  g_subprocess_launcher_unsetenv (launcher, "OPENBLAS_CORETYPE");
  if (core_type != NULL)
    g_subprocess_launcher_setenv (launcher, "OPENBLAS_CORETYPE", core_type,
        TRUE);
  child = g_subprocess_launcher_spawn (launcher, &error, program, pipeline,
      NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (child, NULL, NULL, &output,
          NULL, &error));
  g_assert_true (g_subprocess_get_successful (child));
  return g_strchomp (output);
}

static void
assert_core (const gchar * program, const gchar * pipeline)
{
  g_autofree gchar *core = NULL;

  if (wanted_core () == NULL) {
    g_test_skip ("OpenBLAS chooses for itself on this CPU");
    return;
  }
  core = run_child (program, pipeline, NULL);
  g_assert_cmpstr (core, ==, wanted_core ());
}

static void
test_bare_process (void)
{
  assert_core (bare, NULL);
}

static void
test_program_linked_with_openblas (void)
{
  assert_core (linked, NULL);
}

static void
test_behind_facedetect (void)
{
  g_autoptr (GstElementFactory) factory =
      gst_element_factory_find ("facedetect");

  if (factory == NULL) {
    g_test_skip ("facedetect is not installed");
    return;
  }
  assert_core (bare, "videotestsrc num-buffers=2 "
      "! video/x-raw,format=RGB,width=200,height=200 "
      "! facedetect display=false ! facenetencode ! fakesink");
}

static void
test_the_user_has_the_last_word (void)
{
  g_autofree gchar *core = NULL;

  if (wanted_core () == NULL) {
    g_test_skip ("no core of this CPU is known");
    return;
  }
  core = run_child (bare, NULL, "NEHALEM");
  g_assert_cmpstr (core, ==, "Nehalem");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_assert_cmpint (argc, ==, 3);
  bare = argv[1];
  linked = argv[2];
  g_test_add_func ("/blas-core/bare-process", test_bare_process);
  g_test_add_func ("/blas-core/program-linked-with-openblas",
      test_program_linked_with_openblas);
  g_test_add_func ("/blas-core/behind-facedetect", test_behind_facedetect);
  g_test_add_func ("/blas-core/the-user-has-the-last-word",
      test_the_user_has_the_last_word);
  return g_test_run ();
}
