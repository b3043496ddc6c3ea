/* base.h - the few words that every file of the program uses. */
#ifndef IDLETX_BASE_BASE_H
#define IDLETX_BASE_BASE_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/intern.h"
#include "base/span.h"
#include "base/str.h"

#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* For qsort: negative, zero or positive. */
static inline int number_cmp(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

#endif
