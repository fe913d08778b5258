# aligner.py - one face per picture, with landmarks
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Finds the face in the middle of each picture and its 68 landmarks."""
import cv2
import numpy as np
import torch

from faceapi import Landmarks68, TinyFaceDetector

DETECT_SIZE, DETECT_SCORE = 224, 0.5
# Where the first size finds nothing, these are tried too, at a lower score.
RETRY_SIZES, RETRY_SCORE = (416, 320, 160), 0.25
SUPPRESS_IOU = 0.4
LANDMARK_SIZE = 112

# Which landmark each of the 68 becomes in a mirrored picture.
MIRROR = np.array([
    *range(16, -1, -1), *range(26, 16, -1), 27, 28, 29, 30, 35, 34, 33, 32, 31,
    45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40,
    54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65])


class Aligner:
    """Calling it with RGB pictures gives, for each, (landmarks [68,2], box
    x0 y0 x1 y1, score) in pixels, or None where no plausible face covers the
    middle.

    folder: face-api's model folder.
    fast: one landmark pass; else a second pass on a box rebuilt from the first,
    each averaged with that of the mirrored crop, which halves the error.
    """

    def __init__(self, folder, fast=False):
        self.detector = TinyFaceDetector(folder).eval()
        self.landmarker = Landmarks68(folder).eval()
        self.fast = fast

    @torch.no_grad()
    def __call__(self, images):
        found = self._detect(images)
        marks = self._landmarks(images, [f and f[0] for f in found])
        if not self.fast:
            again = self._landmarks(images, [box_around(m) for m in marks])
            marks = [(a + m) / 2 if agree(a, m) else None for a, m in zip(again, marks)]
        return [(m, *f) if m is not None and plausible(m) else None
                for m, f in zip(marks, found)]

    def _detect(self, images):
        """Per picture (box, score) or None."""
        squares = np.stack([letterbox(i, DETECT_SIZE) for i in images])
        boxes, scores = (t.numpy() for t in self.detector(squares))
        found = []
        for image, b, s in zip(images, boxes, scores):
            face = central_face(image, b, s, DETECT_SCORE)
            found.append(face or self._retry(image, b, s))
        return found

    def _retry(self, image, boxes, scores):
        boxes, scores = [boxes], [scores]
        for size in RETRY_SIZES:
            b, s = self.detector(letterbox(image, size)[None])
            boxes.append(b[0].numpy())
            scores.append(s[0].numpy())
        return central_face(image, np.concatenate(boxes), np.concatenate(scores),
                            RETRY_SCORE)

    def _landmarks(self, images, boxes):
        """Per picture landmarks [68,2] in pixels; None where the box is None or
        outside the picture."""
        out = [None] * len(images)
        crops = [face_crop(i, b) if b is not None else None
                 for i, b in zip(images, boxes)]
        where = [k for k, crop in enumerate(crops) if crop]
        if where:
            marks = self._landmark_pass(np.stack([crops[k][0] for k in where]))
            for k, m in zip(where, marks):
                _, scale, dx, dy = crops[k]
                out[k] = m * (LANDMARK_SIZE / scale) + [dx, dy] - 0.5
        return out

    def _landmark_pass(self, crops):
        if self.fast:
            return self.landmarker(crops).numpy()
        marks = self.landmarker(np.concatenate([crops, crops[:, :, ::-1]])).numpy()
        plain, mirrored = marks[:len(crops)], marks[len(crops):, MIRROR]
        mirrored = np.stack([1 - mirrored[..., 0], mirrored[..., 1]], -1)
        return (plain + mirrored) / 2


def fit(image, size):
    """The picture scaled so that its longer side is `size`, and the scale."""
    h, w = image.shape[:2]
    scale = size / max(h, w)
    to = max(1, round(w * scale)), max(1, round(h * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cv2.resize(image, to, interpolation=how), scale


def letterbox(image, size):
    """The picture in the top left corner of a black square, as face-api does."""
    image, _ = fit(image, size)
    out = np.zeros((size, size, 3), np.uint8)
    out[:image.shape[0], :image.shape[1]] = image
    return out


def face_crop(image, box):
    """The box of the picture, centred on a black square: (crop, scale, dx, dy);
    the point p of the unit square lies at p * LANDMARK_SIZE / scale + (dx, dy)
    of the picture. None for a box of which hardly anything is inside."""
    h, w = image.shape[:2]
    x0, y0 = (max(0, int(np.floor(v))) for v in box[:2])
    x1, y1 = min(w, int(np.floor(box[2]))), min(h, int(np.floor(box[3])))
    if x1 - x0 < 8 or y1 - y0 < 8:
        return None
    part, scale = fit(image[y0:y1, x0:x1], LANDMARK_SIZE)
    ph, pw = part.shape[:2]
    x, y = (LANDMARK_SIZE - pw) // 2, (LANDMARK_SIZE - ph) // 2
    out = np.zeros((LANDMARK_SIZE, LANDMARK_SIZE, 3), np.uint8)
    out[y:y + ph, x:x + pw] = part
    return out, scale, x0 - x / scale, y0 - y / scale


def suppress(boxes, scores, threshold):
    """Indices of the boxes that score enough and overlap no better one."""
    keep = []
    for i in np.argsort(-scores):
        if scores[i] < threshold:
            break
        if all(iou(boxes[i], boxes[j]) <= SUPPRESS_IOU for j in keep):
            keep.append(i)
    return keep


def iou(a, b):
    """Intersection over union of two boxes x0 y0 x1 y1."""
    size = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    both = np.prod(np.maximum(size, 0))
    return both / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - both)


def central_face(image, boxes, scores, threshold):
    """(box in pixels, score) of the largest face that covers the middle of the
    picture, so that a bystander at the edge never passes for a subject the
    detector missed; or None."""
    h, w = image.shape[:2]
    best = None
    for i in suppress(boxes, scores, threshold):
        box = boxes[i] * max(h, w)
        size = box[2:] - box[:2]
        if not np.all(np.abs((box[2:] + box[:2] - [w, h]) / 2) < 0.5 * size):
            continue
        if best is None or np.prod(size) > np.prod(best[0][2:] - best[0][:2]):
            best = box, float(scores[i])
    return best


def box_around(marks):
    """A box like the detector's, which hugs the landmarks; None for None."""
    if marks is None:
        return None
    lo, hi = marks.min(0), marks.max(0)
    pad = (hi - lo) * 0.1
    return np.concatenate([lo - pad, hi + pad])


def agree(a, b):
    """Whether two landmark passes saw the same face; on what is none they
    wander."""
    if a is None or b is None:
        return False
    return np.linalg.norm(a - b, axis=1).mean() < 0.12 * np.linalg.norm(b[45] - b[36])


def plausible(marks):
    """Whether these can be the landmarks of a face seen from its front half."""
    right, left, nose = marks[36], marks[45], marks[33]
    eyes = left - right
    span = np.hypot(*eyes)
    if span < 8 or abs(np.arctan2(eyes[1], eyes[0])) > 1.2:
        return False
    below = np.cross(eyes, nose - right) / span
    return 0.25 * span < below < 1.5 * span
