/*
 * callgraph.c - one pass over all functions: each call's target is resolved as binding does it, and what
 * is handed to a starter or kept as a callback is followed to the def that it names.
 */
#include "program/callgraph.h"

#include "base/memory.h"
#include "program/bind_internal.h"
#include "program/registry.h"
#include "project/def.h"

#include <stb/stb_ds.h>
#include <stdlib.h>

#define REFERENCES_MAX 4       /* functions that one argument may stand for */
#define REFERENCE_STEPS_MAX 64 /* values followed to find them */

struct edge {
	uint32_t from, to;
};

struct graph_maker {
	struct arena *run, *scratch;
	const struct program *program;
	struct call_graph *graph;
	struct edge *edges;         /* stb_ds, by from */
	struct started *started;    /* stb_ds */
	struct callback *callbacks; /* stb_ds */
	struct str *ends;           /* stb_ds */
	uint32_t node;              /* under way */
};

/* ---- which functions an operand stands for ---------------------------------------------- */

struct references {
	struct target items[REFERENCES_MAX];
	unsigned count, steps;
};

static void refer(const struct binder *b, ref r, struct references *out, unsigned depth);

static void add_reference(const struct binder *b, struct target t, struct references *out)
{
	if (t.kind != TARGET_SCOPE || out->count == REFERENCES_MAX ||
	    target_is_class(b->project, &t))
		return;
	out->items[out->count++] = t;
}

/* A lambda that only calls a function stands for that function. */
static void refer_closure(const struct binder *b, uint32_t scope, struct references *out)
{
	struct target t = {.kind = TARGET_SCOPE, .module = b->fn->module, .scope = scope};
	struct cfg inner;
	if (project_scope(b->project, b->fn->module, scope)->kind != SCOPE_LAMBDA ||
	    !record_cfg(b->scratch, &b->project->modules[b->fn->module].loaded, scope, &inner)) {
		add_reference(b, t, out);
		return;
	}
	for (uint32_t i = 0; i < inner.event_count; i++) {
		const struct event *e = &inner.events[i];
		if (e->kind != EV_CALL || ref_kind(e->a) != REF_KIND_PLACE)
			continue;
		struct str path = place_path(b->scratch, b->project, &inner.places[ref_index(e->a)]);
		if (e->name != NAME_NONE)
			path = dotted_under(b->scratch, path, project_text(b->project, e->name));
		add_reference(b, resolve(b->scratch, b->project, b->fn->module, scope, path), out);
	}
}

/* "package.module:function", as schedulers take it. */
static void refer_text(const struct binder *b, struct str text, struct references *out)
{
	const char *colon = text.len == 0 ? NULL : memchr(text.ptr, ':', text.len);
	if (colon == NULL)
		return;
	size_t n = (size_t)(colon - text.ptr);
	module_id m = project_find_module(b->project, b->fn->module, str_slice(text, 0, n));
	if (m != MODULE_NONE)
		add_reference(
			b, resolve(b->scratch, b->project, m, 0, str_slice(text, n + 1, text.len)),
			out);
}

static void refer_temp(const struct binder *b, const struct event *e, struct references *out,
                       unsigned depth)
{
	if (e->kind == EV_CLOSURE)
		refer_closure(b, e->index, out);
	else if (e->kind == EV_CALL && call_is(b, e, "partial") && e->arg_count > 0)
		refer(b, b->cfg->args[e->first_arg].value, out, depth + 1);
	else if (e->kind == EV_BUILD && e->op == BUILD_CHOICE)
		for (uint32_t i = 0; i < e->arg_count; i++)
			refer(b, b->cfg->args[e->first_arg + i].value, out, depth + 1);
}

/* `self._run` and `cls.run` in a method. */
static struct target own_method(const struct binder *b, const struct place *place)
{
	const struct project *p = b->project;
	name_id self = def_self(p, b->fn->module, b->fn->scope);
	if (self == NAME_NONE || place->root != self || place->step_count != 1 ||
	    place->steps[0].kind != STEP_ATTRIBUTE)
		return (struct target){.kind = TARGET_UNKNOWN};
	return resolve_member(b->scratch, p, b->fn->module,
	                      def_class(p, b->fn->module, b->fn->scope),
	                      project_text(b->project, place->steps[0].name));
}

static void refer_place(const struct binder *b, ref r, struct references *out, unsigned depth)
{
	const struct place *place = &b->cfg->places[ref_index(r)];
	struct str path = place_path(b->scratch, b->project, place);
	unsigned before = out->count;
	add_reference(b, own_method(b, place), out);
	if (path.len > 0 && out->count == before)
		add_reference(b, resolve(b->scratch, b->project, b->fn->module, b->fn->scope, path),
		              out);
	if (out->count > before || place->root_kind != PLACE_LOCAL || place->step_count != 0)
		return;
	for (uint32_t at = b->last_stores[ref_index(r)]; at > 0 && out->steps < REFERENCE_STEPS_MAX;
	     at = b->stores_before[at - 1])
		refer(b, event_stored(b->cfg, &b->cfg->events[at - 1]), out, depth + 1);
}

static void refer(const struct binder *b, ref r, struct references *out, unsigned depth)
{
	if (depth > 3 || out->steps++ >= REFERENCE_STEPS_MAX)
		return;
	if (ref_kind(r) == REF_KIND_PLACE)
		refer_place(b, r, out, depth);
	else if (ref_kind(r) == REF_KIND_TEXT)
		refer_text(b, project_text(b->project, ref_index(r)), out);
	else if (ref_kind(r) == REF_KIND_TEMP)
		refer_temp(b, &b->cfg->events[ref_index(r)], out, depth);
}

/* ---- starters ------------------------------------------------------------------------------- */

static const struct starter *starter_at(const struct binder *b, const struct event *e)
{
	struct str name = project_text(b->project, e->name), receiver = STR_EMPTY;
	if (ref_kind(e->a) == REF_KIND_PLACE)
		receiver = dotted_last(
			place_path(b->scratch, b->project, &b->cfg->places[ref_index(e->a)]));
	if (e->name == NAME_NONE) {
		name = dotted_last(b->targets[e - b->cfg->events].dotted);
		receiver = STR_EMPTY;
	}
	return starter_of(name, receiver);
}

static ref starter_argument(const struct binder *b, const struct event *e, const struct starter *s)
{
	unsigned position = 0;
	for (uint32_t i = 0; i < e->arg_count; i++) {
		const struct arg *arg = &b->cfg->args[e->first_arg + i];
		if (arg->keyword != NAME_NONE && s->keyword != NULL &&
		    str_is(project_text(b->project, arg->keyword), s->keyword))
			return arg->value;
		if (arg->keyword == NAME_NONE && arg->flags == 0 && position++ == s->position)
			return arg->value;
	}
	return REF_NONE;
}

static void note_started(struct graph_maker *k, const struct binder *b, const struct event *e)
{
	const struct starter *s = starter_at(b, e);
	struct references found = {.count = 0};
	if (s == NULL)
		return;
	ref argument = starter_argument(b, e, s);
	if (!s->coroutine)
		refer(b, argument, &found, 0);
	else if (ref_kind(argument) == REF_KIND_TEMP &&
	         b->cfg->events[ref_index(argument)].kind == EV_CALL)
		add_reference(b, b->targets[ref_index(argument)], &found);
	for (unsigned i = 0; i < found.count; i++)
		arrput(k->started, ((struct started){call_graph_node(k->graph, found.items[i].module,
		                                                     found.items[i].scope),
		                                     s, b->fn->module, e->span}));
}

/* ---- callbacks -------------------------------------------------------------------------------- */

static void note_callbacks(struct graph_maker *k, const struct binder *b, const struct event *e,
                           const struct target *t)
{
	scope_id class_ = def_class(b->project, t->module, t->scope);
	if (class_ == SCOPE_NONE)
		return;
	for (uint32_t i = 0; i < e->arg_count; i++) {
		struct references found = {.count = 0};
		refer(b, b->cfg->args[e->first_arg + i].value, &found, 0);
		for (unsigned n = 0; n < found.count; n++)
			arrput(k->callbacks,
			       ((struct callback){call_graph_node(k->graph, t->module, class_),
			                          call_graph_node(k->graph, found.items[n].module,
			                                          found.items[n].scope)}));
	}
}

/* ---- loops that end registries ------------------------------------------------------------------ */

static void note_end(struct graph_maker *k, const struct binder *b, module_id m, scope_id scope,
                     struct str path)
{
	struct registry r;
	if (registry_at(b->scratch, b->program, m, scope, path, &r))
		arrput(k->ends, arena_str(k->run, r.identity));
}

/* ("app.db", "db_session"): a module and a name in it. */
static void note_end_texts(struct graph_maker *k, const struct binder *b, struct str module,
                           struct str name)
{
	module_id m = project_find_module(b->project, b->fn->module, module);
	if (m != MODULE_NONE)
		note_end(k, b, m, 0, name);
}

static void note_ends_declared(struct graph_maker *k, const struct binder *b, module_id m,
                               expr_id root)
{
	const struct module *module = project_module(b->project, m);
	struct str before = STR_EMPTY;
	for (expr_id e = root; e < module->exprs[root].next; e++) {
		struct str text = project_text(b->project, module->exprs[e].text);
		if (module->exprs[e].kind == EXPR_NAME)
			note_end(k, b, m, 0, text);
		else if (module->exprs[e].kind == EXPR_TEXT && before.len > 0)
			note_end_texts(k, b, before, text);
		before = module->exprs[e].kind == EXPR_TEXT ? text : STR_EMPTY;
	}
}

static void note_ends_built(struct graph_maker *k, const struct binder *b, const struct event *e)
{
	struct str before = STR_EMPTY;
	for (uint32_t i = 0; i < e->arg_count; i++) {
		ref value = b->cfg->args[e->first_arg + i].value;
		if (ref_kind(value) == REF_KIND_PLACE)
			note_end(k, b, b->fn->module, b->fn->scope,
			         place_path(b->scratch, b->project,
			                    &b->cfg->places[ref_index(value)]));
		struct str text = ref_kind(value) == REF_KIND_TEXT
		                          ? project_text(b->project, ref_index(value))
		                          : STR_EMPTY;
		if (before.len > 0 && text.len > 0)
			note_end_texts(k, b, before, text);
		before = text;
	}
}

/* `session.remove()` on something that is neither a registry's name nor anything else that is known. */
static bool removes_unnamed(const struct binder *b, const struct event *e)
{
	return call_is(b, e, "remove") && e->arg_count == 0 && ref_kind(e->a) == REF_KIND_PLACE &&
	       b->cfg->places[ref_index(e->a)].root_kind == PLACE_LOCAL &&
	       b->cfg->places[ref_index(e->a)].step_count == 0;
}

/* for session in (a, b): session.remove(); or over modules and names: getattr(module, name).remove() */
static void note_ends(struct graph_maker *k, const struct binder *b, struct call_node *node)
{
	bool removes = false, looks_up = false;
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		removes |= e->kind == EV_CALL && removes_unnamed(b, e);
		looks_up |= e->kind == EV_CALL && call_is(b, e, "getattr");
	}
	if (!removes)
		return;
	node->first_end = (uint32_t)arrlenu(k->ends);
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind == EV_BUILD)
			note_ends_built(k, b, e);
		if (e->kind != EV_ITER || ref_kind(e->a) != REF_KIND_PLACE)
			continue;
		struct str path = place_path(b->scratch, b->project,
		                             &b->cfg->places[ref_index(e->a)]);
		struct target t = resolve(b->scratch, b->project, b->fn->module, b->fn->scope, path);
		expr_id value = t.kind == TARGET_BINDING
		                        ? project_module(b->project, t.module)->bindings[t.binding].value
		                        : EXPR_NONE;
		if (value != EXPR_NONE)
			note_ends_declared(k, b, t.module, value);
	}
	node->end_count = (uint32_t)arrlenu(k->ends) - node->first_end;
	node->ends_all = node->end_count == 0 && looks_up;
}

/* ---- one function ----------------------------------------------------------------------------------- */

static bool names_registry(const struct binder *b, uint32_t place)
{
	struct registry r;
	return bind_registry(b, place, &r);
}

static void note_call(struct graph_maker *k, struct binder *b, uint32_t i, struct call_node *node)
{
	const struct event *e = &b->cfg->events[i];
	const struct target *t = &b->targets[i];
	note_started(k, b, e);
	node->calls_back |= bind_calls_parameter(b, e);
	if (t->kind != TARGET_SCOPE)
		return;
	struct target to = *t;
	if (target_is_class(b->project, t))
		to = resolve_member(b->scratch, b->project, t->module, t->scope, STR("__init__"));
	else
		note_callbacks(k, b, e, t);
	if (to.kind == TARGET_SCOPE)
		arrput(k->edges,
		       ((struct edge){k->node, call_graph_node(k->graph, to.module, to.scope)}));
}

static void read_function(struct graph_maker *k, struct call_node *node)
{
	struct function fn = {.module = node->module, .scope = node->scope};
	if (!record_cfg(k->scratch, &k->program->project->modules[fn.module].loaded, fn.scope,
	                &fn.cfg))
		return;
	struct binder b;
	struct registry called;
	bind_names(k->scratch, k->program, &fn, &b);
	for (uint32_t i = 0; i < fn.cfg.event_count; i++) {
		if (fn.cfg.events[i].kind != EV_CALL)
			continue;
		note_call(k, &b, i, node);
		node->uses = node->uses || bind_registry_call(&b, i, &called);
	}
	for (uint32_t i = 0; i < fn.cfg.place_count && !node->uses; i++)
		node->uses = names_registry(&b, i);
	note_ends(k, &b, node);
}

/* ---- putting it together ----------------------------------------------------------------------------- */

static int by_started(const void *a, const void *b)
{
	const struct started *x = a, *y = b;
	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	if (x->module != y->module)
		return x->module < y->module ? -1 : 1;
	return (x->span.start > y->span.start) - (x->span.start < y->span.start);
}

static int by_callback(const void *a, const void *b)
{
	const struct callback *x = a, *y = b;
	if (x->class_ != y->class_)
		return x->class_ < y->class_ ? -1 : 1;
	return (x->node > y->node) - (x->node < y->node);
}

static int by_edge(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

static void *keep(struct arena *run, const void *items, size_t count, size_t size)
{
	void *kept = arena_alloc_array(run, count, size, 16);
	if (count > 0)
		memcpy(kept, items, count * size);
	return kept;
}

static void add_callback_edges(struct graph_maker *k)
{
	struct call_graph *g = k->graph;
	for (uint32_t n = 0; n < g->node_count; n++) {
		const struct call_node *node = &g->nodes[n];
		if (!node->calls_back)
			continue;
		scope_id class_ =
			project_scope(k->program->project, node->module, node->scope)->parent;
		uint32_t count;
		const struct callback *c = call_graph_callbacks(g, node->module, class_, &count);
		for (uint32_t i = 0; i < count; i++)
			arrput(k->edges, ((struct edge){n, c[i].node}));
	}
}

static void finish_callees(struct graph_maker *k)
{
	struct call_graph *g = k->graph;
	size_t count = arrlenu(k->edges);
	if (count > 0)
		qsort(k->edges, count, sizeof *k->edges, by_edge);
	g->callees = arena_array(k->run, uint32_t, count);
	uint32_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		struct call_node *from = &g->nodes[k->edges[i].from];
		if (i > 0 && by_edge(&k->edges[i - 1], &k->edges[i]) == 0)
			continue;
		if (from->callee_count++ == 0)
			from->first_callee = kept;
		g->callees[kept++] = k->edges[i].to;
	}
}

/* Sorts them and lets go of all but one of the same: the bound is on functions, not on how often each is handed. */
static size_t sort_callbacks(struct callback *all, size_t count)
{
	size_t kept = 0;
	if (count > 0)
		qsort(all, count, sizeof *all, by_callback);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || by_callback(&all[kept - 1], &all[i]) != 0)
			all[kept++] = all[i];
	return kept;
}

static void finish(struct graph_maker *k)
{
	struct call_graph *g = k->graph;
	size_t callbacks = sort_callbacks(k->callbacks, arrlenu(k->callbacks));
	size_t started = arrlenu(k->started);
	if (started > 0)
		qsort(k->started, started, sizeof *k->started, by_started);
	g->callbacks = keep(k->run, k->callbacks, callbacks, sizeof *k->callbacks);
	g->callback_count = (uint32_t)callbacks;
	g->started = keep(k->run, k->started, started, sizeof *k->started);
	g->started_count = (uint32_t)started;
	g->ends = keep(k->run, k->ends, arrlenu(k->ends), sizeof *k->ends);
	add_callback_edges(k);
	finish_callees(k);
	arrfree(k->edges);
	arrfree(k->callbacks);
	arrfree(k->started);
	arrfree(k->ends);
}

static void number_nodes(struct arena *run, const struct project *p, struct call_graph *g)
{
	g->first = arena_array(run, uint32_t, p->module_count);
	for (module_id m = 0; m < p->module_count; m++) {
		g->first[m] = g->node_count;
		g->node_count += project_module(p, m)->scope_count;
	}
	g->nodes = arena_array(run, struct call_node, g->node_count);
	for (module_id m = 0; m < p->module_count; m++)
		for (scope_id s = 0; s < project_module(p, m)->scope_count; s++)
			g->nodes[g->first[m] + s] = (struct call_node){.module = m, .scope = s};
}

const struct call_graph *call_graph_make(struct arena *run, const struct program *program)
{
	struct arena scratch;
	arena_init(&scratch);
	struct graph_maker k = {.run = run, .scratch = &scratch, .program = program};
	k.graph = arena_new(run, struct call_graph);
	number_nodes(run, program->project, k.graph);
	for (uint32_t n = 0; n < k.graph->node_count; n++) {
		struct call_node *node = &k.graph->nodes[n];
		const struct scope *s = project_scope(program->project, node->module, node->scope);
		k.node = n;
		if (s->kind == SCOPE_CLASS)
			continue;
		read_function(&k, node);
		arena_clear(&scratch);
	}
	finish(&k);
	arena_release(&scratch);
	return k.graph;
}

/* ---- questions ---------------------------------------------------------------------------------------- */

const struct started *call_graph_started(const struct call_graph *g, module_id m, scope_id scope)
{
	uint32_t node = call_graph_node(g, m, scope), low = 0, high = g->started_count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (g->started[middle].node < node)
			low = middle + 1;
		else
			high = middle;
	}
	return low < g->started_count && g->started[low].node == node ? &g->started[low] : NULL;
}

const struct callback *call_graph_callbacks(const struct call_graph *g, module_id m,
                                            scope_id class_, uint32_t *count)
{
	uint32_t node = class_ == SCOPE_NONE ? UINT32_MAX : call_graph_node(g, m, class_);
	uint32_t low = 0, high = g->callback_count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (g->callbacks[middle].class_ < node)
			low = middle + 1;
		else
			high = middle;
	}
	*count = 0;
	while (low + *count < g->callback_count && g->callbacks[low + *count].class_ == node &&
	       *count < CALLBACKS_MAX)
		(*count)++;
	return g->callbacks + low;
}
