/* facenet-calibration.h - the threshold that fits a gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * How far apart the pictures of one person are and how near those of others
 * come depends on the camera and on the people. A gallery knows: its own
 * embeddings, looked up in it, say how often somebody enrolled is missed and
 * how often a stranger is taken for somebody, at every threshold.
 */
#pragma once

#include <facenet/facenet-gallery.h>

G_BEGIN_DECLS

/**
 * FacenetRate:
 * @rate: share that was observed, in [0,1]; NaN without any observation
 * @low: lower end of its confidence interval of 95 %
 * @high: upper end
 *
 * How often something happens. facenet_gallery_calibrate() says what the
 * interval takes into account.
 */
typedef struct {
  gdouble rate;
  gdouble low;
  gdouble high;
} FacenetRate;

/**
 * FacenetCalibrationPoint:
 * @threshold: squared L2
 * @frr: false reject rate: faces of people enrolled that are farther than that
 *   from all other embeddings of theirs
 * @far: false accept rate: comparisons of a face with somebody else, that is
 *   with the nearest of their embeddings, that are within it
 * @false_alarm: chance that a stranger's face is within it of anybody in the
 *   gallery, 1 - (1 - far)^N for N identities
 *
 * What a threshold would do.
 */
typedef struct {
  gdouble threshold;
  FacenetRate frr;
  FacenetRate far;
  FacenetRate false_alarm;
} FacenetCalibrationPoint;

/**
 * FacenetCalibrationBasis:
 * @FACENET_CALIBRATION_MEASURED: the gallery's own faces, and the strangers
 * @FACENET_CALIBRATION_MODEL_CARD: these are too few to tell so small a
 *   chance; what is known of the shipped model and many people
 * @FACENET_CALIBRATION_NONE: these are too few, and nothing is known of the
 *   model: there is no suggestion
 *
 * What a suggested threshold rests on.
 */
typedef enum {
  FACENET_CALIBRATION_MEASURED,
  FACENET_CALIBRATION_MODEL_CARD,
  FACENET_CALIBRATION_NONE
} FacenetCalibrationBasis;

/**
 * FacenetCalibrationOptions:
 * @false_alarm: how often at most a stranger's face may be taken for somebody,
 *   in (0,1); 0 = 0.01
 * @strangers: (nullable) (array): embeddings of people who are not in the
 *   gallery, [@n_strangers, n_dims], unit vectors
 * @n_strangers: how many
 *
 * What a calibration is for.
 */
typedef struct {
  gdouble false_alarm;
  const gfloat *strangers;
  guint n_strangers;
} FacenetCalibrationOptions;

/**
 * FacenetCalibrationSummary:
 * @n_identities: people who can be found; decoys are none
 * @n_people: of these, how many have two embeddings or more
 * @n_genuine: faces that were looked for among others of their person
 * @n_strangers: strangers that were looked up
 * @n_comparisons: comparisons of a face with somebody else that the false
 *   accept rate rests on
 * @basis: what the suggestion rests on
 * @suggested: the suggested threshold and what it would do; all NaN when there
 *   is none, the rates when they were not measured
 * @margin: how much nearer than the next identity a face should be: hardly any
 *   right match is nearer than that; 0 when it cannot be told
 *
 * What came out.
 */
typedef struct {
  guint n_identities;
  guint n_people;
  guint n_genuine;
  guint n_strangers;
  guint64 n_comparisons;
  FacenetCalibrationBasis basis;
  FacenetCalibrationPoint suggested;
  gdouble margin;
} FacenetCalibrationSummary;

/**
 * FacenetCalibration:
 *
 * What thresholds would do with a gallery. Immutable.
 */
typedef struct _FacenetCalibration FacenetCalibration;

FacenetCalibration *facenet_gallery_calibrate (const FacenetGallery * self,
    const FacenetCalibrationOptions * options);
void facenet_calibration_free (FacenetCalibration * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetCalibration, facenet_calibration_free)

void facenet_calibration_get_summary (const FacenetCalibration * self,
    FacenetCalibrationSummary * summary);
const FacenetCalibrationPoint *facenet_calibration_get_points (
    const FacenetCalibration * self, guint * n_points);
const gdouble *facenet_calibration_get_within (const FacenetCalibration * self,
    guint * n);
const gdouble *facenet_calibration_get_across (const FacenetCalibration * self,
    guint * n);

G_END_DECLS
