# augment.py - random variations of the training crops
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Turns a packed crop into a network input as a plain face detector would have
cut it from a worse picture. `r` is a numpy RandomState throughout.
"""
import math

import cv2
import numpy as np

from facepack import SIDE
from frame import FRAME

LUMA = np.float32([0.299, 0.587, 0.114])


def augment(crop, r):
    """RGB uint8 [120,120,3] -> float32 [96,96,3] in [0,1]."""
    m = jitter(r)
    if r.rand() < 0.25:
        crop = low_resolution(crop, r)
    x = cv2.warpAffine(crop, m, (FRAME, FRAME), flags=cv2.INTER_LINEAR,
                       borderMode=cv2.BORDER_REPLICATE)
    if r.rand() < 0.2:
        x = jpeg(x, r)
    if r.rand() < 0.1:
        x = cv2.GaussianBlur(x, (0, 0), r.uniform(0.5, 1.5))
    x = x.astype(np.float32) * (1.0 / 255)
    if r.rand() < 0.15:
        x = np.repeat((x @ LUMA)[:, :, None], 3, 2)
    if r.rand() < 0.7:
        x = colour(x, r)
    return np.clip(x, 0, 1).astype(np.float32)


def jitter(r):
    """2x3 transform from crop to frame: rotation (σ 5°), scale (σ 6 %), shift
    (σ 2.5 pixels), mirrored half the time; about what detector boxes vary by."""
    angle = np.deg2rad(r.normal(0, 5))
    scale = math.exp(r.normal(0, 0.06))
    shift = r.normal(0, 2.5, 2)
    c, s = math.cos(angle) * scale, math.sin(angle) * scale
    flip = -1.0 if r.rand() < 0.5 else 1.0
    m = np.array([[c * flip, -s, 0], [s * flip, c, 0]], np.float32)
    m[:, 2] = (FRAME - 1) / 2 + shift - m[:, :2] @ np.full(2, (SIDE - 1) / 2)
    return m


def low_resolution(crop, r):
    """A small face, scaled up again."""
    side = max(24, int(SIDE * r.uniform(0.3, 0.9)))
    small = cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)


def jpeg(x, r):
    """Compression noise; channel order does not matter to it."""
    quality = int(r.uniform(25, 80))
    coded = cv2.imencode('.jpg', x, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(coded, cv2.IMREAD_COLOR)


def colour(x, r):
    """Contrast, brightness, and a gain for each channel."""
    x = (x - 0.5) * r.uniform(0.7, 1.3) + 0.5 + r.uniform(-0.12, 0.12)
    return x * r.uniform(0.9, 1.1, 3).astype(np.float32)
