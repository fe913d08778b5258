# boxes.py - step: boxes of OpenCV's face detector
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Box of the central face of each picture, by OpenCV's frontal-face cascade.

What evaluate and thresholds read as --boxes: the input a pipeline with
facedetect has. Needs Debian's opencv-data.
"""
import csv
import os

import cv2

from images import image_list

CASCADE = '/usr/share/opencv4/haarcascades/haarcascade_frontalface_default.xml'


def add_arguments(parser):
    parser.add_argument('images', help='folder of pictures')
    parser.add_argument('boxes', help='table to write (CSV)')
    parser.add_argument('--cascade', default=CASCADE, metavar='XML')


def run(args):
    cascade = cv2.CascadeClassifier(args.cascade)
    if cascade.empty():
        raise SystemExit(f'{args.cascade}: not a cascade')
    seen = found = 0
    with open(args.boxes, 'w', newline='') as f:
        table = csv.writer(f)
        for path in image_list(args.images):
            grey = cv2.imread(os.path.join(args.images, path), cv2.IMREAD_GRAYSCALE)
            box = None if grey is None else central_box(cascade, grey)
            seen += 1
            if box is not None:
                table.writerow([path, *box])
                found += 1
    print(f'{found} boxes in {seen} images')


def central_box(cascade, grey):
    """(x, y, width, height) of the largest box that covers the middle, or None;
    the cascade's settings are those of facedetect."""
    h, w = grey.shape
    found = [b for b in cascade.detectMultiScale(grey, 1.25, 3, 1, (30, 30))
             if abs(b[0] + b[2] / 2 - w / 2) < b[2] / 2
             and abs(b[1] + b[3] / 2 - h / 2) < b[3] / 2]
    return max(found, key=lambda b: b[2] * b[3]) if found else None
