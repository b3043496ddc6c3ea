/*
 * scopes.c - one walk over the nodes in preorder with a stack of the scopes
 * that are open. A function's defaults, decorators and annotations belong to
 * the scope around it, so a scope opens at its body.
 */
#include "flow/scopes.h"

#include <stb/stb_ds.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* A scope whose node has been met; it is open from its body on. */
struct open_scope {
	uint32_t node, body, end; /* indices of nodes */
	uint32_t decorated;
	scope_id outer;
	scope_id scope; /* SCOPE_NONE until it is open */
};

struct collect {
	struct scopes *s;
	const struct ast *a;
	scope_id current;
	uint32_t decorated, definition; /* the last AST_DECORATED and what it decorates */
};

void scopes_release(struct scopes *s)
{
	arrfree(s->scopes);
	arrfree(s->bound);
	arrfree(s->of_node);
	arrfree(s->open);
	arrfree(s->last_bound_in);
}

bool scopes_is_target_list(enum ast_kind kind)
{
	return kind == AST_TUPLE || kind == AST_LIST || kind == AST_STAR || kind == AST_ERROR;
}

/* ---- binding ---------------------------------------------------------------- */

static void bind(struct collect *c, scope_id scope, name_id name, enum bound_as as)
{
	struct scopes *s = c->s;
	struct scope_node *to = &s->scopes[scope];

	if (name == NAME_NONE)
		return;
	if (as == BOUND_LOCAL) {
		if (s->last_bound_in[name] == scope + 1)
			return;
		s->last_bound_in[name] = scope + 1;
	}
	uint32_t at = (uint32_t)arrlenu(s->bound);
	struct bound_name b = {name, UINT32_MAX, as};
	arrput(s->bound, b);
	if (to->first_bound == UINT32_MAX)
		to->first_bound = at;
	else
		s->bound[to->last_bound].next = at;
	to->last_bound = at;
}

/* Binds the names of an assignment target; x.a and x[i] bind nothing. */
static void bind_target(struct collect *c, uint32_t target, enum bound_as as)
{
	const struct ast_node *nodes = c->a->nodes;
	uint32_t end = nodes[target].next;

	for (uint32_t k = target; target != 0 && k < end;) {
		if (nodes[k].kind == AST_NAME)
			bind(c, c->current, nodes[k].name, as);
		k = scopes_is_target_list((enum ast_kind)nodes[k].kind) ? k + 1 : nodes[k].next;
	}
}

static void bind_children(struct collect *c, uint32_t i, enum bound_as as)
{
	const struct ast_node *nodes = c->a->nodes;

	for (uint32_t k = i + 1; k < nodes[i].next; k = nodes[k].next)
		if (nodes[k].kind == AST_NAME)
			bind(c, c->current, nodes[k].name, as);
}

/* `import a.b` binds a. */
static name_id first_part(const struct ast *a, name_id dotted)
{
	struct str s = intern_text(a->names, dotted);
	const char *dot = memchr(s.ptr, '.', s.len);

	return dot == NULL ? dotted : intern(a->names, str_slice(s, 0, (size_t)(dot - s.ptr)));
}

static void bind_imports(struct collect *c, uint32_t i)
{
	const struct ast_node *nodes = c->a->nodes;
	bool module_seen = nodes[i].kind != AST_IMPORT_FROM;

	for (uint32_t k = i + 1; k < nodes[i].next; k = nodes[k].next) {
		if (nodes[k].kind == AST_ALIASED_IMPORT) {
			uint32_t alias = ast_find(c->a, k, AST_NAME);
			if (alias != 0)
				bind(c, c->current, nodes[alias].name, BOUND_LOCAL);
		} else if (nodes[k].kind == AST_DOTTED_NAME) {
			if (module_seen)
				bind(c, c->current, first_part(c->a, nodes[k].name), BOUND_LOCAL);
			module_seen = true;
		}
	}
}

/* Names that the patterns of a case capture: `case C(x, y=z) as w, *rest`. */
static void bind_case(struct collect *c, uint32_t i)
{
	const struct ast_node *nodes = c->a->nodes;
	uint32_t class_name = 0;

	for (uint32_t k = i + 1; k < nodes[i].next; k++) {
		enum ast_kind kind = (enum ast_kind)nodes[k].kind;
		if (kind == AST_IF_CLAUSE || kind == AST_BLOCK)
			return; /* the walk comes there by itself */
		if (kind == AST_CLASS_PATTERN)
			class_name = k + 1;
		if (kind == AST_KEYWORD_PATTERN)
			k++; /* the keyword is no capture */
		else if ((kind == AST_DOTTED_NAME && k != class_name &&
		          memchr(intern_text(c->a->names, nodes[k].name).ptr, '.',
		                 intern_text(c->a->names, nodes[k].name).len) == NULL) ||
		         kind == AST_NAME)
			bind(c, c->current, nodes[k].name, BOUND_LOCAL);
	}
}

/* The first name of a parameter or type parameter: x, *x, x: T, x=1. */
static name_id parameter_name(const struct ast *a, uint32_t i)
{
	const struct ast_node *nodes = a->nodes;

	for (uint32_t k = i; k < nodes[i].next; k++)
		if (nodes[k].kind == AST_NAME)
			return nodes[k].name;
	return NAME_NONE;
}

static void bind_parameters(struct collect *c, scope_id scope, uint32_t list)
{
	const struct ast_node *nodes = c->a->nodes;

	for (uint32_t k = list + 1; list != 0 && k < nodes[list].next; k = nodes[k].next) {
		uint32_t tuple = nodes[k].kind == AST_TUPLE ? k : 0; /* Python 2 */
		for (uint32_t n = tuple; tuple != 0 && n < nodes[tuple].next; n++)
			if (nodes[n].kind == AST_NAME)
				bind(c, scope, nodes[n].name, BOUND_LOCAL);
		if (tuple == 0)
			bind(c, scope, parameter_name(c->a, k), BOUND_LOCAL);
	}
}

/* ---- scopes ------------------------------------------------------------------- */

static uint64_t mix(uint64_t h, uint64_t value)
{
	h = (h ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ (h >> 29);
}

static enum scope_kind scope_kind_of(enum ast_kind kind)
{
	switch (kind) {
	case AST_FUNCTION: return SCOPE_FUNCTION;
	case AST_LAMBDA: return SCOPE_LAMBDA;
	case AST_CLASS: return SCOPE_CLASS;
	default: return SCOPE_MODULE;
	}
}

/* Only a docstring, `...`, pass or raise. */
static bool is_stub(const struct ast *a, uint32_t body)
{
	const struct ast_node *nodes = a->nodes;

	for (uint32_t k = body + 1; k < nodes[body].next; k = nodes[k].next) {
		enum ast_kind kind = (enum ast_kind)nodes[k].kind;
		if (kind == AST_PASS || kind == AST_RAISE)
			continue;
		if (kind != AST_EXPRESSION ||
		    (nodes[k + 1].kind != AST_STRING && nodes[k + 1].kind != AST_ELLIPSIS))
			return false;
	}
	return true;
}

static void open_scope(struct collect *c, struct open_scope *o)
{
	const struct ast_node *n = &c->a->nodes[o->node];
	struct scope_node made = {.kind = scope_kind_of((enum ast_kind)n->kind),
	                          .parent = o->outer,
	                          .node = o->node,
	                          .body = o->body,
	                          .decorated = o->decorated,
	                          .first_bound = UINT32_MAX};

	if (n->flags & AST_ASYNC)
		made.flags |= SCOPE_ASYNC;
	if (made.kind == SCOPE_FUNCTION && is_stub(c->a, o->body))
		made.flags |= SCOPE_STUB;
	o->scope = (scope_id)arrlenu(c->s->scopes);
	c->s->of_node[o->node] = o->scope;
	arrput(c->s->scopes, made);
	c->current = o->scope;
	if (made.kind != SCOPE_MODULE) {
		bind_parameters(c, o->scope, ast_find(c->a, o->node, AST_TYPE_PARAMETERS));
		bind_parameters(c, o->scope, ast_find(c->a, o->node, AST_PARAMETERS));
	}
}

/* A syntax error in a function spoils the functions around it too; classes and modules go on. */
static void mark_broken(struct collect *c)
{
	struct scope_node *scopes = c->s->scopes;

	for (scope_id s = c->current; s != SCOPE_NONE; s = scopes[s].parent) {
		if (scopes[s].flags & SCOPE_BROKEN)
			return;
		scopes[s].flags |= SCOPE_BROKEN;
		if (scopes[s].kind == SCOPE_CLASS || scopes[s].kind == SCOPE_MODULE)
			return;
	}
}

static void close_scope(struct collect *c)
{
	struct open_scope o = arrpop(c->s->open);

	if (o.scope == SCOPE_NONE)
		return;
	c->current = o.outer;
	if (o.outer != SCOPE_NONE) {
		struct scope_node *outer = &c->s->scopes[o.outer];
		outer->hash = mix(outer->hash, c->s->scopes[o.scope].hash);
	}
}

/* Of a node's text without that of its children, so that nested f-strings are read once. */
static uint64_t own_text_hash(const struct ast *a, const struct ast_node *n)
{
	uint32_t at = n->start, i = (uint32_t)(n - a->nodes);
	uint64_t hash = 0;

	for (uint32_t k = i + 1; k < n->next && a->nodes[k].start >= at; k = a->nodes[k].next) {
		hash = XXH3_64bits_withSeed(a->text.ptr + at, a->nodes[k].start - at, hash);
		at = a->nodes[k].end;
	}
	return XXH3_64bits_withSeed(a->text.ptr + at, n->end - at, hash);
}

static void add_hash(struct collect *c, const struct ast_node *n)
{
	uint64_t *hash = &c->s->scopes[c->current].hash;
	uint64_t head = n->kind | (uint64_t)n->lead << 8 | (uint64_t)n->flags << 16;

	switch ((enum ast_kind)n->kind) {
	case AST_NAME:
	case AST_DOTTED_NAME:
	case AST_NUMBER:
	case AST_STRING:
	case AST_COMPLEX_PATTERN: *hash = mix(*hash, head ^ own_text_hash(c->a, n)); break;
	case AST_ATTRIBUTE:
	case AST_KEYWORD: {
		struct str text = intern_text(c->a->names, n->name);
		*hash = mix(*hash, head ^ XXH3_64bits(text.ptr, text.len));
		break;
	}
	default: *hash = mix(*hash, head); break;
	}
}

static void expect_scope(struct collect *c, uint32_t i)
{
	const struct ast *a = c->a;
	const struct ast_node *n = &a->nodes[i];
	uint32_t body = 0;

	if (n->kind == AST_LAMBDA) {
		for (uint32_t k = i + 1; k < n->next; k = a->nodes[k].next)
			body = a->nodes[k].kind == AST_PARAMETERS ? 0 : k;
	} else {
		body = ast_find(a, i, AST_BLOCK);
		uint32_t name = ast_find(a, i, AST_NAME);
		if (name != 0)
			bind(c, c->current, a->nodes[name].name, BOUND_LOCAL);
	}
	if (body == 0)
		return; /* broken: there is nothing to lower */
	struct open_scope o = {.node = i,
	                       .body = body,
	                       .end = n->next,
	                       .decorated = c->definition == i ? c->decorated : 0,
	                       .outer = c->current,
	                       .scope = SCOPE_NONE};
	arrput(c->s->open, o);
}

static void bind_node(struct collect *c, uint32_t i)
{
	const struct ast_node *n = &c->a->nodes[i];

	switch ((enum ast_kind)n->kind) {
	case AST_ASSIGN:
	case AST_AUGMENTED:
	case AST_FOR:
	case AST_NAMED: bind_target(c, ast_child(c->a, i, 0), BOUND_LOCAL); break;
	case AST_FOR_IN: bind_target(c, ast_child(c->a, i, 0), BOUND_COMPREHENSION); break;
	case AST_AS_PATTERN:
		for (uint32_t k = i + 1; k < n->next; k = c->a->nodes[k].next)
			if (c->a->nodes[k].lead == TOKEN_AS)
				bind_target(c, k, BOUND_LOCAL);
		break;
	case AST_DELETE:
		for (uint32_t k = i + 1; k < n->next; k = c->a->nodes[k].next)
			bind_target(c, k, BOUND_LOCAL);
		break;
	case AST_IMPORT:
	case AST_IMPORT_FROM:
	case AST_FUTURE_IMPORT: bind_imports(c, i); break;
	case AST_CASE: bind_case(c, i); break;
	case AST_GLOBAL: bind_children(c, i, BOUND_GLOBAL); break;
	case AST_NONLOCAL: bind_children(c, i, BOUND_NONLOCAL); break;
	case AST_TYPE_ALIAS: bind(c, c->current, parameter_name(c->a, i), BOUND_LOCAL); break;
	case AST_DECORATED:
		c->decorated = i;
		c->definition = ast_find(c->a, i, AST_FUNCTION);
		if (c->definition == 0)
			c->definition = ast_find(c->a, i, AST_CLASS);
		break;
	case AST_FUNCTION:
	case AST_CLASS:
	case AST_LAMBDA: expect_scope(c, i); break;
	case AST_YIELD: c->s->scopes[c->current].flags |= SCOPE_GENERATOR; break;
	default: break;
	}
}

void scopes_collect(struct scopes *s, const struct ast *a)
{
	struct collect c = {.s = s, .a = a, .current = SCOPE_NONE};
	size_t count = arrlenu(a->nodes);
	size_t names = intern_count(a->names) + 1;
	struct open_scope module = {.end = (uint32_t)count, .outer = SCOPE_NONE, .scope = SCOPE_NONE};

	arrsetlen(s->scopes, 0);
	arrsetlen(s->bound, 0);
	arrsetlen(s->open, 0);
	arrsetlen(s->of_node, count);
	arrsetlen(s->last_bound_in, names + count); /* first parts of imports may be new names */
	memset(s->last_bound_in, 0, (names + count) * sizeof(*s->last_bound_in));
	arrput(s->open, module);
	open_scope(&c, &s->open[0]);
	for (uint32_t i = 1; i < count; i++) {
		const struct ast_node *n = &a->nodes[i];
		while (arrlast(s->open).end <= i)
			close_scope(&c);
		if (arrlast(s->open).body == i && arrlast(s->open).scope == SCOPE_NONE)
			open_scope(&c, &arrlast(s->open));
		s->of_node[i] = SCOPE_NONE;
		if (n->flags & AST_BROKEN)
			mark_broken(&c);
		add_hash(&c, n);
		bind_node(&c, i);
	}
	while (arrlenu(s->open) > 0)
		close_scope(&c);
}
