/* facenet-rule-private.h - rules as they are in a gallery's file
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-rule.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What is wrong with "tags", "action", "valid-until" and "decoy" of an
 * identity, NULL when nothing is; (transfer full). */
gchar *facenet_rule_find_fault (JsonObject * identity);

/* Whether an identity has any of them. */
gboolean facenet_rule_is_given (JsonObject * identity);

G_END_DECLS
