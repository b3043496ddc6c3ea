/* record_write.c - from a module and its graphs to one block of bytes. */
#include "flow/record_write.h"
#include "base/memory.h"
#include "flow/record_format.h"

#include <assert.h>
#include <stdlib.h>
#include <stb/stb_ds.h>

struct record_writer {
	const struct interner *names;
	uint8_t *strings, *facts, *graphs; /* stb_ds */
	uint32_t *lengths;                 /* stb_ds: of each graph */
	uint32_t *numbers;                 /* stb_ds, by name_id: 0, or the string's number */
	uint32_t string_count;
	struct span last;  /* span */
	expr_id last_expr; /* that a fact named */
};

struct record_writer *record_writer_new(void)
{
	struct record_writer *w = memory_resize(NULL, sizeof(*w));

	memset(w, 0, sizeof(*w));
	return w;
}

void record_writer_free(struct record_writer *w)
{
	if (w == NULL)
		return;
	arrfree(w->strings);
	arrfree(w->facts);
	arrfree(w->graphs);
	arrfree(w->lengths);
	arrfree(w->numbers);
	free(w);
}

void record_begin(struct record_writer *w, const struct interner *names)
{
	w->names = names;
	arrsetlen(w->strings, 0);
	arrsetlen(w->facts, 0);
	arrsetlen(w->graphs, 0);
	arrsetlen(w->lengths, 0);
	arrsetlen(w->numbers, 0);
	w->string_count = 0;
}

/* ---- numbers and strings ----------------------------------------------------------------------- */

static void put_byte(uint8_t **to, uint8_t byte)
{
	arrput(*to, byte);
}

static void put(uint8_t **to, uint64_t value)
{
	while (value >= 0x80) {
		put_byte(to, (uint8_t)(value | 0x80));
		value >>= 7;
	}
	put_byte(to, (uint8_t)value);
}

static void put_signed(uint8_t **to, int64_t value)
{
	put(to, ((uint64_t)value << 1) ^ (uint64_t)(value >> 63));
}

static void put_bytes(uint8_t **to, const void *bytes, size_t len)
{
	if (len > 0)
		memcpy(arraddnptr(*to, len), bytes, len);
}

static void put_str(uint8_t **to, struct str s)
{
	put(to, s.len);
	put_bytes(to, s.ptr, s.len);
}

static uint32_t number_of(struct record_writer *w, name_id name)
{
	if (name == NAME_NONE)
		return 0;
	while (arrlenu(w->numbers) <= name)
		arrput(w->numbers, 0);
	if (w->numbers[name] == 0) {
		w->numbers[name] = ++w->string_count;
		put_str(&w->strings, intern_text(w->names, name));
	}
	return w->numbers[name];
}

static void put_name(struct record_writer *w, uint8_t **to, name_id name)
{
	put(to, number_of(w, name));
}

static void put_start(struct record_writer *w, uint8_t **to, struct span s)
{
	put_signed(to, (int64_t)s.start - w->last.start);
}

static void put_span(struct record_writer *w, uint8_t **to, struct span s)
{
	put_start(w, to, s);
	put(to, s.end == w->last.end ? 0 : (uint64_t)(s.end - s.start) + 1);
	w->last = s;
}

/* The span of a name is as long as its text. */
static void put_name_span(struct record_writer *w, uint8_t **to, struct span s)
{
	put_start(w, to, s);
	w->last = s;
}

/* ---- graphs -------------------------------------------------------------------------------------- */

static void put_ref(struct record_writer *w, ref r, uint32_t event)
{
	uint64_t value = ref_index(r);

	if (ref_kind(r) == REF_KIND_TEMP) {
		int64_t back = (int64_t)event - (int64_t)ref_index(r);
		value = ((uint64_t)back << 1) ^ (uint64_t)(back >> 63);
	} else if (ref_kind(r) == REF_KIND_TEXT) {
		value = number_of(w, ref_index(r));
	}
	put(&w->graphs, value << 3 | ref_kind(r));
}

static void put_place(struct record_writer *w, const struct place *p)
{
	uint64_t head = p->root_kind | (uint64_t)p->step_count << 2;

	for (uint8_t i = 0; i < p->step_count; i++)
		head |= (uint64_t)p->steps[i].kind << (4 + 2 * i);
	put(&w->graphs, head);
	put(&w->graphs, p->root_kind == PLACE_TOKEN ? p->root : number_of(w, p->root));
	for (uint8_t i = 0; i < p->step_count; i++)
		if (p->steps[i].kind != STEP_INDEX)
			put_name(w, &w->graphs, p->steps[i].name);
}

static void put_args(struct record_writer *w, const struct cfg *c, const struct event *e,
                     uint32_t event)
{
	const struct arg *args = c->args + e->first_arg;
	unsigned marked = ARGS_PLAIN;

	for (uint32_t i = 0; i < e->arg_count; i++)
		if (args[i].keyword != NAME_NONE || args[i].flags != 0)
			marked = ARGS_MARKED;
	put(&w->graphs, (uint64_t)e->arg_count << 1 | marked);
	for (uint32_t i = 0; i < e->arg_count; i++) {
		put_ref(w, args[i].value, event);
		if (marked)
			put(&w->graphs,
			    (uint64_t)number_of(w, args[i].keyword) << 2 | args[i].flags);
	}
}

static bool has_part(const struct event *e, enum record_part part)
{
	switch (part) {
	case PART_NONE: return false;
	case PART_B: return e->b != REF_NONE;
	case PART_NAME: return e->name != NAME_NONE;
	case PART_INDEX: return e->index != 0;
	case PART_ARGS: return e->arg_count != 0;
	}
	return false;
}

static void put_part(struct record_writer *w, const struct cfg *c, uint32_t event,
                     enum record_part part)
{
	const struct event *e = &c->events[event];

	switch (part) {
	case PART_NONE: break;
	case PART_B: put_ref(w, e->b, event); break;
	case PART_NAME: put_name(w, &w->graphs, e->name); break;
	case PART_INDEX: put(&w->graphs, e->index + 1); break; /* TOKEN_DONE is 0 */
	case PART_ARGS: put_args(w, c, e, event); break;
	}
}

static void put_event(struct record_writer *w, const struct cfg *c, uint32_t event)
{
	const struct event *e = &c->events[event];
	const struct record_shape *s = &record_shapes[e->kind];
	bool first = has_part(e, (enum record_part)s->first);
	bool second = has_part(e, (enum record_part)s->second);
	bool name = e->name != NAME_NONE && s->first != PART_NAME;
	bool args = e->arg_count > 0 && s->first != PART_ARGS && s->second != PART_ARGS;
	uint32_t flags = e->flags | (name ? FLAG_HAS_NAME : 0u) | (args ? FLAG_HAS_ARGS : 0u);

	put_byte(&w->graphs,
	         (uint8_t)((unsigned)e->kind | (flags != 0 ? EVENT_HAS_FLAGS : 0u) |
	                   (first ? EVENT_HAS_FIRST : 0u) | (second ? EVENT_HAS_SECOND : 0u)));
	if (flags != 0)
		put(&w->graphs, flags);
	if (name)
		put_name(w, &w->graphs, e->name);
	if (args)
		put_args(w, c, e, event);
	bool same = s->op && e->span.start == w->last.start && e->span.end == w->last.end;
	if (s->op)
		put_byte(&w->graphs, (uint8_t)(e->op | (same ? OP_SAME_SPAN : 0)));
	if (!same)
		put_span(w, &w->graphs, e->span);
	if (s->a)
		put_ref(w, e->a, event);
	if (first)
		put_part(w, c, event, (enum record_part)s->first);
	if (second)
		put_part(w, c, event, (enum record_part)s->second);
}

static void put_block(struct record_writer *w, const struct cfg *c, uint32_t i, block_id *raise)
{
	const struct block *b = &c->blocks[i];
	unsigned edges = event_edges(
		b->event_count == 0 ? NULL : &c->events[b->first_event + b->event_count - 1]);
	bool next = edges & 1u << EDGE_NEXT, raises = edges & 1u << EDGE_RAISE;
	bool falls = next && b->succ[EDGE_NEXT] == i + 1;
	bool alike = raises && b->succ[EDGE_RAISE] == *raise;

	put(&w->graphs, (uint64_t)b->event_count << BLOCK_COUNT_SHIFT |
	                        (alike ? BLOCK_RAISES_ALIKE : 0u) |
	                        (falls ? BLOCK_FALLS_THROUGH : 0u));
	for (uint32_t e = 0; e < b->event_count; e++)
		put_event(w, c, b->first_event + e);
	if (next && !falls)
		put_signed(&w->graphs, (int64_t)b->succ[EDGE_NEXT] - i);
	if (edges & 1u << EDGE_FALSE)
		put_signed(&w->graphs, (int64_t)b->succ[EDGE_FALSE] - i);
	if (raises && !alike)
		put_signed(&w->graphs, (int64_t)b->succ[EDGE_RAISE] - i);
	if (raises)
		*raise = b->succ[EDGE_RAISE];
}

void record_add_cfg(struct record_writer *w, uint32_t start, const struct cfg *c)
{
	size_t before = arrlenu(w->graphs);
	block_id raise = 0;
	uint32_t arg_count = 0;

	/* Arguments may be shared between events; each gets its own when this is read. */
	for (uint32_t i = 0; i < c->event_count; i++)
		arg_count += c->events[i].arg_count;
	put(&w->graphs, c->event_count);
	put(&w->graphs, arg_count);
	put(&w->graphs, c->place_count);
	put(&w->graphs, c->block_count);
	put(&w->graphs, c->token_count);
	w->last = (struct span){start, start};
	for (uint32_t i = 0; i < c->place_count; i++)
		put_place(w, &c->places[i]);
	for (uint32_t i = 0; i < c->block_count; i++)
		put_block(w, c, i, &raise);
	arrput(w->lengths, (uint32_t)(arrlenu(w->graphs) - before));
}

/* ---- facts ----------------------------------------------------------------------------------------- */

/* Facts name expressions mostly in their order, so each is told by its distance from the last. */
static void put_expr_id(struct record_writer *w, expr_id id)
{
	put_signed(&w->facts, (int64_t)id - w->last_expr);
	w->last_expr = id;
}

static void put_u64(struct record_writer *w, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		put_byte(&w->facts, (uint8_t)(value >> (8 * i)));
}

static void put_param(struct record_writer *w, const struct param *p)
{
	put(&w->facts, (uint64_t)p->kind | (p->annotation != EXPR_NONE ? PARAM_HAS_ANNOTATION : 0u) |
	                       (p->value != EXPR_NONE ? PARAM_HAS_VALUE : 0u));
	put_name(w, &w->facts, p->name);
	put_name_span(w, &w->facts, p->span);
	if (p->annotation != EXPR_NONE)
		put_expr_id(w, p->annotation);
	if (p->value != EXPR_NONE)
		put_expr_id(w, p->value);
}

static void put_entry(struct record_writer *w, const struct entry_match *e)
{
	put_name(w, &w->facts, e->kind);
	put_name(w, &w->facts, e->receiver);
	put_name(w, &w->facts, e->method);
	put_name(w, &w->facts, e->route);
	put_span(w, &w->facts, e->span);
}

static void put_scope_lists(struct record_writer *w, const struct module *m, const struct scope *s)
{
	put(&w->facts, s->decorator_count);
	put(&w->facts, s->base_count);
	put(&w->facts, s->entry_count);
	for (uint32_t i = 0; i < s->decorator_count; i++)
		put_expr_id(w, m->decorators[s->first_decorator + i]);
	for (uint32_t i = 0; i < s->base_count; i++)
		put_expr_id(w, m->bases[s->first_base + i]);
	for (uint32_t i = 0; i < s->entry_count; i++)
		put_entry(w, &m->entries[s->first_entry + i]);
}

static bool has_own_name(const struct scope *s)
{
	return s->kind == SCOPE_FUNCTION || s->kind == SCOPE_CLASS;
}

/* What its parent and name tell (the qualified name) is not repeated. */
static void put_scope(struct record_writer *w, const struct module *m, const struct scope *s)
{
	bool decorated = s->decorated.start != s->span.start;
	bool lists = s->decorator_count + s->base_count + s->entry_count > 0;

	put(&w->facts, (uint64_t)s->kind | (uint64_t)s->flags << SCOPE_FLAGS_SHIFT |
	                       (decorated ? SCOPE_IS_DECORATED : 0u) |
	                       (lists ? SCOPE_HAS_LISTS : 0u) |
	                       (s->returns != EXPR_NONE ? SCOPE_HAS_RETURNS : 0u));
	put(&w->facts, (uint32_t)(s->parent + 1)); /* SCOPE_NONE is 0 */
	put_name(w, &w->facts, s->name);
	put_span(w, &w->facts, s->span);
	if (decorated)
		put(&w->facts, s->span.start - s->decorated.start);
	if (has_own_name(s))
		put_name_span(w, &w->facts, s->name_span);
	put_u64(w, s->body_hash);
	if (lists)
		put_scope_lists(w, m, s);
	put(&w->facts, s->param_count);
	for (uint32_t i = 0; i < s->param_count; i++)
		put_param(w, &m->params[s->first_param + i]);
	if (s->returns != EXPR_NONE)
		put_expr_id(w, s->returns);
}

/* 'end' is where the expression that is open ends; a new one starts there. */
static void put_expr(struct record_writer *w, const struct module *m, uint32_t i, uint32_t *end)
{
	const struct expr *e = &m->exprs[i];
	bool children = e->next > i + 1;
	bool span = i >= *end || e->kind == EXPR_CALL;

	put_byte(&w->facts,
	         (uint8_t)((unsigned)e->kind | (e->text != NAME_NONE ? EXPR_HAS_TEXT : 0u) |
	                   (children ? EXPR_HAS_CHILDREN : 0u) | (span ? EXPR_HAS_SPAN : 0u)));
	if (e->text != NAME_NONE)
		put_name(w, &w->facts, e->text);
	if (children)
		put(&w->facts, e->next - i - 1);
	if (span)
		put_span(w, &w->facts, e->span);
	if (e->kind == EXPR_LAMBDA)
		put(&w->facts, (uint32_t)(e->scope + 1));
	if (i >= *end)
		*end = e->next;
}

static void put_exprs(struct record_writer *w, const struct module *m)
{
	uint32_t end = 0;

	put(&w->facts, m->expr_count);
	for (uint32_t i = 0; i < m->expr_count; i++)
		put_expr(w, m, i, &end);
}

static void put_imports(struct record_writer *w, const struct module *m)
{
	name_id module = NAME_NONE;

	put(&w->facts, m->import_count);
	for (uint32_t i = 0; i < m->import_count; i++) {
		const struct import *p = &m->imports[i];
		bool same_module = i > 0 && p->module == module;
		bool same_name = p->alias == p->name;
		put(&w->facts, (uint64_t)p->scope << IMPORT_SCOPE_SHIFT | p->flags |
		                       (same_module ? IMPORT_SAME_MODULE : 0u) |
		                       (same_name ? IMPORT_SAME_NAME : 0u));
		if (!same_module)
			put_name(w, &w->facts, p->module);
		put_name(w, &w->facts, p->name);
		if (!same_name)
			put_name(w, &w->facts, p->alias);
		put_span(w, &w->facts, p->span);
		module = p->module;
	}
}

static void put_bindings(struct record_writer *w, const struct module *m)
{
	put(&w->facts, m->binding_count);
	for (uint32_t i = 0; i < m->binding_count; i++) {
		const struct binding *b = &m->bindings[i];
		put(&w->facts, (uint64_t)b->scope << BINDING_SCOPE_SHIFT |
		                       (b->annotation != EXPR_NONE ? BINDING_HAS_ANNOTATION : 0u) |
		                       (b->value != EXPR_NONE ? BINDING_HAS_VALUE : 0u) |
		                       (b->from != b->scope ? BINDING_FROM_WITHIN : 0u));
		if (b->from != b->scope)
			put(&w->facts, b->from);
		put_name(w, &w->facts, b->name);
		put_name_span(w, &w->facts, b->span);
		if (b->annotation != EXPR_NONE)
			put_expr_id(w, b->annotation);
		if (b->value != EXPR_NONE)
			put_expr_id(w, b->value);
	}
}

static void put_suppressions(struct record_writer *w, const struct module *m)
{
	put(&w->facts, m->suppression_count);
	for (uint32_t i = 0; i < m->suppression_count; i++) {
		const struct suppression *s = &m->suppressions[i];
		put(&w->facts, (uint64_t)s->line << 1 | s->alone);
		put(&w->facts, s->applies);
		put_str(&w->facts, s->rules);
		put_str(&w->facts, s->reason);
		put_span(w, &w->facts, s->span);
	}
}

static void put_lines(struct record_writer *w, const struct module *m)
{
	put(&w->facts, m->line_count);
	for (uint32_t i = 1; i < m->line_count; i++)
		put(&w->facts, m->line_starts[i] - m->line_starts[i - 1]);
}

static void put_file(struct record_writer *w, const struct module *m)
{
	put_str(&w->facts, m->path);
	put_u64(w, m->content_hash[0]);
	put_u64(w, m->content_hash[1]);
	put(&w->facts, m->size);
	put(&w->facts, m->generated);
	put(&w->facts, m->error_line);
	put(&w->facts, m->error_count);
	for (int i = 0; i < UNMODELLED_COUNT; i++)
		put(&w->facts, m->unmodelled[i]);
}

static void put_facts(struct record_writer *w, const struct module *m)
{
	w->last = (struct span){0, 0};
	w->last_expr = 0;
	put_file(w, m);
	put_lines(w, m);
	put_exprs(w, m);
	put(&w->facts, m->scope_count);
	for (uint32_t i = 0; i < m->scope_count; i++)
		put_scope(w, m, &m->scopes[i]);
	put_imports(w, m);
	put_bindings(w, m);
	put_suppressions(w, m);
	assert(arrlenu(w->lengths) == m->scope_count);
	for (size_t i = 0; i < arrlenu(w->lengths); i++)
		put(&w->facts, w->lengths[i]);
}

void record_end(struct record_writer *w, const struct module *m, struct arena *run,
                struct record *out)
{
	uint8_t *head = NULL;

	put_facts(w, m);
	put_bytes(&head, RECORD_MAGIC, strlen(RECORD_MAGIC));
	put(&head, RECORD_VERSION);
	put(&head, w->string_count);
	out->len = arrlenu(head) + arrlenu(w->strings) + arrlenu(w->facts) + arrlenu(w->graphs);
	uint8_t *to = arena_alloc(run, out->len, 1);
	out->bytes = to;
	memcpy(to, head, arrlenu(head));
	to += arrlenu(head);
	arrfree(head);
	const uint8_t *parts[] = {w->strings, w->facts, w->graphs};
	const size_t lens[] = {arrlenu(w->strings), arrlenu(w->facts), arrlenu(w->graphs)};
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (lens[i] > 0)
			memcpy(to, parts[i], lens[i]);
		to += lens[i];
	}
}
