/* allowlist.c - see allowlist.h. Reading first, then matching. */
#include "triage/allowlist.h"
#include "triage/level.h"
#include "input/path.h"
#include "input/setting.h"
#include "input/source.h"
#include "rule.h"

enum { DAYS_OF_NOTICE = 30 };

static const char *const top_keys[] = {"version", "entries"};
static const char *const entry_keys[] = {
	"path", "function", "rules", "reason", "kind", "owner", "expires",
};

/* ---- reading ----------------------------------------------------------- */

static bool is_plain(struct str id)
{
	for (size_t i = 0; i < id.len; i++)
		if (strchr("*?[\\", id.ptr[i]) != NULL)
			return false;
	return true;
}

static bool read_rules(const struct setting_source *s, const struct setting *v, struct str_list *out)
{
	if (!setting_strings(s, v, out))
		return false;
	if (out->count == 0)
		return setting_wrong(s, v->at,
		                     "'rules' is empty: name rules, or write [\"*\"] for all");
	for (const struct setting *item = v->first; item != NULL; item = item->next)
		if (is_plain(item->text) && rule_find(item->text) == NULL)
			return setting_wrong(s, item->at, "%.*s",
			                     STR_ARG(unknown_rule_text(s->run, item->text)));
	return true;
}

static bool read_kind(const struct setting_source *s, const struct setting *v, bool *backlog)
{
	struct str word;

	if (!setting_string(s, v, &word))
		return false;
	*backlog = str_is(word, "backlog");
	return *backlog || str_is(word, "accepted") ||
	       setting_wrong(s, v->at, "'kind' must be \"accepted\" or \"backlog\"");
}

static bool read_expiry(const struct setting_source *s, const struct setting *v,
                        struct allowlist_entry *e)
{
	if (!setting_string(s, v, &e->expires_text))
		return false;
	e->has_expiry = date_parse(e->expires_text, &e->expires);
	return e->has_expiry ||
	       setting_wrong(s, v->at, "'%.*s' is no date: write one such as \"2027-06-30\"",
	                     STR_ARG(e->expires_text));
}

/* A path that begins with "./" or "/" could never match. */
static bool read_path(const struct setting_source *s, const struct setting *v, struct str *out)
{
	if (!setting_string(s, v, out))
		return false;
	if (str_starts(*out, STR("./")) || str_starts(*out, STR("/")))
		return setting_wrong(s, v->at,
		                     "'path' is relative to the root: write it without '%.*s'",
		                     out->ptr[0] == '.' ? 2 : 1, out->ptr);
	return true;
}

static bool is_blank(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr(" \t\r\n", text.ptr[i]) == NULL)
			return false;
	return true;
}

static bool read_reason(const struct setting_source *s, const struct setting *v, struct str *out)
{
	return setting_string(s, v, out) &&
	       (!is_blank(*out) || setting_wrong(s, v->at, "'reason' is blank: say why"));
}

static bool read_member(const struct setting_source *s, const struct setting *v,
                        struct allowlist_entry *e)
{
	if (str_is(v->key, "path"))
		return read_path(s, v, &e->path);
	if (str_is(v->key, "function"))
		return setting_string(s, v, &e->function);
	if (str_is(v->key, "rules"))
		return read_rules(s, v, &e->rules);
	if (str_is(v->key, "reason"))
		return read_reason(s, v, &e->reason);
	if (str_is(v->key, "kind"))
		return read_kind(s, v, &e->backlog);
	if (str_is(v->key, "owner"))
		return setting_string(s, v, &e->owner);
	return read_expiry(s, v, e);
}

static bool read_entry(const struct setting_source *s, const struct setting *v,
                       struct allowlist_entry *e)
{
	static const char *const required[] = {"path", "rules", "reason"};

	*e = (struct allowlist_entry){
		.function = STR("*"), .owner = STR_EMPTY, .expires_text = STR_EMPTY};
	if (!setting_table(s, v, entry_keys, ARRAY_LEN(entry_keys)))
		return false;
	for (const struct setting *m = v->first; m != NULL; m = m->next)
		if (!read_member(s, m, e))
			return false;
	for (size_t i = 0; i < ARRAY_LEN(required); i++)
		if (setting_member(v, str_of(required[i])) == NULL)
			return setting_wrong(s, v->at, "this entry has no '%s'", required[i]);
	return true;
}

/* Places of the entries, which stand in the order of the text, in one walk over it. */
static void find_places(const struct setting_source *s, const struct setting *entries,
                        struct allowlist_entry *out)
{
	struct text_place here = {.line = 1, .column = 1};
	uint32_t from = 0;

	for (const struct setting *v = entries->first; v != NULL; from = v->at, v = v->next, out++) {
		struct text_place step = text_place_of(str_slice(s->text, from, v->at),
		                                       v->at - from);
		here.column = step.line > 1 ? step.column : here.column + step.column - 1;
		here.line += step.line - 1;
		out->line = here.line;
		out->column = here.column;
	}
}

static bool read_entries(const struct setting_source *s, const struct setting *v,
                         struct allowlist *a)
{
	if (v->kind != SETTING_ARRAY)
		return setting_wrong(s, v->at, "'entries' must be an array");
	a->entries = arena_array(s->run, struct allowlist_entry, v->count);
	for (const struct setting *item = v->first; item != NULL; item = item->next) {
		struct allowlist_entry *e = &a->entries[a->count++];
		if (!read_entry(s, item, e))
			return false;
		e->expired = e->has_expiry && e->expires < a->today;
	}
	find_places(s, v, a->entries);
	return true;
}

static bool read_top(const struct setting_source *s, const struct setting *top, struct allowlist *a)
{
	const struct setting *version, *entries;

	if (!setting_table(s, top, top_keys, ARRAY_LEN(top_keys)))
		return false;
	version = setting_member(top, STR("version"));
	entries = setting_member(top, STR("entries"));
	if (version == NULL)
		return setting_wrong(s, top->at, "'version' is missing: write \"version\": 1");
	if (version->kind != SETTING_NUMBER || !str_is(version->text, "1"))
		return setting_wrong(s, version->at, "'version' must be 1");
	if (entries == NULL)
		return setting_wrong(s, top->at, "'entries' is missing: write \"entries\": []");
	return read_entries(s, entries, a);
}

static bool read_file(struct setting_source *s, struct str absolute, struct allowlist *a)
{
	struct source source;
	struct setting *top;
	const char *why;

	if (!source_read(absolute.ptr, &source, &why)) {
		diag_add(s->d, DIAG_USAGE, s->path, 0, 0, "cannot read this allowlist: %s", why);
		return false;
	}
	s->text = arena_str(s->run, str_slice(source.text, source.bom, source.text.len));
	source_release(&source);
	return json_read(s, &top) && read_top(s, top, a);
}

bool allowlist_load(struct arena *run, struct diag *d, struct str root, const struct options *o,
                    const struct config *c, day_number today, struct allowlist *out)
{
	struct setting_source s = {.run = run, .d = d};
	struct allowlist a = {.file = STR_EMPTY, .today = today};
	struct str absolute;

	if (o->allowlist != NULL) {
		s.path = str_of(o->allowlist);
		absolute = s.path;
	} else if (c->allowlist.len > 0) {
		s.path = c->allowlist;
		absolute = c->allowlist.ptr[0] == '/' ? arena_str(run, c->allowlist)
		                                      : path_join(run, root, c->allowlist);
	} else {
		*out = a;
		return true;
	}
	a.file = s.path;
	if (!read_file(&s, absolute, &a))
		return false;
	*out = a;
	return true;
}

/* ---- matching ---------------------------------------------------------- */

static bool matches_rule(const struct allowlist_entry *e, const char *id)
{
	for (size_t i = 0; i < e->rules.count; i++)
		if (glob_match(e->rules.items[i], str_of(id)))
			return true;
	return false;
}

static bool matches(const struct allowlist_entry *e, const struct finding *f)
{
	return !e->expired && glob_match(e->path, f->at.path) &&
	       glob_match(e->function, f->function) && matches_rule(e, f->rule->id);
}

void allowlist_apply(struct allowlist *a, struct finding *findings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct finding *f = &findings[i];
		for (size_t k = 0; k < a->count; k++) {
			struct allowlist_entry *e = &a->entries[k];
			if (!matches(e, f))
				continue;
			e->used = true;
			if (f->status != STATUS_OPEN)
				continue;
			f->status = STATUS_ALLOWLISTED;
			f->reason = e->reason;
			*(e->backlog ? &a->backlog : &a->accepted) += 1;
		}
	}
}

static bool accepts_every_rule(const struct allowlist_entry *e)
{
	for (size_t i = 0; i < e->rules.count; i++)
		if (str_is(e->rules.items[i], "*"))
			return !e->backlog && !e->expired;
	return false;
}

bool allowlist_covers(struct allowlist *a, struct str path, struct str function)
{
	for (size_t i = 0; i < a->count; i++) {
		struct allowlist_entry *e = &a->entries[i];
		if (accepts_every_rule(e) && glob_match(e->path, path) &&
		    glob_match(e->function, function)) {
			e->used = true;
			return true;
		}
	}
	return false;
}

static bool module_has_function(const struct project *p, module_id m, struct str qualname)
{
	const struct module *module = project_module(p, m);

	for (scope_id s = 0; s < module->scope_count; s++)
		if (module->scopes[s].kind == SCOPE_FUNCTION &&
		    str_eq(project_text(p, module->scopes[s].qualname), qualname))
			return true;
	return false;
}

void allowlist_find_functions(struct allowlist *a, const struct project *project)
{
	for (size_t i = 0; i < a->count; i++) {
		struct allowlist_entry *e = &a->entries[i];
		if (e->used || !is_plain(e->function) || !accepts_every_rule(e))
			continue;
		for (module_id m = 0; m < project->module_count && !e->used; m++)
			e->used = glob_match(e->path, project_module(project, m)->path) &&
			          module_has_function(project, m, e->function);
	}
}

/* Says that an entry has expired or soon will. */
static void say_expiry(const struct allowlist *a, const struct allowlist_entry *e,
                       enum diag_level level, struct diag *d)
{
	const char *of = e->owner.len > 0 ? ", owner " : "";
	day_number left = e->expires - a->today;

	if (e->expired)
		diag_add(d, level, a->file, e->line, e->column,
		         "this entry expired on %.*s%s%.*s: fix what it covers, or set a new date",
		         STR_ARG(e->expires_text), of, STR_ARG(e->owner));
	else if (left <= DAYS_OF_NOTICE)
		diag_add(d, DIAG_WARNING, a->file, e->line, e->column,
		         "this entry expires on %.*s (%d days left)%s%.*s",
		         STR_ARG(e->expires_text), (int)left, of, STR_ARG(e->owner));
}

void allowlist_review(const struct allowlist *a, bool whole, bool strict, struct diag *d)
{
	enum diag_level level = strict ? DIAG_USAGE : DIAG_WARNING;

	for (size_t i = 0; i < a->count; i++) {
		const struct allowlist_entry *e = &a->entries[i];
		if (e->has_expiry)
			say_expiry(a, e, level, d);
		if (whole && !e->used && !e->expired)
			diag_add(d, level, a->file, e->line, e->column,
			         "this entry matches no finding: remove it, or correct its path, "
			         "function or rules");
	}
}
