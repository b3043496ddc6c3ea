/*
 * output.c - the report reaches its file in one rename, after fsync, with the
 * mode that the umask or the file it replaces asks for.
 */
#include "report/output.h"

#include "base/memory.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_TRIES = 100 };

/* Our own words: strerror's depend on the locale. */
static const char *why_of(int error)
{
	switch (error) {
	case EACCES:
	case EPERM: return "permission denied";
	case ENOENT: return "no such folder";
	case ENOTDIR: return "not a folder";
	case EISDIR: return "it is a folder";
	case ENOSPC: return "no space left on the device";
	case EDQUOT: return "the disk quota is used up";
	case EFBIG: return "the file would be too large";
	case EROFS: return "the file system is read-only";
	case ENAMETOOLONG: return "name too long";
	case ELOOP: return "too many symbolic links";
	case EMFILE:
	case ENFILE: return "too many open files";
	case ENXIO: return "nobody reads from it";
	default: return "input or output error";
	}
}

static bool fail(const struct output *o, int error, struct diag *d)
{
	const char *name = o->name == NULL ? "stdout" : o->name;

	diag_add(d, DIAG_FAILURE, STR_EMPTY, 0, 0, "cannot write '%s': %s", name, why_of(error));
	return false;
}

/* The descriptor that a name such as /dev/stdout or /dev/fd/3 stands for, or -1. */
static int descriptor_of(const char *name)
{
	static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};

	if (strcmp(name, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(name, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		size_t len = strlen(folders[i]);
		char *end;
		if (strncmp(name, folders[i], len) != 0 || name[len] < '0' || name[len] > '9')
			continue;
		long number = strtol(name + len, &end, 10);
		if (*end == '\0' && number < 1 << 20)
			return (int)number;
	}
	return -1;
}

static bool open_stream(struct output *o, int fd, struct diag *d)
{
	if (fd < 0)
		return fail(o, errno, d);
	o->file = fdopen(fd, "w");
	if (o->file != NULL)
		return true;
	int error = errno;
	close(fd);
	return fail(o, error, d);
}

/* A device or pipe: nothing to replace, so nothing to rename. */
static bool open_directly(struct output *o, struct diag *d)
{
	return open_stream(o, open(o->name, O_WRONLY | O_CLOEXEC | O_NOCTTY), d);
}

/* "FOLDER/.idletx-PID-N" beside the target; malloc'ed. */
static char *temporary_name(const char *target, unsigned number)
{
	const char *slash = strrchr(target, '/');
	size_t folder = slash == NULL ? 0 : (size_t)(slash + 1 - target);
	size_t room = folder + 48;
	char *name = memory_resize(NULL, room);

	snprintf(name, room, "%.*s.idletx-%ld-%u", (int)folder, target, (long)getpid(), number);
	return name;
}

/* A new file beside the target, made with the umask in force. Returns its descriptor or -1. */
static int create_temporary(struct output *o)
{
	for (unsigned i = 0; i < NAME_TRIES; i++) {
		free(o->temporary);
		o->temporary = temporary_name(o->target, i);
		int fd = open(o->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

static void forget_names(struct output *o)
{
	free(o->target);
	free(o->temporary);
	o->target = o->temporary = NULL;
}

/* Removes what was begun. */
static void discard(struct output *o)
{
	if (o->temporary != NULL)
		unlink(o->temporary);
	forget_names(o);
}

/* 'old' is the file that will be replaced, or NULL. */
static bool open_replacement(struct output *o, const struct stat *old, struct diag *d)
{
	/* A link stays a link: the file behind it is what is replaced. */
	o->target = old == NULL ? NULL : realpath(o->name, NULL);
	if (o->target == NULL)
		o->target = strcpy(memory_resize(NULL, strlen(o->name) + 1), o->name);
	int fd = create_temporary(o);
	if (fd < 0) {
		int error = errno;
		forget_names(o);
		return fail(o, error, d);
	}
	if (old != NULL && fchmod(fd, old->st_mode & 0777) != 0) {
		int error = errno;
		close(fd);
		discard(o);
		return fail(o, error, d);
	}
	if (!open_stream(o, fd, d)) {
		discard(o);
		return false;
	}
	return true;
}

static bool open_named(struct output *o, struct diag *d)
{
	struct stat st;
	int fd = descriptor_of(o->name);

	if (fd >= 0)
		return open_stream(o, fcntl(fd, F_DUPFD_CLOEXEC, 0), d);
	if (*o->name == '\0')
		return fail(o, ENOENT, d);
	if (stat(o->name, &st) != 0)
		return errno == ENOENT ? open_replacement(o, NULL, d) : fail(o, errno, d);
	if (S_ISDIR(st.st_mode))
		return fail(o, EISDIR, d);
	if (!S_ISREG(st.st_mode))
		return open_directly(o, d);
	if (access(o->name, W_OK) != 0)
		return fail(o, errno, d);
	return open_replacement(o, &st, d);
}

bool output_open(struct output *o, const char *name, struct diag *d)
{
	*o = (struct output){.file = stdout, .name = name};
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files: an error like a full disk */
	return name == NULL || open_named(o, d);
}

/* Has the reader of a pipe gone away? */
static bool reader_gone(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	return poll(&p, 1, 0) == 1 && (p.revents & POLLERR) != 0;
}

/* Devices and pipes cannot be synced, and need not be. */
static bool sync_file(const struct output *o)
{
	return o->temporary == NULL || fsync(fileno(o->file)) == 0;
}

static bool put_in_place(struct output *o, struct diag *d)
{
	if (o->temporary == NULL)
		return true;
	if (rename(o->temporary, o->target) == 0) {
		forget_names(o);
		return true;
	}
	int error = errno;
	discard(o);
	return fail(o, error, d);
}

bool output_finish(struct output *o, bool written, struct diag *d)
{
	int error = written ? 0 : errno;
	bool ok = written;

	if (ok && (fflush(o->file) != 0 || ferror(o->file) || !sync_file(o))) {
		error = errno;
		ok = false;
	}
	bool gone = !ok && reader_gone(fileno(o->file));
	if (o->name != NULL && fclose(o->file) != 0 && ok) {
		error = errno;
		ok = false;
	}
	if (ok)
		return put_in_place(o, d);
	discard(o);
	return gone ? false : fail(o, error, d);
}
