/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plain.h: the language once more, as plainly as can be: a walk over the tree. It
 * shares the functions of the library with the machine, and nothing else.
 */
#ifndef HENG_TESTS_CEL_PLAIN_H
#define HENG_TESTS_CEL_PLAIN_H

#include "cel/ast.h"

struct plain {
    heng_arena *arena;
    const heng_cel_value *variables;
    heng_cel_value *locals; /* ast->local_count of them */
};

heng_cel_value plain_evaluate(struct plain *plain, const heng_cel_node *node);

#endif
