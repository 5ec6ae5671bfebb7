/* SPDX-License-Identifier: Apache-2.0 */
/* pack.c: loading the shipped rules, and walking over all they cite. */
#include "rules/pack.h"

#include <stdio.h>
#include <string.h>

#include "heng/diag.h"
#include "heng/ruleset.h"

static void print(void *context, const char *text, size_t len) {
    (void)context;
    (void)fwrite(text, 1, len, stderr);
}

heng_ruleset *pack_load(void) {
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    heng_diags *diags = heng_diags_new();
    if (diags == NULL)
        return NULL;
    if (heng_ruleset_load(HENG_RULES_DIR, diags, &ruleset, &error) != HENG_OK)
        (void)fprintf(stderr, "cannot load %s: %s\n", HENG_RULES_DIR, error.text);
    for (size_t i = 0; i < heng_diags_count(diags); i++)
        heng_diag_render(heng_diags_get(diags, i), false, print, NULL);
    heng_diags_free(diags);
    return ruleset;
}

const char *pack_file(heng_span span) {
    const char *name = heng_source_name(span.source);
    const char *slash = strrchr(name, '/');
    return slash == NULL ? name : slash + 1;
}

struct walk {
    void (*visit)(void *context, const pack_citation *citation);
    void *context;
};

static void visit_all(const struct walk *walk, const char *what, heng_str id,
                      const heng_basis *bases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        pack_citation citation = {what, id, &bases[i]};
        walk->visit(walk->context, &citation);
    }
}

void pack_each_citation(const heng_ruleset *ruleset,
                        void (*visit)(void *context, const pack_citation *citation),
                        void *context) {
    struct walk walk = {visit, context};
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        const heng_rule *rule = &ruleset->rules[i];
        visit_all(&walk, "rule", rule->id, rule->bases, rule->basis_count);
        for (size_t j = 0; j < rule->unless_count; j++)
            visit_all(&walk, "exception", rule->id, rule->unless[j].bases,
                      rule->unless[j].basis_count);
    }
    for (size_t i = 0; i < ruleset->catalog.category_count; i++) {
        const heng_category *category = &ruleset->catalog.categories[i];
        for (size_t j = 0; j < category->repair_count; j++)
            visit_all(&walk, "repair", category->id, &category->repairs[j].basis, 1);
    }
    for (size_t i = 0; i < ruleset->measure_count; i++) {
        const heng_measure *measure = &ruleset->measures[i];
        for (size_t j = 0; j < measure->remedy_count; j++)
            visit_all(&walk, "remedy", measure->id, &measure->remedies[j].basis, 1);
    }
    for (size_t i = 0; i < ruleset->conflict_count; i++)
        visit_all(&walk, "conflict", HENG_STR(""), ruleset->conflicts[i].bases,
                  ruleset->conflicts[i].basis_count);
}
