/*
 * discover.h - from the command line's paths to the sorted list of Python
 * files of the project. The whole root is read for facts; 'report' marks the
 * files findings are wanted for.
 */
#ifndef IDLETX_INPUT_DISCOVER_H
#define IDLETX_INPUT_DISCOVER_H

#include "base/base.h"
#include "input/config.h"
#include "input/options.h"

struct input_file {
	struct str path; /* relative to the root ("../" outside it), '/' between parts; the sort key */
	struct str absolute; /* followed by a NUL byte */
	bool named;          /* given on the command line itself: not being readable is exit 3 */
	bool report;         /* findings in it are wanted */
	bool beside;         /* not so, but those are that pass through a file that was named */
};

struct file_list {
	struct str root;    /* absolute, no trailing slash, followed by a NUL byte */
	struct str git_top; /* absolute, or empty */
	struct input_file *files;
	size_t count;
	size_t notebooks; /* *.ipynb skipped */
	size_t excluded; /* files and folders left out by exclusions; what git ignores is not counted */
	size_t facts_only; /* tests, migrations, vendored and generated files: read, not reported */
	bool whole;        /* no named files or folders narrow the report */
};

/*
 * Finds the project root without reading anything: --root, else the nearest folder above all paths
 * with pyproject.toml, setup.cfg, setup.py or .git, else the current folder if it holds them, else
 * the folder that they share. False with a DIAG_USAGE when --root is no folder.
 */
MUST_USE bool discover_root(struct arena *run, const struct options *o, struct diag *d,
                            struct str *root);

/*
 * Lists all Python files below the root, and named files whatever their suffix. Uses `git ls-files`
 * (spawned without a shell) when the root is in a git work tree and git will have it, a plain walk
 * otherwise. Symbolic links to folders are not followed; a file is listed once. Exclusions hold for
 * what is found, not for what is named (but --force-exclude). A named path that does not exist is a
 * DIAG_FAILURE; the others are listed. False when the root itself cannot be read.
 */
MUST_USE bool discover(struct arena *run, const struct options *o, const struct config *c,
                       struct str root, struct diag *d, struct file_list *out);

#endif
