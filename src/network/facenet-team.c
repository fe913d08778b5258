/* facenet-team.c - threads that take faces through a program
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Each operation is a row of units that may be done in any order, handed out
 * in a few pieces. All pieces of a pass have numbers in the order of the
 * phases: the thread that draws one begins when as many are done as there are
 * in the phases before. So nobody waits for a thread that holds no piece.
 */
#include "network/facenet-team-private.h"

#include "base/facenet-spin-private.h"
#include "network/facenet-job-private.h"

/* Pieces of an operation for each thread: more even out the work, fewer cost
 * less to hand out. */
#define PIECES_PER_THREAD 4

/* One thread's way through the pieces of a pass. */
typedef struct
{
  FacenetTeam *team;
  guint thread;
  gint piece;                   /* the one that this thread has drawn */
  gint first;                   /* number of the operation's first piece */
  gint phase_first;             /* and of its phase's */
} Way;

static void
draw (Way * way)
{
  way->piece = g_atomic_int_add (&way->team->next, 1);
}

/* This thread's pieces of an operation. */
static void
run_pieces (Way * way, FacenetJob * job)
{
  guint64 n = facenet_job_get_n_units (job);
  gint n_pieces = (gint) MIN (n, way->team->n_threads * PIECES_PER_THREAD);

  for (; way->piece < way->first + n_pieces; draw (way)) {
    guint64 i = (guint64) (way->piece - way->first);

    job->unit = (guint) (n * i / (guint) n_pieces);
    job->end = (guint) (n * (i + 1) / (guint) n_pieces);
    facenet_spin_until (&way->team->done, way->phase_first);
    facenet_job_run (job);
    g_atomic_int_inc (&way->team->done);
  }
  way->first += n_pieces;
}

/* Operations first to end - 1 on faces face to face + n_faces - 1. */
static void
run_ops (Way * way, guint first, guint end, guint face, guint n_faces)
{
  FacenetTeam *team = way->team;

  for (guint i = first; i < end; i++) {
    const FacenetOp *op = facenet_program_get_op (team->program, i);
    FacenetJob job = {.team = team,.op = op,.thread = way->thread,.face = face,
      .n_faces = n_faces
    };

    if (team->n_threads > 1) {
      run_pieces (way, &job);
    } else {
      job.end = facenet_job_get_n_units (&job);
      facenet_job_run (&job);
    }
    if (i + 1 == end
        || facenet_program_get_op (team->program, i + 1)->phase != op->phase) {
      way->phase_first = way->first;
      if (team->watch != NULL)
        team->watch (team->watch_data, op);
    }
  }
}

void
facenet_team_run (FacenetTeam * self, guint thread)
{
  const FacenetProgram *program = self->program;
  Way way = { self, thread, 0, 0, 0 };

  draw (&way);
  for (guint face = 0; face < self->n_faces; face++)
    run_ops (&way, 0, program->first_grouped, face, 1);
  run_ops (&way, program->first_grouped, program->ops->len, 0, self->n_faces);
}

void
facenet_team_read_map (const FacenetTeam * self, guint map, guint face,
    gfloat * out)
{
  const FacenetMap *geometry = facenet_program_get_map (self->program, map);
  FacenetPlace place = {.map = map };
  FacenetView view = facenet_team_get_view (self, &place, face);

  for (guint ci = 0; ci < geometry->c; ci++)
    for (guint y = 0; y < geometry->h; y++)
      for (guint x = 0; x < geometry->w; x++)
        *out++ = view.data[y * view.row + x * view.pixel + ci];
}
