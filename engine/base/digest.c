/* SPDX-License-Identifier: Apache-2.0 */
/* digest.c: SHA-256 and BLAKE2b by libsodium, whose hashing needs no sodium_init(). */
#include "base/digest.h"

#include <string.h>

#include <sodium/crypto_generichash.h>

static const char PREFIX[] = "sha256:";
static const char HEX[] = "0123456789abcdef";

enum { PREFIX_LEN = sizeof PREFIX - 1 };

_Static_assert(HENG_DIGEST_BYTES == crypto_hash_sha256_BYTES, "SHA-256 is 32 bytes");
_Static_assert(HENG_DIGEST_TEXT_BYTES == PREFIX_LEN + 2 * HENG_DIGEST_BYTES + 1,
               "text form");

void heng_digest_init(heng_digest_state *state) {
    (void)crypto_hash_sha256_init(&state->inner); /* these three always return 0 */
}

void heng_digest_update(heng_digest_state *state, const void *bytes, size_t len) {
    if (len > 0) { /* libsodium copies from `bytes` even where there are none */
        (void)crypto_hash_sha256_update(&state->inner, bytes, len);
    }
}

void heng_digest_update_uint64(heng_digest_state *state, uint64_t value) {
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(value >> (8 * i));
    }
    heng_digest_update(state, bytes, sizeof bytes);
}

void heng_digest_update_str(heng_digest_state *state, heng_str str) {
    heng_digest_update_uint64(state, str.len);
    heng_digest_update(state, str.ptr, str.len);
}

void heng_digest_final(heng_digest_state *state, heng_digest *ret_digest) {
    (void)crypto_hash_sha256_final(&state->inner, ret_digest->bytes);
}

heng_digest heng_digest_of(heng_str bytes) {
    heng_digest digest;
    heng_digest_state state;
    heng_digest_init(&state);
    heng_digest_update(&state, bytes.ptr, bytes.len);
    heng_digest_final(&state, &digest);
    return digest;
}

heng_digest heng_digest_keyed(const unsigned char key[HENG_DIGEST_BYTES],
                              heng_str bytes) {
    heng_digest digest;
    (void)crypto_generichash(digest.bytes, sizeof digest.bytes,
                             (const unsigned char *)(bytes.len == 0 ? "" : bytes.ptr),
                             bytes.len, key, HENG_DIGEST_BYTES);
    return digest;
}

bool heng_digest_equal(const heng_digest *a, const heng_digest *b) {
    return memcmp(a->bytes, b->bytes, HENG_DIGEST_BYTES) == 0;
}

void heng_digest_format(const heng_digest *digest,
                        char buffer[HENG_DIGEST_TEXT_BYTES]) {
    memcpy(buffer, PREFIX, PREFIX_LEN);
    char *next = buffer + PREFIX_LEN;
    for (size_t i = 0; i < HENG_DIGEST_BYTES; i++) {
        *next++ = HEX[digest->bytes[i] >> 4];
        *next++ = HEX[digest->bytes[i] & 15];
    }
    *next = '\0';
}

bool heng_digest_parse(heng_str text, heng_digest *ret_digest) {
    heng_digest digest = {{0}};
    if (text.len != HENG_DIGEST_TEXT_BYTES - 1 ||
        memcmp(text.ptr, PREFIX, PREFIX_LEN) != 0)
        return false;
    for (size_t i = 0; i < 2 * (size_t)HENG_DIGEST_BYTES; i++) {
        const char *digit = memchr(HEX, text.ptr[PREFIX_LEN + i], sizeof HEX - 1);
        if (digit == NULL)
            return false;
        unsigned above = (unsigned)digest.bytes[i / 2] << 4;
        digest.bytes[i / 2] = (unsigned char)(above | (unsigned)(digit - HEX));
    }
    *ret_digest = digest;
    return true;
}
