# finder.py - ways to find faces in a picture
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Each finder takes an RGB picture and gives boxes [n,4], scores [n] and marks
[n,5,2] (None where it knows none), the best first."""
import cv2
import numpy as np
import torch

from detector import (POINTS_CROP, POINTS_SIDE, Stored, cells, decode, flat,
                      load_arrays, normalised, score)

SUPPRESS_IOU = 0.4
LOWEST = 0.02
# The least score of a detection that is worth a second look.
LOOKED_AT = 0.2
MOST = 1000
CASCADES = '/usr/share/opencv4/haarcascades/haarcascade_frontalface_'


class Network:
    """The detector; with points, each detection is looked at again: the points
    network says where its landmarks are and whether it is a face.

    detector, points: checkpoints or model files; points may be None."""

    def __init__(self, detector, points=None, last=False, lowest=None):
        arrays = load_arrays(detector, last)
        self.second = points is not None
        if self.second:
            arrays = {**arrays, **{k: a for k, a in load_arrays(points, last).items()
                                   if k[0] == 'p'}}
        self.nets = Stored(arrays)
        self.lowest = lowest or (LOOKED_AT if self.second else LOWEST)

    def __call__(self, picture):
        boxes, scores, marks = self.first(picture)
        if not self.second or not len(boxes):
            return boxes, scores, marks
        face, marks = self.again(picture, boxes)
        scores = confidence(scores, face)
        best = np.argsort(-scores)
        return boxes[best], scores[best], marks[best]

    def first(self, picture):
        """What the detector alone finds."""
        h, w = picture.shape[:2]
        whole = np.zeros((-(-h // 32) * 32, -(-w // 32) * 32, 3), np.uint8)
        whole[:h, :w] = picture
        x = normalised(torch.from_numpy(whole)[None])
        x = flat(self.nets.detector(x.contiguous(memory_format=torch.channels_last)))[0]
        scores = score(x)
        place, stride = cells(*whole.shape[:2])
        best = (scores >= self.lowest).nonzero()[:, 0]
        best = best[scores[best].argsort(descending=True)][:MOST]
        boxes, marks = decode(x[best], place[best], stride[best])
        boxes, scores = boxes.numpy(), scores[best].numpy()
        keep = suppress(boxes)
        return boxes[keep], scores[keep], marks.numpy()[keep]

    def again(self, picture, boxes):
        """Probability of a face [n] and landmarks [n,5,2] of boxes."""
        middle = (boxes[:, :2] + boxes[:, 2:]) / 2
        side = POINTS_CROP * (boxes[:, 2:] - boxes[:, :2]).max(1)
        crops = np.stack([square(picture, *args) for args in zip(middle, side)])
        x = self.nets.points(normalised(torch.from_numpy(crops)))
        mirror = self.nets.points(normalised(torch.from_numpy(crops[:, :, ::-1].copy())))
        x = (x + mirrored(mirror)) / 2
        marks = x[:, 1:].unflatten(1, (5, 2)).numpy() * side[:, None, None] + middle[:, None]
        return x[:, 0].sigmoid().numpy(), marks


def mirrored(x):
    """What the points network says of mirrored crops, as of the crops [n,11]."""
    points = x[:, 1:].unflatten(1, (5, 2))[:, [1, 0, 2, 4, 3]]
    return torch.cat([x[:, :1], (points * torch.tensor([-1.0, 1.0])).flatten(1)], 1)


def confidence(score, face):
    """Of the detector's score and the probability that the points network gives."""
    return np.sqrt(score * face)


def square(picture, middle, side):
    """The square of the picture as [64,64,3]; black where it reaches outside. What
    would alias is shrunk by areas first."""
    k = POINTS_SIDE / side
    low = [int(max(0, c - side)) for c in middle]
    high = [int(min(n, c + side) + 1) for n, c in zip(picture.shape[1::-1], middle)]
    part = picture[low[1]:max(high[1], low[1] + 2), low[0]:max(high[0], low[0] + 2)]
    if not part.size:
        return np.zeros((POINTS_SIDE, POINTS_SIDE, 3), np.uint8)
    fit = np.ones(2)
    if k < 0.7:
        to = tuple(max(2, round(n * k * 1.3)) for n in part.shape[1::-1])
        fit = np.array(part.shape[1::-1]) / to
        part = cv2.resize(part, to, interpolation=cv2.INTER_AREA)
    shift = POINTS_SIDE / 2 - k * (middle - low)
    # OpenCV's pixel centres are at integers.
    m = np.array([[k * fit[0], 0, shift[0] + k * fit[0] / 2 - 0.5],
                  [0, k * fit[1], shift[1] + k * fit[1] / 2 - 0.5]])
    return cv2.warpAffine(part, m, (POINTS_SIDE, POINTS_SIDE), flags=cv2.INTER_LINEAR)


class Cascade:
    """OpenCV's cascade with the settings of GStreamer's facedetect, or others."""

    def __init__(self, name, factor):
        self.cascade, self.factor = cv2.CascadeClassifier(CASCADES + name + '.xml'), factor

    def __call__(self, picture):
        grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        found = self.cascade.detectMultiScale(grey, self.factor, 3, 0, (30, 30))
        boxes = np.float32([(x, y, x + w, y + h) for x, y, w, h in found]).reshape(-1, 4)
        return boxes, np.ones(len(boxes), np.float32), None


def suppress(boxes):
    """Indices of the boxes, sorted best first, that overlap no better one."""
    area = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    left, keep = np.arange(len(boxes)), []
    while len(left):
        i, left = left[0], left[1:]
        keep.append(i)
        size = (np.minimum(boxes[i, 2:], boxes[left, 2:])
                - np.maximum(boxes[i, :2], boxes[left, :2]))
        both = np.maximum(size, 0).prod(1)
        left = left[both <= SUPPRESS_IOU * (area[i] + area[left] - both)]
    return np.array(keep, int)


def overlaps(a, b):
    """IoU of each of [n,4] with each of [m,4]."""
    size = np.minimum(a[:, None, 2:], b[None, :, 2:]) - np.maximum(a[:, None, :2], b[None, :, :2])
    both = np.maximum(size, 0).prod(-1)
    area = [(x[:, 2:] - x[:, :2]).prod(-1) for x in (a, b)]
    return both / (area[0][:, None] + area[1] - both)
