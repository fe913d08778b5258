/* json.h - one JSON object on one line
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * key is NULL for the members of an array and for the outermost object.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void tool_json_open_object (GString * json, const gchar * key);
void tool_json_close_object (GString * json);
void tool_json_open_array (GString * json, const gchar * key);
void tool_json_close_array (GString * json);

/* value may be NULL; bytes that are no UTF-8 become U+FFFD. */
void tool_json_add_string (GString * json, const gchar * key,
    const gchar * value);
/* NaN and infinity become null. */
void tool_json_add_double (GString * json, const gchar * key, gdouble value);
void tool_json_add_float (GString * json, const gchar * key, gfloat value);
void tool_json_add_uint (GString * json, const gchar * key, guint64 value);
void tool_json_add_boolean (GString * json, const gchar * key, gboolean value);

G_END_DECLS
