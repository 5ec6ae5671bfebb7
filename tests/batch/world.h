/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world.h: a small made-up ruleset, stores filled from lines, and batches over them
 * whose lines are gathered in memory.
 */
#ifndef HENG_TESTS_BATCH_WORLD_H
#define HENG_TESTS_BATCH_WORLD_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/check.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "heng/batch.h"
#include "heng/diag.h"
#include "heng/ruleset.h"
#include "heng/store.h"
#include "ruleset/linked.h"

/* Rules about own debts, those of the head, and accidents that name somebody. */
#define WORLD_HEAD                                                                     \
    "ruleset: {id: town, version: \"1\", title: Town, region: \"430000\", time_zone: " \
    "Asia/Shanghai}\n"                                                                 \
    "sources:\n"                                                                       \
    "  - {id: law, title: Law, issuer: Council, level: law, in_force: {from: "         \
    "2000-01-01}}\n"                                                                   \
    "matters: [{id: bid, title: Bid, authority: Office}]\n"                            \
    "roles: [{id: head, inverse: heads, title: Head}, {id: driver, title: Driver}]\n"

#define WORLD_CATEGORIES                                                               \
    "categories:\n"                                                                    \
    "  - {id: debt, title: Debt, information: public, nature: adverse, severity: "     \
    "serious, provider: Court, attributes: {amount: {type: decimal}}}\n"               \
    "  - {id: accident, title: Accident, information: public, nature: adverse, "       \
    "severity: general, provider: Police}\n"                                           \
    "  - {id: honour, title: Honour, information: public, nature: favourable, "        \
    "provider: Council}\n"

#define WORLD_MEASURES                                                                 \
    "measures:\n"                                                                      \
    "  - {id: out, title: Out, kind: restriction, force: mandatory, matters: [bid], "  \
    "authority: Office, remedies: [{kind: objection, within: P15D, basis: {source: "   \
    "law, article: \"1\"}}]}\n"                                                        \
    "  - {id: praise, title: Praise, kind: incentive, force: mandatory, matters: "     \
    "[bid], authority: Office}\n"

#define WORLD_RULE(id, rest)                                                           \
    "  - {id: " id ", title: Rule, applies_to: [legal_person, natural_person], "       \
    "effective: {from: 2010-01-01}, basis: [{source: law, article: \"1\"}], " rest     \
    "}\n"
#define WORLD_RULE_DEBT                                                                \
    WORLD_RULE("debt", "ground: 'r.category == \"debt\" && r.amount > 100', term: "    \
                       "{from: r.decided_on, last: P3Y}, measures: [out]")
#define WORLD_RULE_HEAD                                                                \
    WORLD_RULE("head", "through: [head], ground: 'r.category == \"debt\"', measures: " \
                       "[out]")
#define WORLD_RULE_DRIVER                                                              \
    WORLD_RULE("driver", "named_as: [driver], ground: 'r.category == \"accident\"', "  \
                         "measures: [out]")
#define WORLD_RULE_HONOUR                                                              \
    WORLD_RULE("honour", "ground: 'r.category == \"honour\"', measures: [praise]")

#define WORLD_RULES                                                                    \
    WORLD_HEAD WORLD_CATEGORIES WORLD_MEASURES                                         \
        "rules:\n" WORLD_RULE_DEBT WORLD_RULE_HEAD WORLD_RULE_DRIVER WORLD_RULE_HONOUR

static inline heng_ruleset *world_load(const char *yaml) {
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    heng_diags *diags = heng_diags_new();
    heng_ruleset_file file = {"town.yaml", {yaml, strlen(yaml)}};
    heng_status status = heng_ruleset_load_files(&file, 1, diags, &ruleset, &error);
    if (status != HENG_OK) {
        const char *why = heng_diags_count(diags) > 0
                              ? heng_diags_get(diags, 0)->message
                              : error.text;
        fail_msg("the ruleset is refused: %s\n%s", why, yaml);
    }
    heng_diags_free(diags);
    return ruleset;
}

/* ---- stores ---- */

static inline char *world_folder(void) {
    char text[] = "/tmp/heng-batch-XXXXXX";
    assert_non_null(mkdtemp(text));
    char *copy = malloc(sizeof text);
    assert_non_null(copy);
    memcpy(copy, text, sizeof text);
    return copy;
}

static inline void world_remove(char *folder) {
    DIR *listing = opendir(folder);
    const struct dirent *entry;
    assert_non_null(listing);
    while ((entry = readdir(listing)) != NULL) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.') {
            (void)unlink(path);
        }
    }
    (void)closedir(listing);
    (void)rmdir(folder);
    free(folder);
}

static inline heng_store *world_store(const char *folder) {
    heng_store *store = NULL;
    heng_error error = {0};
    if (heng_store_open(folder, HENG_STORE_CREATE, &store, &error) != HENG_OK) {
        fail_msg("%s", error.text);
    }
    return store;
}

struct world_input {
    const char *at;
    size_t left;
    heng_time_ms now;
};

static inline size_t world_read(void *context, char *buffer, size_t size) {
    struct world_input *input = context;
    size_t len = input->left < size ? input->left : size;
    memcpy(buffer, input->at, len);
    input->at += len;
    input->left -= len;
    return len;
}

static inline heng_time_ms world_now(void *context) {
    struct world_input *input = context;
    return input->now++;
}

static inline void world_reject(void *context, const heng_import_reject *reject) {
    (void)context;
    fail_msg("line %ju: %s: %s", (uintmax_t)reject->line, reject->field,
             reject->reason);
}

static inline void world_warn(void *context, const heng_import_reject *warning) {
    (void)context, (void)warning;
}

static inline void world_import(heng_store *store, const heng_ruleset *ruleset,
                                heng_time_ms now, const char *lines) {
    heng_error error = {0};
    heng_import *import = NULL;
    heng_import_counts counts = {0};
    struct world_input input = {lines, strlen(lines), now};
    heng_import_options options = {.catalog = heng_ruleset_catalog(ruleset),
                                   .now = world_now,
                                   .reject = world_reject,
                                   .warn = world_warn,
                                   .context = &input};
    if (heng_import_begin(store, &options, &import, &error) != HENG_OK ||
        heng_import_read(import, "in", world_read, &input, &error) != HENG_OK ||
        heng_import_end(import, &counts, &error) != HENG_OK) {
        fail_msg("import: %s", error.text);
    }
}

static inline void world_add_firm(heng_buffer *to, unsigned i, const char *more) {
    (void)heng_buffer_add_format(to,
                                 "{\"type\":\"subject\",\"id\":\"T-%06u\",\"kind\":"
                                 "\"legal_person\",\"name\":\"Firm %u\",\"region\":"
                                 "\"43%02u02\"%s}\n",
                                 i, i, i % 14 + 1, more);
}

static inline void world_add_record(heng_buffer *to, const char *category, unsigned i,
                                    const char *more) {
    (void)heng_buffer_add_format(
        to,
        "{\"type\":\"record\",\"id\":\"R-%s-%u\",\"subject\":\"T-%06u\",\"category\":"
        "\"%s\",\"authority\":\"Court\",\"document_no\":\"1\",\"decided_on\":"
        "\"2024-03-15\"%s}\n",
        category, i, i, category, more);
}

/* Every second firm has a debt, every seventh an honour, every fifth a head with one.
 */
static inline void world_fill(heng_store *store, const heng_ruleset *ruleset,
                              unsigned count) {
    heng_buffer lines;
    heng_buffer_init(&lines, (size_t)1 << 28);
    for (unsigned i = 0; i < count; i++) {
        char head[96] = "";
        if (i % 5 == 1) {
            (void)snprintf(head, sizeof head,
                           ",\"relations\":[{\"role\":\"head\",\"id\":\"T-%06u\"}]",
                           i - 1);
        }
        world_add_firm(&lines, i, head);
        if (i % 2 == 0) {
            world_add_record(&lines, "debt", i, ",\"attributes\":{\"amount\":\"500\"}");
        }
        if (i % 7 == 0) {
            world_add_record(&lines, "honour", i, "");
        }
        if (i % 11 == 0) {
            world_add_record(
                &lines, "accident", i,
                ",\"parties\":[{\"role\":\"driver\",\"id\":\"T-000003\"}]");
        }
    }
    world_import(store, ruleset, 1000, heng_buffer_view(&lines).ptr);
    heng_buffer_done(&lines);
}

#endif
