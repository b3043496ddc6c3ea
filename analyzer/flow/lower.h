/*
 * lower.h - from the syntax of one file to its module and its graphs. What
 * lowering makes depends on the bytes of the file alone. Every bound is here;
 * what is beyond one is left out, marked with EV_UNMODELLED and counted.
 */
#ifndef IDLETX_FLOW_LOWER_H
#define IDLETX_FLOW_LOWER_H

#include "flow/build.h"
#include "flow/facts.h"
#include "flow/scopes.h"
#include "syntax/ast.h"

enum {
	LOWER_DEPTH_MAX = 160,       /* statements and expressions inside each other        */
	LOWER_TOKENS_MAX = 64,       /* exits that one finally tells apart                  */
	LOWER_EVENTS_MAX = 1 << 20,  /* events in one graph                                 */
	LOWER_CATCH_COPIES_MAX = 16, /* clauses that one raise statement passes on its own  */
	LOWER_COPIES_BASE = 4096,    /* exits repeated in one graph, beside one a byte of it */
};

/* One thread's buffers for lowering; opaque, used again from file to file. */
struct lower;

struct lower *lower_new(void);
void lower_free(struct lower *l);

/* Takes up a file. 'facts' gains what is found on the way: imports, bindings, counts. */
void lower_begin(struct lower *l, struct ast *ast, struct scopes *scopes, struct facts *facts);

/*
 * Lowers the next scope; call it for 0, 1, 2, ... in this order. The graph
 * lives until the next call.
 */
void lower_scope(struct lower *l, scope_id scope, struct cfg *out);

#endif
