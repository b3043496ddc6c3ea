/*
 * bind_works.c - which calls of a function hand on something to be run later, what def that is, and which
 * of our sessions it is lent: `gen(db)` for a stream, add_task(f, db), create_task(f(db)), Thread(target=f, args=(db,)).
 */
#include "program/bind_internal.h"
#include "program/callable.h"

/* Calls that hand a callable on: where it stands among the arguments, its own arguments behind it. */
static const struct hand_over {
	const char *name;
	const char *keyword; /* the callable's, or NULL */
	uint32_t position;
	enum work_kind kind;
	bool coroutine; /* what is handed on is a coroutine, not a callable with arguments */
} hand_overs[] = {
	{"add_task", "func", 0, WORK_BACKGROUND, false},
	{"BackgroundTask", "func", 0, WORK_BACKGROUND, false},
	{"create_task", NULL, 0, WORK_TASK, true},
	{"ensure_future", NULL, 0, WORK_TASK, true},
	{"run_coroutine_threadsafe", NULL, 0, WORK_THREAD, true},
	{"Thread", "target", 1, WORK_THREAD, false},
	{"Timer", "function", 1, WORK_THREAD, false},
	{"submit", NULL, 0, WORK_THREAD, false},
	{"run_in_executor", NULL, 1, WORK_THREAD, false},
	{"start_new_thread", NULL, 0, WORK_THREAD, false},
};

/* What is handed on: the callable, and the arguments that it gets. */
struct handed {
	ref callable;
	struct arg *args;
	uint32_t count;
};

/* group.create_task(..) of a TaskGroup is waited for when its block is left; asyncio's and a loop's are not. */
static bool is_waited_for(const struct binder *b, const struct event *e, const struct hand_over *how)
{
	if (how->kind != WORK_TASK || e->name == NAME_NONE)
		return false;
	if (ref_kind(e->a) != REF_KIND_PLACE)
		return ref_kind(e->a) != REF_KIND_TEMP; /* asyncio.get_event_loop().create_task(..) */
	const struct place *p = &b->cfg->places[ref_index(e->a)];
	struct str name = project_text(
		b->project, p->step_count > 0 ? p->steps[p->step_count - 1].name : p->root);
	return !str_is(name, "asyncio") && !str_ends(name, STR("loop"));
}

/* `BackgroundTask(f, db)` as a statement: given to no response, so that nobody runs it. */
static bool is_dropped(const struct binder *b, const struct event *e)
{
	return (e->flags & EVF_DISCARDED) != 0 && call_is(b, e, "BackgroundTask");
}

static const struct hand_over *hand_over_of(const struct binder *b, const struct event *e)
{
	if (is_dropped(b, e))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(hand_overs); i++)
		if (call_is(b, e, hand_overs[i].name))
			return is_waited_for(b, e, &hand_overs[i]) ? NULL : &hand_overs[i];
	return NULL;
}

bool is_background(const struct binder *b, const struct event *e)
{
	const struct hand_over *how = hand_over_of(b, e);
	return how != NULL && how->kind == WORK_BACKGROUND;
}

static bool is_keyword(const struct binder *b, const struct arg *arg, const char *name)
{
	return name != NULL && arg->keyword != NAME_NONE &&
	       str_is(project_text(b->project, arg->keyword), name);
}

static const struct event *built(const struct binder *b, ref value)
{
	const struct event *e = ref_kind(value) == REF_KIND_TEMP ? &b->cfg->events[ref_index(value)]
	                                                         : NULL;
	return e != NULL && e->kind == EV_BUILD ? e : NULL;
}

/* args=(db, 1) and kwargs={"db": db} of a thread. */
static void add_packed(const struct binder *b, const struct arg *packed, struct handed *out)
{
	const struct event *e = built(b, packed->value);
	if (e == NULL || (e->op != BUILD_TUPLE && e->op != BUILD_LIST && e->op != BUILD_DICT))
		return;
	for (uint32_t i = 0; i < e->arg_count; i++)
		out->args[out->count++] = b->cfg->args[e->first_arg + i];
}

static uint32_t room_for(const struct binder *b, const struct event *e)
{
	uint32_t room = e->arg_count;
	for (uint32_t i = 0; i < e->arg_count; i++) {
		const struct event *packed = built(b, b->cfg->args[e->first_arg + i].value);
		room += packed == NULL ? 0 : packed->arg_count;
	}
	return room;
}

static struct handed handed_of(const struct binder *b, const struct event *e,
                               const struct hand_over *how)
{
	struct handed out = {.callable = REF_NONE};
	bool thread = how->keyword != NULL && how->kind == WORK_THREAD;
	uint32_t position = 0;
	out.args = arena_array(b->scratch, struct arg, room_for(b, e));
	for (uint32_t i = 0; i < e->arg_count; i++) {
		const struct arg *arg = &b->cfg->args[e->first_arg + i];
		bool positional = arg->keyword == NAME_NONE;
		if (is_keyword(b, arg, how->keyword) || (positional && position == how->position))
			out.callable = arg->value;
		else if (is_keyword(b, arg, "args") || is_keyword(b, arg, "kwargs"))
			add_packed(b, arg, &out);
		else if (!thread && (!positional || position > how->position))
			out.args[out.count++] = *arg;
		position += positional;
	}
	return out;
}

/* partial(f, db): f, with what it is given there in front. */
static void unpack_partial(const struct binder *b, struct handed *h)
{
	const struct event *e = ref_kind(h->callable) == REF_KIND_TEMP
	                                ? &b->cfg->events[ref_index(h->callable)]
	                                : NULL;
	if (e == NULL || e->kind != EV_CALL || !call_is(b, e, "partial") || e->arg_count == 0)
		return;
	struct arg *args = arena_array(b->scratch, struct arg, e->arg_count + h->count);
	uint32_t count = 0;
	for (uint32_t i = 1; i < e->arg_count; i++)
		args[count++] = b->cfg->args[e->first_arg + i];
	for (uint32_t i = 0; i < h->count; i++)
		args[count++] = h->args[i];
	h->callable = b->cfg->args[e->first_arg].value;
	h->args = args;
	h->count = count;
}

/* The object whose method is handed on: `service` in add_task(service.refresh). */
static ref handed_object(const struct binder *b, ref callable)
{
	if (ref_kind(callable) != REF_KIND_PLACE)
		return REF_NONE;
	const struct place *p = &b->cfg->places[ref_index(callable)];
	uint32_t root = p->root_kind == PLACE_LOCAL && p->step_count > 0
	                        ? locals_find(&b->locals, p->root)
	                        : UINT32_MAX;
	return root == UINT32_MAX ? REF_NONE : REF_PLACE(root);
}

static void fill_loans(struct work *w, struct loans loans)
{
	w->loans = loans.items;
	w->loan_count = loans.count;
}

/* Nothing is known of what runs: all that it is given, it may use. */
static struct loans unknown_loans(struct binder *b, const struct handed *h)
{
	struct loans all = {.items = arena_array(b->scratch, struct loan, h->count + 1u)};
	ref object = handed_object(b, h->callable);
	for (uint32_t i = 0; i < h->count; i++) {
		uint8_t how = carried_by(b, h->args[i].value).how;
		if (how != 0)
			all.items[all.count++] = (struct loan){.operand = h->args[i].value,
			                                       .through_object = !(how & CARRY_IS)};
	}
	if (carried_by(b, object).how != 0)
		all.items[all.count++] = (struct loan){.operand = object, .through_object = true};
	return all;
}

static void fill_def(const struct binder *b, struct work *w, const struct target *t)
{
	w->module = t->module;
	w->scope = t->scope;
	w->name = project_text(b->project, project_scope(b->project, t->module, t->scope)->name);
}

static void add_work(struct function *fn, struct work *w)
{
	if (w->loan_count > 0)
		fn->works[fn->work_count++] = *w;
}

/* create_task(work(db)): the coroutine's own call says what it is lent. */
static void add_coroutine(struct binder *b, struct work *w, ref coroutine)
{
	if (ref_kind(coroutine) != REF_KIND_TEMP)
		return;
	uint32_t made = ref_index(coroutine);
	if (b->cfg->events[made].kind != EV_CALL || !is_deferred(b, made))
		return;
	const struct event *e = &b->cfg->events[made];
	fill_def(b, w, &b->targets[made]);
	fill_loans(w, bind_loans(b, made, &b->targets[made], e->a, &b->cfg->args[e->first_arg],
	                         e->arg_count));
	add_work(b->fn, w);
}

static void add_handed(struct binder *b, uint32_t i, const struct hand_over *how)
{
	const struct event *e = &b->cfg->events[i];
	struct handed h = handed_of(b, e, how);
	struct work w = {.kind = how->kind, .event = i, .module = MODULE_NONE};
	if (how->coroutine) {
		add_coroutine(b, &w, h.callable);
		return;
	}
	unpack_partial(b, &h);
	struct callable c = callable_of_ref(b->scratch, b->project, b->fn->module, b->fn->scope,
	                                    b->cfg, h.callable);
	if (c.kind == CALLABLE_DEF) {
		struct target t = c.target;
		t.kind = TARGET_SCOPE;
		t.module = c.module;
		t.scope = c.scope;
		fill_def(b, &w, &t);
		fill_loans(&w, bind_loans(b, i, &t, handed_object(b, h.callable), h.args, h.count));
	} else {
		fill_loans(&w, unknown_loans(b, &h));
	}
	add_work(b->fn, &w);
}

static void add_deferred(struct binder *b, uint32_t i)
{
	const struct event *e = &b->cfg->events[i];
	struct work w = {.kind = WORK_DEFERRED, .event = i};
	fill_def(b, &w, &b->targets[i]);
	fill_loans(&w, bind_loans(b, i, &b->targets[i], e->a, &b->cfg->args[e->first_arg],
	                          e->arg_count));
	add_work(b->fn, &w);
}

void find_works(struct binder *b)
{
	uint32_t calls = 0;
	for (uint32_t i = 0; i < b->cfg->event_count; i++)
		calls += b->cfg->events[i].kind == EV_CALL;
	b->fn->works = arena_array(b->scratch, struct work, calls);
	for (uint32_t i = 0; i < b->cfg->event_count; i++) {
		if (b->cfg->events[i].kind != EV_CALL)
			continue;
		const struct hand_over *how = hand_over_of(b, &b->cfg->events[i]);
		if (how != NULL)
			add_handed(b, i, how);
		else if (is_deferred(b, i))
			add_deferred(b, i);
	}
}
