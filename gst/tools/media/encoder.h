/* encoder.h - from an image file to the embeddings of its faces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "image.h"
#include "common/options.h"

G_BEGIN_DECLS

/* Finder of faces and FacenetEncoder of one thread. */
typedef struct _ToolEncoder ToolEncoder;

/* A face's box in the image, within its bounds. */
typedef struct {
  gint x, y, width, height;
} ToolBox;

/* n_found: faces in the image
 * n_faces: of these, how many are below: the largest, largest first
 * n_dims: length of an embedding
 * boxes: [n_faces], owned
 * qualities: [n_faces], scores in [0,1], owned
 * embeddings: [n_faces, n_dims], owned */
typedef struct {
  guint n_found;
  guint n_faces;
  guint n_dims;
  ToolBox *boxes;
  gdouble *qualities;
  gfloat *embeddings;
} ToolFaces;

/* Errors of tool_options_load_model(), facenet_encoder_new() and
 * tool_finder_new(). */
ToolEncoder *tool_encoder_new (const ToolOptions * options, GError ** error);
/* The same with a model that others use too: the one of the options is not
 * looked at. */
ToolEncoder *tool_encoder_new_for_model (const ToolOptions * options,
    FacenetModel * model, GError ** error);
void tool_encoder_free (ToolEncoder * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolEncoder, tool_encoder_free)

/* Owned by the encoder. */
FacenetModel *tool_encoder_get_model (const ToolEncoder * self);

/* Embeds the faces of a picture, at most max_faces (0 = all), largest first;
 * (transfer full). */
ToolFaces *tool_encoder_find (ToolEncoder * self, const ToolImage * image,
    guint max_faces);

/* Embeds the face that is nearest to the middle of a picture, if there is one;
 * (transfer full). */
ToolFaces *tool_encoder_find_central (ToolEncoder * self,
    const ToolImage * image);

/* Embeds the faces of an image file, at most max_faces (0 = all). An image
 * without a face is no error; (transfer full). */
ToolFaces *tool_encoder_read (ToolEncoder * self, const gchar * location,
    guint max_faces, GError ** error);

/* The same for commands that want one face: the largest, and a line on stderr
 * when there are others. MISSING when there is none. */
ToolFaces *tool_encoder_read_one (ToolEncoder * self, const gchar * location,
    GError ** error);

void tool_faces_free (ToolFaces * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolFaces, tool_faces_free)

/* "box":{"x":…,"y":…,"width":…,"height":…} */
void tool_box_add_json (const ToolBox * self, GString * json);

G_END_DECLS
