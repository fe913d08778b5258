/* jpeg.c - what a JPEG file says about itself
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Two things that GStreamer's JPEG decoder does not tell: how the camera was
 * held (EXIF 2.3, tag 0x0112; only jpegparse of the "bad" plugins reads it),
 * and that a file ends before its picture does (the decoder fills the rest
 * with grey). Segments: ITU-T T.81, annex B; tags: TIFF 6.0, section 2.
 */
#include "jpeg.h"

#include <string.h>

#define MARKER_TEM 0x01
#define MARKER_RST0 0xd0
#define MARKER_RST7 0xd7
#define MARKER_EOI 0xd9
#define MARKER_SOS 0xda
#define MARKER_APP1 0xe1

#define TIFF_HEADER 8
#define TIFF_ENTRY 12
#define TIFF_TAG_ORIENTATION 0x0112
#define TIFF_TYPE_SHORT 3

/* A stretch of bytes in one byte order. */
typedef struct
{
  const guint8 *data;
  gsize size;
  gboolean big_endian;
} JpegBytes;

/* 0 beyond the end, which no caller takes for a meaningful value. */
static guint
read_u16 (const JpegBytes * self, gsize offset)
{
  const guint8 *p;

  if (offset > self->size || self->size - offset < 2)
    return 0;
  p = self->data + offset;
  return (guint) (self->big_endian ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}

static gsize
read_u32 (const JpegBytes * self, gsize offset)
{
  gsize first = read_u16 (self, offset);
  gsize second = read_u16 (self, offset + 2);

  return self->big_endian ? first << 16 | second : second << 16 | first;
}

/* Orientation in the first directory of a TIFF structure, 1 if not there. */
static guint
tiff_orientation (const guint8 * data, gsize size)
{
  JpegBytes tiff = { data, size, FALSE };
  gsize directory;
  guint n_entries;

  if (size < TIFF_HEADER)
    return 1;
  tiff.big_endian = data[0] == 'M';
  if (read_u16 (&tiff, 2) != 42)
    return 1;

  directory = read_u32 (&tiff, 4);
  n_entries = read_u16 (&tiff, directory);
  for (guint i = 0; i < n_entries; i++) {
    gsize entry = directory + 2 + (gsize) i * TIFF_ENTRY;

    if (read_u16 (&tiff, entry) == TIFF_TAG_ORIENTATION
        && read_u16 (&tiff, entry + 2) == TIFF_TYPE_SHORT) {
      guint value = read_u16 (&tiff, entry + 8);

      return value >= 1 && value <= 8 ? value : 1;
    }
  }
  return 1;
}

/* In the data of a scan 0xff is followed by 0 or a restart marker, so that
 * the first end marker behind it is the end of the picture. */
static gboolean
has_end (const guint8 * data, gsize size)
{
  const guint8 *p = data;
  const guint8 *end = data + size;

  while (p < end && (p = memchr (p, 0xff, (gsize) (end - p))) != NULL) {
    p++;
    if (p < end && *p == MARKER_EOI)
      return TRUE;
  }
  return FALSE;
}

void
tool_jpeg_inspect (const guint8 * data, gsize size, ToolJpeg * jpeg)
{
  static const gchar exif[] = { 'E', 'x', 'i', 'f', '\0', '\0' };
  JpegBytes file = { data, size, TRUE };
  gsize offset = 2;

  jpeg->is_jpeg = size >= 3 && memcmp (data, "\xff\xd8\xff", 3) == 0;
  jpeg->complete = FALSE;
  jpeg->orientation = 1;
  if (!jpeg->is_jpeg)
    return;

  while (offset + 4 <= size && data[offset] == 0xff) {
    guint marker = data[offset + 1];
    gsize length = read_u16 (&file, offset + 2);

    if (marker == 0xff) {
      offset++;                 /* fill byte */
    } else if (marker == MARKER_TEM
        || (marker >= MARKER_RST0 && marker <= MARKER_RST7)) {
      offset += 2;              /* a marker without a segment */
    } else if (marker == MARKER_SOS) {
      jpeg->complete = has_end (data + offset, size - offset);
      return;
    } else {
      if (length < 2 || length > size - offset - 2)
        return;
      if (marker == MARKER_APP1 && length >= 2 + sizeof exif
          && memcmp (data + offset + 4, exif, sizeof exif) == 0)
        jpeg->orientation = tiff_orientation (data + offset + 4 + sizeof exif,
            length - 2 - sizeof exif);
      offset += 2 + length;
    }
  }
}
