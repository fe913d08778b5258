# align.py - step: landmarks of the faces of a folder
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Landmarks of the central face of each picture in a folder, as a table.

What evaluate and thresholds read as --faces. Pictures without a plausible face
are left out and counted.
"""
import csv
import os

from aligner import Aligner
from facetable import face_row
from images import image_list, read_rgb

BATCH = 16


def add_arguments(parser):
    parser.add_argument('images', help='folder of pictures')
    parser.add_argument('faces', help='table to write (CSV)')
    parser.add_argument('--faceapi', required=True, metavar='DIR',
                        help="face-api's model folder")


def run(args):
    aligner = Aligner(args.faceapi)
    paths = list(image_list(args.images))
    found = 0
    with open(args.faces, 'w', newline='') as f:
        table = csv.writer(f)
        for i in range(0, len(paths), BATCH):
            for row in rows(aligner, args.images, paths[i:i + BATCH]):
                table.writerow(row)
                found += 1
            if i // BATCH % 20 == 0:
                print(f'{i} of {len(paths)} images', flush=True)
    print(f'{found} faces in {len(paths)} images')


def rows(aligner, root, paths):
    images = [(p, read_rgb(os.path.join(root, p))) for p in paths]
    images = [(p, image) for p, image in images if image is not None]
    if not images:
        return
    for (path, _), face in zip(images, aligner([image for _, image in images])):
        if face:
            yield face_row(path, *face)
