/* sampler.c - batches are fair, and the same for the same seed
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "train/facenet-sampler-private.h"

#include <string.h>

/* A collection whose people have so many photos each, in turns. */
typedef struct
{
  guint labels[256];
  gboolean held_out[256];
  FacenetLabels view;
} Collection;

static void
collection_init (Collection * self, const guint * sizes, guint n_people)
{
  gboolean more = TRUE;

  memset (self, 0, sizeof *self);
  self->view.labels = self->labels;
  self->view.n_people = n_people;
  for (guint round = 0; more; round++) {
    more = FALSE;
    for (guint i = 0; i < n_people; i++) {
      if (round < sizes[i]) {
        self->labels[self->view.n_photos++] = i;
        more = TRUE;
      }
    }
  }
}

static guint
count_held_out (const Collection * self, guint label)
{
  guint n = 0;

  for (guint i = 0; i < self->view.n_photos; i++)
    n += self->labels[i] == label && self->held_out[i];
  return n;
}

static void
test_batches_have_different_people_and_photos (void)
{
  const guint sizes[] = { 4, 7, 5, 9, 4, 6, 4 };
  Collection all;
  g_autoptr (FacenetSampler) sampler = NULL;
  guint photos[12];

  collection_init (&all, sizes, G_N_ELEMENTS (sizes));
  sampler = facenet_sampler_new (&all.view, all.held_out, 3, 4, 1);
  g_assert_cmpuint (facenet_sampler_get_batch (sampler), ==, 12);
  g_assert_cmpuint (facenet_sampler_get_n_people (sampler), ==, 7);
  g_assert_cmpuint (facenet_sampler_get_n_photos (sampler), ==, 39);
  for (guint step = 0; step < 100; step++) {
    facenet_sampler_draw (sampler, step, photos);
    for (guint i = 0; i < 12; i++) {
      for (guint k = 0; k < i; k++) {
        g_assert_cmpuint (photos[i], !=, photos[k]);
        g_assert_true ((all.labels[photos[i]] == all.labels[photos[k]])
            == (i / 4 == k / 4));
      }
    }
  }
}

/* However many photos there are of a person, all are drawn equally often. */
static void
test_people_and_photos_come_equally_often (void)
{
  const guint sizes[] = { 4, 40, 8, 12 };
  const guint n_steps = 600;
  guint n_of_person[4] = { 0 }, n_of_photo[64] = { 0 };
  Collection all;
  g_autoptr (FacenetSampler) sampler = NULL;
  guint photos[8];

  collection_init (&all, sizes, G_N_ELEMENTS (sizes));
  sampler = facenet_sampler_new (&all.view, all.held_out, 2, 4, 1);
  for (guint step = 0; step < n_steps; step++) {
    facenet_sampler_draw (sampler, step, photos);
    for (guint i = 0; i < 8; i++) {
      n_of_person[all.labels[photos[i]]]++;
      n_of_photo[photos[i]]++;
    }
  }
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (n_of_person[i], ==, n_steps * 8 / 4);
  for (guint i = 0; i < all.view.n_photos; i++) {
    const guint wanted = n_steps * 2 / sizes[all.labels[i]];

    g_assert_cmpuint (n_of_photo[i], ==, wanted);
  }
}

/* Any two photos of a person meet in a batch sooner or later. */
static void
test_photos_come_in_new_company (void)
{
  const guint sizes[] = { 8, 8 };
  gboolean met[16][16] = { {FALSE} };
  Collection all;
  g_autoptr (FacenetSampler) sampler = NULL;
  guint photos[8];

  collection_init (&all, sizes, 2);
  sampler = facenet_sampler_new (&all.view, all.held_out, 2, 4, 1);
  for (guint step = 0; step < 100; step++) {
    facenet_sampler_draw (sampler, step, photos);
    for (guint i = 0; i < 64; i++)
      met[photos[i / 8]][photos[i % 8]] = TRUE;
  }
  for (guint i = 0; i < 16 * 16; i++)
    g_assert_true (met[i / 16][i % 16]);
}

static void
test_few_people_and_few_photos (void)
{
  const guint sizes[] = { 2, 3 };
  Collection all;
  g_autoptr (FacenetSampler) sampler = NULL;
  guint photos[8], n_of[5] = { 0 };

  collection_init (&all, sizes, 2);
  sampler = facenet_sampler_new (&all.view, all.held_out, 16, 4, 1);
  g_assert_cmpuint (facenet_sampler_get_batch (sampler), ==, 8);
  facenet_sampler_draw (sampler, 0, photos);
  for (guint i = 0; i < 8; i++)
    n_of[photos[i]]++;
  for (guint i = 0; i < 5; i++)
    g_assert_cmpuint (n_of[i], >=, 1);
}

static void
test_a_draw_follows_from_seed_and_step (void)
{
  const guint sizes[] = { 9, 9, 9, 9, 9, 9 };
  Collection all;
  g_autoptr (FacenetSampler) one = NULL;
  g_autoptr (FacenetSampler) same = NULL;
  g_autoptr (FacenetSampler) other = NULL;
  guint a[9], b[9];

  collection_init (&all, sizes, G_N_ELEMENTS (sizes));
  one = facenet_sampler_new (&all.view, all.held_out, 3, 3, 1);
  same = facenet_sampler_new (&all.view, all.held_out, 3, 3, 1);
  other = facenet_sampler_new (&all.view, all.held_out, 3, 3, 2);
  facenet_sampler_draw (one, 3, a);
  facenet_sampler_draw (one, 17, a);
  facenet_sampler_draw (same, 17, b);
  g_assert_cmpmem (a, sizeof a, b, sizeof b);
  facenet_sampler_draw (other, 17, b);
  g_assert_true (memcmp (a, b, sizeof a) != 0);
  facenet_sampler_draw (one, 18, b);
  g_assert_true (memcmp (a, b, sizeof a) != 0);
}

static void
test_photos_are_held_out (void)
{
  const guint sizes[] = { 1, 2, 3, 4, 5, 20 };
  const guint wanted[] = { 1, 0, 0, 2, 2, 5 };
  Collection all;

  collection_init (&all, sizes, G_N_ELEMENTS (sizes));
  facenet_sampler_split (&all.view, FACENET_SPLIT_PHOTOS, 0.25, 7,
      all.held_out);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    g_assert_cmpuint (count_held_out (&all, i), ==, wanted[i]);

  /* Two of each are always left to learn from. */
  facenet_sampler_split (&all.view, FACENET_SPLIT_PHOTOS, 0.9, 7, all.held_out);
  g_assert_cmpuint (count_held_out (&all, 4), ==, 3);
  g_assert_cmpuint (count_held_out (&all, 5), ==, 18);
}

static void
test_people_are_held_out (void)
{
  const guint sizes[] = { 3, 1, 2, 4, 2, 5, 6, 1, 2, 2 };
  guint whole = 0, none = 0;
  Collection all;

  collection_init (&all, sizes, G_N_ELEMENTS (sizes));
  facenet_sampler_split (&all.view, FACENET_SPLIT_PEOPLE, 0.4, 7, all.held_out);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    const guint n = count_held_out (&all, i);

    whole += sizes[i] > 1 && n == sizes[i];
    none += n == 0;
    if (sizes[i] == 1)
      g_assert_cmpuint (n, ==, 1);
  }
  g_assert_cmpuint (whole, ==, 3);
  g_assert_cmpuint (none, ==, 5);

  /* With three people none can be spared. */
  collection_init (&all, sizes, 4);
  facenet_sampler_split (&all.view, FACENET_SPLIT_PEOPLE, 0.4, 7, all.held_out);
  g_assert_cmpuint (count_held_out (&all, 0), ==, 0);
  g_assert_cmpuint (count_held_out (&all, 1), ==, 1);
}

static void
test_held_out_photos_are_never_drawn (void)
{
  const guint sizes[] = { 8, 8, 8, 1 };
  Collection all;
  g_autoptr (FacenetSampler) sampler = NULL;
  guint photos[12];

  collection_init (&all, sizes, G_N_ELEMENTS (sizes));
  facenet_sampler_split (&all.view, FACENET_SPLIT_PHOTOS, 0.25, 1,
      all.held_out);
  sampler = facenet_sampler_new (&all.view, all.held_out, 3, 4, 1);
  g_assert_cmpuint (facenet_sampler_get_n_people (sampler), ==, 3);
  for (guint step = 0; step < 50; step++) {
    facenet_sampler_draw (sampler, step, photos);
    for (guint i = 0; i < 12; i++)
      g_assert_false (all.held_out[photos[i]]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sampler/batches-have-different-people-and-photos",
      test_batches_have_different_people_and_photos);
  g_test_add_func ("/sampler/people-and-photos-come-equally-often",
      test_people_and_photos_come_equally_often);
  g_test_add_func ("/sampler/photos-come-in-new-company",
      test_photos_come_in_new_company);
  g_test_add_func ("/sampler/few-people-and-few-photos",
      test_few_people_and_few_photos);
  g_test_add_func ("/sampler/a-draw-follows-from-seed-and-step",
      test_a_draw_follows_from_seed_and_step);
  g_test_add_func ("/sampler/photos-are-held-out", test_photos_are_held_out);
  g_test_add_func ("/sampler/people-are-held-out", test_people_are_held_out);
  g_test_add_func ("/sampler/held-out-photos-are-never-drawn",
      test_held_out_photos_are_never_drawn);
  return g_test_run ();
}
