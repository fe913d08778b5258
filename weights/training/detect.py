# detect.py - step: photographs to the detector's weights
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Trains the detector for so many minutes, on processors.

Saves OUT every three minutes: the network's last weights, their moving average,
and the state to go on from with --resume (also in a longer schedule, for
--minutes counts from the first start).

Each of --processes trains on pictures of its own with one thread, and all take
the same steps with the mean of their gradients. More threads in one process are
slower: oneDNN's threads wait for each other spinning, on cores that others use.
"""
import copy
import os
import time

import torch

import fastmem
from detectloss import cells_loss
from detector import Detector, cells, flat, load_arrays, normalised
from detectsamples import Photos, Sampler, loader
from optimiser import Optimiser

MOMENTUM = 0.998
WARM_UP = 300
SAVE_SECONDS = 180
SHOWN = 50


class DetectorTask:
    """What is trained, on what, by which loss."""
    network, sampler, batch, rate = Detector, Sampler, 16, 4e-3

    @staticmethod
    def loss(net, pictures, owner, faces, marks, ignored_owner, ignored):
        """-> total, {part: value}"""
        side = pictures.shape[1]
        with torch.autocast('cpu', torch.bfloat16):
            maps = net(normalised(pictures).bfloat16())
        return cells_loss(flat(maps), *cells(side, side), owner, faces, marks,
                          ignored_owner, ignored)


def add_arguments(parser, task=DetectorTask):
    parser.add_argument('out')
    parser.add_argument('sets', nargs='+', metavar='PREFIX[:WEIGHT]')
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--processes', type=int, default=2)
    parser.add_argument('--batch', type=int, default=task.batch, help='pictures per process')
    parser.add_argument('--rate', type=float, default=task.rate)
    parser.add_argument('--augment', type=float, default=1, metavar='SHARE',
                        help='so much of the usual augmentation (default 1)')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--resume')
    parser.add_argument('--start', help='checkpoint or model file whose weights to begin with')
    parser.set_defaults(task=task)


def run(args):
    torch.multiprocessing.set_sharing_strategy('file_system')
    torch.manual_seed(args.seed)
    net = args.task.network()
    if args.start and not args.resume:
        pictures = args.task.sampler(Photos(args.sets), [args.seed]).batch(64)[0]
        net.unfold(load_arrays(args.start), normalised(pictures))
    exchange = Exchange(args.processes, sum(p.numel() for p in net.parameters()))
    torch.multiprocessing.spawn(train, (args, net.state_dict(), exchange, time.time()),
                                args.processes)


class Exchange:
    """What the processes share: their gradients, and the clock of the first, so
    that all take the same steps. Two places take turns, so that one meeting per
    step is enough."""

    def __init__(self, processes, size):
        self.barrier = torch.multiprocessing.get_context('spawn').Barrier(processes)
        self.places = torch.zeros(2, processes, size).share_memory_()
        self.clock = torch.zeros(2, dtype=torch.float64).share_memory_()
        self.turn = 0

    def tell(self, seconds):
        """The first process says, before they meet, how late it is."""
        self.clock[self.turn ^ 1] = seconds

    def seconds(self):
        """What was told before the last meeting."""
        return float(self.clock[self.turn])

    def mix(self, rank, parameters):
        """Waits for the others; gradients become the mean of all."""
        self.turn ^= 1
        place = self.places[self.turn]
        torch.cat([p.grad.flatten() for p in parameters], out=place[rank])
        self.barrier.wait()
        mean = place.mean(0)
        for p, part in zip(parameters, mean.split([p.numel() for p in parameters])):
            p.grad.copy_(part.view_as(p))


def rate(seconds, step, peak, total):
    """Up in WARM_UP steps, level until two fifths of the time, then to 0."""
    left = 1 - seconds / total
    return peak * min(1, (step + 1) / WARM_UP, max(left, 0) / 0.6)


def train(rank, args, weights, exchange, now):
    fastmem.set_threads(1)
    torch.multiprocessing.set_sharing_strategy('file_system')
    net = args.task.network().to(memory_format=torch.channels_last)
    net.load_state_dict(weights)
    optimiser = Optimiser(net.parameters(), args.rate)
    parameters = [p for p in net.parameters() if p.requires_grad]
    mean = copy.deepcopy(net).eval()
    step, past = 0, 0.
    if args.resume:
        state = torch.load(args.resume, weights_only=True)
        net.load_state_dict(state['net'])
        mean.load_state_dict(state['mean'])
        optimiser.load_state_dict(state['optimiser'])
        step, past = state['step'], state['seconds']
    batches = loader(args.task.sampler, args.sets, args.batch, [args.seed, step, rank],
                     args.augment)
    next(batches)
    begin, total = now - past, 60 * args.minutes

    def save():
        torch.save({'net': net.state_dict(), 'mean': mean.state_dict(), 'step': step,
                    'optimiser': optimiser.state_dict(), 'seconds': time.time() - begin},
                   args.out + '.part')
        os.replace(args.out + '.part', args.out)

    net.train()
    sums, saved, waited, shown = {}, time.time(), 0., time.time()
    while exchange.seconds() < total:
        t = time.time()
        batch = next(batches)
        waited += time.time() - t
        value, parts = args.task.loss(net, *batch)
        optimiser.gradients(value)
        if rank == 0:
            exchange.tell(time.time() - begin)
        exchange.mix(rank, parameters)
        optimiser.move(rate(exchange.seconds(), step, args.rate, total))
        step += 1
        if rank == 0:
            blend(mean, net, 1 - min(MOMENTUM, step / (step + 10)))
            for k, v in parts.items():
                sums[k] = sums.get(k, 0) + v
            if step % SHOWN == 0:
                line = ' '.join(f'{k} {v / SHOWN:.4f}' for k, v in sums.items())
                print(f'{step} {time.time() - begin:.0f}s {line} '
                      f'step {1000 * (time.time() - shown) / SHOWN:.0f}ms '
                      f'waited {1000 * waited / SHOWN:.0f}ms', flush=True)
                sums, waited, shown = {}, 0., time.time()
            if time.time() - saved > SAVE_SECONDS:
                save()
                saved = time.time()
    if rank == 0:
        save()


def blend(mean, net, share):
    """Moves the average towards the weights."""
    for a, b in zip(mean.state_dict().values(), net.state_dict().values()):
        if a.is_floating_point():
            a.lerp_(b, share)
        else:
            a.copy_(b)
