/* exclude.c - see exclude.h. The names are those that Python projects and tools use. */
#include "input/exclude.h"
#include "input/path.h"

/* Never a project's own source. */
static const char *const never_source[] = {
	".git",
	".hg",
	".svn",
	".bzr",
	"_darcs",
	"node_modules",
	"__pycache__",
	"site-packages",
	".tox",
	".nox",
	".eggs",
	".mypy_cache",
	".pytest_cache",
	".ruff_cache",
	".idletx_cache",
	".pants.d",
	".venv",
	"__pypackages__",
	".ipynb_checkpoints",
};

static const char *const facts_only_names[] = {
	"test", "tests", "migrations", "vendor", "_vendor", "third_party",
};

static bool is_one_of(struct str name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(name, list[i]))
			return true;
	return false;
}

/* Globs are relative to the root; "./x" and "x/" mean x. */
static struct str glob_trim(struct str glob)
{
	while (glob.len > 1 && glob.ptr[glob.len - 1] == '/')
		glob.len--;
	while (str_starts(glob, STR("./")))
		glob = str_slice(glob, 2, glob.len);
	return glob;
}

struct exclusions exclusions_of(struct arena *run, const struct options *o, const struct config *c,
                                struct str root)
{
	struct str *globs = arena_array(run, struct str, c->exclude.count + o->exclude_count);
	size_t n = 0;

	for (size_t i = 0; i < c->exclude.count; i++)
		globs[n++] = glob_trim(c->exclude.items[i]);
	for (size_t i = 0; i < o->exclude_count; i++)
		globs[n++] = glob_trim(str_of(o->excludes[i]));
	return (struct exclusions){.root = root, .globs = globs, .count = n};
}

bool excluded_by_glob(const struct exclusions *x, struct str path)
{
	struct str name = path_name(path);

	for (size_t i = 0; i < x->count; i++) {
		struct str glob = x->globs[i];
		bool from_root = memchr(glob.ptr, '/', glob.len) != NULL;
		if (glob.len > 0 && glob.ptr[0] == '/')
			glob = str_slice(glob, 1, glob.len);
		if (glob_match(glob, from_root ? path : name))
			return true;
	}
	return false;
}

bool excluded_folder(const struct exclusions *x, struct str path)
{
	struct str name = path_name(path);
	char buffer[PATH_MAX];

	if (is_one_of(name, never_source, ARRAY_LEN(never_source)) || excluded_by_glob(x, path))
		return true;
	const char *text = path_text(buffer, x->root, path);
	if (text == NULL)
		return false;
	struct str folder = str_of(text);
	if (path_exists(folder, "pyvenv.cfg") || path_exists(folder, "conda-meta"))
		return true;
	if (str_is(name, "venv") || str_is(name, "env"))
		return path_exists(folder, "bin/activate") ||
		       path_exists(folder, "Scripts/activate");
	/* A package may be called build; the output folder of a build tool is no package. */
	if (str_is(name, "build") || str_is(name, "dist"))
		return !path_exists(folder, "__init__.py");
	return false;
}

bool excluded_anywhere(const struct exclusions *x, struct str path)
{
	if (excluded_by_glob(x, path))
		return true;
	for (struct str f = path_parent(path); f.len > 0; f = path_parent(f))
		if (excluded_folder(x, f))
			return true;
	return false;
}

bool facts_only_folder(struct str path)
{
	for (struct str f = path; f.len > 0 && !str_is(f, "/"); f = path_parent(f)) {
		struct str name = path_name(f);
		if (is_one_of(name, facts_only_names, ARRAY_LEN(facts_only_names)))
			return true;
		if (str_is(name, "versions") && str_is(path_name(path_parent(f)), "alembic"))
			return true;
	}
	return false;
}

bool facts_only_file(struct str path)
{
	struct str name = path_name(path);

	return str_starts(name, STR("test_")) || str_ends(name, STR("_test.py")) ||
	       str_is(name, "conftest.py") || str_ends(name, STR("_pb2.py")) ||
	       str_ends(name, STR("_pb2_grpc.py")) || facts_only_folder(path_parent(path));
}
