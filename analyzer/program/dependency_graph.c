/*
 * dependency_graph.c - collects all Depends() of a project as edges, then turns them
 * around. Routers and applications are nodes too: a route asks its router, a router that is included
 * in another asks that one, so what holds for a whole application needs no special case.
 */
#include "program/dependency.h"

#include <stb/stb_ds.h>
#include <stdlib.h>

struct edge {
	node_id asker;
	struct dependency_use use;
};

struct collector {
	struct arena *run, *scratch;
	const struct project *project;
	const struct registered_entries *registered;
	struct dependency_node *nodes; /* stb_ds, until the graph is finished: then in 'run' */
	struct edge *edges;            /* stb_ds */
	struct interner *keys;         /* (kind, module, scope) as text: its id is the node's + 1 */
	node_id *classes;              /* stb_ds: those whose attributes are to be read */
	module_id streaming_asked; /* the last module that was asked for names of streaming responses, + 1 */
	bool streaming_named; /* its answer */
};

#define CLASS_BASES_MAX 4 /* bases of bases whose attributes are read */

/* ---- nodes and edges ---------------------------------------------------------------------- */

static node_id node_named(struct collector *c, enum node_kind kind, module_id m, uint32_t scope,
                          struct str name)
{
	const uint32_t key[] = {kind, m, scope};
	node_id id = intern(c->keys, (struct str){(const char *)key, sizeof key}) - 1;
	if (id < arrlenu(c->nodes))
		return id;
	struct dependency_node node = {
		.kind = kind, .module = m, .scope = scope, .name = arena_str(c->run, name)};
	arrput(c->nodes, node);
	if (kind == NODE_CLASS)
		arrput(c->classes, id);
	return id;
}

static node_id node_of_def(struct collector *c, module_id m, scope_id scope)
{
	const struct project *p = c->project;
	return node_named(c, NODE_DEF, m, scope,
	                  project_text(p, project_scope(p, m, scope)->qualname));
}

static node_id node_of_callable(struct collector *c, const struct callable *called)
{
	if (called->kind == CALLABLE_DEF)
		return node_of_def(c, called->module, called->scope);
	if (called->kind == CALLABLE_CLASS)
		return node_named(c, NODE_CLASS, called->module, called->scope, called->name);
	struct str name = called->target.dotted.len > 0 ? called->target.dotted : called->name;
	return node_named(c, NODE_UNKNOWN, MODULE_NONE, intern(c->project->names, name), name);
}

static node_id node_of_router(struct collector *c, const struct target *t)
{
	return t->kind == TARGET_BINDING
	               ? node_named(c, NODE_ROUTER, t->module, t->binding, t->dotted)
	               : NODE_NONE;
}

static void add_edge(struct collector *c, node_id asker, struct dependency_use use)
{
	struct edge e = {asker, use};
	if (asker != NODE_NONE && use.node != NODE_NONE && asker != use.node)
		arrput(c->edges, e);
}

/* The node that a Depends() names. */
static node_id note_named(struct collector *c, const struct dependency *dep)
{
	struct callable called = dependency_callable(c->scratch, c->project, dep);
	node_id node = node_of_callable(c, &called);
	c->nodes[node].is_dependency = true;
	return node;
}

static void ask(struct collector *c, node_id asker, const struct dependency *dep, module_id m,
                struct span span, uint32_t param)
{
	add_edge(c, asker,
	         (struct dependency_use){.node = note_named(c, dep),
	                                 .module = m,
	                                 .span = span,
	                                 .param = param,
	                                 .uncached = dep->uncached,
	                                 .function_scope = dep->function_scope});
}

/* ---- lists: dependencies=[Depends(a), Depends(b)] ------------------------------------------ */

static void ask_list(struct collector *c, node_id asker, module_id m, scope_id scope, expr_id list)
{
	const struct module *module = project_module(c->project, m);
	const struct expr *e = &module->exprs[list];
	struct dependency dep;
	if (e->kind == EXPR_NAME) {
		struct target t = resolve_expr(c->scratch, c->project, m, scope, list);
		if (t.kind != TARGET_BINDING)
			return;
		module = project_module(c->project, t.module);
		const struct binding *b = &module->bindings[t.binding];
		if (b->value == EXPR_NONE || module->exprs[b->value].kind == EXPR_NAME)
			return;
		m = t.module;
		scope = b->from;
		list = b->value;
		e = &module->exprs[list];
	}
	if (e->kind != EXPR_SEQUENCE)
		return;
	for (expr_id item = list + 1; item < e->next; item = module->exprs[item].next)
		if (dependency_of_value(c->scratch, c->project, m, scope, item, &dep))
			ask(c, asker, &dep, m, module->exprs[item].span, UINT32_MAX);
}

/* The `dependencies=` of a declared call: of a decorator, APIRouter(..), FastAPI(..); EXPR_NONE without one. */
static expr_id dependencies_of(const struct collector *c, const struct module *m, expr_id call)
{
	if (m->exprs[call].kind != EXPR_CALL)
		return EXPR_NONE;
	for (expr_id arg = m->exprs[call + 1].next; arg < m->exprs[call].next;
	     arg = m->exprs[arg].next)
		if (m->exprs[arg].kind == EXPR_KEYWORD &&
		    str_is(project_text(c->project, m->exprs[arg].text), "dependencies"))
			return arg + 1;
	return EXPR_NONE;
}

/* ---- one def ---------------------------------------------------------------------------------- */

/* The node of a def that asks for something. */
static void ask_params(struct collector *c, module_id m, scope_id scope)
{
	const struct module *module = project_module(c->project, m);
	const struct scope *s = &module->scopes[scope];
	for (uint32_t i = s->first_param; i < s->first_param + s->param_count; i++) {
		const struct param *param = &module->params[i];
		struct dependency dep;
		if (dependency_of(c->scratch, c->project, m, scope, param, &dep))
			ask(c, node_of_def(c, m, scope), &dep, m, param->span, i);
	}
}

/* The routers a handler is registered with, and the `dependencies=` of its decorators. */
static void ask_decorators(struct collector *c, module_id m, scope_id scope, node_id handler)
{
	const struct module *module = project_module(c->project, m);
	const struct scope *s = &module->scopes[scope];
	for (uint32_t i = 0; i < s->entry_count; i++) {
		const struct entry_match *e = &module->entries[s->first_entry + i];
		if (e->receiver == NAME_NONE)
			continue;
		struct target t = resolve(c->scratch, c->project, m, s->parent,
		                          project_text(c->project, e->receiver));
		add_edge(c, handler,
		         (struct dependency_use){.node = node_of_router(c, &t),
		                                 .module = m,
		                                 .span = e->span,
		                                 .param = UINT32_MAX});
	}
	for (uint32_t i = 0; i < s->decorator_count; i++) {
		expr_id list = dependencies_of(c, module,
		                               module->decorators[s->first_decorator + i]);
		if (list != EXPR_NONE)
			ask_list(c, handler, m, s->parent, list);
	}
}

/* ---- classes: attributes that are dependencies --------------------------------------------------- */

static void ask_bindings(struct collector *c, node_id asker, module_id m, scope_id class_)
{
	const struct project_module *pm = &c->project->modules[m];
	uint32_t low = 0, high = pm->symbol_count;
	while (low < high) { /* symbols are sorted by scope */
		uint32_t middle = low + (high - low) / 2;
		if (pm->symbols[middle].scope < class_)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < pm->symbol_count && pm->symbols[low].scope == class_; low++) {
		const struct symbol *s = &pm->symbols[low];
		if (s->kind != SYMBOL_BINDING)
			continue;
		const struct binding *b = &pm->loaded.module.bindings[s->index];
		struct dependency dep;
		if (dependency_of_declared(c->scratch, c->project, m, class_, b->annotation,
		                           b->value, &dep))
			ask(c, asker, &dep, m, b->span, UINT32_MAX);
	}
}

/* db: Session = Depends(get_db) in the body of a class-based view, a dataclass or one of their bases. */
static void ask_attributes(struct collector *c, node_id asker, module_id m, scope_id class_,
                           unsigned depth)
{
	const struct module *module = project_module(c->project, m);
	const struct scope *s = &module->scopes[class_];
	ask_bindings(c, asker, m, class_);
	for (uint32_t i = 0; i < s->base_count && depth > 0; i++) {
		struct target base = resolve_expr(c->scratch, c->project, m, s->parent,
		                                  module->bases[s->first_base + i]);
		if (target_is_class(c->project, &base))
			ask_attributes(c, asker, base.module, base.scope, depth - 1);
	}
}

/* What making an object of the class asks for. */
static void ask_class(struct collector *c, node_id class_)
{
	module_id m = c->nodes[class_].module;
	scope_id scope = c->nodes[class_].scope;
	struct target init = resolve_member(c->scratch, c->project, m, scope, STR("__init__"));
	struct dependency_use use = {.module = m, .param = UINT32_MAX};
	use.span = project_scope(c->project, m, scope)->name_span;
	if (init.kind == TARGET_SCOPE) {
		use.node = node_of_def(c, init.module, init.scope);
		c->nodes[use.node].is_dependency = true;
		add_edge(c, class_, use);
	} else {
		ask_attributes(c, class_, m, scope, CLASS_BASES_MAX);
	}
}

/* ---- calls in bodies: app.include_router(router, dependencies=[...]) --------------------------------- */

struct body {
	struct collector *c;
	module_id module;
	scope_id scope;
	struct cfg cfg;
};

static ref argument(const struct cfg *cfg, const struct event *e, uint32_t position, name_id keyword)
{
	for (uint32_t i = 0; i < e->arg_count; i++) {
		const struct arg *a = &cfg->args[e->first_arg + i];
		bool here = a->keyword == NAME_NONE ? i == position : a->keyword == keyword;
		if (a->flags == 0 && here)
			return a->value;
	}
	return REF_NONE;
}

static name_id known_name(const struct collector *c, const char *text)
{
	return intern_find(c->project->names, str_of(text));
}

static bool is_depends_call(const struct body *b, const struct event *e)
{
	if (e->kind != EV_CALL || e->name != NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
		return false;
	return names_dependency(project_text(b->c->project, b->cfg.places[ref_index(e->a)].root));
}

static void ask_call(struct body *b, node_id asker, const struct event *depends)
{
	if (depends->arg_count == 0 || !is_depends_call(b, depends))
		return;
	struct callable called = callable_of_ref(
		b->c->scratch, b->c->project, b->module, b->scope, &b->cfg,
		argument(&b->cfg, depends, 0, known_name(b->c, "dependency")));
	node_id node = node_of_callable(b->c, &called);
	b->c->nodes[node].is_dependency = true;
	add_edge(b->c, asker,
	         (struct dependency_use){.node = node,
	                                 .module = b->module,
	                                 .span = depends->span,
	                                 .param = UINT32_MAX});
}

/* The `dependencies=` of a call in a body. */
static void ask_argument(struct body *b, node_id asker, const struct event *call)
{
	ref list = argument(&b->cfg, call, UINT32_MAX, known_name(b->c, "dependencies"));
	if (ref_kind(list) != REF_KIND_TEMP || b->cfg.events[ref_index(list)].kind != EV_BUILD)
		return;
	const struct event *items = &b->cfg.events[ref_index(list)];
	for (uint32_t i = 0; i < items->arg_count; i++) {
		ref item = b->cfg.args[items->first_arg + i].value;
		if (ref_kind(item) == REF_KIND_TEMP)
			ask_call(b, asker, &b->cfg.events[ref_index(item)]);
	}
}

static struct target target_of_ref(struct body *b, ref operand)
{
	struct target unknown = {.kind = TARGET_UNKNOWN};
	if (ref_kind(operand) != REF_KIND_PLACE)
		return unknown;
	return callable_of_ref(b->c->scratch, b->c->project, b->module, b->scope, &b->cfg, operand)
	        .target;
}

/* `app = FastAPI(dependencies=[...])` in the same function: an application that has no name elsewhere. */
static void ask_local_application(struct body *b, node_id router, ref application)
{
	for (uint32_t i = 0; i < b->cfg.event_count; i++) {
		const struct event *e = &b->cfg.events[i];
		if (e->kind == EV_ASSIGN && e->a == application && ref_kind(e->b) == REF_KIND_TEMP &&
		    b->cfg.events[ref_index(e->b)].kind == EV_CALL)
			ask_argument(b, router, &b->cfg.events[ref_index(e->b)]);
	}
}

static void include_router(struct body *b, const struct event *call)
{
	struct target included = target_of_ref(
		b, argument(&b->cfg, call, 0, known_name(b->c, "router")));
	struct target parent = target_of_ref(b, call->a);
	node_id router = node_of_router(b->c, &included);
	if (router == NODE_NONE)
		return;
	ask_argument(b, router, call);
	if (parent.kind != TARGET_BINDING)
		ask_local_application(b, router, call->a);
	add_edge(b->c, router,
	         (struct dependency_use){.node = node_of_router(b->c, &parent),
	                                 .module = b->module,
	                                 .span = call->span,
	                                 .param = UINT32_MAX});
}

/* router.add_api_route("/x", handler, dependencies=[...]) */
static void add_route(struct body *b, const struct event *call, bool websocket)
{
	struct callable called = callable_of_ref(
		b->c->scratch, b->c->project, b->module, b->scope, &b->cfg,
		argument(&b->cfg, call, 1, known_name(b->c, "endpoint")));
	struct target router = target_of_ref(b, call->a);
	if (called.kind != CALLABLE_DEF)
		return;
	node_id handler = node_of_def(b->c, called.module, called.scope);
	b->c->nodes[handler].is_handler = true;
	b->c->nodes[handler].is_websocket |= websocket;
	add_edge(b->c, handler,
	         (struct dependency_use){.node = node_of_router(b->c, &router),
	                                 .module = b->module,
	                                 .span = call->span,
	                                 .param = UINT32_MAX});
	ask_argument(b, handler, call);
}

/* Does the module's table of names have one of these? */
static bool mentions(const struct loaded_module *m, const name_id *names, size_t count)
{
	for (uint32_t i = 1; i <= m->name_count; i++)
		for (size_t k = 0; k < count; k++)
			if (names[k] != NAME_NONE && m->names[i] == names[k])
				return true;
	return false;
}

static void read_registrations(struct collector *c, module_id m)
{
	const struct loaded_module *loaded = &c->project->modules[m].loaded;
	const name_id names[] = {known_name(c, "include_router"), known_name(c, "add_api_route"),
	                         known_name(c, "add_api_websocket_route")};
	if (!mentions(loaded, names, ARRAY_LEN(names)))
		return;
	for (scope_id s = 0; s < loaded->module.scope_count; s++) {
		struct body b = {.c = c, .module = m, .scope = s};
		if (!record_cfg(c->scratch, loaded, s, &b.cfg))
			continue;
		for (uint32_t i = 0; i < b.cfg.event_count; i++) {
			const struct event *e = &b.cfg.events[i];
			if (e->kind != EV_CALL || e->name == NAME_NONE)
				continue;
			if (e->name == names[0])
				include_router(&b, e);
			else if (e->name == names[1] || e->name == names[2])
				add_route(&b, e, e->name == names[2]);
		}
		arena_clear(c->scratch);
	}
}

/* ---- handlers ------------------------------------------------------------------------------------------ */

static const char *const streaming_names[] = {"StreamingResponse", "EventSourceResponse",
                                              "stream_with_context"};

/* Does its own body build a streaming response, or is it one itself? */
static bool may_stream(struct collector *c, module_id m, scope_id scope)
{
	const struct loaded_module *loaded = &c->project->modules[m].loaded;
	name_id names[ARRAY_LEN(streaming_names)];
	struct cfg cfg;
	if (loaded->module.scopes[scope].flags & SCOPE_GENERATOR)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		names[i] = known_name(c, streaming_names[i]);
	if (c->streaming_asked != m + 1)
		c->streaming_named = mentions(loaded, names, ARRAY_LEN(names));
	c->streaming_asked = m + 1;
	if (!c->streaming_named || !record_cfg(c->scratch, loaded, scope, &cfg))
		return false;
	for (uint32_t i = 0; i < cfg.event_count; i++) {
		const struct event *e = &cfg.events[i];
		if (e->kind != EV_CALL)
			continue;
		name_id name = e->name;
		if (name == NAME_NONE && ref_kind(e->a) == REF_KIND_PLACE)
			name = cfg.places[ref_index(e->a)].root;
		for (size_t k = 0; k < ARRAY_LEN(names); k++)
			if (name != NAME_NONE && name == names[k])
				return true;
	}
	return false;
}

static void read_handler(struct collector *c, module_id m, scope_id scope)
{
	const struct module *module = project_module(c->project, m);
	const struct scope *s = &module->scopes[scope];
	enum entry_kind kind = s->entry_count == 0 ? ENTRY_NONE
	                                           : entry_kind_of(c->project, m, scope);
	const struct registered *registered = registered_of(c->registered, m, scope);
	if (kind == ENTRY_NONE && registered != NULL)
		kind = registered->kind;
	if (kind != ENTRY_HTTP && kind != ENTRY_WEBSOCKET)
		return;
	node_id handler = node_of_def(c, m, scope);
	c->nodes[handler].is_handler = true;
	c->nodes[handler].is_websocket = kind == ENTRY_WEBSOCKET;
	ask_decorators(c, m, scope, handler);
	if (module->scopes[s->parent].kind == SCOPE_CLASS)
		ask_attributes(c, handler, m, s->parent, CLASS_BASES_MAX);
}

/* ---- all of a module --------------------------------------------------------------------------------------- */

/* Depends(x) anywhere else: in a list that is bound to a name, in a call we do not know. */
static void read_declared(struct collector *c, module_id m)
{
	const struct module *module = project_module(c->project, m);
	const name_id names[] = {known_name(c, "Depends"), known_name(c, "Security")};
	if (!mentions(&c->project->modules[m].loaded, names, ARRAY_LEN(names)))
		return;
	for (expr_id e = 0; e + 1 < module->expr_count; e++) {
		struct dependency dep;
		if (module->exprs[e].kind == EXPR_CALL && module->exprs[e + 1].kind == EXPR_NAME &&
		    dependency_of_value(c->scratch, c->project, m, 0, e, &dep) &&
		    dep.provider != EXPR_NONE)
			(void)note_named(c, &dep);
	}
}

/* router = APIRouter(dependencies=[...]) */
static void ask_routers(struct collector *c, module_id m)
{
	const struct module *module = project_module(c->project, m);
	for (uint32_t i = 0; i < module->binding_count; i++) {
		const struct binding *b = &module->bindings[i];
		expr_id list = b->value == EXPR_NONE ? EXPR_NONE
		                                     : dependencies_of(c, module, b->value);
		struct target t = {.kind = TARGET_BINDING, .module = m, .binding = i};
		t.dotted = project_text(c->project, b->name);
		if (list != EXPR_NONE)
			ask_list(c, node_of_router(c, &t), m, b->from, list);
	}
}

static void read_module(struct collector *c, module_id m)
{
	const struct module *module = project_module(c->project, m);
	for (scope_id s = 1; s < module->scope_count; s++) {
		read_handler(c, m, s);
		ask_params(c, m, s);
	}
	ask_routers(c, m);
	read_declared(c, m);
	read_registrations(c, m);
	arena_clear(c->scratch);
}

/* ---- the finished graph -------------------------------------------------------------------------------------- */

static void place_edges(struct collector *c)
{
	size_t count = arrlenu(c->edges);
	struct dependency_use *uses = arena_array(c->run, struct dependency_use, count);
	uint32_t *at = arena_array(c->scratch, uint32_t, arrlenu(c->nodes) + 1);
	for (size_t i = 0; i < count; i++)
		at[c->edges[i].asker + 1]++;
	for (size_t n = 0; n < arrlenu(c->nodes); n++) {
		c->nodes[n].uses = uses + at[n];
		at[n + 1] += at[n];
	}
	for (size_t i = 0; i < count; i++) {
		struct dependency_node *asker = &c->nodes[c->edges[i].asker];
		uses[at[c->edges[i].asker] + asker->use_count++] = c->edges[i].use;
	}
}

struct scoped {
	uint64_t key;
	node_id node;
};

static int by_scope_key(const void *a, const void *b)
{
	const struct scoped *x = a, *y = b;
	return number_cmp(x->key, y->key);
}

static void index_scopes(struct collector *c, struct dependency_graph *g)
{
	struct scoped *all = arena_array(c->scratch, struct scoped, g->node_count);
	for (node_id n = 0; n < g->node_count; n++)
		if (c->nodes[n].kind == NODE_DEF || c->nodes[n].kind == NODE_CLASS)
			all[g->by_scope_count++] = (struct scoped){
				scope_key(c->nodes[n].module, c->nodes[n].scope), n};
	if (g->by_scope_count > 0)
		qsort(all, g->by_scope_count, sizeof *all, by_scope_key);
	node_id *by_scope = arena_array(c->run, node_id, g->by_scope_count);
	for (uint32_t i = 0; i < g->by_scope_count; i++)
		by_scope[i] = all[i].node;
	g->by_scope = by_scope;
}

/* Turns the trees of all handlers around; their sizes are bounded, so this is linear. */
static void list_handlers(struct collector *c, struct dependency_graph *g)
{
	struct edge *reached = NULL; /* asker: the dependency, use.node: the handler */
	const struct dependency_step *steps;
	for (node_id n = 0; n < g->node_count; n++) {
		if (!g->nodes[n].is_handler)
			continue;
		uint32_t count = dependency_tree(c->scratch, g, n, &steps);
		g->bounded += count == DEPENDENCY_TREE_MAX;
		for (uint32_t i = 0; i < count; i++) {
			node_id node = steps[i].use->node;
			struct edge e = {.asker = node, .use = {.node = n}};
			arrput(reached, e);
			c->nodes[node].handler_count++;
		}
		c->nodes[n].may_stream = may_stream(c, c->nodes[n].module, c->nodes[n].scope);
		arena_clear(c->scratch);
	}
	node_id *handlers = arena_array(c->run, node_id, arrlenu(reached));
	uint32_t first = 0;
	for (node_id n = 0; n < g->node_count; n++) {
		c->nodes[n].first_handler = first;
		first += c->nodes[n].handler_count;
		c->nodes[n].handler_count = 0;
	}
	for (size_t i = 0; i < arrlenu(reached); i++) {
		struct dependency_node *node = &c->nodes[reached[i].asker];
		handlers[node->first_handler + node->handler_count++] = reached[i].use.node;
	}
	arrfree(reached);
	g->handlers = handlers;
}

static const struct dependency_graph *finish(struct collector *c)
{
	struct dependency_graph *g = arena_new(c->run, struct dependency_graph);
	size_t count = arrlenu(c->nodes);
	place_edges(c);
	struct dependency_node *nodes = arena_array(c->run, struct dependency_node, count);
	if (count > 0)
		memcpy(nodes, c->nodes, count * sizeof *nodes);
	arrfree(c->nodes);
	c->nodes = nodes;
	g->nodes = nodes;
	g->node_count = (uint32_t)count;
	return g;
}

const struct dependency_graph *dependencies_find(struct arena *run, const struct project *p,
                                                 const struct registered_entries *registered)
{
	struct arena scratch, keys;
	arena_init(&scratch);
	arena_init(&keys);
	struct collector c = {.run = run, .scratch = &scratch, .project = p};
	c.registered = registered;
	c.keys = interner_new(&keys);
	for (module_id m = 0; m < p->module_count; m++)
		read_module(&c, m);
	for (size_t i = 0; i < arrlenu(c.classes); i++)
		ask_class(&c, c.classes[i]);
	struct dependency_graph *g = (struct dependency_graph *)(uintptr_t)finish(&c);
	index_scopes(&c, g);
	list_handlers(&c, g);
	arrfree(c.edges);
	arrfree(c.classes);
	interner_free(c.keys);
	arena_release(&keys);
	arena_release(&scratch);
	return g;
}
