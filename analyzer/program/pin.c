/* pin.c - see pin.h. Handlers are asked one by one, at most PIN_HANDLERS_MAX of them; most do not stream. */
#include "program/pin.h"

#include "program/function.h"
#include "program/stream.h"
#include "program/summary.h"

static bool handler_streams(const struct program *program, const struct dependency_node *h)
{
	struct streamed ignored;
	return (project_scope(program->project, h->module, h->scope)->flags & SCOPE_GENERATOR) != 0 ||
	       stream_of_scope(program, h->module, h->scope, &ignored);
}

/* What is not in the project is known by its name. */
static bool is_provider(const struct dependency_node *n, const struct provider *provider)
{
	if (provider->module == MODULE_NONE)
		return n->kind == NODE_UNKNOWN &&
		       str_eq(dotted_last(n->name), dotted_last(provider->name));
	return (n->kind == NODE_DEF || n->kind == NODE_CLASS) && n->module == provider->module &&
	       n->scope == provider->scope;
}

static bool asks_for(const struct dependency_graph *g, const struct dependency_node *h,
                     const struct provider *provider)
{
	for (uint32_t i = 0; i < h->use_count; i++)
		if (is_provider(&g->nodes[h->uses[i].node], provider) && !h->uses[i].uncached)
			return true;
	return false;
}

/* Does every streamed response leave the shared session ended? */
static bool ends_first(struct arena *scratch, const struct program *program,
                       const struct dependency_node *h, const struct provider *provider)
{
	struct function fn;
	bool ended = false;
	if (!function_analyse(scratch, program, h->module, h->scope,
	                      program_entry(program, h->module, h->scope), false, &fn))
		return false;
	for (uint32_t i = 0; i < fn.exit_count; i++) {
		if (fn.exits[i].stream == NULL)
			continue;
		ended = false;
		for (uint32_t r = 0; r < fn.plan.resource_count; r++)
			ended |= fn.resources[r].provider == provider &&
			         states_must(fn.exits[i].states[r], IS_ENDED) &&
			         states_left(fn.exits[i].states[r]) == 0;
		if (!ended)
			return false;
	}
	return ended;
}

static void add_pin(struct pins *pins, const struct dependency_node *h)
{
	if (pins->count < PINS_SHOWN_MAX) {
		pins->shown[pins->count].module = h->module;
		pins->shown[pins->count].scope = h->scope;
	}
	pins->count++;
}

struct pins pins_of(struct arena *scratch, const struct program *program, module_id m,
                    scope_id scope, const struct provider *provider)
{
	const struct dependency_graph *g = program->dependencies;
	struct pins pins = {.count = 0};
	node_id self = dependency_node_of(g, m, scope);
	if (self == NODE_NONE || !program->may_stream)
		return pins;
	const struct dependency_node *node = &g->nodes[self];
	for (uint32_t i = 0; i < node->handler_count && i < PIN_HANDLERS_MAX; i++) {
		const struct dependency_node *h = &g->nodes[g->handlers[node->first_handler + i]];
		if (h->is_websocket || h->module == MODULE_NONE || !handler_streams(program, h) ||
		    (asks_for(g, h, provider) && ends_first(scratch, program, h, provider)))
			continue;
		add_pin(&pins, h);
	}
	return pins;
}

static bool handler_waits(const struct program *program, const struct dependency_node *h)
{
	struct wait w;
	return wait_of(program, h->module, h->scope, &w) && w.sure &&
	       (h->is_websocket || !w.family->is_socket);
}

static struct pins waiting_pins(const struct program *program, module_id m, scope_id scope,
                                const struct provider *provider, bool sockets)
{
	const struct dependency_graph *g = program->dependencies;
	struct pins pins = {.count = 0};
	node_id self = dependency_node_of(g, m, scope);
	if (self == NODE_NONE)
		return pins;
	const struct dependency_node *node = &g->nodes[self];
	for (uint32_t i = 0; i < node->handler_count && i < PIN_HANDLERS_MAX; i++) {
		const struct dependency_node *h = &g->nodes[g->handlers[node->first_handler + i]];
		if (h->is_websocket == sockets && h->module != MODULE_NONE &&
		    !asks_for(g, h, provider) && handler_waits(program, h))
			add_pin(&pins, h);
	}
	return pins;
}

struct pins pins_of_waits(const struct program *program, module_id m, scope_id scope,
                          const struct provider *provider)
{
	return waiting_pins(program, m, scope, provider, false);
}

struct pins pins_of_sockets(const struct program *program, module_id m, scope_id scope,
                            const struct provider *provider)
{
	return waiting_pins(program, m, scope, provider, true);
}
