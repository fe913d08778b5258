# facepack.py - the training set on disk
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Packed face crops with the teacher's descriptors.

A set is one prefix and a number of shards K, each of
  PREFIX.K.bin        JPEGs of 120x120 crops, one after the other
  PREFIX.K.idx.npy    int64 [n+1], where each begins and the last ends
  PREFIX.K.emb.npy    float16 [n,128], descriptor plus that of the mirrored chip
  PREFIX.K.scale.npy  float32 [n], crop pixels per pixel of the photograph
  PREFIX.K.names.txt  collection/path of each photograph, one a line
The central 96x96 of a crop is the network's frame; the MARGIN around it is room
for augmentation.
"""
import glob

import cv2
import numpy as np
import torch

from frame import FRAME

MARGIN = 12
SIDE = FRAME + 2 * MARGIN
JPEG_QUALITY = 85


class FacePackWriter:
    """Writes one shard; close() completes it."""

    def __init__(self, prefix, shard):
        self.stem = f'{prefix}.{shard}'
        self.bin = open(self.stem + '.bin', 'wb')
        self.offsets, self.descriptors, self.scales, self.names = [0], [], [], []

    def add(self, name, crop, descriptor, scale):
        """crop: RGB uint8 [120,120,3]; descriptor: float [128]."""
        bgr = cv2.cvtColor(crop, cv2.COLOR_RGB2BGR)
        jpeg = cv2.imencode('.jpg', bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
        self.bin.write(jpeg.tobytes())
        self.offsets.append(self.offsets[-1] + len(jpeg))
        self.descriptors.append(descriptor)
        self.scales.append(scale)
        self.names.append(name)

    def close(self):
        self.bin.close()
        np.save(self.stem + '.idx.npy', np.array(self.offsets, np.int64))
        np.save(self.stem + '.emb.npy',
                np.array(self.descriptors, np.float16).reshape(-1, 128))
        np.save(self.stem + '.scale.npy', np.array(self.scales, np.float32))
        with open(self.stem + '.names.txt', 'w') as f:
            f.writelines(name + '\n' for name in self.names)


def read_names(path):
    """The lines of a file, such as names.txt; # begins a comment."""
    with open(path) as f:
        return [line.strip() for line in f if line.strip() and line[0] != '#']


class FacePack:
    """All shards of one or more prefixes, in memory, except the names in `without`.

    names: [n].

    mean: [128], mean descriptor; norm: [n,1], distance from it.
    target: float32 [n,128], (descriptor - mean) at unit length: the mean is most
    of a raw descriptor and says nothing of who it is.
    """

    def __init__(self, prefixes, without=()):
        self.blobs, self.where, self.names, descriptors = [], [], [], []
        for prefix in prefixes:
            for path in sorted(glob.glob(prefix + '.*.bin')):
                stem = path[:-len('.bin')]
                offsets = np.load(stem + '.idx.npy')
                names = read_names(stem + '.names.txt')
                keep = [i for i, name in enumerate(names) if name not in without]
                self.where += [(len(self.blobs), offsets[i], offsets[i + 1])
                               for i in keep]
                self.names += [names[i] for i in keep]
                self.blobs.append(np.fromfile(path, np.uint8))
                descriptors.append(np.load(stem + '.emb.npy')[keep])
        if not self.where:
            raise SystemExit(f'{", ".join(prefixes)}: no faces found')
        descriptors = np.concatenate(descriptors).astype(np.float32)
        self.mean = descriptors.mean(0)
        descriptors = descriptors - self.mean
        self.norm = np.linalg.norm(descriptors, axis=1, keepdims=True)
        self.target = (descriptors / self.norm).astype(np.float32)

    @staticmethod
    def add_arguments(parser):
        parser.add_argument('data', help='prefix of a packed set, or several with commas')
        parser.add_argument('--without', metavar='LIST', action='append', default=[],
                            help='file of names in the set to leave out, one a line')

    @staticmethod
    def of(args):
        """The set that those arguments name."""
        return FacePack(args.data.split(','),
                        {name for path in args.without for name in read_names(path)})

    def __len__(self):
        return len(self.where)

    def crop(self, i):
        """RGB uint8 [120,120,3]."""
        blob, start, end = self.where[i]
        bgr = cv2.imdecode(self.blobs[blob][start:end], cv2.IMREAD_COLOR)
        return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)

    def decoded(self):
        """All crops, uint8 tensor [n,3,120,120]."""
        out = torch.empty(len(self), 3, SIDE, SIDE, dtype=torch.uint8)
        for i in range(len(self)):
            out[i] = torch.from_numpy(self.crop(i)).permute(2, 0, 1)
        return out
