/* facenet-visits.h - who comes and goes in a stream of faces
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * From the faces of frames to verdicts over time: faces are followed from
 * frame to frame, compared with a gallery by the mean of what they looked
 * like, confirmed by votes, unknown people get ids, and a visit ends when
 * nothing more is seen of somebody. Times are those of the stream, in
 * nanoseconds, so that the same faces always give the same verdicts.
 *
 *   facenet_visits_set_gallery (visits, gallery);
 *   for each frame:
 *     facenet_visits_advance (visits, time, FALSE);
 *     facenet_visits_see (visits, faces, n_faces, 0, NULL, &error);
 *     while ((event = facenet_visits_pop (visits)))
 *       ...
 *   facenet_visits_end (visits);
 *   and the last events
 */
#pragma once

#include <facenet/facenet-match.h>

G_BEGIN_DECLS

/**
 * FACENET_TIME_NONE:
 *
 * A time that is not known, the same number as GST_CLOCK_TIME_NONE.
 */
#define FACENET_TIME_NONE G_MAXUINT64

/**
 * FacenetVisits:
 *
 * The people of one stream, over time. A reference-counted object that is one
 * thread's at a time.
 */
typedef struct _FacenetVisits FacenetVisits;

#define FACENET_TYPE_VISITS (facenet_visits_get_type ())

/**
 * FacenetSighting:
 * @embedding: (array length=n_dims): a unit vector
 * @n_dims: its length, not 0
 * @track_id: the id that another tracker gave it, -1 for none
 * @x: left edge of its box, in any unit
 * @y: top edge
 * @width: width of its box; 0 when it is not known where the face is
 * @height: height of its box
 * @quality: its weight in means, in [0,1]; NaN counts as 1
 *
 * One face of a frame.
 */
typedef struct {
  const gfloat *embedding;
  guint n_dims;
  gint track_id;
  gdouble x, y, width, height;
  gdouble quality;
} FacenetSighting;

#define FACENET_TYPE_SIGHTING (facenet_sighting_get_type ())

/**
 * FacenetVisitOptions:
 * @follow: whether faces are followed from frame to frame; else each is judged
 *   by itself, and there are no votes, ids of unknown people and lost events
 * @min_matches: how many faces of a track must be of the same person, within
 *   @window, before the person is confirmed; 0 counts as 1
 * @window: how long votes count and how long a track outlives its last face,
 *   in ns
 * @interval: shortest time between two reports of the same event about the same
 *   person, in ns, see facenet_visits_admit(); 0: none is suppressed
 * @min_quality: a face of less quality is a reject ("low-quality")
 * @split_distance: squared L2 distance beyond which a face of a track is taken
 *   for somebody else's, as at a cut of a film; 0: never. With it, the mean of
 *   a track is that of all its faces since
 *
 * How faces become visits.
 */
typedef struct {
  gboolean follow;
  guint min_matches;
  guint64 window;
  guint64 interval;
  gdouble min_quality;
  gdouble split_distance;
} FacenetVisitOptions;

/**
 * FacenetVisit:
 * @number: of the visit, from 1 in the order in which they began; 0 when faces
 *   are not followed
 * @start: time of its first face, in ns as given to facenet_visits_advance()
 * @end: time of its last face
 * @gone: the first time after the last face, %FACENET_TIME_NONE when there was
 *   none yet
 * @best: time of its face of the best quality
 * @quality: of that face; less than 0 when none was measured
 * @n_faces: how many faces it has
 * @dwell: how long somebody was there, from the first face to the last by which
 *   they were confirmed, in ns; 0 before the visit ends
 * @n_dims: length of @embedding
 * @embedding: (nullable) (array length=n_dims): the mean of its faces, weighted
 *   by quality, a unit vector; %NULL before the visit ends
 *
 * One person from when they come to when they go.
 */
typedef struct {
  guint number;
  guint64 start;
  guint64 end;
  guint64 gone;
  guint64 best;
  gdouble quality;
  guint n_faces;
  guint64 dwell;
  guint n_dims;
  const gfloat *embedding;
} FacenetVisit;

/**
 * FacenetVisitEvent:
 * @verdict: what is said. Of a face a match, unknown, uncertain or reject, over
 *   time and with the further reasons "not-confirmed" and "low-quality"; an
 *   unknown person who is confirmed has an id such as "unknown-3". Of a visit
 *   that ended, lost
 * @candidates: (array) (nullable): [@verdict.n_candidates], nearest first
 * @face: index of the face in its frame; -1 for lost
 * @track_id: of the track, -1 when there is none
 * @votes: for this person on this track; -1 when faces are not followed and for
 *   lost
 * @repeated: whether that it is not confirmed yet was said of this track before
 * @visit: the visit so far; all zero when faces are not followed
 * @note: (nullable): for lost, what the caller noted of the visit's last
 *   confirmed face, see facenet_visits_new_with_notes()
 *
 * Something to be said of a face or of a visit. All it points to is owned by
 * the #FacenetVisits and valid until the next call of any function that takes
 * it, but for facenet_visits_admit().
 */
typedef struct {
  FacenetVerdict verdict;
  const FacenetCandidate *candidates;
  gint face;
  gint track_id;
  gint votes;
  gboolean repeated;
  FacenetVisit visit;
  gconstpointer note;
} FacenetVisitEvent;

#define FACENET_TYPE_VISIT_EVENT (facenet_visit_event_get_type ())

FACENET_API GType facenet_visits_get_type (void);
FACENET_API GType facenet_sighting_get_type (void);
FACENET_API GType facenet_visit_event_get_type (void);

FACENET_API FacenetVisits *facenet_visits_new (void);
FACENET_API FacenetVisits *facenet_visits_new_with_notes (gsize note_size);
FACENET_API FacenetVisits *facenet_visits_ref (FacenetVisits * self);
FACENET_API void facenet_visits_unref (FacenetVisits * self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FacenetVisits, facenet_visits_unref)

FACENET_API void facenet_visits_set_gallery (FacenetVisits * self,
    FacenetGallery * gallery);
FACENET_API void facenet_visits_set_policy (FacenetVisits * self,
    const FacenetMatchPolicy * policy);
FACENET_API void facenet_visits_set_options (FacenetVisits * self,
    const FacenetVisitOptions * options);

FACENET_API gboolean facenet_visits_advance (FacenetVisits * self,
    guint64 time, gboolean backwards);
FACENET_API gboolean facenet_visits_see (FacenetVisits * self,
    const FacenetSighting * faces, guint n_faces, guint64 frame,
    gconstpointer notes, GError ** error);
FACENET_API void facenet_visits_end (FacenetVisits * self);
FACENET_API void facenet_visits_reset (FacenetVisits * self);

FACENET_API const FacenetVisitEvent *facenet_visits_pop (FacenetVisits *
    self);
FACENET_API gboolean facenet_visits_admit (FacenetVisits * self,
    const FacenetVisitEvent * event, gint64 * suppressed);

FACENET_API FacenetSighting *facenet_sighting_new (const gfloat * embedding,
    guint n_dims);
FACENET_API GPtrArray *facenet_visits_see_faces (FacenetVisits * self,
    guint64 time, GPtrArray * faces, GError ** error);
FACENET_API GPtrArray *facenet_visits_end_all (FacenetVisits * self);

G_END_DECLS
