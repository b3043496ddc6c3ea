/*
 * tree_pool.h - where tree-sitter's memory comes from while one file is read.
 * Everything it makes for a file (parser, tree, cursors) is dropped at once,
 * instead of a tree being taken apart node by node; and a pool of one thread
 * needs no locks. Together that is a fifth of the time of parsing.
 */
#ifndef IDLETX_SYNTAX_TREE_POOL_H
#define IDLETX_SYNTAX_TREE_POOL_H

struct tree_pool; /* one thread's */

struct tree_pool *tree_pool_new(void);
void tree_pool_free(struct tree_pool *p);

/*
 * From here to tree_pool_leave what tree-sitter allocates in this thread comes from 'p'. What it
 * allocated before must not be changed or deleted in between; reading it is fine.
 */
void tree_pool_enter(struct tree_pool *p);

/* Drops all that was allocated since tree_pool_enter; it need not be, and no longer can be, deleted. */
void tree_pool_leave(struct tree_pool *p);

#endif
