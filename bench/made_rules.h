/* SPDX-License-Identifier: Apache-2.0 */
/*
 * made_rules.h: the rulesets that benchmarks measure.
 *
 * Made-up ones of any number of rules over one catalog, so that one store serves them
 * all. A rule asks for a category, whether the record is in force, a band of its
 * amount, a region and kinds, and gives a term of years. The bands and regions of a
 * category's rules share out all that there is: whatever the number of rules, a record
 * matches the same number of them, one where its category concerns the subject's kind.
 * What more rules cost is then the search for them, nothing else.
 *
 *   60 rules     a category has one rule
 *   600          one of 5 bands x 2 regions
 *   6,000        one of 20 bands x 5 regions
 *
 * And the shipped ones, as they are or with a rule that needs no record.
 */
#ifndef HENG_BENCH_MADE_RULES_H
#define HENG_BENCH_MADE_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "heng/ruleset.h"

/** The rules are shared out over this many categories. */
enum { HENG_MADE_CATEGORIES = 60 };

/** The numbers of rules that are compared. */
enum { HENG_MADE_SIZES = 3 };
extern const size_t HENG_MADE_RULES[HENG_MADE_SIZES];

/** Adds a ruleset to `out`, as YAML. `rules` is a multiple of HENG_MADE_CATEGORIES. */
void heng_made_rules_write(heng_buffer *out, size_t rules);

/** Such a ruleset, loaded. Owned by the caller. Ends the program where it fails. */
heng_ruleset *heng_made_rules_load(size_t rules);

/**
 * The rules in folder `path`, loaded.
 *
 * @param groundless  adds one that needs no record, so that every subject must be
 *                    looked at; it fires for one in a hundred of the firms of a made-up
 *                    market.
 */
heng_ruleset *heng_made_rules_shipped(const char *path, bool groundless);

/** The rules in folder `path` but for those that look at others' records (`through`,
 * `named_as`), loaded. */
heng_ruleset *heng_made_rules_own(const char *path);

/**
 * A draft of the rules in folder `path`: with another ground, which what was decided
 * after the middle of 2025 does not meet.
 *
 * @param rule  of this rule alone; NULL: of all whose ground stands in one line.
 * @return loaded, owned by the caller. Ends the program where no rule is another.
 */
heng_ruleset *heng_made_rules_draft(const char *path, const char *rule);

#endif
