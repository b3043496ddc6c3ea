/*
 * cfg.h - the control-flow graph of one scope (function, lambda, class body or
 * module body): basic blocks of purely syntactic events. An event says what
 * the text says (call a.b(c)); what a call does to a session is decided later,
 * from protocols, summaries and configuration. So a cfg depends on the bytes
 * of one file and nothing else.
 *
 * Values. Every event that yields a value is named by its index: REF_TEMP(i).
 * An operand is a ref: nothing, a temporary, a place (local, global or a path
 * of at most three steps), or a constant. Reading a place is not an event.
 *
 * Raising. A block ends after each event that may raise, so a raise edge
 * leaves exactly after (or before the effect of) that one event: the last one
 * of its block. `finally` bodies are lowered once; which exit is under way is
 * a token: a synthetic local (PLACE_TOKEN) that is set to a small number before
 * the body and tested after it (EV_TOKEN, OP_TOKEN_IS). `with` exits are one event and are
 * repeated for each exit instead.
 */
#ifndef IDLETX_FLOW_CFG_H
#define IDLETX_FLOW_CFG_H

#include "base/base.h"

typedef uint32_t block_id;
#define BLOCK_NONE UINT32_MAX

/* ---- operands ---------------------------------------------------------- */

typedef uint32_t ref; /* kind in the upper 3 bits, index in the lower 29 */

enum ref_kind {
	REF_KIND_NONE,  /* no operand, or a value we do not model */
	REF_KIND_TEMP,  /* index of the event that made the value */
	REF_KIND_PLACE, /* index into cfg.places                  */
	REF_KIND_CONST, /* enum const_kind                        */
	REF_KIND_TEXT,  /* a string literal: its name_id          */
};

enum const_kind { CONST_NONE, CONST_TRUE, CONST_FALSE, CONST_ELLIPSIS, CONST_NUMBER, CONST_ZERO };

#define REF_NONE ((ref)0)
#define REF_MAKE(kind, index) (((ref)(kind) << 29) | (ref)(index))
#define REF_TEMP(i) REF_MAKE(REF_KIND_TEMP, i)
#define REF_PLACE(i) REF_MAKE(REF_KIND_PLACE, i)
#define REF_CONST(c) REF_MAKE(REF_KIND_CONST, c)
#define REF_TEXT(name) REF_MAKE(REF_KIND_TEXT, name)

static inline enum ref_kind ref_kind(ref r)
{
	return (enum ref_kind)(r >> 29);
}

static inline uint32_t ref_index(ref r)
{
	return r & 0x1fffffffu;
}

/* ---- places ------------------------------------------------------------ */

enum place_root {
	PLACE_LOCAL,  /* parameter or name bound in this scope; a comprehension's target, which
	                 is called x' where x is bound beside it                          */
	PLACE_FREE,   /* bound in an enclosing function (nonlocal included)               */
	PLACE_GLOBAL, /* module global or builtin; in a module body every other name is this */
	PLACE_TOKEN,  /* synthetic: which exit is under way in a finally; root is its number */
};

enum step_kind {
	STEP_ATTRIBUTE, /* .name                              */
	STEP_ELEMENT,   /* ["name"] with a string constant    */
	STEP_ITEM, /* [0] with a number that is no more than ITEM_DIGITS_MAX digits; name is these */
	STEP_INDEX, /* [anything else]; name is NAME_NONE */
};

#define PLACE_STEPS_MAX 3
#define ITEM_DIGITS_MAX 2

/* root.step.step.step; 'self.db' is LOCAL self, ATTRIBUTE db. */
struct place {
	enum place_root root_kind;
	name_id root;
	uint8_t step_count;
	struct {
		enum step_kind kind;
		name_id name;
	} steps[PLACE_STEPS_MAX];
};

/* ---- events ------------------------------------------------------------ */

/*
 * 'a', 'b', 'name' and 'args' by kind. A value is made where "-> t" stands.
 * "raise" marks the kinds that may raise and therefore end their block.
 */
enum event_kind {
	EV_CALL,   /* -> t raise. a.name(args), or a(args) when name is NAME_NONE. Receiver and
	               callee path of x.y.z(..): a is the place x.y, name is z.                    */
	EV_ASSIGN, /* a (a place) = b; index says which item of b: 0 all of it, i+1 the i-th of an
	               unpacking. flags: EVF_AUGMENTED for +=, EVF_BINDING for import/def/class,
	               EVF_STAR for *a. a is REF_NONE for a target that is no place (f().x = b): the
	               value is stored where we do not look; name is then the attribute, if it is one.
	               args: the key of a target that ends in a STEP_INDEX, `overrides[get_db] = f`   */
	EV_ATTR,   /* -> t. attribute 'name' of the temporary a, or of a place: EVF_DISCARDED, the
	               statement `x.close`, or behind the last step that a place has room for      */
	EV_ELEMENT, /* -> t. a[b] of a temporary; index: i+1 for the i-th item, 0 when b says which */
	EV_BUILD, /* -> t. a new value from args; op says of what kind (enum build_op)           */
	EV_CLOSURE, /* -> t. function or class 'index' of the module is made here; args: its
	               decorators, innermost first (REF_TEMP or REF_PLACE)                          */
	EV_COMPARE, /* -> t. a test used as a value; op: enum test_op, a and b its operands        */
	EV_TEST,   /* ends its block: TRUE and FALSE edges. op, a, b as in EV_COMPARE             */
	EV_ENTER,  /* -> t raise. with a: ...  (flags EVF_ASYNC); t is what `as` binds            */
	EV_EXIT,   /* raise. leaves the with whose EV_ENTER is the temporary a; op: enum exit_op.
	               With EXIT_RAISED the normal edge means "the manager swallowed it".           */
	EV_ITER,   /* -> t raise. iter(a) of a for loop or comprehension (EVF_ASYNC)              */
	EV_NEXT,   /* -> t raise. next item of the EV_ITER temporary a; TRUE edge: there is one,
	               FALSE edge: exhausted                                                        */
	EV_YIELD,  /* -> t raise. yield a (EVF_FROM: yield from a). GeneratorExit is a raise      */
	EV_AWAIT,  /* -> t raise. await of something that is not a call                           */
	EV_RAISE,  /* raise. raise a from b; a is REF_NONE for a bare raise. Only a RAISE edge    */
	EV_ASSERT, /* raise. the failing branch of an assert. Only a RAISE edge                   */
	EV_CATCH,  /* head of an except clause. args: the types (none: a bare except); a: the
	               place bound or REF_NONE. flags EVF_STAR for except*. TRUE edge: it matches,
	               FALSE edge: the next clause or the way out; a bare except has none. A raise
	               statement in the body passes copies of the clauses, so that it leaves as itself */
	EV_DELETE, /* del a                                                                       */
	EV_RETURN, /* the value of a return statement is a; finally and with exits follow         */
	EV_TOKEN, /* place a (PLACE_TOKEN) becomes 'index'; TOKEN_DONE: its finally is over       */
	EV_LEAVE, /* the very last event before the exit: op is enum leave_op, span is the
	               statement (return, raise) or the last line (fall-off) that leaves; for
	               LEAVE_IMPLICIT the function's name. a: the returned value                    */
	EV_UNMODELLED, /* something the lowering does not model; index: enum unmodelled            */
	EV_COUNT,
};

enum build_op {
	BUILD_TUPLE,
	BUILD_LIST,
	BUILD_SET,
	BUILD_DICT, /* args: values, keyword = constant string key or NAME_NONE; ** is ARG_DOUBLE_STAR */
	BUILD_STRING,        /* f-string or concatenation of its parts                 */
	BUILD_OPERATION,     /* arithmetic, unary, slice: the operands                 */
	BUILD_CHOICE,        /* `a or b`, `a if c else b`: one of the args, after a join */
	BUILD_COMPREHENSION, /* list, set or dict comprehension; args: the element(s) */
	BUILD_GENERATOR,     /* generator expression: its body is lowered in place     */
};

/* What a branch asks. TRUE means it holds. `not` swaps the edges or sets EVF_NEGATED. */
enum test_op {
	OP_TRUTH,       /* bool(a)                         */
	OP_IS_NONE,     /* a is None, a == None            */
	OP_EQUAL,       /* a == b with b a constant or text */
	OP_IS_INSTANCE, /* isinstance(a, b)                */
	OP_TOKEN_IS,    /* token place a holds 'index'     */
	OP_MATCHES,     /* a case pattern of a match statement matches a */
	OP_SAME,        /* a is b of two values, neither a constant     */
	OP_OTHER,       /* any other condition; operands a and b        */
};

#define TOKEN_DONE UINT32_MAX

enum exit_op { EXIT_NORMAL, EXIT_RAISED };

enum leave_op { LEAVE_RETURN, LEAVE_FALL_OFF, LEAVE_RAISE, LEAVE_IMPLICIT };

enum unmodelled {
	UNMODELLED_NONE,
	UNMODELLED_DEPTH,  /* nested deeper than LOWER_DEPTH_MAX            */
	UNMODELLED_SYNTAX, /* an ERROR node, or a construct of Python 2      */
	UNMODELLED_TOKENS, /* more than LOWER_TOKENS_MAX exits of a finally: merged by kind */
	UNMODELLED_SIZE,   /* more events than LOWER_EVENTS_MAX in one scope */
	UNMODELLED_COUNT,
};

enum {
	EVF_ASYNC = 1 << 0,   /* async with, async for, async comprehension              */
	EVF_AWAITED = 1 << 1, /* EV_CALL: `await f(..)`; awaiting is part of this event   */
	EVF_DISCARDED =
		1 << 2, /* EV_CALL, EV_YIELD, EV_AWAIT, EV_ATTR: an expression statement; nobody takes the value */
	EVF_NEGATED = 1 << 3, /* EV_COMPARE: the value is the negation of the test        */
	EVF_FROM = 1 << 4,    /* yield from                                               */
	EVF_AUGMENTED = 1 << 5,
	EVF_BINDING = 1 << 6,
	EVF_STAR = 1 << 7,
	EVF_MANAGER_RETURNS = 1 << 8, /* EV_EXIT: run because of return, break or continue   */
};

enum { ARG_STAR = 1 << 0, ARG_DOUBLE_STAR = 1 << 1 };

struct arg {
	ref value;
	name_id keyword; /* NAME_NONE when positional */
	uint32_t flags;
};

struct event {
	enum event_kind kind;
	uint8_t op;
	uint16_t flags;
	uint32_t index;
	struct span span; /* byte range in the file; for EV_CALL the whole call expression */
	ref a, b;
	name_id name;
	uint32_t first_arg, arg_count; /* in cfg.args */
};

/* ---- blocks ------------------------------------------------------------ */

enum edge_kind {
	EDGE_NEXT, /* also TRUE of a block that ends in a test */
	EDGE_FALSE,
	EDGE_RAISE,
	EDGE_COUNT,
};

/* A run of events with one entry. BLOCK_NONE where there is no such edge. */
struct block {
	uint32_t first_event, event_count;
	block_id succ[EDGE_COUNT];
};

/*
 * Block 0 is the entry. A block whose last event is EV_LEAVE has no successor;
 * every other block has at least one. Blocks are in reverse postorder of the
 * lowering, unreachable ones are left out.
 */
struct cfg {
	struct event *events;
	struct arg *args;
	struct place *places;
	struct block *blocks;
	uint32_t event_count, arg_count, place_count, block_count;
	uint32_t token_count; /* PLACE_TOKEN roots are 0 to token_count-1 */
};

/*
 * What an EV_ASSIGN stores: its right side, or the item of it that is unpacked when that stands there as a list
 * or tuple. REF_NONE when it is not known.
 */
ref event_stored(const struct cfg *c, const struct event *e);

/* The block of an event. */
block_id cfg_block_of(const struct cfg *cfg, uint32_t event);

/* Is the event reached only through that edge of the block 'from'? False for an event of that block. */
bool cfg_only_through(struct arena *scratch, const struct cfg *c, block_id from,
                      enum edge_kind edge, uint32_t event);

/* Does it make a value, so that REF_TEMP may name it? */
bool event_makes_value(const struct event *e);

/* Which edges a block has that ends with 'last' (NULL: an empty block): bits 1 << enum edge_kind. */
unsigned event_edges(const struct event *last);

#endif
