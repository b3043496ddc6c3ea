/*
 * str.h - text as pointer and length. Source text is not 0-terminated and may
 * hold NUL bytes, so nothing here relies on a terminator. A str never owns
 * its bytes; the arena, interner or file that holds them does.
 */
#ifndef IDLETX_BASE_STR_H
#define IDLETX_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	const char *ptr;
	size_t len;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_EMPTY ((struct str){"", 0})
/* For printf: printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int)(s).len, (s).ptr

static inline struct str str_of(const char *text)
{
	return (struct str){text, strlen(text)};
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool str_is(struct str a, const char *text)
{
	return str_eq(a, str_of(text));
}

/* Orders by bytes, a prefix first. Negative, zero or positive. */
static inline int str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int d = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);
	if (d != 0)
		return d;
	return a.len < b.len ? -1 : a.len > b.len;
}

static inline bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len &&
	       (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
	       (suffix.len == 0 || memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

static inline bool str_contains(struct str s, struct str part)
{
	return part.len == 0 || (s.len > 0 && memmem(s.ptr, s.len, part.ptr, part.len) != NULL);
}

static inline bool str_contains_any(struct str s, const char *const *parts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_contains(s, str_of(parts[i])))
			return true;
	return false;
}

/* The bytes of s from 'from' up to, not including, 'to'; both are clamped. */
static inline struct str str_slice(struct str s, size_t from, size_t to)
{
	if (to > s.len)
		to = s.len;
	if (from > to)
		from = to;
	return (struct str){s.ptr + from, to - from};
}

#endif
