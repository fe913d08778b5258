/* facenet-gallery-private.h - how a gallery is kept
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The embeddings are one block of floats [n, n_dims], grouped by identity, so
 * that a search is one pass over memory. Everything else stays in the parsed
 * document, where also what this library does not know survives: an identity
 * is an object of it, an embedding too, only with its vector taken out (null).
 * Identities and embeddings have the same order in the document and in the
 * block: the n-th vector of the document is row n.
 */
#pragma once

#include <facenet/facenet-gallery.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define FACENET_GALLERY_FORMAT "facenet-gallery"
#define FACENET_GALLERY_VERSION 1

/* What is accepted at most: bytes of a file, numbers of one embedding, of all
 * embeddings together (1 GiB of floats), bytes of an id or a name, and the
 * greatest squared L2 distance there is. */
#define FACENET_GALLERY_MAX_BYTES ((gsize) 256 << 20)
#define FACENET_GALLERY_MAX_DIMS 4096
#define FACENET_GALLERY_MAX_NUMBERS (1u << 28)
#define FACENET_GALLERY_MAX_NAME 1024
#define FACENET_GALLERY_MAX_THRESHOLD 4.0

/* One person and its rows, [first, first + n_embeddings). The strings of the
 * view and the object are owned by the document. */
typedef struct {
  FacenetIdentity view;
  guint first;
  JsonObject *object;
} FacenetPerson;

struct _FacenetGallery {
  gchar *location;              /* file it was loaded from, for errors; NULL */
  JsonNode *document;           /* owned: the root object */
  JsonArray *identities;        /* borrowed from the document */
  FacenetGalleryModel model;    /* strings borrowed from the document */
  gdouble threshold;            /* squared L2, 0 when the file names none */
  GArray *people;               /* of FacenetPerson, as in the document */
  GArray *rows;                 /* of gfloat, [n_embeddings, n_dims] */
  GHashTable *by_id;            /* id, borrowed -> index + 1 */
};

static inline FacenetPerson *
facenet_gallery_person (const FacenetGallery * self, guint index)
{
  return &g_array_index (self->people, FacenetPerson, index);
}

static inline const gfloat *
facenet_gallery_row (const FacenetGallery * self, guint row)
{
  return (const gfloat *) (gpointer) self->rows->data +
      (gsize) row * self->model.n_dims;
}

/* An empty gallery around a document whose root, "model" and "defaults" have
 * been checked; takes the document. Its identities are still to be added. */
FacenetGallery *facenet_gallery_new_for_document (JsonNode * document);

/* Makes a person of an object that is, or is about to be, the next of the
 * document's identities and whose members have been checked. */
FacenetPerson *facenet_gallery_append_person (FacenetGallery * self,
    JsonObject * object);

/* Inserts a row [n_dims] behind the person's last. FALSE: no room. */
gboolean facenet_gallery_append_row (FacenetGallery * self,
    FacenetPerson * person, const gfloat * vector);

/* Scales a vector to length one in place, unless it has that length to within
 * 1e-4 already. NULL, or what is wrong with it: not a number, no length. */
const gchar *facenet_gallery_normalise (gfloat * vector, guint n_dims);

/* The gallery that a text holds; item names the text in errors. */
FacenetGallery *facenet_gallery_parse (const gchar * text, gsize length,
    const gchar * item, GError ** error);

/* The text of a gallery; (transfer full). */
GString *facenet_gallery_print (const FacenetGallery * self);

G_END_DECLS
