/*
 * version_file.h - what lock files, requirements and pyproject.toml say about
 * one package. They are other programs' files: what cannot be understood says nothing.
 */
#ifndef IDLETX_PROJECT_VERSION_FILE_H
#define IDLETX_PROJECT_VERSION_FILE_H

#include "project/version_range.h"

enum version_file {
	VERSION_FILE_LOCK, /* uv.lock, poetry.lock, pdm.lock, pylock.toml */
	VERSION_FILE_PIPFILE_LOCK,
	VERSION_FILE_REQUIREMENTS, /* requirements.txt: -r and other options are passed over */
	VERSION_FILE_PYPROJECT,
	VERSION_FILE_SETUP_CFG,
	VERSION_FILE_SETUP_PY, /* the texts in it that look like requirements; nothing of it is run */
	VERSION_FILE_CONDA,    /* environment.yml */
};

#define VERSION_FILE_MAX ((size_t)64 << 20) /* bytes of one file that are read */

struct version_statement {
	struct version_set set;
	struct str written; /* ">=0.100,<0.116"; empty when every release is allowed */
};

/*
 * Reads what the file's text says about the package 'name' (lower case). Several statements for
 * different environments are united; a project's own dependencies come before its optional groups.
 * False when it says nothing. The answer's texts live in 'scratch' or are parts of 'text'.
 */
MUST_USE bool version_file_read(struct arena *scratch, enum version_file kind, struct str text,
                                const char *name, struct version_statement *out);

#endif
