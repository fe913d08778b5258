# fastmem.py - process settings that make PyTorch fast on few cores
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Allocator, OpenMP and processor settings, worth a factor of 2 to 3 on 2 cores.

glibc gives every block above 32 MiB back to the kernel, and the page faults of
the next tensor cost more than the convolution that fills it, so the memory is
kept. Passive waiting keeps idle OpenMP threads from spinning on a core that
decodes, multiplies matrices, or serves another process.

Debian's OpenBLAS takes processors newer than itself for the oldest it knows, and
PyTorch uses AVX-512 only when told to.
"""
import os
import sys

import cv2
import torch

SETTINGS = {
    'MALLOC_MMAP_MAX_': '0',
    'MALLOC_TRIM_THRESHOLD_': '8000000000',
    'MALLOC_TOP_PAD_': '100000000',
    'OMP_WAIT_POLICY': 'PASSIVE',
    # OpenBLAS's own threads spin as well: with two of them the small products of
    # the optimiser took 70 times longer.
    'OPENBLAS_NUM_THREADS': '1',
}
# By a flag of /proc/cpuinfo, the best first.
PROCESSORS = [
    ('avx512vl', {'ATEN_CPU_CAPABILITY': 'avx512', 'OPENBLAS_CORETYPE': 'SkylakeX'}),
    ('avx2', {'OPENBLAS_CORETYPE': 'Haswell'}),
]


def restart():
    """Starts the script again with the settings in its environment, once: the
    libraries read them only at start-up. What the user set stays."""
    settings = {**SETTINGS, **processor_settings()}
    if any(key not in os.environ for key in settings):
        os.execve(sys.executable, [sys.executable, *sys.argv],
                  {**settings, **os.environ})


def processor_settings():
    try:
        with open('/proc/cpuinfo') as f:
            flags = {word for line in f if line.startswith('flags')
                     for word in line.split()}
    except OSError:
        flags = set()
    return next((values for flag, values in PROCESSORS if flag in flags), {})


def set_threads(n):
    """n threads for PyTorch; OpenCV works in the thread that calls it."""
    torch.set_num_threads(n)
    cv2.setNumThreads(0)
