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

#define BASES_DEPTH_MAX 4 /* bases of bases */

/* A class of the project is what its own bases are; any other is known by its name. */
static bool derives(struct arena *scratch, const struct project *p, module_id m, scope_id class_,
                    bool (*is_it)(struct str name, const void *arg), const void *arg, unsigned depth)
{
	const struct module *module = project_module(p, m);
	const struct scope *s = &module->scopes[class_];
	for (uint32_t i = 0; i < s->base_count && depth > 0; i++) {
		expr_id base = module->bases[s->first_base + i];
		if (module->exprs[base].kind != EXPR_NAME)
			continue;
		struct target t = resolve_expr(scratch, p, m, s->parent, base);
		if (t.kind == TARGET_SCOPE &&
		    project_scope(p, t.module, t.scope)->kind == SCOPE_CLASS) {
			if (derives(scratch, p, t.module, t.scope, is_it, arg, depth - 1))
				return true;
		} else if (is_it(dotted_last(project_text(p, module->exprs[base].text)), arg)) {
			return true;
		}
	}
	return false;
}

static bool is_name(struct str name, const void *arg)
{
	return str_is(name, arg);
}

static bool is_ending(struct str name, const void *arg)
{
	return str_ends(name, str_of(arg));
}

/* Has the class that base, itself or through others? "*Servicer": one that ends so. */
static bool has_base(const struct project *p, module_id m, scope_id class_, const char *name)
{
	struct arena scratch;
	arena_init(&scratch);
	bool found = name[0] == '*'
	                     ? derives(&scratch, p, m, class_, is_ending, name + 1, BASES_DEPTH_MAX)
	                     : derives(&scratch, p, m, class_, is_name, name, BASES_DEPTH_MAX);
	arena_release(&scratch);
	return found;
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
static bool is_middleware_method(const struct project *p, module_id id, const struct scope *s)
{
	const struct module *m = project_module(p, id);
	static const char *const asgi[] = {"self", "scope", "receive", "send"};
	static const char *const wsgi[] = {"self", "environ", "start_response"};
	struct str name = project_text(p, s->name);
	if (str_is(name, "dispatch"))
		return has_base(p, id, s->parent, "BaseHTTPMiddleware");
	return str_is(name, "__call__") &&
	       (takes(p, m, s, asgi, ARRAY_LEN(asgi)) || takes(p, m, s, wsgi, ARRAY_LEN(wsgi)));
}

/* Methods that a framework calls because of their class: base, method (a final * for any ending), kind. */
static const struct {
	const char *base;
	const char *method;
	enum entry_kind kind;
	bool async_only; /* a `def` would run on the event loop, which no kind of entry says */
} class_entries[] = {
	{"MethodView", "get", ENTRY_HTTP, false},
	{"MethodView", "post", ENTRY_HTTP, false},
	{"MethodView", "put", ENTRY_HTTP, false},
	{"MethodView", "patch", ENTRY_HTTP, false},
	{"MethodView", "delete", ENTRY_HTTP, false},
	{"View", "dispatch_request", ENTRY_HTTP, false},
	{"Resource", "get", ENTRY_HTTP, false},
	{"Resource", "post", ENTRY_HTTP, false},
	{"Resource", "put", ENTRY_HTTP, false},
	{"Resource", "patch", ENTRY_HTTP, false},
	{"Resource", "delete", ENTRY_HTTP, false},
	{"HTTPEndpoint", "get", ENTRY_HTTP, false},
	{"HTTPEndpoint", "post", ENTRY_HTTP, false},
	{"HTTPEndpoint", "put", ENTRY_HTTP, false},
	{"HTTPEndpoint", "patch", ENTRY_HTTP, false},
	{"HTTPEndpoint", "delete", ENTRY_HTTP, false},
	{"WebSocketEndpoint", "on_*", ENTRY_WEBSOCKET, false},
	{"Namespace", "on_*", ENTRY_SOCKETIO, false},
	{"AsyncNamespace", "on_*", ENTRY_SOCKETIO, false},
	{"Thread", "run", ENTRY_THREAD, false},
	{"Timer", "run", ENTRY_THREAD, false},
	{"Task", "run", ENTRY_TASK, false},
	{"RequestHandler", "get", ENTRY_HTTP, true},
	{"RequestHandler", "post", ENTRY_HTTP, true},
	{"RequestHandler", "put", ENTRY_HTTP, true},
	{"RequestHandler", "patch", ENTRY_HTTP, true},
	{"RequestHandler", "delete", ENTRY_HTTP, true},
};

static bool matches(struct str name, const char *pattern)
{
	size_t n = strlen(pattern);
	if (n > 0 && pattern[n - 1] == '*')
		return name.len > n - 1 && memcmp(name.ptr, pattern, n - 1) == 0;
	return str_is(name, pattern);
}

/* A method of a gRPC service: the synchronous server runs it in a worker of its own pool. */
static bool is_service_method(const struct project *p, module_id id, const struct scope *s)
{
	static const char *const names[] = {"self", "request", "context"};
	return (s->flags & SCOPE_ASYNC) == 0 &&
	       takes(p, project_module(p, id), s, names, ARRAY_LEN(names)) &&
	       has_base(p, id, s->parent, "*Servicer");
}

static enum entry_kind kind_of_method(const struct project *p, module_id id, const struct scope *s)
{
	const struct module *m = project_module(p, id);
	if (s->kind != SCOPE_FUNCTION || s->parent == SCOPE_NONE ||
	    m->scopes[s->parent].kind != SCOPE_CLASS)
		return ENTRY_NONE;
	if (m->scopes[s->parent].base_count == 0)
		return is_middleware_method(p, id, s) ? ENTRY_MIDDLEWARE : ENTRY_NONE;
	if (is_middleware_method(p, id, s))
		return ENTRY_MIDDLEWARE;
	for (size_t i = 0; i < ARRAY_LEN(class_entries); i++)
		if (matches(project_text(p, s->name), class_entries[i].method) &&
		    (!class_entries[i].async_only || (s->flags & SCOPE_ASYNC) != 0) &&
		    has_base(p, id, s->parent, class_entries[i].base))
			return class_entries[i].kind;
	return is_service_method(p, id, s) ? ENTRY_THREAD : ENTRY_NONE;
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
	return kind_of_method(p, m, s);
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
