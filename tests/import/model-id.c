/* model-id.c - prints the id of each model that is named
 * SPDX-License-Identifier: LGPL-2.1-or-later
 * Copyright (C) 2026 the gst-facenet authors
 */
#include "import/facenet-import.h"

int
main (int argc, char **argv)
{
  for (int i = 1; i < argc; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FacenetModel) model =
        facenet_import_model (argv[i], NULL, &error);

    if (model == NULL) {
      g_printerr ("%s\n", error->message);
      return 1;
    }
    g_print ("%s\n", facenet_model_get_id (model));
  }
  return 0;
}
