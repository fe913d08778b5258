/* subjects.c - who the tracks of videos are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A track that matches somebody of the gallery is that person. The others are
 * put together by what they look like: beginning with those of most faces,
 * each joins the group whose mean is nearest, if that is near enough, or
 * begins one; then groups whose means are near are joined, the nearest first.
 * A group's mean is the direction of the sum of its tracks' embeddings, each
 * times its faces.
 */
#include "subjects.h"

#include <math.h>

#include "track/facenet-mean-private.h"

/* Strangers in one group. */
typedef struct
{
  FacenetMean mean;
  guint n_faces;
  GPtrArray *tracks;            /* of ToolTrack, not owned */
} Group;

static void
subject_free (gpointer data)
{
  ToolSubject *self = data;

  g_free (self->id);
  g_free (self->name);
  g_free (self);
}

static void
group_free (gpointer data)
{
  Group *self = data;

  facenet_mean_clear (&self->mean);
  g_ptr_array_unref (self->tracks);
  g_free (self);
}

static Group *
group_new (void)
{
  Group *self = g_new0 (Group, 1);

  self->tracks = g_ptr_array_new ();
  return self;
}

static void
group_add (Group * self, ToolTrack * track, guint n_dims)
{
  facenet_mean_add (&self->mean, track->embedding, n_dims, 1, track->n_faces);
  facenet_mean_update (&self->mean, track->embedding);
  self->n_faces += track->n_faces;
  g_ptr_array_add (self->tracks, track);
}

/* Takes in another group, which is freed. */
static void
group_join (Group * self, Group * other)
{
  facenet_mean_join (&self->mean, &other->mean);
  facenet_mean_update (&self->mean, NULL);
  self->n_faces += other->n_faces;
  g_ptr_array_extend (self->tracks, other->tracks, NULL, NULL);
  group_free (other);
}

/* Most faces first; sorting is stable. */
static gint
compare_faces (gconstpointer a, gconstpointer b)
{
  const ToolTrack *left = *(const ToolTrack * const *) a;
  const ToolTrack *right = *(const ToolTrack * const *) b;

  if (left->n_faces != right->n_faces)
    return left->n_faces > right->n_faces ? -1 : 1;
  return 0;
}

static GPtrArray *
gather (GPtrArray * strangers, guint n_dims, gdouble limit)
{
  GPtrArray *groups = g_ptr_array_new ();

  g_ptr_array_sort (strangers, compare_faces);
  for (guint i = 0; i < strangers->len; i++) {
    ToolTrack *track = g_ptr_array_index (strangers, i);
    gdouble nearest = G_MAXDOUBLE;
    Group *group = NULL;

    for (guint k = 0; k < groups->len; k++) {
      Group *other = g_ptr_array_index (groups, k);
      gdouble distance =
          facenet_squared_l2 (track->embedding, other->mean.direction, n_dims);

      if (distance < nearest) {
        nearest = distance;
        group = other;
      }
    }
    if (group == NULL || nearest > limit) {
      group = group_new ();
      g_ptr_array_add (groups, group);
    }
    group_add (group, track, n_dims);
  }
  return groups;
}

/* The group behind this one that is nearest to it. */
static guint
find_nearest (GPtrArray * groups, guint i, guint n_dims, gdouble * nearest)
{
  const Group *self = g_ptr_array_index (groups, i);
  guint found = i;

  *nearest = G_MAXDOUBLE;
  for (guint k = i + 1; k < groups->len; k++) {
    const Group *other = g_ptr_array_index (groups, k);
    gdouble distance =
        facenet_squared_l2 (self->mean.direction, other->mean.direction,
        n_dims);

    if (distance < *nearest) {
      *nearest = distance;
      found = k;
    }
  }
  return found;
}

/* Joins near groups until none are near. */
static void
join_near (GPtrArray * groups, guint n_dims, gdouble limit)
{
  for (guint i = 0; i < groups->len;) {
    gdouble nearest;
    guint k = find_nearest (groups, i, n_dims, &nearest);

    if (nearest > limit) {
      i++;
      continue;
    }
    group_join (g_ptr_array_index (groups, i),
        g_ptr_array_remove_index (groups, k));
    /* Its mean has moved, perhaps towards one of those before it. */
    i = 0;
  }
}

static void
number_groups (GPtrArray * groups, GPtrArray * subjects, guint min_faces)
{
  for (guint i = 0; i < groups->len; i++) {
    Group *group = g_ptr_array_index (groups, i);

    if (group->n_faces >= min_faces) {
      for (guint k = 0; k < group->tracks->len; k++) {
        ToolTrack *track = g_ptr_array_index (group->tracks, k);

        track->subject = (gint) subjects->len;
      }
      g_ptr_array_add (subjects, g_new0 (ToolSubject, 1));
    }
    group_free (group);
  }
}

/* Whether the gallery says who it is; the subjects begin with its people. */
static gboolean
recognise (ToolTrack * track, const ToolSubjectRules * rules)
{
  FacenetVerdict verdict;
  FacenetCandidate candidate;

  facenet_gallery_match (rules->gallery, &rules->policy, track->embedding, 1,
      &verdict, &candidate);
  if (verdict.event == FACENET_EVENT_MATCH && verdict.reportable) {
    track->subject = verdict.identity;
    track->distance = verdict.distance;
  }
  /* Somebody expired is reported, but as a stranger. */
  return verdict.event == FACENET_EVENT_MATCH
      || (verdict.event == FACENET_EVENT_REJECT && !verdict.reportable);
}

static GPtrArray *
list_people (const FacenetGallery * gallery)
{
  GPtrArray *subjects = g_ptr_array_new_with_free_func (subject_free);
  guint n = gallery ? facenet_gallery_get_n_identities (gallery) : 0;

  for (guint i = 0; i < n; i++) {
    const FacenetIdentity *identity = facenet_gallery_get_identity (gallery, i);
    ToolSubject *subject = g_new0 (ToolSubject, 1);

    subject->id = g_strdup (identity->id);
    subject->name = g_strdup (identity->name);
    subject->known = TRUE;
    g_ptr_array_add (subjects, subject);
  }
  return subjects;
}

GPtrArray *
tool_subjects_new (GPtrArray * scans, guint n_dims,
    const ToolSubjectRules * rules)
{
  GPtrArray *subjects = list_people (rules->gallery);
  g_autoptr (GPtrArray) strangers = g_ptr_array_new ();
  g_autoptr (GPtrArray) groups = NULL;

  for (guint i = 0; i < scans->len; i++) {
    const ToolScan *scan = g_ptr_array_index (scans, i);

    for (guint k = 0; k < scan->tracks->len; k++) {
      ToolTrack *track = g_ptr_array_index (scan->tracks, k);

      track->subject = TOOL_NOBODY;
      track->distance = NAN;
      if (track->quality >= rules->min_quality
          && (subjects->len == 0 || !recognise (track, rules))
          && rules->strangers)
        g_ptr_array_add (strangers, track);
    }
  }
  groups = gather (strangers, n_dims, rules->stranger_distance);
  join_near (groups, n_dims, rules->stranger_distance);
  number_groups (groups, subjects, rules->min_faces);
  return subjects;
}

void
tool_subject_name (ToolSubject * self, guint * number)
{
  if (self->known || self->name)
    return;
  (*number)++;
  self->id = g_strdup_printf ("unknown-%u", *number);
  self->name = g_strdup_printf ("unknown %u", *number);
}
