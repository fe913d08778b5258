#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 the gst-facenet authors
#
# Enrols people from photographs, then recognises faces in other pictures: what
# embed.c does, from Python, and with the gallery in memory.
#
#   embed.py [--cropped] GALLERY PICTURE…      as embed does
#   embed.py [--cropped] --enrol PERSON GALLERY PICTURE…
#                       adds a person to the gallery file, which may be new
#
# The pipeline only finds and embeds faces. Comparing them is left to the
# library here, which makes it easy to see how near a face is to whom; a
# pipeline with facematch would attach that to the buffers too.
import argparse
import os
import sys

import gi
gi.require_version('Facenet', '0')
gi.require_version('Gst', '1.0')
gi.require_version('GstFacenet', '0')
from gi.repository import Facenet, GLib, Gst, GstFacenet  # noqa: E402

FIND = 'facenetdetect ! facenetencode inference-region=roi-list'
CROPPED = 'facenetencode inference-region=full-frame'


def first_error(pipeline):
    """The first error that a pipeline posted, as an exception."""
    message = pipeline.get_bus().pop_filtered(Gst.MessageType.ERROR)
    error = message.parse_error()[0] if message else None
    return RuntimeError(error.message if error else 'there is no picture')


def load_picture(path):
    """A picture decoded to RGB, as a Gst.Sample. It stands for wherever an
    application has its pictures from."""
    pipeline = Gst.parse_launch(
        'filesrc name=file ! decodebin ! videoconvert '
        '! video/x-raw,format=RGB ! appsink name=sink')
    pipeline.get_by_name('file').props.location = path
    try:
        # A paused sink holds the first picture.
        pipeline.set_state(Gst.State.PAUSED)
        message = pipeline.get_bus().timed_pop_filtered(
            Gst.CLOCK_TIME_NONE,
            Gst.MessageType.ERROR | Gst.MessageType.ASYNC_DONE)
        if message.type == Gst.MessageType.ERROR:
            raise RuntimeError('%s: %s' % (
                path, message.parse_error()[0].message))
        sample = pipeline.get_by_name('sink').emit('pull-preroll')
        if sample is None:
            raise RuntimeError('%s: there is no picture in it' % path)
        return sample
    finally:
        pipeline.set_state(Gst.State.NULL)


class Embedder:
    """Finds the faces of pictures and turns each into 128 numbers."""

    def __init__(self, cropped):
        self.pipeline = Gst.parse_launch(
            'appsrc name=source format=time ! %s '
            '! appsink name=sink sync=false' % (CROPPED if cropped else FIND))
        self.source = self.pipeline.get_by_name('source')
        self.sink = self.pipeline.get_by_name('sink')
        if (self.pipeline.set_state(Gst.State.PLAYING)
                == Gst.StateChangeReturn.FAILURE):
            raise first_error(self.pipeline)

    def close(self):
        self.pipeline.set_state(Gst.State.NULL)

    def embed(self, picture):
        """The buffer of a picture, its faces attached as metadata. Each
        picture may have a size of its own."""
        self.source.emit('push-sample', picture)
        sample = self.sink.emit('pull-sample')
        if sample is None:
            raise first_error(self.pipeline)
        return sample.get_buffer()


def open_gallery(path, face):
    """The gallery of a file, or a new one for the model of a face."""
    if os.path.exists(path):
        gallery = Facenet.Gallery.load(path)
        # Numbers of two models cannot be compared.
        gallery.check_model(face.model_id, face.n_dims)
        return gallery
    model = Facenet.GalleryModel()
    model.id, model.n_dims = face.model_id, face.n_dims
    gallery = Facenet.Gallery.new(model)
    # The pipeline uses this model, too.
    gallery.set_threshold(Facenet.Model.load(None, None).get_threshold())
    return gallery


def enrol(embedder, person, path, pictures):
    gallery = None
    for picture in pictures:
        name = os.path.basename(picture)
        buffer = embedder.embed(load_picture(picture))
        faces = GstFacenet.buffer_list_face_embedding_metas(buffer)
        if len(faces) != 1:
            print('%s: skipped, %d faces' % (name, len(faces)))
            continue
        gallery = gallery or open_gallery(path, faces[0])
        enrolment = Facenet.Enrolment.new(faces[0].get_embedding())
        enrolment.source, enrolment.quality = name, faces[0].quality
        gallery.add(gallery.make_id(person), person, enrolment)
    if gallery is None:
        raise RuntimeError('no picture shows one face')
    gallery.save(path)
    print('%s: %d identities, %d embeddings' % (
        path, gallery.get_n_identities(), gallery.get_n_embeddings()))


def recognise(embedder, path, pictures):
    gallery = Facenet.Gallery.load(path)
    for picture in pictures:
        name = os.path.basename(picture)
        buffer = embedder.embed(load_picture(picture))
        faces = GstFacenet.buffer_list_face_embedding_metas(buffer)
        for face in faces:
            gallery.check_model(face.model_id, face.n_dims)
            candidates, match = gallery.match(None, face.get_embedding())
            who = (candidates[0].name if match.event == Facenet.Event.MATCH
                   else Facenet.event_get_nick(match.event))
            distance = candidates[0].distance if candidates else float('nan')
            print('%s: %s at %.2f, %dx%d at %d,%d of %dx%d' % (
                name, who, distance, face.w, face.h, face.x, face.y,
                face.frame_width, face.frame_height))
        if not faces:
            print('%s: no face found' % name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--cropped', action='store_true',
                        help='each picture is one face')
    parser.add_argument('--enrol', metavar='PERSON')
    parser.add_argument('gallery')
    parser.add_argument('pictures', nargs='+', metavar='picture')
    options = parser.parse_args()
    Gst.init(None)
    embedder = None
    try:
        embedder = Embedder(options.cropped)
        if options.enrol:
            enrol(embedder, options.enrol, options.gallery, options.pictures)
        else:
            recognise(embedder, options.gallery, options.pictures)
    except (RuntimeError, GLib.Error) as error:
        print(getattr(error, 'message', error), file=sys.stderr)
        return 1
    finally:
        if embedder:
            embedder.close()
    return 0


if __name__ == '__main__':
    sys.exit(main())
