/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vm.c: the loop that runs the instructions of ops.h.
 *
 * Locals come first, the stack grows above them, in one block: on the C stack where it
 * is small, else in the arena. Instructions that can go wrong jump to `raise` with
 * `error` set. Every instruction adds its steps; the cap is looked at where work can
 * repeat or grow: in loops and sized calls.
 */
#include "cel/vm.h"

#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/number.h"
#include "cel/vm_clock.h"
#include "cel/vm_data.h"

/* Most expressions need fewer values at once; 1 kB of the C stack. */
enum { SMALL_VALUES = 64 };

/* What `+2` of a loop's locals points to. */
typedef heng_vm_data_gathered gathered;

static heng_cel_value not_bool(heng_cel_value value, const char *where,
                               heng_arena *arena) {
    return heng_cel_value_error(arena, HENG_CEL_ERR_NO_OVERLOAD,
                                "no such overload `%s` for (%s)", where,
                                heng_cel_kind_name((heng_cel_kind)value.kind));
}

static heng_cel_value memory_error(heng_arena *arena) {
    return heng_cel_value_error(arena, HENG_CEL_ERR_MEMORY, "out of memory");
}

/* ---- longer instructions ---- */

static heng_cel_value call_row(const heng_cel_overload *row, void *constant,
                               heng_cel_value *args, size_t count, heng_arena *arena,
                               uint64_t *cost) {
    heng_cel_call call = {
        .arena = arena, .cost = cost, .overload = row, .constant = constant};
    return row->run(&call, args, count);
}

/* The first row that the kinds fit. */
static const heng_cel_overload *find_row(const heng_cel_call_site *site,
                                         const heng_cel_value *args) {
    for (uint32_t i = 0; i < site->row_count; i++) {
        if (heng_cel_library_fits(&site->signatures[i], args, site->count))
            return site->rows[i];
    }
    return NULL;
}

/* heng_cel_library_fits() for what a call site was checked to be: the kinds that are
 * known, one after the other. */
static inline bool fits(const heng_cel_call_site *site, const heng_cel_value *args) {
    for (uint32_t i = 0; i < site->count; i++) {
        uint32_t at = i < site->signature.count ? i : site->signature.count - 1;
        heng_cel_kind kind = site->signature.kinds[at];
        if (kind != args[i].kind && kind < HENG_CEL_DYN)
            return false;
    }
    return true;
}

static heng_cel_value order_error(heng_cel_op op, const heng_cel_value *args,
                                  heng_arena *arena) {
    const char *name = op == HENG_CEL_OP_LT_WORD   ? "<"
                       : op == HENG_CEL_OP_LE_WORD ? "<="
                       : op == HENG_CEL_OP_GT_WORD ? ">"
                                                   : ">=";
    return heng_vm_data_no_overload(heng_str_of(name), args, 2, arena);
}

/* A comparison whose sides turned out not to be of the kind they were declared to be.
 */
static heng_cel_value compare_any(heng_cel_op op, const heng_cel_value *args,
                                  heng_arena *arena) {
    if (op == HENG_CEL_OP_EQ_WORD)
        return heng_cel_value_bool(heng_cel_value_equal(args[0], args[1], arena));
    if (op == HENG_CEL_OP_NE_WORD)
        return heng_cel_value_bool(!heng_cel_value_equal(args[0], args[1], arena));
    int order = heng_cel_value_order(args[0], args[1]);
    if (order == HENG_CEL_UNORDERED) {
        if (args[0].kind == HENG_CEL_DOUBLE || args[1].kind == HENG_CEL_DOUBLE)
            return heng_cel_value_bool(false); /* NaN */
        return order_error(op, args, arena);
    }
    return heng_cel_value_bool(heng_vm_clock_compare(op, order, 0));
}

static void start_loop(const heng_cel_loop_site *site, heng_cel_value *locals,
                       heng_cel_value range) {
    locals[site->state] = range;
    locals[site->state + 1] = heng_cel_value_int(0);
    locals[site->state + 2] = heng_cel_value_int(0);
}

/* What the loop gathers, made when first needed; NULL out of memory. */
static gathered *gathered_of(const heng_cel_loop_site *site, heng_cel_value *locals,
                             heng_arena *arena) {
    heng_cel_value *slot = &locals[site->state + 2];
    if (slot->as.uinteger == 0) {
        slot->as.uinteger = (uintptr_t)heng_arena_calloc(arena, 1, sizeof(gathered));
    }
    return (gathered *)(uintptr_t)slot->as.uinteger;
}

/* The key under which a loop over a map, or over a list, adds to a map. */
static heng_cel_value key_of(const heng_cel_loop_site *site,
                             const heng_cel_value *locals) {
    return locals[site->first];
}

static heng_cel_value add_item(const heng_cel_loop_site *site, heng_cel_value *locals,
                               heng_cel_value item, heng_cel_op op, heng_arena *arena) {
    gathered *to = gathered_of(site, locals, arena);
    if (item.kind == HENG_CEL_ERROR)
        return item; /* an item of the range itself, kept by a filter */
    if (to == NULL)
        return memory_error(arena);
    if (op == HENG_CEL_OP_ADD_ENTRIES)
        return heng_vm_data_add_entries(to, item, arena);
    heng_cel_value key = key_of(site, locals);
    if (!heng_vm_data_add(to, op == HENG_CEL_OP_ADD_VALUE ? &key : NULL, item, arena))
        return memory_error(arena);
    return heng_cel_value_null();
}

static heng_cel_value end_gathering(const heng_cel_loop_site *site,
                                    heng_cel_value *locals, heng_arena *arena) {
    const gathered *from = gathered_of(site, locals, arena);
    if (from == NULL)
        return memory_error(arena);
    return heng_vm_data_gathered_value(from, site->gathers_map, arena);
}

/* The most common loop: one variable over a list; false where it is another, or at the
 * end. */
static inline bool next_in_list(const heng_cel_loop_site *site, heng_cel_value *locals,
                                heng_arena *arena) {
    heng_cel_value *state = &locals[site->state];
    if (state[0].kind != HENG_CEL_LIST || site->second != UINT32_MAX)
        return false;
    const heng_cel_list *list = state[0].as.list;
    size_t index = (size_t)state[1].as.uinteger;
    if (index >= list->count)
        return false;
    state[1].as.uinteger = index + 1;
    locals[site->first] =
        list->items != NULL ? list->items[index] : list->get(list, index, arena);
    return true;
}

/* Sets the variables to the next item; false at the end. */
static bool next_item(const heng_cel_loop_site *site, heng_cel_value *locals,
                      heng_arena *arena) {
    heng_cel_value range = locals[site->state];
    size_t index = (size_t)locals[site->state + 1].as.uinteger;
    if (range.kind == HENG_CEL_LIST) {
        const heng_cel_list *list = range.as.list;
        if (index >= list->count)
            return false;
        heng_cel_value item =
            list->items != NULL ? list->items[index] : list->get(list, index, arena);
        if (site->second == UINT32_MAX) {
            locals[site->first] = item;
        } else {
            locals[site->first] = heng_cel_value_int((int64_t)index);
            locals[site->second] = item;
        }
    } else {
        const heng_cel_map *map = range.as.map;
        if (index >= map->count)
            return false;
        locals[site->first] = map->keys[index];
        if (site->second != UINT32_MAX) {
            locals[site->second] = map->values[index];
        }
    }
    locals[site->state + 1].as.uinteger = index + 1;
    return true;
}

static void trace_error(const heng_cel_program *program, heng_cel_frame *frame,
                        uint32_t node, uint32_t until, heng_cel_value error) {
    for (; node != 0 && node != until; node = program->parents[node - 1]) {
        frame->trace(frame->trace_context, program->ast->nodes[node - 1], error);
    }
}

/* The error with the node where it happened, unless that is known. */
static heng_cel_value with_node(heng_cel_value error, uint32_t node,
                                heng_arena *arena) {
    if (error.as.error->node != 0 || error.as.error->code == HENG_CEL_ERR_MEMORY)
        return error;
    heng_cel_error *copy = heng_arena_alloc(arena, sizeof *copy);
    if (copy == NULL)
        return memory_error(arena);
    *copy = *error.as.error;
    copy->node = node;
    error.as.error = copy;
    return error;
}

/* ---- dispatch ---- */

/* Each instruction is a block OP(NAME) { … } that ends by going on: NEXT_OP, GO, FOUND,
 * RESULT or RAISE. */
#ifdef HENG_COMPUTED_GOTO
#define OP(name)                                                                       \
    case HENG_CEL_OP_##name:                                                           \
        on_##name:
#define DISPATCH()                                                                     \
    do {                                                                               \
        cost += pc->cost;                                                              \
        __extension__({ goto *labels[pc->op]; });                                      \
    } while (0)
#else
#define OP(name) case HENG_CEL_OP_##name:
#define DISPATCH() goto next
#endif

#define NEXT_OP()                                                                      \
    do {                                                                               \
        pc++;                                                                          \
        DISPATCH();                                                                    \
    } while (0)

#define GO(target)                                                                     \
    do {                                                                               \
        pc = code + (target);                                                          \
        DISPATCH();                                                                    \
    } while (0)

#define RAISE(value_)                                                                  \
    do {                                                                               \
        error = (value_);                                                              \
        goto raise;                                                                    \
    } while (0)

/* Puts a value in the place of `taken_` others, or raises it. */
#define RESULT(taken_, value_)                                                         \
    do {                                                                               \
        heng_cel_value result_ = (value_);                                             \
        if (result_.kind == HENG_CEL_ERROR)                                            \
            RAISE(result_);                                                            \
        sp -= (taken_);                                                                \
        *sp++ = result_;                                                               \
        NEXT_OP();                                                                     \
    } while (0)

/* The same for a test. Most often the next instruction asks for its result, and then it
 * need not be stored: see `found`. */
#define FOUND(taken_, test_)                                                           \
    do {                                                                               \
        truth = (test_);                                                               \
        sp -= (taken_);                                                                \
        goto found;                                                                    \
    } while (0)

#define PUSH_BOOL(test_)                                                               \
    do {                                                                               \
        sp->kind = HENG_CEL_BOOL;                                                      \
        sp->len = 0;                                                                   \
        sp->as.integer = (test_);                                                      \
        sp++;                                                                          \
    } while (0)

/* The local that keeps an error for `&&`, `||`, all() and exists(). */
#define KEPT() (&locals[pc->as.pair.a])

#define COMPARE_WORD(name, operator)                                                   \
    OP(name##_WORD) {                                                                  \
        if (sp[-2].kind == pc->kind && sp[-1].kind == pc->kind)                        \
            FOUND(2, sp[-2].as.integer operator sp[-1].as.integer);                    \
        RESULT(2, compare_any(HENG_CEL_OP_##name##_WORD, sp - 2, arena));              \
    }                                                                                  \
    OP(name##_WORD_CONST) {                                                            \
        if (sp[-1].kind == pc[1].kind) {                                               \
            pc++;                                                                      \
            FOUND(1, sp[-1].as.integer operator pc->as.integer);                       \
        }                                                                              \
        pair[0] = sp[-1];                                                              \
        pair[1] = constant_of(&pc[1]);                                                 \
        error = compare_any(HENG_CEL_OP_##name##_WORD, pair, arena);                   \
        if (error.kind == HENG_CEL_ERROR)                                              \
            goto raise;                                                                \
        sp[-1] = error;                                                                \
        pc++;                                                                          \
        NEXT_OP();                                                                     \
    }

#define ARITHMETIC(name, function, text)                                               \
    OP(name##_INT) {                                                                   \
        int64_t result = 0;                                                            \
        if (sp[-2].kind != HENG_CEL_INT || sp[-1].kind != HENG_CEL_INT)                \
            RAISE(heng_vm_data_no_overload(HENG_STR(text), sp - 2, 2, arena));         \
        if (!function(sp[-2].as.integer, sp[-1].as.integer, &result))                  \
            RAISE(heng_cel_value_error(arena, HENG_CEL_ERR_OVERFLOW,                   \
                                       "`" text "` overflows"));                       \
        sp--;                                                                          \
        sp[-1].as.integer = result;                                                    \
        NEXT_OP();                                                                     \
    }

static inline heng_cel_value constant_of(const heng_cel_instruction *word) {
    heng_cel_value value = {.kind = word->kind, .len = word->len};
    value.as.uinteger = word->as.bits;
    return value;
}

static inline bool same_bytes(const heng_cel_value *a, const char *bytes,
                              uint32_t len) {
    return a->len == len && heng_bytes_equal(a->as.bytes, bytes, len);
}

static bool in_strings(const heng_cel_value *text, const heng_cel_value *items,
                       uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (same_bytes(text, items[i].as.bytes, items[i].len))
            return true;
    }
    return false;
}

static inline bool are_strings(const heng_cel_value *pair) {
    return pair[0].kind == HENG_CEL_STRING && pair[1].kind == HENG_CEL_STRING;
}

static heng_cel_value clock_compare(const heng_cel_program *program,
                                    const heng_cel_clock_site *site,
                                    heng_cel_value other, heng_cel_value clock,
                                    heng_cel_frame *frame) {
    heng_date day = 0;
    if (other.kind != HENG_CEL_DATE || clock.kind != HENG_CEL_DATE)
        return heng_vm_data_no_overload(
            HENG_STR("date"), (const heng_cel_value[]){clock, other}, 2, frame->arena);
    if (frame->clock != HENG_DATE_NONE) {
        heng_vm_clock_track(site, (heng_date)other.as.integer, frame);
    }
    bool fits = heng_vm_clock_shift(site->clock, (heng_date)clock.as.integer, &day);
    heng_cel_value shifted =
        fits ? heng_cel_value_date(day)
             : heng_cel_value_error(frame->arena, HENG_CEL_ERR_OVERFLOW,
                                    "the day is outside the calendar of 1900-01-01 to "
                                    "2200-12-31");
    if (program->trace) {
        frame->trace(frame->trace_context, site->shifted, shifted);
    }
    if (!fits)
        return shifted;
    bool right = site->clock->on_right;
    return heng_cel_value_bool(heng_vm_clock_compare(
        site->op, right ? other.as.integer : day, right ? day : other.as.integer));
}

heng_cel_value heng_cel_vm_run(const heng_cel_program *program, heng_cel_frame *frame,
                               const heng_cel_value *variables) {
#ifdef HENG_COMPUTED_GOTO
#define LABEL(name, pops, pushes) __extension__ &&on_##name,
    static const void *const labels[] = {HENG_CEL_OPS(LABEL)};
#undef LABEL
#endif
    heng_cel_value small[SMALL_VALUES];
    heng_cel_value pair[2];
    heng_cel_value error;
    const heng_cel_value *from;
    const heng_cel_origin *origin;
    const heng_cel_handler *handler;
    const heng_cel_call_site *call;
    const heng_cel_loop_site *loop;
    const heng_cel_overload *row;
    heng_cel_value *args;
    heng_cel_value *kept;
    heng_cel_error_code why;
    uint64_t more = 0; /* steps that a function adds itself */
    int equal;
    bool truth;
    heng_arena *arena = frame->arena;
    const heng_cel_instruction *code = program->code;
    const heng_cel_instruction *pc = code;
    const uint64_t cap = frame->cost_cap == 0 ? UINT64_MAX : frame->cost_cap;
    uint64_t cost = frame->cost;

    heng_cel_value *locals = small;
    if ((size_t)program->local_count + program->depth_max > SMALL_VALUES) {
        locals = heng_arena_calloc(
            arena, (size_t)program->local_count + program->depth_max, sizeof *locals);
        if (locals == NULL)
            return memory_error(arena);
    }
    for (uint32_t i = 0; i < program->local_count; i++) {
        locals[i].kind = HENG_CEL_NULL; /* no error is kept there */
    }
    heng_cel_value *sp = locals + program->local_count;
    heng_vm_clock_begin(program, frame);

next:
    cost += pc->cost;
    switch ((heng_cel_op)pc->op) {

        OP(CONST) {
            *sp++ = constant_of(pc);
            NEXT_OP();
        }
        OP(VAR) {
            *sp = variables[pc->len];
            if (sp->kind == HENG_CEL_ERROR)
                RAISE(*sp);
            sp++;
            NEXT_OP();
        }
        OP(LOCAL) {
            *sp = locals[pc->len];
            if (sp->kind == HENG_CEL_ERROR)
                RAISE(*sp);
            sp++;
            NEXT_OP();
        }
        OP(SET_LOCAL) {
            locals[pc->len] = *--sp;
            NEXT_OP();
        }
        OP(ERROR) {
            RAISE(((heng_cel_value){.kind = HENG_CEL_ERROR, .as.error = pc->as.ptr}));
        }

        OP(FIELD) {
            sp--;
            if (sp->kind != HENG_CEL_OBJECT)
                RAISE(heng_vm_data_no_overload(HENG_STR("."), sp, 1, arena));
            *sp = sp->as.object->type->get(sp->as.object, pc->len, arena);
            if (sp->kind == HENG_CEL_ERROR)
                RAISE(*sp);
            sp++;
            NEXT_OP();
        }
        OP(HAS_FIELD) {
            if (sp[-1].kind != HENG_CEL_OBJECT)
                RAISE(heng_vm_data_no_overload(HENG_STR("has"), sp - 1, 1, arena));
            FOUND(1, sp[-1].as.object->type->has(sp[-1].as.object, pc->len));
        }
        /* The object is not copied to the stack first: loading at once what was just
         * stored in halves costs a dozen cycles. */
        OP(VAR_FIELD) {
            from = &variables[pc->as.pair.a];
            goto load_field;
        }
        OP(LOCAL_FIELD) {
            from = &locals[pc->as.pair.a];
            goto load_field;
        }
    load_field:
        if (from->kind != HENG_CEL_OBJECT) {
            if (from->kind == HENG_CEL_ERROR)
                RAISE(*from);
            RAISE(heng_vm_data_no_overload(HENG_STR("."), from, 1, arena));
        }
        *sp = from->as.object->type->get(from->as.object, pc->as.pair.b, arena);
        if (sp->kind == HENG_CEL_ERROR)
            RAISE(*sp);
        sp++;
        NEXT_OP();

        OP(SELECT) {
            RESULT(1, heng_vm_data_select(sp[-1], (heng_str){pc->as.bytes, pc->len},
                                          arena));
        }
        OP(HAS) {
            RESULT(1,
                   heng_vm_data_has(sp[-1], (heng_str){pc->as.bytes, pc->len}, arena));
        }
        OP(SELECT_OPT) {
            RESULT(1, heng_vm_data_select_optional(
                          sp[-1], (heng_str){pc->as.bytes, pc->len}, arena));
        }
        OP(INDEX) {
            RESULT(2, heng_vm_data_index(sp[-2], sp[-1], arena));
        }
        OP(INDEX_OPT) {
            RESULT(2, heng_vm_data_index_optional(sp[-2], sp[-1], arena));
        }

        OP(AND_NEXT) {
            sp--;
            if (sp->kind != HENG_CEL_BOOL)
                RAISE(not_bool(*sp, "&&", arena));
            if (sp->as.boolean)
                NEXT_OP();
            KEPT()->kind = HENG_CEL_NULL;
            sp++;
            GO(pc->len);
        }
        OP(AND_LAST) {
            if (sp[-1].kind != HENG_CEL_BOOL)
                RAISE(not_bool(sp[-1], "&&", arena));
            if (sp[-1].as.boolean && KEPT()->kind == HENG_CEL_ERROR) {
                sp--;
                NEXT_OP(); /* AND_DONE raises it */
            }
            KEPT()->kind = HENG_CEL_NULL;
            GO(pc->len);
        }
        OP(AND_DONE) {
            if (KEPT()->kind == HENG_CEL_ERROR)
                goto raise_kept;
            PUSH_BOOL(true);
            NEXT_OP();
        }
        OP(OR_NEXT) {
            sp--;
            if (sp->kind != HENG_CEL_BOOL)
                RAISE(not_bool(*sp, "||", arena));
            if (!sp->as.boolean)
                NEXT_OP();
            KEPT()->kind = HENG_CEL_NULL;
            sp++;
            GO(pc->len);
        }
        OP(OR_LAST) {
            if (sp[-1].kind != HENG_CEL_BOOL)
                RAISE(not_bool(sp[-1], "||", arena));
            if (!sp[-1].as.boolean && KEPT()->kind == HENG_CEL_ERROR) {
                sp--;
                NEXT_OP();
            }
            KEPT()->kind = HENG_CEL_NULL;
            GO(pc->len);
        }
        OP(OR_DONE) {
            if (KEPT()->kind == HENG_CEL_ERROR)
                goto raise_kept;
            PUSH_BOOL(false);
            NEXT_OP();
        }
        OP(BRANCH) {
            sp--;
            if (sp->kind != HENG_CEL_BOOL)
                RAISE(not_bool(*sp, "?:", arena));
            if (sp->as.boolean)
                NEXT_OP();
            GO(pc->len);
        }
        OP(JUMP) {
            GO(pc->len);
        }
        OP(NOT) {
            if (sp[-1].kind != HENG_CEL_BOOL)
                RAISE(not_bool(sp[-1], "!", arena));
            FOUND(1, !sp[-1].as.boolean);
        }

        COMPARE_WORD(EQ, ==)
        COMPARE_WORD(NE, !=)
        COMPARE_WORD(LT, <)
        COMPARE_WORD(LE, <=)
        COMPARE_WORD(GT, >)
        COMPARE_WORD(GE, >=)

        OP(EQ_STRING) {
            FOUND(2, are_strings(sp - 2)
                         ? same_bytes(&sp[-2], sp[-1].as.bytes, sp[-1].len)
                         : heng_cel_value_equal(sp[-2], sp[-1], arena));
        }
        OP(NE_STRING) {
            FOUND(2, are_strings(sp - 2)
                         ? !same_bytes(&sp[-2], sp[-1].as.bytes, sp[-1].len)
                         : !heng_cel_value_equal(sp[-2], sp[-1], arena));
        }
        OP(EQ_STRING_CONST) {
            pc++;
            FOUND(1, sp[-1].kind == HENG_CEL_STRING &&
                         same_bytes(&sp[-1], pc->as.bytes, pc->len));
        }
        OP(NE_STRING_CONST) {
            pc++;
            FOUND(1, sp[-1].kind != HENG_CEL_STRING ||
                         !same_bytes(&sp[-1], pc->as.bytes, pc->len));
        }
        OP(IN_STRINGS) {
            cost += pc->len;
            FOUND(1, sp[-1].kind == HENG_CEL_STRING &&
                         in_strings(&sp[-1], pc->as.ptr, pc->len));
        }
        OP(STARTS_CONST) {
            if (sp[-1].kind != HENG_CEL_STRING)
                RAISE(
                    heng_vm_data_no_overload(HENG_STR("startsWith"), sp - 1, 1, arena));
            pc++;
            cost += (pc->len < sp[-1].len ? pc->len : sp[-1].len) / 16;
            FOUND(1, sp[-1].len >= pc->len &&
                         heng_bytes_equal(sp[-1].as.bytes, pc->as.bytes, pc->len));
        }
        OP(EQ) {
            goto compare_values;
        }
        OP(NE) {
            goto compare_values;
        }
    compare_values: /* what it takes is counted as the bound counts it, in sixteenths */
        more = HENG_LIMIT_CEL_WORK;
        equal = heng_cel_value_equal_within(sp[-2], sp[-1], arena, &more);
        if (equal < 0)
            RAISE(heng_cel_value_error(arena, HENG_CEL_ERR_COST,
                                       "comparing the values takes too long"));
        cost += (HENG_LIMIT_CEL_WORK - more) / 16;
        more = 0;
        if (cost > cap)
            goto over;
        FOUND(2, (equal == 1) == (pc->op == HENG_CEL_OP_EQ));

        OP(CLOCK) {
            const heng_cel_clock_site *site = pc->as.ptr;
            RESULT(1, clock_compare(program, site, sp[-1], variables[site->variable],
                                    frame));
        }

        ARITHMETIC(ADD, heng_number_add_int64, "+")
        ARITHMETIC(SUB, heng_number_subtract_int64, "-")
        ARITHMETIC(MUL, heng_number_multiply_int64, "*")

        OP(SUB_DATE) {
            if (sp[-2].kind != HENG_CEL_DATE || sp[-1].kind != HENG_CEL_DATE)
                RAISE(heng_vm_data_no_overload(HENG_STR("-"), sp - 2, 2, arena));
            sp--;
            sp[-1] = heng_cel_value_int(sp[-1].as.integer - sp[0].as.integer);
            NEXT_OP();
        }
        OP(SIZE_LIST) {
            if (sp[-1].kind != HENG_CEL_LIST)
                RAISE(heng_vm_data_no_overload(HENG_STR("size"), sp - 1, 1, arena));
            sp[-1] = heng_cel_value_int((int64_t)sp[-1].as.list->count);
            NEXT_OP();
        }

        OP(CALL) {
            call = pc->as.ptr;
            args = sp - call->count;
            row = call->row;
            if (!fits(call, args))
                goto call_by_kinds;
            cost += call->sized ? heng_cel_library_cost_of(row, args, call->count)
                                : row->cost_base;
            if (cost > cap)
                goto over;
            more = 0;
            error = call_row(row, call->constant, args, call->count, arena, &more);
            goto called;
        }
        OP(CALL_DYN) {
            call = pc->as.ptr;
            args = sp - call->count;
            goto call_by_kinds;
        }
    call_by_kinds:
        row = find_row(call, args);
        if (row == NULL)
            RAISE(heng_vm_data_no_overload(call->name, args, call->count, arena));
        cost += heng_cel_library_cost_of(row, args, call->count);
        if (cost > cap)
            goto over;
        more = 0;
        error = call_row(row, NULL, args, call->count, arena, &more);
    called:
        if (error.kind == HENG_CEL_ERROR)
            goto raise;
        cost += more;
        sp = args;
        *sp++ = error;
        NEXT_OP();

        OP(OPT_OR) {
            if (sp[-1].kind != HENG_CEL_OPTIONAL)
                RAISE(heng_vm_data_no_overload(HENG_STR("or"), sp - 1, 1, arena));
            if (sp[-1].as.optional != NULL)
                GO(pc->len);
            sp--;
            NEXT_OP();
        }
        OP(OPT_OR_VALUE) {
            if (sp[-1].kind != HENG_CEL_OPTIONAL)
                RAISE(heng_vm_data_no_overload(HENG_STR("orValue"), sp - 1, 1, arena));
            if (sp[-1].as.optional != NULL) {
                sp[-1] = *sp[-1].as.optional;
                GO(pc->len);
            }
            sp--;
            NEXT_OP();
        }
        OP(OPT_CHECK) {
            if (sp[-1].kind != HENG_CEL_OPTIONAL)
                RAISE(heng_vm_data_no_overload(HENG_STR("or"), sp - 1, 1, arena));
            NEXT_OP();
        }

        OP(LIST) {
            goto make_list;
        }
        OP(LIST_OPT) {
            goto make_list;
        }
    make_list:
        cost += pc->len;
        if (cost > cap)
            goto over;
        error = heng_vm_data_list(sp - pc->len, pc->len, pc->as.ptr, arena);
        if (error.kind == HENG_CEL_ERROR)
            goto raise;
        sp -= pc->len;
        *sp++ = error;
        NEXT_OP();

        OP(MAP) {
            goto make_map;
        }
        OP(MAP_OPT) {
            goto make_map;
        }
    make_map:
        cost += pc->len;
        if (cost > cap)
            goto over;
        error = heng_vm_data_map(sp - (size_t)2 * pc->len, pc->len, pc->as.ptr, arena);
        if (error.kind == HENG_CEL_ERROR)
            goto raise;
        sp -= (size_t)2 * pc->len;
        *sp++ = error;
        NEXT_OP();

        OP(LOOP) {
            sp--;
            if (sp->kind != HENG_CEL_LIST && sp->kind != HENG_CEL_MAP)
                RAISE(
                    heng_cel_value_error(arena, HENG_CEL_ERR_NO_OVERLOAD,
                                         "%s is no list or map to go through",
                                         heng_cel_kind_name((heng_cel_kind)sp->kind)));
            start_loop(pc->as.ptr, locals, *sp);
            NEXT_OP();
        }
        OP(NEXT) {
            goto loop_next;
        }
    loop_next:
        loop = pc->as.ptr;
        if (!next_in_list(loop, locals, arena) && !next_item(loop, locals, arena))
            GO(pc->len);
        if (++cost > cap)
            goto over;
        NEXT_OP();

        OP(ALL_STEP) {
            sp--;
            if (sp->kind != HENG_CEL_BOOL)
                RAISE(not_bool(*sp, "all", arena));
            if (sp->as.boolean)
                GO(pc->len);
            KEPT()->kind = HENG_CEL_NULL;
            sp++;
            GO(pc->as.pair.b);
        }
        OP(EXISTS_STEP) {
            sp--;
            if (sp->kind != HENG_CEL_BOOL)
                RAISE(not_bool(*sp, "exists", arena));
            if (!sp->as.boolean)
                GO(pc->len);
            KEPT()->kind = HENG_CEL_NULL;
            sp++;
            GO(pc->as.pair.b);
        }
        OP(ONE_STEP) {
            const heng_cel_loop_site *site = pc->as.ptr;
            sp--;
            if (sp->kind != HENG_CEL_BOOL)
                RAISE(not_bool(*sp, "filter", arena));
            if (sp->as.boolean && locals[site->first].kind == HENG_CEL_ERROR)
                RAISE(locals[site->first]);
            locals[site->state + 2].as.integer += sp->as.boolean ? 1 : 0;
            GO(pc->len);
        }
        OP(ONE_DONE) {
            const heng_cel_loop_site *site = pc->as.ptr;
            FOUND(0, locals[site->state + 2].as.integer == 1);
        }
        OP(COUNT_DONE) {
            const heng_cel_loop_site *site = pc->as.ptr;
            *sp++ = heng_cel_value_int(locals[site->state + 2].as.integer);
            NEXT_OP();
        }
        OP(SKIP_FALSE) {
            sp--;
            if (sp->kind != HENG_CEL_BOOL)
                RAISE(not_bool(*sp, "filter", arena));
            if (!sp->as.boolean)
                GO(pc->len);
            NEXT_OP();
        }
        OP(KEEP) {
            const heng_cel_loop_site *site = pc->as.ptr;
            error =
                add_item(site, locals, locals[site->first], HENG_CEL_OP_KEEP, arena);
            if (error.kind == HENG_CEL_ERROR)
                goto raise;
            GO(pc->len);
        }
        OP(ADD) {
            goto add;
        }
        OP(ADD_VALUE) {
            goto add;
        }
        OP(ADD_ENTRIES) {
            if (sp[-1].kind == HENG_CEL_MAP) {
                cost += sp[-1].as.map->count;
                if (cost > cap)
                    goto over;
            }
            goto add;
        }
    add:
        sp--;
        error = add_item(pc->as.ptr, locals, *sp, (heng_cel_op)pc->op, arena);
        if (error.kind == HENG_CEL_ERROR)
            goto raise;
        GO(pc->len);

        OP(GATHERED) {
            RESULT(0, end_gathering(pc->as.ptr, locals, arena));
        }

        OP(TRACE) {
            frame->trace(frame->trace_context, program->ast->nodes[pc->len - 1],
                         sp[-1]);
            NEXT_OP();
        }
        OP(RETURN) {
            frame->cost = cost;
            if (cost > cap)
                goto over;
            return sp[-1];
        }

    case HENG_CEL_OP_COUNT:
        break;
    }
    return memory_error(arena); /* no such instruction is ever made */

    /* A bool in `truth`, handed from test to test without being stored. */
found:
    pc++;
found_here:
    switch (pc->op) {
    case HENG_CEL_OP_AND_NEXT:
    case HENG_CEL_OP_OR_NEXT:
        cost += pc->cost;
        if (truth == (pc->op == HENG_CEL_OP_AND_NEXT))
            NEXT_OP();
        KEPT()->kind = HENG_CEL_NULL;
        pc = code + pc->len;
        goto found_here;
    case HENG_CEL_OP_AND_LAST:
    case HENG_CEL_OP_OR_LAST:
        cost += pc->cost;
        if (truth == (pc->op == HENG_CEL_OP_AND_LAST) && KEPT()->kind == HENG_CEL_ERROR)
            NEXT_OP();
        KEPT()->kind = HENG_CEL_NULL;
        pc = code + pc->len;
        goto found_here;
    case HENG_CEL_OP_EXISTS_STEP:
    case HENG_CEL_OP_ALL_STEP:
        if (truth != (pc->op == HENG_CEL_OP_EXISTS_STEP)) {
            pc = code + pc->len;
            goto loop_next;
        }
        KEPT()->kind = HENG_CEL_NULL;
        pc = code + pc->as.pair.b;
        goto found_here;
    case HENG_CEL_OP_SKIP_FALSE:
        if (truth)
            NEXT_OP();
        pc = code + pc->len;
        goto loop_next;
    case HENG_CEL_OP_ONE_STEP:
        loop = pc->as.ptr;
        if (truth && locals[loop->first].kind == HENG_CEL_ERROR)
            break;
        locals[loop->state + 2].as.integer += truth;
        pc = code + pc->len;
        goto loop_next;
    case HENG_CEL_OP_RETURN:
        frame->cost = cost;
        if (cost > cap)
            goto over;
        return heng_cel_value_bool(truth);
    default:
        break;
    }
    PUSH_BOOL(truth);
    DISPATCH();

    /* What `&&`, `||`, all() or exists() kept. */
raise_kept:
    error = *KEPT();
    KEPT()->kind = HENG_CEL_NULL;
raise:
    origin = &program->origins[pc - code];
    handler = origin->handler == 0 ? NULL : &program->handlers[origin->handler - 1];
    why = error.as.error->code;
    error = with_node(error, origin->node, arena);
    if (program->trace) {
        trace_error(program, frame, origin->node, handler == NULL ? 0 : handler->node,
                    error);
    }
    if (handler == NULL || why == HENG_CEL_ERR_MEMORY || why == HENG_CEL_ERR_COST) {
        frame->cost = cost;
        return error;
    }
    kept = &locals[handler->keep];
    if (handler->latest || kept->kind != HENG_CEL_ERROR) {
        *kept = error;
    }
    sp = locals + program->local_count + handler->depth;
    pc = code + handler->target;
    goto next;

over:
    frame->cost = cost;
    error = heng_cel_value_error(arena, HENG_CEL_ERR_COST,
                                 "the evaluation costs more than %llu steps",
                                 (unsigned long long)cap);
    return with_node(error, program->origins[pc - code].node, arena);
}
