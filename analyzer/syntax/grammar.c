/* grammar.c - the table from grammar names to kinds, and its check at the start. */
#include "syntax/grammar.h"

#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_python(void);

struct mapping {
	const char *name;
	enum grammar_action action;
	uint8_t value;
};

static const struct mapping named[] = {
	{"aliased_import", GRAMMAR_KEEP, AST_ALIASED_IMPORT},
	{"argument_list", GRAMMAR_ARGUMENTS, AST_ARGUMENTS},
	{"as_pattern", GRAMMAR_KEEP, AST_AS_PATTERN},
	{"as_pattern_target", GRAMMAR_ELIDE, 0},
	{"assert_statement", GRAMMAR_KEEP, AST_ASSERT},
	{"assignment", GRAMMAR_KEEP, AST_ASSIGN},
	{"attribute", GRAMMAR_KEEP, AST_ATTRIBUTE},
	{"augmented_assignment", GRAMMAR_KEEP, AST_AUGMENTED},
	{"await", GRAMMAR_KEEP, AST_AWAIT},
	{"binary_operator", GRAMMAR_KEEP, AST_BINARY},
	{"block", GRAMMAR_KEEP, AST_BLOCK},
	{"boolean_operator", GRAMMAR_KEEP, AST_BOOLEAN},
	{"break_statement", GRAMMAR_LEAF, AST_BREAK},
	{"call", GRAMMAR_KEEP, AST_CALL},
	{"case_clause", GRAMMAR_KEEP, AST_CASE},
	{"case_pattern", GRAMMAR_KEEP, AST_CASE_PATTERN},
	{"chevron", GRAMMAR_ELIDE, 0},
	{"class_definition", GRAMMAR_KEEP, AST_CLASS},
	{"class_pattern", GRAMMAR_KEEP, AST_CLASS_PATTERN},
	{"comment", GRAMMAR_COMMENT, 0},
	{"comparison_operator", GRAMMAR_KEEP, AST_COMPARISON},
	{"complex_pattern", GRAMMAR_LEAF, AST_COMPLEX_PATTERN},
	{"concatenated_string", GRAMMAR_KEEP, AST_CONCATENATED},
	{"conditional_expression", GRAMMAR_KEEP, AST_CONDITIONAL},
	{"constrained_type", GRAMMAR_KEEP, AST_SLICE},
	{"continue_statement", GRAMMAR_LEAF, AST_CONTINUE},
	{"decorated_definition", GRAMMAR_KEEP, AST_DECORATED},
	{"decorator", GRAMMAR_KEEP, AST_DECORATOR},
	{"default_parameter", GRAMMAR_KEEP, AST_DEFAULT_PARAMETER},
	{"delete_statement", GRAMMAR_KEEP, AST_DELETE},
	{"dict_pattern", GRAMMAR_KEEP, AST_DICT_PATTERN},
	{"dictionary", GRAMMAR_KEEP, AST_DICT},
	{"dictionary_comprehension", GRAMMAR_KEEP, AST_DICT_COMPREHENSION},
	{"dictionary_splat", GRAMMAR_KEEP, AST_DOUBLE_STAR},
	{"dictionary_splat_pattern", GRAMMAR_KEEP, AST_DOUBLE_STAR},
	{"dotted_name", GRAMMAR_NAME, AST_DOTTED_NAME},
	{"elif_clause", GRAMMAR_KEEP, AST_ELIF},
	{"ellipsis", GRAMMAR_LEAF, AST_ELLIPSIS},
	{"else_clause", GRAMMAR_KEEP, AST_ELSE},
	{"escape_interpolation", GRAMMAR_SKIP, 0},
	{"escape_sequence", GRAMMAR_SKIP, 0},
	{"except_clause", GRAMMAR_KEEP, AST_EXCEPT},
	{"exec_statement", GRAMMAR_KEEP, AST_EXEC},
	{"expression_list", GRAMMAR_KEEP, AST_TUPLE},
	{"expression_statement", GRAMMAR_KEEP, AST_EXPRESSION},
	{"false", GRAMMAR_LEAF, AST_FALSE},
	{"finally_clause", GRAMMAR_KEEP, AST_FINALLY},
	{"float", GRAMMAR_LEAF, AST_NUMBER},
	{"for_in_clause", GRAMMAR_KEEP, AST_FOR_IN},
	{"for_statement", GRAMMAR_KEEP, AST_FOR},
	{"format_expression", GRAMMAR_ELIDE, 0},
	{"format_specifier", GRAMMAR_ELIDE, 0},
	{"function_definition", GRAMMAR_KEEP, AST_FUNCTION},
	{"future_import_statement", GRAMMAR_KEEP, AST_FUTURE_IMPORT},
	{"generator_expression", GRAMMAR_KEEP, AST_GENERATOR},
	{"generic_type", GRAMMAR_KEEP, AST_SUBSCRIPT},
	{"global_statement", GRAMMAR_KEEP, AST_GLOBAL},
	{"identifier", GRAMMAR_NAME, AST_NAME},
	{"if_clause", GRAMMAR_KEEP, AST_IF_CLAUSE},
	{"if_statement", GRAMMAR_KEEP, AST_IF},
	{"import_from_statement", GRAMMAR_KEEP, AST_IMPORT_FROM},
	{"import_prefix", GRAMMAR_SKIP, 0},
	{"import_statement", GRAMMAR_KEEP, AST_IMPORT},
	{"integer", GRAMMAR_LEAF, AST_NUMBER},
	{"interpolation", GRAMMAR_ELIDE, 0},
	{"keyword_argument", GRAMMAR_KEEP, AST_KEYWORD},
	{"keyword_pattern", GRAMMAR_KEEP, AST_KEYWORD_PATTERN},
	{"keyword_separator", GRAMMAR_LEAF, AST_KEYWORD_SEPARATOR},
	{"lambda", GRAMMAR_KEEP, AST_LAMBDA},
	{"lambda_parameters", GRAMMAR_KEEP, AST_PARAMETERS},
	{"line_continuation", GRAMMAR_SKIP, 0},
	{"list", GRAMMAR_KEEP, AST_LIST},
	{"list_comprehension", GRAMMAR_KEEP, AST_LIST_COMPREHENSION},
	{"list_pattern", GRAMMAR_KEEP, AST_LIST},
	{"list_splat", GRAMMAR_KEEP, AST_STAR},
	{"list_splat_pattern", GRAMMAR_KEEP, AST_STAR},
	{"match_statement", GRAMMAR_KEEP, AST_MATCH},
	{"member_type", GRAMMAR_KEEP, AST_ATTRIBUTE},
	{"module", GRAMMAR_KEEP, AST_MODULE},
	{"named_expression", GRAMMAR_KEEP, AST_NAMED},
	{"none", GRAMMAR_LEAF, AST_NULL},
	{"nonlocal_statement", GRAMMAR_KEEP, AST_NONLOCAL},
	{"not_operator", GRAMMAR_KEEP, AST_NOT},
	{"pair", GRAMMAR_KEEP, AST_PAIR},
	{"parameters", GRAMMAR_KEEP, AST_PARAMETERS},
	{"parenthesized_expression", GRAMMAR_ELIDE, 0},
	{"parenthesized_list_splat", GRAMMAR_ELIDE, 0},
	{"pass_statement", GRAMMAR_LEAF, AST_PASS},
	{"pattern_list", GRAMMAR_KEEP, AST_TUPLE},
	{"positional_separator", GRAMMAR_LEAF, AST_POSITIONAL_SEPARATOR},
	{"print_statement", GRAMMAR_KEEP, AST_PRINT},
	{"raise_statement", GRAMMAR_KEEP, AST_RAISE},
	{"relative_import", GRAMMAR_NAME, AST_DOTTED_NAME},
	{"return_statement", GRAMMAR_KEEP, AST_RETURN},
	{"set", GRAMMAR_KEEP, AST_SET},
	{"set_comprehension", GRAMMAR_KEEP, AST_SET_COMPREHENSION},
	{"slice", GRAMMAR_KEEP, AST_SLICE},
	{"splat_pattern", GRAMMAR_KEEP, AST_SPLAT_PATTERN},
	{"splat_type", GRAMMAR_KEEP, AST_STAR},
	{"string", GRAMMAR_STRING, AST_STRING},
	{"string_content", GRAMMAR_SKIP, 0},
	{"string_end", GRAMMAR_SKIP, 0},
	{"string_start", GRAMMAR_SKIP, 0},
	{"subscript", GRAMMAR_KEEP, AST_SUBSCRIPT},
	{"true", GRAMMAR_LEAF, AST_TRUE},
	{"try_statement", GRAMMAR_KEEP, AST_TRY},
	{"tuple", GRAMMAR_KEEP, AST_TUPLE},
	{"tuple_pattern", GRAMMAR_KEEP, AST_TUPLE},
	{"type", GRAMMAR_TYPE, AST_TYPE},
	{"type_alias_statement", GRAMMAR_KEEP, AST_TYPE_ALIAS},
	{"type_conversion", GRAMMAR_SKIP, 0},
	{"type_parameter", GRAMMAR_TYPE_PARAMETER, AST_TYPE_PARAMETERS},
	{"typed_default_parameter", GRAMMAR_KEEP, AST_TYPED_DEFAULT_PARAMETER},
	{"typed_parameter", GRAMMAR_KEEP, AST_TYPED_PARAMETER},
	{"unary_operator", GRAMMAR_KEEP, AST_UNARY},
	{"union_pattern", GRAMMAR_KEEP, AST_UNION_PATTERN},
	{"union_type", GRAMMAR_KEEP, AST_BINARY},
	{"while_statement", GRAMMAR_KEEP, AST_WHILE},
	{"wildcard_import", GRAMMAR_LEAF, AST_WILDCARD},
	{"with_clause", GRAMMAR_ELIDE, 0},
	{"with_item", GRAMMAR_KEEP, AST_WITH_ITEM},
	{"with_statement", GRAMMAR_KEEP, AST_WITH},
	{"yield", GRAMMAR_KEEP, AST_YIELD},
};

/* Signs and words that say something; the rest of them is punctuation. */
static const struct mapping tokens[] = {
	{"as", GRAMMAR_TOKEN, TOKEN_AS},        {"from", GRAMMAR_TOKEN, TOKEN_FROM},
	{"in", GRAMMAR_TOKEN, TOKEN_IN},        {"not in", GRAMMAR_TOKEN, TOKEN_NOT_IN},
	{"is", GRAMMAR_TOKEN, TOKEN_IS},        {"is not", GRAMMAR_TOKEN, TOKEN_IS_NOT},
	{"==", GRAMMAR_TOKEN, TOKEN_EQUAL},     {"!=", GRAMMAR_TOKEN, TOKEN_NOT_EQUAL},
	{"<>", GRAMMAR_TOKEN, TOKEN_NOT_EQUAL}, {"<", GRAMMAR_TOKEN, TOKEN_LESS},
	{"<=", GRAMMAR_TOKEN, TOKEN_LESS},      {">", GRAMMAR_TOKEN, TOKEN_LESS},
	{">=", GRAMMAR_TOKEN, TOKEN_LESS},      {"and", GRAMMAR_TOKEN, TOKEN_AND},
	{"or", GRAMMAR_TOKEN, TOKEN_OR},        {"|", GRAMMAR_TOKEN, TOKEN_PIPE},
	{".", GRAMMAR_TOKEN, TOKEN_DOT},        {"-", GRAMMAR_TOKEN, TOKEN_MINUS},
	{"async", GRAMMAR_TOKEN, TOKEN_ASYNC},  {"*", GRAMMAR_TOKEN, TOKEN_STAR},
};

static bool map_one(struct grammar *g, struct diag *d, const struct mapping *m, bool is_named)
{
	uint32_t len = (uint32_t)strlen(m->name);
	bool found = false;

	/* Several symbols may share a name: two kinds of "*". */
	for (uint32_t s = 0; s < g->symbol_count; s++) {
		TSSymbolType type = ts_language_symbol_type(g->language, (TSSymbol)s);
		const char *name = ts_language_symbol_name(g->language, (TSSymbol)s);
		if (type != (is_named ? TSSymbolTypeRegular : TSSymbolTypeAnonymous) ||
		    strlen(name) != len || memcmp(name, m->name, len) != 0)
			continue;
		g->entries[s] = (struct grammar_entry){(uint8_t)m->action, m->value};
		found = true;
	}
	if (!found)
		diag_add(d, DIAG_USAGE, STR_EMPTY, 0, 0, "the Python grammar has no symbol '%s'",
		         m->name);
	return found;
}

/* A named symbol that the table does not list would be code that goes unseen. */
static bool is_known(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(named); i++)
		if (strcmp(named[i].name, name) == 0)
			return true;
	return strcmp(name, "end") == 0;
}

static bool check_complete(const struct grammar *g, struct diag *d)
{
	bool ok = true;

	for (uint32_t s = 0; s < g->symbol_count; s++) {
		const char *name = ts_language_symbol_name(g->language, (TSSymbol)s);
		if (ts_language_symbol_type(g->language, (TSSymbol)s) != TSSymbolTypeRegular ||
		    is_known(name))
			continue;
		diag_add(d, DIAG_USAGE, STR_EMPTY, 0, 0,
		         "the Python grammar has an unknown symbol '%s'", name);
		ok = false;
	}
	return ok;
}

bool grammar_init(struct grammar *g, struct diag *d)
{
	bool ok = true;

	memset(g, 0, sizeof(*g));
	g->language = tree_sitter_python();
	g->symbol_count = ts_language_symbol_count(g->language);
	if (g->symbol_count > GRAMMAR_SYMBOLS_MAX) {
		diag_add(d, DIAG_USAGE, STR_EMPTY, 0, 0,
		         "the Python grammar has %u symbols, at most %d fit", g->symbol_count,
		         GRAMMAR_SYMBOLS_MAX);
		return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(named); i++)
		ok = map_one(g, d, &named[i], true) && ok;
	for (size_t i = 0; i < ARRAY_LEN(tokens); i++)
		ok = map_one(g, d, &tokens[i], false) && ok;
	return check_complete(g, d) && ok;
}
