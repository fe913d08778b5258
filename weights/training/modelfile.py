# modelfile.py - checkpoints, safetensors files and the model id
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Reads and writes the network's weights.

A checkpoint is the training loop's own: PyTorch's state dict of the network, the
teacher's mean descriptor, and what it takes to go on. A safetensors file is what
the engine reads: u64 LE length of a JSON header (name -> dtype, shape,
data_offsets; __metadata__ of strings), the header, then the values, little-endian
and row-major.
"""
import hashlib
import json
import os
import struct

import numpy as np
import torch

from network import Nn4Small2

DTYPES = {'F16': np.dtype('<f2'), 'F32': np.dtype('<f4')}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


def save_checkpoint(path, weights, mean, training):
    """weights: state dict; mean: [128], the teacher's mean descriptor; training:
    the state to go on from."""
    state = {'net': weights, 'mean': torch.from_numpy(mean), 'training': training}
    torch.save(state, path + '.part')
    os.replace(path + '.part', path)


def load_network(path, last=False):
    """The network of a checkpoint or of a safetensors file, on the CPU; last: the
    checkpoint's last weights instead of their average."""
    net = Nn4Small2()
    if not path.endswith('.safetensors'):
        state = torch.load(path, map_location='cpu')
        net.load_state_dict(state['training']['net'] if last else state['net'])
        return net
    _, stored = read_safetensors(path)
    for name, tensor in net.tensors().items():
        if name not in stored:
            raise SystemExit(f'{path}: no tensor {name}')
        found, wanted = stored[name].shape, tuple(tensor.shape)
        if found != wanted:
            raise SystemExit(f'{path}/{name}: shape {found}, wants {wanted}')
        tensor.copy_(torch.from_numpy(stored[name].astype(np.float32)))
    return net


def read_safetensors(path):
    """(metadata, {name: array as stored})"""
    with open(path, 'rb') as f:
        blob = f.read()
    start = 8 + int.from_bytes(blob[:8], 'little')
    header = json.loads(blob[8:start])
    metadata = header.pop('__metadata__', {})
    arrays = {}
    for name, entry in header.items():
        a, z = (start + offset for offset in entry['data_offsets'])
        values = np.frombuffer(blob[a:z], DTYPES[entry['dtype']])
        arrays[name] = values.reshape(entry['shape'])
    return metadata, arrays


def write_safetensors(path, metadata, arrays):
    """arrays: {name: F16 or F32 array}; metadata: {string: string}."""
    header, offset = {'__metadata__': metadata}, 0
    for name in sorted(arrays):
        a = arrays[name]
        header[name] = {'dtype': NAMES[a.dtype], 'shape': list(a.shape),
                        'data_offsets': [offset, offset + a.nbytes]}
        offset += a.nbytes
    head = json.dumps(header, separators=(',', ':')).encode()
    head += b' ' * (-len(head) % 8)
    with open(path, 'wb') as f:
        f.write(struct.pack('<Q', len(head)) + head)
        for name in sorted(arrays):
            f.write(arrays[name].tobytes())


def model_id(network, preprocess, arrays):
    """Hex SHA-256 of what the model computes: network and preprocess, each with
    a NUL, then for every tensor in byte order of names: name, NUL, rank and
    dimensions (u32 LE), values as stored, as float32 LE, row-major."""
    h = hashlib.sha256()
    h.update(f'{network}\0{preprocess}\0'.encode())
    for name in sorted(arrays):
        a = arrays[name]
        h.update(name.encode() + b'\0')
        h.update(struct.pack(f'<{a.ndim + 1}I', a.ndim, *a.shape))
        h.update(a.astype('<f4').tobytes())
    return h.hexdigest()
