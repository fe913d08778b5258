# metric.py - step: the last matrix, for telling pairs apart
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Maps the embeddings of a trained network so that pairs are told apart better.

Distillation ends with directions that many people share, such as those of sex and
age, as wide as in the teacher. They are narrowed by a power of the covariance, and
then a few steps go down the loss of pairs; with more, low rates of false
accepts get worse again. The map is linear and becomes part of the dense matrix:
what comes out is the same network with other numbers.
"""
import numpy as np
import torch
import torch.nn.functional as F

from facepack import MARGIN, FacePack
from frame import FRAME
from lfw import embed
from modelfile import load_network, save_checkpoint
from pairs import PairLoss

# Every third face is enough for 128 x 128 numbers.
EVERY = 3
POWER, LEAST_VARIANCE = -0.1, 5e-4
STEPS, FACES, LEARNING_RATE, OFFSET_RATE = 10, 4000, 1e-3, 1e-2
OFFSET = 0.5


def add_arguments(parser):
    parser.add_argument('model', help='checkpoint or safetensors file')
    FacePack.add_arguments(parser)
    parser.add_argument('out', help='checkpoint to write')
    parser.add_argument('--last', action='store_true',
                        help="the checkpoint's last weights, not their average")


def run(args):
    pack = FacePack.of(args)
    net = load_network(args.model, args.last).eval()
    inside = slice(MARGIN, MARGIN + FRAME)
    crops = {i: pack.crop(i)[inside, inside] for i in range(0, len(pack), EVERY)}
    y = np.stack(list(embed(net, crops).values()))
    matrix = learn(torch.from_numpy(y), torch.from_numpy(pack.target[::EVERY]))
    with torch.no_grad():
        net.dense.weight.copy_(matrix @ net.dense.weight)
        net.dense.bias.copy_(matrix @ net.dense.bias)
    weights = net.state_dict()
    save_checkpoint(args.out, weights, pack.mean, {'net': weights})
    print(f'{args.out}: written')


def learn(y, target):
    """Unit vectors y and target [n,128] -> [128,128]."""
    variance, axes = torch.linalg.eigh(y.T @ y / len(y))
    matrix = axes @ torch.diag(variance.clamp_min(LEAST_VARIANCE) ** POWER) @ axes.T
    matrix /= (y @ matrix.T).norm(dim=1).mean()
    matrix.requires_grad_()
    pairs = PairLoss(OFFSET, recent=0)
    optimiser = torch.optim.Adam([{'params': [matrix], 'lr': LEARNING_RATE},
                                  {'params': [pairs.offset], 'lr': OFFSET_RATE}])
    random = torch.Generator().manual_seed(0)
    for _ in range(STEPS):
        some = torch.randint(len(y), (FACES,), generator=random)
        loss = pairs(F.normalize(y[some] @ matrix.T), target[some])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        print(f'loss of pairs {loss.item():.4f}', flush=True)
    return matrix.detach()
