/*
 * listing.c - the walk. Folders still to be read are kept in a list, so that
 * depth costs memory and not stack. Links to folders are not followed, so that
 * there are no loops.
 */
#include "input/listing.h"
#include "input/path.h"

#include <dirent.h>
#include <errno.h>
#include <stb/stb_ds.h>
#include <sys/stat.h>

void listing_release(struct listing *l)
{
	arrfree(l->files);
}

void listing_add(struct listing *l, struct str path, bool is_link)
{
	struct str absolute = path_join(l->run, l->exclusions->root, path);
	struct listed file = {
		.absolute = absolute,
		.path = str_slice(absolute, absolute.len - path.len, absolute.len),
		.is_link = is_link,
	};

	arrput(l->files, file);
}

/* DT_REG, DT_DIR, DT_LNK for a link to a regular file, or DT_UNKNOWN for all else. */
static unsigned char type_of(const struct listing *l, struct str path, unsigned char type)
{
	char buffer[PATH_MAX];
	struct stat st;

	if (type == DT_REG || type == DT_DIR)
		return type;
	if (type != DT_LNK && type != DT_UNKNOWN)
		return DT_UNKNOWN;
	const char *absolute = path_text(buffer, l->exclusions->root, path);
	if (absolute == NULL || lstat(absolute, &st) != 0)
		return DT_UNKNOWN;
	if (S_ISREG(st.st_mode))
		return DT_REG;
	if (S_ISDIR(st.st_mode))
		return DT_DIR;
	if (S_ISLNK(st.st_mode) && stat(absolute, &st) == 0 && S_ISREG(st.st_mode))
		return DT_LNK;
	return DT_UNKNOWN;
}

void listing_offer(struct listing *l, struct str path, unsigned char type)
{
	bool notebook = str_ends(path, STR(".ipynb"));

	if (!notebook && !str_ends(path, STR(".py")))
		return;
	type = type_of(l, path, type);
	if (type != DT_REG && type != DT_LNK)
		return;
	if (excluded_by_glob(l->exclusions, path))
		l->excluded++;
	else if (notebook)
		l->notebooks++;
	else
		listing_add(l, path, type == DT_LNK);
}

static void read_entry(struct listing *l, struct str folder, const struct dirent *entry,
                       struct str **pending)
{
	struct str name = str_of(entry->d_name);

	if (str_is(name, ".") || str_is(name, ".."))
		return;
	/* What is neither a folder nor Python by its name needs no copy of its path. */
	bool may_be_folder = entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
	if (!may_be_folder && !str_ends(name, STR(".py")) && !str_ends(name, STR(".ipynb")))
		return;
	struct str path = path_join(l->run, folder, name);
	if (!may_be_folder || type_of(l, path, entry->d_type) != DT_DIR)
		listing_offer(l, path, entry->d_type);
	else if (excluded_folder(l->exclusions, path))
		l->excluded++;
	else
		arrput(*pending, path);
}

static bool read_folder(struct listing *l, struct str folder, struct str **pending)
{
	struct str root = l->exclusions->root;
	DIR *dir = opendir(folder.len == 0 ? root.ptr : path_join(l->run, root, folder).ptr);

	if (dir == NULL)
		return false;
	for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
		read_entry(l, folder, entry, pending);
	closedir(dir);
	return true;
}

bool listing_walk(struct listing *l, struct str folder)
{
	struct str *pending = NULL;

	if (!read_folder(l, folder, &pending))
		return false;
	while (arrlen(pending) > 0) {
		struct str next = arrpop(pending);
		if (!read_folder(l, next, &pending))
			diag_add(l->d, DIAG_NOTE, next, 0, 0, "cannot read this folder: %s",
			         errno == EACCES ? "permission denied" : strerror(errno));
	}
	arrfree(pending);
	return true;
}
