/*
 * stream.c - from a returned value back to the calls that may have made it: through locals, choices, tuples
 * and awaits, and through the returns of the functions that are called. What a function gives is
 * remembered, unless the bound on depth had a part in the answer.
 */
#include "program/stream.h"

#include "base/memory.h"
#include "program/bind.h"
#include "program/function.h"

#include <stdlib.h>

#define VALUE_HOPS_MAX                                                                             \
	8             /* locals and choices between a return and the call that makes the response */
#define VALUES_MAX 64 /* all that are looked at for one question */
#define CLASS_DEPTH_MAX 6 /* bases of bases */

/* ---- names ------------------------------------------------------------------------ */

/* Response classes whose body is an iterator; a class of the same make is called SomethingOfThese. */
static const char *const class_names[] = {"StreamingResponse", "EventSourceResponse",
                                          "StreamingHttpResponse"};

/* Functions and classes that stream when their body is a generator, and send a text otherwise. */
static const char *const either_names[] = {
	"flask.Response",      "flask.wrappers.Response",    "werkzeug.Response",
	"quart.Response",      "werkzeug.wrappers.Response", "flask.make_response",
	"quart.make_response",
};

static bool is_class_name(struct str last)
{
	for (size_t i = 0; i < ARRAY_LEN(class_names); i++)
		if (str_ends(last, str_of(class_names[i])))
			return true;
	return false;
}

bool stream_is_likely(const struct project *p)
{
	for (name_id name = 1; name <= intern_count(p->names); name++) {
		struct str text = project_text(p, name);
		if (is_class_name(text) || str_is(text, "flask") || str_is(text, "quart"))
			return true;
	}
	return false;
}

static bool takes_either(struct str dotted, struct str method)
{
	for (size_t i = 0; i < ARRAY_LEN(either_names); i++)
		if (str_is(dotted, either_names[i]))
			return true;
	return str_is(method, "response_class");
}

static bool class_streams(struct arena *scratch, const struct project *p, module_id m,
                          scope_id class_, unsigned depth)
{
	const struct module *module = project_module(p, m);
	const struct scope *s = &module->scopes[class_];
	for (uint32_t i = 0; depth > 0 && i < s->base_count; i++) {
		struct target base = resolve_expr(scratch, p, m, s->parent,
		                                  module->bases[s->first_base + i]);
		if (base.kind == TARGET_SCOPE
		            ? class_streams(scratch, p, base.module, base.scope, depth - 1)
		            : is_class_name(dotted_last(base.dotted)))
			return true;
	}
	return false;
}

/* ---- values -------------------------------------------------------------------------- */

struct seeker {
	struct arena *scratch;
	const struct program *program;
	const struct function *fn;
	unsigned *left; /* of VALUES_MAX */
	bool *complete; /* a response of such a class was seen whose body is complete */
};

/* One value more; false when enough have been looked at. */
static bool may_look(const struct seeker *s)
{
	if (*s->left == 0)
		return false;
	--*s->left;
	return true;
}

static bool seek(const struct seeker *s, ref value, unsigned hops, struct streamed *out);

static struct str called_name(const struct seeker *s, const struct event *e)
{
	if (e->name != NAME_NONE)
		return project_text(s->program->project, e->name);
	if (ref_kind(e->a) != REF_KIND_PLACE)
		return STR_EMPTY;
	const struct place *p = &s->fn->cfg.places[ref_index(e->a)];
	return p->step_count == 0 ? project_text(s->program->project, p->root) : STR_EMPTY;
}

static bool is_generator_call(const struct seeker *s, uint32_t event)
{
	const struct event *e = &s->fn->cfg.events[event];
	const struct target *t = &s->fn->targets[event];
	if (e->kind == EV_BUILD)
		return e->op == BUILD_GENERATOR;
	if (e->kind != EV_CALL)
		return false;
	if (str_is(called_name(s, e), "stream_with_context"))
		return true;
	return t->kind == TARGET_SCOPE &&
	       (project_scope(s->program->project, t->module, t->scope)->flags & SCOPE_GENERATOR) !=
	               0;
}

/* Is an operand a generator, made in this very expression or kept in a local before? */
static bool is_generator(const struct seeker *s, ref value, unsigned hops)
{
	const struct cfg *cfg = &s->fn->cfg;
	if (!may_look(s))
		return false;
	if (ref_kind(value) == REF_KIND_TEMP)
		return is_generator_call(s, ref_index(value));
	for (uint32_t i = 0; ref_kind(value) == REF_KIND_PLACE && hops > 0 && i < cfg->event_count;
	     i++)
		if (cfg->events[i].kind == EV_ASSIGN && cfg->events[i].a == value &&
		    cfg->events[i].index == 0 && is_generator(s, cfg->events[i].b, hops - 1))
			return true;
	return false;
}

static bool first_is_generator(const struct seeker *s, const struct event *e)
{
	return e->arg_count > 0 &&
	       is_generator(s, s->fn->cfg.args[e->first_arg].value, VALUE_HOPS_MAX);
}

/* ---- bodies that are complete when the response is made ----------------------------------- */

static bool is_ready(const struct seeker *s, ref value, unsigned hops);

/* A generator without loops that waits for nothing: `yield text` is as complete as the text. */
static bool runs_through(const struct seeker *s, const struct target *t)
{
	struct cfg cfg;
	if (!record_cfg(s->scratch, &s->program->project->modules[t->module].loaded, t->scope, &cfg))
		return false;
	for (block_id b = 0; b < cfg.block_count; b++)
		for (unsigned edge = 0; edge < EDGE_COUNT; edge++)
			if (cfg.blocks[b].succ[edge] != BLOCK_NONE && cfg.blocks[b].succ[edge] <= b)
				return false;
	for (uint32_t i = 0; i < cfg.event_count; i++) {
		const struct event *e = &cfg.events[i];
		if (e->kind == EV_ITER || e->kind == EV_AWAIT || (e->flags & EVF_ASYNC) != 0 ||
		    (e->kind == EV_CALL && (e->flags & EVF_AWAITED) != 0) ||
		    (e->kind == EV_YIELD && (e->flags & EVF_FROM) != 0))
			return false;
	}
	return true;
}

static bool is_ready_call(const struct seeker *s, const struct event *e)
{
	struct str name = called_name(s, e);
	const struct target *t = &s->fn->targets[e - s->fn->cfg.events];
	if (t->kind == TARGET_SCOPE)
		return (project_scope(s->program->project, t->module, t->scope)->flags &
		        SCOPE_GENERATOR) != 0 &&
		       runs_through(s, t);
	if (str_is(name, "BytesIO") || str_is(name, "StringIO"))
		return true;
	return str_is(name, "iter") && e->arg_count == 1 &&
	       is_ready(s, s->fn->cfg.args[e->first_arg].value, 1);
}

/* A list as written, iter([text]), an in-memory file: sent at once, like any complete body. */
static bool is_ready(const struct seeker *s, ref value, unsigned hops)
{
	const struct cfg *cfg = &s->fn->cfg;
	bool any = false;
	if (!may_look(s))
		return false;
	if (ref_kind(value) == REF_KIND_TEMP) {
		const struct event *e = &cfg->events[ref_index(value)];
		return e->kind == EV_CALL ? is_ready_call(s, e)
		                          : e->kind == EV_BUILD &&
		                                    (e->op == BUILD_LIST || e->op == BUILD_TUPLE);
	}
	for (uint32_t i = 0; ref_kind(value) == REF_KIND_PLACE && hops > 0 && i < cfg->event_count;
	     i++) {
		if (cfg->events[i].kind != EV_ASSIGN || cfg->events[i].a != value)
			continue;
		if (cfg->events[i].index != 0 || !is_ready(s, cfg->events[i].b, hops - 1))
			return false;
		any = true;
	}
	return any;
}

/* The first argument, or content=. */
static bool body_is_ready(const struct seeker *s, const struct event *e)
{
	for (uint32_t i = 0; i < e->arg_count; i++) {
		const struct arg *arg = &s->fn->cfg.args[e->first_arg + i];
		if (arg->flags == 0 &&
		    ((i == 0 && arg->keyword == NAME_NONE) ||
		     str_is(project_text(s->program->project, arg->keyword), "content")))
			return is_ready(s, arg->value, VALUE_HOPS_MAX);
	}
	return false;
}

/* ---- calls ------------------------------------------------------------------------------------ */

static bool made_here(const struct seeker *s, uint32_t event, struct str class_,
                      struct streamed *out)
{
	*out = (struct streamed){.event = event,
	                         .class = class_,
	                         .module = s->fn->module,
	                         .span = s->fn->cfg.events[event].span};
	return true;
}

static bool seek_call(const struct seeker *s, uint32_t event, struct streamed *out)
{
	const struct project *p = s->program->project;
	const struct event *e = &s->fn->cfg.events[event];
	const struct target *t = &s->fn->targets[event];
	struct str name = called_name(s, e);
	bool function = t->kind == TARGET_SCOPE && !target_is_class(p, t);
	if (!function && body_is_ready(s, e)) {
		*s->complete = true;
		return false;
	}
	if (t->kind != TARGET_SCOPE) {
		bool streams = is_class_name(name) || is_class_name(dotted_last(t->dotted)) ||
		               str_is(name, "stream_with_context") ||
		               (takes_either(t->dotted, name) && first_is_generator(s, e));
		return streams && made_here(s, event, name, out);
	}
	if (!function)
		return class_streams(s->scratch, p, t->module, t->scope, CLASS_DEPTH_MAX) &&
		       made_here(s, event, name, out);
	if (!stream_of_scope(s->program, t->module, t->scope, out))
		return false;
	out->event = event;
	out->through_helper = true;
	return true;
}

static bool seek_stores(const struct seeker *s, ref place, unsigned hops, struct streamed *out)
{
	const struct cfg *cfg = &s->fn->cfg;
	if (cfg->places[ref_index(place)].step_count != 0)
		return false;
	for (uint32_t i = 0; i < cfg->event_count; i++)
		if (cfg->events[i].kind == EV_ASSIGN && cfg->events[i].a == place &&
		    cfg->events[i].index == 0 && seek(s, cfg->events[i].b, hops, out))
			return true;
	return false;
}

static bool seek_args(const struct seeker *s, const struct event *e, uint32_t count, unsigned hops,
                      struct streamed *out)
{
	for (uint32_t i = 0; i < count && i < e->arg_count; i++)
		if (seek(s, s->fn->cfg.args[e->first_arg + i].value, hops, out))
			return true;
	return false;
}

static bool seek(const struct seeker *s, ref value, unsigned hops, struct streamed *out)
{
	if (hops == 0 || !may_look(s))
		return false;
	if (ref_kind(value) == REF_KIND_PLACE)
		return seek_stores(s, value, hops - 1, out);
	if (ref_kind(value) != REF_KIND_TEMP)
		return false;
	const struct event *e = &s->fn->cfg.events[ref_index(value)];
	switch (e->kind) {
	case EV_CALL: return seek_call(s, ref_index(value), out);
	case EV_AWAIT: return seek(s, e->a, hops - 1, out);
	case EV_BUILD:
		if (e->op == BUILD_CHOICE)
			return seek_args(s, e, e->arg_count, hops - 1, out);
		/* Flask: body, status, headers */
		return e->op == BUILD_TUPLE && seek_args(s, e, 1, hops - 1, out);
	default: return false;
	}
}

bool stream_of_value(struct arena *scratch, const struct program *program,
                     const struct function *fn, ref value, struct streamed *out)
{
	unsigned left = VALUES_MAX;
	bool complete = false;
	struct seeker s = {scratch, program, fn, &left, &complete};
	return program->may_stream && seek(&s, value, VALUE_HOPS_MAX, out);
}

/* ---- functions -------------------------------------------------------------------------- */

/* An answer for one depth of asking: at another the bound may cut off elsewhere. */
struct fact {
	uint64_t key; /* 0: free */
	struct streamed value;
	bool streams;
};

/* The function that gives a stream and calls a generator of its module. */
struct stream_caller {
	struct streamed stream;
	bool in_context; /* with the request's context kept open, perhaps */
	bool calls;      /* there is one */
};

struct stream_cache {
	struct arena arenas[STREAM_DEPTH_MAX];
	struct fact *table;            /* open addressing */
	size_t size, used;             /* size: a power of two */
	unsigned depth;                /* of the function under way */
	struct stream_caller *callers; /* per scope of the module that was asked for last, in 'kept' */
	module_id listed;              /* that module + 1; 0: none yet */
	struct arena kept, reading;
};

static struct fact *table_new(size_t size)
{
	struct fact *table = memory_resize_array(NULL, size, sizeof *table);
	memset(table, 0, size * sizeof *table);
	return table;
}

struct stream_cache *stream_cache_new(void)
{
	struct stream_cache *c = memory_resize(NULL, sizeof *c);
	*c = (struct stream_cache){.size = 256};
	c->table = table_new(c->size);
	for (unsigned i = 0; i < STREAM_DEPTH_MAX; i++)
		arena_init(&c->arenas[i]);
	arena_init(&c->kept);
	arena_init(&c->reading);
	return c;
}

void stream_cache_free(struct stream_cache *c)
{
	if (c == NULL)
		return;
	for (unsigned i = 0; i < STREAM_DEPTH_MAX; i++)
		arena_release(&c->arenas[i]);
	arena_release(&c->kept);
	arena_release(&c->reading);
	free(c->table);
	free(c);
}

/* Where the fact of that key is, or belongs. */
static struct fact *find_fact(const struct stream_cache *c, uint64_t key)
{
	uint64_t hash = key * 0x9e3779b97f4a7c15u;
	size_t i = (hash ^ (hash >> 32)) & (c->size - 1);
	while (c->table[i].key != 0 && c->table[i].key != key)
		i = (i + 1) & (c->size - 1);
	return &c->table[i];
}

static void remember(struct stream_cache *c, struct fact fact)
{
	if (++c->used * 2 > c->size) {
		struct fact *old = c->table;
		size_t count = c->size;
		c->size *= 2;
		c->table = table_new(c->size);
		for (size_t i = 0; i < count; i++)
			if (old[i].key != 0)
				*find_fact(c, old[i].key) = old[i];
		free(old);
	}
	*find_fact(c, fact.key) = fact;
}

/* `-> StreamingResponse`: the def says so itself. */
static bool says_so(struct arena *scratch, const struct project *p, module_id m, scope_id scope,
                    struct streamed *out)
{
	const struct module *module = project_module(p, m);
	const struct scope *s = &module->scopes[scope];
	if (s->returns == EXPR_NONE || module->exprs[s->returns].kind != EXPR_NAME)
		return false;
	struct target t = resolve_expr(scratch, p, m, s->parent, s->returns);
	struct str last = dotted_last(project_text(p, module->exprs[s->returns].text));
	bool streams = t.kind == TARGET_SCOPE
	                       ? class_streams(scratch, p, t.module, t.scope, CLASS_DEPTH_MAX)
	                       : is_class_name(last);
	*out = (struct streamed){
		.event = EVENT_NONE, .class = last, .module = m, .span = s->name_span};
	return streams;
}

static bool returns_one(struct arena *scratch, const struct program *program, module_id m,
                        scope_id scope, struct streamed *out)
{
	struct function fn;
	bool complete = false;
	if (!program->may_stream || !function_read(scratch, program, m, scope, &fn))
		return false;
	for (uint32_t i = 0; i < fn.cfg.event_count; i++) {
		unsigned left = VALUES_MAX;
		struct seeker s = {scratch, program, &fn, &left, &complete};
		if (fn.cfg.events[i].kind == EV_RETURN &&
		    seek(&s, fn.cfg.events[i].a, VALUE_HOPS_MAX, out))
			return true;
	}
	return !complete && says_so(scratch, program->project, m, scope, out);
}

static uint64_t key_of(const struct stream_cache *c, module_id m, scope_id scope)
{
	return scope_key(m, scope) * (STREAM_DEPTH_MAX + 1) + c->depth + 1;
}

static struct fact ask(const struct program *program, module_id m, scope_id scope)
{
	struct stream_cache *c = program->streams;
	struct arena *scratch = &c->arenas[c->depth];
	struct fact fact = {.key = key_of(c, m, scope)};
	c->depth++;
	fact.streams = returns_one(scratch, program, m, scope, &fact.value);
	c->depth--;
	arena_clear(scratch);
	return fact;
}

bool stream_of_scope(const struct program *program, module_id m, scope_id scope,
                     struct streamed *out)
{
	struct stream_cache *c = program->streams;
	const struct scope *s = project_scope(program->project, m, scope);
	if (c == NULL || c->depth == STREAM_DEPTH_MAX || s->kind != SCOPE_FUNCTION ||
	    (s->flags & SCOPE_GENERATOR) != 0)
		return false;
	struct fact fact = *find_fact(c, key_of(c, m, scope));
	if (fact.key == 0) {
		fact = ask(program, m, scope);
		remember(c, fact);
	}
	*out = fact.value;
	return fact.streams;
}

/* ---- generators ---------------------------------------------------------------------------- */

static bool is_context_keeper(const struct project *p, const struct cfg *cfg, const struct event *e)
{
	name_id name = e->name;
	if (e->kind == EV_CALL && name == NAME_NONE && ref_kind(e->a) == REF_KIND_PLACE)
		name = cfg->places[ref_index(e->a)].root;
	return e->kind == EV_CALL && str_is(project_text(p, name), "stream_with_context");
}

/* Lists which of the module's functions this one calls, if it gives a stream. The first that calls one speaks for it. */
static void list_called(struct stream_cache *c, const struct program *program, scope_id caller)
{
	module_id m = c->listed - 1;
	struct streamed stream;
	struct function fn;
	bool in_context = false;
	if (!stream_of_scope(program, m, caller, &stream) ||
	    !function_read(&c->reading, program, m, caller, &fn))
		return;
	for (uint32_t i = 0; i < fn.cfg.event_count; i++)
		in_context |= is_context_keeper(program->project, &fn.cfg, &fn.cfg.events[i]);
	for (uint32_t i = 0; i < fn.cfg.event_count; i++) {
		const struct target *t = &fn.targets[i];
		if (fn.cfg.events[i].kind == EV_CALL && t->kind == TARGET_SCOPE && t->module == m &&
		    t->scope != caller && !c->callers[t->scope].calls)
			c->callers[t->scope] = (struct stream_caller){stream, in_context, true};
	}
}

/* Reads the functions of a module once, however many of its generators are asked for. */
static void list_callers(struct stream_cache *c, const struct program *program, module_id m)
{
	uint32_t count = project_module(program->project, m)->scope_count;
	arena_clear(&c->kept);
	c->callers = arena_array(&c->kept, struct stream_caller, count);
	c->listed = m + 1;
	for (scope_id s = 1; s < count; s++) {
		list_called(c, program, s);
		arena_clear(&c->reading);
	}
}

bool stream_of_generator(const struct program *program, module_id m, scope_id scope,
                         struct streamed *out, bool *in_context)
{
	struct stream_cache *c = program->streams;
	if (!program->may_stream || c == NULL)
		return false;
	if (c->listed != m + 1)
		list_callers(c, program, m);
	*out = c->callers[scope].stream;
	*in_context = c->callers[scope].in_context;
	return c->callers[scope].calls;
}

bool stream_runs(const struct program *program, module_id m, scope_id scope)
{
	struct streamed ignored;
	bool in_context;
	return stream_of_generator(program, m, scope, &ignored, &in_context);
}
