/*
 * bare_parse.c - reads and parses the files that a check of ROOT would, and
 * does nothing else: the yardstick for what the rest of the program costs. It
 * has the same reader, thread pool, parser and build flags.
 *
 *     bare_parse [--jobs N] ROOT
 */
#include "base/base.h"
#include "base/memory.h"
#include "base/pool.h"
#include "input/config.h"
#include "input/discover.h"
#include "input/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_python(void);

struct tally {
	size_t files, bytes, nodes;
};

struct job {
	const struct file_list *list;
	TSParser **parsers;   /* by worker */
	struct tally *tallies; /* by worker */
};

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
	TSTree *tree = ts_parser_parse_string(job->parsers[worker], NULL, source.text.ptr,
	                                      (uint32_t)source.text.len);
	t->files++;
	t->bytes += source.text.len;
	t->nodes += ts_node_descendant_count(ts_tree_root_node(tree));
	ts_tree_delete(tree);
	source_release(&source);
}

static struct tally parse_all(const struct file_list *list, unsigned jobs)
{
	struct tally sum = {0};
	struct job job = {
		.list = list,
		.parsers = memory_resize_array(NULL, jobs, sizeof(*job.parsers)),
		.tallies = memory_resize_array(NULL, jobs, sizeof(*job.tallies)),
	};

	for (unsigned i = 0; i < jobs; i++) {
		job.tallies[i] = sum;
		job.parsers[i] = ts_parser_new();
		ts_parser_set_language(job.parsers[i], tree_sitter_python());
	}
	pool_run(jobs, list->count, parse_one, &job);
	for (unsigned i = 0; i < jobs; i++) {
		sum.files += job.tallies[i].files;
		sum.bytes += job.tallies[i].bytes;
		sum.nodes += job.tallies[i].nodes;
		ts_parser_delete(job.parsers[i]);
	}
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

	if (!options_parse(memory, argc, argv, d, &options) ||
	    !discover_root(memory, &options, d, &root))
		return false;
	config = (struct config){0};
	if (!discover(memory, &options, &config, root, d, &list))
		return false;
	struct tally t = parse_all(&list, options.jobs == 0 ? pool_processors() : options.jobs);
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
