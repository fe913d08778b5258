# evaluate.py - step: LFW figures of a finished model
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""LFW's 10-fold protocol: accuracy, AUC and TAR@FAR of a model.

For the figures of a finished model only: choose recipes and thresholds with the
thresholds step. Pairs of which an image has no face are left out and counted;
the accuracy with them as errors is printed too. Thresholds are squared L2.
"""
import os

import numpy as np
import torch

from dataset import teacher_descriptors
from faceapi import DlibResNet
from facetable import read_faces
from frame import dlib_chip
from lfw import (BATCH, add_image_arguments, distances, embed, names_of, read_image,
                 read_pairs, student_crops)
from metrics import auc, cross_validated, tar_at_far
from modelfile import load_network


def add_arguments(parser):
    parser.add_argument('model', help='checkpoint, safetensors file, or for the '
                                      "teacher face-api's model folder")
    parser.add_argument('pairs', help="pair file of several folds, LFW's pairs.txt")
    add_image_arguments(parser)


def run(args):
    pairs = read_pairs(args.pairs)
    if pairs[-1].fold == 0:
        raise SystemExit(f'{args.pairs}: one fold, wants several')
    names = names_of(pairs)
    if os.path.isdir(args.model):
        report('teacher', teacher_embeddings(args, names), pairs)
        return
    net = load_network(args.model).eval().to(memory_format=torch.channels_last)
    for label, crops in student_crops(args, names):
        report(label, embed(net, crops), pairs)
        report(label + ', mean of the mirrored pair', embed(net, crops, True), pairs)


def teacher_embeddings(args, names):
    """The teacher's descriptors, each summed with the mirrored chip's."""
    faces = read_faces(args.faces)
    names = [name for name in names if name in faces]
    teacher, out = DlibResNet(args.model).eval(), {}
    for i in range(0, len(names), BATCH):
        part = names[i:i + BATCH]
        chips = np.stack([dlib_chip(read_image(args.images, n), faces[n]) for n in part])
        out.update(zip(part, teacher_descriptors(teacher, chips)))
    return out


def report(label, embeddings, pairs):
    distance, same, fold = distances(embeddings, pairs)
    folds = cross_validated(distance, same, fold)
    mean, threshold = folds.mean(0)
    # Folds are all of one size, so pairs left out weigh alike in each.
    counts = np.bincount(fold)
    strict = (folds[:, 0] * counts).sum() / len(pairs)
    print(f'{label}: {len(distance)} of {len(pairs)} pairs\n'
          f'  accuracy {mean:.4f} ± {folds[:, 0].std():.4f} at {threshold:.3f}, '
          f'{strict:.4f} with missing as errors\n'
          f'  AUC {auc(distance, same):.5f}, '
          f'TAR@FAR 1 % {tar_at_far(distance, same, 0.01):.3f}, '
          f'0.1 % {tar_at_far(distance, same, 0.001):.3f}')
