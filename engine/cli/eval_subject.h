/* SPDX-License-Identifier: Apache-2.0 */
/* eval_subject.h: `heng eval --subject`: an expression about a subject of the store. */
#ifndef HENG_CLI_EVAL_SUBJECT_H
#define HENG_CLI_EVAL_SUBJECT_H

#include "cel/program.h"
#include "cli/session.h"
#include "ruleset/linked.h"

/** A usage error where an option was given that only --subject gives a meaning. */
int heng_eval_subject_check(const heng_cli *cli);

/**
 * Decides on the subject of --subject, and declares what conditions see of it in `env`,
 * a fresh environment in `arena`, with values for the first HENG_SLOT_COUNT variables.
 * Says itself what is wrong, and gives the exit status to end with.
 */
int heng_eval_subject_open(heng_session *session, heng_arena *arena, heng_cel_env *env,
                           heng_cel_value *ret_values);

#endif
