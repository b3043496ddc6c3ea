/*
 * options.h - the command line, parsed and checked. Defaults are those of
 * `idletx --help`. The structure owns nothing: texts point into argv.
 */
#ifndef IDLETX_INPUT_OPTIONS_H
#define IDLETX_INPUT_OPTIONS_H

#include "base/base.h"

enum command {
	COMMAND_CHECK,
	COMMAND_AUDIT,
	COMMAND_RULES,
	COMMAND_PROTOCOLS,
	COMMAND_EXPLAIN,
	COMMAND_VERSION,
	COMMAND_HELP,
};

/* The command of that name; COMMAND_HELP when there is none. */
enum command command_of_word(struct str word);

enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_SARIF,
	FORMAT_MARKDOWN,
	FORMAT_GITHUB,
	FORMAT_GITLAB,
	FORMAT_JUNIT,
	FORMAT_COUNT,
};

/* Absent from the command line and the configuration: POLICY_UNSET. */
enum policy { POLICY_UNSET, POLICY_BALANCED, POLICY_EXPLICIT, POLICY_LEAKS };

/* "balanced", "explicit", "leaks"; "" for POLICY_UNSET. */
const char *policy_word(enum policy p);

/* The policy of that name, or POLICY_UNSET. */
enum policy policy_of_word(struct str word);

/* Does 'text' look like a version: digits and dots, perhaps with a suffix such as rc1? */
bool version_text_valid(struct str text);

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

enum dump_phase {
	DUMP_NONE,
	DUMP_FILES,
	DUMP_FACTS,
	DUMP_CFG,
	DUMP_SUMMARY,
	DUMP_HARNESS,
	DUMP_FLOW
};

enum fail_on { FAIL_ON_DEFAULT, FAIL_ON_ERROR, FAIL_ON_WARNING, FAIL_ON_NOTE, FAIL_ON_NEVER };

struct options {
	enum command command;
	struct str topic;         /* explain TOPIC, COMMAND --help */
	const char *const *paths; /* as given; path_count 0 means the current folder */
	size_t path_count;
	enum format format;
	const char *output;     /* NULL: stdout */
	const char *root;       /* NULL: found */
	const char *sarif_base; /* NULL: git top level, else the root */
	const char *config;     /* NULL: found at the root */
	const char *allowlist;  /* NULL: as configured */
	bool strict_allowlist;
	enum policy policy;
	const char *fastapi_version; /* NULL: found */
	struct str select,
		ignore; /* comma separated ids or globs; empty: unset; repeats are joined */
	enum fail_on fail_on;
	unsigned jobs; /* 0: processors online */
	bool no_cache;
	const char *const *excludes; /* --exclude, in order */
	size_t exclude_count;
	bool force_exclude, no_gitignore;
	bool naive;
	bool sarif_suppressed;
	bool quiet, verbose, stats;
	enum when color, progress;
	enum dump_phase dump;
};

/*
 * Reads the command line. On a mistake adds one DIAG_USAGE entry that says what
 * is wrong and what to do (with a did-you-mean) and returns false. Options that
 * are planned and not there yet are such mistakes: "not
 * available in this version". The command is the first argument that is no
 * option, if it is one of the known words; `./audit` is a path. 'run' holds the arrays.
 */
MUST_USE bool options_parse(struct arena *run, int argc, const char *const *argv, struct diag *d,
                            struct options *out);

/*
 * The text of `idletx COMMAND --help`. For COMMAND_HELP 'topic' names the command;
 * the text of `idletx --help` when it is empty. Static.
 */
struct str options_help(enum command command, struct str topic);

#endif
