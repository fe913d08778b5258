/* facenet-seed.c - chance that comes out the same every time
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * GLib's generator is the Mersenne Twister, whose numbers for a seed are the
 * same on every machine. Shuffling is Knuth's algorithm P (The Art of Computer
 * Programming, volume 2, section 3.4.2).
 */
#include "train/facenet-seed-private.h"

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
