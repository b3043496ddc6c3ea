/*
 * lineage.c - the classes in which a class looks a name up, in Python's order (C3): each before its bases,
 * bases in the order in which they are written, and both for every class above. Few classes have more
 * than a handful, so each one's order is kept as a short list of small numbers.
 */
#include "project/resolve_internal.h"

#define BASES_MAX 8 /* of one class */

struct ancestry {
	struct resolver *r;
	struct target classes[LINEAGE_MAX]; /* in the order in which they were met */
	unsigned count;
	uint8_t bases[LINEAGE_MAX][BASES_MAX], base_count[LINEAGE_MAX];
	uint8_t order[LINEAGE_MAX][LINEAGE_MAX], length[LINEAGE_MAX]; /* 0: not known yet */
};

/* ---- which classes there are -------------------------------------------------- */

static unsigned number_of(const struct ancestry *a, const struct target *class_)
{
	unsigned i = 0;
	while (i < a->count &&
	       (a->classes[i].module != class_->module || a->classes[i].scope != class_->scope))
		i++;
	return i;
}

static void add_class(struct ancestry *a, const struct target *class_)
{
	unsigned self = a->count++;
	const struct module *module = project_module(a->r->project, class_->module);
	const struct scope *s = &module->scopes[class_->scope];
	a->classes[self] = *class_;
	for (uint32_t i = 0; i < s->base_count && a->r->hops > 0; i++) {
		const struct expr *base = &module->exprs[module->bases[s->first_base + i]];
		if (base->kind == EXPR_SUBSCRIPT) /* Repository[Order] */
			base++;
		if (base->kind != EXPR_NAME || a->base_count[self] == BASES_MAX)
			continue;
		struct target of = resolve_in(a->r, class_->module, s->parent,
		                              project_text(a->r->project, base->text));
		unsigned number = target_is_class(a->r->project, &of) ? number_of(a, &of)
		                                                      : LINEAGE_MAX;
		if (number == LINEAGE_MAX)
			continue;
		if (number == a->count)
			add_class(a, &of);
		a->bases[self][a->base_count[self]++] = (uint8_t)number;
	}
}

/* ---- their order -------------------------------------------------------------- */

struct list {
	const uint8_t *items;
	unsigned count, at;
};

static bool is_behind(const struct list *l, uint8_t class_)
{
	for (unsigned i = l->at + 1; i < l->count; i++)
		if (l->items[i] == class_)
			return true;
	return false;
}

/* The first head that no list has further behind; of an order that cannot be, the first head. */
static unsigned next_class(const struct list *lists, unsigned count)
{
	unsigned first = LINEAGE_MAX;
	for (unsigned i = 0; i < count; i++) {
		bool waits = false;
		if (lists[i].at == lists[i].count)
			continue;
		uint8_t head = lists[i].items[lists[i].at];
		for (unsigned k = 0; k < count && !waits; k++)
			waits = is_behind(&lists[k], head);
		if (!waits)
			return head;
		if (first == LINEAGE_MAX)
			first = head;
	}
	return first;
}

static void merge(struct ancestry *a, unsigned self, struct list *lists, unsigned count)
{
	unsigned next;
	while (a->length[self] < LINEAGE_MAX && (next = next_class(lists, count)) != LINEAGE_MAX) {
		a->order[self][a->length[self]++] = (uint8_t)next;
		for (unsigned i = 0; i < count; i++)
			if (lists[i].at < lists[i].count && lists[i].items[lists[i].at] == next)
				lists[i].at++;
	}
}

/* A class that is above itself counts once. */
static void put_in_order(struct ancestry *a, unsigned self)
{
	struct list lists[BASES_MAX + 1];
	unsigned count = 0;
	if (a->length[self] > 0)
		return;
	a->order[self][a->length[self]++] = (uint8_t)self;
	for (unsigned i = 0; i < a->base_count[self]; i++) {
		unsigned base = a->bases[self][i];
		put_in_order(a, base);
		lists[count++] = (struct list){a->order[base], a->length[base], 0};
	}
	lists[count++] = (struct list){a->bases[self], a->base_count[self], 0};
	merge(a, self, lists, count);
}

unsigned lineage_above(struct resolver *r, const struct target *class_,
                       struct target out[LINEAGE_MAX])
{
	struct ancestry a = {.r = r};
	add_class(&a, class_);
	put_in_order(&a, 0);
	for (unsigned i = 1; i < a.length[0]; i++)
		out[i - 1] = a.classes[a.order[0][i]];
	return a.length[0] - 1u;
}
