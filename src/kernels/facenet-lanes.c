/* facenet-lanes.c - the kernels of one instruction set
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "kernels/facenet-lanes-private.h"

const FacenetKernels lanes_kernels = {
  .name = LANES_SET,
  .lanes = LANES,
  .panel = LANES_PANEL,
  .tile_rows = LANES_ROWS,
  .product = lanes_product,
  .pool2d = lanes_pool2d,
  .lrn = lanes_lrn,
  .add_upsampled = lanes_add_upsampled,
  .winograd_in = lanes_winograd_in,
  .winograd_out = lanes_winograd_out,
};
