/* facenet-macros.h - what marks a symbol as public
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The libraries are built with hidden visibility: a function is part of the
 * interface when its declaration begins with FACENET_API, and only then.
 */
#pragma once

#include <glib-object.h>

#define FACENET_API __attribute__ ((visibility ("default"))) extern
