/* facenet-format-hdf5.c - weights in Keras HDF5 files (.h5)
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In: what Keras's save_weights() or save() writes: a group for each layer, at
 * the top or in "model_weights", and somewhere in it datasets named after the
 * layer's variables, "kernel:0", "gamma:0", …. Out: tensors under the names of
 * Keras-OpenFace's CSV files. Keras keeps channels last, so kernels [k,k,c,oc]
 * become [oc,c,k,k] and [n_in,n_out] becomes [n_out,n_in].
 *
 * libhdf5 reads a copy in memory and follows no link out of it. Only plain
 * datasets are read: no filters, no chunks, no external files, nothing that
 * claims more bytes than the file has. All that in a child process: libhdf5
 * 1.10 dies of many a damaged file.
 */
#include "import/facenet-import-private.h"

#include "import/facenet-child-private.h"
#include "import/facenet-hdf5-private.h"
#include "import/facenet-weights-pack-private.h"

#include <string.h>

#define MAX_DEPTH 8             /* groups in each other */
#define MAX_OBJECTS 10000       /* however often one is linked */
#define MODEL_GROUP "model_weights"     /* in files of whole models */
#define READ_ONLY 0u            /* H5F_ACC_RDONLY, whose macro calls libhdf5 */

typedef struct
{
  const FacenetHdf5 *library;
  FacenetWeights *weights;
  GPtrArray *path;              /* names from below the root to here */
  guint n_objects;
  guint64 bytes_left;           /* that datasets may still take */
  GError *error;
} Hdf5Loader;

/* What the child is given, and what its answer begins with. */
typedef struct
{
  const FacenetSource *source;
  const FacenetHdf5 *library;
} Hdf5Job;

typedef struct
{
  gint failed, code;            /* code: of FACENET_ERROR */
} Result;

typedef struct
{
  const gchar *from, *to;
} Hdf5Name;

/* *INDENT-OFF* */
static const Hdf5Name variables[] = {
  { "kernel", "w" }, { "bias", "b" },
  { "gamma", "w" }, { "beta", "b" },
  { "moving_mean", "m" }, { "moving_variance", "v" },
};
/* *INDENT-ON* */

/* (transfer full): "conv1/kernel:0", readable whatever the file calls it */
static gchar *
name_path (const Hdf5Loader * self)
{
  GString *name = g_string_new (NULL);
  g_autofree gchar *raw = NULL;

  for (guint i = 0; i < self->path->len; i++) {
    g_string_append_printf (name, "%s%s", i > 0 ? "/" : "",
        (const gchar *) g_ptr_array_index (self->path, i));
  }
  raw = g_string_free (name, FALSE);
  return g_utf8_make_valid (raw, -1);
}

static gboolean
fail (Hdf5Loader * self, FacenetError code, const gchar * format, ...)
G_GNUC_PRINTF (3, 4);

     static gboolean
         fail (Hdf5Loader * self, FacenetError code, const gchar * format, ...)
{
  g_autofree gchar *text = NULL;
  g_autofree gchar *path = name_path (self);
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (&self->error, FACENET_ERROR, (gint) code, "%s%s%s: %s",
      facenet_weights_get_location (self->weights), *path != '\0' ? "/" : "",
      path, text);
  return FALSE;
}

/* (transfer full): "conv1_w" for conv1/…/kernel:0; the path for what no layer
 * here has, for others to refuse by that name */
static gchar *
map_name (const Hdf5Loader * self)
{
  const gchar *layer = g_ptr_array_index (self->path, 0);
  const gchar *last = g_ptr_array_index (self->path, self->path->len - 1);
  g_autofree gchar *variable = g_str_has_suffix (last, ":0") ?
      g_strndup (last, strlen (last) - 2) : g_strdup (last);

  for (guint i = 0; self->path->len > 1 && i < G_N_ELEMENTS (variables); i++) {
    if (g_str_equal (variables[i].from, variable)) {
      return g_strdup_printf ("%s_%s",
          g_str_equal (layer, "dense_layer") ? "dense" : layer,
          variables[i].to);
    }
  }
  return name_path (self);
}

/* Sets rank, dims and n; TRUE when they are within bounds. */
static gboolean
read_shape (Hdf5Loader * self, hid_t dataset, guint * rank, guint32 * dims,
    gsize * n)
{
  const FacenetHdf5 *h5 = self->library;
  hid_t space = h5->H5Dget_space (dataset);
  hsize_t sizes[H5S_MAX_RANK];
  gboolean is_simple = h5->H5Sget_simple_extent_type (space) == H5S_SIMPLE
      || h5->H5Sget_simple_extent_type (space) == H5S_SCALAR;
  int found =
      is_simple ? h5->H5Sget_simple_extent_dims (space, sizes, NULL) : -1;

  h5->H5Sclose (space);
  if (found < 0) {
    return fail (self, FACENET_ERROR_FORMAT, "has no shape");
  }
  if (found > FACENET_TENSOR_MAX_RANK) {
    return fail (self, FACENET_ERROR_LIMIT,
        "%d dimensions, expected at most %d", found, FACENET_TENSOR_MAX_RANK);
  }
  *rank = (guint) found;
  *n = 1;
  for (guint i = 0; i < *rank; i++) {
    if (sizes[i] > G_MAXUINT32 || !g_size_checked_mul (n, *n, sizes[i])) {
      return fail (self, FACENET_ERROR_LIMIT,
          "dimension %u is %" G_GUINT64_FORMAT ", more than memory can hold",
          i, (guint64) sizes[i]);
    }
    dims[i] = (guint32) sizes[i];
  }
  return TRUE;
}

/* Bytes of one number, 0 for what is no float. */
static gsize
read_type (const FacenetHdf5 * h5, hid_t dataset)
{
  hid_t type = h5->H5Dget_type (dataset);
  gsize size =
      h5->H5Tget_class (type) == H5T_FLOAT ? h5->H5Tget_size (type) : 0;

  h5->H5Tclose (type);
  return size == 2 || size == 4 || size == 8 ? size : 0;
}

static gboolean
is_plain (const FacenetHdf5 * h5, hid_t dataset)
{
  hid_t plist = h5->H5Dget_create_plist (dataset);
  H5D_layout_t layout = h5->H5Pget_layout (plist);
  gboolean plain = (layout == H5D_CONTIGUOUS || layout == H5D_COMPACT)
      && h5->H5Pget_external_count (plist) == 0
      && h5->H5Pget_nfilters (plist) == 0;

  h5->H5Pclose (plist);
  return plain;
}

/* Whether its numbers are in the file, all n of them, and once. */
static gboolean
check_storage (Hdf5Loader * self, hid_t dataset, gsize n)
{
  const FacenetHdf5 *h5 = self->library;
  gsize size = read_type (h5, dataset);
  hsize_t stored;

  if (size == 0) {
    return fail (self, FACENET_ERROR_FORMAT,
        "holds no floats, expected those of 16, 32 or 64 bits");
  }
  if (!is_plain (h5, dataset)) {
    return fail (self, FACENET_ERROR_FORMAT, "is chunked, compressed or kept "
        "in another file, expected plain numbers as Keras writes them");
  }
  stored = h5->H5Dget_storage_size (dataset);
  if (stored > self->bytes_left || stored / size != n || stored % size != 0) {
    return fail (self, FACENET_ERROR_TRUNCATED, "claims %" G_GUINT64_FORMAT
        " bytes for %" G_GSIZE_FORMAT " values of %" G_GSIZE_FORMAT
        ", the file has %" G_GUINT64_FORMAT " left", (guint64) stored, n, size,
        self->bytes_left);
  }
  self->bytes_left -= stored;
  return TRUE;
}

/* [k,k,c,oc] -> [oc,c,k,k], [n_in,n_out] -> [n_out,n_in]; both exchange the
 * last dimension with the first, and of four the inner two as well: it is the
 * product of the others that moves. (transfer full) */
static gfloat *
put_channels_first (const gfloat * values, guint rank, guint32 * dims)
{
  gsize area = rank == 4 ? (gsize) dims[0] * dims[1] : 1;
  gsize c = dims[rank - 2], oc = dims[rank - 1];
  gfloat *turned = g_try_new (gfloat, area * c * oc + 1);

  for (gsize i = 0; turned != NULL && i < area; i++) {
    for (gsize j = 0; j < c; j++) {
      for (gsize o = 0; o < oc; o++) {
        turned[(o * c + j) * area + i] = values[(i * c + j) * oc + o];
      }
    }
  }
  if (rank == 4) {
    dims[2] = dims[0];
    dims[3] = dims[1];
  }
  dims[0] = (guint32) oc;
  dims[1] = (guint32) c;
  return turned;
}

static gboolean
load_dataset (Hdf5Loader * self, hid_t dataset)
{
  const FacenetHdf5 *h5 = self->library;
  g_autofree gchar *name = map_name (self);
  g_autofree gfloat *values = NULL;
  guint32 dims[FACENET_TENSOR_MAX_RANK];
  guint rank = 0;
  gsize n = 0;

  if (!read_shape (self, dataset, &rank, dims, &n)
      || !check_storage (self, dataset, n)) {
    return FALSE;
  }
  /* One more, so that an empty tensor is not NULL. */
  values = g_try_new (gfloat, n + 1);
  if (values == NULL) {
    return fail (self, FACENET_ERROR_LIMIT, "no memory for its values");
  }
  if (h5->H5Dread (dataset, *h5->native_float, H5S_ALL, H5S_ALL, H5P_DEFAULT,
          values) < 0) {
    return fail (self, FACENET_ERROR_TRUNCATED, "its values cannot be read");
  }
  if (rank == 2 || rank == 4) {
    gfloat *turned = put_channels_first (values, rank, dims);

    g_free (values);
    values = turned;
  }
  return values != NULL && facenet_weights_take (self->weights, name, rank,
      dims, g_steal_pointer (&values), &self->error);
}

static herr_t load_link (hid_t group, const char *name, const H5L_info_t * info,
    void *data);

static gboolean
load_group (Hdf5Loader * self, hid_t group)
{
  const FacenetHdf5 *h5 = self->library;
  hsize_t position = 0;

  if (self->path->len >= MAX_DEPTH) {
    return fail (self, FACENET_ERROR_LIMIT,
        "more than %d groups in each other", MAX_DEPTH);
  }
  if (h5->H5Literate (group, H5_INDEX_NAME, H5_ITER_NATIVE, &position,
          load_link, self) < 0 && self->error == NULL) {
    fail (self, FACENET_ERROR_FORMAT, "the group cannot be read");
  }
  return self->error == NULL;
}

static gboolean
load_object (Hdf5Loader * self, hid_t object)
{
  const FacenetHdf5 *h5 = self->library;
  switch (h5->H5Iget_type (object)) {
    case H5I_GROUP:
      return load_group (self, object);
    case H5I_DATASET:
      return load_dataset (self, object);
    default:
      return fail (self, FACENET_ERROR_FORMAT,
          "is neither a group nor a dataset");
  }
}

/* Negative to stop, with error set. */
static herr_t
load_link (hid_t group, const char *name, const H5L_info_t * info, void *data)
{
  Hdf5Loader *self = data;
  const FacenetHdf5 *h5 = self->library;
  hid_t object = -1;

  g_ptr_array_add (self->path, g_strdup (name));
  if (++self->n_objects > MAX_OBJECTS) {
    fail (self, FACENET_ERROR_LIMIT, "more than %d objects", MAX_OBJECTS);
  } else if (info->type != H5L_TYPE_HARD) {
    fail (self, FACENET_ERROR_FORMAT,
        "is a link to elsewhere, expected a group or a dataset");
  } else {
    object = h5->H5Oopen (group, name, H5P_DEFAULT);
    if (object < 0) {
      fail (self, FACENET_ERROR_FORMAT, "cannot be opened");
    }
  }
  if (object >= 0) {
    if (!load_object (self, object) && self->error == NULL) {
      fail (self, FACENET_ERROR_LIMIT, "no memory for its values");
    }
    h5->H5Oclose (object);
  }
  g_ptr_array_set_size (self->path, (gint) self->path->len - 1);
  return self->error == NULL ? 0 : -1;
}

static gboolean
load_file (Hdf5Loader * self, hid_t file)
{
  const FacenetHdf5 *h5 = self->library;
  gboolean is_model = h5->H5Lexists (file, MODEL_GROUP, H5P_DEFAULT) > 0;
  hid_t group;

  if (h5->H5Lexists (file, "layers", H5P_DEFAULT) > 0) {
    return fail (self, FACENET_ERROR_FORMAT, "weights in Keras 3's own layout, "
        "which does not name its layers, expected a file that "
        "model.save (\"NAME.h5\") wrote");
  }
  group = h5->H5Gopen2 (file, is_model ? MODEL_GROUP : "/", H5P_DEFAULT);
  if (group < 0) {
    return fail (self, FACENET_ERROR_FORMAT, "its first group cannot be read");
  }
  load_group (self, group);
  h5->H5Gclose (group);
  return self->error == NULL;
}

/* A file of libhdf5 over bytes that it copies. */
static hid_t
open_image (const FacenetHdf5 * h5, GBytes * bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  hid_t plist = h5->H5Pcreate (*h5->file_access);
  hid_t file = -1;

  /* It needs a name that no file has: there is nothing below a device. */
  if (h5->H5Pset_fapl_core (plist, 65536, FALSE) >= 0
      && h5->H5Pset_file_image (plist, (void *) data, size) >= 0) {
    file = h5->H5Fopen ("/dev/null/facenet.h5", READ_ONLY, plist);
  }
  h5->H5Pclose (plist);
  return file;
}

/* In the child: what it found, behind its result. */
static void
load_in_child (GByteArray * out, gpointer data)
{
  const FacenetSource *source = ((const Hdf5Job *) data)->source;
  const FacenetHdf5 *h5 = ((const Hdf5Job *) data)->library;
  Hdf5Loader loader = { 0 };
  Result result = { 0, 0 };
  hid_t file;

  loader.library = h5;
  loader.weights = facenet_weights_new (source->location);
  loader.path = g_ptr_array_new_with_free_func (g_free);
  loader.bytes_left = g_bytes_get_size (source->bytes);
  /* Errors are returned, not printed. */
  h5->H5Eset_auto2 (H5E_DEFAULT, NULL, NULL);
  file = open_image (h5, source->bytes);
  if (file < 0) {
    fail (&loader, FACENET_ERROR_TRUNCATED,
        "libhdf5 cannot open it: damaged or cut short");
  } else {
    load_file (&loader, file);
  }
  if (loader.error != NULL) {
    result.failed = TRUE;
    result.code = loader.error->code;
  }
  g_byte_array_append (out, (const guint8 *) &result, sizeof result);
  if (loader.error != NULL) {
    g_byte_array_append (out, (const guint8 *) loader.error->message,
        (guint) strlen (loader.error->message) + 1);
  } else {
    facenet_weights_pack (loader.weights, out);
  }
}

/* What the child sent: an error or weights. */
static FacenetWeights *
read_result (GBytes * bytes, const gchar * location, GError ** error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  Result result;

  g_return_val_if_fail (size > sizeof result, NULL);
  memcpy (&result, data, sizeof result);
  data += sizeof result;
  size -= sizeof result;
  if (!result.failed) {
    return facenet_weights_unpack (data, size, location, error);
  }
  g_set_error (error, FACENET_ERROR, result.code, "%.*s", (gint) size,
      (const gchar *) data);
  return NULL;
}

FacenetWeights *
facenet_format_hdf5_load (const FacenetSource * source, GError ** error)
{
  /* Doubles become floats and halves, too; names take little. */
  gsize max_size = 4 * g_bytes_get_size (source->bytes) + 1024 * 1024;
  Hdf5Job job = { source, facenet_hdf5_open (source->location, error) };
  g_autoptr (GBytes) bytes = NULL;

  if (job.library == NULL) {
    return NULL;
  }
  bytes = facenet_child_run (load_in_child, &job, max_size, source->location,
      error);
  return bytes != NULL ? read_result (bytes, source->location, error) : NULL;
}
