/* facenet-votes.c - how often somebody was seen lately
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Per identity the times of its votes, oldest first. A face gets votes for a
 * handful of identities at most, so that a list of them is searched faster
 * than a table.
 */
#include "track/facenet-votes-private.h"

#include <string.h>

/* Votes kept of one identity: the count stops growing there. */
#define MAX_VOTES 10000

/* The votes for one identity. */
typedef struct
{
  gchar *id;                    /* owned */
  GArray *times;                /* of guint64, ascending */
} FacenetBallot;

struct _FacenetVotes
{
  GArray *ballots;              /* of FacenetBallot */
};

static void
ballot_clear (gpointer data)
{
  FacenetBallot *ballot = data;

  g_free (ballot->id);
  g_array_unref (ballot->times);
}

static FacenetBallot *
get_ballot (const FacenetVotes * self, guint index)
{
  return &g_array_index (self->ballots, FacenetBallot, index);
}

static FacenetBallot *
find_ballot (const FacenetVotes * self, const gchar * id)
{
  guint i;

  for (i = 0; i < self->ballots->len; i++) {
    if (strcmp (get_ballot (self, i)->id, id) == 0)
      return get_ballot (self, i);
  }
  return NULL;
}

static FacenetBallot *
add_ballot (FacenetVotes * self, const gchar * id)
{
  FacenetBallot ballot;

  ballot.id = g_strdup (id);
  ballot.times = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_array_append_val (self->ballots, ballot);
  return get_ballot (self, self->ballots->len - 1);
}

/* How many of the oldest votes are older than the window. */
static guint
count_old (const FacenetBallot * ballot, guint64 now, guint64 window)
{
  guint n = 0;

  while (n < ballot->times->len) {
    guint64 time = g_array_index (ballot->times, guint64, n);

    if (time > now || now - time <= window)
      break;
    n++;
  }
  return n;
}

FacenetVotes *
facenet_votes_new (void)
{
  FacenetVotes *self = g_new0 (FacenetVotes, 1);

  self->ballots = g_array_new (FALSE, FALSE, sizeof (FacenetBallot));
  g_array_set_clear_func (self->ballots, ballot_clear);
  return self;
}

void
facenet_votes_free (FacenetVotes * self)
{
  g_array_unref (self->ballots);
  g_free (self);
}

void
facenet_votes_cast (FacenetVotes * self, const gchar * id, guint64 time)
{
  FacenetBallot *ballot;

  g_return_if_fail (id != NULL);

  ballot = find_ballot (self, id);
  if (ballot == NULL)
    ballot = add_ballot (self, id);
  if (ballot->times->len >= MAX_VOTES)
    g_array_remove_index (ballot->times, 0);
  g_array_append_val (ballot->times, time);
}

void
facenet_votes_expire (FacenetVotes * self, guint64 now, guint64 window)
{
  guint i;

  for (i = self->ballots->len; i > 0; i--) {
    FacenetBallot *ballot = get_ballot (self, i - 1);
    guint n = count_old (ballot, now, window);

    if (n == ballot->times->len)
      g_array_remove_index_fast (self->ballots, i - 1);
    else if (n > 0)
      g_array_remove_range (ballot->times, 0, n);
  }
}

guint
facenet_votes_count (const FacenetVotes * self, const gchar * id)
{
  const FacenetBallot *ballot;

  g_return_val_if_fail (id != NULL, 0);

  ballot = find_ballot (self, id);
  return ballot != NULL ? ballot->times->len : 0;
}
