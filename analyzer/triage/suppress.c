/* suppress.c - comments against findings, module by module; see suppress.h. */
#include "triage/suppress.h"
#include "triage/level.h"
#include "rule.h"

#include <stb/stb_ds.h>
#include <stdlib.h>

#define FORM "# idletx: ignore[RULE] -- reason"

/* The lines at which a comment is about a whole function. */
struct head {
	uint32_t first_line, def_line; /* from the first decorator to the def */
	struct span function;          /* decorators included */
};

/* One module with comments, and its findings. */
struct page {
	const struct module *module;
	struct finding *findings; /* sorted by line */
	size_t count;
	struct head *heads; /* sorted by line; stb_ds array */
	bool reported;      /* what is wrong with its comments is said */
};

/* ---- the comment ------------------------------------------------------- */

static bool warn(struct diag *d, const struct page *p, const struct suppression *s, const char *text)
{
	if (p->reported)
		diag_add(d, DIAG_WARNING, p->module->path, s->line, 0, "%s", text);
	return false;
}

/* Can the comment suppress anything? Says what is wrong with it when it cannot. */
static bool is_complete(struct arena *scratch, struct diag *d, const struct page *p,
                        const struct suppression *s)
{
	struct str id;

	if (s->rules.len == 0)
		return warn(d, p, s, "this comment names no rule: write " FORM);
	for (size_t at = 0; id_list_next(s->rules, &at, &id);)
		if (rule_find(id) == NULL)
			return warn(d, p, s, unknown_rule_text(scratch, id).ptr);
	if (s->reason.len == 0)
		return warn(d, p, s, "this comment gives no reason: write " FORM);
	return true;
}

static bool names_rule(const struct suppression *s, const struct rule *rule)
{
	struct str id;

	for (size_t at = 0; id_list_next(s->rules, &at, &id);)
		if (str_is(id, rule->id))
			return true;
	return false;
}

static bool all_enabled(const struct suppression *s, const bool *enabled)
{
	for (size_t i = 0; i < rule_count; i++)
		if (!enabled[i] && names_rule(s, rule_table[i]))
			return false;
	return true;
}

/* ---- what it is about -------------------------------------------------- */

static int head_cmp(const void *left, const void *right)
{
	const struct head *a = left, *b = right;
	uint32_t x = a->function.start, y = b->function.start;

	return (x > y) - (x < y);
}

static void list_heads(struct page *p)
{
	const struct module *m = p->module;

	for (uint32_t i = 0; i < m->scope_count; i++) {
		const struct scope *s = &m->scopes[i];
		if (s->kind != SCOPE_FUNCTION)
			continue;
		struct head h = {
			.first_line = module_line(m, s->decorated.start),
			.def_line = module_line(m, s->name_span.start),
			.function = s->decorated,
		};
		arrput(p->heads, h);
	}
	if (arrlenu(p->heads) > 1)
		qsort(p->heads, arrlenu(p->heads), sizeof(*p->heads), head_cmp);
}

/* The function whose head a line is in, or NULL. Heads do not overlap: the last that begins decides. */
static const struct head *head_at(const struct page *p, uint32_t line)
{
	size_t low = 0, high = arrlenu(p->heads);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (p->heads[middle].first_line <= line)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && line <= p->heads[low - 1].def_line ? &p->heads[low - 1] : NULL;
}

static size_t first_from_line(const struct page *p, uint32_t line)
{
	size_t low = 0, high = p->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (p->findings[middle].at.line < line)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Marks what the comment accepts; false when that is nothing. */
static bool apply(const struct page *p, const struct suppression *s)
{
	const struct head *head = head_at(p, s->applies);
	uint32_t first = head == NULL ? s->applies : head->first_line;
	uint32_t last = head == NULL ? s->applies : module_line(p->module, head->function.end);
	bool any = false;

	for (size_t i = first_from_line(p, first); i < p->count; i++) {
		struct finding *f = &p->findings[i];
		if (f->at.line > last)
			break;
		if (!names_rule(s, f->rule))
			continue;
		any = true;
		if (f->status == STATUS_OPEN) {
			f->status = STATUS_SUPPRESSED;
			f->reason = s->reason;
		}
	}
	return any;
}

/* ---- modules ----------------------------------------------------------- */

static void apply_comments(struct arena *scratch, struct page *p, const bool *enabled,
                           struct diag *d)
{
	const struct module *m = p->module;

	list_heads(p);
	for (uint32_t i = 0; i < m->suppression_count; i++) {
		const struct suppression *s = &m->suppressions[i];
		if (is_complete(scratch, d, p, s) && !apply(p, s) && all_enabled(s, enabled))
			warn(d, p, s, "this comment suppresses nothing: remove it");
	}
	arrfree(p->heads);
}

void suppress_findings(const struct project *project, const bool *enabled, struct diag *d,
                       struct finding *findings, size_t count)
{
	struct arena scratch;
	size_t first = 0;

	arena_init(&scratch);
	for (module_id i = 0; i < project->module_count; i++) {
		const struct module *m = project_module(project, i);
		/* Both are sorted by path. */
		while (first < count && str_cmp(findings[first].at.path, m->path) < 0)
			first++;
		size_t end = first;
		while (end < count && str_eq(findings[end].at.path, m->path))
			end++;
		struct page p = {.module = m,
		                 .findings = end > first ? &findings[first] : NULL,
		                 .count = end - first,
		                 .reported = project->modules[i].report};
		if (m->suppression_count > 0 && (p.reported || end > first) && !m->generated)
			apply_comments(&scratch, &p, enabled, d);
		first = end;
	}
	arena_release(&scratch);
}
