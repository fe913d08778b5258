/* plugin.c - registers the elements, nothing else
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "detect/gstfacenetdetect.h"
#include "encode/gstfacealign.h"
#include "encode/gstfacecrop.h"
#include "match/gstfacematch.h"
#include "encode/gstfacenetencode.h"

static gboolean
plugin_init (GstPlugin * plugin)
{
  return GST_ELEMENT_REGISTER (facenetdetect, plugin)
      && GST_ELEMENT_REGISTER (facenetencode, plugin)
      && GST_ELEMENT_REGISTER (facematch, plugin)
      && GST_ELEMENT_REGISTER (facecrop, plugin)
      && GST_ELEMENT_REGISTER (facealign, plugin);
}

/* *INDENT-OFF* */
GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, facenet,
    "Face recognition: embeddings of faces and matches with a gallery",
    plugin_init, PACKAGE_VERSION, "LGPL", "gst-facenet",
    "Unknown package origin");
/* *INDENT-ON* */
