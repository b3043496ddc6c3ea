/*
 * bind_generators.c - generators of the project that read with the session they are given and leave it as it is:
 * `for row in rows(db)`. Whoever runs one to its end, or drops it, has run statements and no more. One that ends a
 * transaction, or closes, does so when its reader comes to that: such a one is taken to have the session for good.
 */
#include "program/bind_internal.h"
#include "program/summary.h"

/* Leaves whatever becomes of the generator the session neither ended nor with somebody else? */
static bool only_reads(const struct summary *sum)
{
	state_set all = sum->normal | sum->raised;
	return !sum->hands_on && (all & STATES_GONE) == 0 && (sum->normal & STATES_UNSURE) == 0 &&
	       !states_may(all, IS_ENDED);
}

bool makes_reader(struct binder *b, uint32_t event)
{
	struct called called;
	struct summary sum;
	if (b->program->summaries == NULL || !bind_call(b, event, &called))
		return false;
	struct loans loans = bind_loans(b, event, &called.target, called.receiver, called.args,
	                                called.count);
	for (uint32_t i = 0; i < loans.count; i++)
		if (!loans.items[i].known ||
		    !summary_of_generator(b->program, called.target.module, called.target.scope,
		                          &loans.items[i].lent, &sum) ||
		    !only_reads(&sum))
			return false;
	return loans.count > 0;
}

bool is_reader(const struct binder *b, ref value, uint32_t event)
{
	uint32_t made = maker_of_value(b, value, event);
	return made != EVENT_NONE && b->fn->plan.actions[made].reads;
}

bool is_read_out(const struct binder *b, uint32_t event)
{
	static const char *const readers[] = {"list", "tuple", "set", "sorted", "sum", "min",
	                                      "max",  "any",   "all", "dict",   "len", "frozenset"};
	const struct event *e = &b->cfg->events[event];
	if (e->name != NAME_NONE || e->arg_count == 0 ||
	    !is_reader(b, b->cfg->args[e->first_arg].value, event))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(readers); i++)
		if (call_is(b, e, readers[i]))
			return true;
	return false;
}
