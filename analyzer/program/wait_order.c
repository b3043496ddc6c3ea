/*
 * wait_order.c - whether a callee ends the session of a registry before it waits: `save(row)` that commits and then
 * posts holds nothing of its caller's meanwhile. Its own text is read, and no further: which of its calls end
 * what is not asked.
 */
#include "program/bind_internal.h"
#include "program/registry.h"
#include "program/scene.h"
#include "program/wait.h"

struct order {
	struct arena *scratch;
	const struct program *program;
	const struct resource *registry;
	const struct target *callee;
	struct cfg cfg;
	bool ended; /* some way comes to an end of the session */
};

static bool is_end(const struct order *o, const struct event *e)
{
	struct registry found;
	if (e->kind != EV_CALL || e->name == NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
		return false;
	enum operation does =
		kind_effect(o->registry->kind, project_text(o->program->project, e->name)).normal;
	if (does != DO_COMMIT && does != DO_ROLLBACK && does != DO_CLOSE)
		return false;
	struct str path = place_path(o->scratch, o->program->project,
	                             &o->cfg.places[ref_index(e->a)]);
	return path.len > 0 &&
	       registry_at(o->scratch, o->program, o->callee->module, o->callee->scope, path,
	                   &found) &&
	       str_eq(found.identity, o->registry->identity);
}

enum met { MET_NOTHING, MET_END, MET_WAIT };

static enum met walk_block(struct order *o, const struct scene *s, block_id block)
{
	const struct block *at = &o->cfg.blocks[block];
	struct wait ignored;
	for (uint32_t i = at->first_event; i < at->first_event + at->event_count; i++) {
		if (is_end(o, &o->cfg.events[i]))
			return MET_END;
		if (event_waits(s, i, &ignored))
			return MET_WAIT;
	}
	return MET_NOTHING;
}

/* Does no way on which nothing raises come to a wait before an end? */
static bool ends_first(struct order *o)
{
	struct scene s = scene_of(o->scratch, o->program, o->callee->module, o->callee->scope,
	                          &o->cfg);
	bool *seen = arena_array(o->scratch, bool, o->cfg.block_count);
	block_id *open = arena_array(o->scratch, block_id, o->cfg.block_count * 2 + 2);
	uint32_t count = 0;
	open[count++] = 0;
	while (count > 0) {
		block_id at = open[--count];
		if (at == BLOCK_NONE || seen[at])
			continue;
		seen[at] = true;
		enum met met = walk_block(o, &s, at);
		if (met == MET_WAIT)
			return false;
		o->ended |= met == MET_END;
		if (met == MET_END)
			continue;
		open[count++] = o->cfg.blocks[at].succ[EDGE_NEXT];
		open[count++] = o->cfg.blocks[at].succ[EDGE_FALSE];
	}
	return o->ended;
}

bool callee_ends_before_wait(const struct program *program, const struct target *callee,
                             const struct resource *registry)
{
	struct arena scratch;
	struct order o = {.program = program, .registry = registry, .callee = callee};
	if (callee->kind != TARGET_SCOPE || target_is_class(program->project, callee))
		return false;
	arena_init(&scratch);
	o.scratch = &scratch;
	bool first = record_cfg(&scratch, &program->project->modules[callee->module].loaded,
	                        callee->scope, &o.cfg) &&
	             ends_first(&o);
	arena_release(&scratch);
	return first;
}
