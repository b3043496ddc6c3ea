/* main.c - the command line's entry: picks the command, prints what went wrong, gives the exit status. */
#include "base/embedded.h"
#include "base/version.h"
#include "pipeline.h"
#include "rule.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>

static void print_text(struct str text)
{
	fwrite(text.ptr, 1, text.len, stdout);
}

static int finish_stdout(void)
{
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 3;
}

/* ---- rules, protocols, explain -------------------------------------------------------- */

static json_t *rule_json(const struct rule *r)
{
	return json_pack("{s:s, s:s, s:b, s:{s:s, s:s, s:s}}", "id", r->id, "title", r->title, "on_by_default",
	                 !r->off_by_default, "levels", "balanced", level_word(r->usual.balanced), "explicit",
	                 level_word(r->usual.explicit_), "leaks", level_word(r->usual.leaks));
}

static int list_rules_json(void)
{
	json_t *list = json_array();
	for (size_t i = 0; i < rule_count; i++)
		json_array_append_new(list, rule_json(rule_table[i]));
	json_dumpf(list, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(list);
	return finish_stdout();
}

static int list_rules(const struct options *o)
{
	if (o->format == FORMAT_JSON)
		return list_rules_json();
	printf("%-28s %-9s %-9s %-9s\n", "rule", "balanced", "explicit", "leaks");
	for (size_t i = 0; i < rule_count; i++) {
		const struct rule *r = rule_table[i];
		printf("%-28s %-9s %-9s %-9s %s\n", r->id, level_word(r->usual.balanced),
		       level_word(r->usual.explicit_), level_word(r->usual.leaks), r->title);
	}
	return finish_stdout();
}

static int explain(const struct options *o, struct diag *d)
{
	const struct rule *r = rule_find(o->topic);
	if (r != NULL) {
		print_text(rule_markdown(r));
		return finish_stdout();
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

static int list_protocols(struct diag *d)
{
	struct arena memory;
	struct protocols p;
	arena_init(&memory);
	int status = protocols_load(&memory, d, &p) ? 0 : 2;
	for (size_t i = 0; status == 0 && i < p.kind_count; i++)
		printf("%-16s %zu methods\n", p.kinds[i]->id, p.kinds[i]->method_count);
	arena_release(&memory);
	return status != 0 ? status : finish_stdout();
}

/* ---- main ------------------------------------------------------------------------------- */

static int run_command(const struct options *o, struct diag *d)
{
	switch (o->command) {
	case COMMAND_CHECK:
	case COMMAND_AUDIT: return pipeline_run(o, d);
	case COMMAND_RULES: return list_rules(o);
	case COMMAND_PROTOCOLS: return list_protocols(d);
	case COMMAND_EXPLAIN: return explain(o, d);
	case COMMAND_VERSION: printf("idletx %s\n", IDLETX_VERSION); return finish_stdout();
	case COMMAND_HELP: print_text(options_help(o->command, o->topic)); return finish_stdout();
	}
	return 2;
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
		if (e->path.len > 0)
			fprintf(stderr, "%.*s:", STR_ARG(e->path));
		if (e->line > 0)
			fprintf(stderr, "%u:%u:", e->line, e->column > 0 ? e->column : 1);
		fprintf(stderr, "%s%s: %.*s\n", e->path.len > 0 ? " " : "idletx: ", words[e->level],
		        STR_ARG(e->text));
	}
}

int main(int argc, char **argv)
{
	struct arena memory;
	struct options options = {0};
	struct diag *d = diag_new();
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
