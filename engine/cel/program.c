/* SPDX-License-Identifier: Apache-2.0 */
/* program.c: the stages one after the other, from text to code, and running it. */
#include "cel/program.h"

#include "cel/cel_clock.h"
#include "cel/cel_report.h"
#include "cel/chain.h"
#include "cel/checker.h"
#include "cel/code.h"
#include "cel/compiler.h"
#include "cel/cost.h"
#include "cel/fold.h"
#include "cel/parser.h"
#include "cel/vm.h"

static const heng_cel_options NO_OPTIONS = {0};

/* A constant argument that its function refuses, such as a pattern. */
static void report_refusal(heng_cel_report *report, const heng_cel_refusal *refusal) {
    const heng_cel_node *call = refusal->node;
    const heng_cel_node *at =
        call->arg_count > 0 ? call->args[call->arg_count - 1] : call;
    bool pattern = heng_str_equal(call->name, HENG_STR("matches"));
    heng_cel_report_error(report, pattern ? HENG_CEL_E_PATTERN : HENG_CEL_E_LITERAL,
                          at->start, at->len, "%s",
                          refusal->message == NULL ? "refused" : refusal->message);
}

/* Everything that is known of a tree before it runs. */
static heng_status analyse(const heng_cel_env *env, const heng_cel_options *options,
                           heng_arena *arena, heng_cel_report *report,
                           heng_cel_ast *ast) {
    heng_status status = heng_cel_checker_check(env, options->want, options->unchecked,
                                                arena, report, ast);
    if (status != HENG_OK || options->unchecked)
        return status;
    if (!options->no_fold) {
        status = heng_cel_fold_constants(ast, arena, report);
    }
    if (status == HENG_OK) {
        status = heng_cel_cost_bound(env, options->cost_cap, arena, report, ast);
    }
    if (status == HENG_OK) {
        heng_cel_clock_track(env, ast);
    }
    return status;
}

heng_status heng_cel_compile(const heng_cel_env *env, heng_str text,
                             heng_cel_place place, const heng_cel_options *options,
                             heng_arena *arena, heng_diags *diags,
                             heng_cel_program **ret_program) {
    heng_cel_report report = {.diags = diags, .place = place, .len = text.len};
    heng_cel_refusal refusal = {0};
    heng_cel_ast *ast = heng_arena_calloc(arena, 1, sizeof *ast);
    heng_str copy = heng_arena_dup_str(arena, text);
    if (ast == NULL || (copy.ptr == NULL && copy.len > 0))
        return HENG_ERR_NOMEM;
    if (options == NULL) {
        options = &NO_OPTIONS;
    }

    heng_status status =
        heng_cel_parser_parse(copy, options->no_macros, arena, &report, ast);
    if (status == HENG_OK) {
        ast->cost_max = UINT64_MAX;
        status = analyse(env, options, arena, &report, ast);
    }
    if (status != HENG_OK)
        return status;
    const heng_chain_link *chain = NULL;
    if (!options->unchecked && !options->no_fold && !options->trace) {
        status = heng_chain_build(ast, arena, &chain);
        if (status != HENG_OK)
            return status;
    }
    status =
        heng_cel_compiler_compile(ast, options->trace, arena, ret_program, &refusal);
    if (status == HENG_ERR_INVALID) {
        report_refusal(&report, &refusal);
    } else if (status == HENG_OK) {
        (*ret_program)->chain = chain;
    }
    return status;
}

void heng_cel_program_done(heng_cel_program *program) {
    if (program == NULL)
        return;
    for (uint32_t i = 0; i < program->release_count; i++) {
        program->releases[i].row->release(program->releases[i].constant);
    }
    program->release_count = 0;
}

const heng_cel_ast *heng_cel_program_ast(const heng_cel_program *program) {
    return program->ast;
}

const heng_cel_type *heng_cel_program_type(const heng_cel_program *program) {
    return program->type;
}

uint64_t heng_cel_program_cost_max(const heng_cel_program *program) {
    return program->ast->cost_max;
}

bool heng_cel_program_reads(const heng_cel_program *program, uint32_t slot) {
    for (uint32_t i = 0; i < program->read_count; i++) {
        if (program->reads[i] == slot)
            return true;
    }
    return false;
}

heng_cel_value heng_cel_run(const heng_cel_program *program, heng_cel_frame *frame,
                            const heng_cel_value *variables) {
    if (program->chain != NULL)
        return heng_chain_run(program, frame, variables);
    return heng_cel_vm_run(program, frame, variables);
}
