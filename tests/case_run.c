/*
 * case_run.c - one case: run the checker on it, compare what it says with what
 * the comments ask for. Every case has the checker and a folder to itself, so cases run side by side.
 */
#include "case_run.h"

#include "base/memory.h"
#include "input/source.h"
#include "rule.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <spawn.h>
#include <stb/stb_ds.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* A case while it runs. */
struct check {
	struct arena arena;
	FILE *log;
	const struct case_runner *runner;
	struct job *job;
	struct str folder; /* this job's own, below the runner's */
	json_t *report;
};

struct str base_name(struct str path)
{
	const char *slash = memrchr(path.ptr, '/', path.len);

	return slash == NULL ? path : str_of(slash + 1);
}

bool is_case_name(struct str name, const char *prefix)
{
	return str_starts(name, str_of(prefix)) && str_ends(name, STR(".py"));
}

/* ---- running the checker --------------------------------------------------- */

static bool write_file(struct str path, struct str text)
{
	FILE *f = fopen(path.ptr, "w");

	if (f == NULL)
		return false;
	bool ok = fwrite(text.ptr, 1, text.len, f) == text.len;
	return fclose(f) == 0 && ok;
}

static void show_file(FILE *log, const char *path)
{
	struct source text;
	const char *why;

	if (!source_read(path, &text, &why))
		return;
	fprintf(log, "%.*s", STR_ARG(text.text));
	source_release(&text);
}

/* Runs 'argv' under a time limit with its output in two files; the exit status, or -1. */
static int run_program(const char *const *argv, const char *out, const char *err)
{
	posix_spawn_file_actions_t files;
	pid_t pid;
	int status = -1;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_addopen(&files, 2, err, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int failed = posix_spawnp(&pid, argv[0], &files, NULL, (char *const *)(uintptr_t)argv,
	                          environ);
	posix_spawn_file_actions_destroy(&files);
	if (failed != 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/*
 * Checks 'target' (a file or folder) as part of the project 'root'. The
 * findings are in c->report afterwards; false (and said why) if there are none to read.
 */
static bool run_checker(struct check *c, struct str root, struct str target,
                        const struct str *options)
{
	struct str out = arena_printf(&c->arena, "%s/out.json", c->folder.ptr);
	struct str err = arena_printf(&c->arena, "%s/err", c->folder.ptr);
	const char *const fixed[] = {"timeout",  "60",     c->runner->binary, "check",
	                             "--format", "json",   "--no-cache",      "--fail-on",
	                             "never",    "--root", root.ptr};
	const char **argv = arena_array(&c->arena, const char *,
	                                ARRAY_LEN(fixed) + arrlenu(options) + 2);
	size_t n = 0;
	json_error_t error = {0};

	for (; n < ARRAY_LEN(fixed); n++)
		argv[n] = fixed[n];
	for (size_t i = 0; i < arrlenu(options); i++)
		argv[n++] = options[i].ptr;
	argv[n++] = target.ptr;
	json_decref(c->report);
	c->report = NULL;
	int status = run_program(argv, out.ptr, err.ptr);
	if (status == 0)
		c->report = json_load_file(out.ptr, 0, &error);
	if (c->report != NULL)
		return true;
	fprintf(c->log, "%s: ", c->job->path.ptr);
	if (status == 0)
		fprintf(c->log, "line %d of its JSON: %s\n", error.line, error.text);
	else
		fprintf(c->log, "the checker ended with status %d%s\n", status,
		        status == 124 ? " (too slow)" : "");
	show_file(c->log, err.ptr);
	return false;
}

/* ---- findings against marks -------------------------------------------------- */

static const char *text_of(const json_t *finding, const char *key)
{
	const char *text = json_string_value(json_object_get(finding, key));

	return text == NULL ? "" : text;
}

static uint32_t finding_line(const json_t *finding)
{
	return (uint32_t)json_integer_value(json_object_get(finding, "line"));
}

static const json_t *findings_of(const struct check *c)
{
	return json_object_get(c->report, "findings");
}

/*
 * A case in a rule's folder is about that rule, and about others that it names: a provider that
 * one rule needs open is what the next one reports. Projects and regressions are about all rules.
 */
static bool is_compared(const struct job *job, const struct mark *marks, const json_t *finding)
{
	const char *rule = text_of(finding, "rule");

	if (job->rule.len == 0)
		return strcmp(text_of(finding, "level"), "note") != 0;
	for (size_t i = 0; i < arrlenu(marks); i++)
		if (str_is(marks[i].rule, rule))
			return true;
	return str_is(job->rule, rule);
}

/* The mark that asks for 'finding' and has none yet, or NULL. */
static struct mark *mark_for(struct mark *marks, const json_t *finding)
{
	const char *message = text_of(finding, "message");

	for (size_t i = 0; i < arrlenu(marks); i++) {
		struct mark *m = &marks[i];
		if (!m->met && m->line == finding_line(finding) &&
		    str_is(m->rule, text_of(finding, "rule")) &&
		    str_is(m->path, text_of(finding, "path")) &&
		    (m->part.len == 0 ||
		     memmem(message, strlen(message), m->part.ptr, m->part.len) != NULL))
			return m;
	}
	return NULL;
}

/* What is found at the line of 'm', for the message that says 'm' is not met. */
static void log_found_instead(struct check *c, const struct mark *m)
{
	const json_t *finding;
	size_t i;

	json_array_foreach(findings_of(c), i,
	                   finding) if (finding_line(finding) == m->line &&
	                                str_is(m->path, text_of(finding, "path")))
		fprintf(c->log, "    got    %s %s: %s\n", text_of(finding, "level"),
	                text_of(finding, "rule"), text_of(finding, "message"));
}

static void log_unmet(struct check *c, const char *place, const struct mark *m)
{
	if (m->kind == MARK_WRONG) {
		fprintf(c->log, "%s%.*s:%u: no longer reported, remove the comment 'wrong: %.*s'\n",
		        place, STR_ARG(m->path), m->line, STR_ARG(m->rule));
		return;
	}
	fprintf(c->log, "%s%.*s:%u:\n    wanted %.*s%s%.*s%s\n", place, STR_ARG(m->path), m->line,
	        STR_ARG(m->rule), m->part.len > 0 ? " \"" : "", STR_ARG(m->part),
	        m->part.len > 0 ? "\"" : "");
	log_found_instead(c, m);
}

/* What another finding speaks for is found as well; how many of one rule there are. */
static size_t meet_related(struct mark *marks, const json_t *finding, struct str rule)
{
	const json_t *related;
	size_t i, own = 0;

	json_array_foreach(json_object_get(finding, "related"), i, related)
	{
		struct mark *m = mark_for(marks, related);
		if (m != NULL)
			m->met = true;
		own += str_is(rule, text_of(related, "rule"));
	}
	return own;
}

/* Compares all findings with all marks. 'place' is what stands before their paths. */
static void compare(struct check *c, const char *place, struct mark *marks)
{
	const json_t *finding;
	size_t i;

	json_array_foreach(findings_of(c), i, finding)
	{
		struct mark *m = mark_for(marks, finding);
		if (m != NULL)
			m->met = true;
		else if (is_compared(c->job, marks, finding))
			fprintf(c->log, "%s%s:%u:\n    wanted nothing\n    got    %s %s: %s\n",
			        place, text_of(finding, "path"), finding_line(finding),
			        text_of(finding, "level"), text_of(finding, "rule"),
			        text_of(finding, "message"));
	}
	json_array_foreach(findings_of(c), i, finding) meet_related(marks, finding, STR_EMPTY);
	for (i = 0; i < arrlenu(marks); i++) {
		const struct mark *m = &marks[i];
		c->job->counts[m->kind]++;
		if (m->kind == MARK_MISS && m->met)
			fprintf(c->log, "%s%.*s:%u: %.*s is found now: change miss to expect\n",
			        place, STR_ARG(m->path), m->line, STR_ARG(m->rule));
		else if (m->kind != MARK_MISS && !m->met)
			log_unmet(c, place, m);
	}
}

/* ---- one file ---------------------------------------------------------------- */

static void log_complaints(struct check *c, struct str path, const struct case_marks *m)
{
	for (size_t i = 0; i < arrlenu(m->complaints); i++)
		fprintf(c->log, "%.*s:%u: %.*s\n", STR_ARG(path), m->complaints[i].line,
		        STR_ARG(m->complaints[i].text));
	for (size_t i = 0; i < arrlenu(m->marks); i++)
		if (rule_find(m->marks[i].rule) == NULL)
			fprintf(c->log, "%.*s:%u: unknown rule '%.*s'\n", STR_ARG(path),
			        m->marks[i].line, STR_ARG(m->marks[i].rule));
}

/* The file alone in a folder of its own, so that no other case tells the checker anything. */
static bool place_alone(struct check *c, struct str name, struct str text, struct str *root,
                        struct str *target)
{
	*root = arena_printf(&c->arena, "%s/alone", c->folder.ptr);
	*target = arena_printf(&c->arena, "%s/%s", root->ptr, name.ptr);
	if ((mkdir(root->ptr, 0700) == 0 || errno == EEXIST) && write_file(*target, text))
		return true;
	fprintf(c->log, "cannot write '%s'\n", target->ptr);
	return false;
}

static void check_marks(struct check *c, const struct case_marks *m)
{
	size_t expected = 0;

	for (size_t i = 0; i < arrlenu(m->marks); i++)
		expected += m->marks[i].kind != MARK_WRONG;
	if (c->job->kind == JOB_BAD && expected == 0)
		fprintf(c->log, "%s: a bad file needs an expectation\n", c->job->path.ptr);
	for (size_t i = 0; c->job->kind == JOB_OK && i < arrlenu(m->marks); i++)
		if (m->marks[i].kind == MARK_EXPECT)
			fprintf(c->log, "%s:%u: an ok file expects nothing\n", c->job->path.ptr,
			        m->marks[i].line);
}

static void run_file(struct check *c, struct str text)
{
	struct case_marks m = {0};
	struct str name = base_name(c->job->path), root, target;
	struct str place = str_slice(c->job->path, 0, c->job->path.len - name.len);

	case_marks_read(&c->arena, name, text, &m);
	log_complaints(c, c->job->path, &m);
	check_marks(c, &m);
	if (place_alone(c, name, text, &root, &target) && run_checker(c, root, target, m.options))
		compare(c, arena_str(&c->arena, place).ptr, m.marks);
	case_marks_release(&m);
}

/* ---- a rule's page and folder ------------------------------------------------ */

static struct str next_line(struct str text, size_t *at)
{
	const char *start = text.ptr + *at;
	const char *stop = memchr(start, '\n', text.len - *at);
	size_t len = stop == NULL ? text.len - *at : (size_t)(stop - start);

	*at += len + (stop != NULL);
	return (struct str){start, len};
}

struct page {
	struct str title, headings; /* headings joined by ", " */
	struct str block[2];        /* Bad, Good */
	size_t blocks[2];
};

static struct page page_read(struct arena *a, struct str text)
{
	struct page p = {.title = STR_EMPTY, .headings = STR_EMPTY};
	const char *inside = NULL;
	int section = -1;

	for (size_t at = 0; at < text.len;) {
		struct str line = next_line(text, &at);
		if (inside != NULL && str_is(line, "```")) {
			if (section >= 0)
				p.block[section] = (struct str){inside, (size_t)(line.ptr - inside)};
			inside = NULL;
		} else if (inside == NULL && str_starts(line, STR("```"))) {
			inside = line.ptr + line.len + 1;
			if (section >= 0)
				p.blocks[section] += str_is(line, "```python");
		} else if (inside == NULL && str_starts(line, STR("## "))) {
			struct str name = str_slice(line, 3, line.len);
			section = str_is(name, "Bad") ? 0 : str_is(name, "Good") ? 1 : -1;
			p.headings = arena_printf(a, "%.*s%s%.*s", STR_ARG(p.headings),
			                          p.headings.len > 0 ? ", " : "", STR_ARG(name));
		} else if (inside == NULL && str_starts(line, STR("# "))) {
			p.title = str_slice(line, 2, line.len);
		}
	}
	return p;
}

/* A rule that is off is switched on for its page. */
static bool run_for_page(struct check *c, struct str root, struct str target)
{
	const struct rule *rule = rule_find(c->job->rule);
	struct str *options = NULL;

	if (rule != NULL && rule->off_by_default)
		arrput(options, arena_printf(&c->arena, "--select=%s", rule->id));
	bool ok = run_checker(c, root, target, options);
	arrfree(options);
	return ok;
}

static void run_block(struct check *c, const char *name, struct str block, bool bad)
{
	struct str root, target;
	const json_t *finding;
	size_t i, own = 0;

	if (!place_alone(c, str_of(bad ? "bad.py" : "good.py"), block, &root, &target) ||
	    !run_for_page(c, root, target))
		return;
	json_array_foreach(findings_of(c), i, finding)
	{
		own += str_is(c->job->rule, text_of(finding, "rule")) +
		       meet_related(NULL, finding, c->job->rule);
		if (!bad && is_compared(c->job, NULL, finding))
			fprintf(c->log, "%s: %s block, line %u:\n    wanted nothing\n    got    %s %s: %s\n",
			        c->job->path.ptr, name, finding_line(finding),
			        text_of(finding, "level"), text_of(finding, "rule"),
			        text_of(finding, "message"));
	}
	if (bad && own == 0)
		fprintf(c->log, "%s: %s block:\n    wanted %.*s\n", c->job->path.ptr, name,
		        STR_ARG(c->job->rule));
}

static void run_page(struct check *c, struct str text)
{
	static const char wanted[] = "What it finds, Why it matters, Bad, Good, Limits";
	static const char *const name[] = {"Bad", "Good"};
	struct page p = page_read(&c->arena, text);

	if (!str_eq(p.title, c->job->rule))
		fprintf(c->log, "%s: its title is '%.*s', its folder '%.*s'\n", c->job->path.ptr,
		        STR_ARG(p.title), STR_ARG(c->job->rule));
	if (!str_is(p.headings, wanted))
		fprintf(c->log, "%s: headings\n    wanted %s\n    got    %.*s\n", c->job->path.ptr,
		        wanted, STR_ARG(p.headings));
	for (int i = 0; i < 2; i++) {
		if (p.blocks[i] != 1)
			fprintf(c->log, "%s: %s needs exactly one block of python\n",
			        c->job->path.ptr, name[i]);
		else
			run_block(c, name[i], p.block[i], i == 0);
	}
}

static void run_folder(struct check *c)
{
	DIR *d = opendir(c->job->path.ptr);
	size_t bad = 0, ok = 0, page = 0;

	if (d == NULL) {
		fprintf(c->log, "cannot read '%s'\n", c->job->path.ptr);
		return;
	}
	for (const struct dirent *e; (e = readdir(d)) != NULL;) {
		bad += is_case_name(str_of(e->d_name), "bad");
		ok += is_case_name(str_of(e->d_name), "ok");
		page += strcmp(e->d_name, "rule.md") == 0;
	}
	closedir(d);
	if (bad == 0 || ok == 0 || page == 0)
		fprintf(c->log, "%s: needs bad*.py, ok*.py and rule.md\n", c->job->path.ptr);
	if (rule_find(c->job->rule) == NULL)
		fprintf(c->log, "%s: no rule has this folder's name as its id\n", c->job->path.ptr);
}

/* ---- a project --------------------------------------------------------------- */

/* Adds the marks of all Python files below 'folder'; 'inner' is its path within the project. */
static void read_project(struct check *c, struct str folder, struct str inner, struct case_marks *m)
{
	struct dirent **entries;
	int count = scandir(folder.ptr, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		struct str path = arena_printf(&c->arena, "%s/%s", folder.ptr, name);
		struct str relative = arena_printf(&c->arena, "%s%s", inner.ptr, name);
		struct stat st;
		struct source s;
		const char *why;

		if (name[0] == '.' || stat(path.ptr, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode)) {
			read_project(c, path, arena_printf(&c->arena, "%s/", relative.ptr), m);
		} else if (str_ends(path, STR(".py")) && source_read(path.ptr, &s, &why)) {
			case_marks_read(&c->arena, relative, arena_str(&c->arena, s.text), m);
			source_release(&s);
		}
	}
	for (int i = 0; i < count; i++)
		free(entries[i]);
	if (count >= 0)
		free(entries);
}

static void run_project(struct check *c)
{
	struct case_marks m = {0};

	read_project(c, c->job->path, STR_EMPTY, &m);
	log_complaints(c, c->job->path, &m);
	if (run_checker(c, c->job->path, c->job->path, m.options))
		compare(c, arena_printf(&c->arena, "%s/", c->job->path.ptr).ptr, m.marks);
	case_marks_release(&m);
}

/* ---- any case ---------------------------------------------------------------- */

static void run_text(struct check *c)
{
	struct source s;
	const char *why;

	if (!source_read(c->job->path.ptr, &s, &why)) {
		fprintf(c->log, "cannot read '%s': %s\n", c->job->path.ptr, why);
		return;
	}
	struct str text = arena_str(&c->arena, s.text);
	source_release(&s);
	if (c->job->kind == JOB_PAGE)
		run_page(c, text);
	else
		run_file(c, text);
}

void job_run(const struct case_runner *runner, struct job *j)
{
	struct check c = {.runner = runner, .job = j};

	c.log = open_memstream(&j->log, &j->log_size);
	if (c.log == NULL)
		memory_exhausted();
	arena_init(&c.arena);
	c.folder = arena_printf(&c.arena, "%s/%zu", runner->scratch.ptr, j->number);
	if (mkdir(c.folder.ptr, 0700) != 0)
		fprintf(c.log, "cannot make '%s'\n", c.folder.ptr);
	else if (j->kind == JOB_FOLDER)
		run_folder(&c);
	else if (j->kind == JOB_PROJECT)
		run_project(&c);
	else
		run_text(&c);
	json_decref(c.report);
	fclose(c.log);
	arena_release(&c.arena);
}
