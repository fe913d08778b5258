# facetable.py - tables of landmarks and of boxes
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""The CSV files of the align and boxes steps; an image is known by its path
without extension, relative to the folder of pictures.

faces: path, score, box x0 y0 x1 y1, then x y of each of 68 landmarks.
boxes: path, then x y width height.
"""
import csv
import os

import numpy as np


def face_row(path, landmarks, box, score):
    return [path, '%.3f' % score, *('%.1f' % v for v in box),
            *('%.2f' % v for v in landmarks.flatten())]


def read_faces(path):
    """{image: landmarks float32 [68,2]}"""
    return {key: row[5:].reshape(68, 2) for key, row in _rows(path)}


def read_boxes(path):
    """{image: x y width height}"""
    return dict(_rows(path))


def _rows(path):
    with open(path, newline='') as f:
        for row in csv.reader(f):
            yield os.path.splitext(row[0])[0], np.float32(row[1:])
