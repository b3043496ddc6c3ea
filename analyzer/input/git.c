/*
 * git.c - asks git which files a project has. git runs without a shell, with
 * an environment that cannot point it at another repository (a hook sets
 * GIT_DIR and GIT_INDEX_FILE), and without the programs that the repository's
 * own configuration may name (core.fsmonitor).
 */
#include "input/listing.h"
#include "input/path.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stb/stb_ds.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const not_passed_on[] = {
	"GIT_DIR=",
	"GIT_WORK_TREE=",
	"GIT_INDEX_FILE=",
	"GIT_PREFIX=",
	"GIT_COMMON_DIR=",
	"GIT_NAMESPACE=",
	"GIT_OBJECT_DIRECTORY=",
	"GIT_ALTERNATE_OBJECT_DIRECTORIES=",
	"GIT_LITERAL_PATHSPECS=",
	"GIT_GLOB_PATHSPECS=",
	"GIT_NOGLOB_PATHSPECS=",
	"GIT_ICASE_PATHSPECS=",
	"GIT_OPTIONAL_LOCKS=",
};

static char no_locks[] = "GIT_OPTIONAL_LOCKS=0";

/* The environment for git; stb_ds array. */
static char **git_environment(void)
{
	char **kept = NULL;

	for (char **e = environ; e != NULL && *e != NULL; e++) {
		bool keep = true;
		for (size_t i = 0; i < ARRAY_LEN(not_passed_on); i++)
			keep &= !str_starts(str_of(*e), str_of(not_passed_on[i]));
		if (keep)
			arrput(kept, *e);
	}
	arrput(kept, no_locks);
	arrput(kept, NULL);
	return kept;
}

/* Starts `git ls-files` in 'folder' with its output in the pipe. Returns 0 when it cannot. */
static pid_t git_start(const char *folder, int output)
{
	const char *const argv[] = {
		"git",      "-c",       "core.fsmonitor=false", "-C", folder, "ls-files", "-z",
		"--cached", "--others", "--exclude-standard",   NULL,
	};
	posix_spawn_file_actions_t actions;
	char **environment = git_environment();
	pid_t child = 0;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	/* posix_spawn does not write to argv; its type is older than const. */
	if (posix_spawnp(&child, "git", &actions, NULL, (char *const *)argv, environment) != 0)
		child = 0;
	posix_spawn_file_actions_destroy(&actions);
	arrfree(environment);
	return child;
}

/* Everything until the end of the pipe; malloc'ed. */
static struct str read_pipe(int fd)
{
	size_t room = 1 << 16, len = 0;
	char *text = memory_resize(NULL, room);

	for (;;) {
		if (len == room)
			text = memory_resize(text, room *= 2);
		ssize_t n = read(fd, text + len, room - len);
		if (n > 0)
			len += (size_t)n;
		else if (n == 0 || errno != EINTR)
			return (struct str){text, len};
	}
}

static bool ended_well(pid_t child)
{
	int status = 0;
	pid_t got;

	do {
		got = waitpid(child, &status, 0);
	} while (got < 0 && errno == EINTR);
	return got == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The output of `git ls-files` in 'folder': paths, each ended by a NUL byte. */
static bool git_output(const char *folder, struct str *out)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	pid_t child = git_start(folder, ends[1]);
	close(ends[1]);
	struct str text = child == 0 ? STR_EMPTY : read_pipe(ends[0]);
	close(ends[0]);
	if (child != 0 && ended_well(child)) {
		*out = text;
		return true;
	}
	if (child != 0)
		free((char *)text.ptr);
	return false;
}

/*
 * What is known of the folders above the last path, so that each folder of a
 * sorted list is judged once.
 */
struct verdict {
	struct str folder;
	size_t excluded; /* bytes of 'folder' that name an excluded folder; 0: none is */
};

/* Is a folder above 'path' excluded? Those up to 'top' bytes of it are not asked. */
static bool below_excluded(struct listing *l, struct verdict *v, size_t top, struct str path)
{
	struct str folder = path_parent(path), known = folder;

	while (!path_within(known, v->folder))
		known = path_parent(known);
	if (v->excluded > 0 && known.len >= v->excluded)
		return true;
	*v = (struct verdict){.folder = folder, .excluded = 0};
	for (size_t end = (known.len > top ? known.len : top) + 1; end <= folder.len; end++) {
		if (end < folder.len && folder.ptr[end] != '/')
			continue;
		if (excluded_folder(l->exclusions, str_slice(folder, 0, end))) {
			l->excluded++;
			v->excluded = end;
			return true;
		}
	}
	return false;
}

/* One line of git's answer for one folder, and what the lines before it have shown. */
struct answer {
	struct listing *l;
	struct str folder; /* relative to the root */
	bool has_submodules;
	struct verdict verdict;
	struct str **pending; /* repositories inside, to be asked themselves */
};

/* A submodule that is checked out, or a repository that lies inside without being one. */
static bool is_repository(const struct listing *l, struct str path)
{
	return path_exists(path_join(l->run, l->exclusions->root, path), ".git");
}

static void read_answer(struct answer *a, struct str entry)
{
	bool python = str_ends(entry, STR(".py")) || str_ends(entry, STR(".ipynb"));
	bool inner = entry.len > 2 && entry.ptr[entry.len - 1] == '/';

	if (!python && !inner && !a->has_submodules)
		return;
	if (inner)
		entry.len--;
	struct str path = a->folder.len == 0 ? entry : path_join(a->l->run, a->folder, entry);
	if (below_excluded(a->l, &a->verdict, a->folder.len, path))
		return;
	if (python && !inner)
		listing_offer(a->l, path, DT_UNKNOWN);
	if ((inner || a->has_submodules) && !excluded_folder(a->l->exclusions, path) &&
	    is_repository(a->l, path))
		arrput(*a->pending, arena_str(a->l->run, path));
}

static bool ask_git(struct listing *l, struct str folder, struct str **pending)
{
	struct str absolute = path_join(l->run, l->exclusions->root, folder), text;
	struct answer a = {.l = l, .folder = folder, .verdict = {STR_EMPTY, 0}, .pending = pending};

	if (folder.len == 0)
		absolute = l->exclusions->root;
	if (!git_output(absolute.ptr, &text))
		return false;
	/* Submodules are named at the top of the work tree, which may be above this folder. */
	for (struct str up = absolute; !a.has_submodules; up = path_parent(up)) {
		a.has_submodules = path_exists(up, ".gitmodules");
		if (path_exists(up, ".git") || str_is(up, "/"))
			break;
	}
	for (size_t at = 0; at < text.len;) {
		const char *end = memchr(text.ptr + at, '\0', text.len - at);
		size_t stop = end == NULL ? text.len : (size_t)(end - text.ptr);
		read_answer(&a, str_slice(text, at, stop));
		at = stop + 1;
	}
	free((char *)text.ptr);
	return true;
}

bool listing_git(struct listing *l, struct str folder)
{
	struct str *pending = NULL;

	if (!ask_git(l, folder, &pending))
		return false;
	while (arrlen(pending) > 0) {
		struct str next = arrpop(pending);
		if (!ask_git(l, next, &pending) && !listing_walk(l, next))
			diag_add(l->d, DIAG_NOTE, next, 0, 0, "cannot read this folder");
	}
	arrfree(pending);
	return true;
}
