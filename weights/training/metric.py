# metric.py - step: the last matrix, for telling pairs apart
# SPDX-License-Identifier: LGPL-2.1-or-later
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

from facepack import MARGIN, FacePack, read_names
from frame import FRAME
from modelfile import load_network, save_checkpoint
from pairs import PairLoss

# Every third face is enough for 128 x 128 numbers.
EVERY = 3
BATCH = 64
POWER, LEAST_VARIANCE = -0.1, 5e-4
STEPS, FACES, LEARNING_RATE, OFFSET_RATE = 10, 4000, 1e-3, 1e-2
OFFSET = 0.5


def add_arguments(parser):
    parser.add_argument('model', help='checkpoint or safetensors file')
    parser.add_argument('data', help='prefix of a packed set, or several with commas')
    parser.add_argument('out', help='checkpoint to write')
    parser.add_argument('--last', action='store_true',
                        help="the checkpoint's last weights, not their average")
    parser.add_argument('--without', metavar='LIST', action='append', default=[],
                        help='file of names in the set to leave out, one a line')


def run(args):
    pack = FacePack(args.data.split(','), {n for f in args.without for n in read_names(f)})
    net = load_network(args.model, args.last).eval()
    faces = range(0, len(pack), EVERY)
    matrix = learn(embed(net, pack, faces), torch.from_numpy(pack.target[::EVERY]))
    with torch.no_grad():
        net.dense.weight.copy_(matrix @ net.dense.weight)
        net.dense.bias.copy_(matrix @ net.dense.bias)
    weights = net.state_dict()
    save_checkpoint(args.out, weights, pack.mean, {'net': weights})
    print(f'{args.out}: written')


@torch.no_grad()
def embed(net, pack, faces):
    """Unit vectors [n,128] of crops as they are."""
    inside, out = slice(MARGIN, MARGIN + FRAME), []
    for i in range(0, len(faces), BATCH):
        crops = np.stack([pack.crop(k)[inside, inside] for k in faces[i:i + BATCH]])
        x = torch.from_numpy(crops).permute(0, 3, 1, 2).float() / 255
        out.append(F.normalize(net(x)))
    return torch.cat(out)


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
