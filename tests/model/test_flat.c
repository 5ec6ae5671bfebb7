/* SPDX-License-Identifier: Apache-2.0 */
/* Flat objects read back as they were written, and damage is seen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/check.h"

#include "model/flat.h"

static uint64_t random_state = 88172645463325252U;

static uint64_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static heng_str random_text(char *buffer, size_t most) {
    size_t len = next_random() % (most + 1);
    for (size_t i = 0; i < len; i++) {
        buffer[i] = (char)('a' + next_random() % 26);
    }
    return (heng_str){buffer, len};
}

enum { MOST = 6, TEXT = 20 };

struct texts {
    char bytes[64][TEXT];
    size_t used;
};

static heng_str make_text(struct texts *texts) {
    return random_text(texts->bytes[texts->used++ % 64], TEXT);
}

static void make_attributes(struct texts *texts, heng_flat_draft_attribute *attributes,
                            size_t count, heng_str items[MOST][MOST]) {
    for (size_t i = 0; i < count; i++) {
        heng_flat_draft_attribute *attribute = &attributes[i];
        *attribute = (heng_flat_draft_attribute){
            .name = (uint32_t)((count - i) * 7 + next_random() % 7),
            .type = (heng_attribute_type)(1 + next_random() % 6)};
        if (attribute->type == HENG_ATTRIBUTE_BOOL) {
            attribute->number = (int64_t)(next_random() % 2);
        } else if (attribute->type == HENG_ATTRIBUTE_DATE) {
            attribute->number = (int64_t)(next_random() % 60000);
        } else {
            attribute->number = (int64_t)next_random();
        }
        attribute->text = make_text(texts);
        attribute->items = items[i];
        attribute->item_count = next_random() % MOST;
        for (size_t n = 0; n < attribute->item_count; n++) {
            items[i][n] = make_text(texts);
        }
    }
}

static void compare_attributes(const uint8_t *object, bool is_record,
                               const heng_flat_draft_attribute *attributes,
                               size_t count) {
    assert_int_equal(heng_flat_attribute_count(object, is_record), count);
    for (size_t i = 0; i < count; i++) {
        const heng_flat_draft_attribute *want = &attributes[i];
        const uint8_t *entry = heng_flat_attribute(object, is_record, want->name);
        assert_non_null(entry);
        assert_int_equal(entry[4], want->type);
        if (want->type == HENG_ATTRIBUTE_STRING) {
            assert_true(heng_str_equal(
                heng_flat_text(object, (size_t)(entry - object) + 8), want->text));
        } else if (want->type == HENG_ATTRIBUTE_STRINGS) {
            assert_int_equal(heng_flat_strings_count(object, entry), want->item_count);
            for (size_t n = 0; n < want->item_count; n++) {
                assert_true(heng_str_equal(heng_flat_strings_at(object, entry, n),
                                           want->items[n]));
            }
        } else {
            assert_true(heng_flat_i64(entry + 8) == want->number);
        }
        if (i > 0) {
            assert_true(
                heng_flat_u32(heng_flat_attribute_at(object, is_record, i - 1)) <
                heng_flat_u32(heng_flat_attribute_at(object, is_record, i)));
        }
    }
    assert_null(heng_flat_attribute(object, is_record, 9999));
    assert_null(heng_flat_attribute(object, is_record, 0));
}

struct subject {
    struct texts texts;
    heng_flat_relation relations[MOST];
    heng_flat_draft_attribute attributes[MOST];
    heng_str items[MOST][MOST];
    heng_draft_subject draft;
};

static void make_subject(struct subject *made) {
    memset(made, 0, sizeof *made);
    size_t relations = next_random() % MOST;
    size_t attributes = next_random() % MOST;
    make_attributes(&made->texts, made->attributes, attributes, made->items);
    for (size_t i = 0; i < relations; i++) {
        made->relations[i] =
            (heng_flat_relation){.role = (uint32_t)next_random(),
                                 .from = next_random() % 2 == 0 ? HENG_DATE_MIN : 1000,
                                 .to = next_random() % 2 == 0 ? HENG_DATE_NONE : 2000,
                                 .id = make_text(&made->texts)};
    }
    made->draft =
        (heng_draft_subject){.kind = (heng_subject_kind)(1 + next_random() % 4),
                             .capacity = (heng_capacity)(next_random() % 3),
                             .commit = next_random(),
                             .established_on = HENG_DATE_NONE,
                             .name = make_text(&made->texts),
                             .region = make_text(&made->texts),
                             .industry = make_text(&made->texts),
                             .status = make_text(&made->texts),
                             .relations = made->relations,
                             .relation_count = relations,
                             .attributes = made->attributes,
                             .attribute_count = attributes};
}

static uint8_t *encode_subject(struct subject *made, size_t *ret_len) {
    *ret_len = heng_flat_subject_size(&made->draft);
    uint8_t *bytes = malloc(*ret_len); /* exactly: ASan sees a byte too many */
    assert_non_null(bytes);
    heng_flat_write_subject(&made->draft, bytes);
    return bytes;
}

static void subjects_read_back(void **state) {
    (void)state;
    for (int round = 0; round < 500; round++) {
        struct subject made;
        size_t len = 0;
        make_subject(&made);
        uint8_t *bytes = encode_subject(&made, &len);
        const heng_draft_subject *draft = &made.draft;
        assert_int_equal(heng_flat_u32(bytes), len);
        assert_true(heng_flat_check_subject(bytes, len));
        assert_int_equal(bytes[4], draft->kind);
        assert_int_equal(bytes[5], draft->capacity);
        assert_true(heng_flat_u64(bytes + HENG_FLAT_SUBJECT_COMMIT) == draft->commit);
        assert_int_equal(heng_flat_i32(bytes + 16), draft->established_on);
        assert_true(
            heng_str_equal(heng_flat_text(bytes, HENG_FLAT_SUBJECT_NAME), draft->name));
        assert_true(heng_str_equal(heng_flat_text(bytes, HENG_FLAT_SUBJECT_REGION),
                                   draft->region));
        assert_true(heng_str_equal(heng_flat_text(bytes, HENG_FLAT_SUBJECT_INDUSTRY),
                                   draft->industry));
        assert_true(heng_str_equal(heng_flat_text(bytes, HENG_FLAT_SUBJECT_STATUS),
                                   draft->status));
        assert_int_equal(heng_flat_relation_count(bytes), draft->relation_count);
        for (size_t i = 0; i < draft->relation_count; i++) {
            heng_flat_relation got = heng_flat_relation_at(bytes, i);
            assert_int_equal(got.role, draft->relations[i].role);
            assert_int_equal(got.from, draft->relations[i].from);
            assert_int_equal(got.to, draft->relations[i].to);
            assert_true(heng_str_equal(got.id, draft->relations[i].id));
        }
        compare_attributes(bytes, false, draft->attributes, draft->attribute_count);
        free(bytes);
    }
}

struct record {
    struct texts texts;
    heng_flat_party parties[MOST];
    heng_flat_draft_attribute attributes[MOST];
    heng_str items[MOST][MOST];
    heng_draft_record draft;
};

static void make_record(struct record *made) {
    memset(made, 0, sizeof *made);
    size_t parties = next_random() % MOST;
    size_t attributes = next_random() % MOST;
    make_attributes(&made->texts, made->attributes, attributes, made->items);
    for (size_t i = 0; i < parties; i++) {
        made->parties[i] =
            (heng_flat_party){(uint32_t)next_random(), make_text(&made->texts)};
    }
    made->draft = (heng_draft_record){.category = (uint32_t)next_random(),
                                      .commit = next_random(),
                                      .decided_on = 10000,
                                      .effective_on = 10001,
                                      .expires_on = HENG_DATE_NONE,
                                      .status_on = 10002,
                                      .status = (heng_record_status)(next_random() % 4),
                                      .id = make_text(&made->texts),
                                      .authority = make_text(&made->texts),
                                      .document_no = make_text(&made->texts),
                                      .parties = made->parties,
                                      .party_count = parties,
                                      .attributes = made->attributes,
                                      .attribute_count = attributes};
}

static uint8_t *encode_record(struct record *made, size_t *ret_len) {
    *ret_len = heng_flat_record_size(&made->draft);
    uint8_t *bytes = malloc(*ret_len);
    assert_non_null(bytes);
    heng_flat_write_record(&made->draft, bytes);
    return bytes;
}

static void records_read_back(void **state) {
    (void)state;
    for (int round = 0; round < 500; round++) {
        struct record made;
        size_t len = 0;
        make_record(&made);
        uint8_t *bytes = encode_record(&made, &len);
        const heng_draft_record *draft = &made.draft;
        assert_true(heng_flat_check_record(bytes, len));
        assert_int_equal(heng_flat_u32(bytes + 4), draft->category);
        assert_true(heng_flat_u64(bytes + HENG_FLAT_RECORD_COMMIT) == draft->commit);
        assert_int_equal(heng_flat_i32(bytes + 16), draft->decided_on);
        assert_int_equal(heng_flat_i32(bytes + 20), draft->effective_on);
        assert_int_equal(heng_flat_i32(bytes + 24), draft->expires_on);
        assert_int_equal(heng_flat_i32(bytes + 28), draft->status_on);
        assert_int_equal(bytes[32], draft->status);
        assert_true(
            heng_str_equal(heng_flat_text(bytes, HENG_FLAT_RECORD_ID), draft->id));
        assert_true(heng_str_equal(heng_flat_text(bytes, HENG_FLAT_RECORD_AUTHORITY),
                                   draft->authority));
        assert_true(heng_str_equal(heng_flat_text(bytes, HENG_FLAT_RECORD_DOCUMENT),
                                   draft->document_no));
        for (size_t i = 0; i < draft->party_count; i++) {
            heng_flat_party got = heng_flat_party_at(bytes, i);
            assert_int_equal(got.role, draft->parties[i].role);
            assert_true(heng_str_equal(got.id, draft->parties[i].id));
        }
        compare_attributes(bytes, true, draft->attributes, draft->attribute_count);
        free(bytes);
    }
}

static void equal_content_gives_equal_bytes_but_for_the_commit(void **state) {
    (void)state;
    struct subject made;
    size_t len = 0;
    size_t len_again = 0;
    do {
        make_subject(&made);
    } while (made.draft.attribute_count < 3);
    uint8_t *bytes = encode_subject(&made, &len);
    heng_flat_draft_attribute swapped = made.attributes[0]; /* any order will do */
    made.attributes[0] = made.attributes[2];
    made.attributes[2] = swapped;
    made.draft.commit++;
    uint8_t *again = encode_subject(&made, &len_again);
    assert_int_equal(len, len_again);
    assert_true(heng_flat_same(bytes, again));
    assert_true(memcmp(bytes, again, len) != 0);
    again[len - 1] ^= 1;
    assert_false(heng_flat_same(bytes, again));
    free(bytes);
    free(again);
}

/* One at random; the caller frees it. */
static uint8_t *make_object(bool is_record, size_t *ret_len) {
    struct subject subject;
    struct record record;
    if (is_record) {
        make_record(&record);
        return encode_record(&record, ret_len);
    }
    make_subject(&subject);
    return encode_subject(&subject, ret_len);
}

/* Reads all there is: under ASan an offset that got past the check would be seen. */
static size_t touch(const uint8_t *object, bool is_record) {
    size_t sum = 0;
    size_t count = heng_flat_attribute_count(object, is_record);
    size_t first = is_record ? (size_t)HENG_FLAT_RECORD_ID : HENG_FLAT_SUBJECT_NAME;
    size_t last =
        is_record ? (size_t)HENG_FLAT_RECORD_DOCUMENT : HENG_FLAT_SUBJECT_STATUS;
    for (size_t at = first; at <= last; at += 8) {
        heng_str text = heng_flat_text(object, at);
        for (size_t i = 0; i < text.len; i++) {
            sum += (size_t)text.ptr[i];
        }
    }
    for (size_t i = 0; i < count; i++) {
        const uint8_t *entry = heng_flat_attribute_at(object, is_record, i);
        size_t items = entry[4] == HENG_ATTRIBUTE_STRINGS
                           ? heng_flat_strings_count(object, entry)
                           : 0;
        for (size_t n = 0; n < items; n++) {
            heng_str text = heng_flat_strings_at(object, entry, n);
            sum += text.len == 0 ? 0 : (size_t)text.ptr[text.len - 1];
        }
    }
    size_t links =
        is_record ? heng_flat_party_count(object) : heng_flat_relation_count(object);
    for (size_t i = 0; i < links; i++) {
        heng_str id = is_record ? heng_flat_party_at(object, i).id
                                : heng_flat_relation_at(object, i).id;
        sum += id.len == 0 ? 0 : (size_t)id.ptr[id.len - 1];
    }
    return sum;
}

static void damage_is_seen_or_harmless(void **state) {
    (void)state;
    size_t refused = 0;
    for (int round = 0; round < 60; round++) {
        size_t len = 0;
        bool is_record = round % 2 == 1;
        uint8_t *bytes = make_object(is_record, &len);
        for (size_t cut = 0; cut < len; cut++) {
            assert_false(is_record ? heng_flat_check_record(bytes, cut)
                                   : heng_flat_check_subject(bytes, cut));
        }
        for (size_t at = 0; at < len; at++) {
            static const uint8_t FLIPS[] = {0x01, 0x80, 0xff};
            for (size_t flip = 0; flip < COUNT(FLIPS); flip++) {
                bytes[at] ^= FLIPS[flip];
                bool fine = is_record ? heng_flat_check_record(bytes, len)
                                      : heng_flat_check_subject(bytes, len);
                if (fine) {
                    (void)touch(bytes, is_record);
                } else {
                    refused++;
                }
                bytes[at] ^= FLIPS[flip];
            }
        }
        free(bytes);
    }
    assert_true(refused > 1000);
}

/* ---- outlines ---- */

static void same_attributes(const uint8_t *a, const uint8_t *b, bool is_record) {
    size_t count = heng_flat_attribute_count(a, is_record);
    assert_int_equal(heng_flat_attribute_count(b, is_record), count);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *one = heng_flat_attribute_at(a, is_record, i);
        const uint8_t *two = heng_flat_attribute_at(b, is_record, i);
        assert_memory_equal(one, two, 8); /* name and type */
        if (one[4] == HENG_ATTRIBUTE_STRING) {
            assert_true(heng_str_equal(heng_flat_text(a, (size_t)(one - a) + 8),
                                       heng_flat_text(b, (size_t)(two - b) + 8)));
        } else if (one[4] == HENG_ATTRIBUTE_STRINGS) {
            size_t items = heng_flat_strings_count(a, one);
            assert_int_equal(heng_flat_strings_count(b, two), items);
            for (size_t n = 0; n < items; n++)
                assert_true(heng_str_equal(heng_flat_strings_at(a, one, n),
                                           heng_flat_strings_at(b, two, n)));
        } else {
            assert_memory_equal(one + 8, two + 8, 8);
        }
    }
}

static void same_text(const uint8_t *a, const uint8_t *b, size_t at) {
    assert_true(heng_str_equal(heng_flat_text(a, at), heng_flat_text(b, at)));
}

static void no_text(const uint8_t *object, size_t at) {
    assert_int_equal(heng_flat_text(object, at).len, 0);
}

/* Outlines of outlines are the same bytes; each in memory of its own length. */
static uint8_t *outline_of(const uint8_t *object, bool is_record, size_t *ret_len) {
    uint8_t *room = malloc(heng_flat_u32(object));
    assert_non_null(room);
    size_t len = is_record ? heng_flat_outline_record(object, room)
                           : heng_flat_outline_subject(object, room);
    assert_true(len <= heng_flat_u32(object));
    uint8_t *outline = malloc(len), *again = malloc(len);
    assert_true(outline != NULL && again != NULL);
    memcpy(outline, room, len);
    assert_true(is_record ? heng_flat_check_record(outline, len)
                          : heng_flat_check_subject(outline, len));
    assert_int_equal(is_record ? heng_flat_outline_record(outline, again)
                               : heng_flat_outline_subject(outline, again),
                     len);
    assert_memory_equal(outline, again, len);
    free(room);
    free(again);
    *ret_len = len;
    return outline;
}

/* What an outline leaves out it does not keep the room of. */
static void a_subject_in_outline_lacks_its_name(void **state) {
    (void)state;
    for (int round = 0; round < 500; round++) {
        struct subject made;
        size_t len = 0, outline_len = 0;
        make_subject(&made);
        uint8_t *bytes = encode_subject(&made, &len);
        uint8_t *outline = outline_of(bytes, false, &outline_len);
        assert_int_equal(outline_len, len - made.draft.name.len);
        assert_memory_equal(bytes + 4, outline + 4, HENG_FLAT_SUBJECT_NAME - 4);
        no_text(outline, HENG_FLAT_SUBJECT_NAME);
        same_text(bytes, outline, HENG_FLAT_SUBJECT_REGION);
        same_text(bytes, outline, HENG_FLAT_SUBJECT_INDUSTRY);
        same_text(bytes, outline, HENG_FLAT_SUBJECT_STATUS);
        for (size_t i = 0; i < made.draft.relation_count; i++) {
            size_t at = HENG_FLAT_SUBJECT_BYTES + i * HENG_FLAT_RELATION_BYTES;
            assert_memory_equal(bytes + at, outline + at, 12); /* role, from, to */
            same_text(bytes, outline, at + 12);
        }
        same_attributes(bytes, outline, false);
        free(bytes);
        free(outline);
    }
}

static size_t party_bytes(const heng_draft_record *draft) {
    size_t sum = draft->party_count * HENG_FLAT_PARTY_BYTES;
    for (size_t i = 0; i < draft->party_count; i++)
        sum += draft->parties[i].id.len;
    return sum;
}

static void a_record_in_outline_lacks_whom_and_what_it_is_about(void **state) {
    (void)state;
    enum { PARTIES_AT = 36 };
    for (int round = 0; round < 500; round++) {
        struct record made;
        size_t len = 0, outline_len = 0;
        make_record(&made);
        uint8_t *bytes = encode_record(&made, &len);
        uint8_t *outline = outline_of(bytes, true, &outline_len);
        assert_int_equal(outline_len, len - made.draft.authority.len -
                                          made.draft.document_no.len -
                                          party_bytes(&made.draft));
        assert_memory_equal(bytes + 4, outline + 4, PARTIES_AT - 4);
        assert_int_equal(heng_flat_party_count(outline), 0);
        same_text(bytes, outline, HENG_FLAT_RECORD_ID);
        no_text(outline, HENG_FLAT_RECORD_AUTHORITY);
        no_text(outline, HENG_FLAT_RECORD_DOCUMENT);
        same_attributes(bytes, outline, true);
        free(bytes);
        free(outline);
    }
}

/* Verify makes the outlines of what passed the check, damaged or not. */
static void an_outline_fits_where_the_object_lay(void **state) {
    (void)state;
    static uint8_t room[1 << 16];
    size_t made_of_damaged = 0;
    for (int round = 0; round < 100; round++) {
        size_t len = 0;
        bool is_record = round % 2 == 1;
        uint8_t *bytes = make_object(is_record, &len);
        for (size_t bit = 0; bit < len * 8; bit++) {
            bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1U << bit % 8);
            if (is_record ? heng_flat_check_record(bytes, len)
                          : heng_flat_check_subject(bytes, len)) {
                size_t outline_len = is_record ? heng_flat_outline_record(bytes, room)
                                               : heng_flat_outline_subject(bytes, room);
                assert_true(outline_len <= len);
                assert_true(is_record ? heng_flat_check_record(room, outline_len)
                                      : heng_flat_check_subject(room, outline_len));
                made_of_damaged++;
            }
            bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1U << bit % 8);
        }
        free(bytes);
    }
    assert_true(made_of_damaged > 1000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subjects_read_back),
        cmocka_unit_test(records_read_back),
        cmocka_unit_test(equal_content_gives_equal_bytes_but_for_the_commit),
        cmocka_unit_test(damage_is_seen_or_harmless),
        cmocka_unit_test(a_subject_in_outline_lacks_its_name),
        cmocka_unit_test(a_record_in_outline_lacks_whom_and_what_it_is_about),
        cmocka_unit_test(an_outline_fits_where_the_object_lay),
    };
    return cmocka_run_group_tests_name("model/flat", tests, NULL, NULL);
}
