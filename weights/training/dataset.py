# dataset.py - step: photographs to a training set
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Packs the faces of photo collections, with the teacher's descriptors.

Of every photograph with one plausible face in the middle it keeps a 120x120
crop around the network's frame and the teacher's descriptor of the aligned
chip, summed with that of the mirrored chip. facepack.py describes the files.

A SOURCE is NAME=FOLDER, or NAME=LIST with LIST a file whose first line is the
folder and whose other lines are paths in it. Run several shards at a time, each
with --threads 1.
"""
import os

import cv2
import numpy as np
import torch

from aligner import Aligner
from faceapi import DlibResNet
from facepack import MARGIN, SIDE, FacePackWriter
from frame import dlib_chip, openface_transform, scale_of, warp
from images import image_list, read_rgb

BATCH = 16


def add_arguments(parser):
    parser.add_argument('prefix', help='files to write: PREFIX.SHARD.bin and others')
    parser.add_argument('sources', nargs='+', metavar='SOURCE')
    parser.add_argument('--faceapi', required=True, metavar='DIR',
                        help="face-api's model folder")
    parser.add_argument('--shard', default='0/1', metavar='K/N',
                        help='make shard K of N (default 0/1)')


def run(args):
    shard, shards = map(int, args.shard.split('/'))
    photos = [p for s in args.sources for p in list_source(s)][shard::shards]
    aligner = Aligner(args.faceapi, fast=True)
    teacher = DlibResNet(args.faceapi).eval()
    pack = FacePackWriter(args.prefix, shard)
    for i in range(0, len(photos), BATCH):
        add_faces(pack, photos[i:i + BATCH], aligner, teacher)
        if i // BATCH % 50 == 0:
            print(f'{i} of {len(photos)} photographs', flush=True)
    pack.close()
    print(f'{len(pack.names)} faces in {len(photos)} photographs')


def list_source(source):
    """[(name in the set, path)] of one NAME=FOLDER or NAME=LIST."""
    name, src = source.split('=', 1)
    if os.path.isfile(src):
        with open(src) as f:
            root, *paths = f.read().split('\n')
        paths = [p for p in paths if p]
    else:
        root, paths = src, image_list(src)
    return [(f'{name}/{p}', os.path.join(root, p)) for p in paths]


def add_faces(pack, photos, aligner, teacher):
    images = [(name, read_rgb(path)) for name, path in photos]
    images = [(name, image) for name, image in images if image is not None]
    if not images:
        return
    faces = [(name, image, face[0])
             for (name, image), face in zip(images, aligner([i for _, i in images]))
             if face]
    if not faces:
        return
    chips = np.stack([dlib_chip(image, marks) for _, image, marks in faces])
    descriptors = teacher_descriptors(teacher, chips)
    for (name, image, marks), descriptor in zip(faces, descriptors):
        m = openface_transform(marks, MARGIN)
        crop = warp(image, m, SIDE, cv2.BORDER_REPLICATE)
        pack.add(name, crop, descriptor, scale_of(m))


@torch.no_grad()
def teacher_descriptors(teacher, chips):
    """uint8 [n,150,150,3] -> [n,128], each plus that of the mirrored chip."""
    x = torch.from_numpy(chips)
    return (teacher(x) + teacher(x.flip(2))).numpy()
