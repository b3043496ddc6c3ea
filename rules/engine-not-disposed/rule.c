/*
 * engine-not-disposed - engines or pools are cached by key, and what is dropped from the cache is not disposed. The
 * rule looks from the function that stores them: it reads the other functions of the module (or class) for those
 * that drop an entry, and is silent as soon as one of them, its callees or its callers may dispose of it.
 */
#include "rule.h"

#define SCOPES_MAX 512 /* larger modules are not searched, so that a rule stays linear in a file */

/* A dict that is kept: a module's own, or of a class and its instances. */
struct cache {
	scope_id owner; /* the class, or 0 */
	name_id name;
	name_id key; /* the constant that the engine is stored under; NAME_NONE: a computed one */
};

/* One function of the module while it is read. */
struct reader {
	const struct rule_ctx *ctx;
	const struct module *module;
	scope_id scope;
	struct cfg cfg;
};

static bool read_scope(const struct rule_ctx *ctx, scope_id scope, struct reader *out)
{
	const struct project *p = ctx->program->project;
	*out = (struct reader){
		.ctx = ctx, .module = project_module(p, ctx->fn->module), .scope = scope};
	return out->module->scopes[scope].kind == SCOPE_FUNCTION &&
	       record_cfg(ctx->scratch, &p->modules[ctx->fn->module].loaded, scope, &out->cfg);
}

static struct str text_of(const struct reader *r, name_id name)
{
	return project_text(r->ctx->program->project, name);
}

static bool says_dispose(struct str name)
{
	static const char *const words[] = {"dispose", "close", "terminate", "disconnect",
	                                    "shutdown"};
	return str_contains_any(name, words, ARRAY_LEN(words));
}

/* The end of the process frees everything, and a child must leave its parent's sockets alone. */
static bool needs_no_dispose(struct str name)
{
	static const char *const words[] = {"fork",     "child",    "exit",
	                                    "shutdown", "teardown", "test"};
	return str_contains_any(name, words, ARRAY_LEN(words));
}

/* ---- which cache ------------------------------------------------------------------------------- */

static scope_id class_named(const struct module *m, name_id name)
{
	for (scope_id s = 1; s < m->scope_count; s++)
		if (m->scopes[s].kind == SCOPE_CLASS && m->scopes[s].name == name)
			return s;
	return SCOPE_NONE;
}

/* The class whose attributes the place's root reads: self, cls or the class by its name. */
static scope_id owner_of(const struct reader *r, const struct place *place)
{
	const struct project *p = r->ctx->program->project;
	module_id m = r->ctx->fn->module;
	if (place->root_kind == PLACE_GLOBAL)
		return class_named(r->module, place->root);
	bool is_self = place->root_kind == PLACE_LOCAL && place->root == def_self(p, m, r->scope);
	return is_self ? def_class(p, m, r->scope) : SCOPE_NONE;
}

/* The cache that the first steps of the place name, and how many steps that takes. False: none. */
static bool cache_at(const struct reader *r, ref operand, struct cache *out, unsigned *steps)
{
	if (ref_kind(operand) != REF_KIND_PLACE)
		return false;
	const struct place *place = &r->cfg.places[ref_index(operand)];
	if (place->root_kind == PLACE_GLOBAL &&
	    (place->step_count == 0 || place->steps[0].kind != STEP_ATTRIBUTE)) {
		*out = (struct cache){.owner = 0, .name = place->root};
		*steps = 0;
		return true;
	}
	if (place->step_count == 0 || place->steps[0].kind != STEP_ATTRIBUTE)
		return false;
	*out = (struct cache){.owner = owner_of(r, place), .name = place->steps[0].name};
	*steps = 1;
	return out->owner != SCOPE_NONE;
}

static bool is_cache(const struct reader *r, ref operand, const struct cache *cache)
{
	struct cache found;
	unsigned steps;
	return cache_at(r, operand, &found, &steps) &&
	       r->cfg.places[ref_index(operand)].step_count == steps &&
	       found.owner == cache->owner && found.name == cache->name;
}

/* The cache of which the place is an entry, with its key. */
static bool entry_at(const struct reader *r, ref operand, struct cache *out)
{
	unsigned steps;
	if (!cache_at(r, operand, out, &steps))
		return false;
	const struct place *place = &r->cfg.places[ref_index(operand)];
	if (place->step_count != steps + 1 || place->steps[steps].kind == STEP_ATTRIBUTE)
		return false;
	out->key = place->steps[steps].name;
	return true;
}

/* May the entry be the engine's? Other constants than its own are other entries. */
static bool is_entry(const struct reader *r, ref operand, const struct cache *cache)
{
	struct cache found;
	return entry_at(r, operand, &found) && found.owner == cache->owner &&
	       found.name == cache->name && found.key == cache->key;
}

/* ---- what a function does with an entry ------------------------------------------------------------ */

static bool is_local(const struct reader *r, ref operand, name_id name)
{
	if (ref_kind(operand) != REF_KIND_PLACE)
		return false;
	const struct place *place = &r->cfg.places[ref_index(operand)];
	return place->root_kind != PLACE_GLOBAL && place->root == name;
}

static bool names_local(const struct reader *r, ref operand)
{
	if (ref_kind(operand) != REF_KIND_PLACE)
		return false;
	const struct place *place = &r->cfg.places[ref_index(operand)];
	return place->root_kind == PLACE_LOCAL && place->step_count == 0;
}

/* What does nothing to an entry: a test, storing it again and, when it stays in the cache, returning it. */
static bool leaves_alone(const struct reader *r, const struct event *e, const struct cache *cache,
                         bool stays)
{
	return e->kind == EV_TEST || e->kind == EV_COMPARE ||
	       (stays && (e->kind == EV_RETURN || e->kind == EV_LEAVE)) ||
	       (e->kind == EV_ASSIGN && is_entry(r, e->a, cache));
}

/* Is the value of event 'made' used for more, by itself or through the name it is bound to? */
static bool is_handed_on(const struct reader *r, uint32_t made, const struct cache *cache,
                         bool stays)
{
	name_id name = NAME_NONE;
	for (uint32_t i = made + 1; i < r->cfg.event_count; i++) {
		const struct event *e = &r->cfg.events[i];
		bool alone = leaves_alone(r, e, cache, stays);
		bool names = e->kind == EV_ASSIGN && names_local(r, e->a);
		if (names && e->b == REF_TEMP(made))
			name = r->cfg.places[ref_index(e->a)].root;
		if (names && (e->b == REF_TEMP(made) || !is_local(r, e->b, name)))
			continue;
		if (!alone && (e->a == REF_TEMP(made) || e->b == REF_TEMP(made) ||
		               is_local(r, e->a, name) || is_local(r, e->b, name)))
			return true;
		for (uint32_t k = 0; k < e->arg_count; k++)
			if (r->cfg.args[e->first_arg + k].value == REF_TEMP(made) ||
			    is_local(r, r->cfg.args[e->first_arg + k].value, name))
				return true;
	}
	return false;
}

/* The key that is popped is the engine's, as far as one can tell. */
static bool pops_key(const struct reader *r, const struct event *e, const struct cache *cache)
{
	if (e->arg_count == 0)
		return false;
	ref key = r->cfg.args[e->first_arg].value;
	return (ref_kind(key) == REF_KIND_TEXT ? ref_index(key) : NAME_NONE) == cache->key;
}

static bool drops(const struct reader *r, uint32_t event, const struct cache *cache)
{
	const struct event *e = &r->cfg.events[event];
	if (e->kind == EV_DELETE)
		return is_entry(r, e->a, cache);
	if (e->kind != EV_CALL || e->name == NAME_NONE || !is_cache(r, e->a, cache))
		return false;
	struct str method = text_of(r, e->name);
	if (str_is(method, "clear"))
		return e->arg_count == 0;
	return (str_is(method, "popitem") || (str_is(method, "pop") && pops_key(r, e, cache))) &&
	       ((e->flags & EVF_DISCARDED) != 0 || !is_handed_on(r, event, cache, false));
}

/* Is an entry, or all of them, given to somebody who may dispose of it? */
static bool gives_entry(const struct reader *r, uint32_t event, const struct cache *cache)
{
	const struct event *e = &r->cfg.events[event];
	for (uint32_t i = 0; e->kind != EV_BUILD && i < e->arg_count; i++)
		if (is_entry(r, r->cfg.args[e->first_arg + i].value, cache))
			return true;
	if (e->kind == EV_ASSIGN)
		return is_entry(r, e->b, cache) || is_cache(r, e->b, cache);
	if (e->kind != EV_CALL || e->name == NAME_NONE || !is_cache(r, e->a, cache))
		return false;
	static const char *const reads[] = {"get", "values", "items", "copy", "pop", "popitem"};
	for (size_t i = 0; i < ARRAY_LEN(reads); i++)
		if (str_is(text_of(r, e->name), reads[i]))
			return is_handed_on(r, event, cache, str_is(text_of(r, e->name), "get"));
	return false;
}

/* The last name of what is called, or NAME_NONE. */
static name_id called_name(const struct reader *r, const struct event *e)
{
	if (e->kind != EV_CALL)
		return NAME_NONE;
	if (e->name != NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
		return e->name;
	return r->cfg.places[ref_index(e->a)].root;
}

/* Does it call dispose, or hand it on to be called? */
static bool disposes(const struct reader *r)
{
	for (uint32_t i = 0; i < r->cfg.place_count; i++) {
		const struct place *place = &r->cfg.places[i];
		if (place->root_kind != PLACE_TOKEN && says_dispose(text_of(r, place->root)))
			return true;
		for (uint32_t k = 0; k < place->step_count; k++)
			if (place->steps[k].kind == STEP_ATTRIBUTE &&
			    says_dispose(text_of(r, place->steps[k].name)))
				return true;
	}
	for (uint32_t i = 0; i < r->cfg.event_count; i++) {
		const struct event *e = &r->cfg.events[i];
		if (e->kind == EV_UNMODELLED ||
		    ((e->kind == EV_CALL || e->kind == EV_ATTR) && e->name != NAME_NONE &&
		     says_dispose(text_of(r, e->name))))
			return true;
	}
	return false;
}

static bool calls(const struct reader *r, name_id name)
{
	for (uint32_t i = 0; i < r->cfg.event_count; i++)
		if (called_name(r, &r->cfg.events[i]) == name)
			return true;
	return false;
}

/* May the engine that this function drops be disposed by it, by what it calls, or by who calls it? */
static bool may_be_disposed(const struct reader *r, const struct cache *cache)
{
	const struct scope *s = &r->module->scopes[r->scope];
	if (disposes(r) || needs_no_dispose(text_of(r, s->name)) ||
	    !notes_may_read(r->ctx, r->module->scope_count))
		return true;
	for (uint32_t i = 0; i < r->cfg.event_count; i++)
		if (gives_entry(r, i, cache))
			return true;
	for (scope_id other = 1; other < r->module->scope_count; other++) {
		struct reader o;
		if (other != r->scope && read_scope(r->ctx, other, &o) && disposes(&o) &&
		    (calls(r, r->module->scopes[other].name) || calls(&o, s->name)))
			return true;
	}
	return false;
}

/* ---- the finding ----------------------------------------------------------------------------------- */

/* The place of a drop, for the pieces of a finding: they stand in the function that drops. */
static void report(const struct reader *r, const struct event *drop, uint32_t resource,
                   const struct cache *cache)
{
	const char *how = drop->kind == EV_ASSIGN ? "replaces" : "drops";
	struct function there = *r->ctx->fn;
	struct rule_ctx ctx = *r->ctx;
	there.scope = r->scope;
	ctx.fn = &there;
	const struct resource *stored = &there.resources[resource];
	struct exit_point exit = {.kind = EXIT_TEARDOWN, .span = drop->span};
	struct finding *f = draft(&ctx, resource, drop->span, LEVEL_WARNING);
	draft_message(&ctx, f, "this %s %s %s `%.*s` that nobody disposes of", how,
	              engine_words(stored->kind), drop->kind == EV_ASSIGN ? "in" : "from",
	              STR_ARG(text_of(r, cache->name)));
	draft_exit(&ctx, f, &exit, MISSING_CLOSE, dropped_release(stored));
	draft_detail(&ctx, f, "stored at", "%u", line_of(&ctx, stored->span.start));
	draft_detail(&ctx, f, "why",
	             "the connections in its pool stay open when it is no longer in the cache");
	draft_dropped(&ctx, f, resource);
	draft_detail(&ctx, f, "fix", "take it out with pop(), then dispose() or close() it");
	draft_step(&ctx, f, stored->span, "made and stored here");
	if (drop->kind != EV_ASSIGN)
		draft_step(&ctx, f, drop->span, "and dropped here");
	draft_submit(&ctx, f);
}

static const struct event *first_drop(const struct reader *r, const struct cache *cache)
{
	const struct event *first = NULL;
	for (uint32_t i = 0; i < r->cfg.event_count; i++)
		if (drops(r, i, cache) &&
		    (first == NULL || r->cfg.events[i].span.start < first->span.start))
			first = &r->cfg.events[i];
	return first;
}

/* The first function that stores something in it speaks for all. */
static bool is_stored_before(const struct reader *storing, const struct cache *cache)
{
	for (scope_id s = 1; s < storing->scope; s++) {
		struct reader r;
		if (!read_scope(storing->ctx, s, &r))
			continue;
		for (uint32_t i = 0; i < r.cfg.event_count; i++)
			if (r.cfg.events[i].kind == EV_ASSIGN &&
			    ref_kind(r.cfg.events[i].b) != REF_KIND_CONST &&
			    is_entry(&r, r.cfg.events[i].a, cache))
				return true;
	}
	return false;
}

static void check_cache(const struct reader *storing, uint32_t resource, const struct cache *cache)
{
	if (!notes_may_read(storing->ctx, 2 * storing->module->scope_count) ||
	    is_stored_before(storing, cache))
		return;
	for (scope_id s = 1; s < storing->module->scope_count; s++) {
		struct reader r;
		if (!read_scope(storing->ctx, s, &r))
			continue;
		const struct event *drop = first_drop(&r, cache);
		if (drop != NULL && !may_be_disposed(&r, cache))
			report(&r, drop, resource, cache);
	}
}

/* ---- one that takes another's place ------------------------------------------------------------------- */

/* `if key in cache:`, and only then is the event reached: there is one already. */
static bool is_full(const struct reader *r, uint32_t store, const struct cache *cache)
{
	for (block_id b = 0; b < r->cfg.block_count; b++) {
		const struct block *block = &r->cfg.blocks[b];
		if (block->event_count == 0)
			continue;
		const struct event *last = &r->cfg.events[block->first_event + block->event_count - 1];
		if (last->kind == EV_TEST && last->op == OP_OTHER && is_cache(r, last->b, cache) &&
		    cfg_only_through(r->ctx->scratch, &r->cfg, b, EDGE_NEXT, store))
			return true;
	}
	return false;
}

static void check_replaced(const struct reader *r, uint32_t resource, uint32_t store,
                           const struct cache *cache)
{
	if (is_full(r, store, cache) && !may_be_disposed(r, cache))
		report(r, &r->cfg.events[store], resource, cache);
}

/* Where the function stores that engine: `cache[key] = engine`. The event, or EVENT_NONE. */
static uint32_t cache_of(const struct reader *r, uint32_t resource, struct cache *out)
{
	const struct resource *made = &r->ctx->fn->resources[resource];
	for (uint32_t i = 0; i < r->cfg.event_count; i++) {
		const struct event *e = &r->cfg.events[i];
		if (e->kind != EV_ASSIGN || !entry_at(r, e->a, out))
			continue;
		bool through_name = ref_kind(e->b) == REF_KIND_PLACE &&
		                    r->cfg.places[ref_index(e->b)].step_count == 0 &&
		                    str_eq(text_of(r, r->cfg.places[ref_index(e->b)].root),
		                           made->name);
		if (e->b == REF_TEMP(made->event) || through_name)
			return i;
	}
	return EVENT_NONE;
}

static void check(struct rule_ctx *ctx)
{
	struct reader r = {.ctx = ctx,
	                   .module = project_module(ctx->program->project, ctx->fn->module),
	                   .scope = ctx->fn->scope,
	                   .cfg = ctx->fn->cfg};
	struct cache cache;
	if (r.module->scope_count > SCOPES_MAX)
		return;
	for (uint32_t i = 0; i < ctx->fn->plan.resource_count; i++) {
		const struct resource *made = &ctx->fn->resources[i];
		if (!is_made_below_session(ctx, i, LAYER_ENGINE) || engine_has_no_pool(ctx, made))
			continue;
		uint32_t store = cache_of(&r, i, &cache);
		if (store == EVENT_NONE)
			continue;
		check_cache(&r, i, &cache);
		check_replaced(&r, i, store, &cache);
	}
}

const struct rule rule_engine_not_disposed = {
	.id = "engine-not-disposed",
	.title = "An engine or pool is dropped from a cache without being disposed",
	.level_max = LEVEL_WARNING,
	.usual = {LEVEL_WARNING, LEVEL_WARNING, LEVEL_WARNING},
	.precision = "medium",
	.cwe = "CWE-772",
	.check = check,
};
