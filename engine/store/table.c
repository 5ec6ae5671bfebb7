/* SPDX-License-Identifier: Apache-2.0 */
/* table.c: names of tables, and keys taken apart. */
#include "store/table.h"

static const char *const NAMES[] = {
#define X(constant, name) name,
    HENG_TABLE_MAP(X)
#undef X
};

const char *heng_table_name(heng_table table) {
    return (size_t)table < sizeof NAMES / sizeof NAMES[0] ? NAMES[table] : "?";
}

size_t heng_table_split(MDB_val key, heng_str *parts, size_t most) {
    const char *at = key.mv_data;
    size_t left = key.mv_size;
    size_t count = 0;
    while (count < most) {
        const char *nul = count + 1 < most ? memchr(at, '\0', left) : NULL;
        size_t len = nul == NULL ? left : (size_t)(nul - at);
        parts[count++] = (heng_str){at, len};
        if (nul == NULL)
            break;
        at = nul + 1;
        left -= len + 1;
    }
    return count;
}
