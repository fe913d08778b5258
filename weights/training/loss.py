# loss.py - what the student is trained to minimise
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Distillation loss for face descriptors."""
RELATION_WEIGHT = 2.0


def distillation_loss(y, target):
    """Unit vectors y and target [n,128] -> (loss, cosine, relation), scalars.

    cosine is the mean of y·target; relation the mean squared error of all
    pairwise cosines of the batch, which is what matching uses.
    loss = 1 - cosine + RELATION_WEIGHT * relation.
    """
    cosine = (y * target).sum(1).mean()
    relation = ((y @ y.T - target @ target.T) ** 2).mean()
    return (1 - cosine) + RELATION_WEIGHT * relation, cosine, relation
