/* test_allowlist.c - the allowlist: strict when it is read, exact when it is applied. */
#include "triage/allowlist.h"
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

static char folder[40];
static char project_folder[4096];

static int enter_folder(void **state)
{
	(void)state;
	return getcwd(project_folder, sizeof(project_folder)) == NULL ||
	       mkdtemp(temp_name(folder, sizeof folder, "/tmp", "allowlist")) == NULL ||
	       chdir(folder) != 0;
}

static int leave_folder(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return chdir(project_folder) != 0 || system(command) != 0;
}

struct loaded {
	struct arena run;
	struct diag *d;
	struct allowlist a;
	bool ok;
	struct str said; /* "path:line:column: text", one a line */
};

static day_number day(const char *text)
{
	day_number n = 0;

	assert_true(date_parse(str_of(text), &n));
	return n;
}

/* What was said until now, one message a line. */
static struct str said(struct loaded *l)
{
	size_t count = 0;
	const struct diag_entry *e = diag_sorted(l->d, &count);
	struct str all = STR_EMPTY;

	for (size_t i = 0; i < count; i++)
		all = arena_printf(&l->run, "%.*s%s%.*s:%u:%u: %.*s", STR_ARG(all),
		                   i == 0 ? "" : "\n", STR_ARG(e[i].path), e[i].line, e[i].column,
		                   STR_ARG(e[i].text));
	return all;
}

static struct loaded load(const char *from_options, const char *from_config, const char *today)
{
	struct loaded l = {.d = diag_new()};
	struct options o = {.allowlist = from_options};
	struct config c = {.allowlist = from_config == NULL ? STR_EMPTY : str_of(from_config)};

	arena_init(&l.run);
	l.ok = allowlist_load(&l.run, l.d, str_of(folder), &o, &c, day(today), &l.a);
	l.said = said(&l);
	return l;
}

static struct loaded load_text(const char *text)
{
	FILE *f = fopen("a.json", "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
	return load(NULL, "a.json", "2026-01-15");
}

static void loaded_release(struct loaded *l)
{
	diag_free(l->d);
	arena_release(&l->run);
}

#define ENTRIES(text) "{\"version\": 1, \"entries\": [\n" text "]}"
#define ENTRY(text) ENTRIES("{\"path\": \"a.py\", \"rules\": [\"*\"], \"reason\": \"r\", " text "}")

static const struct {
	const char *text, *said;
} mistake_case[] = {
	{"", "a.json:1:1: this is no valid JSON: '[' or '{' expected near end of file"},
	{"[]", "a.json:1:1: this value must be a table of keys and values"},
	{"{}", "a.json:1:1: 'version' is missing: write \"version\": 1"},
	{"{\"version\": 2, \"entries\": []}", "a.json:1:13: 'version' must be 1"},
	{"{\"version\": \"1\", \"entries\": []}", "a.json:1:13: 'version' must be 1"},
	{"{\"version\": 1}", "a.json:1:1: 'entries' is missing: write \"entries\": []"},
	{"{\"version\": 1, \"entrys\": []}",
         "a.json:1:16: unknown key 'entrys': did you mean 'entries'?"},
	{"{\"version\": 1, \"entries\": {}}", "a.json:1:27: 'entries' must be an array"},
	{ENTRIES("3"), "a.json:2:1: this value must be a table of keys and values"},
	{ENTRIES("{}"), "a.json:2:1: this entry has no 'path'"},
	{ENTRIES("{\"path\": \"a.py\", \"reason\": \"r\"}"),
         "a.json:2:1: this entry has no 'rules'"},
	{ENTRIES("{\"path\": \"a.py\", \"rules\": [\"*\"]}"),
         "a.json:2:1: this entry has no 'reason'"},
	{ENTRIES("{\"path\": \"a.py\",\n \"raeson\": \"r\"}"),
         "a.json:3:2: unknown key 'raeson': did you mean 'reason'?"},
	{ENTRIES("{\"reason\": \"\"}"), "a.json:2:12: 'reason' must be more than an empty string"},
	{ENTRIES("{\"reason\": \" \\t\"}"), "a.json:2:12: 'reason' is blank: say why"},
	{ENTRIES("{\"reason\": [\"r\"]}"), "a.json:2:12: 'reason' must be a string"},
	{ENTRIES("{\"path\": \"./a.py\"}"),
         "a.json:2:10: 'path' is relative to the root: write it without './'"},
	{ENTRIES("{\"path\": \"/a.py\"}"),
         "a.json:2:10: 'path' is relative to the root: write it without '/'"},
	{ENTRIES("{\"rules\": []}"),
         "a.json:2:11: 'rules' is empty: name rules, or write [\"*\"] for all"},
	{ENTRIES("{\"rules\": \"*\"}"), "a.json:2:11: 'rules' must be an array of strings"},
	{ENTRIES("{\"rules\": [\"*\", \"unused-sesion\"]}"),
         "a.json:2:17: unknown rule 'unused-sesion': did you mean 'unused-session'?"},
	{ENTRIES("{\"rules\": [\"E501\"]}"),
         "a.json:2:12: unknown rule 'E501': 'idletx rules' lists them"},
	{ENTRY("\"kind\": \"wontfix\""), "a.json:2:57: 'kind' must be \"accepted\" or \"backlog\""},
	{ENTRY("\"owner\": 3"), "a.json:2:58: 'owner' must be a string"},
	{ENTRY("\"expires\": \"2026-02-30\""),
         "a.json:2:60: '2026-02-30' is no date: write one such as \"2027-06-30\""},
	{ENTRY("\"expires\": 20260230"), "a.json:2:60: 'expires' must be a string"},
	{ENTRY("\"path\": \"b.py\""),
         "a.json:2:54: this is no valid JSON: duplicate object key near '\"path\"'"},
	{ENTRIES("{\"path\": \"\xc3\xa9.py\", \"nope\": 1}"),
         "a.json:2:18: unknown key 'nope': the keys are path, function, rules, reason, kind, "
         "owner, expires"},
};

static void a_mistake_has_a_file_a_line_and_a_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mistake_case); i++) {
		struct loaded l = load_text(mistake_case[i].text);
		assert_string_equal(l.said.ptr, mistake_case[i].said);
		assert_false(l.ok);
		assert_true(diag_has(l.d, DIAG_USAGE));
		loaded_release(&l);
	}
}

static void no_allowlist_is_an_empty_one_and_a_missing_one_is_a_mistake(void **state)
{
	struct loaded l = load(NULL, NULL, "2026-01-15");

	(void)state;
	assert_true(l.ok);
	assert_int_equal(l.a.count, 0);
	loaded_release(&l);
	l = load(NULL, "missing.json", "2026-01-15");
	assert_string_equal(l.said.ptr,
	                    "missing.json:0:0: cannot read this allowlist: no such file");
	loaded_release(&l);
	l = load("/dev/null", NULL, "2026-01-15");
	assert_string_equal(l.said.ptr,
	                    "/dev/null:0:0: cannot read this allowlist: not a regular file");
	loaded_release(&l);
}

static void the_command_line_comes_before_the_configuration(void **state)
{
	struct loaded l = load_text(ENTRY("\"kind\": \"backlog\""));

	(void)state;
	loaded_release(&l);
	l = load("a.json", "missing.json", "2026-01-15");
	assert_true(l.ok);
	assert_int_equal(l.a.count, 1);
	assert_true(l.a.entries[0].backlog);
	assert_true(str_is(l.a.entries[0].function, "*"));
	loaded_release(&l);
}

static void the_example_is_valid_and_means_what_it_says(void **state)
{
	char path[4200];

	(void)state;
	snprintf(path, sizeof(path), "%s/allowlist.example.json", project_folder);
	struct loaded l = load(path, NULL, "2026-01-15");
	assert_string_equal(l.said.ptr, "");
	assert_true(l.ok);
	assert_int_equal(l.a.count, 4);
	assert_int_equal(l.a.entries[0].line, 4);
	assert_true(allowlist_covers(&l.a, STR("mcpgateway/middleware/rbac.py"),
	                             STR("get_permission_service")));
	assert_false(allowlist_covers(&l.a, STR("mcpgateway/middleware/rbac.py"), STR("get_db")));
	assert_false(allowlist_covers(&l.a, STR("app/routers/health.py"), STR("health")));
	loaded_release(&l);
}

static struct finding finding_of(const char *rule, const char *path, const char *function)
{
	struct finding f = {
		.rule = rule_find(str_of(rule)),
		.level = LEVEL_WARNING,
		.at = {.path = str_of(path)},
		.function = str_of(function),
		.reason = STR_EMPTY,
	};

	assert_non_null(f.rule);
	return f;
}

static const char matching[] = ENTRIES("{\"path\": \"app/*.py\", \"function\": \"Tool*\", "
                                       "\"rules\": [\"unreleased-*\"], \"reason\": \"one\"},\n"
                                       "{\"path\": \"**/b.py\", \"rules\": [\"unused-session\"], "
                                       "\"reason\": \"two\", \"kind\": \"backlog\"},\n"
                                       "{\"path\": \"app/a.py\", \"rules\": [\"*\"], \"reason\": "
                                       "\"three\", \"expires\": \"2026-01-14\"},\n"
                                       "{\"path\": \"app/a.py\", \"function\": \"Tools.get\", "
                                       "\"rules\": [\"*\"], \"reason\": \"four\"}");

static const struct {
	const char *rule, *path, *function, *reason;
} match_case[] = {
	{"unreleased-on-return", "app/a.py", "Tools.get", "one"}, /* the first entry wins */
	{"unused-session", "app/a.py", "Tools.get", "four"},
	{"unused-session", "app/a.py", "other", ""}, /* the third has expired */
	{"unreleased-on-return", "app/sub/a.py", "Tools.get", ""},
	{"unused-session", "deep/er/b.py", "x.<locals>.y", "two"},
	{"unused-session", "b.py", "x", "two"},
	{"rebound-session", "b.py", "x", ""},
};

static void an_entry_accepts_what_its_globs_match_while_it_holds(void **state)
{
	struct loaded l = load_text(matching);
	struct finding f[ARRAY_LEN(match_case)];

	(void)state;
	assert_string_equal(l.said.ptr, "");
	for (size_t i = 0; i < ARRAY_LEN(match_case); i++)
		f[i] = finding_of(match_case[i].rule, match_case[i].path, match_case[i].function);
	allowlist_apply(&l.a, f, ARRAY_LEN(f));
	for (size_t i = 0; i < ARRAY_LEN(match_case); i++) {
		bool open = match_case[i].reason[0] == '\0';
		assert_int_equal(f[i].status, open ? STATUS_OPEN : STATUS_ALLOWLISTED);
		assert_true(str_is(f[i].reason, match_case[i].reason));
	}
	assert_int_equal(l.a.accepted, 2);
	assert_int_equal(l.a.backlog, 2);
	loaded_release(&l);
}

static void a_suppressed_finding_stays_suppressed_and_uses_the_entry(void **state)
{
	struct loaded l = load_text(ENTRY("\"owner\": \"o\""));
	struct finding f = finding_of("unused-session", "a.py", "x");

	(void)state;
	f.status = STATUS_SUPPRESSED;
	f.reason = STR("comment");
	allowlist_apply(&l.a, &f, 1);
	assert_int_equal(f.status, STATUS_SUPPRESSED);
	assert_true(str_is(f.reason, "comment"));
	allowlist_review(&l.a, true, true, l.d);
	assert_string_equal(said(&l).ptr, "");
	loaded_release(&l);
}

static const char aging[] = ENTRIES(
	"{\"path\": \"a\", \"rules\": [\"*\"], \"reason\": \"r\", \"expires\": \"2026-01-14\", "
	"\"owner\": \"\xc3\xa4\"}, "
	"{\"path\": \"b\", \"rules\": [\"*\"], \"reason\": \"r\", \"expires\": \"2026-01-15\"},\n"
	"\t{\"path\": \"c\", \"rules\": [\"*\"], \"reason\": \"r\", \"expires\": \"2026-02-14\"},\n"
	"{\"path\": \"d\", \"rules\": [\"*\"], \"reason\": \"r\", \"expires\": \"2026-02-15\"}");

static const char expiry_said[] =
	"a.json:2:1: this entry expired on 2026-01-14, owner \xc3\xa4: fix "
	"what it covers, or set a new date\n"
	"a.json:2:86: this entry expires on 2026-01-15 (0 days left)\n"
	"a.json:3:2: this entry expires on 2026-02-14 (30 days left)";

static void expiry_is_said_thirty_days_before_and_fails_only_when_strict(void **state)
{
	(void)state;
	for (int strict = 0; strict < 2; strict++) {
		struct loaded l = load_text(aging);
		allowlist_review(&l.a, false, strict, l.d);
		assert_string_equal(said(&l).ptr, expiry_said);
		assert_int_equal(diag_has(l.d, DIAG_USAGE), strict);
		loaded_release(&l);
	}
}

static void an_entry_that_matches_nothing_is_said_when_everything_was_looked_at(void **state)
{
	static const char stale[] =
		"a.json:2:1: this entry matches no finding: remove it, or correct its "
		"path, function or rules";

	(void)state;
	for (int pass = 0; pass < 3; pass++) {
		struct loaded l = load_text(ENTRY("\"function\": \"f\""));
		allowlist_review(&l.a, pass > 0, pass > 1, l.d);
		assert_string_equal(said(&l).ptr, pass > 0 ? stale : "");
		assert_int_equal(diag_has(l.d, DIAG_USAGE), pass > 1);
		loaded_release(&l);
	}
}

static const struct {
	const char *entry;
	bool used;
} function_case[] = {
	{ENTRY("\"function\": \"known\""), true},
	{ENTRY("\"function\": \"unknown\""), false},
	{ENTRY("\"function\": \"kn*\""), false}, /* a glob is about findings */
	{ENTRY("\"function\": \"known\", \"kind\": \"backlog\""), false}, /* so is a backlog */
	{ENTRIES("{\"path\": \"b.py\", \"function\": \"known\", \"rules\": [\"*\"], \"reason\": "
                 "\"r\"}"),
         false},
	{ENTRIES("{\"path\": \"a.py\", \"function\": \"known\", \"rules\": [\"unused-session\"], "
                 "\"reason\": \"r\"}"),
         false},
};

static void an_entry_for_a_whole_function_is_used_while_the_function_is_there(void **state)
{
	struct arena memory;

	(void)state;
	arena_init(&memory);
	struct interner *names = interner_new(&memory);
	struct scope scope = {.kind = SCOPE_FUNCTION, .qualname = intern(names, STR("known"))};
	struct project_module module = {
		.loaded.module = {.path = STR("a.py"), .scopes = &scope, .scope_count = 1}};
	struct project project = {.names = names, .modules = &module, .module_count = 1};
	for (size_t i = 0; i < ARRAY_LEN(function_case); i++) {
		struct loaded l = load_text(function_case[i].entry);
		assert_true(l.ok);
		allowlist_find_functions(&l.a, &project);
		assert_int_equal(l.a.entries[0].used, function_case[i].used);
		loaded_release(&l);
	}
	interner_free(names);
	arena_release(&memory);
}

static const struct {
	const char *text;
	bool valid;
	day_number days;
} date_case[] = {
	{"1970-01-01", true, 0},
	{"1970-03-01", true, 59},
	{"2000-02-29", true, 11016},
	{"2024-02-29", true, 19782},
	{"2026-01-15", true, 20468},
	{"0001-01-01", true, -719162},
	{"9999-12-31", true, 2932896},
	{"2023-02-29", false, 0},
	{"1900-02-29", false, 0},
	{"2026-13-01", false, 0},
	{"2026-00-10", false, 0},
	{"2026-01-00", false, 0},
	{"2026-04-31", false, 0},
	{"2026-1-01", false, 0},
	{"2026/01/01", false, 0},
	{"0000-01-01", false, 0},
	{"2026-01-01x", false, 0},
	{"+026-01-01", false, 0},
	{"", false, 0},
};

static void a_date_is_a_day_of_the_calendar(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(date_case); i++) {
		day_number n = 77;
		assert_int_equal(date_parse(str_of(date_case[i].text), &n), date_case[i].valid);
		assert_int_equal(n, date_case[i].valid ? date_case[i].days : 77);
	}
}

static void today_can_be_set_from_outside(void **state)
{
	(void)state;
	setenv("SOURCE_DATE_EPOCH", "1768435200", 1);
	assert_int_equal(date_today(), day("2026-01-15"));
	setenv("SOURCE_DATE_EPOCH", "nonsense", 1);
	assert_true(date_today() > day("2024-01-01"));
	setenv("SOURCE_DATE_EPOCH", "99999999999999999999999", 1);
	assert_true(date_today() > day("2024-01-01"));
	unsetenv("SOURCE_DATE_EPOCH");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mistake_has_a_file_a_line_and_a_column),
		cmocka_unit_test(no_allowlist_is_an_empty_one_and_a_missing_one_is_a_mistake),
		cmocka_unit_test(the_command_line_comes_before_the_configuration),
		cmocka_unit_test(the_example_is_valid_and_means_what_it_says),
		cmocka_unit_test(an_entry_accepts_what_its_globs_match_while_it_holds),
		cmocka_unit_test(a_suppressed_finding_stays_suppressed_and_uses_the_entry),
		cmocka_unit_test(expiry_is_said_thirty_days_before_and_fails_only_when_strict),
		cmocka_unit_test(an_entry_that_matches_nothing_is_said_when_everything_was_looked_at),
		cmocka_unit_test(an_entry_for_a_whole_function_is_used_while_the_function_is_there),
		cmocka_unit_test(a_date_is_a_day_of_the_calendar),
		cmocka_unit_test(today_can_be_set_from_outside),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
