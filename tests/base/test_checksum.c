/* SPDX-License-Identifier: Apache-2.0 */
/* test_checksum.c: the published values of XXH3, and what a checksum is for: whatever
 * is changed of the bytes, it is another. */
#include "support/check.h"

#include "base/checksum.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 2367, LENGTHS = 600 };

/* The factors of the published values (tests/sanity_test of xxHash). */
#define PRIME32 UINT64_C(2654435761)
#define PRIME64 UINT64_C(11400714785074694797)

static uint8_t bytes[MOST];

static int fill(void **state) {
    (void)state;
    uint64_t number = PRIME32;
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(number >> 56);
        number *= PRIME64;
    }
    return 0;
}

/* One length for each way that the bytes are gone through. */
struct row {
    const char *name;
    size_t len;
    uint64_t plain, seeded; /* with seed 0, and with PRIME64 */
};

static struct row rows[] = {
    {"nothing", 0, 0x2D06800538D394C2, 0xA8A6B918B2F0364A},
    {"one byte", 1, 0xC44BDFF4074EECDB, 0x032BE332DD766EF8},
    {"up to 8 bytes", 6, 0x27B56A84CD2D7325, 0x84589C116AB59AB9},
    {"up to 16 bytes", 12, 0xA713DAF0DFBB77E7, 0xE7303E1B2336DE0E},
    {"up to 32 bytes", 24, 0xA3FE70BF9D3510EB, 0x850E80FC35BDD690},
    {"up to 64 bytes", 48, 0x397DA259ECBA1F11, 0xADC2CBAA44ACC616},
    {"up to 128 bytes", 80, 0xBCDEFBBB2C47C90A, 0xC6DD0CB699532E73},
    {"up to 240 bytes", 195, 0xCD94217EE362EC3A, 0xBA68003D370CB3D9},
    {"a block that is not full", 403, 0xCDEB804D65C6DEA4, 0x6259F6ECFD6443FD},
    {"whole stripes", 512, 0x617E49599013CB6B, 0x3CE457DE14C27708},
    {"whole blocks", 2048, 0xDD59E2C3A5F038E0, 0x66F81670669ABABC},
    {"blocks and whole stripes", 2240, 0x6E73A90539CF2948, 0x757BA8487D1B5247},
    {"blocks and what is left", 2367, 0xCB37AEB9E5D361ED, 0xD2DB3415B942B42A},
};

static void it_is_as_published(void **state) {
    const struct row *row = *state;
    assert_true(heng_checksum(bytes, row->len, 0) == row->plain);
    assert_true(heng_checksum(bytes, row->len, PRIME64) == row->seeded);
}

/* In memory of its own length, so that a byte behind the end would be seen. */
static uint8_t *copy_of(size_t len) {
    uint8_t *copy = malloc(len == 0 ? 1 : len);
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    return copy;
}

static void every_flipped_bit_is_seen(void **state) {
    (void)state;
    for (size_t len = 1; len <= LENGTHS; len++) {
        uint8_t *copy = copy_of(len);
        uint64_t whole = heng_checksum(copy, len, 0);
        size_t step = len / 40 + 1; /* at the first, the last and some between */
        for (size_t at = 0; at < len; at += at + step < len ? step : 1) {
            for (unsigned bit = 0; bit < 8; bit++) {
                copy[at] = (uint8_t)(copy[at] ^ 1U << bit);
                if (heng_checksum(copy, len, 0) == whole)
                    fail_msg("bit %u at %zu of %zu bytes", bit, at, len);
                copy[at] = (uint8_t)(copy[at] ^ 1U << bit);
            }
        }
        assert_true(heng_checksum(copy, len, 0) == whole);
        free(copy);
    }
}

static void length_and_seed_matter(void **state) {
    (void)state;
    const uint64_t seeds[] = {0, 1, 2, UINT64_C(1) << 63, UINT64_MAX};
    static uint64_t seen[(LENGTHS + 1) * COUNT(seeds)];
    size_t count = 0;
    memset(bytes, 0, LENGTHS); /* of zeros, which only their number tells apart */
    for (size_t len = 0; len <= LENGTHS; len++) {
        for (size_t s = 0; s < COUNT(seeds); s++)
            seen[count++] = heng_checksum(bytes, len, seeds[s]);
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++)
            assert_true(seen[i] != seen[k]);
    }
}

int main(void) {
    struct CMUnitTest tests[COUNT(rows) + 2];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(every_flipped_bit_is_seen),
        cmocka_unit_test(length_and_seed_matter), /* last: it changes the bytes */
    };
    size_t count = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] = ROW_TEST(&rows[i], it_is_as_published);
    for (size_t i = 0; i < COUNT(others); i++)
        tests[count++] = others[i];
    return check_run("base/checksum", tests, count, fill, NULL);
}
