/*
 * wait.c - see wait.h. A call waits when the data says so of what it calls, when the def it calls
 * does, or when it runs coroutines or functions that do: gather, wait_for, to_thread.
 */
#include "program/wait.h"

#include "flow/walk.h"
#include "program/bind_internal.h"
#include "program/lent.h"
#include "project/def.h"
#include "state/disjunct.h"

#define DEFERRED_DEPTH_MAX 5 /* gather of lists of tasks of coroutines */

/* ---- one call ------------------------------------------------------------------------------- */

static bool found(const struct scene *s, uint32_t event, struct slow_answer a, bool sure,
                  struct wait *out)
{
	*out = (struct wait){.family = a.family,
	                     .sure = sure,
	                     .module = s->module,
	                     .scope = s->scope,
	                     .span = s->cfg->events[event].span,
	                     .event = event};
	return true;
}

/* sleep(0) gives others a turn, no more. */
static bool is_nothing(const struct scene *s, const struct event *e)
{
	return e->arg_count == 1 && s->cfg->args[e->first_arg].value == REF_CONST(CONST_ZERO);
}

static struct str def_path(const struct scene *s, const struct target *t)
{
	const struct project *p = s->program->project;
	return arena_printf(
		s->scratch, "%.*s.%.*s", STR_ARG(p->modules[t->module].dotted),
		STR_ARG(project_text(p, project_scope(p, t->module, t->scope)->qualname)));
}

static bool target_waits(const struct scene *s, uint32_t event, const struct target *t, bool run,
                         bool entered, struct wait *out)
{
	const struct project *p = s->program->project;
	struct target def = *t;
	const struct scope *scope = project_scope(p, def.module, def.scope);
	if (scope->kind == SCOPE_CLASS) {
		def = resolve_member(s->scratch, p, t->module, t->scope, STR("__init__"));
		if (def.kind != TARGET_SCOPE)
			return false;
		scope = project_scope(p, def.module, def.scope);
		run = true;
	}
	if (s->program->slow->has_patterns) {
		struct slow_answer a = slow_path(s->program->slow, def_path(s, &def));
		if (a.verdict == SLOW_WAITS)
			return found(s, event, a, true, out);
	}
	bool generator = (scope->flags & SCOPE_GENERATOR) != 0;
	bool coroutine = (scope->flags & SCOPE_ASYNC) != 0 && !generator;
	if ((generator && !entered) || (coroutine && !run) ||
	    def_is_cached(p, def.module, def.scope))
		return false;
	return wait_of(s->program, def.module, def.scope, out);
}

/* Does the callee of this event wait? 'run': what it makes is awaited; 'entered': or iterated over or entered. */
static bool callee_waits(const struct scene *s, uint32_t event, bool run, bool entered,
                         struct wait *out)
{
	const struct event *e = &s->cfg->events[event];
	struct target t = callee_of(s, e);
	struct slow_answer a;
	if (t.kind == TARGET_SCOPE) {
		const struct scope *scope = project_scope(s->program->project, t.module, t.scope);
		if ((scope->flags & SCOPE_STUB) == 0)
			return target_waits(s, event, &t, run, entered, out);
		if (scope->kind == SCOPE_FUNCTION && target_waits(s, event, &t, run, entered, out))
			return true;
	}
	a = t.kind == TARGET_EXTERNAL ? slow_path(s->program->slow, t.dotted)
	                              : (struct slow_answer){SLOW_UNKNOWN, NULL};
	bool sure = a.verdict != SLOW_UNKNOWN;
	if (!sure)
		a = slow_name(s->program->slow, t.dotted);
	if (a.verdict == SLOW_UNKNOWN || (a.verdict == SLOW_WAITS_AWAITED && !run) ||
	    is_nothing(s, e))
		return false;
	return found(s, event, a, sure, out);
}

/* ---- calls that run others -------------------------------------------------------------------- */

enum runs {
	RUNS_NOTHING,
	RUNS_COROUTINES, /* and waits for all of its arguments     */
	RUNS_WITH_LIMIT, /* the same, and names the time to wait   */
	RUNS_LATER,      /* makes a task of it: somebody may await that */
	RUNS_FUNCTION,   /* in another thread, and waits for it    */
};

static const struct {
	const char *name;
	enum runs runs;
	unsigned argument; /* RUNS_FUNCTION: which one is the function */
} runners[] = {
	{"gather", RUNS_COROUTINES, 0},
	{"wait", RUNS_COROUTINES, 0},
	{"as_completed", RUNS_COROUTINES, 0},
	{"shield", RUNS_COROUTINES, 0},
	{"run_until_complete", RUNS_COROUTINES, 0},
	{"wait_for", RUNS_WITH_LIMIT, 0},
	{"run", RUNS_COROUTINES, 0},
	{"create_task", RUNS_LATER, 0},
	{"ensure_future", RUNS_LATER, 0},
	{"async_to_sync", RUNS_NOTHING, 0},
	{"to_thread", RUNS_FUNCTION, 0},
	{"run_in_threadpool", RUNS_FUNCTION, 0},
	{"run_sync", RUNS_FUNCTION, 0},
	{"run_in_executor", RUNS_FUNCTION, 1},
	{"iterate_in_threadpool", RUNS_FUNCTION, 0},
};

static struct str called_name(const struct scene *s, const struct event *e)
{
	if (e->name != NAME_NONE)
		return project_text(s->program->project, e->name);
	return ref_kind(e->a) == REF_KIND_PLACE && s->cfg->places[ref_index(e->a)].step_count == 0
	               ? project_text(s->program->project, s->cfg->places[ref_index(e->a)].root)
	               : STR_EMPTY;
}

/* Is it asyncio's, anyio's or a framework's, not a method of the project's of the same name? */
static bool is_runner(const struct scene *s, const struct event *e)
{
	static const char *const homes[] = {"asyncio.", "anyio.", "starlette.", "fastapi.",
	                                    "uvloop.",  "trio.",  "asgiref."};
	struct target t = callee_of(s, e);
	if (t.kind == TARGET_SCOPE)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(homes); i++)
		if (str_starts(t.dotted, str_of(homes[i])))
			return true;
	/* loop.run_until_complete(..), loop.create_task(..), tg.create_task(..) */
	struct str name = called_name(s, e);
	return str_is(name, "run_until_complete") || str_is(name, "run_in_executor") ||
	       str_is(name, "run_in_threadpool") || str_is(name, "create_task");
}

static enum runs runs_of(const struct scene *s, const struct event *e, unsigned *argument)
{
	struct str name = called_name(s, e);
	for (size_t i = 0; i < ARRAY_LEN(runners); i++) {
		if (!str_is(name, runners[i].name))
			continue;
		*argument = runners[i].argument;
		return is_runner(s, e) ? runners[i].runs : RUNS_NOTHING;
	}
	return RUNS_NOTHING;
}

static bool deferred_waits(const struct scene *s, ref value, unsigned depth, struct wait *out);

static bool args_wait(const struct scene *s, const struct event *e, unsigned depth, struct wait *out)
{
	for (uint32_t i = 0; i < e->arg_count; i++)
		if (deferred_waits(s, s->cfg->args[e->first_arg + i].value, depth, out))
			return true;
	return false;
}

/* A call whose value is awaited somewhere else. */
static bool coroutine_waits(const struct scene *s, uint32_t event, unsigned depth, struct wait *out)
{
	const struct event *e = &s->cfg->events[event];
	unsigned argument;
	if (runs_of(s, e, &argument) != RUNS_NOTHING)
		return args_wait(s, e, depth + 1, out);
	return (e->flags & EVF_AWAITED) == 0 && callee_waits(s, event, true, false, out);
}

/* tasks.append(coroutine) */
static bool appended_waits(const struct scene *s, ref list, unsigned depth, struct wait *out)
{
	for (uint32_t i = 0; i < s->cfg->event_count && depth == 0 && scene_step(s); i++) {
		const struct event *e = &s->cfg->events[i];
		if (e->kind == EV_CALL && e->a == list && e->arg_count == 1 &&
		    str_is(project_text(s->program->project, e->name), "append") &&
		    deferred_waits(s, s->cfg->args[e->first_arg].value, depth + 1, out))
			return true;
	}
	return false;
}

/* Coroutines and tasks, in lists and variables, that somebody runs. */
static bool deferred_waits(const struct scene *s, ref value, unsigned depth, struct wait *out)
{
	if (depth > DEFERRED_DEPTH_MAX || !scene_step(s))
		return false;
	if (ref_kind(value) == REF_KIND_TEMP) {
		uint32_t event = ref_index(value);
		const struct event *e = &s->cfg->events[event];
		if (e->kind == EV_CALL)
			return coroutine_waits(s, event, depth, out);
		return e->kind == EV_BUILD && args_wait(s, e, depth + 1, out);
	}
	if (ref_kind(value) != REF_KIND_PLACE ||
	    s->cfg->places[ref_index(value)].root_kind != PLACE_LOCAL)
		return false;
	uint32_t maker = s->makers[ref_index(value)];
	if (maker != EVENT_NONE && deferred_waits(s, s->cfg->events[maker].b, depth + 1, out))
		return true;
	return appended_waits(s, value, depth, out);
}

/* A function that is handed to a thread: by its name, as a lambda or as a partial. */
static bool handed_waits(const struct scene *s, uint32_t event, ref function, unsigned depth,
                         struct wait *out)
{
	const struct project *p = s->program->project;
	if (ref_kind(function) == REF_KIND_TEMP && depth < DEFERRED_DEPTH_MAX) {
		const struct event *e = &s->cfg->events[ref_index(function)];
		if (e->kind == EV_CLOSURE &&
		    project_scope(p, s->module, e->index)->kind != SCOPE_CLASS)
			return wait_of(s->program, s->module, e->index, out);
		return e->kind == EV_CALL && e->arg_count > 0 &&
		       str_is(called_name(s, e), "partial") &&
		       handed_waits(s, event, s->cfg->args[e->first_arg].value, depth + 1, out);
	}
	struct target t = function_of(s, function);
	if (t.kind == TARGET_SCOPE && project_scope(p, t.module, t.scope)->kind == SCOPE_FUNCTION)
		return target_waits(s, event, &t, true, false, out);
	struct slow_answer a = t.kind == TARGET_EXTERNAL ? slow_path(s->program->slow, t.dotted)
	                                                 : slow_name(s->program->slow, t.dotted);
	return a.verdict == SLOW_WAITS && found(s, event, a, t.kind == TARGET_EXTERNAL, out);
}

/* Somebody has named the time that he is ready to wait for what is in a variable: it may take that long. */
static bool is_long_wait(const struct scene *s, const struct event *e)
{
	if (e->arg_count == 0)
		return false;
	ref what = s->cfg->args[e->first_arg].value;
	return ref_kind(what) == REF_KIND_PLACE && e->arg_count > 1;
}

static const struct slow_family other_work = {"wait", "other work to finish", false};

static bool call_waits(const struct scene *s, uint32_t event, struct wait *out)
{
	const struct event *e = &s->cfg->events[event];
	unsigned argument = 0;
	bool awaited = (e->flags & EVF_AWAITED) != 0;
	switch (runs_of(s, e, &argument)) {
	case RUNS_NOTHING: return callee_waits(s, event, awaited, false, out);
	case RUNS_LATER: return false;
	case RUNS_COROUTINES:
		return (awaited || str_starts(called_name(s, e), STR("run"))) &&
		       args_wait(s, e, 0, out);
	case RUNS_WITH_LIMIT:
		if (!awaited)
			return false;
		if (args_wait(s, e, 0, out))
			return true;
		return is_long_wait(s, e) &&
		       found(s, event, (struct slow_answer){SLOW_WAITS, &other_work}, true, out);
	case RUNS_FUNCTION:
		return e->arg_count > argument &&
		       handed_waits(s, event, s->cfg->args[e->first_arg + argument].value, 0, out);
	}
	return false;
}

/* ---- other events -------------------------------------------------------------------------------- */

/* The call behind what is entered or iterated over, through the variable that holds it; EVENT_NONE for others. */
static uint32_t call_behind(const struct scene *s, ref value)
{
	if (ref_kind(value) == REF_KIND_PLACE && s->makers[ref_index(value)] != EVENT_NONE)
		value = s->cfg->events[s->makers[ref_index(value)]].b;
	if (ref_kind(value) != REF_KIND_TEMP || s->cfg->events[ref_index(value)].kind != EV_CALL)
		return EVENT_NONE;
	return ref_index(value);
}

/* `async with semaphore:` */
static bool manager_waits(const struct scene *s, uint32_t event, struct wait *out)
{
	const struct event *e = &s->cfg->events[event];
	struct target o = object_of(s, e->a);
	if (o.kind != TARGET_EXTERNAL)
		return false;
	bool async_ = (e->flags & EVF_ASYNC) != 0;
	struct slow_answer a = slow_path(s->program->slow,
	                                 arena_printf(s->scratch, "%.*s.%s", STR_ARG(o.dotted),
	                                              async_ ? "__aenter__" : "__enter__"));
	return (a.verdict == SLOW_WAITS || a.verdict == SLOW_WAITS_AWAITED) &&
	       found(s, event, a, true, out);
}

static bool enter_waits(const struct scene *s, uint32_t event, struct wait *out)
{
	const struct event *e = &s->cfg->events[event];
	uint32_t call = call_behind(s, e->a);
	if (call != EVENT_NONE && (s->cfg->events[call].flags & EVF_AWAITED) == 0 &&
	    callee_waits(s, call, (e->flags & EVF_ASYNC) != 0, true, out)) {
		return true;
	}
	return manager_waits(s, event, out);
}

/* Each item of an async iterator, or of a generator of the project, may be waited for. */
static bool next_waits(const struct scene *s, uint32_t event, struct wait *out)
{
	const struct event *next = &s->cfg->events[event];
	if (ref_kind(next->a) != REF_KIND_TEMP)
		return false;
	const struct event *iter = &s->cfg->events[ref_index(next->a)];
	uint32_t call = call_behind(s, iter->a);
	if ((iter->flags & EVF_ASYNC) != 0) {
		if (call != EVENT_NONE && (s->cfg->events[call].flags & EVF_AWAITED) == 0 &&
		    callee_waits(s, call, true, true, out))
			return true;
		struct target o = object_of(s, iter->a);
		struct slow_answer a = {SLOW_UNKNOWN, NULL};
		if (o.kind == TARGET_EXTERNAL)
			a = slow_path(s->program->slow,
			              arena_printf(s->scratch, "%.*s.__anext__", STR_ARG(o.dotted)));
		return (a.verdict == SLOW_WAITS || a.verdict == SLOW_WAITS_AWAITED) &&
		       found(s, event, a, true, out);
	}
	if (call == EVENT_NONE)
		return false;
	struct target t = callee_of(s, &s->cfg->events[call]);
	/* what any other callee returns was waited for at the call */
	return t.kind == TARGET_SCOPE &&
	       (project_scope(s->program->project, t.module, t.scope)->flags &
	        (SCOPE_GENERATOR | SCOPE_ASYNC)) == SCOPE_GENERATOR &&
	       target_waits(s, call, &t, true, true, out);
}

/* Does every path to that block go through 'gate'? */
static bool is_behind(const struct scene *s, block_id gate, block_id block)
{
	const struct cfg *cfg = s->cfg;
	bool *barred = arena_array(s->scratch, bool, cfg->block_count);
	barred[gate] = true;
	return gate != 0 && block != 0 && !blocks_after(s->scratch, cfg, 0, WAYS_ALL, barred)[block];
}

/* task.cancel(), and then `await task`: it only lets the task end. */
static bool is_cancelled(const struct scene *s, uint32_t event)
{
	ref task = s->cfg->events[event].a;
	for (uint32_t i = 0; i < s->cfg->event_count && scene_step(s); i++) {
		const struct event *e = &s->cfg->events[i];
		if (ref_kind(task) == REF_KIND_PLACE && e->kind == EV_CALL && e->a == task &&
		    str_is(project_text(s->program->project, e->name), "cancel") &&
		    is_behind(s, cfg_block_of(s->cfg, i), cfg_block_of(s->cfg, event)))
			return true;
	}
	return false;
}

bool event_waits(const struct scene *s, uint32_t event, struct wait *out)
{
	const struct event *e = &s->cfg->events[event];
	switch (e->kind) {
	case EV_CALL: return call_waits(s, event, out);
	case EV_AWAIT: return deferred_waits(s, e->a, 0, out) && !is_cancelled(s, event);
	case EV_ENTER: return enter_waits(s, event, out);
	case EV_NEXT: return next_waits(s, event, out);
	default: return false;
	}
}

/* ---- a whole def ------------------------------------------------------------------------------------ */

/* Blocks that are reached without anything being caught. */
static uint8_t *blocks_without_catch(struct arena *scratch, const struct cfg *cfg)
{
	uint8_t *reached = arena_array(scratch, uint8_t, cfg->block_count);
	block_id *todo = arena_array(scratch, block_id, cfg->block_count + 1);
	uint32_t count = 0;
	todo[count++] = 0;
	if (cfg->block_count > 0)
		reached[0] = 1;
	while (count > 0) {
		const struct block *b = &cfg->blocks[todo[--count]];
		bool catches = b->event_count > 0 &&
		               cfg->events[b->first_event + b->event_count - 1].kind == EV_CATCH;
		for (unsigned edge = 0; edge < EDGE_COUNT; edge++) {
			block_id to = b->succ[edge];
			if (to == BLOCK_NONE || reached[to] || (catches && edge == EDGE_NEXT))
				continue;
			reached[to] = 1;
			todo[count++] = to;
		}
	}
	return reached;
}

bool def_waits(struct arena *scratch, const struct program *program, module_id m, scope_id scope,
               struct wait *out)
{
	struct cfg cfg;
	struct wait weak = {0}, w;
	if (!record_cfg(scratch, &program->project->modules[m].loaded, scope, &cfg))
		return false;
	struct scene s = scene_of(scratch, program, m, scope, &cfg);
	const uint8_t *usual = blocks_without_catch(scratch, &cfg);
	for (block_id b = 0; b < cfg.block_count; b++) {
		const struct block *block = &cfg.blocks[b];
		for (uint32_t i = block->first_event;
		     usual[b] && i < block->first_event + block->event_count; i++) {
			if (!event_waits(&s, i, &w))
				continue;
			if (w.sure) {
				*out = w;
				return true;
			}
			if (weak.family == NULL)
				weak = w;
		}
	}
	*out = weak;
	return weak.family != NULL;
}

/* ---- a session at the waits -------------------------------------------------------------------------- */

bool states_hold(state_set s)
{
	state_set left = 0;
	for (state_set rest = s & ~STATES_GONE; rest != 0; rest &= rest - 1) {
		state_set one = rest & (~rest + 1);
		if (states_may(one, IS_OPEN) && !states_may(one, IS_ENDED))
			left |= one;
	}
	return left != 0 || ((s & STATES_GONE) == 0 && states_must(s, IS_OPEN));
}

state_set states_closed(state_set s)
{
	state_set closed = 0;
	for (state_set rest = s & ~STATES_GONE; rest != 0; rest &= rest - 1) {
		state_set one = rest & (~rest + 1);
		if (!states_may(one, IS_OPEN))
			closed |= one;
	}
	return closed;
}

/* What a session is in while the event runs, in a callee that is given it or beside it. */
struct seen {
	state_set beside, inside, unanswered;
	const struct transfer *waits; /* of a callee that was read and waits */
	bool lent;                    /* to a callee that was read */
	bool ended;                   /* by that callee, on its way to return */
	uint32_t given;               /* bit i: argument i is or holds it */
};

static void look(const struct plan *p, const struct disjunct *d, uint32_t event, uint32_t r,
                 struct seen *out)
{
	const struct action *a = &p->actions[event];
	const struct event *e = &p->cfg->events[event];
	out->beside |= d->states[r];
	for (uint32_t i = 0; a->kind == ACTION_CALLEE && i < e->arg_count && i < 32; i++)
		if (disjunct_reached(p, d, p->cfg->args[e->first_arg + i].value) & (1u << r))
			out->given |= 1u << i;
	for (uint16_t i = 0; a->kind == ACTION_CALLEE && i < a->transfer_count; i++) {
		const struct transfer *t = &a->transfers[i];
		struct value v = d->values[t->slot];
		uint32_t reached = t->through_object ? v.holds : v.is & VALUE_RESOURCES;
		if ((reached & (1u << r)) == 0 || !t->read)
			continue;
		enum holding holding = p->resources[r].kind->holding;
		state_set before = d->states[r] & ~STATES_GONE;
		out->lent = true;
		out->ended |= !states_hold(states_through(holding, t->normal, before));
		if (t->wait == NULL)
			continue;
		out->waits = t;
		out->inside |= states_through(holding, t->waits, before);
		out->unanswered |= states_through(holding, t->unanswered, before);
	}
}

/* The session's own calls are its work, not a wait. */
static bool is_work(const struct action *a)
{
	return a->kind == ACTION_EFFECT || a->kind == ACTION_ACQUIRE || a->kind == ACTION_SAME ||
	       a->kind == ACTION_RELEASE_HELD || a->kind == ACTION_WRAP;
}

static bool may_wait(const struct event *e)
{
	return e->kind == EV_CALL || e->kind == EV_AWAIT || e->kind == EV_ENTER ||
	       e->kind == EV_NEXT;
}

/* gather(count(db), fetch()): what runs beside the callee that has the session waits while that is held. */
static bool beside_waits(const struct scene *s, uint32_t event, uint32_t given, struct wait *out)
{
	const struct event *e = &s->cfg->events[event];
	unsigned argument;
	if (e->kind != EV_CALL || runs_of(s, e, &argument) != RUNS_COROUTINES)
		return false;
	for (uint32_t i = 0; i < e->arg_count && i < 32; i++)
		if ((given >> i & 1) == 0 &&
		    deferred_waits(s, s->cfg->args[e->first_arg + i].value, 0, out))
			return true;
	return false;
}

static bool look_at_event(const struct scene *s, struct arena *step, const struct function *fn,
                          uint32_t event, uint32_t r, bool (*wanted)(state_set),
                          struct held_wait *out)
{
	struct seen seen = {0};
	for (const struct disjunct *d = solution_at(step, &fn->solution, event, false); d != NULL;
	     d = d->next)
		look(&fn->plan, d, event, r, &seen);
	arena_clear(step);
	*out = (struct held_wait){.event = event,
	                          .states = seen.lent ? seen.inside : seen.beside,
	                          .unanswered = seen.lent ? seen.unanswered : seen.beside};
	if (seen.lent && seen.waits == NULL) {
		out->states = out->unanswered = seen.beside;
		return !seen.ended && wanted(out->states) &&
		       beside_waits(s, event, seen.given, &out->wait);
	}
	if (!wanted(out->states))
		return false;
	if (seen.lent) {
		out->wait = *seen.waits->wait;
		return true;
	}
	return event_waits(s, event, &out->wait) &&
	       (fn->resources[r].origin != ORIGIN_REGISTRY || fn->targets == NULL ||
	        !callee_ends_before_wait(s->program, &fn->targets[event], &fn->resources[r]));
}

uint32_t held_list(struct arena *scratch, const struct program *program, const struct function *fn,
                   uint32_t resource, bool (*wanted)(state_set), struct held_wait **out)
{
	uint32_t count = 0, room = 0;
	struct held_wait one;
	struct arena step; /* the disjuncts of one event */
	struct scene s = scene_of(scratch, program, fn->module, fn->scope, &fn->cfg);
	*out = NULL;
	/* an engine has no transaction: its connections have, and they are resources of their own */
	if (fn->resources[resource].kind->layer == LAYER_ENGINE)
		return 0;
	arena_init(&step);
	for (uint32_t i = 0; i < fn->cfg.event_count; i++) {
		if (!may_wait(&fn->cfg.events[i]) ||
		    (fn->cfg.events[i].kind == EV_CALL && is_work(&fn->plan.actions[i])) ||
		    !look_at_event(&s, &step, fn, i, resource, wanted, &one))
			continue;
		if (count == room) {
			room = room == 0 ? 4 : room * 2;
			struct held_wait *grown = arena_array(scratch, struct held_wait, room);
			if (count > 0)
				memcpy(grown, *out, count * sizeof *grown);
			*out = grown;
		}
		(*out)[count++] = one;
	}
	arena_release(&step);
	return count;
}

static struct str text_of(struct arena *run, struct arena *scratch, const struct project *p,
                          const struct cfg *cfg, uint32_t event)
{
	const struct event *e = &cfg->events[event];
	/* `async with Semaphore(2):` waits where it is entered; what has a name is the call before */
	for (unsigned hops = 0; e->kind != EV_CALL && ref_kind(e->a) == REF_KIND_TEMP && hops < 3;
	     hops++)
		e = &cfg->events[ref_index(e->a)];
	return arena_str(run, call_path(scratch, p, cfg, e));
}

struct str wait_text(struct arena *run, const struct program *program, const struct function *fn,
                     const struct wait *w)
{
	const struct project *p = program->project;
	struct str text = STR_EMPTY;
	struct arena own; /* a graph is as large as its function, and waits are many */
	struct cfg cfg;
	arena_init(&own);
	if (w->module == fn->module && w->scope == fn->scope)
		text = text_of(run, &own, p, &fn->cfg, w->event);
	else if (record_cfg(&own, &p->modules[w->module].loaded, w->scope, &cfg) &&
	         w->event < cfg.event_count)
		text = text_of(run, &own, p, &cfg, w->event);
	arena_release(&own);
	return text;
}
