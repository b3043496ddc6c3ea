/*
 * discover.c - from the paths on the command line to the project's files. The
 * whole project is always listed, because facts come from everywhere; the
 * paths that were named only decide what is reported.
 */
#include "input/discover.h"
#include "input/exclude.h"
#include "input/listing.h"
#include "input/path.h"

#include <errno.h>
#include <stb/stb_ds.h>
#include <stdlib.h>
#include <sys/stat.h>

/* One path of the command line that exists. */
struct named {
	struct str absolute;
	struct str path; /* relative to the root; empty for the root itself */
	bool folder;
};

/* ---- the root ---------------------------------------------------------- */

static bool has_marker(struct str folder)
{
	return path_exists(folder, "pyproject.toml") || path_exists(folder, "setup.cfg") ||
	       path_exists(folder, "setup.py") || path_exists(folder, ".git");
}

/* The nearest folder, from this one upwards, that a project begins at; false when there is none. */
static bool nearest_marked(struct str folder, struct str *out)
{
	for (;; folder = path_parent(folder)) {
		if (has_marker(folder)) {
			*out = folder;
			return true;
		}
		if (str_is(folder, "/"))
			return false;
	}
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The folder itself, its own last link resolved; or the folder that a file lies in. */
static struct str folder_of(struct arena *run, struct str absolute)
{
	if (!is_folder(absolute.ptr))
		return path_parent(absolute);
	char *real = realpath(absolute.ptr, NULL);
	struct str folder = real == NULL ? absolute : arena_str(run, str_of(real));
	free(real);
	return folder;
}

/* The folder that all paths of the command line share; false when none of them exists. */
static bool shared_folder(struct arena *run, const struct options *o, struct str *out)
{
	struct str shared = STR_EMPTY, absolute;

	for (size_t i = 0; i < o->path_count; i++) {
		if (!path_absolute(run, o->paths[i], &absolute))
			continue;
		struct str folder = folder_of(run, absolute);
		shared = shared.len == 0 ? folder : path_common(shared, folder);
	}
	*out = shared;
	return shared.len > 0;
}

bool discover_root(struct arena *run, const struct options *o, struct diag *d, struct str *root)
{
	struct str here, shared, marked;

	if (o->root != NULL) {
		if (!is_folder(o->root) || !path_absolute(run, o->root, &shared)) {
			diag_add(d, DIAG_USAGE, STR_EMPTY, 0, 0, "the root '%s' is no folder",
			         o->root);
			return false;
		}
		*root = arena_str(run, folder_of(run, shared));
		return true;
	}
	if (!path_absolute(run, ".", &here)) {
		diag_add(d, DIAG_FAILURE, STR_EMPTY, 0, 0, "cannot find the current folder");
		return false;
	}
	if (!shared_folder(run, o, &shared))
		shared = here;
	if (nearest_marked(shared, &marked))
		shared = marked;
	else if (path_within(here, shared))
		shared = here;
	*root = arena_str(run, shared);
	return true;
}

/* ---- what was named ---------------------------------------------------- */

/* Adds one path of the command line to the stb_ds array, or says why it cannot be read. */
static void name_path(struct arena *run, struct str root, const char *text, struct diag *d,
                      struct named **out)
{
	struct named n;
	struct stat st;
	bool exists = path_absolute(run, text, &n.absolute) && stat(n.absolute.ptr, &st) == 0;

	if (!exists) {
		diag_add(d, DIAG_FAILURE, str_of(text), 0, 0, "cannot read this path: %s",
		         errno == EACCES  ? "permission denied"
		         : errno == ELOOP ? "too many symbolic links"
		                          : "no such file or folder");
		return;
	}
	n.folder = S_ISDIR(st.st_mode);
	if (n.folder)
		n.absolute = folder_of(run, n.absolute);
	n.path = path_relative(run, root, n.absolute);
	arrput(*out, n);
}

/* Without a path the current folder is meant, or the root when that lies elsewhere. */
static struct named *name_all(struct arena *run, const struct options *o, struct str root,
                              struct diag *d)
{
	struct named *all = NULL;
	struct str here;

	for (size_t i = 0; i < o->path_count; i++)
		name_path(run, root, o->paths[i], d, &all);
	if (o->path_count > 0)
		return all;
	bool inside = path_absolute(run, ".", &here) && path_within(root, here);
	name_path(run, root, inside ? "." : root.ptr, d, &all);
	return all;
}

/* ---- the list ---------------------------------------------------------- */

static int listed_cmp(const void *left, const void *right)
{
	const struct listed *a = left, *b = right;

	return str_cmp(a->path, b->path);
}

static void sort_and_unite(struct listing *l)
{
	size_t count = arrlenu(l->files), kept = 0;

	if (count > 1)
		qsort(l->files, count, sizeof(*l->files), listed_cmp);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || !str_eq(l->files[kept - 1].path, l->files[i].path))
			l->files[kept++] = l->files[i];
	arrsetlen(l->files, kept);
}

/*
 * Index of the first file that does not sort before 'path'. Here and below 'sorted' files are in
 * order; those that were found later stand behind them.
 */
static size_t lower_bound(const struct listing *l, size_t sorted, struct str path)
{
	size_t low = 0, high = sorted;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (str_cmp(l->files[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_listed(const struct listing *l, size_t sorted, struct str path)
{
	size_t at = lower_bound(l, sorted, path);

	return at < sorted && str_eq(l->files[at].path, path);
}

/* Where the files below a folder begin in the sorted list, and how many there are. */
static size_t files_below(const struct listing *l, size_t sorted, struct str folder, size_t *first)
{
	struct str prefix = folder.len == 0 ? folder
	                                    : arena_printf(l->run, "%.*s/", STR_ARG(folder));
	size_t end = lower_bound(l, sorted, prefix);

	*first = end;
	while (end < sorted && str_starts(l->files[end].path, prefix))
		end++;
	return end - *first;
}

static bool list_root(struct listing *l, bool in_git, bool no_gitignore)
{
	if (in_git && !no_gitignore) {
		if (listing_git(l, STR_EMPTY))
			return true;
		diag_add(l->d, DIAG_NOTE, STR_EMPTY, 0,
		         0, "git does not list the files of this work tree: all folders are read, ignored ones too");
	}
	if (listing_walk(l, STR_EMPTY))
		return true;
	diag_add(l->d, DIAG_FAILURE, l->exclusions->root, 0, 0, "cannot read this folder: %s",
	         errno == EACCES ? "permission denied" : strerror(errno));
	return false;
}

/* A link is the same file as what it leads to, when that is listed under its own name. */
static bool link_target(const struct listing *l, size_t sorted, struct str absolute,
                        struct str *path)
{
	struct str root = l->exclusions->root;
	char *real = realpath(absolute.ptr, NULL);

	if (real == NULL)
		return false;
	*path = path_relative(l->run, root, arena_str(l->run, str_of(real)));
	free(real);
	return is_listed(l, sorted, *path);
}

static void drop_links(struct listing *l)
{
	size_t count = arrlenu(l->files), kept = 0;
	struct str target;

	for (size_t i = 0; i < count; i++)
		l->files[i].is_link = l->files[i].is_link &&
		                      link_target(l, count, l->files[i].absolute, &target);
	for (size_t i = 0; i < count; i++)
		if (!l->files[i].is_link)
			l->files[kept++] = l->files[i];
	arrsetlen(l->files, kept);
}

/* Named files that the listing did not find: other suffixes, ignored, excluded or outside. */
static void add_named_files(struct listing *l, struct named *all, bool force_exclude)
{
	size_t sorted = arrlenu(l->files);
	struct str target;

	for (size_t i = 0; i < arrlenu(all); i++) {
		struct named *n = &all[i];
		if (n->folder || is_listed(l, sorted, n->path))
			continue;
		if (link_target(l, sorted, n->absolute, &target)) {
			n->path = target;
		} else if (force_exclude && excluded_anywhere(l->exclusions, n->path)) {
			l->excluded++;
		} else if (str_ends(n->path, STR(".ipynb"))) {
			l->notebooks++;
		} else {
			listing_add(l, n->path, false);
			arrlast(l->files).absolute = n->absolute;
		}
	}
}

/* A named folder below which nothing was found is read itself: it is ignored, excluded or outside. */
static void add_named_folders(struct listing *l, const struct named *all, bool force_exclude)
{
	size_t first, before = arrlenu(l->files);

	for (size_t i = 0; i < arrlenu(all); i++) {
		const struct named *n = &all[i];
		if (!n->folder || n->path.len == 0 || files_below(l, before, n->path, &first) > 0)
			continue;
		if (force_exclude && (excluded_anywhere(l->exclusions, n->path) ||
		                      excluded_folder(l->exclusions, n->path)))
			continue;
		if (!listing_walk(l, n->path))
			diag_add(l->d, DIAG_FAILURE, n->path, 0, 0, "cannot read this folder: %s",
			         errno == EACCES ? "permission denied" : strerror(errno));
	}
	if (arrlenu(l->files) > before)
		sort_and_unite(l);
}

/* ---- what is reported -------------------------------------------------- */

/*
 * Tests and the like below a named folder stay unreported, unless that folder is itself one of
 * them: whoever names `tests` wants to hear of tests.
 */
static void report_below(struct input_file *files, size_t count, struct str folder)
{
	bool all = facts_only_folder(folder);
	size_t skip = folder.len == 0 ? 0 : folder.len + 1;

	for (size_t i = 0; i < count; i++) {
		struct str rest = str_slice(files[i].path, skip, files[i].path.len);
		if (all || !facts_only_file(rest))
			files[i].report = true;
	}
}

static void mark_reported(struct listing *l, const struct named *all, struct file_list *out)
{
	for (size_t i = 0; i < arrlenu(all); i++) {
		const struct named *n = &all[i];
		size_t first = lower_bound(l, out->count, n->path);
		if (n->folder) {
			size_t count = files_below(l, out->count, n->path, &first);
			/* A folder above the root holds all of it. */
			if (path_within(n->absolute, out->root)) {
				out->whole = true;
				first = 0;
				count = out->count;
			}
			report_below(out->files + first, count, out->whole ? STR_EMPTY : n->path);
		} else if (first < out->count && str_eq(l->files[first].path, n->path)) {
			out->files[first].named = true;
			out->files[first].report = true;
		}
	}
	bool any_named = false;
	for (size_t i = 0; i < out->count; i++)
		any_named |= out->files[i].named;
	for (size_t i = 0; i < out->count; i++) {
		struct input_file *f = &out->files[i];
		bool facts_only = !f->report && facts_only_file(f->path);
		out->facts_only += facts_only;
		f->beside = any_named && !f->report && !facts_only;
	}
}

static struct input_file *files_of(struct arena *run, const struct listing *l)
{
	struct input_file *files = arena_array(run, struct input_file, arrlenu(l->files));

	for (size_t i = 0; i < arrlenu(l->files); i++)
		files[i] = (struct input_file){.path = l->files[i].path,
		                               .absolute = l->files[i].absolute};
	return files;
}

static struct str git_top_of(struct str folder)
{
	for (;; folder = path_parent(folder)) {
		if (path_exists(folder, ".git"))
			return folder;
		if (str_is(folder, "/"))
			return STR_EMPTY;
	}
}

bool discover(struct arena *run, const struct options *o, const struct config *c, struct str root,
              struct diag *d, struct file_list *out)
{
	struct exclusions x = exclusions_of(run, o, c, root);
	struct listing l = {.run = run, .d = d, .exclusions = &x};
	struct str git_top = git_top_of(root);
	struct named *all = name_all(run, o, root, d);
	bool ok = list_root(&l, git_top.len > 0, o->no_gitignore);

	if (ok) {
		sort_and_unite(&l);
		drop_links(&l);
		add_named_folders(&l, all, o->force_exclude);
		add_named_files(&l, all, o->force_exclude);
		sort_and_unite(&l);
		*out = (struct file_list){
			.root = root,
			.git_top = git_top.len == 0 ? STR_EMPTY : arena_str(run, git_top),
			.files = files_of(run, &l),
			.count = arrlenu(l.files),
			.notebooks = l.notebooks,
			.excluded = l.excluded,
		};
		mark_reported(&l, all, out);
	}
	arrfree(all);
	listing_release(&l);
	return ok;
}
