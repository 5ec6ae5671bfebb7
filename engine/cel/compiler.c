/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compiler.c: each kind of node as instructions; calls are in compiler_call.c.
 *
 * A node's code leaves its value on the stack. `a && b`, with P a local of its own:
 *
 *       a                       an error in a is kept in P, and goes on at b
 *       AND_NEXT   -> end       false: leaves false
 *   b:  b                       an error in b is kept in P, unless one is there
 *       AND_LAST                false, or P empty: leaves b, skips the next
 *       AND_DONE                raises what P keeps
 *   end:
 *
 * `range.all(x, body)` is the same around a loop:
 *
 *       range
 *       LOOP
 *   next: NEXT     -> done
 *       body                    an error is kept in P, and goes on at next
 *       ALL_STEP   -> next      false: leaves false and goes to end
 *   done: AND_DONE
 *   end:
 */
#include "cel/compiler.h"

#include <string.h>

#include "cel/emit.h"

/* Locals of a loop: the range, the index, what is gathered. See vm.c. */
enum { LOOP_LOCALS = 3 };

static void charge(heng_emit *emit, uint16_t steps) {
    heng_emit_last(emit)->cost = steps;
}

/* ---- names and fields ---- */

static void unknown_name(heng_emit *emit, const heng_cel_node *node) {
    heng_cel_value error = heng_cel_value_error(emit->arena, HENG_CEL_ERR_UNKNOWN_NAME,
                                                "undeclared reference to `%.*s`",
                                                HENG_STR_ARG(node->name));
    heng_emit_error(emit, node, error);
}

static void resolved(heng_emit *emit, const heng_cel_node *node) {
    if (node->ref == HENG_CEL_REF_CONSTANT) {
        heng_emit_constant(emit, node, node->value);
        return;
    }
    if (node->ref == HENG_CEL_REF_VARIABLE) {
        (void)heng_emit_op(emit, HENG_CEL_OP_VAR, node, node->slot, 0);
        heng_emit_reads(emit, node->slot);
    } else {
        (void)heng_emit_op(emit, HENG_CEL_OP_LOCAL, node, node->slot, 0);
    }
    charge(emit, 1);
}

static bool is_resolved(const heng_cel_node *node) {
    return node->ref == HENG_CEL_REF_VARIABLE || node->ref == HENG_CEL_REF_LOCAL ||
           node->ref == HENG_CEL_REF_CONSTANT;
}

/* `r.amount`: the object and the field in one instruction. */
static bool fused_field(heng_emit *emit, const heng_cel_node *node) {
    const heng_cel_node *operand = node->operand;
    if (emit->trace || operand->kind != HENG_CEL_NODE_IDENT)
        return false;
    if (operand->ref == HENG_CEL_REF_VARIABLE) {
        (void)heng_emit_op(emit, HENG_CEL_OP_VAR_FIELD, node, 0, 0);
        heng_emit_reads(emit, operand->slot);
    } else if (operand->ref == HENG_CEL_REF_LOCAL) {
        (void)heng_emit_op(emit, HENG_CEL_OP_LOCAL_FIELD, node, 0, 0);
    } else {
        return false;
    }
    heng_emit_last(emit)->as.pair.a = operand->slot;
    heng_emit_last(emit)->as.pair.b = node->slot;
    charge(emit, 2);
    return true;
}

static void select_node(heng_emit *emit, const heng_cel_node *node) {
    if (is_resolved(node)) { /* a qualified name */
        resolved(emit, node);
        return;
    }
    bool plain = !node->test && !node->optional;
    if (node->ref == HENG_CEL_REF_FIELD && plain && fused_field(emit, node))
        return;

    heng_emit_node(emit, node->operand);
    if (node->ref == HENG_CEL_REF_FIELD && !node->optional) {
        heng_cel_op op = node->test ? HENG_CEL_OP_HAS_FIELD : HENG_CEL_OP_FIELD;
        (void)heng_emit_op(emit, op, node, node->slot, 0);
    } else {
        heng_cel_op op = node->test       ? HENG_CEL_OP_HAS
                         : node->optional ? HENG_CEL_OP_SELECT_OPT
                                          : HENG_CEL_OP_SELECT;
        (void)heng_emit_op(emit, op, node, (uint32_t)node->name.len, 0);
        heng_emit_last(emit)->as.bytes = node->name.ptr;
    }
    charge(emit, 1);
}

/* ---- logic ---- */

static void logic_node(heng_emit *emit, const heng_cel_node *node) {
    bool is_and = node->kind == HENG_CEL_NODE_AND;
    uint32_t keep = heng_emit_local(emit, 1);
    uint32_t outer = emit->handler;
    uint32_t *exits = heng_arena_calloc(emit->arena, node->arg_count, sizeof *exits);
    if (exits == NULL) {
        emit->status = HENG_ERR_NOMEM;
        return;
    }

    for (uint32_t i = 0; i < node->arg_count; i++) {
        bool last = i + 1 == node->arg_count;
        uint32_t handler = heng_emit_guard(emit, node, keep, false);
        heng_emit_node(emit, node->args[i]);
        heng_cel_op op = last ? (is_and ? HENG_CEL_OP_AND_LAST : HENG_CEL_OP_OR_LAST)
                              : (is_and ? HENG_CEL_OP_AND_NEXT : HENG_CEL_OP_OR_NEXT);
        exits[i] = heng_emit_op(emit, op, node, 0, 0);
        heng_emit_last(emit)->as.pair.a = keep;
        if (i == 0) {
            charge(emit, 1);
        }
        heng_emit_unguard(emit, outer);
        heng_emit_catch(emit, handler, heng_emit_here(emit));
        if (last) {
            emit->depth--; /* the error has taken the value's place */
        }
    }
    (void)heng_emit_op(emit, is_and ? HENG_CEL_OP_AND_DONE : HENG_CEL_OP_OR_DONE, node,
                       0, 0);
    heng_emit_last(emit)->as.pair.a = keep;
    for (uint32_t i = 0; i < node->arg_count; i++) {
        heng_emit_land(emit, exits[i]);
    }
}

static void condition_node(heng_emit *emit, const heng_cel_node *node) {
    heng_emit_node(emit, node->args[0]);
    uint32_t branch = heng_emit_op(emit, HENG_CEL_OP_BRANCH, node, 0, 0);
    charge(emit, 1);
    heng_emit_node(emit, node->args[1]);
    uint32_t end = heng_emit_op(emit, HENG_CEL_OP_JUMP, node, 0, 0);
    emit->depth--;
    heng_emit_land(emit, branch);
    heng_emit_node(emit, node->args[2]);
    heng_emit_land(emit, end);
}

static void bind_node(heng_emit *emit, const heng_cel_node *node) {
    uint32_t slot = node->variable_slots[0];
    uint32_t outer = emit->handler;
    uint32_t handler = heng_emit_guard(emit, node, slot, true);
    heng_emit_node(emit, node->args[0]);
    heng_emit_unguard(emit, outer);
    (void)heng_emit_op(emit, HENG_CEL_OP_SET_LOCAL, node, slot, 0);
    charge(emit, 1);
    heng_emit_catch(emit, handler, heng_emit_here(emit));
    heng_emit_node(emit, node->args[1]);
}

/* ---- literals ---- */

/* A list of constants is one itself: `category in ["a", "b"]` builds nothing. */
static bool constant_list(heng_emit *emit, const heng_cel_node *node) {
    if (emit->trace || node->optional_items != NULL)
        return false;
    for (uint32_t i = 0; i < node->arg_count; i++) {
        if (node->args[i]->kind != HENG_CEL_NODE_LITERAL)
            return false;
    }
    heng_cel_list *list = heng_arena_calloc(emit->arena, 1, sizeof *list);
    heng_cel_value *items =
        heng_arena_calloc(emit->arena, node->arg_count + (size_t)1, sizeof *items);
    if (list == NULL || items == NULL) {
        emit->status = HENG_ERR_NOMEM;
        return true;
    }
    for (uint32_t i = 0; i < node->arg_count; i++) {
        items[i] = node->args[i]->value;
    }
    list->count = node->arg_count;
    list->items = items;
    heng_emit_constant(emit, node, heng_cel_value_list(list));
    return true;
}

static void literal_items(heng_emit *emit, const heng_cel_node *node, bool map) {
    if (!map && constant_list(emit, node))
        return;
    for (uint32_t i = 0; i < node->arg_count; i++) {
        heng_emit_node(emit, node->args[i]);
    }
    bool optional = node->optional_items != NULL;
    heng_cel_op op = map ? (optional ? HENG_CEL_OP_MAP_OPT : HENG_CEL_OP_MAP)
                         : (optional ? HENG_CEL_OP_LIST_OPT : HENG_CEL_OP_LIST);
    uint32_t count = map ? node->arg_count / 2 : node->arg_count;
    (void)heng_emit_op(emit, op, node, count, node->arg_count);
    heng_emit_last(emit)->as.ptr = node->optional_items;
    charge(emit, 1);
}

/* ---- comprehensions ---- */

static const heng_cel_loop_site *loop_site(heng_emit *emit, const heng_cel_node *node) {
    heng_cel_loop_site *site = heng_arena_calloc(emit->arena, 1, sizeof *site);
    if (site == NULL) {
        emit->status = HENG_ERR_NOMEM;
        return NULL;
    }
    site->state = heng_emit_local(emit, LOOP_LOCALS);
    site->first = node->variable_slots[0];
    site->second = node->variables[1].len > 0 ? node->variable_slots[1] : UINT32_MAX;
    site->gathers_map = node->fold == HENG_CEL_FOLD_TRANSFORM_MAP ||
                        node->fold == HENG_CEL_FOLD_TRANSFORM_MAP_ENTRY;
    return site;
}

static uint32_t loop_op(heng_emit *emit, heng_cel_op op, const heng_cel_node *node,
                        const heng_cel_loop_site *site, uint32_t target) {
    uint32_t at = heng_emit_op(emit, op, node, target, 0);
    heng_emit_last(emit)->as.ptr = site;
    return at;
}

/* all() and exists(): errors of the body are kept while it may yet be decided. */
static void quantifier(heng_emit *emit, const heng_cel_node *node,
                       const heng_cel_loop_site *site) {
    bool all = node->fold == HENG_CEL_FOLD_ALL;
    uint32_t keep = heng_emit_local(emit, 1);
    uint32_t outer = emit->handler;
    uint32_t next = loop_op(emit, HENG_CEL_OP_NEXT, node, site, 0);

    uint32_t handler = heng_emit_guard(emit, node, keep, false);
    heng_emit_catch(emit, handler, next);
    heng_emit_node(emit, node->condition);
    uint32_t step = heng_emit_op(
        emit, all ? HENG_CEL_OP_ALL_STEP : HENG_CEL_OP_EXISTS_STEP, node, next, 0);
    heng_emit_last(emit)->as.pair.a = keep;
    heng_emit_unguard(emit, outer);

    heng_emit_land(emit, next);
    (void)heng_emit_op(emit, all ? HENG_CEL_OP_AND_DONE : HENG_CEL_OP_OR_DONE, node, 0,
                       0);
    heng_emit_last(emit)->as.pair.a = keep;
    if (emit->status == HENG_OK) {
        emit->code[step].as.pair.b = heng_emit_here(emit);
    }
}

static void exists_one(heng_emit *emit, const heng_cel_node *node,
                       const heng_cel_loop_site *site) {
    uint32_t next = loop_op(emit, HENG_CEL_OP_NEXT, node, site, 0);
    heng_emit_node(emit, node->condition);
    (void)loop_op(emit, HENG_CEL_OP_ONE_STEP, node, site, next);
    heng_emit_land(emit, next);
    (void)loop_op(emit, HENG_CEL_OP_ONE_DONE, node, site, 0);
}

/* What the loop does with an item that passed the condition. */
static heng_cel_op gather_op(heng_cel_fold fold) {
    if (fold == HENG_CEL_FOLD_TRANSFORM_MAP)
        return HENG_CEL_OP_ADD_VALUE;
    if (fold == HENG_CEL_FOLD_TRANSFORM_MAP_ENTRY)
        return HENG_CEL_OP_ADD_ENTRIES;
    return HENG_CEL_OP_ADD;
}

static void gather(heng_emit *emit, const heng_cel_node *node,
                   const heng_cel_loop_site *site) {
    uint32_t next = loop_op(emit, HENG_CEL_OP_NEXT, node, site, 0);
    if (node->condition != NULL) {
        heng_emit_node(emit, node->condition);
        (void)heng_emit_op(emit, HENG_CEL_OP_SKIP_FALSE, node, next, 0);
    }
    if (node->transform == NULL) {
        (void)loop_op(emit, HENG_CEL_OP_KEEP, node, site, next);
    } else {
        heng_emit_node(emit, node->transform);
        (void)loop_op(emit, gather_op(node->fold), node, site, next);
    }
    heng_emit_land(emit, next);
    (void)loop_op(emit, HENG_CEL_OP_GATHERED, node, site, 0);
}

static void comprehension_node(heng_emit *emit, const heng_cel_node *node) {
    const heng_cel_loop_site *site = loop_site(emit, node);
    heng_emit_node(emit, node->range);
    (void)loop_op(emit, HENG_CEL_OP_LOOP, node, site, 0);
    charge(emit, 1);
    if (node->fold == HENG_CEL_FOLD_ALL || node->fold == HENG_CEL_FOLD_EXISTS) {
        quantifier(emit, node, site);
    } else if (node->fold == HENG_CEL_FOLD_EXISTS_ONE) {
        exists_one(emit, node, site);
    } else {
        gather(emit, node, site);
    }
}

void heng_emit_count(heng_emit *emit, const heng_cel_node *size,
                     const heng_cel_node *filter) {
    const heng_cel_loop_site *site = loop_site(emit, filter);
    heng_emit_node(emit, filter->range);
    (void)loop_op(emit, HENG_CEL_OP_LOOP, filter, site, 0);
    charge(emit, 2); /* the filter and size() */
    uint32_t next = loop_op(emit, HENG_CEL_OP_NEXT, filter, site, 0);
    heng_emit_node(emit, filter->condition);
    (void)loop_op(emit, HENG_CEL_OP_ONE_STEP, filter, site, next);
    heng_emit_land(emit, next);
    (void)loop_op(emit, HENG_CEL_OP_COUNT_DONE, size, site, 0);
}

/* ---- the tree ---- */

void heng_emit_node(heng_emit *emit, const heng_cel_node *node) {
    if (emit->status != HENG_OK)
        return;
    switch (node->kind) {
    case HENG_CEL_NODE_LITERAL:
        heng_emit_constant(emit, node, node->value);
        break;
    case HENG_CEL_NODE_IDENT:
        if (is_resolved(node)) {
            resolved(emit, node);
        } else {
            unknown_name(emit, node);
        }
        break;
    case HENG_CEL_NODE_SELECT:
        select_node(emit, node);
        break;
    case HENG_CEL_NODE_CALL:
        heng_emit_call(emit, node);
        break;
    case HENG_CEL_NODE_AND:
    case HENG_CEL_NODE_OR:
        logic_node(emit, node);
        break;
    case HENG_CEL_NODE_CONDITION:
        condition_node(emit, node);
        break;
    case HENG_CEL_NODE_LIST:
        literal_items(emit, node, false);
        break;
    case HENG_CEL_NODE_MAP:
        literal_items(emit, node, true);
        break;
    case HENG_CEL_NODE_STRUCT:
        heng_emit_error(emit, node,
                        heng_cel_value_error(emit->arena, HENG_CEL_ERR_UNKNOWN_NAME,
                                             "messages are not supported: `%.*s`",
                                             HENG_STR_ARG(node->name)));
        break;
    case HENG_CEL_NODE_COMPREHENSION:
        comprehension_node(emit, node);
        break;
    case HENG_CEL_NODE_BIND:
        bind_node(emit, node);
        break;
    }
    if (emit->trace) {
        (void)heng_emit_op(emit, HENG_CEL_OP_TRACE, node, node->id, 0);
    }
}

/* Fills `parents` below `node`, so that the trace can say what an error ended. */
static void note_parents(uint32_t *parents, const heng_cel_node *node) {
    const heng_cel_node *const single[] = {node->operand, node->range, node->condition,
                                           node->transform};
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++) {
        if (single[i] != NULL) {
            parents[single[i]->id - 1] = node->id;
            note_parents(parents, single[i]);
        }
    }
    for (uint32_t i = 0; i < node->arg_count; i++) {
        parents[node->args[i]->id - 1] = node->id;
        note_parents(parents, node->args[i]);
    }
}

heng_status heng_cel_compiler_compile(const heng_cel_ast *ast, bool trace,
                                      heng_arena *arena, heng_cel_program **ret_program,
                                      heng_cel_refusal *ret_refusal) {
    heng_emit emit = {
        .arena = arena, .ast = ast, .trace = trace, .local_count = ast->local_count};
    heng_cel_program *program = heng_arena_calloc(arena, 1, sizeof *program);
    heng_status status = HENG_ERR_NOMEM;
    if (program == NULL)
        goto out;
    if (trace) {
        emit.parents =
            heng_arena_calloc(arena, ast->node_count + (size_t)1, sizeof *emit.parents);
        if (emit.parents == NULL)
            goto out;
        note_parents(emit.parents, ast->root);
    }

    heng_emit_node(&emit, ast->root);
    (void)heng_emit_op(&emit, HENG_CEL_OP_RETURN, ast->root, 0, 0);
    status = emit.status;
    if (status == HENG_OK) {
        status = heng_emit_take(&emit, program);
    }
    if (status == HENG_OK) {
        *ret_program = program;
    } else if (status == HENG_ERR_INVALID) {
        *ret_refusal = emit.refusal;
    }
out:
    heng_emit_done(&emit);
    return status;
}
