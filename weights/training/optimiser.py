# optimiser.py - how the weights move
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Muon for filters and the dense matrix, AdamW for the vectors beside them.

Muon (K. Jordan et al., "Muon: An optimizer for hidden layers in neural networks",
2024) makes the step of a matrix orthogonal, so that its rare directions move as
far as its common ones. Its steps have the size that AdamW's have, 0.2 times the
learning rate per weight (J. Liu et al., "Muon is scalable for LLM training",
arXiv 2502.16982, section 2.2), so both share one learning rate and weight decay.
"""
import torch

MOMENTUM = 0.95
WEIGHT_DECAY = 0.05
STEP_SIZE = 0.2
# Of the iteration that pulls singular values towards 1 (Jordan 2024); three rounds
# do for matrices of this size, five are usual.
NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
ROUNDS = 3


class Muon(torch.optim.Optimizer):
    """Each parameter is taken as a matrix [outputs, all the rest]."""

    def __init__(self, parameters, lr):
        super().__init__(parameters, {'lr': lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group['params']:
                self._move(p, group['lr'])

    def _move(self, p, lr):
        state = self.state[p]
        if not state:
            state['momentum'] = torch.zeros_like(p)
        state['momentum'].lerp_(p.grad, 1 - MOMENTUM)
        ahead = p.grad.lerp(state['momentum'], MOMENTUM)
        step = orthogonal(ahead.reshape(len(p), -1))
        p.mul_(1 - lr * WEIGHT_DECAY)
        p.add_(step.view(p.shape), alpha=-lr * STEP_SIZE * max(step.shape) ** 0.5)


def orthogonal(x):
    """Near the nearest matrix whose singular values are all 1."""
    if x.shape[0] > x.shape[1]:
        return orthogonal(x.T).T.contiguous()
    a, b, c = NEWTON_SCHULZ
    x = x / (x.norm() + 1e-7)
    for _ in range(ROUNDS):
        square = x @ x.T
        x = torch.addmm(x, torch.addmm(square, square, square, beta=b, alpha=c), x,
                        beta=a)
    return x


class Optimiser:
    """Both of them, as one."""

    def __init__(self, parameters, lr):
        trained = [p for p in parameters if p.requires_grad]
        self.parts = [Muon([p for p in trained if p.ndim > 1], lr),
                      torch.optim.AdamW([p for p in trained if p.ndim <= 1], lr,
                                        weight_decay=0)]

    def step(self, loss, lr):
        """Moves the weights by the gradient of the loss."""
        self.gradients(loss)
        self.move(lr)

    def gradients(self, loss):
        for part in self.parts:
            part.zero_grad(set_to_none=True)
        loss.backward()

    def move(self, lr):
        for part in self.parts:
            for group in part.param_groups:
                group['lr'] = lr
            part.step()

    def state_dict(self):
        return [part.state_dict() for part in self.parts]

    def load_state_dict(self, states):
        for part, state in zip(self.parts, states):
            part.load_state_dict(state)
