/* passthrough.c - buffers of elements that only add metadata
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "common/gstfacenetpassthrough.h"

#include <gst/check/gstharness.h>

/* An element that marks each buffer in transform_ip. */
typedef struct
{
  GstBaseTransform parent;
} Marker;

typedef struct
{
  GstBaseTransformClass parent_class;
} MarkerClass;

static GType marker_get_type (void);
G_DEFINE_TYPE (Marker, marker, GST_TYPE_BASE_TRANSFORM);

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

static GstFlowReturn
marker_transform_ip (GstBaseTransform * trans, GstBuffer * buffer)
{
  g_assert_true (gst_buffer_is_writable (buffer));
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_MARKER);
  return GST_FLOW_OK;
}

static void
marker_class_init (MarkerClass * klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);

  trans_class->prepare_output_buffer = gst_facenet_passthrough_prepare;
  trans_class->transform_ip = marker_transform_ip;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Marker", "Filter",
      "Marks buffers", "The gst-facenet authors");
}

static void
marker_init (Marker * self)
{
  gst_facenet_passthrough_init (GST_BASE_TRANSFORM (self));
}

/* Memory that can neither be shared nor copied. */
typedef struct
{
  GstAllocator parent;
} Miser;

typedef struct
{
  GstAllocatorClass parent_class;
} MiserClass;

static GType miser_get_type (void);
G_DEFINE_TYPE (Miser, miser, GST_TYPE_ALLOCATOR);

static GstMemory *
miser_copy (GstMemory * memory, gssize offset, gssize size)
{
  return NULL;
}

static void
miser_free (GstAllocator * allocator, GstMemory * memory)
{
  g_free (memory);
}

static void
miser_class_init (MiserClass * klass)
{
  GST_ALLOCATOR_CLASS (klass)->free = miser_free;
}

static void
miser_init (Miser * self)
{
  GST_ALLOCATOR (self)->mem_copy = miser_copy;
}

static GstBuffer *
new_stubborn_buffer (void)
{
  GstAllocator *allocator = g_object_new (miser_get_type (), NULL);
  GstMemory *memory = g_new0 (GstMemory, 1);
  GstBuffer *buffer = gst_buffer_new ();

  gst_object_ref_sink (allocator);
  gst_memory_init (memory, GST_MEMORY_FLAG_NO_SHARE, allocator, NULL, 16, 0, 0,
      16);
  gst_object_unref (allocator);
  gst_buffer_append_memory (buffer, memory);
  return buffer;
}

static GstHarness *
new_harness (void)
{
  GstElement *element = g_object_new (marker_get_type (), NULL);
  GstHarness *harness = gst_harness_new_with_element (element, "sink", "src");

  gst_object_unref (element);
  gst_harness_set_src_caps_str (harness, "application/x-test");
  return harness;
}

static void
test_own_buffer_is_passed_on (void)
{
  GstHarness *harness = new_harness ();
  GstBuffer *input = gst_buffer_new_allocate (NULL, 16, NULL);
  GstBuffer *output;

  g_assert_cmpint (gst_harness_push (harness, input), ==, GST_FLOW_OK);
  output = gst_harness_pull (harness);
  g_assert_true (output == input);
  g_assert_true (GST_BUFFER_FLAG_IS_SET (output, GST_BUFFER_FLAG_MARKER));
  gst_buffer_unref (output);
  gst_harness_teardown (harness);
}

static void
test_shared_buffer_is_left_alone (void)
{
  GstHarness *harness = new_harness ();
  GstBuffer *input = gst_buffer_new_allocate (NULL, 16, NULL);
  GstBuffer *output;

  g_assert_cmpint (gst_harness_push (harness, gst_buffer_ref (input)), ==,
      GST_FLOW_OK);
  output = gst_harness_pull (harness);
  g_assert_true (output != input);
  g_assert_true (GST_BUFFER_FLAG_IS_SET (output, GST_BUFFER_FLAG_MARKER));
  g_assert_false (GST_BUFFER_FLAG_IS_SET (input, GST_BUFFER_FLAG_MARKER));
  /* The pixels are the same ones. */
  g_assert_true (gst_buffer_peek_memory (output, 0) ==
      gst_buffer_peek_memory (input, 0));
  gst_buffer_unref (output);
  gst_buffer_unref (input);
  gst_harness_teardown (harness);
}

static void
test_buffer_that_cannot_be_copied_is_an_error (void)
{
  GstHarness *harness = new_harness ();
  GstBus *bus = gst_bus_new ();
  GstBuffer *input = new_stubborn_buffer ();
  GstMessage *message;
  GError *error = NULL;

  gst_element_set_bus (harness->element, bus);
  g_assert_cmpint (gst_harness_push (harness, gst_buffer_ref (input)), ==,
      GST_FLOW_ERROR);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  gst_message_parse_error (message, &error, NULL);
  g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_FAILED);
  g_error_free (error);
  gst_message_unref (message);
  gst_buffer_unref (input);
  gst_element_set_bus (harness->element, NULL);
  gst_object_unref (bus);
  gst_harness_teardown (harness);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/passthrough/own-buffer-is-passed-on",
      test_own_buffer_is_passed_on);
  g_test_add_func ("/passthrough/shared-buffer-is-left-alone",
      test_shared_buffer_is_left_alone);
  g_test_add_func ("/passthrough/buffer-that-cannot-be-copied-is-an-error",
      test_buffer_that_cannot_be_copied_is_an_error);
  return g_test_run ();
}
