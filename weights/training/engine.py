# engine.py - step: a model file in the C engine
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Compares what the C engine and PyTorch make of a model file.

Embeds faces of a packed set with `facenet embed --cropped` and with the network
here, and fails where a number differs by more than 1e-5.
"""
import json
import os
import subprocess
import tempfile

import cv2
import numpy as np

from facepack import MARGIN, FacePack
from frame import FRAME
from lfw import embed
from modelfile import load_network

LIMIT = 1e-5


def add_arguments(parser):
    parser.add_argument('model', help='safetensors file')
    parser.add_argument('data', help='prefix of a packed set, or several with commas')
    parser.add_argument('--facenet', default='facenet', help='the program to run')
    parser.add_argument('--count', type=int, default=100)


def run(args):
    pack, inside = FacePack(args.data.split(',')), slice(MARGIN, MARGIN + FRAME)
    some = np.random.RandomState(0).permutation(len(pack))[:args.count]
    crops = {f'{i}.png': pack.crop(i)[inside, inside] for i in some}
    wanted = embed(load_network(args.model).eval(), crops)
    found = run_engine(args, crops)
    worst = max(abs(found[name] - wanted[name]).max() for name in crops)
    print(f'{len(crops)} crops: largest difference of a number {worst:.1e}')
    if not worst < LIMIT:
        raise SystemExit(f'{args.model}: differs by {worst:g}, wants less than {LIMIT:g}')


def run_engine(args, crops):
    """{image: unit vector [128]} as the C engine computes them."""
    with tempfile.TemporaryDirectory() as folder:
        for name, crop in crops.items():
            cv2.imwrite(os.path.join(folder, name), crop[:, :, ::-1])
        lines = subprocess.run(
            [args.facenet, 'embed', '--json', '--cropped', '--model', args.model, folder],
            check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return {os.path.basename(line['image']): np.array(line['faces'][0]['embedding'])
            for line in map(json.loads, lines)}
