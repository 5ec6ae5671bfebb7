/* SPDX-License-Identifier: Apache-2.0 */
/* test_zone.c: offsets of time zones, past and future. */
#include "support/check.h"

#include <string.h>
#include <sys/stat.h>

#include "cel/zone.h"

struct row {
    const char *name;
    const char *zone;
    int64_t seconds;
    int32_t offset; /* INT32_MIN: no such zone */
};

#define HOUR 3600

static struct row rows[] = {
    {"UTC has none", "UTC", 0, 0},
    {"east is positive", "+08:00", 0, 8 * HOUR},
    {"west is negative", "-02:30", 0, -2 * HOUR - 1800},
    {"a sign is not needed", "02:00", 0, 2 * HOUR},
    {"too many hours", "+24:00", 0, INT32_MIN},
    {"too many minutes", "+08:60", 0, INT32_MIN},
    {"an empty name", "", 0, INT32_MIN},
    {"a path that leaves the folder", "../zoneinfo/UTC", 0, INT32_MIN},
    {"an absolute one", "/etc/localtime", 0, INT32_MIN},
    {"a folder", "Asia", 0, INT32_MIN},
    {"a file that is no zone", "tzdata.zi", 0, INT32_MIN},
    {"a zone without summer time", "Asia/Shanghai", 1700000000, 8 * HOUR},
    {"that once had it", "Asia/Shanghai", 550000000, 9 * HOUR},
    {"long ago it was local time", "Asia/Shanghai", -3000000000, 29143},
    {"summer in the north", "Europe/Berlin", 1720000000, 2 * HOUR},
    {"winter", "Europe/Berlin", 1705000000, HOUR},
    {"summer after the last transition written down", "Europe/Berlin", 4120000000,
     2 * HOUR},
    {"winter then", "Europe/Berlin", 4133000000, HOUR},
    {"summer in the south, across the new year", "Australia/Sydney", 4105000000,
     11 * HOUR},
    {"winter there", "Australia/Sydney", 4120000000, 10 * HOUR},
    {"one second before summer begins", "America/New_York", 4108690800 - 1, -5 * HOUR},
    {"and when it does", "America/New_York", 4108690800, -4 * HOUR},
};

static void check_row(void **state) {
    const struct row *row = *state;
    const heng_zone *zone = NULL;
    const char *reason = NULL;
    heng_arena *arena = heng_arena_new((size_t)1 << 24);
    struct stat found;
    assert_non_null(arena);
    if (stat("/usr/share/zoneinfo/Europe/Berlin", &found) != 0) {
        heng_arena_free(arena);
        print_message("skipped: there is no zone data (apt-get install tzdata)\n");
        skip();
    }
    heng_status status = heng_zone_find(heng_str_of(row->zone), &zone, &reason, arena);
    if (row->offset == INT32_MIN) {
        assert_int_equal(status, HENG_ERR_INVALID);
        assert_non_null(reason);
    } else {
        assert_int_equal(status, HENG_OK);
        assert_int_equal(heng_zone_offset(zone, row->seconds), row->offset);
    }
    heng_arena_free(arena);
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        tests[i] = ROW_TEST(&rows[i], check_row);
    }
    return cmocka_run_group_tests_name("cel/zone", tests, NULL, NULL);
}
