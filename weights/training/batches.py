# batches.py - augmented batches of a packed set
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Endless batches, from a set held in the memory of the device that trains."""
import torch

from augment import augment
from facepack import MARGIN, SIDE
from pairs import Mates

# One face of so many is never trained on, to watch by.
WATCHED = 50
# So many of a batch are of the same people as others of it.
MATES = 3 / 8


class Batches:
    """Goes through the set in random orders; the seed decides all that follows.

    crops: uint8 [n,3,120,120], 43 kB a face; target: float32 [n,128].
    """

    def __init__(self, pack, size, device, seed):
        self.crops = pack.decoded().to(device)
        self.target = torch.from_numpy(pack.target).to(device)
        self.size = size
        self.random = torch.Generator(device).manual_seed(seed)
        # The same ones of a set, whatever the seed and the device.
        fixed = torch.Generator().manual_seed(0)
        ids = torch.randperm(len(self.crops), generator=fixed).to(device)
        self.watched, self.trained = ids.tensor_split([1 + len(ids) // WATCHED])
        self.mates = Mates(self.target, self.watched)
        self.order = torch.empty(0, dtype=torch.long, device=device)

    def next(self, part=1):
        """(x [size,3,96,96], target [size,128]); part: see augment."""
        n_mates = int(MATES * self.size)
        ids = self._take(self.size - n_mates)
        ids = torch.cat([ids, self.mates.draw(ids, self.random)[:n_mates]])
        ids = torch.cat([ids, self._take(self.size - len(ids))])
        return augment(self.crops[ids], self.random, part), self.target[ids]

    def _take(self, n):
        """The next n faces of the order."""
        if len(self.order) < n:
            order = torch.randperm(len(self.trained), generator=self.random,
                                   device=self.random.device)
            self.order = self.trained[order]
        ids, self.order = self.order.tensor_split([n])
        return ids

    def watch(self):
        """(x [n,3,96,96], target [n,128]) of the faces to watch by, as they are."""
        inside = slice(MARGIN, SIDE - MARGIN)
        crops = self.crops[self.watched][:, :, inside, inside]
        return crops.float() / 255, self.target[self.watched]

    def bank(self, size):
        """[size,128], targets of faces drawn from the whole set."""
        ids = torch.randint(len(self.target), (size,), generator=self.random,
                            device=self.random.device)
        return self.target[ids]

    def state_dict(self):
        return {'order': self.order, 'random': self.random.get_state(),
                'device': self.random.device.type}

    def load_state_dict(self, state):
        """The random numbers of a CPU mean nothing to a GPU: there they differ."""
        self.order = state['order'].to(self.random.device)
        if state['device'] == self.random.device.type:
            self.random.set_state(state['random'])
