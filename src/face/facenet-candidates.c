/* facenet-candidates.c - from the maps of a detector to boxes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * The cell at column j and row i of the map of stride s (8, 16, 32), with
 * channels c0 … c15:
 *   score    = sqrt (sigmoid (c0) sigmoid (c1))
 *   centre   = ((j + c2) s, (i + c3) s)
 *   size     = (exp (min (c4, 6)) s, exp (min (c5, 6)) s)
 *   landmark = ((j + c[6+2k]) s, (i + c[7+2k]) s)      k = 0 … 4
 * The best so many are kept in a heap, the worst at its root, so that the cost
 * of a picture is bounded whatever is in it.
 */
#include "face/facenet-candidates-private.h"

#include <math.h>

#define MAX_IOU 0.4f
#define MAX_LOG_SIZE 6.0f
#define FINEST_STRIDE 8         /* doubled from level to level */
#define FIRST_LANDMARK 6        /* channel */

void
facenet_candidates_init (FacenetCandidates * self)
{
  self->items = g_new (FacenetFaceCandidate, FACENET_MAX_CANDIDATES);
  self->n = 0;
}

void
facenet_candidates_clear (FacenetCandidates * self)
{
  g_clear_pointer (&self->items, g_free);
}

static inline gboolean
is_better (const FacenetFaceCandidate * a, const FacenetFaceCandidate * b)
{
  return a->score > b->score || (a->score == b->score && a->index < b->index);
}

static void
swap (FacenetFaceCandidate * a, FacenetFaceCandidate * b)
{
  FacenetFaceCandidate c = *a;

  *a = *b;
  *b = c;
}

/* Moves an item of the first n down to where both below it are better. */
static void
sink (FacenetFaceCandidate * items, guint n, guint i)
{
  for (guint worst = i;; i = worst) {
    for (guint k = 2 * i + 1; k <= 2 * i + 2 && k < n; k++)
      if (is_better (&items[worst], &items[k]))
        worst = k;
    if (worst == i)
      return;
    swap (&items[i], &items[worst]);
  }
}

static void
rise (FacenetFaceCandidate * items, guint i)
{
  while (i > 0 && is_better (&items[(i - 1) / 2], &items[i])) {
    swap (&items[i], &items[(i - 1) / 2]);
    i = (i - 1) / 2;
  }
}

static void
add (FacenetCandidates * self, const FacenetFaceCandidate * candidate)
{
  if (self->n < FACENET_MAX_CANDIDATES) {
    self->items[self->n] = *candidate;
    rise (self->items, self->n++);
  } else if (is_better (candidate, &self->items[0])) {
    self->items[0] = *candidate;
    sink (self->items, self->n, 0);
  }
}

static gdouble
sigmoid (gdouble x)
{
  return 1.0 / (1.0 + exp (-x));
}

static inline gfloat
value_at (const gfloat * cell, gsize channel, guint c)
{
  return cell[c * channel];
}

/* FALSE when a number is not finite or the centre is not in the picture. */
static gboolean
decode_box (const FacenetMapView * map, const gfloat * cell, guint stride,
    guint x, guint y, guint w, guint h, FacenetFaceCandidate * candidate)
{
  gfloat s = (gfloat) stride;
  gfloat cx = ((gfloat) x + value_at (cell, map->channel, 2)) * s;
  gfloat cy = ((gfloat) y + value_at (cell, map->channel, 3)) * s;
  gfloat log_w = value_at (cell, map->channel, 4);
  gfloat log_h = value_at (cell, map->channel, 5);
  gfloat half_w = 0.5f * s * expf (MIN (log_w, MAX_LOG_SIZE));
  gfloat half_h = 0.5f * s * expf (MIN (log_h, MAX_LOG_SIZE));

  /* Not true of a NaN either. */
  if (!(cx >= 0.0f && cx <= (gfloat) w && cy >= 0.0f && cy <= (gfloat) h
          && half_w > 0.0f && half_h > 0.0f && isfinite (log_w)
          && isfinite (log_h)))
    return FALSE;
  candidate->x0 = cx - half_w;
  candidate->x1 = cx + half_w;
  candidate->y0 = cy - half_h;
  candidate->y1 = cy + half_h;
  return TRUE;
}

void
facenet_candidates_decode (FacenetCandidates * self,
    const FacenetMapView levels[FACENET_N_LEVELS], gdouble threshold,
    guint w, guint h)
{
  /* The score is at most the root of sigmoid (c0). */
  gdouble least = threshold * threshold;
  gfloat least_c0 = (gfloat) (log (least) - log1p (-least)) - 1e-3f;
  guint stride = FINEST_STRIDE;
  guint32 index = 0;

  self->n = 0;
  for (guint i = 0; i < FACENET_N_LEVELS; i++, stride *= 2) {
    const FacenetMapView *map = &levels[i];

    for (guint y = 0; y < map->shape.h; y++) {
      const gfloat *cell = map->data + y * map->row;

      for (guint x = 0; x < map->shape.w; x++, cell += map->pixel, index++) {
        FacenetFaceCandidate candidate = {.index = index };
        gdouble score;

        if (!(cell[0] >= least_c0))
          continue;
        score = sqrt (sigmoid ((gdouble) cell[0]) *
            sigmoid ((gdouble) value_at (cell, map->channel, 1)));
        if (!(score >= threshold && score > 0.0))
          continue;
        candidate.score = score;
        if (decode_box (map, cell, stride, x, y, w, h, &candidate))
          add (self, &candidate);
      }
    }
  }
}

static gboolean
overlap (const FacenetFaceCandidate * a, const FacenetFaceCandidate * b)
{
  gfloat w = MIN (a->x1, b->x1) - MAX (a->x0, b->x0);
  gfloat h = MIN (a->y1, b->y1) - MAX (a->y0, b->y0);
  gfloat both;

  if (w <= 0.0f || h <= 0.0f)
    return FALSE;
  both = (a->x1 - a->x0) * (a->y1 - a->y0) + (b->x1 - b->x0) * (b->y1 - b->y0);
  return w * h > MAX_IOU * (both - w * h);
}

/* The root, which is the worst, goes to the end, and so on. */
static void
sort (FacenetCandidates * self)
{
  for (guint n = self->n; n > 1; n--) {
    swap (&self->items[0], &self->items[n - 1]);
    sink (self->items, n - 1, 0);
  }
}

void
facenet_candidates_suppress (FacenetCandidates * self, guint max_n)
{
  guint n = 0;

  sort (self);
  for (guint i = 0; i < self->n && n < max_n; i++) {
    gboolean is_new = TRUE;

    for (guint k = 0; k < n && is_new; k++)
      is_new = !overlap (&self->items[k], &self->items[i]);
    if (is_new)
      self->items[n++] = self->items[i];
  }
  self->n = n;
}

gboolean
facenet_candidate_get_landmarks (const FacenetFaceCandidate * self,
    const FacenetMapView levels[FACENET_N_LEVELS],
    FacenetPoint points[FACENET_N_LANDMARKS])
{
  const FacenetMapView *map = levels;
  guint index = self->index, stride = FINEST_STRIDE;
  gboolean finite = TRUE;
  const gfloat *cell;
  guint x, y;

  for (; index >= map->shape.h * map->shape.w; map++, stride *= 2)
    index -= map->shape.h * map->shape.w;
  y = index / map->shape.w;
  x = index % map->shape.w;
  cell = map->data + y * map->row + x * map->pixel;
  for (guint k = 0; k < FACENET_N_LANDMARKS; k++) {
    guint c = FIRST_LANDMARK + 2 * k;

    points[k].x = ((gdouble) value_at (cell, map->channel, c) + x) * stride;
    points[k].y = ((gdouble) value_at (cell, map->channel, c + 1) + y) * stride;
    finite = finite && isfinite (points[k].x) && isfinite (points[k].y);
  }
  return finite;
}
