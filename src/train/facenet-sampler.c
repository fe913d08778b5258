/* facenet-sampler.c - which photos a step learns from
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A batch is P people with K photos each (FaceNet, Schroff et al. 2015,
 * section 3.2; Hermans et al. 2017, section 2): triplets are made inside it.
 * People come in rounds. A round has them all in a new order, in as many
 * batches as are full; the few left over come in another round. So everybody
 * is drawn equally often, however many photos there are of them. The photos of
 * a person come in rounds of their own, likewise.
 *
 * Every draw follows from the seed and the number of the step alone. GLib's
 * generator is the Mersenne Twister, whose numbers for a seed are the same on
 * every machine. Shuffling is Knuth's algorithm P (The Art of Computer
 * Programming, volume 2, section 3.4.2).
 */
#include "train/facenet-sampler-private.h"

#include <math.h>

GRand *
facenet_seed_rand (guint32 seed, FacenetSeedUse use, guint64 a, guint32 b)
{
  const guint32 words[] = { seed, (guint32) use, (guint32) a,
    (guint32) (a >> 32), b
  };

  return g_rand_new_with_seed_array (words, G_N_ELEMENTS (words));
}

void
facenet_seed_shuffle (GRand * rand, guint * values, guint n)
{
  for (guint i = n; i > 1; i--) {
    guint k = (guint) g_rand_int_range (rand, 0, (gint32) i);
    guint value = values[k];

    values[k] = values[i - 1];
    values[i - 1] = value;
  }
}

/* Photos of one person to draw from. */
typedef struct
{
  guint n;
  guint *photos;                /* [n] */
} Person;

struct _FacenetSampler
{
  Person *people;               /* [n_people], those with photos */
  guint n_people;
  guint n_photos;
  guint batch_people, batch_photos;
  guint32 seed;
};

/* Photos of one label, in order; (transfer full). */
static GArray *
list_photos (const FacenetLabels * labels, guint label,
    const gboolean * held_out)
{
  GArray *photos = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < labels->n_photos; i++) {
    if (labels->labels[i] == label && (held_out == NULL || !held_out[i]))
      g_array_append_val (photos, i);
  }
  return photos;
}

static void
hold_out (const GArray * photos, guint n, gboolean * held_out)
{
  for (guint i = 0; i < n; i++)
    held_out[g_array_index (photos, guint, i)] = TRUE;
}

static void
split_photos (const FacenetLabels * labels, gdouble share, guint32 seed,
    gboolean * held_out)
{
  for (guint label = 0; label < labels->n_people; label++) {
    g_autoptr (GArray) photos = list_photos (labels, label, NULL);
    g_autoptr (GRand) rand =
        facenet_seed_rand (seed, FACENET_SEED_SPLIT, label, 0);
    guint n = (guint) (share * photos->len + 0.5);

    if (photos->len < 4)
      continue;
    facenet_seed_shuffle (rand, (gpointer) photos->data, photos->len);
    hold_out (photos, CLAMP (n, 2, photos->len - 2), held_out);
  }
}

static void
split_people (const FacenetLabels * labels, gdouble share, guint32 seed,
    gboolean * held_out)
{
  g_autoptr (GRand) rand = facenet_seed_rand (seed, FACENET_SEED_SPLIT, 0, 1);
  g_autofree guint *people = g_new (guint, MAX (labels->n_people, 1));
  guint n_people = 0, n;

  for (guint label = 0; label < labels->n_people; label++) {
    g_autoptr (GArray) photos = list_photos (labels, label, NULL);

    if (photos->len > 1)
      people[n_people++] = label;
  }
  if (n_people < 4)
    return;
  facenet_seed_shuffle (rand, people, n_people);
  n = CLAMP ((guint) (share * n_people + 0.5), 2, n_people - 2);
  for (guint i = 0; i < n; i++) {
    g_autoptr (GArray) photos = list_photos (labels, people[i], NULL);

    hold_out (photos, photos->len, held_out);
  }
}

void
facenet_sampler_split (const FacenetLabels * labels, FacenetTrainerSplit split,
    gdouble share, guint32 seed, gboolean * held_out)
{
  for (guint i = 0; i < labels->n_photos; i++)
    held_out[i] = FALSE;
  if (split == FACENET_SPLIT_PEOPLE)
    split_people (labels, share, seed, held_out);
  else
    split_photos (labels, share, seed, held_out);
  for (guint label = 0; label < labels->n_people; label++) {
    g_autoptr (GArray) photos = list_photos (labels, label, NULL);

    if (photos->len == 1)
      hold_out (photos, 1, held_out);
  }
}

FacenetSampler *
facenet_sampler_new (const FacenetLabels * labels, const gboolean * held_out,
    guint n_people, guint n_photos, guint32 seed)
{
  FacenetSampler *self = g_new0 (FacenetSampler, 1);

  self->people = g_new0 (Person, MAX (labels->n_people, 1));
  for (guint label = 0; label < labels->n_people; label++) {
    GArray *photos = list_photos (labels, label, held_out);
    Person *person = &self->people[self->n_people];

    self->n_photos += photos->len;
    self->n_people += photos->len > 0;
    person->n = photos->len;
    person->photos = (gpointer) g_array_free (photos, photos->len == 0);
  }
  self->batch_people = MIN (n_people, self->n_people);
  self->batch_photos = n_photos;
  self->seed = seed;
  return self;
}

void
facenet_sampler_free (FacenetSampler * self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_people; i++)
    g_free (self->people[i].photos);
  g_free (self->people);
  g_free (self);
}

guint
facenet_sampler_get_n_people (const FacenetSampler * self)
{
  return self->n_people;
}

guint
facenet_sampler_get_n_photos (const FacenetSampler * self)
{
  return self->n_photos;
}

guint
facenet_sampler_get_batch (const FacenetSampler * self)
{
  return self->batch_people * self->batch_photos;
}

/* K photos of a person in a round of people; all of them, and then again from
 * the first, when there are fewer. */
static void
draw_photos (const FacenetSampler * self, guint index, guint64 round,
    guint * photos)
{
  const Person *person = &self->people[index];
  const guint n_draws = MAX (person->n / self->batch_photos, 1);
  const guint first = (guint) (round % n_draws) * self->batch_photos;
  g_autoptr (GRand) rand = facenet_seed_rand (self->seed, FACENET_SEED_PHOTOS,
      round / n_draws, index);
  g_autofree guint *order = g_memdup2 (person->photos,
      person->n * sizeof *person->photos);

  facenet_seed_shuffle (rand, order, person->n);
  for (guint i = 0; i < self->batch_photos; i++)
    photos[i] = order[(first + i) % person->n];
}

void
facenet_sampler_draw (const FacenetSampler * self, guint64 step, guint * photos)
{
  const guint n_batches = self->n_people / self->batch_people;
  const guint64 round = step / n_batches;
  const guint first = (guint) (step % n_batches) * self->batch_people;
  g_autoptr (GRand) rand = facenet_seed_rand (self->seed, FACENET_SEED_PEOPLE,
      round, 0);
  g_autofree guint *order = g_new (guint, self->n_people);

  for (guint i = 0; i < self->n_people; i++)
    order[i] = i;
  facenet_seed_shuffle (rand, order, self->n_people);
  for (guint i = 0; i < self->batch_people; i++)
    draw_photos (self, order[first + i], round,
        photos + (gsize) i * self->batch_photos);
}
