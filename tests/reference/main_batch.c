/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main_batch.c: batches over random stores that go on changing, against the reference
 * and against each other.
 *
 *   --seed N     the first seed (1)
 *   --stores N   how many (200)
 *   --steps N    imports, days and edits of the ruleset of each (6)
 *
 * After each step all of these must hold:
 *   - each line of a full batch says what the reference does;
 *   - with and without index, with 1, 2 and 5 threads, in one batch or split, with room
 *     for few ids only: the same bytes;
 *   - the lines of the batch before, patched with those of `changed`: a full batch.
 *
 * After each edit of the ruleset, on the day and with the data as they are, and as they
 * were a commit before:
 *   - the lines by the ruleset before, patched with those that differ where one goes
 *     against the other: the lines by the ruleset after;
 *   - on days on which nothing is said to differ, nothing does.
 */
#include "heng/batch.h"
#include "heng/diag.h"
#include "heng/ruleset.h"
#include "heng/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "batch/kept_rules.h"
#include "model/flat.h"
#include "report/outcome_form.h"
#include "report/render_outcome.h"
#include "ruleset/linked.h"
#include "store/baseline.h"

#include "engine.h" /* last: its short names would shadow those of the others */

enum { THREADS = 5, FEW_BYTES = 1, MAX_LINES = 64 };

/* ---- lines by subject ---- */

typedef struct lines {
    heng_str of[MAX_LINES]; /* whole lines, ascending by subject */
    int count;
    char *bytes; /* owned; holds them */
} lines;

static heng_str subject_of(heng_str line) {
    static const char head[] = "{\"subject\":\"";
    heng_str id = {line.ptr + sizeof head - 1, 0};
    while (id.ptr[id.len] != '"')
        id.len++;
    return id;
}

static bool is_told(heng_str line) {
    return strstr(line.ptr, "\"measures\":[],\"undetermined\":[]") == NULL ||
           strstr(line.ptr, "\"measures\":[],\"undetermined\":[]") >
               line.ptr + line.len;
}

static void lines_free(lines *of) {
    free(of->bytes);
    *of = (lines){.count = 0};
}

static void lines_read(heng_str whole, lines *ret_lines) {
    lines made = {.bytes = malloc(whole.len + 1)};
    if (made.bytes == NULL)
        abort();
    memcpy(made.bytes, whole.ptr, whole.len);
    made.bytes[whole.len] = '\0';
    for (char *at = made.bytes; *at != '\0' && made.count < MAX_LINES;) {
        char *end = strchr(at, '\n');
        made.of[made.count++] = (heng_str){at, (size_t)(end + 1 - at)};
        at = end + 1;
    }
    lines_free(ret_lines);
    *ret_lines = made;
}

/* The lines of `before` with those of `changes` in their place. */
static void patch(const lines *before, const lines *changes, text *into) {
    int i = 0, k = 0;
    while (i < before->count || k < changes->count) {
        int order = i == before->count ? 1
                    : k == changes->count
                        ? -1
                        : heng_str_compare(subject_of(before->of[i]),
                                           subject_of(changes->of[k]));
        heng_str line = order < 0 ? before->of[i] : changes->of[k];
        if (is_told(line))
            text_add(into, "%.*s", HENG_STR_ARG(line));
        i += order <= 0;
        k += order >= 0;
    }
}

/* ---- a store that goes on changing ---- */

typedef struct stage {
    uint64_t seed;
    char folder[64];
    heng_store *store;
    heng_ruleset *catalog_of; /* of the first ruleset: what imports are checked by */
    heng_ruleset *ruleset;
    const heng_ruleset *against; /* NULL but where batches go against another */
    uint64_t commit;             /* 0 but where they look back to this one */
    day as_of;
    heng_time_ms now;
    lines before; /* of the last completed batch */
    text why;
} stage;

static rules the_rules, trial;
static world the_world, other_world;
static day the_days[MAX_DAYS];

static void add_piece(void *context, const char *piece, size_t len) {
    text_add(context, "%.*s", (int)len, piece);
}

static heng_ruleset *load(const rules *of, text *why) {
    text yaml[MAX_FILES] = {{0}};
    layout plain = {.files = 1};
    heng_ruleset *made = NULL;
    heng_error error = {0};
    heng_diags *diags = heng_diags_new();
    render_yaml(of, &plain, yaml);
    heng_ruleset_file file = {"a.yaml", {yaml[0].bytes, yaml[0].len}};
    if (heng_ruleset_load_files(&file, 1, diags, &made, &error) != HENG_OK &&
        why != NULL) {
        for (size_t i = 0; i < heng_diags_count(diags); i++)
            heng_diag_render(heng_diags_get(diags, i), false, add_piece, why);
    }
    heng_diags_free(diags);
    text_free(&yaml[0]);
    return made;
}

static bool import_world(stage *on) {
    text out = {0};
    layout plain = {.files = 1};
    render_ndjson(&the_rules, &the_world, &plain, &out);
    bool done = engine_import(on->store, on->catalog_of, &out, &on->now, &on->why);
    text_free(&out);
    return done;
}

/* ---- batches ---- */

typedef struct running {
    stage *on;
    const heng_outcome_form *form, *old_form;
    heng_arena *arenas[THREADS], *form_arena;
    heng_buffer scratch[THREADS][2];
    heng_buffer out;
    heng_baseline_writer *writer; /* NULL: leaves nothing */
} running;

static heng_status render(const running *at, const heng_batch_line *line,
                          const heng_ruleset *ruleset, const heng_outcome_form *form,
                          heng_buffer *out) {
    heng_render render = {.ruleset = ruleset,
                          .plan = line->plan,
                          .worker = line->worker,
                          .snapshot = line->snapshot,
                          .decision = line->decision,
                          .unmask = true,
                          .form = form,
                          .arena = at->arenas[line->thread]};
    heng_arena_reset(render.arena);
    return heng_render_outcome(&render, out);
}

static heng_status render_line(void *context, const heng_batch_line *line,
                               heng_buffer *out) {
    const running *at = context;
    return render(at, line, at->on->ruleset, at->form, out);
}

static heng_status compare_lines(void *context, const heng_batch_line *before,
                                 const heng_batch_line *line, heng_buffer *out,
                                 heng_buffer *changes, bool *ret_changed) {
    running *at = context;
    heng_buffer *scratch = at->scratch[line->thread];
    heng_status status = HENG_OK;
    (void)changes;
    heng_buffer_clear(&scratch[0]);
    heng_buffer_clear(&scratch[1]);
    if (before != NULL && before->told)
        status = render(at, before, NULL, at->old_form, &scratch[0]);
    if (status == HENG_OK && line->told)
        status = render(at, line, at->on->ruleset, at->form, &scratch[1]);
    *ret_changed =
        !heng_str_equal(heng_buffer_view(&scratch[0]), heng_buffer_view(&scratch[1]));
    if (status == HENG_OK && *ret_changed)
        status = render(at, line, at->on->ruleset, at->form, out);
    return status;
}

static heng_status take(void *context, heng_str piece, heng_str last,
                        heng_error *reterr) {
    running *at = context;
    (void)last, (void)reterr;
    return heng_buffer_add_str(&at->out, piece);
}

static heng_status take_due(void *context, heng_date on, heng_str id,
                            heng_error *reterr) {
    running *at = context;
    return at->writer == NULL ? HENG_OK : heng_baseline_due(at->writer, on, id, reterr);
}

static bool begin_baseline(running *at, const heng_batch *batch, bool full,
                           heng_error *error) {
    heng_view *view = heng_batch_view(batch);
    heng_str packed = {0};
    heng_baseline next = {.commit = heng_view_commit(view),
                          .known_at = heng_view_commit_time(view),
                          .as_of = at->on->as_of,
                          .ruleset = heng_ruleset_digest(at->on->ruleset)};
    return heng_kept_rules_pack(at->on->ruleset, at->form_arena, &packed, error) ==
               HENG_OK &&
           heng_baseline_begin(at->on->store, &next, packed, full, &at->writer,
                               error) == HENG_OK;
}

typedef struct way {
    const char *name;
    unsigned flags;
    size_t threads, reach_bytes;
    bool split; /* after half of the lines */
} way;

/* One batch; `leave`: a baseline. The lines are added to `into`. */
static bool run(stage *on, const way *how, bool leave, text *into) {
    running at = {.on = on};
    heng_batch *batch = NULL;
    heng_batch_counts counts = {0};
    heng_batch_before before;
    heng_error error = {0};
    heng_batch_options options = {.store = on->store,
                                  .ruleset = on->ruleset,
                                  .against = on->against,
                                  .as_of = on->as_of,
                                  .has_commit = on->commit != 0,
                                  .commit = on->commit,
                                  .threads = how->threads,
                                  .flags = how->flags,
                                  .reach_bytes = how->reach_bytes};
    heng_batch_sink sink = {.context = &at,
                            .render = render_line,
                            .compare = compare_lines,
                            .write = take,
                            .due = take_due};
    at.form_arena = heng_arena_new((size_t)1 << 28);
    heng_buffer_init(&at.out, 1 << 24);
    for (int i = 0; i < THREADS; i++) {
        at.arenas[i] = heng_arena_new((size_t)1 << 28);
        heng_buffer_init(&at.scratch[i][0], 1 << 24);
        heng_buffer_init(&at.scratch[i][1], 1 << 24);
    }
    at.form = heng_outcome_form_new(on->ruleset, at.form_arena);
    bool done = heng_batch_open(&options, &batch, &error) == HENG_OK;
    if (done && heng_batch_get_before(batch, &before))
        at.old_form = heng_outcome_form_new(before.ruleset, at.form_arena);
    if (done && leave)
        done = begin_baseline(&at, batch,
                              heng_batch_get_scope(batch) != HENG_BATCH_SCOPE_CHANGED,
                              &error);
    done =
        done && heng_batch_run(batch, (heng_str){0}, &sink, &counts, &error) == HENG_OK;
    if (done && how->split && at.out.len > 0) {
        lines whole = {.count = 0};
        lines_read(heng_buffer_view(&at.out), &whole);
        heng_str middle = whole.of[whole.count / 2];
        heng_buffer_truncate(&at.out, (size_t)(middle.ptr + middle.len - whole.bytes));
        done = heng_batch_run(batch, subject_of(middle), &sink, &counts, &error) ==
               HENG_OK;
        lines_free(&whole);
    }
    heng_batch_close(batch);
    if (done && leave)
        done = heng_baseline_end(at.writer, counts.subjects, counts.told, &error) ==
               HENG_OK;
    heng_baseline_free(at.writer);
    if (done && at.out.len > 0)
        text_add(into, "%.*s", HENG_STR_ARG(heng_buffer_view(&at.out)));
    if (!done)
        text_add(&on->why, "%s fails: %s\n", how->name, error.text);
    for (int i = 0; i < THREADS; i++) {
        heng_arena_free(at.arenas[i]);
        heng_buffer_done(&at.scratch[i][0]);
        heng_buffer_done(&at.scratch[i][1]);
    }
    heng_buffer_done(&at.out);
    heng_arena_free(at.form_arena);
    return done;
}

static bool same(stage *on, const char *what, const text *wanted, const text *got) {
    if (wanted->len == got->len &&
        (wanted->len == 0 || memcmp(wanted->bytes, got->bytes, got->len) == 0))
        return true;
    text_add(&on->why, "%s\n-- wanted:\n%s-- got:\n%s", what,
             wanted->len > 0 ? wanted->bytes : "", got->len > 0 ? got->bytes : "");
    return false;
}

/* ---- the reference's lines ---- */

static int order_of(const char *a, const char *b) {
    return strcmp(a, b);
}

/* Ids in ascending order, each once: `at` of `count` by selection. */
static void add_ids(const char *const *ids, int count, text *into) {
    const char *last = "";
    for (int n = 0; n < count; n++) {
        const char *least = NULL;
        for (int i = 0; i < count; i++) {
            if (order_of(ids[i], last) > 0 &&
                (least == NULL || order_of(ids[i], least) < 0))
                least = ids[i];
        }
        if (least == NULL)
            break;
        text_add(into, "%s\"%s\"", n == 0 ? "" : ",", least);
        last = least;
    }
}

static void add_rule_ids(unsigned bits, text *into) {
    const char *ids[MAX_RULES];
    int count = 0;
    for (int i = 0; i < the_rules.rule_count; i++) {
        if ((bits >> i & 1) != 0)
            ids[count++] = the_rules.rules[i].id;
    }
    add_ids(ids, count, into);
}

static void add_day(const char *key, day on, text *into) {
    if (on == DAY_NONE)
        text_add(into, "\"%s\":null", key);
    else
        text_add(into, "\"%s\":\"%s\"", key, calendar_text(on));
}

static void add_measure(const measure *of, const answer_measure *at, bool first,
                        text *into) {
    const char *ids[MAX_RECORDS];
    int count = 0;
    for (int i = 0; i < the_world.record_count; i++) {
        if ((at->grounds >> i & 1) != 0)
            ids[count++] = the_world.records[i].id;
    }
    text_add(into, "%s{\"id\":\"%s\",\"state\":\"%s\",", first ? "" : ",", of->id,
             at->state == STATE_APPLIES ? "applies" : "suspended");
    add_day("from", at->from, into);
    text_add(into, ",");
    add_day("until", at->until, into);
    text_add(into, ",\"rules\":[");
    add_rule_ids(at->rules, into);
    text_add(into, "],\"grounds\":[");
    add_ids(ids, count, into);
    text_add(into, "]}");
}

/* What the reference says of a subject behind `"measures":`; empty where it has no
 * line. */
static void add_reference(const stage *on, int who, text *into) {
    answer is;
    bool first = true;
    const char *last = "";
    reference_answer(&the_rules, &the_world, who, on->as_of, &is);
    bool told = is.undetermined != 0;
    for (int m = 0; m < the_rules.measure_count; m++)
        told = told || is.measures[m].present;
    if (!told)
        return;
    text_add(into, "[");
    for (int n = 0; n < the_rules.measure_count; n++) { /* sorted by id */
        int least = -1;
        for (int m = 0; m < the_rules.measure_count; m++) {
            const char *id = the_rules.measures[m].id;
            if (order_of(id, last) > 0 &&
                (least < 0 || order_of(id, the_rules.measures[least].id) < 0))
                least = m;
        }
        last = the_rules.measures[least].id;
        if (!is.measures[least].present)
            continue;
        add_measure(&the_rules.measures[least], &is.measures[least], first, into);
        first = false;
    }
    text_add(into, "],\"undetermined\":[");
    add_rule_ids(is.undetermined, into);
    text_add(into, "]}\n");
}

static bool agrees(stage *on, const lines *full) {
    int met = 0;
    for (int who = 0; who < the_world.subject_count; who++) {
        heng_str id = heng_str_of(the_world.subjects[who].id);
        text wanted = {0}, got = {0};
        if (!the_world.subjects[who].has_line)
            continue;
        add_reference(on, who, &wanted);
        for (int i = 0; i < full->count; i++) {
            if (!heng_str_equal(subject_of(full->of[i]), id))
                continue;
            const char *from = strstr(full->of[i].ptr, "\"measures\":");
            from += strlen("\"measures\":");
            text_add(&got, "%.*s", (int)(full->of[i].ptr + full->of[i].len - from),
                     from);
            met++;
        }
        bool equal = same(on, the_world.subjects[who].id, &wanted, &got);
        text_free(&wanted);
        text_free(&got);
        if (!equal)
            return false;
    }
    if (met != full->count)
        text_add(&on->why, "lines of nobody\n");
    return met == full->count;
}

/* ---- steps ---- */

/* Objects keep their ids; about every third becomes another one. */
static void change_world(rng *from) {
    rng fresh = {from->state ^ 0x5bd1e995};
    (void)rng_below(from, 2);
    generate_world(&the_rules, &other_world, &fresh);
    int subjects = the_world.subject_count;
    for (int i = 0; i < subjects && i < other_world.subject_count; i++) {
        subject *of = &the_world.subjects[i];
        if (!rng_chance(from, 35))
            continue;
        subject next = other_world.subjects[i];
        memcpy(next.id, of->id, sizeof next.id);
        next.kind = of->kind;
        next.born_on = of->born_on;
        next.has_line = next.has_line || of->has_line;
        int kept = 0;
        for (int k = 0; k < next.relation_count; k++) {
            relation tie = next.relations[k];
            if (next.has_line && tie.other < subjects && tie.other != i)
                next.relations[kept++] = tie;
        }
        next.relation_count = kept;
        *of = next;
    }
    int records = the_world.record_count;
    for (int i = 0; i < other_world.record_count; i++) {
        if (!rng_chance(from, i < records ? 25 : 50) || i > the_world.record_count)
            continue;
        record next = other_world.records[i];
        if (i < records)
            memcpy(next.id, the_world.records[i].id, sizeof next.id);
        next.subject %= subjects;
        for (int k = 0; k < next.party_count; k++)
            next.parties[k].subject %= subjects;
        the_world.records[i] = next;
        if (i == the_world.record_count)
            the_world.record_count++;
    }
}

static void drop_rule(rules *of, int index) {
    unsigned low = (1U << index) - 1;
    for (int i = index; i + 1 < of->rule_count; i++)
        of->rules[i] = of->rules[i + 1];
    of->rule_count--;
    for (int i = 0; i < of->rule_count; i++) {
        unsigned bits = of->rules[i].exceptions;
        of->rules[i].exceptions = (bits & low) | (bits >> 1 & ~low);
    }
}

static void change_rule(rules *of, rng *from) {
    rule *at = &of->rules[rng_below(from, of->rule_count)];
    const rule *other = &of->rules[rng_below(from, of->rule_count)];
    switch (rng_below(from, 12)) {
    case 0:
        at->stays = !at->stays;
        break;
    case 1:
        at->measures = other->measures;
        break;
    case 2:
        at->from = other->from;
        at->to = other->to;
        break;
    case 3:
        at->applies_to = other->applies_to;
        break;
    case 4:
        at->region_count = other->region_count;
        memcpy(at->regions, other->regions, sizeof at->regions);
        break;
    case 5:
        at->ground = at->ground >= 0 && other->ground >= 0 ? other->ground : at->ground;
        break;
    case 6:
        at->unless_count = other->ground >= 0 ? 0 : at->unless_count;
        break;
    case 7:
        at->exceptions = other->exceptions;
        break;
    case 8:
        at->roles = at->gaze == other->gaze ? other->roles : at->roles;
        break;
    case 9:
        at->unverified = !at->unverified;
        break;
    case 10:
        at->by_decided_on = !at->by_decided_on;
        break;
    default:
        if (of->rule_count > 1)
            drop_rule(of, rng_below(from, of->rule_count));
        break;
    }
}

static void change_rest(rules *of, rng *from) {
    category *at = &of->categories[rng_below(from, of->category_count)];
    measure *thing = &of->measures[rng_below(from, of->measure_count)];
    switch (rng_below(from, 6)) {
    case 0:
        at->has_use_limit = !at->has_use_limit;
        if (at->has_use_limit)
            at->use_limit = (period){24, 0};
        break;
    case 1:
        thing->discretionary = !thing->discretionary;
        break;
    case 2:
        thing->matters = of->measures[0].matters;
        break;
    case 3:
        of->conflict_count = of->conflict_count > 0 ? of->conflict_count - 1 : 0;
        break;
    case 4:
        at->severity = at->nature == ADVERSE ? 1 + at->severity % 3 : at->severity;
        break;
    default:
        if (rng_chance(from, 20))
            of->suspend = !of->suspend;
        break;
    }
}

/* Edits that the loader refuses are not made. Gives the ruleset that was, or NULL. */
static heng_ruleset *change_rules(stage *on, rng *from) {
    for (int tries = 0; tries < 5; tries++) {
        trial = the_rules;
        if (rng_chance(from, 70))
            change_rule(&trial, from);
        else
            change_rest(&trial, from);
        heng_ruleset *made = load(&trial, NULL);
        if (made == NULL)
            continue;
        heng_ruleset *was = on->ruleset;
        on->ruleset = made;
        the_rules = trial;
        return was;
    }
    return NULL;
}

static void change_day(stage *on, rng *from) {
    int count = generate_days(&the_rules, &the_world, the_days);
    day next = generate_as_of(the_days, count, from);
    int how = rng_below(from, 10);
    if (how < 3)
        next = on->as_of + 1;
    else if (how < 6)
        next = on->as_of + rng_range(from, 1, 60);
    if (next < on->as_of && how < 9)
        return;
    if (next <= DAY_MAX)
        on->as_of = next;
}

static bool check_ways(stage *on, const text *wanted) {
    static const way WAYS[] = {
        {"one thread", 0, 1, 0, false},
        {"two threads", 0, 2, 0, false},
        {"five threads", 0, 5, 0, false},
        {"without index, three threads", HENG_BATCH_PLAIN, 3, 0, false},
        {"split", 0, 2, 0, true},
        {"room for few ids", 0, 1, FEW_BYTES, false},
    };
    for (size_t i = 0; i < sizeof WAYS / sizeof WAYS[0]; i++) {
        text got = {0};
        bool equal =
            run(on, &WAYS[i], false, &got) && same(on, WAYS[i].name, wanted, &got);
        text_free(&got);
        if (!equal)
            return false;
    }
    return true;
}

static bool check_changed(stage *on, const text *wanted, rng *from) {
    static const way WAYS[] = {
        {"changed, one thread", HENG_BATCH_CHANGED, 1, 0, false},
        {"changed, two threads", HENG_BATCH_CHANGED, 2, 0, false},
        {"changed, five threads", HENG_BATCH_CHANGED, 5, 0, false},
        {"changed, without index", HENG_BATCH_CHANGED | HENG_BATCH_PLAIN, 1, 0, false},
        {"compared with all", HENG_BATCH_COMPARE, 2, 0, false},
        {"changed, split", HENG_BATCH_CHANGED, 1, 0, true},
    };
    enum { COUNT_WAYS = sizeof WAYS / sizeof WAYS[0] };
    int leaving = rng_below(from, COUNT_WAYS - 1); /* that leaves the next baseline */
    bool equal = true;
    for (int n = 0; n < COUNT_WAYS && equal; n++) {
        int i = n + 1 == COUNT_WAYS ? leaving : n < leaving ? n : n + 1;
        text got = {0}, patched = {0};
        lines changes = {.count = 0};
        equal = run(on, &WAYS[i], i == leaving, &got);
        lines_read((heng_str){got.len > 0 ? got.bytes : "", got.len}, &changes);
        patch(&on->before, &changes, &patched);
        equal = equal && same(on, WAYS[i].name, wanted, &patched);
        if (!equal)
            text_add(&on->why, "-- changed lines:\n%s", got.len > 0 ? got.bytes : "");
        lines_free(&changes);
        text_free(&got);
        text_free(&patched);
    }
    return equal;
}

/* The lines by another ruleset, plainly. */
static bool run_old(stage *on, heng_ruleset *old, text *into) {
    static const way PLAIN = {"the other ruleset", HENG_BATCH_PLAIN, 1, 0, false};
    heng_ruleset *now = on->ruleset;
    on->ruleset = old;
    bool done = run(on, &PLAIN, false, into);
    on->ruleset = now;
    return done;
}

static bool check_both(stage *on, heng_ruleset *old_rules) {
    static const way WAYS[] = {
        {"against, without index", HENG_BATCH_PLAIN, 1, 0, false},
        {"against, one thread", 0, 1, 0, false},
        {"against, five threads", 0, 5, 0, false},
        {"against, split", 0, 2, 0, true},
        {"against, room for few ids", 0, 1, FEW_BYTES, false},
    };
    static const way PLAIN = {"without index", HENG_BATCH_PLAIN, 1, 0, false};
    text old = {0}, wanted = {0};
    lines before = {.count = 0};
    bool equal = run_old(on, old_rules, &old) && run(on, &PLAIN, false, &wanted);
    lines_read((heng_str){old.len > 0 ? old.bytes : "", old.len}, &before);
    on->against = old_rules;
    for (size_t i = 0; i < sizeof WAYS / sizeof WAYS[0] && equal; i++) {
        text got = {0}, patched = {0};
        lines changes = {.count = 0};
        equal = run(on, &WAYS[i], false, &got);
        lines_read((heng_str){got.len > 0 ? got.bytes : "", got.len}, &changes);
        patch(&before, &changes, &patched);
        equal = equal && same(on, WAYS[i].name, &wanted, &patched);
        if (!equal)
            text_add(&on->why, "-- changed lines:\n%s", got.len > 0 ? got.bytes : "");
        lines_free(&changes);
        text_free(&got);
        text_free(&patched);
    }
    on->against = NULL;
    lines_free(&before);
    text_free(&old);
    text_free(&wanted);
    return equal;
}

static bool check_past(stage *on, heng_ruleset *old) {
    heng_error error = {0};
    heng_view *view = NULL;
    bool good = heng_view_open(on->store, &view, &error) == HENG_OK;
    uint64_t newest = good ? heng_view_commit(view) : 0;
    heng_view_close(view);
    if (newest < 2)
        return good;
    on->commit = newest - 1;
    good = check_both(on, old);
    on->commit = 0;
    return good;
}

/* Without how long each line holds, which may differ. */
static void without_days(const text *from, text *into) {
    static const char KEY[] = "\"valid_through\":";
    const char *at = from->len > 0 ? from->bytes : "";
    const char *found;
    while ((found = strstr(at, KEY)) != NULL) {
        text_add(into, "%.*s", (int)(found - at), at);
        at = strchr(found, ',') + 1;
    }
    text_add(into, "%s", at);
}

static bool check_day(stage *on, heng_ruleset *old_rules, day as_of) {
    static const way PLAIN = {"on another day", HENG_BATCH_PLAIN, 1, 0, false};
    text old = {0}, now = {0}, wanted = {0}, got = {0};
    day was = on->as_of;
    on->as_of = as_of;
    bool equal = run_old(on, old_rules, &old) && run(on, &PLAIN, false, &now);
    without_days(&old, &wanted);
    without_days(&now, &got);
    equal = equal && same(on, "on a day on which nothing differs", &wanted, &got);
    on->as_of = was;
    text_free(&old);
    text_free(&now);
    text_free(&wanted);
    text_free(&got);
    return equal;
}

static long days_proved; /* looked at: that the test is not empty */

/* The days before and after those on which something can differ; or this one. */
static bool check_days(stage *on, heng_ruleset *old) {
    heng_error error = {0};
    heng_batch *batch = NULL;
    heng_batch_before before = {0};
    heng_batch_options options = {.store = on->store,
                                  .ruleset = on->ruleset,
                                  .against = old,
                                  .as_of = on->as_of,
                                  .threads = 1};
    bool good = heng_batch_open(&options, &batch, &error) == HENG_OK &&
                heng_batch_get_before(batch, &before);
    heng_batch_close(batch);
    if (!good || !before.is_bounded)
        return good;
    if (before.first > before.last) {
        days_proved++;
        return check_day(on, old, on->as_of);
    }
    if (before.first > DAY_MIN && before.first <= DAY_MAX) {
        days_proved++;
        good = check_day(on, old, before.first - 1);
    }
    if (good && before.last >= DAY_MIN && before.last < DAY_MAX) {
        days_proved++;
        good = check_day(on, old, before.last + 1);
    }
    return good;
}

static bool check_step(stage *on, rng *from) {
    static const way PLAIN = {"without index", HENG_BATCH_PLAIN, 1, 0, false};
    text full = {0};
    lines now = {.count = 0};
    bool good = run(on, &PLAIN, false, &full);
    lines_read((heng_str){full.len > 0 ? full.bytes : "", full.len}, &now);
    good = good && agrees(on, &now) && check_ways(on, &full) &&
           check_changed(on, &full, from);
    lines_free(&on->before);
    on->before = now;
    text_free(&full);
    return good;
}

static bool check_seed(uint64_t seed, long steps, long *ret_lines) {
    rng from = {seed};
    heng_error error = {0};
    stage on = {.seed = seed, .now = 1750000000000};
    bool good = false;
    generate_rules(&the_rules, &from);
    generate_world(&the_rules, &the_world, &from);
    (void)snprintf(on.folder, sizeof on.folder, "/tmp/heng-batch-XXXXXX");
    on.catalog_of = load(&the_rules, &on.why);
    on.ruleset = on.catalog_of;
    if (on.ruleset == NULL || mkdtemp(on.folder) == NULL)
        goto out;
    int count = generate_days(&the_rules, &the_world, the_days);
    on.as_of = generate_as_of(the_days, count, &from);
    good =
        heng_store_open(on.folder, HENG_STORE_CREATE, &on.store, &error) == HENG_OK &&
        import_world(&on) && heng_baseline_prepare(on.store, &error) == HENG_OK;
    for (long step = 0; step < steps && good; step++) {
        good = check_step(&on, &from);
        *ret_lines += on.before.count;
        if (!good)
            text_add(&on.why, "at step %ld\n", step);
        if (rng_chance(&from, 60)) {
            change_world(&from);
            good = good && import_world(&on);
        }
        if (rng_chance(&from, 60))
            change_day(&on, &from);
        if (rng_chance(&from, 50)) {
            heng_ruleset *old = change_rules(&on, &from);
            good =
                good && (old == NULL || (check_both(&on, old) && check_past(&on, old) &&
                                         check_days(&on, old)));
            if (old != on.catalog_of)
                heng_ruleset_free(old);
        }
    }
out:
    if (!good)
        (void)printf("seed %llu: %s%s\n", (unsigned long long)seed, error.text,
                     on.why.len > 0 ? on.why.bytes : "");
    heng_store_close(on.store);
    if (on.ruleset != on.catalog_of)
        heng_ruleset_free(on.ruleset);
    heng_ruleset_free(on.catalog_of);
    engine_remove_folder(on.folder);
    lines_free(&on.before);
    text_free(&on.why);
    return good;
}

int main(int argc, char **argv) {
    enum { FAILURES_SHOWN = 3 };
    uint64_t first = 1;
    long stores = 200, steps = 6, told = 0, failures = 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        long number = strtol(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--seed") == 0)
            first = (uint64_t)number;
        else if (strcmp(argv[i], "--stores") == 0)
            stores = number;
        else if (strcmp(argv[i], "--steps") == 0)
            steps = number;
        else {
            (void)fprintf(stderr, "usage: %s [--seed N] [--stores N] [--steps N]\n",
                          argv[0]);
            return 2;
        }
    }
    for (long i = 0; i < stores && failures < FAILURES_SHOWN; i++)
        failures += !check_seed(first + (uint64_t)i, steps, &told);
    (void)printf("%ld stores, %ld steps each, %ld lines, %ld days on which nothing "
                 "differs: %ld differ\n",
                 stores, steps, told, days_proved, failures);
    return failures == 0 && told > 0 && days_proved > 0 ? 0 : 1;
}
