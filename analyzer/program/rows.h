/* rows.h - does a return give rows of a session as they are? The framework reads their attributes when the handler is done. */
#ifndef IDLETX_PROGRAM_ROWS_H
#define IDLETX_PROGRAM_ROWS_H

#include "program/program.h"

/* Book, models.Book: does the operand name a class, by convention? */
bool names_class(const struct project *p, const struct cfg *cfg, ref value);

/* The name that an EV_CALL calls: the method's, or that of a plain function. Empty for another. */
struct str call_text(const struct project *p, const struct cfg *cfg, const struct event *call);

#define ROWS_RETURNS_MAX                                                                           \
	32 /* returns of one function that are looked at: each is looked for in the whole graph */

/*
 * Does what the EV_LEAVE 'event' of the function returns come out of a query for whole rows, in the function
 * or on every return of what it calls? What is put into dicts, comprehensions or models on the way is no row any more.
 */
bool returns_rows(struct arena *scratch, const struct program *program, const struct function *fn,
                  uint32_t event);

#endif
