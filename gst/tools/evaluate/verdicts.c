/* verdicts.c - who the faces of one image are
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The gallery's rules (facenet-rule.h) are kept as facematch keeps them: who is
 * past "valid-until" is rejected, and of a decoy nothing is said but that the
 * face is one.
 */
#include "verdicts.h"
#include "common/console.h"
#include "common/json.h"

#include <math.h>

struct _ToolVerdicts
{
  const ToolFaces *faces;       /* not owned */
  guint top_k;                  /* room for candidates per face */
  FacenetMatch *matches;        /* [n_faces], owned */
  FacenetCandidate *candidates; /* [n_faces, top_k], owned */
};

/* Why a face is no match; other reasons come with the match. */
static const gchar is_decoy[] = "decoy";
static const gchar is_expired[] = "expired";

/* Takes decoys out of the candidates; TRUE when the nearest was one. */
static gboolean
drop_decoys (const FacenetGallery * gallery, FacenetMatch * match,
    FacenetCandidate * candidates)
{
  gboolean nearest = FALSE;
  guint n = 0;

  for (guint k = 0; k < match->n_candidates; k++) {
    FacenetRule rule;

    facenet_gallery_get_rule (gallery, candidates[k].identity, &rule);
    if (!rule.decoy)
      candidates[n++] = candidates[k];
    else if (k == 0)
      nearest = TRUE;
  }
  match->n_candidates = n;
  return nearest;
}

static void
apply_rules (const FacenetGallery * gallery, FacenetMatch * match,
    FacenetCandidate * candidates)
{
  FacenetRule rule;

  if (drop_decoys (gallery, match, candidates)) {
    if (match->event == FACENET_EVENT_UNKNOWN)
      return;
    match->event = FACENET_EVENT_REJECT;
    match->reason = is_decoy;
    match->margin = (gdouble) NAN;
  } else if (match->event == FACENET_EVENT_MATCH) {
    facenet_gallery_get_rule (gallery, candidates[0].identity, &rule);
    if (facenet_rule_is_valid (&rule, g_get_real_time ()))
      return;
    match->event = FACENET_EVENT_REJECT;
    match->reason = is_expired;
  }
}

ToolVerdicts *
tool_verdicts_new (const ToolFaces * faces, const FacenetGallery * gallery,
    const FacenetMatchPolicy * policy)
{
  ToolVerdicts *self = g_new0 (ToolVerdicts, 1);

  self->faces = faces;
  self->top_k = policy->top_k;
  self->matches = g_new0 (FacenetMatch, faces->n_faces);
  self->candidates =
      g_new0 (FacenetCandidate, (gsize) faces->n_faces * policy->top_k);
  if (faces->n_faces > 0)
    facenet_gallery_match (gallery, policy, faces->embeddings, faces->n_faces,
        self->matches, self->candidates);
  for (guint i = 0; i < faces->n_faces; i++)
    apply_rules (gallery, &self->matches[i],
        self->candidates + (gsize) i * self->top_k);
  return self;
}

void
tool_verdicts_free (ToolVerdicts * self)
{
  if (self == NULL)
    return;
  g_free (self->matches);
  g_free (self->candidates);
  g_free (self);
}

guint
tool_verdicts_count_matches (const ToolVerdicts * self)
{
  guint n = 0;

  for (guint i = 0; i < self->faces->n_faces; i++)
    n += self->matches[i].event == FACENET_EVENT_MATCH;
  return n;
}

static void
append_face_text (GString * text, const FacenetMatch * match,
    const FacenetCandidate * candidates)
{
  if (match->event == FACENET_EVENT_MATCH)
    g_string_append_printf (text, "%s (%s)", candidates[0].name,
        candidates[0].id);
  else
    g_string_append (text, facenet_event_get_nick (match->event));
  if (match->reason)
    g_string_append_printf (text, ", %s", match->reason);
  if (match->reason == is_decoy)
    return;
  for (guint k = 0; k < match->n_candidates; k++) {
    if (k > 0 || match->event != FACENET_EVENT_MATCH)
      g_string_append_printf (text, ", %s %s (%s)",
          k > 0 ? "then" : "nearest is", candidates[k].name, candidates[k].id);
    g_string_append_printf (text, k > 0 ? " %.4f" : ", distance %.4f",
        candidates[k].distance);
  }
  if (!isnan (match->margin))
    g_string_append_printf (text, ", margin %.4f", match->margin);
}

void
tool_verdicts_print_text (const ToolVerdicts * self, const gchar * name)
{
  const ToolFaces *faces = self->faces;
  g_autoptr (GString) text = g_string_new (NULL);

  if (faces->n_faces == 0)
    g_string_append_printf (text, "%s: no face", name);
  for (guint i = 0; i < faces->n_faces; i++) {
    const ToolBox *box = &faces->boxes[i];

    g_string_append_printf (text, "%s%s: %dx%d at %d,%d: ", i > 0 ? "\n" : "",
        name, box->width, box->height, box->x, box->y);
    append_face_text (text, &self->matches[i],
        self->candidates + (gsize) i * self->top_k);
  }
  tool_print_line (text->str);
}

static void
add_face_json (const ToolVerdicts * self, guint face, GString * json)
{
  const FacenetMatch *match = &self->matches[face];
  const FacenetCandidate *candidates =
      self->candidates + (gsize) face * self->top_k;
  gboolean found = match->n_candidates > 0 && match->reason != is_decoy;

  tool_json_open_object (json, NULL);
  tool_box_add_json (&self->faces->boxes[face], json);
  tool_json_add_double (json, "quality", self->faces->qualities[face]);
  tool_json_add_string (json, "event", facenet_event_get_nick (match->event));
  tool_json_add_string (json, "id", found ? candidates[0].id : NULL);
  tool_json_add_string (json, "name", found ? candidates[0].name : NULL);
  tool_json_add_double (json, "distance",
      found ? candidates[0].distance : (gdouble) NAN);
  tool_json_add_double (json, "margin", match->margin);
  tool_json_add_double (json, "threshold", match->threshold);
  if (match->reason)
    tool_json_add_string (json, "reason", match->reason);
  tool_json_open_array (json, "candidates");
  for (guint k = 0; k < match->n_candidates; k++) {
    tool_json_open_object (json, NULL);
    tool_json_add_string (json, "id", candidates[k].id);
    tool_json_add_string (json, "name", candidates[k].name);
    tool_json_add_double (json, "distance", candidates[k].distance);
    tool_json_close_object (json);
  }
  tool_json_close_array (json);
  tool_json_close_object (json);
}

void
tool_verdicts_print_json (const ToolVerdicts * self, const gchar * name)
{
  g_autoptr (GString) json = g_string_new (NULL);

  tool_json_open_object (json, NULL);
  tool_json_add_string (json, "image", name);
  tool_json_open_array (json, "faces");
  for (guint i = 0; i < self->faces->n_faces; i++)
    add_face_json (self, i, json);
  tool_json_close_array (json);
  tool_json_close_object (json);
  tool_print_line (json->str);
}
