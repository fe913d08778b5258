/* pickle.c - a pickle makes tensors and containers, and calls nothing
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "import/facenet-pickle-private.h"
#include "import/facenet-torch-names-private.h"

#include "archive.h"

#include <string.h>

static void
assert_pickle_refused (const gchar * bytes, gsize size, const gchar * words)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *exact = g_memdup2 (bytes, size);

  g_assert_null (facenet_pickle_read (exact, size, "m.pt/data.pkl", &error));
  g_assert_true (error->domain == FACENET_ERROR);
  if (strstr (error->message, words) == NULL) {
    g_error ("no \"%s\" in: %s", words, error->message);
  }
  g_assert_true (g_str_has_prefix (error->message, "m.pt/data.pkl: "));
}

#define REFUSED(bytes, words) \
    assert_pickle_refused (bytes, sizeof bytes - 1, words)

static void
test_names_of_the_port (void)
{
  static const gchar *const pairs[][2] = {
    {"conv1.weight", "conv1_w"}, {"conv3.bias", "conv3_b"},
    {"bn1.running_mean", "bn1_m"}, {"bn2.running_var", "bn2_v"},
    {"ln.weight", "dense_w"}, {"ln.bias", "dense_b"},
    {"incept3a.branches.0.0.weight", "inception_3a_3x3_conv1_w"},
    {"incept3a.branches.0.4.bias", "inception_3a_3x3_bn2_b"},
    {"incept3b.branches.1.3.weight", "inception_3b_5x5_conv2_w"},
    {"incept4a.branches.2.1.weight", "inception_4a_pool_conv_w"},
    {"incept4a.branches.3.1.running_var", "inception_4a_1x1_bn_v"},
    {"incept5a.branches.1.2.weight", "inception_5a_pool_bn_w"},
    {"incept5b.branches.2.0.weight", "inception_5b_1x1_conv_w"},
    {"fc.weight", NULL}, {"conv1", NULL}, {"conv1.weight.0", NULL},
    {"incept3c.branches.3.0.weight", NULL},
    {"incept5a.branches.3.0.weight", NULL},
    {"incept3a.branches.4.0.weight", NULL},
    {"incept3a.branches.00.0.weight", NULL},
    {"incept9a.branches.0.0.weight", NULL},
    {"incept3a.branches.0.2.weight", NULL},
    {"incept3a.twigs.0.0.weight", NULL}, {"bn1.gamma", NULL}, {"", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autofree gchar *mapped = facenet_torch_map_name (pairs[i][0]);

    g_assert_cmpstr (mapped, ==, pairs[i][1]);
  }
}

static void
test_what_else_is_refused_by_name (void)
{
  static const gchar *const names[][2] = {
    {"__main__", "Net"}, {"builtins", "eval"}, {"torch", "BFloat16Storage"},
    {"torch._utils", "_rebuild_parameter"}, {"torch", "FloatStorage2"},
    {"", ""},
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GByteArray) pickle = pickle_new ();
    g_autofree gchar *words =
        g_strdup_printf ("names %s.%s, ", names[i][0], names[i][1]);

    pickle_global (pickle, names[i][0], names[i][1]);
    assert_pickle_refused ((const gchar *) pickle->data, pickle->len, words);
  }
  REFUSED ("\x80\2cno lines", "bytes are left");
  REFUSED ("\x80\2c\33[2J\nx\n", "names \\033[2J.x");
}

static void
test_opcodes_that_are_refused (void)
{
  /* Of Python's 68: those that import, build or call, and of later protocols. */
  static const gchar others[] = "iodplPVSTULIFg0" "12BC\x81\x82\x83\x84\x8b\x8c"
      "\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98\xff";

  for (guint i = 0; i < sizeof others; i++) {
    gchar pickle[] = "\x80\2}?aaaaaaaaaaaaaaaa\n.";

    pickle[3] = others[i];
    REFUSED (pickle, "opcode 0x");
  }
  REFUSED ("\x80\4}.", "protocol 4, expected a pickle of protocol 2");
  REFUSED ("(dp0\n.", "begins with byte 40");
}

static void
test_stack_tricks (void)
{
  REFUSED ("\x80\2.", "ends with more or less");
  REFUSED ("\x80\2}}.", "ends with more or less");
  REFUSED ("\x80\2}(.", "ends with more or less");
  REFUSED ("\x80\2(}.", "ends with more or less");
  REFUSED ("\x80\2}.}", "more bytes after its end");
  REFUSED ("\x80\2R.", "empty stack");
  REFUSED ("\x80\2)R.", "empty stack");
  REFUSED ("\x80\2}(R.", "empty stack");
  REFUSED ("\x80\2Q.", "empty stack");
  REFUSED ("\x80\2b.", "empty stack");
  REFUSED ("\x80\2}b.", "empty stack");
  REFUSED ("\x80\2q\1.", "empty stack");
  REFUSED ("\x80\2t.", "mark that is not there");
  REFUSED ("\x80\2u.", "mark that is not there");
  REFUSED ("\x80\2e.", "mark that is not there");
  REFUSED ("\x80\2}(\x86.", "of more than the stack has");
  REFUSED ("\x80\2N\x87.", "of more than the stack has");
  REFUSED ("\x80\2NNs.", "container that is not there");
  REFUSED ("\x80\2(u.", "container that is not there");
  REFUSED ("\x80\2}(NNs.", "container that is not there");
  REFUSED ("\x80\2NNNs.", "not a dict");
  REFUSED ("\x80\2]NNs.", "not a dict");
  REFUSED ("\x80\2}Na.", "not a list");
  REFUSED ("\x80\2}(Nu.", "a key without a value");
  REFUSED ("\x80\2NNb.", "attributes of something that is not a dict");
  REFUSED ("\x80\2}Nb.", "attributes of something that is not a dict");
  REFUSED ("\x80\2h\1.", "never kept");
  REFUSED ("\x80\2j\1\0\0\0.", "never kept");
  REFUSED ("\x80\2N)R.", "not a function");
  REFUSED ("\x80\2ctorch\nFloatStorage\n)R.", "that no state dict has");
  REFUSED ("\x80\2ccollections\nOrderedDict\nN\x85R.", "that no state dict");
  REFUSED ("\x80\2ctorch._utils\n_rebuild_tensor_v2\n)R.", "6 or 7 arguments");
  REFUSED ("\x80\2NQ.", "not a tuple of 5");
  REFUSED ("\x80\2(NNNNNtQ.", "is not (\"storage\"");
  REFUSED ("\x80\2X\2\0\0\0\xff\xfe.", "not UTF-8");
  REFUSED ("\x80\2X\3\0\0\0a\0b.", "not UTF-8");
  REFUSED ("\x80\2X\xff\xff\xff\xff" "abc.", "bytes are left");
  REFUSED ("\x80\2\x8a\11aaaaaaaaa.", "more than 64 bits");
}

static void
test_integers (void)
{
  static const gchar bytes[] = "\x80\2(J\xff\xff\xff\xffK\xffM\xff\xff"
      "\x8a\0\x8a\1\xff\x8a\2\xff\0\x8a\10\0\0\0\0\0\0\0\x80t.";
  static const gint64 wanted[] = { -1, 255, 65535, 0, -1, 255, G_MININT64 };
  g_autoptr (GError) error = NULL;
  g_autoptr (FacenetPickle) pickle =
      facenet_pickle_read ((const guint8 *) bytes, sizeof bytes - 1, "p",
      &error);

  g_assert_no_error (error);
  g_assert_cmpuint (pickle->root->items->len, ==, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    const FacenetPickleValue *value =
        g_ptr_array_index (pickle->root->items, i);

    g_assert_cmpint (value->integer, ==, wanted[i]);
  }
}

/* Values in themselves, in each other 2^1000 times, and 100,000 deep: read or
 * refused, in little memory and no recursion. */
static void
test_bombs (void)
{
  static const gchar circle[] = "\x80\2}q\1(K\1h\1u.";
  g_autoptr (GByteArray) doubled = pickle_new ();
  g_autoptr (GByteArray) nested = pickle_new ();
  g_autoptr (GByteArray) marks = pickle_new ();
  g_autoptr (GByteArray) large = pickle_new ();
  g_autoptr (FacenetPickle) pickle = NULL;
  g_autoptr (GError) error = NULL;

  pickle = facenet_pickle_read ((const guint8 *) circle, sizeof circle - 1,
      "p", &error);
  g_assert_no_error (error);
  g_clear_pointer (&pickle, facenet_pickle_free);
  for (guint i = 0; i < 1000; i++) {
    pickle_bytes (doubled, "q\1h\1\x86", 5);
  }
  pickle_op (doubled, '.');
  pickle = facenet_pickle_read (doubled->data, doubled->len, "p", &error);
  g_assert_no_error (error);
  g_clear_pointer (&pickle, facenet_pickle_free);
  while (nested->len < 100000) {
    pickle_op (nested, '\x85');
    pickle_op (marks, '(');
  }
  pickle_op (nested, '.');
  pickle_op (marks, '.');
  pickle = facenet_pickle_read (nested->data, nested->len, "p", &error);
  g_assert_no_error (error);
  assert_pickle_refused ((const gchar *) marks->data, marks->len, "ends with");
  g_byte_array_set_size (large, FACENET_PICKLE_MAX_SIZE + 1);
  assert_pickle_refused ((const gchar *) large->data, large->len,
      "524289 bytes, expected at most 524288");
}

static void
test_cut_at_every_length (void)
{
  static const gint32 two[] = { 2 }, one[] = { 1 };
  g_autoptr (GByteArray) pickle = pickle_new ();

  pickle_tensor (pickle, "bn1.bias", "FloatStorage", "0", 6, 0, 1, two, one);
  pickle_op (pickle, '.');
  for (gsize n = 0; n < pickle->len; n++) {
    g_autofree guint8 *part = g_memdup2 (pickle->data, n);
    g_autoptr (GError) error = NULL;

    g_assert_null (facenet_pickle_read (part, n, "m.pt", &error));
    g_assert_error (error, FACENET_ERROR, FACENET_ERROR_TRUNCATED);
  }
}

#define ADD(name, func) g_test_add_func ("/pickle/" name, func)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("names-of-the-port", test_names_of_the_port);
  ADD ("what-else-is-refused-by-name", test_what_else_is_refused_by_name);
  ADD ("opcodes-that-are-refused", test_opcodes_that_are_refused);
  ADD ("stack-tricks", test_stack_tricks);
  ADD ("integers", test_integers);
  ADD ("bombs", test_bombs);
  ADD ("cut-at-every-length", test_cut_at_every_length);
  return g_test_run ();
}
