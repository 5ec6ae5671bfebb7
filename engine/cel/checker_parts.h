/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checker_parts.h: what the files of the checker share: checker.c (nodes),
 * checker_name.c (names), checker_call.c (overloads), checker_errors.c (all messages).
 */
#ifndef HENG_CEL_CHECKER_PARTS_H
#define HENG_CEL_CHECKER_PARTS_H

#include "cel/ast.h"
#include "cel/cel_report.h"
#include "cel/env.h"
#include "cel/unify.h"

/** A variable of a macro, for as long as its body is checked. On the C stack. */
typedef struct heng_checker_local {
    heng_str name;
    const heng_cel_type *type;
    uint32_t slot;
    const struct heng_checker_local *outer;
} heng_checker_local;

typedef struct heng_checker {
    const heng_cel_env *env;
    heng_arena *arena;
    heng_cel_report *report;
    heng_unify unify;
    const heng_checker_local *locals; /* innermost first */
    uint32_t local_count;
    bool unchecked;
    heng_status status; /* HENG_ERR_NOMEM sticks */
} heng_checker;

/* ---- checker.c ---- */

/** Checks a node and all below it, and sets its type. */
void heng_checker_node(heng_checker *checker, heng_cel_node *node);

/* ---- checker_name.c ---- */

/** Resolves an IDENT, or a SELECT that is a qualified name in whole; the latter becomes
 * an IDENT. False where it is no name of anything. */
bool heng_checker_name(heng_checker *checker, heng_cel_node *node);

/** The functions that `name` means where it stands, looked for in the container too.
 * With `scope`, those of `scope.name`, if scope is a chain of names and no variable of
 * a macro.
 */
const heng_signature_row *heng_checker_function(heng_checker *checker,
                                                const heng_cel_node *scope,
                                                heng_str name, bool absolute);

/* ---- checker_call.c ---- */

/** Checks a call and its arguments. */
void heng_checker_call(heng_checker *checker, heng_cel_node *node);

/* ---- checker_errors.c: types may have variables, they are resolved for printing ----
 */

void heng_checker_errors_name(heng_checker *checker, const heng_cel_node *node);
void heng_checker_errors_function(heng_checker *checker, const heng_cel_node *node);
/** Whether the name is that of a macro, or of what is one in another language: then its
 * arguments are not checked, as the variable in them is not known. */
bool heng_checker_errors_is_macro(heng_str name);
/** `rows`: those of the name, to be listed. */
void heng_checker_errors_overload(heng_checker *checker, const heng_cel_node *node,
                                  const heng_signature_row *rows,
                                  const heng_cel_type *const *types, size_t count);
void heng_checker_errors_field(heng_checker *checker, const heng_cel_node *node,
                               const heng_cel_object_type *object);
void heng_checker_errors_no_fields(heng_checker *checker, const heng_cel_node *node,
                                   const heng_cel_type *type);
/** `needed` says what for: "each side of `&&`". */
void heng_checker_errors_bool(heng_checker *checker, const heng_cel_node *node,
                              const char *needed);
void heng_checker_errors_branches(heng_checker *checker, const heng_cel_node *node);
void heng_checker_errors_optional(heng_checker *checker, const heng_cel_node *node);
void heng_checker_errors_key(heng_checker *checker, const heng_cel_node *node);
void heng_checker_errors_range(heng_checker *checker, const heng_cel_node *node);
void heng_checker_errors_entries(heng_checker *checker, const heng_cel_node *node);
void heng_checker_errors_message(heng_checker *checker, const heng_cel_node *node);
void heng_checker_errors_want(heng_checker *checker, const heng_cel_node *node,
                              const heng_cel_type *want);
void heng_checker_errors_depth(heng_checker *checker, const heng_cel_node *node);

#endif
