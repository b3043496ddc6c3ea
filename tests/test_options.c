/* test_options.c - the command line: what it means, and what is said when it means nothing. */
#include "input/options.h"
#include "input/nearest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

enum { ARGUMENTS_MAX = 12 };

struct parsed {
	struct arena run;
	struct diag *d;
	struct options o;
	bool ok;
};

/* 'line' is split at blanks; '_' stands for an empty argument. */
static struct parsed parse(const char *line)
{
	static char copy[8][512]; /* texts of options point into argv */
	static unsigned turn;
	const char *argv[ARGUMENTS_MAX] = {"idletx"};
	int argc = 1;
	char *text = copy[turn++ % 8], *rest = NULL;
	struct parsed p = {.d = diag_new()};

	arena_init(&p.run);
	strncpy(text, line, sizeof(copy[0]) - 1);
	for (char *word = strtok_r(text, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest)) {
		assert_true(argc < ARGUMENTS_MAX);
		argv[argc++] = strcmp(word, "_") == 0 ? "" : word;
	}
	p.ok = options_parse(&p.run, argc, argv, p.d, &p.o);
	return p;
}

static void parsed_release(struct parsed *p)
{
	diag_free(p->d);
	arena_release(&p->run);
}

static void without_arguments_the_current_folder_is_checked(void **state)
{
	struct parsed p = parse("");

	(void)state;
	assert_true(p.ok);
	assert_int_equal(p.o.command, COMMAND_CHECK);
	assert_int_equal(p.o.path_count, 0);
	assert_int_equal(p.o.format, FORMAT_TEXT);
	assert_int_equal(p.o.policy, POLICY_UNSET);
	assert_int_equal(p.o.fail_on, FAIL_ON_DEFAULT);
	assert_int_equal(p.o.jobs, 0);
	assert_null(p.o.output);
	assert_null(p.o.root);
	parsed_release(&p);
}

static void an_empty_argument_vector_is_no_crash(void **state)
{
	const char *none[] = {NULL};
	struct parsed p = parse("");

	(void)state;
	assert_true(options_parse(&p.run, 0, none, p.d, &p.o));
	assert_int_equal(p.o.command, COMMAND_CHECK);
	parsed_release(&p);
}

static const struct {
	const char *line;
	enum command command;
	size_t paths;
} command_case[] = {
	{"check", COMMAND_CHECK, 0},
	{"check a.py b", COMMAND_CHECK, 2},
	{"a.py audit", COMMAND_CHECK, 2}, /* only the first word can be a command */
	{"audit audit", COMMAND_AUDIT, 1},
	{"./audit", COMMAND_CHECK, 1},
	{"-- audit", COMMAND_CHECK, 1},
	{"-- --help", COMMAND_CHECK, 1},
	{"check -- -x --format", COMMAND_CHECK, 2},
	{"--format json audit app", COMMAND_AUDIT, 1},
	{"-", COMMAND_CHECK, 1},
	{"rules", COMMAND_RULES, 0},
	{"protocols --format=json", COMMAND_PROTOCOLS, 0},
	{"--version", COMMAND_VERSION, 0},
	{"-V", COMMAND_VERSION, 0},
	{"audit --version", COMMAND_VERSION, 0},
	{"--help", COMMAND_HELP, 0},
	{"-h --version", COMMAND_HELP, 0},
	{"fixtures", COMMAND_CHECK, 1},
};

static void the_first_word_is_the_command_if_there_is_one_of_that_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(command_case); i++) {
		struct parsed p = parse(command_case[i].line);
		assert_true(p.ok);
		assert_int_equal(p.o.command, command_case[i].command);
		assert_int_equal(p.o.path_count, command_case[i].paths);
		parsed_release(&p);
	}
}

static void every_option_reaches_its_field(void **state)
{
	struct parsed p = parse(
		"audit --format markdown --output=o.md --root r --sarif-base=s --config c "
		"--allowlist=a");

	(void)state;
	assert_true(p.ok);
	assert_int_equal(p.o.format, FORMAT_MARKDOWN);
	assert_string_equal(p.o.output, "o.md");
	assert_string_equal(p.o.root, "r");
	assert_string_equal(p.o.sarif_base, "s");
	assert_string_equal(p.o.config, "c");
	assert_string_equal(p.o.allowlist, "a");
	parsed_release(&p);

	p = parse("--policy explicit --fastapi-version 0.115.2 --fail-on note --jobs 1024 "
	          "--color=never "
	          "--progress=always --dump=cfg");
	assert_true(p.ok);
	assert_int_equal(p.o.policy, POLICY_EXPLICIT);
	assert_string_equal(p.o.fastapi_version, "0.115.2");
	assert_int_equal(p.o.fail_on, FAIL_ON_NOTE);
	assert_int_equal(p.o.jobs, 1024);
	assert_int_equal(p.o.color, WHEN_NEVER);
	assert_int_equal(p.o.progress, WHEN_ALWAYS);
	assert_int_equal(p.o.dump, DUMP_CFG);
	parsed_release(&p);

	p = parse("audit --strict-allowlist --no-cache --force-exclude --no-gitignore --naive "
	          "--sarif-suppressed --quiet --stats --output -");
	assert_true(p.ok && p.o.strict_allowlist && p.o.no_cache && p.o.force_exclude);
	assert_true(p.o.no_gitignore && p.o.naive && p.o.sarif_suppressed && p.o.quiet && p.o.stats);
	assert_false(p.o.verbose);
	assert_null(p.o.output);
	parsed_release(&p);
}

static void repeated_exclusions_and_ids_add_up_and_others_replace(void **state)
{
	struct parsed p = parse(
		"--exclude a/** --exclude=b --select x-*,y --select z --policy leaks "
		"--policy=balanced");

	(void)state;
	assert_true(p.ok);
	assert_int_equal(p.o.exclude_count, 2);
	assert_string_equal(p.o.excludes[0], "a/**");
	assert_string_equal(p.o.excludes[1], "b");
	assert_true(str_is(p.o.select, "x-*,y,z"));
	assert_int_equal(p.o.policy, POLICY_BALANCED);
	parsed_release(&p);
}

static const struct {
	const char *line, *message;
} mistake_case[] = {
	{"--fromat json", "unknown option '--fromat': did you mean '--format'?"},
	{"--qqqqq=1", "unknown option '--qqqqq': see 'idletx --help'"},
	{"--Format=json", "unknown option '--Format': did you mean '--format'?"},
	{"--strict", "unknown option '--strict': did you mean '--strict-allowlist'?"},
	{"-q", "unknown option '-q': see 'idletx --help'"},
	{"--=x", "unknown option '--': see 'idletx --help'"},
	{"--hlep", "unknown option '--hlep': did you mean '--help'?"},
	{"--format", "'--format' needs a value"},
	{"--output --stats",
         "'--output' needs a value (one that begins with '-' is written behind '=')"},
	{"--root=", "'--root' has an empty value"},
	{"--root _", "'--root' has an empty value"},
	{"_", "an argument is empty: a path is expected"},
	{"--stats=yes", "'--stats' takes no value"},
	{"--format=jsn", "'jsn' is no value for '--format': choose text, json, sarif, markdown, "
                         "github, gitlab or junit"},
	{"--policy strict",
         "'strict' is no value for '--policy': choose balanced, explicit or leaks"},
	{"--fail-on=high",
         "'high' is no value for '--fail-on': choose error, warning, note or never"},
	{"--color yes", "'yes' is no value for '--color': choose auto, always or never"},
	{"--dump ast",
         "'ast' is no value for '--dump': choose files, facts, cfg, summary, harness or flow"},
	{"--jobs 0", "'--jobs 0' is no number from 1 to 1024"},
	{"--jobs=-1", "'--jobs -1' is no number from 1 to 1024"},
	{"--jobs=1025", "'--jobs 1025' is no number from 1 to 1024"},
	{"--jobs 99999999999999999999",
         "'--jobs 99999999999999999999' is no number from 1 to 1024"},
	{"--jobs 2x", "'--jobs 2x' is no number from 1 to 1024"},
	{"--fastapi-version new",
         "'--fastapi-version new' is no version: write one such as 0.128.0"},
	{"--format=html", "'--format html' is not available in this version"},
	{"--baseline b.json", "'--baseline' is not available in this version"},
	{"--prune-baseline", "'--prune-baseline' is not available in this version"},
	{"--diff-base main", "'--diff-base' is not available in this version"},
	{"--cache-dir=x", "'--cache-dir' is not available in this version"},
	{"audit --compare old.json", "'--compare' is not available in this version"},
	{"fix --diff", "the command 'fix' is not available in this version (for a path of that "
                       "name write './fix')"},
	{"init", "the command 'init' is not available in this version (for a path of that name "
                 "write './init')"},
	{"index", "the command 'index' is not available in this version (for a path of that name "
                  "write './index')"},
	{"--naive", "'--naive' belongs to 'idletx audit'"},
	{"rules --format sarif", "'idletx rules' has the formats text and json"},
	{"rules app", "'idletx rules' takes no path, but got 'app'"},
	{"rules --jobs 2", "'--jobs' has no meaning for 'idletx rules'"},
	{"explain", "'idletx explain' needs one rule: 'idletx rules' lists them"},
	{"explain a b", "'idletx explain' needs one rule: 'idletx rules' lists them"},
	{"explain a --format=json", "'--format' has no meaning for 'idletx explain'"},
	{"--quiet --verbose", "'--quiet' and '--verbose' exclude each other"},
};

static void a_mistake_is_one_line_that_says_what_to_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mistake_case); i++) {
		struct parsed p = parse(mistake_case[i].line);
		size_t count = 0;
		const struct diag_entry *entries = diag_sorted(p.d, &count);
		assert_false(p.ok);
		assert_int_equal(count, 1);
		assert_int_equal(entries[0].level, DIAG_USAGE);
		assert_string_equal(entries[0].text.ptr, mistake_case[i].message);
		parsed_release(&p);
	}
}

static void explain_keeps_its_topic(void **state)
{
	struct parsed p = parse("explain unused-session --color never");

	(void)state;
	assert_true(p.ok);
	assert_true(str_is(p.o.topic, "unused-session"));
	assert_int_equal(p.o.path_count, 0);
	parsed_release(&p);
}

static const struct {
	const char *text;
	bool valid;
} version_case[] = {
	{"0.128.0", true},   {"0.120", true}, {"1", true},      {"0.115.0rc1", true},
	{"0.1.dev2", true},  {"", false},     {".1", false},    {"1.", false},
	{"1..2", false},     {"v1", false},   {">=0.1", false}, {"0.1 ", false},
	{"0.1+local", true},
};

static void a_version_is_digits_and_dots_with_a_suffix_at_most(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(version_case); i++)
		assert_int_equal(version_text_valid(str_of(version_case[i].text)),
		                 version_case[i].valid);
}

static bool contains(struct str text, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= text.len; i++)
		if (memcmp(text.ptr + i, word, n) == 0)
			return true;
	return false;
}

/* Every "--word" of a help text, one after the other; false at the end. */
static bool next_option(struct str text, size_t *at, char *word, size_t room)
{
	while (*at + 2 < text.len && memcmp(text.ptr + *at, "--", 2) != 0)
		++*at;
	size_t n = 0;
	while (*at < text.len && n + 1 < room &&
	       strchr("-abcdefghijklmnopqrstuvwxyz", text.ptr[*at]) != NULL)
		word[n++] = text.ptr[(*at)++];
	word[n] = '\0';
	return n > 2;
}

static void every_option_in_the_help_exists_for_its_command(void **state)
{
	static const char *const names[] = {"check", "audit", "rules", "protocols", "explain"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str help = options_help(COMMAND_HELP, str_of(names[i]));
		char word[64], line[256];
		size_t at = 0, found = 0;
		assert_true(contains(help, names[i]));
		for (; next_option(help, &at, word, sizeof(word)); found++) {
			struct parsed p;
			size_t count = 0;
			snprintf(line, sizeof(line), "%s %s=", names[i], word);
			p = parse(line);
			const struct diag_entry *e = diag_sorted(p.d, &count);
			/* Refused for its empty value, or for having one at all: so it is known. */
			if (!str_is(str_of(word), "--help"))
				assert_true(count == 1 && (contains(e[0].text, "empty value") ||
				                           contains(e[0].text, "takes no value")));
			parsed_release(&p);
		}
		assert_true(found >= 3);
	}
}

static void help_for_a_command_is_asked_before_or_behind_it(void **state)
{
	static const char *const lines[] = {"audit --help", "--help audit", "audit -h --naive"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct parsed p = parse(lines[i]);
		assert_true(p.ok);
		assert_int_equal(p.o.command, COMMAND_HELP);
		assert_true(contains(options_help(p.o.command, p.o.topic), "--naive"));
		parsed_release(&p);
	}
	assert_true(contains(options_help(COMMAND_HELP, STR_EMPTY), "explain RULE"));
}

static const struct {
	const char *word, *found;
} nearest_case[] = {
	{"polcy", "policy"},
	{"polciy", "policy"},
	{"POLICY", "policy"},
	{"exclud", "exclude"},
	{"alowlist", "allowlist"},
	{"zzz", ""},
	{"", ""},
	{"po", ""},
	{"policies", "policy"},
};

static void a_mistyped_word_finds_the_known_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(nearest_case); i++) {
		struct nearest n = NEAREST_OF(str_of(nearest_case[i].word));
		nearest_offer(&n, STR("policy"));
		nearest_offer(&n, STR("exclude"));
		nearest_offer(&n, STR("allowlist"));
		assert_string_equal(nearest_found(&n).ptr, nearest_case[i].found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_arguments_the_current_folder_is_checked),
		cmocka_unit_test(an_empty_argument_vector_is_no_crash),
		cmocka_unit_test(the_first_word_is_the_command_if_there_is_one_of_that_name),
		cmocka_unit_test(every_option_reaches_its_field),
		cmocka_unit_test(repeated_exclusions_and_ids_add_up_and_others_replace),
		cmocka_unit_test(a_mistake_is_one_line_that_says_what_to_do),
		cmocka_unit_test(explain_keeps_its_topic),
		cmocka_unit_test(a_version_is_digits_and_dots_with_a_suffix_at_most),
		cmocka_unit_test(every_option_in_the_help_exists_for_its_command),
		cmocka_unit_test(help_for_a_command_is_asked_before_or_behind_it),
		cmocka_unit_test(a_mistyped_word_finds_the_known_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
