# pairs.py - who is the same person, as the teacher sees it
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Pairs of faces that the teacher takes for one person, and a loss over pairs.

Matching asks one thing of two faces: nearer than a threshold, or not. A student
that is only near its targets spends as much on distances nobody asks about. No
label of who is who is needed: between pairs of one person and of two there is a
gap in the teacher's cosines, and those inside it are left out.
"""
import torch
import torch.nn.functional as F

# Cosines of targets: at least, at most.
SAME, OTHER = 0.78, 0.6
# How steep the loss is, in cosines, and where it begins.
SCALE, OFFSET = 20.0, 0.65
# Far more pairs are of two people, and there few wrong ones are borne.
OTHER_WEIGHT = 100
RECENT = 4096
ROWS = 2000


class Mates:
    """For each face of a set the others of the same person."""

    def __init__(self, target, left_out):
        """target: [n,128]; left_out: faces that are nobody's mates."""
        counts, mates = [], []
        for begin in range(0, len(target), ROWS):
            same = target[begin:begin + ROWS] @ target.T >= SAME
            same[:, left_out] = False
            row = torch.arange(len(same), device=target.device)
            same[row, begin + row] = False
            counts.append(same.sum(1))
            mates.append(same.nonzero()[:, 1])
        self.counts, self.mates = torch.cat(counts), torch.cat(mates)
        self.first = self.counts.cumsum(0) - self.counts

    def draw(self, faces, r):
        """A mate of each of the faces that has any."""
        faces = faces[self.counts[faces] > 0]
        share = torch.rand(len(faces), generator=r, device=r.device)
        return self.mates[self.first[faces] + (share * self.counts[faces]).long()]


class PairLoss(torch.nn.Module):
    """Logistic loss of the cosines between the faces of a batch, and from these to
    the latest faces of earlier batches. The threshold between same and other,
    in cosines, is learnt along."""

    def __init__(self, offset=OFFSET, recent=RECENT):
        super().__init__()
        self.offset = torch.nn.Parameter(torch.tensor([offset]))
        self.n_recent = recent
        self.register_buffer('recent', torch.zeros(0, 2, 128), persistent=False)

    def forward(self, y, target):
        """Unit vectors y and target [n,128] -> scalar: mean over the faces that have
        pairs of one person, of the mean of these, and mean over all others."""
        batch = torch.stack([y, target], 1)
        against = torch.cat([batch, self.recent])
        self.recent = against[:self.n_recent].detach()
        beyond = SCALE * (y @ against[:, 0].T - self.offset)
        wanted = target @ against[:, 1].T
        wanted.fill_diagonal_((SAME + OTHER) / 2)   # itself is neither
        same, other = wanted >= SAME, wanted <= OTHER
        per_face = (F.softplus(-beyond) * same).sum(1) / same.sum(1).clamp_min(1)
        return (per_face.sum() / same.any(1).sum().clamp_min(1)
                + OTHER_WEIGHT * (F.softplus(beyond) * other).sum()
                / other.sum().clamp_min(1))
