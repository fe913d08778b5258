/* facenet-gallery-edit.c - people come and go
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Every change is made in places that have to agree: the list of people, the
 * table of their ids, the block of embeddings and the notes on them. All
 * checks come before the first of them, so that a refused change leaves
 * nothing behind.
 */
#include <facenet/facenet-gallery.h>

#include <math.h>
#include <string.h>

#include "gallery/facenet-gallery-private.h"

/* An id or a name fit for the file. */
static gboolean
check_text (const gchar * what, const gchar * text, GError ** error)
{
  gsize length = strlen (text);

  if (length > FACENET_GALLERY_MAX_NAME) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s has %" G_GSIZE_FORMAT " bytes, at most %d are accepted", what,
        length, FACENET_GALLERY_MAX_NAME);
    return FALSE;
  }
  if (!g_utf8_validate (text, -1, NULL)) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s is not valid UTF-8", what);
    return FALSE;
  }
  return TRUE;
}

/* Whether this embedding may be added to this gallery under that id. */
static gboolean
check_enrolment (FacenetGallery * self, const gchar * id, const gchar * name,
    const FacenetEnrolment * enrolment, GError ** error)
{
  if (self->model.id == NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "identity \"%s\": the gallery is bound to no model", id);
    return FALSE;
  }
  if (id[0] == '\0') {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "identity: the id is empty, wants one that is unique");
    return FALSE;
  }
  if (!check_text ("identity: the id", id, error)
      || (name != NULL && !check_text ("identity: the name", name, error)))
    return FALSE;
  if (enrolment->n_dims != self->model.n_dims) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
        "identity \"%s\": the embedding has %u numbers, wants %u", id,
        enrolment->n_dims, self->model.n_dims);
    return FALSE;
  }
  if (enrolment->quality < 0 || enrolment->quality > 1) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "identity \"%s\": quality %g, wants [0,1]", id, enrolment->quality);
    return FALSE;
  }
  return TRUE;
}

/* Makes sure that there is memory for one row more, so that nothing of an
 * enrolment has to be undone. */
static gboolean
make_room (FacenetGallery * self, GError ** error)
{
  gsize n = self->rows.n + self->model.n_dims;

  if (n <= FACENET_GALLERY_MAX_NUMBERS && (n <= self->rows.capacity
          || facenet_rows_reserve (&self->rows, n + n / 2)))
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
      "%s: the gallery is full, it has %u embeddings",
      self->location != NULL ? self->location : "gallery",
      facenet_gallery_get_n_embeddings (self));
  return FALSE;
}

/* What the file will say of an embedding besides its vector. */
static void
describe_enrolment (FacenetGallery * self, const FacenetEnrolment * enrolment,
    FacenetNote * note)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree gchar *created = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");

  note->object = NULL;
  note->source = NULL;
  if (enrolment->source != NULL) {
    /* Usually a file name, which may be in any encoding. */
    g_autofree gchar *source = g_utf8_make_valid (enrolment->source, -1);

    note->source = g_string_chunk_insert (self->strings, source);
  }
  note->created = g_string_chunk_insert_const (self->strings, created);
  note->quality = enrolment->quality;
}

/* A new person without embeddings. */
static FacenetPerson *
add_person (FacenetGallery * self, const gchar * id, const gchar * name)
{
  if (name != NULL)
    name = g_string_chunk_insert (self->strings, name);
  return facenet_gallery_append_person (self,
      g_string_chunk_insert (self->strings, id), name, NULL);
}

/**
 * facenet_gallery_add:
 * @self: a gallery that is bound to a model
 * @id: id of the person, UTF-8 of 1 to 1024 bytes
 * @name: (nullable): name of a person who is new, up to 1024 bytes; a person
 *   whom the gallery knows already keeps their name
 * @enrolment: the embedding, copied
 * @error: return location for a #GError
 *
 * Adds an embedding to a person, and the person if need be. The embedding is
 * scaled to length one and stamped with the present time. On failure the
 * gallery is as it was.
 *
 * Returns: %TRUE, or %FALSE with %FACENET_ERROR_MISSING (bound to no model),
 *   %FACENET_ERROR_SHAPE (n_dims is not the gallery's), %FACENET_ERROR_FORMAT
 *   (an empty id, NaN, infinity, length zero, a quality beyond [0,1]) or
 *   %FACENET_ERROR_LIMIT
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_add (FacenetGallery * self, const gchar * id,
    const gchar * name, const FacenetEnrolment * enrolment, GError ** error)
{
  g_autofree gfloat *vector = NULL;
  const gchar *fault;
  FacenetPerson *person;
  FacenetNote note;
  gint index;

  g_return_val_if_fail (id != NULL && enrolment != NULL, FALSE);

  if (!check_enrolment (self, id, name, enrolment, error))
    return FALSE;
  if (!make_room (self, error))
    return FALSE;
  vector = g_memdup2 (enrolment->embedding,
      enrolment->n_dims * sizeof (gfloat));
  fault = facenet_gallery_normalise (vector, enrolment->n_dims);
  if (fault != NULL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "identity \"%s\": the embedding %s", id, fault);
    return FALSE;
  }

  index = facenet_gallery_find (self, id);
  if (index >= 0)
    person = facenet_gallery_person (self, (guint) index);
  else
    person = add_person (self, id, name);
  if (person->object != NULL
      && !json_object_has_member (person->object, "embeddings"))
    json_object_set_null_member (person->object, "embeddings");
  describe_enrolment (self, enrolment, &note);
  g_array_set_size (self->scaled, 0);
  return facenet_gallery_append_row (self, person, vector, &note);
}

/**
 * facenet_gallery_remove:
 * @self: a gallery
 * @id: id of a person
 * @error: return location for a #GError
 *
 * Forgets a person with all their embeddings.
 *
 * Returns: %TRUE, or %FALSE with %FACENET_ERROR_MISSING when there is nobody
 *   of that id
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_remove (FacenetGallery * self, const gchar * id,
    GError ** error)
{
  gint index = facenet_gallery_find (self, id);
  guint n_dims = self->model.n_dims, n_embeddings, i;
  const FacenetPerson *person;

  if (index < 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "identity \"%s\" is not in the gallery", id);
    return FALSE;
  }
  person = facenet_gallery_person (self, (guint) index);
  n_embeddings = person->view.n_embeddings;
  facenet_rows_remove (&self->rows, (gsize) person->first * n_dims,
      (gsize) n_embeddings * n_dims);
  if (n_embeddings > 0)
    g_array_remove_range (self->notes, person->first, n_embeddings);
  g_array_set_size (self->scaled, 0);
  g_array_remove_index (self->people, (guint) index);
  for (i = (guint) index; i < self->people->len; i++) {
    facenet_gallery_person (self, i)->first -= n_embeddings;
  }
  facenet_gallery_index_ids (self);
  return TRUE;
}
