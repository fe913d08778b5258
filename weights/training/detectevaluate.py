# detectevaluate.py - step: how well a finder finds the held out faces
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Measures on the held out photographs of WIDER FACE, scaled to a long side.

Recall and precision are of one score, at which so many detections per photograph
match no annotated face of any size. A detection matches a face where they overlap
by 0.4 or more (IoU), or their centres are within 0.35 of the face's size and
their sizes within a factor of 0.55 to 1.8; one detection to a face. Faces that
are invalid or smaller than asked for count neither way. Detections below
SMALLEST pixels are left out. Average precision is at IoU 0.5.

With --background, also how many detections pictures without faces have.
"""
import json
import time

import cv2
import numpy as np

from detectdata import background, wider
from facepack import read_names
from finder import Cascade, Network, overlaps

SIZES = (24, 48, 80)
SMALLEST = 20
FALSE_RATE = 0.1
# Recall is also told at these.
OTHER_RATES = (0.01, 0.03, 0.3)
# Where the detections in pictures without faces are counted.
SCORES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


def add_arguments(parser):
    parser.add_argument('finder', help='checkpoint, model file, or cascade NAME:FACTOR')
    parser.add_argument('wider', help='folder of WIDER FACE')
    parser.add_argument('--points', help='checkpoint or model file of the points network, '
                        'to look at each detection again')
    parser.add_argument('--marks', nargs='*', default=[], help='indices of detect-data')
    parser.add_argument('--side', type=int, nargs='*', default=[640, 320])
    parser.add_argument('--every', type=int, default=1, help='only one photograph of so many')
    parser.add_argument('--last', action='store_true')
    parser.add_argument('--trained', action='store_true',
                        help='on the other validation photographs, to compare')
    parser.add_argument('--background', metavar='FOLDER', action='append', default=[],
                        help='pictures without faces')
    parser.add_argument('--without', action='append', default=[], metavar='LIST',
                        help='file of names of such pictures to leave out, one a line')
    parser.add_argument('--json')


def run(args):
    find = make(args)
    photos = [p for p in wider(args.wider, ['val']) if p.held != args.trained][::args.every]
    marks = pseudo_marks(args.marks)
    results = {}
    for side in args.side:
        results[side] = measure(find, photos, marks, side)
        print(side, json.dumps(results[side]), flush=True)
    without = {name for path in args.without for name in read_names(path)}
    empty = [photo for folder in args.background for photo in background(folder)
             if photo.held != args.trained and photo.name not in without]
    if empty:
        results['background'] = on_background(find, empty, args.side)
        print('background', json.dumps(results['background']))
    if args.json:
        with open(args.json, 'w') as f:
            json.dump(results, f, indent=1)


def make(args):
    if ':' in args.finder:
        cascade, factor = args.finder.split(':')
        return Cascade(cascade, float(factor))
    return Network(args.finder, args.points, args.last)


def pseudo_marks(paths):
    """{name: marks [n,5,2] in parts of the photograph's width}"""
    out = {}
    for path in paths:
        index = dict(np.load(path))
        for i in np.flatnonzero(index['held']):
            a, b = index['first'][i:i + 2]
            out[str(index['name'][i])] = index['marks'][a:b] / index['shape'][i][1]
    return out


def resized(picture, side):
    scale = side / max(picture.shape[:2])
    size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
    return cv2.resize(picture, size,
                      interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)


def on_background(find, photos, sides):
    """Detections per picture, by side and least score."""
    scores = {side: [] for side in sides}
    for photo in photos:
        picture = photo.image()
        for side in sides if picture is not None else ():
            boxes, found, _ = find(resized(picture, side))
            large = (boxes[:, 2:] - boxes[:, :2]).min(1) >= SMALLEST
            scores[side].append(found[large])
    out = {'pictures': len(photos)}
    for side, rows in scores.items():
        every = np.concatenate(rows)
        out[side] = {s: round(float((every >= s).sum() / len(rows)), 4) for s in SCORES}
    return out


def measure(find, photos, marks, side):
    rows, errors, seconds = [], [], 0
    for photo in photos:
        picture = photo.image()
        scale = side / max(picture.shape[:2])
        picture = resized(picture, side)
        start = time.process_time()
        boxes, scores, points = find(picture)
        seconds += time.process_time() - start
        large = (boxes[:, 2:] - boxes[:, :2]).min(1) >= SMALLEST
        boxes, scores = boxes[large], scores[large]
        rows.append((photo.boxes * scale, photo.valid, boxes, scores))
        if points is not None and photo.name in marks:
            true = marks[photo.name] * picture.shape[1]
            errors += mark_errors(photo.boxes * scale, true, boxes, scores, points[large])
    threshold = threshold_at(rows, FALSE_RATE)
    result = {'photos': len(rows), 'cpu_ms': round(1000 * seconds / len(rows), 1),
              'threshold': round(float(threshold), 4)}
    false = sum((~matches(r, 0, threshold)[1]).sum() for r in rows)
    result['false'] = round(false / len(rows), 3)
    for least in SIZES:
        faces = found = right = wrong = 0
        for row in rows:
            hit, known, of_size, hit_size = matches(row, least, threshold)
            faces += len(hit)
            found += hit.sum()
            right += hit_size.sum()
            wrong += (~known & of_size).sum()
        result[f'recall{least}'] = round(found / max(1, faces), 4)
        result[f'precision{least}'] = round(right / max(1, right + wrong), 4)
        result[f'faces{least}'] = int(faces)
    result['ap24'] = round(average_precision(rows, 24), 4)
    if len(np.unique(np.concatenate([r[3] for r in rows]))) > 1:
        result['other'] = [recalls(rows, rate) for rate in OTHER_RATES]
    if errors:
        e = np.array([e[1:] for e in errors if e[0] >= threshold])
        result.update(marked=len(e), mark_mean=round(float(e[:, 0].mean()), 4),
                      mark_median=round(float(np.median(e[:, 0])), 4),
                      mark_over10=round(float((e[:, 0] > 0.1).mean()), 4))
        for k, name in enumerate(('turn_degrees', 'scale', 'shift'), 1):
            result['frame_' + name] = round(float(np.sqrt((e[:, k] ** 2).mean())), 4)
    return result


def similar(found, faces):
    """bool [n,m]: which detection matches which face."""
    size = [np.sqrt((x[:, 2:] - x[:, :2]).prod(-1)) for x in (found, faces)]
    away = np.linalg.norm((found[:, None, :2] + found[:, None, 2:]
                           - faces[None, :, :2] - faces[None, :, 2:]) / 2, axis=-1)
    ratio = size[0][:, None] / size[1]
    near = (away <= 0.35 * size[1]) & (ratio >= 0.55) & (ratio <= 1.8)
    return near | (overlaps(found, faces) >= 0.4)


def matches(row, least, threshold):
    """Of the wanted faces: which are found. Of the detections that score enough:
    which match a face of any kind, which are of the size asked for, which match
    a wanted face."""
    faces, valid, boxes, scores = row
    wanted = valid & ((faces[:, 2:] - faces[:, :2]).min(1) >= least)
    boxes = boxes[scores >= threshold]
    known = np.zeros(len(boxes), bool)
    hit = np.zeros(len(boxes), bool)
    taken = np.zeros(len(faces), bool)
    if len(faces) and len(boxes):
        alike, iou = similar(boxes, faces), overlaps(boxes, faces)
        for i in range(len(boxes)):
            free = np.flatnonzero(alike[i] & ~taken)
            if len(free):
                j = free[np.argmax(iou[i, free])]
                taken[j] = known[i] = True
                hit[i] = wanted[j]
            else:
                # A second detection of a face is a false one, but for those that
                # count neither way.
                known[i] = (alike[i] & ~wanted).any()
    of_size = (boxes[:, 2:] - boxes[:, :2]).min(1) >= least
    return taken[wanted], known, of_size, hit


def threshold_at(rows, rate):
    """The score at which so many detections per photograph are false."""
    false = np.concatenate([r[3][~matches(r, 0, 0)[1]] for r in rows])
    allowed = int(rate * len(rows))
    if len(false) <= allowed or not len(np.unique(false)) > 1:
        return 0.
    return np.sort(false)[::-1][allowed] + 1e-6


def recalls(rows, rate):
    """Threshold and recall where so many detections per photograph are false."""
    threshold = threshold_at(rows, rate)
    out = {'false': rate, 'threshold': round(float(threshold), 4)}
    for least in SIZES:
        hits = np.concatenate([matches(r, least, threshold)[0] for r in rows])
        out[f'recall{least}'] = round(float(hits.mean()), 4)
    return out


def average_precision(rows, least):
    """Area under precision over recall, made monotonous."""
    points, total = [], 0
    for faces, valid, boxes, scores in rows:
        wanted = valid & ((faces[:, 2:] - faces[:, :2]).min(1) >= least)
        total += wanted.sum()
        taken = np.zeros(len(faces), bool)
        iou = overlaps(boxes, faces)
        for i in range(len(boxes)):
            free = np.where(taken, 0, iou[i])
            j = np.argmax(free) if len(free) else -1
            if j >= 0 and free[j] >= 0.5:
                taken[j] = True
                if wanted[j]:
                    points.append((scores[i], 1))
            elif not (iou[i] >= 0.5)[~wanted].any():
                points.append((scores[i], 0))
    points = np.array(sorted(points, reverse=True)).reshape(-1, 2)
    right = points[:, 1].cumsum()
    precision = np.maximum.accumulate((right / np.arange(1, len(right) + 1))[::-1])[::-1]
    return float((precision * points[:, 1]).sum() / total)


def mark_errors(faces, true, boxes, scores, points):
    """Per face: score, mean error of the landmarks in parts of the distance between
    the eyes, and how a frame laid on them differs from one on the true ones: turned
    by degrees, log of its scale, shift in parts of the distance between the eyes."""
    out = []
    iou = overlaps(faces, boxes)
    for j in np.flatnonzero(np.isfinite(true[:, 0, 0])):
        if len(boxes) and iou[j].max() >= 0.5:
            i = np.argmax(iou[j])
            span = np.linalg.norm(true[j, 1] - true[j, 0])
            error = np.linalg.norm(points[i] - true[j], axis=-1).mean() / span
            p, t = (x[:, 0] + 1j * x[:, 1] for x in (points[i], true[j]))
            move = (t.mean() - p.mean())
            p, t = p - p.mean(), t - t.mean()
            turn = (p.conj() * t).sum() / (abs(p) ** 2).sum()
            out.append((float(scores[i]), error, np.degrees(np.angle(turn)),
                        np.log(abs(turn)), abs(move) / span))
    return out
