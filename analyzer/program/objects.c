/*
 * objects.c - see objects.h. Every function of the modules that import a library is typed, twice: what
 * the first round finds is known to the second.
 */
#include "program/objects.h"

#include "program/bind_internal.h"
#include "program/typed.h"
#include "project/def.h"

#include <stdio.h>
#include <stdlib.h>

#define OBJECT_BASES_MAX 6 /* bases of bases in which an attribute is looked for */

struct object_table {
	struct kept_object *items; /* sorted by module, scope, name */
	size_t count;
	bool *imports; /* per module: a library, or it names a driver that it is given */
	bool *begins;  /* per module: has a text that begins a transaction */
	const struct resource_kind **used; /* pools known by use, of libraries that some module imports */
	size_t used_count;
	const char *old; /* the library whose old calls somebody uses, or NULL */
};

/* ---- imports ------------------------------------------------------------------------ */

/* `import psycopg2`, `from psycopg2 import pool`, `from sqlalchemy import create_engine`, `import *` of such. */
static bool imports_maker(const struct program *program, const struct import *import)
{
	const struct protocols *p = program->protocols;
	struct str module = project_text(program->project, import->module);
	struct str name = project_text(program->project, import->name);
	char text[256];
	if (import->name == NAME_NONE || str_is(name, "*"))
		return protocols_library(p, module);
	int n = snprintf(text, sizeof text, "%.*s.%.*s", STR_ARG(module), STR_ARG(name));
	if (n < 0 || (size_t)n >= sizeof text)
		return false;
	struct str full = {text, (size_t)n};
	static const enum maker_role roles[] = {MAKER_TYPE, MAKER_FUNCTION, MAKER_OBJECT};
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		const struct maker *m = protocols_maker(p, full, roles[i]);
		if (m != NULL && m->kind->layer != LAYER_SESSION)
			return true;
	}
	return protocols_library(p, full);
}

static bool imports_any(const struct program *program, module_id m)
{
	const struct module *module = project_module(program->project, m);
	for (uint32_t i = 0; i < module->import_count; i++) {
		if (imports_maker(program, &module->imports[i]))
			return true;
	}
	return false;
}

bool imports_library(const struct program *program, module_id m)
{
	return program->objects != NULL ? program->objects->imports[m] : imports_any(program, m);
}

bool uses_connections(const struct program *program, module_id m)
{
	return imports_library(program, m) ||
	       (program->objects != NULL && program->objects->begins[m]);
}

static struct str root_of(struct str dotted)
{
	size_t n = 0;
	while (n < dotted.len && dotted.ptr[n] != '.')
		n++;
	return str_slice(dotted, 0, n);
}

static bool imports_root(const struct project *p, module_id m, struct str root)
{
	const struct module *module = project_module(p, m);
	for (uint32_t i = 0; i < module->import_count; i++)
		if (str_eq(root_of(project_text(p, module->imports[i].module)), root))
			return true;
	return false;
}

/* Does a library make objects of this kind? Else they are known by a customary name alone, in any module. */
static bool is_of_library(const struct protocols *p, const struct resource_kind *kind)
{
	for (size_t i = 0; i < p->maker_count; i++)
		if (p->makers[i].kind == kind &&
		    (p->makers[i].role == MAKER_TYPE || p->makers[i].role == MAKER_FUNCTION))
			return true;
	return false;
}

bool imports_kind(const struct program *program, module_id m, const struct resource_kind *kind)
{
	const struct protocols *p = program->protocols;
	for (size_t i = 0; i < p->maker_count; i++) {
		bool full = p->makers[i].role == MAKER_TYPE || p->makers[i].role == MAKER_FUNCTION;
		if (full && p->makers[i].kind == kind &&
		    imports_root(program->project, m, root_of(p->makers[i].name)))
			return true;
	}
	return !is_of_library(p, kind);
}

bool project_uses(const struct program *program, const struct resource_kind *kind)
{
	const struct object_table *t = program->objects;
	for (size_t i = 0; t != NULL && i < t->used_count; i++)
		if (t->used[i] == kind)
			return true;
	return false;
}

/* ---- looking kept objects up ------------------------------------------------------------ */

static int by_place(const void *a, const void *b)
{
	const struct kept_object *x = a, *y = b;
	if (x->module != y->module)
		return x->module < y->module ? -1 : 1;
	if (x->scope != y->scope)
		return x->scope < y->scope ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name);
}

static const struct kept_object *find_kept(const struct object_table *t, module_id m,
                                           scope_id scope, name_id name)
{
	struct kept_object key = {.module = m, .scope = scope, .name = name};
	if (t == NULL || t->count == 0)
		return NULL;
	return bsearch(&key, t->items, t->count, sizeof *t->items, by_place);
}

const struct kept_object *object_in_module(const struct program *program, module_id m, name_id name)
{
	return find_kept(program->objects, m, 0, name);
}

static const struct kept_object *in_bases(struct arena *scratch, const struct program *program,
                                          module_id m, scope_id class_, name_id name, unsigned depth)
{
	const struct module *module = project_module(program->project, m);
	const struct scope *s = &module->scopes[class_];
	const struct kept_object *found = find_kept(program->objects, m, class_, name);
	for (uint32_t i = 0; found == NULL && i < s->base_count && depth < OBJECT_BASES_MAX; i++) {
		struct target base = resolve_expr(scratch, program->project, m, s->parent,
		                                  module->bases[s->first_base + i]);
		if (target_is_class(program->project, &base))
			found = in_bases(scratch, program, base.module, base.scope, name, depth + 1);
	}
	return found;
}

const struct kept_object *object_in_class(struct arena *scratch, const struct program *program,
                                          module_id m, scope_id class_, name_id name)
{
	if (program->objects == NULL || program->objects->count == 0)
		return NULL;
	return in_bases(scratch, program, m, class_, name, 0);
}

/* ---- what the project keeps ------------------------------------------------------------------ */

struct finder {
	struct arena *run, *scratch;
	struct program program; /* a copy whose table grows */
	struct object_table *table;
	struct kept_object *found; /* of this round, in source order */
	size_t count, room;
};

/* A function, and what is known of its values. */
struct typing {
	const struct function *fn;
	const struct cfg *cfg;
	name_id self;
	scope_id class_;
	struct typed typed;
};

static void add_kept(struct finder *f, struct kept_object one)
{
	if (f->count == f->room) {
		f->room = f->room == 0 ? 64 : f->room * 2;
		struct kept_object *grown = arena_array(f->run, struct kept_object, f->room);
		if (f->count > 0)
			memcpy(grown, f->found, f->count * sizeof *grown);
		f->found = grown;
	}
	f->found[f->count++] = one;
}

/* Where a place is kept: self.NAME, cls.NAME or a global NAME. False for anything else. */
static bool keeping_place(const struct typing *t, const struct place *place, struct kept_object *out)
{
	*out = (struct kept_object){.module = t->fn->module};
	if (place->step_count == 1 && place->steps[0].kind == STEP_ATTRIBUTE &&
	    place->root_kind == PLACE_LOCAL && place->root == t->self) {
		out->scope = t->class_;
		out->name = place->steps[0].name;
		return true;
	}
	out->name = place->root;
	return place->step_count == 0 && (place->root_kind == PLACE_GLOBAL || t->fn->scope == 0);
}

/* The name under which the connection of a cursor that is made here is kept, too. */
static name_id kept_receiver(const struct typing *t, ref value)
{
	struct kept_object owner;
	if (ref_kind(value) != REF_KIND_TEMP)
		return NAME_NONE;
	const struct event *made = &t->cfg->events[ref_index(value)];
	if (made->kind != EV_CALL || ref_kind(made->a) != REF_KIND_PLACE ||
	    !keeping_place(t, &t->cfg->places[ref_index(made->a)], &owner))
		return NAME_NONE;
	return owner.name;
}

static bool names_switch(const struct finder *f, const struct resource_kind *kind, name_id name)
{
	struct str text = project_text(f->program.project, name);
	for (size_t i = 0; i < kind->autocommit_count; i++)
		if (str_eq(kind->autocommit[i].name, text))
			return true;
	return false;
}

/* psycopg2.connect(dsn, autocommit=True) */
static bool is_switched(const struct finder *f, const struct typing *t, ref value,
                        const struct resource_kind *kind)
{
	if (ref_kind(value) != REF_KIND_TEMP)
		return false;
	const struct event *made = &t->cfg->events[ref_index(value)];
	for (uint32_t i = 0; made->kind == EV_CALL && i < made->arg_count; i++)
		if (names_switch(f, kind, t->cfg->args[made->first_arg + i].keyword))
			return true;
	return false;
}

/* self.conn.autocommit = True: noted as an entry of its own that has no kind. */
static void note_switch(struct finder *f, const struct typing *t, const struct place *place)
{
	struct kept_object one;
	struct place object = *place;
	if (place->step_count == 0 || place->steps[place->step_count - 1].kind != STEP_ATTRIBUTE)
		return;
	struct str name = project_text(f->program.project, place->steps[place->step_count - 1].name);
	object.step_count--;
	if ((str_is(name, "autocommit") || str_is(name, "isolation_level")) &&
	    keeping_place(t, &object, &one)) {
		one.autocommit = true;
		add_kept(f, one);
	}
}

/* The def that makes what is unpacked: `self.conn, self.cur = self.db.connect()`; and the attribute of its object. */
static struct target unpacked_maker(const struct finder *f, const struct typing *t, ref made,
                                    name_id *object)
{
	const struct project *p = f->program.project;
	const struct event *e = ref_kind(made) == REF_KIND_TEMP ? &t->cfg->events[ref_index(made)]
	                                                        : NULL;
	if (e == NULL || e->kind != EV_CALL || ref_kind(e->a) != REF_KIND_PLACE)
		return (struct target){.kind = TARGET_UNKNOWN};
	struct str path = place_path(f->scratch, p, &t->cfg->places[ref_index(e->a)]);
	struct kept_object of;
	if (path.len == 0)
		return (struct target){.kind = TARGET_UNKNOWN};
	if (e->name != NAME_NONE) {
		path = dotted_under(f->scratch, path, project_text(p, e->name));
		if (keeping_place(t, &t->cfg->places[ref_index(e->a)], &of))
			*object = of.name;
	}
	return resolve(f->scratch, p, t->fn->module, t->fn->scope, path);
}

/* What an EV_ASSIGN stores; 'lender' is the object whose method made it as one of several things. */
static const struct resource_kind *stored_kind(const struct finder *f, const struct typing *t,
                                               const struct event *e, name_id *lender)
{
	*lender = NAME_NONE;
	if (e->index == 0 || event_stored(t->cfg, e) != REF_NONE)
		return typed_kind(&t->typed, event_stored(t->cfg, e));
	struct target maker = unpacked_maker(f, t, e->b, lender);
	return maker.kind == TARGET_SCOPE && (e->flags & EVF_STAR) == 0
	               ? kind_returned(f->scratch, &f->program, maker.module, maker.scope, e->index)
	               : NULL;
}

/* The name under which the connection is kept that is unpacked beside its cursor. */
static name_id unpacked_beside(const struct finder *f, const struct typing *t,
                               const struct event *cursor, const struct resource_kind *kind)
{
	for (uint32_t i = 0; i < t->cfg->event_count; i++) {
		const struct event *e = &t->cfg->events[i];
		struct kept_object one;
		name_id lender;
		if (e->kind == EV_ASSIGN && e->b == cursor->b && e->index != 0 &&
		    ref_kind(e->a) == REF_KIND_PLACE &&
		    keeping_place(t, &t->cfg->places[ref_index(e->a)], &one) &&
		    stored_kind(f, t, e, &lender) == kind->view_of)
			return one.name;
	}
	return NAME_NONE;
}

static void note_store(struct finder *f, const struct typing *t, const struct event *e)
{
	struct kept_object one;
	const struct place *to = &t->cfg->places[ref_index(e->a)];
	name_id lender;
	note_switch(f, t, to);
	if (!keeping_place(t, to, &one))
		return;
	const struct resource_kind *kind = stored_kind(f, t, e, &lender);
	if (kind == NULL)
		return;
	one.lender = lender;
	struct str in = project_text(
		f->program.project,
		project_scope(f->program.project, t->fn->module, t->fn->scope)->name);
	one.kind = kind;
	if (kind->view_of != NULL)
		one.of = e->index == 0 ? kept_receiver(t, e->b) : unpacked_beside(f, t, e, kind);
	one.autocommit = is_switched(f, t, e->b, kind);
	one.renewed = t->fn->scope != 0 && !str_is(in, "__init__");
	add_kept(f, one);
}

/* self.conn.set_session(autocommit=True), set_isolation_level(..) */
static void note_switching_call(struct finder *f, const struct typing *t, const struct event *e)
{
	struct kept_object one;
	struct str name = project_text(f->program.project, e->name);
	if (e->name != NAME_NONE && ref_kind(e->a) == REF_KIND_PLACE &&
	    (str_is(name, "set_session") || str_is(name, "set_autocommit") ||
	     str_is(name, "set_isolation_level") || str_is(name, "autocommit")) &&
	    keeping_place(t, &t->cfg->places[ref_index(e->a)], &one)) {
		one.autocommit = true;
		add_kept(f, one);
	}
}

bool objects_are_old(const struct program *program, module_id m, const struct resource_kind *kind)
{
	const struct framework_versions *v = &program->versions;
	for (size_t i = 0; i < v->aged_count && kind->old_package != NULL; i++)
		if (strcmp(v->aged[i].name, kind->old_package) == 0 &&
		    v->aged[i].ages[m] != PACKAGE_UNKNOWN)
			return v->aged[i].ages[m] == PACKAGE_OLD;
	return program->objects != NULL && program->objects->old != NULL &&
	       strcmp(program->objects->old, kind->library) == 0;
}

/* engine.execute(..): the project runs on a version that has it. */
static void note_old_call(struct finder *f, const struct typing *t, const struct event *e)
{
	const struct resource_kind *kind = typed_kind(&t->typed, e->a);
	struct str name = project_text(f->program.project, e->name);
	for (size_t i = 0; kind != NULL && i < kind->old_call_count; i++)
		if (str_eq(kind->old_calls[i], name))
			f->table->old = kind->library;
}

static void read_scope(struct finder *f, module_id m, scope_id scope)
{
	const struct project *p = f->program.project;
	struct function fn = {.module = m, .scope = scope};
	struct typing t = {.fn = &fn,
	                   .cfg = &fn.cfg,
	                   .self = def_self(p, m, scope),
	                   .class_ = def_class(p, m, scope)};
	if (!record_cfg(f->scratch, &p->modules[m].loaded, scope, &fn.cfg))
		return;
	typed_find(f->scratch, &f->program, &fn, NULL, &t.typed);
	for (uint32_t i = 0; i < fn.cfg.event_count; i++) {
		const struct event *e = &fn.cfg.events[i];
		if (e->kind == EV_CALL) {
			note_switching_call(f, &t, e);
			note_old_call(f, &t, e);
		}
		if (e->kind == EV_ASSIGN && ref_kind(e->a) == REF_KIND_PLACE)
			note_store(f, &t, e);
	}
}

/* `pool: asyncpg.Pool`, `engine: Engine | None = None` in a class or module body. */
static void read_bindings(struct finder *f, module_id m)
{
	const struct module *module = project_module(f->program.project, m);
	for (uint32_t i = 0; i < module->binding_count; i++) {
		const struct binding *b = &module->bindings[i];
		const struct resource_kind *kind = kind_of_annotation(f->scratch, &f->program, m,
		                                                      b->scope, b->annotation);
		if (kind != NULL && kind->layer != LAYER_SESSION &&
		    (b->scope == 0 || module->scopes[b->scope].kind == SCOPE_CLASS))
			add_kept(f, (struct kept_object){.module = m,
			                                 .scope = b->scope,
			                                 .name = b->name,
			                                 .kind = kind});
	}
}

/* One entry a place: the first kind that was seen, and every flag. Entries without a kind are flags only. */
static void unite(struct finder *f)
{
	size_t kept = 0;
	if (f->count > 1)
		qsort(f->found, f->count, sizeof *f->found, by_place);
	for (size_t i = 0; i < f->count; i++) {
		struct kept_object *last = kept > 0 ? &f->found[kept - 1] : NULL;
		if (last == NULL || by_place(last, &f->found[i]) != 0) {
			f->found[kept++] = f->found[i];
			continue;
		}
		if (last->kind == NULL ||
		    (f->found[i].kind != NULL && strcmp(f->found[i].kind->id, last->kind->id) < 0)) {
			last->kind = f->found[i].kind != NULL ? f->found[i].kind : last->kind;
			last->of = f->found[i].of;
		}
		last->autocommit |= f->found[i].autocommit;
		last->renewed |= f->found[i].renewed;
		if (last->lender == NAME_NONE)
			last->lender = f->found[i].lender;
	}
	f->count = kept;
	f->table->items = f->found;
	f->table->count = kept;
}

static void read_modules(struct finder *f)
{
	f->found = NULL;
	f->count = f->room = 0;
	for (module_id m = 0; m < f->program.project->module_count; m++) {
		const struct module *module = project_module(f->program.project, m);
		if (!f->table->imports[m])
			continue;
		read_bindings(f, m);
		for (scope_id s = 0; s < module->scope_count; s++) {
			if (s == 0 || module->scopes[s].kind == SCOPE_FUNCTION)
				read_scope(f, m, s);
			arena_clear(f->scratch);
		}
	}
	unite(f);
}

enum { NAME_BEGINS = 1, NAME_DRIVER = 2 };

/* `dbapi2`: a driver's module that is handed round. */
static bool is_driver(const struct protocols *p, struct str name)
{
	const struct resource_kind *kind = protocols_customary(p, name, STR("connect"));
	return kind != NULL && !is_of_library(p, kind);
}

/* Which names of the project are texts that begin a transaction, and which are customary for drivers. */
static uint8_t *telling_names(struct arena *scratch, const struct program *program)
{
	const struct project *p = program->project;
	uint8_t *telling = arena_array(scratch, uint8_t, intern_count(p->names) + 1);
	for (name_id name = 1; name <= intern_count(p->names); name++) {
		struct str text = project_text(p, name);
		if (text.len >= 5 && text.ptr[0] != 0 && strchr("bBsS \n\t", text.ptr[0]) != NULL &&
		    sql_of_text(text) == SQL_BEGIN)
			telling[name] |= NAME_BEGINS;
		if (is_driver(program->protocols, text))
			telling[name] |= NAME_DRIVER;
	}
	return telling;
}

static void find_telling(struct finder *f)
{
	const struct project *p = f->program.project;
	const uint8_t *telling = telling_names(f->scratch, &f->program);
	f->table->begins = arena_array(f->run, bool, p->module_count);
	for (module_id m = 0; m < p->module_count; m++)
		for (uint32_t i = 1; i <= p->modules[m].loaded.name_count; i++) {
			uint8_t told = telling[p->modules[m].loaded.names[i]];
			f->table->begins[m] |= (told & NAME_BEGINS) != 0;
			f->table->imports[m] |= (told & NAME_DRIVER) != 0;
		}
	arena_clear(f->scratch);
}

/* The pools that are known by their use, if their library is imported anywhere. */
static void find_used(struct finder *f)
{
	const struct protocols *p = f->program.protocols;
	f->table->used = arena_array(f->run, const struct resource_kind *, p->maker_count);
	for (size_t i = 0; i < p->maker_count; i++) {
		bool imported = false;
		for (module_id m = 0; p->makers[i].role == MAKER_BY_USE && !imported &&
		                      m < f->program.project->module_count;
		     m++)
			imported = f->table->imports[m] &&
			           imports_kind(&f->program, m, p->makers[i].kind);
		if (imported)
			f->table->used[f->table->used_count++] = p->makers[i].kind;
	}
}

const struct object_table *objects_find(struct arena *run, const struct program *program)
{
	struct arena scratch;
	arena_init(&scratch);
	struct finder f = {.run = run, .scratch = &scratch, .program = *program};
	f.table = arena_new(run, struct object_table);
	f.table->imports = arena_array(run, bool, program->project->module_count);
	for (module_id m = 0; m < program->project->module_count; m++)
		f.table->imports[m] = imports_any(program, m);
	find_telling(&f);
	find_used(&f);
	f.program.objects = NULL;
	read_modules(&f);
	f.program.objects = f.table; /* once more: self.conn = self.pool.getconn() */
	read_modules(&f);
	arena_release(&scratch);
	return f.table;
}
