/* embedded.c - looks up a file in the table that the build makes. */
#include "base/embedded.h"

const struct embedded_file *embedded_find(struct str name)
{
	size_t low = 0, high = embedded_file_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = str_cmp(name, str_of(embedded_files[middle].name));
		if (order == 0)
			return &embedded_files[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
