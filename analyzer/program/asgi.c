/*
 * asgi.c - the branch on scope["type"] of a function: what holds for requests
 * is what is solved from its outcome "http" on.
 */
#include "program/asgi.h"

static bool is_scope_type(const struct project *p, const struct cfg *cfg, ref r)
{
	if (ref_kind(r) != REF_KIND_PLACE)
		return false;
	const struct place *place = &cfg->places[ref_index(r)];
	return place->step_count == 1 && place->steps[0].kind == STEP_ELEMENT &&
	       str_is(project_text(p, place->root), "scope") &&
	       str_is(project_text(p, place->steps[0].name), "type");
}

/* The edge on which the request is none; EDGE_COUNT when this is no such test. */
static enum edge_kind edge_of_others(const struct project *p, const struct cfg *cfg,
                                     const struct event *e)
{
	if (e->kind != EV_TEST || !(is_scope_type(p, cfg, e->a) || is_scope_type(p, cfg, e->b)))
		return EDGE_COUNT;
	if (e->op == OP_EQUAL && ref_kind(e->b) == REF_KIND_TEXT &&
	    !str_is(project_text(p, ref_index(e->b)), "http"))
		return EDGE_NEXT; /* == "websocket", == "lifespan" */
	return EDGE_FALSE;        /* == "http", in ("http", "websocket") */
}

/* The first block that only requests reach, or BLOCK_NONE when no branch tells them apart. */
static block_id block_of_requests(const struct project *p, const struct cfg *cfg)
{
	for (block_id b = 0; b < cfg->block_count; b++) {
		const struct block *block = &cfg->blocks[b];
		if (block->event_count == 0)
			continue;
		enum edge_kind others = edge_of_others(
			p, cfg, &cfg->events[block->first_event + block->event_count - 1]);
		if (others != EDGE_COUNT)
			return block->succ[others == EDGE_NEXT ? EDGE_FALSE : EDGE_NEXT];
	}
	return BLOCK_NONE;
}

state_set states_of_requests(struct arena *scratch, const struct project *p,
                             const struct function *fn, const struct exit_point *exit,
                             uint32_t resource)
{
	block_id from = block_of_requests(p, &fn->cfg);
	struct solution solution;
	state_set states = 0;
	if (from == BLOCK_NONE)
		return exit->states[resource];
	for (struct disjunct *d = fn->solution.at_entry[from]; d != NULL; d = d->next) {
		solve_from(scratch, &fn->plan, from, d, &solution);
		states |= solution_states(scratch, &solution, exit->event, false, resource);
	}
	return states;
}
