# thresholds.py - step: figures and thresholds of a model
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Figures and thresholds (squared L2) of a model on LFW view 1.

Prints the balanced threshold of pairsDevTrain.txt with its accuracy on
pairsDevTest.txt, AUC and TAR@FAR of both files' pairs, and, from the distances
of every image to every image of another person, the threshold of each false
accept rate with what it means for watch lists. --conditions measures small and
grey faces against good ones.

--embedded takes what `facenet embed --json IMAGES` printed instead: the faces as
the programs of this project find, align and embed them.
"""
import json
import os

import cv2
import numpy as np

from frame import FRAME
from lfw import (add_image_arguments, distances, embed, names_of, read_pairs,
                 student_crops)
from metrics import (accuracy, auc, best_threshold, stranger_matches, tar_at_far,
                     threshold_at_far)
from modelfile import load_network

RATES = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
LISTS = (20, 100, 10000)
SIZES = (64, 48, 32, 24)


def add_arguments(parser):
    parser.add_argument('model', help='checkpoint or safetensors file')
    parser.add_argument('train', help='pairsDevTrain.txt')
    parser.add_argument('test', help='pairsDevTest.txt')
    add_image_arguments(parser)
    parser.add_argument('--at', type=float, nargs='*', default=[], metavar='DISTANCE',
                        help='thresholds to describe too')
    parser.add_argument('--embedded', metavar='JSONL',
                        help='embeddings that facenet embed --json printed')
    parser.add_argument('--conditions', action='store_true',
                        help='measure small and grey faces')


def run(args):
    train, test = read_pairs(args.train), read_pairs(args.test)
    if args.embedded:
        embeddings = read_embeddings(args.embedded)
        balanced = report('embedded', embeddings, train, test)
        watch_lists(embeddings, train + test, [balanced, *args.at])
        return
    net = load_network(args.model).eval()
    for label, crops in student_crops(args, names_of(train + test)):
        embeddings = embed(net, crops)
        balanced = report(label, embeddings, train, test)
        watch_lists(embeddings, train + test, [balanced, *args.at])
        if args.conditions:
            conditions(net, crops, embeddings, train, test)


def read_embeddings(path):
    """Name of each image and the embedding of the face nearest to its middle, for
    images of one size."""
    with open(path, encoding='utf-8') as file:
        images = [json.loads(line) for line in file]
    images = [image for image in images if image.get('faces')]
    boxes = [face['box'] for image in images for face in image['faces']]
    middle = np.median([[b['x'] + b['width'] / 2, b['y'] + b['height'] / 2]
                        for b in boxes], axis=0)

    def distance(face):
        box = face['box']
        return np.hypot(box['x'] + box['width'] / 2 - middle[0],
                        box['y'] + box['height'] / 2 - middle[1])

    return {'/'.join(os.path.splitext(image['image'])[0].split(os.sep)[-2:]):
            np.float32(min(image['faces'], key=distance)['embedding'])
            for image in images}


def report(label, embeddings, train, test):
    """Prints the figures of pairs; the balanced threshold."""
    d, same, _ = distances(embeddings, train)
    test_d, test_same, _ = distances(embeddings, test)
    balanced = best_threshold(d, same)
    print(f'{label}: {len(embeddings)} faces, {len(d)} + {len(test_d)} pairs\n'
          f'  accuracy {accuracy(test_d, test_same, balanced):.4f} of the test pairs '
          f'at {balanced:.3f}, balanced on the others')
    d, same = np.concatenate([d, test_d]), np.concatenate([same, test_same])
    print(f'  {figures(d, same)}')
    return balanced


def figures(distance, same):
    rates = [tar_at_far(distance, same, rate) for rate in (1e-2, 1e-3)]
    return (f'AUC {auc(distance, same):.4f}, TAR at FAR 1 % {rates[0]:.3f}, '
            f'0.1 % {rates[1]:.3f}')


def watch_lists(embeddings, pairs, thresholds):
    """Prints thresholds by false accept rate over all pairs of two people."""
    impostors = impostor_distances(embeddings)
    distance, same, _ = distances(embeddings, pairs)
    genuine = distance[same]
    print(f'  {len(impostors)} pairs of two people\n'
          '  threshold      FAR    TAR   a stranger matches one of '
          + ', '.join(map(str, LISTS)))
    for t in sorted([*(threshold_at_far(impostors, r) for r in RATES), *thresholds]):
        far = np.searchsorted(impostors, t) / len(impostors)
        print(f'  {t:9.3f}  {far:7.1e}  {(genuine <= t).mean():.3f}   '
              + ', '.join(f'{stranger_matches(far, n):.4f}' for n in LISTS))


def impostor_distances(embeddings):
    """Sorted distances of all pairs of images of two people."""
    names = list(embeddings)
    vectors = np.stack([embeddings[n] for n in names])
    people = np.unique([n.split('/')[0] for n in names], return_inverse=True)[1]
    rows = [2 - 2 * vectors[i + 1:][people[i + 1:] != people[i]] @ vectors[i]
            for i in range(len(names) - 1)]
    return np.sort(np.concatenate(rows))


def conditions(net, crops, embeddings, train, test):
    """Prints figures of the first picture of each pair, made worse, against the
    second as it is; accuracy at the balanced threshold of good pictures."""
    good, good_same, _ = distances(embeddings, train)
    balanced = best_threshold(good, good_same)
    crops = {p.a: crops[p.a] for p in train + test if p.a in crops}
    for label, worsen in [*((f'{n} pixels', lambda c, n=n: small(c, n)) for n in SIZES),
                          ('grey', grey)]:
        worse = embed(net, {name: worsen(crop) for name, crop in crops.items()})
        d, same, _ = distances(worse, train + test, embeddings)
        print(f'  {label}: accuracy {accuracy(d, same, balanced):.4f} of all pairs at '
              f'{balanced:.3f}, {figures(d, same)}')


def small(crop, size):
    """The face `size` pixels across, scaled up again."""
    crop = cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA)
    return cv2.resize(crop, (FRAME, FRAME), interpolation=cv2.INTER_LINEAR)


def grey(crop):
    return cv2.cvtColor(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
