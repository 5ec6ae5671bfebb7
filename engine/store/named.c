/* SPDX-License-Identifier: Apache-2.0 */
#include "store/named.h"

#include <string.h>

#include "base/limits.h"
#include "model/flat.h"
#include "store/dossier.h"
#include "store/table.h"

heng_status heng_named_open(heng_named *named, heng_view *view,
                            const heng_categories *categories,
                            heng_scan_glances *glances, heng_scan_cares *cares,
                            void *context, heng_error *reterr) {
    named->view = view;
    named->categories = *categories;
    named->glances = glances;
    named->cares = cares;
    named->context = context;
    return heng_range_open(&named->range, view, HENG_TABLE_MENTION, reterr);
}

/* Of nearly all rows the record says enough. */
static bool is_passed_by(const heng_named *named, const heng_leaves_row *row) {
    if (row->len < HENG_FLAT_RECORD_BYTES)
        return false;
    return !heng_categories_have(&named->categories, heng_flat_u32(row->value + 4)) ||
           !named->glances(named->context, row->value, row->len);
}

/* Whether the row that the range stands on is wanted; *ret_party is whom it names. */
static heng_status look_at(const heng_named *named, heng_str *ret_party,
                           bool *ret_wanted, heng_error *reterr) {
    const heng_leaves_row *row = &named->range.row;
    bool is_past = heng_view_is_past(named->view);
    heng_str parts[3];
    *ret_wanted = false;
    if (!is_past && is_passed_by(named, row))
        return HENG_OK;
    if (heng_table_split(heng_table_value(row->key.ptr, row->key.len), parts, 3) != 3)
        return heng_db_damaged(HENG_TABLE_MENTION, row->key, "a key of another form",
                               reterr);
    *ret_party = parts[0];
    *ret_wanted = is_past;
    if (is_past || row->len == 0 || heng_str_equal(parts[0], parts[1]))
        return HENG_OK;
    *ret_wanted =
        row->len < HENG_FLAT_RECORD_BYTES ||
        named->cares(named->context, parts[0], parts[1], row->value, row->len);
    return HENG_OK;
}

static heng_status find_ahead(heng_named *named, heng_error *reterr) {
    heng_status status = HENG_OK;
    named->at = 0;
    named->count = 0;
    while (status == HENG_OK && named->range.is_within &&
           named->count < HENG_LEAVES_EXPECTED) {
        heng_named_row *found = &named->found[named->count];
        bool wanted = false;
        status = look_at(named, &found->party, &wanted, reterr);
        if (status == HENG_OK && wanted) {
            found->row = named->range.row;
            named->count++;
        }
        if (status == HENG_OK)
            status = heng_range_next(&named->range, reterr);
    }
    return status;
}

heng_status heng_named_next(heng_named *named, bool *ret_more, heng_error *reterr) {
    named->at++;
    *ret_more = named->at == named->count;
    return *ret_more ? find_ahead(named, reterr) : HENG_OK;
}

size_t heng_named_ahead(const heng_named *named, heng_str *ids) {
    size_t count = 0;
    for (size_t i = named->at; i < named->count; i++) {
        if (count == 0 || !heng_str_equal(ids[count - 1], named->found[i].party))
            ids[count++] = named->found[i].party;
    }
    return count;
}

/* Keys begin with the party and a NUL, so those of `id` lie before `id` and a byte
 * of 1.
 */
heng_status heng_named_seek(heng_named *named, heng_str after, heng_str last,
                            heng_error *reterr) {
    char keys[2][HENG_LIMIT_SUBJECT_ID_BYTES + 1];
    heng_str ends[2] = {after, last};
    for (int i = 0; i < 2; i++) {
        if (ends[i].len == 0)
            continue;
        memcpy(keys[i], ends[i].ptr, ends[i].len);
        keys[i][ends[i].len] = 1;
        ends[i] = (heng_str){keys[i], ends[i].len + 1};
    }
    heng_status status = heng_range_seek(&named->range, ends[0], ends[1], reterr);
    return status == HENG_OK ? find_ahead(named, reterr) : status;
}
