/*
 * declare.c - what scopes declare: signatures, decorators, bases, and declared
 * expressions as small trees. Both the source tree and ours are in preorder, so
 * an expression is copied in one walk with a stack of the nodes that are open.
 */
#include "flow/facts.h"

#include <stb/stb_ds.h>

/* ---- expressions ---------------------------------------------------------------- */

static enum expr_kind expr_kind_of(const struct ast_node *n)
{
	switch ((enum ast_kind)n->kind) {
	case AST_NAME: return EXPR_NAME;
	case AST_ATTRIBUTE: return EXPR_ATTRIBUTE;
	case AST_CALL: return EXPR_CALL;
	case AST_KEYWORD:
	case AST_DOUBLE_STAR: return EXPR_KEYWORD;
	case AST_STAR: return EXPR_STARRED;
	case AST_SUBSCRIPT: return EXPR_SUBSCRIPT;
	case AST_STRING: /* of an f-string at most how it begins */
		return (n->flags & AST_BYTES) != 0 ||
		                       ((n->flags & AST_FORMAT) != 0 && n->name == NAME_NONE)
		               ? EXPR_OTHER
		               : EXPR_TEXT;
	case AST_NUMBER: return EXPR_NUMBER;
	case AST_TRUE:
	case AST_FALSE:
	case AST_NULL:
	case AST_ELLIPSIS: return EXPR_CONSTANT;
	case AST_TUPLE:
	case AST_LIST:
	case AST_SET: return EXPR_SEQUENCE;
	case AST_DICT: return EXPR_DICT;
	case AST_PAIR: return EXPR_KEYWORD;
	case AST_BINARY: return EXPR_UNION;
	case AST_LAMBDA: return EXPR_LAMBDA;
	case AST_CONDITIONAL: return EXPR_CHOICE;
	case AST_BOOLEAN: return EXPR_CHOICE;
	default: return EXPR_OTHER;
	}
}

/*
 * The text of a.b.c when it is made of plain names, else NAME_NONE. 'failed' is the
 * base of the last chain that was not, so that no chain is walked twice.
 */
static name_id dotted_path(const struct ast *a, uint32_t i, uint32_t *failed)
{
	uint32_t k = i;

	if (i < *failed)
		return NAME_NONE;
	while (a->nodes[k].kind == AST_ATTRIBUTE && k + 1 < a->nodes[k].next)
		k++;
	if (a->nodes[k].kind != AST_NAME) {
		*failed = k;
		return NAME_NONE;
	}
	if (k == i)
		return a->nodes[k].name;
	struct str text = ast_text(a, &a->nodes[i]);
	for (size_t c = 0; c < text.len; c++)
		if ((unsigned char)text.ptr[c] <= ' ' || strchr("()#\\", text.ptr[c]) != NULL)
			return NAME_NONE;
	return intern(a->names, text);
}

/* Completes 'e'. False means that its children follow. */
static bool is_leaf(const struct ast *a, uint32_t i, struct expr *e, uint32_t *failed)
{
	const struct ast_node *n = &a->nodes[i];

	switch (e->kind) {
	case EXPR_NAME: e->text = n->name; return true;
	case EXPR_ATTRIBUTE: {
		name_id path = dotted_path(a, i, failed);
		e->text = path == NAME_NONE ? n->name : path;
		if (path != NAME_NONE)
			e->kind = EXPR_NAME;
		return path != NAME_NONE;
	}
	case EXPR_TEXT: e->text = n->name; return true;
	case EXPR_NUMBER:
	case EXPR_CONSTANT: e->text = intern(a->names, ast_text(a, n)); return true;
	case EXPR_UNION: {
		uint32_t right = ast_child(a, i, 1);
		if (right != 0 && a->nodes[right].lead == TOKEN_PIPE)
			return false;
		e->kind = EXPR_OTHER;
		return true;
	}
	case EXPR_LAMBDA:
	case EXPR_OTHER: return true;
	case EXPR_KEYWORD: e->text = n->name; return false;
	case EXPR_CALL:
	case EXPR_STARRED:
	case EXPR_SUBSCRIPT:
	case EXPR_SEQUENCE:
	case EXPR_CHOICE:
	case EXPR_DICT: return false;
	}
	return true;
}

/* A pair with a constant string key is a keyword; any other keeps only that it is there. */
static uint32_t enter_pair(const struct ast *a, uint32_t i, struct expr *e)
{
	uint32_t key = ast_child(a, i, 0);

	if (key == 0 || a->nodes[key].kind != AST_STRING || a->nodes[key].name == NAME_NONE) {
		e->kind = EXPR_OTHER;
		return a->nodes[i].next;
	}
	e->text = a->nodes[key].name;
	return a->nodes[key].next;
}

static void close_exprs(struct facts *f, uint32_t i)
{
	while (arrlenu(f->open) > 0 && f->open[arrlenu(f->open) - 1] <= i) {
		uint32_t at = f->open[arrlenu(f->open) - 2];
		f->exprs[at].next = (uint32_t)arrlenu(f->exprs);
		arrsetlen(f->open, arrlenu(f->open) - 2);
	}
}

expr_id facts_expr(struct facts *f, const struct ast *a, const struct scopes *s, uint32_t i)
{
	const struct ast_node *nodes = a->nodes;
	expr_id first = (expr_id)arrlenu(f->exprs);
	uint32_t end = nodes[i].next, failed = 0;
	bool large = end - i > FACTS_EXPR_NODES_MAX;

	if (i == 0)
		return EXPR_NONE;
	arrsetlen(f->open, 0);
	arrsetlen(f->conditions, 0);
	for (uint32_t k = i; k < end;) {
		const struct ast_node *n = &nodes[k];
		close_exprs(f, k);
		if (n->kind == AST_TYPE || n->kind == AST_AWAIT) { /* their value is their child's */
			k++;
			continue;
		}
		if (arrlenu(f->conditions) > 0 && arrlast(f->conditions) == k) {
			(void)arrpop(f->conditions);
			k = n->next;
			continue;
		}
		struct expr e = {.kind = large ? EXPR_OTHER : expr_kind_of(n),
		                 .scope = n->kind == AST_LAMBDA ? s->of_node[k] : SCOPE_NONE,
		                 .span = ast_span(n)};
		uint32_t from = is_leaf(a, k, &e, &failed) ? n->next : k + 1;
		if (n->kind == AST_PAIR && !large)
			from = enter_pair(a, k, &e);
		e.next = (uint32_t)arrlenu(f->exprs) + 1;
		arrput(f->exprs, e);
		if (e.kind == EXPR_CHOICE && n->kind == AST_CONDITIONAL && ast_child(a, k, 1) != 0)
			arrput(f->conditions, ast_child(a, k, 1)); /* it is no part of the value */
		if (from < n->next) {
			arrput(f->open, (uint32_t)arrlenu(f->exprs) - 1);
			arrput(f->open, n->next);
		}
		k = from;
	}
	close_exprs(f, end);
	return first < arrlenu(f->exprs) ? first : EXPR_NONE;
}

/* ---- signatures ------------------------------------------------------------------- */

struct declare {
	struct facts *f;
	const struct ast *a;
	const struct scopes *s;
	size_t next_entry; /* of a->entries */
};

static struct param read_param(struct declare *d, uint32_t i, enum param_kind kind)
{
	const struct ast *a = d->a;
	struct param p = {.kind = kind, .annotation = EXPR_NONE, .value = EXPR_NONE};
	uint32_t name = i;

	while (name < a->nodes[i].next && a->nodes[name].kind != AST_NAME) {
		if (a->nodes[name].kind == AST_STAR)
			p.kind = PARAM_STAR;
		if (a->nodes[name].kind == AST_DOUBLE_STAR)
			p.kind = PARAM_DOUBLE_STAR;
		name++;
	}
	if (name < a->nodes[i].next) {
		p.name = a->nodes[name].name;
		p.span = ast_span(&a->nodes[name]);
	}
	if (a->nodes[i].kind == AST_NAME || a->nodes[i].kind == AST_STAR)
		return p;
	p.annotation = facts_expr(d->f, a, d->s, ast_find(a, i, AST_TYPE));
	if (a->nodes[i].kind == AST_DEFAULT_PARAMETER)
		p.value = facts_expr(d->f, a, d->s, ast_child(a, i, 1));
	if (a->nodes[i].kind == AST_TYPED_DEFAULT_PARAMETER)
		p.value = facts_expr(d->f, a, d->s, ast_child(a, i, 2));
	return p;
}

static void declare_params(struct declare *d, struct scope *to, uint32_t list)
{
	const struct ast_node *nodes = d->a->nodes;
	enum param_kind kind = PARAM_PLAIN;

	to->first_param = (uint32_t)arrlenu(d->f->params);
	for (uint32_t k = list + 1; list != 0 && k < nodes[list].next; k = nodes[k].next) {
		if (nodes[k].kind == AST_KEYWORD_SEPARATOR) {
			kind = PARAM_KEYWORD_ONLY;
		} else if (nodes[k].kind == AST_POSITIONAL_SEPARATOR) {
			for (size_t p = to->first_param; p < arrlenu(d->f->params); p++)
				d->f->params[p].kind = PARAM_POSITIONAL_ONLY;
		} else if (nodes[k].kind != AST_ERROR) {
			struct param p = read_param(d, k, kind);
			if (p.kind == PARAM_STAR)
				kind = PARAM_KEYWORD_ONLY;
			if (p.name != NAME_NONE)
				arrput(d->f->params, p);
		}
	}
	to->param_count = (uint32_t)arrlenu(d->f->params) - to->first_param;
}

static void declare_decorators(struct declare *d, struct scope *to, uint32_t decorated)
{
	const struct ast_node *nodes = d->a->nodes;

	to->first_decorator = (uint32_t)arrlenu(d->f->decorators);
	for (uint32_t k = decorated + 1; decorated != 0 && k < nodes[decorated].next;
	     k = nodes[k].next) {
		if (nodes[k].kind != AST_DECORATOR || k + 1 >= nodes[k].next)
			continue;
		expr_id made = facts_expr(d->f, d->a, d->s, k + 1);
		if (made != EXPR_NONE)
			arrput(d->f->decorators, made);
	}
	to->decorator_count = (uint32_t)arrlenu(d->f->decorators) - to->first_decorator;
}

/* `class Orders(Base[Order])`: the class is Base; what it is generic over nobody asks for. */
static void declare_bases(struct declare *d, struct scope *to, uint32_t list)
{
	const struct ast_node *nodes = d->a->nodes;

	to->first_base = (uint32_t)arrlenu(d->f->bases);
	for (uint32_t k = list + 1; list != 0 && k < nodes[list].next; k = nodes[k].next) {
		expr_id made = facts_expr(d->f, d->a, d->s, k);
		if (made != EXPR_NONE && d->f->exprs[made].kind == EXPR_SUBSCRIPT)
			made++;
		if (made != EXPR_NONE)
			arrput(d->f->bases, made);
	}
	to->base_count = (uint32_t)arrlenu(d->f->bases) - to->first_base;
}

static void declare_entries(struct declare *d, struct scope *to)
{
	const struct ast_entry *entries = d->a->entries;

	to->first_entry = (uint32_t)arrlenu(d->f->entries);
	/* Scopes and entries are both in source order; those of broken definitions are passed. */
	while (d->next_entry < arrlenu(entries) &&
	       entries[d->next_entry].definition < to->decorated.start)
		d->next_entry++;
	for (; d->next_entry < arrlenu(entries) &&
	       entries[d->next_entry].definition == to->decorated.start;
	     d->next_entry++) {
		const struct ast_entry *e = &entries[d->next_entry];
		struct entry_match made = {e->kind, e->receiver, e->method, e->route, e->decorator};
		arrput(d->f->entries, made);
	}
	to->entry_count = (uint32_t)arrlenu(d->f->entries) - to->first_entry;
}

/* ---- scopes ----------------------------------------------------------------------- */

static void name_scope(const struct declare *d, struct scope *to, uint32_t node)
{
	uint32_t name = to->kind == SCOPE_MODULE || to->kind == SCOPE_LAMBDA
	                        ? 0
	                        : ast_find(d->a, node, AST_NAME);

	if (name != 0) {
		to->name = d->a->nodes[name].name;
		to->name_span = ast_span(&d->a->nodes[name]);
	} else {
		to->name = intern(d->a->names,
		                  to->kind == SCOPE_LAMBDA ? STR("<lambda>") : STR("<module>"));
		to->name_span = (struct span){to->span.start, to->span.start};
	}
	to->qualname = scope_qualname(
		d->a->names, to->parent == SCOPE_NONE ? NULL : &d->f->scopes[to->parent], to->name);
}

static void declare_scope(struct declare *d, const struct scope_node *from)
{
	struct scope to = {.kind = from->kind,
	                   .flags = from->flags,
	                   .parent = from->parent,
	                   .span = ast_span(&d->a->nodes[from->node]),
	                   .body_hash = from->hash,
	                   .returns = EXPR_NONE};

	to.decorated = from->decorated == 0 ? to.span : ast_span(&d->a->nodes[from->decorated]);
	name_scope(d, &to, from->node);
	declare_decorators(d, &to, from->decorated);
	if (from->kind != SCOPE_MODULE && from->kind != SCOPE_CLASS)
		declare_params(d, &to, ast_find(d->a, from->node, AST_PARAMETERS));
	if (from->kind == SCOPE_CLASS)
		declare_bases(d, &to, ast_find(d->a, from->node, AST_ARGUMENTS));
	if (from->kind == SCOPE_FUNCTION)
		to.returns = facts_expr(d->f, d->a, d->s, ast_find(d->a, from->node, AST_TYPE));
	if (from->decorated != 0)
		declare_entries(d, &to);
	arrput(d->f->scopes, to);
}

void facts_scopes(struct facts *f, const struct ast *a, const struct scopes *s)
{
	struct declare d = {f, a, s, 0};

	for (size_t i = 0; i < arrlenu(s->scopes); i++)
		declare_scope(&d, &s->scopes[i]);
}
