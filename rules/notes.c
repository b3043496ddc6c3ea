/* notes.c - see notes.h. */
#include "notes.h"

#include <assert.h>

/* Who calls things of one name. */
struct caller {
	name_id name;
	scope_id scope;
	bool others; /* further functions do, too */
};

void notes_init(struct module_notes *n, const struct module *m)
{
	*n = (struct module_notes){.reads_left = READS_BASE +
	                                         (uint64_t)READS_PER_SCOPE * m->scope_count};
	arena_init(&n->arena);
}

void notes_release(struct module_notes *n)
{
	arena_release(&n->arena);
}

bool notes_may_read(const struct rule_ctx *ctx, uint32_t functions)
{
	struct module_notes *n = ctx->notes;
	if (functions > n->reads_left) {
		n->refused++;
		return false;
	}
	n->reads_left -= functions;
	return true;
}

bool notes_may_read_body(const struct rule_ctx *ctx, module_id m, scope_id scope)
{
	struct span span = project_scope(ctx->program->project, m, scope)->span;
	return notes_may_read(ctx, 1 + (span.end - span.start) / READ_BYTES);
}

static uint32_t *slot_of(const struct module_notes *n, name_id name)
{
	assert(n->called != NULL);
	uint32_t i = (uint32_t)(name * UINT32_C(2654435769)) & (n->slot_count - 1);
	while (n->called[i] != 0 && n->callers[n->called[i] - 1].name != name)
		i = (i + 1) & (n->slot_count - 1);
	return &n->called[i];
}

static name_id called_name(const struct cfg *cfg, const struct event *e)
{
	if (e->kind != EV_CALL)
		return NAME_NONE;
	if (e->name != NAME_NONE || ref_kind(e->a) != REF_KIND_PLACE)
		return e->name;
	return cfg->places[ref_index(e->a)].root;
}

static void add_caller(struct module_notes *n, name_id name, scope_id scope)
{
	uint32_t *slot = slot_of(n, name);
	if (*slot == 0) {
		n->callers[n->caller_count++] = (struct caller){.name = name, .scope = scope};
		*slot = n->caller_count;
	} else if (n->callers[*slot - 1].scope != scope) {
		n->callers[*slot - 1].others = true;
	}
}

/* Reads all functions once. No more names are called than the file has. */
static void list_callers(const struct rule_ctx *ctx)
{
	struct module_notes *n = ctx->notes;
	const struct loaded_module *m = &ctx->program->project->modules[ctx->fn->module].loaded;
	struct arena scratch;
	for (n->slot_count = 8; n->slot_count < 2 * (uint64_t)m->name_count;)
		n->slot_count *= 2;
	n->called = arena_array(&n->arena, uint32_t, n->slot_count);
	n->callers = arena_array(&n->arena, struct caller, m->name_count + 1);
	arena_init(&scratch);
	for (scope_id s = 1; s < m->module.scope_count; s++) {
		struct cfg cfg;
		if (m->module.scopes[s].kind == SCOPE_FUNCTION && record_cfg(&scratch, m, s, &cfg))
			for (uint32_t i = 0; i < cfg.event_count; i++)
				if (called_name(&cfg, &cfg.events[i]) != NAME_NONE)
					add_caller(n, called_name(&cfg, &cfg.events[i]), s);
		arena_clear(&scratch);
	}
	arena_release(&scratch);
}

bool notes_called_by_other(const struct rule_ctx *ctx, name_id name, scope_id scope)
{
	struct module_notes *n = ctx->notes;
	if (n->called == NULL)
		list_callers(ctx);
	uint32_t found = *slot_of(n, name);
	return found != 0 && (n->callers[found - 1].scope != scope || n->callers[found - 1].others);
}
