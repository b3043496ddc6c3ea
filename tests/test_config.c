/* test_config.c - the configuration: what it sets, and what is said when it is wrong. */
#include "input/config.h"
#include "input/setting.h"
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

static int enter_folder(void **state)
{
	(void)state;
	return mkdtemp(temp_name(folder, sizeof folder, "/tmp", "config")) == NULL ||
	       chdir(folder) != 0;
}

static int leave_folder(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return chdir("/") != 0 || system(command) != 0;
}

static bool is_rule(struct str id)
{
	return str_is(id, "rule-one") || str_is(id, "rule-two");
}

static struct str nearest_rule(struct str id)
{
	return str_starts(id, STR("rule-")) ? STR("rule-one") : STR_EMPTY;
}

struct loaded {
	struct arena run;
	struct diag *d;
	struct config c;
	bool ok;
	struct str said; /* "path:line:column: text", one a line */
};

static void write_file(const char *name, const char *text, size_t len)
{
	FILE *f = fopen(name, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static struct loaded load(const char *file)
{
	struct loaded l = {.d = diag_new(), .said = STR_EMPTY};
	size_t count = 0;

	arena_init(&l.run);
	l.ok = config_load(&l.run, l.d, str_of(folder), file, is_rule, nearest_rule, &l.c);
	const struct diag_entry *e = diag_sorted(l.d, &count);
	for (size_t i = 0; i < count; i++)
		l.said = arena_printf(&l.run, "%.*s%s%.*s:%u:%u: %.*s", STR_ARG(l.said),
		                      i == 0 ? "" : "\n", STR_ARG(e[i].path), e[i].line,
		                      e[i].column, STR_ARG(e[i].text));
	assert_int_equal(l.ok, !diag_has(l.d, DIAG_USAGE));
	return l;
}

static void loaded_release(struct loaded *l)
{
	diag_free(l->d);
	arena_release(&l->run);
}

/* The configuration that one file gives; the other is not there. */
static struct loaded load_text(const char *name, const char *text)
{
	unlink("pyproject.toml");
	unlink(".idletx.json");
	write_file(name, text, strlen(text));
	return load(NULL);
}

static const char full_toml[] = "[project]\n"
				"name = 'x'\n"
				"[tool.idletx]\n"
				"exclude = [\"legacy/**\", 'gen'] # comment\n"
				"allowlist = \"allowlist.json\"\n"
				"policy = \"explicit\"\n"
				"fastapi-version = \"0.120\"\n"
				"providers = [\"myapp.db:get_tenant_db\"]\n"
				"releases = [\n"
				"\t\"myapp.db:finish\", # a call that commits and closes\n"
				"]\n"
				"slow-calls = [\"myapp.llm.*\"]\n"
				"entry-points = [\"myapp.bus.subscribe\"]\n"
				"protocols = [\"idletx-protocols/mydriver.json\"]\n"
				"[tool.idletx.rules]\n"
				"\"rule-one\" = \"off\"\n"
				"rule-two = 'error'\n"
				"[[tool.idletx.overrides]]\n"
				"paths = [\"app/billing/**\"]\n"
				"policy = \"leaks\"\n"
				"[[tool.idletx.overrides]]\n"
				"paths = [\"app/**\"]\n"
				"[tool.idletx.overrides.rules]\n"
				"rule-one = \"note\"\n"
				"[tool.other]\n"
				"policy = 3\n";

static const char full_json[] =
	"{\"exclude\": [\"legacy/**\", \"gen\"], \"allowlist\": \"allowlist.json\", \"policy\": "
	"\"explicit\",\n"
	" \"fastapi-version\": \"0.120\", \"providers\": [\"myapp.db:get_tenant_db\"],\n"
	" \"releases\": [\"myapp.db:finish\"], \"slow-calls\": [\"myapp.llm.*\"],\n"
	" \"entry-points\": [\"myapp.bus.subscribe\"], \"protocols\": "
	"[\"idletx-protocols/mydriver.json\"],\n"
	" \"rules\": {\"rule-one\": \"off\", \"rule-two\": \"error\"},\n"
	" \"overrides\": [{\"paths\": [\"app/billing/**\"], \"policy\": \"leaks\"},\n"
	"  {\"paths\": [\"app/**\"], \"rules\": {\"rule-one\": \"note\"}}]}\n";

static void both_notations_set_the_same(void **state)
{
	(void)state;
	for (int json = 0; json < 2; json++) {
		const char *name = json ? ".idletx.json" : "pyproject.toml";
		struct loaded l = load_text(name, json ? full_json : full_toml);
		struct config *c = &l.c;
		assert_string_equal(l.said.ptr, "");
		assert_true(str_is(c->file, name));
		assert_int_equal(c->exclude.count, 2);
		assert_true(str_is(c->exclude.items[0], "legacy/**"));
		assert_true(str_is(c->exclude.items[1], "gen"));
		assert_true(str_is(c->allowlist, "allowlist.json"));
		assert_true(str_is(c->fastapi_version, "0.120"));
		assert_true(str_is(c->providers.items[0], "myapp.db:get_tenant_db"));
		assert_true(str_is(c->releases.items[0], "myapp.db:finish"));
		assert_true(str_is(c->slow_calls.items[0], "myapp.llm.*"));
		assert_true(str_is(c->entry_points.items[0], "myapp.bus.subscribe"));
		assert_true(str_is(c->protocols.items[0], "idletx-protocols/mydriver.json"));
		assert_int_equal(c->override_count, 2);
		assert_int_equal(config_policy(c, POLICY_UNSET, STR("x.py")), POLICY_EXPLICIT);
		assert_int_equal(config_policy(c, POLICY_UNSET, STR("app/billing/x.py")),
		                 POLICY_LEAKS);
		assert_int_equal(config_policy(c, POLICY_BALANCED, STR("app/billing/x.py")),
		                 POLICY_BALANCED);
		assert_int_equal(config_rule(c, STR("x.py"), STR("rule-one")), RULE_OFF);
		assert_int_equal(config_rule(c, STR("app/x.py"), STR("rule-one")), RULE_NOTE);
		assert_int_equal(config_rule(c, STR("app/x.py"), STR("rule-two")), RULE_ERROR);
		assert_int_equal(config_rule(c, STR("app/x.py"), STR("rule-three")), RULE_DEFAULT);
		loaded_release(&l);
	}
}

static const char *const policy_leaks[] = {
	"[tool.idletx]\npolicy = 'leaks'\n",
	"\xef\xbb\xbf[tool.idletx]\r\npolicy = 'leaks'\r\n",
	"tool.idletx.policy = 'leaks'",
	"tool = { idletx = { policy = 'leaks' } }",
	"tool.idletx = { policy = \"leaks\", exclude = [] }",
	"[tool]\nidletx.policy = 'leaks'",
	"[tool]\nidletx = { policy = 'leaks' }",
	"[tool]\n\"idletx\" = { 'policy' = 'leaks' }",
	"[ tool . \"idletx\" ]\npolicy = \"\"\"\nleaks\"\"\"",
	"[tool.idletx.rules]\nrule-one = 'off'\n[tool.idletx]\npolicy = 'leaks'",
	"[tool.idletx]\npolicy = \"\\u006Ceaks\"",
	"[tool.idletx]\npolicy = \"\"\"l\\\n   eaks\"\"\"",
	"[tool.idletx]\npolicy = '''leaks'''",
};

static void a_table_may_be_written_in_every_way_that_toml_has(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(policy_leaks); i++) {
		struct loaded l = load_text("pyproject.toml", policy_leaks[i]);
		assert_string_equal(l.said.ptr, "");
		assert_int_equal(l.c.policy, POLICY_LEAKS);
		loaded_release(&l);
	}
}

static const char *const nothing_for_us[] = {
	"",
	"\n",
	"# only a comment",
	"[tool.ruff]\nline-length = 3",
	"[tool]\n",
	"[idletx]\npolicy = 1",
	"tool = 3",
	"tool.idletxx.policy = 3",
	"[tool.\"idle\\u0000tx\"]",
};

static void a_file_without_our_table_is_an_empty_configuration(void **state)
{
	struct loaded l;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(nothing_for_us); i++) {
		l = load_text("pyproject.toml", nothing_for_us[i]);
		assert_string_equal(l.said.ptr, "");
		assert_int_equal(l.c.file.len, 0);
		assert_int_equal(config_policy(&l.c, POLICY_UNSET, STR("x.py")), POLICY_BALANCED);
		loaded_release(&l);
	}
	unlink("pyproject.toml");
	l = load(NULL);
	assert_true(l.ok);
	assert_string_equal(l.said.ptr, "");
	loaded_release(&l);
}

#define TOML(text) "pyproject.toml", "[tool.idletx]\n" text
#define JSON(text) ".idletx.json", text

static const struct {
	const char *name, *text, *said;
} mistake_case[] = {
	{TOML("exlude = []"), "pyproject.toml:2:1: unknown key 'exlude': did you mean 'exclude'?"},
	{TOML("a = 1\nb = 2"),
         "pyproject.toml:2:1: unknown key 'a': the keys are exclude, allowlist, policy, "
         "fastapi-version, "
         "providers, releases, slow-calls, entry-points, protocols, rules, overrides"},
	{TOML("exclude = 'legacy'"), "pyproject.toml:2:11: 'exclude' must be an array of strings"},
	{TOML("exclude = ['\xc3\xa9', 3]"), "pyproject.toml:2:17: this value must be a string"},
	{TOML("exclude = ['']"),
         "pyproject.toml:2:12: this value must be more than an empty string"},
	{TOML("allowlist = true"), "pyproject.toml:2:13: 'allowlist' must be a string"},
	{TOML("policy = 'strict'"),
         "pyproject.toml:2:10: 'strict' is no policy: choose balanced, explicit or leaks"},
	{TOML("fastapi-version = 0.120"),
         "pyproject.toml:2:19: 'fastapi-version' must be a string"},
	{TOML("fastapi-version = '>=0.1'"),
         "pyproject.toml:2:19: '>=0.1' is no version: write one such as \"0.128.0\""},
	{TOML("providers = ['get_db']"),
         "pyproject.toml:2:14: 'get_db' names no function: write \"package.module:function\""},
	{TOML("releases = ['a:b:c']"),
         "pyproject.toml:2:13: 'a:b:c' names no function: write \"package.module:function\""},
	{TOML("rules = []"),
         "pyproject.toml:2:9: 'rules' must be a table of rules and their levels"},
	{TOML("rules.rule-on = 'off'"),
         "pyproject.toml:2:7: unknown rule 'rule-on': did you mean 'rule-one'?"},
	{TOML("[tool.idletx.rules]\nx = 'off'"),
         "pyproject.toml:3:1: unknown rule 'x': 'idletx rules' lists them"},
	{TOML("[tool.idletx.rules]\nrule-one = 'of'"),
         "pyproject.toml:3:12: the level of 'rule-one' must be off, note, warning or error"},
	{TOML("rules.rule-one.a.b.c.d.e.f.g.h.i = 1"),
         "pyproject.toml:2:7: the level of 'rule-one' must be off, note, warning or error"},
	{TOML("[tool.idletx.overrides]\npaths = ['a']"),
         "pyproject.toml:2:14: 'overrides' must be an array of tables"},
	{TOML("[[tool.idletx.overrides]]\npolicy = 'leaks'"),
         "pyproject.toml:2:15: an override needs 'paths': the files that it is for"},
	{TOML("[[tool.idletx.overrides]]\npaths = ['a']"),
         "pyproject.toml:2:15: an override needs 'policy' or 'rules'"},
	{TOML("[[tool.idletx.overrides]]\npaths = []\npolicy = 'leaks'"),
         "pyproject.toml:3:9: 'paths' is empty: this override is for no file"},
	{TOML("[[tool.idletx.overrides]]\npath = ['a']"),
         "pyproject.toml:3:1: unknown key 'path': did you mean 'paths'?"},
	{TOML("overrides = [3]"),
         "pyproject.toml:2:14: this value must be a table of keys and values"},
	{TOML("policy = 'leaks'\npolicy = 'leaks'"), "pyproject.toml:3:1: 'policy' is set twice"},
	{TOML("policy = 'leaks'\npolicy.x = 1"),
         "pyproject.toml:3:1: 'policy' is set to a value elsewhere"},
	{TOML("rules = { rule-one = 'off', rule-one = 'off' }"),
         "pyproject.toml:2:29: 'rule-one' is set twice"},
	{TOML("policy = \"a\\u0000\""),
         "pyproject.toml:2:10: a string must not hold a NUL character"},
	{TOML("policy = 'leaks\nexclude = []"), "pyproject.toml:2:1: this is no valid TOML"},
	{"pyproject.toml", "tool.idletx = 3", "pyproject.toml:1:15: 'tool.idletx' must be a table"},
	{"pyproject.toml", "[[tool.idletx]]\nnope = 3",
         "pyproject.toml:2:1: unknown key 'nope': the keys are exclude, allowlist, policy, "
         "fastapi-version, "
         "providers, releases, slow-calls, entry-points, protocols, rules, overrides"},
	{JSON("{\n \"exlude\": []}"),
         ".idletx.json:2:2: unknown key 'exlude': did you mean 'exclude'?"},
	{JSON("{\"a\\u0062\\u0063\": []}"),
         ".idletx.json:1:2: unknown key 'abc': the keys are exclude, allowlist, policy, "
         "fastapi-version, "
         "providers, releases, slow-calls, entry-points, protocols, rules, overrides"},
	{JSON("{\"exclude\": [\"\xc3\xa9\", 3]}"),
         ".idletx.json:1:19: this value must be a string"},
	{JSON("{\"rules\": {\"rule-one\": null}}"),
         ".idletx.json:1:24: the level of 'rule-one' must be off, note, warning or error"},
	{JSON("[]"), ".idletx.json:1:1: this value must be a table of keys and values"},
	{JSON(""), ".idletx.json:1:1: this is no valid JSON: '[' or '{' expected near end of file"},
	{JSON("{\"policy\": \"leaks\",\n}"),
         ".idletx.json:2:1: this is no valid JSON: string or '}' expected near '}'"},
	{JSON("{\"policy\": \"leaks\", \"policy\": \"leaks\"}"),
         ".idletx.json:1:28: this is no valid JSON: duplicate object key near '\"policy\"'"},
	{JSON("{\"policy\": \"a\\u0000\"}"), ".idletx.json:1:20: this is no valid JSON: \\u0000 is "
                                             "not allowed without JSON_ALLOW_NUL near "
                                             "'\"a\\u0000\"'"},
	{JSON("{} x"), ".idletx.json:1:4: this is no valid JSON: end of file expected near 'x'"},
};

static void a_mistake_has_a_file_a_line_and_a_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mistake_case); i++) {
		struct loaded l = load_text(mistake_case[i].name, mistake_case[i].text);
		assert_string_equal(l.said.ptr, mistake_case[i].said);
		assert_false(l.ok);
		loaded_release(&l);
	}
}

static void a_pyproject_that_is_broken_elsewhere_is_a_warning(void **state)
{
	struct loaded l = load_text("pyproject.toml", "[project\nname = \n[tool.ruff]\nx = 1\n");

	(void)state;
	assert_true(l.ok);
	assert_true(diag_has(l.d, DIAG_WARNING));
	loaded_release(&l);
	l = load_text("pyproject.toml", "[project]\nname = = 3\n[tool.idletx\npolicy = 'leaks'\n");
	assert_false(l.ok);
	loaded_release(&l);
}

static void pyproject_comes_before_json_and_says_so(void **state)
{
	struct loaded l = load_text("pyproject.toml", "[tool.idletx]\npolicy = 'leaks'");

	(void)state;
	loaded_release(&l);
	write_file(".idletx.json", "{\"policy\": \"explicit\"}", 22);
	l = load(NULL);
	assert_int_equal(l.c.policy, POLICY_LEAKS);
	assert_string_equal(
		l.said.ptr,
		".idletx.json:0:0: this file is not read: pyproject.toml has [tool.idletx]");
	loaded_release(&l);
	write_file("pyproject.toml", "[tool.ruff]", 11);
	l = load(NULL);
	assert_int_equal(l.c.policy, POLICY_EXPLICIT);
	assert_string_equal(l.said.ptr, "");
	loaded_release(&l);
}

static const struct {
	const char *file, *said;
} named_case[] = {
	{"good.json", ""},
	{"good.toml", ""},
	{"./good.json", ""},
	{"nothing.json", "nothing.json:0:0: cannot read this configuration: no such file"},
	{"no/where.json", "no/where.json:0:0: cannot read this configuration: no such file"},
	{"other.toml", "other.toml:0:0: this file has no [tool.idletx]"},
	{".", ":0:0: cannot read this configuration: not a regular file"},
};

static void a_named_file_must_exist_and_be_for_us(void **state)
{
	(void)state;
	write_file("good.json", "{\"policy\": \"explicit\"}", 22);
	write_file("good.toml", "[tool.idletx]\npolicy = 'explicit'", 33);
	write_file("other.toml", "[tool.ruff]", 11);
	for (size_t i = 0; i < ARRAY_LEN(named_case); i++) {
		struct loaded l = load(named_case[i].file);
		assert_string_equal(l.said.ptr, named_case[i].said);
		assert_int_equal(l.ok, named_case[i].said[0] == '\0');
		if (l.ok)
			assert_int_equal(l.c.policy, POLICY_EXPLICIT);
		loaded_release(&l);
	}
}

/* 'open' n times, 'middle', 'close' n times. */
static char *nested(const char *open, const char *middle, const char *close, size_t n)
{
	size_t a = strlen(open), b = strlen(middle), c = strlen(close);
	char *text = malloc(n * (a + c) + b + 1), *p = text;

	for (size_t i = 0; i < n; i++, p += a)
		memcpy(p, open, a);
	memcpy(p, middle, b);
	p += b;
	for (size_t i = 0; i < n; i++, p += c)
		memcpy(p, close, c);
	*p = '\0';
	return text;
}

static const struct {
	const char *name, *open, *middle, *close;
	size_t n;
} hostile_case[] = {
	{"pyproject.toml", "", "tool.idletx.exclude = [", "", 1},
	{"pyproject.toml", "[", "tool.idletx", "]", 20000},
	{"pyproject.toml", "tool.idletx.", "x = 1", "", 20000},
	{"pyproject.toml", "\"", "[tool.idletx]", "'", 20000},
	{"pyproject.toml", "[tool.idletx]\n", "x = 1", "", 20000},
	{"pyproject.toml", "[[tool.idletx.overrides]]\n", "x = 1", "", 20000},
	{"pyproject.toml", "tool.idletx.exclude.a = {", "b", "}", 2000},
	{".idletx.json", "[", "", "]", 2000},
	{".idletx.json", "[", "", "]", 200000},
	{".idletx.json", "{\"exclude\":", "1", "}", 1000},
	{".idletx.json", "\xff", "", "", 1},
	{".idletx.json", "{\"policy\": \"\xed\xa0\x80\"}", "", "", 1},
};

static void hostile_files_are_refused_and_nothing_else_happens(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile_case); i++) {
		char *text = nested(hostile_case[i].open, hostile_case[i].middle,
		                    hostile_case[i].close, hostile_case[i].n);
		struct loaded l = load_text(hostile_case[i].name, text);
		assert_false(l.ok && l.said.len == 0);
		loaded_release(&l);
		free(text);
	}
}

static const struct {
	const char *text;
	size_t offset;
	uint32_t line, column;
} place_case[] = {
	{"", 0, 1, 1},
	{"abc", 2, 1, 3},
	{"a\nb", 2, 2, 1},
	{"a\r\nb", 3, 2, 1},
	{"abc", 99, 1, 4},
	{"\n\n", 2, 3, 1},
	{"\xc3\xa9\xf0\x9f\x98\x80x", 6, 1, 3},
	{"\x80\x80x", 2, 1, 1},
};

static void a_place_counts_lines_and_code_points_from_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(place_case); i++) {
		struct text_place p = text_place_of(str_of(place_case[i].text),
		                                    place_case[i].offset);
		assert_int_equal(p.line, place_case[i].line);
		assert_int_equal(p.column, place_case[i].column);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_notations_set_the_same),
		cmocka_unit_test(a_table_may_be_written_in_every_way_that_toml_has),
		cmocka_unit_test(a_file_without_our_table_is_an_empty_configuration),
		cmocka_unit_test(a_mistake_has_a_file_a_line_and_a_column),
		cmocka_unit_test(a_pyproject_that_is_broken_elsewhere_is_a_warning),
		cmocka_unit_test(pyproject_comes_before_json_and_says_so),
		cmocka_unit_test(a_named_file_must_exist_and_be_for_us),
		cmocka_unit_test(hostile_files_are_refused_and_nothing_else_happens),
		cmocka_unit_test(a_place_counts_lines_and_code_points_from_one),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
