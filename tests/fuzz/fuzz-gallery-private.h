/* fuzz-gallery-private.h - what must hold of whatever is read as a gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "fuzz-private.h"

#include <facenet/facenet-match.h>

#include "gallery/facenet-gallery-private.h"

static inline void
fuzz_search (const FacenetGallery * gallery)
{
  g_autofree gfloat *probe = NULL;
  FacenetMatchPolicy policy = { .metric = FACENET_METRIC_L2,.top_k = 3 };
  FacenetVerdict verdict;
  FacenetCandidate candidates[3];
  FacenetGalleryModel model;

  facenet_gallery_get_model (gallery, &model);
  probe = g_new0 (gfloat, model.n_dims);
  facenet_gallery_match (gallery, &policy, probe, 1, &verdict, candidates);
  g_assert (verdict.n_candidates <= facenet_gallery_get_n_identities (gallery));
}

/* Either an error of ours, or a gallery that can be searched and that, printed
 * as JSON, is read again and printed the same. */
static inline void
fuzz_check_gallery (const FacenetGallery * gallery, const GError * error)
{
  g_autoptr (GError) again_error = NULL;
  g_autoptr (FacenetGallery) again = NULL;
  g_autoptr (GString) first = NULL, second = NULL;

  if (gallery == NULL) {
    g_assert (error != NULL && error->domain == FACENET_ERROR);
    return;
  }
  g_assert (error == NULL);
  fuzz_search (gallery);
  first = facenet_gallery_print (gallery);
  again = facenet_gallery_parse (first->str, first->len, "again",
      &again_error);
  g_assert (again != NULL);
  second = facenet_gallery_print (again);
  g_assert (g_string_equal (first, second));
}
