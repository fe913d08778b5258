/* facenet-json-private.h - JSON from strangers
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include <facenet/facenet-error.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Strict scan, then json-glib: depth <= 64, JSON's own number syntax only,
 * finite numbers, integers up to 2^53, no duplicate keys, valid UTF-8, one
 * value and nothing after it. item names the text in errors, e.g. a file
 * name. FORMAT or TRUNCATED with line and column; returns (transfer full). */
JsonNode *facenet_json_parse (const gchar * text, gsize length,
    const gchar * item, GError ** error);

G_END_DECLS
