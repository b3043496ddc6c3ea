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

/* To be called once, before there are threads: large blocks go back to the system when they are freed. */
void memory_init(void);

/* Gives what is free back to the system: behind a phase that needed more than the next will. */
void memory_trim(void);

/* The largest resident set so far, or since the last memory_peak_restart where the system can do that. */
size_t memory_peak_kb(void);
void memory_peak_restart(void);

/* Says so on stderr and ends the program. */
_Noreturn void memory_exhausted(void);

#endif
