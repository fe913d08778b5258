# augment.py - random variations of the training crops
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Turns packed crops into network inputs as a plain face detector would have cut
them from worse pictures: smaller, blurred, grey, in bad light, partly covered.

All of it is PyTorch on whole batches, on the device that holds them. An effect
takes float32 [n,3,h,w] in [0,1] and a torch.Generator of that device, and may
leave [0,1]; SHARES says how many faces of a batch get it.
"""
import math

import torch
import torch.nn.functional as F

from facepack import SIDE
from frame import FRAME

# Boxes of facedetect against the frame that landmarks give, over 7,421 faces:
# standard deviations of rotation, of log scale, and of the shift across and down
# in parts of the frame's side.
BOX_ROTATION, BOX_SCALE, BOX_SHIFT = math.radians(3.3), 0.086, 0.043
# Half of the faces vary by this part of it, as aligned ones do.
ALIGNED = 0.35

LUMA = (0.299, 0.587, 0.114)


def augment(crops, r, part=1):
    """uint8 [n,3,120,120] -> float32 [n,3,96,96] in [0,1].

    part: of SHARES, what is used of each.
    """
    x = some(crops.float() / 255, 0.25, low_resolution, r)
    x = cut(x, r)
    for share, effect in SHARES:
        x = some(x, part * share, effect, r)
    return x.clamp_(0, 1)


def some(x, share, effect, r):
    """The effect on a random share of the faces, in place."""
    where = torch.randperm(len(x), generator=r, device=r.device)
    where = where[:round(share * len(x))]
    return x.index_copy_(0, where, effect(x[where], r)) if len(where) else x


def uniform(x, r, low, high, size=1):
    """[n,size,1,1], a number of its own for each face, or `size` of them."""
    u = torch.rand(len(x), size, 1, 1, generator=r, device=r.device)
    return low + (high - low) * u


def normal(x, r):
    return torch.randn(len(x), generator=r, device=r.device)


def cut(x, r):
    """[n,3,120,120] -> [n,3,96,96]: rotated, scaled, shifted, half mirrored."""
    amount = torch.where(normal(x, r) > 0, 1.0, ALIGNED)
    angle = normal(x, r) * BOX_ROTATION * amount
    scale = (normal(x, r) * BOX_SCALE * amount).exp()
    across, down = (normal(x, r) * BOX_SHIFT * amount * 2 for _ in range(2))
    flip = torch.where(normal(x, r) > 0, 1.0, -1.0)
    c, s = angle.cos() * scale, angle.sin() * scale
    m = torch.stack([c * flip, -s, across, s * flip, c, down], 1).view(-1, 2, 3)
    grid = F.affine_grid(m * (FRAME / SIDE), (len(x), 3, FRAME, FRAME),
                         align_corners=False)
    return F.grid_sample(x, grid, padding_mode='border', align_corners=False)


def low_resolution(x, r):
    """Small faces, 19 to 80 pixels across the frame, scaled up again; four sizes
    to a batch."""
    out = []
    for part in x.chunk(4):
        size = int(SIDE * uniform(x[:1], r, 0.2, 0.83))
        small = F.interpolate(part, size=(size, size), mode='area')
        out.append(F.interpolate(small, size=x.shape[2:], mode='bilinear',
                                 align_corners=False))
    return torch.cat(out)


def blur(x, r):
    """An oblong Gaussian: out of focus, or moving."""
    n, radius = len(x), 5
    v, u = torch.meshgrid(*[torch.arange(-radius, radius + 1., device=x.device)] * 2,
                          indexing='ij')
    angle = uniform(x, r, 0, math.pi)
    along = (u * angle.cos() + v * angle.sin()) / uniform(x, r, 0.5, 3)
    beside = (v * angle.cos() - u * angle.sin()) / uniform(x, r, 0.3, 1)
    k = (-0.5 * (along ** 2 + beside ** 2)).exp()
    k = (k / k.sum((2, 3), keepdim=True)).repeat_interleave(3, 0)
    padded = F.pad(x, [radius] * 4, mode='reflect').flatten(0, 1)[None]
    return F.conv2d(padded, k, groups=3 * n).view_as(x)


def jpeg(x, r):
    """Compression: the 8x8 cosine transform of luma and colour differences, in
    steps near those of the JPEG standard's tables at qualities 20 to 80."""
    n, side = len(x), FRAME // 8
    to_ycc = x.new_tensor([LUMA, (-0.169, -0.331, 0.5), (0.5, -0.419, -0.081)])
    i = torch.arange(8., device=x.device)
    dct = torch.cos((2 * i[None] + 1) * i[:, None] * math.pi / 16) / 2
    dct[0] = math.sqrt(1 / 8)
    frequency = i[:, None] + i[None]
    luma, colour = 10 + 7 * frequency, (17 + 20 * frequency).clamp(max=99)
    quality = uniform(x, r, 20, 80)
    loss = torch.where(quality < 50, 50 / quality, 2 - quality / 50) / 255
    step = torch.stack([luma, colour, colour])[None] * loss
    step = step.clamp(min=1 / 255)[:, :, None, :, None, :]
    ycc = (to_ycc @ x.flatten(2)).view(n, 3, side, 8, side, 8)
    waves = torch.einsum('ui,ncaibj,vj->ncaubv', dct, ycc, dct)
    waves = (waves / step).round() * step
    ycc = torch.einsum('ui,ncaubv,vj->ncaibj', dct, waves, dct)
    return (to_ycc.inverse() @ ycc.reshape(n, 3, -1)).view_as(x)


def grey(x, r):
    """Grey, from luma to red alone, which is near what infra-red shows."""
    red = uniform(x, r, 0, 1)
    w = x.new_tensor(LUMA).view(1, 3, 1, 1) * (1 - red)
    w[:, :1] += red
    return (x * w).sum(1, keepdim=True).expand_as(x)


def colour(x, r):
    """Gamma, contrast, brightness, and a gain for each channel."""
    x = x.clamp(1e-3, 1) ** uniform(x, r, -0.4, 0.4).exp()
    x = (x - 0.5) * uniform(x, r, 0.7, 1.3) + 0.5 + uniform(x, r, -0.12, 0.12)
    return x * uniform(x, r, 0.9, 1.1, 3)


def cast(x, r):
    """Coloured light."""
    return x * uniform(x, r, 0.6, 1.25, 3)


def light(x, r):
    """Light from one side: up to 60 % less on the other."""
    ramp = torch.linspace(-1, 1, FRAME, device=x.device)
    angle = uniform(x, r, 0, 2 * math.pi)
    slope = angle.cos() * ramp + angle.sin() * ramp[:, None]
    return x * (1 + uniform(x, r, 0.1, 0.45) * slope)


def noise(x, r):
    """Of a sensor in the dark."""
    n = torch.randn(x.shape, generator=r, device=r.device)
    return x + n * uniform(x, r, 0.01, 0.07)


def occlude(x, r):
    """A rectangle of one colour, 20 to 50 % of the side each way."""
    at = torch.linspace(0, 1, FRAME, device=x.device)
    inside = [(at - uniform(x, r, 0, 1)).abs() < uniform(x, r, 0.1, 0.25)
              for _ in range(2)]
    mask = inside[0] & inside[1].transpose(2, 3)
    return torch.where(mask, uniform(x, r, 0, 1, 3), x)


SHARES = [(0.15, blur), (0.6, colour), (0.1, cast), (0.2, light), (0.15, noise),
          (0.2, jpeg), (0.2, grey), (0.12, occlude)]
