/* facenet-rule.h - what is to be done about a person
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A gallery may say of an identity in which groups it is, until when it is to
 * be accepted, and what to do when it is seen (docs/gallery-format.md).
 */
#pragma once

#include <facenet/facenet-gallery.h>

G_BEGIN_DECLS

/**
 * FACENET_FOREVER:
 *
 * The time until which an identity without "valid-until" is valid.
 */
#define FACENET_FOREVER G_MAXINT64

/**
 * FacenetAction:
 * @FACENET_ACTION_ALERT: post a message and log it
 * @FACENET_ACTION_LOG: log it only
 * @FACENET_ACTION_IGNORE: do neither
 *
 * What to do when an identity was recognised.
 */
typedef enum {
  FACENET_ACTION_ALERT,
  FACENET_ACTION_LOG,
  FACENET_ACTION_IGNORE
} FacenetAction;

/**
 * FacenetRule:
 * @action: what to do; ignore for a decoy
 * @action_name: (nullable): "action" as the file has it, which may be a word
 *   of an application's own; %NULL when the file has none
 * @decoy: whether this is no person, but something that is taken for a face
 * @valid_until: until when it is accepted, in microseconds since 1970 UTC;
 *   %FACENET_FOREVER without an end
 * @n_tags: how many tags it has, see facenet_gallery_get_tag()
 *
 * What is to be done about one identity.
 */
typedef struct {
  FacenetAction action;
  const gchar *action_name;
  gboolean decoy;
  gint64 valid_until;
  guint n_tags;
} FacenetRule;

FACENET_API void facenet_gallery_get_rule (const FacenetGallery * self,
    guint identity, FacenetRule * rule);
FACENET_API const gchar *facenet_gallery_get_tag (const FacenetGallery * self,
    guint identity, guint index);
FACENET_API gboolean facenet_rule_is_valid (const FacenetRule * rule,
    gint64 now);

G_END_DECLS
