/* facenet-json-private.h - JSON from strangers
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <facenet/facenet-error.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define FACENET_JSON_MAX_DEPTH 64       /* arrays and objects in each other */
#define FACENET_JSON_MAX_KEYS 16384     /* members of one object */
#define FACENET_JSON_MAX_NUMBER 512     /* characters of one number */
#define FACENET_JSON_MAX_INTEGER (G_GINT64_CONSTANT (1) << 53)

/* Parses strictly (RFC 8259): depth <= 64, JSON's own number syntax only,
 * finite numbers, integers up to 2^53, no duplicate keys, valid UTF-8, no
 * \u0000, one value and nothing after it. item names the text in errors, e.g.
 * a file name. FORMAT or TRUNCATED with line and column (in characters);
 * returns (transfer full). */
JsonNode *facenet_json_parse (const gchar * text, gsize length,
    const gchar * item, GError ** error);

G_END_DECLS
