/* SPDX-License-Identifier: Apache-2.0 */
/*
 * import_check.c: every rule that a line must keep. The first that it breaks is the
 * reason for its rejection; fields are looked at in the order of the formats.
 */
#include "store/import_check.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "model/flat.h"
#include "store/import_check_parts.h"

/* ---- the three types of line ---- */

static heng_status encode_subject(heng_check *check, heng_draft_subject *draft,
                                  heng_item *item) {
    item->bytes = heng_arena_alloc(check->arena, heng_flat_subject_size(draft));
    if (item->bytes == NULL)
        return HENG_ERR_NOMEM;
    heng_flat_write_subject(draft, item->bytes);
    return HENG_OK;
}

static heng_status check_region(heng_check *check, heng_str region) {
    bool digits = region.len >= 2 && region.len <= 12;
    for (size_t i = 0; i < region.len; i++) {
        digits = digits && region.ptr[i] >= '0' && region.ptr[i] <= '9';
    }
    return digits ? HENG_OK
                  : heng_check_fail(
                        check, "region", heng_check_value(check, HENG_LINE_REGION)->at,
                        "`%s` is no region: expected 2 to 12 digits of GB/T 2260, such "
                        "as \"430102\"",
                        heng_check_quote(check, region));
}

static heng_status check_relations(heng_check *check, heng_draft_subject *draft) {
    const heng_line *line = check->line;
    const heng_line_value *value = heng_check_value(check, HENG_LINE_RELATIONS);
    char field[HENG_CHECK_FIELD_BYTES];
    if (value->form != HENG_LINE_ABSENT && value->form != HENG_LINE_LIST)
        return heng_check_wrong_form(check, "relations", value, "a list");
    draft->relations =
        heng_arena_calloc(check->arena, line->relation_count, sizeof *draft->relations);
    if (draft->relations == NULL)
        return HENG_ERR_NOMEM;
    draft->relation_count = line->relation_count;
    for (size_t i = 0; i < line->relation_count; i++) {
        const heng_line_link *link = &line->relations[i];
        heng_flat_relation *relation = &draft->relations[i];
        relation->from = HENG_DATE_MIN;
        relation->to = HENG_DATE_NONE;
        heng_status status = heng_check_link(check, "relations", i, link,
                                             &relation->role, &relation->id);
        if (status == HENG_OK && link->from.form != HENG_LINE_ABSENT) {
            heng_check_name_part(field, "relations", i, "from");
            status = heng_check_date(check, field, &link->from, &relation->from);
        }
        if (status == HENG_OK && link->to.form != HENG_LINE_ABSENT) {
            heng_check_name_part(field, "relations", i, "to");
            status = heng_check_date(check, field, &link->to, &relation->to);
            if (status == HENG_OK && relation->to < relation->from) {
                status = heng_check_fail(check, field, link->to.at, "is before `from`");
            }
        }
        if (status != HENG_OK)
            return status;
    }
    return HENG_OK;
}

static heng_status check_subject(heng_check *check, heng_item *item) {
    const heng_catalog *catalog = check->book->catalog;
    heng_draft_subject draft = {.established_on = HENG_DATE_NONE,
                                .status = HENG_STR("active")};
    int kind = 0;
    int capacity = HENG_CAPACITY_FULL;
    item->kind = HENG_ITEM_SUBJECT;
    if (heng_check_value(check, HENG_LINE_KIND)->form == HENG_LINE_ABSENT)
        return heng_check_fail(check, "kind", HENG_LINE_NOWHERE, "is missing");
    heng_status status =
        heng_check_word(check, HENG_LINE_KIND, HENG_WORDS_SUBJECT_KIND, &kind);
    if (status == HENG_OK) {
        status = heng_check_required_id(check, HENG_LINE_ID, kind, &item->subject);
    }
    if (status == HENG_OK) {
        status = heng_check_required_text(check, HENG_LINE_NAME, HENG_LIMIT_TEXT_BYTES,
                                          &draft.name);
    }
    if (status == HENG_OK) {
        status = heng_check_required_text(check, HENG_LINE_REGION,
                                          HENG_LIMIT_TEXT_BYTES, &draft.region);
    }
    if (status == HENG_OK) {
        status = check_region(check, draft.region);
    }
    if (status == HENG_OK) {
        status = heng_check_optional_text(check, HENG_LINE_INDUSTRY, &draft.industry);
    }
    if (status == HENG_OK) {
        status = heng_check_optional_date(check, HENG_LINE_ESTABLISHED_ON,
                                          &draft.established_on);
    }
    if (status == HENG_OK) {
        status = heng_check_optional_text(check, HENG_LINE_STATUS, &draft.status);
    }
    if (status == HENG_OK && draft.status.len == 0) {
        status = heng_check_fail(check, "status",
                                 heng_check_value(check, HENG_LINE_STATUS)->at,
                                 "is empty; leave it out for `active`");
    }
    if (status == HENG_OK &&
        heng_check_value(check, HENG_LINE_CAPACITY)->form != HENG_LINE_ABSENT) {
        status =
            heng_check_word(check, HENG_LINE_CAPACITY, HENG_WORDS_CAPACITY, &capacity);
    }
    if (status == HENG_OK) {
        status = check_relations(check, &draft);
    }
    if (status == HENG_OK) {
        status = heng_check_attributes(check, catalog->subject_attributes,
                                       check->book->subject_attributes,
                                       catalog->subject_attribute_count, "a subject",
                                       &draft.attributes, &draft.attribute_count);
    }
    if (status != HENG_OK)
        return status;
    draft.kind = (heng_subject_kind)kind;
    draft.capacity = (heng_capacity)capacity;
    return encode_subject(check, &draft, item);
}

/* An id of a record is part of keys and shown to people. */
static heng_status check_record_id(heng_check *check, heng_str *ret_id) {
    heng_status status = heng_check_required_text(check, HENG_LINE_ID,
                                                  HENG_LIMIT_RECORD_ID_BYTES, ret_id);
    if (status != HENG_OK)
        return status;
    for (size_t i = 0; i < ret_id->len; i++) {
        unsigned char byte = (unsigned char)ret_id->ptr[i];
        if (byte < 0x20 || byte == 0x7f)
            return heng_check_fail(check, "id",
                                   heng_check_value(check, HENG_LINE_ID)->at,
                                   "a control character in an id; remove it");
    }
    return HENG_OK;
}

static heng_status find_category(heng_check *check, size_t *ret_index) {
    heng_str id = {0};
    heng_status status =
        heng_check_required_text(check, HENG_LINE_CATEGORY, HENG_LIMIT_ID_BYTES, &id);
    if (status != HENG_OK)
        return status;
    const heng_catalog *catalog = check->book->catalog;
    const heng_category *category = heng_catalog_category(catalog, id);
    if (category == NULL)
        return heng_check_fail(
            check, "category", heng_check_value(check, HENG_LINE_CATEGORY)->at,
            "the catalog has no category `%s`%s", heng_check_quote(check, id),
            heng_check_suggest(check, id, check->book->category_ids,
                               catalog->category_count));
    *ret_index = (size_t)(category - catalog->categories);
    return HENG_OK;
}

static heng_status check_days(heng_check *check, const heng_category *category,
                              heng_draft_record *draft) {
    const heng_line_value *expires = heng_check_value(check, HENG_LINE_EXPIRES_ON);
    const heng_line_value *decided = heng_check_value(check, HENG_LINE_DECIDED_ON);
    if (decided->form == HENG_LINE_ABSENT)
        return heng_check_fail(check, "decided_on", HENG_LINE_NOWHERE, "is missing");
    heng_status status =
        heng_check_date(check, "decided_on", decided, &draft->decided_on);
    if (status != HENG_OK)
        return status;
    draft->effective_on = draft->decided_on;
    draft->status_on = draft->decided_on;
    status =
        heng_check_optional_date(check, HENG_LINE_EFFECTIVE_ON, &draft->effective_on);
    if (status == HENG_OK) {
        status =
            heng_check_optional_date(check, HENG_LINE_EXPIRES_ON, &draft->expires_on);
    }
    if (status == HENG_OK) {
        status =
            heng_check_optional_date(check, HENG_LINE_STATUS_ON, &draft->status_on);
    }
    if (status != HENG_OK)
        return status;
    if (category->expires == HENG_EXPIRES_NONE && expires->form != HENG_LINE_ABSENT)
        return heng_check_fail(check, "expires_on", expires->at,
                               "records of category `%.*s` have none; leave it out",
                               HENG_STR_ARG(category->id));
    if (category->expires == HENG_EXPIRES_REQUIRED && expires->form == HENG_LINE_ABSENT)
        return heng_check_fail(check, "expires_on", HENG_LINE_NOWHERE,
                               "is missing; category `%.*s` requires it",
                               HENG_STR_ARG(category->id));
    if (draft->expires_on < draft->effective_on)
        return heng_check_fail(
            check, "expires_on", expires->at, "is before `effective_on`%s",
            heng_check_value(check, HENG_LINE_EFFECTIVE_ON)->form == HENG_LINE_ABSENT
                ? ", which is `decided_on` where it is left out"
                : "");
    return HENG_OK;
}

static heng_status check_parties(heng_check *check, heng_draft_record *draft) {
    const heng_line *line = check->line;
    const heng_line_value *value = heng_check_value(check, HENG_LINE_PARTIES);
    if (value->form != HENG_LINE_ABSENT && value->form != HENG_LINE_LIST)
        return heng_check_wrong_form(check, "parties", value, "a list");
    draft->parties =
        heng_arena_calloc(check->arena, line->party_count, sizeof *draft->parties);
    if (draft->parties == NULL)
        return HENG_ERR_NOMEM;
    draft->party_count = line->party_count;
    for (size_t i = 0; i < line->party_count; i++) {
        heng_status status =
            heng_check_link(check, "parties", i, &line->parties[i],
                            &draft->parties[i].role, &draft->parties[i].id);
        if (status != HENG_OK)
            return status;
    }
    return HENG_OK;
}

static heng_status check_record(heng_check *check, heng_item *item) {
    heng_draft_record draft = {.expires_on = HENG_DATE_NONE};
    size_t index = 0;
    int record_status = HENG_RECORD_ACTIVE;
    char whose[HENG_LIMIT_ID_BYTES + 16];
    item->kind = HENG_ITEM_RECORD;
    heng_status status = check_record_id(check, &item->record);
    if (status == HENG_OK) {
        status = heng_check_required_id(check, HENG_LINE_SUBJECT, 0, &item->subject);
    }
    if (status == HENG_OK) {
        status = find_category(check, &index);
    }
    const heng_category *category =
        status == HENG_OK ? &check->book->catalog->categories[index] : NULL;
    if (status == HENG_OK) {
        status = heng_check_required_text(check, HENG_LINE_AUTHORITY,
                                          HENG_LIMIT_TEXT_BYTES, &draft.authority);
    }
    if (status == HENG_OK) {
        status = heng_check_required_text(check, HENG_LINE_DOCUMENT_NO,
                                          HENG_LIMIT_TEXT_BYTES, &draft.document_no);
    }
    if (status == HENG_OK) {
        status = check_days(check, category, &draft);
    }
    if (status == HENG_OK &&
        heng_check_value(check, HENG_LINE_STATUS)->form != HENG_LINE_ABSENT) {
        status = heng_check_word(check, HENG_LINE_STATUS, HENG_WORDS_RECORD_STATUS,
                                 &record_status);
    }
    if (status == HENG_OK) {
        (void)snprintf(whose, sizeof whose, "category `%.*s`",
                       HENG_STR_ARG(category->id));
        status = heng_check_attributes(check, category->attributes,
                                       check->book->attributes[index],
                                       category->attribute_count, whose,
                                       &draft.attributes, &draft.attribute_count);
    }
    if (status == HENG_OK) {
        status = check_parties(check, &draft);
    }
    if (status != HENG_OK)
        return status;
    draft.id = item->record;
    draft.category = check->book->categories[index];
    draft.status = (heng_record_status)record_status;
    item->bytes = heng_arena_alloc(check->arena, heng_flat_record_size(&draft));
    if (item->bytes == NULL)
        return HENG_ERR_NOMEM;
    heng_flat_write_record(&draft, item->bytes);
    return HENG_OK;
}

static heng_status check_delivery(heng_check *check, heng_item *item) {
    const heng_line_value *through = heng_check_value(check, HENG_LINE_THROUGH);
    item->kind = HENG_ITEM_DELIVERY;
    heng_status status = heng_check_required_text(
        check, HENG_LINE_PROVIDER, HENG_LIMIT_PROVIDER_BYTES, &item->subject);
    if (status != HENG_OK)
        return status;
    if (memchr(item->subject.ptr, '\0', item->subject.len) != NULL)
        return heng_check_fail(check, "provider", HENG_LINE_NOWHERE,
                               "a NUL in a name; remove it");
    if (through->form == HENG_LINE_ABSENT)
        return heng_check_fail(check, "through", HENG_LINE_NOWHERE, "is missing");
    status = heng_check_date(check, "through", through, &item->through);
    if (status != HENG_OK)
        return status;
    if (heng_map_find(&check->book->providers, item->subject) == NULL)
        return heng_check_warn(
            check, "provider", "no category names the provider `%s`%s",
            heng_check_quote(check, item->subject),
            heng_check_suggest(check, item->subject, check->book->provider_words,
                               check->book->provider_count));
    return HENG_OK;
}

/* ---- the whole ---- */

/* A key that no line, or not this type of line, has. */
static heng_status unknown_key(heng_check *check, unsigned type, const char *whose,
                               heng_str word, size_t at) {
    heng_str known[HENG_LINE_KEY_COUNT];
    size_t count = 0;
    for (int key = 0; key < HENG_LINE_KEY_COUNT; key++) {
        if ((heng_line_types((heng_line_key)key) & type) != 0) {
            known[count++] = heng_str_of(heng_line_word((heng_line_key)key));
        }
    }
    return heng_check_fail(check, heng_check_quote(check, word), at,
                           "%s has no such key%s", whose,
                           heng_check_suggest(check, word, known, count));
}

static heng_status check_keys(heng_check *check, unsigned type, const char *whose) {
    const heng_line *line = check->line;
    if (line->unknown.ptr != NULL)
        return unknown_key(check, type, whose, line->unknown, line->unknown_at);
    for (int key = 0; key < HENG_LINE_KEY_COUNT; key++) {
        if (line->values[key].form != HENG_LINE_ABSENT &&
            (heng_line_types((heng_line_key)key) & type) == 0)
            return unknown_key(check, type, whose,
                               heng_str_of(heng_line_word((heng_line_key)key)),
                               line->values[key].at);
    }
    return HENG_OK;
}

heng_status heng_import_check(const heng_codebook *book, const heng_line *line,
                              heng_arena *arena, heng_item *ret_item,
                              heng_import_warning **warnings,
                              heng_line_fault *ret_fault) {
    static const struct {
        heng_str word;
        unsigned type;
        const char *whose;
        heng_status (*check)(heng_check *check, heng_item *item);
    } TYPES[] = {
        {{"subject", 7}, HENG_LINE_OF_SUBJECT, "a subject", check_subject},
        {{"record", 6}, HENG_LINE_OF_RECORD, "a record", check_record},
        {{"delivery", 8}, HENG_LINE_OF_DELIVERY, "a delivery", check_delivery},
    };
    heng_check check = {book, line, arena, warnings, ret_fault};
    const heng_line_value *type = &line->values[HENG_LINE_TYPE];
    if (type->form == HENG_LINE_ABSENT)
        return heng_check_fail(
            &check, "type", HENG_LINE_NOWHERE,
            "is missing; expected `subject`, `record` or `delivery`");
    if (!heng_check_is_text(type))
        return heng_check_wrong_form(&check, "type", type, "a text");
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        if (heng_str_equal(TYPES[i].word, type->text)) {
            heng_status status = check_keys(&check, TYPES[i].type, TYPES[i].whose);
            *ret_item = (heng_item){0};
            return status == HENG_OK ? TYPES[i].check(&check, ret_item) : status;
        }
    }
    return heng_check_fail(
        &check, "type", type->at,
        "`%s` is no type; expected `subject`, `record` or `delivery`",
        heng_check_quote(&check, type->text));
}
