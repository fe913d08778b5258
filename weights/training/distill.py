# distill.py - step: trains the network on a packed set
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trains nn4.small2 to reproduce the teacher's descriptors.

The student sees augmented crops, so that boxes of a plain face detector are as
good an input as aligned faces. AdamW; the learning rate rises over the first
300 steps and falls to zero over the time given as half a cosine. --resume
takes weights only: the optimiser and the learning rate begin anew.
"""
import math
import time

import torch
import torch.nn.functional as F

from batches import batches
from facepack import FacePack
from loss import distillation_loss
from modelfile import load_network, save_checkpoint
from network import Nn4Small2

WARMUP_STEPS = 300
WEIGHT_DECAY = 0.05
GRADIENT_NORM = 5.0
REPORT_STEPS, SAVE_STEPS = 50, 1000


def add_arguments(parser):
    parser.add_argument('data', help='prefix of a packed set, or several with commas')
    parser.add_argument('out', help='checkpoint to write')
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--batch', type=int, default=64)
    parser.add_argument('--lr', type=float, default=2e-3, help='highest learning rate')
    parser.add_argument('--resume', metavar='MODEL',
                        help='start from a checkpoint or a safetensors file')
    parser.add_argument('--device', default='cpu')
    parser.add_argument('--workers', type=int, default=1,
                        help='threads that make batches')
    parser.add_argument('--seed', type=int, default=0)


def run(args):
    torch.manual_seed(args.seed)
    pack = FacePack(args.data.split(','))
    print(len(pack), 'faces', flush=True)
    net = load_network(args.resume) if args.resume else Nn4Small2()
    net = net.to(memory_format=torch.channels_last).to(args.device).train()
    optimiser = make_optimiser(net, args.lr)
    progress = Progress(args.minutes, args.batch)
    for x, target in batches(pack, args.batch, args.seed, args.workers):
        if progress.share() >= 1:
            break
        lr = learning_rate(args.lr, progress.step, progress.share())
        for group in optimiser.param_groups:
            group['lr'] = lr
        x = x.to(args.device).contiguous(memory_format=torch.channels_last)
        terms = train_step(net, optimiser, x, target.to(args.device))
        progress.add(terms)
        if progress.step % REPORT_STEPS == 0:
            print(progress.line(lr), flush=True)
        if progress.step % SAVE_STEPS == 0:
            save_checkpoint(args.out, net, pack.mean, progress.seen)
    save_checkpoint(args.out, net, pack.mean, progress.seen)
    print(f'{args.out}: {progress.seen} samples, {progress.step} steps')


def make_optimiser(net, lr):
    """AdamW; only filters and the dense matrix decay."""
    trained = [p for p in net.parameters() if p.requires_grad]
    return torch.optim.AdamW(
        [{'params': [p for p in trained if p.ndim > 1], 'weight_decay': WEIGHT_DECAY},
         {'params': [p for p in trained if p.ndim <= 1], 'weight_decay': 0.0}], lr=lr)


def learning_rate(highest, step, share):
    """Linear warm-up by steps, times half a cosine over the share of time gone."""
    return (highest * min(1, (step + 1) / WARMUP_STEPS)
            * (0.5 + 0.5 * math.cos(math.pi * share)))


def train_step(net, optimiser, x, target):
    """One step; the loss and its terms as floats."""
    terms = distillation_loss(F.normalize(net(x)), target)
    optimiser.zero_grad(set_to_none=True)
    terms[0].backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), GRADIENT_NORM)
    optimiser.step()
    return [t.item() for t in terms]


class Progress:
    """Counts steps and samples, and smooths the loss for the log."""

    def __init__(self, minutes, batch):
        self.start, self.seconds, self.batch = time.time(), minutes * 60, batch
        self.step = 0
        self.smooth = None

    @property
    def seen(self):
        return self.step * self.batch

    def share(self):
        """Part of the time that has gone."""
        return (time.time() - self.start) / self.seconds

    def add(self, terms):
        self.step += 1
        old = self.smooth or terms
        self.smooth = [0.98 * a + 0.02 * b for a, b in zip(old, terms)]

    def line(self, lr):
        loss, cosine, relation = self.smooth
        gone = time.time() - self.start
        return (f'{gone / 60:6.1f} min  step {self.step}  lr {lr:.1e}  '
                f'loss {loss:.4f}  cosine {cosine:.4f}  relation {relation:.5f}  '
                f'{self.seen / gone:.1f} samples/s')
