/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_find.c: subjects by name or id; matters, measures and rules by id or words. */
#include <string.h>

#include "base/json_write.h"
#include "base/limits.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/session.h"
#include "model/kind.h"
#include "report/render_law.h"
#include "ruleset/linked.h"

typedef struct heng_hits {
    const heng_session *session;
    const heng_render *render;
    heng_view_hit list[HENG_LIMIT_FIND_HITS];
    size_t count;
    bool more;
} heng_hits;

static bool take_hit(void *context, const heng_view_hit *hit) {
    heng_hits *hits = context;
    if (hits->count == HENG_LIMIT_FIND_HITS) {
        hits->more = true;
        return false;
    }
    hits->list[hits->count++] =
        (heng_view_hit){heng_render_id(hits->render, hit->id), hit->name, hit->kind};
    return true;
}

/* ---- words ---- */

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool contains(heng_str text, heng_str part) {
    for (size_t at = 0; at + part.len <= text.len; at++) {
        size_t same = 0;
        while (same < part.len && lower(text.ptr[at + same]) == lower(part.ptr[same]))
            same++;
        if (same == part.len)
            return true;
    }
    return false;
}

/* All words of `wanted` stand in the id or in one of the titles, taken together. */
static bool matches(heng_str wanted, heng_str id, const heng_text *title) {
    for (size_t at = 0; at < wanted.len;) {
        size_t start = at;
        while (at < wanted.len && wanted.ptr[at] != ' ')
            at++;
        heng_str word = {wanted.ptr + start, at - start};
        at++;
        if (word.len > 0 && !contains(id, word) && !contains(title->zh, word) &&
            !contains(title->en, word))
            return false;
    }
    return true;
}

/* ---- things of the ruleset, whatever their sort ---- */

typedef struct heng_named {
    heng_str id;
    const heng_text *title;
} heng_named;

typedef struct heng_sort {
    const char *key; /* of the JSON */
    heng_say heading;
    size_t (*count)(const heng_ruleset *ruleset);
    heng_named (*at)(const heng_ruleset *ruleset, size_t index);
} heng_sort;

#define SORT(name, list, number)                                                       \
    static size_t count_##name(const heng_ruleset *ruleset) {                          \
        return ruleset->number;                                                        \
    }                                                                                  \
    static heng_named name##_at(const heng_ruleset *ruleset, size_t index) {           \
        return (heng_named){ruleset->list[index].id, &ruleset->list[index].title};     \
    }
SORT(matter, matters, matter_count)
SORT(measure, measures, measure_count)
SORT(rule, rules, rule_count)
#undef SORT

static const heng_sort SORTS[] = {
    {"matters", HENG_SAY_H_MATTERS, count_matter, matter_at},
    {"measures", HENG_SAY_H_MEASURES, count_measure, measure_at},
    {"rules", HENG_SAY_H_RULES, count_rule, rule_at},
};

/* ---- telling ---- */

static void write_json(const heng_hits *hits, heng_str wanted, heng_buffer *out) {
    heng_json_write json;
    heng_json_write_init(&json, out, HENG_JSON_COMPACT);
    heng_json_write_object(&json);
    heng_json_write_key(&json, "schema");
    heng_json_write_text(&json, "heng.find/1");
    heng_json_write_key(&json, "subjects");
    heng_json_write_array(&json);
    for (size_t i = 0; i < hits->count; i++) {
        const heng_word *kind =
            heng_kind_word(HENG_WORDS_SUBJECT_KIND, hits->list[i].kind);
        heng_json_write_object(&json);
        heng_json_write_key(&json, "id");
        heng_json_write_str(&json, hits->list[i].id);
        heng_json_write_key(&json, "kind");
        heng_json_write_text(&json, kind == NULL ? NULL : kind->word);
        heng_json_write_key(&json, "name");
        heng_json_write_str(&json, hits->list[i].name);
        heng_json_write_object_end(&json);
    }
    heng_json_write_array_end(&json);
    heng_json_write_key(&json, "more");
    heng_json_write_bool(&json, hits->more);
    for (size_t s = 0; s < sizeof SORTS / sizeof SORTS[0]; s++) {
        const heng_ruleset *ruleset = hits->session->ruleset;
        heng_json_write_key(&json, SORTS[s].key);
        heng_json_write_array(&json);
        for (size_t i = 0; i < SORTS[s].count(ruleset); i++) {
            heng_named named = SORTS[s].at(ruleset, i);
            if (!matches(wanted, named.id, named.title))
                continue;
            heng_json_write_object(&json);
            heng_json_write_key(&json, "id");
            heng_json_write_str(&json, named.id);
            heng_json_write_key(&json, "title");
            heng_json_write_str(&json, heng_text_in(named.title, hits->render->lang));
            heng_json_write_object_end(&json);
        }
        heng_json_write_array_end(&json);
    }
    heng_json_write_object_end(&json);
    (void)heng_buffer_add_char(out, '\n');
}

static heng_str say(const heng_hits *hits, heng_say phrase) {
    return heng_render_law_phrase(hits->render, phrase);
}

static void heading(heng_layout *layout, heng_str text) {
    if (layout->out->len > 0)
        heng_layout_blank(layout);
    heng_layout_text(layout, 0, 0, HENG_PAINT_STRONG, text);
}

static void subject_table(const heng_hits *hits, heng_layout *layout) {
    heng_layout_table table = {.columns = 3};
    if (hits->count == 0)
        return;
    heading(layout, say(hits, HENG_SAY_H_SUBJECTS));
    heng_layout_row(layout, &table,
                    (const heng_str[]){say(hits, HENG_SAY_ID), say(hits, HENG_SAY_NAME),
                                       say(hits, HENG_SAY_KIND)});
    for (size_t i = 0; i < hits->count; i++)
        heng_layout_row(
            layout, &table,
            (const heng_str[]){hits->list[i].id, hits->list[i].name,
                               heng_render_word(hits->render, HENG_WORDS_SUBJECT_KIND,
                                                hits->list[i].kind)});
    heng_layout_print(layout, &table, 1);
}

static void sort_table(const heng_hits *hits, heng_layout *layout,
                       const heng_sort *sort, heng_str wanted) {
    const heng_ruleset *ruleset = hits->session->ruleset;
    heng_layout_table table = {.columns = 2};
    heng_layout_row(
        layout, &table,
        (const heng_str[]){say(hits, HENG_SAY_ID), say(hits, HENG_SAY_NAME)});
    for (size_t i = 0; i < sort->count(ruleset); i++) {
        heng_named named = sort->at(ruleset, i);
        if (matches(wanted, named.id, named.title))
            heng_layout_row(
                layout, &table,
                (const heng_str[]){named.id,
                                   heng_text_in(named.title, hits->render->lang)});
    }
    if (table.rows < 2)
        return;
    heading(layout, say(hits, sort->heading));
    heng_layout_print(layout, &table, 1);
}

static heng_str count_text(const heng_hits *hits) {
    return heng_render_law_count(hits->render, HENG_LIMIT_FIND_HITS);
}

static void write_text(const heng_hits *hits, heng_str wanted, heng_buffer *out) {
    heng_layout layout = heng_session_layout(hits->session, out);
    subject_table(hits, &layout);
    if (hits->more)
        heng_layout_text(
            &layout, 1, 2, HENG_PAINT_WARN,
            HENG_RENDER_LAW_SAY(hits->render, HENG_SAY_FOUND_MORE, count_text(hits)));
    for (size_t s = 0; s < sizeof SORTS / sizeof SORTS[0]; s++)
        sort_table(hits, &layout, &SORTS[s], wanted);
    if (out->len == 0)
        heng_layout_text(&layout, 0, 0, HENG_PAINT_NONE,
                         HENG_RENDER_LAW_SAY(hits->render, HENG_SAY_FOUND_NOTHING,
                                             heng_render_masked(hits->render, wanted)));
}

static int search(heng_session *session, heng_str wanted) {
    heng_error error = {0};
    heng_buffer out;
    bool is_json = heng_options_format(session->cli)[0] == 'j';
    heng_render render = heng_session_render(session, is_json);
    heng_hits hits = {.session = session, .render = &render};
    if (heng_view_find(session->view, wanted, take_hit, &hits, &error) != HENG_OK)
        return heng_output_error(&error);
    heng_buffer_init(&out, HENG_LIMIT_ANSWER_BYTES);
    if (is_json)
        write_json(&hits, wanted, &out);
    else
        write_text(&hits, wanted, &out);
    int status = heng_session_print(&out, HENG_EXIT_FINE);
    heng_buffer_done(&out);
    return status;
}

static int run(const heng_cli *cli) {
    heng_session session;
    heng_str wanted = heng_str_of(cli->arguments[0]);
    while (wanted.len > 0 && wanted.ptr[0] == ' ') {
        wanted.ptr++;
        wanted.len--;
    }
    if (wanted.len == 0)
        return heng_output_usage(cli->command,
                                 "the text to find is empty, expected part of a name, "
                                 "an id or a title");
    heng_session_init(&session, cli);
    int status = heng_session_rules(&session);
    if (status == HENG_EXIT_FINE)
        status = heng_session_store(&session, HENG_STORE_READ);
    if (status == HENG_EXIT_FINE)
        status = heng_session_view(&session);
    if (status == HENG_EXIT_FINE) {
        session.arena = heng_arena_new(HENG_LIMIT_SUBJECT_ARENA_BYTES);
        status = session.arena == NULL ? heng_output_fail("out of memory")
                                       : search(&session, wanted);
    }
    heng_session_done(&session);
    return status;
}

static const heng_option OPTIONS[] = {
    {"unmask", '\0', NULL, NULL, false, "完整显示自然人身份号码",
     "show identity numbers of natural persons"},
};

const heng_command heng_cmd_find_record = {
    .name = "find",
    .arguments = "TEXT",
    .least = 1,
    .most = 1,
    .zh = "按名称或标识查找主体、事项、措施和规则",
    .en = "subjects by name or id; matters, measures and rules by id or words",
    .more_zh = NULL,
    .more_en = NULL,
    .example = "heng find 示例\n"
               "heng find procurement\n"
               "heng find \"tax list\" --lang en",
    .globals =
        HENG_GLOBAL_DB | HENG_GLOBAL_RULES | HENG_GLOBAL_FORMAT | HENG_GLOBAL_KNOWN_AT,
    .formats = "text|json",
    .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0],
    .run = run,
};
