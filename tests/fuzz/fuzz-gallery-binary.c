/* fuzz-gallery-binary.c - any bytes as a binary gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is a gallery can be searched, and printed as JSON it is read again and
 * printed the same.
 */
#include "fuzz-private.h"

#include <facenet/facenet-match.h>

#include "gallery/facenet-gallery-private.h"

static void
search (const FacenetGallery * gallery)
{
  g_autofree gfloat *probe = NULL;
  FacenetMatchPolicy policy = { FACENET_METRIC_L2, 0, 0, 0, NULL, 3 };
  FacenetMatch match;
  FacenetCandidate candidates[3];
  FacenetGalleryModel model;

  facenet_gallery_get_model (gallery, &model);
  probe = g_new0 (gfloat, model.n_dims);
  facenet_gallery_match (gallery, &policy, probe, 1, &match, candidates);
  g_assert (match.n_candidates <= facenet_gallery_get_n_identities (gallery));
}

int
LLVMFuzzerTestOneInput (const uint8_t * data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FacenetGallery) gallery =
      facenet_gallery_parse_binary (bytes, "fuzz", &error);
  g_autoptr (FacenetGallery) again = NULL;
  g_autoptr (GString) first = NULL, second = NULL;

  if (gallery == NULL) {
    g_assert (error != NULL && error->domain == FACENET_ERROR);
    return 0;
  }
  g_assert (error == NULL);
  search (gallery);
  first = facenet_gallery_print (gallery);
  again = facenet_gallery_parse (first->str, first->len, "again", &error);
  g_assert (again != NULL);
  second = facenet_gallery_print (again);
  g_assert (g_string_equal (first, second));
  return 0;
}
