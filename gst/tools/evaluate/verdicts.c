/* verdicts.c - who the faces of one image are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * facenet_gallery_match() decides; here its verdicts are printed.
 */
#include "verdicts.h"
#include "common/console.h"
#include "base/facenet-json-writer.h"

#include <math.h>

struct _ToolVerdicts
{
  const ToolFaces *faces;       /* not owned */
  guint top_k;                  /* room for candidates per face */
  FacenetVerdict *verdicts;     /* [n_faces], owned */
  FacenetCandidate *candidates; /* [n_faces, top_k], owned */
};

ToolVerdicts *
tool_verdicts_new (const ToolFaces * faces, const FacenetGallery * gallery,
    const FacenetMatchPolicy * policy)
{
  ToolVerdicts *self = g_new0 (ToolVerdicts, 1);

  self->faces = faces;
  self->top_k = policy->top_k;
  self->verdicts = g_new0 (FacenetVerdict, faces->n_faces);
  self->candidates =
      g_new0 (FacenetCandidate, (gsize) faces->n_faces * policy->top_k);
  if (faces->n_faces > 0)
    facenet_gallery_match (gallery, policy, faces->embeddings, faces->n_faces,
        self->verdicts, self->candidates);
  return self;
}

void
tool_verdicts_free (ToolVerdicts * self)
{
  if (self == NULL)
    return;
  g_free (self->verdicts);
  g_free (self->candidates);
  g_free (self);
}

guint
tool_verdicts_count_matches (const ToolVerdicts * self)
{
  guint n = 0;

  for (guint i = 0; i < self->faces->n_faces; i++)
    n += self->verdicts[i].event == FACENET_EVENT_MATCH;
  return n;
}

/* Nothing is said of a decoy, not even who is the next. */
static gboolean
is_decoy (const FacenetVerdict * verdict)
{
  return verdict->event == FACENET_EVENT_REJECT && verdict->decoy;
}

static void
append_face_text (GString * text, const FacenetVerdict * verdict,
    const FacenetCandidate * candidates)
{
  if (verdict->event == FACENET_EVENT_MATCH)
    g_string_append_printf (text, "%s (%s)", verdict->name, verdict->id);
  else
    g_string_append (text, facenet_event_get_nick (verdict->event));
  if (verdict->reason)
    g_string_append_printf (text, ", %s", verdict->reason);
  if (is_decoy (verdict))
    return;
  for (guint k = 0; k < verdict->n_candidates; k++) {
    if (k > 0 || verdict->event != FACENET_EVENT_MATCH)
      g_string_append_printf (text, ", %s %s (%s)",
          k > 0 ? "then" : "nearest is", candidates[k].name, candidates[k].id);
    g_string_append_printf (text, k > 0 ? " %.4f" : ", distance %.4f",
        candidates[k].distance);
  }
  if (!isnan (verdict->margin))
    g_string_append_printf (text, ", margin %.4f", verdict->margin);
}

void
tool_verdicts_print_text (const ToolVerdicts * self, const gchar * name)
{
  const ToolFaces *faces = self->faces;

  if (faces->n_faces == 0)
    tool_print ("%s: no face", name);
  for (guint i = 0; i < faces->n_faces; i++) {
    const ToolBox *box = &faces->boxes[i];
    g_autoptr (GString) text = g_string_new (NULL);

    g_string_append_printf (text, "%s: %dx%d at %d,%d: ", name,
        box->width, box->height, box->x, box->y);
    append_face_text (text, &self->verdicts[i],
        self->candidates + (gsize) i * self->top_k);
    tool_print_line (text->str);
  }
}

static void
add_face_json (const ToolVerdicts * self, guint face, GString * json)
{
  const FacenetVerdict *verdict = &self->verdicts[face];
  const FacenetCandidate *candidates =
      self->candidates + (gsize) face * self->top_k;
  gboolean found = verdict->n_candidates > 0 && !is_decoy (verdict);

  facenet_json_open_object (json, NULL);
  tool_box_add_json (&self->faces->boxes[face], json);
  facenet_json_add_double (json, "quality", self->faces->qualities[face]);
  facenet_json_add_string (json, "event",
      facenet_event_get_nick (verdict->event));
  facenet_json_add_string (json, "id", found ? candidates[0].id : NULL);
  facenet_json_add_string (json, "name", found ? candidates[0].name : NULL);
  facenet_json_add_double (json, "distance",
      found ? candidates[0].distance : (gdouble) NAN);
  facenet_json_add_double (json, "margin", verdict->margin);
  facenet_json_add_double (json, "threshold", verdict->threshold);
  if (verdict->reason)
    facenet_json_add_string (json, "reason", verdict->reason);
  facenet_json_open_array (json, "candidates");
  for (guint k = 0; k < verdict->n_candidates; k++) {
    facenet_json_open_object (json, NULL);
    facenet_json_add_string (json, "id", candidates[k].id);
    facenet_json_add_string (json, "name", candidates[k].name);
    facenet_json_add_double (json, "distance", candidates[k].distance);
    facenet_json_close_object (json);
  }
  facenet_json_close_array (json);
  facenet_json_close_object (json);
}

void
tool_verdicts_print_json (const ToolVerdicts * self, const gchar * name)
{
  g_autoptr (GString) json = g_string_new (NULL);

  facenet_json_open_object (json, NULL);
  facenet_json_add_string (json, "image", name);
  facenet_json_open_array (json, "faces");
  for (guint i = 0; i < self->faces->n_faces; i++)
    add_face_json (self, i, json);
  facenet_json_close_array (json);
  facenet_json_close_object (json);
  tool_print_line (json->str);
}
