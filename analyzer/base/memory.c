/* memory.c - allocation that cannot fail; see memory.h. */
#include "base/memory.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

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

/* Left to itself glibc raises the bound with each large block that is freed, and keeps them from then on. */
enum { MAPPED_LEAST = 1 << 20 };

void memory_init(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, MAPPED_LEAST);
#endif
}

void memory_trim(void)
{
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}

size_t memory_peak_kb(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) == 0 ? (size_t)usage.ru_maxrss : 0;
}

/* Linux, proc(5): 5 resets the peak. */
void memory_peak_restart(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	ssize_t ignored = write(fd, "5", 1);
	(void)ignored;
	close(fd);
}
