/* facenet-detector.c - where the faces in a picture are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * picture -> scaled rows at the network's input -> three maps -> candidates
 * -> suppression -> landmarks of each that is left. What depends on the size
 * of the picture is made once and kept for the last few sizes.
 */
#include "face/facenet-detector-private.h"

#include "face/facenet-letterbox-private.h"
#include "face/facenet-points-private.h"

#define DEFAULT_FILE "facenet-detect.safetensors"

/* Sizes of pictures that are kept ready. */
#define MAX_SIZES 4
/* Bands of rows for each thread: more even out the work. */
#define BANDS_PER_THREAD 4

/* What is needed for pictures of one size. */
typedef struct
{
  FacenetLetterbox letterbox;
  FacenetPass *pass;
  guint64 last_use;
} Size;

struct _FacenetDetector
{
  gatomicrefcount refs;
  GMutex lock;                  /* of language bindings */
  FacenetDetectorModel *model;
  FacenetPool *pool;
  guint n_threads;
  gdouble threshold;
  guint min_face_size;
  guint max_faces;

  Size sizes[MAX_SIZES];
  guint n_sizes;
  guint64 n_uses;
  gfloat **scratch;             /* [n_threads], for the networks */
  FacenetLetterboxScratch *rows;        /* [n_threads] */
  FacenetCandidates candidates;
  FacenetPoints *points;        /* NULL without a second network */
  FacenetFace *faces;           /* [FACENET_DETECTOR_MAX_FACES] */
};

G_DEFINE_BOXED_TYPE (FacenetDetector, facenet_detector, facenet_detector_ref,
    facenet_detector_unref);

/**
 * facenet_detector_find_default:
 * @error: return location for an error
 *
 * Finds the detector to use when none is named: the file that the environment
 * variable `FACENET_DETECTOR` names, else the one installed with the library.
 *
 * Returns: (transfer full) (nullable): its path; %FACENET_ERROR_OPEN when
 *   there is none
 *
 * Since: 0.1
 */
gchar *
facenet_detector_find_default (GError ** error)
{
  const gchar *named = g_getenv ("FACENET_DETECTOR");
  g_autofree gchar *installed =
      g_build_filename (FACENET_DATADIR, DEFAULT_FILE, NULL);

  if (named != NULL && *named != '\0')
    return g_strdup (named);
  if (g_file_test (installed, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&installed);
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_OPEN,
      "%s: no detector is installed here and FACENET_DETECTOR names none",
      installed);
  return NULL;
}

/* Takes the model. */
static FacenetDetector *
detector_new (FacenetDetectorModel * model, guint n_threads)
{
  FacenetDetector *self = g_new0 (FacenetDetector, 1);
  gsize scratch = facenet_compiled_get_scratch_size (&model->detect);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->model = model;
  self->threshold = model->threshold;
  self->pool = facenet_pool_new (n_threads);
  self->n_threads = facenet_pool_get_n_threads (self->pool);
  self->rows = g_new0 (FacenetLetterboxScratch, self->n_threads);
  self->scratch = g_new0 (gfloat *, self->n_threads);
  for (guint i = 0; i < self->n_threads; i++)
    self->scratch[i] = facenet_arena_alloc (scratch);
  facenet_candidates_init (&self->candidates);
  if (model->points.plan != NULL)
    self->points = facenet_points_new (model, self->n_threads);
  self->faces = g_new0 (FacenetFace, FACENET_DETECTOR_MAX_FACES);
  return self;
}

/**
 * facenet_detector_new:
 * @location: (nullable): detector file; %NULL for the one that
 *   facenet_detector_find_default() gives
 * @n_threads: threads that share the work on a picture, the caller's included;
 *   0 for one per core
 * @error: return location for an error
 *
 * Makes a detector. Its weights are shared with all detectors of the same
 * unchanged file.
 *
 * Errors: %FACENET_ERROR_OPEN, %FACENET_ERROR_FORMAT,
 * %FACENET_ERROR_TRUNCATED and %FACENET_ERROR_LIMIT for the file;
 * %FACENET_ERROR_MISSING and %FACENET_ERROR_SHAPE for its tensors;
 * %FACENET_ERROR_MISMATCH for a file of another network, such as one that
 * facenet_model_load() reads.
 *
 * Returns: (transfer full) (nullable): a detector for one thread's use
 *
 * Since: 0.1
 */
FacenetDetector *
facenet_detector_new (const gchar * location, guint n_threads, GError ** error)
{
  g_autofree gchar *found = NULL;
  FacenetDetectorModel *model;

  if (location == NULL)
    location = found = facenet_detector_find_default (error);
  if (location == NULL)
    return NULL;
  model = facenet_detector_model_load (location, error);
  return model != NULL ? detector_new (model, n_threads) : NULL;
}

/**
 * facenet_detector_ref:
 * @self: a detector
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
FacenetDetector *
facenet_detector_ref (FacenetDetector * self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static void
size_clear (Size * size)
{
  facenet_letterbox_clear (&size->letterbox);
  g_clear_pointer (&size->pass, facenet_pass_free);
}

/* All that was made for sizes. */
static void
forget_sizes (FacenetDetector * self)
{
  for (guint i = 0; i < self->n_sizes; i++)
    size_clear (&self->sizes[i]);
  self->n_sizes = 0;
}

/**
 * facenet_detector_unref:
 * @self: (transfer full): a detector
 *
 * Gives up a reference; the last one ends the detector's threads.
 *
 * Since: 0.1
 */
void
facenet_detector_unref (FacenetDetector * self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  forget_sizes (self);
  for (guint i = 0; i < self->n_threads; i++) {
    facenet_letterbox_scratch_clear (&self->rows[i]);
    facenet_arena_free (self->scratch[i]);
  }
  g_free (self->rows);
  g_free (self->scratch);
  facenet_candidates_clear (&self->candidates);
  facenet_points_free (self->points);
  g_free (self->faces);
  facenet_pool_free (self->pool);
  g_mutex_clear (&self->lock);
  facenet_detector_model_unref (self->model);
  g_free (self);
}

void
facenet_detector_lock (FacenetDetector * self)
{
  g_mutex_lock (&self->lock);
}

void
facenet_detector_unlock (FacenetDetector * self)
{
  g_mutex_unlock (&self->lock);
}

/**
 * facenet_detector_get_location:
 * @self: a detector
 *
 * Gets the file that the weights are from.
 *
 * Returns: the file its weights are from
 *
 * Since: 0.1
 */
const gchar *
facenet_detector_get_location (const FacenetDetector * self)
{
  return self->model->location;
}

/**
 * facenet_detector_get_id:
 * @self: a detector
 *
 * Gets the id of the weights.
 *
 * Returns: 64 hex digits, a hash of its weights; see
 *   facenet_model_compute_id()
 *
 * Since: 0.1
 */
const gchar *
facenet_detector_get_id (const FacenetDetector * self)
{
  return self->model->id;
}

/**
 * facenet_detector_get_name:
 * @self: a detector
 *
 * Gets the name of the weights.
 *
 * Returns: what the file calls it, or the name of its network
 *
 * Since: 0.1
 */
const gchar *
facenet_detector_get_name (const FacenetDetector * self)
{
  return self->model->name;
}

/**
 * facenet_detector_get_n_threads:
 * @self: a detector
 *
 * Gets how many threads work on a picture.
 *
 * Returns: how many threads share the work on a picture
 *
 * Since: 0.1
 */
guint
facenet_detector_get_n_threads (const FacenetDetector * self)
{
  return self->n_threads;
}

/**
 * facenet_detector_get_default_threshold:
 * @self: a detector
 *
 * Gets the threshold that the file recommends.
 *
 * Returns: the threshold that the file recommends, in (0,1)
 *
 * Since: 0.1
 */
gdouble
facenet_detector_get_default_threshold (const FacenetDetector * self)
{
  return self->model->threshold;
}

/**
 * facenet_detector_get_threshold:
 * @self: a detector
 *
 * Gets the threshold in use.
 *
 * Returns: the confidence below which no face is reported
 *
 * Since: 0.1
 */
gdouble
facenet_detector_get_threshold (const FacenetDetector * self)
{
  return self->threshold;
}

/**
 * facenet_detector_set_threshold:
 * @self: a detector
 * @threshold: confidence below which no face is reported, in [0,1]; at first
 *   facenet_detector_get_default_threshold()
 *
 * Sets the threshold.
 *
 * Since: 0.1
 */
void
facenet_detector_set_threshold (FacenetDetector * self, gdouble threshold)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (threshold >= 0.0 && threshold <= 1.0);

  self->threshold = threshold;
}

/**
 * facenet_detector_get_min_face_size:
 * @self: a detector
 *
 * Gets the smallest face to find.
 *
 * Returns: the smallest face to find, in pixels of the picture; 0 = automatic
 *
 * Since: 0.1
 */
guint
facenet_detector_get_min_face_size (const FacenetDetector * self)
{
  return self->min_face_size;
}

/**
 * facenet_detector_set_min_face_size:
 * @self: a detector
 * @pixels: the smallest face to find, the shorter side of its box in pixels of
 *   the picture; 0, as at first, for automatic
 *
 * Decides at which scale a picture is looked at, and so what it costs: faces
 * of @pixels come out at 18 pixels, about the least that the network finds.
 * Automatic scales pictures down to a longer side of 640 pixels, and leaves
 * smaller ones as they are. A picture is enlarged twice at most, and never
 * looked at with more than two million pixels (1920x1088).
 *
 * Since: 0.1
 */
void
facenet_detector_set_min_face_size (FacenetDetector * self, guint pixels)
{
  g_return_if_fail (self != NULL);

  if (pixels == self->min_face_size)
    return;
  self->min_face_size = pixels;
  forget_sizes (self);
}

/**
 * facenet_detector_get_max_faces:
 * @self: a detector
 *
 * Gets the limit of faces.
 *
 * Returns: how many faces are reported at most; 0 = all
 *
 * Since: 0.1
 */
guint
facenet_detector_get_max_faces (const FacenetDetector * self)
{
  return self->max_faces;
}

/**
 * facenet_detector_set_max_faces:
 * @self: a detector
 * @n_faces: how many faces to report at most, the largest; 0, as at first, for
 *   all
 *
 * Limits the faces that are reported, to the largest.
 *
 * Since: 0.1
 */
void
facenet_detector_set_max_faces (FacenetDetector * self, guint n_faces)
{
  g_return_if_fail (self != NULL);

  self->max_faces = n_faces;
}

/* Makes room by forgetting the size that was used longest ago. */
static Size *
add_size (FacenetDetector * self, guint w, guint h)
{
  Size *size = &self->sizes[0];

  if (self->n_sizes < MAX_SIZES) {
    size = &self->sizes[self->n_sizes++];
  } else {
    for (guint i = 1; i < MAX_SIZES; i++)
      if (self->sizes[i].last_use < size->last_use)
        size = &self->sizes[i];
    size_clear (size);
  }
  facenet_letterbox_init (&size->letterbox, w, h, self->min_face_size);
  size->pass = facenet_pass_new (&self->model->detect,
      size->letterbox.input_h, size->letterbox.input_w);
  for (guint i = 0; i < self->n_threads; i++)
    facenet_letterbox_scratch_ensure (&self->rows[i], &size->letterbox);
  return size;
}

static Size *
find_size (FacenetDetector * self, guint w, guint h)
{
  Size *size = NULL;

  for (guint i = 0; i < self->n_sizes && size == NULL; i++)
    if (self->sizes[i].letterbox.image_w == w
        && self->sizes[i].letterbox.image_h == h)
      size = &self->sizes[i];
  if (size == NULL)
    size = add_size (self, w, h);
  size->last_use = ++self->n_uses;
  return size;
}

/* What the threads that fill the input share. */
typedef struct
{
  const Size *size;
  const FacenetImage *image;
  FacenetLetterboxScratch *rows;
  FacenetMapView input;
  guint n_bands;
} Filling;

static void
fill_band (gpointer data, guint task, guint worker)
{
  const Filling *filling = data;
  guint h = filling->size->letterbox.input_h;

  facenet_letterbox_fill (&filling->size->letterbox, filling->image,
      &filling->rows[worker], &filling->input, h * task / filling->n_bands,
      h * (task + 1) / filling->n_bands);
}

static void
run_network (FacenetDetector * self, const Size * size,
    const FacenetImage * image)
{
  Filling filling = { size, image, self->rows,
    facenet_pass_get_input (size->pass),
    self->n_threads > 1 ? self->n_threads * BANDS_PER_THREAD : 1
  };

  facenet_pool_run (self->pool, fill_band, &filling, filling.n_bands);
  facenet_pass_run (size->pass, self->pool, self->scratch);
}

/* From the input of the network to the picture. */
static void
use_candidate (const FacenetFaceCandidate * candidate,
    const FacenetMapView * levels, const FacenetLetterbox * letterbox,
    FacenetFace * face)
{
  const gdouble x = (gdouble) letterbox->image_w / letterbox->w;
  const gdouble y = (gdouble) letterbox->image_h / letterbox->h;

  face->box.x = x * (gdouble) candidate->x0;
  face->box.y = y * (gdouble) candidate->y0;
  face->box.width = x * (gdouble) (candidate->x1 - candidate->x0);
  face->box.height = y * (gdouble) (candidate->y1 - candidate->y0);
  face->confidence = candidate->score;
  face->has_landmarks =
      facenet_candidate_get_landmarks (candidate, levels, face->landmarks);
  for (guint k = 0; k < FACENET_N_LANDMARKS; k++) {
    face->landmarks[k].x *= x;
    face->landmarks[k].y *= y;
  }
}

/* Candidates, and of those that overlap the best; returns how many faces. */
static guint
find_faces (FacenetDetector * self, const Size * size)
{
  const FacenetLetterbox *letterbox = &size->letterbox;
  FacenetCandidates *candidates = &self->candidates;
  FacenetMapView levels[FACENET_N_LEVELS];

  for (guint i = 0; i < FACENET_N_LEVELS; i++)
    levels[i] = facenet_pass_get_map (size->pass, self->model->levels[i]);
  facenet_candidates_decode (candidates, levels, self->points != NULL ?
      facenet_points_get_least_score (self->threshold) : self->threshold,
      letterbox->w, letterbox->h);
  facenet_candidates_suppress (candidates, FACENET_DETECTOR_MAX_FACES);
  for (guint i = 0; i < candidates->n; i++)
    use_candidate (&candidates->items[i], levels, letterbox, &self->faces[i]);
  return candidates->n;
}

static inline gdouble
get_area (const FacenetFace * face)
{
  return face->box.width * face->box.height;
}

/* Drops faces below the threshold and puts the largest first; of equals the
 * one with the better score. */
static guint
select_faces (FacenetDetector * self, guint n_found)
{
  FacenetFace *faces = self->faces;
  guint n = 0;

  for (guint i = 0; i < n_found; i++) {
    const FacenetFace face = faces[i];
    guint at = n;

    if (!(face.confidence >= self->threshold))
      continue;
    for (; at > 0 && get_area (&faces[at - 1]) < get_area (&face); at--)
      faces[at] = faces[at - 1];
    faces[at] = face;
    n++;
  }
  return self->max_faces > 0 ? MIN (n, self->max_faces) : n;
}

/**
 * facenet_detector_detect: (skip)
 * @self: a detector
 * @image: a picture, of 1 to 32767 pixels a side; its read_row() is called by
 *   all threads of the detector, for any row and in any order
 * @n_faces: (out): how many faces
 *
 * Finds the faces in a picture: those of at least the threshold, of boxes that
 * overlap (intersection over union above 0.4) the one that is most likely a
 * face, at most %FACENET_DETECTOR_MAX_FACES. The result is the same to the bit
 * whatever the number of threads. Once a size of pictures is known, nothing is
 * allocated; the last four sizes are kept.
 *
 * Returns: (array length=n_faces) (transfer none): the faces, largest first,
 *   until the next call
 *
 * Since: 0.1
 */
const FacenetFace *
facenet_detector_detect (FacenetDetector * self, const FacenetImage * image,
    guint * n_faces)
{
  const Size *size;
  guint n;

  g_return_val_if_fail (n_faces != NULL, NULL);
  *n_faces = 0;
  g_return_val_if_fail (self != NULL && image != NULL, NULL);
  g_return_val_if_fail (image->width > 0 && image->width <= G_MAXINT16, NULL);
  g_return_val_if_fail (image->height > 0 && image->height <= G_MAXINT16, NULL);

  size = find_size (self, (guint) image->width, (guint) image->height);
  run_network (self, size, image);
  n = find_faces (self, size);
  if (self->points != NULL)
    facenet_points_find (self->points, self->pool, self->scratch, image,
        self->faces, n);
  *n_faces = select_faces (self, n);
  return self->faces;
}
