/* gallery.c - facenet gallery: the people of a gallery file, one by one
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "common/console.h"
#include "base/facenet-json-writer.h"
#include "common/options.h"
#include "gallery/facenet-gallery-private.h"

#include <math.h>

static const gchar description[] =
    "  list FILE                   lists the people\n"
    "  show FILE PERSON...         shows all about a person\n"
    "  remove FILE PERSON...       removes a person with all embeddings\n"
    "  rename FILE PERSON NAME     changes the name; with --id the id too\n"
    "  merge FILE PERSON OTHER...  moves the embeddings of OTHER to PERSON, and\n"
    "                              removes OTHER\n\n"
    "PERSON is an id, or a name that only one person has. Replaces the file as a\n"
    "whole, and keeps what others write to it at the same time. \"remove\" does\n"
    "not touch copies of the file, photos, logs and reports.\n\n"
    "With --json: list and show print {\"id\":...,\"name\":...,"
    "\"embeddings\":N}\nper person; show adds \"details\", the members of the "
    "file but for the\nvectors. The others print {\"gallery\":...,"
    "\"identities\":N,\"embeddings\":N}.\n\n"
    "Exit status: 0 if done, 1 if nobody has that id or name, 2 on "
    "error.\n\n"
    "Examples:\n"
    "  facenet gallery list staff.json\n"
    "  facenet gallery remove staff.json ann-smith\n"
    "  facenet gallery rename staff.json ann-smith \"Ann Jones\" --id ann-jones";

/* What a run works with. */
typedef struct
{
  const ToolOptions *options;
  const gchar *location;
  gchar **people;               /* the words behind the file */
  const gchar *new_id;          /* nullable */
  FacenetGallery *gallery;
} People;

/* One of the words that can come first.
 * min, max: how many words follow the file
 * changes: whether the file is written */
typedef struct
{
  const gchar *name;
  guint min, max;
  gboolean changes;
    ToolStatus (*run) (People * self, GError ** error);
} Action;

/* The person of that id or, if one only has it, of that name; -1 with a
 * message. */
static gint
find_person (const People * self, const gchar * word)
{
  gint found = facenet_gallery_find (self->gallery, word);
  guint n = facenet_gallery_get_n_identities (self->gallery), n_found = 0;
  g_autofree gchar *key = NULL;

  if (found >= 0)
    return found;
  key = facenet_name_make_key (word);
  for (guint i = 0; i < n; i++) {
    g_autofree gchar *other = facenet_name_make_key
        (facenet_gallery_get_identity (self->gallery, i)->name);

    if (g_str_equal (key, other)) {
      found = (gint) i;
      n_found++;
    }
  }
  if (n_found == 1)
    return found;
  if (n_found == 0)
    tool_message ("%s: there is no \"%s\" in it", self->location, word);
  else
    tool_message ("%s: %u people have the name \"%s\": give the id",
        self->location, n_found, word);
  return -1;
}

/* The id of that person, (transfer full) (nullable). */
static gchar *
find_id (const People * self, const gchar * word)
{
  gint index = find_person (self, word);

  return index < 0 ? NULL
      : g_strdup (facenet_gallery_get_identity (self->gallery,
          (guint) index)->id);
}

static void
add_person_json (GString * json, const FacenetIdentity * person)
{
  facenet_json_add_string (json, "id", person->id);
  facenet_json_add_string (json, "name", person->name);
  facenet_json_add_uint (json, "embeddings", person->n_embeddings);
}

static ToolStatus
list (People * self, GError ** error)
{
  guint n = facenet_gallery_get_n_identities (self->gallery);

  for (guint i = 0; i < n; i++) {
    const FacenetIdentity *person =
        facenet_gallery_get_identity (self->gallery, i);

    if (self->options->json) {
      g_autoptr (GString) json = g_string_new (NULL);

      facenet_json_open_object (json, NULL);
      add_person_json (json, person);
      facenet_json_close_object (json);
      tool_print_line (json->str);
    } else {
      tool_print ("%s\t%u\t%s", person->id, person->n_embeddings, person->name);
    }
  }
  return TOOL_YES;
}

/* What the file says of a person, without the vectors; (transfer full). */
static gchar *
describe (const FacenetGallery * gallery, guint index)
{
  const FacenetPerson *person = facenet_gallery_person (gallery, index);
  g_autoptr (GString) rest = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new ("{\"person\":");

  facenet_gallery_print_person_rest (person, rest);
  g_string_append_printf (text, "%s,\"embeddings\":[",
      rest->len > 0 ? rest->str : "{}");
  for (guint i = 0; i < person->view.n_embeddings; i++) {
    g_autoptr (JsonObject) object = facenet_note_to_object
        (facenet_gallery_note (gallery, person->first + i));
    g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
    g_autofree gchar *note = NULL;

    if (json_object_has_member (object, "vector"))
      json_object_remove_member (object, "vector");
    json_node_set_object (node, object);
    note = json_to_string (node, FALSE);
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", note);
  }
  g_string_append (text, "]}");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_one (const People * self, guint index)
{
  const FacenetIdentity *person =
      facenet_gallery_get_identity (self->gallery, index);
  g_autofree gchar *details = describe (self->gallery, index);
  g_autoptr (GString) json = g_string_new (NULL);

  if (!self->options->json) {
    tool_print ("%s (%s), %u embeddings", person->name, person->id,
        person->n_embeddings);
    tool_print_line (details);
    return;
  }
  facenet_json_open_object (json, NULL);
  add_person_json (json, person);
  g_string_append_printf (json, ",\"details\":%s", details);
  facenet_json_close_object (json);
  tool_print_line (json->str);
}

static ToolStatus
show (People * self, GError ** error)
{
  ToolStatus status = TOOL_YES;

  for (guint i = 0; self->people[i]; i++) {
    gint index = find_person (self, self->people[i]);

    if (index >= 0)
      show_one (self, (guint) index);
    else
      status = TOOL_NO;
  }
  return status;
}

static ToolStatus
remove_people (People * self, GError ** error)
{
  for (guint i = 0; self->people[i]; i++) {
    g_autofree gchar *id = find_id (self, self->people[i]);

    if (id == NULL)
      return TOOL_NO;
    if (!facenet_gallery_remove (self->gallery, id, error))
      return TOOL_ERROR;
  }
  return TOOL_YES;
}

static ToolStatus
rename_person (People * self, GError ** error)
{
  g_autofree gchar *id = find_id (self, self->people[0]);

  if (id == NULL)
    return TOOL_NO;
  return facenet_gallery_rename (self->gallery, id, self->new_id,
      self->people[1], error) ? TOOL_YES : TOOL_ERROR;
}

static ToolStatus
merge_people (People * self, GError ** error)
{
  g_autofree gchar *id = find_id (self, self->people[0]);

  if (id == NULL)
    return TOOL_NO;
  for (guint i = 1; self->people[i]; i++) {
    g_autofree gchar *other = find_id (self, self->people[i]);

    if (other == NULL)
      return TOOL_NO;
    if (!facenet_gallery_merge (self->gallery, id, other, error))
      return TOOL_ERROR;
  }
  return TOOL_YES;
}

static const Action actions[] = {
  {"list", 0, 0, FALSE, list},
  {"show", 1, G_MAXUINT, FALSE, show},
  {"remove", 1, G_MAXUINT, TRUE, remove_people},
  {"rename", 2, 2, TRUE, rename_person},
  {"merge", 2, G_MAXUINT, TRUE, merge_people},
};

/* The action that the words ask for, NULL and error when there is none. */
static const Action *
choose (gchar ** words, const gchar * new_id, GError ** error)
{
  guint n = g_strv_length (words);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++) {
    const Action *action = &actions[i];

    if (!g_str_equal (words[0], action->name))
      continue;
    if (n >= 2 && n - 2 >= action->min && n - 2 <= action->max
        && (new_id == NULL || action->run == rename_person))
      return action;
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        new_id != NULL ? "%s takes no --id, or other arguments"
        : "%s takes other arguments; facenet gallery --help lists them",
        words[0]);
    return NULL;
  }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "%s: expected list, show, remove, rename or merge", words[0]);
  return NULL;
}

static void
print_result (const People * self)
{
  g_autoptr (GString) json = g_string_new (NULL);
  guint n = facenet_gallery_get_n_identities (self->gallery);
  guint n_embeddings = facenet_gallery_get_n_embeddings (self->gallery);

  if (!self->options->json) {
    tool_print ("%s: %u people, %u embeddings", self->location, n,
        n_embeddings);
    return;
  }
  facenet_json_open_object (json, NULL);
  facenet_json_add_string (json, "gallery", self->location);
  facenet_json_add_uint (json, "identities", n);
  facenet_json_add_uint (json, "embeddings", n_embeddings);
  facenet_json_close_object (json);
  tool_print_line (json->str);
}

static ToolStatus
act (const ToolOptions * options, const gchar * new_id, GError ** error)
{
  const Action *action = choose (options->paths, new_id, error);
  g_autoptr (FacenetGallery) gallery = NULL;
  g_autofree gchar *display = NULL;
  People people = { 0 };
  ToolStatus status;

  if (action == NULL || (action->changes
          && !facenet_gallery_check_writable (options->paths[1], error)))
    return TOOL_ERROR;
  gallery = facenet_gallery_load (options->paths[1], error);
  if (gallery == NULL)
    return TOOL_ERROR;
  display = g_filename_display_name (options->paths[1]);
  people.options = options;
  people.location = display;
  people.people = options->paths + 2;
  people.new_id = new_id;
  people.gallery = gallery;
  status = action->run (&people, error);
  if (status != TOOL_YES || !action->changes)
    return status;
  if (!facenet_gallery_save (gallery, options->paths[1], error))
    return TOOL_ERROR;
  print_result (&people);
  return TOOL_YES;
}

static ToolStatus
run (const ToolCommand * command, gint argc, gchar ** argv)
{
  g_auto (ToolOptions) options = { 0 };
  g_autofree gchar *new_id = NULL;
  g_autoptr (GError) error = NULL;
  ToolStatus status = TOOL_ERROR;
  /* *INDENT-OFF* */
  const GOptionEntry entries[] = {
    { "id", 0, 0, G_OPTION_ARG_FILENAME, &new_id,
      "New id, with rename", "ID" },
    G_OPTION_ENTRY_NULL
  };
  /* *INDENT-ON* */

  if (tool_options_parse (&options, command, entries, argc, argv, &error)
      && tool_options_require_paths (&options, command, 2, G_MAXUINT, &error))
    status = act (&options, new_id, &error);
  if (error)
    tool_message ("%s", error->message);
  return status;
}

const ToolCommand tool_command_gallery = {
  .name = "gallery",
  .arguments = "ACTION FILE [PERSON...]",
  .summary = "Lists, removes, renames and merges people of a gallery",
  .description = description,
  .reads_faces = FALSE,
  .run = run,
};
