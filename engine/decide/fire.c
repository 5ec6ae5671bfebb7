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

#include "base/limits.h"
#include "decide/evaluate.h"
#include "model/flat.h"

/* ---- variables ---- */

static bool in_view(const heng_evaluation *eval, const heng_seen *seen) {
    if (seen->unusable != HENG_USABLE)
        return false;
    return !(seen->disputed && eval->pass == HENG_PASS_FIRST &&
             eval->plan->ruleset->suspend_disputed);
}

bool heng_fire_looks_at(const heng_evaluation *eval, uint32_t rule,
                        const heng_seen *seen) {
    const heng_rule *declared = &eval->plan->ruleset->rules[rule];
    bool usable = in_view(eval, seen) ||
                  (declared->stays && seen->unusable == HENG_UNUSABLE_REPAIRED);
    if (!usable)
        return false;
    return declared->by == HENG_BY_AS_OF ||
           (seen->decided_on >= declared->from && seen->decided_on <= declared->to);
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
        if (in_view(eval, &eval->own[i]))
            append(list, items, &eval->own[i]);
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
        size_t cap = firing->ground_cap == 0 ? 4 : firing->ground_cap * 2;
        heng_ground *grounds = heng_arena_calloc(eval->arena, cap, sizeof *grounds);
        heng_seen **seens = heng_arena_calloc(eval->arena, cap, sizeof *seens);
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

static bool fits(const heng_evaluation *eval, const heng_rule *rule) {
    if ((rule->applies_to >> eval->kind & 1) == 0)
        return false;
    if (rule->region_count == 0)
        return true;
    for (size_t i = 0; i < rule->region_count; i++) {
        heng_str prefix = rule->regions[i];
        if (prefix.len <= eval->region.len &&
            memcmp(prefix.ptr, eval->region.ptr, prefix.len) == 0)
            return true;
    }
    return false;
}

/* The rule's entry in this evaluation; made at the first touch. NULL: out of memory. */
static heng_active *touch(heng_evaluation *eval, uint32_t rule) {
    heng_worker *worker = eval->worker;
    if (worker->rule_epoch[rule] == worker->epoch)
        return &eval->actives[worker->rule_active[rule]];
    if (eval->active_count == eval->active_cap) {
        size_t cap = eval->active_cap == 0 ? 16 : eval->active_cap * 2;
        heng_active *grown = heng_arena_alloc(eval->arena, cap * sizeof *grown);
        if (grown == NULL) {
            eval->failed = true;
            return NULL;
        }
        if (eval->active_count > 0)
            memcpy(grown, eval->actives, eval->active_count * sizeof *grown);
        eval->actives = grown;
        eval->active_cap = cap;
    }
    const heng_rule *declared = &eval->plan->ruleset->rules[rule];
    heng_active *active = &eval->actives[eval->active_count];
    memset(active, 0, sizeof *active);
    active->rule = rule;
    if (fits(eval, declared)) {
        /* Only rules that could ever concern the subject tell on which day they change.
         */
        heng_seen_change(&eval->frame.next_change, eval->day, declared->from);
        active->eligible = eval->day >= declared->from;
        if (declared->by == HENG_BY_AS_OF) {
            heng_seen_change(&eval->frame.next_change, eval->day,
                             heng_seen_day_after(declared->to));
            active->eligible = active->eligible && eval->day <= declared->to;
        }
    }
    worker->rule_epoch[rule] = worker->epoch;
    worker->rule_active[rule] = (uint32_t)eval->active_count++;
    return active;
}

static void try_ground(heng_evaluation *eval, uint32_t rule, heng_seen *seen,
                       uint32_t role) {
    heng_active *active = touch(eval, rule);
    if (active == NULL || !active->eligible || !heng_fire_looks_at(eval, rule, seen))
        return;
    const heng_rule *declared = &eval->plan->ruleset->rules[rule];
    heng_firing *firing = &active->pass[eval->pass];
    heng_fire_variables(eval, &eval->plan->rules[rule], seen, NULL);
    heng_cel_value value = heng_fire_ask(eval, declared->ground);
    if (heng_cel_value_is_true(value)) {
        add_ground(eval, firing, seen, role);
    } else if (heng_cel_value_is_error(value)) {
        firing->doubtful++;
        note_doubt(eval, firing, declared->ground, value, seen);
    }
}

/* Records behind ties, all in one order: by decided_on, then id. A record behind two
 * ties stands there twice in a row, once with each role. */
static void try_through(heng_evaluation *eval) {
    const heng_lists *lists = &eval->plan->by_category[HENG_GAZE_THROUGH];
    for (size_t i = 0; i < eval->looked_count && !eval->failed;) {
        heng_seen *seen = eval->looked[i].seen;
        size_t end = i + 1;
        while (end < eval->looked_count && eval->looked[end].seen->bytes == seen->bytes)
            end++;
        for (uint32_t at = lists->first[seen->category];
             at < lists->first[seen->category + 1]; at++) {
            uint32_t role =
                heng_see_role(eval->plan, lists->items[at], eval->looked + i, end - i);
            if (role != HENG_NONE)
                try_ground(eval, lists->items[at], seen, role);
        }
        i = end;
    }
}

static void try_named(heng_evaluation *eval) {
    const heng_lists *lists = &eval->plan->by_category[HENG_GAZE_NAMED];
    for (size_t i = 0; i < eval->mention_count && !eval->failed; i++) {
        heng_seen *seen = &eval->mentions[i];
        for (uint32_t at = lists->first[seen->category];
             at < lists->first[seen->category + 1]; at++) {
            uint32_t role = heng_see_party(eval, lists->items[at], seen);
            if (role != HENG_NONE)
                try_ground(eval, lists->items[at], seen, role);
        }
    }
}

/* ---- terms ---- */

static heng_date earlier(heng_date a, heng_date b) {
    return a < b ? a : b;
}

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
    if (rule->by == HENG_BY_AS_OF) {
        out.from = out.from > rule->from ? out.from : rule->from;
        out.until = earlier(out.until, rule->to);
    }
    out.until = earlier(out.until, seen->use_end);
    if (out.until >= HENG_DATE_MAX)
        out.until = HENG_DATE_NONE;
    else
        out.open = HENG_OPEN_NONE;
    if (out.from > out.until)
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

static bool holds_when(heng_evaluation *eval, const heng_rule *rule,
                       heng_firing *firing, bool *ret_certain) {
    *ret_certain = true;
    if (rule->when == NULL) {
        *ret_certain = firing->ground_count > 0 || firing->doubtful == 0;
        return firing->ground_count > 0;
    }
    if (firing->doubtful > 0) {
        *ret_certain = false;
        return false;
    }
    heng_cel_value value = heng_fire_ask(eval, rule->when);
    if (heng_cel_value_is_error(value)) {
        note_doubt(eval, firing, rule->when, value, NULL);
        *ret_certain = false;
        return false;
    }
    return heng_cel_value_is_true(value);
}

/* Returns whether some `unless` holds; *ret_settled whether it settles everything. */
static bool holds_unless(heng_evaluation *eval, const heng_rule *rule,
                         heng_firing *firing, bool *ret_settled, bool *ret_failed) {
    bool held = false;
    *ret_settled = false;
    *ret_failed = false;
    for (size_t i = 0; i < rule->unless_count; i++) {
        const heng_unless *unless = &rule->unless[i];
        heng_cel_value value = heng_fire_ask(eval, unless->condition);
        if (heng_cel_value_is_error(value)) {
            note_doubt(eval, firing, unless->condition, value, NULL);
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
    bool certain = true, settled = false, failed = false;

    firing->unless = HENG_NONE;
    firing->since = HENG_DATE_NONE;
    if (rule->when != NULL || rule->unless_count > 0)
        heng_fire_variables(eval, &eval->plan->rules[active->rule], NULL, firing);
    bool holds = holds_when(eval, rule, firing, &certain);
    if (!holds && certain) {
        /* A `when` that is certainly false leaves nothing to doubt. */
        firing->doubt = false;
        return;
    }
    bool excepted = holds_unless(eval, rule, firing, &settled, &failed);
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
    const heng_lists *lists = &plan->by_category[HENG_GAZE_OWN];
    for (size_t i = 0; i < eval->own_count && !eval->failed; i++) {
        heng_seen *seen = &eval->own[i];
        const uint32_t *first = lists->first + seen->category;
        if (seen->unusable == HENG_UNUSABLE_REVOKED)
            continue;
        for (uint32_t at = first[0]; at < first[1]; at++)
            try_ground(eval, lists->items[at], seen, HENG_NONE);
    }
    try_through(eval);
    try_named(eval);
    for (size_t k = 0; k < plan->always_count && !eval->failed; k++)
        (void)touch(eval, plan->always[k]);
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
    for (int pass = 0; pass < (eval->two_passes ? HENG_PASSES : 1); pass++) {
        heng_fire_begin_pass(eval, pass);
        fire_pass(eval);
        if (eval->failed)
            return false;
    }
    order_actives(eval);
    return !eval->failed;
}
