/* facenet-gallery-edits.c - what was changed since the file was read
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Between reading a gallery and writing it back may lie an hour of work, and
 * another program may have written the file meanwhile. So a gallery that is of
 * a file keeps a list of its changes. When the file is another than the one
 * that was read, the changes are made to what it holds now: that is the three
 * way merge of version control with a change in place of a difference. A
 * change whose object is another by now is a conflict and is refused.
 */
#include <facenet/facenet-gallery.h>

#include <string.h>

#include "gallery/facenet-gallery-private.h"

static void
clear_edit (gpointer data)
{
  FacenetEdit *edit = data;

  g_free (edit->id);
  g_free (edit->old_name);
  g_free (edit->name);
  g_free (edit->other_id);
  g_free (edit->vector);
  g_free (edit->source);
  g_free (edit->created);
}

GArray *
facenet_gallery_edits_new (void)
{
  GArray *edits = g_array_new (FALSE, FALSE, sizeof (FacenetEdit));

  g_array_set_clear_func (edits, clear_edit);
  return edits;
}

void
facenet_gallery_set_origin (FacenetGallery * self, const gchar * location,
    const FacenetFileStamp * stamp)
{
  const FacenetFileStamp nothing = { 0 };

  g_free (self->origin);
  self->origin = location != NULL ? facenet_file_resolve (location) : NULL;
  self->stamp = stamp != NULL ? *stamp : nothing;
}

void
facenet_gallery_note_edit (FacenetGallery * self, FacenetEdit * edit)
{
  g_mutex_lock (&self->origin_lock);
  if (self->origin != NULL)
    g_array_append_vals (self->edits, edit, 1);
  else
    clear_edit (edit);
  g_mutex_unlock (&self->origin_lock);
}

void
facenet_gallery_copy_edits (const FacenetGallery * self, FacenetGallery * copy)
{
  FacenetGallery *locked = (FacenetGallery *) self;

  g_mutex_lock (&locked->origin_lock);
  copy->origin = g_strdup (self->origin);
  copy->stamp = self->stamp;
  copy->behind = self->behind;
  for (guint i = 0; i < self->edits->len; i++) {
    FacenetEdit edit = g_array_index (self->edits, FacenetEdit, i);

    edit.id = g_strdup (edit.id);
    edit.old_name = g_strdup (edit.old_name);
    edit.name = g_strdup (edit.name);
    edit.other_id = g_strdup (edit.other_id);
    edit.vector = edit.vector == NULL ? NULL
        : g_memdup2 (edit.vector, self->model.n_dims * sizeof *edit.vector);
    edit.source = g_strdup (edit.source);
    edit.created = g_strdup (edit.created);
    g_array_append_val (copy->edits, edit);
  }
  g_mutex_unlock (&locked->origin_lock);
}

static gboolean
refuse (const FacenetGallery * theirs, const gchar * id, const gchar * what,
    GError ** error)
{
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH,
      "%s: another program has changed it meanwhile: identity \"%s\" %s; "
      "nothing is written", theirs->location, id, what);
  return FALSE;
}

/* Whether the person of that id is still the one of that name; NULL: the
 * change made them. */
static gboolean
check_person (const FacenetGallery * theirs, const FacenetEdit * edit,
    GError ** error)
{
  gint index = facenet_gallery_find (theirs, edit->id);
  const gchar *name = edit->old_name != NULL ? edit->old_name : edit->name;

  if (index < 0)
    return edit->old_name == NULL
        || refuse (theirs, edit->id, "is no longer in it", error);
  if (name == NULL)
    name = edit->id;
  return strcmp (facenet_gallery_person (theirs, (guint) index)->view.name,
      name) == 0 || refuse (theirs, edit->id, "has another name now", error);
}

static gboolean
replay_add (FacenetGallery * theirs, const FacenetEdit * edit, GError ** error)
{
  FacenetEnrolment enrolment = { edit->vector, theirs->model.n_dims,
    edit->source, edit->quality
  };

  if (!check_person (theirs, edit, error))
    return FALSE;
  if (facenet_gallery_has_embedding (theirs, edit->id, edit->vector,
          theirs->model.n_dims))
    return TRUE;
  return facenet_gallery_add_made (theirs, edit->id, edit->name, &enrolment,
      edit->created, error);
}

static gboolean
replay_remove (FacenetGallery * theirs, const FacenetEdit * edit,
    GError ** error)
{
  if (facenet_gallery_find (theirs, edit->id) < 0)
    return TRUE;
  return check_person (theirs, edit, error)
      && facenet_gallery_remove (theirs, edit->id, error);
}

static gboolean
replay_value (FacenetGallery * theirs, const FacenetEdit * edit, gdouble now,
    gboolean is_new, GError ** error)
{
  gboolean kept = !(now < edit->old_value) && !(now > edit->old_value);
  gboolean same = !(now < edit->value) && !(now > edit->value);

  if (same || (is_new && now > 0))
    return TRUE;
  if (!kept) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH,
        "%s: another program has changed its %s meanwhile; nothing is written",
        theirs->location,
        edit->kind == FACENET_EDIT_FORMAT ? "format" : "threshold");
    return FALSE;
  }
  if (edit->kind == FACENET_EDIT_FORMAT)
    facenet_gallery_set_format (theirs, (FacenetGalleryFormat) edit->value);
  else
    facenet_gallery_set_threshold (theirs, edit->value);
  return TRUE;
}

static gboolean
replay (const FacenetGallery * self, FacenetGallery * theirs,
    const FacenetEdit * edit, GError ** error)
{
  gboolean is_new = self->stamp.inode == 0;

  switch (edit->kind) {
    case FACENET_EDIT_ADD:
      return replay_add (theirs, edit, error);
    case FACENET_EDIT_REMOVE:
      return replay_remove (theirs, edit, error);
    case FACENET_EDIT_RENAME:
      return check_person (theirs, edit, error)
          && facenet_gallery_rename (theirs, edit->id, edit->other_id,
          edit->name, error);
    case FACENET_EDIT_MERGE:
      return check_person (theirs, edit, error)
          && facenet_gallery_merge (theirs, edit->other_id, edit->id, error);
    case FACENET_EDIT_THRESHOLD:
      return replay_value (theirs, edit, theirs->threshold, is_new, error);
    case FACENET_EDIT_FORMAT:
    default:
      return replay_value (theirs, edit, theirs->format, FALSE, error);
  }
}

gboolean
facenet_gallery_replay_edits (const FacenetGallery * self,
    FacenetGallery * theirs, GError ** error)
{
  if (!facenet_gallery_check_model (theirs, self->model.id,
          self->model.n_dims, error))
    return FALSE;
  for (guint i = 0; i < self->edits->len; i++) {
    if (!replay (self, theirs, &g_array_index (self->edits, FacenetEdit, i),
            error))
      return FALSE;
  }
  return TRUE;
}
