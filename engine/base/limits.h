/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limits.h: every cap that input can meet, with its reason. Each has a test.
 */
#ifndef HENG_BASE_LIMITS_H
#define HENG_BASE_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/* Ids of rules, measures, categories, sources, attributes: people read them aloud. */
#define HENG_LIMIT_ID_BYTES ((size_t)128)
/* Ids of subjects and records are LMDB keys, whose parts must fit 511 bytes together.
 */
#define HENG_LIMIT_SUBJECT_ID_BYTES ((size_t)64)
#define HENG_LIMIT_RECORD_ID_BYTES ((size_t)128)
/* One text of a record or subject (name, authority, an attribute): a page, not a book.
 */
#define HENG_LIMIT_TEXT_BYTES ((size_t)4096)
/* One line of an import: a subject with a thousand relations still fits. */
#define HENG_LIMIT_LINE_BYTES ((size_t)1 << 20)
/* Lines that one answer supposes: far below one batch of an import. */
#define HENG_LIMIT_OVERLAY_BYTES ((size_t)4 << 20)
/* JSON nesting: our lines need three levels, and what is unknown is read past. */
#define HENG_LIMIT_JSON_READ_DEPTH ((size_t)64)
/* Things one object may carry; 16 bits count them in the encoded form. */
#define HENG_LIMIT_ATTRIBUTES ((size_t)256)
#define HENG_LIMIT_RELATIONS ((size_t)10000)
#define HENG_LIMIT_PARTIES ((size_t)1000)
#define HENG_LIMIT_LIST_ITEMS ((size_t)1000)
/* Ties of one subject, both sides together: a registration agent stands in thousands.
 */
#define HENG_LIMIT_TIES ((size_t)100000)
/* A provider's name, which is part of a key. */
#define HENG_LIMIT_PROVIDER_BYTES ((size_t)256)
/* Records of one subject in one answer: static cost bounds assume 1,000; past a hundred
 * times that, the subject is no subject but a broken feed. */
#define HENG_LIMIT_RECORDS_PER_SUBJECT ((size_t)100000)
#define HENG_COST_RECORDS_PER_SUBJECT ((uint64_t)1000)
/* Undetermined rules whose 2^n choices are tried for a verdict; more err to
 * undetermined. */
#define HENG_LIMIT_CHOICES ((size_t)10)
/* Records and rules looked at again while the last day of an answer is searched: about
 * a second. After that the answer is a day that is shown, perhaps not the last one. */
#define HENG_LIMIT_HORIZON_EFFORT ((uint64_t)4000000)
/* Records whose conditions are traced one by one in an explanation. */
#define HENG_LIMIT_TRACED_RECORDS ((size_t)200)
/* Memory of one subject's decision, and of one ruleset. */
#define HENG_LIMIT_SUBJECT_ARENA_BYTES ((size_t)1 << 30)
#define HENG_LIMIT_RULESET_ARENA_BYTES ((size_t)2 << 30)
/* Files and totals of a ruleset. */
#define HENG_LIMIT_RULESET_FILES ((size_t)10000)
#define HENG_LIMIT_RULES ((size_t)100000)
/* YAML nesting and anchors' expansion: no rule needs more, a bomb does. */
#define HENG_LIMIT_YAML_DEPTH ((size_t)64)
#define HENG_LIMIT_YAML_NODES ((size_t)4000000)
/* YAML nodes that the aliases of one file may stand for: a list shared by a few dozen
 * entries fits, "a billion laughs" does not. */
#define HENG_LIMIT_YAML_ALIAS_NODES ((size_t)10000)
/* Text of all files of a ruleset: a thousand laws' worth. */
#define HENG_LIMIT_RULESET_BYTES ((size_t)256 << 20)
/* Pairs that the tags of exceptions, or of conflicts, expand to: two tags of a thousand
 * each. */
#define HENG_LIMIT_TAG_PAIRS ((size_t)1000000)
/* Static cost of one condition, for 1,000 records of a subject. One pass over the
 * records inside another (a million steps, each comparing texts of any length) fits; a
 * third inside that would keep an officer waiting for minutes. */
#define HENG_COST_CONDITION ((uint64_t)5000000000)
/* Words of one list that a sieve compares one by one; more are quicker in the program.
 */
#define HENG_LIMIT_SIEVE_WORDS ((uint32_t)32)
/* Parts of a condition that are compared with stored bytes; of a larger one a program
 * says all. Their number is kept in two bytes. */
#define HENG_LIMIT_SIEVE_PARTS 65535
/* Folders below the one of a ruleset: nobody nests deeper; a mount that loops does. */
#define HENG_LIMIT_FOLDER_DEPTH ((size_t)16)
/* Bytes of a path, as PATH_MAX on Linux. */
#define HENG_LIMIT_PATH_BYTES ((size_t)4096)
/* JSON written by us: a decision nests 8 deep, values of attributes at most a few more;
 * one bit a level must fit 64. */
#define HENG_LIMIT_JSON_DEPTH ((unsigned)32)
/* One condition: a list of ten thousand codes fits; what is longer belongs in the data.
 */
#define HENG_LIMIT_CEL_TEXT_BYTES ((size_t)128 << 10)
/* Parts of an expression inside each other: the stages walk the tree by recursion,
 * which must fit the stack of a thread (a chain `a + b + …` nests too). */
#define HENG_LIMIT_CEL_DEPTH ((uint32_t)250)
/* Types inside each other: names that stand for nested lists can nest deeper than the
 * expression does. */
#define HENG_LIMIT_CEL_TYPE_DEPTH ((uint32_t)500)
/* Steps through types of one expression: some milliseconds; types that hold each
 * other twice can double with each name. */
#define HENG_LIMIT_CEL_TYPE_STEPS ((uint64_t)3000000)
/* Problems reported of one expression: one mistake can look like many. */
#define HENG_LIMIT_CEL_ERRORS ((uint32_t)20)
/* Constants computed at load: nothing that takes long or becomes large. */
#define HENG_LIMIT_CEL_FOLD_COST ((uint64_t)100000)
#define HENG_LIMIT_CEL_FOLD_BYTES ((uint64_t)64 << 10)
/* Strings of a condition that are compared with each other while it is indexed: the
 * work is the product; beyond it the condition is indexed less well. */
#define HENG_LIMIT_CEL_CONSTRAIN_WORK ((size_t)1000000)
/* Lists up to so many items are indexed without what comes twice. */
#define HENG_LIMIT_CEL_CONSTRAIN_UNIQUE ((uint32_t)1000)
/* Overloads listed in the help of a call that none fits. */
#define HENG_LIMIT_CEL_CANDIDATES ((size_t)6)
/* Items and bytes that one comparison of values looks at, some milliseconds; and bytes
 * of one text that an expression makes: values can share parts, and so be far larger
 * than the memory they take. */
#define HENG_LIMIT_CEL_WORK ((uint64_t)1 << 22)
#define HENG_LIMIT_CEL_MADE_BYTES ((size_t)16 << 20)
/* Patterns of `matches`: RE2 stops at the same count and depth; none that a person
 * wrote is as long. */
#define HENG_LIMIT_REGEX_REPEAT ((uint32_t)1000)
#define HENG_LIMIT_REGEX_DEPTH ((size_t)1000)
#define HENG_LIMIT_REGEX_BYTES ((size_t)64 << 10)
/* Steps of backtracking in one search, a few milliseconds: past them the matcher that
 * follows all ways at once takes over. Its work is states² × bytes: at most this. */
#define HENG_LIMIT_REGEX_STEPS ((uint32_t)100000)
#define HENG_LIMIT_REGEX_WORK ((uint64_t)400000000)
/* Steps of one expression given to `heng eval`: about a second. */
#define HENG_LIMIT_EVAL_COST ((uint64_t)50000000)
/* What `heng eval` prints at once: nobody reads more steps than this. */
#define HENG_LIMIT_EVAL_STEPS_BYTES ((size_t)64 << 20)
/* One text of a diagnostic; past a screenful the rest of a quoted input helps nobody.
 */
#define HENG_LIMIT_DIAG_TEXT_BYTES ((size_t)4096)
/* Cells of a source line shown under a diagnostic: a terminal's width, not a whole page
 * of data written on one line. */
#define HENG_LIMIT_DIAG_LINE_CELLS ((size_t)120)
/* Code points of a word for which a similar one is looked for: work is the square. */
#define HENG_LIMIT_NEAR_CODES ((size_t)64)
/* One answer as text or JSON: a subject with the most records there may be, each
 * explained, stays far below. */
#define HENG_LIMIT_ANSWER_BYTES ((size_t)1 << 30)
/* Ids of those whom records of others reach, kept at once by a batch: some hundred
 * thousand. Where there are more, the dossiers are gone through once more. */
#define HENG_LIMIT_REACH_BYTES ((size_t)24 << 20)
/* Cells of a comparison of two rulesets: a hundred measures that differ, in all
 * industries and kinds, in a hundred and thirty cities. A cell takes 48 bytes, a table
 * has room for twice as many. */
#define HENG_LIMIT_CUBE_CELLS ((size_t)1 << 20)
/* Lines of one stretch of a batch before they are written: past that a thread waits for
 * its turn instead of keeping more. */
#define HENG_LIMIT_STRETCH_BYTES ((size_t)2 << 20)
/* What a batch collects of days to come before it writes it out: a third of a million
 * subjects at once, few enough writes, and little beside the 64 MiB that a batch may
 * take. */
#define HENG_LIMIT_BASELINE_BYTES ((size_t)8 << 20)
/* What a batch keeps to be resumed from: where it stands, not what it found. */
#define HENG_LIMIT_BASELINE_BLOB_BYTES ((size_t)1 << 20)
/* Lists of ids merged at once, 16 bytes each: a commit a minute for two years. */
#define HENG_LIMIT_BASELINE_ROWS ((size_t)1 << 20)
/* Subjects that one search shows: more than anybody reads; then type more. */
#define HENG_LIMIT_FIND_HITS ((size_t)50)

#endif
