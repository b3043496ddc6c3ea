/*
 * record_format.h - how a record is laid out; the writer and the reader share it.
 *
 *   "IDLX" version  strings  facts  graph lengths  graphs
 *
 * Numbers are LEB128 varints, signed ones zigzagged. A string is named by its number in
 * the table, from 1. A span is the distance of its start from that of the span before it
 * (in a graph: from its scope's), and its length + 1, or 0 when it ends where the span before it
 * did. The span of a name is only its start; the name gives the length.
 *
 * An operand is (value << 3 | tag); a temporary counts back from its event. A graph is
 * its counts, its places, then block by block: (events << 2 | raise as before << 1 | goes on
 * to the next block), the events, and the edges that this has not said already.
 */
#ifndef IDLETX_FLOW_RECORD_FORMAT_H
#define IDLETX_FLOW_RECORD_FORMAT_H

#include "flow/cfg.h"

#define RECORD_MAGIC "IDLX"

/* Which parts an event of a kind may have beside flags and span. */
enum record_part { PART_NONE, PART_B, PART_NAME, PART_INDEX, PART_ARGS };

struct record_shape {
	bool op, a;
	uint8_t first, second; /* enum record_part: two that may be there; a bit says whether */
};

/* An event's first byte: its kind and these. */
enum {
	EVENT_KIND_MASK = 31,
	EVENT_HAS_FLAGS = 1 << 5,
	EVENT_HAS_FIRST = 1 << 6,
	EVENT_HAS_SECOND = 1 << 7,
	FLAG_HAS_NAME = 1 << 9,  /* among the flags: a name where the shape has none */
	FLAG_HAS_ARGS = 1 << 10, /* the same of arguments */
	FLAGS_ALL = (1 << 9) - 1,
};

/* An op's byte: the op, and whether the event's span is that of the event before it. */
enum { OP_MASK = 127, OP_SAME_SPAN = 128 };

enum { BLOCK_FALLS_THROUGH = 1 << 0, BLOCK_RAISES_ALIKE = 1 << 1, BLOCK_COUNT_SHIFT = 2 };

/* An expression's first byte: its kind and what follows it. */
enum {
	EXPR_KIND_MASK = 31,
	EXPR_HAS_TEXT = 1 << 5,
	EXPR_HAS_CHILDREN = 1 << 6,
	EXPR_HAS_SPAN = 1 << 7,
};

/* A scope's first number: kind, flags and what follows. */
enum {
	SCOPE_KIND_MASK = 3,
	SCOPE_FLAGS_SHIFT = 2,
	SCOPE_FLAGS_MASK = 15,
	SCOPE_IS_DECORATED = 1 << 6,
	SCOPE_HAS_LISTS = 1 << 7, /* decorators, bases or entries */
	SCOPE_HAS_RETURNS = 1 << 8,
};

/* A parameter's first byte. */
enum { PARAM_KIND_MASK = 7, PARAM_HAS_ANNOTATION = 1 << 3, PARAM_HAS_VALUE = 1 << 4 };

/* An import's first number, below its scope. */
enum {
	IMPORT_FLAGS_MASK = 3,
	IMPORT_SAME_MODULE = 1 << 2, /* as the import before it */
	IMPORT_SAME_NAME = 1 << 3,   /* the alias is the name   */
	IMPORT_SCOPE_SHIFT = 4,
};

/* A binding's first number, below its scope. */
enum {
	BINDING_HAS_ANNOTATION = 1 << 0,
	BINDING_HAS_VALUE = 1 << 1,
	BINDING_FROM_WITHIN = 1 << 2, /* its value is read in another scope */
	BINDING_SCOPE_SHIFT = 3,
};

/* How many of an event's arguments are plain is said with their number. */
enum { ARGS_PLAIN = 0, ARGS_MARKED = 1 };

extern const struct record_shape record_shapes[EV_COUNT];

#endif
