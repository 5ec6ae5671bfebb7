/* SPDX-License-Identifier: Apache-2.0 */
/* read_head.c: the `ruleset` mapping: which ruleset this is, and how it is read. */
#include "ruleset/read.h"

/* ORDER head */
enum { ID, VERSION, TITLE, REGION, TIME_ZONE, DISPUTED, PURPOSE, ATTRIBUTES, KEYS };
static const heng_form_key HEAD_KEYS[KEYS] = {
    {"id", true},         {"version", false},
    {"title", true},      {"region", false},
    {"time_zone", false}, {"disputed", false},
    {"purpose", false},   {"subject_attributes", false},
};

/* Where a ruleset names no zone: all of the country keeps this time. */
static const char DEFAULT_ZONE[] = "Asia/Shanghai";

void heng_read_head(heng_draft *draft, const heng_yaml_node *node) {
    static const char *const DISPUTED_WORDS[] = {"suspend", "mark"};
    static const char *const PURPOSE_WORDS[] = {"optional", "required"};
    heng_reader *reader = &draft->reader;
    heng_field fields[KEYS];
    size_t choice = 0;
    draft->suspend_disputed = true;
    draft->time_zone = heng_str_of(DEFAULT_ZONE);
    if (!heng_form_open(reader, node, "ruleset", HEAD_KEYS, KEYS, fields))
        return;
    (void)heng_form_id(reader, fields[ID], &draft->id);
    (void)heng_form_text(reader, fields[VERSION], &draft->version);
    (void)heng_form_texts(reader, fields[TITLE], &draft->title);
    (void)heng_form_region(reader, fields[REGION], &draft->region);
    (void)heng_form_zone(reader, fields[TIME_ZONE], &draft->time_zone);
    if (heng_form_choice(reader, fields[DISPUTED], DISPUTED_WORDS, 2, &choice))
        draft->suspend_disputed = choice == 0;
    if (heng_form_choice(reader, fields[PURPOSE], PURPOSE_WORDS, 2, &choice))
        draft->purpose_required = choice == 1;
    heng_read_category_attributes(draft, fields[ATTRIBUTES], &draft->subject_attributes,
                                  &draft->subject_attribute_count);
}
