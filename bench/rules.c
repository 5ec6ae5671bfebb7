/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c: heng-rules, which writes one of the made-up rulesets to standard output, so
 * that other programs can be tried with it. */
#include <stdio.h>
#include <stdlib.h>

#include "made_rules.h"

int main(int argc, char **argv) {
    heng_buffer text;
    char *end = NULL;
    unsigned long rules = argc == 2 ? strtoul(argv[1], &end, 10) : 0;
    if (rules == 0 || *end != '\0' || rules % HENG_MADE_CATEGORIES != 0 ||
        rules > 60000) {
        (void)fprintf(stderr,
                      "usage: heng-rules N\n\nWrites a made-up ruleset of N rules, a "
                      "multiple of %d up to 60000.\n",
                      HENG_MADE_CATEGORIES);
        return 1;
    }
    heng_buffer_init(&text, (size_t)64 << 20);
    heng_made_rules_write(&text, rules);
    size_t written = fwrite(text.bytes, 1, text.len, stdout);
    bool fine = written == text.len && fflush(stdout) == 0;
    heng_buffer_done(&text);
    return fine ? 0 : 1;
}
