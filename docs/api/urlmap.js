// SPDX-License-Identifier: LGPL-2.1-or-later
baseURLs = [
  ['Facenet', '../libfacenet/'],
  ['GLib', 'https://docs.gtk.org/glib/'],
  ['GObject', 'https://docs.gtk.org/gobject/'],
  ['Gst', 'https://gstreamer.freedesktop.org/documentation/gstreamer/'],
]
