# tfjs.py - weight files of TensorFlow.js
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Reads a tfjs weights manifest, the format of face-api's model folder."""
import json
import os

import numpy as np

DTYPES = {'float32': np.float32, 'int32': np.int32, 'bool': np.uint8,
          'uint8': np.uint8, 'uint16': np.uint16, 'float16': np.float16}


def read_weights(folder, name):
    """{tensor name: array} of folder/NAME-weights_manifest.json; quantised
    tensors are widened to what they stand for."""
    path = os.path.join(folder, name + '-weights_manifest.json')
    with open(path) as f:
        groups = json.load(f)
    out = {}
    for group in groups:
        data = b''.join(_read(os.path.join(folder, p)) for p in group['paths'])
        pos = 0
        for entry in group['weights']:
            out[entry['name']], pos = _tensor(entry, data, pos)
        if pos != len(data):
            raise ValueError(f'{path}: {len(data) - pos} bytes left over')
    return out


def _read(path):
    with open(path, 'rb') as f:
        return f.read()


def _tensor(entry, data, pos):
    quant = entry.get('quantization')
    stored = np.dtype(DTYPES[quant['dtype'] if quant else entry['dtype']])
    n = int(np.prod(entry['shape'], dtype=np.int64))
    a = np.frombuffer(data, stored, n, pos)
    if quant and quant['dtype'] != 'float16':
        a = a.astype(np.float32) * np.float32(quant['scale']) + np.float32(quant['min'])
    a = a.astype(DTYPES[entry['dtype']]).reshape(entry['shape'])
    return a, pos + n * stored.itemsize
