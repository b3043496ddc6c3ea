/* test_report_output.c - a file appears whole or not at all. */
#include "report_sample.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* A sample whose report goes to 'name' in the sample's folder, which the text stays in. */
static void sample_to(struct sample *s, char *path, size_t room, const char *name)
{
	sample_init(s);
	snprintf(path, room, "%s/%s", s->root, name);
	s->options.output = path;
	s->options.format = FORMAT_JSON;
}

/* Writes the report; 'want' is the only message, or NULL for none. */
static void assert_written(const struct sample *s, bool ok, const char *want)
{
	struct diag *d = diag_new();
	size_t count;

	assert_int_equal(report_write(&s->report, d), ok);
	const struct diag_entry *messages = diag_sorted(d, &count);
	assert_int_equal(count, want == NULL ? 0 : 1);
	if (want != NULL) {
		assert_int_equal(messages[0].level, DIAG_FAILURE);
		if (strstr(messages[0].text.ptr, want) == NULL)
			fail_msg("'%s' is not in '%s'", want, messages[0].text.ptr);
	}
	diag_free(d);
}

static void assert_file(const char *path, const char *begins, unsigned mode)
{
	char text[64] = "";
	struct stat st;
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_non_null(fgets(text, sizeof(text), f));
	fclose(f);
	assert_string_equal(text, begins);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

/* How many entries the sample's folder has; the folder app is one. */
static int entries(const struct sample *s)
{
	DIR *folder = opendir(s->root);
	int count = 0;

	for (struct dirent *e; (e = readdir(folder)) != NULL;)
		count += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	closedir(folder);
	return count;
}

static void a_new_file_has_the_mode_that_the_umask_asks_for(void **state)
{
	char path[128];
	struct sample s;
	mode_t old = umask(027);

	(void)state;
	sample_to(&s, path, sizeof(path), "out.json");
	assert_written(&s, true, NULL);
	umask(old);
	assert_file(path, "{\n", 0640);
	assert_int_equal(entries(&s), 2);
	sample_release(&s);
}

static void an_old_file_is_replaced_and_keeps_its_mode(void **state)
{
	char path[128];
	struct sample s;

	(void)state;
	sample_to(&s, path, sizeof(path), "out.json");
	sample_write(&s, "out.json", STR("old\n"));
	chmod(path, 0604);
	assert_written(&s, true, NULL);
	assert_file(path, "{\n", 0604);
	assert_int_equal(entries(&s), 2);
	sample_release(&s);
}

static void a_link_stays_a_link(void **state)
{
	char path[128], target[128];
	struct stat st;
	struct sample s;

	(void)state;
	sample_to(&s, path, sizeof(path), "link");
	snprintf(target, sizeof(target), "%s/app/target", s.root);
	sample_write(&s, "app/target", STR("old\n"));
	chmod(target, 0644);
	assert_int_equal(symlink("app/target", path), 0);
	assert_written(&s, true, NULL);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_file(target, "{\n", 0644);
	sample_release(&s);
}

static void after_an_error_the_old_file_is_as_it_was_and_nothing_is_left(void **state)
{
	struct rlimit limit, old;
	char path[128];
	struct sample s;

	(void)state;
	sample_to(&s, path, sizeof(path), "out.json");
	sample_write(&s, "out.json", STR("old\n"));
	chmod(path, 0644);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 100;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_written(&s, false, "out.json': the file would be too large");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_file(path, "old\n", 0644);
	assert_int_equal(entries(&s), 2);
	sample_release(&s);
}

static const struct {
	const char *name; /* in the sample's folder */
	const char *want;
} refused_case[] = {
	{"nowhere/out.json", "nowhere/out.json': no such folder"},
	{"app", "app': it is a folder"},
	{"app/routes.py/out", "routes.py/out': not a folder"},
};

static void a_place_where_nothing_can_be_written_is_named(void **state)
{
	char path[128];
	struct sample s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused_case); i++) {
		sample_to(&s, path, sizeof(path), refused_case[i].name);
		assert_written(&s, false, refused_case[i].want);
		assert_int_equal(entries(&s), 1);
		sample_release(&s);
	}
}

static void a_full_device_is_an_error(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	s.options.output = "/dev/full";
	assert_written(&s, false, "cannot write '/dev/full': no space left on the device");
	sample_release(&s);
}

static void devices_are_written_directly(void **state)
{
	struct sample s;
	struct stat st;

	(void)state;
	sample_init(&s);
	s.options.output = "/dev/null";
	assert_written(&s, true, NULL);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	sample_release(&s);
}

static void a_named_pipe_is_written_directly(void **state)
{
	char path[128], text[3] = "";
	struct stat st;
	struct sample s;

	(void)state;
	sample_to(&s, path, sizeof(path), "pipe");
	assert_int_equal(mkfifo(path, 0600), 0);
	int reader = open(path, O_RDONLY | O_NONBLOCK);
	assert_true(reader >= 0);
	assert_written(&s, true, NULL);
	assert_int_equal(read(reader, text, 2), 2);
	assert_string_equal(text, "{\n");
	close(reader);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(entries(&s), 2);
	sample_release(&s);
}

/* Runs report_write with 'fd' as stdout. */
static void assert_stdout(const struct sample *s, int fd, bool ok, const char *want)
{
	fflush(stdout);
	int saved = dup(STDOUT_FILENO);
	assert_true(saved >= 0 && dup2(fd, STDOUT_FILENO) >= 0);
	struct diag *d = diag_new();
	bool written = report_write(&s->report, d);
	size_t count;
	const struct diag_entry *messages = diag_sorted(d, &count);
	fflush(stdout);
	clearerr(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	assert_int_equal(written, ok);
	assert_int_equal(count, want == NULL ? 0 : 1);
	if (want != NULL)
		assert_string_equal(messages[0].text.ptr, want);
	diag_free(d);
}

static void a_reader_that_went_away_is_a_failure_without_a_message(void **state)
{
	int ends[2];
	struct sample s;

	(void)state;
	sample_init(&s);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	assert_stdout(&s, ends[1], false, NULL);
	s.options.output = "/dev/stdout";
	assert_stdout(&s, ends[1], false, NULL);
	close(ends[1]);
	sample_release(&s);
}

static void an_error_of_stdout_is_said(void **state)
{
	struct sample s;
	int full = open("/dev/full", O_WRONLY);

	(void)state;
	sample_init(&s);
	assert_stdout(&s, full, false, "cannot write 'stdout': no space left on the device");
	close(full);
	sample_release(&s);
}

static void dev_stdout_is_what_stdout_is_and_is_not_begun_anew(void **state)
{
	char path[128], text[64] = "";
	struct sample s;

	(void)state;
	sample_init(&s);
	snprintf(path, sizeof(path), "%s/log", s.root);
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	assert_int_equal(write(fd, "before\n", 7), 7);
	s.options.output = "/dev/stdout";
	s.options.format = FORMAT_JSON;
	assert_stdout(&s, fd, true, NULL);
	assert_int_equal(pread(fd, text, 9, 0), 9);
	assert_string_equal(text, "before\n{\n");
	close(fd);
	sample_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_file_has_the_mode_that_the_umask_asks_for),
		cmocka_unit_test(an_old_file_is_replaced_and_keeps_its_mode),
		cmocka_unit_test(a_link_stays_a_link),
		cmocka_unit_test(after_an_error_the_old_file_is_as_it_was_and_nothing_is_left),
		cmocka_unit_test(a_place_where_nothing_can_be_written_is_named),
		cmocka_unit_test(a_full_device_is_an_error),
		cmocka_unit_test(devices_are_written_directly),
		cmocka_unit_test(a_named_pipe_is_written_directly),
		cmocka_unit_test(a_reader_that_went_away_is_a_failure_without_a_message),
		cmocka_unit_test(an_error_of_stdout_is_said),
		cmocka_unit_test(dev_stdout_is_what_stdout_is_and_is_not_begun_anew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
