/* facenet-gallery-copy.c - a second gallery with the same people
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Whoever wants to change a gallery that others are searching changes a copy
 * and puts that in its place. Nothing is shared between the two: json-glib
 * hands out references to the parts of a document, so the document is copied
 * node by node.
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

/* Calls itself as deep as a document may be nested, 64 levels. */
static JsonNode *
copy_node (JsonNode * node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return copy_object (json_node_get_object (node));
  if (JSON_NODE_HOLDS_ARRAY (node))
    return copy_array (json_node_get_array (node));
  return json_node_copy (node);
}

/**
 * facenet_gallery_copy:
 * @self: a gallery
 *
 * Makes a gallery that is equal and independent: changing one does not change
 * the other. Takes time and memory in proportion to its size. May be called
 * while other threads search @self.
 *
 * Returns: (transfer full): a gallery of the same model, people and embeddings
 *
 * Since: 0.1
 */
FacenetGallery *
facenet_gallery_copy (const FacenetGallery * self)
{
  FacenetGallery *copy =
      facenet_gallery_new_for_document (copy_node (self->document));
  guint i, k;

  copy->location = g_strdup (self->location);
  for (i = 0; i < self->people->len; i++) {
    const FacenetPerson *person = facenet_gallery_person (self, i);
    FacenetPerson *same = facenet_gallery_append_person (copy,
        json_array_get_object_element (copy->identities, i));

    for (k = 0; k < person->view.n_embeddings; k++)
      facenet_gallery_append_row (copy, same,
          facenet_gallery_row (self, person->first + k));
  }
  return copy;
}
