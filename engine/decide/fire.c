/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fire.c: which rules fire, on which grounds, and where that cannot be told.
 *
 * The rule of doubt, from spec section 4.2: `ground` is evaluated on every record
 * looked at; a record on which it fails is doubtful. With the default `when` the rule
 * fires on one certain ground, with an explicit one a doubtful record stops it. A
 * failure in `when`, `unless` or `term` stops it. An `unless` that holds without
 * failing settles the matter, unless it reads `grounds` while a record is doubtful.
 *
 *   rule:  ground r.category == "x" && r.amount > 5, when size(grounds) >= 2
 *   x amount 9 | x amount 7           -> fires
 *   x amount 9 | x (amount missing)   -> undetermined: `when` cannot be asked
 */
#include <string.h>

#include "base/arena_take.h"
#include "base/limits.h"
#include "decide/evaluate.h"
#include "decide/matters.h"
#include "decide/rule_bounds.h"
#include "model/flat.h"

/* ---- variables ---- */

static bool in_view(const heng_evaluation *eval, const heng_seen *seen) {
    if (seen->unusable != HENG_USABLE)
        return false;
    return !(seen->disputed && eval->pass == HENG_PASS_FIRST &&
             eval->plan->ruleset->suspend_disputed);
}

/* A disputed record that is looked at makes a second pass: under `suspend`, and where
 * nothing else makes it unusable. */
static void note_disputed(heng_evaluation *eval, const heng_seen *seen) {
    if (seen->disputed && seen->unusable == HENG_USABLE &&
        eval->plan->ruleset->suspend_disputed)
        eval->two_passes = true;
}

bool heng_fire_looks_at(const heng_evaluation *eval, uint32_t rule,
                        const heng_seen *seen) {
    const heng_rule *declared = &eval->plan->ruleset->rules[rule];
    return (in_view(eval, seen) || heng_rule_keeps(declared, seen)) &&
           heng_rule_covers(declared, seen->decided_on);
}

static heng_cel_list *new_list(heng_evaluation *eval, size_t room) {
    heng_cel_list *list = heng_arena_calloc(eval->arena, 1, sizeof *list);
    heng_cel_value *items = heng_arena_calloc(eval->arena, room + 1, sizeof *items);
    if (list == NULL || items == NULL) {
        eval->failed = true;
        return NULL;
    }
    list->items = items;
    return list;
}

static void append(heng_cel_list *list, heng_cel_value *items, heng_seen *seen) {
    items[list->count++] = heng_cel_value_object(&seen->object);
}

static void make_records(heng_evaluation *eval) {
    heng_cel_list *list = new_list(eval, eval->own_count);
    if (list == NULL)
        return;
    heng_cel_value *items =
        heng_arena_calloc(eval->arena, eval->own_count + 1, sizeof *items);
    if (items == NULL) {
        eval->failed = true;
        return;
    }
    list->items = items;
    for (size_t i = 0; i < eval->own_count; i++) {
        heng_seen_change(&eval->frame.next_change, eval->day, eval->own[i].next_change);
        if (in_view(eval, &eval->own[i]))
            append(list, items, &eval->own[i]);
        else
            note_disputed(eval, &eval->own[i]);
    }
    eval->records = list;
}

void heng_fire_variables(heng_evaluation *eval, const heng_rule_plan *rule,
                         heng_seen *seen, const heng_firing *firing) {
    heng_cel_value *variables = eval->variables;
    if (rule->reads_records && eval->records == NULL)
        make_records(eval);
    if (eval->records != NULL)
        variables[HENG_SLOT_RECORDS] = heng_cel_value_list(eval->records);
    variables[HENG_SLOT_R] =
        seen == NULL ? heng_cel_value_null() : heng_cel_value_object(&seen->object);
    if (firing == NULL)
        return;
    heng_cel_list *grounds = heng_arena_calloc(eval->arena, 1, sizeof *grounds);
    heng_cel_value *items =
        heng_arena_calloc(eval->arena, firing->ground_count + 1, sizeof *items);
    if (grounds == NULL || items == NULL) {
        eval->failed = true;
        return;
    }
    grounds->items = items;
    for (size_t i = 0; i < firing->ground_count; i++)
        append(grounds, items, firing->seen[i]);
    variables[HENG_SLOT_GROUNDS] = heng_cel_value_list(grounds);
}

void heng_fire_begin_pass(heng_evaluation *eval, int pass) {
    eval->pass = pass;
    eval->records = NULL;
    if (!eval->two_passes)
        return;
    heng_record_status status =
        pass == HENG_PASS_SECOND ? HENG_RECORD_ACTIVE : HENG_RECORD_DISPUTED;
    for (size_t i = 0; i < eval->own_count; i++) {
        if (eval->own[i].disputed)
            eval->own[i].status = status;
    }
    for (size_t i = 0; i < eval->mention_count; i++) {
        if (eval->mentions[i].disputed)
            eval->mentions[i].status = status;
    }
    for (size_t t = 0; t < eval->tie_count; t++) {
        for (size_t i = 0; i < eval->ties[t].record_count; i++) {
            if (eval->ties[t].records[i].disputed)
                eval->ties[t].records[i].status = status;
        }
    }
}

heng_cel_value heng_fire_ask(heng_evaluation *eval, const heng_cel_program *program) {
    eval->frame.cost = 0;
    heng_cel_value value = heng_cel_run(program, &eval->frame, eval->variables);
    if (value.kind == HENG_CEL_ERROR && value.as.error->code == HENG_CEL_ERR_MEMORY)
        eval->failed = true;
    return value;
}

/* ---- doubts ---- */

static void add_need(heng_evaluation *eval, heng_firing *firing, heng_str need) {
    size_t at = firing->need_count;
    for (size_t i = 0; i < firing->need_count; i++) {
        if (heng_str_equal(firing->needs[i], need))
            return;
    }
    if (firing->need_count == firing->need_cap) {
        size_t cap = firing->need_cap == 0 ? 4 : firing->need_cap * 2;
        heng_str *grown = heng_arena_calloc(eval->arena, cap, sizeof *grown);
        if (grown == NULL) {
            eval->failed = true;
            return;
        }
        if (firing->need_count > 0)
            memcpy(grown, firing->needs, firing->need_count * sizeof *grown);
        firing->needs = grown;
        firing->need_cap = cap;
    }
    while (at > 0 && heng_str_compare(firing->needs[at - 1], need) > 0) {
        firing->needs[at] = firing->needs[at - 1];
        at--;
    }
    firing->needs[at] = need;
    firing->need_count++;
}

static void note_doubt(heng_evaluation *eval, heng_firing *firing,
                       const heng_cel_program *program, heng_cel_value error,
                       const heng_seen *seen) {
    const heng_cel_error *what = error.as.error;
    const heng_cel_ast *ast = heng_cel_program_ast(program);
    firing->doubt = true;
    if (firing->error.len == 0) {
        firing->error = what->message;
        if (seen != NULL)
            firing->error_record = heng_flat_text(seen->bytes, HENG_FLAT_RECORD_ID);
    }
    if (what->code != HENG_CEL_ERR_NO_FIELD || what->node == 0 ||
        what->node > ast->node_count)
        return;
    const char *text = heng_cel_unparse(ast->nodes[what->node - 1], eval->arena);
    if (text == NULL)
        eval->failed = true;
    else
        add_need(eval, firing, heng_str_of(text));
}

/* ---- grounds ---- */

static void add_ground(heng_evaluation *eval, heng_firing *firing, heng_seen *seen,
                       uint32_t role) {
    if (firing->ground_count == firing->ground_cap) {
        size_t cap = firing->ground_cap == 0 ? 2 : firing->ground_cap * 4;
        heng_ground *grounds = heng_arena_take(eval->arena, cap * sizeof *grounds);
        heng_seen **seens = heng_arena_take(eval->arena, cap * sizeof *seens);
        if (grounds == NULL || seens == NULL) {
            eval->failed = true;
            return;
        }
        if (firing->ground_count > 0) {
            memcpy(grounds, firing->grounds, firing->ground_count * sizeof *grounds);
            memcpy(seens, firing->seen, firing->ground_count * sizeof *seens);
        }
        firing->grounds = grounds;
        firing->seen = seens;
        firing->ground_cap = cap;
    }
    heng_ground *ground = &firing->grounds[firing->ground_count];
    *ground = (heng_ground){
        .record = seen->bytes, .category = seen->category, .disputed = seen->disputed};
    if (role != HENG_NONE) {
        ground->subject = seen->subject;
        ground->role = eval->plan->role_words[role].word;
    }
    firing->seen[firing->ground_count++] = seen;
}

static heng_active *new_active(heng_evaluation *eval, uint32_t rule) {
    heng_worker *worker = eval->worker;
    if (eval->active_count == eval->active_cap) {
        size_t cap = eval->active_cap == 0 ? 8 : eval->active_cap * 2;
        heng_active *grown = heng_arena_take(eval->arena, cap * sizeof *grown);
        if (grown == NULL) {
            eval->failed = true;
            return NULL;
        }
        if (eval->active_count > 0)
            memcpy(grown, eval->actives, eval->active_count * sizeof *grown);
        eval->actives = grown;
        eval->active_cap = cap;
    }
    heng_active *active = &eval->actives[eval->active_count];
    const heng_rule *declared = &eval->plan->ruleset->rules[rule];
    memset(active, 0, sizeof *active);
    active->rule = rule;
    active->eligible = heng_rule_in_effect(declared, eval->day);
    worker->rule_epoch[rule] = worker->epoch;
    worker->rule_active[rule] = (uint32_t)eval->active_count++;
    return active;
}

/* The rule's entry in this evaluation; made at the first touch. Only rules that could
 * ever concern the subject tell on which day they change. NULL: out of memory. */
static heng_active *touch(heng_evaluation *eval, uint32_t rule, bool matters) {
    const heng_worker *worker = eval->worker;
    heng_active *active = worker->rule_epoch[rule] == worker->epoch
                              ? &eval->actives[worker->rule_active[rule]]
                              : new_active(eval, rule);
    if (active == NULL || active->matters || !matters)
        return active;
    active->matters = true;
    heng_rule_note_change(&eval->plan->ruleset->rules[rule], eval->day,
                          &eval->frame.next_change);
    return active;
}

/* What the bytes of the record say of the ground, and whether they say it for good. */
static heng_tri sift(const heng_evaluation *eval, const heng_entry *entry,
                     const heng_seen *seen, bool *ret_never) {
    heng_sieve_input input = {.record = seen->bytes,
                              .subject = eval->snapshot->subject,
                              .category = seen->category,
                              .in_force =
                                  seen->in_force ? HENG_TRI_TRUE : HENG_TRI_FALSE};
    heng_tri told =
        entry->sieve == NULL ? HENG_TRI_UNKNOWN : heng_sieve_ask(entry->sieve, &input);
    *ret_never = told == HENG_TRI_FALSE &&
                 heng_matters_never(entry, &input, seen->expires_on, eval->day);
    return told;
}

/* Asks the ground of a rule that is touched. */
static void ask_ground(heng_evaluation *eval, heng_active *active, heng_seen *seen,
                       uint32_t role, heng_tri told) {
    const heng_rule *declared = &eval->plan->ruleset->rules[active->rule];
    heng_firing *firing = &active->pass[eval->pass];
    if (told == HENG_TRI_UNKNOWN) {
        heng_fire_variables(eval, &eval->plan->rules[active->rule], seen, NULL);
        heng_cel_value value = heng_fire_ask(eval, declared->ground);
        if (heng_cel_value_is_error(value)) {
            firing->doubtful++;
            note_doubt(eval, firing, declared->ground, value, seen);
        } else if (heng_cel_value_is_true(value)) {
            told = HENG_TRI_TRUE;
        }
    }
    if (told == HENG_TRI_TRUE)
        add_ground(eval, firing, seen, role);
}

/* A record before a rule; `role` is HENG_NONE for the subject's own. Returns whether it
 * can make a difference. */
static bool try_entry(heng_evaluation *eval, const heng_entry *entry, heng_seen *seen,
                      uint32_t role) {
    const heng_rule *declared = &eval->plan->ruleset->rules[entry->rule];
    unsigned kinds = eval->full ? entry->applies_to : entry->acts_on;
    bool never = false;
    if ((kinds >> eval->kind & 1) == 0 ||
        (declared->region_count > 0 && !heng_rule_fits_region(declared, eval->region)))
        return false;
    heng_tri told = sift(eval, entry, seen, &never);
    if (never)
        return false;
    bool matters = heng_matters_usable(seen, declared->stays);
    if (!matters && !eval->full)
        return false;
    heng_active *active = touch(eval, entry->rule, matters);
    if (active == NULL)
        return false;
    note_disputed(eval, seen);
    if (active->eligible && heng_fire_looks_at(eval, entry->rule, seen))
        ask_ground(eval, active, seen, role, told);
    return matters;
}

/* Goes through the rules that one record can concern. */
typedef struct heng_reach {
    const heng_rule_index *index;
    uint32_t group, group_end;
    const heng_entry *at, *end;
    const heng_seen *seen;
} heng_reach;

static heng_reach reach(const heng_evaluation *eval, heng_gaze gaze,
                        const heng_seen *seen) {
    const heng_rule_index *index = &eval->plan->index[gaze];
    return (heng_reach){.index = index,
                        .group = index->first[seen->category],
                        .group_end = index->first[seen->category + 1],
                        .seen = seen};
}

static const heng_entry *next_entry(const heng_evaluation *eval, heng_reach *in) {
    for (;;) {
        while (in->at == in->end) {
            if (in->group == in->group_end)
                return NULL;
            heng_rule_index_find(in->index, &in->index->groups[in->group++],
                                 in->seen->bytes, &in->at, &in->end);
        }
        const heng_entry *entry = in->at++;
        if (!in->index->plain ||
            heng_plan_rule_sees(eval->plan, entry->rule, in->seen->category))
            return entry;
    }
}

static void try_own(heng_evaluation *eval) {
    for (size_t i = 0; i < eval->own_count && !eval->failed; i++) {
        heng_seen *seen = &eval->own[i];
        const heng_entry *entry = NULL;
        if (seen->unusable == HENG_UNUSABLE_REVOKED ||
            !heng_rule_index_has(&eval->plan->index[HENG_GAZE_OWN], seen->category))
            continue;
        heng_reach in = reach(eval, HENG_GAZE_OWN, seen);
        while ((entry = next_entry(eval, &in)) != NULL) {
            if (try_entry(eval, entry, seen, HENG_NONE))
                heng_seen_change(&eval->frame.next_change, eval->day,
                                 seen->next_change);
        }
    }
}

/* Records behind ties, all in one order: by decided_on, then id. A record behind two
 * ties stands there twice in a row, once with each role. */
static void try_through(heng_evaluation *eval) {
    for (size_t i = 0; i < eval->looked_count && !eval->failed;) {
        heng_looked *looked = eval->looked + i;
        const heng_entry *entry = NULL;
        size_t count = 1;
        while (i + count < eval->looked_count &&
               looked[count].seen->bytes == looked->seen->bytes)
            count++;
        heng_reach in = reach(eval, HENG_GAZE_THROUGH, looked->seen);
        while ((entry = next_entry(eval, &in)) != NULL) {
            uint32_t role = heng_see_role(eval->plan, entry->rule, looked, count);
            if (role == HENG_NONE || !try_entry(eval, entry, looked->seen, role))
                continue;
            heng_seen_change(&eval->frame.next_change, eval->day,
                             looked->seen->next_change);
            for (size_t k = 0; k < count; k++) {
                /* Not of a tie in a role that the rule does not look in: a batch may
                 * not have met it. */
                if (heng_matters_has_role(eval->plan, entry->rule, looked[k].role))
                    heng_seen_change(&eval->frame.next_change, eval->day,
                                     looked[k].change);
            }
        }
        i += count;
    }
}

static void try_named(heng_evaluation *eval) {
    for (size_t i = 0; i < eval->mention_count && !eval->failed; i++) {
        heng_seen *seen = &eval->mentions[i];
        const heng_entry *entry = NULL;
        heng_reach in = reach(eval, HENG_GAZE_NAMED, seen);
        while ((entry = next_entry(eval, &in)) != NULL) {
            uint32_t role =
                heng_see_party(eval->plan, entry->rule, seen, eval->snapshot->id);
            if (role != HENG_NONE && try_entry(eval, entry, seen, role))
                heng_seen_change(&eval->frame.next_change, eval->day,
                                 seen->next_change);
        }
    }
}

/* ---- terms ---- */

bool heng_fire_run(heng_evaluation *eval, heng_active *active, heng_seen *seen,
                   heng_term *ret_run, bool *ret_failed, heng_cel_value *ret_error,
                   const heng_cel_program **ret_program) {
    const heng_rule *rule = &eval->plan->ruleset->rules[active->rule];
    heng_term out = {seen->effective_on, seen->expires_on, HENG_OPEN_WHILE_IN_FORCE};
    *ret_failed = false;
    if (rule->term != HENG_TERM_IN_FORCE) {
        out.open = HENG_OPEN_LIFE;
        out.from = seen->decided_on;
        if (!rule->term_from_decided_on) {
            heng_fire_variables(eval, &eval->plan->rules[active->rule], seen, NULL);
            heng_cel_value from = heng_fire_ask(eval, rule->term_from);
            if (from.kind != HENG_CEL_DATE) {
                *ret_failed = true;
                *ret_error = from;
                *ret_program = rule->term_from;
                return false;
            }
            out.from = (heng_date)from.as.integer;
        }
        out.until = HENG_DATE_NONE;
        if (rule->term == HENG_TERM_LAST) {
            out.until = heng_date_term_end(out.from, rule->last);
        } else if (rule->term == HENG_TERM_UNTIL) {
            heng_fire_variables(eval, &eval->plan->rules[active->rule], seen, NULL);
            heng_cel_value until = heng_fire_ask(eval, rule->term_until);
            if (until.kind != HENG_CEL_DATE) {
                *ret_failed = true;
                *ret_error = until;
                *ret_program = rule->term_until;
                return false;
            }
            out.until = (heng_date)until.as.integer;
        }
    }
    if (!heng_rule_cut_run(rule, seen, &out))
        return false;
    *ret_run = out;
    return true;
}

static void note_run(heng_evaluation *eval, const heng_term *run_days,
                     heng_firing *firing, heng_date *last) {
    heng_seen_change(&eval->frame.next_change, eval->day, run_days->from);
    heng_seen_change(&eval->frame.next_change, eval->day,
                     heng_seen_day_after(run_days->until));
    if (run_days->from <= eval->day && eval->day <= run_days->until)
        firing->live = true;
    else if (run_days->from > eval->day && run_days->from < firing->since)
        firing->since = run_days->from;
    else if (run_days->until < eval->day &&
             (*last == HENG_DATE_NONE || run_days->until > *last))
        *last = run_days->until;
}

/* The runs of a rule that fires: live, pending or lapsed. */
static void take_terms(heng_evaluation *eval, heng_active *active) {
    const heng_rule *rule = &eval->plan->ruleset->rules[active->rule];
    heng_firing *firing = &active->pass[eval->pass];
    heng_date last = HENG_DATE_NONE;
    firing->since = HENG_DATE_NONE;
    for (size_t i = 0; i < firing->ground_count; i++) {
        bool failed = false;
        heng_cel_value error = heng_cel_value_null();
        const heng_cel_program *program = NULL;
        heng_ground *ground = &firing->grounds[i];
        ground->has_run = heng_fire_run(eval, active, firing->seen[i], &ground->run,
                                        &failed, &error, &program);
        if (failed) {
            note_doubt(eval, firing, program, error, firing->seen[i]);
            firing->fires = false;
            firing->stopped = true;
            firing->live = false;
            return;
        }
        if (ground->has_run)
            note_run(eval, &ground->run, firing, &last);
    }
    if (firing->ground_count == 0 && rule->term == HENG_TERM_IN_FORCE) {
        firing->has_run = true;
        firing->run =
            (heng_term){rule->from, HENG_DATE_NONE, HENG_OPEN_WHILE_IN_EFFECT};
        if (rule->by == HENG_BY_AS_OF && rule->to < HENG_DATE_MAX) {
            firing->run.until = rule->to;
            firing->run.open = HENG_OPEN_NONE;
        }
        note_run(eval, &firing->run, firing, &last);
    }
    if (firing->live)
        return;
    firing->pending = firing->since != HENG_DATE_NONE;
    firing->lapsed = !firing->pending;
    if (firing->lapsed)
        firing->since = heng_seen_day_after(last);
}

/* ---- when and unless ---- */

/* One rule's `when` and `unless` being asked. Its variables are made when the first
 * program needs them: most rules never run one. */
typedef struct heng_asking {
    heng_evaluation *eval;
    const heng_rule *rule;
    const heng_rule_plan *planned;
    heng_firing *firing;
    bool ready;
} heng_asking;

static heng_cel_value ask(heng_asking *asking, const heng_sieve *sieve,
                          const heng_cel_program *program) {
    heng_evaluation *eval = asking->eval;
    heng_sieve_input input = {.subject = eval->snapshot->subject,
                              .in_force = HENG_TRI_UNKNOWN};
    heng_tri told = sieve == NULL ? HENG_TRI_UNKNOWN : heng_sieve_ask(sieve, &input);
    if (told != HENG_TRI_UNKNOWN)
        return heng_cel_value_bool(told == HENG_TRI_TRUE);
    if (!asking->ready)
        heng_fire_variables(eval, asking->planned, NULL, asking->firing);
    asking->ready = true;
    return heng_fire_ask(eval, program);
}

static bool holds_when(heng_asking *asking, bool *ret_certain) {
    const heng_rule *rule = asking->rule;
    heng_firing *firing = asking->firing;
    *ret_certain = true;
    if (rule->when == NULL) {
        *ret_certain = firing->ground_count > 0 || firing->doubtful == 0;
        return firing->ground_count > 0;
    }
    if (firing->doubtful > 0) {
        *ret_certain = false;
        return false;
    }
    if (firing->ground_count == 0 && !asking->planned->always)
        return false;
    heng_cel_value value = ask(asking, asking->planned->when, rule->when);
    if (heng_cel_value_is_error(value)) {
        note_doubt(asking->eval, firing, rule->when, value, NULL);
        *ret_certain = false;
        return false;
    }
    return heng_cel_value_is_true(value);
}

/* Returns whether some `unless` holds; *ret_settled whether it settles everything. */
static bool holds_unless(heng_asking *asking, bool *ret_settled, bool *ret_failed) {
    const heng_rule *rule = asking->rule;
    heng_firing *firing = asking->firing;
    bool held = false;
    *ret_settled = false;
    *ret_failed = false;
    for (size_t i = 0; i < rule->unless_count; i++) {
        const heng_unless *unless = &rule->unless[i];
        heng_cel_value value =
            ask(asking, asking->planned->unless[i], unless->condition);
        if (heng_cel_value_is_error(value)) {
            note_doubt(asking->eval, firing, unless->condition, value, NULL);
            *ret_failed = true;
        } else if (heng_cel_value_is_true(value)) {
            if (!held)
                firing->unless = (uint32_t)i;
            held = true;
            if (firing->doubtful == 0 || !unless->reads_grounds) {
                firing->unless = (uint32_t)i;
                *ret_settled = true;
                return true;
            }
        }
    }
    return held;
}

static void finish(heng_evaluation *eval, heng_active *active) {
    const heng_rule *rule = &eval->plan->ruleset->rules[active->rule];
    heng_firing *firing = &active->pass[eval->pass];
    heng_asking asking = {.eval = eval,
                          .rule = rule,
                          .planned = &eval->plan->rules[active->rule],
                          .firing = firing};
    bool certain = true, settled = false, failed = false;

    firing->unless = HENG_NONE;
    firing->since = HENG_DATE_NONE;
    bool holds = holds_when(&asking, &certain);
    if (!holds && certain) {
        /* A `when` that is certainly false leaves nothing to doubt. */
        firing->doubt = false;
        return;
    }
    bool excepted = holds_unless(&asking, &settled, &failed);
    if (settled) {
        firing->doubt = false;
        firing->excepted = true;
        return;
    }
    firing->fires = holds && !excepted && !failed;
    firing->stopped = !firing->fires;
    if (firing->fires)
        take_terms(eval, active);
    if (rule->unverified)
        firing->live = false; /* inert: reported, never counted */
}

/* ---- the passes ---- */

static void fire_pass(heng_evaluation *eval) {
    const heng_plan *plan = eval->plan;
    try_own(eval);
    try_through(eval);
    try_named(eval);
    for (size_t k = 0; k < plan->always_count && !eval->failed; k++) {
        const heng_rule *rule = &plan->ruleset->rules[plan->always[k]];
        if ((rule->applies_to >> eval->kind & 1) != 0 &&
            (eval->full || !rule->unverified) &&
            heng_rule_fits_region(rule, eval->region))
            (void)touch(eval, plan->always[k], true);
    }
    for (size_t i = 0; i < eval->active_count && !eval->failed; i++) {
        if (eval->actives[i].eligible)
            finish(eval, &eval->actives[i]);
    }
}

static void order_actives(heng_evaluation *eval) {
    /* Rules are sorted by id, so order by index is order by id. */
    bool ordered = true;
    for (size_t i = 1; i < eval->active_count && ordered; i++)
        ordered = eval->actives[i - 1].rule < eval->actives[i].rule;
    if (!ordered) {
        uint64_t *keys =
            heng_arena_alloc(eval->arena, eval->active_count * sizeof *keys);
        heng_active *sorted =
            heng_arena_alloc(eval->arena, eval->active_count * sizeof *sorted);
        if (keys == NULL || sorted == NULL) {
            eval->failed = true;
            return;
        }
        for (size_t i = 0; i < eval->active_count; i++)
            keys[i] = (uint64_t)eval->actives[i].rule << 32 | i;
        heng_sort_u64(keys, eval->active_count);
        for (size_t i = 0; i < eval->active_count; i++)
            sorted[i] = eval->actives[keys[i] & UINT32_MAX];
        eval->actives = sorted;
        eval->active_cap = eval->active_count;
    }
    for (size_t i = 0; i < eval->active_count; i++)
        eval->worker->rule_active[eval->actives[i].rule] = (uint32_t)i;
}

bool heng_fire_all(heng_evaluation *eval) {
    eval->variables[HENG_SLOT_SUBJECT] = heng_cel_value_object(&eval->subject.object);
    eval->variables[HENG_SLOT_AS_OF] = heng_cel_value_date(eval->day);
    eval->variables[HENG_SLOT_R] = heng_cel_value_null();
    eval->variables[HENG_SLOT_RECORDS] = heng_cel_value_null();
    eval->variables[HENG_SLOT_GROUNDS] = heng_cel_value_null();
    eval->frame.arena = eval->arena;
    eval->frame.clock = eval->day;
    eval->frame.cost_cap = HENG_COST_CONDITION;
    heng_fire_begin_pass(eval, HENG_PASS_FIRST);
    fire_pass(eval);
    if (eval->two_passes && !eval->failed) { /* found by the first */
        heng_fire_begin_pass(eval, HENG_PASS_SECOND);
        fire_pass(eval);
    }
    if (eval->failed)
        return false;
    order_actives(eval);
    return !eval->failed;
}
