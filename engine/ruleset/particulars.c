/* SPDX-License-Identifier: Apache-2.0 */
/* particulars.c: looking for the fields in the trees of conditions, by their names: an
 * operand of whatever type is taken for a subject or record. */
#include "ruleset/particulars.h"

#include "cel/ast.h"

static bool is_particular(const heng_ruleset *ruleset, heng_str name) {
    const heng_cel_field *subject = ruleset->subject_type->fields;
    const heng_cel_field *record = ruleset->record_type->fields;
    return heng_str_equal(name, subject[HENG_SUBJECT_FIELD_NAME].name) ||
           heng_str_equal(name, record[HENG_RECORD_FIELD_AUTHORITY].name) ||
           heng_str_equal(name, record[HENG_RECORD_FIELD_DOCUMENT_NO].name);
}

static bool reads(const heng_ruleset *ruleset, const heng_cel_program *program) {
    if (program == NULL)
        return false;
    const heng_cel_ast *ast = heng_cel_program_ast(program);
    for (uint32_t i = 0; i < ast->node_count; i++) {
        const heng_cel_node *node = ast->nodes[i];
        if (node != NULL && node->kind == HENG_CEL_NODE_SELECT &&
            is_particular(ruleset, node->name))
            return true;
    }
    return false;
}

bool heng_particulars_read(const heng_ruleset *ruleset, const heng_rule *rule) {
    bool found = reads(ruleset, rule->ground) || reads(ruleset, rule->when) ||
                 reads(ruleset, rule->term_from) || reads(ruleset, rule->term_until);
    for (size_t i = 0; i < rule->unless_count; i++)
        found = found || reads(ruleset, rule->unless[i].condition);
    return found;
}
