/* facenet-gallery-ids.c - ids: made of names, and found again
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * "Ann Smith" becomes "ann-smith": what is neither a letter nor a digit, of
 * any script, separates.
 *
 * Ids are found by a table of hashes with open addressing: a slot holds a hash and the index of
 * a person and one, the slots behind it those that found theirs taken. A million
 * ids go in in some milliseconds, where a GHashTable would take as long as
 * the whole rest of the file. The hash depends on a number drawn when the
 * process starts, so that no file can be made of ids that collide.
 */
#include <facenet/facenet-gallery.h>
#include <facenet/facenet-metric.h>

#include <string.h>

#include "base/facenet-memory-private.h"
#include "gallery/facenet-gallery-private.h"

#define MIN_SLOTS 64

/* Squared L2 below which two embeddings are of the same picture: rounding
 * alone stays far below, two photographs are never so close. */
#define SAME_PICTURE 1e-6

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
  facenet_memory_free (self->slots);
  self->slots = facenet_memory_try_new (n_slots * sizeof *self->slots);
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
 * Looks up a person. An id with accents is found however they are written,
 * where the gallery has it composed (NFC), as facenet_gallery_add() makes it.
 *
 * Returns: index of the identity, -1 when there is none of that id
 *
 * Since: 0.1
 */
gint
facenet_gallery_find (const FacenetGallery * self, const gchar * id)
{
  g_autofree gchar *composed = NULL;
  gint index;

  if (self->people->len == 0)
    return -1;
  index = (gint) self->slots[find_slot (self, id, hash_id (id))].person - 1;
  if (index >= 0 || g_str_is_ascii (id))
    return index;
  composed = facenet_text_compose (id);
  return (gint) self->slots[find_slot (self, composed,
          hash_id (composed))].person - 1;
}

gchar *
facenet_text_compose (const gchar * text)
{
  gchar *composed = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);

  return composed != NULL ? composed : g_strdup (text);
}

/* Whether a letter only separates the words of a name. */
static gboolean
is_separator (gunichar letter)
{
  return letter == '_' || letter == '-' || g_unichar_isspace (letter);
}

gchar *
facenet_name_make_key (const gchar * name)
{
  g_autofree gchar *composed = facenet_text_compose (name);
  g_autofree gchar *folded = g_utf8_casefold (composed, -1);
  g_autoptr (GString) key = g_string_new (NULL);

  for (const gchar * p = folded; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar letter = g_utf8_get_char (p);

    if (!is_separator (letter))
      g_string_append_unichar (key, letter);
    else if (key->len > 0 && key->str[key->len - 1] != ' ')
      g_string_append_c (key, ' ');
  }
  if (key->len > 0 && key->str[key->len - 1] == ' ')
    g_string_truncate (key, key->len - 1);
  return g_string_free (g_steal_pointer (&key), FALSE);
}

/**
 * facenet_identity_make_id:
 * @name: UTF-8, a person's name
 *
 * Makes an id that is easy to read and to type: the letters and digits of a
 * name in lower case and composed (NFC), with one hyphen for whatever lies
 * between.
 *
 * Returns: (transfer full) (nullable): the id, %NULL when the name has neither
 *   letters nor digits
 *
 * Since: 0.1
 */
gchar *
facenet_identity_make_id (const gchar * name)
{
  g_autofree gchar *composed = facenet_text_compose (name);
  g_autofree gchar *lower = g_utf8_strdown (composed, -1);
  g_autoptr (GString) id = g_string_new (NULL);
  const gchar *p;

  for (p = lower; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar letter = g_utf8_get_char (p);

    if (g_unichar_isalnum (letter) || g_unichar_ismark (letter))
      g_string_append_unichar (id, letter);
    else if (id->len > 0 && id->str[id->len - 1] != '-')
      g_string_append_c (id, '-');
  }
  if (id->len > 0 && id->str[id->len - 1] == '-')
    g_string_truncate (id, id->len - 1);
  return id->len > 0 ? g_string_free (g_steal_pointer (&id), FALSE) : NULL;
}

/* The person of that name, exactly or but for case, separators and how accents
 * are written; NULL when there is none. An id is taken for the name it is made of. */
static const FacenetIdentity *
find_name (const FacenetGallery * self, const gchar * name)
{
  g_autofree gchar *key = facenet_name_make_key (name);
  const FacenetIdentity *alike = NULL;
  gint found = facenet_gallery_find (self, name);

  for (guint i = 0; i < self->people->len; i++) {
    const FacenetIdentity *person = &facenet_gallery_person (self, i)->view;
    g_autofree gchar *other = NULL;

    if (strcmp (person->name, name) == 0)
      return person;
    if (found >= 0 || alike != NULL)
      continue;
    other = facenet_name_make_key (person->name);
    if (strcmp (other, key) == 0)
      alike = person;
  }
  return found >= 0 ? &facenet_gallery_person (self, (guint) found)->view
      : alike;
}

/**
 * facenet_gallery_make_id:
 * @self: a gallery
 * @name: UTF-8, a person's name, not empty
 *
 * Finds the id under which to enrol a person of whom only the name is known:
 * that of the person who has this name already; else of the person with this
 * id; else of the person whose name differs only in case, in blanks, "_" and
 * "-" between the words, and in how accents are written (composed or not).
 * "Kim A" and "Kim (A)" are two people. When there is none it is a new id, what facenet_identity_make_id() makes of the
 * name, with a number behind it when somebody else has that id. Every enrolment
 * by name goes by this, so that a person keeps their threshold, action and end
 * of validity.
 *
 * Returns: (transfer full): an id
 *
 * Since: 0.1
 */
gchar *
facenet_gallery_make_id (const FacenetGallery * self, const gchar * name)
{
  const FacenetIdentity *person = find_name (self, name);
  g_autofree gchar *id = NULL;
  gchar *numbered;
  guint i;

  if (person != NULL)
    return g_strdup (person->id);
  id = facenet_identity_make_id (name);
  if (id == NULL)
    id = g_strdup (name);
  if (facenet_gallery_find (self, id) < 0)
    return g_steal_pointer (&id);
  for (i = 2;; i++) {
    numbered = g_strdup_printf ("%s-%u", id, i);
    if (facenet_gallery_find (self, numbered) < 0)
      return numbered;
    g_free (numbered);
  }
}

/**
 * facenet_gallery_has_embedding:
 * @self: a gallery
 * @id: id of a person
 * @embedding: (array length=n_dims): a unit vector
 * @n_dims: how many numbers
 *
 * Tells whether a person has this very picture: an embedding so near that only
 * rounding can tell them apart, a squared L2 distance below 1e-6. To enrol it
 * again would add nothing.
 *
 * Returns: whether they have it; %FALSE for an unknown id and another length
 *
 * Since: 0.1
 */
gboolean
facenet_gallery_has_embedding (const FacenetGallery * self, const gchar * id,
    const gfloat * embedding, guint n_dims)
{
  const FacenetPerson *person;
  gint index = facenet_gallery_find (self, id);

  if (index < 0 || n_dims != self->model.n_dims)
    return FALSE;
  person = facenet_gallery_person (self, (guint) index);
  for (guint i = 0; i < person->view.n_embeddings; i++) {
    if (facenet_squared_l2 (facenet_gallery_row (self, person->first + i),
            embedding, n_dims) < SAME_PICTURE)
      return TRUE;
  }
  return FALSE;
}
