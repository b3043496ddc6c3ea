/*
 * embed.c - writes a C file that holds the bytes of other files, as the table
 * of analyzer/base/embedded.h. Runs at build, on the building machine.
 *
 *     embed OUTPUT FILE...        the files in the order of their names
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what, const char *path)
{
	fprintf(stderr, "embed: %s '%s'\n", what, path);
	exit(1);
}

/* One byte of a string literal; three octal digits cannot run into what follows. */
static void write_byte(FILE *out, int byte)
{
	if (byte == '\n')
		fputs("\\n\"\n\t\"", out);
	else if (byte == '"' || byte == '\\')
		fprintf(out, "\\%c", byte);
	else if (byte < ' ' || byte > '~' || byte == '?') /* no trigraphs */
		fprintf(out, "\\%03o", (unsigned)byte);
	else
		fputc(byte, out);
}

static void write_text(FILE *out, int number, const char *path)
{
	FILE *in = fopen(path, "rb");
	int byte;

	if (in == NULL)
		fail("cannot open", path);
	fprintf(out, "static const char text_%d[] =\n\t\"", number);
	while ((byte = getc(in)) != EOF)
		write_byte(out, byte);
	fputs("\";\n", out);
	if (ferror(in) != 0 || fclose(in) != 0)
		fail("cannot read", path);
}

static int by_name(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		fail("needs", "OUTPUT FILE...");
	char **files = argv + 2;
	int count = argc - 2;
	FILE *out = fopen(argv[1], "wb");
	if (out == NULL)
		fail("cannot write", argv[1]);

	qsort(files, (size_t)count, sizeof(*files), by_name);
	fputs("/* Made by tools/embed.c. */\n#include \"base/embedded.h\"\n\n", out);
	for (int i = 0; i < count; i++)
		write_text(out, i, files[i]);
	fputs("\nconst struct embedded_file embedded_files[] = {\n", out);
	for (int i = 0; i < count; i++)
		fprintf(out, "\t{\"%s\", {text_%d, sizeof(text_%d) - 1}},\n", files[i], i, i);
	/* C has no empty arrays; the last entry is never counted. */
	fprintf(out, "\t{\"\", {\"\", 0}},\n};\nconst size_t embedded_file_count = %d;\n", count);
	if (ferror(out) != 0 || fclose(out) != 0)
		fail("cannot write", argv[1]);
	return 0;
}
