/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_import.c: any bytes as an input of an import. Beside surviving, what is taken
 * must be well-formed, and no reason for a rejection shows a control character.
 */
#include "support/fuzz.h"

#include <stdlib.h>

#include "store/fixture.h"

static void require(bool holds) {
    if (!holds)
        abort();
}

static void take_reject(void *context, const heng_import_reject *reject) {
    (void)context;
    require(reject->line > 0 && reject->reason[0] != '\0');
    for (const char *at = reject->reason; *at != '\0'; at++) {
        require((unsigned char)*at >= 0x20);
    }
}

/* Supposed instead of stored, the same lines are there in whole or not at all. */
static void suppose(const char *bytes, size_t len) {
    static const char *const IDS[] = {"E-1", "E-2", "P-1"};
    heng_overlay *overlay = NULL;
    heng_error error = {0};
    heng_arena *arena = heng_arena_new((size_t)1 << 28);
    require(arena != NULL &&
            heng_overlay_new(fixture_catalog(), &overlay, &error) == HENG_OK);
    if (heng_overlay_add(overlay, "in", bytes, len, &error) == HENG_OK) {
        for (size_t i = 0; i < COUNT(IDS); i++) {
            heng_snapshot *snapshot = NULL;
            if (heng_overlay_snapshot(overlay, NULL, heng_str_of(IDS[i]), HENG_VIEW_ALL,
                                      arena, &snapshot, &error) != HENG_OK)
                continue;
            require(snapshot->subject == NULL ||
                    heng_flat_check_subject(snapshot->subject,
                                            heng_flat_u32(snapshot->subject)));
            for (size_t r = 0; r < snapshot->record_count; r++) {
                const uint8_t *record = snapshot->records[r].bytes;
                require(heng_flat_check_record(record, heng_flat_u32(record)));
            }
        }
    }
    heng_overlay_free(overlay);
    heng_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    heng_import *import = NULL;
    heng_error error = {0};
    heng_import_counts counts = {0};
    struct fixture_text input = {(const char *)bytes, len, 0};
    heng_import_options options = {.catalog = fixture_catalog(),
                                   .dry_run = true,
                                   .one_thread = true,
                                   .reject = take_reject};
    require(heng_import_begin(NULL, &options, &import, &error) == HENG_OK);
    heng_status status = heng_import_read(import, "in", fixture_read, &input, &error);
    require(status == HENG_OK || status == HENG_ERR_INVALID);
    (void)heng_import_end(import, &counts, &error);
    require(counts.subjects_new + counts.records_new + counts.deliveries +
                counts.rejects ==
            counts.lines);
    suppose((const char *)bytes, len);
    return 0;
}
