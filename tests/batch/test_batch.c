/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_batch.c: the same lines whatever the threads and the memory, and an end whatever
 * fails. That they are the right lines is shown by comparing with decisions at length.
 */
#include "town.h"

#include <lmdb.h>
#include <stdatomic.h>
#include <unistd.h>

#include "support/torture.h"

#include "heng/batch.h"

enum { SUBJECTS = 3000, ALARM_SECONDS = 200 };
/* So long that the lines of one leaf are more than a thread keeps. */
enum { LONG = 600000 };

static town in;

static int setup(void **state) {
    (void)state;
    heng_buffer lines;
    (void)alarm(ALARM_SECONDS); /* a test that waits for ever is to fail */
    heng_buffer_init(&lines, 1 << 24);
    town_make(&lines, SUBJECTS, 40);
    assert_int_equal(heng_buffer_add_char(&lines, '\0'), HENG_OK);
    town_open(&in, TOWN_RULES, heng_buffer_view(&lines).ptr);
    heng_buffer_done(&lines);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    town_close(&in);
    (void)alarm(0);
    return 0;
}

/* ---- a sink ---- */

/* What is written, and what goes wrong on the way. */
typedef struct sink {
    heng_buffer text;
    heng_buffer due; /* who is to be looked at again, and when */
    char last[65];   /* all up to it was written */
    atomic_int writing, asked, rendered;
    size_t writes;
    uint64_t done, total, looked_at;
    bool is_wrong;
    size_t padding; /* bytes more a line */
    /* 0: never */
    int stop_at;   /* asked so often */
    int render_at; /* this line fails */
    size_t write_at;
} sink;

static void add_measures(const heng_batch_line *line, heng_buffer *out) {
    const heng_decision *decision = line->decision;
    for (size_t i = 0; i < decision->measure_count; i++) {
        const heng_applied *applied = &decision->measures[i];
        (void)heng_buffer_add_format(out, " %u/%d/%d-%d", (unsigned)applied->measure,
                                     (int)applied->state, (int)applied->term.from,
                                     (int)applied->term.until);
        for (size_t k = 0; k < applied->because_count; k++) {
            const heng_finding *finding = applied->because[k];
            (void)heng_buffer_add_format(out, " by %u", (unsigned)finding->rule);
            for (size_t g = 0; g < finding->ground_count; g++) {
                heng_str id =
                    heng_flat_text(finding->grounds[g].record, HENG_FLAT_RECORD_ID);
                (void)heng_buffer_add_format(out, " %.*s", HENG_STR_ARG(id));
            }
        }
    }
    for (size_t i = 0; i < decision->undetermined_count; i++)
        (void)heng_buffer_add_format(out, " ?%u",
                                     (unsigned)decision->undetermined[i].rule);
}

static heng_status render(void *context, const heng_batch_line *line,
                          heng_buffer *out) {
    sink *to = context;
    if (atomic_fetch_add(&to->rendered, 1) + 1 == to->render_at)
        return HENG_ERR_LIMIT;
    (void)heng_buffer_add_format(out, "%.*s through %d",
                                 HENG_STR_ARG(line->snapshot->id),
                                 (int)line->decision->valid_through);
    add_measures(line, out);
    for (size_t i = 0; i < to->padding; i++)
        (void)heng_buffer_add_char(out, '.');
    return heng_buffer_add_char(out, '\n');
}

static heng_status write_lines(void *context, heng_str lines, heng_str last,
                               heng_error *reterr) {
    sink *to = context;
    if (atomic_fetch_add(&to->writing, 1) != 0)
        to->is_wrong = true;
    to->writes++;
    (void)heng_buffer_add_str(&to->text, lines);
    if (last.len > 0) {
        if (heng_str_compare(heng_str_of(to->last), last) >= 0)
            to->is_wrong = true;
        memcpy(to->last, last.ptr, last.len);
        to->last[last.len] = '\0';
    }
    (void)atomic_fetch_sub(&to->writing, 1);
    if (to->writes == to->write_at)
        return heng_error_set(reterr, HENG_ERR_IO, NULL, (heng_pos){0, 0}, "no space");
    return HENG_OK;
}

static heng_status note_due(void *context, heng_date day, heng_str id,
                            heng_error *reterr) {
    sink *to = context;
    (void)reterr;
    return heng_buffer_add_format(&to->due, "%d %.*s\n", (int)day, HENG_STR_ARG(id));
}

static bool is_stopped(void *context) {
    sink *to = context;
    return atomic_fetch_add(&to->asked, 1) + 1 == to->stop_at;
}

static void tell(void *context, uint64_t looked_at, uint64_t done, uint64_t total) {
    sink *to = context;
    if (done <= to->done || done > total || looked_at < to->looked_at)
        to->is_wrong = true;
    to->looked_at = looked_at;
    to->done = done;
    to->total = total;
}

static void init(sink *to) {
    *to = (sink){0};
    heng_buffer_init(&to->text, (size_t)1 << 28);
    heng_buffer_init(&to->due, (size_t)1 << 28);
}

static void done(sink *from) {
    heng_buffer_done(&from->text);
    heng_buffer_done(&from->due);
}

static heng_status run_from(const heng_batch_options *options, const char *after,
                            sink *to, heng_batch_counts *counts, heng_error *reterr) {
    heng_batch *batch = NULL;
    const heng_batch_sink calls = {.context = to,
                                   .render = render,
                                   .write = write_lines,
                                   .due = note_due,
                                   .stop = is_stopped,
                                   .progress = tell};
    heng_status status = heng_batch_open(options, &batch, reterr);
    if (status == HENG_OK)
        status = heng_batch_run(batch, heng_str_of(after), &calls, counts, reterr);
    heng_batch_close(batch);
    return status;
}

static heng_batch_options options_of(size_t threads, unsigned flags) {
    return (heng_batch_options){.store = in.store,
                                .ruleset = in.ruleset,
                                .as_of = in.day,
                                .threads = threads,
                                .flags = flags};
}

static void expect_same(const heng_buffer *got, const heng_buffer *want) {
    size_t at = 0;
    while (at < got->len && at < want->len && got->bytes[at] == want->bytes[at])
        at++;
    if (got->len == want->len && at == got->len)
        return;
    size_t from = at < 200 ? 0 : at - 200;
    fail_msg("they differ at %zu of %zu, %zu\n  want: %.300s\n  got:  %.300s", at,
             got->len, want->len, want->bytes + from, got->bytes + from);
}

/* ---- the same lines ---- */

struct row {
    const char *name;
    size_t threads;
    unsigned flags;
    size_t reach_bytes;
    const char *after;
    size_t padding;
};

static struct row rows[] = {
    {"one thread", 1, 0, 0, "", 0},
    {"two threads", 2, 0, 0, "", 0},
    {"seven threads", 7, 0, 0, "", 0},
    {"no number of threads is one", 0, 0, 0, "", 0},
    {"everybody", 3, HENG_BATCH_ALL, 0, "", 0},
    /* of so little memory, 64 ids for each way to be reached, there are more than 300
     */
    {"little memory for who is reached, in many rounds", 1, 0, 1, "", 0},
    {"the same with several threads", 4, 0, 1, "", 0},
    {"the same with everybody", 2, HENG_BATCH_ALL, 1, "", 0},
    {"from the middle", 3, 0, 0, "E-01500", 0},
    {"from the middle, in rounds", 2, 0, 1, "E-01500", 0},
    {"from before the first", 2, 0, 0, "A", 0},
    {"from the last", 2, 0, 0, "E-02999", 0},
    {"stretches that are written in pieces", 2, 0, 0, "E-02800", LONG},
    {"and by one thread", 1, 0, 0, "E-02800", LONG},
};

static void lines_are_the_same(void **state) {
    const struct row *row = *state;
    heng_error error = {0};
    sink plain, got;
    heng_batch_counts counts = {0}, plain_counts = {0};
    (void)setup(NULL);
    init(&plain);
    init(&got);
    plain.padding = row->padding;
    got.padding = row->padding;
    heng_batch_options options = options_of(1, row->flags | HENG_BATCH_PLAIN);
    assert_int_equal(run_from(&options, row->after, &plain, &plain_counts, &error),
                     HENG_OK);
    options = options_of(row->threads, row->flags);
    options.reach_bytes = row->reach_bytes;
    assert_int_equal(run_from(&options, row->after, &got, &counts, &error), HENG_OK);
    expect_same(&got.text, &plain.text);
    assert_false(got.is_wrong || plain.is_wrong);
    assert_int_equal(got.done, got.total);
    if (row->padding != 0)
        assert_true(got.writes > got.total);
    assert_int_equal(counts.subjects, SUBJECTS);
    assert_int_equal(counts.told, plain_counts.told);
    assert_int_equal(counts.undetermined, plain_counts.undetermined);
    assert_int_equal(counts.looked_at, got.looked_at);
    if (row->flags == 0)
        assert_true(counts.looked_at <= plain_counts.looked_at);
    if (row->after[0] == '\0') {
        assert_true(counts.told > 500 && counts.undetermined > 50);
        assert_true(counts.reached > 300 && counts.reached < SUBJECTS);
        if (row->flags == 0) /* most subjects are not touched */
            assert_true(counts.looked_at < SUBJECTS * 3 / 4);
    }
    done(&plain);
    done(&got);
    (void)teardown(NULL);
}

static void a_rule_without_a_record_looks_at_all(void **state) {
    (void)state;
    heng_error error = {0};
    heng_batch_counts counts = {0};
    sink plain, got;
    heng_ruleset *kept = in.ruleset;
    in.ruleset = town_rules(TOWN_RULES TOWN_ALWAYS);
    init(&plain);
    init(&got);
    heng_batch_options options = options_of(1, HENG_BATCH_PLAIN);
    assert_int_equal(run_from(&options, "", &plain, &counts, &error), HENG_OK);
    options = options_of(3, 0);
    options.reach_bytes = 1;
    assert_int_equal(run_from(&options, "", &got, &counts, &error), HENG_OK);
    expect_same(&got.text, &plain.text);
    assert_int_equal(counts.looked_at, SUBJECTS);
    done(&plain);
    done(&got);
    heng_ruleset_free(in.ruleset);
    in.ruleset = kept;
}

static void one_state_is_read_whatever_is_imported(void **state) {
    (void)state;
    heng_error error = {0};
    heng_batch_counts counts = {0};
    heng_batch *batch = NULL;
    sink first, then, past;
    init(&first);
    init(&then);
    init(&past);
    const heng_batch_sink calls = {
        .context = &then, .render = render, .write = write_lines};
    heng_batch_options options = options_of(2, 0);
    assert_int_equal(run_from(&options, "", &first, &counts, &error), HENG_OK);
    assert_int_equal(heng_batch_open(&options, &batch, &error), HENG_OK);
    town_import(&in, 2000,
                "{\"type\":\"record\",\"id\":\"R-NEW\",\"subject\":\"E-00001\","
                "\"category\":\"fine\",\"authority\":\"a\",\"document_no\":\"d\","
                "\"decided_on\":\"2024-01-01\",\"attributes\":{\"amount\":99}}\n");
    assert_int_equal(heng_batch_run(batch, HENG_STR(""), &calls, &counts, &error),
                     HENG_OK);
    heng_batch_close(batch);
    expect_same(&then.text, &first.text);
    /* and the same again, of what was known then */
    options.has_known_at = true;
    options.known_at = 1999;
    assert_int_equal(run_from(&options, "", &past, &counts, &error), HENG_OK);
    expect_same(&past.text, &first.text);
    options.known_at = 2000;
    heng_buffer_clear(&past.text);
    past.last[0] = '\0';
    past.done = 0;
    past.looked_at = 0;
    assert_int_equal(run_from(&options, "", &past, &counts, &error), HENG_OK);
    assert_true(past.text.len > first.text.len);
    options.known_at = 1;
    assert_int_equal(run_from(&options, "", &past, &counts, &error),
                     HENG_ERR_NOT_FOUND);
    done(&first);
    done(&then);
    done(&past);
}

static heng_status count_doubts(void *context, const heng_batch_line *before,
                                const heng_batch_line *line, heng_buffer *out,
                                heng_buffer *changes, bool *ret_changed) {
    (void)context, (void)out, (void)changes;
    *ret_changed =
        before->decision->undetermined_count != line->decision->undetermined_count;
    return HENG_OK;
}

/* How many are in doubt about another number of rules than by `rules`. */
static uint64_t doubts_against(const char *rules, unsigned flags) {
    heng_error error = {0};
    heng_batch_counts counts = {0};
    heng_batch *batch = NULL;
    heng_ruleset *old = town_rules(rules);
    sink got;
    init(&got);
    heng_batch_options options = options_of(1, flags);
    const heng_batch_sink calls = {
        .context = &got, .compare = count_doubts, .write = write_lines};
    options.against = old;
    assert_int_equal(heng_batch_open(&options, &batch, &error), HENG_OK);
    assert_int_equal(heng_batch_run(batch, (heng_str){0}, &calls, &counts, &error),
                     HENG_OK);
    heng_batch_close(batch);
    done(&got);
    heng_ruleset_free(old);
    return counts.changed;
}

/* One with more records than anybody can have, whose relation says that it heads
 * E-00001: both are told as undetermined, and nobody else's line is another one. */
static void nobody_waits_for_a_broken_feed(void **state) {
    (void)state;
    heng_error error = {0};
    heng_batch_counts counts = {0}, plain_counts = {0};
    heng_buffer lines;
    sink plain, got;
    (void)setup(NULL);
    heng_buffer_init(&lines, 1 << 25);
    (void)heng_buffer_add_text(
        &lines,
        "{\"type\":\"subject\",\"id\":\"E-X\",\"kind\":\"legal_person\",\"name\":"
        "\"n\",\"region\":\"430101\",\"relations\":[{\"role\":\"heads\",\"id\":"
        "\"E-00001\"}]}\n");
    for (size_t i = 0; i <= HENG_LIMIT_RECORDS_PER_SUBJECT; i++)
        (void)heng_buffer_add_format(
            &lines,
            "{\"type\":\"record\",\"id\":\"R-X%zu\",\"subject\":\"E-X\",\"category\":"
            "\"other\",\"authority\":\"a\",\"document_no\":\"d\",\"decided_on\":"
            "\"2023-01-01\"}\n",
            i);
    assert_int_equal(heng_buffer_add_char(&lines, '\0'), HENG_OK);
    town_import(&in, 2000, heng_buffer_view(&lines).ptr);
    heng_buffer_done(&lines);
    init(&plain);
    init(&got);
    heng_batch_options options = options_of(1, HENG_BATCH_PLAIN);
    assert_int_equal(run_from(&options, "", &plain, &plain_counts, &error), HENG_OK);
    options = options_of(2, 0);
    assert_int_equal(run_from(&options, "", &got, &counts, &error), HENG_OK);
    expect_same(&got.text, &plain.text);
    assert_int_equal(counts.undetermined, plain_counts.undetermined);
    assert_int_equal(heng_buffer_add_char(&got.text, '\0'), HENG_OK);
    for (int i = 0; i < 2; i++) {
        char want[64];
        (void)snprintf(want, sizeof want, "%s through %d ?0 ?1 ?2\n",
                       i == 0 ? "E-X" : "E-00001", (int)in.day);
        if (strstr(got.text.bytes, want) == NULL)
            fail_msg("there is no line %s", want);
    }
    /* every rule is in doubt, also one about others, or about what nobody has */
    static const char *const OTHERS[] = {
        "rules:\n" TOWN_OWN TOWN_NAMED, "rules:\n" TOWN_OWN TOWN_TIED,
        TOWN_RULES TOWN_RULE("none", "ground: 'r.category == \"rare\"', measures: "
                                     "[inspect]") "categories:\n  - {id: rare, title: "
                                                  "r, information: public, nature: "
                                                  "neutral, provider: p}\n"};
    for (size_t i = 0; i < COUNT(OTHERS); i++) {
        uint64_t want = doubts_against(OTHERS[i], HENG_BATCH_PLAIN);
        assert_true(want > 0);
        assert_int_equal(doubts_against(OTHERS[i], 0), want);
    }
    done(&plain);
    done(&got);
    (void)teardown(NULL);
}

/* ---- outlines and ties ---- */

/* Everybody's lines by these rules, at length and as usual; what `want` says of them
 * must be among them. */
static void expect_plain(const char *rules, const char *want, size_t threads,
                         size_t reach_bytes, heng_batch_counts *ret_counts) {
    heng_error error = {0};
    heng_batch_counts plain_counts = {0};
    sink plain, got;
    heng_ruleset *kept = in.ruleset;
    in.ruleset = town_rules(rules);
    init(&plain);
    init(&got);
    heng_batch_options options = options_of(1, HENG_BATCH_PLAIN);
    assert_int_equal(run_from(&options, "", &plain, &plain_counts, &error), HENG_OK);
    options = options_of(threads, 0);
    options.reach_bytes = reach_bytes;
    assert_int_equal(run_from(&options, "", &got, ret_counts, &error), HENG_OK);
    expect_same(&got.text, &plain.text);
    assert_int_equal(ret_counts->told, plain_counts.told);
    assert_int_equal(ret_counts->undetermined, plain_counts.undetermined);
    assert_int_equal(heng_buffer_add_char(&got.text, '\0'), HENG_OK);
    if (strstr(got.text.bytes, want) == NULL)
        fail_msg("there is no `%s`", want);
    if (ret_counts->looked_at == ret_counts->subjects) { /* then also nobody untold */
        expect_same(&got.due, &plain.due);
        assert_int_equal(ret_counts->out_of_scope, plain_counts.out_of_scope);
    }
    done(&plain);
    done(&got);
    heng_ruleset_free(in.ruleset);
    in.ruleset = kept;
}

/* Hundreds of ties, by the lines of either side, some twice; E-01501 heads nobody with
 * a record, E-01504 has as many heads of which few have one. */
static void add_ties(heng_buffer *to) {
    enum { TIES = 400 };
    (void)heng_buffer_add_text(
        to, "{\"type\":\"subject\",\"id\":\"E-01501\",\"kind\":\"legal_person\","
            "\"name\":\"n\",\"region\":\"430101\",\"relations\":[");
    for (unsigned i = 0; i < TIES; i++)
        (void)heng_buffer_add_format(to, "%s{\"role\":\"%s\",\"id\":\"E-%05u\"}",
                                     i == 0 ? "" : ",", i % 2 == 0 ? "head" : "owns",
                                     i * 3);
    (void)heng_buffer_add_text(to, "]}\n");
    for (unsigned i = 0; i < TIES; i++)
        (void)heng_buffer_add_format(
            to,
            "{\"type\":\"subject\",\"id\":\"E-%05u\",\"kind\":\"legal_person\","
            "\"name\":\"n\",\"region\":\"430101\",\"relations\":[{\"role\":"
            "\"heads\",\"id\":\"E-%05u\"},{\"role\":\"owner\",\"id\":\"E-01504\"}]}\n",
            i * 6, i % 5 == 0 ? 1501U : 1504U);
}

static void ties_are_found_whatever_the_memory(void **state) {
    (void)state;
    heng_buffer lines;
    heng_buffer_init(&lines, 1 << 24);
    add_ties(&lines);
    assert_int_equal(heng_buffer_add_char(&lines, '\0'), HENG_OK);
    town_import(&in, 2000, heng_buffer_view(&lines).ptr);
    heng_buffer_done(&lines);
    static const size_t BYTES[] = {1, 20000, 60000, 200000, 0};
    for (size_t b = 0; b < COUNT(BYTES); b++) {
        for (size_t threads = 1; threads <= 3; threads++) {
            heng_batch_counts counts = {0};
            expect_plain(TOWN_RULES, "E-01501 through", threads, BYTES[b], &counts);
            assert_true(counts.reached > 500 && counts.looked_at < SUBJECTS);
        }
    }
}

/* Rules whose conditions ask for what outlines do not have, each told of somebody. */
static void particulars_are_read_where_a_rule_asks(void **state) {
    (void)state;
#define TERM "term: {from: r.decided_on, last: P3Y}, measures: [exclude]"
    static const char *const RULES[] = {
        "rules:\n" TOWN_RULE("own", "ground: 'r.category == \"fine\" && r.authority == "
                                    "\"a\"', " TERM),
        "rules:\n" TOWN_RULE("own", "ground: 'r.category == \"list\" && "
                                    "r.document_no.startsWith(\"d\")', " TERM),
        "rules:\n" TOWN_RULE("own", "ground: 'r.category == \"list\" && subject.name "
                                    "== \"n\"', " TERM),
        "rules:\n" TOWN_RULE("own", "ground: 'r.category == \"fine\"', when: "
                                    "'grounds.all(g, g.authority == \"a\")', " TERM),
        "rules:\n" TOWN_RULE(
            "own",
            "ground: 'r.category == \"fine\"', unless: [{if: 'subject.name != "
            "\"n\"', because: b, basis: [{source: law, article: \"2\"}]}], " TERM),
        "rules:\n" TOWN_RULE("own",
                             "ground: 'r.category == \"fine\"', term: {from: "
                             "'r.authority == \"a\" ? r.decided_on : date(\"2000-01-01"
                             "\")', last: P3Y}, measures: [exclude]"),
        "rules:\n" TOWN_RULE("own", "through: [head, owns], ground: 'r.category == "
                                    "\"fine\" && r.authority == \"a\"', " TERM),
        "rules:\n" TOWN_RULE("own", "named_as: [responsible], ground: 'r.category == "
                                    "\"list\" && r.authority == \"a\"', " TERM),
        "rules:\n" TOWN_RULE("own", "when: 'subject.name == \"n\" && subject.region == "
                                    "\"430103\"', measures: [exclude]"),
    };
    for (size_t i = 0; i < COUNT(RULES); i++) {
        heng_batch_counts counts = {0};
        expect_plain(RULES[i], " 0/0/", i % 3 + 1, 0, &counts);
        assert_true(counts.told > 100);
    }
}

/* Of a batch that looks at all, who has no record is passed by unless something may
 * apply to it, or be to come. */
static void who_has_no_record_is_looked_at_all_the_same(void **state) {
    (void)state;
    heng_buffer lines;
    heng_buffer_init(&lines, 1 << 20);
    static const char *const CAPACITIES[] = {"full", "limited", "none"};
    for (unsigned i = 0; i < 60; i++)
        (void)heng_buffer_add_format(
            &lines,
            "{\"type\":\"subject\",\"id\":\"%s%u\",\"kind\":\"natural_person\","
            "\"name\":\"n\",\"region\":\"43010%u\",\"capacity\":\"%s\",\"status\":"
            "\"%s\"}\n",
            i % 2 == 0 ? "P-" : "E-0100", i, i % 5, CAPACITIES[i % 3],
            i % 7 == 0 ? "dissolved" : "active");
    assert_int_equal(heng_buffer_add_char(&lines, '\0'), HENG_OK);
    town_import(&in, 2000, heng_buffer_view(&lines).ptr);
    heng_buffer_done(&lines);
#define MEASURE "measures: [inspect]"
    static const char *const RULES[] = {
        "rules:\n" TOWN_RULE("a", "when: 'subject.region == \"430103\"', " MEASURE),
        "rules:\n" TOWN_RULE("a", "when: 'subject.status == \"dissolved\"', " MEASURE),
        "rules:\n" TOWN_RULE("a",
                             "when: 'subject.kind == \"natural_person\"', " MEASURE),
        "rules:\n" TOWN_RULE("a", "when: 'subject.industry == \"E47\"', " MEASURE),
        "rules:\n" TOWN_RULE("a", "when: 'as_of > date(\"2024-12-31\") && "
                                  "subject.status == \"dissolved\"', " MEASURE),
        TOWN_RULES
        "  - {id: a, title: t, applies_to: [legal_person], effective: {from: "
        "2026-01-01}, when: 'true', " MEASURE
        ", basis: [{source: law, article: \"1\"}]}\n" TOWN_RULE(
            "b", "when: 'subject.status == \"dissolved\"', " MEASURE),
    };
    for (size_t i = 0; i < COUNT(RULES); i++) {
        heng_batch_counts counts = {0};
        bool none = i == 3; /* of no industry: undetermined */
        expect_plain(RULES[i], none ? " ?0" : " 1/0/", i % 3 + 1, 0, &counts);
        assert_int_equal(counts.looked_at, counts.subjects);
        assert_int_equal(counts.out_of_scope, 40); /* not of full capacity */
    }
}

/* Behind two ties lies the same record, and one of them is of a role that no rule looks
 * in: that it ends changes nothing, and a batch does not meet it. */
static void a_tie_in_another_role_ends_nothing(void **state) {
    (void)state;
    heng_batch_counts counts = {0};
    town_import(
        &in, 2000,
        "{\"type\":\"subject\",\"id\":\"E-90001\",\"kind\":\"legal_person\",\"name\":"
        "\"n\",\"region\":\"430102\",\"relations\":[{\"role\":\"head\",\"id\":"
        "\"P-90001\"}]}\n"
        "{\"type\":\"subject\",\"id\":\"P-90001\",\"kind\":\"natural_person\","
        "\"name\":\"n\",\"region\":\"430102\",\"relations\":[{\"role\":\"witness\","
        "\"id\":\"E-90001\",\"to\":\"2025-01-31\"}]}\n"
        "{\"type\":\"record\",\"id\":\"R-90001\",\"subject\":\"P-90001\",\"category\":"
        "\"fine\",\"authority\":\"a\",\"document_no\":\"d\",\"decided_on\":"
        "\"2024-12-01\",\"attributes\":{\"amount\":100}}\n");
    expect_plain(TOWN_RULES, "E-90001 through ", 2, 0, &counts);
}

/* Changes bits of a byte of a row behind the store's back; of how many bytes. */
static size_t damage(const char *name, const char *id, size_t at, uint8_t bits) {
    MDB_env *env = NULL;
    MDB_txn *txn = NULL;
    MDB_dbi table;
    MDB_val key = {strlen(id), (void *)(uintptr_t)id}, value;
    heng_store_close(in.store);
    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 32), 0);
    assert_int_equal(mdb_env_open(env, in.folder, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, name, 0, &table), 0);
    assert_int_equal(mdb_get(txn, table, &key, &value), 0);
    uint8_t *bytes = malloc(value.mv_size);
    assert_non_null(bytes);
    memcpy(bytes, value.mv_data, value.mv_size);
    bytes[at] ^= bits;
    value.mv_data = bytes;
    assert_int_equal(mdb_put(txn, table, &key, &value, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
    free(bytes);
    in.store = fixture_open(in.folder, HENG_STORE_READ);
    return value.mv_size;
}

/* Neither passed by nor decided on. */
static void a_damaged_gist_is_not_decided_on(void **state) {
    (void)state;
    heng_ruleset *kept = in.ruleset;
    heng_error error = {0};
    heng_batch_counts counts = {0};
    sink got;
    in.ruleset = town_rules("rules:\n" TOWN_ALWAYS);
    init(&got);
    (void)damage("gist", "E-00008", 0, 0x7e); /* its kind */
    heng_batch_options options = options_of(2, 0);
    assert_int_equal(run_from(&options, "", &got, &counts, &error), HENG_ERR_STORE);
    assert_non_null(strstr(error.text, "gist"));
    done(&got);
    heng_ruleset_free(in.ruleset);
    in.ruleset = kept;
}

static const char EMPLOYER_AND_HEAD[] =
    "{\"type\":\"subject\",\"id\":\"E-1\",\"kind\":\"legal_person\",\"name\":\"n\","
    "\"region\":\"430102\"}\n"
    "{\"type\":\"subject\",\"id\":\"P-1\",\"kind\":\"natural_person\",\"name\":\"n\","
    "\"region\":\"430102\",\"relations\":[{\"role\":\"heads\",\"id\":\"E-1\"}]}\n"
    "{\"type\":\"record\",\"id\":\"R-1\",\"subject\":\"P-1\",\"category\":\"fine\","
    "\"authority\":\"a\",\"document_no\":\"d\",\"decided_on\":\"2024-12-01\","
    "\"attributes\":{\"amount\":100}}\n"
    "{\"type\":\"subject\",\"id\":\"P-2\",\"kind\":\"natural_person\",\"name\":\"n\","
    "\"region\":\"430102\"}\n"
    "{\"type\":\"record\",\"id\":\"R-2\",\"subject\":\"P-2\",\"category\":\"other\","
    "\"authority\":\"a\",\"document_no\":\"d\",\"decided_on\":\"2024-12-01\"}\n";

/* No rule looks at the head's own record, so the pass that decides does not read it;
 * nor that of somebody at whose record nobody looks. A bit of any byte of their rows is
 * an error, or makes no difference. */
static void no_damage_of_who_is_passed_by_is_kept_quiet(void **state) {
    (void)state;
    static const char *const IDS[] = {"P-1", "P-2"};
    (void)alarm(ALARM_SECONDS);
    town_open(&in, "rules:\n" TOWN_TIED, EMPLOYER_AND_HEAD);
    heng_batch_options options = options_of(1, 0);
    heng_error error = {0};
    heng_batch_counts counts = {0};
    sink whole;
    init(&whole);
    assert_int_equal(run_from(&options, "", &whole, &counts, &error), HENG_OK);
    assert_int_equal(counts.told, 1);
    assert_int_equal(counts.looked_at, 1); /* the employer */
    for (size_t who = 0; who < COUNT(IDS); who++) {
        size_t len = damage("outline", IDS[who], 0, 0), failed = 0;
        for (size_t at = 0; at < len; at++) {
            sink got;
            init(&got);
            (void)damage("outline", IDS[who], at, (uint8_t)(1U << at % 8));
            options = options_of(1, 0);
            heng_status status = run_from(&options, "", &got, &counts, &error);
            failed += status != HENG_OK;
            if (status != HENG_OK)
                assert_int_equal(status, HENG_ERR_STORE);
            else
                assert_true(heng_str_equal(heng_buffer_view(&got.text),
                                           heng_buffer_view(&whole.text)));
            done(&got);
            (void)damage("outline", IDS[who], at, (uint8_t)(1U << at % 8));
        }
        assert_true(who == 0 ? failed == len : failed > 16 && failed < len);
    }
    done(&whole);
}

/* ---- ends ---- */

/* What a run that fails has written, and what one more from there adds, are all lines:
 * whoever resumes loses nothing. */
static void check_resumed(sink *part, const heng_batch_options *options,
                          const sink *whole) {
    heng_error error = {0};
    heng_batch_counts counts = {0};
    sink rest;
    init(&rest);
    assert_false(part->is_wrong);
    assert_int_equal(run_from(options, part->last, &rest, &counts, &error), HENG_OK);
    /* what was written of a stretch that is not whole comes once more */
    assert_true(part->text.len + rest.text.len >= whole->text.len);
    assert_true(rest.text.len <= whole->text.len);
    assert_memory_equal(whole->text.bytes, part->text.bytes,
                        part->text.len < whole->text.len ? part->text.len
                                                         : whole->text.len);
    assert_memory_equal(whole->text.bytes + whole->text.len - rest.text.len,
                        rest.text.bytes, rest.text.len);
    done(&rest);
}

static void whatever_fails_it_ends(void **state) {
    (void)state;
    static const struct {
        int stop_at, render_at;
        size_t write_at;
        size_t padding;
        heng_status want;
    } cases[] = {
        {1, 0, 0, 0, HENG_ERR_STOPPED},  {7, 0, 0, 0, HENG_ERR_STOPPED},
        {40, 0, 0, 0, HENG_ERR_STOPPED}, {0, 1, 0, 0, HENG_ERR_LIMIT},
        {0, 333, 0, 0, HENG_ERR_LIMIT},  {0, 33, 0, LONG, HENG_ERR_LIMIT},
        {0, 0, 1, 0, HENG_ERR_IO},       {0, 0, 20, 0, HENG_ERR_IO},
        {0, 0, 9, LONG, HENG_ERR_IO},
    };
    for (size_t padded = 0; padded < 2; padded++) {
        sink whole;
        heng_error error = {0};
        heng_batch_counts counts = {0};
        init(&whole);
        whole.padding = padded == 0 ? 0 : LONG;
        const char *after = padded == 0 ? "" : "E-02800";
        heng_batch_options options = options_of(1, 0);
        assert_int_equal(run_from(&options, after, &whole, &counts, &error), HENG_OK);
        for (size_t i = 0; i < COUNT(cases); i++) {
            for (size_t threads = 1; threads <= 4 && cases[i].padding == whole.padding;
                 threads += 3) {
                sink got;
                init(&got);
                got.stop_at = cases[i].stop_at;
                got.render_at = cases[i].render_at;
                got.write_at = cases[i].write_at;
                got.padding = cases[i].padding;
                options = options_of(threads, 0);
                assert_int_equal(run_from(&options, after, &got, &counts, &error),
                                 cases[i].want);
                assert_true(error.text[0] != '\0');
                if (whole.padding == 0)
                    check_resumed(&got, &options, &whole);
                else
                    assert_memory_equal(whole.text.bytes, got.text.bytes, got.text.len);
                done(&got);
            }
        }
        done(&whole);
    }
}

/* A batch can be run again after it failed. */
static void it_can_be_run_again(void **state) {
    (void)state;
    heng_error error = {0};
    heng_batch_counts counts = {0};
    heng_batch *batch = NULL;
    sink whole, got;
    init(&whole);
    init(&got);
    const heng_batch_sink calls = {
        .context = &got, .render = render, .write = write_lines, .stop = is_stopped};
    heng_batch_options options = options_of(3, 0);
    options.reach_bytes = 1;
    assert_int_equal(run_from(&options, "", &whole, &counts, &error), HENG_OK);
    assert_int_equal(heng_batch_open(&options, &batch, &error), HENG_OK);
    for (int round = 0; round < 6; round++) {
        heng_buffer_clear(&got.text);
        got.last[0] = '\0';
        got.asked = 0;
        got.rendered = 0;
        got.stop_at = round == 0 ? 30 : 0;
        got.render_at = round == 2 ? 200 : 0;
        heng_status status =
            heng_batch_run(batch, HENG_STR(""), &calls, &counts, &error);
        assert_int_equal(status, round == 0   ? HENG_ERR_STOPPED
                                 : round == 2 ? HENG_ERR_LIMIT
                                              : HENG_OK);
        if (status == HENG_OK)
            expect_same(&got.text, &whole.text);
    }
    assert_false(got.is_wrong);
    heng_batch_close(batch);
    done(&whole);
    done(&got);
}

static void what_cannot_be_is_refused(void **state) {
    (void)state;
    heng_error error = {0};
    heng_batch_counts counts = {0};
    char long_id[66];
    sink got;
    init(&got);
    memset(long_id, 'E', sizeof long_id - 1);
    long_id[sizeof long_id - 1] = '\0';
    heng_batch_options options = options_of(1, 0);
    assert_int_equal(run_from(&options, long_id, &got, &counts, &error),
                     HENG_ERR_INVALID);
    options = options_of(HENG_BATCH_THREADS + 1, 0);
    assert_int_equal(run_from(&options, "", &got, &counts, &error), HENG_ERR_LIMIT);
    options = options_of(1, 0);
    options.as_of = HENG_DATE_MAX + 1;
    assert_int_equal(run_from(&options, "", &got, &counts, &error), HENG_ERR_INVALID);
    done(&got);
    heng_batch_close(NULL);
}

/* ---- an empty store, memory ---- */

static void an_empty_store_has_no_lines(void **state) {
    (void)state;
    heng_error error = {0};
    heng_batch_counts counts = {0};
    sink got;
    init(&got);
    town_open(&in, TOWN_RULES, "");
    for (unsigned flags = 0; flags < 4; flags++) {
        heng_batch_options options = options_of(3, flags);
        got.done = 0;
        assert_int_equal(run_from(&options, "", &got, &counts, &error), HENG_OK);
        assert_int_equal(got.text.len, 0);
        assert_int_equal(counts.looked_at, 0);
    }
    done(&got);
    town_close(&in);
}

static heng_status run_small(void *context) {
    heng_error error = {0};
    heng_batch_counts counts = {0};
    sink got;
    init(&got);
    heng_status status = run_from(context, "", &got, &counts, &error);
    if (status == HENG_OK)
        status = heng_buffer_status(&got.text);
    done(&got);
    return status;
}

static void it_survives_every_failure(void **state) {
    (void)state;
    heng_buffer lines;
    heng_buffer_init(&lines, 1 << 24);
    town_make(&lines, 40, 60);
    assert_int_equal(heng_buffer_add_char(&lines, '\0'), HENG_OK);
    town_open(&in, TOWN_RULES, heng_buffer_view(&lines).ptr);
    heng_batch_options options = options_of(1, 0);
    options.reach_bytes = 1;
    assert_int_equal(run_small(&options), HENG_OK); /* the store keeps its names */
    assert_true(torture(run_small, &options) > 10);
    heng_buffer_done(&lines);
    town_close(&in);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 14];
    const struct CMUnitTest others[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(a_rule_without_a_record_looks_at_all),
        CASE(one_state_is_read_whatever_is_imported),
        CASE(ties_are_found_whatever_the_memory),
        CASE(particulars_are_read_where_a_rule_asks),
        CASE(who_has_no_record_is_looked_at_all_the_same),
        CASE(a_tie_in_another_role_ends_nothing),
        CASE(a_damaged_gist_is_not_decided_on),
        cmocka_unit_test_teardown(no_damage_of_who_is_passed_by_is_kept_quiet,
                                  teardown),
        CASE(whatever_fails_it_ends),
        CASE(it_can_be_run_again),
        CASE(what_cannot_be_is_refused),
        cmocka_unit_test(nobody_waits_for_a_broken_feed),
        cmocka_unit_test(an_empty_store_has_no_lines),
        cmocka_unit_test(it_survives_every_failure),
    };
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], lines_are_the_same);
    for (size_t i = 0; i < COUNT(others); i++)
        tests[count++] = others[i];
    return check_run("batch/batch", tests, count, NULL, NULL);
}
