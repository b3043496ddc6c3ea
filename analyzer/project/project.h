/*
 * project.h - all modules of a run, linked: one interner, one sorted list of
 * modules, and for each module a table of the names its scopes bind. Built once
 * after the records are made, read-only afterwards, so workers share it.
 */
#ifndef IDLETX_PROJECT_PROJECT_H
#define IDLETX_PROJECT_PROJECT_H

#include "flow/record.h"

typedef uint32_t module_id; /* index into project.modules, in path order */
#define MODULE_NONE UINT32_MAX

/* One number for a scope of the run: orders by module, then by place in it. */
static inline uint64_t scope_key(module_id m, scope_id s)
{
	return (uint64_t)m << 32 | s;
}

enum symbol_kind { SYMBOL_SCOPE, SYMBOL_BINDING, SYMBOL_IMPORT };

/* A name bound in a scope by def or class, by assignment, or by import. */
struct symbol {
	scope_id scope;
	name_id name;
	enum symbol_kind kind;
	uint32_t index; /* scope_id, or index into module.bindings or module.imports */
	uint64_t order; /* its rank, then its byte offset: the last one wins */
};

struct project_module {
	struct loaded_module loaded;
	struct symbol *symbols; /* sorted by scope, name, order */
	uint32_t symbol_count;
	struct str dotted; /* "app.db" for app/db.py and app/db/__init__.py */
	bool is_package;   /* __init__.py */
	bool report;       /* findings in this file are wanted; never in an Alembic revision */
	bool beside;       /* only those that pass through a reported file are */
};

struct module_index; /* opaque: dotted suffix -> modules */
struct answers;      /* answers.h */
struct overrides;    /* program/override.h */

struct project {
	struct interner *names;
	struct project_module *modules; /* sorted by path */
	uint32_t module_count;
	struct module_index *index;
	struct answers *answers; /* of the thread that has this copy; NULL: none are kept */
	const struct overrides *overrides; /* dependencies that others replace; NULL: not read yet */
};

/* One record and what discovery said of its file. */
struct project_input {
	struct record record;
	struct str path;
	bool report, beside;
};

/*
 * Opens the records (sorted by path) and links their names. A record that does not
 * open is a DIAG_FAILURE and is left out. Everything lives in 'run'.
 */
void project_link(struct arena *run, struct diag *d, const struct project_input *inputs,
                  size_t count, struct project *out);
void project_release(struct project *p);

/* The text of a name; empty for NAME_NONE. */
static inline struct str project_text(const struct project *p, name_id name)
{
	return intern_text(p->names, name);
}

static inline const struct module *project_module(const struct project *p, module_id m)
{
	return &p->modules[m].loaded.module;
}

static inline const struct scope *project_scope(const struct project *p, module_id m, scope_id s)
{
	return &project_module(p, m)->scopes[s];
}

static inline const struct expr *project_expr(const struct project *p, module_id m, expr_id e)
{
	return &project_module(p, m)->exprs[e];
}

/* Is the name written anywhere in the module? False for NAME_NONE. */
bool module_writes(const struct project *p, module_id m, name_id name);

/* All bindings of 'name' in exactly this scope, the one that counts last. */
const struct symbol *project_symbols(const struct project *p, module_id m, scope_id scope,
                                     name_id name, uint32_t *count);

/* The one that counts, or NULL. */
const struct symbol *project_symbol(const struct project *p, module_id m, scope_id scope,
                                    name_id name);

/*
 * The module that 'dotted' names, seen from module 'from': exact path below a
 * source root. Of several the nearest to 'from' wins; MODULE_NONE when there is none or no nearest.
 */
module_id project_find_module(const struct project *p, module_id from, struct str dotted);

#endif
