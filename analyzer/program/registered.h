/*
 * registered.h - defs that a call hands to a framework, which runs them: add_api_route("/x", f), Route("/x", f),
 * app.add_url_rule("/x", view_func=f), app.teardown_appcontext(f), sio.on("x", f). What a decorator says of a
 * def is project/entry.h's business; here is what is said of it elsewhere.
 */
#ifndef IDLETX_PROGRAM_REGISTERED_H
#define IDLETX_PROGRAM_REGISTERED_H

#include "project/entry.h"

struct registered {
	uint64_t def; /* scope_key() */
	enum entry_kind kind;
	bool tears_down; /* a hook that runs whatever happened, where the request or context ran */
	bool of_tasks;   /* a signal of a task queue */
};

struct registered_entries {
	const struct registered
		*items; /* sorted by def; of several for one def the first in the project stands */
	size_t count;
};

/* Looks for them in every module that mentions the name of such a call. In 'run'. */
struct registered_entries registered_find(struct arena *run, const struct project *p);

/* What is said of the def, or NULL. */
const struct registered *registered_of(const struct registered_entries *e, module_id m,
                                       scope_id scope);

#endif
