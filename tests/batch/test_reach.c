/* SPDX-License-Identifier: Apache-2.0 */
/* test_reach.c: whom the records of one subject reach. */
#include "town.h"

#include "support/torture.h"

#include "batch/reach.h"
#include "store/scan.h"

#define SUBJECT(id, more)                                                              \
    "{\"type\":\"subject\",\"id\":\"" id                                               \
    "\",\"kind\":\"legal_person\",\"name\":\"n\",\"region\":\"43\"" more "}\n"
#define RELATED(relations) ",\"relations\":[" relations "]"
#define TIE(role, id, more) "{\"role\":\"" role "\",\"id\":\"" id "\"" more "}"
#define RECORD(id, category, more)                                                     \
    "{\"type\":\"record\",\"id\":\"" id                                                \
    "\",\"subject\":\"E-X\",\"category\":\"" category                                  \
    "\",\"authority\":\"a\",\"document_no\":\"d\",\"decided_on\":\"2024-03-15\"" more  \
    "}\n"
#define AMOUNT(number) ",\"attributes\":{\"amount\":" number "}"
#define PARTIES(parties) ",\"parties\":[" parties "]"
#define STATUS(word) ",\"status\":\"" word "\",\"status_on\":\"2024-06-01\""

/* E-X has the records. Rules: through head and owns, a fine above 50; named as
 * responsible, a list. */
struct row {
    const char *name;
    const char *lines;
    const char *tied, *named; /* ids with a space behind each */
};

static struct row rows[] = {
    {"nobody without ties", SUBJECT("E-X", "") RECORD("R", "fine", AMOUNT("60")), "",
     ""},
    {"one whose head it is, by its own line",
     SUBJECT("E-X", RELATED(TIE("heads", "E-A", ""))) RECORD("R", "fine", AMOUNT("60")),
     "E-A ", ""},
    {"one whose head it is, by the other's line",
     SUBJECT("E-X", "") SUBJECT("E-A", RELATED(TIE("head", "E-X", "")))
         RECORD("R", "fine", AMOUNT("60")),
     "E-A ", ""},
    {"not its own head",
     SUBJECT("E-X", RELATED(TIE("head", "E-A", ""))) RECORD("R", "fine", AMOUNT("60")),
     "", ""},
    {"one that owns it",
     SUBJECT("E-X", RELATED(TIE("owner", "E-A", ""))) RECORD("R", "fine", AMOUNT("60")),
     "E-A ", ""},
    {"not one that it owns",
     SUBJECT("E-X", RELATED(TIE("owns", "E-A", ""))) RECORD("R", "fine", AMOUNT("60")),
     "", ""},
    {"not in a role without an inverse",
     SUBJECT("E-X", RELATED(TIE("witness", "E-A", "")))
         RECORD("R", "fine", AMOUNT("60")),
     "", ""},
    {"not by a tie that has ended",
     SUBJECT("E-X", RELATED(TIE("heads", "E-A", ",\"to\":\"2024-12-31\"")))
         RECORD("R", "fine", AMOUNT("60")),
     "", ""},
    {"by a tie that ends on the day",
     SUBJECT("E-X", RELATED(TIE("heads", "E-A", ",\"to\":\"2025-01-01\"")))
         RECORD("R", "fine", AMOUNT("60")),
     "E-A ", ""},
    {"by a tie that is to come",
     SUBJECT("E-X", RELATED(TIE("heads", "E-A", ",\"from\":\"2030-01-01\"")))
         RECORD("R", "fine", AMOUNT("60")),
     "E-A ", ""},
    {"all of several",
     SUBJECT("E-X", RELATED(TIE("heads", "E-B", "") "," TIE("heads", "E-A", "")))
         SUBJECT("E-C", RELATED(TIE("head", "E-X", "") "," TIE("head", "E-A", "")))
             RECORD("R", "fine", AMOUNT("60")),
     "E-A E-B E-C ", ""},
    {"not by a record that cannot meet the ground",
     SUBJECT("E-X", RELATED(TIE("heads", "E-A", ""))) RECORD("R", "fine", AMOUNT("50")),
     "", ""},
    {"by one on which the ground fails",
     SUBJECT("E-X", RELATED(TIE("heads", "E-A", ""))) RECORD("R", "fine", ""), "E-A ",
     ""},
    {"by one of several records",
     SUBJECT("E-X", RELATED(TIE("heads", "E-A", ""))) RECORD("R", "fine", AMOUNT("5"))
         RECORD("S", "fine", AMOUNT("70")) RECORD("T", "other", ""),
     "E-A ", ""},
    {"not by another category",
     SUBJECT("E-X", RELATED(TIE("heads", "E-A", ""))) RECORD("R", "other", ""), "", ""},
    {"not by a revoked record",
     SUBJECT("E-X", RELATED(TIE("heads", "E-A", "")))
         RECORD("R", "fine", AMOUNT("60") STATUS("revoked")),
     "", ""},
    {"not by a repaired one",
     SUBJECT("E-X", RELATED(TIE("heads", "E-A", "")))
         RECORD("R", "fine", AMOUNT("60") STATUS("repaired")),
     "", ""},
    {"by a disputed one",
     SUBJECT("E-X", RELATED(TIE("heads", "E-A", "")))
         RECORD("R", "fine", AMOUNT("60") STATUS("disputed")),
     "E-A ", ""},
    {"without a line of its own",
     SUBJECT("E-A", RELATED(TIE("head", "E-X", ""))) RECORD("R", "fine", AMOUNT("60")),
     "E-A ", ""},
    {"one that is named",
     SUBJECT("E-X", "") RECORD("R", "list", PARTIES(TIE("responsible", "E-A", ""))), "",
     "E-A "},
    {"not one that is named in another role",
     SUBJECT("E-X", "") RECORD("R", "list", PARTIES(TIE("witness", "E-A", ""))), "",
     ""},
    {"not itself",
     SUBJECT("E-X", "") RECORD("R", "list", PARTIES(TIE("responsible", "E-X", ""))), "",
     ""},
    {"not by a record that no such rule looks at",
     SUBJECT("E-X", "")
         RECORD("R", "fine", AMOUNT("60") PARTIES(TIE("responsible", "E-A", ""))),
     "", ""},
    {"each record its own",
     SUBJECT("E-X", "") RECORD("R", "list", PARTIES(TIE("witness", "E-A", ""))) RECORD(
         "S", "list",
         PARTIES(TIE("responsible", "E-C", "") "," TIE("responsible", "E-B", ""))),
     "", "E-B E-C "},
    {"tied and named",
     SUBJECT("E-X", RELATED(TIE("heads", "E-A", ""))) RECORD("R", "fine", AMOUNT("60"))
         RECORD("S", "list", PARTIES(TIE("responsible", "E-A", ""))),
     "E-A ", "E-A "},
};

static void print_set(heng_id_set *set, heng_buffer *out) {
    heng_buffer_clear(out);
    heng_id_set_sort(set);
    for (size_t i = 0; i < set->count; i++) {
        (void)heng_buffer_add_str(out, set->ids[i]);
        (void)heng_buffer_add_char(out, ' ');
    }
    assert_int_equal(heng_buffer_add_char(out, '\0'), HENG_OK);
}

static bool looks_at_others(const heng_plan *plan) {
    return plan->index[HENG_GAZE_THROUGH].rule_count > 0 ||
           plan->index[HENG_GAZE_NAMED].rule_count > 0;
}

/* From the one dossier of the town. */
/* Whom a record names is asked by its roles first. A copy that has more parties than
 * bytes is let through as well: whoever reads it says that it is damaged. */
static void a_glance_lets_through_what_names(heng_reacher *reacher,
                                             const heng_snapshot *snapshot,
                                             const uint8_t *record) {
    enum { PARTIES_AT = 36 };
    size_t len = heng_flat_u32(record);
    bool glance = heng_reach_may_name(reacher, record, len);
    for (size_t i = 0; i < heng_flat_party_count(record); i++) {
        heng_flat_party party = heng_flat_party_at(record, i);
        assert_true(glance ||
                    !heng_reach_names(reacher, party.id, snapshot->id, record, len));
    }
    uint8_t head[HENG_FLAT_RECORD_BYTES];
    const uint32_t many = 1000;
    memcpy(head, record, sizeof head);
    memcpy(head + PARTIES_AT, &many, sizeof many);
    assert_true(heng_reach_may_name(reacher, head, sizeof head));
}

static heng_status reach(const town *in, unsigned what, heng_id_set *tied,
                         heng_id_set *named, heng_error *reterr) {
    heng_view *view = NULL;
    heng_scan *scan = NULL;
    heng_plan *plan = NULL;
    const heng_snapshot *snapshot = NULL;
    uint64_t roles[4 * (1 + HENG_SCAN_EXPECTED)] = {0};
    heng_arena *arena = heng_arena_new(1 << 26);
    heng_status status = arena == NULL ? HENG_ERR_NOMEM : HENG_OK;
    if (status == HENG_OK)
        status = heng_view_open(in->store, &view, reterr);
    if (status == HENG_OK)
        status =
            heng_plan_new(in->ruleset, heng_view_names(view), in->day, &plan, reterr);
    if (status == HENG_OK)
        status = fixture_scan(view, what, &scan, reterr);
    while (status == HENG_OK) {
        status = heng_scan_next(scan, &snapshot, reterr);
        if (status != HENG_OK || snapshot == NULL)
            break;
        assert_true(looks_at_others(plan));
        assert_true(heng_reach_role_words(plan) <= COUNT(roles));
        heng_reacher reacher = {.plan = plan,
                                .view = view,
                                .arena = arena,
                                .tied = tied,
                                .named = named,
                                .roles = roles};
        for (size_t i = 0; i < snapshot->record_count; i++)
            a_glance_lets_through_what_names(&reacher, snapshot,
                                             snapshot->records[i].bytes);
        status = heng_reach_from(&reacher, snapshot, reterr);
    }
    heng_scan_close(scan);
    heng_plan_free(plan);
    heng_view_close(view);
    heng_arena_free(arena);
    return status;
}

static void it_reaches(void **state) {
    const struct row *row = *state;
    town in;
    heng_id_set tied, named;
    heng_buffer text;
    heng_buffer_init(&text, 1 << 16);
    town_open(&in, TOWN_RULES, row->lines);
    /* heads alone, as a batch does, and whole records */
    const unsigned ways[] = {HENG_SCAN_HEADS, 0};
    for (size_t i = 0; i < COUNT(ways); i++) {
        heng_error error = {0};
        assert_true(heng_id_set_init(&tied, 0));
        assert_true(heng_id_set_init(&named, 0));
        assert_int_equal(reach(&in, ways[i], &tied, &named, &error), HENG_OK);
        print_set(&tied, &text);
        assert_string_equal(heng_buffer_view(&text).ptr, row->tied);
        print_set(&named, &text);
        assert_string_equal(heng_buffer_view(&text).ptr, row->named);
        heng_id_set_done(&tied);
        heng_id_set_done(&named);
    }
    heng_buffer_done(&text);
    town_close(&in);
}

static void rules_about_own_records_need_none(void **state) {
    (void)state;
    static const struct {
        const char *rules;
        bool needed;
    } cases[] = {{"rules:\n" TOWN_OWN TOWN_ALWAYS, false},
                 {"rules:\n" TOWN_OWN TOWN_TIED, true},
                 {"rules:\n" TOWN_NAMED, true}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        town in;
        heng_error error = {0};
        heng_plan *plan = NULL;
        town_open(&in, cases[i].rules, "");
        heng_view *view = fixture_view(in.store);
        assert_int_equal(
            heng_plan_new(in.ruleset, heng_view_names(view), in.day, &plan, &error),
            HENG_OK);
        assert_int_equal(looks_at_others(plan), cases[i].needed);
        heng_plan_free(plan);
        heng_view_close(view);
        town_close(&in);
    }
}

static heng_status reach_all(void *context) {
    heng_id_set tied = {0}, named = {0};
    heng_error error = {0};
    heng_status status = heng_id_set_init(&tied, 0) && heng_id_set_init(&named, 0)
                             ? HENG_OK
                             : HENG_ERR_NOMEM;
    if (status == HENG_OK)
        status = reach(context, HENG_SCAN_HEADS, &tied, &named, &error);
    if (status == HENG_OK && (tied.failed || named.failed))
        status = HENG_ERR_NOMEM;
    heng_id_set_done(&tied);
    heng_id_set_done(&named);
    return status;
}

static void it_survives_every_failure(void **state) {
    (void)state;
    town in;
    town_open(&in, TOWN_RULES, rows[COUNT(rows) - 1].lines);
    assert_int_equal(reach_all(&in), HENG_OK); /* the store keeps the names it read */
    assert_true(torture(reach_all, &in) > 5);
    town_close(&in);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 2];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(rules_about_own_records_need_none),
        cmocka_unit_test(it_survives_every_failure),
    };
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], it_reaches);
    for (size_t i = 0; i < COUNT(others); i++)
        tests[count++] = others[i];
    return check_run("batch/reach", tests, count, NULL, NULL);
}
