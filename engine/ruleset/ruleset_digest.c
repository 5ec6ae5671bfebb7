/* SPDX-License-Identifier: Apache-2.0 */
/* ruleset_digest.c: digests the files as they are: a changed comment is a changed
 * ruleset, because the log must be able to give back every byte that was in force.
 *
 * ORDER ruleset-digest: heng_file_set_digest() finds the same of the files as the store
 * keeps them, in `store/file_set.c`. */
#include "ruleset/ruleset_digest.h"

void heng_ruleset_digest_of(const heng_ruleset_file *files, size_t count,
                            char buffer[HENG_DIGEST_TEXT_BYTES]) {
    heng_digest_state state;
    heng_digest digest;
    heng_digest_init(&state);
    for (size_t i = 0; i < count; i++) {
        heng_digest_update_str(&state, heng_str_of(files[i].name));
        heng_digest_update_str(&state, files[i].text);
    }
    heng_digest_final(&state, &digest);
    heng_digest_format(&digest, buffer);
}
