/* SPDX-License-Identifier: Apache-2.0 */
/* kept_rules.c: between the loader and the store's file sets. */
#include "batch/kept_rules.h"

#include "base/limits.h"
#include "heng/diag.h"
#include "ruleset/linked.h"
#include "store/baseline.h"
#include "store/file_set.h"

heng_status heng_kept_rules_pack(const heng_ruleset *ruleset, heng_arena *arena,
                                 heng_str *ret_packed, heng_error *reterr) {
    size_t count = ruleset->source_text_count;
    heng_file_set_item *items = heng_arena_calloc(arena, count + 1, sizeof *items);
    if (items == NULL)
        return heng_error_nomem(reterr);
    for (size_t i = 0; i < count; i++) {
        items[i].name = ruleset->file_names[i];
        items[i].text = heng_source_text(ruleset->sources_text[i]);
    }
    return heng_file_set_pack(items, count, arena, ret_packed, reterr);
}

static heng_status load(heng_str set, heng_arena *arena, heng_ruleset **ret_ruleset,
                        heng_error *reterr) {
    size_t count = heng_file_set_count(set);
    size_t at = 0;
    heng_ruleset_file *files = heng_arena_calloc(arena, count + 1, sizeof *files);
    heng_diags *diags = heng_diags_new();
    heng_file_set_item item;
    heng_status status =
        files == NULL || diags == NULL ? heng_error_nomem(reterr) : HENG_OK;
    for (size_t i = 0; status == HENG_OK && heng_file_set_next(set, &at, &item); i++) {
        files[i].name = heng_arena_dup(arena, item.name.ptr, item.name.len);
        files[i].text = item.text;
        if (files[i].name == NULL)
            status = heng_error_nomem(reterr);
    }
    if (status == HENG_OK)
        status = heng_ruleset_load_files(files, count, diags, ret_ruleset, reterr);
    heng_diags_free(diags);
    return status;
}

heng_status heng_kept_rules_load(heng_view *view, heng_str digest,
                                 heng_ruleset **ret_ruleset, heng_error *reterr) {
    heng_str set = {0};
    heng_arena *arena = heng_arena_new(HENG_LIMIT_RULESET_ARENA_BYTES);
    if (arena == NULL)
        return heng_error_nomem(reterr);
    heng_status status = heng_baseline_ruleset(view, digest, arena, &set, reterr);
    if (status == HENG_OK)
        status = load(set, arena, ret_ruleset, reterr);
    heng_arena_free(arena);
    return status;
}
