/* facenet-pickle.c - a PyTorch state dict out of its pickle
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 * In: a pickle of protocol 2 (PEP 307, Python's pickletools names the
 * opcodes). Out: values. The stack machine has the opcodes that make numbers,
 * strings, containers, tensors and storages; what those last two are, is in
 * facenet-pickle-torch.c. No opcode makes more than one value, values are
 * never walked in depth, and each is freed once however often it is used: a
 * pickle can neither grow nor nest itself out of bounds.
 */
#include "import/facenet-pickle-private.h"

#include "base/facenet-reader-private.h"

#include <string.h>

#define PROTOCOL 2

/* The machine; stack and memo hold values that the pickle owns. */
typedef struct
{
  FacenetPickle *pickle;
  FacenetReader reader;
  const gchar *item;            /* for errors */
  GPtrArray *stack;
  GArray *marks;                /* of guint, lengths of the stack */
  GHashTable *memo;             /* number to value */
  gboolean stopped;
} Machine;

static void
value_free (gpointer data)
{
  FacenetPickleValue *value = data;

  if (value->kind == FACENET_PICKLE_STRING) {
    g_free (value->string);
  } else if (value->kind == FACENET_PICKLE_TUPLE
      || value->kind == FACENET_PICKLE_LIST
      || value->kind == FACENET_PICKLE_DICT) {
    g_ptr_array_unref (value->items);
  }
  g_free (value);
}

void
facenet_pickle_free (FacenetPickle * self)
{
  if (self != NULL) {
    g_ptr_array_unref (self->values);
    g_free (self);
  }
}

const gchar *
facenet_pickle_describe (const FacenetPickleValue * value)
{
  static const gchar *const kinds[] = { "None", "a bool", "an integer",
    "a float", "a string", "a tuple", "a list", "a dict", "a class or function",
    "a storage", "a tensor"
  };

  return kinds[value->kind];
}

const FacenetPickleValue *
facenet_pickle_lookup (const FacenetPickleValue * dict, const gchar * key)
{
  for (guint i = dict->items->len; i >= 2; i -= 2) {
    const FacenetPickleValue *name = g_ptr_array_index (dict->items, i - 2);

    if (name->kind == FACENET_PICKLE_STRING && g_str_equal (name->string, key)) {
      return g_ptr_array_index (dict->items, i - 1);
    }
  }
  return NULL;
}

/* Fails with the place at which it happened. */
static gboolean
fail (const Machine * self, GError ** error, const gchar * what)
{
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: %s before offset %" G_GSIZE_FORMAT, self->item, what,
      self->reader.offset);
  return FALSE;
}

/* A new value on the stack; returns it for its content. */
static FacenetPickleValue *
push_new (Machine * self, FacenetPickleKind kind)
{
  FacenetPickleValue *value = g_new0 (FacenetPickleValue, 1);

  value->kind = kind;
  if (kind == FACENET_PICKLE_TUPLE || kind == FACENET_PICKLE_LIST
      || kind == FACENET_PICKLE_DICT) {
    value->items = g_ptr_array_new ();
  }
  g_ptr_array_add (self->pickle->values, value);
  g_ptr_array_add (self->stack, value);
  return value;
}

static gboolean
push_int (Machine * self, FacenetPickleKind kind, gint64 integer)
{
  push_new (self, kind)->integer = integer;
  return TRUE;
}

/* How many values may be popped: those above the last mark. */
static guint
available (const Machine * self)
{
  guint mark = self->marks->len > 0 ?
      g_array_index (self->marks, guint, self->marks->len - 1) : 0;

  return self->stack->len - mark;
}

static FacenetPickleValue *
peek (Machine * self, GError ** error)
{
  if (available (self) == 0) {
    fail (self, error, "takes a value from an empty stack");
    return NULL;
  }
  return g_ptr_array_index (self->stack, self->stack->len - 1);
}

static FacenetPickleValue *
pop (Machine * self, GError ** error)
{
  FacenetPickleValue *value = peek (self, error);

  if (value != NULL) {
    g_ptr_array_set_size (self->stack, (gint) self->stack->len - 1);
  }
  return value;
}

/* Takes the last mark away; returns how many values were above it, or -1. */
static gint
pop_mark (Machine * self, GError ** error)
{
  guint n = available (self);

  if (self->marks->len == 0) {
    fail (self, error, "needs a mark that is not there");
    return -1;
  }
  g_array_set_size (self->marks, self->marks->len - 1);
  return (gint) n;
}

/* Moves the last n of the stack to items, in their order. */
static void
move_items (Machine * self, GPtrArray * items, guint n)
{
  guint first = self->stack->len - n;

  for (guint i = first; i < self->stack->len; i++) {
    g_ptr_array_add (items, g_ptr_array_index (self->stack, i));
  }
  g_ptr_array_set_size (self->stack, (gint) first);
}

static gboolean
make_tuple (Machine * self, gint n, GError ** error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  FacenetPickleValue *tuple;

  if (n < 0) {
    return FALSE;
  }
  if ((guint) n > available (self)) {
    return fail (self, error, "makes a tuple of more than the stack has");
  }
  move_items (self, items, (guint) n);
  tuple = push_new (self, FACENET_PICKLE_TUPLE);
  g_ptr_array_unref (tuple->items);
  tuple->items = g_steal_pointer (&items);
  return TRUE;
}

/* Adds the last n of the stack to the container below them. */
static gboolean
extend (Machine * self, FacenetPickleKind kind, gint n, GError ** error)
{
  FacenetPickleValue *container;

  if (n < 0) {
    return FALSE;
  }
  if ((guint) n >= available (self)) {
    return fail (self, error, "adds to a container that is not there");
  }
  container = g_ptr_array_index (self->stack, self->stack->len - 1 - (guint) n);
  if (container->kind != kind) {
    return fail (self, error, kind == FACENET_PICKLE_LIST ?
        "appends to something that is not a list" :
        "sets items of something that is not a dict");
  }
  if (kind == FACENET_PICKLE_DICT && n % 2 != 0) {
    return fail (self, error, "sets a key without a value");
  }
  move_items (self, container->items, (guint) n);
  return TRUE;
}

static gboolean
read_string (Machine * self, GError ** error)
{
  guint32 size = facenet_reader_u32 (&self->reader);
  const guint8 *text = facenet_reader_slice (&self->reader, size);

  if (!facenet_reader_check (&self->reader, self->item, error)) {
    return FALSE;
  }
  if (!g_utf8_validate ((const gchar *) text, size, NULL)) {
    return fail (self, error, "a string that is not UTF-8");
  }
  push_new (self, FACENET_PICKLE_STRING)->string =
      g_strndup ((const gchar *) text, size);
  return TRUE;
}

/* LONG1: a number of size bytes, little-endian two's complement. */
static gboolean
read_long (Machine * self, GError ** error)
{
  guint8 size = facenet_reader_u8 (&self->reader);
  const guint8 *bytes = facenet_reader_slice (&self->reader, size);
  guint64 number = 0;

  if (!facenet_reader_check (&self->reader, self->item, error)) {
    return FALSE;
  }
  if (size > sizeof number) {
    return fail (self, error, "an integer of more than 64 bits");
  }
  if (size > 0 && (bytes[size - 1] & 0x80) != 0) {
    number = G_MAXUINT64;
  }
  for (guint i = size; i > 0; i--) {
    number = number << 8 | bytes[i - 1];
  }
  return push_int (self, FACENET_PICKLE_INT, (gint64) number);
}

/* The rest of the line, NUL-terminated and printable; NULL at the end. */
static gchar *
read_line (Machine * self)
{
  const guint8 *start = self->reader.data + self->reader.offset;
  gsize left = facenet_reader_remaining (&self->reader);
  const guint8 *end = memchr (start, '\n', left);
  g_autofree gchar *raw = NULL;
  gsize size;

  if (end == NULL) {
    facenet_reader_slice (&self->reader, (guint64) left + 1);
    return NULL;
  }
  size = (gsize) (end - start);
  facenet_reader_slice (&self->reader, size + 1);
  raw = g_strndup ((const gchar *) start, MIN (size, 100));
  return g_strescape (raw, NULL);
}

static gboolean
read_global (Machine * self, GError ** error)
{
  g_autofree gchar *module = read_line (self);
  g_autofree gchar *name = read_line (self);

  if (!facenet_reader_check (&self->reader, self->item, error)) {
    return FALSE;
  }
  return facenet_pickle_find_global (push_new (self, FACENET_PICKLE_NONE),
      module, name, self->item, error);
}

/* (transfer full): what is being made, for errors: its key, if the dict it is
 * for has been given one */
static gchar *
name_item (const Machine * self)
{
  const FacenetPickleValue *key = self->stack->len > 0 ?
      g_ptr_array_index (self->stack, self->stack->len - 1) : NULL;

  return key != NULL && key->kind == FACENET_PICKLE_STRING ?
      g_strdup_printf ("%s/%s", self->item, key->string)
      : g_strdup (self->item);
}

static gboolean
call (Machine * self, GError ** error)
{
  const FacenetPickleValue *args = pop (self, error);
  const FacenetPickleValue *function = args != NULL ? pop (self, error) : NULL;
  g_autofree gchar *item = NULL;

  if (function == NULL) {
    return FALSE;
  }
  item = name_item (self);
  return facenet_pickle_call (push_new (self, FACENET_PICKLE_NONE), function,
      args, item, error);
}

static gboolean
load_storage (Machine * self, GError ** error)
{
  const FacenetPickleValue *id = pop (self, error);

  return id != NULL
      && facenet_pickle_load_storage (push_new (self, FACENET_PICKLE_NONE), id,
      self->item, error);
}

/* BUILD sets attributes; those of a state dict (_metadata, the versions of its
 * layers) say nothing about tensors. */
static gboolean
drop_attributes (Machine * self, GError ** error)
{
  const FacenetPickleValue *state = pop (self, error);
  const FacenetPickleValue *object = state != NULL ? peek (self, error) : NULL;

  if (object == NULL) {
    return FALSE;
  }
  return (object->kind == FACENET_PICKLE_DICT
      && state->kind == FACENET_PICKLE_DICT)
      || fail (self, error, "sets attributes of something that is not a dict");
}

static gboolean
put (Machine * self, guint32 number, GError ** error)
{
  FacenetPickleValue *value = peek (self, error);

  if (value == NULL || !facenet_reader_check (&self->reader, self->item, error)) {
    return FALSE;
  }
  g_hash_table_insert (self->memo, GUINT_TO_POINTER (number), value);
  return TRUE;
}

static gboolean
get (Machine * self, guint32 number, GError ** error)
{
  gpointer value = g_hash_table_lookup (self->memo, GUINT_TO_POINTER (number));

  if (value == NULL) {
    return fail (self, error, "uses a value that was never kept");
  }
  g_ptr_array_add (self->stack, value);
  return TRUE;
}

static gboolean
stop (Machine * self, GError ** error)
{
  if (self->stack->len != 1 || self->marks->len > 0) {
    return fail (self, error, "ends with more or less than one value");
  }
  if (facenet_reader_remaining (&self->reader) > 0) {
    return fail (self, error, "more bytes after its end, which is");
  }
  self->pickle->root = g_ptr_array_index (self->stack, 0);
  self->stopped = TRUE;
  return TRUE;
}

static gboolean
fail_opcode (const Machine * self, guint8 opcode, GError ** error)
{
  g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
      "%s: opcode 0x%02x at offset %" G_GSIZE_FORMAT
      ", expected only those of a " "state dict in pickle protocol 2",
      self->item, opcode, self->reader.offset - 1);
  return FALSE;
}

/* Opcodes that make a value of what follows them. */
static gboolean
run_value (Machine * self, guint8 opcode, GError ** error)
{
  FacenetReader *reader = &self->reader;

  switch (opcode) {
    case 'N':                  /* NONE */
      return push_int (self, FACENET_PICKLE_NONE, 0);
    case 0x88:                 /* NEWTRUE */
    case 0x89:                 /* NEWFALSE */
      return push_int (self, FACENET_PICKLE_BOOL, opcode == 0x88);
    case 'J':                  /* BININT */
      return push_int (self, FACENET_PICKLE_INT,
          (gint32) facenet_reader_u32 (reader));
    case 'K':                  /* BININT1 */
      return push_int (self, FACENET_PICKLE_INT, facenet_reader_u8 (reader));
    case 'M':                  /* BININT2 */
      return push_int (self, FACENET_PICKLE_INT, facenet_reader_u16 (reader));
    case 0x8a:                 /* LONG1 */
      return read_long (self, error);
    case 'G':                  /* BINFLOAT; no tensor depends on one */
      facenet_reader_u64 (reader);
      return push_int (self, FACENET_PICKLE_FLOAT, 0);
    case 'X':                  /* BINUNICODE */
      return read_string (self, error);
    case '}':                  /* EMPTY_DICT */
      push_new (self, FACENET_PICKLE_DICT);
      return TRUE;
    case ']':                  /* EMPTY_LIST */
      push_new (self, FACENET_PICKLE_LIST);
      return TRUE;
    case ')':                  /* EMPTY_TUPLE */
      push_new (self, FACENET_PICKLE_TUPLE);
      return TRUE;
    case 'c':                  /* GLOBAL */
      return read_global (self, error);
    default:
      return fail_opcode (self, opcode, error);
  }
}

static gboolean
run (Machine * self, guint8 opcode, GError ** error)
{
  FacenetReader *reader = &self->reader;

  switch (opcode) {
    case '(':                  /* MARK */
      g_array_append_val (self->marks, self->stack->len);
      return TRUE;
    case 't':                  /* TUPLE */
      return make_tuple (self, pop_mark (self, error), error);
    case 0x85:                 /* TUPLE1, TUPLE2, TUPLE3 */
    case 0x86:
    case 0x87:
      return make_tuple (self, opcode - 0x84, error);
    case 'a':                  /* APPEND */
      return extend (self, FACENET_PICKLE_LIST, 1, error);
    case 'e':                  /* APPENDS */
      return extend (self, FACENET_PICKLE_LIST, pop_mark (self, error), error);
    case 's':                  /* SETITEM */
      return extend (self, FACENET_PICKLE_DICT, 2, error);
    case 'u':                  /* SETITEMS */
      return extend (self, FACENET_PICKLE_DICT, pop_mark (self, error), error);
    case 'R':                  /* REDUCE */
      return call (self, error);
    case 'Q':                  /* BINPERSID */
      return load_storage (self, error);
    case 'b':                  /* BUILD */
      return drop_attributes (self, error);
    case 'q':                  /* BINPUT */
      return put (self, facenet_reader_u8 (reader), error);
    case 'r':                  /* LONG_BINPUT */
      return put (self, facenet_reader_u32 (reader), error);
    case 'h':                  /* BINGET */
      return get (self, facenet_reader_u8 (reader), error);
    case 'j':                  /* LONG_BINGET */
      return get (self, facenet_reader_u32 (reader), error);
    case '.':                  /* STOP */
      return stop (self, error);
    default:
      return run_value (self, opcode, error);
  }
}

static gboolean
run_all (Machine * self, GError ** error)
{
  guint8 proto = facenet_reader_u8 (&self->reader);
  guint8 protocol = facenet_reader_u8 (&self->reader);

  if (!facenet_reader_check (&self->reader, self->item, error)) {
    return FALSE;
  }
  if (proto != 0x80 || protocol != PROTOCOL) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_FORMAT,
        "%s: %s %u, expected a pickle of protocol %d", self->item,
        proto == 0x80 ? "protocol" : "begins with byte",
        proto == 0x80 ? protocol : proto, PROTOCOL);
    return FALSE;
  }
  while (!self->stopped) {
    guint8 opcode = facenet_reader_u8 (&self->reader);

    if (!facenet_reader_check (&self->reader, self->item, error)
        || !run (self, opcode, error)
        || !facenet_reader_check (&self->reader, self->item, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

FacenetPickle *
facenet_pickle_read (const guint8 * data, gsize size, const gchar * item,
    GError ** error)
{
  g_autoptr (FacenetPickle) pickle = NULL;
  Machine machine = { 0 };
  gboolean ok;

  if (size > FACENET_PICKLE_MAX_SIZE) {
    g_set_error (error, FACENET_ERROR, FACENET_ERROR_LIMIT,
        "%s: %" G_GSIZE_FORMAT " bytes, expected at most %d", item, size,
        FACENET_PICKLE_MAX_SIZE);
    return NULL;
  }
  pickle = g_new0 (FacenetPickle, 1);
  pickle->values = g_ptr_array_new_with_free_func (value_free);
  machine.pickle = pickle;
  machine.item = item;
  facenet_reader_init (&machine.reader, data, size);
  machine.stack = g_ptr_array_new ();
  machine.marks = g_array_new (FALSE, FALSE, sizeof (guint));
  machine.memo = g_hash_table_new (NULL, NULL);
  ok = run_all (&machine, error);
  g_ptr_array_unref (machine.stack);
  g_array_unref (machine.marks);
  g_hash_table_unref (machine.memo);
  return ok ? g_steal_pointer (&pickle) : NULL;
}
