/*
 * nearest.c - edit distance with transpositions (optimal string alignment),
 * three rows at a time, over words that are short by nature.
 */
#include "input/nearest.h"

enum { WORD_MAX = 64 };

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * How many letters must be added, dropped, changed or swapped with their neighbour to make 'b'
 * of 'a'; anything above 'limit', or a word over 64 bytes, gives limit + 1. Case is
 * ignored.
 */
static size_t word_distance(struct str a, struct str b, size_t limit)
{
	size_t rows[3][WORD_MAX + 1];

	if (a.len > WORD_MAX || b.len > WORD_MAX)
		return limit + 1;
	for (size_t j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3],
		       *two_above = rows[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			bool same = lower(a.ptr[i - 1]) == lower(b.ptr[j - 1]);
			row[j] = smaller(above[j - 1] + (same ? 0 : 1),
			                 smaller(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && lower(a.ptr[i - 1]) == lower(b.ptr[j - 2]) &&
			    lower(a.ptr[i - 2]) == lower(b.ptr[j - 1]))
				row[j] = smaller(row[j], two_above[j - 2] + 1);
		}
	}
	return smaller(rows[a.len % 3][b.len], limit + 1);
}

void nearest_offer(struct nearest *n, struct str known)
{
	size_t limit = n->word.len / 3 + 1;
	size_t distance = word_distance(n->word, known, limit);

	/* "close" for "session-close" is far in letters and yet what was meant. */
	if (distance > limit && n->word.len >= 3 && known.len > 0 &&
	    (str_starts(known, n->word) || str_starts(n->word, known)))
		distance = limit;
	if (distance <= limit && distance < n->distance && distance < known.len) {
		n->best = known;
		n->distance = distance;
	}
}

struct str nearest_found(const struct nearest *n)
{
	return n->best;
}
