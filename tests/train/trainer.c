/* trainer.c - a model learns, stops, goes on and refuses to get worse
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * "People" are smooth patterns of their own and their photos are those with
 * noise and light of their own. The shipped model was not made for them, so
 * there is something to learn.
 */
#include "train/facenet-trainer-private.h"

#include <facenet/facenet.h>

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define SIDE 64
#define N_PEOPLE 5
#define N_PHOTOS 6

static gchar *folder;

static gchar *
path (const gchar * name)
{
  return g_build_filename (folder, name, NULL);
}

/* Two steps an epoch, and quick ones. */
static void
options_init (FacenetTrainerOptions * options)
{
  facenet_trainer_options_init (options);
  options->from = "inception_5b";
  options->n_people = 3;
  options->n_photos = 4;
  options->n_epochs = 3;
  options->learning_rate = 1e-3;
  options->alpha = 0.5;
  options->n_threads = 2;
}

/* The patterns of two people differ by little: they are sums of one that all
 * have and of one of their own. */
static gdouble
paint (guint person, guint x, guint y, guint c)
{
  return 0.5 + 0.25 * sin (0.13 * x + c) * cos (0.11 * y)
      + 0.12 * sin (0.2 * x + person) * sin (0.17 * y + 2.0 * person + c);
}

static void
add_photo (FacenetTrainer * trainer, guint person, guint photo)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (100 * person + photo);
  g_autofree guint8 *data = g_new (guint8, SIDE * SIDE * 3);
  g_autofree gchar *name = g_strdup_printf ("p%u", person);
  FacenetPixels pixels = { data, SIDE * 3 };
  const FacenetAffine frame = {.xu = SIDE,.yv = SIDE };
  const gdouble light = g_rand_double_range (rand, -0.15, 0.15);
  FacenetImage image;

  for (guint i = 0; i < SIDE * SIDE * 3; i++) {
    const gdouble value = paint (person, i / 3 % SIDE, i / 3 / SIDE, i % 3)
        + light + g_rand_double_range (rand, -0.2, 0.2);

    data[i] = (guint8) (255.0 * CLAMP (value, 0.0, 1.0));
  }
  facenet_image_init_rgb (&image, &pixels, SIDE, SIDE);
  g_assert_true (facenet_trainer_add (trainer, name, &image, &frame, NULL));
}

static FacenetTrainer *
new_trainer (const FacenetTrainerOptions * options, guint n_people)
{
  g_autoptr (GError) error = NULL;
  FacenetTrainer *trainer = facenet_trainer_new (NULL, NULL, options, &error);

  g_assert_no_error (error);
  for (guint photo = 0; photo < N_PHOTOS; photo++) {
    for (guint person = 0; person < n_people; person++)
      add_photo (trainer, person, photo);
  }
  return trainer;
}

static FacenetTrainer *
begin_trainer (const FacenetTrainerOptions * options)
{
  FacenetTrainer *trainer = new_trainer (options, N_PEOPLE);
  g_autoptr (GError) error = NULL;

  facenet_trainer_begin (trainer, &error);
  g_assert_no_error (error);
  return trainer;
}

static void
make_steps (FacenetTrainer * trainer, guint n)
{
  g_autoptr (GError) error = NULL;

  while (n > 0) {
    if (facenet_trainer_is_epoch_over (trainer)) {
      facenet_trainer_end_epoch (trainer);
      continue;
    }
    facenet_trainer_step (trainer, NULL, &error);
    g_assert_no_error (error);
    n--;
  }
}

static void
save_checkpoint (FacenetTrainer * trainer, const gchar * name)
{
  g_autofree gchar *location = path (name);
  g_autoptr (GError) error = NULL;

  facenet_trainer_save_checkpoint (trainer, location, &error);
  g_assert_no_error (error);
}

static void
assert_same_files (const gchar * a, const gchar * b)
{
  g_autofree gchar *one = path (a);
  g_autofree gchar *other = path (b);
  g_autofree gchar *one_data = NULL;
  g_autofree gchar *other_data = NULL;
  gsize one_size, other_size;

  g_assert_true (g_file_get_contents (one, &one_data, &one_size, NULL));
  g_assert_true (g_file_get_contents (other, &other_data, &other_size, NULL));
  g_assert_cmpuint (one_size, ==, other_size);
  g_assert_true (memcmp (one_data, other_data, one_size) == 0);
}

static void
test_counts (void)
{
  FacenetTrainerOptions options;
  FacenetTrainerCounts counts;
  g_autoptr (FacenetTrainer) trainer = NULL;
  const FacenetTrainerScore *before;

  options_init (&options);
  trainer = new_trainer (&options, N_PEOPLE);
  add_photo (trainer, 77, 0);
  g_assert_true (facenet_trainer_begin (trainer, NULL));
  facenet_trainer_get_counts (trainer, &counts);
  g_assert_cmpuint (counts.n_people, ==, N_PEOPLE);
  g_assert_cmpuint (counts.n_held_out, ==, 2 * N_PEOPLE + 1);
  g_assert_cmpuint (counts.n_photos, ==, 4 * N_PEOPLE);
  g_assert_cmpuint (counts.n_strangers, ==, 1);
  g_assert_cmpuint (counts.steps_per_epoch, ==, 2);
  g_assert_cmpuint (counts.n_parameters, >, 700000);

  /* Two photos in three versions make nine pairs of each person. */
  before = facenet_trainer_get_before (trainer);
  g_assert_cmpuint (before->n_same, ==, 9 * N_PEOPLE);
  g_assert_cmpuint (before->n_different, ==, 36 * 10 + 6 * N_PEOPLE * 3);
  g_assert_cmpint (facenet_trainer_get_best (trainer), ==, -1);
}

/* The loss falls, held-out faces are told apart better, and the file that is
 * written does what training said. */
static void
test_learns (void)
{
  FacenetTrainerOptions options;
  g_autoptr (FacenetTrainer) trainer = NULL;
  g_autoptr (FacenetTrainer) after = NULL;
  g_autoptr (FacenetModel) model = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *location = path ("learnt.safetensors");
  g_autofree gchar *id = NULL;
  const FacenetTrainerEpoch *epochs;
  const FacenetTrainerScore *before, *best, *again;
  guint n;

  options_init (&options);
  options.n_epochs = 6;
  trainer = begin_trainer (&options);
  make_steps (trainer, 12);
  facenet_trainer_end_epoch (trainer);
  epochs = facenet_trainer_get_epochs (trainer, &n);
  g_assert_cmpuint (n, ==, 6);
  g_assert_cmpint (facenet_trainer_get_best (trainer), >=, 0);
  before = facenet_trainer_get_before (trainer);
  best = &epochs[facenet_trainer_get_best (trainer)].score;
  g_test_message ("loss %g -> %g, AUC %g -> %g, d' %g -> %g", epochs[0].loss,
      epochs[5].loss, before->auc, best->auc, before->separation,
      best->separation);
  g_assert_cmpfloat (epochs[5].loss, <, 0.7 * epochs[0].loss);
  g_assert_cmpfloat (best->auc, >, before->auc);
  g_assert_cmpfloat (best->separation, >, 1.3 * before->separation);

  facenet_trainer_set_metadata (trainer, "training", "on patterns");
  facenet_trainer_set_metadata (trainer, "lfw", NULL);
  facenet_trainer_save_model (trainer, location, &error);
  g_assert_no_error (error);
  model = facenet_model_load (location, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (facenet_model_get_metadata (model, "training"), ==,
      "on patterns");
  g_assert_null (facenet_model_get_metadata (model, "lfw"));
  g_assert_nonnull (facenet_model_get_metadata (model, "license"));
  id = facenet_model_compute_id (model, &error);
  g_assert_cmpstr (id, ==, facenet_model_get_id (model));

  after = facenet_trainer_new (location, NULL, &options, &error);
  g_assert_no_error (error);
  for (guint photo = 0; photo < N_PHOTOS; photo++) {
    for (guint person = 0; person < N_PEOPLE; person++)
      add_photo (after, person, photo);
  }
  g_assert_true (facenet_trainer_begin (after, NULL));
  again = facenet_trainer_get_before (after);
  g_assert_cmpfloat (again->auc, ==, best->auc);
  g_assert_cmpfloat (again->separation, ==, best->separation);
}

/* Six steps, and three that are kept, read again and gone on with. */
static void
test_goes_on_where_it_stopped (gconstpointer data)
{
  FacenetTrainerOptions options;
  g_autoptr (FacenetTrainer) whole = NULL;
  g_autoptr (FacenetTrainer) half = NULL;
  g_autoptr (FacenetTrainer) rest = NULL;
  g_autofree gchar *location = path ("half");
  g_autoptr (GError) error = NULL;

  options_init (&options);
  options.optimizer = *(const FacenetOptimizer *) data;
  whole = begin_trainer (&options);
  make_steps (whole, 6);
  save_checkpoint (whole, "whole");

  half = begin_trainer (&options);
  make_steps (half, 3);
  save_checkpoint (half, "half");
  options.n_threads = 1;
  rest = begin_trainer (&options);
  facenet_trainer_load_checkpoint (rest, location, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (facenet_trainer_get_n_steps (rest), ==, 3);
  save_checkpoint (rest, "same");
  assert_same_files ("half", "same");
  make_steps (rest, 3);
  save_checkpoint (rest, "resumed");
  assert_same_files ("whole", "resumed");
}

/* Kept after the last step of an epoch, before it was measured. */
static void
test_goes_on_at_the_end_of_an_epoch (void)
{
  FacenetTrainerOptions options;
  g_autoptr (FacenetTrainer) trainer = NULL;
  g_autoptr (FacenetTrainer) rest = NULL;
  g_autofree gchar *location = path ("end");
  g_autoptr (GError) error = NULL;

  options_init (&options);
  trainer = begin_trainer (&options);
  make_steps (trainer, 2);
  save_checkpoint (trainer, "end");
  facenet_trainer_end_epoch (trainer);
  save_checkpoint (trainer, "ended");
  rest = begin_trainer (&options);
  facenet_trainer_load_checkpoint (rest, location, &error);
  g_assert_no_error (error);
  g_assert_true (facenet_trainer_is_epoch_over (rest));
  facenet_trainer_end_epoch (rest);
  save_checkpoint (rest, "ended-later");
  assert_same_files ("ended", "ended-later");
}

static void
expect_refusal (const FacenetTrainerOptions * options, const gchar * name,
    FacenetError code, const gchar * text)
{
  g_autoptr (FacenetTrainer) trainer = begin_trainer (options);
  g_autofree gchar *location = path (name);
  g_autoptr (GError) error = NULL;

  g_assert_false (facenet_trainer_load_checkpoint (trainer, location, &error));
  g_assert_error (error, FACENET_ERROR, (gint) code);
  g_assert_true (g_str_has_prefix (error->message, location));
  if (strstr (error->message, text) == NULL)
    g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, text));

  /* Nothing has changed. */
  g_assert_cmpuint (facenet_trainer_get_n_steps (trainer), ==, 0);
  save_checkpoint (trainer, "after-refusal");
  assert_same_files ("untouched", "after-refusal");
}

/* Other options, other photos, and files that are broken or something else. */
static void
test_refuses_other_checkpoints (void)
{
  FacenetTrainerOptions options, other;
  g_autoptr (FacenetTrainer) trainer = NULL;
  g_autoptr (FacenetTrainer) fewer = NULL;
  g_autofree gchar *location = path ("checkpoint");
  g_autofree gchar *cut = path ("cut");
  g_autofree gchar *copy = path ("spoilt");
  g_autofree gchar *data = NULL;
  gsize size;

  options_init (&options);
  trainer = begin_trainer (&options);
  save_checkpoint (trainer, "untouched");
  make_steps (trainer, 3);
  save_checkpoint (trainer, "checkpoint");
  other = options;
  other.learning_rate = 2e-3;
  fewer = begin_trainer (&other);
  make_steps (fewer, 1);
  save_checkpoint (fewer, "other-rate");
  expect_refusal (&options, "other-rate", FACENET_ERROR_MISMATCH,
      "learning rate 0.002, expected 0.001");
  g_clear_pointer (&fewer, facenet_trainer_free);

  fewer = new_trainer (&options, N_PEOPLE - 1);
  g_assert_true (facenet_trainer_begin (fewer, NULL));
  save_checkpoint (fewer, "other-photos");
  expect_refusal (&options, "other-photos", FACENET_ERROR_MISMATCH,
      "other photos");
  expect_refusal (&options, "not-there", FACENET_ERROR_OPEN, "opened");

  g_assert_true (g_file_get_contents (location, &data, &size, NULL));
  g_file_set_contents (cut, data, (gssize) size / 2, NULL);
  expect_refusal (&options, "cut", FACENET_ERROR_TRUNCATED, "");
  memset (data + size - 5000, 0xff, 4096);
  g_file_set_contents (copy, data, (gssize) size, NULL);
  expect_refusal (&options, "spoilt", FACENET_ERROR_FORMAT, "finite");
  g_file_set_contents (copy, "hello", 5, NULL);
  expect_refusal (&options, "spoilt", FACENET_ERROR_TRUNCATED, "");
}

/* A rate so small that no weight changes. */
static void
test_writes_nothing_that_is_no_better (void)
{
  FacenetTrainerOptions options;
  g_autoptr (FacenetTrainer) trainer = NULL;
  g_autofree gchar *location = path ("no-better.safetensors");
  g_autoptr (GError) error = NULL;

  options_init (&options);
  options.learning_rate = 1e-12;
  trainer = begin_trainer (&options);
  make_steps (trainer, 2);
  g_assert_false (facenet_trainer_end_epoch (trainer));
  g_assert_cmpint (facenet_trainer_get_best (trainer), ==, -1);
  g_assert_false (facenet_trainer_save_model (trainer, location, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISSING);
  g_assert_false (g_file_test (location, G_FILE_TEST_EXISTS));
}

/* As a learning rate that is too high makes them. */
static void
test_numbers_that_are_none_are_told (void)
{
  FacenetTrainerOptions options;
  g_autoptr (FacenetTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;
  const FacenetParameter *last;

  options_init (&options);
  trainer = begin_trainer (&options);
  last = facenet_trainable_get_parameter (trainer->trainable,
      facenet_trainable_get_n_parameters (trainer->trainable) - 1);
  last->values[0] = NAN;
  g_assert_false (facenet_trainer_step (trainer, NULL, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "learning rate of 0.001 "));
  g_assert_cmpuint (facenet_trainer_get_n_steps (trainer), ==, 0);
}

static void
test_needs_people_and_photos (void)
{
  FacenetTrainerOptions options;
  g_autoptr (FacenetTrainer) nobody = NULL;
  g_autoptr (FacenetTrainer) one = NULL;
  g_autoptr (FacenetTrainer) single = NULL;
  g_autoptr (FacenetTrainer) three = NULL;
  g_autoptr (GError) error = NULL;

  options_init (&options);
  nobody = new_trainer (&options, 0);
  g_assert_false (facenet_trainer_begin (nobody, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISSING);
  g_clear_error (&error);
  one = new_trainer (&options, 1);
  g_assert_false (facenet_trainer_begin (one, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISSING);
  g_clear_error (&error);

  single = new_trainer (&options, 0);
  for (guint person = 0; person < N_PEOPLE; person++)
    add_photo (single, person, 0);
  g_assert_false (facenet_trainer_begin (single, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISSING);
  g_clear_error (&error);

  options.split = FACENET_SPLIT_PEOPLE;
  three = new_trainer (&options, 3);
  g_assert_false (facenet_trainer_begin (three, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISSING);
  g_assert_nonnull (strstr (error->message, "four"));
}

static void
test_expects_options_in_range (void)
{
  FacenetTrainerOptions options, wrong;
  g_autoptr (GError) error = NULL;

  options_init (&options);
  wrong = options;
  wrong.n_people = 1;
  g_assert_null (facenet_trainer_new (NULL, NULL, &wrong, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT);
  g_clear_error (&error);
  wrong = options;
  wrong.learning_rate = (gdouble) NAN;
  g_assert_null (facenet_trainer_new (NULL, NULL, &wrong, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT);
  g_clear_error (&error);
  wrong = options;
  wrong.from = "inception_9";
  g_assert_null (facenet_trainer_new (NULL, NULL, &wrong, &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_MISMATCH);
  g_clear_error (&error);
  g_assert_null (facenet_trainer_new ("/nowhere/model", NULL, &options,
          &error));
  g_assert_error (error, FACENET_ERROR, FACENET_ERROR_OPEN);
}

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree gchar *location = path (name);

    g_unlink (location);
  }
  g_rmdir (folder);
  g_free (folder);
}

int
main (int argc, char **argv)
{
  static const FacenetOptimizer optimizers[] = {
    FACENET_OPTIMIZER_ADAM, FACENET_OPTIMIZER_SGD
  };
  gint status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("facenet-trainer-XXXXXX", NULL);
  g_test_add_func ("/trainer/counts", test_counts);
  g_test_add_func ("/trainer/learns", test_learns);
  g_test_add_data_func ("/trainer/goes-on-where-it-stopped", &optimizers[0],
      test_goes_on_where_it_stopped);
  g_test_add_data_func ("/trainer/goes-on-with-sgd", &optimizers[1],
      test_goes_on_where_it_stopped);
  g_test_add_func ("/trainer/goes-on-at-the-end-of-an-epoch",
      test_goes_on_at_the_end_of_an_epoch);
  g_test_add_func ("/trainer/refuses-other-checkpoints",
      test_refuses_other_checkpoints);
  g_test_add_func ("/trainer/writes-nothing-that-is-no-better",
      test_writes_nothing_that_is_no_better);
  g_test_add_func ("/trainer/numbers-that-are-none-are-told",
      test_numbers_that_are_none_are_told);
  g_test_add_func ("/trainer/needs-people-and-photos",
      test_needs_people_and_photos);
  g_test_add_func ("/trainer/expects-options-in-range",
      test_expects_options_in_range);
  status = g_test_run ();
  remove_folder ();
  return status;
}
