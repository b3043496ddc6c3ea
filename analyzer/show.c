/* show.c - what a run says about itself: --stats, --dump, and the list of unknowns. */
#include "base/memory.h"
#include "flow/dump.h"
#include "pipeline.h"
#include "program/function.h"
#include "program/provider.h"
#include "program/summary.h"
#include "report/plain.h"
#include "rule.h"

#include <stb/stb_ds.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- unknowns ------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	const struct unknown *x = a, *y = b;
	int order = str_cmp(x->name, y->name);
	if (order == 0)
		order = (x->module > y->module) - (x->module < y->module); /* by path */
	return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static int by_count(const void *a, const void *b)
{
	const struct unknown_count *x = a, *y = b;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return str_cmp(x->what, y->what);
}

static const struct unknown_count *count_unknowns(struct run *r, enum unknown_kind kind,
                                                  const char *format, size_t *count)
{
	struct unknown *all = NULL;
	for (module_id m = 0; m < r->project.module_count; m++)
		for (size_t i = 0; i < arrlenu(r->results[m].unknowns); i++)
			if (r->results[m].unknowns[i].kind == kind)
				arrput(all, r->results[m].unknowns[i]);
	size_t n = arrlenu(all);
	struct unknown_count *counts = arena_array(&r->memory, struct unknown_count, n);
	*count = 0;
	if (n > 0)
		qsort(all, n, sizeof *all, by_name);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && str_eq(all[i].name, all[i - 1].name))
			counts[*count - 1].count++;
		else
			counts[(*count)++] = (struct unknown_count){
				.what = arena_printf(&r->memory, "%s`%.*s`", format,
			                             STR_ARG(all[i].name)),
				.count = 1,
				.path = project_module(&r->project, all[i].module)->path,
				.line = all[i].line};
	}
	arrfree(all);
	if (*count > 0)
		qsort(counts, *count, sizeof *counts, by_count);
	return counts;
}

const struct unknown_count *run_unknowns(struct run *r, size_t *count)
{
	return count_unknowns(r, UNKNOWN_PROVIDER, "provider ", count);
}

size_t run_unfollowed(const struct run *r)
{
	size_t calls = 0;
	for (module_id m = 0; m < r->project.module_count; m++)
		for (size_t i = 0; i < arrlenu(r->results[m].unknowns); i++)
			calls += r->results[m].unknowns[i].kind != UNKNOWN_PROVIDER;
	return calls;
}

/* ---- --stats --------------------------------------------------------------------------------- */

static const char *const phase_words[RUN_PHASE_COUNT] = {
	"discover", "read, parse, lower", "link", "check", "triage", "report"};
static const char *const unmodelled_words[UNMODELLED_COUNT] = {
	"", "nested deeper than the bound", "syntax errors and Python 2",
	"exits of a finally beyond the bound", "larger than the bound"};

static size_t record_bytes(const struct run *r)
{
	size_t bytes = 0;
	for (size_t i = 0; i < r->files.count; i++)
		bytes += r->records[i].len;
	return bytes;
}

static size_t source_bytes(const struct run *r)
{
	size_t bytes = 0;
	for (module_id m = 0; m < r->project.module_count; m++)
		bytes += project_module(&r->project, m)->size;
	return bytes;
}

static void print_not_modelled(const struct run *r)
{
	fprintf(stderr, "not modelled\n");
	for (unsigned u = 1; u < UNMODELLED_COUNT; u++)
		fprintf(stderr, "  %-36s %u\n", unmodelled_words[u], r->unmodelled[u]);
	fprintf(stderr, "bounds hit\n  %-36s %u\n  %-36s %u\n  %-36s %u\n",
	        "disjuncts at one point", r->bounds.disjuncts, "finally exits under way at once",
	        r->bounds.tokens, "functions read for one rule", r->reads_refused);
}

/* "     4 `db.commit`  app/rooms.py:31 first" */
static void print_unknown(const struct unknown_count *u)
{
	fprintf(stderr, "  %6u ", u->count);
	plain_put(stderr, u->what);
	fputs(u->count > 1 ? ", first at " : ", at ", stderr);
	plain_put(stderr, u->path);
	fprintf(stderr, ":%u\n", u->line);
}

/* What a user can name in the configuration. */
static void print_unknowns(const struct run *r, enum unknown_kind kind, const char *title)
{
	enum { SHOWN = 20 };
	size_t count;
	struct run *mutable_run = (struct run *)(uintptr_t)r; /* the list is made in the run's memory */
	const struct unknown_count *unknowns = count_unknowns(mutable_run, kind, "", &count);
	fprintf(stderr, "unresolved %s %zu\n", title, count);
	for (size_t i = 0; i < count && i < SHOWN; i++)
		print_unknown(&unknowns[i]);
	if (count > SHOWN)
		fprintf(stderr, "         and %zu more\n", count - SHOWN);
}

static void print_versions(const struct run *r)
{
	const struct framework_versions *v = &r->program.versions;
	struct arena memory;
	arena_init(&memory);
	fputs("FastAPI ", stderr);
	plain_put(stderr,
	          v->assumed_count == 0 ? STR("is not used") : versions_text(&memory, v, 20));
	fputc('\n', stderr);
	arena_release(&memory);
}

static void print_costs(const struct run *r)
{
	size_t peak = memory_peak_kb();
	for (unsigned i = 0; i < RUN_PHASE_COUNT; i++) {
		const struct phase_cost *c = &r->costs[i];
		fprintf(stderr, "  %-20s %8.3f s %9zu kB\n", phase_words[i], c->seconds, c->peak_kb);
		peak = c->peak_kb > peak ? c->peak_kb : peak;
	}
	fprintf(stderr, "peak memory %zu kB, threads %u\n", peak, r->jobs);
}

void pipeline_stats(const struct run *r)
{
	uint32_t analysed = 0;
	for (module_id m = 0; m < r->project.module_count; m++)
		analysed += r->results[m].functions;
	fprintf(stderr, "files parsed %zu, lowered %u, excluded %zu, notebooks skipped %zu\n",
	        r->files.count, r->project.module_count, r->files.excluded, r->files.notebooks);
	fprintf(stderr, "functions %u, with sessions %u, handlers %u\n", r->totals.functions,
	        analysed, r->totals.handlers);
	fprintf(stderr, "source %zu bytes, records %zu bytes\n", source_bytes(r), record_bytes(r));
	print_costs(r);
	print_versions(r);
	fprintf(stderr, "allowlisted %u accepted, %u backlog\n", r->allowlist->accepted,
	        r->allowlist->backlog);
	print_not_modelled(r);
	print_unknowns(r, UNKNOWN_PROVIDER, "providers");
	print_unknowns(r, UNKNOWN_CALLEE, "callees that are given a session");
	print_unknowns(r, UNKNOWN_RECEIVER, "receivers that hold a session");
}

/* ---- --dump -------------------------------------------------------------------------------------- */

static void dump_files(const struct run *r, FILE *out)
{
	for (size_t i = 0; i < r->files.count; i++)
		fprintf(out, "%.*s%s\n", STR_ARG(r->files.files[i].path),
		        r->files.files[i].report ? "" : " (facts only)");
}

static void dump_cfgs(struct run *r, FILE *out)
{
	struct arena *scratch = &r->lanes[0].scratch;
	for (module_id m = 0; m < r->project.module_count; m++) {
		const struct loaded_module *loaded = &r->project.modules[m].loaded;
		for (scope_id s = 0; s < loaded->module.scope_count; s++) {
			struct cfg cfg;
			if (record_cfg(scratch, loaded, s, &cfg))
				dump_cfg(out, &loaded->module, r->project.names, s, &cfg);
			arena_clear(scratch);
		}
	}
}

static void dump_providers(const struct run *r, FILE *out)
{
	for (module_id m = 0; m < r->project.module_count; m++) {
		const struct module *module = project_module(&r->project, m);
		for (scope_id s = 0; s < module->scope_count; s++) {
			const struct provider *p = provider_of_scope(r->program.providers, m, s);
			if (p != NULL)
				fprintf(out, "%.*s:%u: %.*s %s %s%s%s%s\n", STR_ARG(module->path),
				        module_line(module, module->scopes[s].span.start),
				        STR_ARG(p->name),
				        p->shape == SHAPE_YIELDS ? "yields" : "returns",
				        p->kind->id, p->releases ? ", releases" : "",
				        p->guarded ? ", guarded" : "",
				        p->commits ? ", commits" : "");
		}
	}
}

static const char *node_kind_note(const struct dependency_node *n)
{
	switch (n->kind) {
	case NODE_CLASS: return " (class)";
	case NODE_UNKNOWN: return " (not found)";
	case NODE_DEF:
	case NODE_ROUTER: break;
	}
	return "";
}

/* One handler, then what its requests run, in that order. */
static void dump_tree(struct run *r, node_id handler, FILE *out)
{
	const struct dependency_graph *g = r->program.dependencies;
	const struct dependency_node *h = &g->nodes[handler];
	const struct module *m = project_module(&r->project, h->module);
	const struct dependency_step *steps;
	uint32_t count = dependency_tree(&r->lanes[0].scratch, g, handler, &steps);
	fprintf(out, "%.*s:%u: %.*s%s%s\n", STR_ARG(m->path),
	        module_line(m, m->scopes[h->scope].span.start), STR_ARG(h->name),
	        h->is_websocket ? ", websocket" : "", h->may_stream ? ", streams" : "");
	for (uint32_t i = 0; i < count; i++)
		fprintf(out, "  %.*s%s for %.*s%s%s\n", STR_ARG(steps[i].node->name),
		        node_kind_note(steps[i].node), STR_ARG(g->nodes[steps[i].asker].name),
		        steps[i].use->uncached ? ", uncached" : "",
		        steps[i].use->function_scope ? ", scope function" : "");
	arena_clear(&r->lanes[0].scratch);
}

static void dump_trees(struct run *r, FILE *out)
{
	for (node_id n = 0; n < r->program.dependencies->node_count; n++)
		if (r->program.dependencies->nodes[n].is_handler)
			dump_tree(r, n, out);
}

static void dump_exits(struct run *r, const struct function *fn, FILE *out)
{
	struct arena *scratch = &r->lanes[0].scratch;
	const struct module *m = project_module(&r->project, fn->module);
	fprintf(out, "%.*s: %.*s\n", STR_ARG(m->path),
	        STR_ARG(project_text(&r->project, m->scopes[fn->scope].qualname)));
	for (uint32_t i = 0; i < fn->exit_count; i++)
		for (uint32_t k = 0; k < fn->plan.resource_count; k++)
			fprintf(out, "  %s %u: %.*s %.*s\n", exit_kind_word(fn->exits[i].kind),
			        module_line(m, fn->exits[i].span.start),
			        STR_ARG(fn->resources[k].name),
			        STR_ARG(states_text(scratch, fn->exits[i].states[k])));
}

static void dump_flow(struct run *r, FILE *out)
{
	struct arena *scratch = &r->lanes[0].scratch;
	struct program program = r->program;
	program.summaries = summary_cache_new();
	for (module_id m = 0; m < r->project.module_count; m++) {
		const struct module *module = project_module(&r->project, m);
		for (scope_id s = 1; s < module->scope_count; s++) {
			struct function fn;
			if (module->scopes[s].kind == SCOPE_FUNCTION &&
			    function_analyse(scratch, &program, m, s, program_entry(&program, m, s),
			                     false, &fn))
				dump_exits(r, &fn, out);
			arena_clear(scratch);
		}
	}
	summary_cache_free(program.summaries);
}

void pipeline_dump(struct run *r, FILE *out)
{
	switch (r->options.dump) {
	case DUMP_FILES: dump_files(r, out); break;
	case DUMP_FACTS:
		for (module_id m = 0; m < r->project.module_count; m++)
			dump_facts(out, project_module(&r->project, m), r->project.names);
		break;
	case DUMP_CFG: dump_cfgs(r, out); break;
	case DUMP_SUMMARY: dump_providers(r, out); break;
	case DUMP_HARNESS: dump_trees(r, out); break;
	case DUMP_FLOW: dump_flow(r, out); break;
	case DUMP_NONE: break;
	}
}
