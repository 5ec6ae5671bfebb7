/* SPDX-License-Identifier: Apache-2.0 */
/* Renderings of decisions: what all of them share, and that they survive want of
 * memory. Their texts are pinned in tests/cli. */
#include "support/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_write.h"
#include "model/flat.h"
#include "model/identity.h"
#include "report/outcome_form.h"
#include "report/render_decision_json.h"
#include "report/render_decision_text.h"
#include "report/render_explain.h"
#include "report/render_outcome.h"
#include "support/torture.h"
#include "world.h"

/* ---- times, ids ---- */

static struct moment {
    const char *name;
    int64_t ms;
    const char *want;
} moments[] = {
    {"a whole second has no decimals", 1777604400000, "2026-05-01T03:00:00Z"},
    {"milliseconds are three decimals", 1777604400007, "2026-05-01T03:00:00.007Z"},
    {"the beginning", 0, "1970-01-01T00:00:00Z"},
    {"before the beginning", -1, "1969-12-31T23:59:59.999Z"},
    {"outside the calendar is nothing", INT64_MAX, ""},
};

static void check_moment(void **state) {
    const struct moment *row = *state;
    heng_arena *arena = heng_arena_new(4096);
    heng_str got = heng_render_time(arena, row->ms);
    assert_int_equal(got.len, strlen(row->want));
    assert_memory_equal(got.ptr, row->want, got.len);
    heng_arena_free(arena);
}

static struct text {
    const char *name;
    bool unmask;
    const char *text, *want;
} texts[] = {
    {"an identity number is masked", false, "owed by 11010519491231002X!",
     "owed by 110*************2X!"},
    {"unless it was asked for", true, "11010519491231002X", "11010519491231002X"},
    {"a code of a body stays", false, "91430102100100017H", "91430102100100017H"},
    {"a document number stays", false, "湘税稽罚〔2024〕1234567890123号",
     "湘税稽罚〔2024〕1234567890123号"},
    {"each of several", false, "11010519491231002X,440524188001010014",
     "110*************2X,440*************14"},
    {"also within a longer word", false, "`R11010519491231002Xz` is no int",
     "`R110*************2Xz` is no int"},
    {"a long document number stays", false, "20240131000012345678",
     "20240131000012345678"},
    {"nothing is nothing", false, "", ""},
};

static struct text papers[] = {
    {"a document named after a person is masked", false, "HN-11010519491231002X-2",
     "HN-110*************2X-2"},
    {"a document of 18 digits stays", false, "430102202413450011",
     "430102202413450011"},
    {"also with a day in it", false, "430102202401010013", "430102202401010013"},
    {"unless it was asked for", true, "HN-11010519491231002X", "HN-11010519491231002X"},
};

static void check_text(void **state) {
    const struct text *row = *state;
    heng_arena *arena = heng_arena_new(4096);
    heng_render render = {.arena = arena, .unmask = row->unmask};
    heng_str got = heng_render_masked(&render, heng_str_of(row->text));
    assert_int_equal(got.len, strlen(row->want));
    assert_memory_equal(got.ptr, row->want, got.len);
    heng_arena_free(arena);
}

static void check_paper(void **state) {
    const struct text *row = *state;
    heng_arena *arena = heng_arena_new(4096);
    heng_render render = {.arena = arena, .unmask = row->unmask};
    heng_str got = heng_render_document(&render, heng_str_of(row->text));
    assert_int_equal(got.len, strlen(row->want));
    assert_memory_equal(got.ptr, row->want, got.len);
    heng_arena_free(arena);
}

/* ---- whole documents ---- */

static const char RULES[] =
    "rules:\n"
    "  - {id: a, title: A, applies_to: [legal_person], effective: {from: 2000-01-01},\n"
    "     ground: 'r.category == \"fine\" && r.amount > decimal(\"5\")',\n"
    "     unless: [{if: 'subject.status == \"x\"', because: why, basis: [{source: "
    "law,\n"
    "       article: \"2\"}]}],\n"
    "     measures: [exclude, tell], term: {from: r.decided_on, last: P3Y},\n"
    "     reason: '{r.amount} of {r.subject}', basis: [{source: law, article: "
    "\"22\"}]}\n"
    "  - {id: b, title: B, applies_to: [legal_person], effective: {from: 2000-01-01},\n"
    "     through: [head], ground: 'r.category == \"list\"', measures: [inspect],\n"
    "     basis: [{source: law, article: \"3\"}]}\n"
    "  - {id: c, title: C, applies_to: [legal_person], effective: {from: 2000-01-01},\n"
    "     ground: 'r.category == \"reward\"', measures: [reduce],\n"
    "     basis: [{source: law, article: \"4\"}]}\n"
    "conflicts:\n"
    "  - {between: [inspect, reduce], keep: inspect, basis: [{source: law, article: "
    "\"5\"}]}\n";

static const char LINES[] =
    "{\"type\":\"subject\",\"id\":\"S-1\",\"kind\":\"legal_person\",\"name\":\"示例\","
    "\"region\":\"430102\",\"relations\":[{\"role\":\"head\",\"id\":"
    "\"11010519491231002X\"}]}\n"
    "{\"type\":\"subject\",\"id\":\"11010519491231002X\",\"kind\":\"natural_person\","
    "\"name\":\"示例某\",\"region\":\"430102\"}\n"
    "{\"type\":\"record\",\"id\":\"R-1\",\"subject\":\"S-1\",\"category\":\"fine\","
    "\"authority\":\"x\",\"document_no\":\"y\",\"decided_on\":\"2024-03-15\","
    "\"attributes\":{\"amount\":\"7\"}}\n"
    "{\"type\":\"record\",\"id\":\"R-2\",\"subject\":\"S-1\",\"category\":\"fine\","
    "\"authority\":\"x\",\"document_no\":\"y\",\"decided_on\":\"2024-03-16\"}\n"
    "{\"type\":\"record\",\"id\":\"R-3\",\"subject\":\"S-1\",\"category\":\"reward\","
    "\"authority\":\"x\",\"document_no\":\"y\",\"decided_on\":\"2025-03-15\"}\n"
    "{\"type\":\"record\",\"id\":\"R-4\",\"subject\":\"11010519491231002X\","
    "\"category\":\"list\",\"authority\":\"x\",\"document_no\":\"y\",\"decided_on\":"
    "\"2025-03-15\"}\n";

typedef heng_status render_function(const heng_render *render, heng_buffer *out);

static heng_status text_zh(const heng_render *render, heng_buffer *out) {
    heng_layout layout = {.out = out, .arena = render->arena, .width = 60};
    heng_render_decision_text(render, &layout);
    return heng_buffer_status(out);
}

static heng_status text_en(const heng_render *render, heng_buffer *out) {
    heng_render english = *render;
    english.lang = HENG_LANG_EN;
    heng_layout layout = {.out = out, .arena = render->arena};
    heng_render_decision_text(&english, &layout);
    return heng_buffer_status(out);
}

static struct document {
    const char *name;
    render_function *render;
} documents[] = {
    {"the answer as JSON", heng_render_decision_json_answer},
    {"the answer in Chinese, wrapped", text_zh},
    {"the answer in English", text_en},
    {"a line of a batch", heng_render_outcome},
    {"rows of CSV", heng_render_outcome_csv},
};

typedef struct rendering {
    world made;
    render_function *render;
    heng_buffer out;
} rendering;

static heng_status render_once(void *context) {
    rendering *work = context;
    heng_arena *arena = heng_arena_new(1 << 24);
    if (arena == NULL)
        return HENG_ERR_NOMEM;
    heng_buffer_done(&work->out);
    heng_buffer_init(&work->out, 1 << 24);
    heng_render render = {.ruleset = work->made.ruleset,
                          .plan = work->made.plan,
                          .worker = work->made.worker,
                          .snapshot = work->made.snapshot,
                          .decision = work->made.decision,
                          .has_known_at = true,
                          .form = heng_outcome_form_new(work->made.ruleset, arena),
                          .arena = arena};
    heng_status status =
        render.form == NULL ? HENG_ERR_NOMEM : work->render(&render, &work->out);
    heng_arena_free(arena);
    return status;
}

static void check_document(void **state) {
    const struct document *row = *state;
    rendering work = {.render = row->render};
    world_decide(&work.made, "suspend", RULES, LINES, "2026-05-01", NULL);
    assert_int_equal(render_once(&work), HENG_OK);
    heng_str text = heng_buffer_view(&work.out);
    char *first = strdup(text.ptr);
    assert_non_null(first);
    assert_null(strstr(first, "11010519491231002X")); /* masked wherever it stands */

    assert_int_equal(render_once(&work), HENG_OK); /* equal inputs, equal bytes */
    assert_string_equal(heng_buffer_view(&work.out).ptr, first);
    (void)torture(render_once, &work);
    free(first);
    heng_buffer_done(&work.out);
    world_done(&work.made);
}

static void an_explanation_masks_too(void **state) {
    (void)state;
    rendering work = {0};
    heng_error error = {0};
    const heng_explanation *one = NULL;
    heng_arena *arena = heng_arena_new(1 << 24);
    world_decide(&work.made, "suspend", RULES, LINES, "2026-05-01", NULL);
    assert_int_equal(heng_explain(work.made.plan, work.made.worker, work.made.snapshot,
                                  1, &one, &error),
                     HENG_OK);
    heng_render render = {.ruleset = work.made.ruleset,
                          .plan = work.made.plan,
                          .worker = work.made.worker,
                          .snapshot = work.made.snapshot,
                          .decision = work.made.decision,
                          .arena = arena};
    heng_render_explained explained = {&one, 1};
    heng_buffer_init(&work.out, 1 << 24);
    assert_int_equal(heng_render_explain_json(&render, &explained, &work.out), HENG_OK);
    assert_null(strstr(heng_buffer_view(&work.out).ptr, "11010519491231002X"));
    assert_non_null(strstr(heng_buffer_view(&work.out).ptr, "110*************2X"));
    heng_buffer_done(&work.out);
    heng_arena_free(arena);
    world_done(&work.made);
}

/* ---- lines of a batch ---- */

#define LINE_RULE(id, more)                                                            \
    "  - {id: " id ", title: t, applies_to: [legal_person], effective: {from: "        \
    "2000-01-01}, ground: 'r.category == \"fine\"', " more                             \
    ", basis: [{source: law, article: \"1\"}]}\n"
#define LINE_SUBJECT                                                                   \
    "{\"type\":\"subject\",\"id\":\"S-1\",\"kind\":\"legal_person\",\"name\":\"n\","   \
    "\"region\":\"43\"}\n"
#define LINE_RECORD(id, more)                                                          \
    "{\"type\":\"record\",\"id\":\"" id                                                \
    "\",\"subject\":\"S-1\",\"category\":\"fine\",\"authority\":\"x\","                \
    "\"document_no\":\"y\",\"decided_on\":\"2024-03-15\"" more "}\n"

static struct line {
    const char *name;
    const char *rules, *lines;
    const char *want;
} lines[] = {
    {"nothing", "rules:\n" LINE_RULE("a", "measures: [exclude]"), LINE_SUBJECT,
     "{\"subject\":\"S-1\",\"valid_through\":null,\"measures\":[],\"undetermined\":[]}"
     "\n"},
    {"a measure with an end",
     "rules:\n" LINE_RULE("a",
                          "term: {from: r.decided_on, last: P3Y}, measures: [exclude]"),
     LINE_SUBJECT LINE_RECORD("R-1", ""),
     "{\"subject\":\"S-1\",\"valid_through\":\"2027-03-15\",\"measures\":[{\"id\":"
     "\"exclude\",\"state\":\"applies\",\"from\":\"2024-03-15\",\"until\":"
     "\"2027-03-15\",\"rules\":[\"a\"],\"grounds\":[\"R-1\"]}],\"undetermined\":[]}\n"},
    {"several, without an end, each ground once and in order",
     "rules:\n" LINE_RULE("b", "measures: [exclude, tell]")
         LINE_RULE("a", "measures: [exclude]"),
     LINE_SUBJECT LINE_RECORD("R-2", "") LINE_RECORD("R-10", ""),
     "{\"subject\":\"S-1\",\"valid_through\":null,\"measures\":[{\"id\":\"exclude\","
     "\"state\":\"applies\",\"from\":\"2024-03-15\",\"until\":null,\"rules\":[\"a\","
     "\"b\"],\"grounds\":[\"R-10\",\"R-2\"]},{\"id\":\"tell\",\"state\":\"applies\","
     "\"from\":\"2024-03-15\",\"until\":null,\"rules\":[\"b\"],\"grounds\":[\"R-10\","
     "\"R-2\"]}],\"undetermined\":[]}\n"},
    {"suspended", "rules:\n" LINE_RULE("a", "measures: [exclude]"),
     LINE_SUBJECT LINE_RECORD("R-1",
                              ",\"status\":\"disputed\",\"status_on\":\"2024-04-01\""),
     "{\"subject\":\"S-1\",\"valid_through\":null,\"measures\":[{\"id\":\"exclude\","
     "\"state\":\"suspended\",\"from\":\"2024-03-15\",\"until\":null,\"rules\":[\"a\"],"
     "\"grounds\":[\"R-1\"]}],\"undetermined\":[]}\n"},
    {"undetermined",
     "rules:\n" LINE_RULE("b", "unless: [{if: 'subject.scale == \"s\"', because: w, "
                               "basis: [{source: law, article: \"2\"}]}], "
                               "measures: [exclude]")
         LINE_RULE("a", "when: 'subject.scale == \"s\"', measures: [tell]"),
     LINE_SUBJECT LINE_RECORD("R-1", ""),
     "{\"subject\":\"S-1\",\"valid_through\":null,\"measures\":[],\"undetermined\":"
     "[\"a\",\"b\"]}\n"},
    {"one ground whose id must be escaped",
     "rules:\n" LINE_RULE("a", "measures: [exclude]"),
     LINE_SUBJECT LINE_RECORD("R-1234567\\\"8", ""),
     "{\"subject\":\"S-1\",\"valid_through\":null,\"measures\":[{\"id\":\"exclude\","
     "\"state\":\"applies\",\"from\":\"2024-03-15\",\"until\":null,\"rules\":[\"a\"],"
     "\"grounds\":[\"R-1234567\\\"8\"]}],\"undetermined\":[]}\n"},
    {"one ground named after a person",
     "rules:\n" LINE_RULE("a", "measures: [exclude]"),
     LINE_SUBJECT LINE_RECORD("HN-11010519491231002X-2", ""),
     "{\"subject\":\"S-1\",\"valid_through\":null,\"measures\":[{\"id\":\"exclude\","
     "\"state\":\"applies\",\"from\":\"2024-03-15\",\"until\":null,\"rules\":[\"a\"],"
     "\"grounds\":[\"HN-110*************2X-2\"]}],\"undetermined\":[]}\n"},
    {"an id that must be escaped, and one of many bytes",
     "rules:\n" LINE_RULE("a", "measures: [exclude]"),
     LINE_SUBJECT LINE_RECORD("湘市监\u201c2024\u201d号（一）", "")
         LINE_RECORD("R-12345678901234567\\\"\\\\8", ""),
     "{\"subject\":\"S-1\",\"valid_through\":null,\"measures\":[{\"id\":\"exclude\","
     "\"state\":\"applies\",\"from\":\"2024-03-15\",\"until\":null,\"rules\":[\"a\"],"
     "\"grounds\":[\"R-12345678901234567\\\"\\\\8\",\"湘市监“2024”号（一）\"]}],"
     "\"undetermined\":[]}\n"},
};

static void check_line(void **state) {
    const struct line *row = *state;
    rendering work = {.render = heng_render_outcome};
    world_decide(&work.made, "suspend", row->rules, row->lines, "2026-05-01", NULL);
    assert_int_equal(render_once(&work), HENG_OK);
    assert_string_equal(heng_buffer_view(&work.out).ptr, row->want);
    heng_buffer_done(&work.out);
    world_done(&work.made);
}

/* One measure with one ground, and what json_write makes of it. */
typedef struct plain_line {
    heng_str id, ground, key;
    heng_term term;
    heng_state state;
    bool plain_id;
} plain_line;

static void write_date(heng_json_write *json, const char *key, heng_date date) {
    char text[HENG_DATE_TEXT_BYTES];
    heng_json_write_key(json, key);
    if (heng_date_valid(date))
        heng_date_format(date, text);
    heng_json_write_text(json, heng_date_valid(date) ? text : NULL);
}

static void write_plainly(const plain_line *line, heng_buffer *out) {
    heng_json_write json;
    heng_json_write_init(&json, out, HENG_JSON_COMPACT);
    heng_json_write_object(&json);
    heng_json_write_key(&json, "subject");
    heng_json_write_str(&json, line->id);
    if (line->key.len > 0) {
        heng_json_write_key(&json, "subject_key");
        heng_json_write_str(&json, line->key);
    }
    write_date(&json, "valid_through", line->term.until);
    heng_json_write_key(&json, "measures");
    heng_json_write_array(&json);
    heng_json_write_object(&json);
    heng_json_write_key(&json, "id");
    heng_json_write_text(&json, "tell");
    heng_json_write_key(&json, "state");
    heng_json_write_text(&json, heng_state_word(line->state));
    write_date(&json, "from", line->term.from);
    write_date(&json, "until", line->term.until);
    heng_json_write_key(&json, "rules");
    heng_json_write_array(&json);
    heng_json_write_text(&json, "a");
    heng_json_write_array_end(&json);
    heng_json_write_key(&json, "grounds");
    heng_json_write_array(&json);
    heng_json_write_str(&json, line->ground);
    heng_json_write_array_end(&json);
    heng_json_write_object_end(&json);
    heng_json_write_array_end(&json);
    heng_json_write_key(&json, "undetermined");
    heng_json_write_array(&json);
    heng_json_write_array_end(&json);
    heng_json_write_object_end(&json);
    (void)heng_buffer_add_char(out, '\n');
}

static void render_quickly(const plain_line *line, heng_buffer *out) {
    const heng_str applies =
        HENG_STR("{\"id\":\"tell\",\"state\":\"applies\",\"from\":");
    const heng_str suspended =
        HENG_STR("{\"id\":\"tell\",\"state\":\"suspended\",\"from\":");
    const heng_str rule = HENG_STR("\"a\"");
    const heng_str alone = HENG_STR(",\"rules\":[\"a\"],\"grounds\":[");
    const heng_outcome_form form = {&applies, &suspended, &rule, &alone};
    uint8_t record[HENG_FLAT_RECORD_BYTES + 64] = {0};
    const uint32_t where[] = {HENG_FLAT_RECORD_BYTES, (uint32_t)line->ground.len};
    memcpy(record + HENG_FLAT_RECORD_ID, where, sizeof where);
    memcpy(record + HENG_FLAT_RECORD_BYTES, line->ground.ptr, line->ground.len);
    const heng_ground ground = {.record = record};
    const heng_finding finding = {.grounds = &ground, .ground_count = 1};
    const heng_finding *because[] = {&finding};
    const heng_applied applied = {.state = line->state,
                                  .term = line->term,
                                  .because = because,
                                  .because_count = 1};
    const heng_decision decision = {
        .valid_through = line->term.until, .measures = &applied, .measure_count = 1};
    const heng_snapshot snapshot = {.id = line->id};
    const heng_render render = {.snapshot = &snapshot,
                                .decision = &decision,
                                .form = &form,
                                .subject_key = line->key,
                                .plain_id = line->plain_id};
    assert_int_equal(heng_render_outcome(&render, out), HENG_OK);
}

/* Texts of each length, each byte that is told apart at each of their places. */
static void a_line_is_as_the_plain_writer_writes_it(void **state) {
    static const char BYTES[] = {'"', '\\', '\n', 0x1f, 0x7f, (char)0x80, ' ', 'x'};
    static const heng_date DAYS[] = {HENG_DATE_NONE, HENG_DATE_MIN, 20000,
                                     HENG_DATE_MAX};
    enum { LEN_MAX = 36 };
    heng_buffer want, got;
    (void)state;
    heng_buffer_init(&want, 1 << 20);
    heng_buffer_init(&got, 1 << 20);
    for (size_t len = 0; len <= LEN_MAX; len++) {
        for (size_t i = 0; i < (len + 1) * COUNT(BYTES); i++) {
            char text[LEN_MAX + 1];
            memset(text, 'r', sizeof text);
            text[i / COUNT(BYTES)] = BYTES[i % COUNT(BYTES)];
            heng_str varied = {text, len};
            plain_line line = {.id = i % 2 == 0 ? varied : HENG_STR("S-1"),
                               .ground = varied,
                               .key = {"0123456789abcdef", i % 3 == 0 ? 16 : 0},
                               .term = {DAYS[i % 4], DAYS[i / 4 % 4], HENG_OPEN_NONE},
                               .state = i % 5 == 0 ? HENG_STATE_SUSPENDED
                                                   : HENG_STATE_APPLIES};
            line.plain_id = i % 7 != 0 && heng_identity_is_plain(line.id);
            heng_buffer_clear(&want);
            heng_buffer_clear(&got);
            write_plainly(&line, &want);
            render_quickly(&line, &got);
            assert_string_equal(heng_buffer_view(&got).ptr,
                                heng_buffer_view(&want).ptr);
        }
    }
    heng_buffer_done(&want);
    heng_buffer_done(&got);
}

int main(void) {
    struct CMUnitTest tests[COUNT(lines) + COUNT(moments) + COUNT(texts) +
                            COUNT(papers) + COUNT(documents) + 2];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(lines); i++)
        tests[count++] = ROW_TEST(&lines[i], check_line);
    for (size_t i = 0; i < COUNT(moments); i++)
        tests[count++] = ROW_TEST(&moments[i], check_moment);
    for (size_t i = 0; i < COUNT(texts); i++)
        tests[count++] = ROW_TEST(&texts[i], check_text);
    for (size_t i = 0; i < COUNT(papers); i++)
        tests[count++] = ROW_TEST(&papers[i], check_paper);
    for (size_t i = 0; i < COUNT(documents); i++)
        tests[count++] = ROW_TEST(&documents[i], check_document);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(an_explanation_masks_too);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test(a_line_is_as_the_plain_writer_writes_it);
    return cmocka_run_group_tests_name("report/render", tests, NULL, NULL);
}
