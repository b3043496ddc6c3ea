/*
 * lifecycle.c - see lifecycle.h. Measured with FastAPI 0.92, 0.115 and 0.162 (runtime.md 6, 19, 21); the
 * versions in between are from its release notes.
 */
#include "program/provider.h"
#include "rule.h"

static const struct framework_version *version_here(const struct rule_ctx *ctx)
{
	return ctx->program->versions.of_module[ctx->fn->module];
}

/* Depends(get_db, scope="function"), from 0.121 on: taken back when the function returns. */
static bool ends_with_function(const struct rule_ctx *ctx, uint32_t resource)
{
	const struct project *p = ctx->program->project;
	uint32_t param = ctx->fn->resources[resource].param;
	struct dependency dep;
	return param != UINT32_MAX &&
	       dependency_of(ctx->scratch, p, ctx->fn->module, ctx->fn->scope,
	                     &project_module(p, ctx->fn->module)->params[param], &dep) &&
	       dep.function_scope;
}

enum lifetime lifetime_of(const struct rule_ctx *ctx, uint32_t resource)
{
	const struct framework_version *v = version_here(ctx);
	if (ends_with_function(ctx, resource))
		return ENDS_BEFORE;
	if (v->teardown == TEARDOWN_AFTER_RESPONSE)
		return LIVES_ON;
	return v->declared.len > 0 ? LIVES_ON_SOON : ENDS_BEFORE;
}

enum level lifetime_level(enum lifetime lives, enum level level)
{
	return lives == LIVES_ON_SOON && level > LEVEL_WARNING ? LEVEL_WARNING : level;
}

static const struct framework_version *assume_version(const struct rule_ctx *ctx, struct finding *f)
{
	const struct framework_version *v = version_here(ctx);
	f->assumed_version = v->version;
	f->assumed_from = v->from;
	f->depends_on_version = v->depends || v->declared.len > 0;
	return v;
}

/* "FastAPI 0.128.0, uv.lock"; of a range: "FastAPI 0.162.0, range >=0.100 in pyproject.toml". */
static struct str version_text(const struct rule_ctx *ctx, const struct framework_version *v)
{
	return arena_printf(ctx->scratch, "FastAPI %.*s, %.*s%s%.*s", STR_ARG(v->version),
	                    STR_ARG(v->range), v->range.len > 0 ? " in " : "", STR_ARG(v->from));
}

void draft_lives_on(const struct rule_ctx *ctx, struct finding *f, enum lifetime lives,
                    enum released_by by)
{
	const struct framework_version *v = assume_version(ctx, f);
	const char *when = by == RELEASED_STREAM_END ? "at stream end or disconnect"
	                                             : "when the background tasks have ended";
	struct str version = version_text(ctx, v);
	f->released_by = by;
	if (lives == LIVES_ON_SOON)
		draft_detail(ctx, f, "released",
		             "before the response is sent (%.*s); %s from FastAPI 0.118 on, which "
		             "%.*s in %.*s allows",
		             STR_ARG(version), when, STR_ARG(v->declared),
		             STR_ARG(v->declared_from));
	else if (v->depends)
		draft_detail(ctx, f, "released", "%s (%.*s; 0.106 to 0.117: before the response)",
		             when, STR_ARG(version));
	else
		draft_detail(ctx, f, "released", "%s (%.*s)", when, STR_ARG(version));
}

void draft_reopened(const struct rule_ctx *ctx, struct finding *f, uint32_t resource)
{
	const struct framework_version *v = assume_version(ctx, f);
	f->released_by = RELEASED_GARBAGE_COLLECTION;
	if (ends_with_function(ctx, resource))
		draft_detail(ctx, f, "why",
		             "scope=\"function\": its dependency has closed it before the "
		             "response is sent");
	else
		draft_detail(ctx, f, "why",
		             "its dependency has closed it before the response is sent (%.*s)",
		             STR_ARG(version_text(ctx, v)));
	draft_detail(ctx, f, "released", "when the cyclic garbage collector happens to run");
}
