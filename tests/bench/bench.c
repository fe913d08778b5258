/* bench.c - milliseconds per face, over the public interface
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Every setting (faces per call x threads) is measured once in each round, so
 * that a busy machine slows all of them alike; the minimum over the rounds is
 * what the code can do, the median what it did. Prints one JSON object.
 */
#include <facenet/facenet.h>

#include <stdio.h>
#include <stdlib.h>

static gchar *batches = NULL;
static gchar *threads = NULL;
static gint n_rounds = 40;
static gint n_calls = 3;

/* *INDENT-OFF* */
static const GOptionEntry options[] = {
  { "batch", 'b', 0, G_OPTION_ARG_STRING, &batches,
    "Faces per call (1,8,32)", "N,..." },
  { "threads", 't', 0, G_OPTION_ARG_STRING, &threads,
    "Threads (1,2)", "N,..." },
  { "rounds", 'r', 0, G_OPTION_ARG_INT, &n_rounds,
    "How often each setting is measured (40)", "N" },
  { "calls", 'c', 0, G_OPTION_ARG_INT, &n_calls,
    "Calls per measurement (3)", "N" },
  G_OPTION_ENTRY_NULL
};
/* *INDENT-ON* */

typedef struct
{
  guint batch;
  guint n_threads;
  FacenetSession *session;
  gdouble *ms;                  /* per face, [n_rounds] */
} Setting;

static void
setting_clear (gpointer data)
{
  Setting *setting = data;

  facenet_session_unref (setting->session);
  g_free (setting->ms);
}

static GArray *
make_settings (FacenetModel * model)
{
  GArray *settings = g_array_new (FALSE, TRUE, sizeof (Setting));
  g_auto (GStrv) batch_words =
      g_strsplit (batches != NULL ? batches : "1,8,32", ",", -1);
  g_auto (GStrv) thread_words =
      g_strsplit (threads != NULL ? threads : "1,2", ",", -1);

  g_array_set_clear_func (settings, setting_clear);
  for (guint i = 0; batch_words[i] != NULL; i++) {
    for (guint j = 0; thread_words[j] != NULL; j++) {
      Setting setting = {
        (guint) g_ascii_strtoull (batch_words[i], NULL, 10),
        (guint) g_ascii_strtoull (thread_words[j], NULL, 10), NULL, NULL
      };

      setting.batch = MAX (setting.batch, 1);
      setting.session = facenet_session_new (model, setting.n_threads);
      setting.ms = g_new0 (gdouble, (gsize) n_rounds);
      g_array_append_val (settings, setting);
    }
  }
  return settings;
}

static gdouble
measure (const Setting * setting, const gfloat * faces, gfloat * embeddings)
{
  gint64 start;

  /* One call to warm caches and threads up. */
  facenet_session_embed (setting->session, faces, setting->batch, embeddings);
  start = g_get_monotonic_time ();
  for (gint i = 0; i < n_calls; i++)
    facenet_session_embed (setting->session, faces, setting->batch, embeddings);
  return (gdouble) (g_get_monotonic_time () - start) / 1e3 / n_calls /
      setting->batch;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

  return x < y ? -1 : x > y;
}

static void
print_settings (const GArray * settings)
{
  for (guint i = 0; i < settings->len; i++) {
    const Setting *setting = &g_array_index (settings, Setting, i);

    qsort (setting->ms, (size_t) n_rounds, sizeof *setting->ms, compare);
    printf ("%s{\"batch\":%u,\"threads\":%u,\"ms_min\":%.4f,"
        "\"ms_median\":%.4f}", i > 0 ? ",\n    " : "", setting->batch,
        setting->n_threads, setting->ms[0], setting->ms[n_rounds / 2]);
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetModel) model = NULL;
  g_autoptr (GArray) settings = NULL;
  g_autofree gfloat *faces = NULL;
  g_autofree gfloat *embeddings = NULL;
  guint most = 1, c, h, w;
  gint64 start;
  gdouble load_ms;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("%s\n", error->message);
    return 2;
  }
  n_rounds = MAX (n_rounds, 1);
  n_calls = MAX (n_calls, 1);
  start = g_get_monotonic_time ();
  model = facenet_model_load (NULL, NULL, &error);
  load_ms = (gdouble) (g_get_monotonic_time () - start) / 1e3;
  if (model == NULL) {
    g_printerr ("%s\n", error->message);
    return 2;
  }
  settings = make_settings (model);
  for (guint i = 0; i < settings->len; i++)
    most = MAX (most, g_array_index (settings, Setting, i).batch);
  facenet_model_get_input_shape (model, &c, &h, &w);
  faces = g_new (gfloat, (gsize) most * c * h * w);
  for (gsize i = 0; i < (gsize) most * c * h * w; i++)
    faces[i] = (gfloat) (i * 7919 % 256) / 255.0f;
  embeddings = g_new (gfloat, most * facenet_model_get_dims (model));

  for (gint round = 0; round < n_rounds; round++) {
    for (guint i = 0; i < settings->len; i++) {
      const Setting *setting = &g_array_index (settings, Setting, i);

      setting->ms[round] = measure (setting, faces, embeddings);
    }
  }
  printf ("{\"kernels\":\"%s\",\"load_ms\":%.1f,\n  \"settings\":[\n    ",
      facenet_runtime_get_kernels (), load_ms);
  print_settings (settings);
  printf ("]}\n");
  return 0;
}
