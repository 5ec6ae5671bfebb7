/* SPDX-License-Identifier: Apache-2.0 */
/* seen.c: reading subjects and records in place, for conditions. */
#include "decide/seen.h"

#include <string.h>

#include "model/flat.h"

/* ---- a record on a day ---- */

bool heng_seen_record(const heng_plan *plan, const heng_snapshot_record *record,
                      heng_date day, heng_seen *ret_seen) {
    const uint8_t *bytes = record->bytes;
    const heng_category_name *named = heng_plan_name(plan, heng_flat_u32(bytes + 4));
    if (named == NULL)
        return false;
    heng_period use_limit = named->use_limit;
    heng_record_status status = (heng_record_status)bytes[32];
    heng_date status_on = heng_flat_i32(bytes + 28);
    heng_date next = HENG_DATE_NONE;
    heng_seen *seen = ret_seen; /* filled in place: it is large and one of millions */
    seen->object.type = &plan->record_type;
    seen->plan = plan;
    seen->bytes = bytes;
    seen->subject = record->subject;
    seen->category = named->category;
    seen->named = named;
    seen->decided_on = heng_flat_i32(bytes + 16);
    seen->effective_on = heng_flat_i32(bytes + 20);
    seen->expires_on = heng_flat_i32(bytes + 24);
    seen->use_end = use_limit.months < 0
                        ? HENG_DATE_NONE
                        : heng_date_term_end(seen->decided_on, use_limit);
    seen->unusable = HENG_USABLE;
    seen->disputed = false;
    seen->in_force = false;
    seen->status = HENG_RECORD_ACTIVE;
    seen->next_change = HENG_DATE_NONE;

    if (status == HENG_RECORD_REVOKED) {
        /* On no day usable, so no day changes it. */
        seen->unusable = HENG_UNUSABLE_REVOKED;
        seen->status = status;
        return true;
    }
    if (status != HENG_RECORD_ACTIVE) {
        if (status_on <= day)
            seen->status = status;
        heng_seen_change(&next, day, status_on);
    }
    seen->disputed = seen->status == HENG_RECORD_DISPUTED;
    seen->in_force = (seen->effective_on <= day) & (day <= seen->expires_on);
    if (seen->decided_on > day)
        seen->unusable = HENG_UNUSABLE_FUTURE;
    else if (seen->use_end < day)
        seen->unusable = HENG_UNUSABLE_USE_LIMIT;
    else if (seen->status == HENG_RECORD_REPAIRED)
        seen->unusable = HENG_UNUSABLE_REPAIRED;
    heng_seen_change(&next, day, seen->decided_on);
    heng_seen_change(&next, day, seen->effective_on);
    heng_seen_change(&next, day, heng_seen_day_after(seen->expires_on));
    heng_seen_change(&next, day, heng_seen_day_after(seen->use_end));
    seen->next_change = next;
    return true;
}

/* ---- attributes ---- */

static heng_cel_value strings_value(const uint8_t *object, const uint8_t *entry,
                                    heng_arena *arena) {
    size_t count = heng_flat_strings_count(object, entry);
    heng_cel_list *list = heng_arena_alloc(arena, sizeof *list);
    heng_cel_value *items = heng_arena_calloc(arena, count + 1, sizeof *items);
    if (list == NULL || items == NULL)
        return heng_cel_value_error(arena, HENG_CEL_ERR_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++)
        items[i] = heng_cel_value_string(heng_flat_strings_at(object, entry, i));
    *list = (heng_cel_list){.count = count, .items = items};
    return heng_cel_value_list(list);
}

/* A store may hold what an older ruleset declared with another type: that is a failure
 * of the condition that reads it, never a wrong value. */
static heng_cel_value attribute_value(const uint8_t *object, const uint8_t *entry,
                                      const heng_attribute *declared,
                                      heng_arena *arena) {
    heng_attribute_type type = (heng_attribute_type)entry[4];
    int64_t number = heng_flat_i64(entry + 8);
    if (type != declared->type) {
        heng_decimal decimal;
        if (type == HENG_ATTRIBUTE_INT && declared->type == HENG_ATTRIBUTE_DECIMAL &&
            heng_decimal_from_int(number, &decimal))
            return heng_cel_value_decimal(decimal);
        const heng_word *stored = heng_kind_word(HENG_WORDS_ATTRIBUTE_TYPE, (int)type);
        const heng_word *wanted =
            heng_kind_word(HENG_WORDS_ATTRIBUTE_TYPE, (int)declared->type);
        return heng_cel_value_error(
            arena, HENG_CEL_ERR_ARGUMENT,
            "attribute `%.*s` was stored as %s, the ruleset declares %s",
            HENG_STR_ARG(declared->name),
            stored == NULL ? "nothing known" : stored->word,
            wanted == NULL ? "nothing known" : wanted->word);
    }
    switch (type) {
    case HENG_ATTRIBUTE_BOOL:
        return heng_cel_value_bool(number != 0);
    case HENG_ATTRIBUTE_INT:
        return heng_cel_value_int(number);
    case HENG_ATTRIBUTE_DECIMAL:
        return heng_cel_value_decimal(number);
    case HENG_ATTRIBUTE_DATE:
        return heng_cel_value_date((heng_date)number);
    case HENG_ATTRIBUTE_STRING:
        return heng_cel_value_string(
            heng_flat_text(object, (size_t)(entry - object) + 8));
    case HENG_ATTRIBUTE_STRINGS:
        return strings_value(object, entry, arena);
    }
    return heng_cel_value_error(arena, HENG_CEL_ERR_ARGUMENT,
                                "attribute `%.*s` has a type this heng does not know",
                                HENG_STR_ARG(declared->name));
}

/* ---- record ---- */

static const uint8_t *record_entry(const heng_seen *seen, uint32_t slot) {
    uint32_t name = seen->plan->record_attribute_names[slot - HENG_RECORD_FIELD_COUNT];
    return name == HENG_NAME_NONE ? NULL : heng_flat_attribute(seen->bytes, true, name);
}

static heng_cel_value word_value(heng_vocabulary vocabulary, int value) {
    const heng_word *word = heng_kind_word(vocabulary, value);
    return heng_cel_value_string(heng_str_of(word == NULL ? "" : word->word));
}

static heng_cel_value record_get(const heng_cel_object *object, uint32_t slot,
                                 heng_arena *arena) {
    const heng_seen *seen = (const heng_seen *)(const void *)object;
    const heng_ruleset *ruleset = seen->plan->ruleset;
    const heng_category *category = &ruleset->catalog.categories[seen->category];
    switch (slot) {
    case HENG_RECORD_FIELD_ID:
        return heng_cel_value_string(heng_flat_text(seen->bytes, HENG_FLAT_RECORD_ID));
    case HENG_RECORD_FIELD_SUBJECT:
        return heng_cel_value_string(seen->subject);
    case HENG_RECORD_FIELD_CATEGORY:
        return heng_cel_value_string(category->id);
    case HENG_RECORD_FIELD_NATURE:
        return word_value(HENG_WORDS_NATURE, (int)category->nature);
    case HENG_RECORD_FIELD_SEVERITY:
        return word_value(HENG_WORDS_GRAVITY, (int)category->severity);
    case HENG_RECORD_FIELD_AUTHORITY:
        return heng_cel_value_string(
            heng_flat_text(seen->bytes, HENG_FLAT_RECORD_AUTHORITY));
    case HENG_RECORD_FIELD_DOCUMENT_NO:
        return heng_cel_value_string(
            heng_flat_text(seen->bytes, HENG_FLAT_RECORD_DOCUMENT));
    case HENG_RECORD_FIELD_DECIDED_ON:
        return heng_cel_value_date(seen->decided_on);
    case HENG_RECORD_FIELD_EFFECTIVE_ON:
        return heng_cel_value_date(seen->effective_on);
    case HENG_RECORD_FIELD_EXPIRES_ON:
        if (seen->expires_on == HENG_DATE_NONE)
            return heng_cel_value_no_field(arena, object, HENG_STR("expires_on"));
        return heng_cel_value_date(seen->expires_on);
    case HENG_RECORD_FIELD_STATUS:
        return word_value(HENG_WORDS_RECORD_STATUS, (int)seen->status);
    case HENG_RECORD_FIELD_IN_FORCE:
        return heng_cel_value_bool(seen->in_force);
    default:
        break;
    }
    const heng_attribute *declared =
        ruleset->record_attributes[slot - HENG_RECORD_FIELD_COUNT];
    const uint8_t *entry = record_entry(seen, slot);
    if (entry == NULL)
        return heng_cel_value_no_field(arena, object, declared->name);
    return attribute_value(seen->bytes, entry, declared, arena);
}

static bool record_has(const heng_cel_object *object, uint32_t slot) {
    const heng_seen *seen = (const heng_seen *)(const void *)object;
    if (slot == HENG_RECORD_FIELD_EXPIRES_ON)
        return seen->expires_on != HENG_DATE_NONE;
    return slot < HENG_RECORD_FIELD_COUNT || record_entry(seen, slot) != NULL;
}

/* ---- subject ---- */

static const uint8_t *subject_entry(const heng_seen_subject *seen, uint32_t slot) {
    uint32_t name =
        seen->plan->subject_attribute_names[slot - HENG_SUBJECT_FIELD_COUNT];
    return name == HENG_NAME_NONE ? NULL
                                  : heng_flat_attribute(seen->bytes, false, name);
}

static heng_cel_value subject_get(const heng_cel_object *object, uint32_t slot,
                                  heng_arena *arena) {
    const heng_seen_subject *seen = (const heng_seen_subject *)(const void *)object;
    switch (slot) {
    case HENG_SUBJECT_FIELD_ID:
        return heng_cel_value_string(seen->id);
    case HENG_SUBJECT_FIELD_KIND:
        return word_value(HENG_WORDS_SUBJECT_KIND, seen->bytes[4]);
    case HENG_SUBJECT_FIELD_NAME:
        return heng_cel_value_string(
            heng_flat_text(seen->bytes, HENG_FLAT_SUBJECT_NAME));
    case HENG_SUBJECT_FIELD_REGION:
        return heng_cel_value_string(
            heng_flat_text(seen->bytes, HENG_FLAT_SUBJECT_REGION));
    case HENG_SUBJECT_FIELD_INDUSTRY: {
        heng_str industry = heng_flat_text(seen->bytes, HENG_FLAT_SUBJECT_INDUSTRY);
        if (industry.len == 0)
            return heng_cel_value_no_field(arena, object, HENG_STR("industry"));
        return heng_cel_value_string(industry);
    }
    case HENG_SUBJECT_FIELD_ESTABLISHED_ON: {
        heng_date day = heng_flat_i32(seen->bytes + 16);
        if (day == HENG_DATE_NONE)
            return heng_cel_value_no_field(arena, object, HENG_STR("established_on"));
        return heng_cel_value_date(day);
    }
    case HENG_SUBJECT_FIELD_STATUS:
        return heng_cel_value_string(
            heng_flat_text(seen->bytes, HENG_FLAT_SUBJECT_STATUS));
    default:
        break;
    }
    const heng_attribute *declared =
        seen->plan->ruleset->subject_attributes[slot - HENG_SUBJECT_FIELD_COUNT];
    const uint8_t *entry = subject_entry(seen, slot);
    if (entry == NULL)
        return heng_cel_value_no_field(arena, object, declared->name);
    return attribute_value(seen->bytes, entry, declared, arena);
}

static bool subject_has(const heng_cel_object *object, uint32_t slot) {
    const heng_seen_subject *seen = (const heng_seen_subject *)(const void *)object;
    if (slot == HENG_SUBJECT_FIELD_INDUSTRY)
        return heng_flat_text(seen->bytes, HENG_FLAT_SUBJECT_INDUSTRY).len != 0;
    if (slot == HENG_SUBJECT_FIELD_ESTABLISHED_ON)
        return heng_flat_i32(seen->bytes + 16) != HENG_DATE_NONE;
    return slot < HENG_SUBJECT_FIELD_COUNT || subject_entry(seen, slot) != NULL;
}

void heng_seen_types(heng_plan *plan) {
    plan->subject_type = *plan->ruleset->subject_type;
    plan->subject_type.get = subject_get;
    plan->subject_type.has = subject_has;
    plan->record_type = *plan->ruleset->record_type;
    plan->record_type.get = record_get;
    plan->record_type.has = record_has;
}
