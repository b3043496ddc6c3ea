/*
 * record_read.h - a cursor over untrusted bytes. The first fault sticks: every read after
 * it gives zero, so that readers need to look only now and then.
 */
#ifndef IDLETX_FLOW_RECORD_READ_H
#define IDLETX_FLOW_RECORD_READ_H

#include "base/base.h"

struct cursor {
	const uint8_t *at, *end;
	const char *why;  /* NULL while all is well */
	struct span last; /* span */
	uint32_t size;    /* of the file: spans end by there */
};

static inline struct cursor cursor_on(const uint8_t *bytes, size_t len)
{
	return (struct cursor){.at = bytes, .end = bytes + len, .size = UINT32_MAX};
}

static inline void cursor_fail(struct cursor *c, const char *why)
{
	if (c->why == NULL)
		c->why = why;
	c->at = c->end;
}

static inline uint8_t cursor_byte(struct cursor *c)
{
	if (c->at == c->end) {
		cursor_fail(c, "the record ends too early");
		return 0;
	}
	return *c->at++;
}

/* A varint of up to 64 bits. */
static inline uint64_t cursor_number(struct cursor *c)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte = cursor_byte(c);
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
	cursor_fail(c, "a number is too long");
	return 0;
}

static inline int64_t cursor_unzigzag(uint64_t value)
{
	return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

/* A number below 'limit'. */
static inline uint64_t cursor_below(struct cursor *c, uint64_t limit)
{
	uint64_t value = cursor_number(c);

	if (value < limit)
		return value;
	cursor_fail(c, "a number is out of range");
	return 0;
}

/* How many things follow that take at least 'least' bytes each. */
static inline uint32_t cursor_count(struct cursor *c, size_t least)
{
	uint64_t value = cursor_number(c);

	if (value <= (uint64_t)(c->end - c->at) / least && value < UINT32_MAX)
		return (uint32_t)value;
	cursor_fail(c, "a count is larger than the record");
	return 0;
}

/* A number below 'limit', written as its distance from 'from'. */
static inline uint32_t cursor_near(struct cursor *c, uint32_t from, uint32_t limit)
{
	uint64_t value = (uint64_t)from + (uint64_t)cursor_unzigzag(cursor_number(c));

	if (value < limit)
		return (uint32_t)value;
	cursor_fail(c, "an edge is out of range");
	return 0;
}

static inline struct span cursor_take_span(struct cursor *c, uint64_t start, uint64_t end)
{
	if (start > end || end > c->size) {
		cursor_fail(c, "a span is out of range");
		return (struct span){0, 0};
	}
	return c->last = (struct span){(uint32_t)start, (uint32_t)end};
}

static inline uint64_t cursor_start(struct cursor *c)
{
	return (uint64_t)c->last.start + (uint64_t)cursor_unzigzag(cursor_number(c));
}

static inline struct span cursor_span(struct cursor *c)
{
	uint64_t start = cursor_start(c);
	uint64_t len = cursor_number(c);

	if (len > (uint64_t)c->size + 1)
		len = (uint64_t)c->size + 2; /* too long, without a chance to wrap */
	return cursor_take_span(c, start, len == 0 ? c->last.end : start + len - 1);
}

/* The span of a name of 'len' bytes. */
static inline struct span cursor_name_span(struct cursor *c, size_t len)
{
	uint64_t start = cursor_start(c);

	return cursor_take_span(c, start, start + len);
}

/* A string's number as its name; 0 is NAME_NONE. */
static inline name_id cursor_name(struct cursor *c, const name_id *names, uint32_t count)
{
	uint64_t number = cursor_number(c);

	if (number <= count)
		return names[number];
	cursor_fail(c, "a string number is out of range");
	return NAME_NONE;
}

static inline struct str cursor_str(struct cursor *c)
{
	uint64_t len = cursor_number(c);

	if (len > (uint64_t)(c->end - c->at)) {
		cursor_fail(c, "a string is longer than the record");
		return STR_EMPTY;
	}
	struct str s = {(const char *)c->at, (size_t)len};
	c->at += len;
	return s;
}

static inline uint64_t cursor_u64(struct cursor *c)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++)
		value |= (uint64_t)cursor_byte(c) << (8 * i);
	return value;
}

#endif
