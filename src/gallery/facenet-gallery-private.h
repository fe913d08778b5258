/* facenet-gallery-private.h - how a gallery is kept
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The embeddings are one block of floats [n, n_dims], grouped by identity, so
 * that a search is one pass over memory. A person and an embedding are small
 * structs; what a JSON file says of them beyond that, also what this library
 * does not know, stays in the JSON object they were read from, in which a null
 * keeps the place of "embeddings" and of "vector". Those of a binary file have
 * such an object only when there is something to keep in it.
 */
#pragma once

#include <facenet/facenet-gallery.h>
#include <json-glib/json-glib.h>

#include "base/facenet-file-private.h"
#include "gallery/facenet-rows-private.h"

G_BEGIN_DECLS

#define FACENET_GALLERY_FORMAT "facenet-gallery"
#define FACENET_GALLERY_VERSION 1

/* What is accepted at most: bytes of a JSON and of a binary file, numbers of
 * one embedding, of all embeddings together (1 GiB of floats), bytes of an id
 * or a name, and the greatest squared L2 distance there is. */
#define FACENET_GALLERY_MAX_BYTES ((gsize) 256 << 20)
#define FACENET_GALLERY_MAX_BINARY ((gsize) 2 << 30)
#define FACENET_GALLERY_MAX_DIMS 4096
#define FACENET_GALLERY_MAX_NUMBERS (1u << 28)
#define FACENET_GALLERY_MAX_NAME 1024
#define FACENET_GALLERY_MAX_THRESHOLD 4.0

/* A vector is taken to be of length one when its length is not farther off
 * than this: what rounding to five digits may do to it. The distances of such
 * a vector are off by a ten-thousandth of themselves. */
#define FACENET_GALLERY_UNIT_TOLERANCE 1e-4

/* One person and its rows, [first, first + n_embeddings). The strings of the
 * view are owned by the object or, without one, by the gallery. */
typedef struct {
  FacenetIdentity view;
  guint first;
  gboolean has_rule;            /* the object says more than nothing, see
                                 * facenet_gallery_get_rule() */
  JsonObject *object;           /* owned, nullable */
} FacenetPerson;

/* What is known of one embedding besides its vector. With an object all of it
 * is there, and the other members say nothing. */
typedef struct {
  JsonObject *object;           /* owned, nullable */
  const gchar *source;          /* owned by the gallery, nullable */
  const gchar *created;
  gdouble quality;              /* NaN: not measured */
} FacenetNote;

/* An embedding that was not of length one in the file, and how long it was. */
typedef struct {
  guint row;
  gdouble length;
} FacenetScaled;

/* An entry of the table of ids; person: 0 for a free one, else their index and
 * one. */
typedef struct {
  guint32 hash;
  guint32 person;
} FacenetIdEntry;

/* A change since the gallery was read from its file, see
 * facenet-gallery-edits.c. */
typedef enum {
  FACENET_EDIT_ADD,
  FACENET_EDIT_REMOVE,
  FACENET_EDIT_RENAME,
  FACENET_EDIT_MERGE,
  FACENET_EDIT_THRESHOLD,
  FACENET_EDIT_FORMAT
} FacenetEditKind;

/* old is what the change was made to: the name of the person, NULL of one who
 * was new, the threshold or the format. All strings and the vector are
 * owned. */
typedef struct {
  FacenetEditKind kind;
  gchar *id;
  gchar *old_name;
  gchar *name;                  /* of ADD and RENAME */
  gchar *other_id;              /* of RENAME and MERGE */
  gfloat *vector;               /* of ADD: [n_dims] of length one */
  gchar *source;
  gchar *created;
  gdouble quality;
  gdouble old_value;
  gdouble value;
} FacenetEdit;

struct _FacenetGallery {
  gchar *location;              /* file it was loaded from, for errors; NULL */
  FacenetGalleryFormat format;  /* in which it is saved */
  JsonNode *document;           /* owned: the root object */
  FacenetGalleryModel model;    /* strings borrowed from the document */
  gdouble threshold;            /* squared L2, 0 when the file names none */
  GArray *people;               /* of FacenetPerson, as in the file */
  FacenetRows rows;             /* [n_embeddings, n_dims] */
  GArray *notes;                /* of FacenetNote, one for each row */
  GArray *scaled;               /* of FacenetScaled; none once it is changed */
  GStringChunk *strings;        /* what objects do not own */
  GBytes *file;                 /* with the strings of a binary one, nullable */
  GHashTable *metadata;         /* strings of a binary file, nullable */
  FacenetIdEntry *slots;        /* [n_slots], a block, by hash of the id */
  guint n_slots;                /* a power of two */

  /* Threads of language bindings: whoever changes the gallery has it for
   * writing, the functions of bindings that read have it for reading. */
  GRWLock lock;

  /* The file that saving merges with, under a lock taken after the other. */
  GMutex origin_lock;
  gchar *origin;                /* as facenet_file_resolve() has it, or NULL */
  FacenetFileStamp stamp;       /* of what was read or written there */
  gboolean behind;              /* others' changes are there and not here */
  GArray *edits;                /* of FacenetEdit: those not in the file */
};

static inline FacenetPerson *
facenet_gallery_person (const FacenetGallery * self, guint index)
{
  return &g_array_index (self->people, FacenetPerson, index);
}

static inline FacenetNote *
facenet_gallery_note (const FacenetGallery * self, guint row)
{
  return &g_array_index (self->notes, FacenetNote, row);
}

static inline const gfloat *
facenet_gallery_row (const FacenetGallery * self, guint row)
{
  return self->rows.data + (gsize) row * self->model.n_dims;
}

/* An empty gallery around a document whose root, "model" and "defaults" have
 * been checked; takes the document. Its identities are still to be added. */
FacenetGallery *facenet_gallery_new_for_document (JsonNode * document);

/* Makes a person, last of all, or NULL when somebody has that id. With an
 * object (transfer full) its members have been checked, and id and name are
 * not read; without one the strings must live as long as the gallery. */
FacenetPerson *facenet_gallery_append_person (FacenetGallery * self,
    const gchar * id, const gchar * name, JsonObject * object);

/* Room for n people; there may be none yet. */
void facenet_gallery_reserve_people (FacenetGallery * self, guint n);

/* Makes a person without looking at anybody else; facenet_gallery_index_ids() is to
 * follow. */
void facenet_gallery_push_person (FacenetGallery * self, const gchar * id,
    const gchar * name, JsonObject * object);

/* Inserts a row [n_dims] behind the person's last; takes the note's object.
 * FALSE, with nothing done: no room. */
gboolean facenet_gallery_append_row (FacenetGallery * self,
    FacenetPerson * person, const gfloat * vector, const FacenetNote * note);

/* Notes the length that a row had in the file, if that matters. */
void facenet_gallery_note_length (FacenetGallery * self, guint row,
    gdouble length);

/* The length of a vector [n_dims]. */
gdouble facenet_gallery_measure_length (const gfloat * vector, guint n_dims);

/* Scales a vector to length one in place, unless it has that length to within
 * FACENET_GALLERY_UNIT_TOLERANCE already. NULL, or what is wrong with it: not
 * a number, no length. */
const gchar *facenet_gallery_normalise (gfloat * vector, guint n_dims);

/* Ids are found by a table of their hashes: room for n people; one person
 * more, or FALSE when an earlier one has that id; everybody anew, which gives
 * the first with the id of an earlier one, or -1. */
void facenet_gallery_reserve_ids (FacenetGallery * self, guint n);
gboolean facenet_gallery_index_id (FacenetGallery * self, guint person);
gint facenet_gallery_index_ids (FacenetGallery * self);

/* A text in Unicode's composed form (NFC), as it is when it is not UTF-8; what
 * two names of one person have in common: composed, folded, with one blank
 * for what separates words. (transfer full) */
gchar *facenet_text_compose (const gchar * text);
gchar *facenet_name_make_key (const gchar * name);

/* The gallery that a text holds; item names the text in errors. */
FacenetGallery *facenet_gallery_parse (const gchar * text, gsize length,
    const gchar * item, GError ** error);

/* The gallery that a safetensors file holds; keeps a reference to its bytes,
 * and may change the numbers of its embeddings in them. */
FacenetGallery *facenet_gallery_parse_binary (GBytes * bytes,
    const gchar * location, GError ** error);

/* The text of a gallery; (transfer full). */
GString *facenet_gallery_print (const FacenetGallery * self);

/* The bytes of a safetensors file; location names it in errors, LIMIT.
 * (transfer full) */
GBytes *facenet_gallery_print_binary (const FacenetGallery * self,
    const gchar * location, GError ** error);

/* Says which file the gallery is of and what that was when it was read; takes
 * location from NULL for none. Only before anybody else has the gallery. */
void facenet_gallery_set_origin (FacenetGallery * self,
    const gchar * location, const FacenetFileStamp * stamp);

/* Remembers a change; takes what the edit owns. Nothing is remembered of a
 * gallery that is of no file. */
void facenet_gallery_note_edit (FacenetGallery * self, FacenetEdit * edit);
GArray *facenet_gallery_edits_new (void);
void facenet_gallery_copy_edits (const FacenetGallery * self,
    FacenetGallery * copy);

/* Makes the changes of a gallery to what its file holds now. MISMATCH when
 * one does not fit what others have made of it. */
gboolean facenet_gallery_replay_edits (const FacenetGallery * self,
    FacenetGallery * theirs, GError ** error);

/* Adds an embedding [n_dims] of length one, made at that time. */
gboolean facenet_gallery_add_made (FacenetGallery * self, const gchar * id,
    const gchar * name, const FacenetEnrolment * enrolment,
    const gchar * created, GError ** error);

/* Parts of the text on one line, without the members that a binary file has a
 * tensor for; appended to text. Nothing is appended where nothing is left. */
void facenet_gallery_print_root (const FacenetGallery * self, GString * text);
void facenet_gallery_print_person_rest (const FacenetPerson * person,
    GString * text);
void facenet_gallery_print_note_rest (const FacenetNote * note,
    GString * text);

/* All that is known of an embedding but its vector, as an object that has a
 * null in its place; (transfer full). */
JsonObject *facenet_note_to_object (const FacenetNote * note);

G_END_DECLS
