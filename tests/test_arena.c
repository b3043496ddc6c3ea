/* test_arena.c - memory with one lifetime: alignment, zeroes, growth, reuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base.h"

static const struct {
	size_t size, align;
} request_case[] = {
	{0, 1}, {1, 1}, {3, 2}, {24, 8}, {5, 16}, {16 << 10, 8}, {9 << 20, 64}, {1, 8}, {7, 4},
};

static void memory_is_aligned_and_zeroed_and_does_not_overlap(void **state)
{
	char *got[ARRAY_LEN(request_case)];
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < ARRAY_LEN(request_case); i++) {
		got[i] = arena_alloc(&a, request_case[i].size, request_case[i].align);
		assert_int_equal((uintptr_t)got[i] % request_case[i].align, 0);
		for (size_t at = 0; at < request_case[i].size; at++)
			assert_int_equal(got[i][at], 0);
		memset(got[i], (int)i + 1, request_case[i].size);
	}
	for (size_t i = 0; i < ARRAY_LEN(request_case); i++)
		for (size_t at = 0; at < request_case[i].size; at++)
			assert_int_equal(got[i][at], i + 1);
	arena_release(&a);
}

static void size_zero_gives_pointers_that_differ(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	void *first = arena_alloc(&a, 0, 1);
	assert_non_null(first);
	assert_ptr_not_equal(first, arena_alloc(&a, 0, 1));
	arena_release(&a);
}

static void a_large_request_does_not_waste_the_room_that_is_left(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	arena_alloc(&a, 100, 8);
	char *next = a.next;
	memset(arena_alloc(&a, 1 << 20, 8), 1, 1 << 20);
	assert_ptr_equal(a.next, next);
	arena_release(&a);
}

static void clear_keeps_a_chunk_and_gives_zeroes_again(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 1000; i++) {
			unsigned char *p = arena_array(&a, unsigned char, 100);
			assert_int_equal(p[0], 0);
			assert_int_equal(p[99], 0);
			memset(p, 0xff, 100);
		}
		assert_int_equal(a.used, 100 * 1000);
		arena_clear(&a);
		assert_int_equal(a.used, 0);
		assert_non_null(a.chunks);
	}
	arena_release(&a);
	assert_null(a.chunks);
}

static void clear_gives_back_a_chunk_made_for_one_huge_request(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	arena_alloc(&a, 64 << 20, 8);
	arena_clear(&a);
	assert_null(a.chunks);
	assert_non_null(arena_alloc(&a, 1, 1));
	arena_release(&a);
}

static void clear_and_release_of_an_empty_arena_do_nothing(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	arena_clear(&a);
	arena_release(&a);
	arena_release(&a);
}

static void text_is_copied_with_its_nul_bytes_and_ends_in_one(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	struct str s = arena_str(&a, (struct str){"a\0b", 3});
	assert_int_equal(s.len, 3);
	assert_memory_equal(s.ptr, "a\0b", 4);
	s = arena_str(&a, (struct str){NULL, 0});
	assert_string_equal(s.ptr, "");
	arena_release(&a);
}

static void printf_makes_text_of_any_length(void **state)
{
	static const int width[] = {0, 1, 254, 255, 256, 257, 100000};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < ARRAY_LEN(width); i++) {
		struct str s = arena_printf(&a, "%*s|", width[i], "");
		assert_int_equal(s.len, width[i] + 1);
		assert_int_equal(strlen(s.ptr), s.len);
		assert_int_equal(s.ptr[s.len - 1], '|');
	}
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_aligned_and_zeroed_and_does_not_overlap),
		cmocka_unit_test(size_zero_gives_pointers_that_differ),
		cmocka_unit_test(a_large_request_does_not_waste_the_room_that_is_left),
		cmocka_unit_test(clear_keeps_a_chunk_and_gives_zeroes_again),
		cmocka_unit_test(clear_gives_back_a_chunk_made_for_one_huge_request),
		cmocka_unit_test(clear_and_release_of_an_empty_arena_do_nothing),
		cmocka_unit_test(text_is_copied_with_its_nul_bytes_and_ends_in_one),
		cmocka_unit_test(printf_makes_text_of_any_length),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
