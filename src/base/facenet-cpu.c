/* facenet-cpu.c - what this processor can do
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Asks the CPUID instruction, and whether the system saves the registers;
 * valgrind answers it for the processor that it plays, /proc/cpuinfo does not.
 */
#include "base/facenet-cpu-private.h"

#if defined(__x86_64__) || defined(__i386__)

gboolean
facenet_cpu_has_avx2 (void)
{
  __builtin_cpu_init ();
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
}

gboolean
facenet_cpu_has_avx512 (void)
{
  __builtin_cpu_init ();
  return __builtin_cpu_supports ("avx512f")
      && __builtin_cpu_supports ("avx512bw")
      && __builtin_cpu_supports ("avx512dq")
      && __builtin_cpu_supports ("avx512vl");
}

#else

gboolean
facenet_cpu_has_avx2 (void)
{
  return FALSE;
}

gboolean
facenet_cpu_has_avx512 (void)
{
  return FALSE;
}

#endif
