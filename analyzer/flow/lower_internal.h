/*
 * lower_internal.h - what the files of the lowering share. A statement or expression
 * is lowered by a function that appends to the current block. Where control may leave
 * it is a stack of frames: loops, handlers, with and finally.
 */
#ifndef IDLETX_FLOW_LOWER_INTERNAL_H
#define IDLETX_FLOW_LOWER_INTERNAL_H

#include "flow/lower.h"

/* How control leaves a statement other than by running into the next one. */
enum way_kind { WAY_FALL, WAY_IMPLICIT, WAY_RETURN, WAY_RAISE, WAY_BREAK, WAY_CONTINUE, WAY_COUNT };

struct way {
	enum way_kind kind;
	struct span span; /* of the statement */
	ref value;        /* of a return */
	bool merged;      /* stands for several of its kind */
};

/* An exit that is under way while a finally runs. Its number is its place in the list. */
struct token {
	struct way way;
	block_id after; /* where WAY_FALL goes on */
	uint32_t next;  /* in lower.tokens, UINT32_MAX at the end */
};

enum frame_kind { FRAME_LOOP, FRAME_TRY, FRAME_WITH, FRAME_FINALLY };

struct frame {
	enum frame_kind kind;
	uint32_t outer_loop;  /* index of the frame of the loop around, or UINT32_MAX */
	uint32_t outer_raise; /* of the nearest frame outside that is no loop, or UINT32_MAX */
	block_id raise;       /* where implicit raises go; BLOCK_NONE until there is one */
	block_id after;       /* break, the end of try and with */
	block_id head;        /* continue; the body of finally */
	struct event exit;    /* of a with: the EV_EXIT to repeat */
	uint32_t first_handler, handler_count;         /* of a try, in lower.handlers */
	uint32_t first_token, last_token, token_count; /* of a finally, in lower.tokens */
	uint32_t place;                                /* of a finally: its token */
};

struct handler {
	uint32_t node; /* AST_EXCEPT */
	struct event catch_event;
	bool copyable; /* its types are places: nothing is computed for them */
	block_id body;
};

/* What a name means at the moment: index 0 of 'meanings' is "a global". */
struct meaning {
	scope_id scope; /* that binds it, SCOPE_NONE: global */
	name_id root;   /* the name of its place; differs where a comprehension hides another */
	bool local;     /* a comprehension's own name, also in a module */
};

struct undo {
	name_id name;
	struct meaning old;
};

struct lower {
	struct ast *ast;
	struct scopes *scopes;
	struct facts *facts;
	struct build build;

	/* of the graph at hand */
	scope_id scope;
	const struct ast_node *nodes; /* ast->nodes */
	struct frame *frames;
	struct token *tokens;
	struct handler *handlers;
	uint32_t loop;  /* index of the innermost loop's frame, or UINT32_MAX */
	uint32_t raise; /* index of the innermost frame that takes raises, or UINT32_MAX */
	block_id implicit_leave;
	unsigned nesting;
	uint32_t copies, copies_max;
	unsigned conditional, type_checking; /* how many such statements are around */

	/* stacks of operands */
	struct arg *args;
	uint32_t *spine;

	/* names */
	struct meaning *meanings; /* by name_id */
	struct undo *undo;
	struct meaning *kept; /* of nonlocal names, while a scope is entered */
	struct entered {
		scope_id scope;
		uint32_t undo_count;
	} * entered;
	name_id isinstance, type_checking_name;
};

/* ---- lower.c: names and places ----------------------------------------------------- */

struct place lower_name(const struct lower *l, name_id name);
ref lower_place(struct lower *l, const struct place *p);
/* Gives the names of a comprehension's target their meaning; lower_forget takes it back. */
uint32_t lower_remember(struct lower *l, uint32_t target);
void lower_forget(struct lower *l, uint32_t mark);

/* Marks what is not lowered and counts it. */
void lower_unmodelled(struct lower *l, enum unmodelled what, struct span span);
/* True, after marking it, when there is no room for more. */
bool lower_is_full(struct lower *l, uint32_t node);

/* ---- lower_expression.c --------------------------------------------------------------- */

ref lower_value(struct lower *l, uint32_t node);
/* `x.close` as a statement: the attribute is read and nobody takes it. */
void lower_mention(struct lower *l, uint32_t node);
/* Lowers the items from 'node' on as arguments and appends an event with them. */
uint32_t lower_with_args(struct lower *l, struct event e, uint32_t mark);
void lower_push_arg(struct lower *l, ref value, name_id keyword, uint32_t flags);
ref lower_build(struct lower *l, enum build_op op, struct span span, uint32_t mark);
/*
 * The place of a target, or REF_NONE when it is none; computes what stands in it. Fills 'key', if that is no NULL, with
 * what its last subscript computes, or REF_NONE.
 */
ref lower_target(struct lower *l, uint32_t node, name_id *name, ref *key);
uint32_t lower_raising(struct lower *l, struct event e);
/* Assigns 'value' to a target, taking it apart where the target is a list. */
void lower_assign(struct lower *l, uint32_t target, ref value, struct event like);

/* ---- lower_branch.c ------------------------------------------------------------------- */

void lower_branch(struct lower *l, uint32_t node, block_id yes, block_id no);
ref lower_comparison(struct lower *l, uint32_t node);
ref lower_boolean(struct lower *l, uint32_t node);
ref lower_conditional(struct lower *l, uint32_t node);
void lower_test(struct lower *l, struct event e, bool negated, block_id yes, block_id no);
/* isinstance(a, b) as a test: fills op, a and b. */
bool lower_is_instance(struct lower *l, uint32_t call, struct event *e);

/* ---- lower_comprehension.c -------------------------------------------------------------- */

ref lower_comprehension(struct lower *l, uint32_t node);

/* ---- lower_exit.c: frames --------------------------------------------------------------- */

struct frame *frame_push(struct lower *l, enum frame_kind kind);
struct frame frame_pop(struct lower *l);
/* Where an implicit raise goes from here. */
block_id frame_raise_target(struct lower *l);
/* Leaves by 'way' through all frames around; afterwards nothing is reachable here. */
void frame_leave(struct lower *l, struct way way);
/* The number by which a finally knows this exit. */
void frame_enter_finally(struct lower *l, uint32_t frame, struct way way);
/* After the finally's body: goes on, exit by exit. 'f' is popped already. */
void frame_continue(struct lower *l, const struct frame *f);

/* ---- lower_statement.c, lower_try.c, lower_match.c ------------------------------------------- */

void lower_block(struct lower *l, uint32_t node);
void lower_try(struct lower *l, uint32_t node);
void lower_with(struct lower *l, uint32_t node);
void lower_match(struct lower *l, uint32_t node);
void lower_import(struct lower *l, uint32_t node);
void lower_definition(struct lower *l, uint32_t node, uint32_t decorated);
void lower_assignment(struct lower *l, uint32_t node);
void lower_type_alias(struct lower *l, uint32_t node);

/* The next child of 'parent' after 'i' that is no error; 0 at the end. */
static inline uint32_t next_child(const struct lower *l, uint32_t parent, uint32_t i)
{
	uint32_t k = i == 0 ? parent + 1 : l->nodes[i].next;

	while (k < l->nodes[parent].next && l->nodes[k].kind == AST_ERROR)
		k = l->nodes[k].next;
	return k < l->nodes[parent].next ? k : 0;
}

static inline struct span node_span(const struct lower *l, uint32_t i)
{
	return ast_span(&l->nodes[i]);
}

static inline enum ast_kind node_kind(const struct lower *l, uint32_t i)
{
	return (enum ast_kind)l->nodes[i].kind;
}

#endif
