/* SPDX-License-Identifier: Apache-2.0 */
/* read_source.c: the laws and documents that bases cite. */
#include "ruleset/read.h"

enum { ID, TITLE, NUMBER, ISSUER, RECORD_ONLY, LEVEL, IN_FORCE, KEYS };
static const heng_form_key SOURCE_KEYS[KEYS] = {
    {"id", true},           {"title", true}, {"number", false},  {"issuer", true},
    {"record_only", false}, {"level", true}, {"in_force", true},
};

enum { FROM, TO, DAYS };
static const heng_form_key DAYS_KEYS[DAYS] = {{"from", true}, {"to", false}};

void heng_read_source(heng_draft *draft, const heng_yaml_node *node) {
    heng_reader *reader = &draft->reader;
    heng_law_source *source = &draft->sources[draft->source_count++];
    heng_field fields[KEYS];
    heng_field days[DAYS];
    int level = HENG_LEVEL_NORMATIVE;
    source->to = HENG_DATE_NONE;
    source->from = HENG_DATE_MIN;
    source->span = heng_form_head(node);
    if (!heng_form_open(reader, node, "source", SOURCE_KEYS, KEYS, fields))
        return;
    if (heng_form_id(reader, fields[ID], &source->id))
        source->span = fields[ID].value->span;
    (void)heng_form_texts(reader, fields[TITLE], &source->title);
    (void)heng_form_text(reader, fields[NUMBER], &source->number);
    (void)heng_form_text(reader, fields[ISSUER], &source->issuer);
    (void)heng_form_names(reader, fields[RECORD_ONLY], 0, heng_form_text,
                          &source->record_only, &source->record_only_count);
    if (heng_form_word(reader, fields[LEVEL], HENG_WORDS_LEVEL, &level))
        source->level = (heng_level)level;
    if (fields[IN_FORCE].value == NULL ||
        !heng_form_open(reader, fields[IN_FORCE].value, "time in force", DAYS_KEYS,
                        DAYS, days))
        return;
    (void)heng_form_date(reader, days[FROM], &source->from);
    if (heng_form_date(reader, days[TO], &source->to))
        (void)heng_form_check_days(reader, days[TO], source->from, source->to);
}
