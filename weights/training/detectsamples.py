# detectsamples.py - training pictures for the detector and the points network
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Endless batches of augmented squares with faces of many sizes, and of face crops.

Boxes are x0 y0 x1 y1 in pixels, (0, 0) the corner of the picture.
"""
import glob

import cv2
import numpy as np
import torch

from detector import POINTS_CROP, POINTS_SIDE

# Squares are of one side per batch; (side, pictures in parts of a batch, share).
SIDES = ((320, 1.0, 0.8), (512, 0.4, 0.2))
# Faces in a square, in pixels and in parts of its side.
SMALLEST, LARGEST = 10, 0.9
# Faces below this many pixels are neither learnt nor background.
IGNORED = 8
# So many squares are cut around a face of the photograph, others anywhere.
AROUND = 0.8
# So many squares without a face aimed at are cut around a false detection.
HARD = 0.5
# Enlarged at most so much.
ENLARGED = 2.2
# So many squares are put together from four photographs.
MOSAIC = 0.25
# At most so many faces in a square.
MOST = 60
# So many squares are rotated, by degrees of this standard deviation, at most.
ROTATED, DEGREES, MOST_DEGREES = 0.3, 12, 35
# So many faces get a mask, sunglasses or something else drawn on them.
COVERED = 0.12
MIRROR = [1, 0, 2, 4, 3]


class Photos:
    """The photographs of sets, as detectdata.py wrote them.

    sets: PREFIX or PREFIX:WEIGHT; a set of weight 2 is drawn from twice as often as
    one of weight 1, however large. Beside a set, PREFIX.SHARD.hard.npz may list
    false detections (detectmine.py): first [n+1], boxes [m,4].
    """

    def __init__(self, sets, held=False):
        self.photos, shares = [], []
        for name in sets:
            prefix, _, weight = name.partition(':')
            before = len(self.photos)
            for path in sorted(glob.glob(prefix + '.*.u8')):
                self._add(path[:-3], held)
            if len(self.photos) == before:
                raise SystemExit(f'{prefix}: no photographs found')
            count = len(self.photos) - before
            shares += [float(weight or count) / count] * count
        self.ends = np.cumsum(shares) / np.sum(shares)

    def _add(self, stem, held):
        index = dict(np.load(stem + '.npz'))
        try:
            hard = dict(np.load(stem + '.hard.npz'))
        except FileNotFoundError:
            hard = {'first': np.zeros(len(index['name']) + 1, int),
                    'boxes': np.zeros((0, 4), np.float32)}
        blob = np.memmap(stem + '.u8', np.uint8, 'r')
        for i in np.flatnonzero(index['held'] == held):
            h, w = index['shape'][i]
            start = index['start'][i]
            faces = slice(*index['first'][i:i + 2])
            self.photos.append((
                blob[start:start + h * w * 3].reshape(h, w, 3), index['boxes'][faces],
                index['valid'][faces], index['marks'][faces],
                hard['boxes'][slice(*hard['first'][i:i + 2])], str(index['name'][i])))

    def draw(self, random):
        return self.photos[np.searchsorted(self.ends, random.random())]


class Sampler:
    """Draws augmented squares; the seed decides all that follows. share: of the usual
    augmentation."""

    def __init__(self, photos, seed, share=1):
        self.photos, self.share = photos, share
        self.random = np.random.default_rng(seed)
        self.look = Look(self.random, share)

    def batch(self, n):
        """Pictures uint8 [n,side,side,3], owner int32 [m], faces [m,4], marks
        [m,5,2], owner of the ignored int32 [i], ignored [i,4]."""
        side, part, _ = SIDES[self.random.choice(len(SIDES), p=[s[2] for s in SIDES])]
        n = round(n * part)
        self.side = side
        pictures = np.empty((n, side, side, 3), np.uint8)
        faces, marks, ignored, owner, ignored_owner = [], [], [], [], []
        for i in range(n):
            pictures[i], boxes, points, valid = self.square()
            faces.append(boxes[valid])
            marks.append(points[valid])
            ignored.append(boxes[~valid])
            owner += [i] * valid.sum()
            ignored_owner += [i] * (~valid).sum()
        return [torch.from_numpy(a) for a in (
            pictures, np.int32(owner), np.concatenate(faces), np.concatenate(marks),
            np.int32(ignored_owner), np.concatenate(ignored))]

    def square(self):
        """One picture, its boxes [k,4], marks [k,5,2], valid [k]."""
        if self.random.random() < MOSAIC:
            picture, boxes, marks, valid = self._mosaic()
        else:
            picture, boxes, marks, valid = self._cut(self.side, self.side)
        if self.random.random() < 0.5:
            picture = np.ascontiguousarray(picture[:, ::-1])
            boxes[:, [0, 2]] = self.side - boxes[:, [2, 0]]
            marks = marks[:, MIRROR]
            marks[..., 0] = self.side - marks[..., 0]
        for box, points in zip(boxes[valid], marks[valid]):
            if self.random.random() < COVERED * self.share and (box[2:] - box[:2]).min() > 16:
                self.look.cover(picture, box, points)
        if self.random.random() < ROTATED * self.share:
            picture, boxes, marks, valid = self._rotated(picture, boxes, marks, valid)
        return self.look(picture), boxes, marks, valid

    def _rotated(self, picture, boxes, marks, valid):
        """Turned about its middle. The box of a turned face is that of the turned
        ellipse which fits the old one."""
        limit = MOST_DEGREES
        degrees = float(np.clip(self.random.normal(0, DEGREES), -limit, limit))
        middle = self.side / 2
        m = cv2.getRotationMatrix2D((middle, middle), degrees, 1)
        # Of corners; OpenCV's pixel centres are at integers.
        pixel = m.copy()
        pixel[:, 2] += m[:, :2] @ [0.5, 0.5] - 0.5
        colour = self.look.plain()
        picture = cv2.warpAffine(picture, pixel, (self.side, self.side), borderValue=colour)
        m = np.float32(m)
        centre = (boxes[:, :2] + boxes[:, 2:]) / 2 @ m[:, :2].T + m[:, 2]
        half = np.sqrt(((boxes[:, 2:] - boxes[:, :2]) / 2) ** 2 @ (m[:, :2] ** 2).T)
        whole = np.concatenate([centre - half, centre + half], 1)
        marks = marks @ m[:, :2].T + m[:, 2]
        marks[~((marks > 0) & (marks < self.side)).all(-1)] = np.nan
        boxes = np.clip(whole, 0, self.side)
        seen = (boxes[:, 2:] - boxes[:, :2]).prod(1) / np.maximum(
            1e-3, (whole[:, 2:] - whole[:, :2]).prod(1))
        there = seen > 0.1
        return picture, boxes[there], marks[there], (valid & (seen > 0.55))[there]

    def _mosaic(self):
        """Four photographs around a point."""
        x, y = (int(self.side * self.random.uniform(0.3, 0.7)) for _ in range(2))
        picture = np.empty((self.side, self.side, 3), np.uint8)
        parts = []
        for x0, y0, x1, y1 in ((0, 0, x, y), (x, 0, self.side, y), (0, y, x, self.side),
                               (x, y, self.side, self.side)):
            part, boxes, marks, valid = self._cut(x1 - x0, y1 - y0)
            picture[y0:y1, x0:x1] = part
            parts.append((boxes + np.float32([x0, y0, x0, y0]),
                          marks + np.float32([x0, y0]), valid))
        return picture, *(np.concatenate(p) for p in zip(*parts))

    def _cut(self, width, height):
        """A part of a photograph, scaled to width x height."""
        r = self.random
        for _ in range(10):
            photo, boxes, valid, marks, hard, _ = self.photos.draw(r)
            h, w = photo.shape[:2]
            size = np.sqrt(np.maximum(0, boxes[:, 2:] - boxes[:, :2]).prod(1))
            least = 0.75 * max(width / w, height / h) * r.uniform(0.75, 1)
            chosen = np.flatnonzero(valid & (size >= 4))
            aim = None
            if len(chosen) and r.random() < AROUND:
                # Often the largest of three, for most faces of a crowd are small.
                i = chosen[r.integers(len(chosen), size=3)]
                i = i[np.argmax(size[i])] if r.random() < 0.5 else i[0]
                aim = boxes[i]
            elif len(hard) and r.random() < HARD:
                aim = hard[r.integers(len(hard))]
            low, high = least, 1
            if aim is not None:
                aimed = np.sqrt((aim[2:] - aim[:2]).prod())
                low = max(least, SMALLEST / aimed)
                high = min(ENLARGED, LARGEST * min(width, height) / aimed)
            scale = np.exp(r.uniform(np.log(low), np.log(max(low, high))))
            ww, hh = (max(4, round(side / scale * np.exp(r.normal(0, 0.06))))
                      for side in (width, height))
            sx, sy = width / ww, height / hh
            if aim is not None:
                x0 = self._place(aim[0], aim[2], ww, w)
                y0 = self._place(aim[1], aim[3], hh, h)
            else:
                x0, y0 = (r.uniform(*sorted((0, a - b))) for a, b in ((w, ww), (h, hh)))
            x0, y0 = int(np.floor(x0)), int(np.floor(y0))
            shift, factor = np.float32([x0, y0]), np.float32([sx, sy])
            new = ((boxes.reshape(-1, 2, 2) - shift) * factor).reshape(-1, 4)
            limit = np.float32([width, height] * 2)
            cut = np.clip(new, 0, limit)
            area = np.maximum(0, cut[:, 2:] - cut[:, :2]).prod(1)
            seen = area / np.maximum(1e-3, (new[:, 2:] - new[:, :2]).prod(1))
            there = (seen > 0.1) & (area > 1)
            inside = x0 < w and y0 < h and x0 + ww > 0 and y0 + hh > 0
            if inside and there.sum() <= MOST:
                break
        there = np.flatnonzero(there)[:4 * MOST]
        cut, seen = cut[there], seen[there]
        points = (marks[there] - shift) * factor
        points[~((points > 0) & (points < limit[:2])).all(-1)] = np.nan
        learnt = valid[there] & (seen > 0.55) & ((cut[:, 2:] - cut[:, :2]).min(1) >= IGNORED)
        return self._pixels(photo, x0, y0, ww, hh, width, height), cut, points, learnt

    def _place(self, a, b, window, whole):
        """Where a window begins that holds a..b, in the photograph where it can."""
        low, high = sorted((b - window, a))
        inner = sorted((0, whole - window))
        low2, high2 = max(low, inner[0]), min(high, inner[1])
        return self.random.uniform(low2, high2) if low2 < high2 else \
            self.random.uniform(low, high)

    def _pixels(self, photo, x0, y0, ww, hh, width, height):
        """The window of ww x hh at x0 y0, scaled; what is outside the photograph
        is of one colour."""
        h, w = photo.shape[:2]
        sx, sy = width / ww, height / hh
        a, b, c, d = max(0, x0), max(0, y0), min(w, x0 + ww), min(h, y0 + hh)
        out = np.empty((height, width, 3), np.uint8)
        to_x, to_y = round((a - x0) * sx), round((b - y0) * sy)
        part = photo[b:d, a:c]
        tw = min(width - to_x, max(1, round((c - a) * sx)))
        th = min(height - to_y, max(1, round((d - b) * sy)))
        if tw < width or th < height:
            out[:] = self.look.plain()
        if sx > 0.9:
            how = cv2.INTER_LINEAR
        else:
            how = cv2.INTER_AREA if self.random.random() < 0.8 else cv2.INTER_LINEAR
        out[to_y:to_y + th, to_x:to_x + tw] = cv2.resize(part, (tw, th), interpolation=how)
        return out


class CropSampler:
    """Draws augmented crops of faces and of what the detector takes for faces."""
    # Of the crops; the others are faces.
    NEGATIVE, ANYWHERE = 0.35, 0.06
    COVERED, LOW, ROTATED = 0.22, 0.35, 0.3

    def __init__(self, photos, seed, share=1):
        self.share = share
        self.random = np.random.default_rng(seed)
        self.look = Look(self.random, share)
        self.photos = [[], []]
        shares = np.diff(photos.ends, prepend=0)
        weights = [[], []]
        for photo, share in zip(photos.photos, shares):
            _, boxes, valid, marks, hard, _ = photo
            if (valid & ((boxes[:, 2:] - boxes[:, :2]).min(1) >= 12)).any():
                self.photos[0].append(photo)
                weights[0].append(share)
            if len(hard):
                self.photos[1].append(photo)
                weights[1].append(share * min(len(hard), 4))
        self.ends = [np.cumsum(w) / np.sum(w) if w else None for w in weights]
        self.all = photos

    def batch(self, n):
        """Crops uint8 [n,64,64,3], face [n] (1 or 0), marks [n,5,2] (NaN: not known)
        in parts of the crop's side from its centre."""
        crops = np.empty((n, POINTS_SIDE, POINTS_SIDE, 3), np.uint8)
        face = np.zeros(n, np.float32)
        marks = np.full((n, 5, 2), np.nan, np.float32)
        for i in range(n):
            kind = self.random.random()
            if kind < self.ANYWHERE:
                crops[i] = self._anywhere()
            elif kind < self.NEGATIVE and self.photos[1]:
                photo, _, _, _, hard, _ = self._draw(1)
                crops[i] = self._crop(photo, hard[self.random.integers(len(hard))])[0]
            else:
                crops[i], points = self._face()
                face[i] = 1
                marks[i] = points
        return [torch.from_numpy(a) for a in (crops, face, marks)]

    def _draw(self, which):
        return self.photos[which][np.searchsorted(self.ends[which], self.random.random())]

    def _face(self):
        r = self.random
        photo, boxes, valid, marks, _, _ = self._draw(0)
        known = np.isfinite(marks).all(-1).sum(1) >= 4
        good = valid & ((boxes[:, 2:] - boxes[:, :2]).min(1) >= 12)
        # Most of the time a face whose landmarks are known.
        if (good & known).any() and r.random() < 0.8:
            good &= known
        i = r.choice(np.flatnonzero(good))
        return self._crop(photo, boxes[i], marks[i])

    def _anywhere(self):
        """A place that no annotated face touches."""
        r = self.random
        while True:
            photo, boxes, _, _, _, _ = self.all.draw(r)
            h, w = photo.shape[:2]
            size = np.exp(r.uniform(np.log(16), np.log(min(h, w))))
            x, y = r.uniform(0, w - size), r.uniform(0, h - size)
            box = np.float32([x, y, x + size, y + size])
            size = np.maximum(0, np.minimum(box[2:], boxes[:, 2:])
                              - np.maximum(box[:2], boxes[:, :2]))
            if not size.prod(1).any():
                return self._crop(photo, box)[0]

    def _crop(self, photo, box, marks=None):
        """A crop as the detector's box would give it, varied."""
        r = self.random
        w, h = box[2:] - box[:2]
        longer = max(w, h)
        rotated = r.random() < self.ROTATED * self.share
        degrees = r.uniform(-MOST_DEGREES, MOST_DEGREES) if rotated else r.normal(0, 8)
        side = POINTS_CROP * longer * np.exp(r.normal(0, 0.08))
        centre = (box[:2] + box[2:]) / 2 + r.normal(0, 0.05, 2) * longer
        k = POINTS_SIDE / side
        mirrored = r.random() < 0.5
        cos, sin = (k * f(np.radians(degrees)) for f in (np.cos, np.sin))
        m = np.array([[cos, -sin], [sin, cos]])
        m *= np.exp(r.normal(0, 0.04, (2, 1)))
        if mirrored:
            m[0] = -m[0]
        # Only what is needed of the photograph, shrunk by areas where it must be.
        reach = side
        x0, y0 = (int(max(0, c - reach)) for c in centre)
        x1, y1 = (int(min(n, c + reach) + 1) for n, c in zip(photo.shape[1::-1], centre))
        part = photo[y0:max(y1, y0 + 2), x0:max(x1, x0 + 2)]
        centre = centre - [x0, y0]
        if k < 0.7:
            to = tuple(max(2, round(n * k * 1.3)) for n in part.shape[1::-1])
            fit = np.array(part.shape[1::-1]) / to
            part = cv2.resize(part, to, interpolation=cv2.INTER_AREA)
        else:
            fit = np.ones(2)
        shift = POINTS_SIDE / 2 - m @ centre
        pixel = m * fit
        pixel = np.concatenate([pixel, (shift + pixel @ [0.5, 0.5] - 0.5)[:, None]], 1)
        border = cv2.BORDER_CONSTANT if r.random() < 0.5 else cv2.BORDER_REPLICATE
        crop = cv2.warpAffine(part, pixel, (POINTS_SIDE, POINTS_SIDE), flags=cv2.INTER_LINEAR,
                              borderMode=border, borderValue=self.look.plain())
        points = None
        if marks is not None:
            points = (marks - [x0, y0]) @ m.T + shift
            if mirrored:
                points = points[MIRROR]
            if r.random() < self.COVERED * self.share:
                half = np.array([w, h]) * k / 2
                self.look.cover(crop, np.concatenate([POINTS_SIDE / 2 - half,
                                                      POINTS_SIDE / 2 + half]), points)
            points = points / POINTS_SIDE - 0.5
        if r.random() < self.LOW * self.share:
            small = int(r.uniform(14, 44))
            crop = cv2.resize(crop, (small, small), interpolation=cv2.INTER_AREA)
            crop = cv2.resize(crop, (POINTS_SIDE, POINTS_SIDE), interpolation=cv2.INTER_LINEAR)
        return self.look(crop), points


class Look:
    """Covers faces; changes light and colour, blurs, adds noise, compresses."""

    def __init__(self, random, share=1):
        self.random, self.share = random, share
        noise = np.random.default_rng(0).standard_normal(1 << 21).astype(np.float32)
        # Of standard deviation 32.
        self.noise = np.int8(np.clip(noise * 32, -127, 127))

    def plain(self):
        """A colour for what is outside the photograph."""
        if self.random.random() < 0.5:
            return [int(self.random.choice([0, 16, 114, 255]))] * 3
        return self.random.integers(0, 256, 3).tolist()

    def cover(self, picture, box, marks):
        """Draws a mask, sunglasses or something else on a face."""
        r = self.random
        kind = r.random()
        known = np.isfinite(marks).all(-1)
        size = box[2:] - box[:2]
        if kind < 0.4 and known[[0, 1, 3, 4]].all():
            self._mask(picture, marks)
        elif kind < 0.7 and known[:2].all():
            self._glasses(picture, marks[0], marks[1])
        else:
            w, h = size * r.uniform(0.2, 0.6, 2)
            x, y = box[:2] + r.uniform(-0.1, 1, 2) * size - [w / 2, h / 2]
            self._block(picture, x, y, w, h)

    def _mask(self, picture, marks):
        """From the bridge of the nose to below the chin."""
        r = self.random
        eyes = (marks[0] + marks[1]) / 2
        mouth = (marks[3] + marks[4]) / 2
        down, along = mouth - eyes, marks[1] - marks[0]
        top = eyes + down * r.uniform(0.25, 0.55)
        corners = [top - along * 0.1, top + along * 0.1,
                   top + along * 0.95 + down * 0.15, mouth + along * 0.75 + down * 0.3,
                   mouth + along * 0.35 + down * r.uniform(0.6, 0.8),
                   mouth - along * 0.35 + down * r.uniform(0.6, 0.8),
                   mouth - along * 0.75 + down * 0.3, top - along * 0.95 + down * 0.15]
        colour = r.choice([(225, 230, 235), (150, 190, 215), (25, 25, 28), (90, 150, 140),
                           tuple(r.integers(0, 256, 3))])
        colour = np.clip(colour + r.normal(0, 15, 3), 0, 255).tolist()
        shape = np.int32(np.round(np.array(corners) * 16))
        cv2.fillPoly(picture, [shape], colour, cv2.LINE_AA, 4)
        for part in (0.35, 0.6) if r.random() < 0.5 else ():
            a, b = top + down * part - along * 0.7, top + down * part + along * 0.7
            cv2.line(picture, tuple(np.int32(a * 16).tolist()), tuple(np.int32(b * 16).tolist()),
                     [0.85 * c for c in colour], 1, cv2.LINE_AA, 4)

    def _glasses(self, picture, left, right):
        r = self.random
        span = np.linalg.norm(right - left)
        angle = np.degrees(np.arctan2(*(right - left)[::-1]))
        colour = (r.uniform(0, 60) + r.uniform(0, 25, 3)).tolist()
        axes = span * r.uniform(0.28, 0.42), span * r.uniform(0.2, 0.32)
        for eye in (left, right):
            cv2.ellipse(picture, (tuple(eye.tolist()), (2 * axes[0], 2 * axes[1]), angle),
                        colour, -1, cv2.LINE_AA)
        a, b = (tuple(np.int32(np.round(p)).tolist()) for p in
                (left - (right - left) * 0.5, right + (right - left) * 0.5))
        cv2.line(picture, a, b, colour, max(1, round(span * 0.06)), cv2.LINE_AA)

    def _block(self, picture, x, y, w, h):
        """An ellipse of skin, or a rectangle of one colour or of another place."""
        r = self.random
        kind = r.random()
        x0, y0 = max(0, int(x)), max(0, int(y))
        x1, y1 = (min(n, int(v)) for n, v in zip(picture.shape[1::-1], (x + w, y + h)))
        if x1 <= x0 or y1 <= y0:
            return
        if kind < 0.35:
            colour = np.array([205, 160, 130]) * r.uniform(0.3, 1.1) + r.normal(0, 10, 3)
            cv2.ellipse(picture, ((x + w / 2, y + h / 2), (w, h), r.uniform(0, 180)),
                        np.clip(colour, 0, 255).tolist(), -1, cv2.LINE_AA)
        elif kind < 0.65:
            picture[y0:y1, x0:x1] = r.integers(0, 256, 3)
        else:
            sx = r.integers(0, picture.shape[1] - (x1 - x0) + 1)
            sy = r.integers(0, picture.shape[0] - (y1 - y0) + 1)
            picture[y0:y1, x0:x1] = picture[sy:sy + y1 - y0, sx:sx + x1 - x0].copy()

    def __call__(self, picture):
        r = self.random
        u = r.random(8) / self.share
        large = len(picture) / 320
        if u[0] < 0.75:
            t = np.arange(256, dtype=np.float32) / 255
            t = t ** np.exp(r.uniform(-0.5, 0.5))
            t = (t - 0.5) * r.uniform(0.6, 1.3) + 0.5 + r.uniform(-0.15, 0.15)
            gain = r.uniform(0.85, 1.15, 3) if r.random() < 0.6 else np.ones(3)
            if u[1] < 0.15:
                gain = gain * r.uniform(0.08, 0.6)
            table = np.clip(t[:, None] * gain * 255, 0, 255).astype(np.uint8)
            picture = cv2.LUT(picture, table[None])
        if u[2] < 0.15:
            # Black and white; of infra-red, red counts most.
            mix = (0.3, 0.59, 0.11) if r.random() < 0.5 else r.dirichlet((3, 2, 1))
            grey = cv2.transform(picture, np.float32([mix] * 3))
            picture = np.ascontiguousarray(grey)
        if u[6] < 0.08:
            picture = self._uneven(picture)
        if u[3] < 0.14:
            if r.random() < 0.5:
                picture = cv2.GaussianBlur(picture, (0, 0), r.uniform(0.5, 1.8))
            else:
                n = int(r.integers(2, 5 + 3 * large))
                picture = cv2.blur(picture, (n, 1) if r.random() < 0.7 else (1, n))
        if u[4] < 0.14:
            start = r.integers(len(self.noise) - picture.size)
            noise = self.noise[start:start + picture.size].reshape(picture.shape)
            amount = r.uniform(0.06, 0.5)
            picture = np.clip(picture + noise * np.float32(amount), 0, 255).astype(np.uint8)
        if u[5] < 0.2:
            quality = int(r.integers(20, 80))
            picture = cv2.imdecode(cv2.imencode('.jpg', picture, [
                cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
        return picture

    def _uneven(self, picture):
        """Bands of a flickering lamp, or light from one side."""
        r = self.random
        n = len(picture)
        at = np.arange(n, dtype=np.float32) / n
        if r.random() < 0.5:
            wave = 1 + r.uniform(0.1, 0.5) * np.sin(2 * np.pi * (r.uniform(0.5, 4) * at
                                                                 + r.random()))
            gain = wave[:, None, None]
        else:
            ramp = r.uniform(0.25, 1) + at * r.uniform(0, 1)
            ramp = ramp if r.random() < 0.5 else ramp[::-1]
            gain = ramp[None, :, None] if r.random() < 0.7 else ramp[:, None, None]
        return np.clip(picture * np.float32(gain), 0, 255).astype(np.uint8)


class Batches(torch.utils.data.IterableDataset):
    """Batches for a DataLoader of one worker; kind is Sampler or CropSampler."""

    def __init__(self, kind, sets, size, seed, share):
        self.kind, self.sets, self.size, self.seed = kind, sets, size, seed
        self.share = share

    def __iter__(self):
        cv2.setNumThreads(0)
        torch.set_num_threads(1)
        sampler = self.kind(Photos(self.sets), self.seed, self.share)
        while True:
            yield sampler.batch(self.size)


def loader(kind, sets, size, seed, share):
    """Endless batches, made in another process."""
    return iter(torch.utils.data.DataLoader(
        Batches(kind, sets, size, seed, share), batch_size=None, num_workers=1, prefetch_factor=3))
