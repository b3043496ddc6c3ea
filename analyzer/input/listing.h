/*
 * listing.h - which Python files lie below a folder: asked of git, or found by
 * walking. Paths come in no particular order and may repeat; discover.c sorts.
 */
#ifndef IDLETX_INPUT_LISTING_H
#define IDLETX_INPUT_LISTING_H

#include "base/base.h"
#include "input/exclude.h"

struct listed {
	struct str absolute; /* followed by a NUL byte */
	struct str path;     /* relative to the root */
	bool is_link;        /* a symbolic link to a regular file */
};

struct listing {
	struct arena *run;
	struct diag *d;
	const struct exclusions *exclusions; /* its root is the root of all paths here */
	struct listed *files;                /* stb_ds array; listing_release frees it */
	size_t notebooks, excluded;
};

void listing_release(struct listing *l);

/* Adds one file that is known to exist. Neither suffix nor exclusions are looked at. */
void listing_add(struct listing *l, struct str path, bool is_link);

/*
 * Adds 'path' if it is a Python file, or a link to a regular file, and no glob excludes it; counts
 * it if it is a notebook. 'type' is a directory entry's d_type, DT_UNKNOWN when not known.
 */
void listing_offer(struct listing *l, struct str path, unsigned char type);

/*
 * Adds the Python files below 'folder' (relative to the root) by reading folders. An unreadable
 * one is a note; false with errno set when that is 'folder' itself, and then nothing is reported.
 */
MUST_USE bool listing_walk(struct listing *l, struct str folder);

/*
 * The same by `git ls-files`: what git tracks or does not ignore, with submodules and repositories
 * inside. False, and nothing added, when git is missing or will not list this folder.
 */
MUST_USE bool listing_git(struct listing *l, struct str folder);

#endif
