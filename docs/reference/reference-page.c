/* reference-page.c - the reference page of an element, made from the element
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 *
 *   reference-page ELEMENT   prints its page
 *   reference-page           lists the project's elements that GStreamer finds
 *
 * A page is Markdown with what the element says of itself: its pads, its
 * properties with type, range, default and the states in which they may change,
 * the values of its enumerations, its signals. Nothing of this is written by
 * hand; tests/checks/reference fails while a page of this folder is another.
 */
#include <gst/gst.h>

#define PROJECT "gst-facenet"   /* the source that our plugins name */

/* Pads */

/* One line for each structure of the caps; a list of formats may be long. */
static void
print_caps (const GstCaps * caps)
{
  if (gst_caps_is_any (caps))
    g_print ("    ANY\n");
  for (guint i = 0; !gst_caps_is_any (caps) && i < gst_caps_get_size (caps);
      i++) {
    const GstStructure *s = gst_caps_get_structure (caps, i);

    g_print ("    %s\n", gst_structure_get_name (s));
    for (gint j = 0; j < gst_structure_n_fields (s); j++) {
      const gchar *name = gst_structure_nth_field_name (s, (guint) j);
      g_autofree gchar *value =
          gst_value_serialize (gst_structure_get_value (s, name));
      g_auto (GStrv) parts = g_strsplit (value, "(string)", -1);
      g_autofree gchar *plain = g_strjoinv ("", parts);

      g_print ("      %s: %s\n", name, plain);
    }
  }
}

/* The registry gives templates in no order to rely on: one direction a time. */
static void
print_pads (GstElementFactory * factory, GstPadDirection direction)
{
  const GList *item;

  for (item = gst_element_factory_get_static_pad_templates (factory); item;
      item = item->next) {
    GstStaticPadTemplate *pad = item->data;
    g_autoptr (GstCaps) caps = NULL;

    if (pad->direction != direction)
      continue;
    caps = gst_static_pad_template_get_caps (pad);
    g_print ("\n`%s`, %s\n\n", pad->name_template,
        direction == GST_PAD_SINK ? "in" : "out");
    print_caps (caps);
  }
}

/* Properties */

static gint
compare_specs (gconstpointer a, gconstpointer b)
{
  const GParamSpec *const *x = a, *const *y = b;

  return g_strcmp0 ((*x)->name, (*y)->name);
}

/* What GStreamer's own classes add is in their documentation.
 * Returns: (transfer container): those of the element's own, by name */
static GPtrArray *
list_own_specs (GstElement * element)
{
  guint n_specs;
  g_autofree GParamSpec **specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n_specs);
  GPtrArray *own = g_ptr_array_new ();

  for (guint i = 0; i < n_specs; i++) {
    const gchar *owner = g_type_name (specs[i]->owner_type);

    if (g_str_has_prefix (owner, "GstFace"))
      g_ptr_array_add (own, specs[i]);
  }
  g_ptr_array_sort (own, compare_specs);
  return own;
}

/* Returns: the word for a type that somebody who writes pipelines knows */
static const gchar *
type_to_string (GType type)
{
  switch (G_TYPE_FUNDAMENTAL (type)) {
    case G_TYPE_BOOLEAN:
      return "bool";
    case G_TYPE_STRING:
      return "string";
    case G_TYPE_UINT:
      return "uint";
    case G_TYPE_UINT64:
      return "guint64";
    case G_TYPE_DOUBLE:
      return "double";
    case G_TYPE_ENUM:
      return "enum";
    case G_TYPE_FLAGS:
      return "flags";
    default:
      return g_type_name (type);
  }
}

/* What is as large as the type can hold is no limit worth a word.
 * Returns: (transfer full): ", 0 to 1", or an empty string */
static gchar *
range_to_string (GParamSpec * spec)
{
  gchar low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];

  if (G_IS_PARAM_SPEC_DOUBLE (spec)) {
    GParamSpecDouble *s = G_PARAM_SPEC_DOUBLE (spec);

    g_ascii_formatd (low, sizeof low, "%g", s->minimum);
    g_ascii_formatd (high, sizeof high, "%g", s->maximum);
    return g_strdup_printf (", %s to %s", low, high);
  }
  if (G_IS_PARAM_SPEC_UINT (spec)) {
    GParamSpecUInt *s = G_PARAM_SPEC_UINT (spec);

    if (s->maximum < G_MAXINT)
      return g_strdup_printf (", %u to %u", s->minimum, s->maximum);
    return g_strdup_printf (", from %u", s->minimum);
  }
  if (G_IS_PARAM_SPEC_UINT64 (spec))
    return g_strdup_printf (", from %" G_GUINT64_FORMAT,
        G_PARAM_SPEC_UINT64 (spec)->minimum);
  return g_strdup ("");
}

/* Returns: (transfer full): names of flags that are set, as one types them */
static gchar *
flags_to_string (const GValue * value)
{
  GFlagsClass *klass = g_type_class_ref (G_VALUE_TYPE (value));
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < klass->n_values; i++)
    if (klass->values[i].value & g_value_get_flags (value))
      g_string_append_printf (names, "%s%s", names->len ? "+" : "",
          klass->values[i].value_nick);
  g_type_class_unref (klass);
  return g_string_free (names, FALSE);
}

/* Returns: (transfer full): the default as one would type it */
static gchar *
default_to_string (GParamSpec * spec)
{
  const GValue *value = g_param_spec_get_default_value (spec);
  gchar number[G_ASCII_DTOSTR_BUF_SIZE];

  if (!(spec->flags & G_PARAM_WRITABLE))
    return g_strdup ("");
  if (G_VALUE_HOLDS_FLAGS (value))
    return flags_to_string (value);
  if (G_VALUE_HOLDS_STRING (value) && !g_value_get_string (value))
    return g_strdup ("unset");
  if (G_VALUE_HOLDS_STRING (value))
    return g_strdup_printf ("\"%s\"", g_value_get_string (value));
  if (G_VALUE_HOLDS_DOUBLE (value))
    return g_strdup (g_ascii_formatd (number, sizeof number, "%g",
            g_value_get_double (value)));
  return gst_value_serialize (value);
}

static const gchar *
when_mutable (GParamSpec * spec)
{
  if (!(spec->flags & G_PARAM_WRITABLE))
    return "read only";
  if (spec->flags & GST_PARAM_MUTABLE_PLAYING)
    return spec->flags & GST_PARAM_CONTROLLABLE
        ? "PLAYING, controllable" : "PLAYING";
  return spec->flags & GST_PARAM_MUTABLE_PAUSED ? "PAUSED" : "READY";
}

static void
print_properties (GPtrArray * specs)
{
  g_print ("\n## Properties\n\n"
      "\"May change in\" is the highest state in which it may be set.\n\n"
      "| property | type | default | may change in | meaning |\n"
      "|---|---|---|---|---|\n");
  for (guint i = 0; i < specs->len; i++) {
    GParamSpec *spec = g_ptr_array_index (specs, i);
    g_autofree gchar *range = range_to_string (spec);
    g_autofree gchar *initial = default_to_string (spec);

    g_print ("| `%s` | %s%s | %s | %s | %s |\n", spec->name,
        type_to_string (spec->value_type), range, initial, when_mutable (spec),
        g_param_spec_get_blurb (spec));
  }
}

static void
print_enum (GEnumClass * klass)
{
  for (guint i = 0; i < klass->n_values; i++)
    g_print ("| `%s` | %s |\n", klass->values[i].value_nick,
        klass->values[i].value_name);
}

static void
print_flags (GFlagsClass * klass)
{
  for (guint i = 0; i < klass->n_values; i++)
    g_print ("| `%s` | %s |\n", klass->values[i].value_nick,
        klass->values[i].value_name);
}

static void
print_values (GPtrArray * specs)
{
  for (guint i = 0; i < specs->len; i++) {
    GParamSpec *spec = g_ptr_array_index (specs, i);
    gpointer klass;

    if (!G_IS_PARAM_SPEC_ENUM (spec) && !G_IS_PARAM_SPEC_FLAGS (spec))
      continue;
    g_print ("\n### Values of `%s`\n\n| value | meaning |\n|---|---|\n",
        spec->name);
    klass = g_type_class_ref (spec->value_type);
    if (G_IS_PARAM_SPEC_ENUM (spec))
      print_enum (klass);
    else
      print_flags (klass);
    g_type_class_unref (klass);
  }
}

/* Signals */

static void
print_signal (guint id)
{
  GSignalQuery query;

  g_signal_query (id, &query);
  g_print ("| `%s` (", query.signal_name);
  for (guint i = 0; i < query.n_params; i++)
    g_print ("%s%s", i ? ", " : "",
        type_to_string (query.param_types[i] & ~G_SIGNAL_TYPE_STATIC_SCOPE));
  g_print (") | %s | %s |\n", type_to_string (query.return_type),
      query.signal_flags & G_SIGNAL_ACTION ? "emit it to have it done"
      : "emitted by the element");
}

static void
print_signals (GstElement * element)
{
  guint n_ids;
  g_autofree guint *ids = g_signal_list_ids (G_OBJECT_TYPE (element), &n_ids);

  if (n_ids == 0)
    return;
  g_print ("\n## Signals\n\n| signal | returns | |\n|---|---|---|\n");
  for (guint i = 0; i < n_ids; i++)
    print_signal (ids[i]);
}

static void
print_page (GstElement * element)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  g_autoptr (GPtrArray) specs = list_own_specs (element);

  g_print ("# %s\n\n%s. %s.\n\n"
      "Made from the element itself; see [the elements](../elements.md) for how "
      "to use it.\nClass: %s.\n\n", GST_OBJECT_NAME (factory),
      gst_element_factory_get_metadata (factory, GST_ELEMENT_METADATA_LONGNAME),
      gst_element_factory_get_metadata (factory,
          GST_ELEMENT_METADATA_DESCRIPTION),
      gst_element_factory_get_metadata (factory, GST_ELEMENT_METADATA_KLASS));
  g_print ("## Pads\n");
  print_pads (factory, GST_PAD_SINK);
  print_pads (factory, GST_PAD_SRC);
  if (specs->len > 0)
    print_properties (specs);
  print_values (specs);
  print_signals (element);
}

static void
print_elements (void)
{
  GList *features = gst_registry_get_feature_list (gst_registry_get (),
      GST_TYPE_ELEMENT_FACTORY);

  for (const GList * item = features; item; item = item->next) {
    g_autoptr (GstPlugin) plugin = gst_plugin_feature_get_plugin (item->data);

    if (plugin && !g_strcmp0 (gst_plugin_get_source (plugin), PROJECT))
      g_print ("%s\n", GST_OBJECT_NAME (item->data));
  }
  gst_plugin_feature_list_free (features);
}

int
main (int argc, char **argv)
{
  g_autoptr (GstElement) element = NULL;

  gst_init (&argc, &argv);
  if (argc < 2) {
    print_elements ();
    return 0;
  }
  element = gst_element_factory_make (argv[1], NULL);
  if (element == NULL) {
    g_printerr ("reference-page: there is no element %s\n", argv[1]);
    return 2;
  }
  gst_object_ref_sink (element);
  print_page (element);
  return 0;
}
