/* SPDX-License-Identifier: Apache-2.0 */
/*
 * template.h: texts with expressions in braces: `listed by {r.document_no}`. Two braces
 * `{{` or `}}` stand for one.
 */
#ifndef HENG_RULESET_TEMPLATE_H
#define HENG_RULESET_TEMPLATE_H

#include "ruleset/expression.h"

/**
 * Cuts a scalar into pieces and compiles its expressions, which see what
 * HENG_EXPRESSION_REASON sees. Problems go to the diagnostics.
 *
 * @return HENG_OK, also where something was reported; HENG_ERR_NOMEM.
 */
heng_status heng_template_compile(heng_expressions *expressions,
                                  const heng_form_file *file,
                                  const heng_yaml_node *scalar,
                                  heng_template *ret_template) HENG_NODISCARD;

#endif
