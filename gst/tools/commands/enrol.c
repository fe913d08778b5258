/* enrol.c - facenet enrol: puts people into a gallery
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Every image gives one embedding, that of its largest face. What cannot be
 * used is named and left out; the rest goes on. The gallery file is replaced
 * once, at the end.
 */
#include "common/console.h"
#include "media/encoder.h"
#include "common/files.h"
#include "common/gallery.h"
#include "base/facenet-json-writer.h"
#include "common/person.h"
#include "common/skipped.h"

#include <math.h>

static const gchar description[] =
    "PATH is a folder with one folder of images per person. The folder's name\n"
    "is the person's name (\"Ann_Smith\" is Ann Smith, id ann-smith). With\n"
    "--name all paths are images, or folders of images, of that person. Takes\n"
    "the largest face of each image.\n\n"
    "If the gallery has a person of that name, whatever their id, adds the\n"
    "images to that person, unless --id names another. Skips images that are\n"
    "already enrolled. Creates the gallery if it does not exist, and writes it\n"
    "once, at the end: Ctrl-C leaves it unchanged. Keeps what others have\n"
    "written to it meanwhile, and refuses to enrol a person whom they have\n"
    "removed. Refuses a gallery made with another model.\n\n"
    "With --json: {\"gallery\":...,\"enrolled\":N,"
    "\"skipped\":[{\"image\":...,\"reason\":...}]}\n\n"
    "Exit status: 0 if a face was enrolled, 1 if not, 2 on error.\n\n"
    "Examples:\n"
    "  facenet enrol --gallery staff.json photos/\n"
    "  facenet enrol -g staff.json --name \"Ann Smith\" ann1.jpg ann2.jpg";

typedef struct
{
  ToolOptions shared;
  gchar *gallery;
  gchar *name;
  gchar *id;
} EnrolOptions;

static void
enrol_options_clear (EnrolOptions * self)
{
  tool_options_clear (&self->shared);
  g_free (self->gallery);
  g_free (self->name);
  g_free (self->id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (EnrolOptions, enrol_options_clear);

static gboolean
check_options (const EnrolOptions * self, GError ** error)
{
  const gchar *problem = NULL;

  if (self->gallery == NULL)
    problem = "enrol needs --gallery FILE";
  else if (self->id && self->name == NULL)
    problem = "--id needs --name NAME";
  else if (self->name && self->name[0] == '\0')
    problem = "--name is empty";
  else if (self->id && self->id[0] == '\0')
    problem = "--id is empty";
  else if ((self->name && !g_utf8_validate (self->name, -1, NULL))
      || (self->id && !g_utf8_validate (self->id, -1, NULL)))
    problem = "--name and --id want UTF-8";
  if (problem)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s",
        problem);
  return problem == NULL;
}

static gboolean
enrol_options_parse (EnrolOptions * self, const ToolCommand * command,
    gint argc, gchar ** argv, GError ** error)
{
  /* *INDENT-OFF* */
  /* Bytes as they are: a string would have to fit the locale's charset. */
  const GOptionEntry entries[] = {
    { "gallery", 'g', 0, G_OPTION_ARG_FILENAME, &self->gallery,
      "Gallery file to add to", "FILE" },
    { "name", 'n', 0, G_OPTION_ARG_FILENAME, &self->name,
      "Name of the person that all images show", "NAME" },
    { "id", 0, 0, G_OPTION_ARG_FILENAME, &self->id,
      "Id of that person (default: of who has the name, or made of it)", "ID" },
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */

  return tool_options_parse (&self->shared, command, entries, argc, argv, error)
      && check_options (self, error)
      && tool_options_require_paths (&self->shared, command, 1, G_MAXUINT,
      error);
}

/* What a run works with and comes to. */
typedef struct
{
  ToolEncoder *encoder;
  FacenetGallery *gallery;
  guint n_images, n_done, n_enrolled;
  GArray *skipped;              /* of ToolSkipped */
} Enrolment;

static void
enrolment_clear (Enrolment * self)
{
  g_clear_pointer (&self->encoder, tool_encoder_free);
  g_clear_pointer (&self->gallery, facenet_gallery_unref);
  g_clear_pointer (&self->skipped, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Enrolment, enrolment_clear);

static void
enrol_image (Enrolment * self, const gchar * id, const gchar * name,
    const gchar * location)
{
  g_autofree gchar *source = g_filename_display_basename (location);
  g_autoptr (GError) error = NULL;
  g_autoptr (ToolFaces) faces = NULL;
  FacenetEnrolment enrolment = { NULL, 0, source, (gdouble) NAN };

  tool_progress (self->n_done++, self->n_images, location);
  faces = tool_encoder_read_one (self->encoder, location, &error);
  if (faces == NULL) {
    tool_skipped_add (self->skipped, location, error->message);
    return;
  }
  if (facenet_gallery_has_embedding (self->gallery, id, faces->embeddings,
          faces->n_dims)) {
    tool_skipped_add (self->skipped, location, "is enrolled already");
    return;
  }
  enrolment.embedding = faces->embeddings;
  enrolment.n_dims = faces->n_dims;
  enrolment.quality = faces->qualities[0];
  if (facenet_gallery_add (self->gallery, id, name, &enrolment, &error))
    self->n_enrolled++;
  else
    tool_skipped_add (self->skipped, location, error->message);
}

/* Says when a new person's id is not what the name makes, since somebody of
 * another name has that id. */
static void
tell_of_namesake (const Enrolment * self, const gchar * name, const gchar * id)
{
  g_autofree gchar *usual = facenet_identity_make_id (name);
  gint index = usual ? facenet_gallery_find (self->gallery, usual) : -1;

  if (index >= 0)
    tool_message ("\"%s\" is enrolled as a new person, %s: \"%s\" is %s; if "
        "they are one, facenet gallery merge makes them one", name, id,
        facenet_gallery_get_identity (self->gallery, (guint) index)->name,
        usual);
}

/* id: of the person, NULL for whoever has the name. */
static void
enrol_person (Enrolment * self, const ToolPerson * person, const gchar * id)
{
  g_autofree gchar *found = id ? NULL
      : facenet_gallery_make_id (self->gallery, person->name);

  if (found && facenet_gallery_find (self->gallery, found) < 0)
    tell_of_namesake (self, person->name, found);
  for (guint i = 0; i < person->images->len; i++)
    enrol_image (self, id ? id : found, person->name, person->images->pdata[i]);
}

/* The people behind the paths; (transfer full) (element-type ToolPerson). */
static GPtrArray *
list_people (const EnrolOptions * options, GPtrArray * strays, GError ** error)
{
  g_autoptr (GPtrArray) people =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tool_person_free);
  gchar **paths = options->shared.paths;

  if (options->name) {
    ToolPerson *person = tool_person_new (options->id, options->name);

    person->images = tool_files_expand ((const gchar * const *) paths);
    g_ptr_array_add (people, person);
    return g_steal_pointer (&people);
  }
  for (guint i = 0; paths[i]; i++) {
    GPtrArray *found = tool_person_list (paths[i], strays, error);

    if (found == NULL)
      return NULL;
    g_ptr_array_extend_and_steal (people, found);
  }
  return g_steal_pointer (&people);
}

static void
print_result (const Enrolment * self, const EnrolOptions * options)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree gchar *gallery = g_filename_display_name (options->gallery);

  if (!options->shared.json) {
    g_string_printf (line, "%s: %u enrolled, %u skipped; %u people, %u "
        "embeddings in all", gallery, self->n_enrolled, self->skipped->len,
        facenet_gallery_get_n_identities (self->gallery),
        facenet_gallery_get_n_embeddings (self->gallery));
    tool_print_line (line->str);
    return;
  }
  facenet_json_open_object (line, NULL);
  facenet_json_add_string (line, "gallery", gallery);
  facenet_json_add_uint (line, "enrolled", self->n_enrolled);
  tool_skipped_add_json (self->skipped, line);
  facenet_json_close_object (line);
  tool_print_line (line->str);
}

static gboolean
enrol (Enrolment * self, const EnrolOptions * options, GError ** error)
{
  g_autoptr (GPtrArray) strays = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) people = list_people (options, strays, error);

  if (people == NULL)
    return FALSE;
  for (guint i = 0; i < people->len; i++)
    self->n_images += ((ToolPerson *) people->pdata[i])->images->len;
  for (guint i = 0; i < strays->len; i++)
    tool_skipped_add (self->skipped, strays->pdata[i],
        "is in no person's folder");
  for (guint i = 0; i < people->len; i++)
    enrol_person (self, people->pdata[i], options->id);
  tool_progress_end ();
  return self->n_enrolled == 0
      || facenet_gallery_save (self->gallery, options->gallery, error);
}

static gboolean
enrolment_init (Enrolment * self, const EnrolOptions * options, GError ** error)
{
  self->skipped = tool_skipped_new ();
  if (!facenet_gallery_check_writable (options->gallery, error))
    return FALSE;
  self->encoder = tool_encoder_new (&options->shared, error);
  if (self->encoder == NULL)
    return FALSE;
  self->gallery = tool_gallery_open (tool_encoder_get_model (self->encoder),
      options->gallery, error);
  return self->gallery != NULL;
}

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (EnrolOptions) options = { 0 };
  g_auto (Enrolment) enrolment = { 0 };
  g_autoptr (GError) error = NULL;

  if (!enrol_options_parse (&options, command, argc, argv, &error)
      || !enrolment_init (&enrolment, &options, &error)
      || !enrol (&enrolment, &options, &error)) {
    tool_message ("%s", error->message);
    return TOOL_ERROR;
  }
  print_result (&enrolment, &options);
  return enrolment.n_enrolled > 0 ? TOOL_YES : TOOL_NO;
}

const ToolCommand tool_command_enrol = {
  .name = "enrol",
  .arguments = "PATH...",
  .summary = "Adds people to a gallery",
  .description = description,
  .reads_faces = TRUE,
  .run = run,
};
