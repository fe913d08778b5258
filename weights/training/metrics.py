# metrics.py - verification figures from distances of pairs
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Accuracy, thresholds, AUC and TAR@FAR. Distances are squared L2, smaller is
nearer; `same` is a boolean array that says which pairs show one person.
"""
import numpy as np


def best_threshold(distance, same):
    """The distance at which `distance <= threshold` is right most often."""
    candidates = np.unique(distance)
    accepted = np.searchsorted(np.sort(distance[same]), candidates, 'right')
    mistaken = np.searchsorted(np.sort(distance[~same]), candidates, 'right')
    return candidates[(accepted - mistaken).argmax()]


def accuracy(distance, same, threshold):
    return ((distance <= threshold) == same).mean()


def cross_validated(distance, same, fold):
    """Per fold (accuracy, threshold), the threshold from the other folds."""
    out = []
    for f in np.unique(fold):
        test = fold == f
        threshold = best_threshold(distance[~test], same[~test])
        out.append((accuracy(distance[test], same[test], threshold), threshold))
    return np.array(out)


def auc(distance, same):
    """Chance that a pair of one person is nearer than a pair of two."""
    near, far = np.sort(distance[same]), distance[~same]
    below = np.searchsorted(near, far, 'left') + np.searchsorted(near, far, 'right')
    return below.mean() / 2 / len(near)


def threshold_at_far(impostors, far):
    """The threshold at which a share `far` of sorted impostor distances lies
    below."""
    return impostors[int(len(impostors) * far)]


def tar_at_far(distance, same, far):
    """Share of pairs of one person below the threshold of that FAR."""
    threshold = threshold_at_far(np.sort(distance[~same]), far)
    return (distance[same] < threshold).mean()


def stranger_matches(far, people):
    """Chance that somebody unknown matches one of that many enrolled people, of
    whom each has one picture and does so independently of the others."""
    return 1 - (1 - far) ** people
