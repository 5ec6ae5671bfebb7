/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c: loads a random ruleset and world into the engine, and puts its decisions
 * into the form of the reference's answers. */
#include "heng/decide.h"
#include "heng/ruleset.h"
#include "heng/store.h"
#include "model/flat.h"
#include "model/snapshot.h"
#include "ruleset/linked.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine.h" /* last: its short names would shadow those of the others */

struct engine {
    heng_ruleset *ruleset;
    heng_overlay *overlay;
    heng_store *store;
    heng_view *view;
    char folder[64]; /* of the store; "" where there is none */
    heng_arena *arena;
    heng_worker *worker;
};

/* ---- loading ---- */

static void add_piece(void *context, const char *piece, size_t len) {
    text_add(context, "%.*s", (int)len, piece);
}

static bool load_rules(engine *of, const text files[MAX_FILES], int file_count,
                       text *problem) {
    static const char *const names[MAX_FILES] = {"a.yaml", "b.yaml", "c.yaml",
                                                 "d.yaml"};
    heng_ruleset_file list[MAX_FILES];
    size_t count = 0;
    for (int i = 0; i < file_count; i++) {
        if (files[i].len > 0)
            list[count++] =
                (heng_ruleset_file){names[i], {files[i].bytes, files[i].len}};
    }
    heng_diags *diags = heng_diags_new();
    heng_error error = {0};
    heng_status status =
        heng_ruleset_load_files(list, count, diags, &of->ruleset, &error);
    if (status != HENG_OK) {
        text_add(problem, "the ruleset is refused: %s\n", error.text);
        for (size_t i = 0; i < heng_diags_count(diags); i++)
            heng_diag_render(heng_diags_get(diags, i), false, add_piece, problem);
    }
    heng_diags_free(diags);
    return status == HENG_OK;
}

typedef struct reader {
    const text *from;
    size_t at;
} reader;

static size_t read_lines(void *context, char *buffer, size_t size) {
    reader *of = context;
    size_t left = of->from->len - of->at;
    size_t len = left < size ? left : size;
    if (len > 0)
        memcpy(buffer, of->from->bytes + of->at, len);
    of->at += len;
    return len;
}

/* What an import calls back with. */
struct importing {
    text *problem;
    int64_t *now;
};

static heng_time_ms tick(void *context) {
    struct importing *at = context;
    return (*at->now)++;
}

static void add_reject(void *context, const heng_import_reject *reject) {
    struct importing *at = context;
    text_add(at->problem, "line %llu is refused: %s: %s\n",
             (unsigned long long)reject->line, reject->field, reject->reason);
}

static void ignore_warning(void *context, const heng_import_reject *warning) {
    (void)context;
    (void)warning;
}

bool engine_import(struct heng_store *store, const struct heng_ruleset *ruleset,
                   const text *lines, int64_t *now, text *problem) {
    heng_error error = {0};
    struct importing at = {problem, now};
    heng_import_options options = {.catalog = heng_ruleset_catalog(ruleset),
                                   .now = tick,
                                   .reject = add_reject,
                                   .warn = ignore_warning,
                                   .context = &at};
    heng_import *import = NULL;
    reader from = {lines, 0};
    heng_import_counts counts = {0};
    bool done = heng_import_begin(store, &options, &import, &error) == HENG_OK &&
                heng_import_read(import, "lines", read_lines, &from, &error) == HENG_OK;
    done = heng_import_end(import, &counts, &error) == HENG_OK && done;
    if (!done)
        text_add(problem, "the import fails: %s\n", error.text);
    return done && counts.rejects == 0;
}

static bool fill_store(engine *of, const text *lines, text *problem) {
    heng_error error = {0};
    int64_t now = 1750000000000;
    (void)snprintf(of->folder, sizeof of->folder, "/tmp/heng-reference-XXXXXX");
    if (mkdtemp(of->folder) == NULL) {
        of->folder[0] = '\0';
        text_add(problem, "no folder for the store\n");
        return false;
    }
    bool done =
        heng_store_open(of->folder, HENG_STORE_CREATE, &of->store, &error) == HENG_OK &&
        engine_import(of->store, of->ruleset, lines, &now, problem) &&
        heng_view_open(of->store, &of->view, &error) == HENG_OK;
    if (!done)
        text_add(problem, "the store is not filled: %s\n", error.text);
    return done;
}

static bool fill_overlay(engine *of, const text *lines, text *problem) {
    heng_error error = {0};
    if (heng_overlay_new(heng_ruleset_catalog(of->ruleset), &of->overlay, &error) !=
            HENG_OK ||
        (lines->len > 0 && heng_overlay_add(of->overlay, "lines", lines->bytes,
                                            lines->len, &error) != HENG_OK)) {
        text_add(problem, "the lines are refused: %zu:%zu: %s\n", error.pos.line,
                 error.pos.col, error.text);
        return false;
    }
    return true;
}

engine *engine_open(const text files[MAX_FILES], int file_count, const text *lines,
                    engine_mode mode, text *problem) {
    engine *made = calloc(1, sizeof *made);
    if (made == NULL)
        abort();
    made->arena = heng_arena_new((size_t)1 << 28);
    made->worker = heng_worker_new();
    if (!load_rules(made, files, file_count, problem) ||
        !(mode == ENGINE_STORE ? fill_store(made, lines, problem)
                               : fill_overlay(made, lines, problem))) {
        engine_close(made);
        return NULL;
    }
    return made;
}

void engine_remove_folder(const char *folder) {
    DIR *listing = opendir(folder);
    if (listing == NULL)
        return;
    for (const struct dirent *entry = readdir(listing); entry != NULL;
         entry = readdir(listing)) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            (void)unlink(path);
    }
    (void)closedir(listing);
    (void)rmdir(folder);
}

void engine_close(engine *of) {
    if (of == NULL)
        return;
    heng_worker_free(of->worker);
    heng_arena_free(of->arena);
    heng_view_close(of->view);
    heng_overlay_free(of->overlay);
    heng_store_close(of->store);
    heng_ruleset_free(of->ruleset);
    if (of->folder[0] != '\0')
        engine_remove_folder(of->folder);
    free(of);
}

/* ---- from indexes of the engine to those of the reference ---- */

typedef struct reading {
    const rules *rules;
    const world *world;
    const heng_ruleset *ruleset;
    int who;
    day as_of;
    text *problem;
} reading;

static bool is_id(heng_str id, const char *wanted) {
    return id.len == strlen(wanted) && memcmp(id.ptr, wanted, id.len) == 0;
}

static int rule_of(const reading *in, uint32_t index) {
    for (int i = 0; i < in->rules->rule_count; i++) {
        if (is_id(in->ruleset->rules[index].id, in->rules->rules[i].id))
            return i;
    }
    abort();
}

static int measure_of(const reading *in, uint32_t index) {
    for (int i = 0; i < in->rules->measure_count; i++) {
        if (is_id(in->ruleset->measures[index].id, in->rules->measures[i].id))
            return i;
    }
    abort();
}

static int matter_of(const reading *in, uint32_t index) {
    return in->ruleset->matters[index].id.ptr[strlen("matter.")] - 'a';
}

/* -1: not one of ours (one that was added without a point). */
static int record_of(const reading *in, heng_str id) {
    for (int i = 0; i < in->world->record_count; i++) {
        if (is_id(id, in->world->records[i].id))
            return i;
    }
    return -1;
}

static day date_of(heng_date date) {
    return date == HENG_DATE_NONE ? DAY_NONE : date;
}

/* ---- a decision, checked for form ---- */

static bool role_is_true(const reading *in, const rule *by, const heng_ground *ground,
                         int index) {
    const record *at = &in->world->records[index];
    for (int i = 0; i < ROLE_WORDS; i++) {
        if ((by->roles >> i & 1) == 0 || !is_id(ground->role, role_words[i].word))
            continue;
        if (by->gaze == GAZE_THROUGH)
            return reference_is_tied(in->world, in->who, at->subject, i, in->as_of);
        for (int k = 0; k < at->party_count; k++) {
            if (at->parties[k].subject == in->who && at->parties[k].role == i)
                return true;
        }
    }
    return false;
}

static void read_grounds(const reading *in, const heng_finding *finding,
                         uint64_t *ret_grounds) {
    int of = rule_of(in, finding->rule);
    const rule *by = &in->rules->rules[of];
    int last = -1;
    for (size_t i = 0; i < finding->ground_count; i++) {
        const heng_ground *ground = &finding->grounds[i];
        int at = record_of(in, heng_flat_text(ground->record, HENG_FLAT_RECORD_ID));
        if (at < 0) {
            text_add(in->problem, "%s: a ground is no record; ", by->id);
            continue;
        }
        int owner = in->world->records[at].subject;
        if (owner == in->who ? ground->subject.len != 0
                             : !is_id(ground->subject, in->world->subjects[owner].id))
            text_add(in->problem, "%s: a ground has another owner; ", by->id);
        if (owner == in->who ? ground->role.len != 0
                             : !role_is_true(in, by, ground, at))
            text_add(in->problem, "%s: a ground has a wrong role `%.*s`; ", by->id,
                     HENG_STR_ARG(ground->role));
        if (last >= 0 && !reference_before(in->world, last, at))
            text_add(in->problem, "%s: grounds are not in order; ", by->id);
        last = at;
        *ret_grounds |= UINT64_C(1) << at;
    }
}

static void read_measures(const reading *in, const heng_decision *from,
                          answer *ret_answer) {
    for (size_t i = 0; i < from->measure_count; i++) {
        const heng_applied *at = &from->measures[i];
        if (i > 0 && from->measures[i - 1].measure >= at->measure)
            text_add(in->problem, "measures are not in order; ");
        answer_measure *to = &ret_answer->measures[measure_of(in, at->measure)];
        *to = (answer_measure){.present = true,
                               .state = (int)at->state,
                               .discretionary = at->force == HENG_FORCE_DISCRETIONARY,
                               .from = date_of(at->term.from),
                               .until = date_of(at->term.until),
                               .open = (int)at->term.open,
                               .repair_from = date_of(at->repair_from)};
        for (size_t k = 0; k < at->because_count; k++) {
            const heng_finding *finding = at->because[k];
            if (k > 0 && at->because[k - 1]->rule >= finding->rule)
                text_add(in->problem, "rules are not in order; ");
            to->rules |= 1U << rule_of(in, finding->rule);
            uint64_t *grounds = &to->rule_grounds[rule_of(in, finding->rule)];
            read_grounds(in, finding, grounds);
            to->grounds |= *grounds;
        }
    }
}

static void read_not_applied(const reading *in, const heng_decision *from,
                             answer *ret_answer) {
    for (size_t i = 0; i < from->not_applied_count; i++) {
        const heng_not_applied *at = &from->not_applied[i];
        const heng_not_applied *last = i > 0 ? at - 1 : NULL;
        if (last != NULL &&
            (last->measure > at->measure ||
             (last->measure == at->measure && last->state >= at->state)))
            text_add(in->problem, "what does not apply is not in order; ");
        int m = measure_of(in, at->measure);
        ret_answer->not_applied[at->state] |= 1U << m;
        if (at->by_rule != UINT32_MAX)
            ret_answer->by_rules[m] |= 1U << rule_of(in, at->by_rule);
        if (at->by_measure != UINT32_MAX)
            ret_answer->by_measures[m] |= 1U << measure_of(in, at->by_measure);
        bool by_rule = at->by_rule != UINT32_MAX;
        bool by_measure = at->by_measure != UINT32_MAX;
        if (at->state == HENG_STATE_DISPLACED ? !by_rule && !by_measure
                                              : by_rule || by_measure)
            text_add(in->problem, "%s: displaced by what; ", in->rules->measures[m].id);
    }
}

static void read_findings(const reading *in, const heng_decision *from,
                          answer *ret_answer) {
    for (size_t i = 0; i < from->finding_count; i++) {
        const heng_finding *at = from->findings[i];
        if (i > 0 && from->findings[i - 1]->rule > at->rule)
            text_add(in->problem, "findings are not in order; ");
        int rule_at = rule_of(in, at->rule);
        if (at->state == HENG_STATE_PENDING ||
            (at->state == HENG_STATE_LAPSED && at->lapse == HENG_LAPSE_TERM)) {
            ret_answer->rule_states[rule_at] = (int)at->state;
            ret_answer->since[rule_at] = date_of(at->since);
        }
    }
}

static void read_verdicts(const reading *in, const heng_decision *from,
                          answer *ret_answer) {
    for (size_t i = 0; i < from->verdict_count; i++) {
        if (i > 0 && from->verdicts[i - 1].matter >= from->verdicts[i].matter)
            text_add(in->problem, "verdicts are not in order; ");
        ret_answer->verdicts[matter_of(in, from->verdicts[i].matter)] =
            (int)from->verdicts[i].verdict;
    }
}

/* ---- asking ---- */

static heng_status read_snapshot(engine *of, heng_str id, heng_snapshot **ret_snapshot,
                                 heng_error *reterr) {
    heng_arena_reset(of->arena);
    return of->overlay != NULL
               ? heng_overlay_snapshot(of->overlay, NULL, id, HENG_VIEW_ALL, of->arena,
                                       ret_snapshot, reterr)
               : heng_view_snapshot(of->view, id, HENG_VIEW_ALL, of->arena,
                                    ret_snapshot, reterr);
}

const heng_ruleset *engine_ruleset(const engine *of) {
    return of->ruleset;
}

const heng_snapshot *engine_snapshot(engine *of, const char *id, text *problem) {
    heng_error error = {0};
    heng_snapshot *snapshot = NULL;
    heng_status status = read_snapshot(of, heng_str_of(id), &snapshot, &error);
    if (status == HENG_OK)
        return snapshot;
    text_add(problem, "the engine fails: %s: %s; ", heng_status_name(status),
             error.text);
    return NULL;
}

bool engine_answer(engine *of, const rules *rules_of, const world *in, int who,
                   day as_of, int matter, unsigned flags, answer *ret_answer,
                   text *problem) {
    reading at = {rules_of, in, of->ruleset, who, as_of, problem};
    size_t said = problem->len;
    heng_error error = {0};
    heng_snapshot *snapshot = NULL;
    heng_plan *plan = NULL;
    const heng_decision *decision = NULL;
    answer result = {.as_of = as_of};
    heng_str id = heng_str_of(in->subjects[who].id);
    uint32_t wanted = UINT32_MAX;
    for (uint32_t i = 0; matter >= 0 && i < of->ruleset->matter_count; i++) {
        if (matter_of(&at, i) == matter)
            wanted = i;
    }
    heng_status status = read_snapshot(of, id, &snapshot, &error);
    if (status == HENG_OK)
        status = heng_plan_new(of->ruleset, snapshot->names, as_of, &plan, &error);
    if (status == HENG_OK)
        status =
            heng_decide(plan, of->worker, snapshot, wanted, flags, &decision, &error);
    if (status != HENG_OK) {
        text_add(problem, "the engine fails: %s: %s; ", heng_status_name(status),
                 error.text);
        goto out;
    }
    result.out_of_scope = decision->out_of_scope;
    result.valid_through = date_of(decision->valid_through);
    if (matter >= 0)
        result.verdicts[matter] = (int)decision->verdict;
    else
        read_verdicts(&at, decision, &result);
    read_measures(&at, decision, &result);
    read_not_applied(&at, decision, &result);
    read_findings(&at, decision, &result);
    for (size_t i = 0; i < decision->undetermined_count; i++) {
        if (i > 0 &&
            decision->undetermined[i - 1].rule >= decision->undetermined[i].rule)
            text_add(problem, "undetermined rules are not in order; ");
        result.undetermined |= 1U << rule_of(&at, decision->undetermined[i].rule);
    }
    *ret_answer = result;
out:
    heng_plan_free(plan);
    return problem->len == said;
}
