/* path.c - see path.h. Only path_absolute and path_exists ask the file system. */
#include "input/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct str path_join(struct arena *run, struct str folder, struct str name)
{
	if (folder.len == 0)
		return arena_str(run, name);
	bool slash = folder.ptr[folder.len - 1] == '/';
	size_t len = folder.len + (slash ? 0 : 1) + name.len;
	char *p = arena_array(run, char, len + 1);
	memcpy(p, folder.ptr, folder.len);
	p[len - name.len - 1] = '/';
	memcpy(p + len - name.len, name.ptr, name.len);
	return (struct str){p, len};
}

/* Bytes up to and with the last '/'; 0 without one. */
static size_t through_last_slash(struct str path)
{
	size_t n = path.len;

	while (n > 0 && path.ptr[n - 1] != '/')
		n--;
	return n;
}

struct str path_parent(struct str path)
{
	size_t n = through_last_slash(path);

	return str_slice(path, 0, n > 1 ? n - 1 : n);
}

struct str path_name(struct str path)
{
	return str_slice(path, through_last_slash(path), path.len);
}

bool path_within(struct str folder, struct str path)
{
	if (!str_starts(path, folder))
		return false;
	return folder.len == 0 || path.len == folder.len || folder.ptr[folder.len - 1] == '/' ||
	       path.ptr[folder.len] == '/';
}

struct str path_common(struct str a, struct str b)
{
	while (!path_within(a, b))
		a = path_parent(a);
	return a;
}

struct str path_relative(struct arena *run, struct str folder, struct str path)
{
	struct str common = path_common(folder, path);
	struct str rest = str_slice(path, common.len, path.len), out = STR_EMPTY;

	if (rest.len > 0 && rest.ptr[0] == '/')
		rest = str_slice(rest, 1, rest.len);
	if (common.len == folder.len)
		return rest;
	for (struct str f = folder; f.len > common.len; f = path_parent(f))
		out = path_join(run, out, STR(".."));
	return rest.len == 0 ? out : path_join(run, out, rest);
}

bool path_absolute(struct arena *run, const char *path, struct str *out)
{
	struct str text = str_of(path);

	while (text.len > 1 && text.ptr[text.len - 1] == '/')
		text.len--;
	struct str name = path_name(text), folder = path_parent(text);
	/* "." and ".." have no name of their own. */
	if (name.len == 0 || str_is(name, ".") || str_is(name, "..")) {
		folder = text;
		name = STR_EMPTY;
	}
	char *resolved = realpath(folder.len == 0 ? "." : arena_str(run, folder).ptr, NULL);
	if (resolved == NULL)
		return false;
	*out = name.len == 0 ? arena_str(run, str_of(resolved))
	                     : path_join(run, str_of(resolved), name);
	free(resolved);
	return true;
}

const char *path_text(char buffer[PATH_MAX], struct str folder, struct str name)
{
	int n = snprintf(buffer, PATH_MAX, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name));

	return n > 0 && n < PATH_MAX ? buffer : NULL;
}

bool path_exists(struct str folder, const char *name)
{
	char buffer[PATH_MAX];
	const char *path = path_text(buffer, folder, str_of(name));

	return path != NULL && access(path, F_OK) == 0;
}
