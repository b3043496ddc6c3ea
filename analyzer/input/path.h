/* path.h - paths as text: joined, split and compared without asking the file system. */
#ifndef IDLETX_INPUT_PATH_H
#define IDLETX_INPUT_PATH_H

#include "base/base.h"
#include <limits.h>

/* 'folder' and 'name' with one '/' between; an empty folder gives 'name'. Followed by a NUL byte. */
struct str path_join(struct arena *run, struct str folder, struct str name);

/* What stands before the last '/': "a" for "a/b", "" for "a", "/" for "/a" and "/". */
struct str path_parent(struct str path);

/* What stands behind the last '/'. */
struct str path_name(struct str path);

/* Is 'path' the folder itself or below it? Both absolute, or both relative to the same folder. */
bool path_within(struct str folder, struct str path);

/* The longest folder that holds both absolute paths, or is one of them. A part of 'a'. */
struct str path_common(struct str a, struct str b);

/* 'path' as seen from 'folder', both absolute: "" for itself, "../x" outside. May be a part of 'path'. */
struct str path_relative(struct arena *run, struct str folder, struct str path);

/*
 * 'path' made absolute, its folder's symbolic links resolved but not its own last part, so that a
 * link keeps its name. False with errno set when the folder does not exist.
 */
MUST_USE bool path_absolute(struct arena *run, const char *path, struct str *out);

/* 'folder'/'name' in 'buffer' with a NUL byte behind it; NULL when that is too long for a path. */
const char *path_text(char buffer[PATH_MAX], struct str folder, struct str name);

/* Does 'folder'/'name' exist? */
bool path_exists(struct str folder, const char *name);

#endif
