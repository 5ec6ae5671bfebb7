/* SPDX-License-Identifier: Apache-2.0 */
/* condition.c: small condition trees: written as CEL, and asked what they read. */
#include "world.h"

#include <stdlib.h>

static const char *const var_names[VARS] = {"r", "x", "g"};
static const char *const list_names[] = {"records", "grounds"};

static void render_decimal(int64_t amount, text *into) {
    text_add(into, "decimal(\"%s%lld.%04lld\")", amount < 0 ? "-" : "",
             (long long)llabs(amount) / 10000, (long long)llabs(amount) % 10000);
}

static void render_constant(const value *constant, text *into) {
    switch (constant->type) {
    case TYPE_BOOL:
        text_add(into, "%s", constant->number != 0 ? "true" : "false");
        break;
    case TYPE_INT:
        text_add(into, "%lld", (long long)constant->number);
        break;
    case TYPE_DECIMAL:
        render_decimal(constant->number, into);
        break;
    case TYPE_STRING:
        text_add(into, "\"%s\"", constant->text);
        break;
    case TYPE_DATE:
        text_add(into, "date(\"%s\")", calendar_text((day)constant->number));
        break;
    case TYPE_STRINGS:
        text_add(into, "[");
        for (int i = 0; i < constant->item_count; i++)
            text_add(into, "%s\"%s\"", i == 0 ? "" : ", ", constant->items[i]);
        text_add(into, "]");
        break;
    case TYPE_ERROR:
        abort();
    }
}

static void render_infix(const rules *of, const node *at, const char *sign,
                         text *into) {
    text_add(into, "(");
    condition_render(of, at->a, into);
    text_add(into, " %s ", sign);
    condition_render(of, at->b, into);
    text_add(into, ")");
}

static void render_macro(const rules *of, const node *at, const char *before,
                         const char *name, const char *after, text *into) {
    text_add(into, "%s%s.%s(%s, ", before, list_names[at->list], name,
             var_names[at->var]);
    condition_render(of, at->a, into);
    text_add(into, ")%s", after);
}

void condition_render(const rules *of, int index, text *into) {
    const node *at = &of->nodes[index];
    switch (at->op) {
    case OP_LITERAL:
        render_constant(&at->constant, into);
        break;
    case OP_AS_OF:
        text_add(into, "as_of");
        break;
    case OP_FIELD:
        text_add(into, "%s.%s", var_names[at->var], record_fields[at->field].name);
        break;
    case OP_SUBJECT:
        text_add(into, "subject.%s", subject_fields[at->field].name);
        break;
    case OP_HAS:
        text_add(into, "has(%s.%s)", var_names[at->var], record_fields[at->field].name);
        break;
    case OP_HAS_SUBJECT:
        text_add(into, "has(subject.%s)", subject_fields[at->field].name);
        break;
    case OP_AND:
        render_infix(of, at, "&&", into);
        break;
    case OP_OR:
        render_infix(of, at, "||", into);
        break;
    case OP_NOT:
        text_add(into, "!(");
        condition_render(of, at->a, into);
        text_add(into, ")");
        break;
    case OP_IF:
        text_add(into, "(");
        condition_render(of, at->a, into);
        text_add(into, " ? ");
        condition_render(of, at->b, into);
        text_add(into, " : ");
        condition_render(of, at->c, into);
        text_add(into, ")");
        break;
    case OP_EQ:
        render_infix(of, at, "==", into);
        break;
    case OP_NE:
        render_infix(of, at, "!=", into);
        break;
    case OP_LT:
        render_infix(of, at, "<", into);
        break;
    case OP_LE:
        render_infix(of, at, "<=", into);
        break;
    case OP_GT:
        render_infix(of, at, ">", into);
        break;
    case OP_GE:
        render_infix(of, at, ">=", into);
        break;
    case OP_IN:
        condition_render(of, at->a, into);
        text_add(into, " in ");
        render_constant(&at->constant, into);
        break;
    case OP_HOLDS:
        render_constant(&at->constant, into);
        text_add(into, " in ");
        condition_render(of, at->a, into);
        break;
    case OP_STARTS:
        condition_render(of, at->a, into);
        text_add(into, ".startsWith(\"%s\")", at->constant.text);
        break;
    case OP_LATER:
    case OP_EARLIER:
        text_add(into, "(");
        condition_render(of, at->a, into);
        text_add(into, " %c period(\"%s\"))", at->op == OP_LATER ? '+' : '-',
                 calendar_period_text(at->period));
        break;
    case OP_DAYS:
        render_infix(of, at, "-", into);
        break;
    case OP_YEAR:
        condition_render(of, at->a, into);
        text_add(into, ".year()");
        break;
    case OP_LENGTH:
        text_add(into, "size(");
        condition_render(of, at->a, into);
        text_add(into, ")");
        break;
    case OP_SIZE:
        text_add(into, "size(%s)", list_names[at->list]);
        break;
    case OP_EXISTS:
        render_macro(of, at, "", "exists", "", into);
        break;
    case OP_ALL:
        render_macro(of, at, "", "all", "", into);
        break;
    case OP_MATCHING:
        render_macro(of, at, "size(", "filter", ")", into);
        break;
    }
}

bool condition_reads(const rules *of, int index, int list) {
    if (index < 0)
        return false;
    const node *at = &of->nodes[index];
    bool lists = at->op == OP_SIZE || at->op == OP_EXISTS || at->op == OP_ALL ||
                 at->op == OP_MATCHING;
    return (lists && at->list == list) || condition_reads(of, at->a, list) ||
           condition_reads(of, at->b, list) || condition_reads(of, at->c, list);
}

bool condition_is_exact(const rules *of, int index) {
    if (index < 0)
        return true;
    const node *at = &of->nodes[index];
    if (at->op == OP_DAYS || at->op == OP_YEAR)
        return of->nodes[at->a].op != OP_AS_OF;
    return condition_is_exact(of, at->a) && condition_is_exact(of, at->b) &&
           condition_is_exact(of, at->c);
}

bool condition_names_category(const rules *of, int index) {
    const node *at = &of->nodes[index];
    if (at->op == OP_AND)
        return condition_names_category(of, at->a) ||
               condition_names_category(of, at->b);
    if (at->op == OP_OR)
        return condition_names_category(of, at->a) &&
               condition_names_category(of, at->b);
    return (at->op == OP_EQ || at->op == OP_IN) && of->nodes[at->a].op == OP_FIELD &&
           of->nodes[at->a].field == R_CATEGORY;
}
