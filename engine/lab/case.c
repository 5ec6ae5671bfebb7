/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case.c: a test case's YAML, as import lines. A case says only what matters to it;
 * what an import line needs beside that is filled in here: an id, a name, the ruleset's
 * region, the category's provider as authority.
 */
#include "lab/case.h"

#include <string.h>

#include "base/json_write.h"

static const heng_str CASE_SUBJECT = {"T-SUBJECT", 9};

typedef struct heng_case_writer {
    const heng_ruleset *ruleset;
    heng_json_write json;
    heng_buffer *lines;
    heng_buffer *wrong;
    heng_str subject;
    unsigned records;
} heng_case_writer;

static bool refuse(heng_case_writer *writer, const char *what, heng_str text) {
    heng_buffer_add_format(writer->wrong, "%s `%.*s`", what, HENG_STR_ARG(text));
    return false;
}

static bool is_number(heng_str text) {
    size_t digits = 0, dots = 0;
    for (size_t i = text.len > 0 && text.ptr[0] == '-' ? 1 : 0; i < text.len; i++) {
        if (text.ptr[i] == '.')
            dots++;
        else if (text.ptr[i] >= '0' && text.ptr[i] <= '9')
            digits++;
        else
            return false;
    }
    return digits > 0 && dots <= 1 && text.ptr[text.len - 1] != '.';
}

/* Only attributes have types beside text; everywhere else a number is a text. */
static void write_value(heng_case_writer *writer, const heng_yaml_node *node,
                        bool typed) {
    heng_json_write *json = &writer->json;
    switch (node->kind) {
    case HENG_YAML_SCALAR:
        if (typed && heng_yaml_is_bool(node))
            heng_json_write_bool(json, node->text.ptr[0] == 't');
        else if (typed && node->style == HENG_YAML_PLAIN && is_number(node->text))
            heng_json_write_raw(json, node->text);
        else
            heng_json_write_str(json, node->text);
        break;
    case HENG_YAML_LIST:
        heng_json_write_array(json);
        for (size_t i = 0; i < node->count; i++)
            write_value(writer, node->as.items[i], typed);
        heng_json_write_array_end(json);
        break;
    case HENG_YAML_MAPPING:
        heng_json_write_object(json);
        for (size_t i = 0; i < node->count; i++) {
            const heng_yaml_pair *pair = &node->as.pairs[i];
            heng_json_write_key_str(json, pair->key->text);
            write_value(writer, pair->value,
                        typed ||
                            heng_str_equal(pair->key->text, HENG_STR("attributes")));
        }
        heng_json_write_object_end(json);
        break;
    }
}

static void write_default(heng_case_writer *writer, const heng_yaml_node *node,
                          const char *key, heng_str value) {
    if (heng_yaml_get(node, heng_str_of(key)) != NULL)
        return;
    heng_json_write_key(&writer->json, key);
    heng_json_write_str(&writer->json, value);
}

static void write_pairs(heng_case_writer *writer, const heng_yaml_node *node) {
    for (size_t i = 0; i < node->count; i++) {
        const heng_yaml_pair *pair = &node->as.pairs[i];
        if (heng_str_equal(pair->key->text, HENG_STR("records")))
            continue; /* lines of their own */
        heng_json_write_key_str(&writer->json, pair->key->text);
        write_value(writer, pair->value,
                    heng_str_equal(pair->key->text, HENG_STR("attributes")));
    }
}

static void begin_line(heng_case_writer *writer, const char *type) {
    heng_json_write_init(&writer->json, writer->lines, HENG_JSON_COMPACT);
    heng_json_write_object(&writer->json);
    heng_json_write_key(&writer->json, "type");
    heng_json_write_text(&writer->json, type);
}

static void end_line(heng_case_writer *writer) {
    heng_json_write_object_end(&writer->json);
    heng_buffer_add_char(writer->lines, '\n');
}

static heng_str id_of(const heng_yaml_node *node) {
    const heng_yaml_node *id = heng_yaml_get(node, HENG_STR("id"));
    return id != NULL && id->kind == HENG_YAML_SCALAR ? id->text : CASE_SUBJECT;
}

static bool write_subject(heng_case_writer *writer, const heng_yaml_node *node) {
    if (node == NULL || node->kind != HENG_YAML_MAPPING)
        return refuse(writer, "a case needs a mapping under", HENG_STR("subject"));
    begin_line(writer, "subject");
    write_default(writer, node, "id", CASE_SUBJECT);
    write_default(writer, node, "name", HENG_STR("示例"));
    write_default(writer, node, "region", writer->ruleset->region);
    write_pairs(writer, node);
    end_line(writer);
    return true;
}

static bool write_record(heng_case_writer *writer, const heng_yaml_node *node,
                         heng_str subject) {
    char id[32];
    if (node->kind != HENG_YAML_MAPPING)
        return refuse(writer, "each item must be a mapping under", HENG_STR("records"));
    heng_buffer number;
    heng_buffer_init(&number, sizeof id);
    heng_buffer_add_format(&number, "T-R-%u", ++writer->records);
    const heng_yaml_node *category = heng_yaml_get(node, HENG_STR("category"));
    const heng_category *declared =
        category == NULL || category->kind != HENG_YAML_SCALAR
            ? NULL
            : heng_catalog_category(&writer->ruleset->catalog, category->text);
    begin_line(writer, "record");
    write_default(writer, node, "id", heng_buffer_view(&number));
    write_default(writer, node, "subject", subject);
    write_default(writer, node, "authority",
                  declared == NULL ? HENG_STR("示例") : declared->provider);
    write_default(writer, node, "document_no", heng_buffer_view(&number));
    write_pairs(writer, node);
    end_line(writer);
    heng_buffer_done(&number);
    return true;
}

static bool write_records(heng_case_writer *writer, const heng_yaml_node *list,
                          heng_str subject) {
    if (list == NULL)
        return true;
    if (list->kind != HENG_YAML_LIST)
        return refuse(writer, "expected a list under", HENG_STR("records"));
    for (size_t i = 0; i < list->count; i++) {
        if (!write_record(writer, list->as.items[i], subject))
            return false;
    }
    return true;
}

static bool write_world(heng_case_writer *writer, const heng_yaml_node *node) {
    const heng_yaml_node *subject = heng_yaml_get(node, HENG_STR("subject"));
    const heng_yaml_node *related = heng_yaml_get(node, HENG_STR("related"));
    if (!write_subject(writer, subject))
        return false;
    writer->subject = id_of(subject);
    if (!write_records(writer, heng_yaml_get(node, HENG_STR("records")),
                       writer->subject))
        return false;
    if (related != NULL && related->kind != HENG_YAML_LIST)
        return refuse(writer, "expected a list under", HENG_STR("related"));
    for (size_t i = 0; related != NULL && i < related->count; i++) {
        const heng_yaml_node *other = related->as.items[i];
        if (other->kind != HENG_YAML_MAPPING ||
            heng_yaml_get(other, HENG_STR("id")) == NULL)
            return refuse(writer, "each item must be a mapping with an `id` under",
                          HENG_STR("related"));
        if (!write_subject(writer, other) ||
            !write_records(writer, heng_yaml_get(other, HENG_STR("records")),
                           id_of(other)))
            return false;
    }
    return true;
}

/* ---- expectations ---- */

static bool known_keys(heng_case_writer *writer, const heng_yaml_node *node,
                       const char *const *keys, size_t count) {
    for (size_t i = 0; i < node->count; i++) {
        bool known = false;
        for (size_t k = 0; k < count && !known; k++)
            known = heng_str_equal(node->as.pairs[i].key->text, heng_str_of(keys[k]));
        if (!known)
            return refuse(writer, "unknown key", node->as.pairs[i].key->text);
    }
    return true;
}

/* A list in a wrong form would be empty, and an empty expectation always met. */
static bool read_list(heng_case_writer *writer, const heng_yaml_node *expect,
                      const char *key, const heng_yaml_node **ret_list) {
    const heng_yaml_node *list = heng_yaml_get(expect, heng_str_of(key));
    *ret_list = list;
    if (list == NULL)
        return true;
    if (list->kind != HENG_YAML_LIST)
        return refuse(writer, "expected a list of ids under", heng_str_of(key));
    for (size_t i = 0; i < list->count; i++) {
        if (list->as.items[i]->kind != HENG_YAML_SCALAR)
            return refuse(writer, "expected a list of ids under", heng_str_of(key));
    }
    return true;
}

static bool read_expect(heng_case_writer *writer, const heng_yaml_node *expect,
                        heng_case *out) {
    static const char *const KEYS[] = {"verdict",  "matter", "measures",    "includes",
                                       "excludes", "until",  "undetermined"};
    if (expect == NULL || expect->kind != HENG_YAML_MAPPING || expect->count == 0)
        return refuse(writer, "a case that expects nothing proves nothing: it needs",
                      HENG_STR("expect"));
    if (!known_keys(writer, expect, KEYS, sizeof KEYS / sizeof *KEYS))
        return false;
    const heng_yaml_node *verdict = heng_yaml_get(expect, HENG_STR("verdict"));
    const heng_yaml_node *matter = heng_yaml_get(expect, HENG_STR("matter"));
    if (matter != NULL) {
        out->matter = matter->kind == HENG_YAML_SCALAR
                          ? heng_ruleset_find_matter(writer->ruleset, matter->text)
                          : NULL;
        if (out->matter == NULL)
            return refuse(writer, "there is no matter", matter->text);
    }
    if (verdict != NULL) {
        if (verdict->kind != HENG_YAML_SCALAR || out->matter == NULL)
            return refuse(writer, "a `verdict` needs the matter it is for, under",
                          HENG_STR("matter"));
        out->verdict = verdict->text;
    }
    out->until = heng_yaml_get(expect, HENG_STR("until"));
    if (out->until != NULL && out->until->kind != HENG_YAML_MAPPING)
        return refuse(writer, "expected a mapping of measures to days under",
                      HENG_STR("until"));
    return read_list(writer, expect, "measures", &out->measures) &&
           read_list(writer, expect, "includes", &out->includes) &&
           read_list(writer, expect, "excludes", &out->excludes) &&
           read_list(writer, expect, "undetermined", &out->undetermined);
}

static void read_name(const heng_yaml_node *name, heng_case *out) {
    out->name[0] = out->name[1] = HENG_STR("(no name)");
    if (name == NULL)
        return;
    if (name->kind == HENG_YAML_SCALAR)
        out->name[0] = out->name[1] = name->text;
    for (size_t i = 0; name->kind == HENG_YAML_MAPPING && i < name->count; i++) {
        const heng_yaml_pair *pair = &name->as.pairs[i];
        if (pair->value->kind != HENG_YAML_SCALAR)
            continue;
        if (heng_str_equal(pair->key->text, HENG_STR("zh")))
            out->name[0] = pair->value->text;
        if (heng_str_equal(pair->key->text, HENG_STR("en")))
            out->name[1] = pair->value->text;
    }
}

bool heng_case_read(const heng_ruleset *ruleset, const heng_yaml_node *node,
                    heng_case *ret_case, heng_buffer *lines, heng_buffer *wrong) {
    static const char *const KEYS[] = {"name",    "as_of",   "subject",
                                       "records", "related", "expect"};
    heng_case_writer writer = {.ruleset = ruleset, .lines = lines, .wrong = wrong};
    *ret_case = (heng_case){.span = node->span};
    if (node->kind != HENG_YAML_MAPPING)
        return refuse(&writer, "a case is a mapping, not", node->text);
    read_name(heng_yaml_get(node, HENG_STR("name")), ret_case);
    if (!known_keys(&writer, node, KEYS, sizeof KEYS / sizeof *KEYS))
        return false;
    const heng_yaml_node *as_of = heng_yaml_get(node, HENG_STR("as_of"));
    if (as_of == NULL || as_of->kind != HENG_YAML_SCALAR ||
        !heng_date_parse(as_of->text, &ret_case->as_of))
        return refuse(&writer, "a case needs a day such as 2026-05-01 under",
                      HENG_STR("as_of"));
    if (!write_world(&writer, node))
        return false;
    ret_case->subject = writer.subject;
    return read_expect(&writer, heng_yaml_get(node, HENG_STR("expect")), ret_case);
}
