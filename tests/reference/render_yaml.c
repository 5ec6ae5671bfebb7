/* SPDX-License-Identifier: Apache-2.0 */
/* render_yaml.c: a ruleset as YAML, in one or more files, in any order. */
#include "world.h"

#include <stddef.h>

#define LAW "[{source: law, article: \"1\"}]"

static const char *const type_words[] = {"",       "bool", "int",         "decimal",
                                         "string", "date", "list(string)"};

static void add_attribute(const field *of, bool required, const char *indent,
                          text *into) {
    text_add(into, "%s%s: {type: %s", indent, of->name, type_words[of->type]);
    if (of->words[0] != NULL)
        text_add(into, ", enum: [%s, %s, %s]", of->words[0], of->words[1],
                 of->words[2]);
    text_add(into, "%s}\n", required ? ", required: true" : "");
}

static void add_head(const rules *of, text *into) {
    text_add(into,
             "ruleset:\n  id: random\n  version: \"1\"\n  title: random rules\n"
             "  region: \"430000\"\n  time_zone: Asia/Shanghai\n  disputed: %s\n",
             of->suspend ? "suspend" : "mark");
    if (of->subject_attributes != 0)
        text_add(into, "  subject_attributes:\n");
    for (int i = 0; i < SUBJECT_ATTRIBUTES; i++) {
        if ((of->subject_attributes >> i & 1) != 0)
            add_attribute(&subject_fields[S_ATTRIBUTES + i], false, "    ", into);
    }
    text_add(into,
             "sources:\n  - {id: law, title: a law, issuer: somebody, level: law, "
             "in_force: {from: 1990-01-01}}\nroles:\n");
    for (int i = 0; i < ROLE_WORDS; i++) {
        if (role_words[i].is_inverse)
            continue;
        text_add(into, "  - {id: %s, title: a role", role_words[i].word);
        if (role_words[i].other_side >= 0)
            text_add(into, ", inverse: %s", role_words[role_words[i].other_side].word);
        text_add(into, "}\n");
    }
}

static void add_category(const category *at, text *into) {
    static const char *const expires_words[] = {"optional", "required", "none"};
    text_add(into,
             "  - id: %s\n    title: a category\n    information: public\n    nature: "
             "%s\n    provider: somebody\n    expires_on: %s\n",
             at->id, nature_words[at->nature], expires_words[at->expires]);
    if (at->nature == ADVERSE)
        text_add(into, "    severity: %s\n", severity_words[at->severity]);
    if (at->has_use_limit)
        text_add(into, "    use_limit: %s\n", calendar_period_text(at->use_limit));
    for (int i = 0; i < at->repair_count; i++) {
        const repair *way = &at->repairs[i];
        text_add(into, "%s      - {", i == 0 ? "    repair:\n" : "");
        if (way->from != DAY_MIN)
            text_add(into, "from: %s, ", calendar_text(way->from));
        if (way->to != DAY_NONE)
            text_add(into, "to: %s, ", calendar_text(way->to));
        text_add(into, "after: %s, route: ask, basis: {source: law, article: \"2\"}}\n",
                 calendar_period_text(way->after));
    }
    if (at->attributes != 0)
        text_add(into, "    attributes:\n");
    for (int i = 0; i < RECORD_ATTRIBUTES; i++) {
        if ((at->attributes >> i & 1) != 0)
            add_attribute(&record_fields[R_ATTRIBUTES + i],
                          (at->required >> i & 1) != 0, "      ", into);
    }
}

static void add_measure(const rules *of, const measure *at, text *into) {
    text_add(into,
             "  - id: %s\n    title: a measure\n    kind: %s\n    force: %s\n"
             "    authority: somebody\n    matters: [",
             at->id, measure_kind_words[at->kind],
             at->discretionary ? "discretionary" : "mandatory");
    const char *comma = "";
    for (int i = 0; i < of->matter_count; i++) {
        if ((at->matters >> i & 1) != 0) {
            text_add(into, "%smatter.%c", comma, 'a' + i);
            comma = ", ";
        }
    }
    text_add(into, "]\n");
    if (at->kind == RESTRICTION)
        text_add(into,
                 "    effect: %s\n    remedies: [{kind: reconsideration, within: P60D, "
                 "basis: {source: law, article: \"3\"}}]\n",
                 at->burden ? "burden" : "bar");
    for (int i = 0; i < TAGS; i++) {
        if ((at->tags >> i & 1) != 0)
            text_add(into, "%smtag%d",
                     (at->tags & ((1U << i) - 1)) == 0 ? "    tags: [" : ", ", i);
    }
    text_add(into, "%s", at->tags != 0 ? "]\n" : "");
}

static void add_condition(const rules *of, const char *key, int root, text *into) {
    text_add(into, "%s'", key);
    condition_render(of, root, into);
    text_add(into, "'\n");
}

static void add_exceptions(const rules *of, const rule *by, text *into) {
    const char *before = "    exception_to: [";
    for (int i = 0; i < of->rule_count; i++) {
        if ((by->exceptions >> i & 1) != 0) {
            text_add(into, "%s%s", before, of->rules[i].id);
            before = ", ";
        }
    }
    for (int i = 0; i < TAGS; i++) {
        if ((by->exception_tags >> i & 1) != 0) {
            text_add(into, "%s\"tag:rtag%d\"", before, i);
            before = ", ";
        }
    }
    if (by->exceptions != 0 || by->exception_tags != 0)
        text_add(into, "]\n");
}

/* [a, b] of the words whose bits are set. */
static void add_words(const char *key, unsigned bits, const char *(*word)(int index),
                      int count, text *into) {
    const char *comma = "";
    text_add(into, "    %s: [", key);
    for (int i = 0; i < count; i++) {
        if ((bits >> i & 1) != 0) {
            const char *name = word(i);
            text_add(into, "%s%s", comma, name == NULL ? "" : name);
            comma = ", ";
        }
    }
    text_add(into, "]\n");
}

static const char *kind_word(int index) {
    return subject_kind_words[index];
}
static const char *role_at(int index) {
    return role_words[index].word;
}
static const char *tag_word(int index) {
    static const char *const words[TAGS] = {"rtag0", "rtag1", "rtag2"};
    return words[index];
}
static const char *measure_word(int index) {
    static const char *const words[MAX_MEASURES] = {
        "measure.a", "measure.b", "measure.c", "measure.d",
        "measure.e", "measure.f", "measure.g", "measure.h"};
    return words[index];
}

static void add_rule(const rules *of, const rule *by, text *into) {
    text_add(into, "  - id: %s\n    title: a rule\n", by->id);
    add_words("applies_to", by->applies_to, kind_word, 4, into);
    if (by->tags != 0)
        add_words("tags", by->tags, tag_word, TAGS, into);
    for (int i = 0; i < by->region_count; i++)
        text_add(into, "%s\"%s\"%s", i == 0 ? "    regions: [" : ", ", by->regions[i],
                 i == by->region_count - 1 ? "]\n" : "");
    text_add(into, "    effective: {from: %s", calendar_text(by->from));
    if (by->to != DAY_NONE)
        text_add(into, ", to: %s", calendar_text(by->to));
    text_add(into, "%s}\n", by->by_decided_on ? ", by: decided_on" : "");
    if (by->gaze != GAZE_OWN)
        add_words(by->gaze == GAZE_THROUGH ? "through" : "named_as", by->roles, role_at,
                  ROLE_WORDS, into);
    if (by->ground >= 0)
        add_condition(of, "    ground: ", by->ground, into);
    if (by->when >= 0)
        add_condition(of, "    when: ", by->when, into);
    for (int i = 0; i < by->unless_count; i++) {
        add_condition(of, i == 0 ? "    unless:\n      - if: " : "      - if: ",
                      by->unless[i], into);
        text_add(into, "        because: so\n        basis: " LAW "\n");
    }
    if (by->term != TERM_NONE) {
        add_condition(of, "    term:\n      from: ", by->term_from, into);
        if (by->term == TERM_UNTIL)
            add_condition(of, "      until: ", by->term_until, into);
        else
            text_add(into, "      last: %s\n",
                     by->term == TERM_LIFE ? "life" : calendar_period_text(by->last));
    }
    if (by->stays)
        text_add(into, "    on_repair: stays\n");
    add_exceptions(of, by, into);
    if (by->force >= 0)
        text_add(into, "    force: %s\n",
                 by->force == 0 ? "mandatory" : "discretionary");
    add_words("measures", by->measures, measure_word, of->measure_count, into);
    text_add(into, "    basis: %s\n",
             by->unverified ? "[{source: law, article: null}]" : LAW);
}

static void add_side(const rules *of, side which, text *into) {
    if (which.is_tag)
        text_add(into, "\"tag:mtag%d\"", which.index);
    else
        text_add(into, "%s", of->measures[which.index].id);
}

static void add_conflict(const rules *of, const conflict *at, bool keep_first,
                         text *into) {
    text_add(into, "  - between: [");
    add_side(of, keep_first ? at->keep : at->gone, into);
    text_add(into, ", ");
    add_side(of, keep_first ? at->gone : at->keep, into);
    text_add(into, "]\n    keep: ");
    add_side(of, at->keep, into);
    text_add(into, "\n    basis: " LAW "\n");
}

/* Puts 0 to count - 1 into some order. */
static void shuffle(rng *order, int *list, int count) {
    for (int i = 0; i < count; i++)
        list[i] = i;
    for (int i = count - 1; i > 0 && order->state != 0; i--) {
        int other = rng_below(order, i + 1), swap = list[i];
        list[i] = list[other];
        list[other] = swap;
    }
}

/* The entries of one section, dealt out to the files. */
static void add_section(const rules *of, const layout *how, rng *order, const char *key,
                        int count,
                        void (*add)(const rules *of, int index, bool plain, text *into),
                        text files[MAX_FILES]) {
    int list[MAX_RULES];
    bool begun[MAX_FILES] = {false};
    shuffle(order, list, count);
    for (int i = 0; i < count; i++) {
        int file = how->files == 1 ? 0 : rng_below(order, how->files);
        if (!begun[file])
            text_add(&files[file], "%s:\n", key);
        begun[file] = true;
        add(of, list[i], order->state == 0 || rng_chance(order, 50), &files[file]);
    }
}

static void section_category(const rules *of, int index, bool plain, text *into) {
    (void)plain;
    add_category(&of->categories[index], into);
}
static void section_matter(const rules *of, int index, bool plain, text *into) {
    (void)of;
    (void)plain;
    text_add(into, "  - {id: matter.%c, title: a matter, authority: somebody}\n",
             'a' + index);
}
static void section_measure(const rules *of, int index, bool plain, text *into) {
    (void)plain;
    add_measure(of, &of->measures[index], into);
}
static void section_rule(const rules *of, int index, bool plain, text *into) {
    (void)plain;
    add_rule(of, &of->rules[index], into);
}
static void section_conflict(const rules *of, int index, bool plain, text *into) {
    add_conflict(of, &of->conflicts[index], plain, into);
}

void render_yaml(const rules *of, const layout *how, text files[MAX_FILES]) {
    rng order = how->order;
    add_head(of, &files[0]);
    add_section(of, how, &order, "categories", of->category_count, section_category,
                files);
    add_section(of, how, &order, "matters", of->matter_count, section_matter, files);
    add_section(of, how, &order, "measures", of->measure_count, section_measure, files);
    add_section(of, how, &order, "rules", of->rule_count, section_rule, files);
    add_section(of, how, &order, "conflicts", of->conflict_count, section_conflict,
                files);
}
