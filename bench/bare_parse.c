/*
 * bare_parse.c - reads and parses the files that a check of ROOT would, and
 * does nothing else: the yardstick for what the rest of the program costs. It
 * has the same reader, thread pool, parser and build flags; with --pool also
 * the same memory for trees.
 *
 *     bare_parse [--pool] [--jobs N] ROOT
 */
#include "base/base.h"
#include "base/memory.h"
#include "base/pool.h"
#include "input/config.h"
#include "input/discover.h"
#include "input/source.h"
#include "syntax/tree_pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_python(void);

struct tally {
	size_t files, bytes, nodes;
};

struct job {
	const struct file_list *list;
	struct tree_pool **pools; /* by worker; NULL without --pool */
	TSParser **parsers;       /* by worker */
	struct tally *tallies;    /* by worker */
};

static TSParser *parser_new(void)
{
	TSParser *parser = ts_parser_new();

	ts_parser_set_language(parser, tree_sitter_python());
	return parser;
}

static size_t parse_text(const struct job *job, unsigned worker, struct str text)
{
	struct tree_pool *pool = job->pools[worker];
	TSParser *parser = job->parsers[worker];

	if (pool != NULL) {
		tree_pool_enter(pool);
		parser = parser_new();
	}
	TSTree *tree = ts_parser_parse_string(parser, NULL, text.ptr, (uint32_t)text.len);
	size_t nodes = ts_node_descendant_count(ts_tree_root_node(tree));
	if (pool != NULL)
		tree_pool_leave(pool);
	else
		ts_tree_delete(tree);
	return nodes;
}

static void parse_one(void *arg, unsigned worker, size_t index)
{
	struct job *job = arg;
	struct tally *t = &job->tallies[worker];
	struct source source;
	const char *why;

	if (!source_read(job->list->files[index].absolute.ptr, &source, &why)) {
		fprintf(stderr, "%s: %s\n", job->list->files[index].path.ptr, why);
		return;
	}
	t->files++;
	t->bytes += source.text.len;
	t->nodes += parse_text(job, worker, source.text);
	source_release(&source);
}

static struct tally parse_all(const struct file_list *list, unsigned jobs, bool pooled)
{
	struct tally sum = {0};
	struct job job = {
		.list = list,
		.pools = memory_resize_array(NULL, jobs, sizeof(*job.pools)),
		.parsers = memory_resize_array(NULL, jobs, sizeof(*job.parsers)),
		.tallies = memory_resize_array(NULL, jobs, sizeof(*job.tallies)),
	};

	for (unsigned i = 0; i < jobs; i++) {
		job.tallies[i] = sum;
		job.pools[i] = pooled ? tree_pool_new() : NULL;
		job.parsers[i] = parser_new();
	}
	pool_run(jobs, list->count, parse_one, &job);
	for (unsigned i = 0; i < jobs; i++) {
		sum.files += job.tallies[i].files;
		sum.bytes += job.tallies[i].bytes;
		sum.nodes += job.tallies[i].nodes;
		tree_pool_free(job.pools[i]);
		ts_parser_delete(job.parsers[i]);
	}
	free(job.pools);
	free(job.parsers);
	free(job.tallies);
	return sum;
}

static bool run(struct arena *memory, struct diag *d, int argc, const char *const *argv)
{
	struct options options;
	struct config config;
	struct file_list list;
	struct str root;

	bool pooled = argc > 1 && strcmp(argv[1], "--pool") == 0;
	if (pooled) {
		argv++;
		argc--;
	}
	if (!options_parse(memory, argc, argv, d, &options) ||
	    !discover_root(memory, &options, d, &root))
		return false;
	config = (struct config){0};
	if (!discover(memory, &options, &config, root, d, &list))
		return false;
	struct tally t = parse_all(&list, options.jobs == 0 ? pool_processors() : options.jobs,
	                           pooled);
	printf("%zu files, %zu bytes, %zu nodes\n", t.files, t.bytes, t.nodes);
	return true;
}

int main(int argc, char **argv)
{
	struct arena memory;
	struct diag *d = diag_new();
	size_t count;

	arena_init(&memory);
	bool done = run(&memory, d, argc, (const char *const *)argv);
	const struct diag_entry *said = diag_sorted(d, &count);
	for (size_t i = 0; i < count; i++)
		if (said[i].level >= DIAG_FAILURE)
			fprintf(stderr, "%s: %s\n", said[i].path.ptr, said[i].text.ptr);
	diag_free(d);
	arena_release(&memory);
	return done ? 0 : 2;
}
