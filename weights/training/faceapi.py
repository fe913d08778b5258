# faceapi.py - the teacher, and what finds faces for it
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Three networks of the npm package @vladmandic/face-api, in PyTorch.

Each takes face-api's model folder and then RGB batches [n,h,w,3], uint8 or
float, 0..255, and normalises them itself. They agree with the package's own
JavaScript to 1e-3 or better.
"""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from tfjs import read_weights

DLIB_MEAN = (122.782, 117.001, 104.298)


def nchw(x):
    """[n,h,w,c] array or tensor -> float32 [n,c,h,w] in channels_last memory."""
    if isinstance(x, np.ndarray):
        x = torch.from_numpy(np.ascontiguousarray(x))
    return x.float().permute(0, 3, 1, 2)


def same_pads(size, kernel, stride):
    """TensorFlow's SAME padding along one side: (before, after)."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def pad_same(x, kernel, stride, value=0.0):
    """Pads [n,c,h,w] as TensorFlow's SAME would for a square kernel."""
    top, bottom = same_pads(x.shape[2], kernel, stride)
    left, right = same_pads(x.shape[3], kernel, stride)
    return F.pad(x, (left, right, top, bottom), value=value)


class Frozen(nn.Module):
    """A network whose weights are buffers: moved and saved, never trained."""

    def put(self, name, value):
        self.register_buffer(name, torch.from_numpy(np.ascontiguousarray(value)))

    def put_mean(self, mean):
        self.put('mean', np.float32(mean).reshape(1, 3, 1, 1))

    def put_filter(self, name, w):
        """[k,k,in,out] as TensorFlow keeps it -> [out,in,k,k], channels last."""
        w = torch.from_numpy(np.ascontiguousarray(w.transpose(3, 2, 0, 1)))
        self.register_buffer(name, w.contiguous(memory_format=torch.channels_last))

    def put_depthwise(self, name, w):
        """[k,k,c,m] -> [c*m,1,k,k]."""
        k, _, c, m = w.shape
        self.put(name, w.transpose(2, 3, 0, 1).reshape(c * m, 1, k, k))

    def conv(self, x, name, stride=1, pad=0):
        return F.conv2d(x, getattr(self, name + '_w'), getattr(self, name + '_b'),
                        stride, pad)

    def depthwise(self, x, name, stride=1, pad=0):
        return F.conv2d(x, getattr(self, name), None, stride, pad,
                        groups=x.shape[1])


class DlibResNet(Frozen):
    """dlib's face recognition ResNet of 29 convolutions, the teacher:
    chips [n,150,150,3] -> descriptors [n,128], Euclidean, not of unit length.

    face-api divides pixels by 255 where dlib divides by 256; the targets of the
    shipped model were made with 255.
    """
    BLOCKS = ('conv32_1 conv32_2 conv32_3 conv64_down conv64_1 conv64_2 conv64_3 '
              'conv128_down conv128_1 conv128_2 conv256_down conv256_1 conv256_2 '
              'conv256_down_out').split()

    def __init__(self, folder):
        super().__init__()
        w = read_weights(folder, 'face_recognition_model')
        self._fold(w, 'conv32_down', 'conv32_down')
        for block in self.BLOCKS:
            for conv in ('conv1', 'conv2'):
                self._fold(w, f'{block}/{conv}', f'{block}_{conv}')
        self.put('fc', w['fc'])
        self.put_mean(DLIB_MEAN)

    def _fold(self, w, src, dst):
        """Convolution, bias, scale and offset folded into one filter and bias."""
        scale, offset = w[src + '/scale/weights'], w[src + '/scale/biases']
        self.put_filter(dst + '_w', w[src + '/conv/filters'] * scale)
        self.put(dst + '_b', w[src + '/conv/bias'] * scale + offset)

    def _block(self, x, name):
        down = 'down' in name
        y = F.relu(self.conv(x, name + '_conv1', 2 if down else 1, 0 if down else 1))
        y = self.conv(y, name + '_conv2', pad=1)
        if down:
            x = F.avg_pool2d(x, 2, 2)
            if x.shape[1] != y.shape[1]:
                x = torch.cat([x, torch.zeros_like(x)], 1)
            y = F.pad(y, (0, x.shape[3] - y.shape[3], 0, x.shape[2] - y.shape[2]))
        return F.relu(x + y)

    def forward(self, x):
        x = (nchw(x) - self.mean) / 255
        x = F.max_pool2d(F.relu(self.conv(x, 'conv32_down', 2)), 3, 2)
        for block in self.BLOCKS:
            x = self._block(x, block)
        return x.mean((2, 3)) @ self.fc


class TinyFaceDetector(Frozen):
    """Tiny YOLO v2 with separable convolutions: squares [n,s,s,3], 32 divides s
    -> boxes [n,k,4] as x0 y0 x1 y1 in parts of the square, scores [n,k]."""
    MEAN = (117.001, 114.697, 97.404)
    ANCHORS = ((1.603231, 2.094468), (6.041143, 7.080126), (2.882459, 3.518061),
               (4.266906, 5.178857), (9.041765, 10.66308))

    def __init__(self, folder):
        super().__init__()
        w = read_weights(folder, 'tiny_face_detector_model')
        for i in (0, 8):
            self.put_filter(f'conv{i}_w', w[f'conv{i}/filters'])
            self.put(f'conv{i}_b', w[f'conv{i}/bias'])
        for i in range(1, 6):
            self.put_depthwise(f'depth{i}', w[f'conv{i}/depthwise_filter'])
            self.put_filter(f'conv{i}_w', w[f'conv{i}/pointwise_filter'])
            self.put(f'conv{i}_b', w[f'conv{i}/bias'])
        self.put_mean(self.MEAN)
        self.put('anchors', np.float32(self.ANCHORS))

    def forward(self, x):
        x = (nchw(x) - self.mean) / 255
        x = F.leaky_relu(self.conv(x, 'conv0'), 0.1)
        x = F.max_pool2d(x, 2, 2, ceil_mode=True)
        for i in range(1, 6):
            x = self.depthwise(x, f'depth{i}', pad=1)
            x = F.leaky_relu(self.conv(x, f'conv{i}'), 0.1)
            if i < 5:
                x = F.max_pool2d(x, 2, 2, ceil_mode=True)
            else:
                x = F.max_pool2d(pad_same(x, 2, 1, float('-inf')), 2, 1)
        return self._decode(self.conv(x, 'conv8').permute(0, 2, 3, 1))

    def _decode(self, x):
        b, n = x.shape[:2]
        x = x.reshape(b, n, n, 5, -1)
        grid = torch.arange(n, dtype=torch.float32)
        cx = (x[..., 0].sigmoid() + grid.view(1, 1, n, 1)) / n
        cy = (x[..., 1].sigmoid() + grid.view(1, n, 1, 1)) / n
        w = x[..., 2].exp() * self.anchors[:, 0] / n
        h = x[..., 3].exp() * self.anchors[:, 1] / n
        boxes = torch.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], -1)
        return boxes.reshape(b, -1, 4), x[..., 4].sigmoid().reshape(b, -1)


class Landmarks68(Frozen):
    """Face crops [n,112,112,3] -> 68 landmarks [n,68,2] in parts of the crop."""
    BLOCKS, CONVS = 4, 4

    def __init__(self, folder):
        super().__init__()
        w = read_weights(folder, 'face_landmark_68_model')
        for block in range(self.BLOCKS):
            for conv in range(self.CONVS):
                src, dst = f'dense{block}/conv{conv}', f'b{block}c{conv}'
                if block == 0 and conv == 0:
                    self.put_filter(dst + '_w', w[src + '/filters'])
                else:
                    self.put_depthwise(dst + '_d', w[src + '/depthwise_filter'])
                    self.put_filter(dst + '_w', w[src + '/pointwise_filter'])
                self.put(dst + '_b', w[src + '/bias'])
        self.put('fc_w', w['fc/weights'])
        self.put('fc_b', w['fc/bias'])
        self.put_mean(DLIB_MEAN)

    def _layer(self, x, block, conv, stride):
        name, x = f'b{block}c{conv}', pad_same(x, 3, stride)
        if block == 0 and conv == 0:
            return self.conv(x, name, stride)
        return self.conv(self.depthwise(x, name + '_d', stride), name)

    def forward(self, x):
        x = (nchw(x) - self.mean) / 255
        for block in range(self.BLOCKS):
            x = total = F.relu(self._layer(x, block, 0, 2))
            for conv in range(1, self.CONVS):
                total = total + self._layer(x, block, conv, 1)
                x = F.relu(total)
        x = F.avg_pool2d(x, 7, 2).permute(0, 2, 3, 1).reshape(x.shape[0], -1)
        return (x @ self.fc_w + self.fc_b).reshape(-1, 68, 2)
