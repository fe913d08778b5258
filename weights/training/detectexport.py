# detectexport.py - step: both networks to a model file
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Writes the safetensors file that the engine reads, and values to test it by.

Batch normalisation is folded into each convolution: NAME_w [out,in,k,k], F16, and
NAME_b [out], F32; points_w is [11,c*h*w]. The golden file has values of the three
maps for synthetic pictures, and of the points network for synthetic crops, computed in
float64 from the weights as stored.
"""
import json
import os

import numpy as np
import torch

from detector import (CONVS, HEADS, POINTS_CONVS, POINTS_CROP, POINTS_SIDE, STRIDES,
                      Stored, load_arrays)
from modelfile import model_id, read_safetensors, write_safetensors

METADATA = {
    'name': 'facenet-detect', 'network': 'facenet-detect', 'preprocess': 'rgb-symmetric',
    'strides': ','.join(map(str, STRIDES)),
    'input': 'RGB, multiples of 32 each way, value = byte / 127.5 - 1',
    'points_input': f'RGB {POINTS_SIDE}x{POINTS_SIDE}, value = byte / 127.5 - 1, a square '
                    f'around the centre of the box, side {POINTS_CROP} * max(width, height)',
    'points_rows': ' '.join(f'{name}:{o}x{k}s{s}' for name, (_, o, k, s)
                            in POINTS_CONVS.items()) + ' points:11',
    'license': 'research use only: trained on WIDER FACE (non-commercial research)'}
PICTURES = ((96, 64), (320, 240))


def add_arguments(parser):
    parser.add_argument('detector', help='checkpoint or model file')
    parser.add_argument('points', help='checkpoint or model file')
    parser.add_argument('out', help='safetensors file to write')
    parser.add_argument('golden', help='JSON file to write')
    parser.add_argument('--last', action='store_true',
                        help='last weights instead of their average')
    parser.add_argument('metadata', nargs='*', metavar='KEY=VALUE')


def run(args):
    found = {**load_arrays(args.detector, args.last),
             **{name: a for name, a in load_arrays(args.points, args.last).items()
                if name[0] == 'p'}}
    names = [*CONVS, *HEADS, *POINTS_CONVS, 'points']
    arrays = {name + end: found[name + end] for name in names for end in ('_w', '_b')}
    for name, a in arrays.items():
        if not np.isfinite(a).all():
            raise SystemExit(f'{name}: a value is not finite')
    metadata = {**METADATA, **dict(pair.split('=', 1) for pair in args.metadata)}
    metadata['id'] = model_id(metadata['network'], metadata['preprocess'], arrays)
    write_safetensors(args.out + '.part', metadata, arrays)
    with open(args.golden + '.part', 'w') as f:
        json.dump(golden(arrays, metadata['id']), f, indent=1)
    os.replace(args.golden + '.part', args.golden)
    os.replace(args.out + '.part', args.out)
    assert read_safetensors(args.out)[0] == metadata
    print(f'{args.out}: {sum(a.size for a in arrays.values())} values, id {metadata["id"]}')
    for width, height in ((320, 256), (640, 480)):
        print(f'{width}x{height}: {multiply_adds(arrays, width, height) / 1e6:.1f} M multiply-adds')
    print(f'points: {multiply_adds(arrays) / 1e6:.2f} M multiply-adds')


def multiply_adds(arrays, width=None, height=None):
    """Of the detector for a picture of this size; of the points network without."""
    total, scale = 0, 1
    for name, (_, _, _, stride) in (CONVS if width else POINTS_CONVS).items():
        if name[0] in 'lto':
            continue
        scale *= stride
        places = (width or POINTS_SIDE) // scale * ((height or POINTS_SIDE) // scale)
        total += arrays[name + '_w'].size * places
    if not width:
        return total + arrays['points_w'].size
    for level, stride in zip('345', STRIDES):
        size = sum(arrays[row + level + '_w'].size for row in 'lto')
        total += size * (width // stride) * (height // stride)
    return total


def synthetic(width, height):
    """uint8 [height,width,3]: bits 16 to 23 of s, where s starts at 12345 and
    becomes s * 1103515245 + 12345 modulo 2^32 before each value is taken, along
    the row, R G B for each pixel."""
    state, out = 12345, bytearray()
    for _ in range(width * height * 3):
        state = (state * 1103515245 + 12345) & 0xffffffff
        out.append(state >> 16 & 255)
    return np.frombuffer(bytes(out), np.uint8).reshape(height, width, 3)


def smooth(side):
    """uint8 [side,side,3]: at row y and column x R = 4x, G = 4y, B = 2x + 2y, each
    modulo 256."""
    y, x = np.mgrid[:side, :side]
    return np.uint8(np.stack([4 * x, 4 * y, 2 * x + 2 * y], -1) % 256)


def golden(arrays, model):
    """Values at four corners and the middle of each map, and each map's mean; all
    values of the points network."""
    nets, pictures = Stored(arrays, torch.float64), []
    for width, height in PICTURES:
        # Whole blocks of 32: what is added at the right and below is black.
        whole = np.zeros((-(-height // 32) * 32, -(-width // 32) * 32, 3), np.uint8)
        whole[:height, :width] = synthetic(width, height)
        maps = []
        for stride, m in zip(STRIDES, nets.detector(exact(whole))):
            h, w = m.shape[2:]
            places = sorted({(0, 0), (0, w - 1), (h - 1, 0), (h - 1, w - 1), (h // 2, w // 2)})
            maps.append({
                'stride': stride, 'shape': [16, h, w], 'mean': float(m.mean()),
                'mean_abs': float(m.abs().mean()),
                'cells': [{'row': r, 'column': c,
                           'values': [round(v, 9) for v in m[0, :, r, c].tolist()]}
                          for r, c in places]})
        pictures.append({'width': width, 'height': height,
                         'network_width': whole.shape[1], 'network_height': whole.shape[0],
                         'first_bytes': whole[0, :4].flatten().tolist(), 'maps': maps})
    points = []
    for name, crop in (('noise', synthetic(POINTS_SIDE, POINTS_SIDE)),
                       ('smooth', smooth(POINTS_SIDE))):
        values = nets.points(exact(crop))[0].tolist()
        points.append({'crop': name, 'first_bytes': crop[0, :4].flatten().tolist(),
                       'values': [round(v, 9) for v in values]})
    return {'model': model, 'picture': synthetic.__doc__.replace('\n    ', ' '),
            'padding': 'black (byte 0, value -1) at the right and below, to multiples of 32',
            'maps': 'raw, before any sigmoid or exp; computed in float64 from the '
                    'weights as stored (F16 filters, F32 biases)', 'pictures': pictures,
            'crops': 'of 64x64; noise as picture; smooth: '
                     + smooth.__doc__.replace('\n    ', ' '), 'points': points}


def exact(picture):
    return torch.from_numpy(picture.astype(np.float64)).permute(2, 0, 1)[None] / 127.5 - 1
