// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright (C) 2026 the gst-facenet authors
baseURLs = [
  ['Facenet', '../libfacenet/'],
  ['GLib', 'https://docs.gtk.org/glib/'],
  ['GObject', 'https://docs.gtk.org/gobject/'],
  ['Gst', 'https://gstreamer.freedesktop.org/documentation/gstreamer/'],
]
