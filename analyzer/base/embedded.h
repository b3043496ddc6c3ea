/*
 * embedded.h - files that are part of the program: queries, protocols, tables
 * and rule pages. tools/embed.c writes the table at build from what is in the
 * tree, so adding a file needs no edit here. Every text is followed by a NUL byte.
 */
#ifndef IDLETX_BASE_EMBEDDED_H
#define IDLETX_BASE_EMBEDDED_H

#include "base/str.h"

struct embedded_file {
	const char *name; /* "queries/entry_points.scm", as the path in the tree */
	struct str text;
};

extern const struct embedded_file embedded_files[]; /* sorted by name */
extern const size_t embedded_file_count;

/* The file of that name, or NULL. */
const struct embedded_file *embedded_find(struct str name);

#endif
