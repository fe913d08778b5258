# detectdata.py - step: photographs to a set for the detector
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Shrinks each photograph once and writes it with its boxes and landmarks.

Sources are KIND=FOLDER:
  wider       WIDER FACE: WIDER_train, WIDER_val and wider_face_split/*.mat
  voc         pictures with a Pascal VOC .xml of the same name beside each
  aaf         All-Age-Faces: "original images" and "key points"
  scut        SCUT-FBP5500_v2: Images and "facial landmark"
  ytf         frames of YouTube Faces with 68 points: *_frames_keypoints.csv
  pack        the prefix of a packed set of aligned crops (facepack.py)
  background  any pictures; none of them shows a face

Writes PREFIX.SHARD.u8, the RGB pixels of all photographs one after the other, and
PREFIX.SHARD.npz, the index: name, held, shape [n,2] (height, width), start [n]
(byte), first [n+1] (face), boxes [m,4] (x0 y0 x1 y1), valid [m], marks [m,5,2]
(NaN: not known), all in pixels of the shrunken photograph.

Landmarks of wider, voc and pack are those of face-api's network of 68 in the annotated
box, twice, with the mirrored crop each; implausible ones are left out. Boxes of aaf,
ytf and pack follow from the landmarks as in the wider set of --boxes-like.
"""
import glob
import os
import struct
import xml.etree.ElementTree as xml
import zlib

import cv2
import numpy as np

import aligner
from facepack import SIDE as PACK_SIDE, FacePack, read_names

LONG_SIDE = 800
# Landmarks of faces from this size on, in pixels of the original photograph.
MARKED = 40
# Where the face-api network looks first in a packed crop.
PACK_BOX = np.float32([[0.04, 0.06, 0.96, 0.99]]) * PACK_SIDE


class Photo:
    """path; name; held: measured on, never trained on; boxes: float32 [n,4], x0 y0
    x1 y1 in pixels; valid: bool [n], others are neither faces nor background;
    marks: float32 [n,5,2] or None; image: returns RGB uint8 [h,w,3] or None."""

    def __init__(self, path, name, boxes=(), valid=(), marks=None, held=False):
        self.path, self.name, self.held = path, name, held
        self.boxes = np.float32(boxes).reshape(-1, 4)
        self.valid = np.bool_(valid)
        self.marks = marks

    def image(self):
        image = cv2.imread(self.path)
        return None if image is None else np.ascontiguousarray(image[:, :, ::-1])


class Crop(Photo):
    """A face of a packed set. The face fills the crop: its box is made from the
    landmarks."""

    def __init__(self, pack, i):
        super().__init__(pack.names[i], 'pack/' + pack.names[i])
        self.pack, self.i = pack, i

    def image(self):
        return self.pack.crop(self.i)


def is_held(name):
    """Every fourth photograph of WIDER's validation part, and every fourth picture
    without faces, by the CRC of its path."""
    return zlib.crc32(name.encode()) % 4 == 0


def wider(folder, parts=('train', 'val')):
    """The photographs of WIDER FACE that are there."""
    import scipy.io
    for part in parts:
        lists = scipy.io.loadmat(os.path.join(
            folder, 'wider_face_split', f'wider_face_{part}.mat'))
        for event, files, boxes, invalid in zip(*(lists[k][:, 0] for k in (
                'event_list', 'file_list', 'face_bbx_list', 'invalid_label_list'))):
            for k in range(len(files)):
                name = f'{event[0]}/{files[k, 0][0]}.jpg'
                path = os.path.join(folder, f'WIDER_{part}', 'images', name)
                if not os.path.exists(path):
                    continue
                b = np.float32(boxes[k, 0])
                real = (b[:, 2] > 0) & (b[:, 3] > 0)
                b[:, 2:] += b[:, :2]
                yield Photo(path, f'{part}/{name}', b[real],
                            invalid[k, 0][real, 0] == 0,
                            held=part == 'val' and is_held(name))


def voc(folder):
    for path in sorted(glob.glob(os.path.join(folder, '*', '*.xml'))):
        image = path[:-4] + '.jpg'
        if os.path.exists(image):
            boxes = [[float(b.find(k).text) for k in ('xmin', 'ymin', 'xmax', 'ymax')]
                     for b in xml.parse(path).iter('bndbox')]
            yield Photo(image, 'voc/' + os.path.relpath(image, folder), boxes,
                        [True] * len(boxes))


def aaf(folder):
    """49 points: the 68 without jaw and inner corners of the mouth."""
    for path in sorted(glob.glob(os.path.join(folder, 'original images', '*.jpg'))):
        name = os.path.basename(path)[:-4]
        points = np.loadtxt(os.path.join(folder, 'key points', name + '.txt'))
        if points.shape == (49, 2):
            marks = np.stack([points[19:25].mean(0), points[25:31].mean(0), points[13],
                              points[31], points[37]])
            yield Photo(path, 'aaf/' + name, marks=np.float32(marks)[None])


def scut(folder):
    """86 points drawn by people; none on the tip of the nose."""
    for path in sorted(glob.glob(os.path.join(folder, 'Images', '*.jpg'))):
        name = os.path.basename(path)[:-4]
        with open(os.path.join(folder, 'facial landmark', name + '.pts'), 'rb') as f:
            blob = f.read()
        count = struct.unpack('<I', blob[:4])[0]
        points = np.frombuffer(blob[4:], '<f4').reshape(-1, 2)
        if count == len(points) == 86:
            marks = np.stack([points[42:50].mean(0), points[50:58].mean(0),
                              [np.nan, np.nan], points[79], points[73]])
            outline = points[:22]
            yield Photo(path, 'scut/' + name, [*outline.min(0), *outline.max(0)], [True],
                        np.float32(marks)[None])


def ytf(folder):
    for table in sorted(glob.glob(os.path.join(folder, '*_frames_keypoints.csv'))):
        pictures = os.path.join(folder, os.path.basename(table).split('_')[0])
        with open(table) as f:
            next(f)
            for line in f:
                name, *values = line.strip().split(',')
                path = os.path.join(pictures, name)
                if os.path.exists(path):
                    yield Photo(path, 'ytf/' + name,
                                marks=five(np.float32(values).reshape(68, 2))[None])


def pack(prefix):
    faces = FacePack([prefix])
    return (Crop(faces, i) for i in range(len(faces)))


def background(folder):
    for path in sorted(glob.glob(os.path.join(folder, '**', '*'), recursive=True)):
        if path.lower().endswith(('.jpg', '.jpeg', '.png')):
            name = os.path.relpath(path, folder)
            yield Photo(path, 'background/' + name, held=is_held(name))


SOURCES = {f.__name__: f for f in (wider, voc, aaf, scut, ytf, pack, background)}


class BoxAligner(aligner.Aligner):
    """Five landmarks in boxes that are known."""

    def __call__(self, image, boxes):
        """[n,5,2], NaN where they are not plausible or the passes disagree."""
        out = np.full((len(boxes), 5, 2), np.nan, np.float32)
        images = [image] * len(boxes)
        first = self._landmarks(images, boxes)
        again = self._landmarks(images, [aligner.box_around(m) for m in first])
        for i, (a, m) in enumerate(zip(again, first)):
            if aligner.agree(a, m) and aligner.plausible((a + m) / 2):
                marks = five((a + m) / 2)
                if inside(marks, boxes[i]):
                    # The aligner's pixel centres are at integers.
                    out[i] = marks + 0.5
        return out


def five(m):
    """[68,2] -> [5,2]: eye at the left, eye at the right, tip of the nose, left and
    right corner of the mouth, as seen in the picture."""
    return np.stack([m[36:42].mean(0), m[42:48].mean(0), m[30], m[48], m[54]])


def inside(marks, box):
    """Whether five points may be those of the face in the box."""
    size = box[2:] - box[:2]
    at = (marks - box[:2]) / size
    eyes, mouth = marks[1] - marks[0], marks[4] - marks[3]
    middle = (marks[3] + marks[4] - marks[0] - marks[1]) / 2
    span, fall = np.hypot(*eyes), np.hypot(*middle)
    return (at.min() > 0.02 and at.max() < 0.98
            and at[:2, 1].mean() < at[3:, 1].mean() - 0.15
            and eyes @ mouth > 0.3 * span * span
            and 0.18 < span / size[0] < 0.75 and 0.2 < fall / size[1] < 0.75
            and abs(eyes @ middle) < 0.5 * span * fall)


class BoxFromMarks:
    """Boxes as a set has them around its landmarks: a linear map of the five points,
    by least squares."""

    def __init__(self, prefix):
        boxes, marks = [], []
        for path in sorted(glob.glob(prefix + '.*.u8')):
            index = np.load(path[:-2] + 'npz')
            known = np.isfinite(index['marks']).all((1, 2)) & index['valid']
            boxes.append(index['boxes'][known])
            marks.append(index['marks'][known])
        features, middle, size = self._features(np.concatenate(marks))
        target = (np.concatenate(boxes).reshape(-1, 2, 2) - middle[:, None]) \
            / size[:, None, None]
        self.map = np.linalg.lstsq(features, target.reshape(-1, 4), rcond=None)[0]

    @staticmethod
    def _features(marks):
        middle = marks.mean(1)
        centred = marks - middle[:, None]
        size = np.sqrt((centred ** 2).sum((1, 2)))
        features = (centred / size[:, None, None]).reshape(-1, 10)
        return np.concatenate([features, np.ones((len(marks), 1))], 1), middle, size

    def __call__(self, marks):
        """[n,5,2] -> [n,4]"""
        features, middle, size = self._features(marks)
        box = (features @ self.map).reshape(-1, 2, 2) * size[:, None, None]
        return np.float32(box + middle[:, None]).reshape(-1, 4)


def add_arguments(parser):
    parser.add_argument('prefix')
    parser.add_argument('source', nargs='+', metavar='KIND=FOLDER')
    parser.add_argument('--faceapi', help="face-api's model folder, for wider and voc")
    parser.add_argument('--boxes-like', metavar='PREFIX', help='for aaf and ytf')
    parser.add_argument('--without', action='append', default=[], metavar='LIST',
                        help='file of names to leave out, one a line')
    parser.add_argument('--every', type=int, default=1, help='one photograph of so many')
    parser.add_argument('--shard', default='0/1')


def run(args):
    shard, shards = map(int, args.shard.split('/'))
    without = {name for path in args.without for name in read_names(path)}
    photos = [photo for source in args.source
              for photo in SOURCES[source.split('=')[0]](source.split('=', 1)[1])]
    photos = [p for p in photos if p.name not in without][::args.every][shard::shards]
    find = BoxAligner(args.faceapi) if args.faceapi else None
    box_of = BoxFromMarks(args.boxes_like) if args.boxes_like else None
    index = {k: [] for k in ('name', 'held', 'shape', 'start', 'boxes', 'valid', 'marks')}
    first, at = [0], 0
    with open(f'{args.prefix}.{shard}.u8', 'wb') as f:
        for k, photo in enumerate(photos):
            image = photo.image()
            if image is None:
                print('cannot read', photo.path)
                continue
            complete(photo, image, find, box_of)
            scale = min(1, LONG_SIDE / max(image.shape[:2]))
            if scale < 1:
                size = round(image.shape[1] * scale), round(image.shape[0] * scale)
                image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
            f.write(image.tobytes())
            for key, value in (('name', photo.name), ('held', photo.held),
                               ('shape', image.shape[:2]), ('start', at),
                               ('boxes', photo.boxes * scale), ('valid', photo.valid),
                               ('marks', photo.marks * scale)):
                index[key].append(value)
            at += image.size
            first.append(first[-1] + len(photo.boxes))
            if k % 200 == 0:
                print(k, len(photos), flush=True)
    for key in ('boxes', 'valid', 'marks'):
        index[key] = np.concatenate(index[key])
    np.savez(f'{args.prefix}.{shard}.npz', first=first, **index)
    n = np.isfinite(index['marks'][:, 0, 0]).sum()
    print(len(first) - 1, 'photographs', first[-1], 'faces', n, 'with landmarks')


def complete(photo, image, find, box_of):
    """Adds the landmarks or the boxes that the source lacks."""
    if isinstance(photo, Crop):
        photo.marks = find(image, PACK_BOX)
        photo.marks = photo.marks[np.isfinite(photo.marks).all((1, 2))]
    if photo.marks is not None:
        if not len(photo.boxes):
            photo.boxes = box_of(photo.marks)
            photo.valid = np.ones(len(photo.boxes), bool)
        return
    boxes = photo.boxes
    photo.marks = np.full((len(boxes), 5, 2), np.nan, np.float32)
    large = photo.valid & ((boxes[:, 2:] - boxes[:, :2]).min(1) >= MARKED)
    if find and large.any():
        photo.marks[large] = find(image, boxes[large])
