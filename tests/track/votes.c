/* votes.c - votes are counted per identity and grow old
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "track/facenet-votes-private.h"

static void
test_counts (void)
{
  g_autoptr (FacenetVotes) votes = facenet_votes_new ();

  g_assert_cmpuint (facenet_votes_count (votes, "ann"), ==, 0);
  facenet_votes_cast (votes, "ann", 10);
  facenet_votes_cast (votes, "bob", 11);
  facenet_votes_cast (votes, "ann", 12);
  facenet_votes_cast (votes, "", 12);
  g_assert_cmpuint (facenet_votes_count (votes, "ann"), ==, 2);
  g_assert_cmpuint (facenet_votes_count (votes, "bob"), ==, 1);
  g_assert_cmpuint (facenet_votes_count (votes, ""), ==, 1);
  g_assert_cmpuint (facenet_votes_count (votes, "an"), ==, 0);
}

static void
test_expire (void)
{
  g_autoptr (FacenetVotes) votes = facenet_votes_new ();

  facenet_votes_cast (votes, "ann", 10);
  facenet_votes_cast (votes, "ann", 20);
  facenet_votes_cast (votes, "bob", 10);
  facenet_votes_expire (votes, 30, 20);
  g_assert_cmpuint (facenet_votes_count (votes, "ann"), ==, 2);
  facenet_votes_expire (votes, 31, 20);
  g_assert_cmpuint (facenet_votes_count (votes, "ann"), ==, 1);
  g_assert_cmpuint (facenet_votes_count (votes, "bob"), ==, 0);
  facenet_votes_cast (votes, "bob", 31);
  g_assert_cmpuint (facenet_votes_count (votes, "bob"), ==, 1);
}

static void
test_no_window (void)
{
  g_autoptr (FacenetVotes) votes = facenet_votes_new ();

  facenet_votes_cast (votes, "ann", 10);
  facenet_votes_expire (votes, 10, 0);
  g_assert_cmpuint (facenet_votes_count (votes, "ann"), ==, 1);
  facenet_votes_expire (votes, 11, 0);
  g_assert_cmpuint (facenet_votes_count (votes, "ann"), ==, 0);
}

/* A clock that stands still must not use up the memory. */
static void
test_bounded (void)
{
  g_autoptr (FacenetVotes) votes = facenet_votes_new ();
  guint i;

  for (i = 0; i < 20000; i++) {
    facenet_votes_cast (votes, "ann", 0);
  }
  g_assert_cmpuint (facenet_votes_count (votes, "ann"), ==, 10000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/votes/are-counted-per-identity", test_counts);
  g_test_add_func ("/votes/older-than-the-window-are-forgotten", test_expire);
  g_test_add_func ("/votes/without-window-only-now-counts", test_no_window);
  g_test_add_func ("/votes/are-bounded", test_bounded);
  return g_test_run ();
}
