/* entry.c - from the words of queries/entry_points.scm to entry kinds and threads. */
#include "project/entry.h"

#include <ctype.h>
#include <stdlib.h>

static const struct {
	const char *word;
	enum entry_kind kind;
} entry_words[] = {
	{"http", ENTRY_HTTP},           {"websocket", ENTRY_WEBSOCKET},
	{"socketio", ENTRY_SOCKETIO},   {"middleware", ENTRY_MIDDLEWARE},
	{"hook", ENTRY_HOOK},           {"task", ENTRY_TASK},
	{"scheduler", ENTRY_SCHEDULER}, {"startup", ENTRY_STARTUP},
	{"command", ENTRY_COMMAND},     {"fixture", ENTRY_FIXTURE},
};

const char *entry_kind_word(enum entry_kind k)
{
	for (size_t i = 0; i < ARRAY_LEN(entry_words); i++)
		if (entry_words[i].kind == k)
			return entry_words[i].word;
	return "dependency";
}

const char *entry_thread_word(enum entry_thread t)
{
	switch (t) {
	case THREAD_LOOP: return "loop";
	case THREAD_WORKER: return "worker";
	case THREAD_OWN: return "own";
	}
	abort();
}

static bool has_base(const struct project *p, const struct module *m, const struct scope *s,
                     const char *name)
{
	for (uint32_t i = 0; i < s->base_count; i++) {
		const struct expr *e = &m->exprs[m->bases[s->first_base + i]];
		struct str base = project_text(p, e->text);
		if (e->kind == EXPR_NAME && str_ends(base, str_of(name)))
			return true;
	}
	return false;
}

/* dispatch() of a BaseHTTPMiddleware, or a pure ASGI __call__(self, scope, receive, send). */
static bool is_middleware_method(const struct project *p, const struct module *m,
                                 const struct scope *s)
{
	static const char *const asgi[] = {"self", "scope", "receive", "send"};
	if (s->kind != SCOPE_FUNCTION || s->parent == SCOPE_NONE ||
	    m->scopes[s->parent].kind != SCOPE_CLASS)
		return false;
	struct str name = project_text(p, s->name);
	if (str_is(name, "dispatch"))
		return has_base(p, m, &m->scopes[s->parent], "BaseHTTPMiddleware");
	bool matches = str_is(name, "__call__") && s->param_count == ARRAY_LEN(asgi);
	for (uint32_t i = 0; matches && i < s->param_count; i++)
		matches = str_is(project_text(p, m->params[s->first_param + i].name), asgi[i]);
	return matches;
}

enum entry_kind entry_kind_of(const struct project *p, module_id m, scope_id scope)
{
	const struct module *module = project_module(p, m);
	const struct scope *s = &module->scopes[scope];
	for (uint32_t i = 0; i < s->entry_count; i++) {
		struct str word = project_text(p, module->entries[s->first_entry + i].kind);
		for (size_t k = 0; k < ARRAY_LEN(entry_words); k++)
			if (str_is(word, entry_words[k].word))
				return entry_words[k].kind;
	}
	return is_middleware_method(p, module, s) ? ENTRY_MIDDLEWARE : ENTRY_NONE;
}

enum entry_thread entry_thread_of(enum entry_kind kind, bool is_async)
{
	if (kind == ENTRY_TASK || kind == ENTRY_SCHEDULER || kind == ENTRY_COMMAND)
		return THREAD_OWN;
	return is_async ? THREAD_LOOP : THREAD_WORKER;
}

struct str entry_route(struct arena *run, const struct project *p, const struct entry_match *e)
{
	struct str method = arena_str(run, project_text(p, e->method));
	struct str route = project_text(p, e->route);
	char *text = (char *)(uintptr_t)method.ptr;
	for (size_t i = 0; i < method.len; i++)
		text[i] = (char)toupper((unsigned char)text[i]);
	if (route.len == 0)
		return method;
	return arena_printf(run, "%.*s %.*s", STR_ARG(method), STR_ARG(route));
}
