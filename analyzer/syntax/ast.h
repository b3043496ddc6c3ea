/*
 * ast.h - one file's syntax, compact: named nodes in preorder, without
 * punctuation, parentheses and comments. The children of node i start at i+1,
 * the next sibling of a child is at its 'next'. It is all that outlives the
 * tree-sitter tree.
 */
#ifndef IDLETX_SYNTAX_AST_H
#define IDLETX_SYNTAX_AST_H

#include "base/base.h"

enum ast_kind {
	AST_NONE,
	AST_ERROR, /* of the parser; its children are what could be read */
	AST_MODULE,
	AST_BLOCK,
	/* statements */
	AST_IMPORT,      /* (DOTTED_NAME | ALIASED_IMPORT)*                           */
	AST_IMPORT_FROM, /* DOTTED_NAME, then as IMPORT or a WILDCARD                 */
	AST_FUTURE_IMPORT,
	AST_ALIASED_IMPORT, /* DOTTED_NAME, NAME                                        */
	AST_WILDCARD,
	AST_DOTTED_NAME, /* name: the text, relative dots included, without space     */
	AST_PRINT,       /* Python 2                                                  */
	AST_EXEC,        /* Python 2                                                  */
	AST_ASSERT,
	AST_EXPRESSION, /* one expression, or the items of a tuple                   */
	AST_RETURN,
	AST_DELETE,
	AST_RAISE, /* value?, cause? after TOKEN_FROM                           */
	AST_PASS,
	AST_BREAK,
	AST_CONTINUE,
	AST_GLOBAL,
	AST_NONLOCAL,
	AST_TYPE_ALIAS,
	AST_IF, /* condition, BLOCK, ELIF*, ELSE?                            */
	AST_ELIF,
	AST_ELSE,
	AST_MATCH, /* subject+, BLOCK of CASE                                   */
	AST_CASE,  /* CASE_PATTERN+, IF_CLAUSE?, BLOCK                          */
	AST_FOR,   /* target, iterable, BLOCK, ELSE?                            */
	AST_WHILE,
	AST_TRY,    /* BLOCK, EXCEPT*, ELSE?, FINALLY?                           */
	AST_EXCEPT, /* type*, BLOCK; a type may be AS_PATTERN; AST_STARRED: except* */
	AST_FINALLY,
	AST_WITH, /* WITH_ITEM+, BLOCK                                         */
	AST_WITH_ITEM,
	AST_DECORATED, /* DECORATOR+, FUNCTION or CLASS                             */
	AST_DECORATOR,
	AST_FUNCTION, /* NAME, TYPE_PARAMETERS?, PARAMETERS, TYPE?, BLOCK          */
	AST_CLASS,    /* NAME, TYPE_PARAMETERS?, ARGUMENTS?, BLOCK                 */
	/* parts of them */
	AST_ARGUMENTS, /* of a class; those of a call are the call's own children   */
	AST_PARAMETERS,
	AST_DEFAULT_PARAMETER,       /* name, value                                     */
	AST_TYPED_PARAMETER,         /* name or STAR, TYPE                              */
	AST_TYPED_DEFAULT_PARAMETER, /* name, TYPE, value                               */
	AST_KEYWORD_SEPARATOR,
	AST_POSITIONAL_SEPARATOR,
	AST_TYPE_PARAMETERS,
	AST_TYPE, /* an annotation                                             */
	/* patterns of case */
	AST_CASE_PATTERN, /* no child: the wildcard                                    */
	AST_UNION_PATTERN,
	AST_DICT_PATTERN,
	AST_KEYWORD_PATTERN,
	AST_SPLAT_PATTERN,
	AST_CLASS_PATTERN, /* DOTTED_NAME, CASE_PATTERN*                                */
	AST_COMPLEX_PATTERN,
	AST_AS_PATTERN, /* expression or pattern, then the target after TOKEN_AS     */
	/* expressions */
	AST_NAME,
	AST_NUMBER,
	AST_STRING, /* name: its content if short and no prose; children: the parts of an f-string */
	AST_CONCATENATED,
	AST_TRUE,
	AST_FALSE,
	AST_NULL, /* None                                                      */
	AST_ELLIPSIS,
	AST_ATTRIBUTE, /* name; the one child is the object                         */
	AST_SUBSCRIPT, /* value, index+                                             */
	AST_SLICE,
	AST_CALL,        /* callee, arguments                                         */
	AST_KEYWORD,     /* name; the one child is the value                          */
	AST_STAR,        /* *x in any place                                           */
	AST_DOUBLE_STAR, /* **x                                                       */
	AST_TUPLE,       /* also bare lists of expressions and of targets             */
	AST_LIST,
	AST_SET,
	AST_DICT, /* (PAIR | DOUBLE_STAR)*                                     */
	AST_PAIR,
	AST_LIST_COMPREHENSION, /* element, then FOR_IN and IF_CLAUSE                   */
	AST_SET_COMPREHENSION,
	AST_DICT_COMPREHENSION,
	AST_GENERATOR,
	AST_FOR_IN, /* target, iterable+                                         */
	AST_IF_CLAUSE,
	AST_CONDITIONAL, /* value, condition, other value                             */
	AST_NOT,
	AST_BOOLEAN, /* left, right with TOKEN_AND or TOKEN_OR                     */
	AST_BINARY,  /* left, right with its operator                             */
	AST_UNARY,
	AST_COMPARISON, /* operands, each but the first with its operator            */
	AST_LAMBDA,     /* PARAMETERS?, body                                         */
	AST_NAMED,      /* NAME := value                                             */
	AST_YIELD,      /* value? (TOKEN_FROM)                                       */
	AST_AWAIT,
	AST_ASSIGN,    /* target, TYPE?, value?                                     */
	AST_AUGMENTED, /* target, value                                             */
	AST_KIND_COUNT,
};

/* The word or sign in front of a node, where it carries meaning. */
enum ast_token {
	TOKEN_NONE,
	TOKEN_AS,
	TOKEN_FROM,
	TOKEN_IN,
	TOKEN_NOT_IN,
	TOKEN_IS,
	TOKEN_IS_NOT,
	TOKEN_EQUAL,     /* == */
	TOKEN_NOT_EQUAL, /* != and <> */
	TOKEN_LESS,      /* any order comparison */
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_PIPE,
	TOKEN_DOT,
	TOKEN_MINUS,
	TOKEN_OPERATOR, /* any other operator */
	TOKEN_ASYNC,    /* becomes AST_ASYNC of the parent */
	TOKEN_STAR,     /* becomes AST_STARRED of the parent */
};

enum {
	AST_ASYNC = 1 << 0,
	AST_STARRED = 1 << 1,
	AST_BYTES = 1 << 2,  /* a bytes literal                                          */
	AST_FORMAT = 1 << 3, /* an f-string or template string                            */
	AST_BROKEN = 1 << 4, /* something is missing or wrong here, as the parser says    */
	AST_STRING_MAX = 64, /* longer literals keep no content                           */
};

struct ast_node {
	uint8_t kind; /* enum ast_kind */
	uint8_t lead; /* enum ast_token */
	uint8_t flags;
	uint32_t start, end; /* bytes */
	uint32_t next;       /* index after this subtree */
	name_id name;
};

/* A `# idletx:` comment. */
struct ast_comment {
	uint32_t start, end;
};

/* A match of queries/entry_points.scm. */
struct ast_entry {
	uint32_t definition; /* start of the decorated definition */
	struct span decorator;
	name_id kind, receiver, method, route;
};

/* Everything extracted from one file. Arrays are stb_ds's, kept from file to file. */
struct ast {
	struct str text; /* borrowed */
	struct interner *names;
	struct ast_node *nodes;
	struct ast_comment *comments;
	struct ast_entry *entries; /* in source order */
	uint32_t error_count;
	uint32_t error_offset; /* of the first error */
};

static inline struct span ast_span(const struct ast_node *n)
{
	return (struct span){n->start, n->end};
}

static inline struct str ast_text(const struct ast *a, const struct ast_node *n)
{
	return str_slice(a->text, n->start, n->end);
}

/* The first child of node 'i' that is of this kind, or 0 (the root is nobody's child). */
uint32_t ast_find(const struct ast *a, uint32_t i, enum ast_kind kind);

/* The child of node 'i' with this number (from 0), or 0. */
uint32_t ast_child(const struct ast *a, uint32_t i, uint32_t number);

/* Is it SQL that begins or ends a transaction, in any case: "begin immediate", "COMMIT"? */
bool text_controls_transaction(struct str s);

/*
 * The server's setting that ends idle transactions: a literal that names it keeps at least that word, whatever else
 * it says, and a database's address at least its scheme.
 */
#define IDLE_LIMIT "idle_in_transaction_session_timeout"
bool text_sets_idle_limit(struct str s);

/* "postgresql+asyncpg://" of an address; empty for what is none, and for those of the web. */
struct str text_scheme(struct str s);

#endif
