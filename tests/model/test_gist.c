/* SPDX-License-Identifier: Apache-2.0 */
/* test_gist.c: a gist says of a subject what its outline says, and whatever its bytes
 * are, what is made of it is well-formed. */
#include <stdlib.h>
#include <string.h>

#include "support/check.h"

#include "model/flat.h"
#include "model/gist.h"

enum { MOST_ATTRIBUTES = 6, MOST_ITEMS = 3, ROUNDS = 400 };

static uint64_t state_of_chance = 88172645463325252U;

static unsigned below(unsigned bound) {
    state_of_chance ^= state_of_chance << 13;
    state_of_chance ^= state_of_chance >> 7;
    state_of_chance ^= state_of_chance << 17;
    return (unsigned)(state_of_chance % bound);
}

static heng_str words(void) {
    static const char *const TEXTS[] = {
        "",       "a",
        "active", "restructured",
        "430102", "一般纳税人",
        "E4710",  "a text of more than thirty-two bytes, all told"};
    return heng_str_of(TEXTS[below(COUNT(TEXTS))]);
}

static heng_flat_draft_attribute attribute(uint32_t name, heng_str *items) {
    heng_flat_draft_attribute made = {
        .name = name,
        .type = (heng_attribute_type)(HENG_ATTRIBUTE_BOOL + (int)below(6)),
        .number = (int64_t)below(2),
        .text = words(),
        .items = items,
        .item_count = below(MOST_ITEMS + 1)};
    for (size_t i = 0; i < made.item_count; i++)
        items[i] = words();
    if (made.type == HENG_ATTRIBUTE_INT || made.type == HENG_ATTRIBUTE_DECIMAL)
        made.number = (int64_t)state_of_chance;
    return made;
}

/* Owned by the caller. */
static uint8_t *subject(size_t *ret_len) {
    heng_str items[MOST_ATTRIBUTES][MOST_ITEMS];
    heng_flat_draft_attribute attributes[MOST_ATTRIBUTES];
    heng_flat_relation relation = {3, HENG_DATE_MIN, HENG_DATE_NONE,
                                   HENG_STR("P-000000001")};
    heng_draft_subject draft = {
        .kind = (heng_subject_kind)(HENG_LEGAL_PERSON + (int)below(3)),
        .capacity = (heng_capacity)below(3),
        .commit = 7,
        .established_on = below(3) == 0 ? HENG_DATE_NONE : (heng_date)below(20000),
        .name = HENG_STR("示例甲子商贸有限公司"),
        .region = words(),
        .industry = words(),
        .status = words(),
        .relations = &relation,
        .relation_count = below(2),
        .attributes = attributes,
        .attribute_count = below(MOST_ATTRIBUTES + 1)};
    for (uint32_t i = 0; i < draft.attribute_count; i++)
        attributes[i] = attribute(i * 3 + below(3), items[i]);
    *ret_len = heng_flat_subject_size(&draft);
    uint8_t *bytes = malloc(*ret_len);
    assert_non_null(bytes);
    heng_flat_write_subject(&draft, bytes);
    assert_true(heng_flat_check_subject(bytes, *ret_len));
    return bytes;
}

/* In memory of its own length, so that ASan sees its end. */
static uint8_t *gist_of(const uint8_t *bytes, size_t *ret_len) {
    uint8_t *room = malloc(heng_flat_u32(bytes));
    assert_non_null(room);
    *ret_len = heng_gist_write(bytes, room);
    assert_true(*ret_len > 0 && *ret_len <= heng_flat_u32(bytes));
    uint8_t *gist = malloc(*ret_len);
    assert_non_null(gist);
    memcpy(gist, room, *ret_len);
    free(room);
    return gist;
}

static uint8_t *expand(const uint8_t *gist, size_t len, size_t *ret_size) {
    size_t room = heng_gist_room(gist, len);
    uint8_t *outline = malloc(room);
    assert_non_null(outline);
    *ret_size = heng_gist_expand(gist, len, outline);
    assert_true(*ret_size <= room);
    if (*ret_size > 0)
        assert_true(heng_flat_check_subject(outline, *ret_size));
    return outline;
}

static void same_text(const uint8_t *a, const uint8_t *b, size_t at) {
    assert_true(heng_str_equal(heng_flat_text(a, at), heng_flat_text(b, at)));
}

static void same_attribute(const uint8_t *a, const uint8_t *b, size_t index) {
    const uint8_t *one = heng_flat_attribute_at(a, false, index);
    const uint8_t *two = heng_flat_attribute_at(b, false, index);
    assert_memory_equal(one, two, 8);
    if (one[4] == HENG_ATTRIBUTE_STRING) {
        assert_true(heng_str_equal(heng_flat_text(a, (size_t)(one - a) + 8),
                                   heng_flat_text(b, (size_t)(two - b) + 8)));
    } else if (one[4] == HENG_ATTRIBUTE_STRINGS) {
        size_t count = heng_flat_strings_count(a, one);
        assert_int_equal(heng_flat_strings_count(b, two), count);
        for (size_t i = 0; i < count; i++)
            assert_true(heng_str_equal(heng_flat_strings_at(a, one, i),
                                       heng_flat_strings_at(b, two, i)));
    } else {
        assert_memory_equal(one + 8, two + 8, 8);
    }
}

static bool lies_inside(heng_str text, const uint8_t *gist, size_t len) {
    const char *first = (const char *)gist;
    return text.ptr >= first && text.ptr + text.len <= first + len;
}

/* Whatever the bytes are, the texts of the head lie inside, or it is refused. */
static void read_head(const uint8_t *gist, size_t len) {
    heng_gist_head head = {0};
    if (!heng_gist_read_head(gist, len, &head))
        return;
    assert_true(lies_inside(head.region, gist, len));
    assert_true(lies_inside(head.industry, gist, len));
    assert_true(lies_inside(head.status, gist, len) ||
                heng_str_equal(head.status, HENG_STR("active")));
    assert_true(head.kind >= HENG_LEGAL_PERSON && head.kind <= HENG_NATURAL_PERSON);
}

static void same_head(const uint8_t *bytes, const uint8_t *gist, size_t len) {
    heng_gist_head head = {0};
    assert_true(heng_gist_read_head(gist, len, &head));
    assert_int_equal(head.kind, bytes[4]);
    assert_int_equal(head.capacity, bytes[5]);
    assert_true(
        heng_str_equal(head.region, heng_flat_text(bytes, HENG_FLAT_SUBJECT_REGION)));
    assert_true(heng_str_equal(head.industry,
                               heng_flat_text(bytes, HENG_FLAT_SUBJECT_INDUSTRY)));
    assert_true(
        heng_str_equal(head.status, heng_flat_text(bytes, HENG_FLAT_SUBJECT_STATUS)));
}

static void what_is_made_of_it_says_the_same(void **state) {
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t len = 0, gist_len = 0, size = 0;
        uint8_t *bytes = subject(&len);
        uint8_t *gist = gist_of(bytes, &gist_len);
        uint8_t *outline = expand(gist, gist_len, &size);
        size_t count = heng_flat_attribute_count(bytes, false);
        assert_true(size > 0);
        assert_memory_equal(bytes + 4, outline + 4, 2); /* kind and capacity */
        assert_int_equal(heng_flat_i32(bytes + 16), heng_flat_i32(outline + 16));
        assert_int_equal(heng_flat_text(outline, HENG_FLAT_SUBJECT_NAME).len, 0);
        same_text(bytes, outline, HENG_FLAT_SUBJECT_REGION);
        same_text(bytes, outline, HENG_FLAT_SUBJECT_INDUSTRY);
        same_text(bytes, outline, HENG_FLAT_SUBJECT_STATUS);
        assert_int_equal(heng_flat_relation_count(outline), 0);
        assert_int_equal(heng_flat_attribute_count(outline, false), count);
        for (size_t i = 0; i < count; i++)
            same_attribute(bytes, outline, i);
        same_head(bytes, gist, gist_len);
        free(outline);
        free(gist);
        free(bytes);
    }
}

static void no_damaged_byte_leads_outside(void **state) {
    (void)state;
    size_t refused = 0, taken = 0;
    for (int round = 0; round < 40; round++) {
        size_t len = 0, gist_len = 0, size = 0;
        uint8_t *bytes = subject(&len);
        uint8_t *gist = gist_of(bytes, &gist_len);
        for (size_t bit = 0; bit < gist_len * 8; bit++) {
            gist[bit / 8] = (uint8_t)(gist[bit / 8] ^ 1U << bit % 8);
            free(expand(gist, gist_len, &size)); /* checks it */
            refused += size == 0;
            taken += size != 0;
            read_head(gist, gist_len);
            gist[bit / 8] = (uint8_t)(gist[bit / 8] ^ 1U << bit % 8);
        }
        for (size_t cut = 0; cut < gist_len; cut++) {
            uint8_t *part = malloc(cut == 0 ? 1 : cut);
            assert_non_null(part);
            memcpy(part, gist, cut);
            free(expand(part, cut, &size));
            assert_int_equal(size, 0);
            read_head(part, cut);
            free(part);
        }
        free(gist);
        free(bytes);
    }
    assert_true(refused > 1000 && taken > 1000);
}

/* Of a text that is too long for two bytes. */
static void what_is_too_long_has_none(void **state) {
    (void)state;
    enum { LONGEST = 0xfffe };
    char *text = malloc(LONGEST + 1);
    assert_non_null(text);
    memset(text, 'x', LONGEST + 1);
    for (int which = 0; which < 8; which++) {
        heng_str part = {text, (size_t)LONGEST + (which >= 4)};
        heng_flat_draft_attribute one = {.name = 1, .type = HENG_ATTRIBUTE_STRING};
        heng_draft_subject draft = {.kind = HENG_LEGAL_PERSON,
                                    .established_on = HENG_DATE_NONE,
                                    .attributes = &one,
                                    .attribute_count = 1};
        *(which % 4 == 0   ? &draft.region
          : which % 4 == 1 ? &draft.industry
          : which % 4 == 2 ? &draft.status
                           : &one.text) = part;
        size_t len = heng_flat_subject_size(&draft), size = 0;
        uint8_t *bytes = malloc(len), *room = malloc(len);
        assert_true(bytes != NULL && room != NULL);
        heng_flat_write_subject(&draft, bytes);
        size_t gist_len = heng_gist_write(bytes, room);
        assert_int_equal(gist_len == 0, which >= 4);
        if (gist_len > 0) {
            free(expand(room, gist_len, &size));
            assert_int_equal(size, len);
        }
        free(bytes);
        free(room);
    }
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_made_of_it_says_the_same),
        cmocka_unit_test(no_damaged_byte_leads_outside),
        cmocka_unit_test(what_is_too_long_has_none),
    };
    return cmocka_run_group_tests_name("model/gist", tests, NULL, NULL);
}
