/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wording.h: every phrase that answers are told in, in both languages, in one place.
 *
 * `{0}` to `{4}` are filled in. Nothing in here may say or suggest that a subject is
 * clear where an answer is undetermined.
 */
#ifndef HENG_REPORT_WORDING_H
#define HENG_REPORT_WORDING_H

#include "heng/arena.h"
#include "heng/str.h"
#include "model/catalog.h"

/* X(id, zh, en), in groups */

/* the verdict: {0} who, {1} matter, {2} day */
#define HENG_WORDING_VERDICT_MAP(X)                                                    \
    X(HENG_SAY_WHO, "{0}（{1}）", "{0} ({1})")                                         \
    X(HENG_SAY_BLOCKED, "不予办理：{0}，{1}，{2}。有应当适用的禁止性措施。",           \
      "BLOCKED: {0}, {1}, on {2}. A measure that must be applied bars the matter.")    \
    X(HENG_SAY_CAUTION,                                                                \
      "审慎办理：{0}，{1}，{2}。有限制措施，由承办人裁量，或者使办理从严。",           \
      "CAUTION: {0}, {1}, on {2}. A restriction applies that the officer must weigh, " \
      "or that makes the matter harder.")                                              \
    X(HENG_SAY_FAVOURED, "可予激励：{0}，{1}，{2}。有激励措施，未见限制措施。",        \
      "FAVOURED: {0}, {1}, on {2}. An incentive applies and no restriction does.")     \
    X(HENG_SAY_CLEAR, "未见限制：{0}，{1}，{2}。在案记录未引起任何措施。",             \
      "CLEAR: {0}, {1}, on {2}. Nothing on record brings about a measure.")            \
    X(HENG_SAY_CLEAR_NOTICE, "未见限制：{0}，{1}，{2}。有告知事项，未见限制措施。",    \
      "CLEAR: {0}, {1}, on {2}. There is a notice, and no restriction.")               \
    X(HENG_SAY_CLEAR_SUSPENDED,                                                        \
      "未见限制：{0}，{1}，{2}。有措施因异议审查暂缓，见下。",                         \
      "CLEAR: {0}, {1}, on {2}. A measure is suspended while an objection is under "   \
      "review, see below.")                                                            \
    X(HENG_SAY_CLEAR_DOUBT,                                                            \
      "未见限制：{0}，{1}，{2}。下列规则无法判定，但无论如何都不影响本事项的结论。",   \
      "CLEAR: {0}, {1}, on {2}. Rules named below cannot be determined, but "          \
      "whichever way they turn out, the verdict on this matter is the same.")          \
    X(HENG_SAY_UNDETERMINED,                                                           \
      "无法判定：{0}，{1}，{2}。缺少下列信息，补齐之前不能得出结论。",                 \
      "UNDETERMINED: {0}, {1}, on {2}. What is named below is missing; until it is "   \
      "known no conclusion can be drawn.")                                             \
    X(HENG_SAY_OUT_OF_SCOPE,                                                           \
      "不在适用范围：{0}，{1}。规则不适用于未满十八周岁或者非完全民事行为能力的人。",  \
      "OUT OF SCOPE: {0}, on {1}. The rules do not speak about persons under 18 or "   \
      "without full capacity.")

/* without a matter: {0} who, {1} day, {2} how many */
#define HENG_WORDING_ALL_MAP(X)                                                        \
    X(HENG_SAY_ALL_CLEAR, "{0}，{1}：各事项均未见限制。",                              \
      "{0}, on {1}: every matter is clear.")                                           \
    X(HENG_SAY_ALL_BUT_DOUBT, "{0}，{1}：没有须注意的事项，但是下列规则无法判定。",    \
      "{0}, on {1}: no matter needs attention, but the rules named below cannot be "   \
      "determined.")                                                                   \
    X(HENG_SAY_SOME, "{0}，{1}：下列 {2} 个事项须注意。",                              \
      "{0}, on {1}: matters that need attention: {2}.")                                \
    X(HENG_SAY_SUPPOSED,                                                               \
      "注意：本结论含假设内容（--suppose 或 --with），存储中没有。",                   \
      "Note: this answer supposes facts (--suppose or --with) that no store holds.")

/* table heads */
#define HENG_WORDING_HEAD_MAP(X)                                                       \
    X(HENG_SAY_MATTER, "事项", "MATTER")                                               \
    X(HENG_SAY_VERDICT, "结论", "VERDICT")                                             \
    X(HENG_SAY_AUTHORITY, "主管", "AUTHORITY")                                         \
    X(HENG_SAY_MEASURE, "措施", "MEASURE")                                             \
    X(HENG_SAY_KIND, "类别", "KIND")                                                   \
    X(HENG_SAY_EFFECT, "效果", "EFFECT")                                               \
    X(HENG_SAY_FORCE, "效力", "FORCE")                                                 \
    X(HENG_SAY_STATE, "状态", "STATE")                                                 \
    X(HENG_SAY_FROM, "起", "FROM")                                                     \
    X(HENG_SAY_UNTIL, "止", "UNTIL")                                                   \
    X(HENG_SAY_NAME, "名称", "NAME")                                                   \
    X(HENG_SAY_ID, "标识", "ID")                                                       \
    X(HENG_SAY_RULE, "规则", "RULE")                                                   \
    X(HENG_SAY_SUBJECT, "主体", "SUBJECT")                                             \
    X(HENG_SAY_BARS, "禁止", "bars it")                                                \
    X(HENG_SAY_BURDENS, "从严", "makes it harder")                                     \
    X(HENG_SAY_NONE, "—", "-")

/* labels of fields */
#define HENG_WORDING_LABEL_MAP(X)                                                      \
    X(HENG_SAY_STATE_LABEL, "状态", "state")                                           \
    X(HENG_SAY_L_WHY, "缘由", "because")                                               \
    X(HENG_SAY_L_RECORD, "记录", "record")                                             \
    X(HENG_SAY_L_BASIS, "依据", "basis")                                               \
    X(HENG_SAY_L_NOTE, "说明", "note")                                                 \
    X(HENG_SAY_L_ENDS, "届满", "ends")                                                 \
    X(HENG_SAY_L_REPAIR, "修复", "repair")                                             \
    X(HENG_SAY_L_CONTEST, "救济", "contest")                                           \
    X(HENG_SAY_L_AUTHORITY, "执行", "applied by")                                      \
    X(HENG_SAY_L_MATTERS, "事项", "matters")                                           \
    X(HENG_SAY_L_ERROR, "原因", "problem")                                             \
    X(HENG_SAY_L_NEEDS, "缺少", "missing")                                             \
    X(HENG_SAY_L_DO, "处理", "to do")                                                  \
    X(HENG_SAY_L_VALID, "有效至", "valid through")                                     \
    X(HENG_SAY_L_AS_OF, "基准日", "as of")                                             \
    X(HENG_SAY_L_KNOWN, "知悉时点", "known at")                                        \
    X(HENG_SAY_L_RULESET, "规则集", "ruleset")

/* records: {0} id, {1} authority, {2} document, {3} day */
#define HENG_WORDING_RECORD_MAP(X)                                                     \
    X(HENG_SAY_RECORD, "{0}，{1}，{2}，{3} 作出", "{0}, {1}, {2}, decided on {3}")     \
    X(HENG_SAY_RECORD_OF, "（{0}的记录，其为{1}）",                                    \
      " (a record of {0}, who is its {1})")                                            \
    X(HENG_SAY_RECORD_NAMES, "（{0}的记录，列名为{1}）",                               \
      " (a record of {0}, in which it is named as {1})")                               \
    X(HENG_SAY_RECORD_DISPUTED, "（异议审查中）", " (under objection)")                \
    X(HENG_SAY_NO_RECORD, "不以记录为条件", "this rule needs no record")

/* law: {0} source, {1} article */
#define HENG_WORDING_LAW_MAP(X)                                                        \
    X(HENG_SAY_BASIS, "《{0}》第{1}条", "{0}, article {1}")                            \
    X(HENG_SAY_BASIS_UNREAD, "《{0}》（条文未核实）", "{0} (article not verified)")    \
    X(HENG_SAY_QUOTE, "：“{0}”", ": \"{0}\"")

/* how it ends: {0} last day, {1} first day without */
#define HENG_WORDING_END_MAP(X)                                                        \
    X(HENG_SAY_ENDS_ON, "{0} 届满，{1} 起自行解除",                                    \
      "by itself after {0}: the first day without it is {1}")                          \
    X(HENG_SAY_ENDS_LIFE, "终身适用，不因期限届满解除",                                \
      "not by itself: it is for life")                                                 \
    X(HENG_SAY_ENDS_IN_FORCE, "记录有效期间适用，记录失效时解除",                      \
      "when the record is no longer in force; no day is set")                          \
    X(HENG_SAY_ENDS_IN_EFFECT, "规则施行期间适用，规则停止施行时解除",                 \
      "when the rule is no longer in effect; no day is set")                           \
    X(HENG_SAY_ENDS_FAR, "没有确定的届满日", "no day is set")                          \
    X(HENG_SAY_REPAIR, "{0} 起可申请：{1}", "can be asked for from {0}: {1}")          \
    X(HENG_SAY_REPAIR_NOW, "现在即可申请（{0} 起）：{1}",                              \
      "can be asked for now (since {0}): {1}")                                         \
    X(HENG_SAY_REPAIR_NONE, "无修复途径", "no way to ask for it is known")             \
    X(HENG_SAY_REPAIR_STAYS, "修复记录不解除本措施",                                   \
      "repairing the record does not lift this measure")                               \
    X(HENG_SAY_REMEDY, "{0}：{1}内，{2}", "{0} within {1}: {2}")                       \
    X(HENG_SAY_RECONSIDERATION, "行政复议", "reconsideration")                         \
    X(HENG_SAY_LITIGATION, "行政诉讼", "litigation")                                   \
    X(HENG_SAY_OBJECTION, "异议", "objection")                                         \
    X(HENG_SAY_YEAR, "{0}年", "{0} year")                                              \
    X(HENG_SAY_YEARS, "{0}年", "{0} years")                                            \
    X(HENG_SAY_MONTH, "{0}个月", "{0} month")                                          \
    X(HENG_SAY_MONTHS, "{0}个月", "{0} months")                                        \
    X(HENG_SAY_DAY, "{0}日", "{0} day")                                                \
    X(HENG_SAY_DAYS, "{0}日", "{0} days")

/* what nearly applied */
#define HENG_WORDING_NEAR_MAP(X)                                                       \
    X(HENG_SAY_H_NOT_APPLIED, "未适用的措施", "Measures that do not apply, and why")   \
    X(HENG_SAY_DISPLACED_RULE, "被排除：规则“{0}”优先",                                \
      "displaced: the rule \"{0}\" goes before it")                                    \
    X(HENG_SAY_DISPLACED_MEASURE, "被排除：与措施“{0}”冲突，适用后者",                 \
      "displaced: it conflicts with \"{0}\", which is kept")                           \
    X(HENG_SAY_DISPLACED, "被排除", "displaced")                                       \
    X(HENG_SAY_LAPSED, "{0} 起不再适用：{1}", "lapsed since {0}: {1}")                 \
    X(HENG_SAY_LAPSED_NO_DAY, "不再适用：{0}", "lapsed: {0}")                          \
    X(HENG_SAY_EXCEPTED, "例外：{0}", "excepted: {0}")                                 \
    X(HENG_SAY_EXCEPTED_PLAIN, "例外：规则的第 {0} 项例外成立",                        \
      "excepted: exception {0} of the rule holds")                                     \
    X(HENG_SAY_PENDING, "尚未开始，自 {0} 起适用", "pending: it begins on {0}")        \
    X(HENG_SAY_SUSPENDED, "暂缓：异议审查期间不适用，也不影响结论",                    \
      "suspended: while the objection is under review it is not applied, and bears "   \
      "on no verdict")                                                                 \
    X(HENG_SAY_UNVERIFIED, "依据条文未核实，不适用",                                   \
      "unverified: nobody could read its legal basis yet, so it does not apply")

/* what could not be told */
#define HENG_WORDING_DOUBT_MAP(X)                                                      \
    X(HENG_SAY_H_UNDETERMINED, "无法判定的规则", "Rules that cannot be determined")    \
    X(HENG_SAY_DOUBT_LIVE, "（因其他记录仍然成立）",                                   \
      " (it holds all the same, on other grounds)")                                    \
    X(HENG_SAY_NEED, "{0}（{1}）", "{0} ({1})")                                        \
    X(HENG_SAY_DOUBT_RECORD, "记录 {0}：{1}", "record {0}: {1}")                       \
    X(HENG_SAY_DO_NEEDS, "请记录提供单位补齐后重新导入，再次核查",                     \
      "ask the provider of the record to supply it, import it, and check again")       \
    X(HENG_SAY_DO_ERROR, "请规则维护人员检查该条件，或者补正记录",                     \
      "have the rule's condition looked at, or the record put right")                  \
    X(HENG_SAY_DO_ASK, "在此之前，请按程序人工核实",                                   \
      "until then, establish the facts by hand")

/* the end */
#define HENG_WORDING_FOOT_MAP(X)                                                       \
    X(HENG_SAY_VALID_DAY, "{0}（此前没有新的记录或规则）",                             \
      "{0}, if nothing new is recorded and no rule changes")                           \
    X(HENG_SAY_VALID_EVER, "长期（没有新的记录或规则）",                               \
      "for ever, if nothing new is recorded and no rule changes")                      \
    X(HENG_SAY_NEVER, "存储为空", "the store is empty")                                \
    X(HENG_SAY_RULESET_IS, "{0} {1}（{2}）", "{0} {1} ({2})")                          \
    X(HENG_SAY_UNKNOWN_TIES, "关联主体 {0} 没有任何信息，未予考虑。",                  \
      "Nothing is known of {0}, tied to the subject: not taken into account.")         \
    X(HENG_SAY_INVISIBLE, "有 {0} 条记录的目录项不在规则集中，未予考虑。",             \
      "{0} record(s) of categories that the ruleset does not know were not looked "    \
      "at.")                                                                           \
    X(HENG_SAY_ADVICE, "本结论供参考，由承办人依法决定；当事人可以提出异议。",         \
      "This is advice: an official decides, and the subject can contest.")

/* explaining */
#define HENG_WORDING_EXPLAIN_MAP(X)                                                    \
    X(HENG_SAY_H_RULE, "{0}（{1}）：{2}", "{0} ({1}): {2}")                            \
    X(HENG_SAY_IS_UNDETERMINED, "无法判定", "undetermined")                            \
    X(HENG_SAY_DOES_NOT_FIRE, "条件不成立", "does not hold")                           \
    X(HENG_SAY_NOT_KIND, "不适用于该类主体",                                           \
      "the rule is not for this kind of subject")                                      \
    X(HENG_SAY_NOT_REGION, "不适用于该地区", "the rule is not for this region")        \
    X(HENG_SAY_NOT_IN_EFFECT, "该日规则未施行",                                        \
      "the rule is not in effect on this day")                                         \
    X(HENG_SAY_LOOKED_AT, "查看了 {0} 条记录", "records looked at: {0}")               \
    X(HENG_SAY_CLAUSE_GROUND, "事由条件", "ground")                                    \
    X(HENG_SAY_CLAUSE_WHEN, "成立条件", "when")                                        \
    X(HENG_SAY_CLAUSE_UNLESS, "例外条件", "unless")                                    \
    X(HENG_SAY_CLAUSE_TERM, "期限", "term")                                            \
    X(HENG_SAY_CLAUSE_NUMBER, "{0} {1}", "{0} {1}")                                    \
    X(HENG_SAY_TRACE_RECORD, "记录 {0} → {1}", "record {0} -> {1}")                    \
    X(HENG_SAY_TRACE_RECORD_OF, "{1}的记录 {0} → {2}", "record {0} of {1} -> {2}")     \
    X(HENG_SAY_TRACE_WHOLE, "→ {0}", "-> {0}")                                         \
    X(HENG_SAY_TRACE_FAILED, "失败：{0}", "failed: {0}")                               \
    X(HENG_SAY_STEP, "{0} = {1}", "{0} = {1}")                                         \
    X(HENG_SAY_TRACES_CUT, "其余记录未逐条列出。", "Further records are not listed.")  \
    X(HENG_SAY_H_LIFT, "如何解除", "What lifts it")                                    \
    X(HENG_SAY_NOTHING_TO_EXPLAIN, "没有规则成立或者接近成立。",                       \
      "No rule holds, or nearly holds.")

/* finding */
#define HENG_WORDING_FIND_MAP(X)                                                       \
    X(HENG_SAY_H_SUBJECTS, "主体", "Subjects")                                         \
    X(HENG_SAY_H_MATTERS, "事项", "Matters")                                           \
    X(HENG_SAY_H_MEASURES, "措施", "Measures")                                         \
    X(HENG_SAY_H_RULES, "规则", "Rules")                                               \
    X(HENG_SAY_FOUND_MORE, "主体不止 {0} 个，请输入更多字。",                          \
      "There are more than {0} subjects: type more of the name or id.")                \
    X(HENG_SAY_FOUND_NOTHING, "没有找到“{0}”。", "Nothing found for \"{0}\".")

/* two rulesets compared: {0} day */
#define HENG_WORDING_DIFF_MAP(X)                                                       \
    X(HENG_SAY_DIFF_HEAD, "两套规则在 {0} 的结果比对",                                 \
      "What two rulesets bring about on {0}")                                          \
    X(HENG_SAY_DIFF_OLD, "旧规则集", "old")                                            \
    X(HENG_SAY_DIFF_NEW, "新规则集", "new")                                            \
    X(HENG_SAY_DIFF_KNOWN, "数据截至", "known at")                                     \
    X(HENG_SAY_DIFF_EMPTY, "存储中没有数据", "the store is empty")                     \
    X(HENG_SAY_DIFF_RULES, "不同的规则", "rules not the same")                         \
    X(HENG_SAY_DIFF_CATEGORIES, "不同的目录项", "categories likewise")                 \
    X(HENG_SAY_DIFF_NO_RULES, "无", "none")                                            \
    X(HENG_SAY_DIFF_SUBJECTS, "主体", "subjects")                                      \
    X(HENG_SAY_DIFF_COUNTS, "共 {0} 个，按两套规则判断 {1} 个，结果不同 {2} 个",       \
      "{0} in the store, {1} decided by both, {2} with a difference")                  \
    X(HENG_SAY_DIFF_PROOF, "其他日期", "other days")                                   \
    X(HENG_SAY_DIFF_SAME_ALWAYS,                                                       \
      "任何日期的措施、期限和结论都相同：规则及其所依据的内容没有不同。",              \
      "On every day measures, terms and verdicts are the same: no rule differs, nor "  \
      "what it rests on.")                                                             \
    X(HENG_SAY_DIFF_SAME_BEFORE,                                                       \
      "{0} 之前的日期，措施、期限和结论都相同：届时施行的规则在两套规则集中一致。",    \
      "On days before {0} measures, terms and verdicts are the same: all rules in "    \
      "effect then are the same in both.")                                             \
    X(HENG_SAY_DIFF_SAME_AFTER,                                                        \
      "{0} 之后的日期，措施、期限和结论都相同：届时施行的规则在两套规则集中一致。",    \
      "On days after {0} measures, terms and verdicts are the same: all rules in "     \
      "effect then are the same in both.")                                             \
    X(HENG_SAY_DIFF_SAME_AROUND,                                                       \
      "{0} 之前和 {1} 之后的日期，措施、期限和结论都相同："       \
      "届时施行的规则在两套规则集中一致。",                                            \
      "On days before {0} and after {1} measures, terms and verdicts are the same: "   \
      "all rules in effect then are the same in both.")                                \
    X(HENG_SAY_DIFF_SAME_NEVER,                                                        \
      "不能证明任何日期的结果相同：不同的规则没有起止日期。",                          \
      "No day is proved to be the same: rules that differ are in effect on all.")      \
    X(HENG_SAY_DIFF_SAME_UNKNOWN,                                                      \
      "不能证明任何日期的结果相同：异议处理方式、时区或者主体的属性声明不同。",        \
      "No day is proved to be the same: what happens to disputed records, the time "   \
      "zone or the attributes of subjects are not the same.")                          \
    X(HENG_SAY_DIFF_H_MEASURE, "措施", "measure")                                      \
    X(HENG_SAY_DIFF_H_REGION, "地区", "region")                                        \
    X(HENG_SAY_DIFF_H_INDUSTRY, "行业门类", "industry")                                \
    X(HENG_SAY_DIFF_H_KIND, "主体类型", "kind")                                        \
    X(HENG_SAY_DIFF_GAINED, "新增", "gained")                                          \
    X(HENG_SAY_DIFF_LOST, "失去", "lost")                                              \
    X(HENG_SAY_DIFF_ALTERED, "变动", "altered")                                        \
    X(HENG_SAY_DIFF_UNDETERMINED, "转为无法判定", "undetermined")                      \
    X(HENG_SAY_DIFF_DETERMINED, "转为可判定、不适用", "determined")                    \
    X(HENG_SAY_DIFF_OTHER, "其他", "other")                                            \
    X(HENG_SAY_DIFF_NOTHING, "没有主体的结果不同。",                                   \
      "No subject has another outcome.")                                               \
    X(HENG_SAY_DIFF_SAMPLE, "例 {0}：{1}，{2}：{3}", "Sample {0}: {1}, {2}: {3}")      \
    X(HENG_SAY_DIFF_BY_OLD, "按旧规则集", "By the old ruleset")                        \
    X(HENG_SAY_DIFF_BY_NEW, "按新规则集", "By the new ruleset")

#define HENG_WORDING_MAP(X)                                                            \
    HENG_WORDING_VERDICT_MAP(X)                                                        \
    HENG_WORDING_ALL_MAP(X)                                                            \
    HENG_WORDING_HEAD_MAP(X)                                                           \
    HENG_WORDING_LABEL_MAP(X)                                                          \
    HENG_WORDING_RECORD_MAP(X)                                                         \
    HENG_WORDING_LAW_MAP(X)                                                            \
    HENG_WORDING_END_MAP(X)                                                            \
    HENG_WORDING_NEAR_MAP(X)                                                           \
    HENG_WORDING_DOUBT_MAP(X)                                                          \
    HENG_WORDING_FOOT_MAP(X)                                                           \
    HENG_WORDING_EXPLAIN_MAP(X)                                                        \
    HENG_WORDING_FIND_MAP(X)                                                           \
    HENG_WORDING_DIFF_MAP(X)

typedef enum heng_say {
#define X(id, zh, en) id,
    HENG_WORDING_MAP(X)
#undef X
        HENG_SAY_COUNT
} heng_say;

/** The phrase as it stands. Static. */
heng_str heng_wording_get(heng_lang lang, heng_say say);

/**
 * The phrase with `{0}` … filled in; `count` texts. In `arena`. Where memory runs out,
 * or one of the texts could not be made, the result has no `ptr` and a `len`, which
 * whoever writes it takes for that failure.
 */
heng_str heng_wording_fill(heng_arena *arena, heng_lang lang, heng_say say,
                           const heng_str *texts, size_t count);

#endif
