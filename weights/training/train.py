#!/usr/bin/python3
# train.py - the one entry point to the steps that made the shipped model
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Makes, exports and measures the shipped models; README.md gives the order of steps.

Each step is a module with `add_arguments(parser)` and `run(args)`; its
docstring is its help: `train.py STEP --help`.
"""
import argparse

import align
import boxes
import dataset
import detect
import detectdata
import detectevaluate
import detectexport
import detectmine
import detectpoints
import distill
import duplicates
import engine
import evaluate
import export
import fastmem
import metric
import thresholds

STEPS = {
    'dataset': dataset,
    'duplicates': duplicates,
    'distill': distill,
    'metric': metric,
    'export': export,
    'engine': engine,
    'align': align,
    'boxes': boxes,
    'thresholds': thresholds,
    'evaluate': evaluate,
    'detect-data': detectdata,
    'detect-mine': detectmine,
    'detect': detect,
    'detect-points': detectpoints,
    'detect-export': detectexport,
    'detect-evaluate': detectevaluate,
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(dest='step', metavar='STEP', required=True)
    for name, module in STEPS.items():
        step = steps.add_parser(
            name, help=module.__doc__.split('\n')[0], description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter)
        module.add_arguments(step)
        step.add_argument('--threads', type=int, default=2,
                          help='CPU threads of PyTorch (default 2)')
    args = parser.parse_args()
    fastmem.restart()
    fastmem.set_threads(args.threads)
    STEPS[args.step].run(args)


if __name__ == '__main__':
    main()
