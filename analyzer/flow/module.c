/* module.c - lines of offsets and qualified names of scopes. */
#include "flow/module.h"

#include <stdio.h>

enum {
	QUALNAME_MAX = 400
}; /* bytes; a deeper name loses its front, so that all together stay linear */

uint32_t module_line(const struct module *m, uint32_t offset)
{
	uint32_t low = 0, high = m->line_count;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (m->line_starts[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low + 1;
}

name_id scope_qualname(struct interner *names, const struct scope *parent, name_id name)
{
	char text[QUALNAME_MAX + 32];
	struct str own = intern_text(names, name);

	if (parent == NULL || parent->kind == SCOPE_MODULE)
		return name;
	struct str front = intern_text(names, parent->qualname);
	if (front.len + own.len > QUALNAME_MAX)
		return name;
	int len = snprintf(text, sizeof(text), "%.*s%s%.*s", STR_ARG(front),
	                   parent->kind == SCOPE_CLASS ? "." : ".<locals>.", STR_ARG(own));
	return intern(names, (struct str){text, (size_t)len});
}
