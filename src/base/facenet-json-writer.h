/* facenet-json-writer.h - JSON, put together in a string
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The same bytes in every locale. key is NULL for the members of an array and
 * for the outermost object.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A string in its quotes; bytes that are no UTF-8 become U+FFFD. */
void facenet_json_append_string (GString * json, const gchar * text);
/* The fewest digits, of 15 to 17, that are read back as the same number; NaN
 * and infinity become null. */
void facenet_json_append_double (GString * json, gdouble value);

/* The following write an object on one line, commas included. Controls that a
 * terminal would obey are escaped. */
void facenet_json_open_object (GString * json, const gchar * key);
void facenet_json_close_object (GString * json);
void facenet_json_open_array (GString * json, const gchar * key);
void facenet_json_close_array (GString * json);

/* value may be NULL. */
void facenet_json_add_string (GString * json, const gchar * key,
    const gchar * value);
void facenet_json_add_double (GString * json, const gchar * key, gdouble value);
/* Of 6 to 9 digits, the fewest that are read back as the same float. */
void facenet_json_add_float (GString * json, const gchar * key, gfloat value);
void facenet_json_add_uint (GString * json, const gchar * key, guint64 value);
void facenet_json_add_boolean (GString * json, const gchar * key, gboolean value);

G_END_DECLS
