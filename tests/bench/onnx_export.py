# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""nn4.small2 as an ONNX file, for engines to be compared with.

Reads the safetensors file, folds batch normalisation into the convolutions
and writes the graph up to the dense layer; dividing by the length is left to
the caller. The few messages of ONNX's protobuf schema that this takes are
written by hand, so that nothing has to be installed for it.
"""
import json
import struct

import numpy

FLOAT, INT64 = 1, 7

# Name, 3x3 arm (reduce, out, stride), 5x5 arm, pool arm (kind, stride,
# project), 1x1 arm: as in src/network/facenet-network.c.
INCEPTIONS = [
    ('inception_3a', (96, 128, 1), (16, 32, 1), ('max', 2, 32), 64),
    ('inception_3b', (96, 128, 1), (32, 64, 1), ('l2', 3, 64), 64),
    ('inception_3c', (128, 256, 2), (32, 64, 2), ('max', 2, 0), 0),
    ('inception_4a', (96, 192, 1), (32, 64, 1), ('l2', 3, 128), 256),
    ('inception_4e', (160, 256, 2), (64, 128, 2), ('max', 2, 0), 0),
    ('inception_5a', (96, 384, 1), None, ('l2', 3, 96), 256),
    ('inception_5b', (96, 384, 1), None, ('max', 2, 96), 256),
]


def varint(n):
    n &= (1 << 64) - 1
    out = b''
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def number(field, n):
    return varint(field << 3) + varint(n)


def data(field, payload):
    if isinstance(payload, str):
        payload = payload.encode()
    return varint(field << 3 | 2) + varint(len(payload)) + payload


def attribute(name, value):
    """AttributeProto of a float, an int or a list of ints."""
    if isinstance(value, float):
        body = varint(2 << 3 | 5) + struct.pack('<f', value) + number(20, 1)
    elif isinstance(value, int):
        body = number(3, value) + number(20, 2)
    else:
        body = b''.join(number(8, v) for v in value) + number(20, 7)
    return data(5, data(1, name) + body)


def value_info(field, name, dims):
    shape = b''.join(
        data(1, data(2, d) if isinstance(d, str) else number(1, d))
        for d in dims)
    tensor = number(1, FLOAT) + data(2, shape)
    return data(field, data(1, name) + data(2, data(1, tensor)))


def read_safetensors(path):
    """Tensors by name, as float32."""
    with open(path, 'rb') as file:
        header = json.loads(file.read(struct.unpack('<Q', file.read(8))[0]))
        blob = file.read()
    types = {'F32': '<f4', 'F16': '<f2'}
    return {
        name: numpy.frombuffer(blob[slice(*t['data_offsets'])],
                               types[t['dtype']]).reshape(t['shape'])
        .astype(numpy.float32)
        for name, t in header.items() if name != '__metadata__'}


class Graph:
    def __init__(self, tensors, fast_lrn):
        self.tensors = tensors
        self.fast_lrn = fast_lrn
        self.body = b''
        self.count = 0

    def constant(self, values, dtype=FLOAT):
        """Adds an initializer, returns its name."""
        self.count += 1
        name = 'c%d' % self.count
        values = numpy.asarray(
            values, numpy.float32 if dtype == FLOAT else numpy.int64)
        self.body += data(5, b''.join(number(1, d) for d in values.shape) +
                          number(2, dtype) + data(8, name) +
                          data(9, values.tobytes()))
        return name

    def node(self, kind, inputs, **attributes):
        """Adds a node, returns the name of its output."""
        self.count += 1
        name = 'n%d' % self.count
        self.body += data(
            1, b''.join(data(1, i) for i in inputs) + data(2, name) +
            data(3, name) + data(4, kind) +
            b''.join(attribute(k, v) for k, v in attributes.items()))
        return name

    def conv(self, x, name, norm, stride=1, pad=0):
        """Convolution with its batch normalisation folded in, and ReLU."""
        t = {k: self.tensors[k].astype(numpy.float64) for k in
             [name + '_w', name + '_b'] + [norm + s for s in
                                           ('_w', '_b', '_m', '_v')]}
        gain = t[norm + '_w'] / numpy.sqrt(t[norm + '_v'] + 1e-5)
        weights = t[name + '_w'] * gain[:, None, None, None]
        bias = (t[name + '_b'] - t[norm + '_m']) * gain + t[norm + '_b']
        k = weights.shape[2]
        y = self.node('Conv', [x, self.constant(weights), self.constant(bias)],
                      kernel_shape=[k, k], strides=[stride] * 2,
                      pads=[pad] * 4)
        return self.node('Relu', [y])

    def pool(self, x, kind, k, stride, pad=0):
        shape = dict(kernel_shape=[k, k], strides=[stride] * 2)
        if kind == 'max':
            return self.node('MaxPool', [x], pads=[pad] * 4, **shape)
        if kind == 'average':
            return self.node('AveragePool', [x], **shape)
        mean = self.node('AveragePool', [self.node('Mul', [x, x])], **shape)
        return self.node('Sqrt', [
            self.node('Mul', [mean, self.constant([k * k])])])

    def lrn(self, x, c, side):
        if not self.fast_lrn:
            return self.node('LRN', [x], size=5, alpha=1e-4, beta=0.75,
                             bias=1.0)
        # x / (sqrt(s) sqrt(sqrt(s))): the mean over five channels is a pool.
        planes = self.node('Reshape', [
            self.node('Mul', [x, x]),
            self.constant([0, 1, c, side * side], INT64)])
        mean = self.node('AveragePool', [planes], kernel_shape=[5, 1],
                         strides=[1, 1], pads=[2, 0, 2, 0],
                         count_include_pad=1)
        mean = self.node('Reshape', [
            mean, self.constant([0, c, side, side], INT64)])
        scale = self.node('Add', [
            self.node('Mul', [mean, self.constant([1e-4])]),
            self.constant([1.0])])
        root = self.node('Sqrt', [scale])
        return self.node('Div', [
            x, self.node('Mul', [root, self.node('Sqrt', [root])])])

    def arm(self, x, block, k, arm):
        if arm is None:
            return []
        name = '%s_%dx%d_' % (block, k, k)
        y = self.conv(x, name + 'conv1', name + 'bn1')
        return [self.conv(y, name + 'conv2', name + 'bn2', arm[2], k // 2)]

    def pool_arm(self, x, block, arm, side, out):
        kind, stride, project = arm
        y = self.pool(x, kind, 3, stride)
        inner = (side - 3) // stride + 1
        if project:
            y = self.conv(y, block + '_pool_conv', block + '_pool_bn')
        before = (out - inner) // 2
        after = out - inner - before
        pads = [0, 0, before, before, 0, 0, after, after]
        return self.node('Pad', [y, self.constant(pads, INT64)])

    def inception(self, x, side, row):
        block, arm3, arm5, pool, one = row
        out = (side - 1) // arm3[2] + 1
        parts = self.arm(x, block, 3, arm3) + self.arm(x, block, 5, arm5)
        parts.append(self.pool_arm(x, block, pool, side, out))
        if one:
            parts.append(
                self.conv(x, block + '_1x1_conv', block + '_1x1_bn'))
        return self.node('Concat', parts, axis=1), out

    def network(self):
        x = self.conv('face', 'conv1', 'bn1', 2, 3)
        x = self.lrn(self.pool(x, 'max', 3, 2, 1), 64, 24)
        x = self.conv(x, 'conv2', 'bn2')
        x = self.lrn(self.conv(x, 'conv3', 'bn3', 1, 1), 192, 24)
        x = self.pool(x, 'max', 3, 2, 1)
        side = 12
        for row in INCEPTIONS:
            x, side = self.inception(x, side, row)
        x = self.node('Flatten', [self.pool(x, 'average', 3, 1)], axis=1)
        return self.node('Gemm', [
            x, self.constant(self.tensors['dense_w']),
            self.constant(self.tensors['dense_b'])], transB=1)


def export(weights, path, fast_lrn):
    graph = Graph(read_safetensors(weights), fast_lrn)
    last = graph.network()
    body = graph.body + data(2, 'nn4.small2')
    body += value_info(11, 'face', ['n', 3, 96, 96])
    body += value_info(12, last, ['n', 128])
    model = number(1, 6) + data(7, body) + data(8, data(1, '') + number(2, 11))
    with open(path, 'wb') as file:
        file.write(model)
