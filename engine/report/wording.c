/* SPDX-License-Identifier: Apache-2.0 */
/* wording.c: looking phrases up, and filling them in. */
#include "report/wording.h"

#include <assert.h>
#include <string.h>

static const struct heng_phrase {
    const char *zh, *en;
} PHRASES[] = {
#define X(id, zh, en) [id] = {zh, en},
    HENG_WORDING_MAP(X)
#undef X
};

heng_str heng_wording_get(heng_lang lang, heng_say say) {
    const struct heng_phrase *phrase = &PHRASES[say];
    return heng_str_of(lang == HENG_LANG_EN ? phrase->en : phrase->zh);
}

/* The text that `{n}` at `at` stands for, or NULL where there is no such place. */
static const heng_str *place_at(heng_str phrase, size_t at, const heng_str *texts,
                                size_t count) {
    if (at + 2 >= phrase.len || phrase.ptr[at] != '{' || phrase.ptr[at + 2] != '}')
        return NULL;
    size_t index = (size_t)(phrase.ptr[at + 1] - '0');
    assert(index < count);
    return index < count ? &texts[index] : NULL;
}

heng_str heng_wording_fill(heng_arena *arena, heng_lang lang, heng_say say,
                           const heng_str *texts, size_t count) {
    const heng_str failed = {NULL, 1};
    heng_str phrase = heng_wording_get(lang, say);
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        if (texts[i].ptr == NULL && texts[i].len > 0)
            return failed;
    }
    for (size_t at = 0; at < phrase.len; at++) {
        const heng_str *text = place_at(phrase, at, texts, count);
        len += text == NULL ? 1 : text->len;
        at += text == NULL ? 0 : 2;
    }
    char *out = heng_arena_alloc(arena, len + 1);
    if (out == NULL)
        return failed;
    size_t to = 0;
    for (size_t at = 0; at < phrase.len; at++) {
        const heng_str *text = place_at(phrase, at, texts, count);
        if (text == NULL) {
            out[to++] = phrase.ptr[at];
            continue;
        }
        if (text->len > 0)
            memcpy(out + to, text->ptr, text->len);
        to += text->len;
        at += 2;
    }
    out[to] = '\0';
    return (heng_str){out, to};
}
