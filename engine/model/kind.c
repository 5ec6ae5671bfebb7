/* SPDX-License-Identifier: Apache-2.0 */
/* kind.c: the tables behind kind.h, made from its maps. */
#include "model/kind.h"

#include <stddef.h>

/* Keeps the maps' numbers and the words in one place: kind.h. */
#define ITEM(constant, number, text, chinese, english)                                 \
    {.value = (constant), .word = (text), .zh = (chinese), .en = (english)},

static const heng_word SUBJECT_KINDS[] = {HENG_SUBJECT_KIND_MAP(ITEM)};
static const heng_word CAPACITIES[] = {HENG_CAPACITY_MAP(ITEM)};
static const heng_word RECORD_STATUSES[] = {HENG_RECORD_STATUS_MAP(ITEM)};
static const heng_word NATURES[] = {HENG_NATURE_MAP(ITEM)};
static const heng_word GRAVITIES[] = {HENG_GRAVITY_MAP(ITEM)};
static const heng_word INFORMATION[] = {HENG_INFORMATION_MAP(ITEM)};
static const heng_word ATTRIBUTE_TYPES[] = {HENG_ATTRIBUTE_TYPE_MAP(ITEM)};
static const heng_word MEASURE_KINDS[] = {HENG_MEASURE_KIND_MAP(ITEM)};
static const heng_word EFFECTS[] = {HENG_EFFECT_MAP(ITEM)};
static const heng_word FORCES[] = {HENG_FORCE_MAP(ITEM)};
static const heng_word LEVELS[] = {HENG_LEVEL_MAP(ITEM)};

#define TABLE(text, array)                                                             \
    { (text), (array), sizeof(array) / sizeof((array)[0]) }

/* indexed by heng_vocabulary */
static const heng_words TABLES[] = {
    [HENG_WORDS_SUBJECT_KIND] = TABLE("subject kind", SUBJECT_KINDS),
    [HENG_WORDS_CAPACITY] = TABLE("capacity", CAPACITIES),
    [HENG_WORDS_RECORD_STATUS] = TABLE("record status", RECORD_STATUSES),
    [HENG_WORDS_NATURE] = TABLE("nature", NATURES),
    [HENG_WORDS_GRAVITY] = TABLE("severity", GRAVITIES),
    [HENG_WORDS_INFORMATION] = TABLE("information", INFORMATION),
    [HENG_WORDS_ATTRIBUTE_TYPE] = TABLE("attribute type", ATTRIBUTE_TYPES),
    [HENG_WORDS_MEASURE_KIND] = TABLE("measure kind", MEASURE_KINDS),
    [HENG_WORDS_EFFECT] = TABLE("effect", EFFECTS),
    [HENG_WORDS_FORCE] = TABLE("force", FORCES),
    [HENG_WORDS_LEVEL] = TABLE("level", LEVELS),
};

const heng_words *heng_kind_words(heng_vocabulary vocabulary) {
    return &TABLES[vocabulary];
}

bool heng_kind_find(heng_vocabulary vocabulary, heng_str word, int *ret_value) {
    const heng_words *words = &TABLES[vocabulary];
    for (size_t i = 0; i < words->count; i++) {
        heng_str known = heng_str_of(words->items[i].word);
        if (known.len != 0 && heng_str_equal(known, word)) {
            *ret_value = words->items[i].value;
            return true;
        }
    }
    return false;
}

const heng_word *heng_kind_word(heng_vocabulary vocabulary, int value) {
    const heng_words *words = &TABLES[vocabulary];
    for (size_t i = 0; i < words->count; i++) {
        if (words->items[i].value == value)
            return &words->items[i];
    }
    return NULL;
}
