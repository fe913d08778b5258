# detector.py - the networks that find faces and their landmarks
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""facenet-detect: two networks, PyTorch modules to train and tensors to store.

Detector: RGB [n,3,h,w] in -1..1 (byte / 127.5 - 1), 32 divides h and w -> three maps
of strides 8, 16 and 32, each [n,16,h/stride,w/stride]. The channels of a cell:
0 face or not, 1 how well the box fits (both before the sigmoid), 2..5 box,
6..15 landmarks x y (eye at the left, eye at the right, tip of the nose, left and
right corner of the mouth, as seen in the picture).

Points: RGB crops [n,3,64,64] in -1..1 -> [n,11]: face or not (before the sigmoid),
then x y of the same five landmarks in parts of the crop's side, from its centre.
"""
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from modelfile import DTYPES, read_safetensors

STRIDES = (8, 16, 32)
CHANNELS = 16
# name: inputs, outputs, kernel, stride; each with batch normalisation and ReLU, but
# for stem and p1, which have a bias in its place: normalising their large maps
# takes a fifth of the time of training.
CONVS = {
    'stem': (3, 16, 3, 2), 'c2': (16, 32, 3, 2), 'c3': (32, 32, 3, 2),
    'c3b': (32, 32, 3, 1), 'c4': (32, 64, 3, 2), 'c4b': (64, 64, 3, 1),
    'c4c': (64, 64, 3, 1), 'c5': (64, 64, 3, 2), 'c5b': (64, 64, 3, 1),
    'l3': (32, 32, 1, 1), 'l4': (64, 32, 1, 1), 'l5': (64, 32, 1, 1),
    't3': (32, 48, 3, 1), 't4': (32, 48, 3, 1), 't5': (32, 48, 3, 1)}
# Plain convolutions with a bias.
HEADS = ('o3', 'o4', 'o5')
POINTS_CONVS = {
    'p1': (3, 16, 3, 2), 'p2': (16, 32, 3, 2), 'p3': (32, 32, 3, 1),
    'p4': (32, 64, 3, 2), 'p5': (64, 64, 3, 1), 'p6': (64, 64, 3, 2)}
POINTS_SIDE = 64
# The crop's side in parts of the longer side of the detected box; same centre.
POINTS_CROP = 1.3
# Layers that an older file may lack: they begin as identities.
GROWN = ('c3b', 'c4c')


class Block(nn.Sequential):
    def __init__(self, inputs, outputs, kernel, stride):
        plain = inputs == 3
        conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=plain)
        norm = nn.Identity() if plain else nn.BatchNorm2d(outputs, momentum=0.03)
        super().__init__(conv, norm, nn.ReLU(inplace=True))
        nn.init.kaiming_normal_(self[0].weight, nonlinearity='relu')


class Network(nn.Module):
    """Named blocks, and plain layers that end the network."""
    CONVS, PLAIN = {}, ()

    def __init__(self):
        super().__init__()
        for name, shape in self.CONVS.items():
            self.add_module(name, Block(*shape))

    def folded(self):
        """{name: array as stored}, batch normalisation folded into the filters."""
        arrays = {}
        for name in self.CONVS:
            conv, norm, _ = getattr(self, name)
            w = conv.weight.double()
            if isinstance(norm, nn.BatchNorm2d):
                scale = norm.weight.double() / (norm.running_var.double() + norm.eps).sqrt()
                w = w * scale.view(-1, 1, 1, 1)
                b = norm.bias.double() - norm.running_mean.double() * scale
            else:
                b = conv.bias.double()
            put(arrays, name, w, b)
        for name in self.PLAIN:
            layer = getattr(self, name)
            put(arrays, name, layer.weight, layer.bias)
        return arrays

    @torch.no_grad()
    def unfold(self, arrays, pictures):
        """Takes the arrays of a model file. Their batch normalisation is invented
        anew, so that on these pictures [n,3,h,w] it changes nothing."""
        taps, seen = [], {}
        for name in self.CONVS:
            conv, norm, _ = getattr(self, name)
            conv.weight.copy_(tensor(arrays[name + '_w']))
            bias = tensor(arrays[name + '_b'])
            if isinstance(norm, nn.BatchNorm2d):
                norm.running_mean.zero_()
                norm.running_var.fill_(1 - norm.eps)
                norm.weight.fill_(1)
                norm.bias.copy_(bias)
                taps.append(norm.register_forward_pre_hook(
                    lambda norm, x: seen.update({norm: x[0]})))
            else:
                conv.bias.copy_(bias)
        for name in self.PLAIN:
            layer = getattr(self, name)
            layer.weight.copy_(tensor(arrays[name + '_w']))
            layer.bias.copy_(tensor(arrays[name + '_b']))
        self.eval()(pictures)
        for tap in taps:
            tap.remove()
        for norm, x in seen.items():
            var, mean = torch.var_mean(x, (0, 2, 3), unbiased=False)
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(var)
            norm.weight.copy_((var + norm.eps).sqrt())
            norm.bias.add_(mean)


class Detector(Network):
    CONVS, PLAIN = CONVS, HEADS
    # The share of faces that an untrained cell claims, and its box in strides.
    PRIOR_LOGIT, PRIOR_SIZE = -4.0, 1.1

    def __init__(self):
        super().__init__()
        for level, name in zip('345', HEADS):
            head = nn.Conv2d(CONVS['t' + level][1], CHANNELS, 1)
            nn.init.normal_(head.weight, std=0.01)
            with torch.no_grad():
                head.bias.zero_()
                head.bias[0] = self.PRIOR_LOGIT
                head.bias[4:6] = self.PRIOR_SIZE
            self.add_module(name, head)

    def forward(self, x):
        return pyramid(lambda x, name: getattr(self, name)(x), x)


class Points(Network):
    CONVS, PLAIN = POINTS_CONVS, ('points',)
    # Where the five landmarks are on average, with which an untrained network begins.
    PRIOR = (-0.16, -0.1, 0.16, -0.1, 0, 0.06, -0.13, 0.22, 0.13, 0.22)

    def __init__(self):
        super().__init__()
        self.points = nn.Linear(self.CONVS['p6'][1] * (POINTS_SIDE // 16) ** 2, 11)
        nn.init.normal_(self.points.weight, std=0.003)
        with torch.no_grad():
            self.points.bias.copy_(torch.tensor([0., *self.PRIOR]))

    def forward(self, x):
        for name in self.CONVS:
            x = getattr(self, name)(x)
        return self.points(x.contiguous().flatten(1))


def pyramid(layer, x):
    """The detector's three maps; layer(x, name) computes a row of the table."""
    def larger(x):
        return F.interpolate(x, scale_factor=2., mode='nearest')

    for name in ('stem', 'c2', 'c3', 'c3b'):
        x = layer(x, name)
    x4 = layer(layer(layer(x, 'c4'), 'c4b'), 'c4c')
    x5 = layer(layer(x4, 'c5'), 'c5b')
    p5 = layer(x5, 'l5')
    p4 = layer(x4, 'l4') + larger(p5)
    p3 = layer(x, 'l3') + larger(p4)
    return [layer(layer(p, 't' + k), 'o' + k) for p, k in ((p3, '3'), (p4, '4'), (p5, '5'))]


def tensor(array, dtype=torch.float32):
    return torch.from_numpy(array.astype(np.float64)).to(dtype)


def put(arrays, name, w, b):
    arrays[name + '_w'] = np.ascontiguousarray(w.detach().numpy(), DTYPES['F16'])
    arrays[name + '_b'] = np.ascontiguousarray(b.detach().numpy(), DTYPES['F32'])


class Stored:
    """Both networks from the arrays of a model file, in the type given."""

    def __init__(self, arrays, dtype=torch.float32):
        self.tensors = {k: tensor(a, dtype) for k, a in arrays.items()}

    def _conv(self, x, name, stride=1):
        w, b = self.tensors[name + '_w'], self.tensors[name + '_b']
        return F.conv2d(x, w, b, stride, w.shape[2] // 2)

    def _layer(self, x, name):
        if name in HEADS:
            return self._conv(x, name)
        return self._conv(x, name, {**CONVS, **POINTS_CONVS}[name][3]).relu()

    @torch.no_grad()
    def detector(self, x):
        return pyramid(self._layer, x)

    @torch.no_grad()
    def points(self, x):
        for name in POINTS_CONVS:
            x = self._layer(x, name)
        return F.linear(x.contiguous().flatten(1), self.tensors['points_w'],
                        self.tensors['points_b'])


def grown(arrays):
    """The arrays of a detector, also of an older, smaller one, in today's shapes:
    new layers are identities, new channels are unused at first."""
    arrays = dict(arrays)
    for name in GROWN:
        if name + '_w' not in arrays:
            w = torch.empty(CONVS[name][1], CONVS[name][0], 3, 3)
            put(arrays, name, nn.init.dirac_(w), torch.zeros(len(w)))
    for level in '345':
        w, b = arrays[f't{level}_w'], arrays[f't{level}_b']
        more = CONVS['t' + level][1] - len(w)
        if more > 0:
            std = math.sqrt(2 / w[0].size)
            new = np.random.default_rng(int(level)).normal(0, std, (more, *w.shape[1:]))
            arrays[f't{level}_w'] = np.concatenate([w, new.astype(w.dtype)])
            arrays[f't{level}_b'] = np.concatenate([b, np.zeros(more, b.dtype)])
            head = arrays[f'o{level}_w']
            zero = np.zeros((len(head), more, 1, 1), head.dtype)
            arrays[f'o{level}_w'] = np.concatenate([head, zero], 1)
    return arrays


def load_arrays(path, last=False):
    """The arrays of a model file, or of a checkpoint: its average or last weights."""
    if path.endswith('.safetensors'):
        arrays = read_safetensors(path)[1]
        return grown(arrays) if 'stem_w' in arrays else arrays
    state = torch.load(path, map_location='cpu', weights_only=True)
    net = Points() if 'points.weight' in state['net'] else Detector()
    net.load_state_dict(state['net' if last else 'mean'])
    return net.folded()


def cells(height, width):
    """Of all cells, level by level and row by row: place [k,2] (x y) and stride
    [k,1], in pixels."""
    places, strides = [], []
    for s in STRIDES:
        y, x = torch.meshgrid(torch.arange(height // s), torch.arange(width // s),
                              indexing='ij')
        places.append(torch.stack([x, y], -1).reshape(-1, 2) * float(s))
        strides.append(torch.full((x.numel(), 1), float(s)))
    return torch.cat(places), torch.cat(strides)


def flat(maps):
    """The maps as float32 [n,k,16]."""
    return torch.cat([m.flatten(2) for m in maps], 2).transpose(1, 2).float()


def decode(x, place, stride):
    """[n,k,16] -> boxes [n,k,4] as x0 y0 x1 y1, landmarks [n,k,5,2], in pixels."""
    centre = place + x[..., 2:4] * stride
    half = x[..., 4:6].clamp(max=6).exp() * stride / 2
    marks = place[:, None] + x[..., 6:].unflatten(-1, (5, 2)) * stride[:, None]
    return torch.cat([centre - half, centre + half], -1), marks


def score(x):
    """[n,k,16] -> [n,k], 0..1."""
    return (x[..., 0].sigmoid() * x[..., 1].sigmoid()).sqrt()


def normalised(pictures):
    """uint8 [n,h,w,3] -> [n,3,h,w] in -1..1, channels last in memory."""
    return pictures.permute(0, 3, 1, 2).float() / 127.5 - 1
