# detectpoints.py - step: face crops to the weights of the points network
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Trains the network that places five landmarks in a detection and judges it.

Faces are those of the sets, with boxes varied as a detector's vary. What is no face
is what detect-mine found, and, more rarely, a place without a face. Saves, resumes
and shares the work as the step detect does.
"""
import torch

import detect
from detectloss import points_loss
from detector import Points, normalised
from detectsamples import CropSampler


class PointsTask(detect.DetectorTask):
    network, sampler, batch, rate = Points, CropSampler, 96, 4e-3

    @staticmethod
    def loss(net, crops, face, marks):
        with torch.autocast('cpu', torch.bfloat16):
            x = net(normalised(crops).bfloat16())
        return points_loss(x.float(), face, marks)


def add_arguments(parser):
    detect.add_arguments(parser, PointsTask)


run = detect.run
