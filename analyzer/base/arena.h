/*
 * arena.h - memory with one lifetime. Three arenas exist: 'run' (findings,
 * names, records), 'file' (facts of one file) and 'scratch' (one function's
 * states). The parameter's name says which; nothing in an arena is freed alone.
 * Allocation failure ends the program here, so no caller checks for NULL.
 */
#ifndef IDLETX_BASE_ARENA_H
#define IDLETX_BASE_ARENA_H

#include "base/str.h"
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* newest first */
	char *next, *end;           /* free room in the newest chunk */
	size_t used;                /* bytes handed out since init or clear */
};

#define arena_new(a, T) ((T *)arena_alloc((a), sizeof(T), _Alignof(T)))
#define arena_array(a, T, n) ((T *)arena_alloc_array((a), (n), sizeof(T), _Alignof(T)))

void arena_init(struct arena *a);

/* Gives all memory back. The arena may be used again after arena_init. */
void arena_release(struct arena *a);

/*
 * Forgets everything that was handed out but keeps one chunk for re-use. In
 * debug builds that chunk is overwritten, so that stale pointers show up.
 */
void arena_clear(struct arena *a);

/* Zeroed memory of 'size' bytes; size 0 gives a unique valid pointer. */
void *arena_alloc(struct arena *a, size_t size, size_t align);

/* The same for 'count' items; an overflowing product ends the program. */
void *arena_alloc_array(struct arena *a, size_t count, size_t size, size_t align);

/* A copy of the 'size' bytes at 'from'. */
void *arena_copy(struct arena *a, const void *from, size_t size, size_t align);

/* A copy of 's' that lives in 'a' and is followed by a NUL byte. */
struct str arena_str(struct arena *a, struct str s);

/* As printf, into 'a'; followed by a NUL byte. */
struct str arena_printf(struct arena *a, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *a, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

#endif
