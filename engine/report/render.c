/* SPDX-License-Identifier: Apache-2.0 */
/* render.c: ids, days, times and words, as all renderings write them. */
#include "report/render.h"

#include <string.h>

#include "model/flat.h"
#include "model/identity.h"

heng_str heng_render_id(const heng_render *render, heng_str id) {
    char masked[HENG_IDENTITY_MASKED_BYTES];
    if (render->unmask ||
        (id.len < HENG_IDENTITY_MASKED_BYTES && !heng_identity_is_masked(id)))
        return id;
    size_t len = heng_identity_mask(id, masked);
    return heng_arena_dup_str(render->arena, (heng_str){masked, len});
}

static bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

enum { NUMBER_BYTES = 18 };

/* With a day of birth and the right check character: by chance so one time in
 * thousands. */
static bool surely_number(heng_str text) {
    heng_date born;
    bool check = false;
    return heng_identity_born_on(text, &born) &&
           heng_identity_check(HENG_NATURAL_PERSON, text, NULL, &check) ==
               HENG_IDENTITY_NUMBER &&
           check;
}

/* Masks what is a number within `run`, a part of `text`, in a copy of that. */
static bool mask_run(const heng_render *render, heng_str text, heng_str run, bool data,
                     char **copy) {
    char masked[HENG_IDENTITY_MASKED_BYTES];
    bool alone = data && run.len == NUMBER_BYTES &&
                 heng_identity_form_of(run) == HENG_IDENTITY_NUMBER;
    for (size_t at = 0; at + NUMBER_BYTES <= run.len; at++) {
        heng_str part = {run.ptr + at, NUMBER_BYTES};
        if (!alone && !surely_number(part))
            continue;
        if (*copy == NULL)
            *copy = heng_arena_dup(render->arena, text.ptr, text.len);
        if (*copy == NULL)
            return false;
        memcpy(*copy + (part.ptr - text.ptr), masked, heng_identity_mask(part, masked));
        at += NUMBER_BYTES - 1;
    }
    return true;
}

static heng_str mask_text(const heng_render *render, heng_str text, bool data) {
    char *copy = NULL;
    if (render->unmask || !heng_identity_may_be_within(text))
        return text;
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        while (at < text.len && is_word(text.ptr[at]))
            at++;
        heng_str run = {text.ptr + start, at - start};
        if (run.len == 0)
            at++;
        else if (!mask_run(render, text, run, data, &copy))
            return (heng_str){NULL, text.len};
    }
    return copy == NULL ? text : (heng_str){copy, text.len};
}

/* What is an identity number by its form, and in a longer run what surely is one. */
heng_str heng_render_masked(const heng_render *render, heng_str text) {
    return mask_text(render, text, true);
}

/* Document numbers are long too, and whoever contests an answer needs them whole: only
 * what surely is an identity number. */
heng_str heng_render_masked_document(const heng_render *render, heng_str text) {
    return mask_text(render, text, false);
}

heng_str heng_render_date(const heng_render *render, heng_date date) {
    char text[HENG_DATE_TEXT_BYTES];
    if (!heng_date_valid(date))
        return (heng_str){"", 0};
    heng_date_format(date, text);
    return heng_arena_dup_str(render->arena, heng_str_of(text));
}

heng_str heng_render_time(heng_arena *arena, int64_t ms) {
    enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
    char date[HENG_DATE_TEXT_BYTES];
    int64_t day = ms / DAY;
    int64_t rest = ms % DAY;
    if (rest < 0) {
        rest += DAY;
        day--;
    }
    if (!heng_date_valid(day))
        return (heng_str){"", 0};
    heng_date_format((heng_date)day, date);
    int hour = (int)(rest / HOUR), minute = (int)(rest % HOUR / MINUTE);
    int second = (int)(rest % MINUTE / SECOND), left = (int)(rest % SECOND);
    char *text = left == 0 ? heng_arena_printf(arena, "%sT%02d:%02d:%02dZ", date, hour,
                                               minute, second)
                           : heng_arena_printf(arena, "%sT%02d:%02d:%02d.%03dZ", date,
                                               hour, minute, second, left);
    return text == NULL ? (heng_str){NULL, 1} : heng_str_of(text);
}

heng_str heng_render_subject_name(const heng_render *render) {
    const uint8_t *subject = render->snapshot->subject;
    return subject == NULL ? (heng_str){"", 0}
                           : heng_flat_text(subject, HENG_FLAT_SUBJECT_NAME);
}

const heng_word *heng_render_subject_kind(const heng_render *render) {
    enum { KIND_AT = 4 };
    const uint8_t *subject = render->snapshot->subject;
    return subject == NULL ? NULL
                           : heng_kind_word(HENG_WORDS_SUBJECT_KIND, subject[KIND_AT]);
}

heng_str heng_render_word(const heng_render *render, heng_vocabulary vocabulary,
                          int value) {
    const heng_word *word = heng_kind_word(vocabulary, value);
    if (word == NULL)
        return (heng_str){"", 0};
    return heng_str_of(render->lang == HENG_LANG_EN ? word->en : word->zh);
}

heng_str heng_render_role(const heng_render *render, heng_str role) {
    const heng_catalog *catalog = &render->ruleset->catalog;
    for (size_t i = 0; i < catalog->role_count; i++) {
        heng_str title = heng_text_in(&catalog->roles[i].title, render->lang);
        if (heng_str_equal(catalog->roles[i].id, role) && title.len > 0)
            return title;
    }
    return role;
}

heng_date heng_render_day_after(heng_date date) {
    return date >= HENG_DATE_MAX ? HENG_DATE_NONE : date + 1;
}

heng_str heng_render_subject_key(const heng_render *render) {
    bool masked = !render->unmask &&
                  heng_identity_form_of(render->snapshot->id) == HENG_IDENTITY_NUMBER;
    return masked ? render->subject_key : (heng_str){"", 0};
}
