/* memory.c - allocation that cannot fail; see memory.h. */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

enum { EXIT_INCOMPLETE = 3 };

_Noreturn void memory_exhausted(void)
{
	static const char text[] = "idletx: out of memory\n";

	/* Not stdio: its buffers and locks may be what could not be had. */
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_Exit(EXIT_INCOMPLETE);
	_Exit(EXIT_INCOMPLETE);
}

void *memory_resize(void *old, size_t size)
{
	void *p = realloc(old, size == 0 ? 1 : size);

	if (p == NULL)
		memory_exhausted();
	return p;
}

void *memory_resize_array(void *old, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		memory_exhausted();
	return memory_resize(old, count * size);
}
