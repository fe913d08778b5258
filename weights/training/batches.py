# batches.py - augmented batches of a packed set
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Endless batches, from a set held in the memory of the device that trains."""
import torch

from augment import augment


class Batches:
    """Goes through the set in random orders; the seed decides all that follows.

    crops: uint8 [n,3,120,120], 43 kB a face; target: float32 [n,128].
    """

    def __init__(self, pack, size, device, seed):
        self.crops = pack.decoded().to(device)
        self.target = torch.from_numpy(pack.target).to(device)
        self.size = size
        self.random = torch.Generator(device).manual_seed(seed)
        self.order = torch.empty(0, dtype=torch.long, device=device)

    def next(self):
        """(x [size,3,96,96], target [size,128])"""
        if len(self.order) < self.size:
            self.order = torch.randperm(len(self.crops), generator=self.random,
                                        device=self.random.device)
        ids, self.order = self.order.tensor_split([self.size])
        return augment(self.crops[ids], self.random), self.target[ids]

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
