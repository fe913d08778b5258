/* facenet-half-private.h - numbers as files store them, now in src/base
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#pragma once

#include "base/facenet-half-private.h"
