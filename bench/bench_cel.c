/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_cel.c: nanoseconds to evaluate each of ten typical conditions, as a ratio to
 * the cheapest of them, and to C functions that do the same by hand:
 *
 *   struct    over a plain struct: members are read directly, texts compared by length
 *             and memcmp(). It is what one would write who needs no store and no
 *             missing attributes; the aim, at most five times, is measured against it.
 *   accessor  through the accessors that the engine has to go through, because a record
 *             lies encoded in the store's memory: what the language alone costs.
 *
 * `tracked` is the engine while it also finds the next day on which the answer may
 * differ, as decisions do; the C functions do nothing like it.
 *
 * Time is that of the processor. The sides take turns, so that what else runs on the
 * machine spoils them alike; numbers are medians of all rounds, and the best of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cel/program.h"

enum { RECORDS = 4, ROUNDS = 41, RUNS = 20000 };

/* ---- the world ---- */

typedef struct record {
    heng_cel_object object;
    heng_str category, severity;
    heng_decimal amount;
    bool has_amount, in_force;
    heng_date decided_on;
} record;

typedef struct subject {
    heng_cel_object object;
    heng_str region, kind;
} subject;

enum { CATEGORY, SEVERITY, AMOUNT, IN_FORCE, DECIDED_ON };
enum { REGION, KIND };

static heng_cel_value get_record(const heng_cel_object *object, uint32_t slot,
                                 heng_arena *arena) {
    const record *r = (const record *)object;
    switch (slot) {
    case CATEGORY:
        return heng_cel_value_string(r->category);
    case SEVERITY:
        return heng_cel_value_string(r->severity);
    case AMOUNT:
        if (!r->has_amount)
            return heng_cel_value_no_field(arena, object, HENG_STR("amount"));
        return heng_cel_value_decimal(r->amount);
    case IN_FORCE:
        return heng_cel_value_bool(r->in_force);
    default:
        return heng_cel_value_date(r->decided_on);
    }
}

static bool has_record(const heng_cel_object *object, uint32_t slot) {
    return slot != AMOUNT || ((const record *)object)->has_amount;
}

static heng_cel_value get_subject(const heng_cel_object *object, uint32_t slot,
                                  heng_arena *arena) {
    const subject *s = (const subject *)object;
    (void)arena;
    return heng_cel_value_string(slot == REGION ? s->region : s->kind);
}

static bool has_subject(const heng_cel_object *object, uint32_t slot) {
    (void)object, (void)slot;
    return true;
}

static heng_cel_field record_fields[5];
static heng_cel_field subject_fields[2];
static heng_cel_object_type record_type = {
    .fields = record_fields, .field_count = 5, .get = get_record, .has = has_record};
static heng_cel_object_type subject_type = {
    .fields = subject_fields, .field_count = 2, .get = get_subject, .has = has_subject};

typedef struct world {
    record records[RECORDS];
    subject subject;
    heng_date as_of;
} world;

/* ---- by hand, over the plain struct ---- */

#define SAME(text, literal)                                                            \
    ((text).len == sizeof(literal) - 1 &&                                              \
     memcmp((text).ptr, literal, sizeof(literal) - 1) == 0)

static bool plain_category(const world *w) {
    return SAME(w->records[0].category, "tax.major_violation");
}

static bool plain_amount(const world *w) {
    const record *r = &w->records[0];
    return SAME(r->category, "tax.major_violation") && r->has_amount &&
           r->amount > 100000 * HENG_DECIMAL_ONE;
}

static bool plain_list(const world *w) {
    const record *r = &w->records[0];
    return (SAME(r->category, "wages.arrears") || SAME(r->category, "food.serious") ||
            SAME(r->category, "tax.major_violation")) &&
           r->in_force;
}

static bool plain_date(const world *w) {
    heng_date end = 0;
    return heng_date_add(w->records[0].decided_on, (heng_period){36, 0}, &end) &&
           end > w->as_of;
}

static bool plain_prefix(const world *w) {
    const subject *s = &w->subject;
    return s->region.len >= 2 && memcmp(s->region.ptr, "43", 2) == 0 &&
           SAME(s->kind, "legal_person");
}

static bool plain_either(const world *w) {
    const record *r = &w->records[0];
    return (r->has_amount && r->amount >= 1000000 * HENG_DECIMAL_ONE) ||
           SAME(r->severity, "serious");
}

static bool plain_presence(const world *w) {
    const record *r = &w->records[0];
    return r->has_amount && r->amount > 5 * HENG_DECIMAL_ONE;
}

static bool plain_days(const world *w) {
    return w->as_of - w->records[0].decided_on <= 365;
}

static bool plain_any(const world *w) {
    for (size_t i = 0; i < RECORDS; i++) {
        if (SAME(w->records[i].category, "wages.arrears") && w->records[i].in_force)
            return true;
    }
    return false;
}

static bool plain_count(const world *w) {
    size_t count = 0;
    for (size_t i = 0; i < RECORDS; i++) {
        count += SAME(w->records[i].severity, "serious");
    }
    return count >= 2;
}

/* ---- by hand, through the accessors ---- */

static heng_cel_value field(const record *r, uint32_t slot) {
    return r->object.type->get(&r->object, slot, NULL);
}

static bool is(heng_cel_value text, const char *other, size_t len) {
    return text.len == len && memcmp(text.as.bytes, other, len) == 0;
}
#define IS(text, literal) is(text, literal, sizeof(literal) - 1)

static bool has_amount(const record *r) {
    return r->object.type->has(&r->object, AMOUNT);
}

static bool by_category(const world *w) {
    return IS(field(&w->records[0], CATEGORY), "tax.major_violation");
}

static bool by_amount(const world *w) {
    const record *r = &w->records[0];
    return IS(field(r, CATEGORY), "tax.major_violation") && has_amount(r) &&
           field(r, AMOUNT).as.decimal > 100000 * HENG_DECIMAL_ONE;
}

static bool by_list(const world *w) {
    const record *r = &w->records[0];
    heng_cel_value category = field(r, CATEGORY);
    return (IS(category, "wages.arrears") || IS(category, "food.serious") ||
            IS(category, "tax.major_violation")) &&
           field(r, IN_FORCE).as.boolean;
}

static bool by_date(const world *w) {
    heng_date end = 0;
    heng_date start = (heng_date)field(&w->records[0], DECIDED_ON).as.integer;
    return heng_date_add(start, (heng_period){36, 0}, &end) && end > w->as_of;
}

static bool by_prefix(const world *w) {
    const heng_cel_object *object = &w->subject.object;
    heng_cel_value region = object->type->get(object, REGION, NULL);
    return region.len >= 2 && memcmp(region.as.bytes, "43", 2) == 0 &&
           IS(object->type->get(object, KIND, NULL), "legal_person");
}

static bool by_either(const world *w) {
    const record *r = &w->records[0];
    return (has_amount(r) &&
            field(r, AMOUNT).as.decimal >= 1000000 * HENG_DECIMAL_ONE) ||
           IS(field(r, SEVERITY), "serious");
}

static bool by_presence(const world *w) {
    const record *r = &w->records[0];
    return has_amount(r) && field(r, AMOUNT).as.decimal > 5 * HENG_DECIMAL_ONE;
}

static bool by_days(const world *w) {
    return w->as_of - field(&w->records[0], DECIDED_ON).as.integer <= 365;
}

static bool by_any(const world *w) {
    for (size_t i = 0; i < RECORDS; i++) {
        if (IS(field(&w->records[i], CATEGORY), "wages.arrears") &&
            field(&w->records[i], IN_FORCE).as.boolean)
            return true;
    }
    return false;
}

static bool by_count(const world *w) {
    size_t count = 0;
    for (size_t i = 0; i < RECORDS; i++) {
        count += IS(field(&w->records[i], SEVERITY), "serious");
    }
    return count >= 2;
}

typedef bool (*hand_written)(const world *world);

static const struct {
    const char *condition;
    hand_written over_struct, by_accessor;
} CONDITIONS[] = {
    {"r.category == 'tax.major_violation'", plain_category, by_category},
    {"r.category == 'tax.major_violation' && r.amount > 100000", plain_amount,
     by_amount},
    {"r.category in ['wages.arrears', 'food.serious', 'tax.major_violation'] && "
     "r.in_force",
     plain_list, by_list},
    {"r.decided_on + period('P3Y') > as_of", plain_date, by_date},
    {"subject.region.startsWith('43') && subject.kind == 'legal_person'", plain_prefix,
     by_prefix},
    {"r.amount >= decimal('1000000') || r.severity == 'serious'", plain_either,
     by_either},
    {"has(r.amount) && r.amount > 5", plain_presence, by_presence},
    {"as_of - r.decided_on <= 365", plain_days, by_days},
    {"records.exists(x, x.category == 'wages.arrears' && x.in_force)", plain_any,
     by_any},
    {"size(records.filter(x, x.severity == 'serious')) >= 2", plain_count, by_count},
};
enum { CONDITION_COUNT = sizeof CONDITIONS / sizeof CONDITIONS[0] };

/* ---- measuring ---- */

static double now_ns(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static volatile bool sink;
static const world *volatile observed; /* so that nothing is computed once for all */

static double time_hand(hand_written by_hand, const world *w) {
    hand_written volatile called = by_hand;
    observed = w;
    double start = now_ns();
    for (int i = 0; i < RUNS; i++) {
        sink = called(observed);
    }
    return (now_ns() - start) / RUNS;
}

static double time_program(const heng_cel_program *program, heng_arena *arena,
                           const heng_cel_value *values, heng_date clock) {
    heng_cel_frame frame = {.arena = arena, .clock = clock};
    double start = now_ns();
    for (int i = 0; i < RUNS; i++) {
        frame.next_change = HENG_DATE_NONE;
        sink = heng_cel_value_is_true(heng_cel_run(program, &frame, values));
    }
    double each = (now_ns() - start) / RUNS;
    heng_arena_reset(arena);
    return each;
}

typedef struct timing {
    double rounds[ROUNDS];
    double best, median;
} timing;

static int compare_rounds(const void *a, const void *b) {
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

static void settle(timing *of) {
    qsort(of->rounds, ROUNDS, sizeof of->rounds[0], compare_rounds);
    of->best = of->rounds[0];
    of->median = of->rounds[ROUNDS / 2];
}

/* What one condition takes on each side. */
typedef struct timings {
    timing program, tracked, over_struct, by_accessor;
} timings;

static void measure(timings *t, size_t condition, const heng_cel_program *program,
                    heng_arena *arena, const heng_cel_value *values, const world *w) {
    for (int i = 0; i < ROUNDS; i++) {
        t->over_struct.rounds[i] = time_hand(CONDITIONS[condition].over_struct, w);
        t->program.rounds[i] = time_program(program, arena, values, HENG_DATE_NONE);
        t->by_accessor.rounds[i] = time_hand(CONDITIONS[condition].by_accessor, w);
        t->tracked.rounds[i] = time_program(program, arena, values, w->as_of);
    }
    settle(&t->over_struct);
    settle(&t->program);
    settle(&t->by_accessor);
    settle(&t->tracked);
}

static void print_timings(const timings *all) {
    double cheapest = 1e18;
    double worst = 0;
    double worst_best = 0;
    for (size_t i = 0; i < CONDITION_COUNT; i++) {
        double median = all[i].program.median;
        double ratio = median / all[i].over_struct.median;
        double best = all[i].program.best / all[i].over_struct.best;
        cheapest = median < cheapest ? median : cheapest;
        worst = ratio > worst ? ratio : worst;
        worst_best = best > worst_best ? best : worst_best;
    }
    (void)printf("               medians                        best of %d\n"
                 "         /chea- trac-        /str-        /acc-              /str-\n"
                 "    heng  pest   ked  struct  uct accessor essor   heng struct  uct  "
                 "condition\n",
                 ROUNDS);
    for (size_t i = 0; i < CONDITION_COUNT; i++) {
        const timings *t = &all[i];
        (void)printf(
            "%8.1f %5.1f %5.1f %7.1f %4.1f %8.1f %5.1f %6.1f %6.1f %4.1f  %s\n",
            t->program.median, t->program.median / cheapest, t->tracked.median,
            t->over_struct.median, t->program.median / t->over_struct.median,
            t->by_accessor.median, t->program.median / t->by_accessor.median,
            t->program.best, t->over_struct.best, t->program.best / t->over_struct.best,
            CONDITIONS[i].condition);
    }
    (void)printf("at most %.1f times the C function over a plain struct (best: %.1f)\n",
                 worst, worst_best);
}

static void declare(heng_cel_env *env, const char *name, const heng_cel_type *type) {
    if (heng_cel_env_variable(env, heng_str_of(name), type, NULL) != HENG_OK) {
        abort();
    }
}

static void make_world(world *w) {
    static const char *const categories[] = {"tax.major_violation", "wages.arrears",
                                             "food.serious", "tax.major_violation"};
    static const char *const names[] = {"category", "severity", "amount", "in_force",
                                        "decided_on"};
    static const heng_cel_kind kinds[] = {HENG_CEL_STRING, HENG_CEL_STRING,
                                          HENG_CEL_DECIMAL, HENG_CEL_BOOL,
                                          HENG_CEL_DATE};
    record_type.name = HENG_STR("record");
    subject_type.name = HENG_STR("subject");
    for (size_t i = 0; i < 5; i++) {
        record_fields[i] = (heng_cel_field){
            heng_str_of(names[i]), heng_cel_type_simple(kinds[i]), i == AMOUNT};
    }
    subject_fields[REGION] = (heng_cel_field){
        HENG_STR("region"), heng_cel_type_simple(HENG_CEL_STRING), false};
    subject_fields[KIND] = (heng_cel_field){
        HENG_STR("kind"), heng_cel_type_simple(HENG_CEL_STRING), false};
    for (size_t i = 0; i < RECORDS; i++) {
        w->records[i] = (record){.object = {&record_type},
                                 .category = heng_str_of(categories[i]),
                                 .severity = HENG_STR("serious"),
                                 .amount = 250000 * HENG_DECIMAL_ONE,
                                 .has_amount = true,
                                 .in_force = i != 1,
                                 .decided_on = 19800 + (heng_date)i};
    }
    w->subject = (subject){.object = {&subject_type},
                           .region = HENG_STR("430100"),
                           .kind = HENG_STR("legal_person")};
    w->as_of = 20000;
}

int main(void) {
    static world w;
    heng_arena *arena = heng_arena_new((size_t)1 << 26);
    heng_arena *scratch = heng_arena_new((size_t)1 << 28);
    heng_cel_program *programs[CONDITION_COUNT] = {NULL};
    static timings all[CONDITION_COUNT];
    if (arena == NULL || scratch == NULL)
        return 1;
    heng_cel_env *env = heng_cel_env_new(arena);
    make_world(&w);
    const heng_cel_type *r = heng_cel_type_object(arena, &record_type);
    declare(env, "r", r);
    declare(env, "records", heng_cel_type_list(arena, r));
    declare(env, "subject", heng_cel_type_object(arena, &subject_type));
    declare(env, "as_of", heng_cel_type_simple(HENG_CEL_DATE));
    heng_cel_env_clock(env, 3);
    heng_cel_value items[RECORDS]; /* made once a subject, as a decision does */
    for (size_t i = 0; i < RECORDS; i++) {
        items[i] = heng_cel_value_object(&w.records[i].object);
    }
    heng_cel_list list = {.count = RECORDS, .items = items};
    const heng_cel_value values[] = {
        heng_cel_value_object(&w.records[0].object), heng_cel_value_list(&list),
        heng_cel_value_object(&w.subject.object), heng_cel_value_date(w.as_of)};

    for (size_t i = 0; i < CONDITION_COUNT; i++) {
        heng_diags *diags = heng_diags_new();
        heng_status status =
            heng_cel_compile(env, heng_str_of(CONDITIONS[i].condition),
                             (heng_cel_place){0}, NULL, arena, diags, &programs[i]);
        if (status != HENG_OK) {
            (void)fprintf(stderr, "%s: %s\n", CONDITIONS[i].condition,
                          diags != NULL && heng_diags_count(diags) > 0
                              ? heng_diags_get(diags, 0)->message
                              : heng_status_text(status));
            return 1;
        }
        heng_diags_free(diags);
        heng_cel_frame frame = {
            .arena = scratch, .clock = HENG_DATE_NONE, .next_change = HENG_DATE_NONE};
        bool answer = heng_cel_value_is_true(heng_cel_run(programs[i], &frame, values));
        if (answer != CONDITIONS[i].over_struct(&w) ||
            answer != CONDITIONS[i].by_accessor(&w)) {
            (void)fprintf(stderr, "%s: not what it is by hand\n",
                          CONDITIONS[i].condition);
            return 1;
        }
        measure(&all[i], i, programs[i], scratch, values, &w);
    }
    print_timings(all);
    for (size_t i = 0; i < CONDITION_COUNT; i++) {
        heng_cel_program_done(programs[i]);
    }
    heng_arena_free(scratch);
    heng_arena_free(arena);
    return 0;
}
