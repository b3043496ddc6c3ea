/* uri.h - paths as the URIs that SARIF wants. */
#ifndef IDLETX_REPORT_URI_H
#define IDLETX_REPORT_URI_H

#include "base/base.h"

/* A relative reference: all but letters, digits, "-._~" and "/" is percent-encoded. In 'a'. */
struct str uri_of_path(struct arena *a, struct str path);

/* "file:///absolute/folder/" of an absolute folder. In 'a'. */
struct str uri_of_folder(struct arena *a, struct str folder);

#endif
