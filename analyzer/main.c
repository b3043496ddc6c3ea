/* main.c - the command line's entry: picks the command, prints what went wrong, gives the exit status. */
#include "base/memory.h"
#include "base/version.h"
#include "input/discover.h"
#include "pipeline.h"
#include "report/output.h"
#include "report/plain.h"
#include "rule.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- rules, protocols, explain -------------------------------------------------------- */

static void put_text(FILE *out, struct str text)
{
	fwrite(text.ptr, 1, text.len, out);
}

static void put_json(FILE *out, json_t *list)
{
	json_dumpf(list, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(list);
}

static json_t *rule_json(const struct rule *r)
{
	return json_pack("{s:s, s:s, s:b, s:{s:s, s:s, s:s}}", "id", r->id, "title", r->title,
	                 "on_by_default", !r->off_by_default, "levels", "balanced",
	                 level_word(r->usual.balanced), "explicit", level_word(r->usual.explicit_),
	                 "leaks", level_word(r->usual.leaks));
}

static void list_rules_json(FILE *out)
{
	json_t *list = json_array();
	for (size_t i = 0; i < rule_count; i++)
		json_array_append_new(list, rule_json(rule_table[i]));
	put_json(out, list);
}

static int longest_rule_id(void)
{
	size_t longest = 0;
	for (size_t i = 0; i < rule_count; i++)
		longest = strlen(rule_table[i]->id) > longest ? strlen(rule_table[i]->id) : longest;
	return (int)longest;
}

static int list_rules(FILE *out, const struct options *o)
{
	int width = longest_rule_id();
	if (o->format == FORMAT_JSON) {
		list_rules_json(out);
		return 0;
	}
	fprintf(out, "%-*s %-9s %-9s %-9s\n", width, "rule", "balanced", "explicit", "leaks");
	for (size_t i = 0; i < rule_count; i++) {
		const struct rule *r = rule_table[i];
		fprintf(out, "%-*s %-9s %-9s %-9s %s%s\n", width, r->id,
		        level_word(r->usual.balanced), level_word(r->usual.explicit_),
		        level_word(r->usual.leaks), r->title,
		        r->off_by_default ? " (when switched on)" : "");
	}
	return 0;
}

static int explain(FILE *out, const struct options *o, struct diag *d)
{
	const struct rule *r = rule_find(o->topic);
	if (r != NULL) {
		put_text(out, rule_markdown(r));
		return 0;
	}
	struct str near = rule_nearest(o->topic);
	if (near.len > 0)
		diag_add(d, DIAG_USAGE, STR_EMPTY, 0, 0, "unknown rule '%.*s': did you mean '%.*s'?",
		         STR_ARG(o->topic), STR_ARG(near));
	else
		diag_add(d, DIAG_USAGE, STR_EMPTY, 0, 0, "unknown rule '%.*s': see 'idletx rules'",
		         STR_ARG(o->topic));
	return 2;
}

/* 'file' is null for what is built in. */
static json_t *protocol_json(const struct resource_kind *k)
{
	return json_pack("{s:s, s:s, s:s, s:I, s:s?}", "id", k->id, "noun", k->noun, "library",
	                 k->library, "methods", (json_int_t)k->method_count, "file", k->file);
}

static void put_protocols(FILE *out, const struct options *o, const struct protocols *p)
{
	json_t *list = json_array();
	for (size_t i = 0; i < p->kind_count; i++) {
		const struct resource_kind *k = p->kinds[i];
		if (o->format == FORMAT_JSON) {
			json_array_append_new(list, protocol_json(k));
			continue;
		}
		fprintf(out, "%-26s %-12s %3zu methods  ", k->id, k->noun, k->method_count);
		plain_put(out, str_of(k->library));
		if (k->file != NULL) {
			fputs("  ", out);
			plain_put(out, str_of(k->file));
		}
		fputc('\n', out);
	}
	if (o->format == FORMAT_JSON)
		put_json(out, list);
	else
		json_decref(list);
}

static bool is_rule(struct str id)
{
	return rule_find(id) != NULL;
}

/* Those that are built in, and those of the project in which it is asked. */
static int list_protocols(FILE *out, const struct options *o, struct diag *d)
{
	struct arena memory;
	struct config config;
	struct protocols p;
	struct str root;
	arena_init(&memory);
	bool ok = discover_root(&memory, o, d, &root) &&
	          config_load(&memory, d, root, o->config, is_rule, rule_nearest, &config) &&
	          protocols_load(&memory, d, root, &config.protocols, &p);
	if (ok)
		put_protocols(out, o, &p);
	arena_release(&memory);
	return ok ? 0 : 2;
}

/* ---- main ------------------------------------------------------------------------------- */

static int answer(FILE *out, const struct options *o, struct diag *d)
{
	switch (o->command) {
	case COMMAND_RULES: return list_rules(out, o);
	case COMMAND_PROTOCOLS: return list_protocols(out, o, d);
	case COMMAND_EXPLAIN: return explain(out, o, d);
	case COMMAND_VERSION: fprintf(out, "idletx %s\n", IDLETX_VERSION); return 0;
	case COMMAND_HELP: put_text(out, options_help(o->command, o->topic)); return 0;
	case COMMAND_CHECK:
	case COMMAND_AUDIT: break;
	}
	abort();
}

/* The answer is made first: a mistake must not cost the file that --output names. */
static int run_answer(const struct options *o, struct diag *d)
{
	struct output out;
	char *text = NULL;
	size_t len = 0;
	FILE *made = open_memstream(&text, &len);
	if (made == NULL)
		memory_exhausted();
	int status = answer(made, o, d);
	if (fclose(made) != 0)
		memory_exhausted();
	if (status == 0 && !(output_open(&out, o->output, d) &&
	                     output_finish(&out, fwrite(text, 1, len, out.file) == len, d)))
		status = 3;
	free(text);
	return status;
}

static int run_command(const struct options *o, struct diag *d)
{
	bool reads_a_project = o->command == COMMAND_CHECK || o->command == COMMAND_AUDIT;
	return reads_a_project ? pipeline_run(o, d) : run_answer(o, d);
}

/* "path:line:column: level: text", each on one line of stderr. */
static void print_diagnostics(struct diag *d, bool quiet)
{
	static const char *const words[] = {"note", "warning", "error", "error"};
	size_t count;
	const struct diag_entry *entries = diag_sorted(d, &count);
	for (size_t i = 0; i < count; i++) {
		const struct diag_entry *e = &entries[i];
		if (quiet && e->level < DIAG_FAILURE)
			continue;
		plain_put(stderr, e->path);
		if (e->path.len > 0)
			fputc(':', stderr);
		if (e->line > 0)
			fprintf(stderr, "%u:%u:", e->line, e->column > 0 ? e->column : 1);
		fprintf(stderr, "%s%s: ", e->path.len > 0 ? " " : "idletx: ", words[e->level]);
		plain_put(stderr, e->text);
		fputc('\n', stderr);
	}
}

/*
 * A file must not get the number of a standard stream that the caller closed: messages would
 * be written into it. What stands there instead refuses to be written.
 */
static void occupy_standard_streams(void)
{
	int fd;
	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct arena memory;
	struct options options = {0};
	struct diag *d = diag_new();
	occupy_standard_streams();
	memory_init();
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write error like any other */
	arena_init(&memory);
	int status = 2;
	if (options_parse(&memory, argc, (const char *const *)argv, d, &options))
		status = run_command(&options, d);
	print_diagnostics(d, options.quiet);
	diag_free(d);
	arena_release(&memory);
	return status;
}
