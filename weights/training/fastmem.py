# fastmem.py - process settings that make PyTorch fast on few cores
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Allocator, OpenMP and thread settings, worth a factor of 2 to 3 on 2 cores.

glibc gives every block above 32 MiB back to the kernel, and the page faults of
the next tensor cost more than the convolution that fills it, so the memory is
kept. Passive waiting keeps idle OpenMP threads from spinning on a core that
decodes and augments.
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
}


def restart():
    """Starts the script again with SETTINGS in its environment, once: the
    libraries read them only at start-up. What the user set stays."""
    if any(key not in os.environ for key in SETTINGS):
        os.execve(sys.executable, [sys.executable, *sys.argv],
                  {**SETTINGS, **os.environ})


def set_threads(n):
    """n threads for PyTorch; OpenCV works in the thread that calls it."""
    torch.set_num_threads(n)
    cv2.setNumThreads(0)
