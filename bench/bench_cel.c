/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_cel.c: nanoseconds to evaluate each of ten typical conditions, as a ratio to
 * the cheapest of them, and to a C function that does the same by hand over the same
 * record.
 *
 * Aim: at most five times the C function. Time is that of the processor, and each
 * number is the best of several rounds, so
 * that another process on the machine spoils it less.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cel/program.h"

enum { RECORDS = 4, ROUNDS = 9, RUNS = 100000 };

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

static heng_cel_value get_item(const heng_cel_list *list, size_t index,
                               heng_arena *arena) {
    const record *records = list->context;
    (void)arena;
    return heng_cel_value_object(&records[index].object);
}

/* ---- the same by hand ---- */

/* A record lies encoded in the store's memory, so C reads it through its accessor too.
 */
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

static const struct {
    const char *condition;
    bool (*by_hand)(const world *world);
} CONDITIONS[] = {
    {"r.category == 'tax.major_violation'", by_category},
    {"r.category == 'tax.major_violation' && r.amount > 100000", by_amount},
    {"r.category in ['wages.arrears', 'food.serious', 'tax.major_violation'] && "
     "r.in_force",
     by_list},
    {"r.decided_on + period('P3Y') > as_of", by_date},
    {"subject.region.startsWith('43') && subject.kind == 'legal_person'", by_prefix},
    {"r.amount >= decimal('1000000') || r.severity == 'serious'", by_either},
    {"has(r.amount) && r.amount > 5", by_presence},
    {"as_of - r.decided_on <= 365", by_days},
    {"records.exists(x, x.category == 'wages.arrears' && x.in_force)", by_any},
    {"size(records.filter(x, x.severity == 'serious')) >= 2", by_count},
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

static double measure_hand(bool (*by_hand)(const world *), const world *w) {
    double best = 1e18;
    bool (*volatile called)(const world *) = by_hand;
    observed = w;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_ns();
        for (int i = 0; i < RUNS; i++) {
            sink = called(observed);
        }
        double each = (now_ns() - start) / RUNS;
        best = each < best ? each : best;
    }
    return best;
}

static double measure_program(const heng_cel_program *program, heng_arena *arena,
                              const heng_cel_value *values) {
    double best = 1e18;
    for (int round = 0; round < ROUNDS; round++) {
        heng_cel_frame frame = {
            .arena = arena, .clock = HENG_DATE_NONE, .next_change = HENG_DATE_NONE};
        double start = now_ns();
        for (int i = 0; i < RUNS; i++) {
            sink = heng_cel_value_is_true(heng_cel_run(program, &frame, values));
        }
        double each = (now_ns() - start) / RUNS;
        best = each < best ? each : best;
        heng_arena_reset(arena);
    }
    return best;
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
    double by_hand[CONDITION_COUNT];
    double by_program[CONDITION_COUNT];
    double cheapest = 1e18;
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
    heng_cel_list list = {.count = RECORDS, .get = get_item, .context = w.records};
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
        if (heng_cel_value_is_true(heng_cel_run(programs[i], &frame, values)) !=
            CONDITIONS[i].by_hand(&w)) {
            (void)fprintf(stderr, "%s: not what it is by hand\n",
                          CONDITIONS[i].condition);
            return 1;
        }
        by_hand[i] = measure_hand(CONDITIONS[i].by_hand, &w);
        by_program[i] = measure_program(programs[i], scratch, values);
        cheapest = by_program[i] < cheapest ? by_program[i] : cheapest;
    }

    double worst = 0;
    (void)printf("    ns  /cheapest      C     /C  condition\n");
    for (size_t i = 0; i < CONDITION_COUNT; i++) {
        double ratio = by_program[i] / by_hand[i];
        worst = ratio > worst ? ratio : worst;
        (void)printf("%6.1f  %9.1f  %5.1f  %5.1f  %s\n", by_program[i],
                     by_program[i] / cheapest, by_hand[i], ratio,
                     CONDITIONS[i].condition);
        heng_cel_program_done(programs[i]);
    }
    (void)printf("at most %.1f times the C function\n", worst);
    heng_arena_free(scratch);
    heng_arena_free(arena);
    return 0;
}
