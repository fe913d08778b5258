# export.py - step: checkpoint to model file
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Writes the safetensors file that the engine reads.

Filters and the dense matrix are stored as F16, the rest as F32. Metadata:
network, preprocess and crop are set, KEY=VALUE adds or replaces (name, version,
threshold, threshold-verification, training, license, lfw), and id is computed
from the values as stored. From a safetensors file its metadata is kept, so
`export OLD NEW KEY=VALUE` edits metadata.

--blend mixes in the weights of another model, such as the one that training
started from: for a short training the mean of both can be better than either.
"""
import numpy as np
import torch

from modelfile import load_network, model_id, read_safetensors, write_safetensors
from network import PARAMETERS

METADATA = {'network': 'nn4.small2', 'preprocess': 'rgb-96-unit', 'crop': 'openface'}


def add_arguments(parser):
    parser.add_argument('model', help='checkpoint or safetensors file')
    parser.add_argument('out', help='safetensors file to write')
    parser.add_argument('--last', action='store_true',
                        help="the checkpoint's last weights, not their average")
    parser.add_argument('--blend', nargs=2, metavar=('MODEL', 'SHARE'),
                        help='another model and its share in the weights, 0 to 1')
    parser.add_argument('metadata', nargs='*', metavar='KEY=VALUE')


def run(args):
    tensors = load_network(args.model, args.last).tensors()
    if args.blend:
        other = load_network(args.blend[0]).tensors()
        tensors = {name: torch.lerp(t, other[name], float(args.blend[1]))
                   for name, t in tensors.items()}
    arrays = {name: stored(t.numpy()) for name, t in tensors.items()}
    check(arrays)
    metadata = dict(METADATA)
    if args.model.endswith('.safetensors'):
        metadata.update(read_safetensors(args.model)[0])
    metadata.update(pair.split('=', 1) for pair in args.metadata)
    metadata['id'] = model_id(metadata['network'], metadata['preprocess'], arrays)
    write_safetensors(args.out, metadata, arrays)
    print(f'{args.out}: id {metadata["id"]}')


def stored(a):
    """The array as the file holds it."""
    return np.ascontiguousarray(a, '<f2' if a.ndim > 1 else '<f4')


def check(arrays):
    count = sum(a.size for a in arrays.values())
    if count != PARAMETERS:
        raise SystemExit(f'{count} parameters, wants {PARAMETERS}')
    for name, a in arrays.items():
        if not np.isfinite(a).all():
            raise SystemExit(f'{name}: a value is not finite')
