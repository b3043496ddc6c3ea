/*
 * solve.h - what every tracked resource may be at every point of one function:
 * a forward dataflow over the cfg, a worklist in reverse postorder, join at
 * block entry (Kildall 1973). The engine knows automata and values, not
 * libraries: a `plan`, made by program/bind.c, says what each event does.
 *
 * A state of the analysis is a set of disjuncts, told apart by their key: what
 * is known of at most four guarding conditions (`db is None`, `owns`), what at most four callees
 * have returned, as long as somebody may still ask, and which exits of `finally` bodies are under way. Within one disjunct each slot (a
 * place or temporary that can carry a resource) maps to a value, each
 * resource to a set of automaton states.
 */
#ifndef IDLETX_STATE_SOLVE_H
#define IDLETX_STATE_SOLVE_H

#include "flow/cfg.h"
#include "state/protocol.h"

/* ---- bounds: each is counted when hit, see struct solve_bounds ----------- */

#define RESOURCES_MAX 28 /* bits of value.is below the three constants */
#define SLOTS_MAX 96
#define CONDITIONS_MAX 4 /* guards that say whether a session is there, or is ours */
#define GUARDS_MAX 8     /* those, and what callees have returned */
#define DISJUNCTS_MAX 192
#define KEY_TOKENS_MAX 3 /* nested finally exits under way at once */

typedef uint16_t slot_id;
#define SLOT_NONE UINT16_MAX

/* What a slot may be (is) and what the object in it may hold on to (holds): bit i is resource i. */
struct value {
	uint32_t is, holds;
};

#define VALUE_NONE (1u << 28)  /* may be None */
#define VALUE_FALSE (1u << 29) /* may be falsy otherwise */
#define VALUE_OTHER (1u << 30) /* may be anything else that is true */
#define VALUE_ANY (VALUE_NONE | VALUE_FALSE | VALUE_OTHER)
#define VALUE_RESOURCES ((1u << RESOURCES_MAX) - 1)

/*
 * What a callee returned, as far as its callers ask. Its exits are kept apart by this, so that `if done is None` sees the
 * sessions as those exits leave them. The value of outcome i is VALUE_NONE << i.
 */
enum outcome { OUTCOME_NONE, OUTCOME_FALSE, OUTCOME_OTHER, OUTCOME_COUNT };

/* ---- the plan: what each event does --------------------------------------- */

enum action_kind {
	ACTION_NONE,
	ACTION_ACQUIRE, /* the event's temporary is resource 'resource', fresh; of an EV_NEXT that
	                     finds no more, 'effect' on the one before                    */
	ACTION_EFFECT,  /* 'effect' on what slot 'slot' is                                */
	ACTION_BORROW, /* 'effect' on every resource that an argument or slot 'slot' (a receiver) is or holds */
	ACTION_WRAP, /* the event's temporary holds what its arguments are or hold     */
	ACTION_SAME, /* the event's temporary is what slot 'slot' is                   */
	ACTION_UNPACK, /* of an EV_ASSIGN: the item it stores is the resource that the event 'b' made */
	ACTION_CALLEE, /* a function that was read; what it does is in 'transfers'        */
	ACTION_KEEP, /* slot 'slot' holds what the arguments are from now on: stack.callback(db.close) */
	ACTION_IS_BOUND, /* of an EV_TEST: `'db' in locals()`, db being slot 'slot'         */
	ACTION_ASKS_CLOSED, /* of an EV_TEST: `if conn.is_connected()`. What slot 'slot' is gets effect.normal where
	                         it holds and effect.raised where it does not: one of them closes or rolls back */
	ACTION_RELEASE_HELD, /* 'effect' on what slot 'slot' holds: leaving an ExitStack    */
	ACTION_SURVIVE, /* of an EV_CATCH: what it takes comes from no database, so no transaction was aborted */
};

struct wait;
struct lent;

/* What a callee does to what is in one slot: see states_through. */
struct transfer {
	slot_id slot;
	bool through_object; /* to what the object in the slot holds, not to what is in the slot itself */
	state_set normal, raised;          /* 0: it never returns, or never raises */
	bool tells;                        /* what it returns tells its exits apart: */
	state_set returned[OUTCOME_COUNT]; /* 'normal' by what it returns; 0: it never returns that */
	bool read;                         /* the callee was: what follows is known of it */
	state_set waits;         /* of a fresh resource while the callee waits for somebody else */
	state_set unanswered;    /* those of them that no rule looks at in a callee */
	const struct wait *wait; /* program/wait.h; NULL when it never does while it has it */
	const struct lent *lent; /* program/summary.h: where the callee has it; NULL: not read */
};

/* What a part of an object is once the object is in its place: the value that it was made with. */
struct part {
	slot_id slot;
	ref from; /* REF_NONE: anything */
};

/* One way on after a callee that tells its exits apart: its temporary is one of 'is' (VALUE_*) then. */
struct outcome_way {
	uint32_t is;
	enum outcome as; /* all of them leave the same states: those of this one */
};

struct action {
	enum action_kind kind;
	bool quiet; /* its RAISE edge is not followed: taken not to raise, or it swallows */
	bool sure;  /* its other way on is not followed: a clause that takes every exception, a
	                     manager that swallows none */
	bool through_view; /* of an EV_EXIT: it leaves a cursor or transaction, not its connection */
	bool passes; /* its temporary is what slot 'slot' is, besides the effect: conn.cursor() */
	bool wraps; /* its temporary holds what its arguments are, and what it acquires, besides the effect */
	bool gives; /* what is assigned, returned or passed as argument belongs to others afterwards */
	bool makes_object; /* an instance of a class, whatever else it does */
	bool reads; /* a generator is made that, however far it is run, has only run statements */
	bool own_only; /* of an EV_EXIT: 'effect' on 'resource' alone, not on what the manager was handed */
	slot_id slot;
	slot_id holder; /* of an EV_ASSIGN to a part: the object, which holds what is stored */
	slot_id handed_slot; /* of an EV_ENTER: it gives the resource that is here, if any, else one of its own */
	slot_id way_slot; /* then tells the two apart: VALUE_FALSE when it handed that on */
	uint16_t resource;
	uint8_t way_count; /* of 'ways', when they differ */
	uint16_t transfer_count;
	uint16_t part_count;
	const struct part *parts; /* of an EV_ASSIGN of an object whose parts are followed */
	const struct outcome_way *ways;
	const struct transfer *transfers; /* on what slots are or hold, whatever the kind */
	struct effect effect;
};

/* Who has to give a resource back. Only what is ours can be given away. */
enum ownership {
	OWNED_ELSEWHERE, /* injected, or a registry's: giving it away changes nothing */
	OWNED_BY_CALLER, /* lent: where it is kept, the caller may have given it away */
	OWNED_HERE,
};

struct plan_resource {
	const struct resource_kind *kind;
	enum ownership ownership;
	slot_id entry_slot;     /* the place it is in when the function is entered, or SLOT_NONE */
	uint32_t entry_others;  /* VALUE_*: what else that place may be then */
	state_set entry_states; /* what it is then; 0 when the function makes it */
};

struct plan {
	const struct cfg *cfg;
	struct action *actions;     /* per event */
	slot_id *place_slots;       /* per place: its slot or SLOT_NONE */
	slot_id *temp_slots;        /* per event: the slot of its temporary or SLOT_NONE */
	struct value *entry_values; /* per slot; nothing for what is not bound or made yet */
	slot_id guards[GUARDS_MAX]; /* slots whose truth or None-ness tells disjuncts apart */
	uint8_t passing; /* bit i: guard i is forgotten where nobody can ask for it any more: */
	const uint8_t *asked; /* per block: the guards that may be asked for from there on; NULL: no bit in 'passing' */
	uint32_t guard_count, slot_count, resource_count;
	struct plan_resource *resources;
};

/* ---- the solution --------------------------------------------------------- */

struct disjunct {
	uint64_t key;
	state_set *states;    /* per resource; 0: not acquired on the way here */
	struct value *values; /* per slot */
	struct disjunct *next;
	bool pending; /* changed since its block was last processed */
};

struct solve_bounds {
	uint32_t disjuncts, tokens;
};

struct solution {
	const struct plan *plan;
	struct disjunct **at_entry; /* per block: a list, NULL when not reached */
	struct solve_bounds bounds;
};

/* Solves to the fixpoint from the function's entry. All memory is 'scratch'. */
void solve(struct arena *scratch, const struct plan *plan, struct solution *out);

/* The same from the start of 'block' with one disjunct: what can follow from there. */
void solve_from(struct arena *scratch, const struct plan *plan, block_id block,
                const struct disjunct *start, struct solution *out);

/*
 * The disjuncts just before (after = false) or just after one event, on its
 * normal way on. NULL when it is not reached. The solution's own where nothing
 * in the block before has changed them, else in 'scratch'.
 */
const struct disjunct *solution_at(struct arena *scratch, const struct solution *s, uint32_t event,
                                   bool after);

/* All states of one resource at that point; 0 when not reached or not acquired. */
state_set solution_states(struct arena *scratch, const struct solution *s, uint32_t event,
                          bool after, uint32_t resource);

/* ---- one step, for whoever follows paths himself ------------------------- */

/* Where a disjunct goes from the end of a block; it may be one that came in there. */
typedef void step_fn(void *arg, block_id to, enum edge_kind edge, const struct disjunct *d);

/* Runs the events of one block over 'in', which is left as it is, and hands each way out to 'out'. */
void solve_block(struct arena *scratch, const struct plan *plan, block_id block,
                 const struct disjunct *in, struct solve_bounds *bounds, step_fn *out, void *arg);

/* Which exits of finally bodies are under way, as one number; 0: none */
uint64_t disjunct_tokens(const struct disjunct *d);

/* The slot of an operand, or SLOT_NONE. */
slot_id plan_slot(const struct plan *p, ref r);

/* The one resource that the value in a slot is; RESOURCES_MAX when it is none, or may be several. */
uint32_t disjunct_resource(const struct disjunct *d, slot_id slot);

/* The same of values joined: their 'is'. */
uint32_t value_resource(uint32_t is);

/* What an operand may be; VALUE_ANY for what has no slot and whose text says nothing. */
struct value disjunct_value(const struct plan *p, const struct disjunct *d, ref r);

#endif
