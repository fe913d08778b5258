/* facenet-hdf5-private.h - the functions of libhdf5 that are used
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

/* Newer versions than Debian's have other functions by the same names. */
#define H5_USE_110_API

#include <facenet/facenet-error.h>
#include <hdf5.h>

G_BEGIN_DECLS

#define FACENET_HDF5_FUNCTIONS(F) \
    F (H5open) F (H5Eset_auto2) \
    F (H5Fopen) F (H5Lexists) F (H5Literate) \
    F (H5Gopen2) F (H5Gclose) F (H5Oopen) F (H5Oclose) F (H5Iget_type) \
    F (H5Dread) F (H5Dget_space) F (H5Dget_type) F (H5Dget_create_plist) \
    F (H5Dget_storage_size) \
    F (H5Sclose) F (H5Sget_simple_extent_type) F (H5Sget_simple_extent_dims) \
    F (H5Tclose) F (H5Tget_class) F (H5Tget_size) \
    F (H5Pcreate) F (H5Pclose) F (H5Pset_fapl_core) F (H5Pset_file_image) \
    F (H5Pget_layout) F (H5Pget_external_count) F (H5Pget_nfilters)

#define FACENET_HDF5_MEMBER(name) __typeof__ (name) *name;

typedef struct {
  FACENET_HDF5_FUNCTIONS (FACENET_HDF5_MEMBER)
  const hid_t *file_access;     /* H5P_FILE_ACCESS */
  const hid_t *native_float;    /* H5T_NATIVE_FLOAT */
} FacenetHdf5;

#undef FACENET_HDF5_MEMBER

/* Opens libhdf5 at the first call; later ones give the same. location names in
 * the error the file it is wanted for: OPEN. (transfer none) */
const FacenetHdf5 *facenet_hdf5_open (const gchar * location, GError ** error);

G_END_DECLS
