/*
 * bind_retained.c - who hands a connection to somebody unknown and then closes it himself has not given it away:
 * `convert(conn, rows); conn.close()`. What the unknown call raises leaves it open. Where some way to return does
 * not close it, whoever was called may be the one to do it, and nothing is known.
 */
#include "program/bind_internal.h"

#define VISITS_MAX                                                                                 \
	4096 /* blocks walked through for one function; further calls are taken to keep what they get */

/* Is what the function has to do with one connection, which it makes itself? */
static bool makes_one(const struct binder *b)
{
	uint32_t count = 0;
	for (uint32_t r = 0; r < b->resource_count; r++)
		if (b->resources[r].kind->layer == LAYER_CONNECTION) {
			count++;
			if (b->resources[r].origin != ORIGIN_FACTORY)
				return false;
		}
	return count == 1;
}

/* A connection, or a cursor of one. */
static bool is_connection(struct carried c)
{
	return (c.how & CARRY_IS) != 0 && kind_itself(c.kind)->layer == LAYER_CONNECTION;
}

/* Is the connection closed by this event, when nothing raises? */
static bool is_close(const struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	const struct action *a = &b->fn->plan.actions[event];
	return a->kind == ACTION_EFFECT && a->effect.normal == DO_CLOSE && a->slot != SLOT_NONE &&
	       (is_connection(carried_by(b, e->a)) || is_connection(carried_by_args(b, e)));
}

/* What the walk meets in one block. */
enum met { MET_NOTHING, MET_CLOSE, MET_WAY_OUT };

static enum met walk_block(const struct binder *b, block_id block)
{
	const struct block *at = &b->cfg->blocks[block];
	for (uint32_t i = at->first_event; i < at->first_event + at->event_count; i++) {
		if (is_close(b, i))
			return MET_CLOSE;
		if (b->cfg->events[i].kind == EV_LEAVE)
			return MET_WAY_OUT;
	}
	return MET_NOTHING;
}

/* Does every way on from the event that raises nothing come to a close? */
static bool is_closed_after(struct binder *b, uint32_t event)
{
	const struct cfg *cfg = b->cfg;
	if (b->retained_visits >= VISITS_MAX)
		return false;
	bool *seen = arena_array(b->scratch, bool, cfg->block_count);
	block_id *open = arena_array(b->scratch, block_id, cfg->block_count * 2 + 2);
	uint32_t count = 0;
	bool closed = false;
	const struct block *own = &cfg->blocks[cfg_block_of(cfg, event)];
	open[count++] = own->succ[EDGE_NEXT];
	open[count++] = own->succ[EDGE_FALSE];
	while (count > 0) {
		block_id at = open[--count];
		if (at == BLOCK_NONE || seen[at])
			continue;
		if (b->retained_visits++ == VISITS_MAX)
			return false;
		seen[at] = true;
		enum met met = walk_block(b, at);
		if (met == MET_WAY_OUT)
			return false;
		closed |= met == MET_CLOSE;
		if (met == MET_CLOSE)
			continue;
		open[count++] = cfg->blocks[at].succ[EDGE_NEXT];
		open[count++] = cfg->blocks[at].succ[EDGE_FALSE];
	}
	return closed;
}

/* keep.append(conn), executor.submit(f, conn): by its name it keeps what it gets, or runs on with it. */
static bool is_keeper(const struct binder *b, const struct event *e)
{
	static const char *const keeping[] = {"append",     "add",    "put",    "put_nowait",
	                                      "insert",     "push",   "submit", "setdefault",
	                                      "register",   "start",  "Thread", "create_task",
	                                      "appendleft", "extend", "Process"};
	for (size_t i = 0; i < ARRAY_LEN(keeping); i++)
		if (call_is(b, e, keeping[i]))
			return true;
	return false;
}

bool is_retained(struct binder *b, uint32_t event)
{
	const struct event *e = &b->cfg->events[event];
	return is_connection(carried_by_args(b, e)) && !is_release_given(b, e) &&
	       !is_keeper(b, e) && makes_one(b) && is_closed_after(b, event);
}
