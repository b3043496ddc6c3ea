/*
 * limit.c - what an argument says is read off the texts that may get into it: literals, names, what is assigned to them,
 * settings of other modules. A text that names the setting anywhere else than in the arguments of one maker, or
 * in the listener of one engine, is taken to be about everybody: ALTER ROLE, an `init` callback, a helper.
 */
#include "program/limit.h"

#include "program/bind_internal.h"
#include "syntax/ast.h"

#define WALK_STEPS_MAX 64   /* values that are looked at for one maker */
#define LISTENED_MAX 16     /* engines with a listener of their own; with more nothing is said */
#define SERVER_TESTS_MAX 16 /* in one function; with more nothing is said */

enum {
	SAYS_LIMIT = 1 << 0,
	SAYS_POSTGRESQL = 1 << 1,
	SAYS_OTHER = 1 << 2,   /* another server's address or option */
	SAYS_UNKNOWN = 1 << 3, /* something that is not read gets into it */
	SAYS_SQLITE = 1 << 4,  /* an option that nobody else has */
};

/* An engine for which a listener sets it: of a module, by name, or all that one function makes. */
struct listened {
	module_id module;
	scope_id scope; /* 0: of the module */
	name_id name;   /* NAME_NONE: whatever is made there */
};

struct limits {
	bool named;      /* somewhere in the project */
	bool everywhere; /* for everybody, or nobody knows for whom */
	bool postgresql; /* the project imports a driver of PostgreSQL, or writes an address of one */
	struct listened listened[LISTENED_MAX];
	uint32_t listened_count;
};

/* ---- what a value says --------------------------------------------------------------------- */

struct walk {
	struct arena *scratch;
	const struct program *program;
	module_id module;
	scope_id scope;
	const struct cfg *cfg;
	bool *seen; /* per event: looked at; NULL: nobody asks */
	unsigned steps, says;
};

static void walk_ref(struct walk *w, ref r);

static bool names_other_server(struct str text)
{
	static const char *const others[] = {"sqlite", "mysql", "mariadb", "oracle", "mssql"};
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (str_starts(text, str_of(others[i])))
			return true;
	return text_scheme(text).len > 0 && !str_starts(text, STR("postgres"));
}

static void say_text(struct walk *w, struct str text)
{
	if (text_sets_idle_limit(text))
		w->says |= SAYS_LIMIT;
	if (str_starts(text, STR("postgres")))
		w->says |= SAYS_POSTGRESQL;
	else if (names_other_server(text))
		w->says |= SAYS_OTHER;
	if (str_is(text, "check_same_thread"))
		w->says |= SAYS_SQLITE;
}

static struct str name_text(const struct walk *w, name_id name)
{
	return project_text(w->program->project, name);
}

/* Every text in the graph of a def that makes the value. */
static void walk_def(struct walk *w, module_id m, scope_id scope)
{
	struct cfg cfg;
	w->says |= SAYS_UNKNOWN;
	if (project_scope(w->program->project, m, scope)->kind != SCOPE_FUNCTION ||
	    !record_cfg(w->scratch, &w->program->project->modules[m].loaded, scope, &cfg))
		return;
	for (uint32_t i = 0; i < cfg.event_count; i++)
		if (ref_kind(cfg.events[i].b) == REF_KIND_TEXT)
			say_text(w, name_text(w, ref_index(cfg.events[i].b)));
		else if (ref_kind(cfg.events[i].a) == REF_KIND_TEXT)
			say_text(w, name_text(w, ref_index(cfg.events[i].a)));
	for (uint32_t i = 0; i < cfg.arg_count; i++) {
		say_text(w, name_text(w, cfg.args[i].keyword));
		if (ref_kind(cfg.args[i].value) == REF_KIND_TEXT)
			say_text(w, name_text(w, ref_index(cfg.args[i].value)));
	}
}

static void walk_target(struct walk *w, const struct target *t);

/* `DATABASE_URL = "postgresql://.."`, `url: PostgresDsn`: a declared value, with the names in it. */
static void walk_binding(struct walk *w, module_id m, const struct binding *b)
{
	const struct module *module = project_module(w->program->project, m);
	if (b->annotation != EXPR_NONE && module->exprs[b->annotation].kind == EXPR_NAME &&
	    str_is(dotted_last(name_text(w, module->exprs[b->annotation].text)), "PostgresDsn"))
		w->says |= SAYS_POSTGRESQL;
	if (b->value == EXPR_NONE) {
		w->says |= SAYS_UNKNOWN;
		return;
	}
	for (expr_id e = b->value; e < module->exprs[b->value].next; e++) {
		const struct expr *x = &module->exprs[e];
		if (x->kind == EXPR_TEXT || x->kind == EXPR_KEYWORD)
			say_text(w, name_text(w, x->text));
		else if (x->kind == EXPR_NAME && w->steps < WALK_STEPS_MAX) {
			struct target t = resolve_expr(w->scratch, w->program->project, m, b->from,
			                               e);
			walk_target(w, &t);
		} else if (x->kind == EXPR_CALL || x->kind == EXPR_OTHER ||
		           x->kind == EXPR_SUBSCRIPT || x->kind == EXPR_ATTRIBUTE)
			w->says |= SAYS_UNKNOWN;
	}
}

static void walk_target(struct walk *w, const struct target *t)
{
	if (w->steps++ >= WALK_STEPS_MAX) {
		w->says |= SAYS_UNKNOWN;
		return;
	}
	if (t->kind == TARGET_BINDING)
		walk_binding(w, t->module,
		             &project_module(w->program->project, t->module)->bindings[t->binding]);
	else if (t->kind == TARGET_SCOPE)
		walk_def(w, t->module, t->scope);
	else
		w->says |= SAYS_UNKNOWN;
}

static bool has_root(const struct walk *w, ref operand, const struct place *place)
{
	if (ref_kind(operand) != REF_KIND_PLACE)
		return false;
	const struct place *other = &w->cfg->places[ref_index(operand)];
	return other->root_kind == place->root_kind && other->root == place->root;
}

static void walk_args(struct walk *w, const struct event *e)
{
	for (uint32_t i = 0; i < e->arg_count; i++) {
		const struct arg *arg = &w->cfg->args[e->first_arg + i];
		say_text(w, name_text(w, arg->keyword));
		walk_ref(w, arg->value);
	}
}

/* What the function itself puts into a name: `kw = {}`, `kw["connect_args"] = ..`, `kw.update(..)`. */
static bool walk_stores(struct walk *w, const struct place *place)
{
	bool any = false;
	for (uint32_t i = 0; i < w->cfg->event_count; i++) {
		const struct event *e = &w->cfg->events[i];
		if (e->kind == EV_ASSIGN && has_root(w, e->a, place) &&
		    (e->flags & EVF_BINDING) == 0) {
			any = true;
			if (w->seen != NULL)
				w->seen[i] = true;
			walk_ref(w, event_stored(w->cfg, e));
		} else if (e->kind == EV_CALL && has_root(w, e->a, place) &&
		           (str_is(name_text(w, e->name), "update") ||
		            str_is(name_text(w, e->name), "setdefault"))) {
			if (w->seen != NULL)
				w->seen[i] = true;
			walk_args(w, e);
		}
	}
	return any;
}

static void walk_place(struct walk *w, const struct place *place)
{
	struct str path = place_path(w->scratch, w->program->project, place);
	if (place->root_kind == PLACE_TOKEN || walk_stores(w, place))
		return;
	if (path.len == 0) {
		w->says |= SAYS_UNKNOWN;
		return;
	}
	struct target t = resolve(w->scratch, w->program->project, w->module, w->scope, path);
	walk_target(w, &t);
}

static void walk_call(struct walk *w, const struct event *e)
{
	struct target t = {.kind = TARGET_UNKNOWN};
	if (ref_kind(e->a) == REF_KIND_PLACE) {
		const struct place *place = &w->cfg->places[ref_index(e->a)];
		struct str path = place_path(w->scratch, w->program->project, place);
		if (e->name != NAME_NONE && path.len > 0)
			path = dotted_under(w->scratch, path, name_text(w, e->name));
		if (path.len > 0)
			t = resolve(w->scratch, w->program->project, w->module, w->scope, path);
		if (e->name != NAME_NONE && t.kind != TARGET_SCOPE)
			walk_place(w, place); /* url.replace("postgres://", ..) */
	} else {
		walk_ref(w, e->a);
	}
	if (t.kind == TARGET_SCOPE)
		walk_def(w, t.module, t.scope);
	else if (t.kind != TARGET_EXTERNAL || !str_is(dotted_last(t.dotted), "dict"))
		w->says |= SAYS_UNKNOWN;
	walk_args(w, e);
}

static void walk_ref(struct walk *w, ref r)
{
	if (w->steps++ >= WALK_STEPS_MAX) {
		w->says |= SAYS_UNKNOWN;
		return;
	}
	if (ref_kind(r) == REF_KIND_TEXT) {
		say_text(w, name_text(w, ref_index(r)));
	} else if (ref_kind(r) == REF_KIND_PLACE) {
		walk_place(w, &w->cfg->places[ref_index(r)]);
	} else if (ref_kind(r) == REF_KIND_TEMP) {
		const struct event *e = &w->cfg->events[ref_index(r)];
		if (w->seen != NULL)
			w->seen[ref_index(r)] = true;
		if (e->kind == EV_BUILD)
			walk_args(w, e);
		else if (e->kind == EV_CALL)
			walk_call(w, e);
		else
			w->says |= SAYS_UNKNOWN;
	}
}

/* ---- makers ---------------------------------------------------------------------------------- */

/* The kind of connection, engine or pool that the call makes itself, when it may be to PostgreSQL; else NULL. */
static const struct resource_kind *kind_made(struct walk *w, const struct event *e)
{
	if (e->kind != EV_CALL || ref_kind(e->a) != REF_KIND_PLACE)
		return NULL;
	struct str path = place_path(w->scratch, w->program->project,
	                             &w->cfg->places[ref_index(e->a)]);
	if (path.len == 0)
		return NULL;
	if (e->name != NAME_NONE)
		path = dotted_under(w->scratch, path, name_text(w, e->name));
	struct target t = resolve(w->scratch, w->program->project, w->module, w->scope, path);
	if (t.kind != TARGET_EXTERNAL)
		return NULL;
	const struct maker *m = protocols_maker(w->program->protocols, t.dotted, MAKER_FUNCTION);
	if (m == NULL)
		m = protocols_maker(w->program->protocols, t.dotted, MAKER_TYPE);
	return m != NULL && m->kind->server != SERVER_OTHER && m->kind->view_of == NULL ? m->kind
	                                                                                : NULL;
}

static bool is_option(const struct walk *w, const struct resource_kind *kind, const struct arg *arg)
{
	for (size_t i = 0; i < kind->option_count; i++)
		if (str_eq(name_text(w, arg->keyword), kind->options[i]))
			return true;
	return arg->flags != 0;
}

/* What the arguments of a maker say: an address that is not known says nothing, an option may say all. */
static unsigned maker_says(struct walk *w, const struct resource_kind *kind, const struct event *e)
{
	unsigned says = 0;
	for (uint32_t i = 0; i < e->arg_count; i++) {
		const struct arg *arg = &w->cfg->args[e->first_arg + i];
		w->says = 0;
		w->steps = 0;
		say_text(w, name_text(w, arg->keyword));
		walk_ref(w, arg->value);
		says |= is_option(w, kind, arg) ? w->says : w->says & ~(unsigned)SAYS_UNKNOWN;
	}
	return says;
}

/* Is it bound to that name: `engine = create_engine(..)`? */
static bool is_stored_as(const struct cfg *cfg, uint32_t event, name_id name)
{
	for (uint32_t i = event + 1; i < cfg->event_count; i++) {
		const struct event *e = &cfg->events[i];
		if (e->kind == EV_ASSIGN && e->b == REF_TEMP(event) &&
		    ref_kind(e->a) == REF_KIND_PLACE)
			return cfg->places[ref_index(e->a)].root == name &&
			       cfg->places[ref_index(e->a)].step_count == 0;
	}
	return false;
}

static bool is_listened(const struct limits *l, const struct function *fn, uint32_t event)
{
	for (uint32_t i = 0; i < l->listened_count; i++) {
		const struct listened *x = &l->listened[i];
		if (x->module == fn->module &&
		    (x->name == NAME_NONE ? x->scope == fn->scope
		                          : is_stored_as(&fn->cfg, event, x->name)))
			return true;
	}
	return false;
}

/* ---- whose server is it? ------------------------------------------------------------------------ */

/* `backend == "sqlite"`, `"mysql" in url`, `url.startswith("sqlite")` */
static bool tests_other_server(const struct walk *w, const struct event *e)
{
	ref operands[] = {e->a, e->b};
	for (size_t i = 0; i < ARRAY_LEN(operands); i++) {
		ref r = operands[i];
		const struct event *call = ref_kind(r) == REF_KIND_TEMP
		                                   ? &w->cfg->events[ref_index(r)]
		                                   : NULL;
		if (call != NULL && call->kind == EV_CALL && call->arg_count > 0)
			r = w->cfg->args[call->first_arg].value;
		if (ref_kind(r) == REF_KIND_TEXT && names_other_server(name_text(w, ref_index(r))))
			return true;
	}
	return false;
}

/* In the branch of `if url.startswith("sqlite"):` */
static bool is_for_other_server(const struct walk *w, uint32_t event)
{
	unsigned looked_at = 0;
	for (block_id b = 0; b < w->cfg->block_count && looked_at < SERVER_TESTS_MAX; b++) {
		const struct block *block = &w->cfg->blocks[b];
		const struct event *last =
			block->event_count == 0
				? NULL
				: &w->cfg->events[block->first_event + block->event_count - 1];
		if (last == NULL || last->kind != EV_TEST || !tests_other_server(w, last))
			continue;
		looked_at++;
		if (cfg_only_through(w->scratch, w->cfg, b, EDGE_NEXT, event))
			return true;
	}
	return looked_at == SERVER_TESTS_MAX;
}

/* Does the module speak of other servers only? Then an address that is not known may be one of theirs. */
static bool module_names_other(const struct walk *w)
{
	const struct loaded_module *m = &w->program->project->modules[w->module].loaded;
	bool other = false;
	for (uint32_t i = 1; i <= m->name_count; i++) {
		if (str_starts(name_text(w, m->names[i]), STR("postgres")))
			return false;
		other |= names_other_server(name_text(w, m->names[i]));
	}
	return other;
}

static bool is_postgresql(const struct walk *w, const struct resource_kind *kind, unsigned says)
{
	if (kind->server == SERVER_POSTGRESQL)
		return true;
	if ((says & SAYS_SQLITE) != 0)
		return false;
	return (says & SAYS_POSTGRESQL) != 0 ||
	       ((says & SAYS_OTHER) == 0 && w->program->limits->postgresql && !module_names_other(w));
}

bool limit_is_missing(struct arena *scratch, const struct program *program,
                      const struct function *fn, uint32_t event)
{
	struct walk w = {.scratch = scratch,
	                 .program = program,
	                 .module = fn->module,
	                 .scope = fn->scope,
	                 .cfg = &fn->cfg};
	const struct resource_kind *kind = kind_made(&w, &fn->cfg.events[event]);
	if (kind == NULL || program->limits->everywhere || is_listened(program->limits, fn, event))
		return false;
	unsigned says = maker_says(&w, kind, &fn->cfg.events[event]);
	return (says & (SAYS_LIMIT | SAYS_UNKNOWN)) == 0 && is_postgresql(&w, kind, says) &&
	       !is_for_other_server(&w, event);
}

/* ---- who names the setting --------------------------------------------------------------------- */

static bool mentions(const struct walk *w, const struct event *e)
{
	const struct project *p = w->program->project;
	ref operands[] = {e->a, e->b};
	for (size_t i = 0; i < ARRAY_LEN(operands); i++)
		if (ref_kind(operands[i]) == REF_KIND_TEXT &&
		    text_sets_idle_limit(project_text(p, ref_index(operands[i]))))
			return true;
	for (uint32_t i = 0; i < e->arg_count; i++) {
		const struct arg *arg = &w->cfg->args[e->first_arg + i];
		if (text_sets_idle_limit(project_text(p, arg->keyword)) ||
		    (ref_kind(arg->value) == REF_KIND_TEXT &&
		     text_sets_idle_limit(project_text(p, ref_index(arg->value)))))
			return true;
	}
	return false;
}

static void listen_to(struct limits *l, struct listened x)
{
	if (l->listened_count == LISTENED_MAX)
		l->everywhere = true;
	else
		l->listened[l->listened_count++] = x;
}

/* `@event.listens_for(engine, "connect")`: for that engine. Anything else is about everybody. */
static void add_setter(struct limits *l, struct walk *w)
{
	const struct project *p = w->program->project;
	const struct module *m = project_module(p, w->module);
	const struct scope *s = &m->scopes[w->scope];
	expr_id call = s->decorator_count == 1 ? m->decorators[s->first_decorator] : EXPR_NONE;
	if (call == EXPR_NONE || m->exprs[call].kind != EXPR_CALL ||
	    m->exprs[call + 1].kind != EXPR_NAME ||
	    !str_is(dotted_last(project_text(p, m->exprs[call + 1].text)), "listens_for") ||
	    call + 2 >= m->exprs[call].next || m->exprs[call + 2].kind != EXPR_NAME) {
		l->everywhere = true;
		return;
	}
	struct str path = project_text(p, m->exprs[call + 2].text);
	if (str_ends(path, STR(".sync_engine")))
		path = str_slice(path, 0, path.len - strlen(".sync_engine"));
	struct target t = resolve(w->scratch, p, w->module, s->parent, path);
	if (t.kind == TARGET_BINDING)
		listen_to(l, (struct listened){
				     .module = t.module,
				     .name = project_module(p, t.module)->bindings[t.binding].name});
	else if (m->scopes[s->parent].kind == SCOPE_FUNCTION)
		listen_to(l, (struct listened){.module = w->module, .scope = s->parent});
	else
		l->everywhere = true; /* the class Engine, a pool */
}

/* Does the scope name the setting? */
static bool read_scope(struct limits *l, struct arena *scratch, const struct program *program,
                       module_id m, scope_id scope)
{
	struct cfg cfg;
	bool any = false;
	struct walk w = {
		.scratch = scratch, .program = program, .module = m, .scope = scope, .cfg = &cfg};
	if (!record_cfg(scratch, &program->project->modules[m].loaded, scope, &cfg))
		return false;
	w.seen = arena_array(scratch, bool, cfg.event_count);
	memset(w.seen, 0, cfg.event_count * sizeof *w.seen);
	for (uint32_t i = 0; i < cfg.event_count; i++) {
		const struct resource_kind *kind = kind_made(&w, &cfg.events[i]);
		if (kind == NULL)
			continue;
		w.seen[i] = true;
		(void)maker_says(&w, kind, &cfg.events[i]);
	}
	for (uint32_t i = 0; i < cfg.event_count && !l->everywhere; i++) {
		bool here = mentions(&w, &cfg.events[i]);
		any |= here;
		if (here && !w.seen[i])
			add_setter(l, &w);
	}
	return any;
}

static bool names_setting(const struct project *p, const struct loaded_module *m)
{
	for (uint32_t i = 1; i <= m->name_count; i++)
		if (text_sets_idle_limit(project_text(p, m->names[i])))
			return true;
	return false;
}

static void read_module(struct limits *l, const struct program *program, module_id m)
{
	const struct project *p = program->project;
	struct arena scratch;
	bool any = false;
	arena_init(&scratch);
	for (scope_id s = 0; s < project_module(p, m)->scope_count && !l->everywhere; s++) {
		any |= read_scope(l, &scratch, program, m, s);
		arena_clear(&scratch);
	}
	l->everywhere |= !any; /* in a large table, say: nobody knows for whom */
	arena_release(&scratch);
}

/* ---- does the project speak to PostgreSQL? ------------------------------------------------------- */

static bool imports_postgresql(const struct project *p, const struct import *i)
{
	static const char *const modules[] = {"psycopg",
	                                      "psycopg2",
	                                      "psycopg2cffi",
	                                      "asyncpg",
	                                      "aiopg",
	                                      "pg8000",
	                                      "sqlalchemy.dialects.postgresql"};
	struct str module = project_text(p, i->module);
	for (size_t k = 0; k < ARRAY_LEN(modules); k++)
		if (str_is(module, modules[k]) || (str_starts(module, str_of(modules[k])) &&
		                                   module.ptr[strlen(modules[k])] == '.'))
			return true;
	return str_is(module, "sqlalchemy.dialects") &&
	       str_is(project_text(p, i->name), "postgresql");
}

static bool speaks_postgresql(const struct project *p)
{
	for (name_id n = 1; n <= intern_count(p->names); n++) {
		struct str text = intern_text(p->names, n);
		if (str_starts(text, STR("postgres")) && text_scheme(text).len > 0)
			return true;
	}
	for (module_id m = 0; m < p->module_count; m++) {
		const struct module *module = project_module(p, m);
		for (uint32_t i = 0; i < module->import_count; i++)
			if (imports_postgresql(p, &module->imports[i]))
				return true;
	}
	return false;
}

bool limits_vary(const struct limits *l)
{
	return l != NULL && !l->everywhere;
}

const struct limits *limits_find(struct arena *run, const struct program *program)
{
	const struct project *p = program->project;
	struct limits *l = arena_new(run, struct limits);
	*l = (struct limits){.postgresql = speaks_postgresql(p)};
	for (name_id n = 1; n <= intern_count(p->names) && !l->named; n++)
		l->named = text_sets_idle_limit(intern_text(p->names, n));
	for (module_id m = 0; l->named && m < p->module_count && !l->everywhere; m++)
		if (names_setting(p, &p->modules[m].loaded))
			read_module(l, program, m);
	return l;
}
