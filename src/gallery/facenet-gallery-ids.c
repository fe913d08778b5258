/* facenet-gallery-ids.c - who has an id
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A table of hashes with open addressing: a slot holds a hash and the index of
 * a person and one, the slots behind it those that found theirs taken. A million
 * ids go in in some milliseconds, where a GHashTable would take as long as
 * the whole rest of the file. The hash depends on a number drawn when the
 * process starts, so that no file can be made of ids that collide.
 */
#include <facenet/facenet-gallery.h>

#include <string.h>

#include "base/facenet-block-private.h"
#include "gallery/facenet-gallery-private.h"

#define MIN_SLOTS 64

/* Ids ahead that memory is asked for when many go in. */
#define AHEAD 16

/* Two odd numbers without a pattern: bits of the golden ratio and of pi. */
#define FACTOR1 G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)
#define FACTOR2 G_GUINT64_CONSTANT (0x243f6a8885a308d3)

static gpointer
draw_seed (gpointer data)
{
  guint64 *seed = g_new (guint64, 1);

  *seed = (guint64) g_random_int () << 32 | g_random_int ();
  return seed;
}

static guint64
mix (guint64 hash, guint64 word)
{
  hash = (hash ^ word) * FACTOR1;
  return (hash ^ hash >> 32) * FACTOR2;
}

/* Eight bytes at a time. */
static guint
hash_id (const gchar * id)
{
  static GOnce once = G_ONCE_INIT;
  guint64 hash = *(guint64 *) g_once (&once, draw_seed, NULL);
  gsize length = strlen (id);
  guint64 word;

  for (; length >= sizeof word; length -= sizeof word, id += sizeof word) {
    memcpy (&word, id, sizeof word);
    hash = mix (hash, word);
  }
  word = length;
  memcpy ((gchar *) & word + 1, id, length);
  hash = mix (hash, word);
  return (guint) (hash >> 32);
}

static inline guint
first_slot (const FacenetGallery * self, guint hash)
{
  return hash & (self->n_slots - 1);
}

/* The slot of an id: its person's, or the free one where it would go. */
static guint
find_slot (const FacenetGallery * self, const gchar * id, guint hash)
{
  guint slot = first_slot (self, hash);

  for (; self->slots[slot].person != 0; slot = (slot + 1) & (self->n_slots - 1)) {
    const FacenetIdEntry *taken = &self->slots[slot];

    if (taken->hash == hash
        && strcmp (facenet_gallery_person (self, taken->person - 1)->view.id,
            id) == 0)
      break;
  }
  return slot;
}

/* FALSE: an earlier person has that id. */
static gboolean
insert (FacenetGallery * self, guint person, guint hash)
{
  const gchar *id = facenet_gallery_person (self, person)->view.id;
  FacenetIdEntry *slot = &self->slots[find_slot (self, id, hash)];

  if (slot->person == 0) {
    slot->hash = hash;
    slot->person = person + 1;
  }
  return slot->person == person + 1;
}

gint
facenet_gallery_index_ids (FacenetGallery * self)
{
  guint n = self->people->len, i;
  g_autofree guint *hashes = g_new (guint, (gsize) n + AHEAD);
  gint twice = -1;

  memset (self->slots, 0, self->n_slots * sizeof *self->slots);
  memset (hashes + n, 0, AHEAD * sizeof *hashes);
  for (i = 0; i < n; i++) {
    hashes[i] = hash_id (facenet_gallery_person (self, i)->view.id);
  }
  for (i = 0; i < n; i++) {
    __builtin_prefetch (&self->slots[first_slot (self, hashes[i + AHEAD])], 1);
    if (!insert (self, i, hashes[i]) && twice < 0)
      twice = (gint) i;
  }
  return twice;
}

void
facenet_gallery_reserve_ids (FacenetGallery * self, guint n)
{
  guint n_slots = MAX (self->n_slots, MIN_SLOTS);

  while (n_slots / 2 < n) {
    n_slots *= 2;
  }
  if (n_slots == self->n_slots)
    return;
  facenet_block_free (self->slots);
  self->slots = facenet_block_try_new (n_slots * sizeof *self->slots);
  if (self->slots == NULL)
    g_error ("no memory for the ids of %u people", n);
  self->n_slots = n_slots;
  facenet_gallery_index_ids (self);
}

gboolean
facenet_gallery_index_id (FacenetGallery * self, guint person)
{
  const gchar *id = facenet_gallery_person (self, person)->view.id;

  /* A table that grows takes everybody in, this person too. */
  facenet_gallery_reserve_ids (self, self->people->len);
  return insert (self, person, hash_id (id));
}

/**
 * facenet_gallery_find:
 * @self: a gallery
 * @id: an id
 *
 * Looks up a person.
 *
 * Returns: index of the identity, -1 when there is none of that id
 *
 * Since: 0.1
 */
gint
facenet_gallery_find (const FacenetGallery * self, const gchar * id)
{
  if (self->people->len == 0)
    return -1;
  return (gint) self->slots[find_slot (self, id, hash_id (id))].person - 1;
}
