/* protocol_order.h - the orders that protocol_read.c sorts the tables of protocols in and protocol.c searches them by. */
#ifndef IDLETX_STATE_PROTOCOL_ORDER_H
#define IDLETX_STATE_PROTOCOL_ORDER_H

#include "state/protocol.h"

static inline int by_maker_name(const void *a, const void *b)
{
	const struct maker *x = a, *y = b;
	int d = str_cmp(x->name, y->name);
	return d != 0 ? d : (int)x->role - (int)y->role;
}

static inline int by_method_name(const void *a, const void *b)
{
	return str_cmp(((const struct method *)a)->name, ((const struct method *)b)->name);
}

static inline int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

#endif
