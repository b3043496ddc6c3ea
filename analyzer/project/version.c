/*
 * version.c - the version of FastAPI, folder by folder. Modules come in the
 * order of their paths, so the folders above one are a stack, and each folder
 * is looked at once. A folder tells at most one version for certain (a lock
 * file, a pin) and one range; who is nearer wins, the certain before the range.
 */
#include "project/version.h"

#include "input/path.h"
#include "input/source.h"
#include "project/entry.h"
#include "project/version_file.h"

#include <assert.h>
#include <dirent.h>
#include <stb/stb_ds.h>
#include <stdlib.h>
#include <sys/stat.h>

#define FASTAPI_NEWEST RELEASE(0, 162, 0) /* the newest one that was measured */

enum { REQUIREMENTS_MAX = 64 }; /* requirements files that are read for one folder */

struct claim {
	struct version_set set;
	struct framework_version version;
	bool listed; /* among the assumed ones */
};

struct folder {
	struct str path; /* relative to the root, which is "" itself */
	struct folder *above;
	struct claim *exact, *declared; /* NULL when nothing here says so */
	struct claim *answer;
};

struct finder {
	struct arena *run, scratch; /* scratch: for one folder */
	struct diag *d;
	const struct project *project;
	struct str root;
	const char *package;
	struct claim *newest; /* what is assumed when nothing is said; NULL: nothing */
};

/* ---- what a version means ------------------------------------------------------ */

/*
 * Yield dependencies end before the response is sent from 0.106 to 0.117, after
 * it in all others (release notes; measured at 0.92, 0.115 and 0.162). Handlers
 * that yield are streams from 0.134 on.
 */
static const struct {
	release low, high;
	const char *first, *last; /* as people say it; NULL at an open end */
	enum teardown teardown;
	bool streams;
} rows[] = {
	{0, RELEASE(0, 106, 0), NULL, "0.105", TEARDOWN_AFTER_RESPONSE, false},
	{RELEASE(0, 106, 0), RELEASE(0, 118, 0), "0.106", "0.117", TEARDOWN_BEFORE_RESPONSE, false},
	{RELEASE(0, 118, 0), RELEASE(0, 134, 0), "0.118", "0.133", TEARDOWN_AFTER_RESPONSE, false},
	{RELEASE(0, 134, 0), RELEASE_MAX, "0.134", NULL, TEARDOWN_AFTER_RESPONSE, true},
};

static struct str range_text(struct arena *run, const struct version_statement *s)
{
	if (version_set_exact(&s->set) && s->set.count == 1)
		return STR_EMPTY;
	if (s->written.len == 0)
		return STR("any version");
	return arena_printf(run, "range %.*s", STR_ARG(s->written));
}

/* Adds the row to the regime that does the same, or as one more. */
static void add_row(struct arena *run, struct framework_version *v, const struct version_set *set,
                    unsigned row)
{
	struct version_set within;
	release newest;
	if (!version_set_within(set, rows[row].low, rows[row].high, &within))
		return;
	struct regime *r = v->regimes;
	while (r < v->regimes + v->regime_count &&
	       (r->teardown != rows[row].teardown || r->streams != rows[row].streams))
		r++;
	if (r == v->regimes + v->regime_count) {
		assert(v->regime_count < REGIMES_MAX);
		v->regime_count++;
		r->teardown = rows[row].teardown;
		r->streams = rows[row].streams;
		r->version = version_set_newest(run, &within, FASTAPI_NEWEST, &newest);
	}
	r->rows |= 1u << row;
	v->depends |= r->teardown != v->regimes[0].teardown;
}

static struct claim *claim_new(struct arena *run, const struct version_statement *s, struct str from)
{
	struct claim *c = arena_new(run, struct claim);
	release newest;
	c->set = s->set;
	c->version.version = version_set_newest(run, &s->set, FASTAPI_NEWEST, &newest);
	c->version.from = arena_str(run, from);
	c->version.range = range_text(run, s);
	for (unsigned i = ARRAY_LEN(rows); i-- > 0;) /* the newest one first: it is what is assumed */
		add_row(run, &c->version, &s->set, i);
	return c;
}

/* A version that no file of the project names. */
static struct claim *claim_of_text(struct arena *run, struct str version, struct str from)
{
	struct version_statement s = {.written = version};
	if (!version_set_add(&s.set, version) || s.set.count == 0)
		return NULL;
	return claim_new(run, &s, from);
}

static struct claim *claim_newest(struct arena *run)
{
	struct version_statement any = {
		.set = {{{FASTAPI_NEWEST, FASTAPI_NEWEST + 1, STR_EMPTY}}, 1}};
	struct claim *c = claim_new(run, &any, STR("the newest known"));
	c->version.range = STR_EMPTY;
	return c;
}

/* ---- the files of one folder ------------------------------------------------------ */

/* In the order in which they are believed. Requirements come before those that people write. */
static const struct {
	const char *name;
	enum version_file kind;
} known_files[] = {
	{"uv.lock", VERSION_FILE_LOCK},
	{"poetry.lock", VERSION_FILE_LOCK},
	{"pdm.lock", VERSION_FILE_LOCK},
	{"pylock.toml", VERSION_FILE_LOCK},
	{"Pipfile.lock", VERSION_FILE_PIPFILE_LOCK},
	{"pyproject.toml", VERSION_FILE_PYPROJECT},
	{"setup.cfg", VERSION_FILE_SETUP_CFG},
	{"setup.py", VERSION_FILE_SETUP_PY},
	{"environment.yml", VERSION_FILE_CONDA},
	{"environment.yaml", VERSION_FILE_CONDA},
};
enum { LOCK_COUNT = 5 };

struct found_files {
	bool known[ARRAY_LEN(known_files)];
	bool requirements_folder;
	struct str *requirements; /* stb_ds array of names, texts in scratch */
};

static struct str absolute_of(struct finder *f, struct str path)
{
	return path.len == 0 ? f->root : path_join(&f->scratch, f->root, path);
}

static void find_entry(struct finder *f, struct str name, struct found_files *found)
{
	for (size_t i = 0; i < ARRAY_LEN(known_files); i++)
		found->known[i] |= str_is(name, known_files[i].name);
	found->requirements_folder |= str_is(name, "requirements");
	if (str_starts(name, STR("requirements")) && str_ends(name, STR(".txt")))
		arrput(found->requirements, arena_str(&f->scratch, name));
}

static void list_folder(struct finder *f, struct str folder, struct found_files *found)
{
	DIR *dir = opendir(absolute_of(f, folder).ptr);
	if (dir == NULL)
		return; /* discovery has said so */
	for (const struct dirent *e; (e = readdir(dir)) != NULL;)
		find_entry(f, str_of(e->d_name), found);
	closedir(dir);
}

/* requirements/base.txt */
static void list_requirements(struct finder *f, struct str folder, struct found_files *found)
{
	DIR *dir = opendir(absolute_of(f, path_join(&f->scratch, folder, STR("requirements"))).ptr);
	if (dir == NULL)
		return;
	for (const struct dirent *e; (e = readdir(dir)) != NULL;)
		if (str_ends(str_of(e->d_name), STR(".txt")))
			arrput(found->requirements,
			       path_join(&f->scratch, STR("requirements"), str_of(e->d_name)));
	closedir(dir);
}

static int by_name_plain_first(const void *a, const void *b)
{
	const struct str *x = a, *y = b;
	bool x_plain = str_is(*x, "requirements.txt"), y_plain = str_is(*y, "requirements.txt");
	return x_plain != y_plain ? (x_plain ? -1 : 1) : str_cmp(*x, *y);
}

/* The first to say something wins, but a range that says more than "any version". */
static void take(struct finder *f, struct folder *folder, const struct version_statement *s,
                 struct str from)
{
	bool exact = version_set_exact(&s->set);
	struct claim **slot = exact ? &folder->exact : &folder->declared;
	bool vague = *slot != NULL && !exact && str_is((*slot)->version.range, "any version");
	if (*slot == NULL || (vague && s->written.len > 0))
		*slot = claim_new(f->run, s, from);
}

static void read_file(struct finder *f, struct folder *folder, struct str name,
                      enum version_file kind)
{
	struct str path = path_join(&f->scratch, folder->path, name);
	const char *absolute = absolute_of(f, path).ptr, *why;
	struct version_statement said;
	struct source source;
	struct stat st;
	if (stat(absolute, &st) == 0 && (size_t)st.st_size > VERSION_FILE_MAX) {
		diag_add(f->d, DIAG_NOTE, path, 0, 0,
		         "larger than 64 MiB: not asked for the version of %s", f->package);
		return;
	}
	if (!source_read(absolute, &source, &why)) {
		diag_add(f->d, DIAG_NOTE, path, 0, 0,
		         "cannot read this file: %s: not asked for the version of %s", why,
		         f->package);
		return;
	}
	if (version_file_read(&f->scratch, kind, str_slice(source.text, source.bom, source.text.len),
	                      f->package, &said))
		take(f, folder, &said, path);
	source_release(&source);
}

static void read_folder(struct finder *f, struct folder *folder)
{
	struct found_files found = {.requirements = NULL};
	list_folder(f, folder->path, &found);
	if (found.requirements_folder)
		list_requirements(f, folder->path, &found);
	size_t count = arrlenu(found.requirements);
	if (count > 1)
		qsort(found.requirements, count, sizeof *found.requirements, by_name_plain_first);
	for (size_t i = 0; i < LOCK_COUNT && folder->exact == NULL; i++)
		if (found.known[i])
			read_file(f, folder, str_of(known_files[i].name), known_files[i].kind);
	for (size_t i = 0; i < count && i < REQUIREMENTS_MAX && folder->exact == NULL; i++)
		read_file(f, folder, found.requirements[i], VERSION_FILE_REQUIREMENTS);
	for (size_t i = LOCK_COUNT; i < ARRAY_LEN(known_files); i++)
		if (found.known[i])
			read_file(f, folder, str_of(known_files[i].name), known_files[i].kind);
	arrfree(found.requirements);
	arena_clear(&f->scratch);
}

/* ---- folders ----------------------------------------------------------------------- */

/* A lock file says what runs here and today; the range beside it what runs after the next upgrade. */
static void note_declared(struct claim *exact, const struct claim *declared)
{
	struct framework_version *v = &exact->version;
	if (declared == NULL || v->declared.len > 0 ||
	    str_is(declared->version.range, "any version") ||
	    declared->version.regimes[0].teardown == v->regimes[0].teardown)
		return;
	v->declared = declared->version.range;
	v->declared_from = declared->version.from;
}

/*
 * The nearest certain version, unless a nearer range rules it out: then it is
 * another component's. Within one folder the certain one is believed.
 */
static struct claim *answer_for(const struct finder *f, const struct folder *folder)
{
	struct claim *declared = NULL;
	for (const struct folder *g = folder; g != NULL; g = g->above) {
		if (g->exact != NULL &&
		    (declared == NULL || version_sets_meet(&declared->set, &g->exact->set))) {
			note_declared(g->exact, declared != NULL ? declared : g->declared);
			return g->exact;
		}
		if (declared == NULL)
			declared = g->declared;
	}
	return declared != NULL ? declared : f->newest;
}

static struct folder *folder_new(struct finder *f, struct str path, struct folder *above)
{
	struct folder *folder = arena_new(f->run, struct folder);
	folder->path = path;
	folder->above = above;
	read_folder(f, folder);
	folder->answer = answer_for(f, folder);
	return folder;
}

/* From 'top', the folder of a module before this one, to the folder of this one. */
static struct folder *folder_of(struct finder *f, struct folder *top, struct str module_path)
{
	struct str wanted = path_parent(module_path);
	assert(top != NULL); /* the root is the first one */
	while (top->above != NULL && !path_within(top->path, wanted))
		top = top->above;
	while (top->path.len < wanted.len) {
		size_t from = top->path.len == 0 ? 0 : top->path.len + 1, end = from;
		while (end < wanted.len && (end == from || wanted.ptr[end] != '/'))
			end++;
		top = folder_new(f, str_slice(wanted, 0, end), top);
	}
	return top;
}

/* ---- modules ------------------------------------------------------------------------ */

static bool imports(const struct project *p, module_id m, const char *package)
{
	const struct module *module = project_module(p, m);
	struct str wanted = str_of(package);
	for (uint32_t i = 0; i < module->import_count; i++) {
		struct str name = project_text(p, module->imports[i].module);
		if (str_starts(name, wanted) &&
		    (name.len == wanted.len || name.ptr[wanted.len] == '.'))
			return true;
	}
	return false;
}

static bool has_handlers(const struct project *p, module_id m)
{
	const struct module *module = project_module(p, m);
	for (scope_id s = 1; s < module->scope_count && module->entry_count > 0; s++) {
		enum entry_kind kind = entry_kind_of(p, m, s);
		if (kind == ENTRY_HTTP || kind == ENTRY_WEBSOCKET)
			return true;
	}
	return false;
}

/* Which modules does the version matter to? False when the project has nothing to do with FastAPI. */
static bool mark_users(const struct project *p, bool *uses)
{
	bool any = false;
	for (module_id m = 0; m < p->module_count; m++)
		any |= uses[m] = imports(p, m, "fastapi");
	for (module_id m = 0; m < p->module_count && any; m++)
		uses[m] = uses[m] || has_handlers(p, m);
	return any;
}

static void list_assumed(const struct project *p, module_id m, struct claim *c,
                         struct framework_versions *out)
{
	if (c->listed || !p->modules[m].report || project_module(p, m)->generated)
		return;
	c->listed = true;
	out->assumed[out->assumed_count++] = &c->version;
}

/* Each module's claim, by the files around it; those that it does not matter to have the root's. */
static struct claim **find_by_folder(struct finder *f, const bool *uses)
{
	const struct project *p = f->project;
	struct claim **claims = arena_array(f->run, struct claim *, p->module_count);
	struct folder *root = folder_new(f, STR_EMPTY, NULL), *top = root;
	for (module_id m = 0; m < p->module_count; m++) {
		claims[m] = root->answer;
		if (!uses[m])
			continue;
		top = folder_of(f, top, project_module(p, m)->path);
		claims[m] = top->answer;
	}
	return claims;
}

static void find_all(struct finder *f, struct claim *given, struct framework_versions *out)
{
	const struct project *p = f->project;
	bool *uses = arena_array(f->run, bool, p->module_count);
	struct claim *all = given != NULL ? given : f->newest;
	struct claim **claims = mark_users(p, uses) && given == NULL ? find_by_folder(f, uses)
	                                                             : NULL;
	for (module_id m = 0; m < p->module_count; m++) {
		struct claim *c = claims != NULL ? claims[m] : all;
		out->of_module[m] = &c->version;
		if (uses[m])
			list_assumed(p, m, c, out);
	}
}

void versions_find(struct arena *run, struct diag *d, const struct project *p, struct str root,
                   struct str given, struct str given_from, struct framework_versions *out)
{
	struct finder f = {.run = run,
	                   .d = d,
	                   .project = p,
	                   .root = root,
	                   .package = "fastapi",
	                   .newest = claim_newest(run)};
	arena_init(&f.scratch);
	*out = (struct framework_versions){
		.of_module = arena_array(run, const struct framework_version *, p->module_count),
		.assumed = arena_array(run, const struct framework_version *, p->module_count),
	};
	find_all(&f, given.len > 0 ? claim_of_text(run, given, given_from) : NULL, out);
	arena_release(&f.scratch);
}

static enum package_age age_of(const struct claim *c, release limit)
{
	if (c == NULL)
		return PACKAGE_UNKNOWN;
	bool old = version_set_meets(&c->set, 0, limit);
	if (old && version_set_meets(&c->set, limit, RELEASE_MAX))
		return PACKAGE_UNKNOWN;
	return old ? PACKAGE_OLD : PACKAGE_NEW;
}

const enum package_age *package_ages(struct arena *run, struct diag *d, const struct project *p,
                                     struct str root, const char *package, struct str limit)
{
	struct finder f = {.run = run, .d = d, .project = p, .root = root, .package = package};
	struct version_set first = {.count = 0};
	enum package_age *ages = arena_array(run, enum package_age, p->module_count);
	bool *uses = arena_array(run, bool, p->module_count), any = false;
	for (module_id m = 0; m < p->module_count; m++)
		any |= uses[m] = imports(p, m, package);
	if (!any || !version_set_add(&first, limit) || first.count == 0)
		return ages;
	arena_init(&f.scratch);
	struct claim **claims = find_by_folder(&f, uses);
	arena_release(&f.scratch);
	for (module_id m = 0; m < p->module_count; m++)
		ages[m] = age_of(claims[m], first.ranges[0].low);
	return ages;
}

/* "before 0.106", "0.106 to 0.117", "from 0.118 on", or "any" */
static struct str span_text(struct arena *run, unsigned first, unsigned last)
{
	if (first == 0 && last + 1 == ARRAY_LEN(rows))
		return STR("any");
	if (first == 0)
		return arena_printf(run, "before %s", rows[last + 1].first);
	if (last + 1 == ARRAY_LEN(rows))
		return arena_printf(run, "from %s on", rows[first].first);
	return arena_printf(run, "%s to %s", rows[first].first, rows[last].last);
}

struct str regimes_text(struct arena *run, const struct framework_version *v, unsigned which)
{
	struct str text = STR_EMPTY;
	uint32_t wanted = 0;
	for (unsigned i = 0; i < v->regime_count; i++)
		wanted |= (which & (1u << i)) != 0 ? v->regimes[i].rows : 0;
	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		unsigned first = i;
		while (i < ARRAY_LEN(rows) && (wanted & (1u << i)) != 0)
			i++;
		if (i > first)
			text = arena_printf(run, "%.*s%s%.*s", STR_ARG(text),
			                    text.len > 0 ? " or " : "",
			                    STR_ARG(span_text(run, first, i - 1)));
	}
	return text;
}

struct str versions_text(struct arena *run, const struct framework_versions *v, size_t most)
{
	struct str text = STR_EMPTY;
	for (size_t i = 0; i < v->assumed_count && i < most; i++) {
		const struct framework_version *a = v->assumed[i];
		text = arena_printf(run, "%.*s%s%.*s (%.*s%s%.*s%s)", STR_ARG(text),
		                    i == 0 ? "" : ", ", STR_ARG(a->version), STR_ARG(a->range),
		                    a->range.len > 0 ? " in " : "", STR_ARG(a->from),
		                    a->depends ? "; teardown differs within it" : "");
	}
	if (most < v->assumed_count)
		text = arena_printf(run, "%.*s and %zu more", STR_ARG(text),
		                    v->assumed_count - most);
	return text;
}
