/*
 * customary.c - pools and engines that come from where we do not look: an attribute of the application, an item
 * of a dict, a parameter without annotation. A name alone says it only beside the library's import. Without
 * that, the use must: `conn = await x.acquire()` with `conn.fetchrow(..)` after it is a pool of a project that
 * imports asyncpg, whatever x is called; a lock's acquire() gives nothing that has a fetchrow().
 */
#include "program/customary.h"

#include "program/bind_internal.h"

/* The last name of the receiver: pool of `self.pool`, of app["pool"] and of pool. */
static struct str name_of_receiver(const struct project *p, const struct cfg *cfg, ref r)
{
	if (ref_kind(r) != REF_KIND_PLACE)
		return STR_EMPTY;
	const struct place *place = &cfg->places[ref_index(r)];
	if (place->step_count == 0)
		return project_text(p, place->root);
	return place->steps[place->step_count - 1].kind == STEP_INDEX
	               ? STR_EMPTY
	               : project_text(p, place->steps[place->step_count - 1].name);
}

/* The local that the call's result is stored in, or REF_NONE. */
static ref local_of_result(const struct cfg *cfg, uint32_t event)
{
	for (uint32_t i = event + 1; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (e->kind != EV_ASSIGN || e->b != REF_TEMP(event) || e->index != 0 ||
		    ref_kind(e->a) != REF_KIND_PLACE)
			continue;
		const struct place *place = &cfg->places[ref_index(e->a)];
		return place->root_kind == PLACE_LOCAL && place->step_count == 0 ? e->a : REF_NONE;
	}
	return REF_NONE;
}

/* Does the call show that its receiver is such a connection? execute() has many owners; SQL in it tells. */
static bool shows(const struct project *p, const struct cfg *cfg, const struct event *e,
                  const struct resource_kind *connection)
{
	struct str name = project_text(p, e->name);
	const struct method *m = e->name == NAME_NONE ? NULL : kind_method(connection, name);
	if (m == NULL || !str_starts(name, STR("execute")))
		return m != NULL && (m->reads_sql || m->gives != NULL);
	ref text = e->arg_count == 0 ? REF_NONE : cfg->args[e->first_arg].value;
	enum sql sql = ref_kind(text) == REF_KIND_TEXT
	                       ? sql_of_text(project_text(p, ref_index(text)))
	                       : SQL_UNKNOWN;
	return sql != SQL_UNKNOWN && sql != SQL_OTHER;
}

static bool is_used_as(const struct project *p, const struct cfg *cfg, ref local,
                       const struct resource_kind *connection)
{
	for (uint32_t i = 0; i < cfg->event_count; i++)
		if (cfg->events[i].kind == EV_CALL && cfg->events[i].a == local &&
		    shows(p, cfg, &cfg->events[i], connection))
			return true;
	return false;
}

static const struct resource_kind *kind_by_use(const struct program *program,
                                               const struct function *fn, uint32_t event,
                                               unsigned *left)
{
	const struct event *e = &fn->cfg.events[event];
	struct str method = project_text(program->project, e->name);
	const struct maker *m = NULL;
	ref local = REF_NONE;
	while ((m = protocols_by_use(program->protocols, method, m)) != NULL) {
		const struct method *taking = kind_method(m->kind, method);
		if (taking == NULL || taking->gives == NULL ||
		    (m->kind->is_async && (e->flags & EVF_AWAITED) == 0) ||
		    !project_uses(program, m->kind))
			continue;
		if (local == REF_NONE) {
			if (*left == 0)
				return NULL;
			--*left;
			local = local_of_result(&fn->cfg, event);
		}
		if (local == REF_NONE)
			return NULL;
		if (is_used_as(program->project, &fn->cfg, local, taking->gives))
			return m->kind;
	}
	return NULL;
}

const struct resource_kind *customary_kind(const struct program *program, const struct function *fn,
                                           uint32_t event, unsigned *left)
{
	const struct project *p = program->project;
	const struct event *e = &fn->cfg.events[event];
	if (e->name == NAME_NONE)
		return NULL;
	const struct resource_kind *kind = protocols_customary(
		program->protocols, name_of_receiver(p, &fn->cfg, e->a), project_text(p, e->name));
	return kind != NULL && imports_kind(program, fn->module, kind)
	               ? kind
	               : kind_by_use(program, fn, event, left);
}
