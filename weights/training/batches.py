# batches.py - training batches, made while the network works
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Endless augmented batches from background threads."""
import queue
import threading

import numpy as np
import torch

from augment import augment

QUEUE_DEPTH = 16


def batches(pack, size, seed, workers=1):
    """Yields (x [size,3,96,96], target [size,128]) for ever. Each worker goes
    through the set in a random order of its own, seeded with seed + its number;
    one worker gives the same batches every time."""
    ready = queue.Queue(QUEUE_DEPTH)
    for k in range(workers):
        threading.Thread(target=_fill, args=(ready, pack, size, seed + k),
                         daemon=True).start()
    while True:
        yield ready.get()


def _fill(ready, pack, size, seed):
    r = np.random.RandomState(seed)
    order = []
    while True:
        if len(order) < size:
            order = list(r.permutation(len(pack)))
        ids = [order.pop() for _ in range(size)]
        x = np.stack([augment(pack.crop(i), r) for i in ids]).transpose(0, 3, 1, 2)
        ready.put((torch.from_numpy(np.ascontiguousarray(x)),
                   torch.from_numpy(pack.target[ids])))
