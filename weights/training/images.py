# images.py - pictures on disk
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
"""Finding and reading pictures."""
import os

import cv2

EXTENSIONS = ('.jpg', '.jpeg', '.png', '.bmp', '.webp')


def image_list(root):
    """Paths of the pictures below root, relative to it, in a fixed order."""
    for folder, folders, files in os.walk(root):
        folders.sort()
        for name in sorted(files):
            if name.lower().endswith(EXTENSIONS):
                yield os.path.relpath(os.path.join(folder, name), root)


def read_rgb(path):
    """RGB uint8 [h,w,3], or None for what OpenCV cannot read."""
    image = cv2.imread(path, cv2.IMREAD_COLOR)
    return None if image is None else cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
