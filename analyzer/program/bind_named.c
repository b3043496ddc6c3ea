/* bind_named.c - calls that the configuration names under `releases`: they commit and close what they are given. */
#include "program/bind_internal.h"

bool bind_named_release(struct binder *b, uint32_t event, struct action *a)
{
	const struct event *e = &b->cfg->events[event];
	if (!configured_target(b->scratch, b->project, &b->program->config->releases,
	                       &b->targets[event]))
		return false;
	state_set done = states_after(HOLDING_TRANSACTION, DO_CLOSE,
	                              states_after(HOLDING_TRANSACTION, DO_COMMIT, states_fresh()));
	struct transfer *all = arena_array(b->scratch, struct transfer, e->arg_count * 2u);
	for (uint32_t i = 0; i < e->arg_count; i++) {
		slot_id slot = plan_slot(&b->fn->plan, b->cfg->args[e->first_arg + i].value);
		for (unsigned held = 0; held < 2 && slot != SLOT_NONE; held++)
			all[a->transfer_count++] = (struct transfer){.slot = slot,
			                                             .through_object = held != 0,
			                                             .normal = done,
			                                             .raised = done};
	}
	a->transfers = all;
	return a->transfer_count > 0;
}
