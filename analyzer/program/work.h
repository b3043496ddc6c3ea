/*
 * work.h - what a function hands on to be run later: the body of a stream, background tasks, tasks of the event
 * loop, threads. It runs when the function has returned, perhaps on a session that has been closed by then.
 */
#ifndef IDLETX_PROGRAM_WORK_H
#define IDLETX_PROGRAM_WORK_H

#include "program/summary.h"

enum work_kind {
	WORK_DEFERRED,   /* a generator or coroutine: whoever gets it runs it                 */
	WORK_BACKGROUND, /* BackgroundTasks: after the response, before FastAPI's late teardown */
	WORK_TASK,       /* create_task: nobody waits for it                                   */
	WORK_THREAD,     /* a thread or executor of its own: the same                          */
};

/* What is in 'operand', or in the object there, becomes 'lent' in the function that runs. */
struct loan {
	ref operand;
	bool through_object;
	bool known; /* else: what becomes of it is not known */
	struct lent lent;
};

struct work {
	enum work_kind kind;
	uint32_t event;   /* the call that makes it or hands it over */
	module_id module; /* of the def that runs; MODULE_NONE when it is not known */
	scope_id scope;
	struct str name; /* of that def, as written */
	const struct loan *loans;
	uint32_t loan_count;
};

/* What the work does to one resource of the function, as far as bodies were read. */
struct work_use {
	bool reached;       /* it has the resource at all */
	bool known;         /* some body that has it was read */
	bool uses;          /* it may run a statement on it, or add() to it */
	bool sends;         /* it may run a statement or end something, not only add() */
	bool leaves;        /* it may end with a transaction open */
	bool surely;        /* that, and no unread callee could have ended it */
	bool open_at_yield; /* it may yield with one open */
	bool waits;         /* it may wait for somebody else with one open */
};

/* What the work does to resource 'r' of the function. */
struct work_use work_use_of(struct arena *scratch, const struct program *program,
                            const struct function *fn, const struct work *w, uint32_t r);

/* All that runs while the value of 'event' (a response) is sent does to resource 'r'. */
struct work_use stream_use_of(struct arena *scratch, const struct program *program,
                              const struct function *fn, uint32_t event, uint32_t r);

/* May resource 'r' be left in a transaction when what is thrown in at the EV_YIELD ends the generator? */
bool yield_leaves(struct arena *scratch, const struct function *fn, uint32_t yield, uint32_t r);

#endif
