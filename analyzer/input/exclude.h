/*
 * exclude.h - what is not read (exclusions) and what is read for facts only
 * (tests, migrations, vendored and generated code).
 */
#ifndef IDLETX_INPUT_EXCLUDE_H
#define IDLETX_INPUT_EXCLUDE_H

#include "base/base.h"
#include "input/config.h"
#include "input/options.h"

/* Globs of the configuration and the command line, ready to match. */
struct exclusions {
	struct str root; /* absolute */
	const struct str *globs;
	size_t count;
};

/*
 * A glob with a '/' in it is about the whole path from the root; one without is about a file or
 * folder of that name anywhere. What lies below an excluded folder is excluded.
 */
struct exclusions exclusions_of(struct arena *run, const struct options *o, const struct config *c,
                                struct str root);

/* Does a glob exclude exactly this file or folder? Folders above it are not looked at. */
bool excluded_by_glob(const struct exclusions *x, struct str path);

/*
 * The same, and folders that are never a project's own source: version control, virtual
 * environments, installed packages, build output and caches.
 */
bool excluded_folder(const struct exclusions *x, struct str path);

/* Is the file itself or a folder above it excluded? */
bool excluded_anywhere(const struct exclusions *x, struct str path);

/* Is a part of this folder's path one of tests, migrations or vendored code? */
bool facts_only_folder(struct str path);

/* Is this file below such a folder, or a test or generated file by its name? */
bool facts_only_file(struct str path);

#endif
