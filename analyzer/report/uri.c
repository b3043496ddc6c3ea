/* uri.c - percent-encoding by RFC 3986, byte by byte, so that no byte of a path is lost. */
#include "report/uri.h"

static bool stays(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("-._~/", c) != NULL);
}

struct str uri_of_path(struct arena *a, struct str path)
{
	static const char digits[] = "0123456789ABCDEF";
	char *uri = arena_array(a, char, path.len * 3);
	size_t len = 0;

	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.ptr[i];
		if (stays(c)) {
			uri[len++] = (char)c;
			continue;
		}
		uri[len++] = '%';
		uri[len++] = digits[c >> 4];
		uri[len++] = digits[c & 15];
	}
	return (struct str){uri, len};
}

struct str uri_of_folder(struct arena *a, struct str folder)
{
	struct str path = uri_of_path(a, folder);

	return arena_printf(a, "file://%.*s%s", STR_ARG(path), str_ends(path, STR("/")) ? "" : "/");
}

struct str path_without_slash(struct str folder)
{
	while (folder.len > 1 && folder.ptr[folder.len - 1] == '/')
		folder.len--;
	return folder;
}

struct str path_below(struct arena *a, struct str base, struct str root)
{
	base = path_without_slash(base);
	root = path_without_slash(root);
	if (str_is(base, "/"))
		base = STR_EMPTY;
	if (root.len <= base.len + 1 || !str_starts(root, base) || root.ptr[base.len] != '/')
		return STR_EMPTY;
	return arena_printf(a, "%.*s/", STR_ARG(str_slice(root, base.len + 1, root.len)));
}
