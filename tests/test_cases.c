/*
 * test_cases.c - runs the checker on every case file and compares what it says
 * with the comments in the file. A case is a file rules/<id>/{bad,ok}*.py, the Bad
 * or Good block of a rule.md, a file of fixtures/regress/ or a folder of
 * fixtures/projects/. Compared are all errors and warnings, and every finding of the
 * folder's own rule; other rules' notes only where a comment asks for them.
 *
 *     test_cases [--binary=PROGRAM] [PATH...]     a case file, a rule's folder or page, a project
 *
 * The checker is PROGRAM, else $IDLETX, else build/debug/idletx.
 */
#include "case_run.h"
#include "temp_name.h"

#include "base/pool.h"
#include <dirent.h>
#include <ftw.h>
#include <limits.h>
#include <stb/stb_ds.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct suite {
	struct arena run;
	struct job *jobs; /* stb_ds */
	struct case_runner runner;
};

static void add_job(struct suite *s, enum job_kind kind, struct str path, struct str rule)
{
	struct job j = {.kind = kind,
	                .number = arrlenu(s->jobs),
	                .path = arena_str(&s->run, path),
	                .rule = rule};

	arrput(s->jobs, j);
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Adds the jobs for one path; false when it is nothing that can be run. */
static bool add_path(struct suite *s, struct str path)
{
	struct str name = base_name(path);
	struct str folder = str_slice(path, 0, path.len - name.len);
	struct str inside = folder.len > 0 ? base_name(arena_str(
						     &s->run, str_slice(folder, 0, folder.len - 1)))
	                                   : STR_EMPTY;

	if (str_is(name, "rule.md"))
		add_job(s, JOB_PAGE, path, inside);
	else if (str_is(inside, "projects") && is_folder(path.ptr))
		add_job(s, JOB_PROJECT, path, STR_EMPTY);
	else if (str_is(inside, "regress") && str_ends(name, STR(".py")))
		add_job(s, JOB_REGRESS, path, STR_EMPTY);
	else if (is_case_name(name, "bad"))
		add_job(s, JOB_BAD, path, inside);
	else if (is_case_name(name, "ok"))
		add_job(s, JOB_OK, path, inside);
	else
		return false;
	return true;
}

/* Adds what can be run in a folder, in the order of names. */
static void add_entries(struct suite *s, const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.')
			(void)add_path(s,
			               arena_printf(&s->run, "%s/%s", folder, entries[i]->d_name));
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

static void add_rule_folder(struct suite *s, struct str folder)
{
	add_job(s, JOB_FOLDER, folder, base_name(folder));
	add_entries(s, folder.ptr);
}

/* A rule's folder holds its code or its page; rules/_template and rules/protocols are none. */
static bool is_rule_folder(struct arena *run, struct str folder)
{
	return base_name(folder).ptr[0] != '_' &&
	       (access(arena_printf(run, "%s/rule.c", folder.ptr).ptr, R_OK) == 0 ||
	        access(arena_printf(run, "%s/rule.md", folder.ptr).ptr, R_OK) == 0);
}

static void add_everything(struct suite *s)
{
	struct dirent **entries;
	int count = scandir("rules", &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		struct str folder = arena_printf(&s->run, "rules/%s", entries[i]->d_name);
		if (entries[i]->d_name[0] != '.' && is_rule_folder(&s->run, folder))
			add_rule_folder(s, folder);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	add_entries(s, "fixtures/projects");
	add_entries(s, "fixtures/regress");
}

/* A person may type a slash at the end. */
static bool add_argument(struct suite *s, const char *argument)
{
	struct str path = str_of(argument);

	while (path.len > 1 && path.ptr[path.len - 1] == '/')
		path.len--;
	path = arena_str(&s->run, path);
	if (access(path.ptr, R_OK) == 0 && is_rule_folder(&s->run, path)) {
		add_rule_folder(s, path);
		return true;
	}
	if (add_path(s, path))
		return true;
	fprintf(stderr, "test_cases: '%s' is no case file, rule's folder or page, or project\n",
	        argument);
	return false;
}

static void run_job(void *arg, unsigned worker, size_t index)
{
	struct suite *s = arg;

	(void)worker;
	job_run(&s->runner, &s->jobs[index]);
}

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static size_t print_results(const struct suite *s, const char *program)
{
	size_t failed = 0, counts[MARK_KIND_COUNT] = {0};

	for (size_t i = 0; i < arrlenu(s->jobs); i++) {
		const struct job *j = &s->jobs[i];
		for (int k = 0; k < MARK_KIND_COUNT; k++)
			counts[k] += j->counts[k];
		if (j->log_size == 0)
			continue;
		failed++;
		printf("%s    run    %s %s\n\n", j->log, program, j->path.ptr);
	}
	printf("%zu expect, %zu miss, %zu wrong\n", counts[MARK_EXPECT], counts[MARK_MISS],
	       counts[MARK_WRONG]);
	printf("%zu passed, %zu failed\n", arrlenu(s->jobs) - failed, failed);
	return failed;
}

/* Runs all jobs; false when one failed or none could be run. */
static bool suite_run(struct suite *s, const char *program)
{
	const char *tmp = getenv("TMPDIR");
	char folder[PATH_MAX];

	if (mkdtemp(temp_name(folder, sizeof folder, tmp == NULL ? "/tmp" : tmp, "cases")) == NULL) {
		fprintf(stderr, "test_cases: cannot make '%s'\n", folder);
		return false;
	}
	s->runner.scratch = arena_str(&s->run, str_of(folder));
	pool_run(pool_processors(), arrlenu(s->jobs), run_job, s);
	nftw(s->runner.scratch.ptr, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	return print_results(s, program) == 0 && arrlenu(s->jobs) > 0;
}

int main(int argc, char **argv)
{
	static const char option[] = "--binary=";
	struct suite s = {.runner.binary = getenv("IDLETX")};
	bool ok = true, named = false;

	arena_init(&s.run);
	if (s.runner.binary == NULL)
		s.runner.binary = "build/debug/idletx";
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], option, sizeof(option) - 1) == 0) {
			s.runner.binary = argv[i] + sizeof(option) - 1;
		} else {
			named = true;
			ok = add_argument(&s, argv[i]) && ok;
		}
	}
	if (!named)
		add_everything(&s);
	ok = ok && suite_run(&s, argv[0]);
	for (size_t i = 0; i < arrlenu(s.jobs); i++)
		free(s.jobs[i].log);
	arrfree(s.jobs);
	arena_release(&s.run);
	return ok ? 0 : 1;
}
