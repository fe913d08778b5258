/* network.c - how fast the network is on this machine
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * Every setting (faces per call x threads) is measured once in each round, so
 * that a busy machine slows all of them alike; the minimum over the rounds is
 * what the code can do, the median what it did.
 */
#include "network.h"

#include "common/console.h"
#include "base/facenet-json-writer.h"

#include <facenet/facenet.h>

#define MAX_BATCH 1024
#define MAX_THREADS 256

typedef struct
{
  guint batch;
  guint n_threads;
  FacenetSession *session;
  GArray *ms;                   /* of gdouble: per face, one for each round */
} Setting;

/* What all settings work on. */
typedef struct
{
  GArray *settings;
  gfloat *faces;                /* [largest batch, 3, 96, 96] */
  gfloat *embeddings;           /* [largest batch, 128] */
} NetworkBench;

static void
setting_clear (gpointer data)
{
  Setting *setting = data;

  facenet_session_unref (setting->session);
  g_array_unref (setting->ms);
}

/* Numbers in [1,max] out of words; NULL with an error that names the option. */
static GArray *
parse_list (const gchar * option, const gchar * words, guint max,
    GError ** error)
{
  g_auto (GStrv) list = g_strsplit (words, ",", -1);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; list[i] != NULL; i++) {
    guint64 number;
    guint n;

    if (!g_ascii_string_to_unsigned (list[i], 10, 1, max, &number, NULL)) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
          "%s: expected numbers from 1 to %u, got \"%s\" in \"%s\"", option,
          max, list[i], words);
      return NULL;
    }
    n = (guint) number;
    g_array_append_val (numbers, n);
  }
  return g_steal_pointer (&numbers);
}

static void
add_setting (NetworkBench * self, FacenetModel * model, guint batch,
    guint n_threads)
{
  Setting setting = { batch, n_threads,
    facenet_session_new (model, n_threads),
    g_array_new (FALSE, FALSE, sizeof (gdouble))
  };

  g_array_append_val (self->settings, setting);
}

static gboolean
make_settings (NetworkBench * self, const ToolBenchNetwork * wish,
    FacenetModel * model, GError ** error)
{
  g_autofree gchar *cores = g_strdup_printf ("1,%u", g_get_num_processors ());
  g_autoptr (GArray) batches = NULL;
  g_autoptr (GArray) threads = NULL;
  guint most = 1, c, h, w;

  if (g_get_num_processors () == 1)
    cores[1] = '\0';
  batches = parse_list ("--batch", wish->batches != NULL ?
      wish->batches : "1,8,32", MAX_BATCH, error);
  threads = parse_list ("--threads", wish->threads != NULL ?
      wish->threads : cores, MAX_THREADS, error);
  if (batches == NULL || threads == NULL)
    return FALSE;
  self->settings = g_array_new (FALSE, FALSE, sizeof (Setting));
  g_array_set_clear_func (self->settings, setting_clear);
  for (guint i = 0; i < batches->len; i++) {
    most = MAX (most, g_array_index (batches, guint, i));
    for (guint j = 0; j < threads->len; j++)
      add_setting (self, model, g_array_index (batches, guint, i),
          g_array_index (threads, guint, j));
  }
  facenet_model_get_input_shape (model, &c, &h, &w);
  self->faces = g_new (gfloat, (gsize) most * c * h * w);
  for (gsize i = 0; i < (gsize) most * c * h * w; i++)
    self->faces[i] = (gfloat) (i * 7919 % 256) / 255.0f;
  self->embeddings = g_new (gfloat,
      (gsize) most * facenet_model_get_dims (model));
  return TRUE;
}

static void
bench_clear (NetworkBench * self)
{
  g_clear_pointer (&self->settings, g_array_unref);
  g_free (self->faces);
  g_free (self->embeddings);
}

static void
measure (const NetworkBench * self, const Setting * setting)
{
  gint64 start;
  gdouble ms;

  /* One call to warm caches and threads up. */
  facenet_session_embed (setting->session, self->faces, setting->batch,
      self->embeddings);
  start = g_get_monotonic_time ();
  facenet_session_embed (setting->session, self->faces, setting->batch,
      self->embeddings);
  ms = (gdouble) (g_get_monotonic_time () - start) / 1e3 / setting->batch;
  g_array_append_val (setting->ms, ms);
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  const gdouble *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static void
print_setting (const Setting * setting, gboolean as_json)
{
  g_autoptr (GString) json = g_string_new (NULL);
  gdouble least, median;

  g_array_sort (setting->ms, compare);
  least = g_array_index (setting->ms, gdouble, 0);
  median = g_array_index (setting->ms, gdouble, setting->ms->len / 2);
  if (!as_json) {
    g_print ("%5u %8u %8.2f %8.2f %10.0f\n", setting->batch,
        setting->n_threads, least, median, 1e3 / least);
    return;
  }
  facenet_json_open_object (json, NULL);
  facenet_json_add_uint (json, "batch", setting->batch);
  facenet_json_add_uint (json, "threads", setting->n_threads);
  facenet_json_add_double (json, "ms_min", least);
  facenet_json_add_double (json, "ms_median", median);
  facenet_json_add_double (json, "faces_per_second", 1e3 / least);
  facenet_json_add_string (json, "kernels", facenet_runtime_get_kernels ());
  facenet_json_close_object (json);
  tool_print_line (json->str);
}

static void
run (const NetworkBench * self, gdouble seconds)
{
  gint64 start = g_get_monotonic_time ();
  gdouble gone = 0.0;

  do {
    for (guint i = 0; i < self->settings->len; i++)
      measure (self, &g_array_index (self->settings, Setting, i));
    gone = (gdouble) (g_get_monotonic_time () - start) / 1e6;
    tool_progress ((guint) MIN (gone * 10, seconds * 10),
        (guint) (seconds * 10), "measuring");
  } while (gone < seconds);
  tool_progress_end ();
}

gboolean
tool_bench_network (const ToolBenchNetwork * self, const ToolOptions * options,
    GError ** error)
{
  g_autoptr (FacenetModel) model = tool_options_load_model (options, error);
  NetworkBench bench = { NULL, NULL, NULL };

  if (model == NULL || !make_settings (&bench, self, model, error)) {
    bench_clear (&bench);
    return FALSE;
  }
  run (&bench, self->seconds);
  if (!options->json)
    g_print ("%s, kernels %s; ms per face\n%5s %8s %8s %8s %10s\n",
        facenet_model_get_name (model), facenet_runtime_get_kernels (),
        "faces", "threads", "minimum", "median", "per second");
  for (guint i = 0; i < bench.settings->len; i++)
    print_setting (&g_array_index (bench.settings, Setting, i), options->json);
  bench_clear (&bench);
  return TRUE;
}
