/*
 * diag.c - messages collected under one lock. Sorting happens when they are
 * asked for, so that it does not matter which thread was first.
 */
#include "base/diag.h"
#include "base/base.h"
#include "base/memory.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>

struct diag {
	pthread_mutex_t lock;
	struct arena texts;
	struct diag_entry *entries;
	size_t count, room;
	unsigned levels; /* bit i: there is a message of level i */
};

struct diag *diag_new(void)
{
	struct diag *d = memory_resize(NULL, sizeof(*d));

	*d = (struct diag){0};
	pthread_mutex_init(&d->lock, NULL);
	arena_init(&d->texts);
	return d;
}

void diag_free(struct diag *d)
{
	if (d == NULL)
		return;
	pthread_mutex_destroy(&d->lock);
	arena_release(&d->texts);
	free(d->entries);
	free(d);
}

/* The lock is held by the caller. */
static struct diag_entry *entry_add(struct diag *d)
{
	if (d->count == d->room) {
		d->room = d->room == 0 ? 16 : d->room * 2;
		d->entries = memory_resize_array(d->entries, d->room, sizeof(*d->entries));
	}
	return &d->entries[d->count++];
}

void diag_add(struct diag *d, enum diag_level level, struct str path, uint32_t line,
              uint32_t column, const char *format, ...)
{
	va_list args;

	pthread_mutex_lock(&d->lock);
	va_start(args, format);
	struct str text = arena_vprintf(&d->texts, format, args);
	va_end(args);
	*entry_add(d) = (struct diag_entry){
		.level = level,
		.path = arena_str(&d->texts, path),
		.line = line,
		.column = column,
		.text = text,
	};
	d->levels |= 1u << level;
	pthread_mutex_unlock(&d->lock);
}

bool diag_has(const struct diag *d, enum diag_level level)
{
	/* A lock changes when it is taken; what the caller can see does not. */
	struct diag *shared = (struct diag *)d;

	pthread_mutex_lock(&shared->lock);
	bool has = (d->levels >> level & 1u) != 0;
	pthread_mutex_unlock(&shared->lock);
	return has;
}

static int entry_cmp(const void *left, const void *right)
{
	const struct diag_entry *a = left, *b = right;
	int order = str_cmp(a->path, b->path);

	if (order == 0)
		order = number_cmp(a->line, b->line);
	if (order == 0)
		order = number_cmp(a->column, b->column);
	if (order == 0)
		order = str_cmp(a->text, b->text);
	if (order == 0)
		order = number_cmp(a->level, b->level);
	return order;
}

const struct diag_entry *diag_sorted(struct diag *d, size_t *count)
{
	size_t kept = 0;

	pthread_mutex_lock(&d->lock);
	if (d->count > 1)
		qsort(d->entries, d->count, sizeof(*d->entries), entry_cmp);
	for (size_t i = 0; i < d->count; i++)
		if (kept == 0 || entry_cmp(&d->entries[kept - 1], &d->entries[i]) != 0)
			d->entries[kept++] = d->entries[i];
	d->count = kept;
	*count = kept;
	const struct diag_entry *entries = d->entries;
	pthread_mutex_unlock(&d->lock);
	return entries;
}
