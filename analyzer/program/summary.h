/*
 * summary.h - what a function does to a session that it is given, captures or
 * reaches through its object. Because a path's effect on any state follows from its effect
 * on a fresh resource (states_through), a summary is two sets of states: on return and on raise. That on
 * return is also told by what is returned, because callers branch on it.
 *
 * Summaries are made on demand, callees first, to a bounded depth of calls; what lies deeper counts as
 * "may run statements". A summary depends on the function and the depth alone, never on who asked first.
 */
#ifndef IDLETX_PROGRAM_SUMMARY_H
#define IDLETX_PROGRAM_SUMMARY_H

#include "program/wait.h"

#define SUMMARY_DEPTH_MAX 8 /* calls inside calls that are followed */

/* The place through which a function reaches the session: `db`, a captured `db`, `self.db`, `self.repo.db`, `ctx["db"]`. */
struct lent {
	const struct resource_kind *kind;
	enum place_root root_kind;
	name_id root;
	name_id attribute; /* NAME_NONE for the place itself */
	name_id inner;     /* NAME_NONE, or the attribute of the object in that attribute */
	enum step_kind by; /* the first step: STEP_ATTRIBUTE, or STEP_ELEMENT or STEP_ITEM of 'attribute' */
};

/* Is this that place? */
bool is_lent_place(const struct place *p, const struct lent *lent);

/* Do both say the same place? */
bool lent_equal(const struct lent *a, const struct lent *b);

/* What findings tell of a callee: deed.h. */
enum deed_kind {
	DEED_OPENS, /* may begin a transaction */
	DEED_ENDS,  /* commits, rolls back or closes */
	DEED_COUNT,
};

/* The first event of a function, in source order, that does it to the session that the function is lent. */
struct lent_deed {
	bool done;  /* there is one */
	bool below; /* it is a call of a callee that was read, which has the session as 'lent' */
	struct span span;
	module_id module; /* that callee */
	scope_id scope;
	struct lent lent;
};

struct summary {
	state_set normal, raised;          /* 0: it never leaves that way */
	state_set returned[OUTCOME_COUNT]; /* 'normal' by what it returns; 0: it never returns that */
	state_set waits;                   /* while the function waits for somebody else */
	state_set unanswered; /* those of them that no rule looks at in a callee of it */
	struct wait wait;     /* the first such wait; its family is NULL when there is none */
	bool hands_on; /* a generator that may yield what it is lent, and does nothing else with it */
	struct lent_deed deeds[DEED_COUNT];
};

/* One thread's summaries; opaque. */
struct summary_cache;

struct summary_cache *summary_cache_new(void);
void summary_cache_free(struct summary_cache *c);

/* What functions return, as far as this thread has asked (result.h); NULL for NULL. */
struct result_cache *summary_results(struct summary_cache *c);

/*
 * The summary of a def of the project for one lent session. False when it cannot be read or the call is not
 * followed (a generator, a stub, too deep): the caller then takes it to borrow. Uses program->summaries.
 */
MUST_USE bool summary_of(const struct program *program, module_id m, scope_id scope,
                         const struct lent *lent, struct summary *out);

/*
 * Is the def a generator that may yield the session it is lent, and does nothing else with it? A caller that lends one
 * takes it to do so. Uses program->summaries.
 */
MUST_USE bool hands_on(const struct program *program, module_id m, scope_id scope,
                       const struct lent *lent);

/* The summary of a generator, as far as it is run: it may be dropped at each of its yields. False when it is none. */
MUST_USE bool summary_of_generator(const struct program *program, module_id m, scope_id scope,
                                   const struct lent *lent, struct summary *out);

/*
 * Does the def wait for somebody else when it runs, itself or in what it calls, as deep as summaries go?
 * Uses program->summaries; false without.
 */
MUST_USE bool wait_of(const struct program *program, module_id m, scope_id scope, struct wait *out);

#endif
