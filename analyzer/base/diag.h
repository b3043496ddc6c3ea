/*
 * diag.h - what went wrong with the world (errors) and what we did not do
 * (notes). Each is said once, by the code that knows, collected here, printed
 * on stderr and put into JSON and SARIF as notifications. Thread-safe; the
 * output order is by path, line and text, never by time.
 */
#ifndef IDLETX_BASE_DIAG_H
#define IDLETX_BASE_DIAG_H

#include "base/str.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum diag_level {
	DIAG_NOTE,    /* a limit of ours, something skipped: the run is complete */
	DIAG_WARNING, /* a stale allowlist entry, a comment that suppresses nothing, syntax errors */
	DIAG_FAILURE, /* a named file could not be read, the run is incomplete: exit status 3 */
	DIAG_USAGE,   /* option, configuration, allowlist, protocol is wrong: exit status 2 */
};

/* line and column are 0 when the message is about a whole file or none; path may be empty. */
struct diag_entry {
	enum diag_level level;
	struct str path;
	uint32_t line, column;
	struct str text;
};

struct diag; /* opaque */

struct diag *diag_new(void);
void diag_free(struct diag *d);

/* Adds a message; 'path' is copied. 'path' may be STR_EMPTY. Lower case, no full stop. */
void diag_add(struct diag *d, enum diag_level level, struct str path, uint32_t line,
              uint32_t column, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Is there a message of this level? */
bool diag_has(const struct diag *d, enum diag_level level);

/* All messages, sorted and without exact repeats. Valid until the next diag_add. */
const struct diag_entry *diag_sorted(struct diag *d, size_t *count);

#endif
