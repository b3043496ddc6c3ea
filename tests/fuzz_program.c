/*
 * fuzz_program.c - a small project of any text through the whole program: check with every rule to SARIF, and audit.
 * Nothing but memory errors, hangs and wrong exit statuses is looked for.
 *
 * A line "#file: app/db.py" begins a file, so one input is a project. Inputs are changed by lines and words:
 * most changes of single bytes are syntax errors, and a function that holds one is not checked.
 */
#include "input/options.h"
#include "pipeline.h"
#include "temp_name.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other,
                                 size_t other_size, uint8_t *out, size_t max_size, unsigned seed);

#define FILE_MARK "#file: "
#define FILES_MAX 8 /* of one input */
#define DEPTH_MAX 4 /* folders of a path */

static char folder[256]; /* of this process */

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	return ftw->level == 0 ? 0 : remove(path);
}

static void empty_folder(void)
{
	nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void remove_folder(void)
{
	empty_folder();
	rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"; /* no disk */
	if (mkdtemp(temp_name(folder, sizeof folder, parent, "fuzz")) == NULL)
		abort();
	atexit(remove_folder);
	return 0;
}

/* ---- a project ---------------------------------------------------------------------------- */

/* The line at '*at' without its end; moves behind it. */
static struct str next_line(struct str text, size_t *at)
{
	const char *start = text.ptr + *at;
	const char *stop = memchr(start, '\n', text.len - *at);
	size_t len = stop == NULL ? text.len - *at : (size_t)(stop - start);
	*at += len + (stop != NULL);
	return (struct str){start, len};
}

/* Small letters and underscores between single slashes: nothing leads out of the folder. */
static bool is_path(struct str path)
{
	unsigned slashes = 0;
	char before = '/';
	for (size_t i = 0; i < path.len; i++) {
		char c = path.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || c == '_';
		bool dot = c == '.' && path.len - i <= 5 && before != '/';
		if (!letter && !dot && (c != '/' || before == '/' || ++slashes > DEPTH_MAX))
			return false;
		before = c;
	}
	return before != '/' && path.len < 64;
}

static FILE *open_file(struct str name)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/%.*s", folder, STR_ARG(name));
	for (char *slash = path + strlen(folder) + 1; (slash = strchr(slash, '/')) != NULL;) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash++ = '/';
	}
	return fopen(path, "wb"); /* NULL: there is a folder of that name */
}

static void write_project(struct str text)
{
	FILE *f = open_file(STR("main.py"));
	unsigned files = 1;
	for (size_t at = 0; at < text.len;) {
		struct str line = next_line(text, &at);
		struct str path = str_starts(line, STR(FILE_MARK))
		                          ? str_slice(line, sizeof(FILE_MARK) - 1, line.len)
		                          : STR_EMPTY;
		if (path.len > 0 && is_path(path) && files++ < FILES_MAX) {
			if (f != NULL)
				fclose(f);
			f = open_file(path);
		} else if (f != NULL) {
			fwrite(line.ptr, 1, line.len, f);
			fputc('\n', f);
		}
	}
	if (f != NULL)
		fclose(f);
}

static void run(const char *command, const char *format)
{
	const char *const argv[] = {"idletx",    command,  "--format", format,     "--output",
	                            "/dev/null", "--jobs", "1",        "--root",   folder,
	                            "--select",  "*",      "--policy", "explicit", folder};
	struct arena memory;
	struct options options = {0};
	struct diag *d = diag_new();
	arena_init(&memory);
	/* 2 is a pyproject.toml that says nonsense, 3 a file that the parser gave up on */
	if (!options_parse(&memory, ARRAY_LEN(argv), argv, d, &options) ||
	    pipeline_run(&options, d) > 3)
		abort();
	diag_free(d);
	arena_release(&memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	write_project((struct str){(const char *)data, size});
	run("check", "sarif");
	if (size % 4 == 0) /* the same findings, then rows: less is new in it */
		run("audit", "json");
	empty_folder();
	return 0;
}

/* ---- changes ------------------------------------------------------------------------------ */

/* An input while it is changed. */
struct input {
	uint8_t *bytes;
	size_t size, room;
	uint32_t random;
};

struct piece {
	size_t start, end;
};

static size_t next_random(struct input *in, size_t below)
{
	in->random = in->random * 1664525u + 1013904223u;
	return (in->random >> 8) % below;
}

static bool is_word(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
}

/* The line around a byte, with its end. */
static struct piece line_at(const uint8_t *text, size_t size, size_t at)
{
	struct piece p = {at, at};
	while (p.start > 0 && text[p.start - 1] != '\n')
		p.start--;
	while (p.end < size && text[p.end] != '\n')
		p.end++;
	p.end += p.end < size;
	return p;
}

static struct piece some_line(struct input *in)
{
	return line_at(in->bytes, in->size, next_random(in, in->size));
}

/* The word around some byte, or the first one behind it. */
static struct piece some_word(struct input *in)
{
	size_t at = next_random(in, in->size);
	while (at < in->size && !is_word(in->bytes[at]))
		at++;
	struct piece p = {at, at};
	while (p.start > 0 && is_word(in->bytes[p.start - 1]))
		p.start--;
	while (p.end < in->size && is_word(in->bytes[p.end]))
		p.end++;
	return p;
}

/* Puts other bytes in the place of a piece; nothing where they do not fit. */
static void replace(struct input *in, struct piece old, const void *bytes, size_t size)
{
	size_t result = in->size - (old.end - old.start) + size;
	if (result > in->room)
		return;
	memmove(in->bytes + old.start + size, in->bytes + old.end, in->size - old.end);
	memcpy(in->bytes + old.start, bytes, size);
	in->size = result;
}

static void copy(struct input *in, struct piece to, struct piece from)
{
	uint8_t kept[512];
	size_t size = from.end - from.start;
	if (size > sizeof(kept))
		return;
	memcpy(kept, in->bytes + from.start, size);
	replace(in, to, kept, size);
}

enum change { DELETE_LINE, INSERT_LINE, REPLACE_LINE, INDENT, DEDENT, REPLACE_WORD, CHANGES = 8 };

/* Words are what most changes replace: a name by another one of the same text. */
static void change(struct input *in)
{
	struct piece line = some_line(in), start = {line.start, line.start};
	bool indented = line.end - line.start > 4 && in->bytes[line.start] == ' ';
	switch (next_random(in, CHANGES)) {
	case DELETE_LINE: replace(in, line, "", 0); break;
	case INSERT_LINE: copy(in, start, some_line(in)); break;
	case REPLACE_LINE: copy(in, line, some_line(in)); break;
	case INDENT: replace(in, start, "    ", 4); break;
	case DEDENT:
		start.end += indented ? 4 : 0;
		replace(in, start, "", 0);
		break;
	default: copy(in, some_word(in), some_word(in));
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	struct input in = {data, size, max_size, seed};
	if (next_random(&in, CHANGES) == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	for (size_t left = 1 + next_random(&in, 4); left > 0 && in.size > 0; left--)
		change(&in);
	return in.size;
}

/* Lines of the other one between two lines of this one. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other,
                                 size_t other_size, uint8_t *out, size_t max_size, unsigned seed)
{
	struct input in = {out, one_size, max_size, seed};
	if (one_size == 0 || other_size == 0 || one_size > max_size)
		return 0;
	memcpy(out, one, one_size);
	size_t at = some_line(&in).end;
	struct piece from = line_at(other, other_size, next_random(&in, other_size));
	size_t last = from.start + next_random(&in, other_size - from.start);
	from.end = line_at(other, other_size, last).end;
	replace(&in, (struct piece){at, at}, other + from.start, from.end - from.start);
	return in.size;
}
