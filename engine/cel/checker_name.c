/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checker_name.c: what a name means.
 *
 * In the container `a.b`, `x.y` is looked for as `a.b.x.y`, `a.x.y` and `x.y`, and the
 * longest prefix of a chain of names that is a variable wins. A variable of a macro
 * hides all of these; `.x.y` looks at the outermost namespace only.
 */
#include <string.h>

#include "cel/checker_parts.h"

/* A chain of names `a.b.c` below a SELECT. */
typedef struct name_chain {
    heng_str text; /* with the dots, in the arena; empty: it is no chain */
    bool absolute;
} name_chain;

static const heng_checker_local *find_local(const heng_checker *checker,
                                            heng_str name) {
    const heng_checker_local *local = checker->locals;
    while (local != NULL && !heng_str_equal(local->name, name)) {
        local = local->outer;
    }
    return local;
}

/* The chain that `node` is, with `.last` after it where `last` is not empty. A chain
 * that starts with a variable of a macro is none. */
static name_chain read_chain(heng_checker *checker, const heng_cel_node *node,
                             heng_str last) {
    name_chain found = {{NULL, 0}, false};
    size_t len = last.len > 0 ? last.len + 1 : 0;
    const heng_cel_node *at = node;
    for (; at->kind == HENG_CEL_NODE_SELECT && !at->test && !at->optional;
         at = at->operand) {
        len += at->name.len + 1;
    }
    if (at->kind != HENG_CEL_NODE_IDENT ||
        (!at->absolute && find_local(checker, at->name) != NULL))
        return found;
    len += at->name.len;

    char *text = heng_arena_alloc(checker->arena, len + 1);
    if (text == NULL) {
        checker->status = HENG_ERR_NOMEM;
        return found;
    }
    size_t end = len;
    if (last.len > 0) {
        end -= last.len;
        memcpy(text + end, last.ptr, last.len);
        text[--end] = '.';
    }
    for (at = node; at->kind == HENG_CEL_NODE_SELECT; at = at->operand) {
        end -= at->name.len;
        memcpy(text + end, at->name.ptr, at->name.len);
        text[--end] = '.';
    }
    memcpy(text, at->name.ptr, at->name.len);
    found.text = (heng_str){text, len};
    found.absolute = at->absolute;
    return found;
}

/* ---- candidates ---- */

/* Calls `found` for each full name that `name` may stand for, until it returns true. */
static bool each_candidate(heng_checker *checker, heng_str name, bool absolute,
                           bool (*found)(void *context, heng_str name), void *context) {
    heng_str container = heng_cel_env_container_of(checker->env);
    while (!absolute && container.len > 0) {
        char *text = heng_arena_alloc(checker->arena, container.len + 1 + name.len);
        if (text == NULL) {
            checker->status = HENG_ERR_NOMEM;
            return false;
        }
        memcpy(text, container.ptr, container.len);
        text[container.len] = '.';
        memcpy(text + container.len + 1, name.ptr, name.len);
        if (found(context, (heng_str){text, container.len + 1 + name.len}))
            return true;
        while (container.len > 0 && container.ptr[container.len - 1] != '.') {
            container.len--;
        }
        container.len -= container.len > 0;
    }
    return found(context, name);
}

/* ---- variables and types ---- */

static const struct {
    const char *name;
    heng_cel_kind kind;
} TYPE_NAMES[] = {
    {"bool", HENG_CEL_BOOL},
    {"int", HENG_CEL_INT},
    {"uint", HENG_CEL_UINT},
    {"double", HENG_CEL_DOUBLE},
    {"string", HENG_CEL_STRING},
    {"bytes", HENG_CEL_BYTES},
    {"list", HENG_CEL_LIST},
    {"map", HENG_CEL_MAP},
    {"null_type", HENG_CEL_NULL},
    {"type", HENG_CEL_TYPE},
    {"optional_type", HENG_CEL_OPTIONAL},
    {"google.protobuf.Timestamp", HENG_CEL_TIMESTAMP},
    {"google.protobuf.Duration", HENG_CEL_DURATION},
    {"date", HENG_CEL_DATE},
    {"period", HENG_CEL_PERIOD},
    {"decimal", HENG_CEL_DECIMAL},
};

typedef struct name_search {
    heng_checker *checker;
    heng_cel_node *node;
} name_search;

/* `type(int)` of the name `int`; of `list` that of a list of anything. */
static const heng_cel_type *type_of_type(heng_checker *checker,
                                         const heng_cel_type *named) {
    const heng_cel_type *dyn = heng_cel_type_simple(HENG_CEL_DYN);
    const heng_cel_type *of = named;
    if (named->kind == HENG_CEL_LIST) {
        of = heng_cel_type_list(checker->arena, dyn);
    } else if (named->kind == HENG_CEL_OPTIONAL) {
        of = heng_cel_type_optional(checker->arena, dyn);
    } else if (named->kind == HENG_CEL_MAP) {
        of = heng_cel_type_map(checker->arena, dyn, dyn);
    }
    const heng_cel_type *type =
        of == NULL ? NULL : heng_cel_type_type(checker->arena, of);
    if (type == NULL) {
        checker->status = HENG_ERR_NOMEM;
        return dyn;
    }
    return type;
}

static bool resolve_to(void *context, heng_str name) {
    name_search *search = context;
    heng_cel_node *node = search->node;
    uint32_t slot = 0;
    if (heng_cel_env_find(search->checker->env, name, &slot)) {
        node->ref = HENG_CEL_REF_VARIABLE;
        node->slot = slot;
        node->type = heng_cel_env_get(search->checker->env, slot)->type;
        return true;
    }
    for (size_t i = 0; i < sizeof TYPE_NAMES / sizeof TYPE_NAMES[0]; i++) {
        if (heng_str_equal(heng_str_of(TYPE_NAMES[i].name), name)) {
            const heng_cel_type *type = heng_cel_type_simple(TYPE_NAMES[i].kind);
            node->ref = HENG_CEL_REF_CONSTANT;
            node->value = heng_cel_value_type(type);
            node->type = type_of_type(search->checker, type);
            return true;
        }
    }
    return false;
}

bool heng_checker_name(heng_checker *checker, heng_cel_node *node) {
    name_search search = {checker, node};
    if (node->kind == HENG_CEL_NODE_IDENT) {
        const heng_checker_local *local =
            node->absolute ? NULL : find_local(checker, node->name);
        if (local != NULL) {
            node->ref = HENG_CEL_REF_LOCAL;
            node->slot = local->slot;
            node->type = local->type;
            return true;
        }
        return each_candidate(checker, node->name, node->absolute, resolve_to, &search);
    }
    if (node->test || node->optional)
        return false;
    name_chain chain = read_chain(checker, node, (heng_str){NULL, 0});
    if (chain.text.len == 0 ||
        !each_candidate(checker, chain.text, chain.absolute, resolve_to, &search))
        return false;
    node->kind = HENG_CEL_NODE_IDENT;
    node->name = chain.text;
    node->absolute = chain.absolute;
    node->operand = NULL;
    return true;
}

/* ---- functions ---- */

typedef struct function_search {
    const heng_signature_table *table;
    const heng_signature_row *rows;
} function_search;

static bool find_function(void *context, heng_str name) {
    function_search *search = context;
    search->rows = heng_signature_find(search->table, name);
    return search->rows != NULL;
}

const heng_signature_row *heng_checker_function(heng_checker *checker,
                                                const heng_cel_node *scope,
                                                heng_str name, bool absolute) {
    function_search search = {heng_cel_env_functions(checker->env), NULL};
    if (scope != NULL) {
        name_chain chain = read_chain(checker, scope, name);
        name = chain.text;
        absolute = chain.absolute;
        if (name.len == 0)
            return NULL;
    }
    return each_candidate(checker, name, absolute, find_function, &search) ? search.rows
                                                                           : NULL;
}
