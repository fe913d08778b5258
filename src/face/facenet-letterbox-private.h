/* facenet-letterbox-private.h - a picture as the input of a detector
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "image/facenet-resample-private.h"
#include "network/facenet-pass-private.h"

#include <facenet/facenet-image.h>

G_BEGIN_DECLS

/* How pictures of one size are scaled: image_w x image_h pixels become w x h
 * at the left upper corner of the input, whose sides are multiples of 32. */
typedef struct {
  guint image_w, image_h;
  guint w, h;
  guint input_w, input_h;
  FacenetWindow *rows;          /* [h] */
  FacenetWindow *columns;       /* [w] */
} FacenetLetterbox;

/* min_face: pixels of the picture, 0 = automatic. */
void facenet_letterbox_init (FacenetLetterbox * self, guint image_w,
    guint image_h, guint min_face);
void facenet_letterbox_clear (FacenetLetterbox * self);

/* One thread's scratch memory for pictures up to some width; it grows. */
typedef struct {
  guint n_source, n_line;       /* pixels there is room for */
  guint8 *bytes[2];             /* [n_source,4], of an even row, of an odd one */
  gint y[2];                    /* which rows these are, -1: none */
  FacenetPixel *sums;           /* [n_source] */
  FacenetPixel *line;           /* [n_line] */
} FacenetLetterboxScratch;

void facenet_letterbox_scratch_ensure (FacenetLetterboxScratch * self,
    const FacenetLetterbox * letterbox);
void facenet_letterbox_scratch_clear (FacenetLetterboxScratch * self);

/* Rows y0 <= y < y1 of the input, black where the picture is not. */
void facenet_letterbox_fill (const FacenetLetterbox * self,
    const FacenetImage * image, FacenetLetterboxScratch * scratch,
    const FacenetMapView * input, guint y0, guint y1);

G_END_DECLS
