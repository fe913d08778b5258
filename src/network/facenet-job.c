/* facenet-job.c - one operation on the maps of a team
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * An operation is a row of units that may be done in any order: tiles of a
 * product, rows of a map, faces.
 */
#include "network/facenet-job-private.h"

#include "network/facenet-pack-private.h"

#include <string.h>

static gfloat *
map_face (const FacenetTeam * team, guint index, guint face)
{
  const FacenetMap *map = facenet_program_get_map (team->program, index);

  return team->arena + map->slot.offset +
      (map->grouped ? face : 0) * map->face_floats;
}

/* Pixels of a place of one face. */
FacenetView
facenet_team_get_view (const FacenetTeam * team, const FacenetPlace * place,
    guint face)
{
  const FacenetMap *map = facenet_program_get_map (team->program, place->map);
  FacenetView view = {
    map_face (team, place->map, face) +
        facenet_map_get_offset (map, place, 0, 0),
    (gsize) facenet_map_get_row (map) * map->c, map->c
  };

  return view;
}

static guint
divide_up (guint n, guint by)
{
  return (n + by - 1) / by;
}

guint
facenet_job_get_n_units (const FacenetJob * job)
{
  const FacenetKernels *kernels = job->team->program->kernels;
  const FacenetOp *op = job->op;

  switch (op->kind) {
    case FACENET_OP_PRODUCT:
    case FACENET_OP_WINOGRAD:
      return facenet_pack_get_n_panels (kernels, op->out.c) *
          divide_up (op->n_points * job->n_faces, kernels->tile_rows);
    case FACENET_OP_WINOGRAD_IN:
      return op->n_points * job->n_faces;
    case FACENET_OP_INTERLEAVE:
    case FACENET_OP_UPSAMPLE_ADD:
    case FACENET_OP_POOL:
    case FACENET_OP_LRN:
      return op->out.h * job->n_faces;
    case FACENET_OP_FRAME:
    case FACENET_OP_L2_NORMALIZE:
    case FACENET_OP_COPY_OUT:
      return job->n_faces;
  }
  g_return_val_if_reached (0);
}

/* A place in the row of points of all faces of a job. */
typedef struct
{
  guint face, point;
} Cursor;

static inline void
advance (Cursor * cursor, guint n_points)
{
  if (++cursor->point == n_points) {
    cursor->point = 0;
    cursor->face++;
  }
}

/* A unit of a product: a panel of output channels, and points first to
 * first + n - 1 of all faces. Units are evenly long: no tile is a small rest. */
typedef struct
{
  guint n_blocks;               /* in a panel */
  guint shortest, n_longer;     /* of these, n_longer have one point more */
  guint panel, index;
  guint first, n;
  Cursor cursor;                /* at first */
} Block;

static void
set_index (const FacenetJob * job, Block * block, guint index)
{
  block->index = index;
  block->first = index * block->shortest + MIN (index, block->n_longer);
  block->n = block->shortest + (index < block->n_longer);
  block->cursor.face = block->first / job->op->n_points;
  block->cursor.point = block->first % job->op->n_points;
}

static Block
first_block (const FacenetJob * job)
{
  guint n = job->op->n_points * job->n_faces;
  Block block = {
    .n_blocks = divide_up (n, job->team->program->kernels->tile_rows)
  };

  block.shortest = n / block.n_blocks;
  block.n_longer = n % block.n_blocks;
  block.panel = job->unit / block.n_blocks;
  set_index (job, &block, job->unit % block.n_blocks);
  return block;
}

/* cursor: behind the last point of the block. */
static void
next_block (const FacenetJob * job, Block * block, const Cursor * cursor)
{
  if (block->index + 1 == block->n_blocks) {
    block->panel++;
    set_index (job, block, 0);
    return;
  }
  block->index++;
  block->first += block->n;
  block->n = block->shortest + (block->index < block->n_longer);
  block->cursor = *cursor;
}

/* depth: weights of one output channel. */
static FacenetPanel
panel_of (const FacenetJob * job, guint number, gsize depth)
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
run_product (const FacenetJob * job)
{
  const FacenetOp *op = job->op;
  const FacenetTeam *team = job->team;
  const FacenetKernels *kernels = team->program->kernels;
  const FacenetMap *src = facenet_program_get_map (team->program, op->src.map);
  const FacenetMap *dst = facenet_program_get_map (team->program, op->dst.map);
  const gfloat *in = map_face (team, op->src.map, job->face);
  gfloat *out = map_face (team, op->dst.map, job->face);
  gsize depth = op->product.n_runs * op->product.run_length;
  Block block = first_block (job);

  for (guint unit = job->unit; unit < job->end; unit++) {
    FacenetPanel panel = panel_of (job, block.panel, depth);
    gfloat *out_panel = out + (gsize) block.panel * kernels->panel;
    Cursor cursor = block.cursor;
    FacenetTile tile;

    tile.n_rows = block.n;
    for (guint r = 0; r < block.n; r++) {
      tile.in[r] = in + cursor.face * src->face_floats + op->from[cursor.point];
      tile.out[r] = out_panel + cursor.face * dst->face_floats +
          op->to[cursor.point];
      advance (&cursor, op->n_points);
    }
    kernels->product (&op->product, &panel, &tile);
    next_block (job, &block, &cursor);
  }
}

/* Floats between the points of the transformed input: [36, tiles, c]. */
static gsize
winograd_stride (const FacenetMap * map)
{
  return (gsize) map->c * map->w * (map->grouped ? FACENET_GROUP : 1);
}

static void
run_winograd_in (const FacenetJob * job)
{
  const FacenetOp *op = job->op;
  const FacenetProgram *program = job->team->program;
  const FacenetMap *dst = facenet_program_get_map (program, op->dst.map);
  gfloat *out = map_face (job->team, op->dst.map, job->face);
  Cursor cursor = { job->unit / op->n_points, job->unit % op->n_points };

  for (guint tile = job->unit; tile < job->end; tile++) {
    FacenetView in =
        facenet_team_get_view (job->team, &op->src, job->face + cursor.face);

    in.data = map_face (job->team, op->src.map, job->face + cursor.face) +
        op->from[cursor.point];
    program->kernels->winograd_in (op->in.c, &in,
        out + (gsize) tile * op->in.c, winograd_stride (dst));
    advance (&cursor, op->n_points);
  }
}

/* Products of the tiles of a block at all points.
 * in: [36, tiles, c], from the first tile on  out: [36, tile_rows, panel] */
static void
multiply_points (const FacenetJob * job, const Block * block,
    const FacenetPanel * panel, const gfloat * in)
{
  static const gfloat no_bias[FACENET_PANEL_MOST];
  const FacenetOp *op = job->op;
  const FacenetKernels *kernels = job->team->program->kernels;
  gsize width = facenet_pack_get_width (kernels, panel->n_out);
  gsize stride = winograd_stride (facenet_program_get_map (job->team->program,
          op->src.map));
  gfloat *out = job->team->scratch[job->thread];
  FacenetPanel point = { panel->weights, no_bias, panel->n_out };
  FacenetTile tile = {.n_rows = block->n };

  for (guint i = 0; i < FACENET_WINOGRAD_POINTS; i++) {
    for (guint r = 0; r < block->n; r++) {
      tile.in[r] = in + r * op->in.c;
      tile.out[r] = out + r * kernels->panel;
    }
    kernels->product (&op->product, &point, &tile);
    point.weights += op->in.c * width;
    in += stride;
    out += kernels->tile_rows * kernels->panel;
  }
}

/* Where a tile of a face goes, as far as the map reaches. */
static FacenetWinogradTile
find_tile (const FacenetJob * job, const Cursor * cursor)
{
  const FacenetOp *op = job->op;
  guint face = job->face + cursor->face;
  guint n_columns = divide_up (op->out.w, FACENET_WINOGRAD_TILE);
  guint y = cursor->point / n_columns * FACENET_WINOGRAD_TILE;
  guint x = cursor->point % n_columns * FACENET_WINOGRAD_TILE;
  FacenetWinogradTile tile = {
    facenet_team_get_view (job->team, &op->dst, face),
    MIN (FACENET_WINOGRAD_TILE, op->out.h - y),
    MIN (FACENET_WINOGRAD_TILE, op->out.w - x)
  };

  tile.view.data =
      map_face (job->team, op->dst.map, face) + op->to[cursor->point];
  return tile;
}

/* A unit: the products of a block of tiles, then their outputs. */
static void
run_winograd (const FacenetJob * job)
{
  const FacenetOp *op = job->op;
  const FacenetTeam *team = job->team;
  const FacenetKernels *kernels = team->program->kernels;
  const gfloat *in = map_face (team, op->src.map, job->face);
  const gfloat *products = team->scratch[job->thread];
  gsize depth = (gsize) FACENET_WINOGRAD_POINTS * op->in.c;
  Block block = first_block (job);

  for (guint unit = job->unit; unit < job->end; unit++) {
    FacenetPanel panel = panel_of (job, block.panel, depth);
    Cursor cursor = block.cursor;

    multiply_points (job, &block, &panel, in + (gsize) block.first * op->in.c);
    for (guint r = 0; r < block.n; r++) {
      FacenetWinogradTile out = find_tile (job, &cursor);

      out.view.data += (gsize) block.panel * kernels->panel;
      kernels->winograd_out (panel.n_out, products + r * kernels->panel,
          (gsize) kernels->tile_rows * kernels->panel, panel.bias, &out);
      advance (&cursor, op->n_points);
    }
    next_block (job, &block, &cursor);
  }
}

/* A unit is a row of one face. */
static void
run_rows (const FacenetJob * job)
{
  const FacenetTeam *team = job->team;
  const FacenetOp *op = job->op;
  const FacenetKernels *kernels = team->program->kernels;

  for (guint unit = job->unit; unit < job->end; unit++) {
    guint face = job->face + unit / op->out.h, y = unit % op->out.h;
    FacenetView in = facenet_team_get_view (team, &op->src, face);
    FacenetView out = facenet_team_get_view (team, &op->dst, face);

    if (op->kind == FACENET_OP_POOL)
      kernels->pool2d (&op->pool, &in, &out, y, y + 1);
    else if (op->kind == FACENET_OP_LRN)
      kernels->lrn (&op->lrn, op->in.c, op->in.w, in.data + y * in.row,
          out.data + y * out.row);
    else if (op->kind == FACENET_OP_UPSAMPLE_ADD)
      kernels->add_upsampled (&op->out, &in, &out, y, y + 1);
    else
      facenet_interleave (&op->in,
          team->faces + face * facenet_shape_size (&op->in), &out, y, y + 1);
  }
}

/* Zeros in the operation's channels, all around its rectangle. */
static void
clear_frame (const FacenetMap * map, const FacenetOp * op, gfloat * data)
{
  guint h = facenet_map_get_n_rows (map), w = facenet_map_get_row (map);
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

void
facenet_job_run (const FacenetJob * job)
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
    case FACENET_OP_UPSAMPLE_ADD:
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
    case FACENET_OP_COPY_OUT:
      for (guint face = job->unit; face < job->end; face++)
        memcpy (team->embeddings + (gsize) face * op->in.c,
            map_face (team, op->src.map, face),
            op->in.c * sizeof *team->embeddings);
      break;
  }
}
