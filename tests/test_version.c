/*
 * test_version.c - which FastAPI a module runs on: specifiers, then one file
 * of each kind, then folders full of them, written to disk for each case.
 */
#include "temp_name.h"

#include "project/version.h"
#include "project/version_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- specifiers ----------------------------------------------------------------- */

#define KNOWN RELEASE(0, 162, 0)

static const struct {
	const char *text;
	const char *newest; /* NULL: not understood; "" : allows nothing */
	bool exact;
} specifier_case[] = {
	{"", "0.162.0", false},
	{"*", "0.162.0", false},
	{"==0.128.0", "0.128.0", true},
	{"== 0.128", "0.128", true},
	{"===0.115.0rc1", "0.115.0rc1", true},
	{"0.110.1", "0.110.1", true}, /* Poetry */
	{"=0.110.1", "0.110.1", true},
	{"==v0.110.1+cu12.post3", "v0.110.1+cu12.post3", true},
	{"==0.115.*", "0.115", false},
	{"0.*", "0.162.0", false},
	{">=0.100", "0.162.0", false},
	{">0.100,", "0.162.0", false},
	{">=0.100, <0.116", "0.115", false},
	{">=0.100,<0.115.4", "0.115.3", false},
	{"<=0.115.4", "0.115.4", false},
	{">=0.100 <0.116", "0.115", false}, /* Poetry */
	{"~=0.115.2", "0.115", false},
	{"~=0.115", "0.162.0", false}, /* <1.0 */
	{"~=0", "0.162.0", false},
	{"^0.110", "0.110", false},
	{"^0.110.3", "0.110", false},
	{"^0", "0.162.0", false},
	{"^1.2", "1.2.0", false},
	{"~0.110.3", "0.110", false},
	{"~0", "0.162.0", false},
	{"^0.95 || ^0.110", "0.110", false},
	{"0.95.0|0.110.0", "0.110.0", true},
	{"==0.110.0||>=0.100", "0.162.0", false},
	{">=0.100,!=0.112.0", "0.162.0", false},
	{">=2", "2.0.0", false}, /* newer than any that is known */
	{"<1", "0.162.0", false},
	{">=99999999999999999999", "1048575.0.0", false},
	{">=0.1.2.3.4.5,<0.100", "0.99", false},
	{"<0.100,>=0.110", "", false},
	{">=", NULL, false},
	{">=x", NULL, false},
	{"latest", NULL, false},
	{">=0.100;", NULL, false},
	{"!", NULL, false},
};

static void a_specifier_allows_releases(void **state)
{
	struct arena run;

	(void)state;
	arena_init(&run);
	for (size_t i = 0; i < ARRAY_LEN(specifier_case); i++) {
		struct version_set set = {.count = 0};
		release newest;
		bool understood = version_set_add(&set, str_of(specifier_case[i].text));
		assert_int_equal(understood, specifier_case[i].newest != NULL);
		assert_int_equal(set.count > 0, understood && *specifier_case[i].newest != '\0');
		if (set.count == 0)
			continue;
		assert_string_equal(version_set_newest(&run, &set, KNOWN, &newest).ptr,
		                    specifier_case[i].newest);
		assert_int_equal(version_set_exact(&set), specifier_case[i].exact);
	}
	arena_release(&run);
}

static void too_many_alternatives_become_one_that_holds_them(void **state)
{
	struct version_set set = {.count = 0};
	char text[16];

	(void)state;
	for (unsigned i = 1; i < 40; i++) {
		snprintf(text, sizeof(text), "==0.%u.0", i);
		assert_true(version_set_add(&set, str_of(i % 2 == 0 ? "==0.1.0" : text)));
	}
	assert_int_equal(set.count, VERSION_RANGES_MAX);
	assert_false(version_set_exact(&set));
	assert_true(version_set_meets(&set, RELEASE(0, 39, 0), RELEASE(0, 39, 1)));
	assert_false(version_set_meets(&set, RELEASE(0, 40, 0), RELEASE_MAX));
}

/* ---- files ------------------------------------------------------------------------- */

static const struct {
	enum version_file kind;
	const char *text;
	const char *written; /* NULL: says nothing */
} file_case[] = {
	{VERSION_FILE_REQUIREMENTS, "fastapi==0.128.0\n", "==0.128.0"},
	{VERSION_FILE_REQUIREMENTS, "# fastapi==0.1\n-r base.txt\nuvicorn\nFastAPI>=0.1\r\n",
         ">=0.1"},
	{VERSION_FILE_REQUIREMENTS, "fastapi", ""},
	{VERSION_FILE_REQUIREMENTS, "  fastapi [all,standard] >= 0.100 , < 1 # why",
         ">= 0.100 , < 1"},
	{VERSION_FILE_REQUIREMENTS, "fastapi[standard]~=0.115.2 ; python_version > '3.8'",
         "~=0.115.2"},
	{VERSION_FILE_REQUIREMENTS, "fastapi===0.115.2 \\\n    --hash=sha256:12\n", "===0.115.2"},
	{VERSION_FILE_REQUIREMENTS, "fastapi==0.115.2 --hash=sha256:12", "==0.115.2"},
	{VERSION_FILE_REQUIREMENTS, "fastapi (>=0.100)", ">=0.100"},
	{VERSION_FILE_REQUIREMENTS,
         "fastapi==0.103.2 ; python_version < '3.8'\nfastapi==0.115.0 ; python_version >= '3.8'",
         "==0.103.2 or ==0.115.0"},
	{VERSION_FILE_REQUIREMENTS, "fastapi==0.1\nfastapi==0.1\n", "==0.1"},
	{VERSION_FILE_REQUIREMENTS, "fastapi==0.1\nfastapi\n", ""},
	{VERSION_FILE_REQUIREMENTS, "fastapi-users==10.0\nfastapi_cache\nfastapi.ext\n", NULL},
	{VERSION_FILE_REQUIREMENTS, "fastapi @ https://example.org/fastapi-0.1.whl", NULL},
	{VERSION_FILE_REQUIREMENTS, "fastapi[all", ""},
	{VERSION_FILE_REQUIREMENTS, "fastapi==${VERSION}\n", NULL},
	{VERSION_FILE_REQUIREMENTS, "", NULL},

	{VERSION_FILE_LOCK,
         "version = 1\n\n[[package]]\nname = \"fastapi\"\nversion = \"0.128.0\"\n"
         "dependencies = [\n    { name = \"starlette\" },\n]\n\n[[package]]\nname = \"x\"\n",
         "==0.128.0"},
	{VERSION_FILE_LOCK, "[[package]]\nname = \"a\"\nversion = \"1\"\ndependencies = [\n    { name = \"fastapi\" },\n]\n",
         NULL},
	{VERSION_FILE_LOCK,
         "[[package]]\r\nname = \"fastapi\"\r\nversion = \"0.110.0\"\r\n\r\n"
         "[package.dependencies]\r\nstarlette = \"*\"\r\n",
         "==0.110.0"},
	{VERSION_FILE_LOCK, "[[packages]]\nname = \"FastAPI\"\nversion = \"0.1.2\"", "==0.1.2"},
	{VERSION_FILE_LOCK,
         "[[package]]\nname = \"fastapi\"\nversion = \"0.105.0\"\n[[package]]\nname = \"fastapi\"\n"
         "version = \"0.115.0\"\n",
         "==0.105.0 or ==0.115.0"},
	{VERSION_FILE_LOCK, "[[package]]\nname = \"fastapi-cli\"\nversion = \"1.0\"\n", NULL},
	{VERSION_FILE_LOCK, "[[package]]\nname = \"fastapi\"\nsource = { path = \".\" }\n", NULL},
	{VERSION_FILE_LOCK, "name = \"fastapi\"\n[[[[\nname = \"fastapi\"\nversion = [\n", NULL},

	{VERSION_FILE_PIPFILE_LOCK, "{\"default\": {\"fastapi\": {\"version\": \"==0.115.0\"}}}",
         "==0.115.0"},
	{VERSION_FILE_PIPFILE_LOCK,
         "{\"default\": {}, \"develop\": {\"fastapi\": {\"version\": \"==0.115.0\"}}}", "==0.115.0"},
	{VERSION_FILE_PIPFILE_LOCK, "{\"default\": {\"fastapi\": {\"git\": \"x\"}}}", NULL},
	{VERSION_FILE_PIPFILE_LOCK, "{\"default\": [\"fastapi\"]", NULL},
	{VERSION_FILE_PIPFILE_LOCK, "[1]", NULL},

	{VERSION_FILE_PYPROJECT,
         "[project]\ndependencies = [\n  \"uvicorn\",\n  \"fastapi[standard]>=0.100; "
         "python_version>'3'\",\n]",
         ">=0.100"},
	{VERSION_FILE_PYPROJECT, "project.dependencies = ['fastapi']", ""},
	{VERSION_FILE_PYPROJECT,
         "[project]\ndependencies = [\"fastapi>=0.115\"]\n[project.optional-dependencies]\n"
         "all = [\"fastapi\"]\n",
         ">=0.115"},
	{VERSION_FILE_PYPROJECT, "[project.optional-dependencies]\napi = [\"x\", \"fastapi<1\"]",
         "<1"},
	{VERSION_FILE_PYPROJECT,
         "[dependency-groups]\ndev = [{include-group = \"x\"}, \"fastapi==0.9\"]", "==0.9"},
	{VERSION_FILE_PYPROJECT, "[tool.poetry.dependencies]\nFastAPI = \"^0.110\"\n", "^0.110"},
	{VERSION_FILE_PYPROJECT,
         "[tool.poetry.dependencies]\nfastapi = {extras = [\"all\"], version = \"~0.110\"}\n",
         "~0.110"},
	{VERSION_FILE_PYPROJECT,
         "[tool.poetry.dependencies]\nfastapi = [{version = \"<0.100\", python = \"<3.8\"}, "
         "{version = \">=0.100\", python = \">=3.8\"}]\n",
         "<0.100 or >=0.100"},
	{VERSION_FILE_PYPROJECT, "[tool.poetry.dependencies.fastapi]\nversion = \"*\"\n", "*"},
	{VERSION_FILE_PYPROJECT, "[tool.poetry.group.dev.dependencies]\nfastapi = \"0.1\"\n", "0.1"},
	{VERSION_FILE_PYPROJECT, "[tool.pdm.dev-dependencies]\ntest = [\"fastapi>1\"]\n", ">1"},
	{VERSION_FILE_PYPROJECT, "[tool.uv]\ndev-dependencies = [\"fastapi>1\"]\n", ">1"},
	{VERSION_FILE_PYPROJECT, "[tool.other]\nnames = [\"fastapi.Depends\"]\n", NULL},
	{VERSION_FILE_PYPROJECT,
         "[project]\nx = = 1\n[tool.poetry.dependencies]\nfastapi = \"^0.110\"\n", "^0.110"},
	{VERSION_FILE_PYPROJECT, "[project]\ndependencies = {fastapi = 1}\n", NULL},
	{VERSION_FILE_PYPROJECT, "[[project]]\n[[project]]\nfastapi\n", NULL},
	{VERSION_FILE_SETUP_CFG,
         "[metadata]\nname = fastapi\n[options]\ninstall_requires =\n    # a comment\n    flask\n"
         "    fastapi >=0.100,<0.116 ; python_version > '3.8'\npackages = find:\n",
         ">=0.100,<0.116"},
	{VERSION_FILE_SETUP_CFG, "[options]\ninstall_requires = fastapi[all]~=0.110.1\n",
         "~=0.110.1"},
	{VERSION_FILE_SETUP_CFG, "[options.extras_require]\napi =\n\tFastAPI\n", ""},
	{VERSION_FILE_SETUP_CFG, "[options]\nsetup_requires =\n    fastapi<1\n", NULL},
	{VERSION_FILE_SETUP_CFG, "[tool:pytest]\n= [\n[\nfastapi\n", NULL},
};

static void a_file_says_which_versions_it_wants(void **state)
{
	struct arena scratch;
	struct version_statement said;

	(void)state;
	arena_init(&scratch);
	for (size_t i = 0; i < ARRAY_LEN(file_case); i++) {
		bool says = version_file_read(&scratch, file_case[i].kind,
		                              str_of(file_case[i].text), "fastapi", &said);
		if (says != (file_case[i].written != NULL))
			print_error("case %zu: %s\n", i, file_case[i].text);
		assert_int_equal(says, file_case[i].written != NULL);
		if (says)
			assert_string_equal(arena_str(&scratch, said.written).ptr,
			                    file_case[i].written);
	}
	arena_release(&scratch);
}

static void a_lock_file_of_megabytes_is_read_up_to_its_end(void **state)
{
	static const char package[] = "[[package]]\nname = \"fastapi-x\"\nversion = \"1\"\n";
	static const char last[] = "[[package]]\nname = \"fastapi\"\nversion = \"0.2\"\n";
	struct arena scratch;
	struct version_statement said;
	size_t len = 0, room = (size_t)4 << 20;
	char *text = malloc(room);

	(void)state;
	assert_non_null(text);
	arena_init(&scratch);
	for (int other = 0; len + 2 * sizeof(package) < room; other++) {
		const char *name = other < 8 ? package
		                             : "[[package]]\nname = \"y\"\nversion = \"1\"\n";
		len += (size_t)sprintf(text + len, "%s", name);
	}
	len += (size_t)sprintf(text + len, "%s", last);
	assert_true(version_file_read(&scratch, VERSION_FILE_LOCK, (struct str){text, len},
	                              "fastapi", &said));
	assert_true(str_is(said.written, "==0.2"));
	free(text);
	arena_release(&scratch);
}

/* ---- folders -------------------------------------------------------------------------- */

struct tree {
	struct arena memory;
	struct diag *d;
	struct project project;
	struct project_module modules[4];
	struct framework_versions versions;
	char root[64];
};

static void tree_init(struct tree *t)
{
	*t = (struct tree){.d = diag_new()};
	assert_non_null(mkdtemp(temp_name(t->root, sizeof t->root, "/tmp", "version")));
	arena_init(&t->memory);
	t->project = (struct project){.names = interner_new(&t->memory), .modules = t->modules};
}

static void tree_release(struct tree *t)
{
	char command[80];

	snprintf(command, sizeof(command), "rm -rf '%s'", t->root);
	assert_int_equal(system(command), 0);
	interner_free(t->project.names);
	diag_free(t->d);
	arena_release(&t->memory);
}

/* "path=text"; folders above it are made. */
static void tree_write(struct tree *t, const char *file)
{
	const char *text = strchr(file, '=') + 1;
	char path[200];

	snprintf(path, sizeof(path), "%s/%.*s", t->root, (int)(text - 1 - file), file);
	for (char *p = path + strlen(t->root) + 1; (p = strchr(p, '/')) != NULL; *p++ = '/') {
		*p = '\0';
		(void)mkdir(path, 0700);
	}
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* Modules in the order of their paths; one that is to have to do with FastAPI imports it. */
static void tree_module(struct tree *t, const char *path, const char *import)
{
	struct project_module *pm = &t->modules[t->project.module_count++];
	struct import *i = arena_new(&t->memory, struct import);

	assert_true(t->project.module_count <= ARRAY_LEN(t->modules));
	i->module = intern(t->project.names, str_of(import));
	pm->loaded.module = (struct module){.path = str_of(path), .imports = i, .import_count = 1};
	pm->report = true;
}

static void tree_find(struct tree *t, const char *given)
{
	versions_find(&t->memory, t->d, &t->project, str_of(t->root), str_of(given),
	              STR("--option"), &t->versions);
}

/* "0.128.0 (requirements.txt)", "0.162.0 (range >=0.100 in pyproject.toml; teardown differs within it), before, depends" */
static const char *tree_answer(struct tree *t, module_id m)
{
	const struct framework_version *v = t->versions.of_module[m];
	struct framework_versions one = {.assumed = &v, .assumed_count = 1};

	return arena_printf(&t->memory, "%s%s%s%s%.*s", versions_text(&t->memory, &one, 1).ptr,
	                    v->regimes[0].teardown == TEARDOWN_BEFORE_RESPONSE ? ", before" : "",
	                    v->depends ? ", depends" : "", v->declared.len > 0 ? ", but " : "",
	                    STR_ARG(v->declared))
	        .ptr;
}

#define UV(version) "[[package]]\nname = \"fastapi\"\nversion = \"" version "\"\n"
#define PROJECT(spec) "[project]\ndependencies = [\"fastapi" spec "\"]\n"

static const struct {
	const char *files[4];
	const char *module, *answer;
} folder_case[] = {
	{{NULL}, "app/main.py", "0.162.0 (the newest known)"},
	{{"requirements.txt=fastapi==0.128.0\n"}, "main.py", "0.128.0 (requirements.txt)"},
	{{"requirements.txt=fastapi==0.105.0\n"}, "a/b/c/main.py", "0.105.0 (requirements.txt)"},
	{{"requirements.txt=fastapi==0.106.0\n"}, "main.py", "0.106.0 (requirements.txt), before"},
	{{"requirements.txt=fastapi==0.117.1\n"}, "main.py", "0.117.1 (requirements.txt), before"},
	{{"requirements.txt=fastapi==0.118.0\n"}, "main.py", "0.118.0 (requirements.txt)"},
	{{"a/uv.lock=" UV("0.110.0")}, "a/app/main.py", "0.110.0 (a/uv.lock), before"},
	{{"a/uv.lock=" UV("0.110.0")}, "ab/app/main.py", "0.162.0 (the newest known)"},
	{{"a/uv.lock=" UV("0.110.0")}, "a//main.py", "0.110.0 (a/uv.lock), before"},
	{{"uv.lock=" UV("0.110.0")}, "../elsewhere/main.py", "0.110.0 (uv.lock), before"},
	{{"uv.lock=" UV("0.110.0")}, "/elsewhere/main.py", "0.110.0 (uv.lock), before"},
	{{"uv.lock=" UV("0.115.14"), "pyproject.toml=" PROJECT(">=0.115,<0.137")},
         "app/main.py",
         "0.115.14 (uv.lock), before, but range >=0.115,<0.137"},
	{{"uv.lock=" UV("0.128.0"), "pyproject.toml=" PROJECT(">=0.118")},
         "app/main.py",
         "0.128.0 (uv.lock)"},
	{{"requirements/base.txt=fastapi==0.9\n"}, "x/main.py", "0.9 (requirements/base.txt)"},
	{{"requirements-dev.txt=fastapi==0.8\n", "requirements.txt=fastapi==0.9\n"},
         "main.py",
         "0.9 (requirements.txt)"},
	{{"Pipfile.lock={\"default\": {\"fastapi\": {\"version\": \"==0.7\"}}}"},
         "main.py",
         "0.7 (Pipfile.lock)"},
	{{"poetry.lock=" UV("0.6")}, "main.py", "0.6 (poetry.lock)"},
	{{"pdm.lock=" UV("0.6")}, "main.py", "0.6 (pdm.lock)"},
	{{"pylock.toml=[[packages]]\nname = \"fastapi\"\nversion = \"0.6\"\n"},
         "main.py",
         "0.6 (pylock.toml)"},
	/* ranges */
	{{"pyproject.toml=" PROJECT(">=0.100")},
         "main.py",
         "0.162.0 (range >=0.100 in pyproject.toml; teardown differs within it), depends"},
	{{"pyproject.toml=" PROJECT(">=0.118")},
         "main.py",
         "0.162.0 (range >=0.118 in pyproject.toml)"},
	{{"pyproject.toml=" PROJECT(">=0.110,<0.118")},
         "main.py",
         "0.117 (range >=0.110,<0.118 in pyproject.toml), before"},
	{{"pyproject.toml=" PROJECT("<0.106")}, "main.py", "0.105 (range <0.106 in pyproject.toml)"},
	{{"pyproject.toml=" PROJECT("<=0.106")},
         "main.py",
         "0.106.0 (range <=0.106 in pyproject.toml; teardown differs within it), before, depends"},
	{{"pyproject.toml=" PROJECT(">=0.117")},
         "main.py",
         "0.162.0 (range >=0.117 in pyproject.toml; teardown differs within it), depends"},
	{{"requirements.txt=fastapi\n"},
         "main.py",
         "0.162.0 (any version in requirements.txt; teardown differs within it), depends"},
	{{"requirements.txt=fastapi\n", "pyproject.toml=" PROJECT(">=0.120")},
         "main.py",
         "0.162.0 (range >=0.120 in pyproject.toml)"},
	/* who is believed */
	{{"pyproject.toml=" PROJECT(">=0.100"), "uv.lock=" UV("0.128.0")},
         "main.py",
         "0.128.0 (uv.lock)"},
	{{"a/pyproject.toml=" PROJECT(">=0.100"), "uv.lock=" UV("0.128.0")},
         "a/main.py",
         "0.128.0 (uv.lock)"},
	{{"a/pyproject.toml=" PROJECT("<0.100"), "uv.lock=" UV("0.128.0")},
         "a/main.py",
         "0.99 (range <0.100 in a/pyproject.toml)"},
	{{"a/uv.lock=" UV("0.90.0"), "requirements.txt=fastapi==0.128.0\n"},
         "a/main.py",
         "0.90.0 (a/uv.lock)"},
	{{"uv.lock=[[package]]\nname = \"x\"\n", "requirements.txt=fastapi==0.128.0\n"},
         "main.py",
         "0.128.0 (requirements.txt)"},
	{{"requirements.txt=fastapi==0.1\n", "poetry.lock=" UV("0.6")},
         "main.py",
         "0.6 (poetry.lock)"},
	{{"uv.lock=" UV("0.105.0") UV("0.110.0")},
         "main.py",
         "0.110.0 (range ==0.105.0 or ==0.110.0 in uv.lock; teardown differs within it), before, "
         "depends"},
	{{"setup.cfg=[options]\ninstall_requires =\n  fastapi<0.100\n"},
         "main.py",
         "0.99 (range <0.100 in setup.cfg)"},
	{{"setup.py=setup(\n  install_requires=['sqlalchemy', 'fastapi[all]>=0.118'],\n)\n"},
         "main.py",
         "0.162.0 (range >=0.118 in setup.py)"},
	{{"setup.py=setup(extras_require={'fastapi': [\"fastapi<0.100\"]})\n"},
         "main.py",
         "0.99 (range <0.100 in setup.py)"},
	{{"setup.py=REQUIRED = 'fastapi"},
         "main.py",
         "0.162.0 (any version in setup.py; teardown differs within it), depends"},
	{{"environment.yml=dependencies:\n  - python=3.12\n  - "
          "conda-forge::fastapi=0.115.4=py_0\n"},
         "main.py",
         "0.115.4 (environment.yml), before"},
	{{"environment.yaml=dependencies:\n- pip:\n    - fastapi<0.100  # old\n"},
         "main.py",
         "0.99 (range <0.100 in environment.yaml)"},
	{{"requirements.txt=\xef\xbb\xbf"
          "fastapi==0.128.0\n"},
         "main.py",
         "0.128.0 (requirements.txt)"},
	{{"uv.lock/x=not a file", "requirements.txt=fastapi==0.128.0\n"},
         "main.py",
         "0.128.0 (requirements.txt)"},
};

static void the_nearest_file_that_is_certain_wins_then_the_nearest_range(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(folder_case); i++) {
		struct tree t;
		tree_init(&t);
		for (size_t k = 0; k < 4 && folder_case[i].files[k] != NULL; k++)
			tree_write(&t, folder_case[i].files[k]);
		tree_module(&t, folder_case[i].module, "fastapi");
		tree_find(&t, "");
		assert_string_equal(tree_answer(&t, 0), folder_case[i].answer);
		tree_release(&t);
	}
}

static void what_the_command_line_says_needs_no_file(void **state)
{
	struct tree t;

	(void)state;
	tree_init(&t);
	tree_write(&t, "requirements.txt=fastapi==0.128.0\n");
	tree_module(&t, "main.py", "fastapi");
	tree_find(&t, "0.115");
	assert_string_equal(tree_answer(&t, 0), "0.115 (--option), before");
	tree_release(&t);
}

static void every_module_has_its_own_version_and_each_is_listed_once(void **state)
{
	struct tree t;

	(void)state;
	tree_init(&t);
	tree_write(&t, "uv.lock=" UV("0.128.0"));
	tree_write(&t, "job/poetry.lock=" UV("0.110.0"));
	tree_module(&t, "app/main.py", "fastapi.routing");
	tree_module(&t, "job/deep/main.py", "fastapi");
	tree_module(&t, "job/script.py", "fastapi_users"); /* has nothing to do with it: the root's */
	tree_module(&t, "web.py", "fastapi");
	tree_find(&t, "");
	assert_string_equal(tree_answer(&t, 0), "0.128.0 (uv.lock)");
	assert_string_equal(tree_answer(&t, 1), "0.110.0 (job/poetry.lock), before");
	assert_string_equal(tree_answer(&t, 2), "0.128.0 (uv.lock)");
	assert_string_equal(tree_answer(&t, 3), "0.128.0 (uv.lock)");
	assert_string_equal(versions_text(&t.memory, &t.versions, 5).ptr,
	                    "0.128.0 (uv.lock), 0.110.0 (job/poetry.lock)");
	assert_string_equal(versions_text(&t.memory, &t.versions, 1).ptr,
	                    "0.128.0 (uv.lock) and 1 more");
	tree_release(&t);
}

static void files_that_are_not_reported_list_no_version(void **state)
{
	struct tree t;

	(void)state;
	tree_init(&t);
	tree_write(&t, "tests/requirements.txt=fastapi==0.1\n");
	tree_module(&t, "main.py", "fastapi");
	tree_module(&t, "tests/main.py", "fastapi");
	t.modules[1].report = false;
	tree_find(&t, "");
	assert_string_equal(versions_text(&t.memory, &t.versions, 5).ptr,
	                    "0.162.0 (the newest known)");
	assert_string_equal(tree_answer(&t, 1), "0.1 (tests/requirements.txt)");
	tree_release(&t);
}

static void a_project_without_fastapi_reads_nothing_and_assumes_nothing(void **state)
{
	struct tree t;

	(void)state;
	tree_init(&t);
	tree_write(&t, "requirements.txt=fastapi==0.1\n");
	tree_module(&t, "main.py", "flask");
	tree_find(&t, "");
	assert_int_equal(t.versions.assumed_count, 0);
	assert_string_equal(tree_answer(&t, 0), "0.162.0 (the newest known)");
	tree_release(&t);
}

static void a_file_that_is_too_large_is_noted(void **state)
{
	struct tree t;
	size_t count;
	char path[80];

	(void)state;
	tree_init(&t);
	tree_write(&t, "uv.lock=" UV("0.1"));
	tree_module(&t, "main.py", "fastapi");
	snprintf(path, sizeof(path), "%s/uv.lock", t.root);
	assert_int_equal(truncate(path, (off_t)VERSION_FILE_MAX + 1), 0);
	tree_find(&t, "");
	assert_string_equal(tree_answer(&t, 0), "0.162.0 (the newest known)");
	const struct diag_entry *e = diag_sorted(t.d, &count);
	assert_int_equal(count, 1);
	assert_true(str_is(e->path, "uv.lock"));
	assert_true(str_is(e->text, "larger than 64 MiB: not asked for the version of fastapi"));
	tree_release(&t);
}

static void another_package_is_old_or_new_or_nobody_says(void **state)
{
	struct tree t;

	(void)state;
	tree_init(&t);
	tree_write(&t, "a/uv.lock=[[package]]\nname = \"sqlalchemy\"\nversion = \"1.4.46\"\n");
	tree_write(&t, "b/requirements.txt=SQLAlchemy>=2.0\n");
	tree_write(&t, "c/requirements.txt=sqlalchemy>=1.4\n");
	tree_module(&t, "a/main.py", "sqlalchemy.orm");
	tree_module(&t, "b/main.py", "sqlalchemy");
	tree_module(&t, "c/main.py", "sqlalchemy");
	tree_module(&t, "d/main.py", "sqlalchemy");
	const enum package_age *ages = package_ages(&t.memory, t.d, &t.project, str_of(t.root),
	                                            "sqlalchemy", STR("2.0"));
	assert_int_equal(ages[0], PACKAGE_OLD);
	assert_int_equal(ages[1], PACKAGE_NEW);
	assert_int_equal(ages[2], PACKAGE_UNKNOWN);
	assert_int_equal(ages[3], PACKAGE_UNKNOWN);
	tree_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_specifier_allows_releases),
		cmocka_unit_test(too_many_alternatives_become_one_that_holds_them),
		cmocka_unit_test(a_file_says_which_versions_it_wants),
		cmocka_unit_test(a_lock_file_of_megabytes_is_read_up_to_its_end),
		cmocka_unit_test(the_nearest_file_that_is_certain_wins_then_the_nearest_range),
		cmocka_unit_test(what_the_command_line_says_needs_no_file),
		cmocka_unit_test(every_module_has_its_own_version_and_each_is_listed_once),
		cmocka_unit_test(files_that_are_not_reported_list_no_version),
		cmocka_unit_test(a_project_without_fastapi_reads_nothing_and_assumes_nothing),
		cmocka_unit_test(a_file_that_is_too_large_is_noted),
		cmocka_unit_test(another_package_is_old_or_new_or_nobody_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
