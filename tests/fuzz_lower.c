/*
 * fuzz_lower.c - any bytes as a Python file: parse, extract, lower, and read
 * back. Whatever comes out is a record that opens and graphs that hold.
 *
 * With IDLETX_FUZZ_RECORDS=DIR in the environment the records are written
 * there: seeds for fuzz_record.
 */
#include "base/base.h"
#include "flow/lower_file.h"
#include "flow/record.h"
#include "flow/verify.h"
#include "syntax/parse.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	abort();
}

static void keep_record(struct record r)
{
	static unsigned number;
	const char *folder = getenv("IDLETX_FUZZ_RECORDS");
	char path[4096];

	if (folder == NULL)
		return;
	snprintf(path, sizeof(path), "%s/%u", folder, number++);
	FILE *f = fopen(path, "wb");
	if (f == NULL || fwrite(r.bytes, 1, r.len, f) != r.len || fclose(f) != 0)
		fail("cannot write", path);
}

static void read_back(struct arena *run, struct interner *names, struct record r)
{
	struct loaded_module m;
	struct arena scratch;
	const char *why = "";

	if (!record_open(run, names, r, &m, &why))
		fail("our own record does not open", why);
	arena_init(&scratch);
	for (scope_id s = 0; s < m.module.scope_count; s++) {
		struct cfg cfg;
		if (!record_cfg(&scratch, &m, s, &cfg))
			fail("a graph does not decode", "");
		if (!cfg_verify(&cfg, &why))
			fail("a graph does not hold", why);
		arena_clear(&scratch);
	}
	arena_release(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct worker *worker;
	struct arena run;
	struct record r;
	struct diag *d = diag_new();

	if (worker == NULL) {
		struct syntax *syntax = syntax_new(d);
		if (syntax == NULL)
			fail("cannot start", "the queries are wrong");
		worker = worker_new(syntax);
	}
	arena_init(&run);
	struct interner *names = interner_new(&run);
	if (module_lower(worker, STR("fuzz.py"), (struct str){(const char *)data, size}, &run, &r,
	                 d)) {
		keep_record(r);
		read_back(&run, names, r);
	}
	interner_free(names);
	arena_release(&run);
	diag_free(d);
	return 0;
}
