/* SPDX-License-Identifier: Apache-2.0 */
/* env.h: what the stages of the front end see of an environment; see program.h. */
#ifndef HENG_CEL_ENV_H
#define HENG_CEL_ENV_H

#include "cel/program.h"
#include "cel/signature.h"

#define HENG_CEL_SLOT_NONE UINT32_MAX

typedef struct heng_cel_variable {
    heng_str name;
    const heng_cel_type *type;
    bool sized;
    uint64_t max_items; /* where `sized` */
} heng_cel_variable;

/** The variable of this name; false where there is none. */
bool heng_cel_env_find(const heng_cel_env *env, heng_str name, uint32_t *ret_slot);

/** Borrowed; `slot` is one that was declared. */
const heng_cel_variable *heng_cel_env_get(const heng_cel_env *env, uint32_t slot);

/** HENG_CEL_SLOT_NONE where no variable is the as-of day. */
uint32_t heng_cel_env_clock_slot(const heng_cel_env *env);

heng_str heng_cel_env_container_of(const heng_cel_env *env);

const heng_signature_table *heng_cel_env_functions(const heng_cel_env *env);

#endif
