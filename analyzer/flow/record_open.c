/* record_open.c - reads everything of a record but its graphs. */
#include "flow/record.h"
#include "flow/record_format.h"
#include "flow/record_read.h"

struct opening {
	struct cursor in;
	struct arena *run;
	struct interner *names;
	struct loaded_module *out;
	struct module *m;
	expr_id last_expr;
};

static name_id read_name(struct opening *o)
{
	return cursor_name(&o->in, o->out->names, o->out->name_count);
}

/* An expression, told by its distance from the last that was named. */
static expr_id read_expr_id(struct opening *o)
{
	o->last_expr = cursor_near(&o->in, o->last_expr, o->m->expr_count);
	return o->last_expr;
}

static expr_id read_expr_if(struct opening *o, bool there)
{
	return there ? read_expr_id(o) : EXPR_NONE;
}

static struct span read_name_span(struct opening *o, name_id name)
{
	return cursor_name_span(&o->in, intern_text(o->names, name).len);
}

static void read_strings(struct opening *o)
{
	uint32_t count = cursor_count(&o->in, 1);

	o->out->name_count = count;
	o->out->names = arena_array(o->run, name_id, (size_t)count + 1);
	for (uint32_t i = 1; i <= count && o->in.why == NULL; i++)
		o->out->names[i] = intern(o->names, cursor_str(&o->in));
}

static void read_file(struct opening *o)
{
	struct module *m = o->m;

	m->path = arena_str(o->run, cursor_str(&o->in));
	m->content_hash[0] = cursor_u64(&o->in);
	m->content_hash[1] = cursor_u64(&o->in);
	m->size = (uint32_t)cursor_below(&o->in, UINT32_MAX);
	m->generated = cursor_below(&o->in, 2) != 0;
	m->error_line = (uint32_t)cursor_below(&o->in, UINT32_MAX);
	m->error_count = (uint32_t)cursor_below(&o->in, UINT32_MAX);
	for (int i = 0; i < UNMODELLED_COUNT; i++)
		m->unmodelled[i] = (uint32_t)cursor_below(&o->in, UINT32_MAX);
	o->in.size = m->size;
}

static void read_lines(struct opening *o)
{
	struct module *m = o->m;
	uint64_t at = 0;

	m->line_count = cursor_count(&o->in, 1);
	if (m->line_count == 0)
		cursor_fail(&o->in, "a file without a line");
	m->line_starts = arena_array(o->run, uint32_t, m->line_count);
	for (uint32_t i = 1; i < m->line_count && o->in.why == NULL; i++) {
		at += cursor_number(&o->in);
		if (at > m->size)
			cursor_fail(&o->in, "a line starts after the end");
		m->line_starts[i] = (uint32_t)at;
	}
}

static void read_expr(struct opening *o, uint32_t i)
{
	struct expr *e = &o->m->exprs[i];
	uint8_t head = cursor_byte(&o->in);

	e->kind = (enum expr_kind)(head & EXPR_KIND_MASK);
	if ((unsigned)e->kind > EXPR_OTHER)
		cursor_fail(&o->in, "an unknown kind of expression");
	if (head & EXPR_HAS_TEXT)
		e->text = read_name(o);
	e->next = i + 1;
	if (head & EXPR_HAS_CHILDREN)
		e->next += (uint32_t)cursor_below(&o->in, o->m->expr_count - i);
	e->span = head & EXPR_HAS_SPAN ? cursor_span(&o->in) : o->in.last;
	e->scope = SCOPE_NONE;
	if (e->kind == EXPR_LAMBDA) /* checked when the number of scopes is known */
		e->scope = (scope_id)cursor_below(&o->in, UINT32_MAX) - 1;
}

static void read_exprs(struct opening *o)
{
	o->m->expr_count = cursor_count(&o->in, 1);
	o->m->exprs = arena_array(o->run, struct expr, o->m->expr_count);
	for (uint32_t i = 0; i < o->m->expr_count && o->in.why == NULL; i++)
		read_expr(o, i);
}

/* Children end where their parent does. */
static void check_exprs(struct opening *o)
{
	const struct module *m = o->m;
	uint32_t *ends = arena_array(o->run, uint32_t, (size_t)m->expr_count + 1);
	uint32_t open = 0;

	for (uint32_t i = 0; i < m->expr_count && o->in.why == NULL; i++) {
		const struct expr *e = &m->exprs[i];
		while (open > 0 && ends[open - 1] <= i)
			open--;
		if (open > 0 && e->next > ends[open - 1])
			cursor_fail(&o->in, "expressions overlap");
		if (e->scope != SCOPE_NONE && e->scope >= m->scope_count)
			cursor_fail(&o->in, "an expression's scope is out of range");
		ends[open++] = e->next;
	}
}

static void read_param(struct opening *o, struct param *p)
{
	uint64_t head = cursor_number(&o->in);

	if ((head & PARAM_KIND_MASK) > PARAM_DOUBLE_STAR)
		cursor_fail(&o->in, "an unknown kind of parameter");
	p->kind = (enum param_kind)(head & PARAM_KIND_MASK);
	p->name = read_name(o);
	p->span = read_name_span(o, p->name);
	p->annotation = read_expr_if(o, head & PARAM_HAS_ANNOTATION);
	p->value = read_expr_if(o, head & PARAM_HAS_VALUE);
}

static void read_entry(struct opening *o, struct entry_match *e)
{
	e->kind = read_name(o);
	e->receiver = read_name(o);
	e->method = read_name(o);
	e->route = read_name(o);
	e->span = cursor_span(&o->in);
}

/* Makes room for 'count' more of an array that grows with each scope. */
static void *grow(struct opening *o, void *old, uint32_t *have, uint32_t *room, uint32_t count,
                  size_t size)
{
	uint32_t need = *have + count;

	if (need <= *room)
		return old;
	uint32_t wanted = *room * 2 > need ? *room * 2 : need + 16;
	void *made = arena_alloc_array(o->run, wanted, size, _Alignof(max_align_t));
	if (*have > 0)
		memcpy(made, old, *have * size);
	*room = wanted;
	return made;
}

struct rooms {
	uint32_t params, decorators, bases, entries;
};

static void read_expr_ids(struct opening *o, expr_id *to, uint32_t at, uint32_t count)
{
	for (uint32_t i = at; i < at + count && o->in.why == NULL; i++)
		to[i] = read_expr_id(o);
}

static void read_params(struct opening *o, struct scope *s, struct rooms *rooms)
{
	struct module *m = o->m;

	s->param_count = cursor_count(&o->in, 3);
	m->params = grow(o, m->params, &m->param_count, &rooms->params, s->param_count,
	                 sizeof(*m->params));
	s->first_param = m->param_count;
	for (uint32_t i = 0; i < s->param_count && o->in.why == NULL; i++)
		read_param(o, &m->params[m->param_count++]);
}

static void read_scope_lists(struct opening *o, struct scope *s, struct rooms *rooms)
{
	struct module *m = o->m;

	s->decorator_count = cursor_count(&o->in, 1);
	s->base_count = cursor_count(&o->in, 1);
	s->entry_count = cursor_count(&o->in, 5);
	m->decorators = grow(o, m->decorators, &m->decorator_count, &rooms->decorators,
	                     s->decorator_count, sizeof(*m->decorators));
	read_expr_ids(o, m->decorators, m->decorator_count, s->decorator_count);
	m->decorator_count += s->decorator_count;
	m->bases = grow(o, m->bases, &m->base_count, &rooms->bases, s->base_count,
	                sizeof(*m->bases));
	read_expr_ids(o, m->bases, m->base_count, s->base_count);
	m->base_count += s->base_count;
	m->entries = grow(o, m->entries, &m->entry_count, &rooms->entries, s->entry_count,
	                  sizeof(*m->entries));
	for (uint32_t i = 0; i < s->entry_count && o->in.why == NULL; i++)
		read_entry(o, &m->entries[m->entry_count++]);
}

/* A scope's parent stands in front of it; only the module has none. */
static void read_parent(struct opening *o, uint32_t i, struct scope *s)
{
	s->parent = (scope_id)(uint32_t)(cursor_below(&o->in, (uint64_t)i + 1) - 1);
	if ((i == 0) != (s->parent == SCOPE_NONE) || (i == 0) != (s->kind == SCOPE_MODULE))
		cursor_fail(&o->in, "a scope without a parent");
}

static void read_scope_spans(struct opening *o, struct scope *s, bool decorated)
{
	s->span = s->decorated = cursor_span(&o->in);
	s->name_span = (struct span){s->span.start, s->span.start};
	if (decorated)
		s->decorated.start -= (uint32_t)cursor_below(&o->in, (uint64_t)s->span.start + 1);
	if (s->kind == SCOPE_FUNCTION || s->kind == SCOPE_CLASS)
		s->name_span = read_name_span(o, s->name);
}

static void read_scope(struct opening *o, uint32_t i, struct rooms *rooms)
{
	struct scope *s = &o->m->scopes[i];
	uint64_t head = cursor_number(&o->in);

	s->kind = (enum scope_kind)(head & SCOPE_KIND_MASK);
	s->flags = head >> SCOPE_FLAGS_SHIFT & SCOPE_FLAGS_MASK;
	read_parent(o, i, s);
	s->name = read_name(o);
	if (o->in.why != NULL)
		return;
	s->qualname = scope_qualname(o->names, i == 0 ? NULL : &o->m->scopes[s->parent], s->name);
	read_scope_spans(o, s, head & SCOPE_IS_DECORATED);
	s->body_hash = cursor_u64(&o->in);
	s->first_decorator = o->m->decorator_count;
	s->first_base = o->m->base_count;
	s->first_entry = o->m->entry_count;
	if (head & SCOPE_HAS_LISTS)
		read_scope_lists(o, s, rooms);
	read_params(o, s, rooms);
	s->returns = read_expr_if(o, head & SCOPE_HAS_RETURNS);
}

static void read_scopes(struct opening *o)
{
	struct rooms rooms = {0};

	o->m->scope_count = cursor_count(&o->in, 14);
	if (o->m->scope_count == 0)
		cursor_fail(&o->in, "a module without a body");
	o->m->scopes = arena_array(o->run, struct scope, o->m->scope_count);
	for (uint32_t i = 0; i < o->m->scope_count && o->in.why == NULL; i++)
		read_scope(o, i, &rooms);
}

static void read_import(struct opening *o, uint32_t i)
{
	struct import *p = &o->m->imports[i];
	uint64_t head = cursor_below(&o->in, (uint64_t)o->m->scope_count << IMPORT_SCOPE_SHIFT);

	p->scope = (scope_id)(head >> IMPORT_SCOPE_SHIFT);
	p->flags = head & IMPORT_FLAGS_MASK;
	if ((head & IMPORT_SAME_MODULE) && i == 0)
		cursor_fail(&o->in, "the first import repeats one");
	p->module = head & IMPORT_SAME_MODULE && i > 0 ? p[-1].module : read_name(o);
	p->name = read_name(o);
	p->alias = head & IMPORT_SAME_NAME ? p->name : read_name(o);
	p->span = cursor_span(&o->in);
}

static void read_imports(struct opening *o)
{
	o->m->import_count = cursor_count(&o->in, 4);
	o->m->imports = arena_array(o->run, struct import, o->m->import_count);
	for (uint32_t i = 0; i < o->m->import_count && o->in.why == NULL; i++)
		read_import(o, i);
}

static void read_binding(struct opening *o, struct binding *b)
{
	uint64_t head = cursor_below(&o->in, (uint64_t)o->m->scope_count << BINDING_SCOPE_SHIFT);

	b->scope = b->from = (scope_id)(head >> BINDING_SCOPE_SHIFT);
	if (head & BINDING_FROM_WITHIN)
		b->from = (scope_id)cursor_below(&o->in, o->m->scope_count);
	b->name = read_name(o);
	b->span = read_name_span(o, b->name);
	b->annotation = read_expr_if(o, head & BINDING_HAS_ANNOTATION);
	b->value = read_expr_if(o, head & BINDING_HAS_VALUE);
}

static void read_bindings(struct opening *o)
{
	o->m->binding_count = cursor_count(&o->in, 3);
	o->m->bindings = arena_array(o->run, struct binding, o->m->binding_count);
	for (uint32_t i = 0; i < o->m->binding_count && o->in.why == NULL; i++)
		read_binding(o, &o->m->bindings[i]);
}

static void read_suppressions(struct opening *o)
{
	struct module *m = o->m;

	m->suppression_count = cursor_count(&o->in, 6);
	m->suppressions = arena_array(o->run, struct suppression, m->suppression_count);
	for (uint32_t i = 0; i < m->suppression_count && o->in.why == NULL; i++) {
		struct suppression *s = &m->suppressions[i];
		uint64_t head = cursor_below(&o->in, (uint64_t)UINT32_MAX << 1);
		s->line = (uint32_t)(head >> 1);
		s->alone = head & 1;
		s->applies = (uint32_t)cursor_below(&o->in, UINT32_MAX);
		s->rules = arena_str(o->run, cursor_str(&o->in));
		s->reason = arena_str(o->run, cursor_str(&o->in));
		s->span = cursor_span(&o->in);
	}
}

/* The lengths of the graphs, which must fill the rest of the record exactly. */
static void read_offsets(struct opening *o)
{
	uint32_t *offsets = arena_array(o->run, uint32_t, (size_t)o->m->scope_count + 1);
	uint64_t total = 0;

	for (uint32_t i = 0; i < o->m->scope_count && o->in.why == NULL; i++) {
		offsets[i] = (uint32_t)total;
		total += cursor_below(&o->in, UINT32_MAX);
		if (total > o->out->record.len)
			cursor_fail(&o->in, "a graph is longer than the record");
	}
	if (o->in.why != NULL)
		return;
	if (total != (uint64_t)(o->in.end - o->in.at)) {
		cursor_fail(&o->in, "the graphs do not fill the record");
		return;
	}
	offsets[o->m->scope_count] = (uint32_t)total;
	uint32_t base = (uint32_t)(o->in.at - o->out->record.bytes);
	for (uint32_t i = 0; i <= o->m->scope_count; i++)
		offsets[i] += base;
	o->out->cfg_offsets = offsets;
}

static void check_head(struct opening *o)
{
	const char *magic = RECORD_MAGIC;

	for (size_t i = 0; i < strlen(RECORD_MAGIC); i++)
		if (cursor_byte(&o->in) != (uint8_t)magic[i])
			cursor_fail(&o->in, "not a record");
	if (o->in.why == NULL && cursor_number(&o->in) != RECORD_VERSION)
		cursor_fail(&o->in, "a record of another version");
}

bool record_open(struct arena *run, struct interner *names, struct record r,
                 struct loaded_module *out, const char **why)
{
	struct opening o = {.in = cursor_on(r.bytes, r.len),
	                    .run = run,
	                    .names = names,
	                    .out = out,
	                    .m = &out->module};
	void (*const parts[])(struct opening *) = {
		read_strings, read_file,    read_lines,    read_exprs,        read_scopes,
		check_exprs,  read_imports, read_bindings, read_suppressions, read_offsets,
	};

	memset(out, 0, sizeof(*out));
	out->record = r;
	if (r.len >= UINT32_MAX)
		cursor_fail(&o.in, "the record is too long");
	check_head(&o);
	for (size_t i = 0; i < ARRAY_LEN(parts) && o.in.why == NULL; i++)
		parts[i](&o);
	if (o.in.why != NULL)
		*why = o.in.why;
	return o.in.why == NULL;
}
