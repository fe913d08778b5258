/* facenet-gallery-copy.c - a second gallery with the same people
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * To change a gallery that others are searching, a caller changes a copy
 * and puts that in its place. Nothing is shared between the two: json-glib
 * counts references without atomic operations, also in json_node_copy(), so
 * documents are copied node by node and value by value.
 */
#include <facenet/facenet-gallery.h>

#include "gallery/facenet-gallery-private.h"

static JsonNode *copy_node (JsonNode * node);

static JsonNode *
copy_object (JsonObject * object)
{
  JsonNode *copy = json_node_new (JSON_NODE_OBJECT);
  JsonObject *members = json_object_new ();
  JsonObjectIter iter;
  const gchar *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    json_object_set_member (members, name, copy_node (node));
  json_node_take_object (copy, members);
  return copy;
}

static JsonNode *
copy_array (JsonArray * array)
{
  JsonNode *copy = json_node_new (JSON_NODE_ARRAY);
  guint i, n = json_array_get_length (array);
  JsonArray *elements = json_array_sized_new (n);

  for (i = 0; i < n; i++)
    json_array_add_element (elements,
        copy_node (json_array_get_element (array, i)));
  json_node_take_array (copy, elements);
  return copy;
}

static JsonNode *
copy_value (JsonNode * node)
{
  JsonNode *copy = json_node_alloc ();
  const GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    return json_node_init_string (copy, json_node_get_string (node));
  if (type == G_TYPE_BOOLEAN)
    return json_node_init_boolean (copy, json_node_get_boolean (node));
  if (type == G_TYPE_DOUBLE)
    return json_node_init_double (copy, json_node_get_double (node));
  return json_node_init_int (copy, json_node_get_int (node));
}

/* Calls itself as deep as a document may be nested, 64 levels. */
static JsonNode *
copy_node (JsonNode * node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return copy_object (json_node_get_object (node));
  if (JSON_NODE_HOLDS_ARRAY (node))
    return copy_array (json_node_get_array (node));
  if (JSON_NODE_HOLDS_VALUE (node))
    return copy_value (node);
  return json_node_new (JSON_NODE_NULL);
}

static JsonObject *
copy_members (JsonObject * object)
{
  g_autoptr (JsonNode) node = NULL;

  if (object == NULL)
    return NULL;
  node = copy_object (object);
  return json_node_dup_object (node);
}

/* A string for the copy to own. */
static const gchar *
copy_string (FacenetGallery * copy, const gchar * string)
{
  return string != NULL ? g_string_chunk_insert (copy->strings, string) : NULL;
}

static void
copy_person (FacenetGallery * copy, const FacenetPerson * person)
{
  const FacenetIdentity *view = &person->view;
  const gchar *name = view->name != view->id ? view->name : NULL;
  FacenetPerson *same;

  if (person->object != NULL)
    facenet_gallery_push_person (copy, NULL, NULL,
        copy_members (person->object));
  else
    facenet_gallery_push_person (copy, copy_string (copy, view->id),
        copy_string (copy, name), NULL);
  same = facenet_gallery_person (copy, copy->people->len - 1);
  same->first = person->first;
  same->view.n_embeddings = view->n_embeddings;
}

static void
copy_note (FacenetGallery * copy, const FacenetNote * note)
{
  FacenetNote same = *note;

  same.object = copy_members (note->object);
  same.source = copy_string (copy, note->source);
  same.created = copy_string (copy, note->created);
  g_array_append_val (copy->notes, same);
}

/**
 * facenet_gallery_copy:
 * @self: a gallery
 *
 * Makes a gallery that is equal and independent: changing one does not change
 * the other. It is of the same file, with the changes that are not saved.
 * Takes time and memory in proportion to its size. May be called
 * while other threads search @self.
 *
 * Returns: (transfer full): a gallery of the same model, people and embeddings
 *
 * Since: 0.1
 */
FacenetGallery *
facenet_gallery_copy (const FacenetGallery * self)
{
  FacenetGallery *locked = (FacenetGallery *) self;
  FacenetGallery *copy;
  guint i;

  g_rw_lock_reader_lock (&locked->lock);
  copy = facenet_gallery_new_for_document (copy_node (self->document));
  copy->location = g_strdup (self->location);
  copy->format = self->format;
  if (self->metadata != NULL)
    copy->metadata = g_hash_table_ref (self->metadata);
  facenet_gallery_reserve_people (copy, self->people->len);
  for (i = 0; i < self->people->len; i++)
    copy_person (copy, facenet_gallery_person (self, i));
  facenet_gallery_reserve_ids (copy, self->people->len);
  facenet_gallery_index_ids (copy);
  for (i = 0; i < self->notes->len; i++)
    copy_note (copy, facenet_gallery_note (self, i));
  if (self->scaled->len > 0)
    g_array_append_vals (copy->scaled, self->scaled->data, self->scaled->len);
  if (!facenet_rows_insert (&copy->rows, 0, self->rows.data, self->rows.n))
    g_error ("no memory for a copy of %u embeddings", self->notes->len);
  facenet_gallery_copy_edits (self, copy);
  g_rw_lock_reader_unlock (&locked->lock);
  return copy;
}
