/* test_discover.c - which files a project has, and which of them are reported. */
#include "input/discover.h"
#include "input/path.h"
#include "temp_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[40]; /* nothing above it is a project */
static unsigned project_count;

static int enter_top(void **state)
{
	(void)state;
	unsetenv("GIT_DIR");
	return mkdtemp(temp_name(top, sizeof top, "/tmp", "discover")) == NULL;
}

static int leave_top(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "chmod -R u+rwx '%s'; rm -rf '%s'", top, top);
	return chdir("/") != 0 || system(command) != 0;
}

/* Runs a line of shell to build a tree. */
static void shell(const char *line)
{
	assert_int_equal(system(line), 0);
}

/* A new empty folder, entered. */
static void new_project(void)
{
	char name[96];

	snprintf(name, sizeof(name), "%s/p%u", top, project_count++);
	assert_int_equal(mkdir(name, 0700), 0);
	assert_int_equal(chdir(name), 0);
}

/* Makes the files of a list separated by blanks, with their folders. */
static void make_files(const char *list)
{
	char line[1024];

	snprintf(line, sizeof(line),
	         "for f in %s; do mkdir -p \"$(dirname \"$f\")\"; echo 'x = 1' > \"$f\"; done",
	         list);
	shell(line);
}

struct found {
	struct arena run;
	struct diag *d;
	struct options o;
	struct config c;
	struct file_list list;
	struct str text; /* "path+ path ..."; '+' reported, '!' named */
	bool ok;
};

static void found_init(struct found *f)
{
	*f = (struct found){.d = diag_new()};
	arena_init(&f->run);
}

static void found_release(struct found *f)
{
	diag_free(f->d);
	arena_release(&f->run);
}

static void find(struct found *f)
{
	struct str root;

	f->ok = discover_root(&f->run, &f->o, f->d, &root) &&
	        discover(&f->run, &f->o, &f->c, root, f->d, &f->list);
	f->text = STR_EMPTY;
	for (size_t i = 0; f->ok && i < f->list.count; i++) {
		const struct input_file *file = &f->list.files[i];
		f->text = arena_printf(&f->run, "%.*s%s%.*s%s%s", STR_ARG(f->text),
		                       i > 0 ? " " : "", STR_ARG(file->path),
		                       file->named ? "!" : "", file->report ? "+" : "");
		assert_int_equal(access(file->absolute.ptr, F_OK), 0);
	}
}

/* Lists the project for a command line of paths; checks the list and the number of messages. */
static void expect_paths(const char *const *paths, size_t count, const char *want, size_t messages)
{
	struct found f;
	size_t said = 0;

	found_init(&f);
	f.o.paths = paths;
	f.o.path_count = count;
	find(&f);
	assert_true(f.ok);
	assert_string_equal(f.text.ptr, want);
	diag_sorted(f.d, &said);
	assert_int_equal(said, messages);
	found_release(&f);
}

#define EXPECT(want) expect_paths(NULL, 0, want, 0)
#define EXPECT_FOR(want, messages, ...)                                                            \
	expect_paths((const char *const[]){__VA_ARGS__},                                           \
	             ARRAY_LEN(((const char *const[]){__VA_ARGS__})), want, messages)

static void a_plain_folder_is_walked_and_sorted_by_bytes(void **state)
{
	(void)state;
	new_project();
	make_files("pyproject.toml b.py a/z.py a/B.py a.py a-b.py a/n.ipynb README.md a/x.pyi "
	           ".hidden/h.py");
	EXPECT(".hidden/h.py+ a-b.py+ a.py+ a/B.py+ a/z.py+ b.py+");
}

static void what_is_never_source_is_left_out(void **state)
{
	(void)state;
	new_project();
	make_files(
		"setup.py m.py .git.d/x.py .hg/x.py node_modules/a/x.py build/lib/x.py dist/x.py "
		"__pycache__/x.py lib/site-packages/x.py .tox/x.py .nox/x.py .eggs/x.py");
	make_files("weird/pyvenv.cfg weird/x.py venv/bin/activate venv/x.py env/settings.py "
	           ".venv/x.py "
	           "conda/conda-meta/history conda/x.py src/build/__init__.py src/build/x.py");
	EXPECT(".git.d/x.py+ env/settings.py+ m.py+ setup.py+ src/build/__init__.py+ "
	       "src/build/x.py+");
}

static void tests_migrations_and_vendored_code_are_read_but_not_reported(void **state)
{
	(void)state;
	new_project();
	make_files("pyproject.toml app/a.py app/tests/helper.py app/test_a.py app/a_test.py "
	           "conftest.py "
	           "migrations/0001.py alembic/versions/1.py alembic/env.py vendor/v.py "
	           "app/_vendor/v.py third_party/v.py app/x_pb2.py app/contest.py versions/v.py");
	EXPECT("alembic/env.py+ alembic/versions/1.py app/_vendor/v.py app/a.py+ app/a_test.py "
	       "app/contest.py+ app/test_a.py app/tests/helper.py app/x_pb2.py conftest.py "
	       "migrations/0001.py third_party/v.py vendor/v.py versions/v.py+");
}

static void named_paths_narrow_the_report_and_not_the_list(void **state)
{
	(void)state;
	new_project();
	make_files("pyproject.toml a.py app/b.py app/tests/t.py app/tests/test_x.py apple/c.py "
	           "script");
	EXPECT_FOR("a.py app/b.py+ app/tests/t.py app/tests/test_x.py apple/c.py", 0, "app");
	EXPECT_FOR("a.py app/b.py+ app/tests/t.py app/tests/test_x.py apple/c.py", 0, "./app//");
	EXPECT_FOR("a.py app/b.py app/tests/t.py+ app/tests/test_x.py+ apple/c.py", 0, "app/tests");
	EXPECT_FOR("a.py app/b.py app/tests/t.py app/tests/test_x.py!+ apple/c.py", 0,
	           "app/tests/test_x.py");
	EXPECT_FOR("a.py!+ app/b.py+ app/tests/t.py app/tests/test_x.py apple/c.py", 0, "a.py",
	           "app", "app/../a.py");
	EXPECT_FOR("a.py app/b.py app/tests/t.py app/tests/test_x.py apple/c.py script!+", 0,
	           "script");
	EXPECT_FOR("a.py+ app/b.py+ app/tests/t.py app/tests/test_x.py apple/c.py+", 0, ".");
	assert_int_equal(chdir("app"), 0);
	EXPECT("a.py app/b.py+ app/tests/t.py app/tests/test_x.py apple/c.py");
}

static void what_does_not_exist_fails_and_the_rest_goes_on(void **state)
{
	struct found f;
	const char *paths[] = {"nothing.py", "a.py", "a.py/b.py"};

	(void)state;
	new_project();
	make_files("pyproject.toml a.py b.py");
	EXPECT_FOR("a.py!+ b.py", 2, "nothing.py", "a.py", "no/where");
	found_init(&f);
	f.o.paths = paths;
	f.o.path_count = ARRAY_LEN(paths);
	find(&f);
	assert_true(f.ok);
	assert_true(diag_has(f.d, DIAG_FAILURE));
	assert_false(diag_has(f.d, DIAG_USAGE));
	found_release(&f);
}

static void exclusions_hold_for_what_is_found_and_not_for_what_is_named(void **state)
{
	static const char *const globs[] = {"legacy", "/gen", "app/*_old.py", "*.tmp.py"};
	static const struct str configured[] = {{"docs/**", 7}};
	static const char *const named[] = {"legacy/x.py"};
	struct found f;

	(void)state;
	new_project();
	make_files("pyproject.toml a.py legacy/x.py app/legacy/y.py gen/g.py app/gen/g.py "
	           "app/m_old.py "
	           "m_old.py q.tmp.py docs/conf.py");
	for (int pass = 0; pass < 3; pass++) {
		found_init(&f);
		f.o.excludes = globs;
		f.o.exclude_count = ARRAY_LEN(globs);
		f.o.force_exclude = pass == 2;
		f.o.paths = named;
		f.o.path_count = pass == 0 ? 0 : 1;
		f.c.exclude = (struct str_list){configured, 1};
		find(&f);
		assert_string_equal(f.text.ptr, pass == 0 ? "a.py+ app/gen/g.py+ m_old.py+"
		                                : pass == 1
		                                        ? "a.py app/gen/g.py legacy/x.py!+ m_old.py"
		                                        : "a.py app/gen/g.py m_old.py");
		assert_true(f.list.excluded >= 6);
		found_release(&f);
	}
}

static void an_excluded_folder_that_is_named_is_read(void **state)
{
	(void)state;
	new_project();
	make_files("pyproject.toml a.py node_modules/pkg/x.py node_modules/pkg/build/y.py");
	EXPECT_FOR("a.py node_modules/pkg/x.py+", 0, "node_modules/pkg");
}

static void links_give_each_file_once_and_no_loops(void **state)
{
	(void)state;
	new_project();
	make_files("pyproject.toml a.py pkg/b.py");
	shell("ln -s ../pkg pkg/again; ln -s .. pkg/up; ln -s a.py c.py; ln -s self.py self.py; "
	      "ln -s missing.py gone.py; mkfifo pipe.py; mkdir dir.py; ln -s /etc/hostname "
	      "host.py");
	EXPECT("a.py+ host.py+ pkg/b.py+");
	EXPECT_FOR("a.py!+ host.py pkg/b.py", 0, "c.py");
	EXPECT_FOR("a.py host.py pipe.py!+ pkg/b.py", 0,
	           "pipe.py"); /* reading it will say what it is */
	EXPECT_FOR("a.py host.py pkg/b.py", 1, "self.py");
	EXPECT_FOR("a.py host.py pkg/b.py!+", 0, "pkg/up/pkg/again/b.py");
}

static void names_survive_whatever_bytes_they_hold(void **state)
{
	(void)state;
	new_project();
	make_files("pyproject.toml");
	shell("printf x > \"$(printf 'bad\\377name.py')\"; printf x > \"$(printf 'a\\nb.py')\"; "
	      "printf x > ' .py'; printf x > ./-x.py; printf x > '\"q\".py'");
	EXPECT(" .py+ \"q\".py+ -x.py+ a\nb.py+ bad\377name.py+");
	shell("git init -q . 2>/dev/null");
	EXPECT(" .py+ \"q\".py+ -x.py+ a\nb.py+ bad\377name.py+");
}

static void git_decides_what_belongs_to_a_work_tree(void **state)
{
	struct found f;

	(void)state;
	new_project();
	make_files("tracked.py untracked.py ignored.py gone.py out/x.py out/kept.py sub/s.py "
	           "venv2/pyvenv.cfg "
	           "venv2/x.py build/b.py n.ipynb inner/i.py");
	shell("printf 'ignored.py\\nout/\\n' > .gitignore; git init -q .; "
	      "git add tracked.py gone.py build/b.py; git add -f out/kept.py; rm gone.py; ln -s "
	      "tracked.py l.py; "
	      "git init -q inner");
	EXPECT("inner/i.py+ out/kept.py+ sub/s.py+ tracked.py+ untracked.py+");
	EXPECT_FOR("ignored.py!+ inner/i.py out/kept.py sub/s.py tracked.py untracked.py", 0,
	           "ignored.py");
	found_init(&f);
	f.o.no_gitignore = true;
	find(&f);
	assert_string_equal(f.text.ptr, "ignored.py+ inner/i.py+ out/kept.py+ out/x.py+ sub/s.py+ "
	                                "tracked.py+ untracked.py+");
	assert_int_equal(f.list.notebooks, 1);
	found_release(&f);
	assert_int_equal(chdir("sub"), 0);
	EXPECT("inner/i.py out/kept.py sub/s.py+ tracked.py untracked.py");
	found_init(&f);
	f.o.root = ".";
	find(&f);
	assert_string_equal(f.text.ptr, "s.py+");
	assert_true(str_eq(f.list.git_top, path_parent(f.list.root)));
	found_release(&f);
}

static void an_ignored_folder_that_is_named_is_read(void **state)
{
	(void)state;
	new_project();
	make_files("a.py out/x.py out/deep/y.py");
	shell("echo out/ > .gitignore; git init -q .");
	EXPECT("a.py+");
	EXPECT_FOR("a.py out/deep/y.py+ out/x.py+", 0, "out");
	EXPECT_FOR("a.py out/deep/y.py+", 0, "out/deep");
}

static void submodules_are_part_of_the_project(void **state)
{
	(void)state;
	new_project();
	make_files("origin/lib.py main/a.py");
	shell("g='git -c user.name=n -c user.email=e -c protocol.file.allow=always'; cd origin; $g "
	      "init -q .; "
	      "$g add .; $g commit -q -m o; cd ../main; $g init -q .; "
	      "$g submodule --quiet add ../origin libs/sub 2>/dev/null");
	assert_int_equal(chdir("main"), 0);
	EXPECT("a.py+ libs/sub/lib.py+");
}

static void a_broken_or_missing_git_means_a_plain_walk_and_a_note(void **state)
{
	char *path = strdup(getenv("PATH"));

	(void)state;
	new_project();
	make_files("a.py .gitignore .git/HEAD ignored.py");
	expect_paths(NULL, 0, "a.py+ ignored.py+", 1);
	setenv("PATH", "/nowhere", 1);
	expect_paths(NULL, 0, "a.py+ ignored.py+", 1);
	setenv("PATH", path, 1);
	free(path);
}

/* A hook's environment names the repository by a path that is wrong in another folder. */
static void the_environment_of_a_hook_does_not_mislead_git(void **state)
{
	(void)state;
	new_project();
	make_files("a.py ignored.py sub/b.py");
	shell("echo ignored.py > .gitignore; git init -q .");
	setenv("GIT_DIR", ".git", 1);
	setenv("GIT_INDEX_FILE", "/nowhere/index", 1);
	assert_int_equal(chdir("sub"), 0);
	EXPECT("a.py sub/b.py+");
	unsetenv("GIT_DIR");
	unsetenv("GIT_INDEX_FILE");
}

/* A repository that was downloaded may name a program for git to run. */
static void no_program_that_the_repository_names_is_run(void **state)
{
	(void)state;
	new_project();
	make_files("a.py");
	shell("git init -q .; printf '#!/bin/sh\\ntouch \"%s/was-run\"\\n' \"$PWD\" > monitor; "
	      "chmod +x monitor; "
	      "git config core.fsmonitor \"$PWD/monitor\"");
	EXPECT("a.py+");
	assert_int_not_equal(access("was-run", F_OK), 0);
}

static const struct {
	const char *folder, *paths[2], *root, *list;
} root_case[] = {
	{".", {"one/a.py"}, "one", "a.py!+ sub/s.py"},
	{".", {"one", "one/sub"}, "one", "a.py+ sub/s.py+"},
	{"one/sub", {NULL}, "one", "a.py sub/s.py+"},
	{"one/sub", {"../../two"}, "two", "b.py+"},
	{"plain", {"x/c.py"}, "plain", "d.py x/c.py!+"},
	{"plain", {"../bare/e.py"}, "bare", "e.py!+ f.py"},
	{"plain", {"../bare"}, "bare", "e.py+ f.py+"},
};

static void the_root_is_the_nearest_project_that_holds_all_paths(void **state)
{
	char base[256];

	(void)state;
	new_project();
	make_files("one/pyproject.toml one/a.py one/sub/s.py two/setup.cfg two/b.py plain/x/c.py "
	           "plain/d.py "
	           "bare/e.py bare/f.py");
	assert_non_null(getcwd(base, sizeof(base)));
	for (size_t i = 0; i < ARRAY_LEN(root_case); i++) {
		struct found f;
		found_init(&f);
		assert_int_equal(chdir(base), 0);
		assert_int_equal(chdir(root_case[i].folder), 0);
		f.o.paths = root_case[i].paths;
		while (f.o.path_count < 2 && root_case[i].paths[f.o.path_count] != NULL)
			f.o.path_count++;
		find(&f);
		assert_string_equal(path_name(f.list.root).ptr, root_case[i].root);
		assert_string_equal(f.text.ptr, root_case[i].list);
		found_release(&f);
	}
}

static void files_outside_the_root_are_shown_from_it(void **state)
{
	const char *paths[] = {"../other/o.py", "a.py", "../folder"};
	struct found f;

	(void)state;
	new_project();
	make_files("proj/a.py proj/b.py other/o.py other/p.py folder/q.py");
	assert_int_equal(chdir("proj"), 0);
	found_init(&f);
	f.o.root = ".";
	f.o.paths = paths;
	f.o.path_count = ARRAY_LEN(paths);
	find(&f);
	assert_string_equal(f.text.ptr, "../folder/q.py+ ../other/o.py!+ a.py!+ b.py");
	found_release(&f);
}

static void a_root_that_is_no_folder_is_a_mistake(void **state)
{
	struct found f;

	(void)state;
	new_project();
	make_files("a.py");
	found_init(&f);
	f.o.root = "a.py";
	find(&f);
	assert_false(f.ok);
	assert_true(diag_has(f.d, DIAG_USAGE));
	found_release(&f);
}

static void an_unreadable_folder_is_a_note(void **state)
{
	(void)state;
	if (geteuid() == 0)
		return; /* root reads everything */
	new_project();
	make_files("pyproject.toml a.py closed/b.py");
	assert_int_equal(chmod("closed", 0), 0);
	expect_paths(NULL, 0, "a.py+", 1);
}

static const struct {
	const char *glob, *path;
	bool match;
} glob_case[] = {
	{"", "", true},
	{"", "a", false},
	{"a", "a", true},
	{"a", "ab", false},
	{"*", "abc", true},
	{"*", "", true},
	{"*", "a/b", false},
	{"*.py", "x.py", true},
	{"*.py", "a/x.py", false},
	{"a/*.py", "a/x.py", true},
	{"a*b*c", "aXXbYYbZc", true},
	{"a*b*c", "aXXbYY", false},
	{"?", "a", true},
	{"?", "/", false},
	{"?", "\xc3\xa9", true}, /* one code point */
	{"??", "\xc3\xa9", false},
	{"?", "\xff", true}, /* no UTF-8: one byte */
	{"a?c", "abc", true},
	{"[a-c]x", "bx", true},
	{"[!a-c]x", "bx", false},
	{"[^a-c]x", "dx", true},
	{"[]]", "]", true},
	{"[a-]", "-", true},
	{"[\xc3\xa0-\xc3\xbf]", "\xc3\xa9", true},
	{"[/]", "/", false},
	{"[!x]", "/", false},
	{"[abc", "[abc", true}, /* no end: an ordinary character */
	{"[", "[", true},
	{"\\*", "*", true},
	{"\\*", "a", false},
	{"\\", "\\", true},
	{"**", "a/b/c", true},
	{"**", "", true},
	{"a/**", "a/b/c", true},
	{"a/**", "a", false},
	{"**/a", "a", true},
	{"**/a", "x/y/a", true},
	{"**/a", "x/ya", false},
	{"a/**/b", "a/b", true},
	{"a/**/b", "a/x/y/b", true},
	{"a/**/b", "a/xb", false},
	{"a/**/b/*.py", "a/b/c/b/x.py", true},
	{"**/*.py", "x.py", true},
	{"**/tests/**", "a/tests/b/c.py", true},
	{"a**b", "a/x/b", true},
	{"***", "a/b", true},
	{"**/*_x/*", "a/b_x/c_x/d", true},
	{"*/b", "a/b", true},
	{"*/b", "a/c/b", false},
	{"outer.<locals>.*", "outer.<locals>.inner", true},
};

static void a_glob_matches_whole_paths(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(glob_case); i++)
		if (glob_match(str_of(glob_case[i].glob), str_of(glob_case[i].path)) !=
		    glob_case[i].match)
			fail_msg("glob '%s', path '%s'", glob_case[i].glob, glob_case[i].path);
}

static void a_hostile_glob_does_not_take_exponential_time(void **state)
{
	char glob[201], path[301];

	(void)state;
	for (size_t i = 0; i < 200; i += 2)
		memcpy(glob + i, "*a", 2);
	memcpy(glob + 198, "*b", 3);
	memset(path, 'a', 300);
	path[300] = '\0';
	assert_false(glob_match(str_of(glob), str_of(path)));
	for (size_t i = 0; i < 200; i += 4)
		memcpy(glob + i, "**/a", 4);
	for (size_t i = 1; i < 300; i += 2)
		path[i] = '/';
	assert_false(glob_match(str_of(glob), STR("a/a/a/b")));
	assert_true(glob_match(str_of(glob), (struct str){path, 299}));
}

static const struct {
	const char *folder, *path, *relative;
} relative_case[] = {
	{"/a/b", "/a/b", ""},      {"/a/b", "/a/b/c/d", "c/d"}, {"/a/b", "/a/bc", "../bc"},
	{"/a/b", "/x", "../../x"}, {"/a/b", "/a", ".."},        {"/", "/a", "a"},
	{"/a", "/", ".."},
};

static void a_path_is_seen_from_a_folder(void **state)
{
	struct arena run;

	(void)state;
	arena_init(&run);
	for (size_t i = 0; i < ARRAY_LEN(relative_case); i++) {
		struct str r = path_relative(&run, str_of(relative_case[i].folder),
		                             str_of(relative_case[i].path));
		assert_true(str_is(r, relative_case[i].relative));
	}
	assert_string_equal(path_join(&run, STR("/"), STR("x")).ptr, "/x");
	arena_release(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_folder_is_walked_and_sorted_by_bytes),
		cmocka_unit_test(what_is_never_source_is_left_out),
		cmocka_unit_test(tests_migrations_and_vendored_code_are_read_but_not_reported),
		cmocka_unit_test(named_paths_narrow_the_report_and_not_the_list),
		cmocka_unit_test(what_does_not_exist_fails_and_the_rest_goes_on),
		cmocka_unit_test(exclusions_hold_for_what_is_found_and_not_for_what_is_named),
		cmocka_unit_test(an_excluded_folder_that_is_named_is_read),
		cmocka_unit_test(links_give_each_file_once_and_no_loops),
		cmocka_unit_test(names_survive_whatever_bytes_they_hold),
		cmocka_unit_test(git_decides_what_belongs_to_a_work_tree),
		cmocka_unit_test(an_ignored_folder_that_is_named_is_read),
		cmocka_unit_test(submodules_are_part_of_the_project),
		cmocka_unit_test(a_broken_or_missing_git_means_a_plain_walk_and_a_note),
		cmocka_unit_test(the_environment_of_a_hook_does_not_mislead_git),
		cmocka_unit_test(no_program_that_the_repository_names_is_run),
		cmocka_unit_test(the_root_is_the_nearest_project_that_holds_all_paths),
		cmocka_unit_test(files_outside_the_root_are_shown_from_it),
		cmocka_unit_test(a_root_that_is_no_folder_is_a_mistake),
		cmocka_unit_test(an_unreadable_folder_is_a_note),
		cmocka_unit_test(a_glob_matches_whole_paths),
		cmocka_unit_test(a_hostile_glob_does_not_take_exponential_time),
		cmocka_unit_test(a_path_is_seen_from_a_folder),
	};

	return cmocka_run_group_tests(tests, enter_top, leave_top);
}
