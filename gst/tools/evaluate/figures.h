/* figures.h - the figures of a verification, to read and to plot
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#pragma once

#include "analysis/facenet-verification.h"

G_BEGIN_DECLS

/* False accept rates at which true ones are given: 1 % and 0.1 %. */
#define TOOL_N_RATES 2
extern const gdouble tool_rates[TOOL_N_RATES];

/* n_folds: 0 when the threshold was given or chosen on the same pairs
 * threshold: squared L2, of the accuracy
 * tar, tar_threshold: at each of the tool_rates */
typedef struct {
  guint n_pairs;
  guint n_failed;
  guint n_folds;
  gdouble accuracy, std, standard_error, threshold;
  gdouble auc, eer;
  gdouble tar[TOOL_N_RATES], tar_threshold[TOOL_N_RATES];
} ToolFigures;

/* threshold: of the accuracy, below 0 to choose it by the folds. */
void tool_figures_compute (ToolFigures * self,
    const FacenetVerification * verification, gdouble threshold);

/* The members of an object. */
void tool_figures_add_json (const ToolFigures * self, GString * json);

/* A member key: {"0.01":…,"0.001":…} */
void tool_rates_add_json (const gdouble * values, const gchar * key,
    GString * json);

/* A table; compared: the same without failed pairs, NULL where none failed. */
void tool_figures_print (const ToolFigures * self,
    const ToolFigures * compared);

/* The ROC curve, and how far apart the pairs of each kind are with the
 * threshold between them. names: of the pairs of one person and of two. */
gboolean tool_figures_save_roc (const FacenetVerification * verification,
    const gchar * title, const gchar * location, GError ** error);
gboolean tool_figures_save_histogram (const GArray * pairs,
    const gchar * const names[2], gdouble threshold, const gchar * location,
    GError ** error);

G_END_DECLS
