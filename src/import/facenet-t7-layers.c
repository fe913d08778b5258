/* facenet-t7-layers.c - the layers of an nn model, in order
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Containers have their modules in a table "modules" from 1 on; a Decorator,
 * which an Inception is, may have its only one as "module". What Inception
 * keeps besides as patterns of its layers ("pool", "transfer") is not walked.
 */
#include "import/facenet-t7-layers-private.h"

#include <string.h>

typedef struct
{
  const gchar *name;            /* behind "nn." */
  FacenetT7LayerKind kind;
} Class;

/* *INDENT-OFF* */
static const Class classes[] = {
  { "Sequential",                FACENET_T7_CONTAINER },
  { "Inception",                 FACENET_T7_CONTAINER },
  { "Decorator",                 FACENET_T7_CONTAINER },
  { "DepthConcat",               FACENET_T7_CONCAT },
  { "SpatialConvolution",        FACENET_T7_CONV },
  { "SpatialConvolutionMM",      FACENET_T7_CONV },
  { "SpatialBatchNormalization", FACENET_T7_NORM },
  { "Linear",                    FACENET_T7_LINEAR },
  { "SpatialMaxPooling",         FACENET_T7_POOL },
  { "SpatialLPPooling",          FACENET_T7_POOL },
  { "SpatialAveragePooling",     FACENET_T7_POOL },
  { "ReLU",                      FACENET_T7_PLAIN },
  { "SpatialCrossMapLRN",        FACENET_T7_PLAIN },
  { "View",                      FACENET_T7_PLAIN },
  { "Reshape",                   FACENET_T7_PLAIN },
  { "Identity",                  FACENET_T7_PLAIN },
  { "Dropout",                   FACENET_T7_PLAIN },
  { "Normalize",                 FACENET_T7_PLAIN },
};
/* *INDENT-ON* */

static const Class *
find_class (const FacenetT7Node * module)
{
  const gchar *name = module->object.class_name;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++) {
    if (g_str_has_prefix (name, "nn.")
        && g_str_equal (name + strlen ("nn."), classes[i].name)) {
      return &classes[i];
    }
  }
  return NULL;
}

/* A module in two places would have to be walked twice, and from one of few
 * bytes that holds itself often enough the walk would not return. */
static gboolean
visit (FacenetT7Walk * self, const FacenetT7Node * node, GError ** error)
{
  if (g_hash_table_add (self->visited, (gpointer) node)) {
    return TRUE;
  }
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: a container is in the model twice, must be there once",
      self->location);
  return FALSE;
}

GPtrArray *
facenet_t7_list_modules (FacenetT7Walk * self, const FacenetT7Node * module,
    GError ** error)
{
  const FacenetT7Node *table = facenet_t7_get (module, "modules");
  const FacenetT7Node *only = facenet_t7_get (module, "module");
  g_autoptr (GPtrArray) list = NULL;

  if (!visit (self, module, error)) {
    return NULL;
  }
  if (table != NULL && table->kind == FACENET_T7_TABLE) {
    if (!visit (self, table, error)) {
      return NULL;
    }
    list = facenet_t7_list (table);
  } else if (only != NULL) {
    list = g_ptr_array_new ();
    g_ptr_array_add (list, (gpointer) only);
  }
  if (list == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: a %s without a list of modules", self->location,
        module->object.class_name);
  }
  return g_steal_pointer (&list);
}

static gboolean
add_container (FacenetT7Walk * self, const FacenetT7Node * module,
    GArray * layers, GError ** error)
{
  g_autoptr (GPtrArray) modules = NULL;
  gboolean ok;

  /* References reach back, so this may be deeper than the file was nested. */
  if (self->depth >= FACENET_T7_MAX_DEPTH) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: more than %d containers in each other", self->location,
        FACENET_T7_MAX_DEPTH);
    return FALSE;
  }
  modules = facenet_t7_list_modules (self, module, error);
  ok = modules != NULL;
  self->depth++;
  for (guint i = 0; ok && i < modules->len; i++) {
    ok = facenet_t7_add_layers (self, modules->pdata[i], layers, error);
  }
  self->depth--;
  return ok;
}

gboolean
facenet_t7_add_layers (FacenetT7Walk * self, const FacenetT7Node * module,
    GArray * layers, GError ** error)
{
  FacenetT7Layer layer = { FACENET_T7_PLAIN, module };
  const Class *class;

  if (module->kind != FACENET_T7_OBJECT) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: holds something that is not an nn module, expected a model by "
        "itself", self->location);
    return FALSE;
  }
  class = find_class (module);
  if (class == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: has a %s, expected the layers of nn4.small2", self->location,
        module->object.class_name);
    return FALSE;
  }
  if (class->kind == FACENET_T7_CONTAINER) {
    return add_container (self, module, layers, error);
  }
  layer.kind = class->kind;
  g_array_append_val (layers, layer);
  return TRUE;
}
