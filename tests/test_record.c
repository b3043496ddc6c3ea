/*
 * test_record.c - records: what is written comes back the same, and bytes that nobody
 * wrote are refused without harm. The sources are those of the corpus in fixtures/cfg.
 */
#include "lowered.h"
#include "flow/record_read.h"
#include "flow/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <glob.h>

/* A source that has a little of everything. */
static const char sample[] =
	"import os.path as p\n"
	"from .a import b, c as d\n"
	"from x import *\n"
	"DB = Annotated[Session, Depends(get_db)]\n"
	"class A(Base, metaclass=M):\n"
	"    x: int = {'k': [1, None]}\n"
	"    @app.get('/x')\n"
	"    async def m(self, a, /, *b: T, c=lambda: 1, **d) -> R:\n"
	"        try:\n"
	"            with open(a) as self.f, g():\n"
	"                for i, (j, *k) in b:\n"
	"                    if i is None or j == 'text' and isinstance(k, int):\n"
	"                        return await h(i, *j, n=k, **d)\n"
	"                    raise E from i\n"
	"        except (E, x.F) as e:\n"
	"            yield [q.w async for q in e if q]\n"
	"        finally:\n"
	"            del a  # idletx: ignore[z] -- why\n";

/* Opens 'bytes' and decodes all graphs. Returns whether all of it was taken. */
static bool read_all(const uint8_t *bytes, size_t len)
{
	struct arena run, scratch;
	struct loaded_module m;
	struct cfg c;
	const char *why = "";

	arena_init(&run);
	arena_init(&scratch);
	struct interner *names = interner_new(&run);
	bool ok = record_open(&run, names, (struct record){bytes, len}, &m, &why);
	for (scope_id s = 0; ok && s < m.module.scope_count; s++) {
		ok = record_cfg(&scratch, &m, s, &c);
		if (ok)
			assert_true(cfg_verify(&c, &why));
		arena_clear(&scratch);
	}
	interner_free(names);
	arena_release(&scratch);
	arena_release(&run);
	return ok;
}

/* A copy in memory of its own size, so that the sanitizer sees a read past the end. */
static uint8_t *copy_of(struct record r, size_t len)
{
	uint8_t *copy = malloc(len == 0 ? 1 : len);

	memcpy(copy, r.bytes, len);
	return copy;
}

static void what_is_read_is_what_was_written(void **state)
{
	struct lowered l;
	const struct module *m = &l.m.module;

	(void)state;
	lowered_init(&l, STR("app/x.py"), str_of(sample));
	assert_true(str_is(m->path, "app/x.py"));
	assert_int_equal(m->size, strlen(sample));
	assert_int_equal(m->line_count, 18);
	assert_int_equal(m->scope_count, 4);
	assert_int_equal(m->import_count, 4);
	assert_int_equal(m->suppression_count, 1);
	const struct scope *s = &m->scopes[3];
	assert_true(str_is(intern_text(l.names, s->qualname), "A.m"));
	assert_int_equal(s->flags, SCOPE_ASYNC | SCOPE_GENERATOR);
	assert_int_equal(s->param_count, 5);
	assert_memory_equal(sample + s->name_span.start, "m(", 2);
	assert_memory_equal(sample + s->decorated.start, "@app", 4);
	assert_memory_equal(sample + m->params[s->first_param + 2].span.start, "b:", 2);
	assert_int_equal(module_line(m, s->span.start), 8);
	lowered_release(&l);
}

static void the_same_bytes_make_the_same_record(void **state)
{
	struct lowered a, b;

	(void)state;
	lowered_init(&a, STR("x.py"), str_of(sample));
	lowered_init(&b, STR("x.py"), str_of(sample));
	assert_int_equal(a.m.record.len, b.m.record.len);
	assert_memory_equal(a.m.record.bytes, b.m.record.bytes, a.m.record.len);
	lowered_release(&a);
	lowered_release(&b);
}

static uint64_t body_hash(const char *text, const char *qualname)
{
	struct lowered l;
	uint64_t hash = 0;

	lowered_init(&l, STR("x.py"), str_of(text));
	for (scope_id s = 0; s < l.m.module.scope_count; s++)
		if (str_is(intern_text(l.names, l.m.module.scopes[s].qualname), qualname))
			hash = l.m.module.scopes[s].body_hash;
	lowered_release(&l);
	return hash;
}

static void the_hash_of_a_body_survives_moving_and_renaming(void **state)
{
	uint64_t hash = body_hash("def f(a):\n    return a.b(1)\n", "f");

	(void)state;
	assert_true(hash != 0);
	assert_true(hash ==
	            body_hash("x = 1\n\n@deco\ndef g(a):\n  # why\n  return a . b(1)\n", "g"));
	assert_true(hash ==
	            body_hash("class C:\n    def f(self):\n        return a.b(1)\n", "C.f"));
	assert_true(hash != body_hash("def f(a):\n    return a.b(2)\n", "f"));
	assert_true(hash != body_hash("def f(a):\n    return a.c(1)\n", "f"));
	assert_true(hash != body_hash("def f(a):\n    return a.b(1) or a\n", "f"));
}

static void every_truncation_is_refused(void **state)
{
	struct lowered l;

	(void)state;
	lowered_init(&l, STR("x.py"), str_of(sample));
	for (size_t len = 0; len < l.m.record.len; len++) {
		uint8_t *copy = copy_of(l.m.record, len);
		assert_false(read_all(copy, len));
		free(copy);
	}
	lowered_release(&l);
}

static void no_flipped_bit_does_harm(void **state)
{
	struct lowered l;
	size_t taken = 0;

	(void)state;
	lowered_init(&l, STR("x.py"), str_of(sample));
	for (size_t bit = 0; bit < l.m.record.len * 8; bit++) {
		uint8_t *copy = copy_of(l.m.record, l.m.record.len);
		copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		taken += read_all(copy, l.m.record.len);
		free(copy);
	}
	assert_true(taken > 0); /* a letter of a name may be any other */
	lowered_release(&l);
}

static void huge_numbers_are_refused(void **state)
{
	struct lowered l;
	static const uint8_t huge[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01};

	(void)state;
	lowered_init(&l, STR("x.py"), str_of(sample));
	for (size_t at = 0; at + sizeof(huge) <= l.m.record.len; at++) {
		uint8_t *copy = copy_of(l.m.record, l.m.record.len);
		memcpy(copy + at, huge, sizeof(huge));
		(void)read_all(copy, l.m.record.len);
		free(copy);
	}
	lowered_release(&l);
}

static void other_bytes_are_no_record(void **state)
{
	static const char *const texts[] = {"", "I", "IDL", "IDLX", "IDLX\x63", "def f(): pass\n"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_false(read_all((const uint8_t *)texts[i], strlen(texts[i])));
}

static void the_corpus_survives_the_round_trip(void **state)
{
	glob_t files;

	(void)state;
	assert_int_equal(glob("fixtures/cfg/*.txt", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc;
	     i++) { /* as Python they are mostly errors: all the better */
		struct lowered l;
		size_t len;
		char *text = lowered_file(files.gl_pathv[i], &len);
		lowered_init(&l, STR("x.py"), (struct str){text, len});
		assert_true(read_all(l.m.record.bytes, l.m.record.len));
		lowered_release(&l);
		free(text);
	}
	globfree(&files);
}

static void a_cursor_keeps_its_first_fault(void **state)
{
	static const uint8_t bytes[] = {0x05, 0xff};
	struct cursor c = cursor_on(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(cursor_below(&c, 5), 0);
	assert_string_equal(c.why, "a number is out of range");
	assert_int_equal(cursor_byte(&c), 0);
	assert_string_equal(c.why, "a number is out of range");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_is_what_was_written),
		cmocka_unit_test(the_same_bytes_make_the_same_record),
		cmocka_unit_test(the_hash_of_a_body_survives_moving_and_renaming),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(no_flipped_bit_does_harm),
		cmocka_unit_test(huge_numbers_are_refused),
		cmocka_unit_test(other_bytes_are_no_record),
		cmocka_unit_test(the_corpus_survives_the_round_trip),
		cmocka_unit_test(a_cursor_keeps_its_first_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
