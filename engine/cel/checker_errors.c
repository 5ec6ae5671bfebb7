/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checker_errors.c: all that the checker has to say, in one place and one voice.
 *
 * A message says what was found and what is there; the help says what to do. The caret
 * stands on the operator, the name or the argument that is wrong.
 */
#include <string.h>

#include "base/limits.h"
#include "base/near.h"
#include "cel/cel_text.h"
#include "cel/checker_parts.h"
#include "cel/macro.h"

/* How many names are listed where none is near. */
enum { LISTED_NAMES = 12 };

/* ---- pieces ---- */

static const char *type_text(heng_checker *checker, const heng_cel_type *type) {
    const char *text = heng_cel_type_print(
        checker->arena, heng_unify_resolve(&checker->unify, type, true));
    if (text == NULL) {
        checker->status = HENG_ERR_NOMEM;
        return "";
    }
    return text;
}

static void error_at(heng_checker *checker, heng_cel_code code,
                     const heng_cel_node *node, const char *message) {
    heng_cel_report_error(checker->report, code, node->start, node->len, "%s", message);
}

/* How people write an operator: `>` for `_>_`. */
static heng_str shown_name(heng_str name) {
    static const struct {
        const char *name, *shown;
    } special[] = {{"@in", "in"}, {"_[_]", "[]"}, {"_[?_]", "[?]"}};
    for (size_t i = 0; i < sizeof special / sizeof special[0]; i++) {
        if (heng_str_equal(name, heng_str_of(special[i].name)))
            return heng_str_of(special[i].shown);
    }
    if (name.len > 2 && name.ptr[0] == '_' && name.ptr[name.len - 1] == '_')
        return (heng_str){name.ptr + 1, name.len - 2};
    if (name.len == 2 && name.ptr[1] == '_')
        return (heng_str){name.ptr, 1};
    return name;
}

static bool is_operator(heng_str name) {
    return !heng_str_equal(shown_name(name), name);
}

/* Texts that are not there are empty: memory ran out, which is noted. */
static const char *end_text(heng_checker *checker, heng_cel_text *text) {
    const char *end = heng_cel_text_end(text);
    if (end == NULL) {
        checker->status = HENG_ERR_NOMEM;
        return "";
    }
    return end;
}

static void add(heng_cel_text *text, const char *piece) {
    heng_cel_text_add(text, heng_str_of(piece));
}

/* ---- did you mean ---- */

/* Names gathered to choose from. */
typedef struct names {
    heng_str *items;
    size_t count;
} names;

static bool is_among(const names *known, heng_str name) {
    for (size_t i = 0; i < known->count; i++) {
        if (heng_str_equal(known->items[i], name))
            return true;
    }
    return false;
}

static names all_variables(heng_checker *checker) {
    size_t count = heng_cel_env_variable_count(checker->env);
    const heng_checker_local *local = NULL;
    names found = {NULL, 0};
    for (local = checker->locals; local != NULL; local = local->outer) {
        count++;
    }
    found.items = heng_arena_calloc(checker->arena, count + 1, sizeof *found.items);
    if (found.items == NULL) {
        checker->status = HENG_ERR_NOMEM;
        return found;
    }
    for (local = checker->locals; local != NULL; local = local->outer) {
        if (local->name.ptr[0] != '@' && !is_among(&found, local->name)) {
            found.items[found.count++] = local->name;
        }
    }
    for (uint32_t i = 0; i < heng_cel_env_variable_count(checker->env); i++) {
        heng_str name = heng_cel_env_get(checker->env, i)->name;
        /* nothing that cannot be written, or that a macro's hides */
        if (name.ptr[0] != '@' && !is_among(&found, name)) {
            found.items[found.count++] = name;
        }
    }
    return found;
}

/* Names the nearest, or else lists what there is if that is not much. */
static void help_with_names(heng_checker *checker, heng_str word, names known,
                            const char *there_is) {
    size_t nearest = 0;
    if (heng_near_find(word, known.items, known.count, &nearest)) {
        heng_cel_report_help(checker->report, "did you mean `%.*s`?",
                             HENG_STR_ARG(known.items[nearest]));
        return;
    }
    if (known.count == 0 || there_is == NULL)
        return;
    heng_cel_text text = {.arena = checker->arena};
    for (size_t i = 0; i < known.count && i < LISTED_NAMES; i++) {
        add(&text, i > 0 ? ", `" : "`");
        heng_cel_text_add(&text, known.items[i]);
        add(&text, "`");
    }
    if (known.count > LISTED_NAMES) {
        add(&text, ", …");
    }
    heng_cel_report_help(checker->report, "%s %s", there_is, end_text(checker, &text));
}

/* ---- names ---- */

/* Words that other languages have, and what is written here. */
typedef struct slip {
    const char *word, *help;
    bool macro; /* it goes through a list with a variable of its own */
} slip;

#define NO_CLOCK "the day of a decision is `as_of`; there is no clock"
#define NO_NULL "nothing here is ever null; ask with `has(…)` whether a field is there"
#define A_DAY "write a day as `date(\"2024-01-31\")`, a period as `period(\"P3Y\")`"
#define COUNT_ALL "`size(x)` counts characters, items or keys"
#define EXISTS "write `list.exists(x, condition)`"
#define FILTER "write `list.filter(x, condition)`"
#define LOWER "write `text.lowerAscii()`"
#define UPPER "write `text.upperAscii()`"

static const slip NAME_SLIPS[] = {
    {"now", NO_CLOCK, false},          {"today", NO_CLOCK, false},
    {"TRUE", "write `true`", false},   {"True", "write `true`", false},
    {"FALSE", "write `false`", false}, {"False", "write `false`", false},
    {"NULL", NO_NULL, false},          {"Null", NO_NULL, false},
    {"None", NO_NULL, false},          {"nil", NO_NULL, false},
};

static const slip FUNCTION_SLIPS[] = {
    {"now", NO_CLOCK, false},
    {"today", NO_CLOCK, false},
    {"not", "for \"not\", write `!`", false},
    {"len", COUNT_ALL, false},
    {"length", COUNT_ALL, false},
    {"count", "count with `size(list)`, or `size(list.filter(x, condition))`", true},
    {"any", EXISTS, true},
    {"some", EXISTS, true},
    {"every", "write `list.all(x, condition)`", true},
    {"where", FILTER, true},
    {"select", FILTER, true},
    {"isEmpty", "ask whether `size(x) == 0`", false},
    {"empty", "ask whether `size(x) == 0`", false},
    {"max", "write `math.greatest(a, b)`", false},
    {"math.max", "write `math.greatest(a, b)`", false},
    {"min", "write `math.least(a, b)`", false},
    {"math.min", "write `math.least(a, b)`", false},
    {"lower", LOWER, false},
    {"toLowerCase", LOWER, false},
    {"upper", UPPER, false},
    {"toUpperCase", UPPER, false},
};

static const slip *find_slip(const slip *slips, size_t count, heng_str word) {
    for (size_t i = 0; i < count; i++) {
        if (heng_str_equal(word, heng_str_of(slips[i].word)))
            return &slips[i];
    }
    return NULL;
}

#define FIND_SLIP(slips, word)                                                         \
    find_slip((slips), sizeof(slips) / sizeof(slips)[0], word)

bool heng_checker_errors_is_macro(heng_str name) {
    const slip *known = FIND_SLIP(FUNCTION_SLIPS, name);
    return heng_cel_macro_usage(name) != NULL || (known != NULL && known->macro);
}

void heng_checker_errors_name(heng_checker *checker, const heng_cel_node *node) {
    heng_cel_report_error(checker->report, HENG_CEL_E_NAME, node->start, node->len,
                          "no such name `%.*s`", HENG_STR_ARG(node->name));
    const slip *known = FIND_SLIP(NAME_SLIPS, node->name);
    if (known != NULL) {
        heng_cel_report_help(checker->report, "%s", known->help);
        return;
    }
    help_with_names(checker, node->name, all_variables(checker), "there is");
}

/* The function's name with the namespace before it, where that is no name by itself. */
static heng_str full_name(heng_checker *checker, const heng_cel_node *node) {
    const heng_cel_node *scope = node->operand;
    if (scope == NULL || scope->kind != HENG_CEL_NODE_IDENT ||
        scope->ref != HENG_CEL_REF_NONE)
        return node->name;
    const char *text =
        heng_arena_printf(checker->arena, "%.*s.%.*s", HENG_STR_ARG(scope->name),
                          HENG_STR_ARG(node->name));
    if (text == NULL) {
        checker->status = HENG_ERR_NOMEM;
        return node->name;
    }
    return heng_str_of(text);
}

void heng_checker_errors_function(heng_checker *checker, const heng_cel_node *node) {
    names known = {NULL, 0};
    const char *usage = heng_cel_macro_usage(node->name);
    heng_str name = full_name(checker, node);
    bool scoped = name.len > node->name.len;
    size_t start = scoped ? node->operand->start : node->at;
    size_t len = node->at + node->name.len - start;
    if (usage != NULL) {
        heng_cel_report_error(checker->report, HENG_CEL_E_MACRO, start, len,
                              "`%.*s` is no function, but a macro written otherwise",
                              HENG_STR_ARG(name));
        heng_cel_report_help(checker->report, "write `%s`", usage);
        return;
    }
    heng_cel_report_error(checker->report, HENG_CEL_E_NAME, start, len,
                          "no such function `%.*s`", HENG_STR_ARG(name));
    const slip *meant = FIND_SLIP(FUNCTION_SLIPS, name);
    if (meant != NULL) {
        heng_cel_report_help(checker->report, "%s", meant->help);
        return;
    }
    const heng_str *all =
        heng_signature_names(heng_cel_env_functions(checker->env), &known.count);
    size_t nearest = 0;
    if (heng_near_find(name, all, known.count, &nearest)) {
        heng_cel_report_help(checker->report, "did you mean `%.*s`?",
                             HENG_STR_ARG(all[nearest]));
    }
}

/* ---- overloads ---- */

static void add_types(heng_checker *checker, heng_cel_text *text,
                      const heng_cel_type *const *types, size_t count) {
    for (size_t i = 0; i < count; i++) {
        add(text, i > 0 ? ", " : "");
        add(text, type_text(checker, types[i]));
    }
}

/* A row as people would look for it: `(int, int)`, or `string.contains(string)`. */
static void add_row(heng_checker *checker, heng_cel_text *text,
                    const heng_signature_row *row) {
    size_t first = row->receiver ? 1 : 0;
    heng_str name = heng_str_of(row->overload->name);
    add(text, "`");
    if (row->receiver) {
        add(text, heng_cel_type_print(checker->arena, row->params[0]));
        add(text, ".");
    }
    if (!is_operator(name)) {
        heng_cel_text_add(text, name);
    }
    add(text, "(");
    for (size_t i = first; i < row->count; i++) {
        const char *type = heng_cel_type_print(checker->arena, row->params[i]);
        add(text, i > first ? ", " : "");
        add(text, type == NULL ? "" : type);
    }
    add(text, row->repeats ? "...)`" : ")`");
}

/* Rows that have something in common with the call come first. */
static bool is_close(heng_checker *checker, const heng_signature_row *row,
                     const heng_cel_type *const *types, size_t count) {
    for (size_t i = 0; i < count && i < row->count; i++) {
        const heng_cel_type *type = heng_unify_resolve(&checker->unify, types[i], true);
        if (type->kind == row->params[i]->kind && type->kind != HENG_CEL_PARAM)
            return true;
    }
    return false;
}

static void help_with_rows(heng_checker *checker, const heng_signature_row *rows,
                           const heng_cel_type *const *types, size_t count) {
    heng_cel_text text = {.arena = checker->arena};
    size_t listed = 0;
    bool more = false;
    for (int close = 1; close >= 0; close--) {
        if (close == 0 && listed > 0)
            break; /* others would only distract */
        for (const heng_signature_row *row = rows; row != NULL; row = row->next) {
            if (is_close(checker, row, types, count) != (close == 1))
                continue;
            if (listed == HENG_LIMIT_CEL_CANDIDATES) {
                more = true;
                break;
            }
            add(&text, listed++ > 0 ? ", " : "");
            add_row(checker, &text, row);
        }
    }
    add(&text, more ? ", …" : "");
    heng_cel_report_help(checker->report, "there is %s", end_text(checker, &text));
}

/* What people try most often, told in a sentence. */
static const char *known_slip(heng_checker *checker, const heng_cel_node *node,
                              const heng_cel_type *const *types, size_t count) {
    bool equality =
        heng_cel_ast_is_call(node, "_==_", 2) || heng_cel_ast_is_call(node, "_!=_", 2);
    bool date = false;
    bool string = false;
    bool null = false;
    bool decimal = false;
    bool real = false;
    bool whole = false;
    bool list = false;
    bool in_text = false;
    for (size_t i = 0; i < count; i++) {
        heng_cel_kind kind = heng_unify_resolve(&checker->unify, types[i], true)->kind;
        date = date || kind == HENG_CEL_DATE;
        string = string || kind == HENG_CEL_STRING;
        null = null || kind == HENG_CEL_NULL;
        decimal = decimal || kind == HENG_CEL_DECIMAL;
        real = real || kind == HENG_CEL_DOUBLE;
        whole = whole || kind == HENG_CEL_INT;
        list = list || (i == 0 && kind == HENG_CEL_LIST);
        in_text = i == 1 && kind == HENG_CEL_STRING;
    }
    bool moves =
        heng_cel_ast_is_call(node, "_+_", 2) || heng_cel_ast_is_call(node, "_-_", 2);
    if (equality && null)
        return NO_NULL;
    if (date && whole && moves)
        return "a day moves by a period, such as `period(\"P5D\")`";
    if (date && (string || whole))
        return A_DAY;
    if (whole && heng_str_equal(node->name, HENG_STR("date")))
        return A_DAY;
    if (date && node->name.len > 3 && memcmp(node->name.ptr, "get", 3) == 0)
        return "of a date there is `year()`, `month()` and `day()`";
    if (in_text && heng_cel_ast_is_call(node, "@in", 2))
        return "`in` looks into lists and maps; a text is searched with "
               "`text.contains(part)`";
    if (list && heng_str_equal(node->name, HENG_STR("contains")))
        return "whether a list has an item, ask with `item in list`";
    decimal = decimal || heng_str_equal(node->name, HENG_STR("decimal"));
    if (decimal && (string || real))
        return "write an amount as `decimal(\"1.5\")`, or a whole one as a plain "
               "number";
    return NULL;
}

void heng_checker_errors_overload(heng_checker *checker, const heng_cel_node *node,
                                  const heng_signature_row *rows,
                                  const heng_cel_type *const *types, size_t count) {
    heng_str name = shown_name(node->name);
    heng_cel_text text = {.arena = checker->arena};
    if (node->operand != NULL) {
        add_types(checker, &text, types, 1);
        add(&text, ".(");
        add_types(checker, &text, types + 1, count - 1);
    } else {
        add(&text, "(");
        add_types(checker, &text, types, count);
    }
    add(&text, ")");
    size_t len = is_operator(node->name) && name.len > 0 ? name.len : 0;
    heng_cel_report_error(checker->report, HENG_CEL_E_OVERLOAD,
                          len > 0 ? node->at : node->start, len > 0 ? len : node->len,
                          "no such overload `%.*s` for %s", HENG_STR_ARG(name),
                          end_text(checker, &text));
    const char *known = known_slip(checker, node, types, count);
    if (known != NULL) {
        heng_cel_report_help(checker->report, "%s", known);
    } else if (heng_cel_ast_is_call(node, "_==_", 2) ||
               heng_cel_ast_is_call(node, "_!=_", 2)) {
        heng_cel_report_help(checker->report,
                             "both sides must have one type; convert one of them");
    } else {
        help_with_rows(checker, rows, types, count);
    }
}

/* ---- fields ---- */

void heng_checker_errors_field(heng_checker *checker, const heng_cel_node *node,
                               const heng_cel_object_type *object) {
    names known = {NULL, 0};
    heng_cel_report_error(checker->report, HENG_CEL_E_FIELD, node->at, node->name.len,
                          "`%.*s` has no field `%.*s`", HENG_STR_ARG(object->name),
                          HENG_STR_ARG(node->name));
    known.items =
        heng_arena_calloc(checker->arena, object->field_count + 1, sizeof *known.items);
    if (known.items == NULL) {
        checker->status = HENG_ERR_NOMEM;
        return;
    }
    for (size_t i = 0; i < object->field_count; i++) {
        known.items[known.count++] = object->fields[i].name;
    }
    help_with_names(checker, node->name, known, "it has");
}

/* Whether a value of the type has a function of this name. */
static bool is_method(heng_checker *checker, heng_str name, const heng_cel_type *type) {
    const heng_signature_row *row =
        heng_signature_find(heng_cel_env_functions(checker->env), name);
    while (row != NULL && !(row->receiver && row->params[0]->kind == type->kind)) {
        row = row->next;
    }
    return row != NULL;
}

void heng_checker_errors_no_fields(heng_checker *checker, const heng_cel_node *node,
                                   const heng_cel_type *type) {
    heng_cel_report_error(checker->report, HENG_CEL_E_TYPE, node->at, node->name.len,
                          "%s has no fields, so no `%.*s`", type_text(checker, type),
                          HENG_STR_ARG(node->name));
    if (is_method(checker, node->name, type)) {
        heng_cel_report_help(checker->report, "`%.*s` is a function: write `%.*s()`",
                             HENG_STR_ARG(node->name), HENG_STR_ARG(node->name));
    } else if (type->kind == HENG_CEL_LIST) {
        heng_cel_report_help(checker->report,
                             "ask of each item, as in `list.exists(x, x.%.*s == …)`",
                             HENG_STR_ARG(node->name));
    }
}

/* ---- types ---- */

void heng_checker_errors_bool(heng_checker *checker, const heng_cel_node *node,
                              const char *needed) {
    heng_cel_report_error(checker->report, HENG_CEL_E_TYPE, node->start, node->len,
                          "%s must be bool, found %s", needed,
                          type_text(checker, node->type));
}

void heng_checker_errors_branches(heng_checker *checker, const heng_cel_node *node) {
    heng_cel_report_error(checker->report, HENG_CEL_E_TYPE, node->start, node->len,
                          "the two results of `?:` have different types, %s and %s",
                          type_text(checker, node->args[1]->type),
                          type_text(checker, node->args[2]->type));
}

void heng_checker_errors_optional(heng_checker *checker, const heng_cel_node *node) {
    heng_cel_report_error(checker->report, HENG_CEL_E_TYPE, node->start, node->len,
                          "an item marked with `?` must be an optional, found %s",
                          type_text(checker, node->type));
}

void heng_checker_errors_key(heng_checker *checker, const heng_cel_node *node) {
    heng_cel_report_error(checker->report, HENG_CEL_E_TYPE, node->start, node->len,
                          "a map cannot have keys of type %s",
                          type_text(checker, node->type));
    heng_cel_report_help(checker->report, "keys are int, uint, bool or string");
}

void heng_checker_errors_range(heng_checker *checker, const heng_cel_node *node) {
    heng_cel_report_error(checker->report, HENG_CEL_E_TYPE, node->range->start,
                          node->range->len,
                          "`%s` goes through a list or a map, found %s", node->macro,
                          type_text(checker, node->range->type));
}

void heng_checker_errors_entries(heng_checker *checker, const heng_cel_node *node) {
    heng_cel_report_error(checker->report, HENG_CEL_E_TYPE, node->start, node->len,
                          "`transformMapEntry` needs a map of entries, found %s",
                          type_text(checker, node->type));
    heng_cel_report_help(checker->report, "write `{key: value}`");
}

void heng_checker_errors_message(heng_checker *checker, const heng_cel_node *node) {
    heng_cel_report_error(checker->report, HENG_CEL_E_STRUCT, node->start, node->len,
                          "messages are not supported: `%.*s{…}`",
                          HENG_STR_ARG(node->name));
}

void heng_checker_errors_want(heng_checker *checker, const heng_cel_node *node,
                              const heng_cel_type *want) {
    heng_cel_report_error(checker->report, HENG_CEL_E_TYPE, node->start, node->len,
                          "the expression must be %s, but is %s",
                          type_text(checker, want), type_text(checker, node->type));
}

void heng_checker_errors_depth(heng_checker *checker, const heng_cel_node *node) {
    error_at(checker, HENG_CEL_E_NESTING, node, "the types nest too deeply");
}
