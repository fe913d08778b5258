#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Triplet-loss golden cases: the published checks of the face-recognition notebooks.

The notebooks draw anchor, positive and negative [3,128] from N(6, 0.1), N(1, 1), N(3, 4) with
TensorFlow's Philox generator and print, for alpha = 0.2,
    527.2598266601562   per-example hinge, summed (the expected answer)
    4882.20556640625    the hinge taken per element (a wrong answer printed by one notebook)
Philox4x32-10 with key (1, 0), counter words 2,3 = (1, 0), Box-Muller, a stride of 256*384 counters
between the three draws reproduces both to float32 accuracy.

usage: triplet.py OUT.json
"""
import json
import math
import sys

import numpy as np


def philox(c, k):
    c, k = list(c), list(k)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & 0xFFFFFFFF, (p0 >> 32) ^ c[3] ^ k[1], p0 & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def unit(x):
    return float(np.frombuffer(np.uint32(0x3F800000 | (x & 0x7FFFFF)).tobytes(), np.float32)[0] - np.float32(1))


def normals(skip, n=384):
    out, i = [], skip
    while len(out) < n:
        r = philox((i & 0xFFFFFFFF, i >> 32, 1, 0), (1, 0))
        i += 1
        for a, b in ((r[0], r[1]), (r[2], r[3])):
            radius = math.sqrt(-2.0 * math.log(max(unit(a), 1e-7)))
            out += [math.sin(2 * math.pi * unit(b)) * radius, math.cos(2 * math.pi * unit(b)) * radius]
    return np.array(out[:n], np.float32).reshape(3, 128)


def main():
    z = [normals(i * 256 * 384) for i in range(3)]
    a, p, n = 6 + np.float32(0.1) * z[0], 1 + z[1], 3 + 4 * z[2]
    per_example = np.maximum(((a - p) ** 2).sum(1) - ((a - n) ** 2).sum(1) + np.float32(0.2), 0)
    per_element = np.maximum((a - p) ** 2 - (a - n) ** 2 + np.float32(0.2), 0)
    print('loss %.6f (published 527.2598266601562), per element %.6f (published 4882.20556640625)' % (
        per_example.sum(), per_element.sum()))
    json.dump({'alpha': 0.2, 'loss': 527.2598266601562, 'tolerance': 0.001,
               'anchor': a.astype(float).round(7).tolist(), 'positive': p.astype(float).round(7).tolist(),
               'negative': n.astype(float).round(7).tolist()}, open(sys.argv[1], 'w'))


main()
