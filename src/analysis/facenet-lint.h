/* facenet-lint.h - what looks wrong in a gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * One person enrolled twice, a photograph in the wrong folder and a vector
 * that was not normalised all make wrong matches later, and none of them is an
 * error in the file.
 */
#pragma once

#include <facenet/facenet-gallery.h>

G_BEGIN_DECLS

/**
 * FacenetLintKind:
 * @FACENET_LINT_NEAR_DUPLICATE: embeddings of two people that are hardly
 *   different: one person under two ids, or a photograph in the wrong folder
 * @FACENET_LINT_OUTLIER: an embedding far from all others of its person
 * @FACENET_LINT_NORM: an embedding that was not of length one in the file
 * @FACENET_LINT_DUPLICATE_NAME: two people whose names are the same but for
 *   capitals
 * @FACENET_LINT_NO_EMBEDDINGS: a person who can never be found
 *
 * What a finding is.
 */
typedef enum {
  FACENET_LINT_NEAR_DUPLICATE,
  FACENET_LINT_OUTLIER,
  FACENET_LINT_NORM,
  FACENET_LINT_DUPLICATE_NAME,
  FACENET_LINT_NO_EMBEDDINGS
} FacenetLintKind;

/**
 * FacenetLintOptions:
 * @near_duplicate: squared L2 below which embeddings of two people are near
 *   duplicates; 0 = half the gallery's threshold
 * @outlier: squared L2 to the nearest other embedding of a person beyond which
 *   one is an outlier; 0 = one and a half times the gallery's threshold
 *
 * How strict to be. A gallery that names no threshold has
 * %FACENET_GALLERY_THRESHOLD.
 */
typedef struct {
  gdouble near_duplicate;
  gdouble outlier;
} FacenetLintOptions;

/**
 * FacenetLintFinding:
 * @kind: what it is
 * @identity: index of the person it is about
 * @embedding: which of their embeddings, -1 when it is about none
 * @other_identity: index of the other person, -1 when there is none; of an
 *   outlier the same person
 * @other_embedding: which of the other's embeddings, -1 for none
 * @value: squared L2 between the two embeddings, or the length in the file of
 *   one that was not of length one; NaN when neither says anything
 *
 * One thing that looks wrong.
 */
typedef struct {
  FacenetLintKind kind;
  guint identity;
  gint embedding;
  gint other_identity;
  gint other_embedding;
  gdouble value;
} FacenetLintFinding;

const gchar *facenet_lint_kind_get_nick (FacenetLintKind kind);
GArray *facenet_gallery_lint (const FacenetGallery * self,
    const FacenetLintOptions * options);

G_END_DECLS
