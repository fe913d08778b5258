/* facenet-pickle-private.h - a PyTorch state dict out of its pickle
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A pickle is a program that may call anything. This one knows the words that
 * a state dict needs and no others: nothing is imported and nothing is run.
 */
#pragma once

#include <facenet/facenet-error.h>

G_BEGIN_DECLS

#define FACENET_PICKLE_MAX_SIZE (512 * 1024)   /* bytes */
#define FACENET_PICKLE_MAX_RANK 4

/* Numbers of one type in a file of their own, "data/<key>". */
typedef enum {
  FACENET_STORAGE_FLOAT,
  FACENET_STORAGE_DOUBLE,
  FACENET_STORAGE_HALF,
  FACENET_STORAGE_LONG
} FacenetStorageType;

typedef enum {
  FACENET_PICKLE_NONE,
  FACENET_PICKLE_BOOL,
  FACENET_PICKLE_INT,
  FACENET_PICKLE_FLOAT,
  FACENET_PICKLE_STRING,
  FACENET_PICKLE_TUPLE,
  FACENET_PICKLE_LIST,
  FACENET_PICKLE_DICT,
  FACENET_PICKLE_GLOBAL,
  FACENET_PICKLE_STORAGE,
  FACENET_PICKLE_TENSOR
} FacenetPickleKind;

typedef struct _FacenetPickleValue FacenetPickleValue;

typedef struct {
  FacenetStorageType type;
  const gchar *key;
  guint64 n_values;
} FacenetPickleStorage;

/* A view of a storage: element (i, j, …) is number offset + i strides[0] +
 * j strides[1] + … of it; all of them lie in it, and there are no more of
 * them than it has numbers. */
typedef struct {
  const FacenetPickleStorage *storage;
  guint64 offset;
  guint rank;
  guint32 dims[FACENET_PICKLE_MAX_RANK];
  guint64 strides[FACENET_PICKLE_MAX_RANK];
  guint64 n_values;             /* product of dims */
} FacenetPickleTensor;

struct _FacenetPickleValue
{
  FacenetPickleKind kind;
  union
  {
    gint64 integer;             /* also of a bool */
    gchar *string;
    GPtrArray *items;           /* of values; in a dict keys and values by
                                 * turns, as they were set */
    guint global;               /* FacenetPickleGlobal */
    FacenetPickleStorage storage;
    FacenetPickleTensor tensor;
  };
};

/* What a pickle may name. */
typedef enum {
  FACENET_GLOBAL_ORDERED_DICT,
  FACENET_GLOBAL_REBUILD_TENSOR,
  FACENET_GLOBAL_STORAGE        /* + FacenetStorageType */
} FacenetPickleGlobal;

typedef struct {
  GPtrArray *values;            /* owns every value that was made; they point
                                 * at each other, in circles if it likes */
  const FacenetPickleValue *root;
} FacenetPickle;

/* Reads a pickle of protocol 2 whole. item names it in errors: FORMAT,
 * TRUNCATED or LIMIT. (transfer full) */
FacenetPickle *facenet_pickle_read (const guint8 * data, gsize size,
    const gchar * item, GError ** error);
void facenet_pickle_free (FacenetPickle * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetPickle, facenet_pickle_free)

/* "a list"; for errors */
const gchar *facenet_pickle_describe (const FacenetPickleValue * value);

/* The value of a string key in a dict, the last one that was set, or NULL. */
const FacenetPickleValue *facenet_pickle_lookup (const FacenetPickleValue *
    dict, const gchar * key);

/* The words a state dict needs (facenet-pickle-torch.c). Each fills value or
 * fails with FORMAT or LIMIT. */
gboolean facenet_pickle_find_global (FacenetPickleValue * value,
    const gchar * module, const gchar * name, const gchar * item,
    GError ** error);
gboolean facenet_pickle_call (FacenetPickleValue * value,
    const FacenetPickleValue * function, const FacenetPickleValue * args,
    const gchar * item, GError ** error);
gboolean facenet_pickle_load_storage (FacenetPickleValue * value,
    const FacenetPickleValue * id, const gchar * item, GError ** error);

G_END_DECLS
