/* facenet-gallery-edit.c - people come and go
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
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
        "identity: the id is empty, expected one that is unique");
    return FALSE;
  }
  if (!check_text ("identity: the id", id, error)
      || (name != NULL && !check_text ("identity: the name", name, error)))
    return FALSE;
  if (enrolment->n_dims != self->model.n_dims) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_SHAPE,
        "identity \"%s\": the embedding has %u numbers, expected %u", id,
        enrolment->n_dims, self->model.n_dims);
    return FALSE;
  }
  if (enrolment->quality < 0 || enrolment->quality > 1) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "identity \"%s\": quality %g, expected [0,1]", id, enrolment->quality);
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
    const gchar * created, FacenetNote * note)
{
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

/* Where the file says that a person has embeddings. */
static void
name_embeddings (FacenetPerson * person)
{
  if (person->object != NULL
      && !json_object_has_member (person->object, "embeddings"))
    json_object_set_null_member (person->object, "embeddings");
}

/* The person of that id, NULL and MISSING when there is none. */
static FacenetPerson *
find_person (const FacenetGallery * self, const gchar * id, GError ** error)
{
  gint index = facenet_gallery_find (self, id);

  if (index >= 0)
    return facenet_gallery_person (self, (guint) index);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
      "identity \"%s\" is not in the gallery", id);
  return NULL;
}

/* created: when it was made. Without the lock. */
static gboolean
add (FacenetGallery * self, const gchar * id, const gchar * name,
    const FacenetEnrolment * enrolment, const gchar * created, GError ** error)
{
  g_autofree gfloat *vector = NULL;
  FacenetEdit edit = {.kind = FACENET_EDIT_ADD };
  const gchar *fault;
  FacenetPerson *person;
  FacenetNote note;
  gint index;

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
  if (index >= 0) {
    person = facenet_gallery_person (self, (guint) index);
    edit.old_name = g_strdup (person->view.name);
  } else {
    person = add_person (self, id, name);
  }
  name_embeddings (person);
  describe_enrolment (self, enrolment, created, &note);
  g_array_set_size (self->scaled, 0);
  edit.id = g_strdup (id);
  edit.name = g_strdup (person->view.name);
  edit.source = g_strdup (note.source);
  edit.created = g_strdup (created);
  edit.quality = enrolment->quality;
  if (!facenet_gallery_append_row (self, person, vector, &note))
    g_error ("no memory for an embedding, which was reserved");
  edit.vector = g_steal_pointer (&vector);
  facenet_gallery_note_edit (self, &edit);
  return TRUE;
}

gboolean
facenet_gallery_add_made (FacenetGallery * self, const gchar * id,
    const gchar * name, const FacenetEnrolment * enrolment,
    const gchar * created, GError ** error)
{
  g_autofree gchar *composed_id = facenet_text_compose (id);
  g_autofree gchar *composed = name != NULL ? facenet_text_compose (name)
      : NULL;
  gboolean added;

  g_rw_lock_writer_lock (&self->lock);
  /* Somebody may have the id as it is written. */
  if (facenet_gallery_find (self, id) < 0)
    id = composed_id;
  added = add (self, id, composed, enrolment, created, error);
  g_rw_lock_writer_unlock (&self->lock);
  return added;
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
 * Adds an embedding to a person, and the person if need be, whose id and name
 * are kept composed (NFC): accents can be written in two ways. The embedding is
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
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree gchar *created = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");

  g_return_val_if_fail (id != NULL && enrolment != NULL, FALSE);

  return facenet_gallery_add_made (self, id, name, enrolment, created, error);
}

/* Takes a person and their embeddings out, without the lock. */
static void
take_out (FacenetGallery * self, const FacenetPerson * person)
{
  guint n_dims = self->model.n_dims, n = person->view.n_embeddings;
  guint index = (guint) (person - facenet_gallery_person (self, 0));

  facenet_rows_remove (&self->rows, (gsize) person->first * n_dims,
      (gsize) n * n_dims);
  if (n > 0)
    g_array_remove_range (self->notes, person->first, n);
  g_array_set_size (self->scaled, 0);
  g_array_remove_index (self->people, index);
  for (guint i = index; i < self->people->len; i++)
    facenet_gallery_person (self, i)->first -= n;
  facenet_gallery_index_ids (self);
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
  FacenetEdit edit = {.kind = FACENET_EDIT_REMOVE };
  const FacenetPerson *person;

  g_return_val_if_fail (id != NULL, FALSE);

  g_rw_lock_writer_lock (&self->lock);
  person = find_person (self, id, error);
  if (person != NULL) {
    edit.id = g_strdup (id);
    edit.old_name = g_strdup (person->view.name);
    take_out (self, person);
    facenet_gallery_note_edit (self, &edit);
  }
  g_rw_lock_writer_unlock (&self->lock);
  return person != NULL;
}

/* Whether a person may have this id and this name. */
static gboolean
check_rename (const FacenetGallery * self, const FacenetPerson * person,
    const gchar * new_id, const gchar * name, GError ** error)
{
  gint other = facenet_gallery_find (self, new_id);

  if (new_id[0] == '\0') {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "identity \"%s\": the new id is empty", person->view.id);
    return FALSE;
  }
  if (!check_text ("identity: the id", new_id, error)
      || !check_text ("identity: the name", name, error))
    return FALSE;
  if (other < 0 || facenet_gallery_person (self, (guint) other) == person)
    return TRUE;
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "identity \"%s\": there is another person with the id \"%s\"",
      person->view.id, new_id);
  return FALSE;
}

/* The strings may be those the person has. */
static void
set_names (FacenetGallery * self, FacenetPerson * person, const gchar * id,
    const gchar * name)
{
  FacenetIdentity *view = &person->view;

  view->id = g_string_chunk_insert (self->strings, id);
  view->name = g_string_chunk_insert (self->strings, name);
  if (person->object != NULL) {
    json_object_set_string_member (person->object, "id", view->id);
    json_object_set_string_member (person->object, "name", view->name);
  }
  facenet_gallery_index_ids (self);
}

/**
 * facenet_gallery_rename:
 * @self: a gallery
 * @id: id of a person
 * @new_id: (nullable): their new id, UTF-8 of 1 to 1024 bytes, %NULL to keep it
 * @name: (nullable): their new name, up to 1024 bytes, %NULL to keep it
 * @error: return location for a #GError
 *
 * Gives a person another id or another name. On failure the gallery is as it
 * was.
 *
 * Returns: %TRUE, or %FALSE with %FACENET_ERROR_MISSING when there is nobody
 *   of that id, %FACENET_ERROR_FORMAT (an empty id, not UTF-8, somebody else
 *   has the new id) or %FACENET_ERROR_LIMIT
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_rename (FacenetGallery * self, const gchar * id,
    const gchar * new_id, const gchar * name, GError ** error)
{
  FacenetEdit edit = {.kind = FACENET_EDIT_RENAME };
  g_autofree gchar *composed_id = NULL;
  g_autofree gchar *composed = NULL;
  FacenetPerson *person;
  gboolean done = FALSE;

  g_return_val_if_fail (id != NULL, FALSE);

  g_rw_lock_writer_lock (&self->lock);
  person = find_person (self, id, error);
  if (person != NULL) {
    new_id = composed_id =
        facenet_text_compose (new_id != NULL ? new_id : person->view.id);
    name = composed =
        facenet_text_compose (name != NULL ? name : person->view.name);
    done = check_rename (self, person, new_id, name, error);
  }
  if (done) {
    edit.id = g_strdup (id);
    edit.old_name = g_strdup (person->view.name);
    edit.other_id = g_strdup (new_id);
    edit.name = g_strdup (name);
    set_names (self, person, new_id, name);
    facenet_gallery_note_edit (self, &edit);
  }
  g_rw_lock_writer_unlock (&self->lock);
  return done;
}

/* A person's embeddings and what is known of them, for another person. */
static void
move_rows (FacenetGallery * self, const FacenetPerson * from, const gchar * id)
{
  guint n_dims = self->model.n_dims, n = from->view.n_embeddings;
  g_autofree gfloat *rows = g_new (gfloat, (gsize) n * n_dims);
  g_autofree FacenetNote *notes = g_new (FacenetNote, n);
  FacenetPerson *person;

  for (guint i = 0; i < n; i++) {
    memcpy (rows + (gsize) i * n_dims, facenet_gallery_row (self,
            from->first + i), n_dims * sizeof *rows);
    notes[i] = *facenet_gallery_note (self, from->first + i);
    if (notes[i].object != NULL)
      json_object_ref (notes[i].object);
  }
  take_out (self, from);
  person = facenet_gallery_person (self,
      (guint) facenet_gallery_find (self, id));
  name_embeddings (person);
  for (guint i = 0; i < n; i++) {
    /* There is room: as many were taken out. */
    if (!facenet_gallery_append_row (self, person,
            rows + (gsize) i * n_dims, &notes[i]))
      g_error ("no memory for %u embeddings", n);
  }
}

/**
 * facenet_gallery_merge:
 * @self: a gallery
 * @id: id of the person who stays
 * @other_id: id of a second entry for the same person
 * @error: return location for a #GError
 *
 * Makes one person of two: the embeddings of the second go to the first, who
 * keeps their name and their rules. The second, with rules of its own, is gone.
 *
 * Returns: %TRUE, or %FALSE with %FACENET_ERROR_MISSING when there is nobody
 *   of one of the ids or %FACENET_ERROR_FORMAT when they are the same
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_merge (FacenetGallery * self, const gchar * id,
    const gchar * other_id, GError ** error)
{
  FacenetEdit edit = {.kind = FACENET_EDIT_MERGE };
  const FacenetPerson *other;
  gboolean done = FALSE;

  g_return_val_if_fail (id != NULL && other_id != NULL, FALSE);

  g_rw_lock_writer_lock (&self->lock);
  other = find_person (self, other_id, error);
  if (other != NULL && strcmp (id, other_id) == 0) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "identity \"%s\" cannot be merged with itself", id);
  } else if (other != NULL && find_person (self, id, error) != NULL) {
    edit.id = g_strdup (other_id);
    edit.old_name = g_strdup (other->view.name);
    edit.other_id = g_strdup (id);
    move_rows (self, other, id);
    facenet_gallery_note_edit (self, &edit);
    done = TRUE;
  }
  g_rw_lock_writer_unlock (&self->lock);
  return done;
}
