/*
 * plain.c - UTF-8 read strictly (no overlong forms, no surrogates), because what
 * is passed on must be readable by every strict reader after us.
 */
#include "report/plain.h"

/* Length of the sequence that 'lead' begins and the bits it carries; 0 when it begins none. */
static size_t lead_length(unsigned char lead, uint32_t *bits)
{
	if (lead < 0x80) {
		*bits = lead;
		return 1;
	}
	if (lead >= 0xc2 && lead <= 0xdf) {
		*bits = lead & 0x1fu;
		return 2;
	}
	if ((lead & 0xf0) == 0xe0) {
		*bits = lead & 0x0fu;
		return 3;
	}
	if (lead >= 0xf0 && lead <= 0xf4) {
		*bits = lead & 0x07u;
		return 4;
	}
	return 0;
}

static bool code_valid(uint32_t code, size_t length)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

	return code >= least[length] && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
}

size_t plain_step(struct str s, size_t at, uint32_t *code)
{
	uint32_t bits = 0;
	size_t length = lead_length((unsigned char)s.ptr[at], &bits);

	*code = REPLACEMENT;
	if (length == 0 || length > s.len - at)
		return 1;
	for (size_t i = 1; i < length; i++) {
		unsigned char next = (unsigned char)s.ptr[at + i];
		if ((next & 0xc0) != 0x80)
			return 1;
		bits = bits << 6 | (next & 0x3fu);
	}
	if (!code_valid(bits, length))
		return 1;
	*code = bits;
	return length;
}

bool plain_is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c || /* Arabic mark */
	       (code >= 0x200e && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069) || (code >= 0xe0000 && code <= 0xe007f) ||
	       (code & 0xfffe) == 0xfffe; /* no character at all, and refused by XML */
}

size_t plain_encode(uint32_t code, char *out)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* The bytes that plain_put writes unchanged, from 'at' on. */
static size_t harmless_run(struct str s, size_t at)
{
	size_t end = at;

	while (end < s.len) {
		uint32_t code;
		size_t length = plain_step(s, end, &code);
		if (plain_is_control(code) || (code == REPLACEMENT && length == 1))
			break;
		end += length;
	}
	return end - at;
}

static void put_escaped(FILE *out, uint32_t code)
{
	if (code == REPLACEMENT)
		fputs("\xef\xbf\xbd", out);
	else if (code < 0x100)
		fprintf(out, "\\x%02x", (unsigned)code);
	else if (code < 0x10000)
		fprintf(out, "\\u%04x", (unsigned)code);
	else
		fprintf(out, "\\U%08x", (unsigned)code);
}

void plain_put(FILE *out, struct str s)
{
	size_t at = 0;

	while (at < s.len) {
		size_t run = harmless_run(s, at);
		uint32_t code;

		fwrite(s.ptr + at, 1, run, out);
		at += run;
		if (at < s.len) {
			at += plain_step(s, at, &code);
			put_escaped(out, code);
		}
	}
}

static bool is_utf8(struct str s)
{
	for (size_t at = 0; at < s.len;) {
		uint32_t code;
		size_t length = plain_step(s, at, &code);
		if (code == REPLACEMENT && length == 1)
			return false;
		at += length;
	}
	return true;
}

struct str plain_utf8(struct arena *a, struct str s)
{
	if (is_utf8(s))
		return s;
	char *text = arena_array(a, char, s.len * 3);
	size_t len = 0;
	for (size_t at = 0; at < s.len;) {
		uint32_t code;
		at += plain_step(s, at, &code);
		len += plain_encode(code, text + len);
	}
	return (struct str){text, len};
}
