/* facenet-gallery.c - the people one knows
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The object and what can be asked of it. facenet-gallery-private.h says how
 * identities and embeddings are kept, facenet-gallery-edit.c changes them,
 * facenet-gallery-ids.c finds them; facenet-gallery-load.c reads a file,
 * facenet-gallery-save.c writes one, and facenet-gallery-binary-*.c do where
 * it is not JSON.
 */
#include <facenet/facenet-gallery.h>

#include <math.h>

#include "base/facenet-memory-private.h"
#include "gallery/facenet-gallery-private.h"
#include "gallery/facenet-rule-private.h"

/* Lengths beyond these are no embedding but damage. */
#define MIN_LENGTH 1e-6
#define MAX_LENGTH 1e6

G_DEFINE_BOXED_TYPE (FacenetGallery, facenet_gallery, facenet_gallery_ref,
    facenet_gallery_unref);

static void
facenet_gallery_clear (gpointer data)
{
  FacenetGallery *self = data;

  g_free (self->location);
  facenet_memory_free (self->slots);
  g_array_unref (self->people);
  g_array_unref (self->notes);
  g_array_unref (self->scaled);
  facenet_rows_clear (&self->rows);
  g_string_chunk_free (self->strings);
  g_clear_pointer (&self->file, g_bytes_unref);
  g_clear_pointer (&self->metadata, g_hash_table_unref);
  json_node_unref (self->document);
  g_rw_lock_clear (&self->lock);
  g_mutex_clear (&self->origin_lock);
  g_free (self->origin);
  g_array_unref (self->edits);
}

static void
clear_person (gpointer data)
{
  FacenetPerson *person = data;

  g_clear_pointer (&person->object, json_object_unref);
}

static void
clear_note (gpointer data)
{
  FacenetNote *note = data;

  g_clear_pointer (&note->object, json_object_unref);
}

/* A string or number of an object whose members have been checked. */
static const gchar *
get_string (JsonObject * object, const gchar * member)
{
  return json_object_get_string_member_with_default (object, member, NULL);
}

static gdouble
get_number (JsonObject * object, const gchar * member)
{
  return json_object_get_double_member_with_default (object, member, 0);
}

void
facenet_gallery_reserve_people (FacenetGallery * self, guint n)
{
  g_clear_pointer (&self->people, g_array_unref);
  self->people = g_array_sized_new (FALSE, FALSE, sizeof (FacenetPerson), n);
  g_array_set_clear_func (self->people, clear_person);
}

FacenetGallery *
facenet_gallery_new_for_document (JsonNode * document)
{
  FacenetGallery *self = g_atomic_rc_box_new0 (FacenetGallery);
  JsonObject *root = json_node_get_object (document);

  self->document = document;
  g_rw_lock_init (&self->lock);
  g_mutex_init (&self->origin_lock);
  self->edits = facenet_gallery_edits_new ();
  facenet_gallery_reserve_people (self, 0);
  self->notes = g_array_new (FALSE, TRUE, sizeof (FacenetNote));
  g_array_set_clear_func (self->notes, clear_note);
  self->scaled = g_array_new (FALSE, FALSE, sizeof (FacenetScaled));
  self->strings = g_string_chunk_new (1024);
  if (json_object_has_member (root, "model")) {
    JsonObject *model = json_object_get_object_member (root, "model");

    self->model.id = get_string (model, "id");
    self->model.name = get_string (model, "name");
    self->model.preprocess = get_string (model, "preprocess");
    self->model.n_dims = (guint) json_object_get_int_member (model, "dims");
  }
  if (json_object_has_member (root, "defaults")) {
    self->threshold =
        get_number (json_object_get_object_member (root, "defaults"),
        "threshold");
  }
  return self;
}

void
facenet_gallery_push_person (FacenetGallery * self, const gchar * id,
    const gchar * name, JsonObject * object)
{
  FacenetPerson person = { 0 };

  person.view.id = id;
  person.view.name = name;
  if (object != NULL) {
    person.view.id = get_string (object, "id");
    person.view.name = get_string (object, "name");
    person.view.threshold = get_number (object, "threshold");
    person.has_rule = facenet_rule_is_given (object);
  }
  if (person.view.name == NULL || person.view.name[0] == '\0')
    person.view.name = person.view.id;
  person.first = facenet_gallery_get_n_embeddings (self);
  person.object = object;
  g_array_append_val (self->people, person);
}

FacenetPerson *
facenet_gallery_append_person (FacenetGallery * self, const gchar * id,
    const gchar * name, JsonObject * object)
{
  facenet_gallery_push_person (self, id, name, object);
  if (!facenet_gallery_index_id (self, self->people->len - 1)) {
    g_array_set_size (self->people, self->people->len - 1);
    return NULL;
  }
  return facenet_gallery_person (self, self->people->len - 1);
}

gboolean
facenet_gallery_append_row (FacenetGallery * self, FacenetPerson * person,
    const gfloat * vector, const FacenetNote * note)
{
  FacenetPerson *end = facenet_gallery_person (self, self->people->len);
  guint n_dims = self->model.n_dims;
  guint row = person->first + person->view.n_embeddings;
  FacenetPerson *other;

  if (self->rows.n > FACENET_GALLERY_MAX_NUMBERS - n_dims
      || !facenet_rows_insert (&self->rows, (gsize) row * n_dims, vector,
          n_dims))
    return FALSE;
  g_array_insert_vals (self->notes, row, note, 1);
  person->view.n_embeddings++;
  for (other = person + 1; other < end; other++) {
    other->first++;
  }
  return TRUE;
}

gdouble
facenet_gallery_measure_length (const gfloat * vector, guint n_dims)
{
  gdouble sum = 0;
  guint i;

  for (i = 0; i < n_dims; i++) {
    sum += (gdouble) vector[i] * (gdouble) vector[i];
  }
  return sqrt (sum);
}

void
facenet_gallery_note_length (FacenetGallery * self, guint row, gdouble length)
{
  FacenetScaled scaled = { row, length };

  if (fabs (length - 1) > FACENET_GALLERY_UNIT_TOLERANCE)
    g_array_append_val (self->scaled, scaled);
}

const gchar *
facenet_gallery_normalise (gfloat * vector, guint n_dims)
{
  gdouble length = facenet_gallery_measure_length (vector, n_dims);
  guint i;

  if (!isfinite (length))
    return "has numbers that are not finite, expected floats";
  if (length < MIN_LENGTH)
    return "has length zero, expected length one";
  if (length > MAX_LENGTH)
    return "is longer than 1e6, expected length one";
  if (fabs (length - 1) > FACENET_GALLERY_UNIT_TOLERANCE) {
    for (i = 0; i < n_dims; i++) {
      vector[i] = (gfloat) ((gdouble) vector[i] / length);
    }
  }
  return NULL;
}

/* The members of a gallery's file that say whose embeddings it holds. */
static JsonObject *
describe_model (const FacenetGalleryModel * model)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", model->id);
  if (model->name != NULL)
    json_object_set_string_member (object, "name", model->name);
  json_object_set_int_member (object, "dims", model->n_dims);
  if (model->preprocess != NULL)
    json_object_set_string_member (object, "preprocess", model->preprocess);
  return object;
}

/**
 * facenet_gallery_new:
 * @model: (nullable): the model whose embeddings it will hold, with an id and
 *   n_dims in [1,4096]; its strings are copied
 *
 * Makes an empty gallery. Bound to no model (%NULL) it can be searched, and
 * finds no person, but nothing can be added to it.
 *
 * Returns: (transfer full): an empty gallery
 *
 * Since: 0.1
 */
FacenetGallery *
facenet_gallery_new (const FacenetGalleryModel * model)
{
  JsonObject *root;
  JsonNode *document;

  g_return_val_if_fail (model == NULL || model->id != NULL, NULL);
  g_return_val_if_fail (model == NULL || (model->n_dims > 0
          && model->n_dims <= FACENET_GALLERY_MAX_DIMS), NULL);

  root = json_object_new ();
  json_object_set_string_member (root, "format", FACENET_GALLERY_FORMAT);
  json_object_set_int_member (root, "version", FACENET_GALLERY_VERSION);
  if (model != NULL)
    json_object_set_object_member (root, "model", describe_model (model));
  json_object_set_object_member (root, "defaults", json_object_new ());
  json_object_set_null_member (root, "identities");
  document = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (document, root);
  return facenet_gallery_new_for_document (document);
}

/**
 * facenet_gallery_ref:
 * @self: a gallery
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
FacenetGallery *
facenet_gallery_ref (FacenetGallery * self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * facenet_gallery_unref:
 * @self: (transfer full): a gallery
 *
 * Drops a reference; the last one frees the gallery.
 *
 * Since: 0.1
 */
void
facenet_gallery_unref (FacenetGallery * self)
{
  g_atomic_rc_box_release_full (self, facenet_gallery_clear);
}

/**
 * facenet_gallery_get_model:
 * @self: a gallery
 * @model: (out caller-allocates): the model its embeddings are of; the strings
 *   are owned by the gallery, id is %NULL and n_dims 0 when it is bound to none
 *
 * Tells whose embeddings a gallery holds.
 *
 * Since: 0.1
 */
void
facenet_gallery_get_model (const FacenetGallery * self,
    FacenetGalleryModel * model)
{
  *model = self->model;
}

/**
 * facenet_gallery_check_model:
 * @self: a gallery
 * @model_id: id of the model that made the embeddings at hand
 * @n_dims: their length
 * @error: return location for a #GError
 *
 * Makes sure that embeddings may be compared with a gallery's. Those of two
 * models have nothing to do with each other, and their distances mean nothing.
 *
 * Returns: %TRUE when they are of the same model or the gallery is bound to
 *   none; else %FALSE with %FACENET_ERROR_MISMATCH
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_check_model (const FacenetGallery * self,
    const gchar * model_id, guint n_dims, GError ** error)
{
  const FacenetGalleryModel *model = &self->model;
  const gchar *location = self->location != NULL ? self->location : "gallery";

  if (model->id == NULL)
    return TRUE;
  if (g_strcmp0 (model->id, model_id) != 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH,
        "%s: holds embeddings of model %s (%s), expected those of %s", location,
        model->id, model->name != NULL ? model->name : "unnamed",
        model_id != NULL ? model_id : "no model");
    return FALSE;
  }
  if (model->n_dims != n_dims) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH,
        "%s: holds embeddings of %u numbers, expected %u as in those of model %s",
        location, model->n_dims, n_dims, model->id);
    return FALSE;
  }
  return TRUE;
}

/**
 * facenet_gallery_get_threshold:
 * @self: a gallery
 *
 * The threshold of people without one of their own.
 *
 * Returns: squared L2 in [0,4], 0 when the gallery names none
 *
 * Since: 0.1
 */
gdouble
facenet_gallery_get_threshold (const FacenetGallery * self)
{
  return self->threshold;
}

/**
 * facenet_gallery_set_threshold:
 * @self: a gallery
 * @squared_l2: squared L2 in [0,4], 0 to name none
 *
 * Sets the threshold of people without one of their own.
 *
 * Since: 0.1
 */
void
facenet_gallery_set_threshold (FacenetGallery * self, gdouble squared_l2)
{
  JsonObject *root = json_node_get_object (self->document);
  FacenetEdit edit = {.kind = FACENET_EDIT_THRESHOLD };

  g_return_if_fail (squared_l2 >= 0
      && squared_l2 <= FACENET_GALLERY_MAX_THRESHOLD);

  g_rw_lock_writer_lock (&self->lock);
  edit.old_value = self->threshold;
  edit.value = squared_l2;
  facenet_gallery_note_edit (self, &edit);
  if (!json_object_has_member (root, "defaults"))
    json_object_set_object_member (root, "defaults", json_object_new ());
  root = json_object_get_object_member (root, "defaults");
  if (squared_l2 > 0)
    json_object_set_double_member (root, "threshold", squared_l2);
  else if (json_object_has_member (root, "threshold"))
    json_object_remove_member (root, "threshold");
  self->threshold = squared_l2;
  g_rw_lock_writer_unlock (&self->lock);
}

/**
 * facenet_gallery_get_n_identities:
 * @self: a gallery
 *
 * Counts the identities.
 *
 * Returns: how many people it knows
 *
 * Since: 0.1
 */
guint
facenet_gallery_get_n_identities (const FacenetGallery * self)
{
  return self->people->len;
}

/**
 * facenet_gallery_get_n_embeddings:
 * @self: a gallery
 *
 * Counts the embeddings of all identities.
 *
 * Returns: how many embeddings all its identities have together
 *
 * Since: 0.1
 */
guint
facenet_gallery_get_n_embeddings (const FacenetGallery * self)
{
  return self->notes->len;
}

/**
 * facenet_gallery_get_identity:
 * @self: a gallery
 * @index: below facenet_gallery_get_n_identities()
 *
 * Looks at one person.
 *
 * Returns: (transfer none): the person, valid until the gallery is changed
 *
 * Since: 0.1
 */
const FacenetIdentity *
facenet_gallery_get_identity (const FacenetGallery * self, guint index)
{
  g_return_val_if_fail (index < self->people->len, NULL);

  return &facenet_gallery_person (self, index)->view;
}

/**
 * facenet_gallery_get_embedding:
 * @self: a gallery
 * @identity: below facenet_gallery_get_n_identities()
 * @index: below the identity's n_embeddings
 *
 * Looks at one embedding of a person. Those of one person lie one behind the
 * other.
 *
 * Returns: (transfer none) (array): [n_dims], a unit vector, valid until the
 *   gallery is changed
 *
 * Since: 0.1
 */
const gfloat *
facenet_gallery_get_embedding (const FacenetGallery * self, guint identity,
    guint index)
{
  const FacenetPerson *person;

  g_return_val_if_fail (identity < self->people->len, NULL);
  person = facenet_gallery_person (self, identity);
  g_return_val_if_fail (index < person->view.n_embeddings, NULL);

  return facenet_gallery_row (self, person->first + index);
}

/**
 * facenet_gallery_get_embeddings: (skip)
 * @self: a gallery
 *
 * Looks at all embeddings together: those of the first identity, then those of
 * the second, and so on.
 *
 * Returns: (transfer none) (nullable) (array): [n_embeddings, n_dims], valid
 *   until the gallery is changed; may be %NULL when there are none
 *
 * Since: 0.1
 */
const gfloat *
facenet_gallery_get_embeddings (const FacenetGallery * self)
{
  return self->rows.data;
}

/**
 * facenet_gallery_get_format:
 * @self: a gallery
 *
 * Gets the file format that the gallery is saved in.
 *
 * Returns: how facenet_gallery_save() writes it: as the file it was loaded
 *   from, JSON when it is a new one
 *
 * Since: 0.1
 */
FacenetGalleryFormat
facenet_gallery_get_format (const FacenetGallery * self)
{
  return self->format;
}

/**
 * facenet_gallery_set_format:
 * @self: a gallery
 * @format: how facenet_gallery_save() is to write it from now on
 *
 * Chooses the format of the file. To convert a gallery, load it, call this and
 * save it. JSON and binary hold the same; what %FACENET_GALLERY_BINARY_F16
 * rounds, it rounds in the file only.
 *
 * Since: 0.1
 */
void
facenet_gallery_set_format (FacenetGallery * self, FacenetGalleryFormat format)
{
  FacenetEdit edit = {.kind = FACENET_EDIT_FORMAT };

  g_return_if_fail (format <= FACENET_GALLERY_BINARY_F16);

  g_rw_lock_writer_lock (&self->lock);
  edit.old_value = self->format;
  edit.value = format;
  facenet_gallery_note_edit (self, &edit);
  self->format = format;
  g_rw_lock_writer_unlock (&self->lock);
}
