/* SPDX-License-Identifier: Apache-2.0 */
/* load.h: loads rulesets from texts of a test, and prints what is wrong with them. */
#ifndef HENG_TESTS_RULESET_LOAD_H
#define HENG_TESTS_RULESET_LOAD_H

#include "support/check.h"

#include "base/buffer.h"
#include "heng/ruleset.h"
#include "ruleset/linked.h"

static inline void load_add_piece(void *context, const char *text, size_t len) {
    if (heng_buffer_add(context, text, len) != HENG_OK)
        fail_msg("out of memory");
}

/* All diagnostics as they are printed. */
static inline void load_render(const heng_diags *diags, heng_buffer *out) {
    for (size_t i = 0; i < heng_diags_count(diags); i++)
        heng_diag_render(heng_diags_get(diags, i), false, load_add_piece, out);
}

/* One file that must load. Owned by the caller. */
static inline heng_ruleset *load_good(const char *text) {
    heng_ruleset_file file = {"test.yaml", heng_str_of(text)};
    heng_diags *diags = heng_diags_new();
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    heng_status status = heng_ruleset_load_files(&file, 1, diags, &ruleset, &error);
    if (status != HENG_OK) {
        heng_buffer out;
        heng_buffer_init(&out, 1 << 20);
        load_render(diags, &out);
        fail_msg("%s\n%s", error.text, heng_buffer_view(&out).ptr);
    }
    heng_diags_free(diags);
    return ruleset;
}

/* What every ruleset of a test begins with. */
#define LOAD_HEAD "ruleset: {id: test, title: Test}\n"
#define LOAD_SOURCE                                                                    \
    "sources:\n"                                                                       \
    "  - {id: law, title: 法, issuer: 人大, level: law, in_force: {from: "          \
    "2000-01-01}}\n"
#define LOAD_BASIS "    basis: [{source: law, article: \"1\"}]\n"

#endif
