# detectloss.py - what the detector's cells and the points network learn
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Assigns faces to cells and computes the losses.

The assignment follows the idea of SimOTA (Z. Ge et al., "YOLOX", arXiv
2107.08430, section 2.1): a face takes the cells near its centre where the
network does best already, and the more of them, the better their boxes fit.
"""
import torch
import torch.nn.functional as F

from detector import decode, score

# A cell may learn a face if it is within so many strides of the centre.
RADIUS = 2.5
# The best fitting cells of a face whose overlaps, summed, say how many it takes.
TOP = 10
IOU_COST, FAR_COST = 3.0, 1e4
# The points network places the landmarks; here they only have to be near.
BOX_WEIGHT, FIT_WEIGHT, MARK_WEIGHT = 4.0, 1.0, 1.0
# Landmark errors are in parts of the face's size, times this.
MARK_SCALE, MARK_BETA = 4.0, 1 / 9
FOCUS = 2.0
# Of the points network: errors in parts of the crop's side.
POINT_WEIGHT, POINT_BETA = 20.0, 0.01


def overlap(a, b):
    """IoU of boxes [...,4], and what the box around both covers without them."""
    inner = (torch.minimum(a[..., 2:], b[..., 2:])
             - torch.maximum(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    outer = (torch.maximum(a[..., 2:], b[..., 2:])
             - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    union = ((a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1)
             - inner)
    return inner / union, (outer - union) / outer


@torch.no_grad()
def assign(boxes, scores, owner, faces, place, stride):
    """boxes [n,k,4], scores [n,k]: predictions; owner [m]: picture of each face;
    faces [m,4] -> matching pairs (face [p], cell [p])."""
    n, k = scores.shape
    centre = (faces[:, :2] + faces[:, 2:]) / 2
    offset = (place - centre[:, None]).abs()
    half = (faces[:, None, 2:] - faces[:, None, :2]) / 2
    near = (offset < RADIUS * stride).all(-1)
    within = (offset < half).all(-1)
    face, cell = (near | within).nonzero(as_tuple=True)
    fit = overlap(boxes[owner[face], cell], faces[face])[0]
    iou = torch.zeros(len(faces), k)
    iou[face, cell] = fit
    cost = torch.full((len(faces), k), 1e6)
    cost[face, cell] = (-scores[owner[face], cell].clamp(1e-6).log()
                        - IOU_COST * fit.clamp(1e-6).log()
                        + FAR_COST * ~(near & within)[face, cell])
    wanted = iou.topk(TOP, 1)[0].sum(1).int().clamp(min=1)
    cheapest, cell = cost.topk(TOP, 1, largest=False)
    taken = (torch.arange(TOP) < wanted[:, None]) & (cheapest < 1e6)
    face = torch.arange(len(faces))[:, None].expand_as(cell)[taken]
    cell, cheapest = cell[taken], cheapest[taken]
    # A cell that several faces took goes to the one to which it is cheapest.
    slot = owner[face] * k + cell
    least = torch.full((n * k,), 1e9).scatter_reduce(0, slot, cheapest, 'amin')
    best = cheapest <= least[slot]
    return face[best], cell[best]


def cells_loss(x, place, stride, owner, faces, marks, ignored_owner, ignored):
    """x: [n,k,16] of the network. faces [m,4] and marks [m,5,2] (NaN: not known)
    of picture owner [m]; ignored [i,4]: cells in these are not background.

    -> total, {part: value}
    """
    n, k = x.shape[:2]
    boxes, points = decode(x, place, stride)
    owner, ignored_owner = owner.long(), ignored_owner.long()
    target = torch.zeros(n, k)
    weight = torch.ones(n, k)
    if len(ignored):
        inside = ((place > ignored[:, None, :2]) & (place < ignored[:, None, 2:])).all(-1)
        i, c = inside.nonzero(as_tuple=True)
        weight[ignored_owner[i], c] = 0
    parts = {}
    zero = x.sum() * 0
    fit = box = mark = zero
    count = 1
    if len(faces):
        face, cell = assign(boxes.detach(), score(x.detach()), owner, faces, place, stride)
        count = max(1, len(face))
        at = owner[face], cell
        target[at], weight[at] = 1, 1
        iou, waste = overlap(boxes[at], faces[face])
        box = (1 - iou + waste).sum() / count
        fit = F.binary_cross_entropy_with_logits(
            x[..., 1][at], iou.detach(), reduction='sum') / count
        size = (faces[face, 2:] - faces[face, :2]).prod(-1).sqrt()
        error = (points[at] - marks[face]) * (MARK_SCALE / size[:, None, None])
        known = torch.isfinite(error)
        error = torch.where(known, error, torch.zeros(()))
        mark = F.smooth_l1_loss(error, torch.zeros_like(error), beta=MARK_BETA,
                                reduction='sum') / known.sum().clamp(min=10) * 2
        parts['iou'] = iou.mean().item()
    logit = x[..., 0]
    p = logit.detach().sigmoid()
    focus = torch.where(target > 0, torch.ones(()), p ** FOCUS) * weight
    face_loss = (F.binary_cross_entropy_with_logits(logit, target, reduction='none')
                 * focus).sum() / count
    total = face_loss + FIT_WEIGHT * fit + BOX_WEIGHT * box + MARK_WEIGHT * mark
    parts.update(cells=count / n, face=face_loss.item(), fit=fit.item(), box=box.item(),
                 mark=mark.item())
    return total, parts


def points_loss(x, face, marks):
    """x: [n,11] of the network; face [n], 1 or 0; marks [n,5,2], NaN: not known.

    -> total, {part: value}
    """
    judge = F.binary_cross_entropy_with_logits(x[:, 0], face)
    points = x[:, 1:].unflatten(1, (5, 2))
    known = torch.isfinite(marks)
    error = torch.where(known, points - marks, torch.zeros(()))
    point = F.smooth_l1_loss(error, torch.zeros_like(error), beta=POINT_BETA,
                             reduction='sum') / known.sum().clamp(min=1)
    wrong = ((x[:, 0] > 0) != (face > 0)).float().mean()
    eyes = (marks[:, 1] - marks[:, 0]).norm(dim=-1)
    all_known = known.all((1, 2))
    off = (error.detach().norm(dim=-1).mean(1) / eyes)[all_known]
    return judge + POINT_WEIGHT * point, {
        'judge': judge.item(), 'wrong': wrong.item(), 'point': point.item(),
        'off': off.median().item() if len(off) else 0.}
