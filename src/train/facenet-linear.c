/* facenet-linear.c - convolutions and dense layers, there and back
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * With X the columns of the input, Y = W X + b is one product. The gradients
 * are two more (Goodfellow et al. 2016, section 6.5.6):
 *
 *   dW = dY X'   db = row sums of dY   dX = W' dY
 *
 * and dX goes from columns back to the map. Where ReLU has cut off, dY is 0.
 */
#include "train/facenet-linear-private.h"

#include "kernels/facenet-gemm-private.h"

#include <string.h>

/* Numbers of one channel of the output, for all faces. */
static gsize
out_plane (const FacenetLinear * self)
{
  return self->n_faces * facenet_shape_plane (&self->window->out);
}

/* Floats of all input maps. */
static gsize
in_size (const FacenetLinear * self)
{
  return self->n_faces * facenet_shape_size (&self->window->in);
}

/* The band that begins at a row, up to the next one. */
static FacenetBand
make_band (const FacenetLinear * self, guint row)
{
  guint n_rows = facenet_columns_get_band (self->window, self->n_faces);
  guint end = self->n_faces * self->window->out.h;
  FacenetBand band = { self->window, self->n_faces, row,
    MIN (row + n_rows, end)
  };

  return band;
}

static guint
band_width (const FacenetBand * band)
{
  return (band->end - band->row) * band->window->out.w;
}

/* The columns of a band, as they are or copied. */
static const gfloat *
get_columns (const FacenetLinear * self, const FacenetBand * band,
    const gfloat * in)
{
  if (facenet_columns_are_input (self->window))
    return in;
  facenet_columns_fill (band, in, self->columns);
  return self->columns;
}

/* map: [oc, plane], becomes map + bias, and then its ReLU */
static void
add_bias (gfloat * map, const gfloat * bias, guint oc, gsize plane,
    gboolean relu)
{
  for (guint o = 0; o < oc; o++, map += plane) {
    gfloat b = bias[o];

    if (relu) {
      for (gsize i = 0; i < plane; i++) {
        gfloat v = map[i] + b;

        map[i] = v > 0.0f ? v : 0.0f;
      }
    } else {
      for (gsize i = 0; i < plane; i++)
        map[i] += b;
    }
  }
}

void
facenet_linear_forward (const FacenetLinear * self, const gfloat * in,
    const gfloat * weights, const gfloat * bias, gfloat * out)
{
  const FacenetGeometry *window = self->window;
  gsize plane = out_plane (self);
  FacenetBand band;

  for (guint row = 0; row < self->n_faces * window->out.h; row = band.end) {
    FacenetMatmul product = {.m = window->out.c };

    band = make_band (self, row);
    product.n = band_width (&band);
    product.k = facenet_columns_get_depth (window);
    product.row_a = product.k;
    product.row_b = product.n;
    product.row_c = plane;
    facenet_gemm_multiply (&product, self->copy, weights,
        get_columns (self, &band, in), out + (gsize) row * window->out.w);
  }
  add_bias (out, bias, window->out.c, plane, self->relu);
}

/* gradient: [oc, plane], 0 from now on where out is 0 */
static void
undo_relu (const gfloat * out, gsize n, gfloat * gradient)
{
  for (gsize i = 0; i < n; i++)
    gradient[i] = out[i] > 0.0f ? gradient[i] : 0.0f;
}

/* Sixteen partial sums, so that the compiler may use vectors. */
static gfloat
sum_row (const gfloat * row, gsize n)
{
  gfloat part[16] = { 0.0f };
  gfloat sum = 0.0f;
  gsize i = 0;

  for (; i + 16 <= n; i += 16)
    for (guint j = 0; j < 16; j++)
      part[j] += row[i + j];
  for (; i < n; i++)
    sum += row[i];
  for (guint j = 0; j < 16; j++)
    sum += part[j];
  return sum;
}

/* dW += dY X', or = for the first band. */
static void
band_weights (const FacenetLinear * self, const FacenetBand * band,
    const gfloat * columns, const FacenetLinearGradient * gradient)
{
  FacenetMatmul product = {.m = self->window->out.c,.turn_b = TRUE };

  product.n = facenet_columns_get_depth (self->window);
  product.k = band_width (band);
  product.row_a = out_plane (self);
  product.row_b = product.k;
  product.row_c = product.n;
  product.add = band->row > 0;
  facenet_gemm_multiply (&product, self->copy,
      gradient->out + (gsize) band->row * self->window->out.w, columns,
      gradient->weights);
}

/* dX = W' dY, into the map itself or by way of the columns. */
static void
band_input (const FacenetLinear * self, const FacenetBand * band,
    const gfloat * weights, const FacenetLinearGradient * gradient)
{
  gboolean direct = facenet_columns_are_input (self->window);
  FacenetMatmul product = {.k = self->window->out.c,.turn_a = TRUE };

  product.m = facenet_columns_get_depth (self->window);
  product.n = band_width (band);
  product.row_a = product.m;
  product.row_b = out_plane (self);
  product.row_c = product.n;
  product.add = direct && gradient->add;
  facenet_gemm_multiply (&product, self->copy, weights,
      gradient->out + (gsize) band->row * self->window->out.w,
      direct ? gradient->in : self->columns);
  if (!direct)
    facenet_columns_add (band, self->columns, gradient->in);
}

void
facenet_linear_backward (const FacenetLinear * self, const gfloat * in,
    const gfloat * weights, const gfloat * out,
    const FacenetLinearGradient * gradient)
{
  const FacenetGeometry *window = self->window;
  gsize plane = out_plane (self);
  FacenetBand band;

  if (self->relu)
    undo_relu (out, window->out.c * plane, gradient->out);
  for (guint o = 0; o < window->out.c; o++)
    gradient->bias[o] = sum_row (gradient->out + o * plane, plane);
  if (gradient->in != NULL && !gradient->add
      && !facenet_columns_are_input (window))
    memset (gradient->in, 0, in_size (self) * sizeof (gfloat));
  for (guint row = 0; row < self->n_faces * window->out.h; row = band.end) {
    band = make_band (self, row);
    band_weights (self, &band, get_columns (self, &band, in), gradient);
    if (gradient->in != NULL)
      band_input (self, &band, weights, gradient);
  }
}
