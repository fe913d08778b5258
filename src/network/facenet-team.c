/* facenet-team.c - threads that take faces through a program
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each operation is a row of units that may be done in any order; every
 * thread takes an equal stretch of the row. Threads meet after each phase.
 */
#include "network/facenet-team-private.h"

#include "network/facenet-pack-private.h"

#include <string.h>

/* One thread's view of an operation: faces `face` to face + n_faces - 1. */
typedef struct
{
  const FacenetTeam *team;
  const FacenetOp *op;
  guint thread;
  guint face, n_faces;
  guint unit, end;              /* this thread's units */
} Job;

static gfloat *
map_face (const FacenetTeam * team, guint index, guint face)
{
  const FacenetMap *map = facenet_program_get_map (team->program, index);

  return team->arena + map->slot.offset +
      (map->grouped ? face : 0) * map->face_floats;
}

/* Pixels of a place of one face. */
static FacenetView
view_at (const FacenetTeam * team, const FacenetPlace * place, guint face)
{
  const FacenetMap *map = facenet_program_get_map (team->program, place->map);
  FacenetView view = {
    map_face (team, place->map, face) +
        facenet_map_get_offset (map, place, 0, 0),
    (gsize) (map->w + 2 * map->border) * map->c, map->c
  };

  return view;
}

static guint
n_tiles (const FacenetOp * op)
{
  return (guint) facenet_shape_plane (&op->out) /
      (FACENET_WINOGRAD_TILE * FACENET_WINOGRAD_TILE);
}

static guint
divide_up (guint n, guint by)
{
  return (n + by - 1) / by;
}

/* Rows of the product for all faces of the job. */
static guint
n_rows (const Job * job)
{
  guint n = job->op->kind == FACENET_OP_WINOGRAD ?
      n_tiles (job->op) : (guint) facenet_shape_plane (&job->op->out);

  return n * job->n_faces;
}

static guint
n_units (const Job * job)
{
  const FacenetKernels *kernels = job->team->program->kernels;
  const FacenetOp *op = job->op;

  switch (op->kind) {
    case FACENET_OP_PRODUCT:
    case FACENET_OP_WINOGRAD:
      return facenet_pack_get_n_panels (kernels, op->out.c) *
          divide_up (n_rows (job), kernels->tile_rows);
    case FACENET_OP_WINOGRAD_IN:
      return n_tiles (op) * job->n_faces;
    case FACENET_OP_INTERLEAVE:
    case FACENET_OP_POOL:
    case FACENET_OP_LRN:
      return op->out.h * job->n_faces;
    case FACENET_OP_FRAME:
    case FACENET_OP_L2_NORMALIZE:
      return job->n_faces;
  }
  g_return_val_if_reached (0);
}

/* A unit of a product: a panel of output channels, and rows first to
 * first + n - 1, evenly long so that no tile is a small rest. */
typedef struct
{
  guint panel;
  guint first, n;
} Block;

static Block
block_of (const Job * job, guint unit)
{
  const FacenetKernels *kernels = job->team->program->kernels;
  guint rows = n_rows (job);
  guint n_blocks = divide_up (rows, kernels->tile_rows);
  guint i = unit % n_blocks;
  Block block = { unit / n_blocks, i * rows / n_blocks, 0 };

  block.n = (i + 1) * rows / n_blocks - block.first;
  return block;
}

/* depth: weights of one output channel. */
static FacenetPanel
panel_of (const Job * job, guint number, gsize depth)
{
  const FacenetKernels *kernels = job->team->program->kernels;
  const FacenetOp *op = job->op;
  gsize first = (gsize) number * kernels->panel;
  FacenetPanel panel = { op->weights + first * depth, op->bias + first,
    facenet_pack_get_n_out (kernels, op->out.c, number)
  };

  return panel;
}

static void
run_product (const Job * job)
{
  const FacenetOp *op = job->op;
  const FacenetTeam *team = job->team;
  const FacenetMap *src = facenet_program_get_map (team->program, op->src.map);
  const FacenetMap *dst = facenet_program_get_map (team->program, op->dst.map);
  const gfloat *in = map_face (team, op->src.map, job->face);
  gfloat *out = map_face (team, op->dst.map, job->face);
  guint plane = (guint) facenet_shape_plane (&op->out);

  for (guint unit = job->unit; unit < job->end; unit++) {
    Block block = block_of (job, unit);
    FacenetPanel panel = panel_of (job, block.panel,
        op->product.n_runs * op->product.run_length);
    gsize channel = (gsize) block.panel * team->program->kernels->panel;
    guint face = block.first / plane, pixel = block.first % plane;
    FacenetTile tile;

    tile.n_rows = block.n;
    for (guint r = 0; r < block.n; r++) {
      tile.in[r] = in + face * src->face_floats + op->from[pixel];
      tile.out[r] = out + face * dst->face_floats + op->to[pixel] + channel;
      if (++pixel == plane) {
        pixel = 0;
        face++;
      }
    }
    team->program->kernels->product (&op->product, &panel, &tile);
  }
}

/* Rows of the transformed input: [36, all tiles of a group, c]. */
static gsize
winograd_stride (const Job * job)
{
  const FacenetMap *map = facenet_program_get_map (job->team->program,
      job->op->kind == FACENET_OP_WINOGRAD ?
      job->op->src.map : job->op->dst.map);

  return (gsize) map->c * map->w * (map->grouped ? FACENET_GROUP : 1);
}

/* 6x6 or 4x4 pixels of tile number `tile` of all faces of the job; inputs
 * begin a pixel before and above the outputs. */
static FacenetView
winograd_view (const Job * job, const FacenetPlace * place, guint tile,
    gint before)
{
  guint per_face = n_tiles (job->op);
  guint across = job->op->out.w / FACENET_WINOGRAD_TILE;
  guint i = tile % per_face;
  gint y = (gint) (i / across * FACENET_WINOGRAD_TILE) - before;
  gint x = (gint) (i % across * FACENET_WINOGRAD_TILE) - before;
  FacenetView view = view_at (job->team, place, job->face + tile / per_face);

  view.data += y * (gssize) view.row + x * (gssize) view.pixel;
  return view;
}

static void
run_winograd_in (const Job * job)
{
  const FacenetOp *op = job->op;
  gfloat *out = map_face (job->team, op->dst.map, job->face);

  for (guint tile = job->unit; tile < job->end; tile++) {
    FacenetView in = winograd_view (job, &op->src, tile, 1);

    job->team->program->kernels->winograd_in (op->in.c, &in,
        out + (gsize) tile * op->in.c, winograd_stride (job));
  }
}

/* The 36 products of a block of tiles, then their outputs.
 * in: [36, tiles, c]  scratch: [36, tile_rows, panel] */
static void
run_winograd (const Job * job)
{
  static const gfloat no_bias[2 * FACENET_ARENA_ALIGN];
  const FacenetOp *op = job->op;
  const FacenetKernels *kernels = job->team->program->kernels;
  const gfloat *in = map_face (job->team, op->src.map, job->face);
  gfloat *scratch = job->team->scratch[job->thread];
  gsize stride = winograd_stride (job);
  gsize scratch_stride = (gsize) kernels->tile_rows * kernels->panel;

  for (guint unit = job->unit; unit < job->end; unit++) {
    Block block = block_of (job, unit);
    FacenetPanel panel = panel_of (job, block.panel,
        (gsize) FACENET_WINOGRAD_POINTS * op->in.c);
    FacenetPanel point = { panel.weights, no_bias, panel.n_out };
    gsize width = facenet_pack_get_width (kernels, panel.n_out);
    FacenetTile tile = {.n_rows = block.n };

    for (guint i = 0; i < FACENET_WINOGRAD_POINTS; i++) {
      for (guint r = 0; r < block.n; r++) {
        tile.in[r] = in + i * stride + (gsize) (block.first + r) * op->in.c;
        tile.out[r] = scratch + i * scratch_stride + r * kernels->panel;
      }
      kernels->product (&op->product, &point, &tile);
      point.weights += op->in.c * width;
    }
    for (guint r = 0; r < block.n; r++) {
      FacenetView out = winograd_view (job, &op->dst, block.first + r, 0);

      out.data += (gsize) block.panel * kernels->panel;
      kernels->winograd_out (panel.n_out, scratch + r * kernels->panel,
          scratch_stride, panel.bias, &out);
    }
  }
}

/* A unit is a row of one face. */
static void
run_rows (const Job * job)
{
  const FacenetTeam *team = job->team;
  const FacenetOp *op = job->op;
  const FacenetKernels *kernels = team->program->kernels;

  for (guint unit = job->unit; unit < job->end; unit++) {
    guint face = job->face + unit / op->out.h, y = unit % op->out.h;
    FacenetView in = view_at (team, &op->src, face);
    FacenetView out = view_at (team, &op->dst, face);

    if (op->kind == FACENET_OP_POOL)
      kernels->pool2d (&op->pool, &in, &out, y, y + 1);
    else if (op->kind == FACENET_OP_LRN)
      kernels->lrn (&op->lrn, op->in.c, op->in.w, in.data + y * in.row,
          out.data + y * out.row);
    else
      facenet_interleave (&op->in,
          team->faces + face * facenet_shape_size (&op->in), &out, y, y + 1);
  }
}

/* Zeros in the operation's channels, all around its rectangle. */
static void
clear_frame (const FacenetMap * map, const FacenetOp * op, gfloat * data)
{
  guint h = map->h + 2 * map->border, w = map->w + 2 * map->border;
  guint top = map->border + op->dst.top, left = map->border + op->dst.left;

  for (guint y = 0; y < h; y++) {
    gboolean inside = y >= top && y < top + op->out.h;

    for (guint x = 0; x < w; x++) {
      if (inside && x == left)
        x += op->out.w;
      if (x < w)
        memset (data + ((gsize) y * w + x) * map->c + op->dst.channel, 0,
            op->out.c * sizeof *data);
    }
  }
}

static void
run_op (const Job * job)
{
  const FacenetTeam *team = job->team;
  const FacenetOp *op = job->op;

  switch (op->kind) {
    case FACENET_OP_PRODUCT:
      run_product (job);
      break;
    case FACENET_OP_WINOGRAD_IN:
      run_winograd_in (job);
      break;
    case FACENET_OP_WINOGRAD:
      run_winograd (job);
      break;
    case FACENET_OP_INTERLEAVE:
    case FACENET_OP_POOL:
    case FACENET_OP_LRN:
      run_rows (job);
      break;
    case FACENET_OP_FRAME:
      for (guint unit = job->unit; unit < job->end; unit++)
        clear_frame (facenet_program_get_map (team->program, op->dst.map), op,
            map_face (team, op->dst.map, job->face + unit));
      break;
    case FACENET_OP_L2_NORMALIZE:
      for (guint face = job->unit; face < job->end; face++)
        facenet_l2_normalize (op->in.c, map_face (team, op->src.map, face),
            team->embeddings + (gsize) face * op->in.c);
      break;
  }
}

/* Operations first to end - 1 on faces face to face + n_faces - 1. */
static void
run_ops (FacenetTeam * self, guint thread, guint first, guint end, guint face,
    guint n_faces)
{
  for (guint i = first; i < end; i++) {
    const FacenetOp *op = facenet_program_get_op (self->program, i);
    Job job = {.team = self,.op = op,.thread = thread,.face = face,
      .n_faces = n_faces
    };
    guint64 n = n_units (&job);

    job.unit = (guint) (n * thread / self->n_threads);
    job.end = (guint) (n * (thread + 1) / self->n_threads);
    run_op (&job);
    if (i + 1 == end
        || facenet_program_get_op (self->program, i + 1)->phase != op->phase) {
      facenet_barrier_wait (&self->barrier, self->n_threads);
      if (self->watch != NULL && thread == 0)
        self->watch (self->watch_data, op);
    }
  }
}

void
facenet_team_run (FacenetTeam * self, guint thread)
{
  const FacenetProgram *program = self->program;

  for (guint face = 0; face < self->n_faces; face++)
    run_ops (self, thread, 0, program->first_grouped, face, 1);
  run_ops (self, thread, program->first_grouped, program->ops->len, 0,
      self->n_faces);
}

void
facenet_team_read_map (const FacenetTeam * self, guint map, guint face,
    gfloat * out)
{
  const FacenetMap *geometry = facenet_program_get_map (self->program, map);
  FacenetPlace place = {.map = map };
  FacenetView view = view_at (self, &place, face);

  for (guint ci = 0; ci < geometry->c; ci++)
    for (guint y = 0; y < geometry->h; y++)
      for (guint x = 0; x < geometry->w; x++)
        *out++ = view.data[y * view.row + x * view.pixel + ci];
}
