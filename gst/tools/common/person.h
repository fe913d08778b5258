/* person.h - whom the folders of a photo collection show
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One person and the image files of them; all owned. */
typedef struct {
  gchar *id;
  gchar *name;
  GPtrArray *images;            /* (element-type filename) */
} ToolPerson;

/* (transfer full) */
ToolPerson *tool_person_new (const gchar * id, const gchar * name);
void tool_person_free (ToolPerson * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolPerson, tool_person_free)

/* One person per folder in a folder, in the order of their names. Files beside
 * the folders go to strays. NULL and error when it cannot be read or has no
 * folder in it; (transfer full) (element-type ToolPerson). */
GPtrArray *tool_person_list (const gchar * folder, GPtrArray * strays,
    GError ** error);

G_END_DECLS
