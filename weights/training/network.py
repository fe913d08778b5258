# network.py - nn4.small2 in PyTorch
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""OpenFace's nn4.small2 for training: RGB [n,3,96,96] in [0,1] -> [n,128], not
yet of unit length. The geometry is that of the released v1 network; the engine
computes the same function after L2 normalisation.
"""
from typing import NamedTuple, Optional, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F

PARAMETERS = 3743280


class Block(NamedTuple):
    """A row of the table of inception blocks."""
    name: str
    c: int                              # channels in
    three: Tuple[int, int, int]         # 3x3 arm: reduced to, out, stride
    five: Optional[Tuple[int, int, int]]
    pool: Tuple[str, Optional[int]]     # kind, projected to
    one: Optional[int]                  # 1x1 arm: out


BLOCKS = [
    Block('3a', 192, (96, 128, 1), (16, 32, 1), ('max', 32), 64),
    Block('3b', 256, (96, 128, 1), (32, 64, 1), ('l2', 64), 64),
    Block('3c', 320, (128, 256, 2), (32, 64, 2), ('max', None), None),
    Block('4a', 640, (96, 192, 1), (32, 64, 1), ('l2', 128), 256),
    Block('4e', 640, (160, 256, 2), (64, 128, 2), ('max', None), None),
    Block('5a', 1024, (96, 384, 1), None, ('l2', 96), 256),
    Block('5b', 736, (96, 384, 1), None, ('max', 96), 256),
]


class ConvBnRelu(nn.Module):
    """Convolution, batch normalisation, ReLU. The normalisation makes the
    convolution's bias redundant: it is kept for the file format, not trained."""

    def __init__(self, c, oc, k=1, s=1, p=0):
        super().__init__()
        self.conv = nn.Conv2d(c, oc, k, s, p)
        self.bn = nn.BatchNorm2d(oc, eps=1e-5)
        nn.init.kaiming_normal_(self.conv.weight, nonlinearity='relu')
        nn.init.zeros_(self.conv.bias)
        self.conv.bias.requires_grad_(False)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)), inplace=True)


def lrn(x):
    """Local response normalisation: x * (1 + 1e-4/5 * sum of 5 squares)^-0.75.

    The scale is within 1e-3 of 1. Training leaves it out: that moves an embedding
    by less than 3e-4 and saves a tenth of the time.
    """
    n, c, h, w = x.shape
    s = (x * x).contiguous().view(n, 1, c, h * w)
    s = F.avg_pool2d(s, (5, 1), 1, (2, 0)).view(n, c, h, w)
    return x * (s * 1e-4 + 1.0) ** -0.75


def l2_pool(x):
    """Root of the SUM of 3x3 squares, stride 3; the offset keeps the gradient of
    a window of zeros finite."""
    return torch.sqrt(F.avg_pool2d(x * x, 3, 3) * 9.0 + 1e-12)


class Nn4Small2(nn.Module):
    """The network; `convs` holds each convolution under its name in the file."""

    def __init__(self):
        super().__init__()
        convs = self.convs = nn.ModuleDict()
        convs['conv1'] = ConvBnRelu(3, 64, 7, 2, 3)
        convs['conv2'] = ConvBnRelu(64, 64)
        convs['conv3'] = ConvBnRelu(64, 192, 3, 1, 1)
        for b in BLOCKS:
            p = f'inception_{b.name}_'
            reduced, out, stride = b.three
            convs[p + '3x3_conv1'] = ConvBnRelu(b.c, reduced)
            convs[p + '3x3_conv2'] = ConvBnRelu(reduced, out, 3, stride, 1)
            if b.five:
                reduced, out, stride = b.five
                convs[p + '5x5_conv1'] = ConvBnRelu(b.c, reduced)
                convs[p + '5x5_conv2'] = ConvBnRelu(reduced, out, 5, stride, 2)
            if b.pool[1]:
                convs[p + 'pool_conv'] = ConvBnRelu(b.c, b.pool[1])
            if b.one:
                convs[p + '1x1_conv'] = ConvBnRelu(b.c, b.one)
        self.dense = nn.Linear(736, 128)

    def forward(self, x):
        convs = self.convs
        x = F.max_pool2d(convs['conv1'](x), 3, 2, 1)
        x = x if self.training else lrn(x)
        x = convs['conv3'](convs['conv2'](x))
        x = x if self.training else lrn(x)
        x = F.max_pool2d(x, 3, 2, 1)
        for b in BLOCKS:
            x = self._inception(x, b)
        return self.dense(torch.flatten(F.avg_pool2d(x, 3), 1))

    def _inception(self, x, b):
        """The arms in the order 3x3, 5x5, pool, 1x1; the pool arm is padded to
        the size of the others, centred."""
        convs, p = self.convs, f'inception_{b.name}_'
        arms = [convs[p + '3x3_conv2'](convs[p + '3x3_conv1'](x))]
        if b.five:
            arms.append(convs[p + '5x5_conv2'](convs[p + '5x5_conv1'](x)))
        pool = F.max_pool2d(x, 3, 2) if b.pool[0] == 'max' else l2_pool(x)
        if b.pool[1]:
            pool = convs[p + 'pool_conv'](pool)
        missing = arms[0].shape[2] - pool.shape[2]
        lo, hi = missing // 2, missing - missing // 2
        arms.append(F.pad(pool, (lo, hi, lo, hi)))
        if b.one:
            arms.append(convs[p + '1x1_conv'](x))
        return torch.cat(arms, 1)

    def tensors(self):
        """{name in the model file: tensor}, sharing memory with the network. Of a
        batch normalisation: w gamma, b beta, m mean, v variance."""
        out = {'dense_w': self.dense.weight, 'dense_b': self.dense.bias}
        for name, layer in self.convs.items():
            bn = name.replace('conv', 'bn')
            out[name + '_w'], out[name + '_b'] = layer.conv.weight, layer.conv.bias
            out[bn + '_w'], out[bn + '_b'] = layer.bn.weight, layer.bn.bias
            out[bn + '_m'] = layer.bn.running_mean
            out[bn + '_v'] = layer.bn.running_var
        return {name: t.detach() for name, t in out.items()}
