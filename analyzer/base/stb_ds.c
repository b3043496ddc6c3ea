/*
 * stb_ds.c - the one place where stb_ds's implementation is compiled. It does
 * not check for NULL itself, so it gets an allocator that never returns it.
 */
#include "base/memory.h"
#include <stdlib.h>

#define STBDS_REALLOC(context, ptr, size) memory_resize((ptr), (size))
#define STBDS_FREE(context, ptr) free(ptr)
#define STB_DS_IMPLEMENTATION
#include <stb/stb_ds.h>
