/* test_source.c - reading one file, whatever the file system puts in its place. */
#include "input/source.h"
#include "temp_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char folder[40];

static int enter_folder(void **state)
{
	(void)state;
	return mkdtemp(temp_name(folder, sizeof folder, "/tmp", "source")) == NULL ||
	       chdir(folder) != 0;
}

static int leave_folder(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return chdir("/") != 0 || system(command) != 0;
}

static void write_file(const char *name, const char *bytes, size_t len)
{
	FILE *f = fopen(name, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static const struct {
	const char *bytes;
	size_t len, bom;
} content_case[] = {
	{"", 0, 0},
	{"x", 1, 0},
	{"a = 1\r\nb = 2", 12, 0},
	{"\xef\xbb\xbf"
         "a\n",
         5, 3},
	{"\xef\xbb\xbf", 3, 3},
	{"\xef\xbb", 2, 0},
	{"a\0b\n", 4, 0},
	{"\xff\xfe\x00", 3, 0},
};

static void every_byte_is_read_and_the_mark_is_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(content_case); i++) {
		struct source s;
		const char *why = NULL;
		write_file("a.py", content_case[i].bytes, content_case[i].len);
		assert_true(source_read("a.py", &s, &why));
		assert_int_equal(s.text.len, content_case[i].len);
		assert_memory_equal(s.text.ptr, content_case[i].bytes, content_case[i].len);
		assert_int_equal(s.bom, content_case[i].bom);
		source_release(&s);
	}
}

static void refused(const char *path, const char *reason)
{
	struct source s = {.bom = 77};
	const char *why = NULL;

	assert_false(source_read(path, &s, &why));
	assert_string_equal(why, reason);
	assert_int_equal(s.bom, 77); /* out-parameters are untouched on failure */
}

static void what_is_no_regular_file_is_refused_without_waiting(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket.py"};
	int s = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	assert_int_equal(mkfifo("fifo.py", 0600), 0);
	assert_int_equal(mkdir("folder.py", 0700), 0);
	assert_int_equal(symlink("loop.py", "loop.py"), 0);
	assert_int_equal(symlink("nowhere", "broken.py"), 0);
	assert_true(s >= 0);
	assert_int_equal(bind(s, (struct sockaddr *)&address, sizeof(address)), 0);
	refused("fifo.py", "not a regular file");
	refused("folder.py", "not a regular file");
	refused("/dev/null", "not a regular file");
	refused("/dev/zero", "not a regular file");
	refused("socket.py", "not a regular file");
	refused("loop.py", "too many symbolic links");
	refused("broken.py", "no such file");
	refused("missing.py", "no such file");
	refused("broken.py/x.py", "no such file");
	close(s);
}

static void a_file_without_read_permission_says_so(void **state)
{
	(void)state;
	if (geteuid() == 0)
		return; /* root reads everything */
	write_file("secret.py", "x", 1);
	assert_int_equal(chmod("secret.py", 0), 0);
	refused("secret.py", "permission denied");
}

static void a_file_over_the_limit_is_refused_before_it_is_read(void **state)
{
	int fd = open("large.py", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)SOURCE_SIZE_MAX + 1), 0);
	close(fd);
	refused("large.py", "larger than 256 MiB");
	assert_int_equal(unlink("large.py"), 0);
}

static void a_file_whose_size_says_nothing_is_read_to_its_end(void **state)
{
	struct source s;
	const char *why = NULL;

	(void)state;
	assert_true(source_read("/proc/self/status", &s, &why)); /* st_size is 0 */
	assert_true(s.text.len > 100);
	source_release(&s);
	assert_int_equal(s.text.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_read_and_the_mark_is_counted),
		cmocka_unit_test(what_is_no_regular_file_is_refused_without_waiting),
		cmocka_unit_test(a_file_without_read_permission_says_so),
		cmocka_unit_test(a_file_over_the_limit_is_refused_before_it_is_read),
		cmocka_unit_test(a_file_whose_size_says_nothing_is_read_to_its_end),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
