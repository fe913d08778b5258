/* overlayplugin.c - registers the element that draws, nothing else
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * A plugin of its own: only who draws has cairo, and the font and window
 * system libraries that it brings, in the process.
 */
#include "overlay/gstfacematchoverlay.h"

static gboolean
plugin_init (GstPlugin * plugin)
{
  return GST_ELEMENT_REGISTER (facematchoverlay, plugin);
}

/* *INDENT-OFF* */
GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, facenetoverlay,
    "Face recognition: who is in the picture, drawn into it",
    plugin_init, PACKAGE_VERSION, "LGPL", "gst-facenet",
    "Unknown package origin");
/* *INDENT-ON* */
