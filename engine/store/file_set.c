/* SPDX-License-Identifier: Apache-2.0 */
/* file_set.c: packing files into one value, and going through one. */
#include "store/file_set.h"

#include <string.h>

#include "base/limits.h"
#include "model/flat.h"

enum { COUNT_BYTES = 4, HEAD_BYTES = 8 };

static const heng_pos NOWHERE = {0, 0};

static void put_u32(char *at, size_t value) {
    uint32_t number = (uint32_t)value;
    memcpy(at, &number, sizeof number);
}

static size_t u32_at(heng_str set, size_t at) {
    return heng_flat_u32((const uint8_t *)set.ptr + at);
}

static char *put_text(char *at, heng_str text) {
    if (text.len > 0) {
        memcpy(at, text.ptr, text.len);
    }
    return at + text.len;
}

heng_status heng_file_set_pack(const heng_file_set_item *items, size_t count,
                               heng_arena *arena, heng_str *ret_set,
                               heng_error *reterr) {
    size_t texts = 0;
    size_t size = COUNT_BYTES;
    bool fits = count <= HENG_LIMIT_RULESET_FILES;
    for (size_t i = 0; i < count && fits;
         i++) { /* no sum can wrap: each part is capped */
        fits = items[i].name.len <= HENG_LIMIT_PATH_BYTES &&
               items[i].text.len <= HENG_LIMIT_RULESET_BYTES - texts;
        if (fits) {
            texts += items[i].text.len;
            size += HEAD_BYTES + items[i].name.len + items[i].text.len;
        }
    }
    if (!fits)
        return heng_error_set(reterr, HENG_ERR_LIMIT, "", NOWHERE,
                              "the files are too many or too large to be kept: at most "
                              "%zu files, %zu bytes in all, %zu of a name",
                              HENG_LIMIT_RULESET_FILES, HENG_LIMIT_RULESET_BYTES,
                              HENG_LIMIT_PATH_BYTES);
    char *set = heng_arena_alloc(arena, size);
    if (set == NULL)
        return heng_error_nomem(reterr);
    char *at = set;
    put_u32(at, count);
    at += COUNT_BYTES;
    for (size_t i = 0; i < count; i++) {
        put_u32(at, items[i].name.len);
        put_u32(at + 4, items[i].text.len);
        at = put_text(at + HEAD_BYTES, items[i].name);
        at = put_text(at, items[i].text);
    }
    *ret_set = (heng_str){set, size};
    return HENG_OK;
}

bool heng_file_set_check(heng_str set) {
    if (set.len < COUNT_BYTES || u32_at(set, 0) > HENG_LIMIT_RULESET_FILES)
        return false;
    size_t left = set.len - COUNT_BYTES;
    size_t texts = 0;
    for (size_t i = u32_at(set, 0); i > 0; i--) {
        if (left < HEAD_BYTES)
            return false;
        size_t name = u32_at(set, set.len - left);
        size_t text = u32_at(set, set.len - left + 4);
        left -= HEAD_BYTES;
        if (name > HENG_LIMIT_PATH_BYTES || text > HENG_LIMIT_RULESET_BYTES - texts ||
            name > left || text > left - name)
            return false;
        texts += text;
        left -= name + text;
    }
    return left == 0;
}

size_t heng_file_set_count(heng_str set) {
    return u32_at(set, 0);
}

bool heng_file_set_next(heng_str set, size_t *at, heng_file_set_item *ret_item) {
    size_t head = *at == 0 ? COUNT_BYTES : *at;
    if (head >= set.len)
        return false;
    size_t name = u32_at(set, head);
    size_t text = u32_at(set, head + 4);
    ret_item->name = (heng_str){set.ptr + head + HEAD_BYTES, name};
    ret_item->text = (heng_str){set.ptr + head + HEAD_BYTES + name, text};
    *at = head + HEAD_BYTES + name + text;
    return true;
}

heng_digest heng_file_set_digest(heng_str set) {
    heng_digest_state state;
    heng_digest digest;
    heng_file_set_item item;
    heng_digest_init(&state);
    for (size_t at = 0; heng_file_set_next(set, &at, &item);) {
        heng_digest_update_str(&state, item.name);
        heng_digest_update_str(&state, item.text);
    }
    heng_digest_final(&state, &digest);
    return digest;
}
