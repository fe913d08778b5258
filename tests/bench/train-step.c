/* train-step.c - what a step of training costs, beside the way there alone
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Rounds of three measurements in turn, the minimum of each: forward(),
 * forward() and backward(), and a session that embeds the same faces with the
 * kernels of inference. Time is that of the clock and that of the processor,
 * all threads together: where other programs run only the second means much.
 */
#include "network/facenet-model-private.h"
#include "train/facenet-trainable-private.h"

#include <facenet/facenet-session.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

static gint n_faces = 32;
static gint n_threads = 2;
static gint n_rounds = 20;
static gchar *from = NULL;

/* *INDENT-OFF* */
static const GOptionEntry entries[] = {
  { "batch", 'b', 0, G_OPTION_ARG_INT, &n_faces, "Faces of a step (32)", "N" },
  { "threads", 't', 0, G_OPTION_ARG_INT, &n_threads, "Threads (2)", "N" },
  { "rounds", 'r', 0, G_OPTION_ARG_INT, &n_rounds, "Rounds (20)", "N" },
  { "from", 'f', 0, G_OPTION_ARG_STRING, &from, "First block trained", "B" },
  G_OPTION_ENTRY_NULL
};
/* *INDENT-ON* */

/* Milliseconds. */
typedef struct
{
  gdouble clock, processor;
} Time;

/* Minima of all rounds. */
typedef struct
{
  Time there, step, session;
} Times;

static gdouble
read_clock (clockid_t id)
{
  struct timespec t;

  clock_gettime (id, &t);
  return (gdouble) t.tv_sec * 1e3 + (gdouble) t.tv_nsec / 1e6;
}

static Time
now (void)
{
  Time time = { read_clock (CLOCK_MONOTONIC),
    read_clock (CLOCK_PROCESS_CPUTIME_ID)
  };

  return time;
}

static void
keep (Time * best, const Time * began)
{
  Time ended = now ();

  best->clock = fmin (best->clock, ended.clock - began->clock);
  best->processor = fmin (best->processor, ended.processor - began->processor);
}

static void
run_round (FacenetTrainable * trainable, FacenetSession * session,
    const gfloat * faces, gfloat * embeddings, Times * times)
{
  Time began = now ();

  facenet_trainable_forward (trainable, faces, (guint) n_faces);
  keep (&times->there, &began);
  began = now ();
  facenet_trainable_forward (trainable, faces, (guint) n_faces);
  facenet_trainable_backward (trainable, embeddings);
  keep (&times->step, &began);
  began = now ();
  facenet_session_embed (session, faces, (guint) n_faces, embeddings);
  keep (&times->session, &began);
}

static void
print_time (const gchar * name, const Time * time)
{
  printf ("%-22s %9.2f %9.3f %9.3f\n", name, time->clock,
      time->clock / n_faces, time->processor / n_faces);
}

static void
print_times (const FacenetTrainable * trainable, const Times * times)
{
  printf ("%d faces, %u threads%s%s\n", n_faces,
      facenet_trainable_get_n_threads (trainable),
      from != NULL ? ", from " : "", from != NULL ? from : "");
  printf ("%-22s %9s %9s %9s\n", "", "ms", "ms/face", "CPU ms/face");
  print_time ("session", &times->session);
  print_time ("forward", &times->there);
  print_time ("forward and backward", &times->step);
  printf ("step / forward %.2f (CPU %.2f), memory %.0f MB\n",
      times->step.clock / times->there.clock,
      times->step.processor / times->there.processor,
      (gdouble) facenet_trainable_get_size (trainable) * 4e-6);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *location = NULL;
  FacenetTrainableOptions options = {.n_threads = 1 };
  FacenetWeights *weights = NULL;
  g_autoptr (FacenetTrainable) trainable = NULL;
  g_autoptr (FacenetModel) model = NULL;
  g_autoptr (FacenetSession) session = NULL;
  g_autofree gfloat *faces = NULL;
  g_autofree gfloat *embeddings = NULL;
  Time never = { (gdouble) INFINITY, (gdouble) INFINITY };
  Times times = { never, never, never };
  gsize n_in;

  g_option_context_add_main_entries (context, entries, NULL);
  if (g_option_context_parse (context, &argc, &argv, &error)
      && (location = facenet_model_find_default (&error)) != NULL
      && (weights = facenet_weights_load (location, &error)) != NULL
      && (model = facenet_model_new (weights, NULL, &error)) != NULL) {
    options.from = from;
    options.max_batch = (guint) MAX (n_faces, 1);
    options.n_threads = (guint) MAX (n_threads, 0);
    trainable = facenet_trainable_new (weights, &options, &error);
  }
  if (trainable == NULL) {
    g_printerr ("%s\n", error->message);
    return 2;
  }
  session = facenet_session_new (model, options.n_threads);
  n_in = facenet_shape_size (&model->plan->network->input) * options.max_batch;
  faces = g_new (gfloat, n_in);
  embeddings = g_new0 (gfloat, options.max_batch * model->plan->n_dims);
  for (gsize i = 0; i < n_in; i++)
    faces[i] = (gfloat) (i * 7919 % 256) / 255.0f;
  for (gint i = 0; i < n_rounds; i++)
    run_round (trainable, session, faces, embeddings, &times);
  print_times (trainable, &times);
  g_free (from);
  return 0;
}
