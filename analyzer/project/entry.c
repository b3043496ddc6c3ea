/* entry.c - from the words of queries/entry_points.scm to entry kinds and threads. */
#include "project/entry.h"

#include "project/resolve.h"

#include <ctype.h>
#include <stdlib.h>

static const struct {
	const char *word;
	enum entry_kind kind;
} entry_words[] = {
	{"http", ENTRY_HTTP},
	{"websocket", ENTRY_WEBSOCKET},
	{"socketio", ENTRY_SOCKETIO},
	{"middleware", ENTRY_MIDDLEWARE},
	{"hook", ENTRY_HOOK},
	{"task", ENTRY_TASK},
	{"scheduler", ENTRY_SCHEDULER},
	{"startup", ENTRY_STARTUP},
	{"command", ENTRY_COMMAND},
	{"fixture", ENTRY_FIXTURE},
	{"background", ENTRY_BACKGROUND},
	{"thread", ENTRY_THREAD},
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
		if (e->kind == EXPR_NAME && str_is(dotted_last(base), name))
			return true;
	}
	return false;
}

/* Does the def take exactly these parameters? */
static bool takes(const struct project *p, const struct module *m, const struct scope *s,
                  const char *const *names, uint32_t count)
{
	if (s->param_count != count)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (!str_is(project_text(p, m->params[s->first_param + i].name), names[i]))
			return false;
	return true;
}

/* dispatch() of a BaseHTTPMiddleware, a pure ASGI or a WSGI __call__. */
static bool is_middleware_method(const struct project *p, const struct module *m,
                                 const struct scope *s, const struct scope *class_)
{
	static const char *const asgi[] = {"self", "scope", "receive", "send"};
	static const char *const wsgi[] = {"self", "environ", "start_response"};
	struct str name = project_text(p, s->name);
	if (str_is(name, "dispatch"))
		return has_base(p, m, class_, "BaseHTTPMiddleware");
	return str_is(name, "__call__") &&
	       (takes(p, m, s, asgi, ARRAY_LEN(asgi)) || takes(p, m, s, wsgi, ARRAY_LEN(wsgi)));
}

/* Methods that a framework calls because of their class: base, method (a final * for any ending), kind. */
static const struct {
	const char *base;
	const char *method;
	enum entry_kind kind;
} class_entries[] = {
	{"MethodView", "get", ENTRY_HTTP},
	{"MethodView", "post", ENTRY_HTTP},
	{"MethodView", "put", ENTRY_HTTP},
	{"MethodView", "patch", ENTRY_HTTP},
	{"MethodView", "delete", ENTRY_HTTP},
	{"View", "dispatch_request", ENTRY_HTTP},
	{"Resource", "get", ENTRY_HTTP},
	{"Resource", "post", ENTRY_HTTP},
	{"Resource", "put", ENTRY_HTTP},
	{"Resource", "patch", ENTRY_HTTP},
	{"Resource", "delete", ENTRY_HTTP},
	{"HTTPEndpoint", "get", ENTRY_HTTP},
	{"HTTPEndpoint", "post", ENTRY_HTTP},
	{"HTTPEndpoint", "put", ENTRY_HTTP},
	{"HTTPEndpoint", "patch", ENTRY_HTTP},
	{"HTTPEndpoint", "delete", ENTRY_HTTP},
	{"WebSocketEndpoint", "on_*", ENTRY_WEBSOCKET},
	{"Namespace", "on_*", ENTRY_SOCKETIO},
	{"AsyncNamespace", "on_*", ENTRY_SOCKETIO},
	{"Thread", "run", ENTRY_THREAD},
	{"Timer", "run", ENTRY_THREAD},
	{"Task", "run", ENTRY_TASK},
};

static bool matches(struct str name, const char *pattern)
{
	size_t n = strlen(pattern);
	if (n > 0 && pattern[n - 1] == '*')
		return name.len > n - 1 && memcmp(name.ptr, pattern, n - 1) == 0;
	return str_is(name, pattern);
}

static enum entry_kind kind_of_method(const struct project *p, const struct module *m,
                                      const struct scope *s)
{
	if (s->kind != SCOPE_FUNCTION || s->parent == SCOPE_NONE ||
	    m->scopes[s->parent].kind != SCOPE_CLASS)
		return ENTRY_NONE;
	const struct scope *class_ = &m->scopes[s->parent];
	if (is_middleware_method(p, m, s, class_))
		return ENTRY_MIDDLEWARE;
	for (size_t i = 0; i < ARRAY_LEN(class_entries); i++)
		if (matches(project_text(p, s->name), class_entries[i].method) &&
		    has_base(p, m, class_, class_entries[i].base))
			return class_entries[i].kind;
	return ENTRY_NONE;
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
	return kind_of_method(p, module, s);
}

enum entry_thread entry_thread_of(enum entry_kind kind, bool is_async)
{
	if (kind == ENTRY_TASK || kind == ENTRY_SCHEDULER || kind == ENTRY_COMMAND ||
	    kind == ENTRY_THREAD)
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
