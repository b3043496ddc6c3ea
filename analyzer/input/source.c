/*
 * source.c - reads one regular file whole, by read() and not by mapping it: a
 * file that shrinks or grows meanwhile then gives fewer or more bytes, never a
 * fault. Opening does not block, so a FIFO or device cannot stop the run.
 */
#include "input/source.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char not_regular[] = "not a regular file";
static const char too_large[] = "larger than 256 MiB";

/* Our own words: strerror's are capitalised and depend on the locale. */
static const char *why_of(int error)
{
	switch (error) {
	case EACCES:
	case EPERM: return "permission denied";
	case ENOENT:
	case ENOTDIR: return "no such file";
	case EISDIR:
	case ENXIO:
	case ENODEV:
	case EAGAIN: return not_regular;
	case ELOOP: return "too many symbolic links";
	case ENAMETOOLONG: return "name too long";
	case EMFILE:
	case ENFILE: return "too many open files";
	case EFBIG:
	case EOVERFLOW: return too_large;
	default: return "input or output error";
	}
}

static int open_for_reading(const char *path)
{
	int fd;

	do {
		fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	} while (fd < 0 && errno == EINTR);
	return fd;
}

/* Size of the regular file behind 'fd', or false with '*why'. */
static bool regular_size(int fd, size_t *size, const char **why)
{
	struct stat st;

	if (fstat(fd, &st) != 0) {
		*why = why_of(errno);
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		*why = not_regular;
		return false;
	}
	if ((uint64_t)st.st_size > SOURCE_SIZE_MAX) {
		*why = too_large;
		return false;
	}
	*size = (size_t)st.st_size;
	return true;
}

/*
 * Reads to the end of the file. The size is a guess only: there is always one
 * more byte of room, so that the end is seen and not assumed.
 */
static bool read_all(int fd, size_t size, struct str *out, const char **why)
{
	size_t room = size + 1, len = 0;
	char *text = memory_resize(NULL, room);

	while (len <= SOURCE_SIZE_MAX) {
		if (len == room) {
			room = room < SOURCE_SIZE_MAX / 2 ? room * 2 + 4096 : SOURCE_SIZE_MAX + 1;
			text = memory_resize(text, room);
		}
		ssize_t n = read(fd, text + len, room - len);
		if (n == 0) {
			*out = (struct str){text, len};
			return true;
		}
		if (n > 0) {
			len += (size_t)n;
		} else if (errno != EINTR) {
			*why = why_of(errno);
			free(text);
			return false;
		}
	}
	*why = too_large;
	free(text);
	return false;
}

bool source_read(const char *path, struct source *out, const char **why)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct str text;
	size_t size = 0;
	int fd = open_for_reading(path);

	if (fd < 0) {
		*why = why_of(errno);
		return false;
	}
	bool ok = regular_size(fd, &size, why) && read_all(fd, size, &text, why);
	close(fd);
	if (!ok)
		return false;
	bool has_mark = str_starts(text, STR(mark));
	*out = (struct source){.text = text, .bom = has_mark ? sizeof(mark) - 1 : 0};
	return true;
}

void source_release(struct source *s)
{
	free((char *)s->text.ptr);
	*s = (struct source){.text = STR_EMPTY};
}
