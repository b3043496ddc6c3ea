/*
 * version_file.c - one reader for each kind of file. Lock files grow to
 * megabytes, of which a few lines matter: only the tables that name the package
 * are parsed as TOML.
 */
#include "project/version_file.h"

#include "input/setting.h"

#include <jansson.h>

enum {
	PYPROJECT_MAX = 1 << 19, /* bytes; people write these */
	PIPFILE_MAX = 1 << 24,   /* bytes; all of it is in memory at once, many times as large */
	TABLE_MAX = 1 << 16,     /* bytes of one table of a lock file */
	TABLES_MAX = 64,         /* of them that name the package or one that begins so */
	WRITTEN_MAX = 80,        /* bytes of a range that are kept for messages */
};

struct reading {
	struct arena *scratch;
	struct str name;
	struct version_statement *out;
};

/* ---- names and requirements ------------------------------------------------- */

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool starts_with_name(const struct reading *r, struct str text)
{
	if (text.len < r->name.len)
		return false;
	for (size_t i = 0; i < r->name.len; i++)
		if (lower(text.ptr[i]) != r->name.ptr[i])
			return false;
	return true;
}

static bool is_name(const struct reading *r, struct str text)
{
	return text.len == r->name.len && starts_with_name(r, text);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct str trimmed(struct str s)
{
	while (s.len > 0 && is_blank(s.ptr[0]))
		s = str_slice(s, 1, s.len);
	while (s.len > 0 && is_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

static struct str cut_at(struct str s, char c)
{
	const char *p = s.len > 0 ? memchr(s.ptr, c, s.len) : NULL;
	return p == NULL ? s : str_slice(s, 0, (size_t)(p - s.ptr));
}

static void say(struct reading *r, struct str specifier)
{
	struct version_statement *out = r->out;
	specifier = trimmed(specifier);
	unsigned before = out->set.count;
	if (!version_set_add(&out->set, specifier) || out->set.count == 0)
		return;
	specifier.len = specifier.len > WRITTEN_MAX ? WRITTEN_MAX : specifier.len;
	if (before == 0)
		out->written = specifier;
	else if (specifier.len == 0)
		out->written = STR_EMPTY;
	else if (out->written.len > 0 && out->written.len < WRITTEN_MAX && out->set.count > before)
		out->written = arena_printf(r->scratch, "%.*s or %.*s", STR_ARG(out->written),
		                            STR_ARG(specifier));
}

/* "fastapi[standard] (>=0.100) ; python_version > '3.8'", as PEP 508 has it. */
static void read_requirement(struct reading *r, struct str text)
{
	text = trimmed(text);
	if (!starts_with_name(r, text))
		return;
	text = trimmed(str_slice(cut_at(text, ';'), r->name.len, text.len));
	if (text.len > 0 && text.ptr[0] == '[') {
		size_t extras = cut_at(text, ']').len;
		text = trimmed(str_slice(text, extras + 1, text.len));
	}
	if (text.len > 0 && text.ptr[0] == '(')
		text = cut_at(str_slice(text, 1, text.len), ')');
	if (text.len == 0 ||
	    strchr("=~!<>", text.ptr[0]) != NULL) /* else another name, or an address */
		say(r, text);
}

/* ---- requirements.txt ---------------------------------------------------------- */

static struct str next_line(struct str text, size_t *at)
{
	struct str line = cut_at(str_slice(text, *at, text.len), '\n');
	*at += line.len + 1;
	return line;
}

/* Without a comment, options of this line ("--hash") and the backslash that continues it. */
static struct str bare_requirement(struct str line)
{
	for (size_t i = 1; i < line.len; i++) {
		bool starts = is_blank(line.ptr[i - 1]);
		if (line.ptr[i] == '\\' || (starts && (line.ptr[i] == '#' || line.ptr[i] == '-')))
			return str_slice(line, 0, i);
	}
	return line;
}

static void read_requirements(struct reading *r, struct str text)
{
	for (size_t at = 0; at < text.len;) {
		struct str line = next_line(text, &at);
		if (starts_with_name(r, trimmed(line)))
			read_requirement(r, bare_requirement(trimmed(line)));
	}
}

/* ---- lock files ------------------------------------------------------------------ */

/* name = "fastapi", version = "0.128.0" of each [[package]] (PEP 751: [[packages]]). */
static void read_packages(struct reading *r, struct str text)
{
	const struct setting *top = toml_read_all(r->scratch, text);
	for (const struct setting *list = top->first; list != NULL; list = list->next)
		for (const struct setting *p = list->first; p != NULL; p = p->next) {
			const struct setting *name, *version;
			if (p->kind != SETTING_TABLE ||
			    (name = setting_member(p, STR("name"))) == NULL ||
			    (version = setting_member(p, STR("version"))) == NULL)
				continue;
			if (is_name(r, name->text) && version->text.len > 0)
				say(r, arena_printf(r->scratch, "==%.*s", STR_ARG(version->text)));
		}
}

/* Is this line the name of the package? It may yet be one that only begins so. */
static bool line_names(const struct reading *r, struct str line)
{
	size_t quote = cut_at(line, '"').len;
	return str_starts(line, STR("name")) &&
	       starts_with_name(r, str_slice(line, quote + 1, line.len));
}

/* Tables begin at a bracket in the first column: so the programs write them that make these files. */
static void read_lock(struct reading *r, struct str text)
{
	size_t table = 0;
	unsigned tables = 0;
	bool named = false;
	for (size_t at = 0; at < text.len && tables < TABLES_MAX;) {
		size_t begin = at;
		struct str line = next_line(text, &at);
		bool header = line.len > 0 && line.ptr[0] == '[';
		named = named || (!header && line_names(r, line));
		if (!header && at < text.len)
			continue;
		size_t end = header ? begin : text.len;
		if (named && end - table <= TABLE_MAX) {
			read_packages(r, str_slice(text, table, end));
			tables++;
		}
		table = begin;
		named = false;
	}
}

static void read_pipfile_lock(struct reading *r, struct str text)
{
	static const char *const sections[] = {"default", "develop"};
	if (text.len > PIPFILE_MAX)
		return;
	json_t *top = json_loadb(text.ptr, text.len, 0, NULL);
	for (size_t i = 0; i < ARRAY_LEN(sections) && r->out->set.count == 0; i++) {
		const json_t *package = json_object_get(json_object_get(top, sections[i]),
		                                        r->name.ptr);
		const char *version = json_string_value(json_object_get(package, "version"));
		if (version != NULL)
			say(r, arena_str(r->scratch, str_of(version)));
	}
	json_decref(top);
}

/* ---- pyproject.toml ---------------------------------------------------------------- */

/* The member at the end of a dotted path, or NULL. */
static const struct setting *at_path(const struct setting *table, const char *path)
{
	for (struct str rest = str_of(path); table != NULL && rest.len > 0;) {
		struct str part = cut_at(rest, '.');
		table = setting_member(table, part);
		rest = str_slice(rest, part.len + 1, rest.len);
	}
	return table;
}

static void read_requirement_list(struct reading *r, const struct setting *list)
{
	for (const struct setting *v = list != NULL ? list->first : NULL; v != NULL; v = v->next)
		if (v->kind == SETTING_STRING)
			read_requirement(r, v->text);
}

/* { dev = ["fastapi>=0.100"], ... } */
static void read_groups(struct reading *r, const struct setting *groups)
{
	for (const struct setting *g = groups != NULL ? groups->first : NULL; g != NULL; g = g->next)
		read_requirement_list(r, g);
}

/* "^0.110", or {version = "^0.110", extras = [...]} */
static void read_poetry_constraint(struct reading *r, const struct setting *v)
{
	const struct setting *version = v->kind == SETTING_TABLE ? setting_member(v, STR("version"))
	                                                         : v;
	if (version != NULL && version->kind == SETTING_STRING)
		say(r, version->text);
}

static void read_poetry_table(struct reading *r, const struct setting *table)
{
	for (const struct setting *m = table != NULL ? table->first : NULL; m != NULL; m = m->next) {
		if (!is_name(r, m->key))
			continue;
		if (m->kind != SETTING_ARRAY)
			read_poetry_constraint(r, m);
		for (const struct setting *v = m->first; m->kind == SETTING_ARRAY && v != NULL;
		     v = v->next)
			read_poetry_constraint(r, v);
	}
}

static void read_optional_groups(struct reading *r, const struct setting *top)
{
	const struct setting *poetry = at_path(top, "tool.poetry.group");
	read_groups(r, at_path(top, "project.optional-dependencies"));
	read_groups(r, at_path(top, "dependency-groups"));
	read_groups(r, at_path(top, "tool.pdm.dev-dependencies"));
	read_requirement_list(r, at_path(top, "tool.uv.dev-dependencies"));
	for (const struct setting *g = poetry != NULL ? poetry->first : NULL; g != NULL; g = g->next)
		read_poetry_table(r, at_path(g, "dependencies"));
	read_poetry_table(r, at_path(top, "tool.poetry.dev-dependencies"));
}

static bool mentions(const struct reading *r, struct str text)
{
	for (size_t i = 0; i + r->name.len <= text.len; i++)
		if (starts_with_name(r, str_slice(text, i, text.len)))
			return true;
	return false;
}

static void read_pyproject(struct reading *r, struct str text)
{
	if (text.len > PYPROJECT_MAX || !mentions(r, text))
		return;
	const struct setting *top = toml_read_all(r->scratch, text);
	read_requirement_list(r, at_path(top, "project.dependencies"));
	read_poetry_table(r, at_path(top, "tool.poetry.dependencies"));
	if (r->out->set.count == 0)
		read_optional_groups(r, top);
}

/* ---- setup.cfg ---------------------------------------------------------------------- */

/* "install_requires =" begins a list that the indented lines below go on with. */
struct ini_place {
	struct str section, key;
};

/* Moves on to this line; what of it is a value of the key that holds, or empty. */
static struct str ini_value(struct ini_place *at, struct str line)
{
	struct str bare = trimmed(line);
	if (bare.len == 0 || bare.ptr[0] == '#' || bare.ptr[0] == ';')
		return STR_EMPTY;
	if (line.ptr[0] == '[') {
		*at = (struct ini_place){cut_at(str_slice(bare, 1, bare.len), ']'), STR_EMPTY};
		return STR_EMPTY;
	}
	if (is_blank(line.ptr[0]))
		return bare;
	at->key = trimmed(cut_at(bare, '='));
	size_t sign = cut_at(bare, '=').len;
	return trimmed(str_slice(bare, sign < bare.len ? sign + 1 : sign, bare.len));
}

/* What the package needs itself; what it needs for an extra when that says nothing. */
static void read_setup_section(struct reading *r, struct str text, const char *section,
                               const char *key)
{
	struct ini_place place = {STR_EMPTY, STR_EMPTY};
	for (size_t at = 0; at < text.len;) {
		struct str value = ini_value(&place, next_line(text, &at));
		if (value.len > 0 && str_is(place.section, section) &&
		    (key == NULL || str_is(place.key, key)))
			read_requirement(r, value);
	}
}

static void read_setup_cfg(struct reading *r, struct str text)
{
	read_setup_section(r, text, "options", "install_requires");
	if (r->out->set.count == 0)
		read_setup_section(r, text, "options.extras_require", NULL);
}

/* ---- setup.py ------------------------------------------------------------------------- */

/* "fastapi>=0.100" in quotes; not the key of a dict, which is an extra of that name. */
static void read_setup_py(struct reading *r, struct str text)
{
	for (size_t i = 0; i < text.len && text.len <= PYPROJECT_MAX; i++) {
		char quote = text.ptr[i];
		if ((quote != '"' && quote != '\'') ||
		    !starts_with_name(r, str_slice(text, i + 1, text.len)))
			continue;
		struct str item = cut_at(str_slice(text, i + 1, text.len), quote);
		struct str rest = trimmed(str_slice(text, i + item.len + 2, text.len));
		if (rest.len == 0 || rest.ptr[0] != ':')
			read_requirement(r, item);
		i += item.len + 1;
	}
}

/* ---- environment.yml -------------------------------------------------------------------- */

/* "  - conda-forge::fastapi=0.110.1=py310", and "  - fastapi>=0.100" below pip */
static void read_conda(struct reading *r, struct str text)
{
	for (size_t at = 0; at < text.len && text.len <= PYPROJECT_MAX;) {
		struct str line = trimmed(bare_requirement(trimmed(next_line(text, &at))));
		if (!str_starts(line, STR("- ")))
			continue;
		struct str item = trimmed(str_slice(line, 2, line.len));
		size_t channel = cut_at(item, ':').len;
		if (str_starts(str_slice(item, channel, item.len), STR("::")))
			item = str_slice(item, channel + 2, item.len);
		size_t sign = r->name.len;
		bool one = starts_with_name(r, item) && item.len > sign + 1 &&
		           item.ptr[sign] == '=' && item.ptr[sign + 1] != '=';
		if (one)
			say(r,
			    arena_printf(r->scratch, "==%.*s",
			                 STR_ARG(cut_at(str_slice(item, sign + 1, item.len), '='))));
		else
			read_requirement(r, item);
	}
}

/* ---- any file ------------------------------------------------------------------------ */

bool version_file_read(struct arena *scratch, enum version_file kind, struct str text,
                       const char *name, struct version_statement *out)
{
	struct reading r = {scratch, str_of(name), out};
	*out = (struct version_statement){.written = STR_EMPTY};
	switch (kind) {
	case VERSION_FILE_LOCK: read_lock(&r, text); break;
	case VERSION_FILE_PIPFILE_LOCK: read_pipfile_lock(&r, text); break;
	case VERSION_FILE_REQUIREMENTS: read_requirements(&r, text); break;
	case VERSION_FILE_PYPROJECT: read_pyproject(&r, text); break;
	case VERSION_FILE_SETUP_CFG: read_setup_cfg(&r, text); break;
	case VERSION_FILE_SETUP_PY: read_setup_py(&r, text); break;
	case VERSION_FILE_CONDA: read_conda(&r, text); break;
	}
	return out->set.count > 0;
}
