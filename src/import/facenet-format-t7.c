/* facenet-format-t7.c - weights in a model that Torch7 has saved
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Modules have no names, so their place gives them those of nn4.small2 as
 * OpenFace builds it. Outside of inception blocks the convolutions are conv1,
 * conv2, … in order; each DepthConcat is the next block of a list. An arm of
 * one is told by what is in it:
 *   a pooling layer                  pool arm: no convolution or one
 *   two convolutions                 k x k arm, by the kernel of the second
 *   one 1x1 convolution              1x1 arm
 * and they must come as 3x3, 5x5, pool, 1x1, because that is the order of the
 * channels that later weights are for. A batch norm belongs to the convolution
 * before it.
 */
#include "import/facenet-import-private.h"

#include "import/facenet-t7-layers-private.h"

#include <math.h>

#define EPSILON 1e-5            /* that nn4.small2 adds to variances */
#define MAX_KERNEL 64

static const gchar *const blocks[] = { "3a", "3b", "3c", "4a", "4e", "5a",
  "5b"
};

typedef struct
{
  FacenetWeights *weights;
  FacenetT7Walk walk;
  gsize left;                   /* values that tensors may still have */
  guint n_convs, n_blocks;      /* so far */
  gchar *norm;                  /* name for the next norm; NULL: none is due */
} T7Loader;

/* What the layers of an arm are called. */
typedef struct
{
  gchar *prefix;                /* "inception_3a_3x3_" */
  gboolean numbered;            /* conv1, conv2, or just conv */
  guint order;                  /* among the arms */
} Arm;

/* What a tensor of a module becomes. */
typedef struct
{
  const gchar *name;            /* of its layer */
  gchar suffix;
  guint kernel;                 /* of a convolution's weights, else 0 */
  gboolean is_std;              /* 1 / sqrt (variance + epsilon) */
} Slot;

/* A variance of nearly nothing may come out of this below 0, by as much as
 * floats round. */
static void
square_std (gfloat * values, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    gdouble std = (gdouble) values[i];
    gdouble variance = 1.0 / (std * std) - EPSILON;

    values[i] = (gfloat) (fabs (variance) < 1e-6 * EPSILON ? 0.0 : variance);
  }
}

/* A tensor that is not there, the network will miss by name. */
static gboolean
take (T7Loader * self, const FacenetT7Node * tensor, const Slot * slot,
    GError ** error)
{
  g_autofree gchar *name = g_strdup_printf ("%s_%c", slot->name, slot->suffix);
  g_autofree gchar *item = g_strdup_printf ("%s/%s", self->walk.location,
      name);
  guint32 dims[FACENET_T7_MAX_RANK] = { 0 };
  guint kernel_area = slot->kernel * slot->kernel;
  gfloat *values;
  gsize n_values;
  guint rank;

  if (tensor == NULL) {
    return TRUE;
  }
  values = facenet_t7_read_tensor (tensor, &self->left, &n_values, item, error);
  if (values == NULL) {
    return FALSE;
  }
  if (slot->is_std) {
    square_std (values, n_values);
  }
  rank = tensor->tensor.rank;
  for (guint i = 0; i < rank; i++) {
    dims[i] = (guint32) tensor->tensor.dims[i];
  }
  /* SpatialConvolutionMM keeps the matrix that it multiplies by. */
  if (kernel_area > 0 && rank == 2 && dims[1] % kernel_area == 0) {
    rank = 4;
    dims[1] /= kernel_area;
    dims[2] = dims[3] = slot->kernel;
  }
  return facenet_weights_take (self->weights, name, rank, dims, values, error);
}

/* The fields "weight" and "bias" that every layer with weights has. */
static gboolean
take_weights (T7Loader * self, const FacenetT7Node * module, const gchar * name,
    guint kernel, GError ** error)
{
  Slot weight = { name, 'w', kernel, FALSE };
  Slot bias = { name, 'b', 0, FALSE };

  return take (self, facenet_t7_get (module, "weight"), &weight, error)
      && take (self, facenet_t7_get (module, "bias"), &bias, error);
}

/* 0 when it is not a square of a sensible size */
static guint
get_kernel (const FacenetT7Node * module)
{
  gdouble w = facenet_t7_get_number (module, "kW", 0.0);
  gdouble h = facenet_t7_get_number (module, "kH", 0.0);

  return w == h && w >= 1.0 && w <= MAX_KERNEL && w == floor (w)
      ? (guint) w : 0;
}

static gboolean
load_conv (T7Loader * self, const FacenetT7Node * module, const gchar * name,
    GError ** error)
{
  guint kernel = get_kernel (module);

  if (kernel == 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s/%s: kernel of %g x %g, expected a square of 1 to %d",
        self->walk.location, name, facenet_t7_get_number (module, "kW", 0.0),
        facenet_t7_get_number (module, "kH", 0.0), MAX_KERNEL);
    return FALSE;
  }
  return take_weights (self, module, name, kernel, error);
}

/* Files from before 2016 have "running_std" in place of "running_var". */
static gboolean
load_norm (T7Loader * self, const FacenetT7Node * module, GError ** error)
{
  gdouble epsilon = facenet_t7_get_number (module, "eps", EPSILON);
  const FacenetT7Node *mean = facenet_t7_get (module, "running_mean");
  const FacenetT7Node *variance = facenet_t7_get (module, "running_var");
  const FacenetT7Node *std = facenet_t7_get (module, "running_std");
  Slot mean_slot = { self->norm, 'm', 0, FALSE };
  Slot variance_slot = { self->norm, 'v', 0, variance == NULL };

  if (self->norm == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: has a batch norm that follows no convolution",
        self->walk.location);
    return FALSE;
  }
  if (!(fabs (epsilon - EPSILON) < 1e-3 * EPSILON)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s/%s: eps is %g, expected %g", self->walk.location, self->norm,
        epsilon, EPSILON);
    return FALSE;
  }
  return take_weights (self, module, self->norm, 0, error)
      && take (self, mean, &mean_slot, error)
      && take (self, variance != NULL ? variance : std, &variance_slot, error);
}

/* n counts the convolutions of the arm, or of the model where arm is NULL;
 * kind is "conv" or "bn". (transfer full) */
static gchar *
make_name (const Arm * arm, const gchar * kind, guint n)
{
  if (arm == NULL) {
    return g_strdup_printf ("%s%u", kind, n);
  }
  return arm->numbered ? g_strdup_printf ("%s%s%u", arm->prefix, kind, n)
      : g_strconcat (arm->prefix, kind, NULL);
}

static gboolean
fail_place (T7Loader * self, const FacenetT7Layer * layer, GError ** error)
{
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: has a %s in an arm of an inception block, expected none there",
      self->walk.location, layer->module->object.class_name);
  return FALSE;
}

static gboolean load_block (T7Loader * self, const FacenetT7Node * module,
    GError ** error);

/* n_convs: counted up. */
static gboolean
load_layer (T7Loader * self, const FacenetT7Layer * layer, const Arm * arm,
    guint * n_convs, GError ** error)
{
  g_autofree gchar *name = NULL;
  gboolean ok;

  switch (layer->kind) {
    case FACENET_T7_CONV:
      ++*n_convs;
      name = make_name (arm, "conv", *n_convs);
      g_free (self->norm);
      self->norm = make_name (arm, "bn", *n_convs);
      return load_conv (self, layer->module, name, error);
    case FACENET_T7_NORM:
      ok = load_norm (self, layer->module, error);
      g_clear_pointer (&self->norm, g_free);
      return ok;
    case FACENET_T7_LINEAR:
      return arm == NULL ? take_weights (self, layer->module, "dense", 0,
          error) : fail_place (self, layer, error);
    case FACENET_T7_CONCAT:
      return arm == NULL ? load_block (self, layer->module, error)
          : fail_place (self, layer, error);
    default:
      return TRUE;
  }
}

/* FALSE when that is no arm of an inception block. */
static gboolean
name_arm (Arm * arm, const gchar * block, const GArray * layers)
{
  guint n_convs = 0, n_pools = 0, kernel = 0;

  for (guint i = 0; i < layers->len; i++) {
    const FacenetT7Layer *layer = &g_array_index (layers, FacenetT7Layer, i);

    n_pools += layer->kind == FACENET_T7_POOL;
    if (layer->kind == FACENET_T7_CONV) {
      n_convs++;
      kernel = get_kernel (layer->module);
    }
  }
  arm->numbered = n_convs == 2;
  if (n_pools == 1 && n_convs <= 1) {
    arm->prefix = g_strdup_printf ("inception_%s_pool_", block);
    arm->order = MAX_KERNEL + 1;
  } else if (n_pools == 0 && n_convs == 1 && kernel == 1) {
    arm->prefix = g_strdup_printf ("inception_%s_1x1_", block);
    arm->order = MAX_KERNEL + 2;
  } else if (n_pools == 0 && n_convs == 2) {
    arm->prefix = g_strdup_printf ("inception_%s_%ux%u_", block, kernel,
        kernel);
    arm->order = kernel;
  }
  return arm->prefix != NULL;
}

/* order: of the arm before, and then of this one. */
static gboolean
load_arm (T7Loader * self, const FacenetT7Node * module, const gchar * block,
    guint * order, GError ** error)
{
  g_autoptr (GArray) layers = g_array_new (FALSE, FALSE,
      sizeof (FacenetT7Layer));
  g_autofree gchar *prefix = NULL;
  Arm arm = { NULL, FALSE, 0 };
  guint n_convs = 0;

  if (!facenet_t7_add_layers (&self->walk, module, layers, error)) {
    return FALSE;
  }
  if (!name_arm (&arm, block, layers) || arm.order <= *order) {
    g_free (arm.prefix);
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s/inception_%s: expected the arms 3x3, 5x5, pool, 1x1 in that order",
        self->walk.location, block);
    return FALSE;
  }
  prefix = arm.prefix;
  *order = arm.order;
  for (guint i = 0; i < layers->len; i++) {
    if (!load_layer (self, &g_array_index (layers, FacenetT7Layer, i), &arm,
            &n_convs, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
load_block (T7Loader * self, const FacenetT7Node * module, GError ** error)
{
  g_autoptr (GPtrArray) arms = NULL;
  guint order = 0;

  if (self->n_blocks == G_N_ELEMENTS (blocks)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: has more inception blocks than %u, expected nn4.small2",
        self->walk.location, self->n_blocks);
    return FALSE;
  }
  arms = facenet_t7_list_modules (&self->walk, module, error);
  for (guint i = 0; arms != NULL && i < arms->len; i++) {
    if (!load_arm (self, arms->pdata[i], blocks[self->n_blocks], &order, error)) {
      return FALSE;
    }
  }
  self->n_blocks++;
  return arms != NULL;
}

static gboolean
load_model (T7Loader * self, const FacenetT7Node * root, GError ** error)
{
  g_autoptr (GArray) layers = g_array_new (FALSE, FALSE,
      sizeof (FacenetT7Layer));
  gboolean ok = facenet_t7_add_layers (&self->walk, root, layers, error);

  for (guint i = 0; ok && i < layers->len; i++) {
    ok = load_layer (self, &g_array_index (layers, FacenetT7Layer, i), NULL,
        &self->n_convs, error);
  }
  return ok;
}

FacenetWeights *
facenet_format_t7_load (const FacenetSource * source, GError ** error)
{
  g_autoptr (FacenetWeights) weights = facenet_weights_new (source->location);
  g_autoptr (FacenetT7) file = facenet_t7_parse (source->bytes,
      source->location, error);
  g_autoptr (GHashTable) visited = g_hash_table_new (NULL, NULL);
  T7Loader loader = { weights, {source->location, visited, 0}, 0, 0, 0, NULL };
  gboolean ok;

  if (file == NULL) {
    return NULL;
  }
  loader.left = file->n_values;
  ok = load_model (&loader, file->root, error);
  g_free (loader.norm);
  return ok ? g_steal_pointer (&weights) : NULL;
}
