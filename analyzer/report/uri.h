/* uri.h - paths as others want them: as URIs, and relative to the repository. */
#ifndef IDLETX_REPORT_URI_H
#define IDLETX_REPORT_URI_H

#include "base/base.h"

/* A relative reference: all but letters, digits, "-._~" and "/" is percent-encoded. In 'a'. */
struct str uri_of_path(struct arena *a, struct str path);

/* "file:///absolute/folder/" of an absolute folder. In 'a'. */
struct str uri_of_folder(struct arena *a, struct str folder);

/* 'folder' without the slashes at its end, "/" excepted. */
struct str path_without_slash(struct str folder);

/* "services/shop/" when 'root' lies below 'base', else "". Both are absolute; in 'a'. */
struct str path_below(struct arena *a, struct str base, struct str root);

#endif
