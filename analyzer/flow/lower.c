/*
 * lower.c - takes up one scope after the other: what its names mean, its body,
 * and the ways out of it.
 */
#include "flow/lower_internal.h"
#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <stb/stb_ds.h>

struct lower *lower_new(void)
{
	struct lower *l = memory_resize(NULL, sizeof(*l));

	memset(l, 0, sizeof(*l));
	return l;
}

void lower_free(struct lower *l)
{
	if (l == NULL)
		return;
	build_release(&l->build);
	arrfree(l->frames);
	arrfree(l->tokens);
	arrfree(l->handlers);
	arrfree(l->args);
	arrfree(l->spine);
	arrfree(l->meanings);
	arrfree(l->undo);
	arrfree(l->entered);
	arrfree(l->kept);
	free(l);
}

/* ---- names --------------------------------------------------------------------------- */

void lower_begin(struct lower *l, struct ast *ast, struct scopes *scopes, struct facts *facts)
{
	size_t count;

	l->ast = ast;
	l->nodes = ast->nodes;
	l->scopes = scopes;
	l->facts = facts;
	l->isinstance = intern(ast->names, STR("isinstance"));
	l->type_checking_name = intern(ast->names, STR("TYPE_CHECKING"));
	arrsetlen(l->undo, 0);
	arrsetlen(l->entered, 0);
	/* All names of the source are interned by now; those that follow are never looked up. */
	count = intern_count(ast->names) + 1;
	arrsetlen(l->meanings, count);
	for (size_t i = 0; i < count; i++)
		l->meanings[i] = (struct meaning){SCOPE_NONE, (name_id)i, false};
}

static void set_meaning(struct lower *l, name_id name, struct meaning m)
{
	struct undo u = {name, l->meanings[name]};

	arrput(l->undo, u);
	l->meanings[name] = m;
}

void lower_forget(struct lower *l, uint32_t mark)
{
	while (arrlenu(l->undo) > mark) {
		struct undo u = arrpop(l->undo);
		l->meanings[u.name] = u.old;
	}
}

/* Is this the name of something else in the same graph? */
static name_id comprehension_root(struct lower *l, name_id name)
{
	const struct meaning *m = &l->meanings[name];

	if (m->scope != l->scope || m->local)
		return name;
	struct str text = intern_text(l->ast->names, name);
	char *copy = memory_resize(NULL, text.len + 1);
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\'';
	name_id root = intern(l->ast->names, (struct str){copy, text.len + 1});
	free(copy);
	return root;
}

uint32_t lower_remember(struct lower *l, uint32_t target)
{
	uint32_t mark = (uint32_t)arrlenu(l->undo);
	uint32_t end = target == 0 ? 0 : l->nodes[target].next;

	for (uint32_t k = target; k < end;) {
		if (node_kind(l, k) == AST_NAME)
			set_meaning(l, l->nodes[k].name,
			            (struct meaning){l->scope,
			                             comprehension_root(l, l->nodes[k].name), true});
		k = scopes_is_target_list(node_kind(l, k)) ? k + 1 : l->nodes[k].next;
	}
	return mark;
}

struct place lower_name(const struct lower *l, name_id name)
{
	const struct meaning *m = &l->meanings[name];

	if (m->scope == SCOPE_NONE)
		return (struct place){.root_kind = PLACE_GLOBAL, .root = name};
	return (struct place){.root_kind = m->scope == l->scope ? PLACE_LOCAL : PLACE_FREE,
	                      .root = m->root};
}

ref lower_place(struct lower *l, const struct place *p)
{
	return REF_PLACE(build_place(&l->build, p));
}

/* Declarations win over assignments, wherever in the scope they stand. */
static void enter_names(struct lower *l, scope_id scope)
{
	const struct bound_name *bound = l->scopes->bound;
	uint32_t first = l->scopes->scopes[scope].first_bound;
	uint32_t kept = 0;

	arrsetlen(l->kept, 0);
	for (uint32_t i = first; i != UINT32_MAX; i = bound[i].next)
		if (bound[i].as == BOUND_NONLOCAL)
			arrput(l->kept, l->meanings[bound[i].name]);
	for (uint32_t i = first; i != UINT32_MAX; i = bound[i].next)
		if (bound[i].as == BOUND_LOCAL)
			set_meaning(l, bound[i].name, (struct meaning){scope, bound[i].name, false});
	for (uint32_t i = first; i != UINT32_MAX; i = bound[i].next) {
		if (bound[i].as == BOUND_GLOBAL)
			set_meaning(l, bound[i].name,
			            (struct meaning){SCOPE_NONE, bound[i].name, false});
		if (bound[i].as == BOUND_NONLOCAL)
			set_meaning(l, bound[i].name, l->kept[kept++]);
	}
}

/* A comprehension's names are seen by the lambdas in it, which are scopes of their own. */
static void enter_comprehension_names(struct lower *l, scope_id scope)
{
	const struct scope_node *s = &l->scopes->scopes[scope];

	for (uint32_t i = s->first_bound; i != UINT32_MAX; i = l->scopes->bound[i].next) {
		const struct bound_name *b = &l->scopes->bound[i];
		if (b->as == BOUND_COMPREHENSION && l->meanings[b->name].scope == SCOPE_NONE)
			set_meaning(l, b->name, (struct meaning){scope, b->name, false});
	}
}

/* Leaves the scopes that do not contain 'scope'. */
static void leave_scopes(struct lower *l, scope_id scope)
{
	scope_id parent = l->scopes->scopes[scope].parent;

	while (arrlenu(l->entered) > 0 && arrlast(l->entered).scope != parent) {
		lower_forget(l, arrlast(l->entered).undo_count);
		(void)arrpop(l->entered);
	}
}

static void enter_scope(struct lower *l, scope_id scope)
{
	leave_scopes(l, scope);
	struct entered e = {scope, (uint32_t)arrlenu(l->undo)};
	arrput(l->entered, e);
	if (l->scopes->scopes[scope].kind != SCOPE_MODULE)
		enter_names(l, scope);
}

/* The scope's own graph is done; what its nested functions see differs. */
static void settle_scope(struct lower *l, scope_id scope)
{
	enum scope_kind kind = l->scopes->scopes[scope].kind;

	if (kind == SCOPE_CLASS) /* its names are not seen by its methods */
		lower_forget(l, arrlast(l->entered).undo_count);
	else if (kind != SCOPE_MODULE)
		enter_comprehension_names(l, scope);
}

/* ---- bounds --------------------------------------------------------------------------- */

void lower_unmodelled(struct lower *l, enum unmodelled what, struct span span)
{
	struct event e = {.kind = EV_UNMODELLED, .index = (uint32_t)what, .span = span};

	l->facts->module.unmodelled[what]++;
	build_event(&l->build, e);
}

bool lower_is_full(struct lower *l, uint32_t node)
{
	if (arrlenu(l->build.events) < LOWER_EVENTS_MAX)
		return false;
	lower_unmodelled(l, UNMODELLED_SIZE, node_span(l, node));
	return true;
}

/* ---- one scope -------------------------------------------------------------------------- */

/* The last line of the last statement, without what stands in front of it. */
static struct span last_line(const struct lower *l, uint32_t body)
{
	struct span s = node_span(l, body);
	uint32_t last = body;
	const char *text = l->ast->text.ptr;

	for (uint32_t k = next_child(l, body, 0); k != 0; k = next_child(l, body, k))
		last = k;
	s.end = l->nodes[last].end;
	s.start = s.end;
	while (s.start > l->nodes[last].start && text[s.start - 1] != '\n' &&
	       text[s.start - 1] != '\r')
		s.start--;
	while (s.start < s.end && (text[s.start] == ' ' || text[s.start] == '\t'))
		s.start++;
	return s;
}

static void lower_body(struct lower *l, const struct scope_node *s)
{
	struct way fall = {.kind = WAY_FALL};

	if (s->kind == SCOPE_LAMBDA) {
		struct event e = {.kind = EV_RETURN, .span = node_span(l, s->body)};
		e.a = lower_value(l, s->body);
		build_event(&l->build, e);
		fall = (struct way){WAY_RETURN, e.span, e.a, false};
	} else {
		lower_block(l, s->body);
		fall.span = last_line(l, s->body);
	}
	frame_leave(l, fall);
}

static void lower_implicit_leave(struct lower *l, scope_id scope)
{
	struct event e = {
		.kind = EV_LEAVE, .op = LEAVE_IMPLICIT, .span = l->facts->scopes[scope].name_span};

	if (l->implicit_leave == BLOCK_NONE || !build_start(&l->build, l->implicit_leave))
		return;
	build_event(&l->build, e);
	build_end(&l->build);
}

void lower_scope(struct lower *l, scope_id scope, struct cfg *out)
{
	const struct scope_node *s = &l->scopes->scopes[scope];

	build_clear(&l->build);
	arrsetlen(l->frames, 0);
	arrsetlen(l->tokens, 0);
	arrsetlen(l->handlers, 0);
	arrsetlen(l->args, 0);
	arrsetlen(l->spine, 0);
	l->scope = scope;
	l->loop = l->raise = UINT32_MAX;
	l->implicit_leave = BLOCK_NONE;
	l->nesting = l->conditional = l->type_checking = 0;
	l->copies = 0;
	l->copies_max = LOWER_COPIES_BASE + (l->nodes[s->body].end - l->nodes[s->body].start);
	enter_scope(l, scope);
	lower_body(l, s);
	lower_implicit_leave(l, scope);
	assert(arrlenu(l->frames) == 0 && arrlenu(l->args) == 0 && arrlenu(l->spine) == 0);
	settle_scope(l, scope);
	build_finish(&l->build, out);
}
