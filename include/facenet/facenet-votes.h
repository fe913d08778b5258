/* facenet-votes.h - how often somebody was seen lately
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A single frame may be mistaken about a face. Votes are the verdicts of the
 * frames of the last while, counted per identity.
 */
#pragma once

#include <facenet/facenet-macros.h>

G_BEGIN_DECLS

/**
 * FacenetVotes: (skip)
 *
 * The votes about one face. Not thread-safe.
 */
typedef struct _FacenetVotes FacenetVotes;

FACENET_API FacenetVotes *facenet_votes_new (void);
FACENET_API void facenet_votes_free (FacenetVotes * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetVotes, facenet_votes_free)

FACENET_API void facenet_votes_cast (FacenetVotes * self, const gchar * id,
    guint64 time);
FACENET_API void facenet_votes_expire (FacenetVotes * self, guint64 now,
    guint64 window);
FACENET_API guint facenet_votes_count (const FacenetVotes * self,
    const gchar * id);

G_END_DECLS
