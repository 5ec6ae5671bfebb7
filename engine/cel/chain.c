/* SPDX-License-Identifier: Apache-2.0 */
/* chain.c: runs a chain, see chain.h. */
#include "cel/chain.h"

#include "base/bytes.h"
#include "cel/library.h"
#include "cel/vm.h"
#include "cel/vm_clock.h"

_Static_assert(sizeof(heng_chain_link) == 32, "two links are in a line of the cache");

/* Few strings are looked at one after the other; of many, half and half again. */
static bool is_in(heng_cel_value text, const heng_chain_link *link) {
    enum { FEW = 8 };
    const heng_cel_value *strings = link->as.strings;
    uint32_t low = 0;
    uint32_t high = link->len;
    while (high - low > FEW) {
        uint32_t middle = low + (high - low) / 2;
        if (heng_chain_order(&strings[middle], &text) <= 0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    for (uint32_t i = low; i < high; i++) {
        if (text.len == strings[i].len &&
            heng_bytes_equal(text.as.bytes, strings[i].as.bytes, text.len))
            return true;
    }
    return false;
}

/* The place of the as-of day, shifted, against the other day: less than 0, 0, or more;
 * NO_ORDER where one of them is none. */
enum { NO_ORDER = INT32_MIN };

static int32_t order_days(const heng_chain_clock *clock, heng_cel_frame *frame,
                          const heng_cel_value *variables, heng_cel_value value) {
    const heng_cel_value *as_of = &variables[clock->site.variable];
    heng_date day = (heng_date)as_of->as.integer;
    heng_date other =
        clock->day == HENG_DATE_NONE ? (heng_date)value.as.integer : clock->day;
    if (as_of->kind != HENG_CEL_DATE ||
        (clock->adds && !heng_date_add(other, clock->period, &other)) ||
        (clock->subtracts && !heng_date_subtract(other, clock->period, &other)))
        return NO_ORDER;
    if (frame->clock != HENG_DATE_NONE) {
        heng_vm_clock_track(&clock->site, other, frame);
    }
    if (clock->site.clock->shifted &&
        !heng_vm_clock_shift(clock->site.clock, day, &day))
        return NO_ORDER;
    return (day > other) - (day < other);
}

/* What a function says, a bool or an error; *cost is over the cap where it is not
 * asked. */
static heng_cel_value call(const heng_chain_call *site, heng_cel_value value,
                           heng_cel_frame *frame, uint64_t *cost) {
    heng_cel_value args[HENG_CEL_PARAMS_MAX];
    uint64_t more = 0;
    memcpy(args, site->args, sizeof args);
    args[site->at] = value;
    *cost += heng_cel_library_cost_of(site->row, args, site->count);
    if (frame->cost_cap != 0 && *cost > frame->cost_cap)
        return heng_cel_value_null();
    heng_cel_call made = {.arena = frame->arena, .cost = &more, .overload = site->row};
    value = site->row->run(&made, args, site->count);
    *cost += more;
    return value;
}

/* The loop that is gone through; loops are not in one another. */
typedef struct turns {
    const heng_chain_link *through, *body;
    const heng_cel_value *next, *end; /* of the items that the list holds */
    const heng_cel_list *lazy;        /* a list that holds none, or NULL */
    size_t lazy_next;
    heng_cel_value item; /* of such a list */
    int64_t counted;
} turns;

static inline const heng_chain_link *link_after(const heng_chain_link *link,
                                                uint32_t bytes) {
    return (const heng_chain_link *)(const void *)((const char *)link + bytes);
}

static void start(turns *loop, const heng_chain_link *link, const heng_cel_list *list) {
    loop->through = link;
    loop->body = link_after(link, link->yes);
    loop->next = list->items;
    loop->end = list->items != NULL ? list->items + list->count : NULL;
    loop->lazy = list->items != NULL ? NULL : list;
    loop->lazy_next = 0;
    loop->counted = 0;
}

/* The next item of a list that makes its items, or NULL. */
static const heng_cel_value *take_lazy(turns *loop, heng_arena *arena) {
    if (loop->lazy == NULL || loop->lazy_next == loop->lazy->count)
        return NULL;
    loop->item = loop->lazy->get(loop->lazy, loop->lazy_next, arena);
    loop->lazy_next++;
    return &loop->item;
}

/* Ends a link: there are two jumps, so that each link is foreseen by itself. */
#define SAYS(test_)                                                                    \
    do {                                                                               \
        if (test_)                                                                     \
            goto yes;                                                                  \
        goto no;                                                                       \
    } while (0)

#define READ_FIELD(from_)                                                              \
    do {                                                                               \
        const heng_cel_value *object_ = (from_);                                       \
        if (object_->kind != HENG_CEL_OBJECT)                                          \
            goto give_up;                                                              \
        value = object_->as.object->type->get(object_->as.object, link->field,         \
                                              frame->arena);                           \
    } while (0)

#define CASE(test_, from_, read_, then_)                                               \
    case HENG_CHAIN_OP(HENG_CHAIN_##test_, HENG_CHAIN_##from_):                        \
        read_;                                                                         \
        if (value.kind != link->kind)                                                  \
            goto give_up;                                                              \
        then_;

/* A test, wherever its value is from. */
#define TEST(test_, then_)                                                             \
    CASE(test_, VARIABLE, value = variables[link->slot], then_)                        \
    CASE(test_, FIELD, READ_FIELD(&variables[link->slot]), then_)                      \
    CASE(test_, ITEM, value = *item, then_)                                            \
    CASE(test_, ITEM_FIELD, READ_FIELD(item), then_)

#define TESTS_OF_ORDER(name_, left_, right_)                                           \
    TEST(name_##EQ, SAYS((left_) == (right_)))                                         \
    TEST(name_##LESS, SAYS((left_) < (right_)))                                        \
    TEST(name_##GREATER, SAYS((left_) > (right_)))

#define TEST_OF_DAYS(name_, operator_)                                                 \
    TEST(name_, if (variables[link->len].kind != HENG_CEL_DATE) goto give_up;          \
         SAYS(variables[link->len].as.integer -                                        \
              value.as.integer operator_ link->as.integer))

#define TEST_OF_CLOCK(name_, operator_)                                                \
    TEST(name_, order = order_days(link->as.clock, frame, variables, value);           \
         if (order == NO_ORDER) goto give_up; SAYS(order operator_ 0))

#define TEST_OF_COUNTED(name_, operator_)                                              \
    case HENG_CHAIN_OP(HENG_CHAIN_##name_, HENG_CHAIN_VARIABLE):                       \
        SAYS(loop.counted operator_ link->as.integer);

heng_cel_value heng_chain_run(const heng_cel_program *program, heng_cel_frame *frame,
                              const heng_cel_value *variables) {
    const heng_chain_link *link = program->chain;
    const heng_cel_value *item = NULL;
    turns loop;
    uint64_t cost = frame->cost;
    int64_t left = 0;
    int32_t order;
    heng_cel_value value;
    uint32_t next;

    heng_vm_clock_begin(program, frame);
read:
    cost += link->cost;
    switch (link->op) {
        TEST(IS_TRUE, SAYS(value.as.boolean))
        TEST(EQ_STRING,
             SAYS(value.len == link->len &&
                  heng_bytes_equal(value.as.bytes, link->as.bytes, link->len)))
        TEST(STARTS, cost += (link->len < value.len ? link->len : value.len) / 16;
             SAYS(value.len >= link->len &&
                  heng_bytes_equal(value.as.bytes, link->as.bytes, link->len)))
        TEST(IN, SAYS(is_in(value, link)))
        TEST(HAS, SAYS(value.as.object->type->has(value.as.object, link->len)))
        TESTS_OF_ORDER(, value.as.integer, link->as.integer)
        TESTS_OF_ORDER(SIZE_, (int64_t)value.as.list->count, link->as.integer)
        TEST(LEFT, left = value.as.integer; goto yes)
        TESTS_OF_ORDER(LEFT_, left, value.as.integer)
        TEST_OF_DAYS(DAYS_EQ, ==)
        TEST_OF_DAYS(DAYS_LESS, <)
        TEST_OF_DAYS(DAYS_GREATER, >)
        TEST_OF_CLOCK(CLOCK_EQ, ==)
        TEST_OF_CLOCK(CLOCK_LESS, <)
        TEST_OF_CLOCK(CLOCK_GREATER, >)
        TEST(CALL, value = call(link->as.call, value, frame, &cost);
             if (value.kind != HENG_CEL_BOOL) goto give_up; SAYS(value.as.boolean))
        TEST(THROUGH, goto start)
        TEST_OF_COUNTED(COUNTED_EQ, ==)
        TEST_OF_COUNTED(COUNTED_LESS, <)
        TEST_OF_COUNTED(COUNTED_GREATER, >)
    default:
        goto give_up; /* no such link is ever made */
    }
yes:
    next = link->yes;
    if (next >= sizeof *link) {
        link = link_after(link, next);
        goto read;
    }
    goto say;
no:
    next = link->no;
    if (next >= sizeof *link) {
        link = link_after(link, next);
        goto read;
    }
say:
    if (next == HENG_CHAIN_AGAIN)
        goto again;
    if (next == HENG_CHAIN_COUNT) {
        if (item->kind == HENG_CEL_ERROR)
            goto give_up;
        loop.counted++;
        goto again;
    }
    if (frame->cost_cap != 0 && cost > frame->cost_cap)
        goto give_up;
    frame->cost = cost;
    return heng_cel_value_bool(next == HENG_CHAIN_TRUE);
start:
    start(&loop, link, value.as.list);
again: /* the cap waits for the end: no list is gone through more than once a loop */
    if (loop.next != loop.end) {
        item = loop.next++;
    } else {
        item = take_lazy(&loop, frame->arena);
        link = loop.through;
        if (item == NULL)
            goto no;
    }
    cost++;
    link = loop.body;
    goto read;
give_up:
    return heng_cel_vm_run(program, frame, variables);
}
