# loss.py - what the student is trained to minimise
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Distillation loss for face descriptors."""
import torch
import torch.nn.functional as F

RELATION_WEIGHT = 2.0
RANKING_WEIGHT = 0.1
TEMPERATURE = 0.05


def distillation_loss(y, target, bank):
    """Unit vectors y and target [n,128], bank [k,128] targets from all
    of the set -> (loss, cosine, relation, ranking), scalars.

    cosine: mean of y·target. relation: mean squared error of all pairwise cosines
    of the batch, which is what matching uses. ranking: divergence of the softmax
    of y·bank / TEMPERATURE from the teacher's: in it those who look most like the
    face weigh most, and the batch itself is part of the bank.
    """
    cosine = (y * target).sum(1).mean()
    relation = ((y @ y.T - target @ target.T) ** 2).mean()
    bank = torch.cat([target, bank])
    wanted = F.softmax(target @ bank.T / TEMPERATURE, 1)
    found = F.log_softmax(y @ bank.T / TEMPERATURE, 1)
    ranking = F.kl_div(found, wanted, reduction='batchmean')
    loss = 1 - cosine + RELATION_WEIGHT * relation + RANKING_WEIGHT * ranking
    return loss, cosine, relation, ranking
