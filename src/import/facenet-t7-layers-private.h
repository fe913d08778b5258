/* facenet-t7-layers-private.h - the layers of an nn model, in order
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "import/facenet-t7-private.h"

G_BEGIN_DECLS

typedef enum {
  FACENET_T7_CONTAINER,         /* layers one after the other */
  FACENET_T7_CONCAT,            /* arms beside each other */
  FACENET_T7_CONV,
  FACENET_T7_NORM,
  FACENET_T7_LINEAR,
  FACENET_T7_POOL,
  FACENET_T7_PLAIN              /* without weights or shape of its own */
} FacenetT7LayerKind;

typedef struct {
  FacenetT7LayerKind kind;
  const FacenetT7Node *module;
} FacenetT7Layer;

typedef struct {
  const gchar *location;        /* of the file, for errors */
  GHashTable *visited;          /* what was taken apart, set of nodes */
  guint depth;                  /* containers in each other */
} FacenetT7Walk;

/* Appends the layers of a module, containers replaced by what is in them, to
 * an array of FacenetT7Layer. FORMAT when there is a class that is not known,
 * LIMIT when they are nested too deep. */
gboolean facenet_t7_add_layers (FacenetT7Walk * self,
    const FacenetT7Node * module, GArray * layers, GError ** error);

/* The arms of a concat, or the modules of a container, in order. (transfer
 * container) */
GPtrArray *facenet_t7_list_modules (FacenetT7Walk * self,
    const FacenetT7Node * module, GError ** error);

G_END_DECLS
