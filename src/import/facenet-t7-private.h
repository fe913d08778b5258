/* facenet-t7-private.h - what Torch7 has saved, as it lies in the file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * torch.save() writes one object, which holds others: a graph, as an object
 * that is met again is only named by its index. Objects may hold themselves.
 */
#pragma once

#include <facenet/facenet-error.h>

G_BEGIN_DECLS

#define FACENET_T7_MAX_DEPTH 64         /* objects in each other */
#define FACENET_T7_MAX_NODES (1 << 20)
#define FACENET_T7_MAX_RANK 8

typedef enum {
  FACENET_T7_NIL,
  FACENET_T7_NUMBER,
  FACENET_T7_BOOLEAN,
  FACENET_T7_STRING,
  FACENET_T7_TABLE,
  FACENET_T7_FUNCTION,          /* skipped, never run */
  FACENET_T7_STORAGE,           /* numbers in a row, shared by tensors */
  FACENET_T7_TENSOR,            /* a view of a storage */
  FACENET_T7_OBJECT             /* of a class, e.g. an nn module */
} FacenetT7Kind;

/* Of what storages hold, "Float" and so on. */
typedef struct {
  const gchar *name;
  guint size;                   /* bytes of one in a binary file */
  gboolean is_raw;              /* bytes in an ASCII file too */
  gboolean is_real;             /* a model's numbers may be of this type */
} FacenetT7Type;

typedef struct _FacenetT7Node FacenetT7Node;

typedef struct {
  const FacenetT7Node *key, *value;
} FacenetT7Pair;

struct _FacenetT7Node {
  FacenetT7Kind kind;
  union {
    gdouble number;             /* NUMBER, BOOLEAN */
    struct {
      const gchar *text;        /* in the file, without NUL */
      gsize length;
    } string;
    GArray *pairs;              /* TABLE: of FacenetT7Pair */
    struct {
      const FacenetT7Type *type;
      gsize n_values;
      const guint8 *bytes;      /* in the file, when that is binary, */
      gfloat *values;           /* or owned, when it is ASCII; of is_real */
    } storage;
    struct {
      const FacenetT7Type *type;
      guint rank;
      gint64 *dims;             /* [2 rank]: dims and then strides, owned */
      gint64 offset;            /* of the first value, from 1 */
      const FacenetT7Node *storage;     /* NIL when the tensor is empty */
    } tensor;
    struct {
      gchar *class_name;        /* "nn.Linear" */
      const FacenetT7Node *fields;      /* TABLE */
    } object;
  };
};

typedef struct {
  gchar *location;
  GPtrArray *nodes;             /* owns them all */
  const FacenetT7Node *root;
  gsize n_values;               /* in all storages of a real type */
} FacenetT7;

/* One without objects. (transfer full) */
FacenetT7 *facenet_t7_new (const gchar * location);
void facenet_t7_free (FacenetT7 * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetT7, facenet_t7_free)

/* Reads a whole file, binary or ASCII; bytes must outlive what is returned.
 * FORMAT, TRUNCATED, LIMIT. (transfer full) */
FacenetT7 *facenet_t7_parse (GBytes * bytes, const gchar * location,
    GError ** error);

/* The field of an object; NULL when it has none of that name or it is nil. */
const FacenetT7Node *facenet_t7_get (const FacenetT7Node * object,
    const gchar * name);

/* A field that is a number; fallback when there is none. */
gdouble facenet_t7_get_number (const FacenetT7Node * object,
    const gchar * name, gdouble fallback);

/* The n values of a table whose keys are 1 to n, in that order, NULL when it
 * is another table. (transfer container) */
GPtrArray *facenet_t7_list (const FacenetT7Node * table);

/* The values of a tensor in row-major order. item names it in errors:
 * FORMAT when it is not one of floats or doubles, or reaches beyond its
 * storage, LIMIT when it is larger than left, from which its number of values
 * is taken. (transfer full) */
gfloat *facenet_t7_read_tensor (const FacenetT7Node * tensor, gsize * left,
    gsize * n_values, const gchar * item, GError ** error);

G_END_DECLS
