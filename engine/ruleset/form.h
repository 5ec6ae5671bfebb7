/* SPDX-License-Identifier: Apache-2.0 */
/*
 * form.h: reading a YAML tree as what it should be: mappings with known keys, texts,
 * dates, periods, words. Each getter reports what is wrong, and then returns false and
 * leaves its output untouched; a field that is absent is false without a report (what
 * must be there is reported by heng_form_open). So a reader takes what is right, and
 * goes on.
 */
#ifndef HENG_RULESET_FORM_H
#define HENG_RULESET_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "heng/arena.h"
#include "heng/date.h"
#include "heng/diag.h"
#include "model/catalog.h"
#include "model/kind.h"
#include "ruleset/ruleset_codes.h"
#include "ruleset/yaml.h"

/** One file while it is read. */
typedef struct heng_form_file {
    heng_source *text;  /* where trees and linked things point to */
    heng_source *shown; /* a copy, where diagnostics point to: theirs to keep */
    heng_yaml_node *root;
} heng_form_file;

/** What all readers share. */
typedef struct heng_reader {
    heng_arena *arena; /* for all that is kept */
    heng_diags *diags;
    const heng_form_file *files;
    size_t file_count;
    bool nomem; /* memory ran out somewhere: what was read is not complete */
} heng_reader;

/** A value with the key it stands at, or an item with the key of its list. */
typedef struct heng_field {
    const heng_yaml_node *key;
    const heng_yaml_node *value; /* NULL: absent */
    bool is_item;
} heng_field;

typedef struct heng_form_key {
    const char *name;
    bool required;
} heng_form_key;

/** The place of a span for diagnostics. */
heng_span heng_form_place(const heng_reader *reader, heng_span span);

/** Where to point to for a node as a whole: a scalar, or the beginning of the rest. */
heng_span heng_form_head(const heng_yaml_node *node);

/** The same for the value of a field; its key where the value is empty. */
heng_span heng_form_spot(heng_field field);

/** A text of a file as messages quote it: on one line, cut where it is long. */
typedef struct heng_quote {
    char text[88];
} heng_quote;
heng_quote heng_form_quote(heng_str text);

/** "`title`", "an item of `tags`". */
heng_quote heng_form_label(heng_field field);

/** Adds "did you mean" to the diagnostic added last, where one of `names` is near. */
bool heng_form_hint(const heng_reader *reader, heng_str word, const heng_str *names,
                    size_t count);

/**
 * Reads a mapping: reports keys that are unknown or missing.
 *
 * @param what     "rule", for messages.
 * @param ret      `count` fields in order of `keys`.
 * @return false where it is no mapping.
 */
bool heng_form_open(heng_reader *reader, const heng_yaml_node *node, const char *what,
                    const heng_form_key *keys, size_t count, heng_field *ret);

/** A text that is not empty, at most HENG_LIMIT_TEXT_BYTES. Plain numbers are texts. */
bool heng_form_text(heng_reader *reader, heng_field field, heng_str *ret);

/** A text, or `{zh: …, en: …}` of which one may be left out. */
bool heng_form_texts(heng_reader *reader, heng_field field, heng_text *ret);

/** `[a-z][a-z0-9_.-]*`, at most HENG_LIMIT_ID_BYTES. */
bool heng_form_id(heng_reader *reader, heng_field field, heng_str *ret);
bool heng_form_is_id(heng_str text);

/** Digits of GB/T 2260 or a prefix of them. */
bool heng_form_region(heng_reader *reader, heng_field field, heng_str *ret);

bool heng_form_zone(heng_reader *reader, heng_field field, heng_str *ret);
bool heng_form_date(heng_reader *reader, heng_field field, heng_date *ret);
/** Never negative. */
bool heng_form_period(heng_reader *reader, heng_field field, heng_period *ret);
bool heng_form_bool(heng_reader *reader, heng_field field, bool *ret);
bool heng_form_word(heng_reader *reader, heng_field field, heng_vocabulary vocabulary,
                    int *ret);

/** One of `words`. Gives its index. */
bool heng_form_choice(heng_reader *reader, heng_field field, const char *const *words,
                      size_t count, size_t *ret);

/** A list of `least` to HENG_LIMIT_LIST_ITEMS items. */
bool heng_form_list(heng_reader *reader, heng_field field, size_t least);

/** Item `i` of a list that heng_form_list accepted. */
heng_field heng_form_item(heng_field list, size_t i);

/** A list of texts, each read by `get`, none twice. */
bool heng_form_names(heng_reader *reader, heng_field field, size_t least,
                     bool (*get)(heng_reader *, heng_field, heng_str *),
                     heng_str **ret_names, size_t *ret_count);

/** Zeroed memory in the arena; NULL (and reader->nomem) where there is none. `count` 0
 * gives a pointer too. */
void *heng_form_alloc(heng_reader *reader, size_t count, size_t size);

/** `from` to `to`, both included: reports an end before its beginning. */
bool heng_form_check_days(heng_reader *reader, heng_field to, heng_date from_day,
                          heng_date to_day);

#endif
