/* SPDX-License-Identifier: Apache-2.0 */
/*
 * expression.h: what conditions may speak of, and compiling them where they stand in a
 * file.
 *
 * INVARIANT: a variable has the slot of linked.h in every expression, whether the
 * expression may read it or not. ORDER slots
 */
#ifndef HENG_RULESET_EXPRESSION_H
#define HENG_RULESET_EXPRESSION_H

#include "base/map.h"
#include "ruleset/embed.h"
#include "ruleset/form.h"
#include "ruleset/linked.h"

typedef enum heng_expression_kind {
    HENG_EXPRESSION_GROUND,    /* bool over r */
    HENG_EXPRESSION_CONDITION, /* bool over grounds: when, unless */
    HENG_EXPRESSION_DAY,       /* date over r: term */
    HENG_EXPRESSION_REASON,    /* anything over r and grounds */
} heng_expression_kind;
enum { HENG_EXPRESSION_KINDS = 4 };

typedef struct heng_expressions {
    heng_reader *reader;
    heng_ruleset *ruleset; /* its catalog, types and programs */
    const heng_cel_env *envs[HENG_EXPRESSION_KINDS];
    heng_map compiled; /* by kind and text: see heng_expression_compile() */
} heng_expressions;

void heng_expression_done(heng_expressions *expressions);

/** Whether every subject, or every record, has a field of that name. */
bool heng_expression_subject_has(heng_str name);
bool heng_expression_record_has(heng_str name);

/**
 * Declares the variables, and fills the ruleset's object types from its attributes.
 * `*_broken` says which of them had no type of their own, so that conditions on them
 * are not reported again; beside ruleset->record_attributes and subject_attributes.
 */
heng_status heng_expression_prepare(heng_reader *reader, heng_ruleset *ruleset,
                                    const bool *record_broken,
                                    const bool *subject_broken,
                                    heng_expressions *ret_expressions) HENG_NODISCARD;

/**
 * Compiles bytes `from` to `to` of a scalar's value. Problems go to the diagnostics.
 * Expressions of one kind and text share one program: three of four of a real pack are
 * such as `r.decided_on` and `{r.document_no}`.
 *
 * @param ret_trace  NULL where no traced program is wanted.
 * @return HENG_OK; HENG_ERR_INVALID where it was reported; HENG_ERR_NOMEM.
 */
heng_status heng_expression_compile(heng_expressions *expressions,
                                    heng_expression_kind kind,
                                    const heng_form_file *file,
                                    const heng_yaml_node *scalar, heng_embed embed,
                                    size_t from, size_t to,
                                    heng_cel_program **ret_program,
                                    heng_cel_program **ret_trace) HENG_NODISCARD;

/** The whole of a scalar. */
heng_status heng_expression_compile_scalar(heng_expressions *expressions,
                                           heng_expression_kind kind,
                                           const heng_form_file *file,
                                           const heng_yaml_node *scalar,
                                           heng_cel_program **ret_program,
                                           heng_cel_program **ret_trace) HENG_NODISCARD;

/** Whether it is plainly `r.decided_on`. */
bool heng_expression_is_decided_on(const heng_cel_program *program);

#endif
