/* facenet-votes-private.h - how often somebody was seen lately
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A single frame may be mistaken about a face. Votes are the verdicts of the
 * frames of the last while, counted per identity.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The votes about one face. Not thread-safe. */
typedef struct _FacenetVotes FacenetVotes;

FacenetVotes *facenet_votes_new (void);
void facenet_votes_free (FacenetVotes * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetVotes, facenet_votes_free)

/* Adds a vote for somebody; time: in any unit, not before that of an earlier
 * vote. Of one identity the latest 10,000 are kept. */
void facenet_votes_cast (FacenetVotes * self, const gchar * id, guint64 time);

/* Forgets the votes that are older than the window; one that is as old as the
 * window still counts. */
void facenet_votes_expire (FacenetVotes * self, guint64 now, guint64 window);

/* How many votes somebody has that have not expired. */
guint facenet_votes_count (const FacenetVotes * self, const gchar * id);

G_END_DECLS
