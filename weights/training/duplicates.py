# duplicates.py - step: training photographs that are in a test set too
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Lists the photographs of a packed set that show a picture of a test folder.

The list is for distill --without. Candidates are pairs of faces that the teacher
takes for one person beyond doubt; to tell one photograph from two of one person
their crops are compared pixel by pixel, in grey, at the best of a few shifts.
"""
import os

import numpy as np
import torch

from dataset import teacher_descriptors
from facepack import MARGIN, FacePack
from faceapi import DlibResNet
from facetable import read_faces
from frame import FRAME, dlib_chip, openface_transform, warp
from images import read_rgb

BATCH = 16
NEAR = 0.4         # distance of teacher descriptors; one person below 0.6
ALIKE = 0.95       # correlation of pixels
SHIFTS = range(-4, 5, 2)


def add_arguments(parser):
    parser.add_argument('data', help='prefix of a packed set, or several with commas')
    parser.add_argument('images', help='folder of test pictures')
    parser.add_argument('list', help='file of names to write')
    parser.add_argument('--faces', required=True, metavar='CSV',
                        help='landmarks of the test pictures, from the align step')
    parser.add_argument('--faceapi', required=True, metavar='DIR',
                        help="face-api's model folder")
    parser.add_argument('--near', type=float, default=NEAR,
                        help=f'distance to look at (default {NEAR})')
    parser.add_argument('--alike', type=float, default=ALIKE,
                        help=f'correlation to list (default {ALIKE})')


def run(args):
    pack = FacePack(args.data.split(','))
    faces = read_faces(args.faces)
    names, tests = list(faces), describe(args, faces)
    trained = torch.from_numpy((pack.target * pack.norm + pack.mean) / 2)
    found, near = {}, set()
    for i in range(0, len(names), 64):
        distance = torch.cdist(torch.from_numpy(tests[i:i + 64]), trained)
        for k, n in (distance < args.near).nonzero().tolist():
            near.add(n)
            alike = likeness(crop(args.images, names[i + k], faces), pack.crop(n))
            if alike > args.alike:
                found[n] = max(found.get(n, (0,)), (alike, names[i + k]))
    with open(args.list, 'w') as f:
        f.write(f'# {len(found)} of {len(pack)} photographs, also in the test set\n')
        for n, (alike, name) in sorted(found.items()):
            print(f'{pack.names[n]} is {name}, correlation {alike:.3f}')
            f.write(pack.names[n] + '\n')
    print(f'{len(found)} duplicates; {len(near)} photographs nearer than '
          f'{args.near} to one of {len(names)}')


def describe(args, faces):
    """The teacher's descriptors [n,128] of the test pictures."""
    teacher, names, out = DlibResNet(args.faceapi).eval(), list(faces), []
    for i in range(0, len(names), BATCH):
        part = names[i:i + BATCH]
        chips = [dlib_chip(picture(args.images, n), faces[n]) for n in part]
        out.append(teacher_descriptors(teacher, np.stack(chips)) / 2)
    return np.concatenate(out)


def picture(root, name):
    return read_rgb(os.path.join(root, name + '.jpg'))


def crop(root, name, faces):
    m = openface_transform(faces[name])
    return warp(picture(root, name), m, FRAME)


def likeness(frame, packed):
    """Best correlation of a 96x96 frame, mirrored or not, with the middle of a
    packed crop and the places around it."""
    a, places = standard(frame), [MARGIN + shift for shift in SHIFTS]
    parts = [standard(packed[y:y + FRAME, x:x + FRAME]) for y in places for x in places]
    return max(float((b * part).mean()) for part in parts for b in (a, a[:, ::-1]))


def standard(rgb):
    """Grey with mean 0 and variance 1."""
    grey = rgb.mean(2)
    return (grey - grey.mean()) / (grey.std() + 1e-6)
