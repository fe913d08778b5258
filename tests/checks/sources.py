# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
#
# What the checks look at: the files of the rooms, never those of a build.
import os
import sys

# The checks run from a tree that may be read-only or about to be packed.
sys.dont_write_bytecode = True

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))


def files(root, rooms, suffixes=('',)):
    """Paths below these rooms of root, relative to root, sorted."""
    found = []
    for room in rooms:
        for folder, folders, names in os.walk(os.path.join(root, room)):
            folders[:] = [f for f in folders if f != '__pycache__']
            found += [os.path.relpath(os.path.join(folder, name), root)
                      for name in names if name.endswith(tuple(suffixes))]
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding='utf-8') as file:
        return file.read()


def write(root, path, text):
    """Plants a file for a self-test."""
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, 'w', encoding='utf-8') as file:
        file.write(text)
