#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Golden gradients of the nn4.small2 network, by PyTorch's automatic differentiation.

Weights and images are those of reference.py for the same seed. ReLU and max pooling have kinks: a
number that rounding in float32 carries to the other side of one changes the gradient by far more
than rounding does. So of the first 64 images those three are taken whose numbers stay farthest
from all kinks, in both networks; `margin` says how far. With e [3,128] their embeddings and
c = u(i) of stream "loss", in the order of e,

    J = sum c e

and for every trained tensor of the file, in float64,

    l2      length of dJ/d tensor
    probe   sum of dJ/d tensor times u(i) of stream "probe.<name>"
    at      dJ/d tensor at flat indices 0, n/3, 2n/3 and n - 1

Batch normalisation keeps its stored statistics. Where a window of L2 pooling is all zeros its
gradient is 0.

usage: gradients.py SEED OUT.json      needs Debian's python3-torch and python3-numpy
"""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

import reference
from reference import forward, image, uniform, weights

NETWORKS = ('openface', 'facereco')


class Kinks:
    """Stands in for torch.nn.functional in reference.py and notes the nearest kink."""

    def __init__(self):
        self.margin = float('inf')

    def __getattr__(self, name):
        return getattr(F, name)

    def relu(self, y):
        self.margin = min(self.margin, y.abs().min().item())
        return F.relu(y)

    def max_pool2d(self, y, k, s, p=0):
        """The two largest of each window, but for those that are the same: made 0 by ReLU, or
        copies of one number that an earlier pool's windows shared."""
        windows = F.unfold(F.pad(y, (p, p, p, p)), k, stride=s).reshape(y.shape[1], k * k, -1)
        top = windows.topk(2, 1).values
        gap = top[:, 0] - top[:, 1]
        self.margin = min(self.margin, gap[gap > 0].min().item())
        return F.max_pool2d(y, k, s, p)


def pixels(numbers, seed):
    images = np.stack([image(n, seed) for n in numbers])
    return torch.from_numpy(images.transpose(0, 3, 1, 2).astype(np.float64) / 255.0)


def margin_of(w, number, seed):
    kinks = reference.F = Kinks()
    with torch.no_grad():
        for net in NETWORKS:
            forward(w, pixels([number], seed), net)
    reference.F = F
    return kinks.margin


def describe(name, seed, gradient):
    g = gradient.numpy().ravel()
    n = g.size
    values = [np.sqrt((g * g).sum()), (g * uniform('probe.' + name, seed, n)).sum()]
    values += [g[i] for i in (0, n // 3, 2 * n // 3, n - 1)]
    values = [float('%.9g' % v) for v in values]
    return {'l2': values[0], 'probe': values[1], 'at': values[2:]}


def differentiate(w, x, c, seed, net):
    t = {k: torch.from_numpy(v).double().requires_grad_('bn' not in k) for k, v in w.items()}
    loss = (forward(t, x, net) * c).sum()
    loss.backward()
    return {'loss': loss.item(),
            'gradients': {k: describe(k, seed, v.grad) for k, v in t.items() if v.grad is not None}}


def main():
    seed, out = int(sys.argv[1]), sys.argv[2]
    w = weights(seed)
    margins = {n: margin_of(w, n, seed) for n in range(64)}
    numbers = sorted(sorted(margins, key=margins.get)[-3:])
    c = torch.from_numpy(uniform('loss', seed, len(numbers) * 128).reshape(-1, 128))
    doc = {'seed': seed, 'images': numbers, 'margin': min(margins[n] for n in numbers),
           'networks': {net: differentiate(w, pixels(numbers, seed), c, seed, net) for net in NETWORKS}}
    with open(out, 'w') as f:
        json.dump(doc, f, indent=1)
    print('images %s, margin %.2g' % (numbers, doc['margin']))
    for net, d in doc['networks'].items():
        print(net, 'loss %.6f, %d gradients, length %.6f' % (
            d['loss'], len(d['gradients']), sum(g['l2'] ** 2 for g in d['gradients'].values()) ** 0.5))


if __name__ == '__main__':
    main()
