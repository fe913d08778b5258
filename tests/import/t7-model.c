/* t7-model.c - a model as OpenFace builds it and Torch7 saves it
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The modules and fields are those of torch/nn and of Inception in dpnn, as
 * far as a reader may look at them. Which layers there are, the names of the
 * weights say; what these do not say (strides, kinds of pooling) is that of
 * nn4.small2.
 */
#include "t7-writer.h"

#include <math.h>

typedef struct
{
  const gchar *name;
  gboolean l2;                  /* pooling, stride 3, else max, stride 2 */
  guint stride;                 /* of the k x k convolutions */
} Block;

/* *INDENT-OFF* */
static const Block blocks[] = {
  { "inception_3a", FALSE, 1 },
  { "inception_3b", TRUE,  1 },
  { "inception_3c", FALSE, 2 },
  { "inception_4a", TRUE,  1 },
  { "inception_4e", FALSE, 2 },
  { "inception_5a", TRUE,  1 },
  { "inception_5b", FALSE, 1 },
};
/* *INDENT-ON* */

static const FacenetTensor *
find (const T7Writer * self, const gchar * prefix, const gchar * name)
{
  g_autofree gchar *whole = g_strconcat (prefix, name, NULL);

  return facenet_weights_get (self->weights, whole);
}

static void
tensor_field (T7Writer * self, const gchar * field,
    const FacenetTensor * tensor)
{
  t7_key (self, field);
  t7_tensor (self, tensor->values, tensor->rank, tensor->dims);
}

/* The fields that every module has besides its own. */
static void
end_module (T7Writer * self)
{
  t7_key (self, "gradInput");
  t7_empty_tensor (self);
  t7_key (self, "output");
  t7_empty_tensor (self);
  t7_key (self, "_type");
  t7_int (self, 2);
  t7_text (self, "torch.FloatTensor");
  t7_boolean_field (self, "train", FALSE);
  t7_end (self);
}

static void
window_fields (T7Writer * self, guint k, guint s, guint p)
{
  t7_number_field (self, "kW", k);
  t7_number_field (self, "kH", k);
  t7_number_field (self, "dW", s);
  t7_number_field (self, "dH", s);
  t7_number_field (self, "padW", p);
  t7_number_field (self, "padH", p);
}

static void
put_conv (T7Writer * self, const FacenetTensor * w, const FacenetTensor * b,
    guint stride, gboolean matrix)
{
  guint k = w->dims[2];
  guint32 dims[] = { w->dims[0], w->dims[1] * k * k };

  t7_next (self);
  t7_begin_class (self, matrix ? "nn.SpatialConvolutionMM" :
      "nn.SpatialConvolution");
  t7_number_field (self, "nInputPlane", w->dims[1]);
  t7_number_field (self, "nOutputPlane", w->dims[0]);
  window_fields (self, k, stride, k / 2);
  if (matrix) {
    t7_key (self, "weight");
    t7_tensor (self, w->values, 2, dims);
  } else {
    tensor_field (self, "weight", w);
  }
  tensor_field (self, "bias", b);
  t7_key (self, "gradWeight");
  t7_empty_tensor (self);
  end_module (self);
}

static void
put_variance (T7Writer * self, const FacenetTensor * v)
{
  g_autofree gfloat *std = g_new (gfloat, v->n_values);

  if (!(self->flags & T7_STD)) {
    tensor_field (self, "running_var", v);
    return;
  }
  for (gsize i = 0; i < v->n_values; i++) {
    std[i] = (gfloat) (1.0 / sqrt ((gdouble) v->values[i] + 1e-5));
  }
  t7_key (self, "running_std");
  t7_tensor (self, std, v->rank, v->dims);
}

static void
put_norm (T7Writer * self, const gchar * prefix, const gchar * name)
{
  g_autofree gchar *base = g_strconcat (prefix, name, NULL);

  t7_next (self);
  t7_begin_class (self, "nn.SpatialBatchNormalization");
  t7_number_field (self, "eps", 1e-5);
  t7_number_field (self, "momentum", 0.1);
  t7_boolean_field (self, "affine", TRUE);
  tensor_field (self, "weight", find (self, base, "_w"));
  tensor_field (self, "bias", find (self, base, "_b"));
  tensor_field (self, "running_mean", find (self, base, "_m"));
  put_variance (self, find (self, base, "_v"));
  end_module (self);
}

static void
put_relu (T7Writer * self)
{
  t7_begin_class (self, "nn.ReLU");
  t7_number_field (self, "threshold", 0.0);
  t7_number_field (self, "val", 0.0);
  t7_boolean_field (self, "inplace", FALSE);
  end_module (self);
}

/* Convolution, norm and ReLU, when the weights have them. */
static void
put_unit (T7Writer * self, const gchar * prefix, const gchar * conv,
    const gchar * norm, guint stride)
{
  g_autofree gchar *base = g_strconcat (prefix, conv, NULL);
  const FacenetTensor *w = find (self, base, "_w");

  if (w != NULL) {
    put_conv (self, w, find (self, base, "_b"), stride, *prefix == '\0');
    put_norm (self, prefix, norm);
    t7_next (self);
    put_relu (self);
  }
}

static void
put_max_pool (T7Writer * self, guint padding)
{
  t7_begin_class (self, "nn.SpatialMaxPooling");
  window_fields (self, 3, 2, padding);
  t7_boolean_field (self, "ceil_mode", FALSE);
  end_module (self);
}

static void
put_average_pool (T7Writer * self, guint stride)
{
  t7_begin_class (self, "nn.SpatialAveragePooling");
  window_fields (self, 3, stride, 0);
  t7_boolean_field (self, "ceil_mode", FALSE);
  t7_boolean_field (self, "count_include_pad", TRUE);
  t7_boolean_field (self, "divide", TRUE);
  end_module (self);
}

/* The root of 9 times the mean of squares. */
static void
put_l2_pool (T7Writer * self)
{
  t7_begin_class (self, "nn.SpatialLPPooling");
  t7_key (self, "modules");
  t7_begin_table (self);
  t7_next (self);
  t7_begin_class (self, "nn.Square");
  end_module (self);
  t7_next (self);
  put_average_pool (self, 3);
  t7_next (self);
  t7_begin_class (self, "nn.MulConstant");
  t7_number_field (self, "constant_scalar", 9.0);
  end_module (self);
  t7_next (self);
  t7_begin_class (self, "nn.Sqrt");
  end_module (self);
  t7_end (self);
  end_module (self);
}

static void
put_lrn (T7Writer * self)
{
  t7_next (self);
  t7_begin_class (self, "nn.SpatialCrossMapLRN");
  t7_number_field (self, "size", 5);
  t7_number_field (self, "alpha", 1e-4);
  t7_number_field (self, "beta", 0.75);
  t7_number_field (self, "k", 1);
  end_module (self);
}

static gint32
begin_container (T7Writer * self, const gchar * name)
{
  gint32 index = t7_begin_class (self, name);

  t7_key (self, "modules");
  t7_begin_table (self);
  return index;
}

static void
end_container (T7Writer * self)
{
  t7_end (self);
  end_module (self);
}

/* An arm of a 1x1 and a k x k convolution, when the weights have it. */
static void
put_arm (T7Writer * self, const gchar * block, const gchar * name, guint stride)
{
  g_autofree gchar *prefix = g_strconcat (block, name, NULL);

  if (find (self, prefix, "conv1_w") != NULL) {
    t7_next (self);
    begin_container (self, "nn.Sequential");
    put_unit (self, prefix, "conv1", "bn1", 1);
    put_unit (self, prefix, "conv2", "bn2", stride);
    end_container (self);
  }
}

/* Returns the index of the pooling layer. */
static gint32
put_pool_arm (T7Writer * self, const Block * block)
{
  g_autofree gchar *prefix = g_strconcat (block->name, "_pool_", NULL);
  gint32 pool;

  t7_next (self);
  begin_container (self, "nn.Sequential");
  t7_next (self);
  pool = self->n_objects + 1;
  if (block->l2) {
    put_l2_pool (self);
  } else {
    put_max_pool (self, 0);
  }
  put_unit (self, prefix, "conv", "bn", 1);
  end_container (self);
  return pool;
}

/* Inception shows its DepthConcat twice, and keeps what it was made from. */
static void
put_block (T7Writer * self, const Block * block)
{
  g_autofree gchar *last = g_strconcat (block->name, "_1x1_", NULL);
  gint32 concat, pool;

  t7_next (self);
  begin_container (self, "nn.Inception");
  t7_next (self);
  concat = begin_container (self, "nn.DepthConcat");
  put_arm (self, block->name, "_3x3_", block->stride);
  put_arm (self, block->name, "_5x5_", block->stride);
  pool = put_pool_arm (self, block);
  if (find (self, last, "conv_w") != NULL) {
    t7_next (self);
    begin_container (self, "nn.Sequential");
    put_unit (self, last, "conv", "bn", 1);
    end_container (self);
  }
  t7_end (self);
  t7_number_field (self, "dimension", 2);
  end_module (self);
  t7_end (self);
  t7_key (self, "module");
  t7_reference (self, concat);
  t7_key (self, "transfer");
  put_relu (self);
  t7_key (self, "pool");
  t7_reference (self, pool);
  t7_boolean_field (self, "batchNorm", TRUE);
  end_module (self);
}

static void
put_end (T7Writer * self)
{
  const FacenetTensor *w = find (self, "dense", "_w");
  const gint64 size = w->dims[1];

  t7_next (self);
  put_average_pool (self, 1);
  t7_next (self);
  t7_begin_class (self, "nn.View");
  t7_key (self, "size");
  t7_long_storage (self, &size, 1);
  t7_number_field (self, "numElements", (gdouble) size);
  end_module (self);
  t7_next (self);
  t7_begin_class (self, "nn.Linear");
  tensor_field (self, "weight", w);
  tensor_field (self, "bias", find (self, "dense", "_b"));
  end_module (self);
  t7_next (self);
  t7_begin_class (self, "nn.Normalize");
  t7_number_field (self, "p", 2);
  t7_number_field (self, "eps", 1e-10);
  end_module (self);
}

GBytes *
t7_write_model (const FacenetWeights * weights, T7Flags flags)
{
  T7Writer *self = t7_writer_new (flags);

  self->weights = weights;
  begin_container (self, "nn.Sequential");
  put_unit (self, "", "conv1", "bn1", 2);
  t7_next (self);
  put_max_pool (self, 1);
  put_lrn (self);
  put_unit (self, "", "conv2", "bn2", 1);
  put_unit (self, "", "conv3", "bn3", 1);
  put_lrn (self);
  t7_next (self);
  put_max_pool (self, 1);
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++) {
    g_autofree gchar *last = g_strconcat (blocks[i].name, "_1x1_", NULL);
    g_autofree gchar *first = g_strconcat (blocks[i].name, "_3x3_", NULL);

    if (find (self, first, "conv1_w") != NULL
        || find (self, last, "conv_w") != NULL) {
      put_block (self, &blocks[i]);
    }
  }
  put_end (self);
  end_container (self);
  return t7_writer_end (self);
}
