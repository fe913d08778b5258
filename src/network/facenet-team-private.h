/* facenet-team-private.h - threads that take faces through a program
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "network/facenet-program-private.h"

G_BEGIN_DECLS

/* Told after each phase, in a team of one thread. */
typedef void (*FacenetPhaseFunc) (gpointer data, const FacenetOp * last);

/* Threads that share an arena. Each calls facenet_team_run() with a number of
 * its own; work goes to whoever comes for it. */
typedef struct {
  const FacenetProgram *program;
  gfloat *arena;
  guint n_threads;
  gfloat **scratch;             /* [n_threads], program->scratch_floats each */
  gint next;                    /* atomic; pieces of work handed out */
  gint done;                    /* atomic; and finished */

  const gfloat *faces;          /* [n_faces, 3, 96, 96] */
  guint n_faces;                /* at most FACENET_GROUP */
  gfloat *embeddings;           /* [n_faces, 128] */
  FacenetPhaseFunc watch;       /* may be NULL */
  gpointer watch_data;
} FacenetTeam;

/* Takes pieces until none are left; others may still be at work on theirs. */
void facenet_team_run (FacenetTeam * self, guint thread);

/* out: [c,h,w] of one face, without the border */
void facenet_team_read_map (const FacenetTeam * self, guint map, guint face,
    gfloat * out);

G_END_DECLS
