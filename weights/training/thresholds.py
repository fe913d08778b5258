# thresholds.py - step: thresholds of a model
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Thresholds (squared L2) of a model on LFW view 1.

Prints the balanced threshold of pairsDevTrain.txt with its accuracy on
pairsDevTest.txt, and the threshold of each false accept rate, from the
distances of 1,500 images to every image of another person.
"""
import numpy as np
import torch

from lfw import (add_image_arguments, distances, embed, names_of, read_pairs,
                 student_crops)
from metrics import accuracy, best_threshold, threshold_at_far
from modelfile import load_network

PROBES = 1500
RATES = (1e-2, 1e-3, 1e-4, 1e-5)


def add_arguments(parser):
    parser.add_argument('model', help='checkpoint or safetensors file')
    parser.add_argument('train', help='pairsDevTrain.txt')
    parser.add_argument('test', help='pairsDevTest.txt')
    add_image_arguments(parser)


def run(args):
    net = load_network(args.model).eval().to(memory_format=torch.channels_last)
    train, test = read_pairs(args.train), read_pairs(args.test)
    for label, crops in student_crops(args, names_of(train + test)):
        report(label, embed(net, crops), train, test)


def report(label, embeddings, train, test):
    d, same, _ = distances(embeddings, train)
    test_d, test_same, _ = distances(embeddings, test)
    balanced = best_threshold(d, same)
    print(f'{label}: {len(embeddings)} faces, balanced threshold {balanced:.3f}, '
          f'accuracy {accuracy(test_d, test_same, balanced):.4f} on the test pairs')
    impostors = impostor_distances(embeddings)
    genuine = np.concatenate([d[same], test_d[test_same]])
    print(f'  {len(impostors)} pairs of two people')
    for rate in RATES:
        threshold = threshold_at_far(impostors, rate)
        print(f'  FAR {rate:g} at {threshold:.3f}, '
              f'TAR {(genuine <= threshold).mean():.3f}')


def impostor_distances(embeddings):
    """Sorted distances of PROBES random images to all images of other people."""
    names = list(embeddings)
    vectors = np.stack([embeddings[n] for n in names])
    people = np.array([n.split('/')[0] for n in names])
    probes = np.random.RandomState(0).permutation(len(names))[:PROBES]
    d = 2 - 2 * vectors[probes] @ vectors.T
    return np.sort(d[people[probes][:, None] != people[None]])
