/* test_triage.c - levels, places, merging, names and comments, on small modules made by hand. */
#include "triage/triage.h"
#include "triage/level.h"
#include "triage/locate.h"
#include "triage/merge.h"
#include "triage/suppress.h"
#include "rule.h"
#include "temp_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <unistd.h>
#include <xxhash.h>

static char folder[40];

static int enter_folder(void **state)
{
	(void)state;
	return mkdtemp(temp_name(folder, sizeof folder, "/tmp", "triage")) == NULL ||
	       chdir(folder) != 0;
}

static int leave_folder(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return chdir("/") != 0 || system(command) != 0;
}

/* ---- modules and findings made by hand ---------------------------------- */

struct fixture {
	struct arena memory;
	struct diag *d;
	struct interner *names;
	struct project project;
	struct project_module modules[4];
	struct finding findings[16];
	size_t count;
};

static void fixture_init(struct fixture *x)
{
	*x = (struct fixture){.d = diag_new()};
	arena_init(&x->memory);
	x->names = interner_new(&x->memory);
	x->project = (struct project){.names = x->names, .modules = x->modules};
}

static void fixture_release(struct fixture *x)
{
	interner_free(x->names);
	diag_free(x->d);
	arena_release(&x->memory);
}

static void write_file(const char *name, struct str text)
{
	FILE *f = fopen(name, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text.ptr, 1, text.len, f), text.len);
	assert_int_equal(fclose(f), 0);
}

/* A module whose file holds 'text', with its line table and hash. Paths in rising order. */
static struct module *add_module(struct fixture *x, const char *path, struct str text)
{
	struct project_module *p = &x->modules[x->project.module_count++];
	struct module *m = &p->loaded.module;
	XXH128_hash_t hash = XXH3_128bits(text.ptr, text.len);

	assert_true(x->project.module_count <= ARRAY_LEN(x->modules));
	write_file(path, text);
	*m = (struct module){.path = str_of(path), .content_hash = {hash.high64, hash.low64}};
	m->line_starts = arena_array(&x->memory, uint32_t, text.len + 1);
	m->line_count = 1;
	for (uint32_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '\n')
			m->line_starts[m->line_count++] = i + 1;
	p->report = true;
	return m;
}

static struct span span_of(const char *text, const char *part)
{
	const char *p = strstr(text, part);

	assert_non_null(p);
	return (struct span){(uint32_t)(p - text), (uint32_t)(p - text + (ptrdiff_t)strlen(part))};
}

/* A finding about 'db' of function 'f', which begins the file. */
static struct finding *add_finding(struct fixture *x, const char *rule, const char *path,
                                   struct span span)
{
	struct finding *f = &x->findings[x->count++];
	struct location start = {.path = str_of(path), .span = {0, 1}};

	assert_true(x->count <= ARRAY_LEN(x->findings));
	*f = (struct finding){
		.rule = rule_find(str_of(rule)),
		.level = LEVEL_WARNING,
		.at = {.path = str_of(path), .span = span},
		.message = STR("message"),
		.function = STR("f"),
		.function_at = start,
		.resource = {.name = STR("db"),
	                     .kind = "orm-session",
	                     .origin = "dependency",
	                     .at = start},
		.reason = STR_EMPTY,
	};
	assert_non_null(f->rule);
	return f;
}

/* Everything that was said, one message a line. */
static struct str said(struct fixture *x)
{
	size_t count = 0;
	const struct diag_entry *e = diag_sorted(x->d, &count);
	struct str all = STR_EMPTY;

	for (size_t i = 0; i < count; i++)
		all = arena_printf(&x->memory, "%.*s%s%.*s:%u: %.*s", STR_ARG(all),
		                   i == 0 ? "" : "\n", STR_ARG(e[i].path), e[i].line,
		                   STR_ARG(e[i].text));
	return all;
}

/* ---- places -------------------------------------------------------------- */

static const struct {
	const char *text;
	uint32_t start, end, line, column, end_line, end_column;
} place_case[] = {
	{"abc\ndef\n", 0, 3, 1, 1, 1, 4},
	{"abc\ndef\n", 4, 7, 2, 1, 2, 4},
	{"abc\ndef\n", 1, 6, 1, 2, 2, 3}, /* over two lines */
	{"abc\ndef", 7, 7, 2, 4, 2, 4},   /* the end of the file */
	{"abc", 99, 99, 1, 4, 1, 4},      /* past it: clamped */
	{"", 0, 0, 1, 1, 1, 1},
	{"# \xc3\xa9\xf0\x9f\x98\x80 x\n", 9, 10, 1, 6, 1, 7}, /* code points, not bytes */
	{"\xef\xbb\xbf"
         "ab\ncd",
         3, 5, 1, 1, 1, 3}, /* a byte order mark is no column */
	{"a\r\nb", 3, 4, 2, 1, 2, 2},
};

static void a_place_has_lines_and_columns_in_code_points(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(place_case); i++) {
		struct fixture x;
		fixture_init(&x);
		add_module(&x, "a.py", str_of(place_case[i].text));
		struct finding *f = add_finding(
			&x, "unused-session", "a.py",
			(struct span){place_case[i].start, place_case[i].end});
		locate_findings(&x.project, str_of(folder), x.d, f, 1);
		assert_int_equal(f->at.line, place_case[i].line);
		assert_int_equal(f->at.column, place_case[i].column);
		assert_int_equal(f->at.end_line, place_case[i].end_line);
		assert_int_equal(f->at.end_column, place_case[i].end_column);
		assert_string_equal(said(&x).ptr, "");
		fixture_release(&x);
	}
}

static void every_location_of_a_finding_is_filled_in_whatever_file_it_is_in(void **state)
{
	struct fixture x;
	struct location b = {.path = STR("b.py"), .span = {2, 3}}, nowhere = {.path = STR("c.py")};
	struct finding_exit exits[] = {{.at = b}, {.at = nowhere}};
	struct trace_step trace[] = {{.at = b}};
	struct related related[] = {{.at = b}, {.at = {.path = STR_EMPTY}}};

	(void)state;
	fixture_init(&x);
	add_module(&x, "a.py", STR("def f(db):\n    return 1\n"));
	add_module(&x, "b.py", STR("\n\nx\n"));
	struct finding *f = add_finding(&x, "unused-session", "a.py", (struct span){15, 23});
	f->exits = exits;
	f->exit_count = ARRAY_LEN(exits);
	f->trace = trace;
	f->trace_count = ARRAY_LEN(trace);
	f->related = related;
	f->related_count = ARRAY_LEN(related);
	locate_findings(&x.project, str_of(folder), x.d, f, 1);
	assert_int_equal(f->at.line, 2);
	assert_int_equal(f->at.column, 5);
	assert_int_equal(f->function_at.line, 1);
	assert_int_equal(f->resource.at.line, 1);
	assert_int_equal(exits[0].at.line, 3);
	assert_int_equal(exits[1].at.line, 0); /* no such module: nothing is made up */
	assert_int_equal(trace[0].at.line, 3);
	assert_int_equal(related[0].at.line, 3);
	assert_int_equal(related[1].at.line, 0);
	fixture_release(&x);
}

static void a_file_that_changed_meanwhile_counts_bytes_and_says_so(void **state)
{
	(void)state;
	for (int gone = 0; gone < 2; gone++) {
		struct fixture x;
		fixture_init(&x);
		add_module(&x, "a.py", STR("x\n\xc3\xa9 y\n"));
		struct finding *f = add_finding(&x, "unused-session", "a.py", (struct span){5, 6});
		write_file("a.py", STR("something else"));
		if (gone)
			unlink("a.py");
		locate_findings(&x.project, str_of(folder), x.d, f, 1);
		assert_int_equal(f->at.line, 2);
		assert_int_equal(f->at.column, 4);
		assert_string_equal(
			said(&x).ptr,
			gone ? "a.py:0: cannot read this file again: columns count bytes"
			     : "a.py:0: this file has changed since it was analysed: columns count "
			       "bytes");
		fixture_release(&x);
	}
}

/* ---- levels -------------------------------------------------------------- */

static const struct {
	const char *select, *ignore, *on; /* the ids that are on, of the two below */
	const char *said;
} choose_case[] = {
	{"", "", "ab", ""},
	{"unused-session", "", "a", ""},
	{"unused-session, rebound-*", "", "ab", ""},
	{"*", "rebound-session", "a", ""},
	{"", "*", "", ""},
	{"unused-sesion", "", NULL,
         ":0: --select: unknown rule 'unused-sesion': did you mean 'unused-session'?"},
	{"", "E501", NULL, ":0: --ignore: unknown rule 'E501': 'idletx rules' lists them"},
	{"no-*-such", "", NULL, ":0: --select: unknown rule 'no-*-such': 'idletx rules' lists them"},
	{"unused-session,", "", NULL, ":0: --select: unknown rule '': 'idletx rules' lists them"},
};

static bool is_enabled(const bool *enabled, const char *id)
{
	for (size_t i = 0; i < rule_count; i++)
		if (strcmp(rule_table[i]->id, id) == 0)
			return enabled[i];
	return false;
}

static void rules_are_chosen_by_id_and_glob(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(choose_case); i++) {
		struct fixture x;
		struct options o = {.select = str_of(choose_case[i].select),
		                    .ignore = str_of(choose_case[i].ignore)};
		struct config c = {.policy = POLICY_UNSET};
		fixture_init(&x);
		bool *enabled = arena_array(&x.memory, bool, rule_count);
		assert_int_equal(level_choose(&o, &c, x.d, enabled), choose_case[i].on != NULL);
		assert_string_equal(said(&x).ptr, choose_case[i].said);
		if (choose_case[i].on != NULL) {
			assert_int_equal(is_enabled(enabled, "unused-session"),
			                 strchr(choose_case[i].on, 'a') != NULL);
			assert_int_equal(is_enabled(enabled, "rebound-session"),
			                 strchr(choose_case[i].on, 'b') != NULL);
		}
		fixture_release(&x);
	}
}

static void the_configuration_sets_levels_by_rule_and_path(void **state)
{
	static const struct rule_level rules[] = {{{"unused-session", 14}, RULE_OFF},
	                                          {{"rebound-session", 15}, RULE_ERROR}};
	static const struct rule_level nearer[] = {{{"unused-session", 14}, RULE_NOTE}};
	static const struct str paths[] = {{"b/**", 4}};
	static const struct config_override override = {
		.paths = {paths, 1}, .rules = nearer, .rule_count = 1};
	struct config c = {
		.rules = rules, .rule_count = 2, .overrides = &override, .override_count = 1};
	struct options o = {.select = STR_EMPTY};
	struct fixture x;

	(void)state;
	fixture_init(&x);
	add_finding(&x, "unused-session", "a/a.py", (struct span){0, 1});
	add_finding(&x, "rebound-session", "a/a.py", (struct span){0, 1});
	add_finding(&x, "unreleased-on-return", "a/a.py", (struct span){0, 1});
	add_finding(&x, "unused-session", "b/a.py", (struct span){0, 1});
	add_finding(&x, "rebound-session", "b/a.py", (struct span){0, 1})->level = LEVEL_OFF;
	assert_int_equal(level_select(&o, &c, x.findings, x.count), 3);
	assert_string_equal(x.findings[0].rule->id, "rebound-session");
	assert_int_equal(x.findings[0].level, LEVEL_ERROR);
	assert_int_equal(x.findings[1].level, LEVEL_WARNING);
	assert_string_equal(x.findings[2].rule->id, "unused-session");
	assert_int_equal(x.findings[2].level, LEVEL_NOTE);
	fixture_release(&x);
}

/* ---- merging and order ---------------------------------------------------- */

static const struct {
	const char *first, *second, *winner;
} precedence_case[] = {
	{"unreleased-on-return", "rebound-session", "rebound-session"},
	{"left-to-framework", "scoped-session-not-removed", "scoped-session-not-removed"},
	{"release-skipped-by-error", "unreleased-on-return", "unreleased-on-return"},
	{"unreleased-on-raise", "release-skipped-by-error", "release-skipped-by-error"},
	{"unreleased-on-raise", "unreleased-on-return", "unreleased-on-return"},
	{"left-to-framework", "unreleased-on-raise", "unreleased-on-raise"},
	{"unreleased-on-return", "unused-session", "unused-session"},
};

static void of_two_rules_the_one_that_names_the_cause_wins(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(precedence_case) * 2; i++) {
		struct fixture x;
		bool swapped = i % 2 == 1;
		const char *first = precedence_case[i / 2].first,
			   *second = precedence_case[i / 2].second;
		fixture_init(&x);
		add_finding(&x, swapped ? second : first, "a.py", (struct span){swapped ? 5 : 7, 9});
		add_finding(&x, swapped ? first : second, "a.py", (struct span){swapped ? 7 : 5, 9});
		assert_int_equal(merge_findings(&x.memory, x.findings, x.count), 1);
		assert_string_equal(x.findings[0].rule->id, precedence_case[i / 2].winner);
		assert_int_equal(x.findings[0].at.span.start, 5);
		assert_int_equal(x.findings[0].related_count, 1);
		assert_string_equal(x.findings[0].related[0].rule->id, first);
		assert_int_equal(x.findings[0].related[0].at.span.start, 7);
		fixture_release(&x);
	}
}

static void the_worst_level_wins_with_its_own_text(void **state)
{
	struct fixture x;

	(void)state;
	fixture_init(&x);
	add_finding(&x, "left-to-framework", "a.py", (struct span){5, 6})->level = LEVEL_NOTE;
	add_finding(&x, "unreleased-on-return", "a.py", (struct span){3, 4})->level = LEVEL_WARNING;
	struct finding *worst = add_finding(&x, "unreleased-on-raise", "a.py", (struct span){7, 8});
	worst->level = LEVEL_ERROR;
	worst->message = STR("stays open");
	assert_int_equal(merge_findings(&x.memory, x.findings, x.count), 1);
	assert_string_equal(x.findings[0].rule->id, "unreleased-on-raise");
	assert_int_equal(x.findings[0].level, LEVEL_ERROR);
	assert_true(str_is(x.findings[0].message, "stays open"));
	assert_int_equal(x.findings[0].related_count, 2);
	assert_string_equal(x.findings[0].related[0].rule->id, "unreleased-on-return");
	assert_string_equal(x.findings[0].related[1].rule->id, "left-to-framework");
	fixture_release(&x);
}

static void of_one_rule_at_two_levels_the_worse_speaks(void **state)
{
	struct fixture x;

	(void)state;
	fixture_init(&x);
	add_finding(&x, "unreleased-on-return", "a.py", (struct span){3, 4})->level = LEVEL_WARNING;
	add_finding(&x, "unreleased-on-return", "a.py", (struct span){7, 8})->level = LEVEL_ERROR;
	assert_int_equal(merge_findings(&x.memory, x.findings, x.count), 1);
	assert_int_equal(x.findings[0].level, LEVEL_ERROR);
	assert_int_equal(x.findings[0].at.span.start, 7);
	assert_int_equal(x.findings[0].related_count, 0);
	fixture_release(&x);
}

static void a_slow_call_is_related_to_what_holds_the_session_longer(void **state)
{
	struct finding_exit wait = {.kind = EXIT_WAIT}, left = {.kind = EXIT_RETURN};
	struct fixture x;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		fixture_init(&x);
		struct finding *slow = add_finding(&x, "held-during-external-call", "a.py",
		                                   (struct span){3, 4});
		slow->exits = i == 1 ? &left : &wait; /* a dependency's is about its handlers */
		slow->exit_count = 1;
		struct finding *holder = add_finding(&x, "held-by-websocket", "a.py",
		                                     (struct span){5, 6});
		holder->level = i == 2 ? LEVEL_NOTE : LEVEL_ERROR; /* a note hides no warning */
		assert_int_equal(merge_findings(&x.memory, x.findings, x.count), i == 0 ? 1 : 2);
		assert_string_equal(x.findings[0].rule->id, "held-by-websocket");
		assert_int_equal(x.findings[0].related_count, i == 0 ? 1 : 0);
		fixture_release(&x);
	}
}

static void who_lends_a_session_is_related_to_what_is_done_with_it(void **state)
{
	struct fixture x;

	(void)state;
	fixture_init(&x);
	add_finding(&x, "held-during-external-call", "a.py", (struct span){3, 4})->resource.origin =
		"parameter";
	for (uint32_t i = 0; i < 7; i++) {
		struct finding *lender = add_finding(&x, "held-during-external-call", "b.py",
		                                     (struct span){90 - i, 91 - i});
		lender->lent_to = (struct location){.path = STR("a.py"), .span = {0, 1}};
		lender->message = STR("f lends its session here");
	}
	x.findings[7].lent_to.path = STR("c.py"); /* of a function without findings */
	add_finding(&x, "held-during-external-call", "a.py", (struct span){7, 8});
	assert_int_equal(attach_lenders(&x.memory, x.findings, x.count), 2);
	assert_int_equal(x.findings[0].at.span.start, 3);
	assert_int_equal(x.findings[0].related_count, 5);
	assert_int_equal(x.findings[0].related[0].at.span.start, 85);
	assert_null(x.findings[0].related[0].rule);
	assert_int_equal(x.findings[1].at.span.start, 7);
	assert_int_equal(x.findings[1].related_count, 0);
	fixture_release(&x);
}

static void rules_that_no_table_ranks_speak_for_themselves(void **state)
{
	static const struct rule one = {.id = "a-new-rule"}, two = {.id = "b-new-rule"};
	static const struct {
		const struct rule *rule; /* NULL: one that is ranked */
		enum level level;
	} given[] = {
		{&one, LEVEL_ERROR},
		{&two, LEVEL_ERROR},
		{NULL, LEVEL_NOTE},
		{&one, LEVEL_WARNING},
	};
	struct fixture x;

	(void)state;
	fixture_init(&x);
	for (uint32_t i = 0; i < ARRAY_LEN(given); i++) {
		struct finding *f = add_finding(&x, "left-to-framework", "a.py",
		                                (struct span){i, i + 1});
		f->rule = given[i].rule != NULL ? given[i].rule : f->rule;
		f->level = given[i].level;
	}
	assert_int_equal(merge_findings(&x.memory, x.findings, x.count), 3);
	assert_string_equal(x.findings[0].rule->id, "left-to-framework");
	assert_int_equal(x.findings[0].level, LEVEL_NOTE);
	assert_string_equal(x.findings[1].rule->id, "a-new-rule");
	assert_int_equal(x.findings[1].level, LEVEL_ERROR);
	assert_string_equal(x.findings[2].rule->id, "b-new-rule");
	fixture_release(&x);
}

enum difference {
	OTHER_NOTHING,
	OTHER_RESOURCE,
	OTHER_SITE,
	OTHER_ORDINAL,
	OTHER_FUNCTION,
	OTHER_PATH,
	OTHER_DEF,
	NO_RESOURCE
};

static const struct {
	enum difference difference;
	size_t left;
} same_case[] = {
	{OTHER_NOTHING, 1},  {OTHER_RESOURCE, 2}, {OTHER_SITE, 2}, {OTHER_ORDINAL, 2},
	{OTHER_FUNCTION, 2}, {OTHER_PATH, 2},     {OTHER_DEF, 2},  {NO_RESOURCE, 2},
};

static void differ(struct finding *f, enum difference how)
{
	switch (how) {
	case OTHER_NOTHING: break;
	case OTHER_RESOURCE: f->resource.name = STR("session"); break;
	case OTHER_SITE: f->resource.at.span.start = 1; break;
	case OTHER_ORDINAL: f->ordinal = 1; break;
	case OTHER_FUNCTION: f->function = STR("g"); break;
	case OTHER_PATH: f->at.path = STR("b.py"); break;
	case OTHER_DEF: f->function_at.span = (struct span){1, 2}; break;
	case NO_RESOURCE: f->resource.name = STR_EMPTY; break;
	}
}

static void only_findings_about_the_same_resource_are_merged(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(same_case) * 2; i++) {
		struct fixture x;
		bool one_rule = i % 2 == 0;
		fixture_init(&x);
		add_finding(&x, "unreleased-on-return", "a.py", (struct span){5, 9});
		add_finding(&x, one_rule ? "unreleased-on-return" : "unreleased-on-raise", "a.py",
		            (struct span){5, 9});
		differ(&x.findings[0], same_case[i / 2].difference);
		if (same_case[i / 2].difference == NO_RESOURCE)
			differ(&x.findings[1], NO_RESOURCE);
		assert_int_equal(merge_findings(&x.memory, x.findings, x.count),
		                 same_case[i / 2].left);
		fixture_release(&x);
	}
}

static void one_rule_twice_becomes_one_finding_with_all_exits(void **state)
{
	struct finding_exit early[] = {
		{EXIT_RETURN,
	         {.path = STR("a.py"), .span = {9, 10}},
	         MISSING_CLOSE,
	         RELEASED_RESPONSE_SENT},
		{EXIT_RETURN,
	         {.path = STR("a.py"), .span = {3, 4}},
	         MISSING_COMMIT,
	         RELEASED_RESPONSE_SENT},
	};
	struct finding_exit late[] = {
		{EXIT_RETURN, {.path = STR("a.py"), .span = {3, 4}}, MISSING_CLOSE, RELEASED_NEVER},
		{EXIT_RAISE, {.path = STR("a.py"), .span = {6, 7}}, MISSING_CLOSE, RELEASED_STREAM_END},
	};
	struct fixture x;

	(void)state;
	fixture_init(&x);
	struct finding *a = add_finding(&x, "unreleased-on-return", "a.py", (struct span){9, 10});
	a->exits = early;
	a->exit_count = 2;
	a->missing = MISSING_COMMIT;
	struct finding *b = add_finding(&x, "unreleased-on-return", "a.py", (struct span){3, 4});
	b->exits = late;
	b->exit_count = 2;
	b->missing = MISSING_CLOSE;
	b->released_by = RELEASED_NEVER;
	assert_int_equal(merge_findings(&x.memory, x.findings, x.count), 1);
	assert_int_equal(x.findings[0].at.span.start, 3);
	assert_int_equal(x.findings[0].exit_count, 3);
	assert_int_equal(x.findings[0].exits[0].missing, MISSING_COMMIT | MISSING_CLOSE);
	assert_int_equal(x.findings[0].exits[0].released_by, RELEASED_NEVER);
	assert_int_equal(x.findings[0].exits[1].at.span.start, 6);
	assert_int_equal(x.findings[0].exits[2].at.span.start, 9);
	assert_int_equal(x.findings[0].missing, MISSING_COMMIT | MISSING_CLOSE);
	assert_int_equal(x.findings[0].released_by, RELEASED_NEVER);
	fixture_release(&x);
}

static void findings_stand_by_path_line_column_and_rule(void **state)
{
	static const struct {
		const char *rule, *path;
		uint32_t line, column;
	} order[] = {
		{"unused-session", "a.py", 9, 1},    {"rebound-session", "a/b.py", 2, 9},
		{"unused-session", "a/b.py", 10, 1}, {"rebound-session", "a/b.py", 10, 2},
		{"unused-session", "a/b.py", 10, 2}, {"rebound-session", "b.py", 1, 1},
	};
	struct fixture x;

	(void)state;
	fixture_init(&x);
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		size_t k = (i * 5 + 3) % ARRAY_LEN(order); /* another order */
		struct finding *f = add_finding(&x, order[k].rule, order[k].path,
		                                (struct span){0, 1});
		f->at.line = order[k].line;
		f->at.column = order[k].column;
	}
	sort_findings(x.findings, x.count);
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		assert_string_equal(x.findings[i].rule->id, order[i].rule);
		assert_true(str_is(x.findings[i].at.path, order[i].path));
		assert_int_equal(x.findings[i].at.line, order[i].line);
	}
	fixture_release(&x);
}

/* ---- names --------------------------------------------------------------- */

static void an_id_is_made_of_what_a_finding_is_about_and_not_of_where_it_stands(void **state)
{
	struct fixture x;

	(void)state;
	fixture_init(&x);
	for (size_t i = 0; i < 7; i++)
		add_finding(&x, i == 1 ? "rebound-session" : "unused-session",
		            i == 2 ? "b.py" : "a.py", (struct span){0, 1});
	x.findings[3].function = STR("g");
	x.findings[4].resource.name = STR("s");
	x.findings[5].ordinal = 1;
	x.findings[6].at.line = 100; /* differs in its place only: an exact repeat */
	fingerprint_findings(&x.memory, x.findings, x.count);
	struct str first = x.findings[0].id, repeat = x.findings[6].id;
	assert_int_equal(first.len, 32);
	assert_int_equal(strspn(first.ptr, "0123456789abcdef"), 32);
	for (size_t i = 0; i < 7; i++)
		for (size_t k = 0; k < i; k++)
			assert_false(str_eq(x.findings[i].id, x.findings[k].id));
	/* Alone it has the id of the first; and the repeat's id does not depend on the others. */
	fingerprint_findings(&x.memory, x.findings + 6, 1);
	assert_true(str_eq(x.findings[6].id, first));
	x.findings[1] = x.findings[6];
	fingerprint_findings(&x.memory, x.findings, 2);
	assert_true(str_eq(x.findings[1].id, repeat));
	fixture_release(&x);
}

static void names_that_run_into_each_other_are_different(void **state)
{
	struct fixture x;

	(void)state;
	fixture_init(&x);
	add_finding(&x, "unused-session", "a", (struct span){0, 1})->function = STR("bc");
	add_finding(&x, "unused-session", "ab", (struct span){0, 1})->function = STR("c");
	fingerprint_findings(&x.memory, x.findings, 2);
	assert_false(str_eq(x.findings[0].id, x.findings[1].id));
	fixture_release(&x);
}

/* ---- comments -------------------------------------------------------------- */

static const char handler[] = "# above\n"            /* 1 */
			      "@router.get('/')\n"   /* 2 */
			      "def outer(db):\n"     /* 3 */
			      "    first = 1\n"      /* 4 */
			      "    def inner():\n"   /* 5 */
			      "        second = 2\n" /* 6 */
			      "    return 3\n"       /* 7 */
			      "\n"                   /* 8 */
			      "other = 4\n";         /* 9 */

/* The module of 'handler' with one comment that is about 'applies'. */
static void add_handler(struct fixture *x, const char *rules, const char *reason, uint32_t applies)
{
	struct module *m = add_module(x, "a.py", STR(handler));
	struct scope *scopes = arena_array(&x->memory, struct scope, 2);
	struct suppression *comment = arena_new(&x->memory, struct suppression);
	uint32_t end = span_of(handler, "\nother").start;

	scopes[0] = (struct scope){.kind = SCOPE_FUNCTION,
	                           .name_span = span_of(handler, "outer(db)"),
	                           .decorated = {span_of(handler, "@router").start, end}};
	scopes[1] = (struct scope){.kind = SCOPE_FUNCTION,
	                           .name_span = span_of(handler, "inner"),
	                           .decorated = {span_of(handler, "def inner").start,
	                                         span_of(handler, "second = 2").end}};
	*comment = (struct suppression){.line = applies,
	                                .applies = applies,
	                                .rules = str_of(rules),
	                                .reason = str_of(reason)};
	m->scopes = scopes;
	m->scope_count = 2;
	m->suppressions = comment;
	m->suppression_count = 1;
	add_finding(x, "unused-session", "a.py", span_of(handler, "first"));
	add_finding(x, "rebound-session", "a.py", span_of(handler, "second"));
	add_finding(x, "unused-session", "a.py", span_of(handler, "return"));
	add_finding(x, "unused-session", "a.py", span_of(handler, "other"));
	locate_findings(&x->project, str_of(folder), x->d, x->findings, x->count);
	sort_findings(x->findings, x->count);
}

#define NOTHING "a.py:%u: this comment suppresses nothing: remove it"
#define NO_RULE "a.py:%u: this comment names no rule: write # idletx: ignore[RULE] -- reason"
#define NO_REASON "a.py:%u: this comment gives no reason: write # idletx: ignore[RULE] -- reason"

static const struct {
	const char *rules, *reason;
	uint32_t line;
	const char *suppressed; /* of the findings "first second return other" */
	const char *said;
} comment_case[] = {
	{"unused-session", "r", 4, "x...", ""},
	{"unused-session", "r", 7, "..x.", ""},
	{"unused-session", "r", 3, "x.x.", ""},  /* the def line: all of the function */
	{"unused-session", "r", 2, "x.x.", ""},  /* so is its decorator */
	{"rebound-session", "r", 3, ".x..", ""}, /* what is nested in it included */
	{"rebound-session", "r", 5, ".x..", ""},
	{"unused-session, rebound-session", "r", 3, "xxx.", ""},
	{"unused-session", "r", 9, "...x", ""},
	{"unused-session", "r", 5, "....", NOTHING},
	{"unused-session", "r", 8, "....", NOTHING},
	{"rebound-session", "r", 4, "....", NOTHING},
	{"unreleased-on-raise", "r", 3, "....", NOTHING},
	{"left-to-framework", "r", 3, "....", ""}, /* was not enabled in this run */
	{"unused-session", "", 4, "....", NO_REASON},
	{"", "r", 4, "....", NO_RULE},
	{"", "", 4, "....", NO_RULE},
	{"unused-sesion", "r", 4, "....",
         "a.py:%u: unknown rule 'unused-sesion': did you mean 'unused-session'?"},
	{"unused-session,", "r", 4, "....", "a.py:%u: unknown rule '': 'idletx rules' lists them"},
	{"*", "r", 4, "....", "a.py:%u: unknown rule '*': 'idletx rules' lists them"},
};

static bool *all_but(struct fixture *x, const char *id)
{
	bool *enabled = arena_array(&x->memory, bool, rule_count);

	for (size_t i = 0; i < rule_count; i++)
		enabled[i] = strcmp(rule_table[i]->id, id) != 0;
	return enabled;
}

static void a_comment_suppresses_its_rule_on_its_line_or_in_its_function(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(comment_case); i++) {
		struct fixture x;
		char want[160];
		fixture_init(&x);
		add_handler(&x, comment_case[i].rules, comment_case[i].reason, comment_case[i].line);
		suppress_findings(&x.project, all_but(&x, "left-to-framework"), x.d, x.findings,
		                  x.count);
		for (size_t k = 0; k < x.count; k++) {
			bool suppressed = comment_case[i].suppressed[k] == 'x';
			assert_int_equal(x.findings[k].status,
			                 suppressed ? STATUS_SUPPRESSED : STATUS_OPEN);
			assert_true(str_is(x.findings[k].reason, suppressed ? "r" : ""));
		}
		snprintf(want, sizeof(want), comment_case[i].said, comment_case[i].line);
		assert_string_equal(said(&x).ptr, want);
		fixture_release(&x);
	}
}

static void comments_in_files_that_are_not_reported_are_left_alone(void **state)
{
	(void)state;
	for (int generated = 0; generated < 2; generated++) {
		struct fixture x;
		fixture_init(&x);
		add_handler(&x, "", "", 4);
		x.modules[0].report = generated;
		x.modules[0].loaded.module.generated = generated;
		suppress_findings(&x.project, all_but(&x, ""), x.d, NULL, 0);
		assert_string_equal(said(&x).ptr, "");
		fixture_release(&x);
	}
}

/* ---- all of it --------------------------------------------------------------- */

static void triage_does_all_of_it_in_order(void **state)
{
	struct fixture x;
	struct options o = {.select = STR_EMPTY, .ignore = STR_EMPTY};
	struct config c = {.policy = POLICY_UNSET};
	struct allowlist_entry entry = {.path = STR("b.py"),
	                                .function = STR("*"),
	                                .reason = STR("accepted"),
	                                .rules = {&(struct str){"*", 1}, 1},
	                                .line = 3};
	struct allowlist a = {.file = STR("allow.json"), .entries = &entry, .count = 1};

	(void)state;
	fixture_init(&x);
	add_handler(&x, "unused-session", "r", 9);
	add_module(&x, "b.py", STR("x = 1\n"));
	add_finding(&x, "left-to-framework", "b.py", (struct span){0, 1});
	add_finding(&x, "unreleased-on-return", "b.py", (struct span){4, 5});
	struct triage_input in = {.options = &o,
	                          .config = &c,
	                          .allowlist = &a,
	                          .project = &x.project,
	                          .root = str_of(folder),
	                          .enabled = all_but(&x, ""),
	                          .whole = true};
	triage_run(&x.memory, x.d, &in, x.findings, &x.count);
	/* first and return are the same defect; so are the two of b.py. */
	assert_int_equal(x.count, 2);
	assert_true(str_is(x.findings[0].at.path, "a.py"));
	assert_int_equal(x.findings[0].status, STATUS_OPEN);
	assert_string_equal(x.findings[1].rule->id, "unreleased-on-return");
	assert_int_equal(x.findings[1].status, STATUS_ALLOWLISTED);
	assert_true(str_is(x.findings[1].reason, "accepted"));
	assert_int_equal(x.findings[1].at.column, 5);
	for (size_t i = 0; i < x.count; i++)
		assert_int_equal(x.findings[i].id.len, 32);
	assert_string_equal(said(&x).ptr, "a.py:9: this comment suppresses nothing: remove it");
	fixture_release(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_place_has_lines_and_columns_in_code_points),
		cmocka_unit_test(every_location_of_a_finding_is_filled_in_whatever_file_it_is_in),
		cmocka_unit_test(a_file_that_changed_meanwhile_counts_bytes_and_says_so),
		cmocka_unit_test(rules_are_chosen_by_id_and_glob),
		cmocka_unit_test(the_configuration_sets_levels_by_rule_and_path),
		cmocka_unit_test(of_two_rules_the_one_that_names_the_cause_wins),
		cmocka_unit_test(the_worst_level_wins_with_its_own_text),
		cmocka_unit_test(of_one_rule_at_two_levels_the_worse_speaks),
		cmocka_unit_test(a_slow_call_is_related_to_what_holds_the_session_longer),
		cmocka_unit_test(who_lends_a_session_is_related_to_what_is_done_with_it),
		cmocka_unit_test(rules_that_no_table_ranks_speak_for_themselves),
		cmocka_unit_test(only_findings_about_the_same_resource_are_merged),
		cmocka_unit_test(one_rule_twice_becomes_one_finding_with_all_exits),
		cmocka_unit_test(findings_stand_by_path_line_column_and_rule),
		cmocka_unit_test(an_id_is_made_of_what_a_finding_is_about_and_not_of_where_it_stands),
		cmocka_unit_test(names_that_run_into_each_other_are_different),
		cmocka_unit_test(a_comment_suppresses_its_rule_on_its_line_or_in_its_function),
		cmocka_unit_test(comments_in_files_that_are_not_reported_are_left_alone),
		cmocka_unit_test(triage_does_all_of_it_in_order),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
