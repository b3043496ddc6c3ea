/*
 * locate.c - all offsets of all findings are collected, sorted by file and
 * offset, and answered in one walk over each file: the time does not depend on
 * how long a line is or how many findings lie on it.
 */
#include "triage/locate.h"
#include "input/path.h"
#include "input/source.h"

#include <stb/stb_ds.h>
#include <stdlib.h>
#include <xxhash.h>

/* One offset whose line and column are wanted. */
struct request {
	module_id module;
	uint32_t offset;
	uint32_t *line, *column;
};

struct locate {
	const struct project *project;
	struct request *requests; /* stb_ds array */
	struct str path;          /* the last path that was looked up */
	module_id module;
};

static module_id find_module(const struct project *p, struct str path)
{
	module_id low = 0, high = p->module_count;

	while (low < high) {
		module_id middle = low + (high - low) / 2;
		int order = str_cmp(project_module(p, middle)->path, path);
		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return MODULE_NONE;
}

static void ask(struct locate *l, struct location *at)
{
	if (at->path.len == 0)
		return;
	if (l->path.ptr == NULL || !str_eq(l->path, at->path)) {
		l->path = at->path;
		l->module = find_module(l->project, at->path);
	}
	if (l->module == MODULE_NONE)
		return;
	struct request start = {l->module, at->span.start, &at->line, &at->column};
	struct request end = {l->module, at->span.end, &at->end_line, &at->end_column};
	arrput(l->requests, start);
	arrput(l->requests, end);
}

static void ask_all(struct locate *l, struct finding *f)
{
	ask(l, &f->at);
	ask(l, &f->function_at);
	ask(l, &f->resource.at);
	for (uint32_t i = 0; i < f->exit_count; i++)
		ask(l, &f->exits[i].at);
	for (uint32_t i = 0; i < f->trace_count; i++)
		ask(l, &f->trace[i].at);
	for (uint32_t i = 0; i < f->related_count; i++)
		ask(l, &f->related[i].at);
}

static int request_cmp(const void *left, const void *right)
{
	const struct request *a = left, *b = right;

	if (a->module != b->module)
		return a->module < b->module ? -1 : 1;
	return (a->offset > b->offset) - (a->offset < b->offset);
}

/* Reads the file again; false, after a note, when it is not what was analysed. */
static bool read_again(const struct module *m, struct str root, struct diag *d, struct source *out)
{
	char buffer[PATH_MAX];
	const char *path = path_text(buffer, root, m->path), *why;

	if (path == NULL || !source_read(path, out, &why)) {
		diag_add(d, DIAG_NOTE, m->path, 0, 0,
		         "cannot read this file again: columns count bytes");
		return false;
	}
	XXH128_hash_t hash = XXH3_128bits(out->text.ptr, out->text.len);
	if (hash.high64 == m->content_hash[0] && hash.low64 == m->content_hash[1])
		return true;
	source_release(out);
	diag_add(d, DIAG_NOTE, m->path, 0, 0,
	         "this file has changed since it was analysed: columns count bytes");
	return false;
}

/* A place in one file that only moves forward. */
struct walk {
	const struct module *module;
	const struct source *source; /* NULL: every byte is a column */
	uint32_t line;               /* from 0 */
	uint32_t offset, column;
};

static void begin_line(struct walk *w)
{
	w->offset = w->line < w->module->line_count ? w->module->line_starts[w->line] : 0;
	w->column = 1;
	/* A byte order mark is no character of the first line. */
	if (w->offset == 0 && w->source != NULL)
		w->offset = (uint32_t)w->source->bom;
}

static void walk_to(struct walk *w, uint32_t offset)
{
	const struct module *m = w->module;
	uint32_t line = w->line;

	while (w->line + 1 < m->line_count && m->line_starts[w->line + 1] <= offset)
		w->line++;
	if (w->line != line)
		begin_line(w);
	if (w->source == NULL) {
		w->column += offset > w->offset ? offset - w->offset : 0;
		w->offset = offset > w->offset ? offset : w->offset;
		return;
	}
	for (; w->offset < offset && w->offset < w->source->text.len; w->offset++)
		w->column += ((unsigned char)w->source->text.ptr[w->offset] & 0xc0) != 0x80;
}

/* Answers the requests of one module, which are sorted by offset. */
static void answer(const struct module *m, struct str root, struct diag *d,
                   const struct request *requests, size_t count)
{
	struct source source = {.text = STR_EMPTY};
	bool same = read_again(m, root, d, &source);
	struct walk w = {.module = m, .source = same ? &source : NULL};

	begin_line(&w);
	for (size_t i = 0; i < count; i++) {
		walk_to(&w, requests[i].offset);
		*requests[i].line = w.line + 1;
		*requests[i].column = w.column;
	}
	if (same)
		source_release(&source);
}

void locate_findings(const struct project *project, struct str root, struct diag *d,
                     struct finding *findings, size_t count)
{
	struct locate l = {.project = project};

	for (size_t i = 0; i < count; i++)
		ask_all(&l, &findings[i]);
	size_t total = arrlenu(l.requests);
	if (total > 1)
		qsort(l.requests, total, sizeof(*l.requests), request_cmp);
	for (size_t first = 0, end; first < total; first = end) {
		for (end = first + 1;
		     end < total && l.requests[end].module == l.requests[first].module;)
			end++;
		answer(project_module(project, l.requests[first].module), root, d,
		       l.requests + first, end - first);
	}
	arrfree(l.requests);
}
