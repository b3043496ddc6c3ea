/*
 * sarif_text.c - the message of a result. Its first sentence is what GitHub
 * shows in lists; the details follow as sentences, and as a list in Markdown.
 */
#include "report/sarif.h"

#include "base/memory.h"
#include "report/markdown.h"
#include "report/plain.h"
#include <stdlib.h>

enum { LINKS_MAX = 20 };

/* Text that must not become a link by accident: "[a](1)" would be one. */
static void put_literal(FILE *out, struct str text)
{
	size_t start = 0;

	for (size_t i = 0; i + 1 < text.len; i++)
		if (text.ptr[i] == ']' && text.ptr[i + 1] == '(') {
			plain_put(out, str_slice(text, start, i + 1));
			fputc(' ', out);
			start = i + 1;
		}
	plain_put(out, str_slice(text, start, text.len));
}

static void put_stop(FILE *out, struct str text)
{
	if (!str_ends(text, STR(".")))
		fputc('.', out);
}

/* Labels begin a sentence: "Opened by". */
static void put_label(FILE *out, const char *label)
{
	char first = *label >= 'a' && *label <= 'z' ? (char)(*label - 'a' + 'A') : *label;

	if (first != '\0')
		fprintf(out, "%c%s", first, label + 1);
}

/* "[line 402](1), [line 419](2)": GitHub shows related locations only where a link names them. */
static void put_links(FILE *out, const struct finding *f)
{
	uint32_t shown = f->exit_count > LINKS_MAX ? LINKS_MAX : f->exit_count;

	for (uint32_t i = 0; i < shown; i++)
		fprintf(out, "%s[line %u](%u)", i == 0 ? "" : ", ", f->exits[i].at.line, i + 1);
	if (shown < f->exit_count)
		fprintf(out, " and %u more", f->exit_count - shown);
}

static void put_text(FILE *out, const struct finding *f)
{
	put_literal(out, f->message);
	put_stop(out, f->message);
	for (uint32_t i = 0; i < f->detail_count; i++) {
		fputc(' ', out);
		put_label(out, f->details[i].label);
		fputs(": ", out);
		put_literal(out, f->details[i].text);
		put_stop(out, f->details[i].text);
	}
	if (f->exit_count > 1) {
		fputs(" Exits: ", out);
		put_links(out, f);
		fputc('.', out);
	}
}

static void put_markdown(FILE *out, const struct finding *f)
{
	markdown_put(out, f->message);
	put_stop(out, f->message);
	if (f->detail_count > 0 || f->exit_count > 1)
		fputc('\n', out);
	for (uint32_t i = 0; i < f->detail_count; i++) {
		fputs("\n- **", out);
		put_label(out, f->details[i].label);
		fputs(":** ", out);
		markdown_put(out, f->details[i].text);
	}
	if (f->exit_count > 1) {
		fputs("\n- **Exits:** ", out);
		put_links(out, f);
	}
}

static json_t *text_of(void (*put)(FILE *, const struct finding *), const struct finding *f)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		memory_exhausted();
	put(out, f);
	if (fclose(out) != 0)
		memory_exhausted();
	json_t *value = json_text((struct str){text, len});
	free(text);
	return value;
}

json_t *sarif_finding_message(const struct finding *f)
{
	return json_pack("{s:o, s:o}", "text", text_of(put_text, f), "markdown",
	                 text_of(put_markdown, f));
}
