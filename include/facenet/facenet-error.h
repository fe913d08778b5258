/* facenet-error.h - the one error domain
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Every message names the file, the item in it, what was found and what was
 * expected: "nn4.safetensors/conv1_w: shape [64,3,7,5], expected [64,3,7,7]".
 */
#pragma once

#include <facenet/facenet-macros.h>

G_BEGIN_DECLS

#define FACENET_ERROR (facenet_error_quark ())

/**
 * FacenetError:
 * @FACENET_ERROR_OPEN: a file cannot be opened, read or written
 * @FACENET_ERROR_FORMAT: the contents break the rules of their format
 * @FACENET_ERROR_TRUNCATED: the contents end before they should
 * @FACENET_ERROR_MISSING: something that must be there is not: a tensor, a
 *   member, an identity
 * @FACENET_ERROR_SHAPE: numbers are there but of another count or shape
 * @FACENET_ERROR_LIMIT: a count or a size is beyond what is accepted
 * @FACENET_ERROR_MISMATCH: two things are whole but do not belong together,
 *   such as a gallery and the embeddings of another model
 *
 * Codes of the %FACENET_ERROR domain.
 *
 * Since: 0.1
 */
typedef enum {
  FACENET_ERROR_OPEN,
  FACENET_ERROR_FORMAT,
  FACENET_ERROR_TRUNCATED,
  FACENET_ERROR_MISSING,
  FACENET_ERROR_SHAPE,
  FACENET_ERROR_LIMIT,
  FACENET_ERROR_MISMATCH
} FacenetError;

FACENET_API GQuark facenet_error_quark (void);

G_END_DECLS
