/* facenet-calibration.c - the threshold that fits a gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Embeddings of the gallery are looked up in it one by one as if they were
 * new, by the rule of facenet_gallery_match(): the distance to an identity is
 * that to its nearest embedding, of the own identity without the one looked
 * up. Own distances beyond a threshold are false rejects; others within it
 * are false accepts, of which a gallery of N identities has N chances.
 */
#include "analysis/facenet-calibration.h"
#include <facenet/facenet-metric.h>
#include <facenet/facenet-rule.h>

#include <math.h>

#include "analysis/facenet-impostors-private.h"
#include "analysis/facenet-tally-private.h"
#include "gallery/facenet-gallery-private.h"

/* Faces that are looked up at most, of the gallery and of strangers each, and
 * comparisons of them, so that a large gallery takes seconds. */
#define MAX_PROBES 2000
#define MIN_PROBES 50
#define MAX_COMPARISONS 100000000

#define DEFAULT_FALSE_ALARM 0.01

/* Expected false accepts from which on a rate is taken as measured: with less
 * than three, none may be seen by chance (1 time in 20 and more). */
#define MIN_EXPECTED 3

/* Right matches that the margin may cost, and the largest one suggested: a
 * stranger is seldom so near to one and so far from the next. */
#define MARGIN_LOSS 0.01
#define MAX_MARGIN 0.2

struct _FacenetCalibration
{
  const FacenetGallery *gallery;        /* only while it is being made */
  FacenetCalibrationSummary summary;
  FacenetCalibrationPoint points[FACENET_TALLY_POINTS];
  FacenetTally *genuine;        /* by person; while it is being made */
  FacenetTally *impostors;      /* the same, and by stranger */
  guint n_groups;
  gboolean pools;               /* people enrolled count as strangers, too */
  GArray *within;               /* of gdouble: to the own identity */
  GArray *across;               /* to the nearest other */
  GArray *leads;                /* of FacenetLead */
};

/* A face found among its own: how near, and how much farther the next is. */
typedef struct
{
  gdouble distance;
  gdouble margin;
} FacenetLead;

/* A face that is looked up. own: its identity, -1 for a stranger; row: its
 * own, which is left out; group: of the tallies. */
typedef struct
{
  const gfloat *vector;
  gint own;
  guint row;
  guint group;
} FacenetLookup;

static gboolean
is_decoy (const FacenetGallery * gallery, guint identity)
{
  FacenetRule rule;

  facenet_gallery_get_rule (gallery, identity, &rule);
  return rule.decoy;
}

/* The nearest embedding of a person; infinite when there is none. */
static gdouble
measure_person (const FacenetGallery * gallery, const FacenetPerson * person,
    const FacenetLookup * face)
{
  gdouble nearest = (gdouble) INFINITY;
  guint i;

  for (i = 0; i < person->view.n_embeddings; i++) {
    gdouble distance;

    if (face->own >= 0 && person->first + i == face->row)
      continue;
    distance = facenet_squared_l2 (face->vector,
        facenet_gallery_row (gallery, person->first + i),
        gallery->model.n_dims);
    nearest = MIN (nearest, distance);
  }
  return nearest;
}

/* Looks a face up: its distance to everybody who is no decoy. */
static void
look_up (FacenetCalibration * self, const FacenetLookup * face,
    const gboolean * decoys)
{
  gdouble own = (gdouble) INFINITY, other = own;
  guint i;

  for (i = 0; i < self->gallery->people->len; i++) {
    gdouble distance;

    if (decoys[i])
      continue;
    distance = measure_person (self->gallery,
        facenet_gallery_person (self->gallery, i), face);
    if (!isfinite (distance))
      continue;
    if ((gint) i == face->own) {
      own = distance;
      facenet_tally_add (self->genuine, face->group, distance);
    } else {
      other = MIN (other, distance);
      if (face->own < 0 || self->pools)
        facenet_tally_add (self->impostors, face->group, distance);
    }
  }
  if (isfinite (own))
    g_array_append_val (self->within, own);
  if (isfinite (other))
    g_array_append_val (self->across, other);
  if (isfinite (own) && isfinite (other)) {
    FacenetLead lead = { own, other - own };

    g_array_append_val (self->leads, lead);
  }
}

/* How many faces are looked up at most. */
static guint
get_max_probes (const FacenetGallery * gallery)
{
  guint n_rows = facenet_gallery_get_n_embeddings (gallery);

  return CLAMP (MAX_COMPARISONS / MAX (n_rows, 1), MIN_PROBES, MAX_PROBES);
}

/* Whether number i of n is one of at most max that are evenly chosen. */
static gboolean
is_chosen (guint i, guint n, guint max)
{
  return n <= max || (guint64) i *max / n != (guint64) (i + 1) * max / n;
}

static void
count_people (FacenetCalibration * self, const gboolean * decoys)
{
  guint i;

  for (i = 0; i < self->gallery->people->len; i++) {
    guint n = facenet_gallery_person (self->gallery, i)->view.n_embeddings;

    if (decoys[i])
      continue;
    self->summary.n_identities += n > 0;
    self->summary.n_people += n > 1;
  }
}

/* Whether there are comparisons enough to see false accepts when there are as
 * many false alarms as are borne. */
static gboolean
is_enough (const FacenetCalibration * self, gdouble false_alarm)
{
  gdouble far =
      1 - pow (1 - false_alarm, 1.0 / MAX (self->summary.n_identities, 1));

  return (gdouble) facenet_tally_get_n (self->impostors) * far >= MIN_EXPECTED;
}

static void
look_up_gallery (FacenetCalibration * self, const gboolean * decoys)
{
  guint n_rows = facenet_gallery_get_n_embeddings (self->gallery);
  guint max = get_max_probes (self->gallery), i, k;

  for (i = 0; i < self->gallery->people->len; i++) {
    const FacenetPerson *person = facenet_gallery_person (self->gallery, i);
    gboolean any = FALSE;

    if (decoys[i])
      continue;
    for (k = 0; k < person->view.n_embeddings; k++) {
      guint row = person->first + k;
      FacenetLookup face = { facenet_gallery_row (self->gallery, row), (gint) i,
        row, self->n_groups
      };

      if (!is_chosen (row, n_rows, max))
        continue;
      any = TRUE;
      look_up (self, &face, decoys);
    }
    self->n_groups += any;
  }
}

static void
look_up_strangers (FacenetCalibration * self, const gboolean * decoys,
    const FacenetCalibrationOptions * options)
{
  guint max = get_max_probes (self->gallery), i;

  for (i = 0; i < options->n_strangers; i++) {
    FacenetLookup face = {
      options->strangers + (gsize) i * self->gallery->model.n_dims, -1, 0,
      self->n_groups
    };

    if (!is_chosen (i, options->n_strangers, max))
      continue;
    self->summary.n_strangers++;
    self->n_groups++;
    look_up (self, &face, decoys);
  }
}

/* The chance of at least one of n. */
static gdouble
any_of (gdouble chance, guint n)
{
  return 1 - pow (1 - chance, n);
}

static void
set_points (FacenetCalibration * self)
{
  FacenetRate frr[FACENET_TALLY_POINTS], far[FACENET_TALLY_POINTS];
  guint n = self->summary.n_identities, i;

  facenet_tally_rate (self->genuine, TRUE, frr);
  facenet_tally_rate (self->impostors, FALSE, far);
  for (i = 0; i < FACENET_TALLY_POINTS; i++) {
    FacenetCalibrationPoint *point = &self->points[i];

    point->threshold = (i + 1) / FACENET_TALLY_PER_UNIT;
    point->frr = frr[i];
    point->far = far[i];
    point->false_alarm.rate = any_of (far[i].rate, n);
    point->false_alarm.low = any_of (far[i].low, n);
    point->false_alarm.high = any_of (far[i].high, n);
  }
}

/* The last point at most a threshold, -1 when there is none. */
static gint
find_point (gdouble threshold)
{
  return (gint) floor (threshold * FACENET_TALLY_PER_UNIT + 1e-9) - 1;
}

/* The last point that keeps to a chance of a false alarm, as measured. */
static gint
find_measured (const FacenetCalibration * self, gdouble false_alarm)
{
  gint i = -1;

  while (i + 1 < FACENET_TALLY_POINTS
      && self->points[i + 1].false_alarm.rate <= false_alarm)
    i++;
  return i;
}

/* Of a threshold that is allowed and one below which nothing more is rejected,
 * the middle: what lies between is of no use to anybody known. */
static gint
keep_distance (const FacenetCalibration * self, gint allowed)
{
  gint useful = allowed;

  if (allowed < 0 || isnan (self->points[allowed].frr.rate))
    return allowed;
  while (useful > 0 && self->points[useful - 1].frr.rate
      <= self->points[allowed].frr.rate)
    useful--;
  return (useful + allowed) / 2;
}

static gint
compare_numbers (gconstpointer a, gconstpointer b)
{
  const gdouble *left = a, *right = b;

  return *left < *right ? -1 : *left > *right;
}

/* The margin that costs hardly any of the matches within a threshold, in whole
 * steps. */
static gdouble
find_margin (const FacenetCalibration * self, gdouble threshold)
{
  g_autoptr (GArray) margins = g_array_new (FALSE, FALSE, sizeof (gdouble));
  gdouble margin;
  guint i;

  for (i = 0; i < self->leads->len; i++) {
    const FacenetLead *lead = &g_array_index (self->leads, FacenetLead, i);

    if (lead->distance <= threshold && lead->margin > 0)
      g_array_append_val (margins, lead->margin);
  }
  if (margins->len == 0)
    return 0;
  g_array_sort (margins, compare_numbers);
  margin = g_array_index (margins, gdouble,
      (guint) (MARGIN_LOSS * margins->len));
  return floor (MIN (margin, MAX_MARGIN) * FACENET_TALLY_PER_UNIT)
      / FACENET_TALLY_PER_UNIT;
}

/* What the model is known for, when there are too few faces to tell. Every
 * embedding counts as an identity of its own: the table is of one picture of
 * each person. */
static gint
find_known (FacenetCalibration * self, gdouble false_alarm, gint measured)
{
  guint n = facenet_gallery_get_n_embeddings (self->gallery);
  gdouble threshold = (gdouble) NAN;

  if (n > 0)
    threshold = facenet_impostors_find_threshold (self->gallery->model.id,
        1 - pow (1 - false_alarm, 1.0 / n));
  self->summary.basis = FACENET_CALIBRATION_NONE;
  if (isnan (threshold))
    return -1;
  self->summary.basis = FACENET_CALIBRATION_MODEL_CARD;
  return facenet_tally_get_n (self->impostors) == 0 ? find_point (threshold)
      : MIN (find_point (threshold), measured);
}

static void
suggest (FacenetCalibration * self, gdouble false_alarm)
{
  FacenetCalibrationSummary *summary = &self->summary;
  FacenetRate none = { (gdouble) NAN, (gdouble) NAN, (gdouble) NAN };
  gint point = find_measured (self, false_alarm);

  summary->n_comparisons = facenet_tally_get_n (self->impostors);
  summary->n_genuine = (guint) facenet_tally_get_n (self->genuine);
  if (!is_enough (self, false_alarm))
    point = find_known (self, false_alarm, point);
  if (point < 0)
    summary->basis = FACENET_CALIBRATION_NONE;
  point = keep_distance (self, point);
  summary->suggested.threshold = (gdouble) NAN;
  summary->suggested.frr = summary->suggested.far = none;
  summary->suggested.false_alarm = none;
  if (point < 0)
    return;
  summary->suggested = self->points[point];
  summary->margin = find_margin (self, summary->suggested.threshold);
}

/**
 * facenet_gallery_calibrate:
 * @self: a gallery
 * @options: what for
 *
 * Tells what thresholds would do with this gallery. Its embeddings are looked
 * up in it one after the other, each as if it were new, and so are the
 * strangers, if there are any; of each at most 2,000, fewer when the gallery
 * has more than 50,000, evenly chosen.
 *
 * A face of somebody enrolled is missed at a threshold when all other
 * embeddings of theirs are farther (false reject; people with one embedding
 * cannot tell). A comparison of a stranger with somebody is a false accept when
 * the nearest of that person's embeddings is within it. Unless the strangers
 * are enough to see three false accepts at the chance that is borne, the
 * people of the gallery are taken for strangers to each other as well.
 * Whether it is would be asked N times of a stranger, so that with a false
 * accept rate of far one is taken for somebody with a chance of
 * 1 - (1 - far)^N. This takes the chances for independent, which is a little
 * pessimistic.
 *
 * The intervals are of 95 %, and take into account that the faces of one person
 * are alike (facenet-tally.c); strangers are taken for a person each. They hold
 * for faces such as those in the gallery: pictures of one hour under one lamp
 * say little about tomorrow.
 *
 * The suggested threshold is the largest whose chance of a false alarm is at
 * most the one in the options, or smaller as far as that costs no right match.
 * When the comparisons are too few to show three false accepts at that rate,
 * it is taken from what is known of the shipped model, if the gallery is of
 * that one, each embedding counting as an identity.
 *
 * Returns: (transfer full): the calibration, to be freed with
 *   facenet_calibration_free(); it does not need the gallery
 */
FacenetCalibration *
facenet_gallery_calibrate (const FacenetGallery * self,
    const FacenetCalibrationOptions * options)
{
  FacenetCalibration *calibration = g_new0 (FacenetCalibration, 1);
  gdouble false_alarm = options->false_alarm > 0 ? options->false_alarm
      : DEFAULT_FALSE_ALARM;
  guint n = self->people->len, i;
  g_autofree gboolean *decoys = g_new (gboolean, n);
  guint max = get_max_probes (self);
  guint n_groups = MIN (n, max) + MIN (options->n_strangers, max);
  g_autoptr (FacenetTally) genuine = facenet_tally_new (n_groups);
  g_autoptr (FacenetTally) impostors = facenet_tally_new (n_groups);

  for (i = 0; i < n; i++) {
    decoys[i] = is_decoy (self, i);
  }
  calibration->gallery = self;
  calibration->genuine = genuine;
  calibration->impostors = impostors;
  calibration->within = g_array_new (FALSE, FALSE, sizeof (gdouble));
  calibration->across = g_array_new (FALSE, FALSE, sizeof (gdouble));
  calibration->leads = g_array_new (FALSE, FALSE, sizeof (FacenetLead));
  count_people (calibration, decoys);
  look_up_strangers (calibration, decoys, options);
  calibration->pools = !is_enough (calibration, false_alarm);
  look_up_gallery (calibration, decoys);
  set_points (calibration);
  suggest (calibration, false_alarm);
  calibration->gallery = NULL;
  calibration->genuine = calibration->impostors = NULL;
  return calibration;
}

/**
 * facenet_calibration_free:
 * @self: (nullable) (transfer full): a calibration
 *
 * Frees a calibration.
 */
void
facenet_calibration_free (FacenetCalibration * self)
{
  if (self == NULL)
    return;
  g_array_unref (self->within);
  g_array_unref (self->across);
  g_array_unref (self->leads);
  g_free (self);
}

/**
 * facenet_calibration_get_summary:
 * @self: a calibration
 * @summary: (out caller-allocates): what it rests on and what it suggests
 *
 * Tells what came out.
 */
void
facenet_calibration_get_summary (const FacenetCalibration * self,
    FacenetCalibrationSummary * summary)
{
  *summary = self->summary;
}

/**
 * facenet_calibration_get_points:
 * @self: a calibration
 * @n_points: (out): how many, always 200
 *
 * What the thresholds 0.01, 0.02 … 2.00 would do.
 *
 * Returns: (array length=n_points): the thresholds in their order, owned by
 *   @self
 */
const FacenetCalibrationPoint *
facenet_calibration_get_points (const FacenetCalibration * self,
    guint * n_points)
{
  *n_points = FACENET_TALLY_POINTS;
  return self->points;
}

/**
 * facenet_calibration_get_within:
 * @self: a calibration
 * @n: (out): how many
 *
 * Squared L2 of the faces of people enrolled to the nearest other embedding of
 * theirs, for a histogram.
 *
 * Returns: (array length=n) (nullable): the distances, owned by @self
 */
const gdouble *
facenet_calibration_get_within (const FacenetCalibration * self, guint * n)
{
  *n = self->within->len;
  return (const gdouble *) (gpointer) self->within->data;
}

/**
 * facenet_calibration_get_across:
 * @self: a calibration
 * @n: (out): how many
 *
 * Squared L2 of all faces that were looked up, strangers too, to the nearest
 * identity that is not theirs, for a histogram.
 *
 * Returns: (array length=n) (nullable): the distances, owned by @self
 */
const gdouble *
facenet_calibration_get_across (const FacenetCalibration * self, guint * n)
{
  *n = self->across->len;
  return (const gdouble *) (gpointer) self->across->data;
}
