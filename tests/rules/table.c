/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.c: the pack as one table for lawyers: a row a rule, by field of law, then what
 * several rows share: conflicts, repair by category, and the sources.
 *
 * Nothing is said that the linked ruleset does not hold: the page is what the engine
 * applies, not what somebody wrote about it. Chinese, with English titles.
 */
#include "rules/table.h"

#include <inttypes.h>
#include <string.h>

#include "rules/pack.h"

#define BREAK "<br>"

/* Fields of law in the order of a firm's life: entry, public money, sectors. */
static const struct {
    const char *file, *zh, *en;
} FIELDS[] = {
    {"licensing.yaml", "行政许可", "Licences"},
    {"company.yaml", "公司与登记", "Companies"},
    {"penalties.yaml", "行政处罚", "Penalties"},
    {"court.yaml", "司法", "Courts"},
    {"procurement.yaml", "政府采购", "Government procurement"},
    {"tendering.yaml", "招标投标", "Tenders"},
    {"tax.yaml", "税收", "Tax"},
    {"wages.yaml", "农民工工资", "Wages of migrant workers"},
    {"payments.yaml", "中小企业账款", "Payments to small and medium enterprises"},
    {"publicity.yaml", "企业信息公示", "Enterprise information publicity"},
    {"food.yaml", "食品安全", "Food"},
    {"drugs.yaml", "药品和疫苗", "Drugs and vaccines"},
    {"devices.yaml", "医疗器械", "Medical devices"},
    {"cosmetics.yaml", "化妆品", "Cosmetics"},
    {"safety.yaml", "安全生产和消防", "Work safety and fire"},
    {"ecology.yaml", "生态环境", "Ecology"},
    {"health.yaml", "医疗保障", "Medical insurance"},
    {"tourism.yaml", "旅游", "Tourism"},
    {"transport.yaml", "公路超限运输", "Overloaded trucks"},
    {"government.yaml", "政务诚信", "Public bodies"},
    {"lists.yaml", "其他严重失信主体名单", "Other serious lists"},
    {"incentives.yaml", "守信激励", "Incentives"},
    {"common.yaml", "各领域共用", "Shared by several fields"},
};
enum { FIELD_COUNT = sizeof FIELDS / sizeof FIELDS[0] };

static const char HEAD[] =
    "<!-- Made by the test rules/table from the rules beside it. Do not edit: change "
    "the rules, then run\n"
    "     HENG_UPDATE=1 ctest -R rules/table in a build folder. -->\n"
    "# 规则总表 Table of the rules\n\n"
    "每行一条规则，由规则文件生成，供逐行核对：措施及其适用事项、对象、情形与条件、"
    "依据（条号及其要义，均为自拟文字，非法条原文）、期限、修复、效力、救济。"
    "全部依据“条号待核实”的规则不适用；有利于主体的但书照常适用。"
    "条件中 `r` 是一条记录，`subject` 是被查询主体，`as_of` 是查询日，`grounds` "
    "是成立的各条记录。\n\n"
    "One row a rule, made from the rule files, to be checked line by line: measure and "
    "matters, whom, when, basis, term, repair, force, remedies. The notes are our own "
    "words, not those of the law. A rule all of whose articles are unverified applies "
    "to nobody; an exception in favour of the subject applies all the same.\n\n";

/* ---- texts ---- */

/* Text of a cell: a bar would end the cell, a line break the row. */
static void add_cell(heng_buffer *out, heng_str text) {
    bool blank = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            blank = true;
            continue;
        }
        if (blank)
            heng_buffer_add_char(out, ' ');
        blank = false;
        if (c == '|')
            heng_buffer_add_char(out, '\\');
        heng_buffer_add_char(out, c);
    }
}

static void add_code(heng_buffer *out, heng_str text) {
    heng_buffer_add_char(out, '`');
    add_cell(out, text);
    heng_buffer_add_char(out, '`');
}

static void add_program(heng_buffer *out, const heng_cel_program *program) {
    add_code(out, heng_cel_program_ast(program)->text);
}

static void add_titles(heng_buffer *out, const heng_text *title) {
    add_cell(out, title->zh);
    if (!heng_str_equal(title->zh, title->en)) {
        heng_buffer_add_text(out, BREAK);
        add_cell(out, title->en);
    }
}

static void add_word(heng_buffer *out, heng_vocabulary vocabulary, int value) {
    const heng_word *word = heng_kind_word(vocabulary, value);
    heng_buffer_add_text(out, word == NULL ? "?" : word->zh);
}

static void add_date(heng_buffer *out, heng_date date) {
    char text[HENG_DATE_TEXT_BYTES];
    heng_date_format(date, text);
    heng_buffer_add_text(out, text);
}

/* "2015-10-01 起至 2024-06-30": open ends are left out. */
static void add_days(heng_buffer *out, heng_date from, heng_date to) {
    if (heng_date_valid(from) && from != HENG_DATE_MIN) {
        add_date(out, from);
        heng_buffer_add_text(out, " 起");
    }
    if (heng_date_valid(to)) {
        heng_buffer_add_text(out, "至 ");
        add_date(out, to);
    }
}

static void add_period(heng_buffer *out, heng_period period) {
    if (period.months == 0 && period.days == 0)
        heng_buffer_add_text(out, "0日");
    if (period.months / 12 != 0)
        heng_buffer_add_format(out, "%" PRId32 "年", period.months / 12);
    if (period.months % 12 != 0)
        heng_buffer_add_format(out, "%" PRId32 "个月", period.months % 12);
    if (period.days != 0)
        heng_buffer_add_format(out, "%" PRId32 "日", period.days);
}

/* 《政府采购法》77(1) */
static void add_article(const heng_ruleset *ruleset, const heng_basis *basis,
                        heng_buffer *out) {
    static const char STATE[] = "中华人民共和国";
    const heng_law_source *source = &ruleset->sources[basis->source];
    heng_str title = source->title.zh;
    size_t len = sizeof STATE - 1;
    if (title.len > len && memcmp(title.ptr, STATE, len) == 0)
        title = (heng_str){title.ptr + len, title.len - len};
    heng_buffer_add_text(out, "《");
    add_cell(out, title);
    heng_buffer_add_text(out, "》");
    if (basis->article.ptr == NULL)
        heng_buffer_add_text(out, "条号待核实");
    else
        add_cell(out, basis->article);
}

static void add_bases(const heng_ruleset *ruleset, const heng_basis *bases,
                      size_t count, heng_buffer *out) {
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            heng_buffer_add_text(out, BREAK);
        add_article(ruleset, &bases[i], out);
        if (bases[i].note.zh.len > 0) {
            heng_buffer_add_text(out, "：");
            add_cell(out, bases[i].note.zh);
        }
    }
}

static void next_cell(heng_buffer *out) {
    heng_buffer_add_text(out, " | ");
}

/* ---- the cells of a rule ---- */

static void add_measure(const heng_ruleset *ruleset, const heng_measure *measure,
                        heng_buffer *out) {
    add_titles(out, &measure->title);
    heng_buffer_add_text(out, BREAK "〔");
    add_word(out, HENG_WORDS_MEASURE_KIND, (int)measure->kind);
    if (measure->kind == HENG_MEASURE_RESTRICTION) {
        heng_buffer_add_text(out, "·");
        add_word(out, HENG_WORDS_EFFECT, (int)measure->effect);
    }
    if (measure->list_item.len > 0) {
        heng_buffer_add_text(out, "·清单 ");
        add_cell(out, measure->list_item);
    }
    heng_buffer_add_text(out, "〕");
    for (size_t i = 0; i < measure->matter_count; i++) {
        heng_buffer_add_text(out, i == 0 ? "事项：" : "；");
        add_cell(out, ruleset->matters[measure->matters[i]].title.zh);
    }
}

static void add_measures(const heng_ruleset *ruleset, const heng_rule *rule,
                         heng_buffer *out) {
    for (size_t i = 0; i < rule->measure_count; i++) {
        if (i > 0)
            heng_buffer_add_text(out, BREAK);
        add_measure(ruleset, &ruleset->measures[rule->measures[i]], out);
    }
    if (rule->measure_count == 0)
        heng_buffer_add_text(out, "—");
}

static void add_role(const heng_catalog *catalog, heng_str id, heng_buffer *out) {
    for (size_t i = 0; i < catalog->role_count; i++) {
        if (heng_str_equal(catalog->roles[i].id, id)) {
            add_cell(out, catalog->roles[i].title.zh);
            return;
        }
    }
    add_code(out, id);
}

static void add_whom(const heng_ruleset *ruleset, const heng_rule *rule,
                     heng_buffer *out) {
    const heng_words *kinds = heng_kind_words(HENG_WORDS_SUBJECT_KIND);
    const char *join = "";
    for (size_t i = 0; i < kinds->count; i++) {
        if ((rule->applies_to & (1U << kinds->items[i].value)) == 0)
            continue;
        heng_buffer_add_format(out, "%s%s", join, kinds->items[i].zh);
        join = "、";
    }
    for (size_t i = 0; i < rule->region_count; i++) {
        heng_buffer_add_text(out, i == 0 ? BREAK "地区：" : "、");
        add_cell(out, rule->regions[i]);
    }
    if (rule->gaze == HENG_GAZE_NAMED)
        heng_buffer_add_text(out, BREAK "他人记录中列明的：");
    else if (rule->gaze == HENG_GAZE_THROUGH)
        heng_buffer_add_text(out, BREAK "有此记录的人现任其：");
    for (size_t i = 0; i < rule->role_count; i++) {
        if (i > 0)
            heng_buffer_add_text(out, "、");
        add_role(&ruleset->catalog, rule->roles[i], out);
    }
}

static void add_when(const heng_ruleset *ruleset, const heng_rule *rule,
                     heng_buffer *out) {
    if (rule->unverified)
        heng_buffer_add_text(out, "**依据待核实，不适用**" BREAK);
    add_titles(out, &rule->title);
    heng_buffer_add_text(out, BREAK);
    add_code(out, rule->id);
    if (rule->ground != NULL) {
        heng_buffer_add_text(out, BREAK "记录：");
        add_program(out, rule->ground);
    }
    if (rule->when != NULL) {
        heng_buffer_add_text(out, BREAK "并且：");
        add_program(out, rule->when);
    }
    for (size_t i = 0; i < rule->unless_count; i++) {
        const heng_unless *unless = &rule->unless[i];
        heng_buffer_add_text(out, BREAK "但书：");
        add_cell(out, unless->because.zh);
        heng_buffer_add_char(out, ' ');
        add_program(out, unless->condition);
        heng_buffer_add_char(out, ' ');
        add_bases(ruleset, unless->bases, unless->basis_count, out);
    }
    for (size_t i = 0; i < rule->displace_count; i++) {
        heng_buffer_add_text(out, i == 0 ? BREAK "排除：" : "、");
        add_code(out, ruleset->rules[rule->displaces[i]].id);
    }
}

static void add_term_from(const heng_rule *rule, heng_buffer *out) {
    heng_str text = heng_cel_program_ast(rule->term_from)->text;
    heng_buffer_add_text(out, "自");
    if (heng_str_equal(text, HENG_STR("r.decided_on")))
        heng_buffer_add_text(out, "决定之日");
    else if (heng_str_equal(text, HENG_STR("r.effective_on")))
        heng_buffer_add_text(out, "生效之日");
    else
        add_code(out, text);
    heng_buffer_add_text(out, "起");
}

static void add_term(const heng_rule *rule, heng_buffer *out) {
    switch (rule->term) {
    case HENG_TERM_IN_FORCE:
        heng_buffer_add_text(out,
                             rule->ground == NULL ? "条件成立期间" : "记录有效期间");
        break;
    case HENG_TERM_LAST:
        add_term_from(rule, out);
        add_period(out, rule->last);
        break;
    case HENG_TERM_LIFE:
        add_term_from(rule, out);
        heng_buffer_add_text(out, "终身");
        break;
    case HENG_TERM_UNTIL:
        add_term_from(rule, out);
        heng_buffer_add_text(out, "至 ");
        add_program(out, rule->term_until);
        break;
    }
    heng_buffer_add_text(out, BREAK "施行：");
    add_days(out, rule->from, rule->to);
    heng_buffer_add_text(out, rule->by == HENG_BY_DECIDED_ON ? "（按决定日）"
                                                             : "（按查询日）");
}

static void add_windows(const heng_category *category, heng_buffer *out) {
    for (size_t i = 0; i < category->repair_count; i++) {
        const heng_repair *repair = &category->repairs[i];
        if (i > 0)
            heng_buffer_add_text(out, "；");
        add_days(out, repair->from, repair->to);
        if (repair->from != HENG_DATE_MIN || repair->to != HENG_DATE_NONE)
            heng_buffer_add_text(out, "，");
        if (repair->after.months == 0 && repair->after.days == 0) {
            heng_buffer_add_text(out, "随时");
            continue;
        }
        heng_buffer_add_text(out, "决定满");
        add_period(out, repair->after);
    }
}

static void add_repair(const heng_ruleset *ruleset, const heng_rule *rule,
                       heng_buffer *out) {
    bool any = false;
    if (rule->stays) {
        heng_buffer_add_text(out, "记录修复不缩短期限");
        return;
    }
    for (size_t i = 0; i < rule->category_count; i++) {
        const heng_category *category =
            &ruleset->catalog.categories[rule->categories[i]];
        if (category->nature != HENG_NATURE_ADVERSE)
            continue;
        heng_buffer_add_text(out, any ? BREAK : "随记录修复、撤销终止" BREAK);
        any = true;
        add_cell(out, category->title.zh);
        heng_buffer_add_text(out, "：");
        if (category->repair_count == 0)
            heng_buffer_add_text(out, "未定可以申请的日期");
        add_windows(category, out);
    }
    if (!any)
        heng_buffer_add_text(out, "—");
}

static void add_force(const heng_ruleset *ruleset, const heng_rule *rule,
                      heng_buffer *out) {
    bool mixed = false;
    const heng_measure *measures = ruleset->measures;
    if (rule->has_force || rule->measure_count == 0) {
        if (rule->has_force)
            add_word(out, HENG_WORDS_FORCE, (int)rule->force);
        return;
    }
    heng_force first = measures[rule->measures[0]].force;
    for (size_t i = 1; i < rule->measure_count; i++)
        mixed = mixed || measures[rule->measures[i]].force != first;
    for (size_t i = 0; i < (mixed ? rule->measure_count : 1); i++) {
        const heng_measure *measure = &measures[rule->measures[i]];
        if (i > 0)
            heng_buffer_add_text(out, BREAK);
        if (mixed) {
            add_cell(out, measure->title.zh);
            heng_buffer_add_text(out, "：");
        }
        add_word(out, HENG_WORDS_FORCE, (int)measure->force);
    }
}

static void add_remedy(const heng_ruleset *ruleset, const heng_remedy *remedy,
                       heng_buffer *out) {
    static const struct {
        const char *word, *zh;
    } KINDS[] = {{"reconsideration", "行政复议"}, {"litigation", "行政诉讼"}};
    heng_str kind = remedy->kind;
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (heng_str_equal(kind, heng_str_of(KINDS[i].word)))
            kind = heng_str_of(KINDS[i].zh);
    }
    add_cell(out, kind);
    heng_buffer_add_char(out, ' ');
    add_period(out, remedy->within);
    heng_buffer_add_char(out, ' ');
    add_article(ruleset, &remedy->basis, out);
}

static bool same_remedies(const heng_measure *a, const heng_measure *b) {
    bool same = a->remedy_count == b->remedy_count;
    for (size_t i = 0; same && i < a->remedy_count; i++) {
        const heng_remedy *x = &a->remedies[i];
        const heng_remedy *y = &b->remedies[i];
        same = heng_str_equal(x->kind, y->kind) &&
               x->within.months == y->within.months &&
               x->within.days == y->within.days && x->basis.source == y->basis.source &&
               heng_str_equal(x->basis.article, y->basis.article);
    }
    return same;
}

/* Once for measures in a row that are contested alike. */
static void add_remedies(const heng_ruleset *ruleset, const heng_rule *rule,
                         heng_buffer *out) {
    bool all_same = true;
    const heng_measure *before = NULL;
    for (size_t i = 1; i < rule->measure_count; i++)
        all_same = all_same && same_remedies(&ruleset->measures[rule->measures[0]],
                                             &ruleset->measures[rule->measures[i]]);
    for (size_t i = 0; i < rule->measure_count; i++) {
        const heng_measure *measure = &ruleset->measures[rule->measures[i]];
        if (all_same && before != NULL)
            break;
        if (before != NULL)
            heng_buffer_add_text(out, BREAK);
        before = measure;
        if (!all_same) {
            add_cell(out, measure->title.zh);
            heng_buffer_add_text(out, "：");
        }
        if (measure->remedy_count == 0)
            heng_buffer_add_text(out, "—");
        for (size_t j = 0; j < measure->remedy_count; j++) {
            if (j > 0)
                heng_buffer_add_text(out, BREAK);
            add_remedy(ruleset, &measure->remedies[j], out);
        }
    }
}

/* ---- the page ---- */

static void add_rule(const heng_ruleset *ruleset, const heng_rule *rule,
                     heng_buffer *out) {
    heng_buffer_add_text(out, "| ");
    add_measures(ruleset, rule, out);
    next_cell(out);
    add_whom(ruleset, rule, out);
    next_cell(out);
    add_when(ruleset, rule, out);
    next_cell(out);
    add_bases(ruleset, rule->bases, rule->basis_count, out);
    next_cell(out);
    add_term(rule, out);
    next_cell(out);
    add_repair(ruleset, rule, out);
    next_cell(out);
    add_force(ruleset, rule, out);
    next_cell(out);
    add_remedies(ruleset, rule, out);
    heng_buffer_add_text(out, " |\n");
}

/* The rule of a file that stands next at or after a place; NULL at the end. Rules are
 * sorted by id, and a reader compares the page with the files. */
static const heng_rule *next_rule(const heng_ruleset *ruleset, const char *file,
                                  size_t start) {
    const heng_rule *next = NULL;
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        const heng_rule *rule = &ruleset->rules[i];
        if (strcmp(pack_file(rule->span), file) == 0 && rule->span.start >= start &&
            (next == NULL || rule->span.start < next->span.start))
            next = rule;
    }
    return next;
}

static void add_field(const heng_ruleset *ruleset, size_t field, heng_buffer *out) {
    const char *file = FIELDS[field].file;
    const heng_rule *rule = next_rule(ruleset, file, 0);
    if (rule == NULL)
        return;
    heng_buffer_add_format(out, "## %s %s\n\n`%s`\n\n", FIELDS[field].zh,
                           FIELDS[field].en, file);
    heng_buffer_add_text(out,
                         "| 措施 Measure | 对象 Whom | 情形 When | 依据 Basis | 期限 "
                         "Term | 修复 Repair | 效力 Force | 救济 Remedies |\n"
                         "|---|---|---|---|---|---|---|---|\n");
    for (; rule != NULL; rule = next_rule(ruleset, file, rule->span.start + 1))
        add_rule(ruleset, rule, out);
    heng_buffer_add_char(out, '\n');
}

static void add_conflicts(const heng_ruleset *ruleset, heng_buffer *out) {
    heng_buffer_add_text(out, "## 措施之间的冲突 Conflicts\n\n"
                              "| 保留 Kept | 让位 Gives way | 依据 Basis |\n"
                              "|---|---|---|\n");
    for (size_t i = 0; i < ruleset->conflict_count; i++) {
        for (size_t j = 0; j < ruleset->pair_count; j++) {
            const heng_conflict_pair *pair = &ruleset->pairs[j];
            if (pair->conflict != i)
                continue;
            heng_buffer_add_text(out, "| ");
            add_titles(out, &ruleset->measures[pair->kept].title);
            next_cell(out);
            add_titles(out, &ruleset->measures[pair->gone].title);
            next_cell(out);
            add_bases(ruleset, ruleset->conflicts[i].bases,
                      ruleset->conflicts[i].basis_count, out);
            heng_buffer_add_text(out, " |\n");
        }
    }
}

static void add_category(const heng_ruleset *ruleset, const heng_category *category,
                         heng_buffer *out) {
    heng_buffer_add_text(out, "| ");
    add_titles(out, &category->title);
    heng_buffer_add_text(out, BREAK);
    add_code(out, category->id);
    next_cell(out);
    add_word(out, HENG_WORDS_NATURE, (int)category->nature);
    if (category->severity != HENG_GRAVITY_NONE) {
        heng_buffer_add_text(out, "·");
        add_word(out, HENG_WORDS_GRAVITY, (int)category->severity);
    }
    next_cell(out);
    add_cell(out, category->provider);
    next_cell(out);
    if (category->has_use_limit)
        add_period(out, category->use_limit);
    else
        heng_buffer_add_text(out, "—");
    next_cell(out);
    for (size_t i = 0; i < category->repair_count; i++) {
        const heng_repair *repair = &category->repairs[i];
        heng_category window = *category;
        window.repairs = &category->repairs[i];
        window.repair_count = 1;
        if (i > 0)
            heng_buffer_add_text(out, BREAK);
        add_windows(&window, out);
        heng_buffer_add_text(out, "：");
        add_cell(out, repair->route.zh);
        heng_buffer_add_char(out, ' ');
        add_bases(ruleset, &repair->basis, 1, out);
    }
    if (category->repair_count == 0)
        heng_buffer_add_text(out, "—");
    heng_buffer_add_text(out, " |\n");
}

static void add_categories(const heng_ruleset *ruleset, heng_buffer *out) {
    heng_buffer_add_text(out,
                         "\n## 记录与修复 Records and their repair\n\n"
                         "| 记录 Record | 性质 Nature | 提供单位 Provider | 使用期限 "
                         "Use limit | 可以申请修复 Repair |\n"
                         "|---|---|---|---|---|\n");
    for (size_t i = 0; i < ruleset->catalog.category_count; i++)
        add_category(ruleset, &ruleset->catalog.categories[i], out);
}

static void add_sources(const heng_ruleset *ruleset, heng_buffer *out) {
    heng_buffer_add_text(out,
                         "\n## 法源 Sources\n\n"
                         "| 名称 Title | 文号 Number | 制定机关 Issuer | 位阶 Level "
                         "| 施行 In force | 只归集的条款 Record only |\n"
                         "|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < ruleset->source_count; i++) {
        const heng_law_source *source = &ruleset->sources[i];
        heng_buffer_add_text(out, "| ");
        add_titles(out, &source->title);
        heng_buffer_add_text(out, BREAK);
        add_code(out, source->id);
        next_cell(out);
        add_cell(out, source->number);
        next_cell(out);
        add_cell(out, source->issuer);
        next_cell(out);
        add_word(out, HENG_WORDS_LEVEL, (int)source->level);
        next_cell(out);
        add_days(out, source->from, source->to);
        next_cell(out);
        for (size_t j = 0; j < source->record_only_count; j++) {
            if (j > 0)
                heng_buffer_add_text(out, "、");
            add_cell(out, source->record_only[j]);
        }
        heng_buffer_add_text(out, " |\n");
    }
}

static size_t field_of(const heng_rule *rule) {
    size_t field = 0;
    while (field < FIELD_COUNT &&
           strcmp(FIELDS[field].file, pack_file(rule->span)) != 0)
        field++;
    return field;
}

const char *table_render(const heng_ruleset *ruleset, heng_buffer *out) {
    size_t unverified = 0;
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        unverified += ruleset->rules[i].unverified;
        if (field_of(&ruleset->rules[i]) == FIELD_COUNT)
            return pack_file(ruleset->rules[i].span);
    }
    heng_buffer_add_text(out, HEAD);
    heng_buffer_add_format(out,
                           "规则 %zu 条，其中 %zu 条依据待核实；措施 %zu 项。 "
                           "%zu rules, %zu of them unverified; %zu measures.\n\n",
                           ruleset->rule_count, unverified, ruleset->measure_count,
                           ruleset->rule_count, unverified, ruleset->measure_count);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        add_field(ruleset, i, out);
    add_conflicts(ruleset, out);
    add_categories(ruleset, out);
    add_sources(ruleset, out);
    return NULL;
}
