/* SPDX-License-Identifier: Apache-2.0 */
/* render_part_json.c: grounds, bases and repair as JSON. */
#include "report/render_part_json.h"

#include "model/flat.h"

void heng_render_part_json_str(heng_json_write *json, heng_str value) {
    if (value.ptr == NULL && value.len > 0) {
        heng_buffer_fail(json->out, HENG_ERR_NOMEM);
        value = (heng_str){"", 0}; /* a key must have its value all the same */
    }
    heng_json_write_str(json, value);
}

void heng_render_part_json_date(heng_json_write *json, const char *key,
                                heng_date date) {
    char text[HENG_DATE_TEXT_BYTES];
    heng_json_write_key(json, key);
    if (!heng_date_valid(date)) {
        heng_json_write_null(json);
        return;
    }
    heng_date_format(date, text);
    heng_json_write_text(json, text);
}

void heng_render_part_json_ids(heng_json_write *json, const char *key,
                               const heng_str *ids, size_t count) {
    heng_json_write_key(json, key);
    heng_json_write_array(json);
    for (size_t i = 0; i < count; i++)
        heng_json_write_str(json, ids[i]);
    heng_json_write_array_end(json);
}

static void write_basis(const heng_render *render, heng_json_write *json,
                        const heng_basis *basis) {
    heng_json_write_object(json);
    heng_json_write_key(json, "source");
    heng_json_write_str(json, render->ruleset->sources[basis->source].id);
    heng_json_write_key(json, "article");
    if (basis->article.ptr == NULL)
        heng_json_write_null(json);
    else
        heng_json_write_str(json, basis->article);
    heng_json_write_object_end(json);
}

void heng_render_part_json_bases(const heng_render *render, heng_json_write *json,
                                 const heng_basis *bases, size_t count) {
    heng_json_write_array(json);
    for (size_t i = 0; i < count; i++)
        write_basis(render, json, &bases[i]);
    heng_json_write_array_end(json);
}

static void write_ground(const heng_render *render, heng_json_write *json,
                         const heng_finding *finding, const heng_ground *ground) {
    heng_json_write_object(json);
    heng_json_write_key(json, "record");
    heng_render_part_json_str(
        json, heng_render_document(
                  render, heng_flat_text(ground->record, HENG_FLAT_RECORD_ID)));
    if (ground->subject.len > 0) {
        heng_json_write_key(json, "subject");
        heng_render_part_json_str(json, heng_render_id(render, ground->subject));
        heng_json_write_key(json, "role");
        heng_json_write_str(json, ground->role);
    }
    heng_json_write_key(json, "category");
    heng_json_write_str(json, render->ruleset->catalog.categories[ground->category].id);
    heng_json_write_key(json, "authority");
    heng_json_write_str(json,
                        heng_flat_text(ground->record, HENG_FLAT_RECORD_AUTHORITY));
    heng_json_write_key(json, "document_no");
    heng_render_part_json_str(
        json, heng_render_document(
                  render, heng_flat_text(ground->record, HENG_FLAT_RECORD_DOCUMENT)));
    heng_render_part_json_date(json, "decided_on", heng_flat_i32(ground->record + 16));
    heng_str reason = heng_decide_reason(render->plan, render->worker, render->snapshot,
                                         finding, ground, (int)render->lang);
    if (reason.len > 0) {
        heng_json_write_key(json, "reason");
        heng_render_part_json_str(json, heng_render_masked(render, reason));
    }
    if (ground->disputed) {
        heng_json_write_key(json, "disputed");
        heng_json_write_bool(json, true);
    }
    heng_json_write_object_end(json);
}

void heng_render_part_json_finding(const heng_render *render, heng_json_write *json,
                                   const heng_finding *finding) {
    const heng_rule *rule = &render->ruleset->rules[finding->rule];
    heng_json_write_object(json);
    heng_json_write_key(json, "rule");
    heng_json_write_str(json, rule->id);
    heng_json_write_key(json, "grounds");
    heng_json_write_array(json);
    for (size_t i = 0; i < finding->ground_count; i++)
        write_ground(render, json, finding, &finding->grounds[i]);
    heng_json_write_array_end(json);
    heng_json_write_key(json, "basis");
    heng_render_part_json_bases(render, json, rule->bases, rule->basis_count);
    heng_json_write_object_end(json);
}

void heng_render_part_json_repair(const heng_render *render, heng_json_write *json,
                                  const heng_applied *applied) {
    if (applied->repair == NULL)
        return;
    heng_json_write_key(json, "repair");
    heng_json_write_object(json);
    heng_render_part_json_date(json, "from", applied->repair_from);
    heng_json_write_key(json, "route");
    heng_json_write_str(json, heng_text_in(&applied->repair->route, render->lang));
    heng_json_write_object_end(json);
}
