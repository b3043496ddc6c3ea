/*
 * source.h - the bytes of one file. Offsets count from the first byte, a UTF-8
 * byte order mark included, so that edits can be applied to the file as it
 * is.
 */
#ifndef IDLETX_INPUT_SOURCE_H
#define IDLETX_INPUT_SOURCE_H

#include "base/base.h"

#define SOURCE_SIZE_MAX ((size_t)256 << 20)

struct source {
	struct str text; /* malloc'ed; source_release frees it */
	size_t bom;      /* bytes of a UTF-8 byte order mark: 0 or 3 */
};

/*
 * Reads a regular file whole. On failure returns false and '*why' is a static or errno
 * text ("permission denied", "not a regular file", "larger than 256 MiB"); nothing is reported here,
 * because only the caller knows whether the file was named.
 */
MUST_USE bool source_read(const char *path, struct source *out, const char **why);
void source_release(struct source *s);

#endif
