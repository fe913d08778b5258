# distill.py - step: trains the network on a packed set
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Trains nn4.small2 to reproduce the teacher's descriptors.

The student sees augmented crops, so that boxes of a plain face detector are as
good an input as aligned faces. The learning rate rises over the first 200 steps,
stays, and falls to zero over the last three fifths of the time given; in its
last eighth the crops are augmented half as much. The model that comes out is the
moving average of the weights.

OUT holds all of the training, saved every few minutes: --resume OUT goes on
where it stopped, in its schedule, or in a longer one with other --minutes.
--start takes the weights of a finished model into a new schedule.
"""
import itertools
import time

import torch
import torch.nn.functional as F

from batches import Batches
from facepack import FacePack
from loss import distillation_loss
from modelfile import load_network, save_checkpoint
from network import Nn4Small2
from optimiser import Optimiser
from pairs import PairLoss

WARMUP_STEPS = 200
FALL = 0.6
# So much of the time at the end, so much of each of the augmentation's SHARES.
MILD, MILD_PART = 0.12, 0.5
AVERAGE_DECAY = 0.998
BANK = 8192
PAIR_WEIGHT = 0.12
REPORT_SECONDS, SAVE_SECONDS = 30, 180


def add_arguments(parser):
    FacePack.add_arguments(parser)
    parser.add_argument('out', help='checkpoint to write')
    parser.add_argument('--minutes', type=float, default=60,
                        help='of training altogether, those before --resume too')
    parser.add_argument('--batch', type=int, default=64)
    parser.add_argument('--lr', type=float, default=2e-3, help='highest learning rate')
    begin = parser.add_mutually_exclusive_group()
    begin.add_argument('--start', metavar='MODEL',
                       help='weights to begin with: a checkpoint or a safetensors file')
    begin.add_argument('--resume', metavar='CHECKPOINT', help='training to go on with')
    parser.add_argument('--device', default='cpu', help='cpu (default) or cuda')
    parser.add_argument('--seed', type=int, default=0)


def run(args):
    torch.manual_seed(args.seed)
    pack = FacePack.of(args)
    print(len(pack), 'faces', flush=True)
    training = Training(args, pack)
    if args.resume:
        training.load_state_dict(torch.load(args.resume, map_location='cpu')['training'])
    said = saved = time.time()
    while training.share() < 1:
        training.step()
        now = time.time()
        if now - said > REPORT_SECONDS:
            print(training.line(), flush=True)
            said = now
        if now - saved > SAVE_SECONDS:
            training.save(args.out, pack.mean)
            saved = now
    print(training.line())
    training.save(args.out, pack.mean)


class Training:
    """The network with all that changes while it learns."""

    def __init__(self, args, pack):
        net = load_network(args.start) if args.start else Nn4Small2()
        self.net = net.to(args.device).to(memory_format=torch.channels_last).train()
        self.average = {k: v.clone() for k, v in self.net.state_dict().items()}
        self.pairs = PairLoss().to(args.device)
        self.optimiser = Optimiser(
            itertools.chain(self.net.parameters(), self.pairs.parameters()), args.lr)
        self.batches = Batches(pack, args.batch, args.device, args.seed)
        self.highest, self.seconds = args.lr, args.minutes * 60
        self.begun, self.steps, self.samples = time.time(), 0, 0
        self.smooth = None

    def gone(self):
        return time.time() - self.begun

    def share(self):
        """Part of the time that has gone."""
        return self.gone() / self.seconds

    def step(self):
        x, target = self.batches.next(MILD_PART if self.share() > 1 - MILD else 1)
        # On a CPU half precision was slower: README.md.
        with torch.autocast(x.device.type, torch.bfloat16, x.device.type == 'cuda'):
            y = self.net(x.contiguous(memory_format=torch.channels_last))
        y = F.normalize(y.float())
        terms = distillation_loss(y, target, self.batches.bank(BANK))
        pair = self.pairs(y, target)
        loss = terms[0] + PAIR_WEIGHT * pair
        self.optimiser.step(loss, self.learning_rate())
        self.steps += 1
        self.samples += len(x)
        self._follow(torch.stack([t.detach() for t in (loss, *terms[1:], pair)]))

    def learning_rate(self):
        rise = min(1, (self.steps + 1) / WARMUP_STEPS)
        return self.highest * rise * max(0, min(1, (1 - self.share()) / FALL))

    @torch.no_grad()
    def _follow(self, terms):
        """Moves the averages of weights and loss; fast at first."""
        keep = min(AVERAGE_DECAY, self.steps / (self.steps + 10))
        for name, value in self.net.state_dict().items():
            if value.is_floating_point():
                self.average[name].lerp_(value, 1 - keep)
        self.smooth = terms if self.smooth is None else self.smooth.lerp(terms, 0.02)

    def line(self):
        loss, cosine, relation, ranking, pair = self.smooth.tolist()
        return (f'{self.gone() / 60:6.1f} min  step {self.steps}  '
                f'lr {self.learning_rate():.1e}  loss {loss:.4f}  cosine {cosine:.4f}  '
                f'relation {relation:.5f}  ranking {ranking:.4f}  pair {pair:.3f}  '
                f'{self.samples / self.gone():.1f} samples/s')

    @torch.no_grad()
    def watch(self):
        """Mean cosine to the target of faces that are not trained on."""
        x, target = self.batches.watch()
        self.net.eval()
        y = torch.cat([self.net(part) for part in x.split(self.batches.size)])
        self.net.train()
        return (F.normalize(y) * target).sum(1).mean().item()

    def save(self, path, mean):
        save_checkpoint(path, self.average, mean, self.state_dict())
        print(f'{path}: saved; cosine of faces never trained on {self.watch():.4f}',
              flush=True)

    def state_dict(self):
        return {'net': self.net.state_dict(), 'average': self.average,
                'pairs': self.pairs.state_dict(),
                'optimiser': self.optimiser.state_dict(),
                'batches': self.batches.state_dict(), 'smooth': self.smooth,
                'gone': self.gone(), 'steps': self.steps, 'samples': self.samples}

    def load_state_dict(self, state):
        self.net.load_state_dict(state['net'])
        for name, value in state['average'].items():
            self.average[name].copy_(value)
        self.pairs.load_state_dict(state['pairs'])
        self.optimiser.load_state_dict(state['optimiser'])
        self.batches.load_state_dict(state['batches'])
        self.smooth = state['smooth'].to(self.batches.random.device)
        self.begun = time.time() - state['gone']
        self.steps, self.samples = state['steps'], state['samples']
