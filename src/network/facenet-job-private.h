/* facenet-job-private.h - one operation on the maps of a team
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "network/facenet-team-private.h"

G_BEGIN_DECLS

/* Units `unit` to end - 1 of an operation on faces `face` to
 * face + n_faces - 1, done by one thread. */
typedef struct {
  const FacenetTeam *team;
  const FacenetOp *op;
  guint thread;
  guint face, n_faces;
  guint unit, end;
} FacenetJob;

/* Units of the whole operation on these faces. */
guint facenet_job_get_n_units (const FacenetJob * self);

void facenet_job_run (const FacenetJob * self);

/* Pixels of a place of one face. */
FacenetView facenet_team_get_view (const FacenetTeam * team,
    const FacenetPlace * place, guint face);

G_END_DECLS
