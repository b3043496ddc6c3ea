/*
 * bind_connections.c - what lies below sessions in one function: engines, pools and connections that it
 * makes, and connections of its module, object or caller that it uses. What SQL texts
 * do to a transaction is read here too.
 */
#include "program/bind_internal.h"

#include <ctype.h>

/* ---- SQL -------------------------------------------------------------------------- */

struct words {
	struct str rest;
};

/* The next word, without what separates words; empty at the end or before a `;`. */
static struct str next_word(struct words *w)
{
	size_t i = 0, n;
	while (i < w->rest.len && isspace((unsigned char)w->rest.ptr[i]))
		i++;
	for (n = i;
	     n < w->rest.len && (isalnum((unsigned char)w->rest.ptr[n]) || w->rest.ptr[n] == '_');)
		n++;
	struct str word = str_slice(w->rest, i, n);
	w->rest = str_slice(w->rest, n, w->rest.len);
	return word;
}

static bool word_is(struct str word, const char *wanted)
{
	size_t n = strlen(wanted);
	if (word.len != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (toupper((unsigned char)word.ptr[i]) != wanted[i])
			return false;
	return true;
}

static bool is_one_of(struct str word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (word_is(word, words[i]))
			return true;
	return false;
}

/* BEGIN of a transaction; `BEGIN SELECT ..` is the body of a procedure. */
static bool begins_transaction(struct words *w)
{
	static const char *const after[] = {"TRANSACTION", "TRAN",      "WORK",      "DEFERRED",
	                                    "IMMEDIATE",   "EXCLUSIVE", "ISOLATION", "READ",
	                                    "NOT",         "CONCURRENT"};
	struct str word = next_word(w);
	return word.len == 0 || is_one_of(word, after, ARRAY_LEN(after));
}

static enum sql sql_of_one(struct str statement)
{
	static const char *const writing[] = {"INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE"};
	static const char *const reading[] = {"SELECT", "WITH", "SHOW", "VALUES", "EXPLAIN"};
	struct words w = {statement};
	struct str first = next_word(&w);
	if (word_is(first, "BEGIN"))
		return begins_transaction(&w) ? SQL_BEGIN : SQL_OTHER;
	if (word_is(first, "START"))
		return word_is(next_word(&w), "TRANSACTION") ? SQL_BEGIN : SQL_OTHER;
	if (word_is(first, "COMMIT") || word_is(first, "END"))
		return SQL_COMMIT;
	if (word_is(first, "ROLLBACK") || word_is(first, "ABORT")) {
		struct str to = next_word(&w);
		if (word_is(to, "WORK") || word_is(to, "TRANSACTION"))
			to = next_word(&w);
		return word_is(to, "TO") ? SQL_OTHER : SQL_ROLLBACK;
	}
	if (is_one_of(first, writing, ARRAY_LEN(writing)))
		return SQL_WRITE;
	if (is_one_of(first, reading, ARRAY_LEN(reading)))
		return SQL_READ;
	return first.len == 0 ? SQL_UNKNOWN : SQL_OTHER;
}

/* Of several statements in one text what they come to: the last that begins or ends, else the first. */
enum sql sql_of_text(struct str text)
{
	enum sql all = SQL_UNKNOWN;
	while (text.len > 0) {
		size_t n = 0;
		while (n < text.len && text.ptr[n] != ';')
			n++;
		enum sql one = sql_of_one(str_slice(text, 0, n));
		if (one >= SQL_BEGIN || all == SQL_UNKNOWN)
			all = one;
		text = str_slice(text, n < text.len ? n + 1 : n, text.len);
	}
	return all;
}

#define SQL_DEPTH_MAX 4 /* names and calls between a text and where it is run */

static enum sql sql_of_ref(const struct binder *b, ref r, unsigned depth);

/* A constant of the module: LOCK_SQL = "BEGIN IMMEDIATE". */
static enum sql sql_of_place(const struct binder *b, uint32_t index, unsigned depth)
{
	const struct place *place = &b->cfg->places[index];
	if (place->root_kind == PLACE_LOCAL && place->step_count == 0 && b->stored[index] != REF_NONE)
		return sql_of_ref(b, b->stored[index], depth + 1);
	struct str path = place_path(b->scratch, b->project, place);
	if (path.len == 0 || place->root_kind == PLACE_LOCAL)
		return SQL_UNKNOWN;
	struct target t = resolve(b->scratch, b->project, b->fn->module, b->fn->scope, path);
	if (t.kind != TARGET_BINDING)
		return SQL_UNKNOWN;
	const struct module *m = project_module(b->project, t.module);
	expr_id value = m->bindings[t.binding].value;
	if (value == EXPR_NONE)
		return SQL_UNKNOWN;
	if (m->exprs[value].kind == EXPR_CALL && value + 2 < m->exprs[value].next)
		value = m->exprs[value + 1].next; /* text("BEGIN") */
	return m->exprs[value].kind == EXPR_TEXT
	               ? sql_of_text(project_text(b->project, m->exprs[value].text))
	               : SQL_UNKNOWN;
}

static enum sql sql_of_event(const struct binder *b, const struct event *e, unsigned depth)
{
	bool call = e->kind == EV_CALL && (call_is(b, e, "text") || call_is(b, e, "SQL"));
	enum sql all = SQL_UNKNOWN;
	if (e->arg_count == 0)
		return SQL_UNKNOWN;
	if (call || (e->kind == EV_BUILD && (e->op == BUILD_STRING || e->op == BUILD_OPERATION)))
		return sql_of_ref(b, b->cfg->args[e->first_arg].value, depth + 1);
	for (uint32_t i = 0; e->kind == EV_BUILD && e->op == BUILD_CHOICE && i < e->arg_count; i++) {
		enum sql one = sql_of_ref(b, b->cfg->args[e->first_arg + i].value, depth + 1);
		all = i == 0 || one == all ? one : SQL_UNKNOWN;
	}
	return all;
}

static enum sql sql_of_ref(const struct binder *b, ref r, unsigned depth)
{
	if (depth > SQL_DEPTH_MAX)
		return SQL_UNKNOWN;
	switch (ref_kind(r)) {
	case REF_KIND_TEXT: return sql_of_text(project_text(b->project, ref_index(r)));
	case REF_KIND_PLACE: return sql_of_place(b, ref_index(r), depth);
	case REF_KIND_TEMP: return sql_of_event(b, &b->cfg->events[ref_index(r)], depth);
	case REF_KIND_NONE:
	case REF_KIND_CONST: break;
	}
	return SQL_UNKNOWN;
}

enum sql sql_of_call(const struct binder *b, const struct event *e)
{
	return e->arg_count == 0 ? SQL_UNKNOWN : sql_of_ref(b, b->cfg->args[e->first_arg].value, 0);
}

/* ---- calls --------------------------------------------------------------------------- */

const struct method *called_method(const struct binder *b, const struct event *e,
                                   const struct resource_kind *receiver)
{
	return e->name == NAME_NONE || receiver == NULL
	               ? NULL
	               : kind_method(receiver, project_text(b->project, e->name));
}

static struct effect effect_of_sql(enum sql sql, enum begins begins)
{
	static const struct effect nothing = {DO_NOTHING, DO_NOTHING};
	static const struct effect statement = {DO_STATEMENT, DO_MAY_FAIL};
	switch (sql) {
	case SQL_BEGIN: return (struct effect){DO_STATEMENT, DO_NOTHING};
	case SQL_COMMIT: return (struct effect){DO_COMMIT, DO_FAIL};
	case SQL_ROLLBACK: return (struct effect){DO_ROLLBACK, DO_ROLLBACK};
	case SQL_WRITE: return begins == BEGINS_EXPLICITLY ? nothing : statement;
	case SQL_UNKNOWN:
	case SQL_READ:
	case SQL_OTHER: break;
	}
	return begins == BEGINS_STATEMENT ? statement : nothing;
}

/* session.merge(row, load=False): a copy of what is there, without a word to the server. */
static bool loads_nothing(const struct binder *b, const struct event *e)
{
	for (uint32_t i = 0; i < e->arg_count && call_is(b, e, "merge"); i++) {
		const struct arg *arg = &b->cfg->args[e->first_arg + i];
		if (arg->keyword != NAME_NONE && arg->value == REF_CONST(CONST_FALSE) &&
		    str_is(project_text(b->project, arg->keyword), "load"))
			return true;
	}
	return false;
}

struct effect effect_of_call(const struct binder *b, const struct event *e,
                             const struct resource_kind *receiver)
{
	const struct method *m = called_method(b, e, receiver);
	if (m == NULL)
		return receiver->any_other;
	if (loads_nothing(b, e))
		return (struct effect){DO_NOTHING, DO_NOTHING};
	if (m->reads_sql)
		return effect_of_sql(sql_of_call(b, e), receiver->begins);
	/* what may fail is a statement, and not every driver begins with one; BEGIN itself is no such */
	if (receiver->layer == LAYER_CONNECTION && m->effect.raised == DO_MAY_FAIL &&
	    receiver->begins != BEGINS_STATEMENT)
		return (struct effect){DO_NOTHING, DO_NOTHING};
	return m->effect;
}

bool is_borrower(const struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	return protocols_borrower(b->program->protocols, b->targets[event].dotted) ||
	       (e->name != NAME_NONE &&
	        protocols_borrower(b->program->protocols,
	                           arena_printf(b->scratch, ".%.*s",
	                                        STR_ARG(project_text(b->project, e->name)))));
}

/* ---- made here ------------------------------------------------------------------------- */

/* get_conn(): a connection that is kept somewhere; its transactions are begun and ended here. */
static bool is_shared(const struct thing *callee)
{
	return callee->kind == THING_PROVIDER && callee->provider != NULL &&
	       callee->provider->shared && callee->resource != NULL &&
	       callee->resource->layer == LAYER_CONNECTION;
}

/*
 * `manager = engine.begin()`: a context manager that takes a connection when it is entered, and a statement of its
 * own takes none.
 */
static bool is_not_entered(const struct binder *b, uint32_t event)
{
	if (!call_is(b, &b->cfg->events[event], "begin"))
		return false;
	for (uint32_t i = event + 1; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->a == REF_TEMP(event) && (e->kind == EV_ENTER || e->kind == EV_AWAIT))
			return false;
		for (uint32_t k = 0; e->kind == EV_CALL && k < e->arg_count; k++)
			if (b->cfg->args[e->first_arg + k].value == REF_TEMP(event))
				return false;
	}
	return true;
}

static void find_given(struct binder *b)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		const struct resource_kind *kind = b->typed.temps[i];
		if (is_shared(&b->callees[i]) && b->acquired[i] == 0)
			acquire_at(b, i, b->callees[i].resource, ORIGIN_KEPT, NULL, STR_EMPTY);
		if (e->kind != EV_CALL || e->name == NAME_NONE || kind == NULL ||
		    b->callees[i].kind != THING_NONE || b->acquired[i] != 0 ||
		    kind->view_of != NULL || kind == typed_kind(&b->typed, e->a) ||
		    (typed_kind(&b->typed, e->a) != NULL &&
		     typed_kind(&b->typed, e->a)->layer == LAYER_ENGINE && is_not_entered(b, i)))
			continue;
		acquire_at(b, i, kind, ORIGIN_FACTORY, NULL,
		           call_path(b->scratch, b->project, b->cfg, e));
	}
}

/* ---- kept elsewhere ---------------------------------------------------------------------- */

/* Is it the same connection, or a cursor of the same? */
static bool is_same_kept(const struct kept_object *x, const struct kept_object *y)
{
	if (x == NULL || y == NULL || x->module != y->module || x->scope != y->scope)
		return false;
	name_id of_x = x->of != NAME_NONE ? x->of : x->name;
	name_id of_y = y->of != NAME_NONE ? y->of : y->name;
	return of_x == of_y;
}

/* Resource + 1 of the kept connection that the place has, or whose cursor it has; 0 when it is none yet. */
static uint16_t resource_kept(const struct binder *b, uint32_t place)
{
	for (uint32_t r = 0; r < b->resource_count; r++)
		if (is_same_kept(b->resources[r].kept, b->typed.kept[place]))
			return (uint16_t)(r + 1);
	return 0;
}

/* A cursor's connection is called as it is kept beside it. */
static struct str kept_name(const struct binder *b, uint32_t place)
{
	const struct kept_object *kept = b->typed.kept[place];
	struct place named = b->cfg->places[place];
	if (kept != NULL && kept->of != NAME_NONE && named.step_count > 0)
		named.steps[named.step_count - 1].name = kept->of;
	return place_path(b->scratch, b->project, &named);
}

static uint32_t add_kept_resource(struct binder *b, uint32_t place,
                                  const struct resource_kind *kind, struct span span)
{
	return add_resource(b,
	                    (struct resource){
				    .kind = kind_itself(kind),
				    .origin = ORIGIN_KEPT,
				    .name = kept_name(b, place),
				    .event = EVENT_NONE,
				    .param = UINT32_MAX,
				    .span = span,
				    .kept = b->typed.kept[place],
			    },
	                    UINT32_MAX);
}

/* A connection that the caller, the object or the module has, and a statement runs on here. */
static void add_kept(struct binder *b, uint32_t place, struct span span)
{
	const struct resource_kind *kind = b->typed.places[place];
	if (kind == NULL || kind->layer != LAYER_CONNECTION || b->stands_for[place] != 0 ||
	    b->assigned[place] || b->fn->lent != NULL)
		return;
	for (uint32_t r = 0; r < b->resource_count; r++)
		if (b->entry_places[r] == place + 1)
			return; /* lent: it is one already */
	b->stands_for[place] = resource_kept(b, place);
	if (b->stands_for[place] != 0)
		return;
	uint32_t r = add_kept_resource(b, place, kind, span);
	if (r < RESOURCES_MAX)
		b->stands_for[place] = (uint16_t)(r + 1);
}

/* release(self.conn): where it is only passed on it is the one on whose cursor a statement has run. */
static void join_kept(struct binder *b)
{
	for (uint32_t i = 0; i < b->cfg->place_count; i++)
		if (b->typed.kept[i] != NULL && b->stands_for[i] == 0 && !b->assigned[i])
			b->stands_for[i] = resource_kept(b, i);
}

static void find_kept(struct binder *b)
{
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		if (e->kind == EV_CALL && e->name != NAME_NONE && ref_kind(e->a) == REF_KIND_PLACE)
			add_kept(b, ref_index(e->a), e->span);
	}
	join_kept(b);
}

/* ---- known by its use ----------------------------------------------------------------------- */

/* The connection behind `cur` or `conn.cursor()`, when that is a call of cursor(); else the place itself. */
static ref connection_behind(const struct binder *b, ref r)
{
	uint32_t made = EVENT_NONE;
	if (ref_kind(r) == REF_KIND_TEMP)
		made = ref_index(r);
	else if (ref_kind(r) == REF_KIND_PLACE)
		made = maker_of_local(b, r);
	if (made != EVENT_NONE && b->cfg->events[made].kind == EV_ENTER)
		r = b->cfg->events[made].a;
	if (made != EVENT_NONE && ref_kind(r) == REF_KIND_TEMP)
		made = ref_index(r);
	if (made != EVENT_NONE && b->cfg->events[made].kind == EV_CALL &&
	    call_is(b, &b->cfg->events[made], "cursor"))
		return b->cfg->events[made].a;
	return r;
}

/* Something on which BEGIN is executed is a connection, whatever made it. */
static void find_by_use(struct binder *b)
{
	const struct resource_kind *kind = protocols_kind(b->program->protocols,
	                                                  "unknown-connection");
	for (uint32_t i = 0; kind != NULL && i < b->cfg->event_count; i++) {
		const struct event *e = &b->cfg->events[i];
		const struct method *m = e->kind == EV_CALL ? called_method(b, e, kind) : NULL;
		if (m == NULL || !m->reads_sql || b->fn->lent != NULL ||
		    typed_kind(&b->typed, e->a) != NULL || sql_of_call(b, e) != SQL_BEGIN)
			continue;
		ref base = connection_behind(b, e->a);
		if (ref_kind(base) != REF_KIND_PLACE || typed_kind(&b->typed, base) != NULL ||
		    b->stands_for[ref_index(base)] != 0)
			continue;
		uint32_t made = maker_of_local(b, base);
		b->typed.places[ref_index(base)] = kind;
		if (!b->assigned[ref_index(base)])
			add_kept(b, ref_index(base), e->span);
		else if (made != EVENT_NONE && b->acquired[made] == 0 &&
		         (b->cfg->events[made].kind == EV_CALL ||
		          b->cfg->events[made].kind == EV_AWAIT))
			acquire_at(b, made, kind, ORIGIN_KEPT, NULL, STR_EMPTY);
	}
}

void find_connections(struct binder *b)
{
	typed_find(b->scratch, b->program, b->fn, b->callees, &b->typed);
	find_given(b);
	find_called(b);
	find_kept(b);
	find_by_use(b);
}
