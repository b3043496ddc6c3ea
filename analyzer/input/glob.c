/*
 * glob.c - glob patterns over paths, matched without recursion. Two places to
 * go back to are enough: the last `*` (within its part) and the last `**`.
 * What stands before them was matched as early as possible, so trying it
 * again further on cannot help.
 */
#include "input/config.h"

#include <stdint.h>

/* Where to go on when what follows a star did not match: 'glob' again, one further in the path. */
struct retry {
	bool set, whole_parts; /* whole_parts: a part that is `**` is left at a '/' only */
	size_t glob, path;
};

/*
 * The code point at 's'[*at], which is moved behind it. A byte that does not begin valid UTF-8 is
 * taken alone, as a number no code point has.
 */
static uint32_t next_char(struct str s, size_t *at)
{
	unsigned char first = (unsigned char)s.ptr[(*at)++];
	unsigned more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
	uint32_t c = first & (0x3fu >> more);

	if (first < 0x80)
		return first;
	if (first < 0xc2 || first > 0xf4 || s.len - *at < more)
		return 0x110000u + first;
	for (unsigned i = 0; i < more; i++) {
		unsigned char next = (unsigned char)s.ptr[*at + i];
		if ((next & 0xc0) != 0x80)
			return 0x110000u + first;
		c = c << 6 | (next & 0x3f);
	}
	*at += more;
	return c;
}

/*
 * The set that begins at glob[*at] == '[': does it hold 'c'? '*at' is moved behind it. A '['
 * without an end is an ordinary character; then nothing is moved and the result says so.
 */
static bool set_holds(struct str glob, size_t *at, uint32_t c, bool *is_set)
{
	size_t i = *at + 1, first;
	bool negated = i < glob.len && (glob.ptr[i] == '!' || glob.ptr[i] == '^'), holds = false;

	*is_set = false;
	if (negated)
		i++;
	for (first = i; i < glob.len && (glob.ptr[i] != ']' || i == first);) {
		uint32_t low = next_char(glob, &i), high = low;
		if (i + 1 < glob.len && glob.ptr[i] == '-' && glob.ptr[i + 1] != ']') {
			i++;
			high = next_char(glob, &i);
		}
		holds |= c >= low && c <= high;
	}
	if (i >= glob.len)
		return false;
	*is_set = true;
	*at = i + 1;
	return holds != negated;
}

/* Matches one character of the path with one item of the glob that is no star; moves both. */
static bool one_matches(struct str glob, size_t *g, struct str path, size_t *p)
{
	uint32_t c = next_char(path, p);
	bool is_set;

	if (glob.ptr[*g] == '?') {
		++*g;
		return c != '/';
	}
	if (glob.ptr[*g] == '[') {
		bool holds = set_holds(glob, g, c, &is_set);
		if (is_set)
			return holds && c != '/';
	}
	if (glob.ptr[*g] == '\\' && *g + 1 < glob.len)
		++*g;
	return next_char(glob, g) == c;
}

/* At a run of stars: one is `*`, more are `**`. Moves 'g' behind it and notes where to retry. */
static void star(struct str glob, size_t *g, size_t p, struct retry *near, struct retry *far)
{
	size_t begin = *g;

	while (*g < glob.len && glob.ptr[*g] == '*')
		++*g;
	if (*g - begin == 1) {
		*near = (struct retry){.set = true, .glob = *g, .path = p};
		return;
	}
	bool whole = (begin == 0 || glob.ptr[begin - 1] == '/') && *g < glob.len &&
	             glob.ptr[*g] == '/';
	if (whole)
		++*g;
	*near = (struct retry){.set = false};
	*far = (struct retry){.set = true, .whole_parts = whole, .glob = *g, .path = p};
}

/* The next place in the path from which what follows the star may match. */
static bool retry_next(struct retry *r, struct str path, bool crosses)
{
	if (!r->set || r->path >= path.len || (!crosses && path.ptr[r->path] == '/'))
		return false;
	if (!r->whole_parts) {
		next_char(path, &r->path);
		return true;
	}
	while (r->path < path.len && path.ptr[r->path] != '/')
		r->path++;
	return r->path++ < path.len;
}

bool glob_match(struct str glob, struct str path)
{
	struct retry near = {.set = false}, far = {.set = false};
	size_t g = 0, p = 0;

	while (g < glob.len || p < path.len) {
		if (g < glob.len && glob.ptr[g] == '*') {
			star(glob, &g, p, &near, &far);
			continue;
		}
		if (g < glob.len && p < path.len && one_matches(glob, &g, path, &p))
			continue;
		if (retry_next(&near, path, false)) {
			g = near.glob;
			p = near.path;
		} else if (retry_next(&far, path, true)) {
			near.set = false;
			g = far.glob;
			p = far.path;
		} else {
			return false;
		}
	}
	return true;
}
