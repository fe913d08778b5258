/* facenet-t7.c - the objects of a Torch7 file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Fields are looked up one by one, in the order of the file: a module has
 * some twenty.
 */
#include "import/facenet-t7-private.h"

#include <string.h>

static void
node_free (gpointer data)
{
  FacenetT7Node *node = data;

  switch (node->kind) {
    case FACENET_T7_TABLE:
      g_array_unref (node->pairs);
      break;
    case FACENET_T7_STORAGE:
      g_free (node->storage.values);
      break;
    case FACENET_T7_TENSOR:
      g_free (node->tensor.dims);
      break;
    case FACENET_T7_OBJECT:
      g_free (node->object.class_name);
      break;
    default:
      break;
  }
  g_free (node);
}

FacenetT7 *
facenet_t7_new (const gchar * location)
{
  FacenetT7 *self = g_new0 (FacenetT7, 1);

  self->location = g_strdup (location);
  self->nodes = g_ptr_array_new_with_free_func (node_free);
  return self;
}

void
facenet_t7_free (FacenetT7 * self)
{
  g_ptr_array_unref (self->nodes);
  g_free (self->location);
  g_free (self);
}

const FacenetT7Node *
facenet_t7_get (const FacenetT7Node * object, const gchar * name)
{
  const GArray *pairs = object->object.fields->pairs;
  gsize length = strlen (name);

  for (guint i = 0; i < pairs->len; i++) {
    const FacenetT7Pair *pair = &g_array_index (pairs, FacenetT7Pair, i);

    if (pair->key->kind == FACENET_T7_STRING
        && pair->key->string.length == length
        && memcmp (pair->key->string.text, name, length) == 0) {
      return pair->value->kind != FACENET_T7_NIL ? pair->value : NULL;
    }
  }
  return NULL;
}

gdouble
facenet_t7_get_number (const FacenetT7Node * object, const gchar * name,
    gdouble fallback)
{
  const FacenetT7Node *node = facenet_t7_get (object, name);

  return node != NULL && node->kind == FACENET_T7_NUMBER ? node->number
      : fallback;
}

GPtrArray *
facenet_t7_list (const FacenetT7Node * table)
{
  guint n = table->pairs->len;
  g_autoptr (GPtrArray) list = g_ptr_array_new ();

  g_ptr_array_set_size (list, (gint) n);
  for (guint i = 0; i < n; i++) {
    const FacenetT7Pair *pair = &g_array_index (table->pairs, FacenetT7Pair, i);
    gdouble key = pair->key->kind == FACENET_T7_NUMBER ? pair->key->number : 0;

    /* As many different whole numbers from 1 to n as there are places. */
    if (!(key >= 1 && key <= n) || key != (gdouble) (guint) key
        || list->pdata[(guint) key - 1] != NULL) {
      return NULL;
    }
    list->pdata[(guint) key - 1] = (gpointer) pair->value;
  }
  return g_steal_pointer (&list);
}
