/* facenet-error.c - the one error domain
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include <facenet/facenet-error.h>

/**
 * facenet_error_quark:
 *
 * Names the error domain of libfacenet.
 *
 * Returns: the domain of every error that libfacenet reports, see
 *   #FacenetError
 *
 * Since: 0.1
 */
GQuark
facenet_error_quark (void)
{
  return g_quark_from_static_string ("facenet-error-quark");
}
