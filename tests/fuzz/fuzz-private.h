/* fuzz-private.h - what a fuzz target is
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * One function in each fuzz-*.c, under the name that libFuzzer calls. It
 * aborts when something that must hold does not, and returns 0.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t * data, size_t size);
