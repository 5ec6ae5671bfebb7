/* SPDX-License-Identifier: Apache-2.0 */
/* import_json.c: `{"type": …}` to keys, attributes and links. */
#include "store/import_json.h"

#include <string.h>

#include "base/limits.h"
#include "store/json_line.h"

/* A list that grows in an arena, whatever it is made of. */
static void *grow(heng_arena *arena, void *items, size_t count, size_t *room,
                  size_t item_bytes) {
    if (count < *room)
        return items;
    size_t new_room = *room == 0 ? 4 : *room * 2;
    void *grown = heng_arena_alloc(arena, new_room * item_bytes);
    if (grown != NULL && count > 0) {
        memcpy(grown, items, count * item_bytes);
    }
    if (grown != NULL) {
        *room = new_room;
    }
    return grown;
}

/* `["a", "b"]` of an attribute. */
static heng_status read_items(heng_json_line *json, heng_line_value *value) {
    size_t room = 0;
    value->form = HENG_LINE_LIST;
    value->at = json->at;
    heng_status status = heng_json_line_take(json, '[', "to begin a list");
    if (status != HENG_OK)
        return status;
    if (heng_json_line_skip(json, ']'))
        return HENG_OK;
    do {
        if (value->item_count == HENG_LIMIT_LIST_ITEMS)
            return heng_json_line_fail(json, json->at, "too many items in a list");
        value->items = grow(json->arena, value->items, value->item_count, &room,
                            sizeof *value->items);
        if (value->items == NULL)
            return HENG_ERR_NOMEM;
        status = heng_json_line_value(json, &value->items[value->item_count]);
        if (status != HENG_OK)
            return status;
        value->item_count++;
    } while (heng_json_line_skip(json, ','));
    return heng_json_line_take(json, ']', "to end the list");
}

static heng_status read_attributes(heng_json_line *json, heng_line *line) {
    size_t room = 0;
    heng_status status = heng_json_line_take(json, '{', "to begin the attributes");
    if (status != HENG_OK || heng_json_line_skip(json, '}'))
        return status;
    do {
        if (line->attribute_count == HENG_LIMIT_ATTRIBUTES)
            return heng_json_line_fail(json, json->at, "too many attributes");
        line->attributes = grow(json->arena, line->attributes, line->attribute_count,
                                &room, sizeof *line->attributes);
        if (line->attributes == NULL)
            return HENG_ERR_NOMEM;
        heng_line_attribute *attribute = &line->attributes[line->attribute_count];
        *attribute = (heng_line_attribute){0};
        (void)heng_json_line_peek(json);
        size_t key_at = json->at;
        status = heng_json_line_text(json, &attribute->name);
        if (status != HENG_OK)
            return status;
        for (size_t i = 0; i < line->attribute_count; i++) {
            if (heng_str_equal(line->attributes[i].name, attribute->name))
                return heng_json_line_fail(json, key_at,
                                           "this attribute is there twice");
        }
        status = heng_json_line_take(json, ':', "after a key");
        if (status == HENG_OK) {
            status = heng_json_line_peek(json) == '['
                         ? read_items(json, &attribute->value)
                         : heng_json_line_value(json, &attribute->value);
        }
        if (status != HENG_OK)
            return status;
        line->attribute_count++;
    } while (heng_json_line_skip(json, ','));
    return heng_json_line_take(json, '}', "to end the attributes");
}

/* `{"role": …, "id": …}` */
static heng_status read_link(heng_json_line *json, bool has_days,
                             heng_line_link *link) {
    heng_status status = heng_json_line_take(json, '{', "to begin an object");
    link->at = json->at;
    if (status != HENG_OK || heng_json_line_skip(json, '}'))
        return status;
    do {
        heng_str key;
        (void)heng_json_line_peek(json);
        size_t key_at = json->at;
        status = heng_json_line_text(json, &key);
        if (status != HENG_OK)
            return status;
        heng_line_value *value = NULL;
        if (heng_str_equal(key, HENG_STR("role"))) {
            value = &link->role;
        } else if (heng_str_equal(key, HENG_STR("id"))) {
            value = &link->id;
        } else if (has_days && heng_str_equal(key, HENG_STR("from"))) {
            value = &link->from;
        } else if (has_days && heng_str_equal(key, HENG_STR("to"))) {
            value = &link->to;
        }
        if (value == NULL)
            return heng_json_line_fail(
                json, key_at,
                has_days ? "unknown key; a relation has `role`, `id`, `from` and `to`"
                         : "unknown key; a party has `role` and `id`");
        if (value->form != HENG_LINE_ABSENT)
            return heng_json_line_fail(json, key_at, "this key is there twice");
        status = heng_json_line_take(json, ':', "after a key");
        if (status == HENG_OK) {
            status = heng_json_line_value(json, value);
        }
        if (status != HENG_OK)
            return status;
    } while (heng_json_line_skip(json, ','));
    return heng_json_line_take(json, '}', "to end the object");
}

static heng_status read_links(heng_json_line *json, bool has_days,
                              heng_line_link **ret_links, size_t *ret_count) {
    heng_line_link *links = NULL;
    size_t count = 0;
    size_t room = 0;
    heng_status status = heng_json_line_take(json, '[', "to begin a list");
    if (status != HENG_OK || heng_json_line_skip(json, ']'))
        return status;
    do {
        if (count == (has_days ? HENG_LIMIT_RELATIONS : HENG_LIMIT_PARTIES))
            return heng_json_line_fail(json, json->at, "too many items in the list");
        links = grow(json->arena, links, count, &room, sizeof *links);
        if (links == NULL)
            return HENG_ERR_NOMEM;
        links[count] = (heng_line_link){0};
        status = read_link(json, has_days, &links[count]);
        if (status != HENG_OK)
            return status;
        count++;
    } while (heng_json_line_skip(json, ','));
    status = heng_json_line_take(json, ']', "to end the list");
    *ret_links = links;
    *ret_count = count;
    return status;
}

static heng_status read_value(heng_json_line *json, heng_line_key key,
                              heng_line *line) {
    heng_line_value *value = &line->values[key];
    char first = heng_json_line_peek(json);
    size_t at = json->at;
    heng_status status;
    if (key == HENG_LINE_ATTRIBUTES && first == '{') {
        status = read_attributes(json, line);
        value->form = HENG_LINE_OBJECT;
    } else if (key == HENG_LINE_RELATIONS && first == '[') {
        status = read_links(json, true, &line->relations, &line->relation_count);
        value->form = HENG_LINE_LIST;
    } else if (key == HENG_LINE_PARTIES && first == '[') {
        status = read_links(json, false, &line->parties, &line->party_count);
        value->form = HENG_LINE_LIST;
    } else {
        return heng_json_line_value(json, value);
    }
    value->at = at;
    return status;
}

/* One `"key": value` of the line. */
static heng_status read_pair(heng_json_line *json, heng_line *line) {
    heng_str word;
    (void)heng_json_line_peek(json);
    size_t at = json->at;
    heng_status status = heng_json_line_text(json, &word);
    if (status != HENG_OK)
        return status;
    heng_line_key key = heng_line_find(word);
    json->field = key == HENG_LINE_KEY_COUNT ? "" : heng_line_word(key);
    status = heng_json_line_take(json, ':', "after a key");
    if (status != HENG_OK)
        return status;
    if (key == HENG_LINE_KEY_COUNT) {
        heng_line_value ignored;
        if (line->unknown.ptr == NULL) {
            line->unknown = word;
            line->unknown_at = at;
        }
        return heng_json_line_value(json, &ignored);
    }
    if (line->values[key].form != HENG_LINE_ABSENT)
        return heng_json_line_fail(json, at, "this key is there twice");
    return read_value(json, key, line);
}

heng_status heng_import_json_read(heng_str text, heng_arena *arena, heng_line *ret_line,
                                  heng_line_fault *ret_fault) {
    heng_json_line json;
    memset(ret_line, 0, sizeof *ret_line);
    ret_line->text = text;
    heng_status status = heng_json_line_start(&json, text, arena, ret_fault);
    if (status == HENG_OK) {
        status = heng_json_line_take(&json, '{', "to begin an object");
    }
    if (status != HENG_OK)
        return status;
    if (!heng_json_line_skip(&json, '}')) {
        do {
            status = read_pair(&json, ret_line);
            if (status != HENG_OK)
                return status;
            json.field = "";
        } while (heng_json_line_skip(&json, ','));
        status = heng_json_line_take(&json, '}', "to end the object, or `,`");
        if (status != HENG_OK)
            return status;
    }
    (void)heng_json_line_peek(&json);
    return json.at == text.len
               ? HENG_OK
               : heng_json_line_fail(&json, json.at,
                                     "expected nothing after the object");
}
