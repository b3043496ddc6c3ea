/*
 * options.c - the command line. One table says for every option what it takes
 * and which commands have it; options that are planned
 * stand in the same table, so that they are refused by name and not guessed at.
 */
#include "input/options.h"
#include "input/nearest.h"

#include <stdint.h>
#include <stdlib.h>

enum { JOBS_MAX = 1024 };

enum {
	IN_CHECK = 1 << COMMAND_CHECK,
	IN_AUDIT = 1 << COMMAND_AUDIT,
	IN_RULES = 1 << COMMAND_RULES,
	IN_PROTOCOLS = 1 << COMMAND_PROTOCOLS,
	IN_EXPLAIN = 1 << COMMAND_EXPLAIN,
	IN_RUN = IN_CHECK | IN_AUDIT,
	IN_LIST = IN_RULES | IN_PROTOCOLS,
	IN_ALL = IN_RUN | IN_LIST | IN_EXPLAIN,
};

/* A word and what it stands for, or -1 for one that this version does not have yet. */
struct choice {
	const char *word;
	int value;
};
#define NOT_YET (-1)

static const struct choice commands[] = {
	{"check", COMMAND_CHECK},
	{"audit", COMMAND_AUDIT},
	{"rules", COMMAND_RULES},
	{"protocols", COMMAND_PROTOCOLS},
	{"explain", COMMAND_EXPLAIN},
	{"fix", NOT_YET},
	{"init", NOT_YET},
	{"index", NOT_YET},
};
static const struct choice formats[] = {
	{"text", FORMAT_TEXT},         {"json", FORMAT_JSON},     {"sarif", FORMAT_SARIF},
	{"markdown", FORMAT_MARKDOWN}, {"github", FORMAT_GITHUB}, {"gitlab", FORMAT_GITLAB},
	{"junit", FORMAT_JUNIT},       {"html", NOT_YET},
};
static const struct choice policies[] = {
	{"balanced", POLICY_BALANCED},
	{"explicit", POLICY_EXPLICIT},
	{"leaks", POLICY_LEAKS},
};
static const struct choice fail_levels[] = {
	{"error", FAIL_ON_ERROR},
	{"warning", FAIL_ON_WARNING},
	{"note", FAIL_ON_NOTE},
	{"never", FAIL_ON_NEVER},
};
static const struct choice whens[] = {
	{"auto", WHEN_AUTO},
	{"always", WHEN_ALWAYS},
	{"never", WHEN_NEVER},
};
static const struct choice dumps[] = {
	{"files", DUMP_FILES},     {"facts", DUMP_FACTS},     {"cfg", DUMP_CFG},
	{"summary", DUMP_SUMMARY}, {"harness", DUMP_HARNESS}, {"flow", DUMP_FLOW},
};

enum takes {
	TAKES_NOTHING, /* bool at 'offset' */
	TAKES_TEXT,    /* const char * at 'offset', never empty */
	TAKES_CHOICE,  /* an enum at 'offset', one of 'choices' */
	TAKES_IDS,     /* struct str at 'offset'; repeats are joined by a comma */
	TAKES_VERSION, /* as TAKES_TEXT, and it looks like a version */
	TAKES_JOBS,
	TAKES_EXCLUDE,
	TAKES_LATER, /* not in this version */
};

struct option {
	const char *name;
	enum takes takes;
	unsigned in; /* the commands that have it */
	size_t offset;
	const struct choice *choices;
	size_t choice_count;
};

#define AT(field) offsetof(struct options, field)
#define ONE_OF(list) (list), ARRAY_LEN(list)

static const struct option option_table[] = {
	{"--format", TAKES_CHOICE, IN_RUN | IN_LIST, AT(format), ONE_OF(formats)},
	{"--output", TAKES_TEXT, IN_ALL, AT(output), NULL, 0},
	{"--root", TAKES_TEXT, IN_RUN | IN_LIST, AT(root), NULL, 0},
	{"--sarif-base", TAKES_TEXT, IN_RUN, AT(sarif_base), NULL, 0},
	{"--config", TAKES_TEXT, IN_RUN | IN_LIST, AT(config), NULL, 0},
	{"--allowlist", TAKES_TEXT, IN_RUN, AT(allowlist), NULL, 0},
	{"--strict-allowlist", TAKES_NOTHING, IN_RUN, AT(strict_allowlist), NULL, 0},
	{"--policy", TAKES_CHOICE, IN_RUN | IN_LIST, AT(policy), ONE_OF(policies)},
	{"--fastapi-version", TAKES_VERSION, IN_RUN, AT(fastapi_version), NULL, 0},
	{"--select", TAKES_IDS, IN_RUN, AT(select), NULL, 0},
	{"--ignore", TAKES_IDS, IN_RUN, AT(ignore), NULL, 0},
	{"--fail-on", TAKES_CHOICE, IN_RUN, AT(fail_on), ONE_OF(fail_levels)},
	{"--jobs", TAKES_JOBS, IN_RUN, 0, NULL, 0},
	{"--no-cache", TAKES_NOTHING, IN_RUN, AT(no_cache), NULL, 0},
	{"--exclude", TAKES_EXCLUDE, IN_RUN, 0, NULL, 0},
	{"--force-exclude", TAKES_NOTHING, IN_RUN, AT(force_exclude), NULL, 0},
	{"--no-gitignore", TAKES_NOTHING, IN_RUN, AT(no_gitignore), NULL, 0},
	{"--naive", TAKES_NOTHING, IN_AUDIT, AT(naive), NULL, 0},
	{"--sarif-suppressed", TAKES_NOTHING, IN_RUN, AT(sarif_suppressed), NULL, 0},
	{"--quiet", TAKES_NOTHING, IN_RUN, AT(quiet), NULL, 0},
	{"--verbose", TAKES_NOTHING, IN_RUN, AT(verbose), NULL, 0},
	{"--stats", TAKES_NOTHING, IN_RUN, AT(stats), NULL, 0},
	{"--color", TAKES_CHOICE, IN_ALL, AT(color), ONE_OF(whens)},
	{"--progress", TAKES_CHOICE, IN_RUN, AT(progress), ONE_OF(whens)},
	{"--dump", TAKES_CHOICE, IN_RUN, AT(dump), ONE_OF(dumps)},
	{"--baseline", TAKES_LATER, IN_RUN, 0, NULL, 0},
	{"--write-baseline", TAKES_LATER, IN_RUN, 0, NULL, 0},
	{"--prune-baseline", TAKES_LATER, IN_RUN, 0, NULL, 0},
	{"--diff-base", TAKES_LATER, IN_RUN, 0, NULL, 0},
	{"--cache-dir", TAKES_LATER, IN_RUN, 0, NULL, 0},
	{"--index", TAKES_LATER, IN_RUN, 0, NULL, 0},
	{"--compare", TAKES_LATER, IN_RUN, 0, NULL, 0},
};

struct parser {
	struct arena *run;
	struct diag *d;
	struct options *o;
	const char *const *next, *const *end; /* arguments still to be read */
	const char **paths, **excludes;       /* room for every argument */
	bool has_command, wants_help, wants_version;
	uint64_t seen; /* bit i: option_table[i] was given */
};
_Static_assert(ARRAY_LEN(option_table) <= 64, "parser.seen has a bit for every option");

#define usage(d, ...) diag_add((d), DIAG_USAGE, STR_EMPTY, 0, 0, __VA_ARGS__)

/* ---- words ------------------------------------------------------------- */

static const struct choice *choice_find(const struct choice *list, size_t n, struct str word)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(word, list[i].word))
			return &list[i];
	return NULL;
}

const char *policy_word(enum policy p)
{
	for (size_t i = 0; i < ARRAY_LEN(policies); i++)
		if (policies[i].value == (int)p)
			return policies[i].word;
	return "";
}

enum policy policy_of_word(struct str word)
{
	const struct choice *c = choice_find(ONE_OF(policies), word);

	return c == NULL ? POLICY_UNSET : (enum policy)c->value;
}

enum command command_of_word(struct str word)
{
	const struct choice *c = choice_find(ONE_OF(commands), word);

	return c == NULL || c->value == NOT_YET ? COMMAND_HELP : (enum command)c->value;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool version_text_valid(struct str text)
{
	bool after_sign = true; /* a dot, '+' or '-' stands between two others */

	if (text.len == 0 || text.len > 40 || !is_digit(text.ptr[0]))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool sign = c == '.' || c == '+' || c == '-';
		if (sign ? after_sign : !is_digit(c) && !is_letter(c))
			return false;
		after_sign = sign;
	}
	return !after_sign;
}

/* "text, json or sarif": the words of a choice that exist. */
static struct str choice_words(struct arena *run, const struct choice *list, size_t n)
{
	struct str all = STR_EMPTY;

	while (n > 0 && list[n - 1].value == NOT_YET)
		n--;
	for (size_t i = 0; i < n; i++) {
		const char *glue = i == 0 ? "" : i + 1 == n ? " or " : ", ";
		all = arena_printf(run, "%.*s%s%s", STR_ARG(all), glue, list[i].word);
	}
	return all;
}

/* ---- values ------------------------------------------------------------ */

static bool set_choice(struct parser *p, const struct option *option, struct str value)
{
	const struct choice *c = choice_find(option->choices, option->choice_count, value);

	if (c != NULL && c->value != NOT_YET) {
		/* All enumerations of struct options have the size of an int. */
		memcpy((char *)p->o + option->offset, &c->value, sizeof(c->value));
		return true;
	}
	if (c != NULL)
		usage(p->d, "'%s %s' is not available in this version", option->name, c->word);
	else
		usage(p->d, "'%.*s' is no value for '%s': choose %.*s", STR_ARG(value), option->name,
		      STR_ARG(choice_words(p->run, option->choices, option->choice_count)));
	return false;
}

static bool set_ids(struct parser *p, const struct option *option, struct str value)
{
	struct str *ids = (struct str *)(void *)((char *)p->o + option->offset);

	*ids = ids->len == 0 ? value
	                     : arena_printf(p->run, "%.*s,%.*s", STR_ARG(*ids), STR_ARG(value));
	return true;
}

static bool set_jobs(struct parser *p, struct str value)
{
	unsigned jobs = 0;

	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		if (!is_digit(c) || jobs > JOBS_MAX) {
			jobs = 0;
			break;
		}
		jobs = jobs * 10 + (unsigned)(c - '0');
	}
	if (jobs == 0 || jobs > JOBS_MAX) {
		usage(p->d, "'--jobs %.*s' is no number from 1 to %d", STR_ARG(value), JOBS_MAX);
		return false;
	}
	p->o->jobs = jobs;
	return true;
}

static bool set_version(struct parser *p, const struct option *option, struct str value)
{
	if (version_text_valid(value)) {
		*(const char **)(void *)((char *)p->o + option->offset) = value.ptr;
		return true;
	}
	usage(p->d, "'%s %.*s' is no version: write one such as 0.128.0", option->name,
	      STR_ARG(value));
	return false;
}

static bool set_value(struct parser *p, const struct option *option, struct str value)
{
	switch (option->takes) {
	case TAKES_TEXT:
		*(const char **)(void *)((char *)p->o + option->offset) = value.ptr;
		return true;
	case TAKES_EXCLUDE: p->excludes[p->o->exclude_count++] = value.ptr; return true;
	case TAKES_CHOICE: return set_choice(p, option, value);
	case TAKES_IDS: return set_ids(p, option, value);
	case TAKES_VERSION: return set_version(p, option, value);
	case TAKES_JOBS: return set_jobs(p, value);
	case TAKES_NOTHING:
	case TAKES_LATER: break;
	}
	abort();
}

/* ---- arguments --------------------------------------------------------- */

static const struct option *option_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(option_table); i++)
		if (str_is(name, option_table[i].name))
			return &option_table[i];
	return NULL;
}

static bool unknown_option(struct parser *p, struct str name)
{
	struct nearest n = NEAREST_OF(name);

	for (size_t i = 0; i < ARRAY_LEN(option_table); i++)
		if (option_table[i].takes != TAKES_LATER)
			nearest_offer(&n, str_of(option_table[i].name));
	nearest_offer(&n, STR("--help"));
	nearest_offer(&n, STR("--version"));
	struct str near = nearest_found(&n);
	if (near.len > 0)
		usage(p->d, "unknown option '%.*s': did you mean '%.*s'?", STR_ARG(name),
		      STR_ARG(near));
	else
		usage(p->d, "unknown option '%.*s': see 'idletx --help'", STR_ARG(name));
	return false;
}

/*
 * The value of an option: behind '=', else the next argument, unless that looks like an
 * option itself: then the value was forgotten, more likely than meant.
 */
static bool option_value(struct parser *p, const struct option *option, const char *inline_value,
                         struct str *value)
{
	const char *text = inline_value;

	if (text == NULL && p->next < p->end && (p->next[0][0] != '-' || p->next[0][1] == '\0'))
		text = *p->next++;
	if (text == NULL) {
		const char *hint = p->next < p->end
		                           ? " (one that begins with '-' is written behind '=')"
		                           : "";
		usage(p->d, "'%s' needs a value%s", option->name, hint);
		return false;
	}
	if (text[0] == '\0') {
		usage(p->d, "'%s' has an empty value", option->name);
		return false;
	}
	*value = str_of(text);
	return true;
}

static bool parse_option(struct parser *p, const char *argument)
{
	const char *equals = strchr(argument, '=');
	struct str name = {argument,
	                   equals == NULL ? strlen(argument) : (size_t)(equals - argument)};
	const struct option *option = option_find(name);
	struct str value;

	if (option == NULL)
		return unknown_option(p, name);
	if (option->takes == TAKES_LATER) {
		usage(p->d, "'%s' is not available in this version", option->name);
		return false;
	}
	p->seen |= (uint64_t)1 << (option - option_table);
	if (option->takes != TAKES_NOTHING)
		return option_value(p, option, equals == NULL ? NULL : equals + 1, &value) &&
		       set_value(p, option, value);
	if (equals != NULL) {
		usage(p->d, "'%s' takes no value", option->name);
		return false;
	}
	*((bool *)(void *)((char *)p->o + option->offset)) = true;
	return true;
}

/* The first argument that is no option is the command, if it is the name of one. */
static bool parse_word(struct parser *p, const char *argument, bool may_be_command)
{
	const struct choice *c = choice_find(ONE_OF(commands), str_of(argument));
	struct options *o = p->o;

	if (argument[0] == '\0') {
		usage(p->d, "an argument is empty: a path is expected");
		return false;
	}
	if (c == NULL || !may_be_command || p->has_command || o->path_count > 0) {
		p->paths[o->path_count++] = argument;
		return true;
	}
	if (c->value == NOT_YET) {
		usage(p->d, "the command '%s' is not available in this version (for a path of that name write './%s')",
		      c->word, c->word);
		return false;
	}
	o->command = (enum command)c->value;
	p->has_command = true;
	return true;
}

static bool parse_arguments(struct parser *p)
{
	bool options_end = false;

	while (p->next < p->end) {
		const char *argument = *p->next++;
		if (options_end || argument[0] != '-' || argument[1] == '\0') {
			if (!parse_word(p, argument, !options_end))
				return false;
		} else if (strcmp(argument, "--") == 0) {
			options_end = true;
		} else if (strcmp(argument, "-h") == 0 || strcmp(argument, "--help") == 0) {
			p->wants_help = true;
		} else if (strcmp(argument, "-V") == 0 || strcmp(argument, "--version") == 0) {
			p->wants_version = true;
		} else if (!parse_option(p, argument)) {
			return false;
		}
	}
	return true;
}

/* ---- the whole --------------------------------------------------------- */

static const char *command_word(enum command command)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (commands[i].value == (int)command)
			return commands[i].word;
	abort();
}

/* Options that the command does not have. */
static bool check_seen(struct parser *p)
{
	for (size_t i = 0; i < ARRAY_LEN(option_table); i++) {
		const struct option *option = &option_table[i];
		if ((p->seen >> i & 1) == 0 || (option->in & 1u << p->o->command) != 0)
			continue;
		if (option->in == IN_AUDIT)
			usage(p->d, "'%s' belongs to 'idletx audit'", option->name);
		else
			usage(p->d, "'%s' has no meaning for 'idletx %s'", option->name,
			      command_word(p->o->command));
		return false;
	}
	return true;
}

static bool check_format(struct parser *p)
{
	const struct options *o = p->o;

	bool listed = o->format == FORMAT_TEXT || o->format == FORMAT_JSON;
	if (!listed && (1u << o->command & IN_LIST) != 0) {
		usage(p->d, "'idletx %s' has the formats text and json", command_word(o->command));
		return false;
	}
	return true;
}

/* What is left over as paths: files for a run, a topic for explain, nothing for a list. */
static bool check_paths(struct parser *p)
{
	struct options *o = p->o;

	if ((1u << o->command & IN_LIST) != 0 && o->path_count > 0) {
		usage(p->d, "'idletx %s' takes no path, but got '%s'", command_word(o->command),
		      o->paths[0]);
		return false;
	}
	if (o->command == COMMAND_EXPLAIN) {
		if (o->path_count != 1) {
			usage(p->d, "'idletx explain' needs one rule: 'idletx rules' lists them");
			return false;
		}
		o->topic = str_of(o->paths[0]);
		o->path_count = 0;
	}
	return true;
}

static bool check_whole(struct parser *p)
{
	struct options *o = p->o;

	if (o->quiet && o->verbose) {
		usage(p->d, "'--quiet' and '--verbose' exclude each other");
		return false;
	}
	/* "-" is how a pipe's end is written elsewhere: standard output, which is the default. */
	if (o->output != NULL && strcmp(o->output, "-") == 0)
		o->output = NULL;
	return check_seen(p) && check_format(p) && check_paths(p);
}

bool options_parse(struct arena *run, int argc, const char *const *argv, struct diag *d,
                   struct options *out)
{
	size_t count = argc > 1 ? (size_t)argc - 1 : 0;
	struct options o = {.command = COMMAND_CHECK,
	                    .topic = STR_EMPTY,
	                    .select = STR_EMPTY,
	                    .ignore = STR_EMPTY};
	struct parser p = {
		.run = run,
		.d = d,
		.o = &o,
		.next = count > 0 ? argv + 1 : argv,
		.end = count > 0 ? argv + argc : argv,
		.paths = arena_array(run, const char *, count),
		.excludes = arena_array(run, const char *, count),
	};

	o.paths = p.paths;
	o.excludes = p.excludes;
	if (!parse_arguments(&p))
		return false;
	if (p.wants_help) {
		o.topic = p.has_command ? str_of(command_word(o.command)) : STR_EMPTY;
		o.command = COMMAND_HELP;
	} else if (p.wants_version) {
		o.command = COMMAND_VERSION;
	} else if (!check_whole(&p)) {
		return false;
	}
	*out = o;
	return true;
}
