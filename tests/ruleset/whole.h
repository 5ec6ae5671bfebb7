/* SPDX-License-Identifier: Apache-2.0 */
/* whole.h: a ruleset in which everything occurs, for tests of what it becomes. */
#ifndef HENG_TESTS_RULESET_WHOLE_H
#define HENG_TESTS_RULESET_WHOLE_H

/* In two files, and not in the order of ids. */
#define WHOLE_A                                                                        \
    "ruleset:\n"                                                                       \
    "  id: whole\n"                                                                    \
    "  version: 2026.10\n"                                                             \
    "  title: {en: Whole}\n"                                                           \
    "  region: 430000\n"                                                               \
    "  disputed: mark\n"                                                               \
    "  purpose: required\n"                                                            \
    "  subject_attributes:\n"                                                          \
    "    scale: {type: string, enum: [large, small], title: 规模}\n"                 \
    "    employees: {type: int}\n"                                                     \
    "sources:\n"                                                                       \
    "  - {id: z-law, title: 法, number: 第1号, issuer: 人大, level: law,\n"       \
    "     record_only: [56(2), 7], in_force: {from: 2000-01-01, to: 2040-12-31}}\n"    \
    "  - {id: a-rule, title: 规章, issuer: 部, level: departmental_rule,\n"         \
    "     in_force: {from: 2010-01-01}}\n"                                             \
    "roles:\n"                                                                         \
    "  - {id: legal_representative, inverse: represents, title: 法定代表人}\n"    \
    "  - {id: represents, title: 代表}\n"                                            \
    "  - {id: responsible, title: 责任人}\n"                                        \
    "tests:\n"                                                                         \
    "  - {name: first}\n"

#define WHOLE_B                                                                         \
    "categories:\n"                                                                     \
    "  - id: tax.major\n"                                                               \
    "    title: {zh: 重大税收违法, en: Serious tax violation}\n"                  \
    "    information: public\n"                                                         \
    "    nature: adverse\n"                                                             \
    "    severity: serious\n"                                                           \
    "    provider: 税务机关\n"                                                      \
    "    use_limit: P3Y\n"                                                              \
    "    expires_on: required\n"                                                        \
    "    fresh_within: P7D\n"                                                           \
    "    repair:\n"                                                                     \
    "      - {from: 2026-04-01, after: P1Y, route: 网站,\n"                           \
    "         basis: {source: a-rule, article: 5}}\n"                                   \
    "      - {to: 2026-03-31, after: P6M, basis: {source: z-law, article: null}}\n"     \
    "    attributes:\n"                                                                 \
    "      kinds: {type: list(string)}\n"                                               \
    "      amount: {type: decimal, unit: CNY, required: true, title: 金额}\n"         \
    "  - id: fine\n"                                                                    \
    "    title: 罚款\n"                                                               \
    "    information: non_public\n"                                                     \
    "    nature: neutral\n"                                                             \
    "    provider: 机关\n"                                                            \
    "    attributes:\n"                                                                 \
    "      amount: {type: decimal}\n"                                                   \
    "      case_kind: {type: string, enum: [a, b]}\n"                                   \
    "matters:\n"                                                                        \
    "  - {id: z.bid, title: 投标, authority: 机关}\n"                               \
    "  - {id: a.fund, title: 资金, authority: 机关}\n"                              \
    "measures:\n"                                                                       \
    "  - id: exclude\n"                                                                 \
    "    title: 限制\n"                                                               \
    "    kind: restriction\n"                                                           \
    "    force: mandatory\n"                                                            \
    "    matters: [z.bid, a.fund]\n"                                                    \
    "    authority: 机关\n"                                                           \
    "    list_item: A1\n"                                                               \
    "    tags: [hard, joint]\n"                                                         \
    "    remedies:\n"                                                                   \
    "      - {kind: litigation, within: P6M, basis: {source: z-law, article: 46}}\n"    \
    "  - {id: watch, title: 重点, kind: restriction, effect: burden, remedies: [],\n" \
    "     force: discretionary, matters: [], authority: 机关, tags: [joint]}\n"       \
    "  - {id: fast, title: 绿色通道, kind: incentive, force: mandatory,\n"          \
    "     matters: [a.fund], authority: 机关, tags: [soft]}\n"                        \
    "  - {id: award, title: 表彰, kind: incentive, force: discretionary,\n"           \
    "     matters: [], authority: 机关, tags: [soft]}\n"                              \
    "rules:\n"                                                                          \
    "  - id: tax.exclude\n"                                                             \
    "    title: 排除\n"                                                               \
    "    tags: [tax]\n"                                                                 \
    "    applies_to: [legal_person, unincorporated]\n"                                  \
    "    regions: [\"43\", 4401]\n"                                                     \
    "    effective: {from: 2016-08-01, to: 2030-12-31, by: decided_on}\n"               \
    "    ground: >-\n"                                                                  \
    "      r.category in [\"tax.major\", \"fine\"] &&\n"                                \
    "      r.amount > 100000\n"                                                         \
    "    unless:\n"                                                                     \
    "      - if: subject.status == \"restructured\"\n"                                  \
    "        because: 重整\n"                                                         \
    "        basis: [{source: a-rule, article: null}]\n"                                \
    "      - if: size(grounds) == 1 && grounds[0].amount < 200000\n"                    \
    "        basis: [{source: a-rule, article: \"9\"}]\n"                               \
    "    measures: [watch, exclude]\n"                                                  \
    "    force: mandatory\n"                                                            \
    "    term: {from: r.decided_on, last: P3Y}\n"                                       \
    "    on_repair: stays\n"                                                            \
    "    reason: {zh: \"因{r.document_no}\", en: \"for {r.document_no}\"}\n"           \
    "    basis:\n"                                                                      \
    "      - {source: z-law, article: \"22(5)\", quote: 字, note: {en: note}}\n"       \
    "      - {source: a-rule, article: ~}\n"                                            \
    "  - id: role.life\n"                                                               \
    "    title: 任职\n"                                                               \
    "    applies_to: [natural_person]\n"                                                \
    "    effective: {from: 2020-01-01}\n"                                               \
    "    named_as: [responsible]\n"                                                     \
    "    ground: r.severity == \"serious\"\n"                                           \
    "    when: size(grounds) >= 2\n"                                                    \
    "    exception_to: [\"tag:tax\", role.until, \"tag:all\"]\n"                        \
    "    tags: [all]\n"                                                                 \
    "    measures: [exclude]\n"                                                         \
    "    term: {from: r.effective_on, last: life}\n"                                    \
    "    reason: {en: \"{size(grounds)} records\"}\n"                                   \
    "    basis: [{source: z-law, article: null}]\n"                                     \
    "  - id: role.until\n"                                                              \
    "    title: 期限\n"                                                               \
    "    tags: [all]\n"                                                                 \
    "    applies_to: [legal_person]\n"                                                  \
    "    effective: {from: 2020-01-01}\n"                                               \
    "    through: [represents]\n"                                                       \
    "    ground: r.category == \"fine\" && r.case_kind == \"a\"\n"                      \
    "    exception_to: [tax.exclude]\n"                                                 \
    "    measures: []\n"                                                                \
    "    term: {from: r.decided_on, until: r.decided_on + period(\"P1Y\")}\n"           \
    "    basis: [{source: z-law, article: 1}]\n"                                        \
    "  - id: no.ground\n"                                                               \
    "    title: 无\n"                                                                  \
    "    applies_to: [individual_business]\n"                                           \
    "    effective: {from: 2020-01-01}\n"                                               \
    "    when: as_of >= date(\"2024-01-01\") && has(subject.scale)\n"                   \
    "    measures: [fast]\n"                                                            \
    "    basis: [{source: z-law, article: 1}]\n"                                        \
    "conflicts:\n"                                                                      \
    "  - between: [\"tag:soft\", \"tag:joint\"]\n"                                      \
    "    keep: \"tag:joint\"\n"                                                         \
    "    basis: [{source: z-law, article: 2}]\n"                                        \
    "  - between: [exclude, watch]\n"                                                   \
    "    keep: watch\n"                                                                 \
    "    basis: [{source: z-law, article: 3}]\n"                                        \
    "  - between: [exclude, fast]\n"                                                    \
    "    keep: exclude\n"                                                               \
    "    basis: [{source: z-law, article: 4}]\n"                                        \
    "tests:\n"                                                                          \
    "  - {name: second}\n"                                                              \
    "  - {name: third}\n"

#endif
