/* SPDX-License-Identifier: Apache-2.0 */
/* tally.c: counters that remember which of them were met. */
#include "batch/tally.h"

#include <string.h>

#include "base/alloc.h"
#include "model/flat.h"

static size_t number_count(size_t measure_count) {
    return 2 * measure_count + HENG_BATCH_REGIONS;
}

bool heng_tally_init(heng_tally *tally, size_t measure_count) {
    size_t count = number_count(measure_count);
    *tally = (heng_tally){.measure_count = measure_count};
    tally->numbers = heng_alloc_zero(count, sizeof *tally->numbers);
    tally->met = heng_alloc_zero(count, sizeof *tally->met);
    return tally->numbers != NULL && tally->met != NULL;
}

void heng_tally_done(heng_tally *tally) {
    heng_alloc_free(tally->numbers);
    heng_alloc_free(tally->met);
    *tally = (heng_tally){0};
}

static void count(heng_tally *tally, size_t index) {
    if (tally->numbers[index]++ == 0) {
        tally->met[tally->met_count++] = (uint32_t)index;
    }
}

size_t heng_tally_region(const heng_snapshot *snapshot) {
    enum { DIGITS = 4 };
    size_t region = 0;
    heng_str text = heng_flat_text(snapshot->subject, HENG_FLAT_SUBJECT_REGION);
    for (size_t i = 0; i < DIGITS; i++) {
        if (i >= text.len || text.ptr[i] < '0' || text.ptr[i] > '9')
            return HENG_BATCH_REGIONS - 1;
        region = region * 10 + (size_t)(text.ptr[i] - '0');
    }
    return region;
}

void heng_tally_add(heng_tally *tally, const heng_snapshot *snapshot,
                    const heng_decision *decision) {
    for (size_t i = 0; i < decision->measure_count; i++) {
        const heng_applied *applied = &decision->measures[i];
        bool applies = applied->state == HENG_STATE_APPLIES;
        tally->counts.applies += applies;
        tally->counts.suspended += !applies;
        count(tally, applied->measure + (applies ? 0 : tally->measure_count));
    }
    if (decision->measure_count > 0 || decision->undetermined_count > 0) {
        count(tally, 2 * tally->measure_count + heng_tally_region(snapshot));
    }
}

void heng_tally_add_counts(heng_batch_counts *to, const heng_batch_counts *from) {
    to->looked_at += from->looked_at;
    to->told += from->told;
    to->undetermined += from->undetermined;
    to->out_of_scope += from->out_of_scope;
    to->reached += from->reached;
    to->applies += from->applies;
    to->suspended += from->suspended;
    to->was_told += from->was_told;
    to->changed += from->changed;
}

void heng_tally_drain(heng_tally *tally, heng_batch_tally *into) {
    heng_tally_add_counts(&into->counts, &tally->counts);
    for (size_t i = 0; i < tally->met_count; i++) {
        into->numbers[tally->met[i]] += tally->numbers[tally->met[i]];
    }
    heng_tally_clear(tally);
}

void heng_tally_clear(heng_tally *tally) {
    tally->counts = (heng_batch_counts){0};
    for (size_t i = 0; i < tally->met_count; i++) {
        tally->numbers[tally->met[i]] = 0;
    }
    tally->met_count = 0;
}

bool heng_tally_whole_init(heng_batch_tally *whole, size_t measure_count) {
    *whole = (heng_batch_tally){.number_count = number_count(measure_count)};
    whole->numbers = heng_alloc_zero(whole->number_count, sizeof *whole->numbers);
    if (whole->numbers == NULL)
        return false;
    whole->applies = whole->numbers;
    whole->suspended = whole->numbers + measure_count;
    whole->regions = whole->numbers + 2 * measure_count;
    return true;
}

void heng_tally_whole_clear(heng_batch_tally *whole) {
    whole->counts = (heng_batch_counts){0};
    memset(whole->numbers, 0, whole->number_count * sizeof *whole->numbers);
}

void heng_tally_whole_done(heng_batch_tally *whole) {
    heng_alloc_free(whole->numbers);
    *whole = (heng_batch_tally){0};
}
