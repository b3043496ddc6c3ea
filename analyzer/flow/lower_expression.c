/*
 * lower_expression.c - values. Names and short paths are places, read where they are
 * used; calls, and what is computed from values, are events. Chains such as
 * a.b(c).d().e are walked from the inside out, so that their length is no depth.
 */
#include "flow/lower_internal.h"

#include <stb/stb_ds.h>

/* A path as far as it is walked: a place with room for steps, or a value. */
struct path {
	bool is_place;
	struct place place;
	ref value;
	name_id method; /* an attribute that waits to be called, or NAME_NONE */
	struct span method_span;
	ref key; /* of a subscript that comes last and has no constant, or REF_NONE */
};

/* What stands between the brackets: a constant text or number, or anything else. */
struct subscript {
	enum step_kind kind;
	name_id name;
	ref key;
};

/* ---- small helpers ------------------------------------------------------------------------ */

void lower_push_arg(struct lower *l, ref value, name_id keyword, uint32_t flags)
{
	struct arg a = {value, keyword, flags};

	arrput(l->args, a);
}

uint32_t lower_with_args(struct lower *l, struct event e, uint32_t mark)
{
	uint32_t count = (uint32_t)arrlenu(l->args) - mark;

	if (l->build.current != BLOCK_NONE && count > 0)
		build_args(&l->build, &e, &l->args[mark], count);
	arrsetlen(l->args, mark);
	return e.kind == EV_CALL ? lower_raising(l, e) : build_event(&l->build, e);
}

uint32_t lower_raising(struct lower *l, struct event e)
{
	if (l->build.current == BLOCK_NONE)
		return UINT32_MAX;
	return build_raising(&l->build, e, frame_raise_target(l));
}

ref lower_build(struct lower *l, enum build_op op, struct span span, uint32_t mark)
{
	struct event e = {.kind = EV_BUILD, .op = (uint8_t)op, .span = span};

	return build_temp(lower_with_args(l, e, mark));
}

static ref number(const struct lower *l, uint32_t node)
{
	struct str text = ast_text(l->ast, &l->nodes[node]);

	return REF_CONST(str_is(text, "0") ? CONST_ZERO : CONST_NUMBER);
}

static bool is_constant(ref r)
{
	return ref_kind(r) == REF_KIND_CONST || ref_kind(r) == REF_KIND_TEXT || r == REF_NONE;
}

/* ---- paths ----------------------------------------------------------------------------------- */

/* Takes in the attribute that waits: as a step while there is room, else as an event. */
static void path_settle(struct lower *l, struct path *p)
{
	struct event e = {.kind = EV_ATTR, .name = p->method, .span = p->method_span};

	if (p->method == NAME_NONE)
		return;
	p->method = NAME_NONE;
	if (p->is_place && p->place.step_count < PLACE_STEPS_MAX) {
		p->place.steps[p->place.step_count].kind = STEP_ATTRIBUTE;
		p->place.steps[p->place.step_count++].name = e.name;
		return;
	}
	e.a = p->is_place ? lower_place(l, &p->place) : p->value;
	*p = (struct path){.value = build_temp(build_event(&l->build, e))};
}

static ref path_value(struct lower *l, struct path *p)
{
	path_settle(l, p);
	return p->is_place ? lower_place(l, &p->place) : p->value;
}

static uint32_t item_number(const struct lower *l, name_id digits)
{
	struct str text = intern_text(l->ast->names, digits);
	uint32_t number = 0;

	for (size_t i = 0; i < text.len; i++)
		number = number * 10 + (uint32_t)(text.ptr[i] - '0');
	return number;
}

static void path_element(struct lower *l, struct path *p, uint32_t node, struct subscript s)
{
	if (p->is_place && p->place.step_count < PLACE_STEPS_MAX) {
		p->place.steps[p->place.step_count].kind = s.kind;
		p->place.steps[p->place.step_count++].name = s.name;
		p->key = s.kind == STEP_INDEX ? s.key : REF_NONE;
		return;
	}
	struct event e = {.kind = EV_ELEMENT, .span = node_span(l, node), .b = s.key};
	if (s.kind == STEP_ITEM)
		e.index = item_number(l, s.name) + 1;
	e.a = path_value(l, p);
	*p = (struct path){.value = build_temp(build_event(&l->build, e)),
	                   .key = s.kind == STEP_INDEX ? s.key : REF_NONE};
}

/* `["name"]`, `[0]`: is it one constant? */
static bool constant_subscript(const struct lower *l, uint32_t index, struct subscript *out)
{
	if (node_kind(l, index) == AST_STRING && l->nodes[index].name != NAME_NONE) {
		*out = (struct subscript){STEP_ELEMENT, l->nodes[index].name,
		                          REF_TEXT(l->nodes[index].name)};
		return true;
	}
	struct str digits = node_kind(l, index) == AST_NUMBER ? ast_text(l->ast, &l->nodes[index])
	                                                      : STR_EMPTY;
	for (size_t i = 0; i < digits.len; i++)
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
			return false;
	if (digits.len == 0 || digits.len > ITEM_DIGITS_MAX)
		return false;
	*out = (struct subscript){STEP_ITEM, intern(l->ast->names, digits), number(l, index)};
	return true;
}

/* value[index, ...]; a slice makes a new value, except where it is assigned to. */
static void path_subscript(struct lower *l, struct path *p, uint32_t node, bool target)
{
	uint32_t first = next_child(l, node, 0);
	uint32_t index = first == 0 ? 0 : next_child(l, node, first);
	uint32_t mark = (uint32_t)arrlenu(l->args);
	bool slice = false;

	path_settle(l, p);
	if (index == 0)
		return;
	struct subscript s = {.kind = STEP_INDEX};
	if (next_child(l, node, index) == 0 && constant_subscript(l, index, &s)) {
		path_element(l, p, node, s);
		return;
	}
	lower_push_arg(l, REF_NONE, NAME_NONE, 0);
	for (; index != 0; index = next_child(l, node, index)) {
		slice = slice || node_kind(l, index) == AST_SLICE;
		s.key = lower_value(l, index);
		if (s.key != REF_NONE)
			lower_push_arg(l, s.key, NAME_NONE, 0);
	}
	if (slice && !target) {
		l->args[mark].value = path_value(l, p);
		*p = (struct path){
			.value = lower_build(l, BUILD_OPERATION, node_span(l, node), mark)};
		return;
	}
	if (arrlenu(l->args) > mark + 2)
		s.key = REF_NONE; /* x[a, b] */
	arrsetlen(l->args, mark);
	path_element(l, p, node, s);
}

/* ---- calls ----------------------------------------------------------------------------------- */

static void push_argument(struct lower *l, uint32_t node)
{
	enum ast_kind kind = node_kind(l, node);
	uint32_t inner = next_child(l, node, 0);

	if (kind == AST_KEYWORD && inner != 0)
		lower_push_arg(l, lower_value(l, inner), l->nodes[node].name, 0);
	else if (kind == AST_STAR && inner != 0)
		lower_push_arg(l, lower_value(l, inner), NAME_NONE, ARG_STAR);
	else if (kind == AST_DOUBLE_STAR && inner != 0)
		lower_push_arg(l, lower_value(l, inner), NAME_NONE, ARG_DOUBLE_STAR);
	else
		lower_push_arg(l, lower_value(l, node), NAME_NONE, 0);
}

static void path_call(struct lower *l, struct path *p, uint32_t node)
{
	struct event e = {.kind = EV_CALL, .span = node_span(l, node), .name = p->method};
	uint32_t mark = (uint32_t)arrlenu(l->args);

	p->method = NAME_NONE;
	e.a = path_value(l, p);
	*p = (struct path){.value = REF_NONE};
	for (uint32_t k = next_child(l, node, next_child(l, node, 0)); k != 0;
	     k = next_child(l, node, k))
		push_argument(l, k);
	p->value = build_temp(lower_with_args(l, e, mark));
}

/* isinstance(a, b) asks, and runs nothing that could release or open. */
static bool path_is_instance(struct lower *l, struct path *p, uint32_t node)
{
	struct event e = {.kind = EV_COMPARE, .span = node_span(l, node)};

	if (!lower_is_instance(l, node, &e))
		return false;
	*p = (struct path){.value = build_temp(build_event(&l->build, e))};
	return true;
}

/* ---- walking a chain -------------------------------------------------------------------------- */

static bool is_chain(enum ast_kind kind)
{
	return kind == AST_ATTRIBUTE || kind == AST_SUBSCRIPT || kind == AST_CALL;
}

/* Pushes the links of a chain, outermost first; returns its base, 0 when it is broken. */
static uint32_t push_chain(struct lower *l, uint32_t node)
{
	while (node != 0 && is_chain(node_kind(l, node))) {
		arrput(l->spine, node);
		node = next_child(l, node, 0);
	}
	return node;
}

static void path_step(struct lower *l, struct path *p, uint32_t node, bool target)
{
	switch (node_kind(l, node)) {
	case AST_ATTRIBUTE:
		path_settle(l, p);
		p->key = REF_NONE;
		p->method = l->nodes[node].name;
		p->method_span = node_span(l, node);
		break;
	case AST_SUBSCRIPT: path_subscript(l, p, node, target); break;
	default:
		if (!path_is_instance(l, p, node))
			path_call(l, p, node);
		break;
	}
}

/* 'target': the last step is to be assigned to, so it is not read. */
static struct path lower_path(struct lower *l, uint32_t node, bool target)
{
	uint32_t mark = (uint32_t)arrlenu(l->spine);
	uint32_t base = push_chain(l, node);
	struct path p = {.value = REF_NONE};

	if (base != 0 && node_kind(l, base) == AST_NAME) {
		p.is_place = true;
		p.place = lower_name(l, l->nodes[base].name);
	} else if (base != 0) {
		p.value = lower_value(l, base);
	}
	while (arrlenu(l->spine) > mark) {
		uint32_t at = arrpop(l->spine);
		path_step(l, &p, at, target && arrlenu(l->spine) == mark);
	}
	return p;
}

ref lower_target(struct lower *l, uint32_t node, name_id *name, ref *key)
{
	struct path p = lower_path(l, node, true);

	*name = p.method; /* of an object that is no place */
	if (key != NULL)
		*key = p.key;
	if (!p.is_place || (p.method != NAME_NONE && p.place.step_count == PLACE_STEPS_MAX))
		return REF_NONE;
	path_settle(l, &p);
	*name = NAME_NONE;
	return lower_place(l, &p.place);
}

void lower_mention(struct lower *l, uint32_t node)
{
	struct event e = {.kind = EV_ATTR, .flags = EVF_DISCARDED, .span = node_span(l, node)};

	if (l->build.current == BLOCK_NONE || lower_is_full(l, node))
		return;
	struct path p = lower_path(l, node, false);
	e.name = p.method;
	p.method = NAME_NONE;
	e.a = path_value(l, &p);
	build_event(&l->build, e);
}

/* ---- assigning --------------------------------------------------------------------------------- */

static void assign_one(struct lower *l, uint32_t target, ref value, struct event e)
{
	uint32_t mark = (uint32_t)arrlenu(l->args);
	ref key = REF_NONE;

	e.kind = EV_ASSIGN;
	e.b = value;
	e.a = lower_target(l, target, &e.name, &key);
	if (!is_constant(key))
		lower_push_arg(l, key, NAME_NONE, 0);
	lower_with_args(l, e, mark);
}

void lower_assign(struct lower *l, uint32_t target, ref value, struct event like)
{
	enum ast_kind kind = node_kind(l, target);

	if (kind == AST_STAR && next_child(l, target, 0) != 0) {
		like.flags |= EVF_STAR;
		lower_assign(l, next_child(l, target, 0), value, like);
		return;
	}
	if (kind != AST_TUPLE && kind != AST_LIST) {
		assign_one(l, target, value, like);
		return;
	}
	if (l->nesting >= LOWER_DEPTH_MAX) {
		lower_unmodelled(l, UNMODELLED_DEPTH, node_span(l, target));
		return;
	}
	l->nesting++;
	if (like.index != 0) { /* a list within a list: its own item first */
		struct event e = {.kind = EV_ELEMENT,
		                  .span = node_span(l, target),
		                  .a = value,
		                  .b = REF_CONST(CONST_NUMBER),
		                  .index = like.index};
		value = build_temp(build_event(&l->build, e));
	}
	like.index = 0;
	for (uint32_t k = next_child(l, target, 0); k != 0; k = next_child(l, target, k)) {
		like.index++;
		lower_assign(l, k, value, like);
	}
	l->nesting--;
}

/* ---- values ------------------------------------------------------------------------------------- */

static ref text(const struct lower *l, uint32_t node)
{
	return l->nodes[node].name == NAME_NONE ? REF_NONE : REF_TEXT(l->nodes[node].name);
}

/* A table of constants says nothing about sessions: only that it is a new value. */
static void drop_constants(struct lower *l, uint32_t mark)
{
	enum { KEPT = 8 };

	if (arrlenu(l->args) - mark <= KEPT)
		return;
	for (size_t i = mark; i < arrlenu(l->args); i++)
		if (!is_constant(l->args[i].value))
			return;
	arrsetlen(l->args, mark);
}

static ref lower_display(struct lower *l, uint32_t node, enum build_op op)
{
	uint32_t mark = (uint32_t)arrlenu(l->args);

	for (uint32_t k = next_child(l, node, 0); k != 0 && !lower_is_full(l, k);
	     k = next_child(l, node, k))
		push_argument(l, k);
	drop_constants(l, mark);
	return lower_build(l, op, node_span(l, node), mark);
}

static void push_pair(struct lower *l, uint32_t node)
{
	uint32_t key = next_child(l, node, 0);
	uint32_t value = key == 0 ? 0 : next_child(l, node, key);

	if (value == 0)
		return;
	name_id name = node_kind(l, key) == AST_STRING ? l->nodes[key].name : NAME_NONE;
	if (name == NAME_NONE)
		(void)lower_value(l, key);
	lower_push_arg(l, lower_value(l, value), name, 0);
}

static ref lower_dict(struct lower *l, uint32_t node)
{
	uint32_t mark = (uint32_t)arrlenu(l->args);

	for (uint32_t k = next_child(l, node, 0); k != 0 && !lower_is_full(l, k);
	     k = next_child(l, node, k)) {
		if (node_kind(l, k) == AST_PAIR)
			push_pair(l, k);
		else
			push_argument(l, k);
	}
	drop_constants(l, mark);
	return lower_build(l, BUILD_DICT, node_span(l, node), mark);
}

/* a + b + c is nested on the left: its operands are walked without recursion. */
static ref lower_operation(struct lower *l, uint32_t node)
{
	uint32_t spine = (uint32_t)arrlenu(l->spine), mark = (uint32_t)arrlenu(l->args);
	uint32_t at = node;

	while (at != 0 && node_kind(l, at) == AST_BINARY) {
		arrput(l->spine, at);
		at = next_child(l, at, 0);
	}
	if (at != 0)
		lower_push_arg(l, lower_value(l, at), NAME_NONE, 0);
	while (arrlenu(l->spine) > spine) {
		uint32_t link = arrpop(l->spine);
		uint32_t right = next_child(l, link, next_child(l, link, 0));
		if (next_child(l, link, 0) != 0 && right != 0)
			lower_push_arg(l, lower_value(l, right), NAME_NONE, 0);
	}
	drop_constants(l, mark);
	return lower_build(l, BUILD_OPERATION, node_span(l, node), mark);
}

/*
 * f"BEGIN {mode}", "BEGIN " "IMMEDIATE": the text with which SQL like that begins; and the scheme of an address,
 * f"postgresql://{host}/{name}".
 */
static ref beginning_of(const struct lower *l, uint32_t node)
{
	uint32_t first = node_kind(l, node) == AST_STRING ? node : next_child(l, node, 0);

	if (first == 0 || node_kind(l, first) != AST_STRING || l->nodes[first].name == NAME_NONE)
		return REF_NONE;
	struct str written = intern_text(l->ast->names, l->nodes[first].name);
	return text_controls_transaction(written) || text_sets_idle_limit(written) ||
	                       text_scheme(written).len > 0
	               ? REF_TEXT(l->nodes[first].name)
	               : REF_NONE;
}

static bool sets_idle_limit(const struct lower *l, ref r)
{
	return ref_kind(r) == REF_KIND_TEXT &&
	       text_sets_idle_limit(intern_text(l->ast->names, ref_index(r)));
}

/* An f-string's parts, the operands of a slice, a unary operator's one. */

static ref lower_parts(struct lower *l, uint32_t node, enum build_op op)
{
	uint32_t mark = (uint32_t)arrlenu(l->args);
	ref begin = beginning_of(l, node);

	if (begin != REF_NONE)
		lower_push_arg(l, begin, NAME_NONE, 0);
	for (uint32_t k = next_child(l, node, 0); k != 0; k = next_child(l, node, k)) {
		ref r = lower_value(l, k);
		if (!is_constant(r) || (r != begin && sets_idle_limit(l, r)))
			lower_push_arg(l, r, NAME_NONE, 0);
	}
	if (arrlenu(l->args) == mark)
		return REF_NONE;
	if (begin != REF_NONE && arrlenu(l->args) == mark + 1) {
		arrsetlen(l->args, mark);
		return begin;
	}
	return lower_build(l, op, node_span(l, node), mark);
}

static ref lower_named(struct lower *l, uint32_t node)
{
	uint32_t name = next_child(l, node, 0);
	uint32_t value = name == 0 ? 0 : next_child(l, node, name);
	struct event e = {.span = node_span(l, node)};

	if (value == 0)
		return REF_NONE;
	lower_assign(l, name, lower_value(l, value), e);
	return lower_value(l, name);
}

static ref lower_await(struct lower *l, uint32_t node)
{
	uint32_t inner = next_child(l, node, 0);
	struct event e = {.kind = EV_AWAIT, .span = node_span(l, node)};

	if (inner == 0)
		return REF_NONE;
	e.a = lower_value(l, inner);
	if (node_kind(l, inner) == AST_CALL && ref_kind(e.a) == REF_KIND_TEMP &&
	    l->build.events[ref_index(e.a)].kind == EV_CALL) {
		l->build.events[ref_index(e.a)].flags |= EVF_AWAITED;
		return e.a;
	}
	return build_temp(lower_raising(l, e));
}

static ref lower_yield(struct lower *l, uint32_t node)
{
	uint32_t inner = next_child(l, node, 0);
	struct event e = {.kind = EV_YIELD, .span = node_span(l, node)};

	if (inner != 0) {
		e.a = lower_value(l, inner);
		if (l->nodes[inner].lead == TOKEN_FROM)
			e.flags |= EVF_FROM;
	}
	return build_temp(lower_raising(l, e));
}

static ref lower_lambda(struct lower *l, uint32_t node)
{
	struct event e = {.kind = EV_CLOSURE, .span = node_span(l, node)};
	uint32_t parameters = ast_find(l->ast, node, AST_PARAMETERS);

	for (uint32_t k = parameters == 0 ? 0 : next_child(l, parameters, 0); k != 0;
	     k = next_child(l, parameters, k))
		if (node_kind(l, k) == AST_DEFAULT_PARAMETER)
			(void)lower_value(l, ast_child(l->ast, k, 1));
	e.index = l->scopes->of_node[node];
	return e.index == SCOPE_NONE ? REF_NONE : build_temp(build_event(&l->build, e));
}

static ref lower_name_value(struct lower *l, uint32_t node)
{
	struct place p = lower_name(l, l->nodes[node].name);

	return lower_place(l, &p);
}

static ref lower_chain(struct lower *l, uint32_t node)
{
	struct path p = lower_path(l, node, false);

	return path_value(l, &p);
}

static ref value_of(struct lower *l, uint32_t node)
{
	switch (node_kind(l, node)) {
	case AST_NAME: return lower_name_value(l, node);
	case AST_ATTRIBUTE:
	case AST_SUBSCRIPT:
	case AST_CALL: return lower_chain(l, node);
	case AST_NUMBER: return number(l, node);
	case AST_TRUE: return REF_CONST(CONST_TRUE);
	case AST_FALSE: return REF_CONST(CONST_FALSE);
	case AST_NULL: return REF_CONST(CONST_NONE);
	case AST_ELLIPSIS: return REF_CONST(CONST_ELLIPSIS);
	case AST_STRING:
		if (l->nodes[node].next == node + 1)
			return text(l, node);
		return lower_parts(l, node, BUILD_STRING);
	case AST_CONCATENATED: return lower_parts(l, node, BUILD_STRING);
	case AST_SLICE: return lower_parts(l, node, BUILD_OPERATION);
	case AST_UNARY: return lower_parts(l, node, BUILD_OPERATION);
	case AST_BINARY: return lower_operation(l, node);
	case AST_TUPLE:
	case AST_EXPRESSION: return lower_display(l, node, BUILD_TUPLE);
	case AST_LIST: return lower_display(l, node, BUILD_LIST);
	case AST_SET: return lower_display(l, node, BUILD_SET);
	case AST_DICT: return lower_dict(l, node);
	case AST_LIST_COMPREHENSION:
	case AST_SET_COMPREHENSION:
	case AST_DICT_COMPREHENSION:
	case AST_GENERATOR: return lower_comprehension(l, node);
	case AST_NOT:
	case AST_COMPARISON: return lower_comparison(l, node);
	case AST_BOOLEAN: return lower_boolean(l, node);
	case AST_CONDITIONAL: return lower_conditional(l, node);
	case AST_LAMBDA: return lower_lambda(l, node);
	case AST_NAMED: return lower_named(l, node);
	case AST_YIELD: return lower_yield(l, node);
	case AST_AWAIT: return lower_await(l, node);
	case AST_STAR:
	case AST_DOUBLE_STAR:
	case AST_KEYWORD:
	case AST_TYPE:
	case AST_AS_PATTERN: { /* only one operand is a value; the rest is for its parent */
		uint32_t inner = next_child(l, node, 0);
		return inner == 0 ? REF_NONE : lower_value(l, inner);
	}
	default: lower_unmodelled(l, UNMODELLED_SYNTAX, node_span(l, node)); return REF_NONE;
	}
}

ref lower_value(struct lower *l, uint32_t node)
{
	ref r;

	if (node == 0 || l->build.current == BLOCK_NONE || lower_is_full(l, node))
		return REF_NONE;
	if (l->nesting >= LOWER_DEPTH_MAX) {
		lower_unmodelled(l, UNMODELLED_DEPTH, node_span(l, node));
		return REF_NONE;
	}
	l->nesting++;
	r = value_of(l, node);
	l->nesting--;
	return r;
}
