/* audit_json.c - rows of the audit as values of the key "handlers". */
#include "report/audit_json.h"

#include "report/stream.h"

/* A key and its value stand on one line, in the shape of the JSON. */
/* clang-format off */

static json_t *provider_value(const struct audit_provider *p)
{
	return json_pack("{s:o, s:o, s:o, s:b, s:o, s:o}", "name", json_text(p->name),
	                 "path", json_text_or_null(p->path), "line", json_number_or_null(p->line),
	                 "guarded", (int)p->guarded, "kind", json_word_or_null(p->kind),
	                 "through", json_text_or_null(p->through));
}

static json_t *exit_value(const struct audit_exit *e)
{
	return json_pack("{s:s, s:i, s:o, s:s, s:s, s:s, s:o}", "kind", e->kind,
	                 "line", (int)e->line, "response", json_word_or_null(e->response),
	                 "committed", share_word(e->committed), "closed", share_word(e->closed),
	                 "transaction_open", share_word(e->transaction_open),
	                 "released_by", json_word_or_null(e->released_by));
}

static json_t *category_value(enum audit_category c)
{
	return json_word_or_null(c == AUDIT_CATEGORY_COUNT ? NULL : audit_category_word(c));
}

/* clang-format on */

static json_t *words(const char *const *items, uint32_t count)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < count; i++)
		json_array_append_new(list, json_string(items[i]));
	return list;
}

static json_t *letters(const char *text)
{
	json_t *list = json_array();

	for (; *text != '\0'; text++)
		json_array_append_new(list, json_stringn(text, 1));
	return list;
}

static json_t *providers(const struct audit_row *row)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < row->provider_count; i++)
		json_array_append_new(list, provider_value(&row->providers[i]));
	return list;
}

static json_t *routes(const struct audit_row *row)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < row->route_count; i++)
		json_array_append_new(list, json_text(row->routes[i]));
	return list;
}

static json_t *slow_calls(const struct audit_row *row)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < row->slow_call_count; i++) {
		const struct audit_slow_call *c = &row->slow_calls[i];
		json_array_append_new(list, json_pack("{s:i, s:o, s:o, s:s, s:b}", "line",
		                                      (int)c->line, "callee", json_text(c->callee),
		                                      "path", json_text(c->path), "family",
		                                      c->family, "held", (int)c->held));
	}
	return list;
}

static json_t *exits(const struct audit_row *row)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < row->exit_count; i++)
		json_array_append_new(list, exit_value(&row->exits[i]));
	return list;
}

/* clang-format off */

json_t *audit_row_value(const struct audit_row *row)
{
	return json_pack("{s:o, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o,"
	                 " s:o, s:o, s:o, s:o, s:o, s:o}",
	                 "path", json_text(row->path),
	                 "function", json_text(row->function),
	                 "line", (int)row->line,
	                 "parameter", json_text_or_null(row->parameter),
	                 "providers", providers(row),
	                 "naive", category_value(row->naive),
	                 "entry", json_word_or_null(row->entry),
	                 "thread", json_word_or_null(row->thread),
	                 "routes", routes(row),
	                 "category", category_value(row->category),
	                 "exception", json_word_or_null(row->exception),
	                 "fix_category", letters(row->fix_category),
	                 "response", words(row->responses, row->response_count),
	                 "slow_calls", slow_calls(row),
	                 "held_while", words(row->held_while, row->held_while_count),
	                 "exits", exits(row));
}
