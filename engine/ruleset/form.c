/* SPDX-License-Identifier: Apache-2.0 */
/* form.c: mappings, lists and scalars of a ruleset, with messages for what they are
 * not. */
#include "ruleset/form.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/near.h"
#include "base/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- places and words for messages ---- */

heng_span heng_form_place(const heng_reader *reader, heng_span span) {
    if (heng_diags_count(reader->diags) >= HENG_DIAGS_MAX)
        return (heng_span){NULL, 0, 0}; /* it will be counted only */
    for (size_t i = 0; i < reader->file_count; i++) {
        if (reader->files[i].text == span.source)
            span.source = reader->files[i].shown;
    }
    return span;
}

heng_span heng_form_head(const heng_yaml_node *node) {
    if (node->kind == HENG_YAML_SCALAR)
        return node->span;
    if (node->kind == HENG_YAML_MAPPING && node->count > 0 &&
        node->as.pairs[0].key->span.start >= node->span.start)
        return node->as.pairs[0].key->span;
    return (heng_span){node->span.source, node->span.start, 1};
}

heng_span heng_form_spot(heng_field field) {
    bool empty = field.value->kind == HENG_YAML_SCALAR && field.value->span.len == 0;
    if (empty && field.key != NULL)
        return heng_form_head(field.key);
    return heng_form_head(field.value);
}

heng_quote heng_form_quote(heng_str text) {
    enum { DOTS = 3 };
    heng_quote quote = {""};
    size_t room = sizeof quote.text - 1 - DOTS;
    size_t len = text.len <= room ? text.len : heng_utf8_cut(text.ptr, room);
    if (len > 0)
        memcpy(quote.text, text.ptr, len);
    for (size_t i = 0; i < len; i++) {
        if (quote.text[i] == '\n' || quote.text[i] == '\r' || quote.text[i] == '\t')
            quote.text[i] = ' ';
    }
    if (len < text.len)
        memcpy(quote.text + len, "…", DOTS);
    return quote;
}

heng_quote heng_form_label(heng_field field) {
    heng_quote label = {""};
    heng_str key = field.key == NULL ? HENG_STR("?") : field.key->text;
    size_t room = 60;
    size_t len = key.len <= room ? key.len : heng_utf8_cut(key.ptr, room);
    (void)snprintf(label.text, sizeof label.text, "%s`%.*s`",
                   field.is_item ? "an item of " : "", (int)len, key.ptr);
    return label;
}

/* What a value is, for "found …". */
static heng_quote found_text(const heng_yaml_node *node) {
    heng_quote found = {""};
    if (node->kind == HENG_YAML_LIST) {
        (void)snprintf(found.text, sizeof found.text, "a list");
    } else if (node->kind == HENG_YAML_MAPPING) {
        (void)snprintf(found.text, sizeof found.text, "a mapping");
    } else if (heng_yaml_is_null(node)) {
        (void)snprintf(found.text, sizeof found.text, "nothing");
    } else {
        heng_quote quote = heng_form_quote(
            (heng_str){node->text.ptr, node->text.len < 64 ? node->text.len : 64});
        (void)snprintf(found.text, sizeof found.text, "%s`%.66s`",
                       heng_yaml_is_bool(node) ? "the boolean " : "", quote.text);
    }
    return found;
}

bool heng_form_hint(const heng_reader *reader, heng_str word, const heng_str *names,
                    size_t count) {
    size_t index = 0;
    if (heng_diags_count(reader->diags) >= HENG_DIAGS_MAX &&
        heng_diags_error_count(reader->diags) > HENG_DIAGS_MAX)
        return true; /* nobody will read it: do not spend the time */
    if (!heng_near_find(word, names, count, &index))
        return false;
    heng_diags_help(reader->diags, "did you mean `%.*s`?", HENG_STR_ARG(names[index]));
    return true;
}

/* "`a`, `b` or `c`" as help, when nothing is near. */
static void help_with_list(const heng_reader *reader, const char *intro,
                           const heng_str *names, size_t count) {
    char list[512] = "";
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        const char *before = i == 0 ? "" : (i + 1 == count ? " or " : ", ");
        int more = snprintf(list + len, sizeof list - len, "%s`%.*s`", before,
                            HENG_STR_ARG(names[i]));
        if (more < 0 || (size_t)more >= sizeof list - len)
            return; /* too many to be a help */
        len += (size_t)more;
    }
    heng_diags_help(reader->diags, "%s %s", intro, list);
}

static void wrong_type(heng_reader *reader, heng_field field, const char *expected) {
    heng_quote label = heng_form_label(field);
    heng_quote found = found_text(field.value);
    heng_diags_error(reader->diags, HENG_RULESET_E_TYPE,
                     heng_form_place(reader, heng_form_spot(field)),
                     "%s is %s, expected %s", label.text, found.text, expected);
}

void *heng_form_alloc(heng_reader *reader, size_t count, size_t size) {
    void *memory = heng_arena_calloc(reader->arena, count == 0 ? 1 : count, size);
    if (memory == NULL)
        reader->nomem = true;
    return memory;
}

/* ---- mappings ---- */

static size_t find_key(const heng_form_key *keys, size_t count, heng_str name) {
    for (size_t i = 0; i < count; i++) {
        if (name.len > 0 && keys[i].name[0] == name.ptr[0] &&
            heng_str_equal(heng_str_of(keys[i].name), name))
            return i;
    }
    return count;
}

/* "a rule", "an attribute" */
static const char *article(const char *what) {
    return strchr("aeio", what[0]) != NULL ? "an" : "a";
}

static void unknown_key(heng_reader *reader, const heng_yaml_node *key,
                        const char *what, const heng_form_key *keys, size_t count) {
    enum { KEYS_MAX = 32 };
    heng_str names[KEYS_MAX];
    for (size_t i = 0; i < count && i < KEYS_MAX; i++)
        names[i] = heng_str_of(keys[i].name);
    heng_diags_error(reader->diags, HENG_RULESET_E_UNKNOWN_KEY,
                     heng_form_place(reader, key->span), "%s %s has no key `%s`",
                     article(what), what, heng_form_quote(key->text).text);
    if (!heng_form_hint(reader, key->text, names, count))
        help_with_list(reader, "expected", names, count);
}

bool heng_form_open(heng_reader *reader, const heng_yaml_node *node, const char *what,
                    const heng_form_key *keys, size_t count, heng_field *ret) {
    for (size_t i = 0; i < count; i++)
        ret[i] = (heng_field){NULL, NULL, false};
    if (node->kind != HENG_YAML_MAPPING) {
        heng_quote found = found_text(node);
        heng_diags_error(reader->diags, HENG_RULESET_E_TYPE,
                         heng_form_place(reader, heng_form_head(node)),
                         "found %s, expected %s %s: a mapping with keys", found.text,
                         article(what), what);
        return false;
    }
    for (size_t i = 0; i < node->count; i++) {
        const heng_yaml_pair *pair = &node->as.pairs[i];
        size_t at = find_key(keys, count, pair->key->text);
        if (at == count)
            unknown_key(reader, pair->key, what, keys, count);
        else if (ret[at].value == NULL) /* one that stands twice was reported */
            ret[at] = (heng_field){pair->key, pair->value, false};
    }
    for (size_t i = 0; i < count; i++) {
        if (keys[i].required && ret[i].value == NULL) {
            heng_diags_error(reader->diags, HENG_RULESET_E_MISSING,
                             heng_form_place(reader, heng_form_head(node)),
                             "this %s has no `%s`, which it must have", what,
                             keys[i].name);
        }
    }
    return true;
}

/* ---- lists ---- */

bool heng_form_list(heng_reader *reader, heng_field field, size_t least) {
    if (field.value == NULL)
        return false;
    heng_quote label = heng_form_label(field);
    size_t count = field.value->count;
    if (field.value->kind != HENG_YAML_LIST) {
        wrong_type(reader, field, "a list");
        return false;
    }
    if (count < least) {
        heng_diags_error(reader->diags, HENG_RULESET_E_EMPTY,
                         heng_form_place(reader, heng_form_spot(field)),
                         "%s has %zu item%s, expected at least %zu", label.text, count,
                         count == 1 ? "" : "s", least);
        return false;
    }
    if (count > HENG_LIMIT_LIST_ITEMS) {
        heng_diags_error(reader->diags, HENG_RULESET_E_LONG,
                         heng_form_place(reader, heng_form_spot(field)),
                         "%s has %zu items, expected at most %zu", label.text, count,
                         HENG_LIMIT_LIST_ITEMS);
        return false;
    }
    return true;
}

heng_field heng_form_item(heng_field list, size_t i) {
    return (heng_field){list.key, list.value->as.items[i], true};
}

bool heng_form_names(heng_reader *reader, heng_field field, size_t least,
                     bool (*get)(heng_reader *, heng_field, heng_str *),
                     heng_str **ret_names, size_t *ret_count) {
    if (!heng_form_list(reader, field, least))
        return false;
    heng_str *names = heng_form_alloc(reader, field.value->count, sizeof *names);
    if (names == NULL)
        return false;
    size_t count = 0;
    bool all = true;
    for (size_t i = 0; i < field.value->count; i++) {
        heng_field item = heng_form_item(field, i);
        if (!get(reader, item, &names[count])) {
            all = false;
            continue;
        }
        bool twice = false;
        for (size_t j = 0; j < count && !twice; j++)
            twice = heng_str_equal(names[j], names[count]);
        if (twice) {
            heng_diags_error(reader->diags, HENG_RULESET_E_REPEATED,
                             heng_form_place(reader, heng_form_spot(item)),
                             "`%s` stands twice in `%s`, expected once",
                             heng_form_quote(names[count]).text,
                             heng_form_quote(field.key->text).text);
            continue;
        }
        count++;
    }
    *ret_names = names;
    *ret_count = count;
    return all;
}

/* ---- texts ---- */

static bool is_scalar(heng_reader *reader, heng_field field, const char *expected) {
    if (field.value == NULL)
        return false;
    if (field.value->kind != HENG_YAML_SCALAR || heng_yaml_is_null(field.value)) {
        wrong_type(reader, field, expected);
        return false;
    }
    return true;
}

static bool is_text(heng_reader *reader, heng_field field, const char *expected) {
    if (!is_scalar(reader, field, expected))
        return false;
    if (heng_yaml_is_bool(field.value)) {
        wrong_type(reader, field, expected);
        heng_diags_help(reader->diags, "put it between quotes to make it a text");
        return false;
    }
    return true;
}

bool heng_form_text(heng_reader *reader, heng_field field, heng_str *ret) {
    if (!is_text(reader, field, "a text"))
        return false;
    heng_str text = field.value->text;
    heng_quote label = heng_form_label(field);
    if (text.len == 0) {
        heng_diags_error(reader->diags, HENG_RULESET_E_EMPTY,
                         heng_form_place(reader, heng_form_spot(field)),
                         "%s is empty, expected a text", label.text);
        return false;
    }
    if (text.len > HENG_LIMIT_TEXT_BYTES) {
        heng_diags_error(reader->diags, HENG_RULESET_E_LONG,
                         heng_form_place(reader, heng_form_spot(field)),
                         "%s has %zu bytes, expected at most %zu", label.text, text.len,
                         HENG_LIMIT_TEXT_BYTES);
        return false;
    }
    *ret = text;
    return true;
}

bool heng_form_texts(heng_reader *reader, heng_field field, heng_text *ret) {
    static const heng_form_key KEYS[] = {{"zh", false}, {"en", false}};
    heng_field fields[COUNT(KEYS)];
    heng_text texts = {{NULL, 0}, {NULL, 0}};
    if (field.value == NULL)
        return false;
    if (field.value->kind == HENG_YAML_SCALAR) {
        if (!heng_form_text(reader, field, &texts.zh))
            return false;
        texts.en = texts.zh;
        *ret = texts;
        return true;
    }
    if (field.value->kind == HENG_YAML_LIST) {
        wrong_type(reader, field, "a text, or texts as `{zh: …, en: …}`");
        return false;
    }
    (void)heng_form_open(reader, field.value, "text for people", KEYS, COUNT(KEYS),
                         fields);
    if (fields[0].value == NULL && fields[1].value == NULL) {
        heng_diags_error(reader->diags, HENG_RULESET_E_EMPTY,
                         heng_form_place(reader, heng_form_spot(field)),
                         "%s has no text, expected `zh`, `en` or both",
                         heng_form_label(field).text);
        return false;
    }
    bool zh = heng_form_text(reader, fields[0], &texts.zh);
    bool en = heng_form_text(reader, fields[1], &texts.en);
    if (!zh && !en)
        return false;
    *ret = texts;
    return true;
}

bool heng_form_is_id(heng_str text) {
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = c >= 'a' && c <= 'z';
        bool later = (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
        if (!letter && (i == 0 || !later))
            return false;
    }
    return text.len > 0 && text.len <= HENG_LIMIT_ID_BYTES;
}

bool heng_form_id(heng_reader *reader, heng_field field, heng_str *ret) {
    if (!is_text(reader, field, "an id"))
        return false;
    heng_str text = field.value->text;
    heng_quote label = heng_form_label(field);
    if (text.len > HENG_LIMIT_ID_BYTES) {
        heng_diags_error(reader->diags, HENG_RULESET_E_LONG,
                         heng_form_place(reader, heng_form_spot(field)),
                         "%s has %zu bytes, expected at most %zu", label.text, text.len,
                         HENG_LIMIT_ID_BYTES);
        return false;
    }
    if (!heng_form_is_id(text)) {
        heng_diags_error(reader->diags, HENG_RULESET_E_ID,
                         heng_form_place(reader, heng_form_spot(field)),
                         "%s is %s, expected a small letter, then small letters, "
                         "digits, `_`, `.` or `-`",
                         label.text,
                         text.len == 0 ? "empty" : found_text(field.value).text);
        return false;
    }
    *ret = text;
    return true;
}

bool heng_form_region(heng_reader *reader, heng_field field, heng_str *ret) {
    enum { REGION_DIGITS = 12 }; /* down to the village */
    if (!is_text(reader, field, "digits of GB/T 2260"))
        return false;
    heng_str text = field.value->text;
    bool good = text.len > 0 && text.len <= REGION_DIGITS;
    for (size_t i = 0; i < text.len; i++)
        good = good && text.ptr[i] >= '0' && text.ptr[i] <= '9';
    if (!good) {
        heng_diags_error(reader->diags, HENG_RULESET_E_REGION,
                         heng_form_place(reader, heng_form_spot(field)),
                         "%s is `%s`, expected digits of GB/T 2260, such as `430000` "
                         "or `43`",
                         heng_form_label(field).text, heng_form_quote(text).text);
        return false;
    }
    *ret = text;
    return true;
}

/* Area/City[/Part] of letters, digits, `_`, `+`, `-`; whether the system knows it is
 * seen when it is used. */
static bool is_zone(heng_str text) {
    enum { ZONE_BYTES = 64 };
    bool starts = true;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        bool later = (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-';
        if (c == '/' && !starts) {
            starts = true;
            continue;
        }
        if (!letter && (starts || !later))
            return false;
        starts = false;
    }
    return text.len > 0 && text.len <= ZONE_BYTES && !starts;
}

bool heng_form_zone(heng_reader *reader, heng_field field, heng_str *ret) {
    if (!is_text(reader, field, "an IANA time zone"))
        return false;
    if (!is_zone(field.value->text)) {
        heng_diags_error(reader->diags, HENG_RULESET_E_ZONE,
                         heng_form_place(reader, heng_form_spot(field)),
                         "%s is `%s`, expected an IANA time zone, such as "
                         "`Asia/Shanghai`",
                         heng_form_label(field).text,
                         heng_form_quote(field.value->text).text);
        return false;
    }
    *ret = field.value->text;
    return true;
}

/* ---- days, words ---- */

bool heng_form_date(heng_reader *reader, heng_field field, heng_date *ret) {
    heng_date date = 0;
    if (!is_text(reader, field, "a date"))
        return false;
    if (!heng_date_parse(field.value->text, &date)) {
        heng_diags_error(reader->diags, HENG_RULESET_E_DATE,
                         heng_form_place(reader, heng_form_spot(field)),
                         "%s is `%s`, expected a day as YYYY-MM-DD, from 1900-01-01 to "
                         "2200-12-31",
                         heng_form_label(field).text,
                         heng_form_quote(field.value->text).text);
        return false;
    }
    *ret = date;
    return true;
}

bool heng_form_period(heng_reader *reader, heng_field field, heng_period *ret) {
    heng_period period = {0, 0};
    if (!is_text(reader, field, "a period"))
        return false;
    heng_str text = field.value->text;
    if (text.len == 0 || text.ptr[0] == '-' || !heng_period_parse(text, &period)) {
        heng_diags_error(reader->diags, HENG_RULESET_E_PERIOD,
                         heng_form_place(reader, heng_form_spot(field)),
                         "%s is `%s`, expected a period such as `P3Y`, `P6M`, `P2W` or "
                         "`P60D`",
                         heng_form_label(field).text, heng_form_quote(text).text);
        return false;
    }
    *ret = period;
    return true;
}

bool heng_form_bool(heng_reader *reader, heng_field field, bool *ret) {
    if (field.value == NULL)
        return false;
    bool plain =
        field.value->kind == HENG_YAML_SCALAR && field.value->style == HENG_YAML_PLAIN;
    if (plain && heng_str_equal(field.value->text, HENG_STR("true"))) {
        *ret = true;
    } else if (plain && heng_str_equal(field.value->text, HENG_STR("false"))) {
        *ret = false;
    } else {
        heng_quote label = heng_form_label(field);
        heng_quote found = found_text(field.value);
        heng_diags_error(reader->diags, HENG_RULESET_E_TYPE,
                         heng_form_place(reader, heng_form_spot(field)),
                         "%s is %s, expected `true` or `false` without quotes",
                         label.text, found.text);
        return false;
    }
    return true;
}

static bool choose(heng_reader *reader, heng_field field, const heng_str *words,
                   size_t count, size_t *ret) {
    if (!is_text(reader, field, "a word"))
        return false;
    heng_str text = field.value->text;
    for (size_t i = 0; i < count; i++) {
        if (heng_str_equal(words[i], text)) {
            *ret = i;
            return true;
        }
    }
    heng_diags_error(reader->diags, HENG_RULESET_E_WORD,
                     heng_form_place(reader, heng_form_spot(field)),
                     "%s is `%s`, which is none of the words it can be",
                     heng_form_label(field).text, heng_form_quote(text).text);
    if (!heng_form_hint(reader, text, words, count))
        help_with_list(reader, "expected", words, count);
    return false;
}

enum { WORDS_MAX = 16 }; /* of the largest vocabulary */

bool heng_form_word(heng_reader *reader, heng_field field, heng_vocabulary vocabulary,
                    int *ret) {
    const heng_words *vocabulary_words = heng_kind_words(vocabulary);
    heng_str words[WORDS_MAX];
    int values[WORDS_MAX];
    size_t count = 0;
    size_t index = 0;
    for (size_t i = 0; i < vocabulary_words->count && count < WORDS_MAX; i++) {
        const heng_word *word = &vocabulary_words->items[i];
        if (word->word[0] == '\0') /* stands for "none", cannot be written */
            continue;
        words[count] = heng_str_of(word->word);
        values[count++] = word->value;
    }
    if (!choose(reader, field, words, count, &index))
        return false;
    *ret = values[index];
    return true;
}

bool heng_form_choice(heng_reader *reader, heng_field field, const char *const *words,
                      size_t count, size_t *ret) {
    heng_str list[WORDS_MAX];
    for (size_t i = 0; i < count && i < WORDS_MAX; i++)
        list[i] = heng_str_of(words[i]);
    return choose(reader, field, list, count < WORDS_MAX ? count : WORDS_MAX, ret);
}

bool heng_form_check_days(heng_reader *reader, heng_field to, heng_date from_day,
                          heng_date to_day) {
    if (to.value == NULL || to_day >= from_day)
        return true;
    char from_text[HENG_DATE_TEXT_BYTES];
    char to_text[HENG_DATE_TEXT_BYTES];
    heng_date_format(from_day, from_text);
    heng_date_format(to_day, to_text);
    heng_diags_error(reader->diags, HENG_RULESET_E_ORDER,
                     heng_form_place(reader, heng_form_spot(to)),
                     "`to` is %s, before `from`, which is %s; the last day is included",
                     to_text, from_text);
    return false;
}
