/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema_probe.c: tells test_schema.py what the loader says of each document: one JSON
 * document a line on standard input, one line of error codes for each on standard
 * output.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "heng/ruleset.h"

static int probe(const char *text, size_t len) {
    heng_ruleset_file file = {"probe.yaml", {text, len}};
    heng_diags *diags = heng_diags_new();
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    if (diags == NULL)
        return 1;
    heng_status status = heng_ruleset_load_files(&file, 1, diags, &ruleset, &error);
    for (size_t i = 0; i < heng_diags_count(diags); i++)
        (void)printf(i == 0 ? "%u" : " %u", (unsigned)heng_diags_get(diags, i)->code);
    (void)printf("\n");
    heng_ruleset_free(ruleset);
    heng_diags_free(diags);
    return status != HENG_OK && status != HENG_ERR_RULESET;
}

int main(void) {
    char *line = NULL;
    size_t room = 0;
    int failed = 0;
    for (ssize_t len = getline(&line, &room, stdin); len > 0;
         len = getline(&line, &room, stdin))
        failed |= probe(line, (size_t)len);
    free(line);
    return failed;
}
