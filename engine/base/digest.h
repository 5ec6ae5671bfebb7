/* SPDX-License-Identifier: Apache-2.0 */
/* digest.h: SHA-256, written as `sha256:` and 64 hexadecimal digits. */
#ifndef HENG_BASE_DIGEST_H
#define HENG_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sodium/crypto_hash_sha256.h>

#include "heng/str.h"

enum {
    HENG_DIGEST_BYTES = 32,
    HENG_DIGEST_TEXT_BYTES = 72, /* `sha256:`, 64 digits, NUL */
};

typedef struct heng_digest {
    unsigned char bytes[HENG_DIGEST_BYTES];
} heng_digest;

/** A digest in the making, on the caller's stack. Holds nothing that must be freed. */
typedef struct heng_digest_state {
    crypto_hash_sha256_state inner;
} heng_digest_state;

void heng_digest_init(heng_digest_state *state);
void heng_digest_update(heng_digest_state *state, const void *bytes, size_t len);

/** Eight bytes, least first, whatever the machine's own order. */
void heng_digest_update_uint64(heng_digest_state *state, uint64_t value);

/** Length first, then bytes: so `ab`,`c` and `a`,`bc` differ. */
void heng_digest_update_str(heng_digest_state *state, heng_str str);

void heng_digest_final(heng_digest_state *state, heng_digest *ret_digest);

/** The digest of the bytes alone. */
heng_digest heng_digest_of(heng_str bytes);

/** Keyed BLAKE2b of the bytes: a stable name for them that only who has the key can
 * make. A batch makes one for each line of a person; HMAC-SHA-256 takes three times as
 * long. Source: RFC 7693, section 2.9. */
heng_digest heng_digest_keyed(const unsigned char key[HENG_DIGEST_BYTES],
                              heng_str bytes);

bool heng_digest_equal(const heng_digest *a, const heng_digest *b);

/** Writes `sha256:…` and a NUL. */
void heng_digest_format(const heng_digest *digest, char buffer[HENG_DIGEST_TEXT_BYTES]);

/** Parses exactly what heng_digest_format writes. */
bool heng_digest_parse(heng_str text, heng_digest *ret_digest);

#endif
