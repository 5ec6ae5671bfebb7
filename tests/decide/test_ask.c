/* SPDX-License-Identifier: Apache-2.0 */
/* test_ask.c: expressions that stand in no rule see what conditions see. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "decide/ask.h"
#include "support/check.h"
#include "support/torture.h"
#include "world.h"

static const char RULES[] =
    "rules:\n"
    "  - {id: a, title: t, applies_to: [legal_person], effective: {from: 2010-01-01},\n"
    "     through: [head], ground: 'r.category == \"list\"', measures: [inspect],\n"
    "     basis: [{source: law, article: \"1\"}]}\n"
    "  - {id: b, title: t, applies_to: [legal_person], effective: {from: 2010-01-01},\n"
    "     named_as: [responsible], ground: 'true', measures: [reduce],\n"
    "     basis: [{source: law, article: \"1\"}]}\n";

#define RECORD(id, whose, rest)                                                        \
    "{\"type\":\"record\",\"id\":\"" id "\",\"subject\":\"" whose                      \
    "\",\"authority\":\"a\",\"document_no\":\"d\"," rest "}\n"

static const char LINES[] =
    "{\"type\":\"subject\",\"id\":\"S-1\",\"kind\":\"legal_person\",\"name\":\"n\","
    "\"region\":\"430102\",\"relations\":[{\"role\":\"head\",\"id\":\"P-1\"}]}"
    "\n" RECORD("R-1", "S-1",
                "\"category\":\"fine\",\"decided_on\":\"2024-03-15\","
                "\"attributes\":{\"amount\":\"500\"}")
        RECORD("R-2", "S-1",
               "\"category\":\"fine\",\"decided_on\":\"2024-04-15\","
               "\"status\":\"disputed\",\"status_on\":\"2024-05-01\"")
            RECORD("R-3", "P-1", "\"category\":\"list\",\"decided_on\":\"2024-03-15\"")
                RECORD("R-4", "S-2",
                       "\"category\":\"fine\",\"decided_on\":\"2024-03-15\","
                       "\"parties\":[{\"role\":\"responsible\",\"id\":\"S-1\"}]")
                    RECORD("R-5", "S-1",
                           "\"category\":\"other\",\"decided_on\":\"2023-01-01\","
                           "\"status\":\"repaired\",\"status_on\":\"2024-01-01\"");

struct row {
    const char *name;
    const char *record;
    const char *expression;
    const char *want; /* the value printed, or `error: …` */
};

static struct row rows[] = {
    {"the subject", "", "subject.region", "\"430102\""},
    {"the day", "", "as_of - date('2024-12-31')", "1"},
    {"the records of the first pass", "", "records", "[record{id: \"R-1\"}]"},
    {"a record of its own", "R-1", "r.amount > 100", "true"},
    {"a record behind a tie", "R-3", "r.subject + r.category", "\"P-1list\""},
    {"a record that names it", "R-4", "r.subject", "\"S-2\""},
    {"a record that no condition would see", "R-5", "r.status", "\"repaired\""},
    {"a disputed one as the second pass sees it", "R-2", "r.status", "\"active\""},
    {"and the others with it", "R-2", "records.map(x, x.id)", "[\"R-1\", \"R-2\"]"},
    {"nothing that no record was named for", "", "r.category",
     "error: no record was named that `r` could be"},
    {"no grounds", "R-1", "size(grounds)",
     "error: only a rule has `grounds`, and this stands in none"},
    {"a record that is not there", "R-9", "r.id",
     "error: no record `R-9` is in sight of the rules here; there is `R-5`, `R-1`, "
     "`R-2`, `R-3`, `R-4`"},
};

/* Prints what the expression gives, or the failure, into `text`. */
static heng_status ask(const world *made, const char *record, const char *expression,
                       char *text, size_t room, heng_error *reterr) {
    heng_cel_value values[HENG_SLOT_COUNT];
    const heng_seen *seen = NULL;
    heng_cel_program *program = NULL;
    heng_diags *diags = heng_diags_new();
    heng_arena *arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
    heng_cel_env *env = arena == NULL ? NULL : heng_cel_env_new(arena);
    heng_cel_options options = {0};
    heng_status status = env == NULL || diags == NULL
                             ? heng_error_nomem(reterr)
                             : heng_ask_declare(made->plan, arena, env);
    if (status == HENG_OK)
        status = heng_ask_values(made->plan, made->worker, made->snapshot,
                                 heng_str_of(record), values, &seen, reterr);
    if (status == HENG_ERR_NOT_FOUND)
        (void)snprintf(text, room, "error: %s", reterr->text);
    if (status == HENG_OK)
        status = heng_cel_compile(env, heng_str_of(expression), (heng_cel_place){0},
                                  &options, arena, diags, &program);
    if (status == HENG_OK) {
        heng_cel_frame frame = {
            .arena = arena, .clock = HENG_DATE_NONE, .next_change = HENG_DATE_NONE};
        heng_cel_value value = heng_cel_run(program, &frame, values);
        bool is_error = heng_cel_value_is_error(value);
        const char *printed = is_error ? NULL : heng_cel_value_print(value, arena);
        if (is_error && value.as.error->code == HENG_CEL_ERR_MEMORY)
            status = HENG_ERR_NOMEM;
        else if (is_error)
            (void)snprintf(text, room, "error: %.*s",
                           HENG_STR_ARG(value.as.error->message));
        else if (printed == NULL)
            status = HENG_ERR_NOMEM;
        else
            (void)snprintf(text, room, "%s", printed);
    }
    heng_cel_program_done(program);
    heng_arena_free(arena);
    heng_diags_free(diags);
    return status;
}

static void check_row(void **state) {
    const struct row *row = *state;
    world made = {0};
    heng_error error = {0};
    char text[1024] = "";
    world_decide(&made, "suspend", RULES, LINES, "2025-01-01", NULL);
    heng_status status =
        ask(&made, row->record, row->expression, text, sizeof text, &error);
    assert_string_equal(text, row->want);
    assert_int_equal(status, strncmp(row->want, "error: no record `", 18) == 0
                                 ? HENG_ERR_NOT_FOUND
                                 : HENG_OK);
    world_done(&made);
}

static void refuses_what_no_rule_speaks_of(void **state) {
    static const char child[] =
        "{\"type\":\"subject\",\"id\":\"S-1\",\"kind\":\"natural_person\",\"name\":"
        "\"n\",\"region\":\"430102\",\"capacity\":\"limited\"}\n";
    world made = {0};
    heng_error error = {0};
    char text[1024] = "";
    (void)state;
    world_decide(&made, "suspend", RULES, child, "2025-01-01", NULL);
    assert_int_equal(ask(&made, "", "subject.id", text, sizeof text, &error),
                     HENG_ERR_INVALID);
    assert_non_null(strstr(error.text, "out of scope"));
    world_done(&made);
}

static heng_status whole_way(void *context) {
    world made = {0};
    heng_error error = {0};
    char text[1024] = "";
    (void)context;
    heng_status status =
        world_try(&made, "suspend", RULES, LINES, "2025-01-01", &error);
    if (status == HENG_OK)
        status = ask(&made, "R-2", "[r] + records", text, sizeof text, &error);
    world_done(&made);
    return status;
}

static void survives_every_failing_allocation(void **state) {
    (void)state;
    assert_true(torture(whole_way, NULL) > 100);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 2];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], check_row);
    const struct CMUnitTest rest[] = {
        cmocka_unit_test(refuses_what_no_rule_speaks_of),
        cmocka_unit_test(survives_every_failing_allocation),
    };
    memcpy(tests + count, rest, sizeof rest);
    return check_run("decide/ask", tests, count + COUNT(rest), NULL, NULL);
}
