/*
 * memory.h - the one place where the program ends when memory runs out, so
 * that no caller checks for NULL. Exit status 3: the run is incomplete.
 */
#ifndef IDLETX_BASE_MEMORY_H
#define IDLETX_BASE_MEMORY_H

#include <stddef.h>

/* As realloc, but never returns NULL, nor for size 0. Release with free(). */
void *memory_resize(void *old, size_t size) __attribute__((warn_unused_result));

/* The same for 'count' items; an overflowing product ends the program. */
void *memory_resize_array(void *old, size_t count, size_t size) __attribute__((warn_unused_result));

/* Says so on stderr and ends the program. */
_Noreturn void memory_exhausted(void);

#endif
