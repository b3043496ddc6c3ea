/*
 * pipeline.c - the whole program, read from pipeline_run down. Data flows one
 * way: files -> records -> project -> program -> findings -> report. Reading
 * and lowering, and later checking, run per file on several threads; results
 * are kept by index, so nothing depends on which thread was first.
 */
#include "pipeline.h"

#include "base/memory.h"
#include "base/pool.h"
#include "flow/lower_file.h"
#include "input/source.h"
#include "program/override.h"
#include "program/limit.h"
#include "program/stream.h"
#include "project/answers.h"
#include "program/summary.h"
#include "report/count.h"
#include "report/output.h"
#include "rule.h"
#include "syntax/parse.h"
#include "triage/level.h"
#include "triage/triage.h"

#include <stb/stb_ds.h>
#include <stdlib.h>
#include <time.h>

static bool load_knowledge(struct run *r);
static bool discover_files(struct run *r);
static void lower_files(struct run *r);
static void link_project(struct run *r);
static void check_modules(struct run *r);
static void triage_findings(struct run *r);
static bool write_report(struct run *r);
static bool write_dump(struct run *r);
static int exit_status(const struct run *r, bool finished);
static void run_init(struct run *r, const struct options *options, struct diag *d);
static void run_release(struct run *r);

int pipeline_run(const struct options *options, struct diag *d)
{
	struct run r;
	run_init(&r, options, d);
	bool ok = load_knowledge(&r) && /* protocols, configuration, allowlist             */
	          discover_files(&r);   /* command line -> sorted files                    */
	if (ok) {
		lower_files(&r);     /* text -> records; syntax trees die in here       */
		link_project(&r);    /* records -> modules whose names mean something   */
		check_modules(&r);   /* cfg, states, summaries and rules -> findings    */
		triage_findings(&r); /* levels, ids, comments, allowlist                */
		ok = options->dump != DUMP_NONE ? write_dump(&r) : write_report(&r);
	}
	if (options->stats && ok)
		pipeline_stats(&r);
	int status = exit_status(&r, ok);
	run_release(&r);
	return status;
}

/* ---- the run ------------------------------------------------------------------------ */

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double begin_phase(const struct run *r)
{
	if (r->options.stats)
		memory_peak_restart();
	return now();
}

static void end_phase(struct run *r, enum run_phase phase, double began)
{
	r->costs[phase] = (struct phase_cost){now() - began, memory_peak_kb()};
}

static void run_init(struct run *r, const struct options *options, struct diag *d)
{
	*r = (struct run){.options = *options, .diag = d};
	arena_init(&r->memory);
	r->jobs = options->jobs != 0 ? options->jobs : pool_processors();
	r->lanes = arena_array(&r->memory, struct lane, r->jobs);
	for (unsigned i = 0; i < r->jobs; i++) {
		arena_init(&r->lanes[i].kept);
		arena_init(&r->lanes[i].scratch);
	}
}

static void run_release(struct run *r)
{
	for (uint32_t i = 0; r->results != NULL && i < r->project.module_count; i++)
		check_result_release(&r->results[i]);
	if (r->project.names != NULL)
		project_release(&r->project);
	for (unsigned i = 0; i < r->jobs; i++) {
		if (r->lanes[i].worker != NULL)
			worker_free(r->lanes[i].worker);
		summary_cache_free(r->lanes[i].summaries);
		stream_cache_free(r->lanes[i].streams);
		answers_free(r->lanes[i].answers);
		arena_release(&r->lanes[i].kept);
		arena_release(&r->lanes[i].scratch);
	}
	syntax_free(r->syntax);
	arrfree(r->findings);
	arrfree(r->audit.rows);
	arena_release(&r->memory);
}

/* ---- what is known before a file is read -------------------------------------------------- */

static bool is_rule(struct str id)
{
	return rule_find(id) != NULL;
}

static bool load_knowledge(struct run *r)
{
	struct str root;
	r->enabled = arena_array(&r->memory, bool, rule_count);
	return (r->syntax = syntax_new(r->diag)) != NULL &&
	       discover_root(&r->memory, &r->options, r->diag, &root) &&
	       config_load(&r->memory, r->diag, root, r->options.config, is_rule, rule_nearest,
	                   &r->config) &&
	       protocols_load(&r->memory, r->diag, root, &r->config.protocols, &r->protocols) &&
	       slow_calls_load(&r->memory, r->diag, r->config.slow_calls.items,
	                       r->config.slow_calls.count, &r->slow) &&
	       ((r->files.root = root), true) &&
	       level_choose(&r->options, &r->config, r->diag, r->enabled) &&
	       triage_allowlist(&r->memory, r->diag, &r->options, &r->config, root, &r->allowlist);
}

static bool discover_files(struct run *r)
{
	double began = begin_phase(r);
	struct str root = r->files.root;
	bool ok = discover(&r->memory, &r->options, &r->config, root, r->diag, &r->files);
	end_phase(r, RUN_DISCOVER, began);
	return ok;
}

/* ---- per file: text -> record --------------------------------------------------------------- */

static void lower_file(void *arg, unsigned worker, size_t index)
{
	struct run *r = arg;
	struct lane *lane = &r->lanes[worker];
	const struct input_file *file = &r->files.files[index];
	struct source source;
	const char *why;
	if (!source_read(file->absolute.ptr, &source, &why)) {
		diag_add(r->diag, file->named ? DIAG_FAILURE : DIAG_WARNING, file->path, 0, 0,
		         "cannot read '%.*s': %s", STR_ARG(file->path), why);
		return;
	}
	if (lane->worker == NULL)
		lane->worker = worker_new(r->syntax);
	if (!module_lower(lane->worker, file->path, source.text, &lane->kept, &r->records[index],
	                  r->diag))
		r->records[index] = (struct record){0};
	source_release(&source);
}

static void lower_files(struct run *r)
{
	double began = begin_phase(r);
	r->records = arena_array(&r->memory, struct record, r->files.count);
	pool_run(r->jobs, r->files.count, lower_file, r);
	for (unsigned i = 0; i < r->jobs; i++) {
		if (r->lanes[i].worker != NULL)
			worker_free(r->lanes[i].worker);
		r->lanes[i].worker = NULL;
	}
	memory_trim();
	end_phase(r, RUN_LOWER, began);
}

/* ---- all files: records -> project -> program --------------------------------------------------- */

/* Which modules run on an old version of a library whose old versions differ. */
static void find_aged(struct run *r, struct framework_versions *out)
{
	struct aged_package *aged = arena_array(&r->memory, struct aged_package,
	                                        r->protocols.kind_count);
	for (size_t k = 0; k < r->protocols.kind_count; k++) {
		const struct resource_kind *kind = r->protocols.kinds[k];
		bool known = kind->old_package == NULL;
		for (size_t i = 0; i < out->aged_count && !known; i++)
			known = strcmp(aged[i].name, kind->old_package) == 0;
		if (!known)
			aged[out->aged_count++] = (struct aged_package){
				kind->old_package,
				package_ages(&r->memory, r->diag, &r->project, r->files.root,
			                     kind->old_package, kind->old_before)};
	}
	out->aged = aged;
}

/* What is not checked is said, where findings would have been reported. */
static void note_syntax_errors(struct run *r)
{
	for (module_id m = 0; m < r->project.module_count; m++) {
		const struct module *module = project_module(&r->project, m);
		if (module->error_count > 0 && r->project.modules[m].report)
			diag_add(r->diag, DIAG_WARNING, module->path, module->error_line, 0,
			         "%u syntax error%s, the first here: functions that hold one are "
			         "not checked",
			         module->error_count, plural(module->error_count));
	}
}

static void link_project(struct run *r)
{
	double began = begin_phase(r);
	struct project_input *inputs = arena_array(&r->memory, struct project_input, r->files.count);
	size_t count = 0;
	for (size_t i = 0; i < r->files.count; i++)
		if (r->records[i].bytes != NULL)
			inputs[count++] = (struct project_input){
				r->records[i], r->files.files[i].path, r->files.files[i].report,
				r->files.files[i].beside};
	project_link(&r->memory, r->diag, inputs, count, &r->project);
	r->project.overrides = overrides_find(&r->memory, &r->project);
	note_syntax_errors(r);
	bool by_option = r->options.fastapi_version != NULL;
	struct str version = by_option ? str_of(r->options.fastapi_version)
	                               : r->config.fastapi_version;
	struct framework_versions versions;
	versions_find(&r->memory, r->diag, &r->project, r->files.root, version,
	              by_option ? STR("--fastapi-version") : r->config.file, &versions);
	find_aged(r, &versions);
	r->project.answers = answers_new();
	program_prepare(&r->memory, &r->project, &r->protocols, &versions, &r->config, &r->program);
	answers_free(r->project.answers);
	r->project.answers = NULL; /* from here on several threads read the project */
	r->program.slow = &r->slow;
	for (size_t i = 0; i < rule_count; i++)
		if (r->enabled[i] && rule_table[i]->asks_limits)
			r->program.limits = limits_find(&r->memory, &r->program);
	end_phase(r, RUN_LINK, began);
}

/* ---- per module: rules -> findings ---------------------------------------------------------------- */

struct check_task {
	struct run *run;
	struct check_options options;
};

static void check_one(void *arg, unsigned worker, size_t index)
{
	struct check_task *task = arg;
	struct lane *lane = &task->run->lanes[worker];
	struct program program = task->run->program;
	struct project project = task->run->project;
	if (lane->summaries == NULL) {
		lane->summaries = summary_cache_new();
		lane->streams = stream_cache_new();
		lane->answers = answers_new();
	}
	program.summaries = lane->summaries;
	program.streams = lane->streams;
	project.answers = lane->answers;
	program.project = &project;
	check_module(&lane->kept, &lane->scratch, &program, (module_id)index, &task->options,
	             &task->run->results[index]);
}

static void gather_results(struct run *r)
{
	for (module_id m = 0; m < r->project.module_count; m++) {
		const struct module *module = project_module(&r->project, m);
		struct check_result *result = &r->results[m];
		for (size_t i = 0; i < arrlenu(result->findings); i++)
			arrput(r->findings, result->findings[i]);
		for (size_t i = 0; i < arrlenu(result->rows); i++)
			arrput(r->audit.rows, result->rows[i]);
		r->totals.handlers += result->handlers;
		r->bounds.disjuncts += result->bounds.disjuncts;
		r->bounds.tokens += result->bounds.tokens;
		r->reads_refused += result->reads_refused;
		for (scope_id s = 0; s < module->scope_count; s++)
			r->totals.functions += module->scopes[s].kind == SCOPE_FUNCTION;
		for (unsigned u = 0; u < UNMODELLED_COUNT; u++)
			r->unmodelled[u] += module->unmodelled[u];
	}
	r->finding_count = arrlenu(r->findings);
	r->audit.count = arrlenu(r->audit.rows);
}

static void check_modules(struct run *r)
{
	double began = begin_phase(r);
	struct check_task task = {
		.run = r,
		.options = {.config = &r->config,
	                    .policy = r->options.policy,
	                    .enabled = r->enabled,
	                    .audit = r->options.command == COMMAND_AUDIT},
	};
	r->results = arena_array(&r->memory, struct check_result, r->project.module_count);
	pool_run(r->jobs, r->project.module_count, check_one, &task);
	gather_results(r);
	end_phase(r, RUN_CHECK, began);
}

/* ---- findings -> report ------------------------------------------------------------------------------ */

static void mark_allowlisted_rows(struct run *r)
{
	for (size_t i = 0; i < r->audit.count; i++) {
		struct audit_row *row = &r->audit.rows[i];
		if (!allowlist_covers(r->allowlist, row->path, row->function))
			continue;
		row->exception = "allowlisted";
		if (row->category == AUDIT_CATEGORY_COUNT)
			continue; /* it has no parameter to be judged by */
		row->naive = row->category = AUDIT_EXCEPTION;
		memcpy(row->fix_category, "F", 2);
	}
}

static void triage_findings(struct run *r)
{
	double began = begin_phase(r);
	struct triage_input input = {
		.options = &r->options,
		.config = &r->config,
		.allowlist = r->allowlist,
		.project = &r->project,
		.root = r->files.root,
		.enabled = r->enabled,
		.whole = r->files.whole && !diag_has(r->diag, DIAG_FAILURE),
	};
	mark_allowlisted_rows(r); /* an entry that covers a row is no stale one */
	triage_run(&r->memory, r->diag, &input, r->findings, &r->finding_count);
	end_phase(r, RUN_TRIAGE, began);
}

static enum policy shown_policy(const struct run *r)
{
	return config_policy(&r->config, r->options.policy, STR_EMPTY);
}

enum { VERSIONS_SHOWN = 5 }; /* of FastAPI, in the report's last lines */

static bool write_report(struct run *r)
{
	double began = begin_phase(r);
	r->totals.files = r->project.module_count;
	r->totals.skipped_files = (uint32_t)(r->files.count - r->project.module_count);
	r->totals.handlers_beside = r->program.sync_handlers + r->program.async_handlers > 0;
	r->totals.backlog = r->allowlist->backlog;
	doubt_sessions(r);
	struct report report = {
		.options = &r->options,
		.root = r->files.root,
		.sarif_base = r->options.sarif_base != NULL ? str_of(r->options.sarif_base)
	                      : r->files.git_top.len > 0    ? r->files.git_top
	                                                    : r->files.root,
		.policy = shown_policy(r),
		.complete = !diag_has(r->diag, DIAG_FAILURE),
		.exit_code = exit_status(r, true),
		.totals = r->totals,
		.findings = r->findings,
		.finding_count = r->finding_count,
		.audit = r->options.command == COMMAND_AUDIT ? &r->audit : NULL,
		.assumed = versions_text(&r->memory, &r->program.versions, VERSIONS_SHOWN),
	};
	report.notifications = diag_sorted(r->diag, &report.notification_count);
	report.unknowns = run_unknowns(r, &report.unknown_count);
	report.unfollowed = run_unfollowed(r);
	bool ok = report_write(&report, r->diag);
	end_phase(r, RUN_REPORT, began);
	return ok;
}

static bool write_dump(struct run *r)
{
	struct output out;
	if (!output_open(&out, r->options.output, r->diag))
		return false;
	pipeline_dump(r, out.file);
	return output_finish(&out, !ferror(out.file), r->diag);
}

/* ---- exit status ------------------------------------------------------------------------------------- */

static enum level fail_level(const struct run *r)
{
	switch (r->options.fail_on) {
	case FAIL_ON_ERROR: return LEVEL_ERROR;
	case FAIL_ON_NOTE: return LEVEL_NOTE;
	case FAIL_ON_NEVER: return (enum level)(LEVEL_ERROR + 1);
	case FAIL_ON_WARNING: return LEVEL_WARNING;
	case FAIL_ON_DEFAULT: break;
	}
	return r->options.command == COMMAND_AUDIT ? (enum level)(LEVEL_ERROR + 1) : LEVEL_WARNING;
}

/* 2 wrong usage, 3 incomplete, 1 findings, 0 none: README.md, "Exit status". */
static int exit_status(const struct run *r, bool finished)
{
	enum level limit = fail_level(r);
	if (diag_has(r->diag, DIAG_USAGE))
		return 2;
	if (!finished || diag_has(r->diag, DIAG_FAILURE))
		return 3;
	for (size_t i = 0; i < r->finding_count; i++)
		if (r->findings[i].status == STATUS_OPEN && r->findings[i].level >= limit)
			return 1;
	return 0;
}
