/* facenet-rule.c - what is to be done about a person
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Rules are read from the JSON object of an identity when they are asked for:
 * only of those who are seen, not of all people in a large gallery. They were
 * checked when the file was loaded, so that no person stays valid because of a
 * date that could not be read.
 */
#include <facenet/facenet-rule.h>

#include <string.h>

#include "gallery/facenet-gallery-private.h"
#include "gallery/facenet-rule-private.h"

static gboolean
is_string (JsonNode * node)
{
  return JSON_NODE_HOLDS_VALUE (node)
      && json_node_get_value_type (node) == G_TYPE_STRING;
}

/* An RFC 3339 time, in microseconds since 1970 UTC. A time without a zone is
 * none: it would mean another moment on each machine. */
static gboolean
parse_time (const gchar * text, gint64 * time)
{
  g_autoptr (GDateTime) parsed = g_date_time_new_from_iso8601 (text, NULL);

  if (parsed == NULL)
    return FALSE;
  *time = g_date_time_to_unix (parsed) * G_USEC_PER_SEC +
      g_date_time_get_microsecond (parsed);
  return TRUE;
}

static FacenetAction
parse_action (const gchar * name)
{
  if (g_strcmp0 (name, "log") == 0)
    return FACENET_ACTION_LOG;
  if (g_strcmp0 (name, "ignore") == 0)
    return FACENET_ACTION_IGNORE;
  return FACENET_ACTION_ALERT;
}

static gchar *
find_fault_of_tags (JsonNode * node)
{
  JsonArray *tags;
  guint i;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return g_strdup ("\"tags\" must be an array of strings");
  tags = json_node_get_array (node);
  for (i = 0; i < json_array_get_length (tags); i++) {
    if (!is_string (json_array_get_element (tags, i)))
      return g_strdup_printf ("\"tags\"[%u] must be a string", i);
  }
  return NULL;
}

static gchar *
find_fault_of_time (JsonNode * node)
{
  g_autofree gchar *start = NULL;
  const gchar *text;
  gint64 time;

  if (!is_string (node))
    return g_strdup ("\"valid-until\" must be a string");
  text = json_node_get_string (node);
  if (parse_time (text, &time))
    return NULL;
  start = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), 40));
  return g_strdup_printf ("\"valid-until\" is \"%s\", expected a time such as "
      "\"2027-01-01T00:00:00Z\"", start);
}

gchar *
facenet_rule_find_fault (JsonObject * identity)
{
  JsonNode *tags = json_object_get_member (identity, "tags");
  JsonNode *action = json_object_get_member (identity, "action");
  JsonNode *time = json_object_get_member (identity, "valid-until");
  JsonNode *decoy = json_object_get_member (identity, "decoy");
  gchar *fault = NULL;

  if (tags != NULL)
    fault = find_fault_of_tags (tags);
  if (fault == NULL && time != NULL)
    fault = find_fault_of_time (time);
  if (fault == NULL && action != NULL && !is_string (action))
    fault = g_strdup ("\"action\" must be a string");
  if (fault == NULL && decoy != NULL && (!JSON_NODE_HOLDS_VALUE (decoy)
          || json_node_get_value_type (decoy) != G_TYPE_BOOLEAN))
    fault = g_strdup ("\"decoy\" must be true or false");
  return fault;
}

gboolean
facenet_rule_is_given (JsonObject * identity)
{
  return json_object_has_member (identity, "tags")
      || json_object_has_member (identity, "action")
      || json_object_has_member (identity, "valid-until")
      || json_object_has_member (identity, "decoy");
}

/**
 * facenet_gallery_get_rule:
 * @self: a gallery
 * @identity: below facenet_gallery_get_n_identities()
 * @rule: (out caller-allocates): what its file says of the identity; the
 *   string is valid until the gallery is changed
 *
 * Tells what is to be done about a person. Of one of whom the file says
 * nothing: alert, forever, without tags.
 *
 * Since: 0.1
 */
void
facenet_gallery_get_rule (const FacenetGallery * self, guint identity,
    FacenetRule * rule)
{
  JsonObject *object;
  const gchar *time;

  g_return_if_fail (identity < facenet_gallery_get_n_identities (self));

  memset (rule, 0, sizeof *rule);
  rule->valid_until = FACENET_FOREVER;
  if (!facenet_gallery_person (self, identity)->has_rule)
    return;
  object = facenet_gallery_person (self, identity)->object;
  rule->action_name =
      json_object_get_string_member_with_default (object, "action", NULL);
  rule->action = parse_action (rule->action_name);
  rule->decoy =
      json_object_get_boolean_member_with_default (object, "decoy", FALSE);
  if (rule->decoy)
    rule->action = FACENET_ACTION_IGNORE;
  time = json_object_get_string_member_with_default (object, "valid-until",
      NULL);
  if (time != NULL && !parse_time (time, &rule->valid_until))
    rule->valid_until = 0;
  if (json_object_has_member (object, "tags"))
    rule->n_tags = json_array_get_length (json_object_get_array_member (object,
            "tags"));
}

/**
 * facenet_gallery_get_tag:
 * @self: a gallery
 * @identity: below facenet_gallery_get_n_identities()
 * @index: below the n_tags of its rule
 *
 * Looks at one tag of a person.
 *
 * Returns: (transfer none): the tag, valid until the gallery is changed
 *
 * Since: 0.1
 */
const gchar *
facenet_gallery_get_tag (const FacenetGallery * self, guint identity,
    guint index)
{
  JsonArray *tags;

  g_return_val_if_fail (identity < facenet_gallery_get_n_identities (self),
      NULL);
  tags = json_object_get_array_member (facenet_gallery_person (self,
          identity)->object, "tags");
  g_return_val_if_fail (index < json_array_get_length (tags), NULL);

  return json_array_get_string_element (tags, index);
}

/**
 * facenet_rule_is_valid:
 * @rule: a rule
 * @now: the time, in microseconds since 1970 UTC, as of g_get_real_time()
 *
 * Tells whether an identity is still to be accepted.
 *
 * Returns: whether @now is not after valid_until
 *
 * Since: 0.1
 */
gboolean
facenet_rule_is_valid (const FacenetRule * rule, gint64 now)
{
  return now <= rule->valid_until;
}
