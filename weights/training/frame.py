# frame.py - the frames that faces are cut to
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Transforms from a picture to the network's 96x96 frame, and to dlib's chip.

A landmark or template point is (x, y) with pixel centres at integers; a box is
(x, y, width, height) with pixel i covering [i, i+1). A transform is a 2x3
matrix from picture to crop. Pictures are RGB uint8, [h,w,3].
"""
import cv2
import numpy as np

FRAME = 96

# OpenFace's template: mean positions of the outer eye corners (landmarks 36 and
# 45 of 68) and the base of the nose (33), in the unit square that the mean face
# of 68 points spans.
OPENFACE_POINTS = [36, 45, 33]
_MEAN = np.float32([(0.252418718401, 0.331052263829),
                    (0.782865376271, 0.321305281656),
                    (0.520712933176, 0.634268222208)])
_MEAN_MIN = np.float32([0.0792396913815, 0.182360984545])
_MEAN_MAX = np.float32([0.971193274221, 1.06080371126])
OPENFACE_TEMPLATE = (_MEAN - _MEAN_MIN) / (_MEAN_MAX - _MEAN_MIN)

# The template of dlib's get_face_chip_details for 5 points, and which of the
# 68 landmarks those are.
DLIB_POINTS = [45, 42, 36, 39, 33]
DLIB_TEMPLATE = np.float32([(0.8595674595992, 0.2134981538014),
                            (0.6460604764104, 0.2289674387677),
                            (0.1205750620789, 0.2137274526848),
                            (0.3340850613712, 0.2290642403242),
                            (0.4901123135679, 0.6277975316475)])
DLIB_PADDING = 0.25
DLIB_CHIP = 150


def similarity(src, dst):
    """Least-squares rotation, scale and shift that takes points src to dst."""
    s, d = src - src.mean(0), dst - dst.mean(0)
    norm = (s * s).sum()
    a = (s * d).sum() / norm
    b = (s[:, 0] * d[:, 1] - s[:, 1] * d[:, 0]).sum() / norm
    r = np.array([[a, -b], [b, a]])
    return np.hstack([r, (dst.mean(0) - r @ src.mean(0))[:, None]])


def scale_of(m):
    """Crop pixels per picture pixel."""
    return np.sqrt(abs(np.linalg.det(m[:, :2])))


def warp(image, m, size, border=cv2.BORDER_CONSTANT):
    """The picture under m as [size,size,3]; a picture that would alias is first
    shrunk by areas to 1.5 times the scale wanted."""
    scale = scale_of(m)
    if scale < 0.5:
        h, w = image.shape[:2]
        to = max(1, round(w * scale * 1.5)), max(1, round(h * scale * 1.5))
        image = cv2.resize(image, to, interpolation=cv2.INTER_AREA)
        fx, fy = w / to[0], h / to[1]
        m = m @ np.array([[fx, 0, fx / 2 - 0.5], [0, fy, fy / 2 - 0.5], [0, 0, 1]])
    return cv2.warpAffine(image, m, (size, size), flags=cv2.INTER_LINEAR,
                          borderMode=border)


def openface_transform(landmarks, margin=0):
    """68 landmarks -> the network's frame, `margin` pixels away from the edge."""
    return similarity(landmarks[OPENFACE_POINTS], FRAME * OPENFACE_TEMPLATE + margin)


def box_transform(box, side, down):
    """A detector's box -> the network's frame: a square of `side` times the
    box, its centre `down` box heights below that of the box."""
    x, y, w, h = box
    k = FRAME / (max(w, h) * side)
    cx, cy = x + w / 2 - 0.5, y + h * (0.5 + down) - 0.5
    half = (FRAME - 1) / 2
    return np.float32([[k, 0, half - k * cx], [0, k, half - k * cy]])


def dlib_chip(image, landmarks):
    """dlib's padded chip of the face, [150,150,3]."""
    to = (DLIB_TEMPLATE + DLIB_PADDING) / (1 + 2 * DLIB_PADDING) * DLIB_CHIP
    return warp(image, similarity(landmarks[DLIB_POINTS], to), DLIB_CHIP)
