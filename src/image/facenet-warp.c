/* facenet-warp.c - crops that are turned as well as moved and scaled
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An upright crop is that of facenet-crop.c, to the last bit. For any other
 * the part of the picture below it is unpacked, and an output pixel is the
 * mean of n x n points spread evenly over what it covers there, each the
 * bilinear interpolation of four pixels. n is the number of source pixels along
 * the side of an output pixel, so that none is left out when shrinking.
 *
 * Similarity of two sets of points: least squares, in closed form. With both
 * about their means, from p to q, a = sum (p . q) / sum (p . p) and
 * b = sum (p x q) / sum (p . p) make the matrix [a -b; b a].
 */
#include <facenet/facenet-warp.h>

#include <math.h>

/* Points along the side of an output pixel, at most: 16 suffice for a face of
 * 1536 pixels on 96. */
#define MAX_SAMPLES 16

/* One pixel as a register: ignored, c0, c1, c2. */
typedef gfloat Pixel __attribute__((vector_size (16)));

struct _FacenetWarper
{
  guint h, w;
  FacenetCropper *cropper;
  gsize n_bytes;                /* what the next has room for */
  guint8 *bytes;                /* [rows,columns,4] */
};

/* The part of the picture that is unpacked. */
typedef struct
{
  gint x, y, columns, rows;
  const guint8 *bytes;          /* [rows,columns,4] */
} Patch;

/**
 * facenet_affine_from_rect:
 * @affine: (out caller-allocates): where the crop lies
 * @rect: the same as a rectangle
 *
 * Makes the map of an upright crop.
 *
 * Since: 0.1
 */
void
facenet_affine_from_rect (FacenetAffine * affine, const FacenetRect * rect)
{
  g_return_if_fail (affine != NULL && rect != NULL);

  affine->xu = rect->width;
  affine->xv = 0.0;
  affine->x0 = rect->x;
  affine->yu = 0.0;
  affine->yv = rect->height;
  affine->y0 = rect->y;
}

static FacenetPoint
find_mean (const FacenetPoint * points, guint n_points)
{
  FacenetPoint mean = { 0.0, 0.0 };
  guint i;

  for (i = 0; i < n_points; i++) {
    mean.x += points[i].x / n_points;
    mean.y += points[i].y / n_points;
  }
  return mean;
}

/**
 * facenet_affine_from_points:
 * @affine: (out caller-allocates): the map
 * @from: (array length=n_points): points of the crop, u and v
 * @to: (array length=n_points): where they are in the picture
 * @n_points: how many, > 1
 *
 * Finds the rotation, scale and shift that takes points as near as it can to
 * others, in the sense of least squares.
 *
 * Returns: %FALSE when all points of one side are the same or a number is not
 *   finite, so that there is none; @affine is left as it was
 *
 * Since: 0.1
 */
gboolean
facenet_affine_from_points (FacenetAffine * affine, const FacenetPoint * from,
    const FacenetPoint * to, guint n_points)
{
  gdouble norm = 0.0, dot = 0.0, cross = 0.0, a, b;
  FacenetPoint p, q;
  guint i;

  g_return_val_if_fail (affine != NULL && from != NULL && to != NULL, FALSE);
  g_return_val_if_fail (n_points > 1, FALSE);

  p = find_mean (from, n_points);
  q = find_mean (to, n_points);
  for (i = 0; i < n_points; i++) {
    const gdouble px = from[i].x - p.x, py = from[i].y - p.y;
    const gdouble qx = to[i].x - q.x, qy = to[i].y - q.y;

    norm += px * px + py * py;
    dot += px * qx + py * qy;
    cross += px * qy - py * qx;
  }
  if (norm <= 0.0 || !(hypot (dot, cross) > 0.0)
      || !isfinite (hypot (dot, cross) / norm))
    return FALSE;
  a = dot / norm;
  b = cross / norm;
  affine->xu = a;
  affine->xv = -b;
  affine->x0 = q.x - (a * p.x - b * p.y);
  affine->yu = b;
  affine->yv = a;
  affine->y0 = q.y - (b * p.x + a * p.y);
  return TRUE;
}

/**
 * facenet_affine_map:
 * @affine: where a crop lies
 * @from: a point of the crop, u and v
 * @to: (out caller-allocates): the same in the picture; may be @from
 *
 * Finds a point of a crop in the picture.
 *
 * Since: 0.1
 */
void
facenet_affine_map (const FacenetAffine * affine, const FacenetPoint * from,
    FacenetPoint * to)
{
  gdouble u, v;

  g_return_if_fail (affine != NULL && from != NULL && to != NULL);

  u = from->x;
  v = from->y;
  to->x = affine->xu * u + affine->xv * v + affine->x0;
  to->y = affine->yu * u + affine->yv * v + affine->y0;
}

/**
 * facenet_warper_new: (skip)
 * @height: rows of the output, > 0
 * @width: columns of the output, > 0
 *
 * Makes the scratch memory to crop faces of one size. It grows to four bytes
 * for each pixel of the picture below the largest crop that is not upright.
 *
 * Returns: (transfer full): a warper, for one thread at a time
 *
 * Since: 0.1
 */
FacenetWarper *
facenet_warper_new (guint height, guint width)
{
  FacenetWarper *self;

  g_return_val_if_fail (height > 0 && width > 0, NULL);

  self = g_new0 (FacenetWarper, 1);
  self->h = height;
  self->w = width;
  self->cropper = facenet_cropper_new (height, width);
  return self;
}

/**
 * facenet_warper_free: (skip)
 * @self: (transfer full) (nullable): a warper
 *
 * Frees a warper.
 *
 * Since: 0.1
 */
void
facenet_warper_free (FacenetWarper * self)
{
  if (self == NULL)
    return;
  facenet_cropper_free (self->cropper);
  g_free (self->bytes);
  g_free (self);
}

/* The pixels first … last of a side of n that interpolating between lo and hi
 * touches. */
static void
find_span (gdouble lo, gdouble hi, gint n, gint * first, gint * last)
{
  *first = (gint) CLAMP (floor (lo - 0.5), 0.0, n - 1.0);
  *last = (gint) CLAMP (floor (hi - 0.5) + 1.0, 0.0, n - 1.0);
}

static void
unpack (FacenetWarper * self, const FacenetImage * image,
    const FacenetAffine * affine, Patch * patch)
{
  const gdouble left = affine->x0 + MIN (affine->xu, 0.0)
      + MIN (affine->xv, 0.0);
  const gdouble top = affine->y0 + MIN (affine->yu, 0.0)
      + MIN (affine->yv, 0.0);
  gint right, bottom, y;
  gsize row, n_bytes;

  find_span (left, left + fabs (affine->xu) + fabs (affine->xv), image->width,
      &patch->x, &right);
  find_span (top, top + fabs (affine->yu) + fabs (affine->yv), image->height,
      &patch->y, &bottom);
  /* Rows are read from an even pixel on. */
  patch->x &= ~1;
  patch->columns = right + 1 - patch->x;
  patch->rows = bottom + 1 - patch->y;
  row = 4 * (gsize) patch->columns;
  n_bytes = row * (gsize) patch->rows;
  if (n_bytes > self->n_bytes) {
    g_free (self->bytes);
    self->bytes = g_malloc (n_bytes);
    self->n_bytes = n_bytes;
  }
  for (y = 0; y < patch->rows; y++)
    image->read_row (image->user_data, patch->x, patch->y + y, patch->columns,
        self->bytes + (gsize) y * row);
  patch->bytes = self->bytes;
}

static inline Pixel
get_pixel (const Patch * patch, gint x, gint y)
{
  const guint8 *b = patch->bytes + 4 * ((gsize) y * (gsize) patch->columns
      + (gsize) x);
  const Pixel pixel = { b[0], b[1], b[2], b[3] };

  return pixel;
}

/* The colour at a point; beyond the patch that of its edge. */
static Pixel
sample (const Patch * patch, gdouble x, gdouble y)
{
  const gdouble px = CLAMP (x - 0.5 - patch->x, 0.0, patch->columns - 1.0);
  const gdouble py = CLAMP (y - 0.5 - patch->y, 0.0, patch->rows - 1.0);
  const gint x0 = (gint) px, y0 = (gint) py;
  const gint x1 = MIN (x0 + 1, patch->columns - 1);
  const gint y1 = MIN (y0 + 1, patch->rows - 1);
  const gfloat fx = (gfloat) (px - x0), fy = (gfloat) (py - y0);
  const Pixel a = get_pixel (patch, x0, y0), b = get_pixel (patch, x1, y0);
  const Pixel c = get_pixel (patch, x0, y1), d = get_pixel (patch, x1, y1);
  const Pixel top = a + fx * (b - a);
  const Pixel bottom = c + fx * (d - c);

  return top + fy * (bottom - top);
}

/* The mean of n x n points of output pixel (column, row). */
static Pixel
average (const Patch * patch, const FacenetAffine * step, guint column,
    guint row, guint n)
{
  Pixel sum = { 0.0f, 0.0f, 0.0f, 0.0f };
  FacenetPoint point;
  guint i, j;

  for (i = 0; i < n; i++) {
    for (j = 0; j < n; j++) {
      point.x = column + (j + 0.5) / n;
      point.y = row + (i + 0.5) / n;
      facenet_affine_map (step, &point, &point);
      sum += sample (patch, point.x, point.y);
    }
  }
  return sum / (gfloat) (n * n);
}

static inline gfloat
to_unit (const gfloat m[4], Pixel pixel)
{
  const gfloat value =
      m[0] * pixel[1] + m[1] * pixel[2] + m[2] * pixel[3] + m[3];

  return CLAMP (value, 0.0f, 1.0f);
}

/* The map for coordinates in output pixels. */
static FacenetAffine
per_pixel (const FacenetAffine * affine, guint h, guint w)
{
  FacenetAffine step = *affine;

  step.xu /= w;
  step.yu /= w;
  step.xv /= h;
  step.yv /= h;
  return step;
}

static void
warp (FacenetWarper * self, const FacenetImage * image,
    const FacenetAffine * affine, gfloat * face)
{
  const FacenetAffine step = per_pixel (affine, self->h, self->w);
  const gdouble scale = MAX (hypot (step.xu, step.yu),
      hypot (step.xv, step.yv));
  const guint n = (guint) CLAMP (ceil (scale), 1.0, MAX_SAMPLES);
  const gsize plane = (gsize) self->h * self->w;
  Patch patch;
  guint row, column, c;

  unpack (self, image, affine, &patch);
  for (row = 0; row < self->h; row++) {
    for (column = 0; column < self->w; column++, face++) {
      const Pixel pixel = average (&patch, &step, column, row, n);

      for (c = 0; c < 3; c++)
        face[c * plane] = to_unit (image->to_rgb[c], pixel);
    }
  }
}

static gboolean
is_upright (const FacenetAffine * affine)
{
  return affine->xv == 0.0 && affine->yu == 0.0 && affine->xu > 0.0
      && affine->yv > 0.0;
}

/**
 * facenet_warper_crop: (skip)
 * @self: a warper of height h and width w
 * @image: the picture
 * @affine: where the crop lies in it, finite numbers; it may reach beyond the
 *   picture or lie wholly outside, the edge pixels are repeated
 * @face: (out caller-allocates): [3,h,w] floats, planes R, G, B in [0,1]
 *
 * Crops and resamples a face that may be turned. An upright crop is the same
 * as that of facenet_cropper_crop().
 *
 * Since: 0.1
 */
void
facenet_warper_crop (FacenetWarper * self, const FacenetImage * image,
    const FacenetAffine * affine, gfloat * face)
{
  g_return_if_fail (self != NULL && face != NULL && affine != NULL);
  g_return_if_fail (image != NULL && image->read_row != NULL);
  g_return_if_fail (image->width > 0 && image->height > 0);
  g_return_if_fail (isfinite (affine->xu) && isfinite (affine->yu));
  g_return_if_fail (isfinite (affine->xv) && isfinite (affine->yv));
  g_return_if_fail (isfinite (affine->x0) && isfinite (affine->y0));

  if (is_upright (affine)) {
    const FacenetRect rect = { affine->x0, affine->y0, affine->xu, affine->yv };

    facenet_cropper_crop (self->cropper, image, &rect, face);
  } else {
    warp (self, image, affine, face);
  }
}
