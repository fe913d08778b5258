# detectmine.py - step: false detections in the photographs of a set
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Runs the detector over the training photographs of a set and writes what it takes
for a face where none is annotated: PREFIX.SHARD.hard.npz, of the photographs of
the index first [n+1], and boxes [m,4] in pixels of the cached photograph.

Each photograph is looked at with a long side of 640 pixels or of 320, in turn.
"""
import glob

import cv2
import numpy as np

from finder import Network, overlaps

SIDES = (640, 320)
SMALLEST = 14
# In one photograph at most so many, the best first.
MOST = 12


def add_arguments(parser):
    parser.add_argument('detector', help='checkpoint or model file')
    parser.add_argument('prefix', nargs='+', help='sets')
    parser.add_argument('--score', type=float, default=0.3)


def run(args):
    find = Network(args.detector, lowest=args.score)
    for prefix in args.prefix:
        for path in sorted(glob.glob(prefix + '.*.u8')):
            mine(find, path[:-3])


def mine(find, stem):
    index = dict(np.load(stem + '.npz'))
    blob = np.memmap(stem + '.u8', np.uint8, 'r')
    found, first = [np.zeros((0, 4), np.float32)], [0]
    for i in range(len(index['name'])):
        boxes = found[0]
        if not index['held'][i]:
            h, w = index['shape'][i]
            start = index['start'][i]
            boxes = false_ones(find, blob[start:start + h * w * 3].reshape(h, w, 3),
                               index['boxes'][slice(*index['first'][i:i + 2])],
                               SIDES[i % len(SIDES)])
        found.append(boxes)
        first.append(first[-1] + len(boxes))
    np.savez(stem + '.hard.npz', first=first, boxes=np.concatenate(found))
    print(stem, first[-1], 'false detections', flush=True)


def false_ones(find, photo, faces, side):
    """Boxes of detections that have nothing to do with an annotated face."""
    scale = side / max(photo.shape[:2])
    size = round(photo.shape[1] * scale), round(photo.shape[0] * scale)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    boxes, _, _ = find.first(cv2.resize(photo, size, interpolation=how))
    boxes = boxes[(boxes[:, 2:] - boxes[:, :2]).min(1) >= SMALLEST] / np.float32(scale)
    # The middle of a box may be outside; squares are cut where there are pixels.
    boxes = np.clip(boxes, 0, np.tile(photo.shape[1::-1], 2)).astype(np.float32)
    boxes = boxes[(boxes[:, 2:] - boxes[:, :2]).min(1) >= 1]
    if len(faces) and len(boxes):
        middle = (boxes[:, :2] + boxes[:, 2:]) / 2
        within = ((middle[:, None] > faces[None, :, :2])
                  & (middle[:, None] < faces[None, :, 2:])).all(-1)
        boxes = boxes[(overlaps(boxes, faces).max(1) < 0.1) & ~within.any(1)]
    return boxes[:MOST]
