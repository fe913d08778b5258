/* facenet-session.h - one thread's use of a model
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A session owns the memory that a pass through the network writes to, and
 * the threads that share the work. Threads that share a session wait for each
 * other: make one per streaming thread. Embedding allocates nothing.
 */
#pragma once

#include <facenet/facenet-model.h>

G_BEGIN_DECLS

/**
 * FacenetSession:
 *
 * The mutable state of one caller that embeds faces with a #FacenetModel.
 */
typedef struct _FacenetSession FacenetSession;

#define FACENET_TYPE_SESSION (facenet_session_get_type ())

FACENET_API GType facenet_session_get_type (void);
FACENET_API FacenetSession *facenet_session_new (FacenetModel * model,
    guint n_threads);
FACENET_API FacenetSession *facenet_session_ref (FacenetSession * self);
FACENET_API void facenet_session_unref (FacenetSession * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetSession, facenet_session_unref)

FACENET_API FacenetModel *facenet_session_get_model (const FacenetSession *
    self);
FACENET_API guint facenet_session_get_n_threads (const FacenetSession * self);
FACENET_API void facenet_session_embed (FacenetSession * self,
    const gfloat * faces, guint n_faces, gfloat * embeddings);

G_END_DECLS
