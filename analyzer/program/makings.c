/* makings.c - see makings.h. A sorted list: rules ask for one class after the other. */
#include "program/makings.h"

#include <stdlib.h>

struct makings {
	struct making *items; /* by callee, module, binding */
	uint32_t count;
};

static int by_callee(const void *a, const void *b)
{
	const struct making *x = a, *y = b;
	if (x->callee != y->callee)
		return x->callee < y->callee ? -1 : 1;
	if (x->module != y->module)
		return x->module < y->module ? -1 : 1;
	return number_cmp(x->binding, y->binding);
}

/* The last name of what the binding's value calls, or NAME_NONE. */
static name_id callee_name(const struct project *p, const struct module *m, const struct binding *b)
{
	if (b->value == EXPR_NONE || m->exprs[b->value].kind != EXPR_CALL ||
	    m->exprs[b->value + 1].kind != EXPR_NAME)
		return NAME_NONE;
	return intern_find(p->names, dotted_last(project_text(p, m->exprs[b->value + 1].text)));
}

static uint32_t list(const struct project *p, struct making *out)
{
	uint32_t count = 0;
	for (module_id m = 0; m < p->module_count; m++) {
		const struct module *module = project_module(p, m);
		for (uint32_t i = 0; i < module->binding_count; i++) {
			name_id callee = callee_name(p, module, &module->bindings[i]);
			if (callee == NAME_NONE)
				continue;
			if (out != NULL)
				out[count] = (struct making){callee, m, i};
			count++;
		}
	}
	return count;
}

const struct makings *makings_find(struct arena *run, const struct project *p)
{
	struct makings *all = arena_new(run, struct makings);
	all->count = list(p, NULL);
	all->items = arena_array(run, struct making, all->count);
	list(p, all->items);
	if (all->count > 1)
		qsort(all->items, all->count, sizeof *all->items, by_callee);
	return all;
}

/* The place of the first one that is called so, or that comes behind. */
static uint32_t first_of(const struct makings *all, name_id callee)
{
	uint32_t low = 0, high = all->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (all->items[middle].callee < callee)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct making *makings_of(const struct program *program, name_id callee, uint32_t *count)
{
	const struct makings *all = program->makings;
	uint32_t first = all == NULL ? 0 : first_of(all, callee);
	*count = all == NULL ? 0 : first_of(all, callee + 1) - first;
	return *count == 0 ? NULL : &all->items[first];
}
