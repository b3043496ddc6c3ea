/*
 * arena.c - a list of chunks, each larger than the one before up to a limit.
 * Room is handed out from the newest chunk; a request too large for that gets
 * a chunk of its own, put behind the newest, so that the room left is not lost.
 */
#include "base/arena.h"
#include "base/memory.h"
#include "base/poison.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* Bytes between two allocations that nobody may touch. */
#ifdef POISON_WORKS
enum { RED_ZONE = 16 };
#else
enum { RED_ZONE = 0 };
#endif

/* The limit may be generous: pages of a chunk that are never touched cost nothing. */
enum {
	CHUNK_FIRST = 16 << 10,
	CHUNK_LIMIT = 32 << 20,
	CHUNK_KEPT = 256 << 10, /* larger ones are wanted seldom, and many arenas would keep theirs */
	STALE_BYTE = 0xdd,
};

struct arena_chunk {
	struct arena_chunk *older;
	size_t size; /* bytes in 'room' */
	_Alignas(max_align_t) char room[];
};

static struct arena_chunk *chunk_new(size_t size)
{
	if (size > SIZE_MAX - sizeof(struct arena_chunk))
		memory_exhausted();
	struct arena_chunk *c = memory_resize(NULL, sizeof(*c) + size);
	c->older = NULL;
	c->size = size;
	POISON(c->room, size);
	return c;
}

static void chunk_free(struct arena_chunk *c)
{
	UNPOISON(c->room, c->size);
	free(c);
}

static char *align_up(char *p, size_t align)
{
	return p + (-(uintptr_t)p & (align - 1));
}

static void hand_out_from(struct arena *a, struct arena_chunk *c)
{
	a->next = c->room;
	a->end = c->room + c->size;
}

void arena_init(struct arena *a)
{
	*a = (struct arena){0};
}

static void free_older(struct arena_chunk *c)
{
	while (c != NULL) {
		struct arena_chunk *older = c->older;
		chunk_free(c);
		c = older;
	}
}

void arena_release(struct arena *a)
{
	free_older(a->chunks);
	arena_init(a);
}

void arena_clear(struct arena *a)
{
	struct arena_chunk *keep = a->chunks;

	a->used = 0;
	if (keep == NULL)
		return;
	if (keep->size > CHUNK_KEPT) {
		arena_release(a);
		return;
	}
	free_older(keep->older);
	keep->older = NULL;
#ifndef NDEBUG
	size_t touched = (size_t)(a->next - keep->room);
	UNPOISON(keep->room, touched);
	memset(keep->room, STALE_BYTE, touched);
#endif
	POISON(keep->room, keep->size);
	hand_out_from(a, keep);
}

/* A new newest chunk with room for 'need' bytes. */
static void grow(struct arena *a, size_t need)
{
	size_t size = CHUNK_FIRST;

	if (a->chunks != NULL)
		size = a->chunks->size < CHUNK_LIMIT / 2 ? a->chunks->size * 2 : CHUNK_LIMIT;
	struct arena_chunk *c = chunk_new(size > need ? size : need);
	c->older = a->chunks;
	a->chunks = c;
	hand_out_from(a, c);
}

/* For a request that would leave most of the newest chunk unused. */
static char *alloc_apart(struct arena *a, size_t size, size_t align)
{
	struct arena_chunk *c = chunk_new(size + align);

	c->older = a->chunks->older;
	a->chunks->older = c;
	return align_up(c->room, align);
}

/* Room for 'size' bytes that nobody has written yet. */
static char *take(struct arena *a, size_t size, size_t align)
{
	assert(align != 0 && (align & (align - 1)) == 0);
	if (size > SIZE_MAX / 2)
		memory_exhausted();
	if (size == 0)
		size = 1;
	a->used += size;

	size_t need = size + RED_ZONE + align;
	char *p;
	if (need > (size_t)(a->end - a->next) && a->chunks != NULL && need > a->chunks->size / 2) {
		p = alloc_apart(a, size, align);
	} else {
		if (need > (size_t)(a->end - a->next))
			grow(a, need);
		p = align_up(a->next, align);
		a->next = p + size + RED_ZONE;
	}
	UNPOISON(p, size);
	return p;
}

void *arena_alloc(struct arena *a, size_t size, size_t align)
{
	return memset(take(a, size, align), 0, size == 0 ? 1 : size);
}

void *arena_copy(struct arena *a, const void *from, size_t size, size_t align)
{
	void *p = take(a, size, align);
	return size == 0 ? p : memcpy(p, from, size);
}

void *arena_alloc_array(struct arena *a, size_t count, size_t size, size_t align)
{
	if (size != 0 && count > SIZE_MAX / size)
		memory_exhausted();
	return arena_alloc(a, count * size, align);
}

struct str arena_str(struct arena *a, struct str s)
{
	if (s.len == SIZE_MAX)
		memory_exhausted();
	char *p = take(a, s.len + 1, 1);
	if (s.len != 0)
		memcpy(p, s.ptr, s.len);
	p[s.len] = '\0';
	return (struct str){p, s.len};
}

struct str arena_vprintf(struct arena *a, const char *format, va_list args)
{
	char small[256];
	va_list again;

	va_copy(again, args);
	int n = vsnprintf(small, sizeof(small), format, args);
	assert(n >= 0);
	size_t len = n < 0 ? 0 : (size_t)n;
	struct str s = {small, len};
	if (len < sizeof(small)) {
		s = arena_str(a, s);
	} else {
		char *p = take(a, len + 1, 1);
		vsnprintf(p, len + 1, format, again);
		s.ptr = p;
	}
	va_end(again);
	return s;
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	struct str s = arena_vprintf(a, format, args);
	va_end(args);
	return s;
}
