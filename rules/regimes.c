/*
 * regimes.c - a declared range may allow versions that tear dependencies down at different moments. What a rule finds
 * in only some of them is said once, and with which: a rule that never asked for the version is not run again.
 */
#include "regimes.h"

#include "rule.h"

#include <stb/stb_ds.h>

static const struct framework_version *version_of(const struct rule_ctx *ctx)
{
	return ctx->program->versions.of_module[ctx->fn->module];
}

/* Has the rule asked for nothing that is another in the two regimes? Then it finds the same. */
static bool same_answers(const struct regime *a, const struct regime *b, unsigned asked)
{
	return ((asked & ASKED_TEARDOWN) == 0 || a->teardown == b->teardown) &&
	       ((asked & ASKED_STREAMS) == 0 || a->streams == b->streams);
}

/* The regime before this one that has its answers, or itself. */
static unsigned first_like(const struct framework_version *v, unsigned regime, unsigned asked)
{
	unsigned i = 0;
	while (!same_answers(&v->regimes[i], &v->regimes[regime], asked))
		i++;
	return i;
}

static bool same_place(struct str path_a, struct span a, struct str path_b, struct span b)
{
	return str_eq(path_a, path_b) && a.start == b.start && a.end == b.end;
}

static bool same_defect(const struct finding *a, const struct finding *b)
{
	return same_place(a->at.path, a->at.span, b->at.path, b->at.span) &&
	       same_place(a->lent_to.path, a->lent_to.span, b->lent_to.path, b->lent_to.span) &&
	       str_eq(a->resource.name, b->resource.name) && a->ordinal == b->ordinal;
}

static bool same_verdict(const struct finding *a, const struct finding *b)
{
	return a->level == b->level && a->released_by == b->released_by &&
	       str_eq(a->message, b->message);
}

/* The findings from 'begin' on, which hold in another regime, among those from 'first' on. */
static void take_in(struct rule_ctx *ctx, size_t first, size_t begin)
{
	struct finding *all = *ctx->findings;
	size_t kept = begin;
	for (size_t i = begin; i < arrlenu(all); i++) {
		size_t known = first;
		while (known < begin && !same_defect(&all[known], &all[i]))
			known++;
		if (known < begin && same_verdict(&all[known], &all[i]))
			all[known].regimes |= all[i].regimes;
		else if (known == begin)
			all[kept++] = all[i];
	}
	arrsetlen(*ctx->findings, kept);
}

static void tell_versions(const struct rule_ctx *ctx, struct finding *f)
{
	const struct framework_version *v = version_of(ctx);
	struct str assumed;
	if (f->assumed_version.len == 0)
		(void)draft_version(ctx, f, &assumed);
	f->depends_on_version = true;
	if ((f->regimes & 1) == 0 && f->level > LEVEL_WARNING)
		f->level = LEVEL_WARNING; /* nobody says that this version is what runs */
	f->message = arena_printf(ctx->run, "%.*s; depends on the version: FastAPI %.*s",
	                          STR_ARG(f->message),
	                          STR_ARG(regimes_text(ctx->scratch, v, f->regimes)));
}

void check_in_regimes(struct rule_ctx *ctx)
{
	const struct framework_version *v = version_of(ctx);
	size_t first = arrlenu(*ctx->findings);
	unsigned all = (1u << v->regime_count) - 1;
	const unsigned *asked = ctx->asked = arena_new(ctx->scratch, unsigned);
	ctx->regime = 0;
	ctx->rule->check(ctx);
	for (unsigned i = 1; i < v->regime_count && *asked != 0; i++) {
		unsigned like = first_like(v, i, *asked);
		size_t begin = arrlenu(*ctx->findings);
		if (like < i) {
			for (size_t k = first; k < begin; k++)
				if (((*ctx->findings)[k].regimes & (1u << like)) != 0)
					(*ctx->findings)[k].regimes |= 1u << i;
			continue;
		}
		ctx->regime = i;
		ctx->rule->check(ctx);
		take_in(ctx, first, begin);
	}
	for (size_t k = first; k < arrlenu(*ctx->findings) && *asked != 0; k++)
		if ((*ctx->findings)[k].regimes != all)
			tell_versions(ctx, &(*ctx->findings)[k]);
	ctx->regime = 0;
}
