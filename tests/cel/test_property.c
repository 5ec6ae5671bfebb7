/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_property.c: what must hold of every expression, held against random ones:
 *
 *   - the machine, with and without folding and with a trace, agrees with plain.c;
 *   - it counts no more steps than the static bound;
 *   - printed and parsed again it is the same;
 *   - on no day before `next_change` does it give anything else;
 *   - its chain, if it has one, does what its code does.
 *
 * A failure names the seed. HENG_PROPERTY_RUNS and HENG_PROPERTY_SEED change the number
 * of expressions and the first seed.
 */
#include "cel/evaluate.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "cel/chain.h"
#include "cel/plain.h"

/* ---- random numbers ---- */

static uint64_t state;

static uint64_t random_bits(void) { /* splitmix64 */
    uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static unsigned below(unsigned count) {
    return (unsigned)(random_bits() % count);
}

/* ---- the world that expressions see ---- */

struct record {
    heng_cel_object object;
    heng_cel_value fields[4]; /* amount, day, name, flag; NULL-kind: absent */
};

static heng_cel_value get_field(const heng_cel_object *object, uint32_t slot,
                                heng_arena *arena);

static bool has_field(const heng_cel_object *object, uint32_t slot) {
    return ((const struct record *)object)->fields[slot].kind != HENG_CEL_NULL;
}

enum { VARIABLES = 9, RECORDS = 4 };

/* Variables: i, j int; s string; l list(int); b bool; m map(string, int); d, e date
 * (d is the as-of day); rs list(record). */
struct world {
    struct evaluate evaluate;
    heng_cel_field fields[4];
    heng_cel_object_type record_type;
    heng_cel_value values[VARIABLES];
    struct record records[RECORDS];
};

static heng_cel_value get_field(const heng_cel_object *object, uint32_t slot,
                                heng_arena *arena) {
    static const char *const names[] = {"amount", "day", "name", "flag"};
    if (!has_field(object, slot))
        return heng_cel_value_no_field(arena, object, heng_str_of(names[slot]));
    return ((const struct record *)object)->fields[slot];
}

static heng_date some_day(void) {
    static const char *const days[] = {"1900-01-01", "2000-02-29", "2024-01-31",
                                       "2024-02-29", "2024-03-15", "2025-03-15",
                                       "2200-12-31", "2199-11-30"};
    heng_date day = 0;
    assert_true(heng_date_parse(heng_str_of(days[below(8)]), &day));
    if (below(2) == 0)
        return day;
    day += (heng_date)below(800) - 400;
    return day < HENG_DATE_MIN   ? HENG_DATE_MIN
           : day > HENG_DATE_MAX ? HENG_DATE_MAX
                                 : day;
}

static void make_record(struct record *record, const heng_cel_object_type *type) {
    static const char *const names[] = {"", "a", "中文", "abc"};
    record->object.type = type;
    for (size_t i = 0; i < 4; i++) {
        record->fields[i] = heng_cel_value_null();
    }
    if (below(3) > 0) {
        record->fields[0] = heng_cel_value_decimal(((int64_t)below(8) - 2) * 5000);
    }
    record->fields[1] = heng_cel_value_date(some_day());
    record->fields[2] = heng_cel_value_string(heng_str_of(names[below(4)]));
    if (below(3) > 0) {
        record->fields[3] = heng_cel_value_bool(below(2) == 0);
    }
}

static void declare(struct world *world, const char *name, const heng_cel_type *type) {
    assert_int_equal(
        heng_cel_env_variable(world->evaluate.env, heng_str_of(name), type, NULL),
        HENG_OK);
}

static heng_cel_value int_list(struct world *world, size_t count) {
    heng_cel_list *list = heng_arena_calloc(world->evaluate.arena, 1, sizeof *list);
    heng_cel_value *items =
        heng_arena_calloc(world->evaluate.arena, count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        items[i] = heng_cel_value_int((int64_t)below(7) - 3);
    }
    list->count = count;
    list->items = items;
    return heng_cel_value_list(list);
}

/* A list that has no items in memory, as the records of a subject have none. */
static heng_cel_value get_record(const heng_cel_list *list, size_t index,
                                 heng_arena *arena) {
    const struct record *records = list->context;
    (void)arena;
    return heng_cel_value_object(&records[index].object);
}

static heng_cel_value string_map(struct world *world) {
    static const char *const names[] = {"a", "b", "c"};
    heng_arena *arena = world->evaluate.arena;
    heng_cel_map *map = heng_arena_calloc(arena, 1, sizeof *map);
    heng_cel_value *keys = heng_arena_calloc(arena, 3, sizeof *keys);
    heng_cel_value *values = heng_arena_calloc(arena, 3, sizeof *values);
    size_t count = below(4);
    for (size_t i = 0; i < count; i++) {
        keys[i] = heng_cel_value_string(heng_str_of(names[i]));
        values[i] = heng_cel_value_int((int64_t)below(5));
    }
    *map = (heng_cel_map){.count = count, .keys = keys, .values = values};
    return heng_cel_value_map(map);
}

static void make_world(struct world *world) {
    static const char *const texts[] = {"", "a", "ab", "中文", "a,b"};
    static const int64_t ints[] = {0, 1, -1, 2, 7, INT64_MAX, INT64_MIN, 100};
    evaluate_init(&world->evaluate);
    heng_arena *arena = world->evaluate.arena;
    world->fields[0] = (heng_cel_field){HENG_STR("amount"),
                                        heng_cel_type_simple(HENG_CEL_DECIMAL), true};
    world->fields[1] =
        (heng_cel_field){HENG_STR("day"), heng_cel_type_simple(HENG_CEL_DATE), false};
    world->fields[2] = (heng_cel_field){HENG_STR("name"),
                                        heng_cel_type_simple(HENG_CEL_STRING), false};
    world->fields[3] =
        (heng_cel_field){HENG_STR("flag"), heng_cel_type_simple(HENG_CEL_BOOL), true};
    world->record_type = (heng_cel_object_type){.name = HENG_STR("record"),
                                                .fields = world->fields,
                                                .field_count = 4,
                                                .get = get_field,
                                                .has = has_field};
    const heng_cel_type *int_type = heng_cel_type_simple(HENG_CEL_INT);
    const heng_cel_type *text = heng_cel_type_simple(HENG_CEL_STRING);
    const heng_cel_type *date = heng_cel_type_simple(HENG_CEL_DATE);
    declare(world, "i", int_type);
    declare(world, "j", int_type);
    declare(world, "s", text);
    declare(world, "l", heng_cel_type_list(arena, int_type));
    declare(world, "b", heng_cel_type_simple(HENG_CEL_BOOL));
    declare(world, "m", heng_cel_type_map(arena, text, int_type));
    declare(world, "d", date);
    declare(world, "e", date);
    declare(
        world, "rs",
        heng_cel_type_list(arena, heng_cel_type_object(arena, &world->record_type)));
    heng_cel_env_clock(world->evaluate.env, 6);
    heng_cel_env_size(world->evaluate.env, 3, 8);
    heng_cel_env_size(world->evaluate.env, 5, 8);
    heng_cel_env_size(world->evaluate.env, 8, RECORDS);

    for (size_t r = 0; r < RECORDS; r++) {
        make_record(&world->records[r], &world->record_type);
    }
    heng_cel_list *records = heng_arena_calloc(arena, 1, sizeof *records);
    *records = (heng_cel_list){
        .count = below(RECORDS + 1), .get = get_record, .context = world->records};
    const heng_cel_value values[] = {
        heng_cel_value_int(ints[below(8)]),
        heng_cel_value_int((int64_t)below(5)),
        heng_cel_value_string(heng_str_of(texts[below(5)])),
        int_list(world, below(5)),
        heng_cel_value_bool(below(2) == 0),
        string_map(world),
        heng_cel_value_date(some_day()),
        heng_cel_value_date(some_day()),
        heng_cel_value_list(records),
    };
    memcpy(world->values, values, sizeof values);
    world->evaluate.values = world->values;
}

/* ---- random expressions ---- */

/* What a name in scope is, beside the variables: x0 … are int, r0 … are records. */
struct writer {
    heng_buffer out;
    unsigned ints, records;
};

static void write_bool(struct writer *writer, unsigned depth);
static void write_int(struct writer *writer, unsigned depth);
static void write_string(struct writer *writer, unsigned depth);
static void write_list(struct writer *writer, unsigned depth);
static void write_date(struct writer *writer, unsigned depth);
static void write_decimal(struct writer *writer, unsigned depth);

typedef void (*write_part)(struct writer *writer, unsigned depth);

/* Writes a pattern: B I S L T M stand for parts of a type, all else for itself. `@M` is
 * an M. */
static void write(struct writer *writer, unsigned depth, const char *pattern) {
    unsigned next = depth == 0 ? 0 : depth - 1;
    for (; *pattern != '\0'; pattern++) {
        switch (*pattern) {
        case '@': /* what follows stands for itself */
            (void)heng_buffer_add_char(&writer->out, *++pattern);
            break;
        case 'B':
            write_bool(writer, next);
            break;
        case 'I':
            write_int(writer, next);
            break;
        case 'S':
            write_string(writer, next);
            break;
        case 'L':
            write_list(writer, next);
            break;
        case 'T':
            write_date(writer, next);
            break;
        case 'M':
            write_decimal(writer, next);
            break;
        default:
            (void)heng_buffer_add_char(&writer->out, *pattern);
            break;
        }
    }
}

static void pick(struct writer *writer, unsigned depth, const char *const *leaves,
                 unsigned leaf_count, const char *const *patterns,
                 unsigned pattern_count) {
    if (depth == 0 || below(6) == 0) {
        write(writer, 0, leaves[below(leaf_count)]);
    } else {
        write(writer, depth, patterns[below(pattern_count)]);
    }
}
#define PICK(writer, depth, leaves, patterns)                                          \
    pick(writer, depth, leaves, COUNT(leaves), patterns, COUNT(patterns))

/* `range.macro(x, body)` with a name of its own that the body may use. */
static void write_macro(struct writer *writer, unsigned depth, const char *macro,
                        write_part body) {
    bool records = below(2) == 0;
    char name[16];
    (void)snprintf(name, sizeof name, "%c%u", records ? 'r' : 'x',
                   records ? writer->records : writer->ints);
    write(writer, depth, records ? "rs" : "L");
    (void)heng_buffer_add_format(&writer->out, ".%s(%s, ", macro, name);
    writer->records += records ? 1 : 0;
    writer->ints += records ? 0 : 1;
    body(writer, depth == 0 ? 0 : depth - 1);
    writer->records -= records ? 1 : 0;
    writer->ints -= records ? 0 : 1;
    (void)heng_buffer_add_char(&writer->out, ')');
}

static void write_bool(struct writer *writer, unsigned depth) {
    static const char *const leaves[] = {"true", "false", "b", "i > 0", "s == 'a'"};
    static const char *const patterns[] = {
        "(B && B)",
        "(B || B)",
        "!(B)",
        "(I < I)",
        "(I == I)",
        "(I >= I)",
        "(S == S)",
        "(S != 'ab')",
        "(S < S)",
        "(T < T)",
        "(T == T)",
        "(T >= T)",
        "(T != T)",
        "(M > M)",
        "(M == I)",
        "(M <= I)",
        "(I in L)",
        "(S in ['a', 'b'])",
        "S.contains(S)",
        "S.startsWith(S)",
        "(B ? B : B)",
        "(B && B && B)",
        "(B || B || B)",
        "(L == L)",
        "(S in m)",
        "has(m.a)",
        "(T <= T)",
        "(T > T)",
        "S.matches('^a')",
        "(dyn(I) == M)",
        "(I == 3)",
        "(T == e)",
        "(d + period('P1@M') > T)",
        "(d - period('P1Y') <= T)",
        "(T < d - period('P3@M1D'))",
        "(d >= T)",
        "(e + period('P3Y') >= d)",
        "(d == T)",
        "cel.bind(v, B, v || B)",
        "(d.year() == 2024)",
        "m.?b.hasValue()",
    };
    if (depth > 0 && below(5) == 0) {
        static const char *const macros[] = {"all", "exists", "exists_one"};
        write_macro(writer, depth, macros[below(3)], write_bool);
    } else if (depth > 0 && writer->records > 0 && below(3) == 0) {
        static const char *const fields[] = {"flag", "day < d", "name == 'a'",
                                             "amount > 1", "day + period('P1Y') >= d"};
        (void)heng_buffer_add_format(&writer->out, "(r%u.%s)", below(writer->records),
                                     fields[below(5)]);
    } else {
        PICK(writer, depth, leaves, patterns);
    }
}

/* What conditions of rules are made of: almost all of it can be a chain. */
static void write_condition(struct writer *writer, unsigned depth) {
    static const char *const joins[] = {" && ", " || ", " ? b : ", " && !"};
    static const char *const tests[] = {
        "b",
        "s == 'a'",
        "s != 'ab'",
        "s.startsWith('a')",
        "s in ['ab', 'a', 'b']",
        "i > 1",
        "2 >= j",
        "i != j",
        "e - d <= 30",
        "date('2024-03-15') > e",
        "d >= date('2024-03-15')",
        "e + period('P1Y1D') > d",
        "d - period('P1M') <= e - period('P6M')",
        "period('P1M') + e != d",
        "d == e",
        "size(l) > 2",
        "rs.size() <= 2",
        "size(l.filter(x, x > 1)) < 2",
        "l.exists(x, x == 2 || x == i)",
        "l.all(x, x < 2)",
        "l.exists_one(x, x == 1)",
        "m.a == 1",
        "s.contains('b')",
        "'a' in m",
        "2 in l",
        "s < 'ab'",
        "!('b' >= s)",
        "s.contains(dyn(i > 0 ? 'a' : 'b'))",
        "s.endsWith(dyn(1))",
        "'ab'.startsWith(dyn('a'))",
        "dyn(2) in l",
    };
    static const char *const of_items[] = {
        "r.flag",
        "has(r.flag) && r.flag",
        "r.name == 'a'",
        "r.name.startsWith('a')",
        "r.name in ['', 'abc']",
        "r.amount > 1",
        "has(r.amount) && r.amount <= decimal('0.5')",
        "!(r.amount == 0)",
        "r.day < d",
        "r.day + period('P3Y') > d",
        "d - r.day <= 365",
        "r.day >= e",
        "s != 'a'",
        "r.name.endsWith('c')",
        "r.name < 'b'",
    };
    static const char *const loops[] = {"rs.exists(r, ", "rs.all(r, ",
                                        "rs.exists_one(r, ", "2 > size(rs.filter(r, "};
    unsigned count = 1 + below(1 + depth);
    for (unsigned i = 0; i < count; i++) {
        if (i > 0) {
            (void)heng_buffer_add_text(&writer->out, joins[below(COUNT(joins))]);
        }
        if (below(2) == 0) {
            (void)heng_buffer_add_format(&writer->out, "(%s)",
                                         tests[below(COUNT(tests))]);
            continue;
        }
        unsigned loop = below(COUNT(loops));
        (void)heng_buffer_add_format(
            &writer->out, "(%s%s%s%s)%s)", loops[loop],
            of_items[below(COUNT(of_items))], below(2) == 0 ? " && " : " || ",
            of_items[below(COUNT(of_items))], loop == 3 ? ")" : "");
    }
}

static void write_int(struct writer *writer, unsigned depth) {
    static const char *const leaves[] = {"0", "1", "i", "j", "2", "-3", "7"};
    static const char *const patterns[] = {
        "(I + I)",
        "(I - I)",
        "(I * I)",
        "(I / I)",
        "(I % I)",
        "-(I)",
        "size(S)",
        "size(L)",
        "(B ? I : I)",
        "L[I]",
        "m[S]",
        "m.a",
        "(T - T)",
        "T.month()",
        "int(M)",
        "S.size()",
        "m.?c.orValue(I)",
        "L[?I].orValue(I)",
        "math.greatest(I, I)",
        "S.indexOf(S)",
        "cel.bind(v, I, v + v)",
        "[I, I, I][I]",
        "{'a': I}['a']",
        "int(string(I))",
        "math.abs(I)",
    };
    if (writer->ints > 0 && below(3) == 0) {
        (void)heng_buffer_add_format(&writer->out, "x%u", below(writer->ints));
    } else if (depth > 0 && below(6) == 0) {
        (void)heng_buffer_add_text(&writer->out, "size(");
        write_macro(writer, depth, "filter", write_bool);
        (void)heng_buffer_add_text(&writer->out, ")");
    } else {
        PICK(writer, depth, leaves, patterns);
    }
}

static void write_string(struct writer *writer, unsigned depth) {
    static const char *const leaves[] = {"''", "'a'", "s", "'中文'", "'abc'"};
    static const char *const patterns[] = {
        "(S + S)",         "(B ? S : S)",
        "string(I)",       "string(M)",
        "string(T)",       "S.charAt(I)",
        "S.replace(S, S)", "S.substring(I)",
        "S.lowerAscii()",  "['a', S].join(S)",
        "S.split(',')[I]", "S.reverse()",
        "S.trim()",        "'%s %d'.format([S, I])",
    };
    if (writer->records > 0 && below(4) == 0) {
        (void)heng_buffer_add_format(&writer->out, "r%u.name", below(writer->records));
    } else {
        PICK(writer, depth, leaves, patterns);
    }
}

static void write_list(struct writer *writer, unsigned depth) {
    static const char *const leaves[] = {"l", "[1, 2]", "[0]", "l"};
    static const char *const patterns[] = {
        "[I, I]",
        "(L + L)",
        "(B ? L : L)",
        "[I]",
        "[?L[?I], I]",
        "{'a': [I]}['a']",
        "m.map(k, m[k])",
        "m.transform@List(k, v, v + I)",
        "L.map(y, y > I, y * 2)",
    };
    if (depth > 0 && below(4) == 0) {
        (void)heng_buffer_add_text(&writer->out, "l");
        (void)heng_buffer_add_format(&writer->out, ".filter(x%u, ", writer->ints);
        writer->ints++;
        write_bool(writer, depth - 1);
        writer->ints--;
        (void)heng_buffer_add_text(&writer->out, ")");
    } else if (depth > 0 && below(5) == 0) {
        write_macro(writer, depth, "map", write_int);
    } else {
        PICK(writer, depth, leaves, patterns);
    }
}

static void write_date(struct writer *writer, unsigned depth) {
    static const char *const leaves[] = {"d", "e", "date('2024-02-29')", "e",
                                         "date('1900-01-01')"};
    static const char *const patterns[] = {
        "(T + period('P1@M'))", "(T - period('P1Y1D'))", "(B ? T : T)",
        "(T + period('P3Y'))",  "date(string(T))",       "(period('P1D') + T)",
    };
    if (writer->records > 0 && below(3) == 0) {
        (void)heng_buffer_add_format(&writer->out, "r%u.day", below(writer->records));
    } else {
        PICK(writer, depth, leaves, patterns);
    }
}

static void write_decimal(struct writer *writer, unsigned depth) {
    static const char *const leaves[] = {"decimal('1.5')", "decimal('-0.25')",
                                         "decimal('100')"};
    static const char *const patterns[] = {
        "(M + M)", "(M * I)", "(I - M)", "(M / M)", "-(M)", "decimal(I)", "(B ? M : M)",
    };
    if (writer->records > 0 && below(2) == 0) {
        (void)heng_buffer_add_format(&writer->out, "r%u.amount",
                                     below(writer->records));
    } else {
        PICK(writer, depth, leaves, patterns);
    }
}

/* ---- what must hold ---- */

static uint64_t seed_now;
static heng_str text_now;

#define HOLDS(test, ...)                                                               \
    do {                                                                               \
        if (!(test)) {                                                                 \
            (void)fprintf(stderr, "seed %ju: %.*s\n", (uintmax_t)seed_now,             \
                          HENG_STR_ARG(text_now));                                     \
            fail_msg(__VA_ARGS__);                                                     \
        }                                                                              \
    } while (0)

static void no_trace(void *context, const heng_cel_node *node, heng_cel_value value) {
    (void)node, (void)value;
    ++*(size_t *)context;
}

static size_t nodes_traced;

static void set_day(struct world *world, heng_date day, bool track) {
    world->values[6] = heng_cel_value_date(day);
    world->evaluate.frame = (heng_cel_frame){.arena = world->evaluate.arena,
                                             .clock = track ? day : HENG_DATE_NONE,
                                             .next_change = HENG_DATE_NONE,
                                             .trace = no_trace,
                                             .trace_context = &nodes_traced};
}

/* Runs the last program on a day. */
static heng_cel_value run_on(struct world *world, heng_date day, bool track) {
    set_day(world, day, track);
    return heng_cel_run(world->evaluate.program, &world->evaluate.frame, world->values);
}

/* A value as text; all errors alike, for which of two is met first may differ. */
static const char *text_of(struct world *world, heng_cel_value value) {
    const char *text = heng_cel_value_is_error(value)
                           ? "error"
                           : heng_cel_value_print(value, world->evaluate.arena);
    assert_non_null(text);
    return text;
}

static const char *plain_text(struct world *world) {
    const heng_cel_ast *ast = heng_cel_program_ast(world->evaluate.program);
    struct plain plain = {
        .arena = world->evaluate.arena,
        .variables = world->values,
        .locals = heng_arena_calloc(world->evaluate.arena, ast->local_count + 1u,
                                    sizeof(heng_cel_value)),
    };
    assert_non_null(plain.locals);
    return text_of(world, plain_evaluate(&plain, ast->root));
}

static void check_days(struct world *world, heng_date day) {
    const char *now = text_of(world, run_on(world, day, true));
    heng_date next = world->evaluate.frame.next_change;
    heng_date last = next > HENG_DATE_MAX ? HENG_DATE_MAX : next - 1;
    HOLDS(next > day, "next change %d is not after day %d", (int)next, (int)day);
    for (unsigned i = 0; i < 12; i++) {
        heng_date other = last;
        if (i > 0 && last > day) {
            int64_t span = last - day;
            other =
                day +
                (heng_date)(i < 4 ? (span < (int64_t)i ? span : (int64_t)i)
                                  : (int64_t)(random_bits() % (uint64_t)(span + 1)));
        }
        const char *then = text_of(world, run_on(world, other, false));
        HOLDS(strcmp(now, then) == 0,
              "on day %d it is %s, on day %d before the next change %d it is %s",
              (int)day, now, (int)other, (int)next, then);
    }
}

/* What is refused because it always fails does fail. */
static void check_refused(struct world *world) {
    const char *why = world->evaluate.message;
    HOLDS(strstr(why, "always fails") != NULL || strstr(why, "is no day") != NULL,
          "refused: %s", why);
    world->evaluate.options.no_fold = true;
    if (evaluate_compile(&world->evaluate, text_now)) {
        const char *plain = plain_text(world);
        HOLDS(strcmp(plain, "error") == 0, "refused (%s), but plainly %s", why, plain);
    }
}

static size_t chains_met, chains_answered;

/* The chain gives up or does what the code does: value, steps, and the next change. */
static void check_chain(struct world *world, heng_date day) {
    heng_cel_program *program = world->evaluate.program;
    const struct heng_chain_link *chain = program->chain;
    if (chain == NULL)
        return;
    const char *with = text_of(world, run_on(world, day, true));
    uint64_t cost = world->evaluate.frame.cost;
    heng_date next = world->evaluate.frame.next_change;
    program->chain = NULL;
    const char *without = text_of(world, run_on(world, day, true));
    program->chain = chain;
    HOLDS(strcmp(with, without) == 0, "by its chain %s, by its code %s", with, without);
    HOLDS(cost == world->evaluate.frame.cost, "%ju steps by its chain, %ju by its code",
          (uintmax_t)cost, (uintmax_t)world->evaluate.frame.cost);
    HOLDS(next == world->evaluate.frame.next_change,
          "next change %d by its chain, %d by its code", (int)next,
          (int)world->evaluate.frame.next_change);
    /* Where there is no code but for this, only the chain can have said it. */
    const heng_cel_instruction *code = program->code;
    const heng_cel_instruction alarm[] = {
        {.op = HENG_CEL_OP_CONST, .kind = HENG_CEL_NULL}, {.op = HENG_CEL_OP_RETURN}};
    program->code = alarm;
    const char *alone = text_of(world, run_on(world, day, true));
    program->code = code;
    bool answered = strcmp(alone, "null") != 0;
    HOLDS(!answered || strcmp(with, alone) == 0, "by its chain %s, all together %s",
          alone, with);
    chains_met++;
    chains_answered += answered;
}

static void check_expression(struct world *world) {
    heng_date day = (heng_date)world->values[6].as.integer;
    if (!evaluate_compile(&world->evaluate, text_now)) {
        check_refused(world);
        return;
    }
    const char *folded = text_of(world, run_on(world, day, true));
    uint64_t bound = heng_cel_program_cost_max(world->evaluate.program);
    HOLDS(world->evaluate.frame.cost <= bound, "cost %ju is over the bound %ju",
          (uintmax_t)world->evaluate.frame.cost, (uintmax_t)bound);
    check_days(world, day);
    check_chain(world, day);

    world->evaluate.options.no_fold = true;
    HOLDS(evaluate_compile(&world->evaluate, text_now), "refused without folding: %s",
          world->evaluate.message);
    const char *unfolded = text_of(world, run_on(world, day, false));
    bound = heng_cel_program_cost_max(world->evaluate.program);
    HOLDS(world->evaluate.frame.cost <= bound,
          "cost %ju is over the bound %ju without folding",
          (uintmax_t)world->evaluate.frame.cost, (uintmax_t)bound);
    const char *plain = plain_text(world);
    HOLDS(strcmp(plain, unfolded) == 0, "plainly %s, by the machine %s", plain,
          unfolded);
    HOLDS(strcmp(plain, folded) == 0, "plainly %s, folded %s", plain, folded);

    const char *printed = heng_cel_unparse(
        heng_cel_program_ast(world->evaluate.program)->root, world->evaluate.arena);
    assert_non_null(printed);
    HOLDS(evaluate_compile(&world->evaluate, heng_str_of(printed)),
          "printed as %s it is refused: %s", printed, world->evaluate.message);
    const char *again = heng_cel_unparse(
        heng_cel_program_ast(world->evaluate.program)->root, world->evaluate.arena);
    HOLDS(again != NULL && strcmp(printed, again) == 0, "printed as %s, then as %s",
          printed, again);
    const char *reparsed = text_of(world, run_on(world, day, false));
    HOLDS(strcmp(plain, reparsed) == 0, "plainly %s, printed as %s it gives %s", plain,
          printed, reparsed);

    world->evaluate.options.trace = true;
    HOLDS(evaluate_compile(&world->evaluate, text_now), "refused with a trace: %s",
          world->evaluate.message);
    const char *traced = text_of(world, run_on(world, day, false));
    HOLDS(strcmp(plain, traced) == 0, "plainly %s, traced %s", plain, traced);
}

static void random_expressions(void **context) {
    const char *runs_text = getenv("HENG_PROPERTY_RUNS");
    const char *seed_text = getenv("HENG_PROPERTY_SEED");
    uint64_t runs = runs_text == NULL ? 20000 : strtoull(runs_text, NULL, 10);
    uint64_t first = seed_text == NULL ? 1 : strtoull(seed_text, NULL, 10);
    (void)context;
    for (uint64_t i = 0; i < runs; i++) {
        struct world world;
        struct writer writer = {.ints = 0};
        static const write_part parts[] = {write_bool,      write_bool, write_bool,
                                           write_condition, write_int,  write_string,
                                           write_list,      write_date, write_decimal};
        seed_now = first + i;
        state = seed_now;
        make_world(&world);
        heng_buffer_init(&writer.out, (size_t)1 << 20);
        parts[below(COUNT(parts))](&writer, 1 + below(4));
        text_now = heng_buffer_view(&writer.out);
        check_expression(&world);
        heng_buffer_done(&writer.out);
        evaluate_done(&world.evaluate);
    }
    assert_true(runs < 1000 || chains_answered > runs / 20); /* they are looked at */
    assert_true(chains_met > chains_answered || runs < 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_expressions)};
    return cmocka_run_group_tests_name("cel/property", tests, NULL, NULL);
}
