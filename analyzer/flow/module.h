/*
 * module.h - everything one source file says, ready for linking: its scopes
 * with their signatures, imports, declared expressions, entry-point matches,
 * suppression comments and control-flow graphs. It is what a record decodes
 * to. Names are ids of the interner it was decoded with; spans are bytes of
 * the file; nothing in it depends on another file or on the configuration.
 */
#ifndef IDLETX_FLOW_MODULE_H
#define IDLETX_FLOW_MODULE_H

#include "base/base.h"
#include "flow/cfg.h"

typedef uint32_t scope_id; /* index into module.scopes; 0 is the module body */
#define SCOPE_NONE UINT32_MAX
typedef uint32_t expr_id; /* index into module.exprs */
#define EXPR_NONE UINT32_MAX

/*
 * Declared expressions: decorators, annotations, defaults, base classes and
 * the right sides of assignments in module and class bodies. A tree in
 * preorder: the first child of node i is i+1, its next sibling is at
 * exprs[i].next, and children end at their parent's 'next'.
 */
enum expr_kind {
	EXPR_NAME,      /* dotted path of plain names: text is "a.b.c"              */
	EXPR_ATTRIBUTE, /* .text of the one child, which is no plain name           */
	EXPR_CALL,      /* children: callee, then arguments                         */
	EXPR_KEYWORD,   /* text=child, inside a call; text empty: **child           */
	EXPR_STARRED,   /* *child                                                   */
	EXPR_SUBSCRIPT, /* children: value, then the indices (a tuple's items)      */
	EXPR_TEXT,      /* a string literal: its content, or none for prose, long or escaped ones */
	EXPR_NUMBER,    /* text as written                                          */
	EXPR_CONSTANT,  /* text is None, True, False or ...                         */
	EXPR_SEQUENCE,  /* tuple, list or set of its children                       */
	EXPR_DICT,   /* children: EXPR_KEYWORD with text = constant string key, or anything else */
	EXPR_UNION,  /* a | b                                                    */
	EXPR_LAMBDA, /* scope is the lambda's scope                              */
	EXPR_CHOICE, /* `a if c else b`, `a or b`: the children are what it may be */
	EXPR_OTHER,  /* anything else; no children                               */
};

struct expr {
	enum expr_kind kind;
	name_id text;
	scope_id scope;
	uint32_t next; /* index after this subtree */
	struct span span; /* exact for a whole expression and for calls; else that of the nearest before */
};

enum scope_kind { SCOPE_MODULE, SCOPE_FUNCTION, SCOPE_LAMBDA, SCOPE_CLASS };

enum {
	SCOPE_ASYNC = 1 << 0,
	SCOPE_GENERATOR = 1 << 1, /* its own body yields */
	SCOPE_BROKEN = 1 << 2, /* holds a syntax error: lowered as far as it parses, no findings in it */
	SCOPE_STUB = 1 << 3, /* the body is only a docstring, `...`, pass or raise */
};

enum param_kind {
	PARAM_POSITIONAL_ONLY,
	PARAM_PLAIN,
	PARAM_KEYWORD_ONLY,
	PARAM_STAR,
	PARAM_DOUBLE_STAR
};

struct param {
	name_id name;
	enum param_kind kind;
	expr_id annotation, value; /* value: its default */
	struct span span;          /* of the name */
};

/*
 * A match of queries/entry_points.scm on the scope's decorators: "who runs
 * this function". 'kind' is the pattern's (#set! entry "...") word: http,
 * websocket, middleware, hook, task, scheduler, socketio, startup, fixture, command.
 */
struct entry_match {
	name_id kind;
	name_id receiver; /* dotted text of what the decorator is called on, or NAME_NONE */
	name_id method;   /* get, post, middleware, task, ... */
	name_id route;    /* first string argument, or NAME_NONE */
	struct span span; /* the decorator */
};

struct scope {
	enum scope_kind kind;
	uint32_t flags;
	scope_id parent;
	name_id name;     /* "<module>", "<lambda>", or as written */
	name_id qualname; /* "Class.method", "outer.<locals>.inner" */
	struct span span; /* from `def`, `async`, `class` or `lambda` to the end; decorators not included */
	struct span name_span;
	struct span decorated; /* with decorators; equals span without any */
	uint64_t body_hash; /* XXH3 of the body's tokens: unchanged by moving or renaming the function */
	uint32_t first_param, param_count;         /* module.params */
	uint32_t first_decorator, decorator_count; /* module.decorators, outermost first */
	uint32_t first_base, base_count;           /* module.bases (EXPR_KEYWORD included) */
	uint32_t first_entry, entry_count;         /* module.entries */
	expr_id returns;                           /* annotation */
};

enum {
	IMPORT_TYPE_CHECKING = 1 << 0, /* below `if TYPE_CHECKING:` */
	IMPORT_CONDITIONAL = 1 << 1,   /* below try, if, else       */
};

/* from MODULE import NAME as ALIAS; relative dots stand in front of 'module' as written. */
struct import {
	scope_id scope;
	uint32_t flags;
	name_id module;
	name_id name;  /* NAME_NONE for `import MODULE`, "*" for a star import */
	name_id alias; /* the name that is bound; for `import a.b.c` it is a   */
	struct span span;
};

/*
 * TARGET = VALUE (also annotated): a plain name in a module or class body, a global in a function
 * (scope: the module's), or `self.NAME` in a method (scope: its class). Of a local only the annotation
 * (scope: its function).
 */
struct binding {
	scope_id scope;
	scope_id from; /* where the value is read; 'scope' for what stands in a body itself */
	name_id name;
	expr_id annotation, value;
	struct span span;
};

/* `# idletx: ignore[rule, rule] -- reason`; rules keeps the text between the brackets. */
struct suppression {
	uint32_t line;     /* of the comment, from 1 */
	bool alone;        /* nothing but white space before it: it is about the next code line */
	uint32_t applies;  /* the line it is about, from 1 */
	struct str rules;  /* as written; empty when the brackets are missing */
	struct str reason; /* trimmed; empty when missing */
	struct span span;
};

struct module {
	struct str path;          /* relative to the root, '/' between parts */
	uint64_t content_hash[2]; /* XXH3-128 of the file's bytes */
	uint32_t size;            /* bytes */
	bool generated;      /* its head says so ("DO NOT EDIT", "@generated", "Generated by") */
	uint32_t error_line; /* line of the first syntax error, or 0 */
	uint32_t error_count;
	uint32_t unmodelled[UNMODELLED_COUNT];

	struct scope *scopes;
	struct param *params;
	expr_id *decorators, *bases;
	struct entry_match *entries;
	struct expr *exprs;
	struct import *imports;
	struct binding *bindings;
	struct suppression *suppressions;
	uint32_t *line_starts; /* byte offset of each line's first byte; line_count of them */
	uint32_t scope_count, param_count, decorator_count, base_count, entry_count, expr_count,
		import_count, binding_count, suppression_count, line_count;
};

/* Class.method, outer.<locals>.inner; 'parent' is NULL for the module. Interns the name made. */
name_id scope_qualname(struct interner *names, const struct scope *parent, name_id name);

/* Line (from 1) of a byte offset; offsets past the end give the last line. */
uint32_t module_line(const struct module *m, uint32_t offset);

#endif
