# lfw.py - pairs and crops of Labeled Faces in the Wild
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Reads LFW's pair files, cuts the crops they name and embeds them.

An image is PERSON/PERSON_0001, a .jpg below the folder of images. View 1
(pairsDevTrain.txt, pairsDevTest.txt) is for choosing; view 2 (pairs.txt, 10
folds) is for the figures of a finished model, and never to choose by.
"""
import os
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F

from facetable import read_boxes, read_faces
from frame import FRAME, box_transform, openface_transform, warp
from images import read_rgb

BATCH = 64


class Pair(NamedTuple):
    a: str
    b: str
    same: bool
    fold: int


def read_pairs(path):
    """A pair file: its first line is [folds] n; each fold has n lines `person i
    j`, then n lines `person i person j`."""
    with open(path) as f:
        head, *rows = [line.split() for line in f if line.strip()]
    fold_size = 2 * int(head[-1])
    return [_pair(row, k // fold_size) for k, row in enumerate(rows)]


def _pair(row, fold):
    same = len(row) == 3
    a, i, b, j = (row[0], row[1], row[0], row[2]) if same else row
    return Pair(f'{a}/{a}_{int(i):04d}', f'{b}/{b}_{int(j):04d}', same, fold)


def names_of(pairs):
    return sorted({name for pair in pairs for name in (pair.a, pair.b)})


def add_image_arguments(parser):
    parser.add_argument('images', help='folder of LFW images (deep-funneled)')
    parser.add_argument('--faces', required=True, metavar='CSV',
                        help='landmarks, from the align step')
    parser.add_argument('--boxes', metavar='CSV', help='boxes, from the boxes step')
    parser.add_argument('--side', type=float, default=0.81,
                        help='frame side in box sides (default 0.81)')
    parser.add_argument('--down', type=float, default=0.147,
                        help='frame centre below box centre, in box heights '
                             '(default 0.147)')


def student_crops(args, names):
    """Yields (label, {image: crop [96,96,3]}): aligned by landmarks, and cut by
    detector boxes where args has them."""
    faces = read_faces(args.faces)
    yield 'aligned', cut(args.images, {
        name: openface_transform(faces[name]) for name in names if name in faces})
    if args.boxes:
        boxes = read_boxes(args.boxes)
        yield 'boxes', cut(args.images, {
            name: box_transform(boxes[name], args.side, args.down)
            for name in names if name in boxes})


def cut(root, transforms):
    return {name: warp(read_image(root, name), m, FRAME)
            for name, m in transforms.items()}


def read_image(root, name):
    path = os.path.join(root, name + '.jpg')
    image = read_rgb(path)
    if image is None:
        raise SystemExit(f'{path}: cannot be read')
    return image


@torch.no_grad()
def embed(net, crops, mirrored=False):
    """{image: crop} -> {image: unit vector [128]}; mirrored: of the mean with
    the mirrored crop's."""
    names, out = list(crops), []
    for i in range(0, len(names), BATCH):
        x = torch.from_numpy(np.stack([crops[n] for n in names[i:i + BATCH]]))
        x = x.permute(0, 3, 1, 2).float() / 255     # in channels_last memory
        y = F.normalize(net(x))
        if mirrored:
            y = F.normalize(y + F.normalize(net(x.flip(3))))
        out.append(y)
    return dict(zip(names, torch.cat(out).numpy()))


def distances(embeddings, pairs, second=None):
    """(squared L2, same, fold) of the pairs of which both images are there; the
    second image of each is looked up in `second`, where given."""
    second = second or embeddings
    pairs = [p for p in pairs if p.a in embeddings and p.b in second]
    d = [((embeddings[p.a] - second[p.b]) ** 2).sum() for p in pairs]
    return (np.array(d), np.array([p.same for p in pairs]),
            np.array([p.fold for p in pairs]))
