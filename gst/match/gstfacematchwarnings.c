/* gstfacematchwarnings.c - settings that cannot mean what they say
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Whether they do depends on the gallery, so that it is found out when faces
 * are judged and not when a property is set.
 */
#include "gstfacematchwarnings.h"

/* The unknown threshold has no effect below the threshold: said when it comes
 * to that, not at every buffer. */
static void
warn_about_threshold (GstFaceMatchWarnings * self, GstElement * element,
    const GstFaceMatchSnapshot * now)
{
  const GstFaceMatchSettings *settings = &now->settings;
  FacenetMatchPolicy policy;
  gdouble threshold;
  gboolean below;

  gst_face_match_settings_get_policy (settings, &policy);
  threshold = facenet_gallery_find_threshold (now->gallery, &policy);
  below = settings->unknown_threshold > 0
      && settings->unknown_threshold < threshold;
  if (below && !self->threshold) {
    GST_ELEMENT_WARNING (element, LIBRARY, SETTINGS,
        ("unknown-threshold %g is below the threshold %g and is ignored",
            settings->unknown_threshold, threshold), (NULL));
  }
  self->threshold = below;
}

/* A claim that no face can meet: said once for each claim and
 * gallery. */
static void
warn_about_claim (GstFaceMatchWarnings * self, GstElement * element,
    const GstFaceMatchSnapshot * now)
{
  const GstFaceMatchSettings *settings = &now->settings;

  if (self->serial == settings->claim_serial
      && self->generation == now->generation)
    return;
  self->serial = settings->claim_serial;
  self->generation = now->generation;
  if (settings->claimed_id == NULL) {
    GST_ELEMENT_WARNING (element, LIBRARY, SETTINGS,
        ("mode is verify, but there is no claimed-id: every face is rejected"),
        (NULL));
  } else if (facenet_gallery_find (now->gallery, settings->claimed_id) < 0) {
    GST_ELEMENT_WARNING (element, LIBRARY, SETTINGS,
        ("claimed-id \"%s\" is not in the gallery: every face is rejected",
            settings->claimed_id), (NULL));
  }
}

void
gst_face_match_warnings_reset (GstFaceMatchWarnings * self)
{
  self->threshold = FALSE;
  self->serial = 0;
  self->generation = 0;
}

void
gst_face_match_warnings_check (GstFaceMatchWarnings * self,
    GstElement * element, const GstFaceMatchSnapshot * now)
{
  if (now->settings.mode == GST_FACE_MATCH_MODE_VERIFY)
    warn_about_claim (self, element, now);
  else
    warn_about_threshold (self, element, now);
}
