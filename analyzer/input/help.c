/*
 * help.c - the help texts, written as they are read. tests/test_options.c
 * checks that every option the parser knows is in them and the other way round.
 */
#include "input/options.h"

#define HELP_REPORT(formats)                                                                       \
	"Report:\n"                                                                                \
	"  --format F           " formats "\n"                                                     \
	"  --output FILE        write to FILE, all or nothing (default: stdout)\n"                 \
	"  --fail-on LEVEL      exit 1 from this level on: error, warning, note or never\n"        \
	"                       (default: warning; for audit: never)\n"                            \
	"  --select IDS         report these rules only; comma separated, * allowed\n"             \
	"  --ignore IDS         leave these rules out\n"                                           \
	"  --sarif-base DIR     SARIF paths are relative to DIR\n"                                 \
	"                       (default: the git top level, else the root)\n"                     \
	"  --sarif-suppressed   write suppressed and allowlisted findings to SARIF too\n"

#define HELP_ANALYSIS                                                                              \
	"\nAnalysis:\n"                                                                            \
	"  --policy P           balanced: what is really held, and inconsistent handlers\n"        \
	"                       explicit: commit and close before every return\n"                  \
	"                       leaks: only what nothing gives back in time\n"                     \
	"                       (default: as configured, else balanced)\n"                         \
	"  --fastapi-version V  when dependencies are torn down depends on it\n"                   \
	"                       (default: the nearest lock file or pin, else the\n"                \
	"                       declared range, else the newest)\n"

#define HELP_PROJECT                                                                               \
	"\nProject:\n"                                                                             \
	"  --root DIR           paths in reports are relative to it (default: the nearest\n"       \
	"                       folder above with pyproject.toml, setup.cfg, setup.py or\n"        \
	"                       .git, else the current one)\n"                                     \
	"  --config FILE        configuration (default: [tool.idletx] in pyproject.toml,\n"        \
	"                       else .idletx.json, at the root)\n"                                 \
	"  --allowlist FILE     accepted findings (default: as configured)\n"                      \
	"  --strict-allowlist   an entry that is stale or has expired is an error\n"               \
	"  --exclude GLOB       leave files or folders out; may be repeated\n"                     \
	"  --force-exclude      exclusions hold for files named on the command line too\n"         \
	"  --no-gitignore       read files that git ignores\n"

#define HELP_RUN                                                                                   \
	"\nRun:\n"                                                                                 \
	"  --jobs N             threads, 1 to 1024 (default: processors online)\n"                 \
	"  --no-cache           analyse every file anew\n"                                         \
	"  --quiet              print findings and errors only\n"                                  \
	"  --verbose            print suppressed and allowlisted findings too\n"                   \
	"  --stats              files, functions, time by phase, memory, the versions of\n"        \
	"                       FastAPI and what was not modelled, on stderr\n"                    \
	"  --color WHEN         auto, always or never\n"                                           \
	"  --progress WHEN      auto, always or never\n"                                           \
	"  --dump PHASE         for developers: files, facts, cfg, summary, harness, flow\n"

#define HELP_EXIT                                                                                  \
	"\nExit status:\n"                                                                         \
	"  0  nothing at or above --fail-on\n"                                                     \
	"  1  findings\n"                                                                          \
	"  2  the command line, configuration, allowlist or a protocol is wrong\n"                 \
	"  3  a named file could not be read, or the run is incomplete\n"

#define CHECK_FORMATS "text, json or sarif (default: text)"

static const char help_top[] =
	"idletx finds where Python web code leaves database sessions and transactions open.\n"
	"\n"
	"Usage:\n"
	"  idletx [check] [OPTIONS] [PATH...]   findings for PATH (default: this folder)\n"
	"  idletx audit [OPTIONS] [PATH...]     one row a handler, tables and totals\n"
	"  idletx rules                         the rules: id, level, one line each\n"
	"  idletx protocols                     the libraries that are known\n"
	"  idletx explain RULE                  a rule's page, with examples\n"
	"  idletx COMMAND --help                more about a command\n"
	"\n" HELP_REPORT(CHECK_FORMATS) HELP_ANALYSIS HELP_PROJECT HELP_RUN
	"  -V, --version        print the version\n"
	"  -h, --help           print this\n" HELP_EXIT;

static const char help_check[] =
	"idletx [check] [OPTIONS] [PATH...]\n"
	"\n"
	"Reports handlers, dependencies and jobs that leave a database session or\n"
	"transaction open, path by path. The whole project is read; what is reported is\n"
	"what lies in PATH, a file or a folder (default: the current folder). Tests,\n"
	"migrations and vendored code are read but reported only when they are named.\n"
	"\n" HELP_REPORT(CHECK_FORMATS) HELP_ANALYSIS HELP_PROJECT HELP_RUN
	"  -h, --help           print this\n" HELP_EXIT;

static const char help_audit[] =
	"idletx audit [OPTIONS] [PATH...]\n"
	"\n"
	"One row for every handler that takes or uses a session, findings or not: what it\n"
	"commits and closes on which exit, what the response is, and what to do about it.\n"
	"With totals and the files that matter most: the report for a one-off review.\n"
	"\n" HELP_REPORT(
		"text, json, sarif or markdown (default: text)") "  --naive              the table "
								 "of what is called anywhere in a "
								 "body, whatever\n"
								 "                       the "
								 "path\n" HELP_ANALYSIS HELP_PROJECT
									 HELP_RUN
								 "  -h, --help           print "
								 "this\n" HELP_EXIT;

#define HELP_LIST                                                                                  \
	"\nOptions:\n"                                                                             \
	"  --format F           text or json (default: text)\n"                                    \
	"  --output FILE        write to FILE, all or nothing (default: stdout)\n"                 \
	"  --policy P           levels under balanced, explicit or leaks\n"                        \
	"  --root DIR           the project whose configuration counts\n"                          \
	"  --config FILE        configuration\n"                                                   \
	"  --color WHEN         auto, always or never\n"                                           \
	"  -h, --help           print this\n"

static const char help_rules[] =
	"idletx rules [OPTIONS]\n"
	"\n"
	"Every rule: its id, its level under the policy in force, one line.\n"
	"`idletx explain RULE` prints its page.\n" HELP_LIST;

static const char help_protocols[] =
	"idletx protocols [OPTIONS]\n"
	"\n"
	"Every library whose sessions, connections or transactions are known, and from\n"
	"where: built in, or a file that the configuration names.\n" HELP_LIST;

static const char help_explain[] =
	"idletx explain RULE [OPTIONS]\n"
	"\n"
	"What the rule finds, why it matters, bad and good code, and its limits.\n"
	"`idletx rules` lists the ids.\n"
	"\n"
	"Options:\n"
	"  --output FILE        write to FILE, all or nothing (default: stdout)\n"
	"  --color WHEN         auto, always or never\n"
	"  -h, --help           print this\n";

struct str options_help(enum command command, struct str topic)
{
	if (command == COMMAND_HELP && topic.len > 0)
		command = command_of_word(topic);
	switch (command) {
	case COMMAND_CHECK: return STR(help_check);
	case COMMAND_AUDIT: return STR(help_audit);
	case COMMAND_RULES: return STR(help_rules);
	case COMMAND_PROTOCOLS: return STR(help_protocols);
	case COMMAND_EXPLAIN: return STR(help_explain);
	case COMMAND_VERSION:
	case COMMAND_HELP: break;
	}
	return STR(help_top);
}
