/*
 * tree_pool.c - blocks in classes of size, cut from chunks, with a list of free
 * blocks for each class. A block is a word that says its class, then the room.
 */
#include "syntax/tree_pool.h"
#include "base/memory.h"
#include "base/poison.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <tree_sitter/api.h>

enum {
	STEP = 16,        /* small classes: one for each STEP bytes up to SMALL_MAX */
	SMALL_MAX = 1024, /* large ones: one for each power of two above it         */
	SMALL_COUNT = SMALL_MAX / STEP,
	CLASS_COUNT = SMALL_COUNT + 48,
	CHUNK_SIZE = 256 << 10, /* larger blocks have a chunk of their own */
	CHUNKS_KEPT = 32,       /* from file to file                      */
};

struct chunk {
	struct chunk *next;
	size_t size; /* of 'room' */
	_Alignas(16) char room[];
};

struct tree_pool {
	char *next, *end; /* free room in the newest chunk */
	struct chunk *used, *spare;
	void *free[CLASS_COUNT]; /* the first free block's room; it holds the next one's */
};

static _Thread_local struct tree_pool *current;

static size_t class_of(size_t size)
{
	if (size <= SMALL_MAX)
		return size == 0 ? 0 : (size - 1) / STEP;
	size_t class = SMALL_COUNT;
	for (size_t room = SMALL_MAX * 2; room < size; room *= 2)
		class ++;
	return class;
}

static size_t class_room(size_t class)
{
	if (class < SMALL_COUNT)
		return (class + 1) * STEP;
	return (size_t)SMALL_MAX * 2 << (class - SMALL_COUNT);
}

static size_t *class_at(void *room)
{
	return (size_t *)room - 1;
}

static struct chunk *chunk_new(size_t size)
{
	struct chunk *c = memory_resize(NULL, sizeof(*c) + size);

	c->size = size;
	POISON(c->room, size);
	return c;
}

static void chunk_free(struct chunk *c)
{
	UNPOISON(c->room, c->size);
	free(c);
}

static char *cut_own_chunk(struct tree_pool *p, size_t size)
{
	struct chunk *c = chunk_new(size);

	c->next = p->used;
	p->used = c;
	return c->room;
}

static char *cut(struct tree_pool *p, size_t size)
{
	if (size > CHUNK_SIZE / 4)
		return cut_own_chunk(p, size);
	if (size > (size_t)(p->end - p->next)) {
		struct chunk *c = p->spare;
		if (c != NULL)
			p->spare = c->next;
		else
			c = chunk_new(CHUNK_SIZE);
		c->next = p->used;
		p->used = c;
		p->next = c->room;
		p->end = c->room + c->size;
	}
	char *block = p->next;
	p->next += size;
	return block;
}

static void *pool_alloc(struct tree_pool *p, size_t size)
{
	if (size > SIZE_MAX >> 8)
		memory_exhausted();
	size_t class = class_of(size);
	char *room = p->free[class];

	if (room != NULL) {
		UNPOISON(room, sizeof(void *));
		memcpy(&p->free[class], room, sizeof(p->free[class]));
		POISON(room, sizeof(void *));
	} else {
		room = cut(p, sizeof(size_t) + class_room(class)) + sizeof(size_t);
		UNPOISON(class_at(room), sizeof(size_t));
		*class_at(room) = class;
	}
	UNPOISON(room, size);
	return room;
}

static void pool_free(struct tree_pool *p, void *room)
{
	size_t class = *class_at(room);

	UNPOISON(room, sizeof(void *));
	memcpy(room, &p->free[class], sizeof(p->free[class]));
	POISON(room, class_room(class));
	p->free[class] = room;
}

static void *pool_resize(struct tree_pool *p, void *old, size_t size)
{
	size_t room = class_room(*class_at(old));

	if (size <= room) {
		POISON(old, room);
		UNPOISON(old, size);
		return old;
	}
	void *made = pool_alloc(p, size);
	UNPOISON(old, room);
	memcpy(made, old, room);
	pool_free(p, old);
	return made;
}

/* What tree-sitter calls, in every thread. */

static void *tree_malloc(size_t size)
{
	return current == NULL ? memory_resize(NULL, size) : pool_alloc(current, size);
}

static void *tree_calloc(size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / 2 / size)
		memory_exhausted();
	return memset(tree_malloc(count * size), 0, count * size);
}

static void *tree_realloc(void *old, size_t size)
{
	if (current == NULL)
		return memory_resize(old, size);
	return old == NULL ? pool_alloc(current, size) : pool_resize(current, old, size);
}

static void tree_free(void *room)
{
	if (current == NULL)
		free(room);
	else if (room != NULL)
		pool_free(current, room);
}

static void install(void)
{
	ts_set_allocator(tree_malloc, tree_calloc, tree_realloc, tree_free);
}

struct tree_pool *tree_pool_new(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct tree_pool *p = memory_resize(NULL, sizeof(*p));

	pthread_once(&once, install);
	*p = (struct tree_pool){0};
	return p;
}

static void free_chunks(struct chunk *c)
{
	while (c != NULL) {
		struct chunk *next = c->next;
		chunk_free(c);
		c = next;
	}
}

void tree_pool_free(struct tree_pool *p)
{
	if (p == NULL)
		return;
	free_chunks(p->used);
	free_chunks(p->spare);
	free(p);
}

void tree_pool_enter(struct tree_pool *p)
{
	current = p;
}

void tree_pool_leave(struct tree_pool *p)
{
	size_t kept = 0;
	struct chunk *spare = p->spare, *next;

	for (struct chunk *c = spare; c != NULL; c = c->next)
		kept++;
	for (struct chunk *c = p->used; c != NULL; c = next) {
		next = c->next;
		if (c->size != CHUNK_SIZE || kept == CHUNKS_KEPT) {
			chunk_free(c);
			continue;
		}
		POISON(c->room, c->size);
		c->next = spare;
		spare = c;
		kept++;
	}
	*p = (struct tree_pool){.spare = spare};
	current = NULL;
}
