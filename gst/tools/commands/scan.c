/* scan.c - facenet scan: who is to be seen in videos, and when
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Two steps: from videos to tracks, which takes long, depends on nothing but
 * the video and the model, and can be kept; and from tracks to who appears
 * when, which takes a moment.
 */
#include "common/console.h"
#include "media/encoder.h"
#include "media/finder.h"
#include "common/files.h"
#include "common/gallery.h"
#include "scan/jobs.h"
#include "common/output.h"
#include "scan/options.h"
#include "scan/sheet.h"

#include <gst/gst.h>

#define NS_PER_SECOND 1e9

static const gchar description[] =
    "Detects and follows faces in videos, and lists who of the gallery appears,\n"
    "from when to when. People who are not in the gallery are told apart and\n"
    "numbered, \"unknown 1\" and so on, over all videos; so is everybody without\n"
    "--gallery. A person past \"valid-until\" in the gallery is listed as unknown;\n"
    "decoys and people with the action \"ignore\" are left out. Distances are\n"
    "squared L2, of a whole appearance and not of a single picture. A folder\n"
    "means all videos in it and its subfolders, by the endings of their names.\n\n"
    "With --json each appearance is a line, times in seconds:\n"
    "  {\"file\":...,\"event\":\"match\",\"id\":...,\"name\":...,\"start\":...,"
    "\"end\":...,\n"
    "   \"faces\":...,\"best_distance\":...}\n"
    "and each video that is damaged or cannot be read\n"
    "  {\"file\":...,\"error\":...}; appearances before the damage are listed "
    "too.\n"
    "csv has the same columns; webvtt is a subtitle or chapter file for one\n"
    "video. The output does not depend on --jobs.\n\n"
    "--state keeps the result of each finished video in a file of that folder.\n"
    "A stopped scan continues from there; another gallery, threshold, gap or\n"
    "format, --sheet and --find need no new scan. Without videos, uses all that\n"
    "is kept. These files hold embeddings and small pictures of everybody's\n"
    "face: BIOMETRIC DATA. Only you can read them; delete the folder when it has\n"
    "served its purpose.\n\n"
    "Exit status: 0 if somebody of the gallery (without one: anybody) was seen,\n"
    "1 if nobody was, 2 if a video could not be read to its end or on another\n"
    "error.\n\n"
    "Examples:\n"
    "  facenet scan party.mp4 --gallery people.json\n"
    "  facenet scan videos/ -g people.json --state kept --sheet faces.png\n"
    "  facenet scan party.mp4 -g people.json -f webvtt -o party.vtt\n"
    "  facenet scan --state kept --find ann.jpg";

/* Everything a run holds. */
typedef struct
{
  ToolScanOptions options;
  FacenetModel *model;
  FacenetGallery *gallery;      /* NULL when nobody is looked for */
  gchar *detector_id;
  GPtrArray *videos;            /* of filenames */
} ScanRun;

static void
scan_run_clear (ScanRun * self)
{
  tool_scan_options_clear (&self->options);
  g_clear_pointer (&self->model, facenet_model_unref);
  g_clear_pointer (&self->gallery, facenet_gallery_unref);
  g_free (self->detector_id);
  g_clear_pointer (&self->videos, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ScanRun, scan_run_clear);

/* A gallery of the faces of photographs, each a person of its own. */
static FacenetGallery *
read_photos (ScanRun * self, GError ** error)
{
  g_autoptr (ToolEncoder) encoder =
      tool_encoder_new (&self->options.shared, error);
  g_autoptr (FacenetGallery) gallery = tool_gallery_new (self->model);

  if (encoder == NULL)
    return NULL;
  for (guint i = 0; self->options.find[i]; i++) {
    const gchar *photo = self->options.find[i];
    g_autoptr (ToolFaces) faces = tool_encoder_read_one (encoder, photo, error);
    g_autofree gchar *id = g_filename_display_name (photo);
    g_autofree gchar *name = g_filename_display_basename (photo);
    FacenetEnrolment enrolment = { NULL, 0, id, 0 };

    if (faces == NULL)
      return NULL;
    enrolment.embedding = faces->embeddings;
    enrolment.n_dims = faces->n_dims;
    enrolment.quality = faces->qualities[0];
    if (!facenet_gallery_add (gallery, id, name, &enrolment, error))
      return NULL;
  }
  return g_steal_pointer (&gallery);
}

/* Whether there is room for what comes out. */
static gboolean
check_targets (const ScanRun * self, GError ** error)
{
  const ToolScanOptions *options = &self->options;

  if (options->output && !tool_files_check_writable (options->output, error))
    return FALSE;
  if (options->sheet && (!tool_sheet_check (options->sheet, error)
          || !tool_files_check_writable (options->sheet, error)))
    return FALSE;
  return !options->state || self->videos->len == 0
      || tool_state_prepare (options->state, error);
}

/* Everything that can fail before a long scan begins. */
static gboolean
prepare (ScanRun * self, GError ** error)
{
  ToolScanOptions *options = &self->options;
  g_autoptr (ToolFinder) finder = NULL;

  gst_init (NULL, NULL);
  self->videos = tool_scan_options_list_videos (options);
  if (self->videos->len == 0 && options->shared.paths) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_MISSING,
        "%s: has no videos in it", options->shared.paths[0]);
    return FALSE;
  }
  if (!check_targets (self, error))
    return FALSE;
  if (self->videos->len > 0 && !tool_output_check (options->output,
          options->format, self->videos->len, error))
    return FALSE;
  self->model = tool_options_load_model (&options->shared, error);
  if (self->model == NULL)
    return FALSE;
  finder = tool_finder_new (&options->shared, error);
  if (finder == NULL)
    return FALSE;
  self->detector_id = g_strdup (tool_finder_get_id (finder));
  if (options->gallery)
    self->gallery = tool_gallery_load (self->model, options->gallery, error);
  else if (options->find)
    self->gallery = read_photos (self, error);
  return self->gallery || !(options->gallery || options->find);
}

/* The scans of the videos, or all that are kept. */
static GPtrArray *
find_scans (ScanRun * self, GError ** error)
{
  const ToolScanOptions *options = &self->options;
  ToolJobs jobs = {
    {facenet_model_get_id (self->model), facenet_model_get_dims (self->model),
          options->rate, self->detector_id, options->shared.detector_threshold,
        (guint) options->shared.min_face_size},
    &options->shared, self->model, options->state, (guint) options->jobs
  };
  GPtrArray *scans;

  if (self->videos->len > 0)
    return tool_jobs_run (&jobs, self->videos);
  scans = tool_state_load_all (options->state, &jobs.settings, error);
  if (scans && !tool_output_check (options->output, options->format,
          scans->len, error))
    g_clear_pointer (&scans, g_ptr_array_unref);
  return scans;
}

static void
fill_rules (const ScanRun * self, ToolSubjectRules * rules)
{
  const ToolScanOptions *options = &self->options;
  gdouble fallback = facenet_model_get_threshold (self->model);

  rules->gallery = self->gallery;
  rules->policy.threshold = options->threshold;
  rules->policy.margin = options->margin;
  rules->policy.top_k = 1;
  rules->strangers = !options->known_only && options->find == NULL;
  rules->stranger_distance =
      fallback > 0 ? fallback : FACENET_GALLERY_THRESHOLD;
  rules->min_quality = options->min_quality;
  rules->min_faces = (guint) options->min_faces;
}

/* Numbers those who appear, in that order, and counts the known. */
static guint
name_subjects (const ToolFindings * findings)
{
  guint number = 0, n_known = 0;

  for (guint i = 0; i < findings->appearances->len; i++) {
    const ToolAppearance *appearance =
        &g_array_index (findings->appearances, ToolAppearance, i);
    ToolSubject *subject =
        g_ptr_array_index (findings->subjects, appearance->subject);

    tool_subject_name (subject, &number);
    n_known += subject->known;
  }
  return n_known;
}

/* How many of the videos were read to their end. */
static guint
count_whole (GPtrArray * scans)
{
  guint n = 0;

  for (guint i = 0; i < scans->len; i++)
    n += ((const ToolScan *) g_ptr_array_index (scans, i))->error == NULL;
  return n;
}

static gboolean
write_results (const ScanRun * self, const ToolFindings * findings,
    GError ** error)
{
  const ToolScanOptions *options = &self->options;
  g_autoptr (GString) svg = NULL;

  if (findings->appearances->len == 0 && count_whole (findings->scans) > 0)
    tool_message (options->find ? "nobody matches the photo"
        : "nobody was seen");
  if (!tool_output_report (options->output, options->format, findings, error))
    return FALSE;
  if (options->sheet == NULL)
    return TRUE;
  svg = tool_sheet_draw (findings);
  return tool_sheet_save (options->sheet, svg, error);
}

static ToolStatus
scan (ScanRun * self, GError ** error)
{
  const ToolScanOptions *options = &self->options;
  g_autoptr (GPtrArray) scans = find_scans (self, error);
  g_autoptr (GPtrArray) subjects = NULL;
  g_autoptr (GArray) appearances = NULL;
  ToolSubjectRules rules = { 0 };
  ToolFindings findings;
  guint n_known;

  if (scans == NULL)
    return TOOL_ERROR;
  fill_rules (self, &rules);
  subjects = tool_subjects_new (scans, facenet_model_get_dims (self->model),
      &rules);
  appearances = tool_appearances_new (scans,
      (guint64) (options->gap * NS_PER_SECOND), rules.min_faces);
  findings.scans = scans;
  findings.subjects = subjects;
  findings.appearances = appearances;
  n_known = name_subjects (&findings);
  if (options->find)
    tool_appearances_sort_by_distance (appearances);
  if (!write_results (self, &findings, error))
    return TOOL_ERROR;
  if (count_whole (scans) < scans->len)
    return TOOL_ERROR;
  return (self->gallery ? n_known : appearances->len) > 0 ? TOOL_YES : TOOL_NO;
}

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (ScanRun) self = { 0 };
  g_autoptr (GError) error = NULL;
  ToolStatus status = TOOL_ERROR;

  if (tool_scan_options_parse (&self.options, command, argc, argv, &error)
      && prepare (&self, &error))
    status = scan (&self, &error);
  if (error)
    tool_message ("%s", error->message);
  return status;
}

const ToolCommand tool_command_scan = {
  .name = "scan",
  .arguments = "VIDEO...",
  .summary = "Lists who appears in videos, and when",
  .description = description,
  .detects = TRUE,
  .run = run,
};
