/*
 * fuzz_version.c - any bytes as a lock file, requirements or pyproject.toml:
 * what is said of a package can be shown, and allows what it says is the newest.
 */
#include "project/version_file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as(enum version_file kind, struct str text)
{
	struct arena scratch;
	struct version_statement said;
	release newest;

	arena_init(&scratch);
	if (version_file_read(&scratch, kind, text, "fastapi", &said)) {
		struct str version = version_set_newest(&scratch, &said.set, RELEASE(0, 162, 0),
		                                        &newest);
		if (version.len == 0 || !version_set_meets(&said.set, newest, newest + 1))
			abort();
	}
	arena_release(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of just this size, so that a step behind its end is seen. */
	struct str text = {malloc(size + (size == 0)), size};

	if (text.ptr == NULL)
		return 0;
	if (size > 0)
		memcpy((char *)(uintptr_t)text.ptr, data, size);
	for (int kind = VERSION_FILE_LOCK; kind <= VERSION_FILE_CONDA; kind++)
		read_as((enum version_file)kind, text);
	free((char *)(uintptr_t)text.ptr);
	return 0;
}
