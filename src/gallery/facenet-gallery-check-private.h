/* facenet-gallery-check-private.h - what the objects of a gallery may hold
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-error.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum {
  FACENET_KIND_STRING,
  FACENET_KIND_NUMBER,
  FACENET_KIND_INTEGER,
  FACENET_KIND_ARRAY,
  FACENET_KIND_OBJECT
} FacenetKind;

/* A member of an object. For numbers min and max bound the value, for strings
 * the bytes; a max of 0 is no bound. */
typedef struct {
  const gchar *name;
  FacenetKind kind;
  gboolean required;
  gdouble min;
  gdouble max;
} FacenetMember;

typedef enum {
  FACENET_PART_ROOT,
  FACENET_PART_MODEL,
  FACENET_PART_DEFAULTS,
  FACENET_PART_IDENTITY,
  FACENET_PART_EMBEDDING
} FacenetPart;

/* Where in the file one is, for error messages; what does not apply is NULL or
 * -1. */
typedef struct {
  const gchar *item;
  const gchar *part;
  gint identity;
  const gchar *id;
  gint embedding;
} FacenetGalleryPlace;

/* Reports "people.json: identity 3 "ann", embedding 1: …"; always FALSE. */
gboolean facenet_gallery_place_fail (GError ** error, const FacenetGalleryPlace * self,
    FacenetError code, const gchar * format, ...) G_GNUC_PRINTF (4, 5);

/* The members that this library knows of one kind of object; (transfer
 * none). */
const FacenetMember *facenet_gallery_get_members (FacenetPart part, guint * n);

/* Makes sure that an object has the members of its kind, each of its type and
 * in its range; the first n of them only, where n is not 0. */
gboolean facenet_gallery_check_members (JsonObject * object, FacenetPart part,
    guint n, const FacenetGalleryPlace * place, GError ** error);

/* Everything of a document but its identities; binary: it has none, they are
 * elsewhere in the file. */
gboolean facenet_gallery_check_document (JsonNode * document, gboolean binary,
    const FacenetGalleryPlace * place, GError ** error);

/* What a node is, for messages, and whether it is a number. */
const gchar *facenet_node_get_kind_name (JsonNode * node);
gboolean facenet_node_is_number (JsonNode * node);

G_END_DECLS
