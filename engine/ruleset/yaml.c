/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml.c: libyaml's events to a tree.
 *
 * libyaml counts characters where we count bytes; marks are translated in one place,
 * by a cursor that walks along (marks come nearly in order, so that is linear). What
 * libyaml would take and we do not is looked for before it sees the text, so that it
 * has a true place too.
 */
#include "ruleset/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/map.h"
#include "ruleset/ruleset_codes.h"
#include "ruleset/yaml_text.h"

static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";

/* A list or mapping that is being read: its children lie on the builder's stack. */
struct frame {
    heng_yaml_node *node;
    size_t first; /* of its children on the stack */
};

struct anchor {
    heng_str name; /* lives in the arena */
    heng_yaml_node *node;
};

struct builder {
    const heng_source *source;
    const heng_source *shown;
    heng_arena *arena;
    heng_diags *diags;
    size_t *budget;
    heng_str text;

    size_t char_at; /* the cursor: character char_at begins at byte byte_at */
    size_t byte_at;

    heng_yaml_node *root;
    struct frame frames[HENG_LIMIT_YAML_DEPTH];
    size_t depth;
    heng_yaml_node **stack; /* owned */
    size_t stack_count;
    size_t stack_room;
    struct anchor *anchors; /* owned */
    size_t anchor_count;
    size_t anchor_room;
    size_t aliased; /* nodes that aliases stand for */
};

static heng_span span_of(const struct builder *builder, size_t start, size_t end) {
    return (heng_span){builder->shown, start, end > start ? end - start : 0};
}

static heng_span shown_span(const struct builder *builder, heng_span span) {
    span.source = builder->shown;
    return span;
}

/* ---- places ---- */

/* Eight bytes at once, in whatever order: only asked whether all are ASCII. */
static uint64_t eight_at(const char *text) {
    uint64_t bytes;
    memcpy(&bytes, text, sizeof bytes);
    return bytes;
}

static size_t byte_of(struct builder *builder, size_t character) {
    static const uint64_t HIGH_BITS = UINT64_C(0x8080808080808080);
    const char *text = builder->text.ptr;
    while (builder->char_at + 8 <= character &&
           builder->byte_at + 8 <= builder->text.len &&
           (eight_at(text + builder->byte_at) & HIGH_BITS) == 0) {
        builder->char_at += 8;
        builder->byte_at += 8;
    }
    while (builder->char_at < character && builder->byte_at < builder->text.len) {
        builder->byte_at++;
        while (builder->byte_at < builder->text.len &&
               ((unsigned char)text[builder->byte_at] & 0xC0) == 0x80) {
            builder->byte_at++;
        }
        builder->char_at++;
    }
    while (builder->char_at > character) {
        builder->byte_at--;
        while (((unsigned char)text[builder->byte_at] & 0xC0) == 0x80) {
            builder->byte_at--;
        }
        builder->char_at--;
    }
    return builder->byte_at;
}

static heng_span event_span(struct builder *builder, const yaml_event_t *event) {
    size_t start = byte_of(builder, event->start_mark.index);
    size_t end = byte_of(builder, event->end_mark.index);
    return (heng_span){builder->source, start, end > start ? end - start : 0};
}

/* ---- building ---- */

static heng_status push(struct builder *builder, heng_yaml_node *node) {
    if (builder->stack_count == builder->stack_room) {
        size_t room = builder->stack_room == 0 ? 256 : builder->stack_room * 2;
        heng_yaml_node **stack =
            heng_alloc_resize(builder->stack, room, sizeof(heng_yaml_node *));
        if (stack == NULL)
            return HENG_ERR_NOMEM;
        builder->stack = stack;
        builder->stack_room = room;
    }
    builder->stack[builder->stack_count++] = node;
    return HENG_OK;
}

/* Gives a finished node (or alias) to the list or mapping that is open. */
static heng_status place(struct builder *builder, heng_yaml_node *node) {
    if (builder->depth == 0) {
        builder->root = node;
        return HENG_OK;
    }
    return push(builder, node);
}

static heng_status add_anchor(struct builder *builder, const yaml_char_t *name,
                              heng_yaml_node *node) {
    if (name == NULL)
        return HENG_OK;
    if (builder->anchor_count == HENG_LIMIT_YAML_ALIAS_NODES) {
        heng_diags_error(builder->diags, HENG_RULESET_E_BOMB,
                         span_of(builder, node->span.start, node->span.start),
                         "the file has more than %zu anchors, expected at most so many",
                         HENG_LIMIT_YAML_ALIAS_NODES);
        return HENG_ERR_INVALID;
    }
    if (builder->anchor_count == builder->anchor_room) {
        size_t room = builder->anchor_room == 0 ? 16 : builder->anchor_room * 2;
        struct anchor *anchors =
            heng_alloc_resize(builder->anchors, room, sizeof *anchors);
        if (anchors == NULL)
            return HENG_ERR_NOMEM;
        builder->anchors = anchors;
        builder->anchor_room = room;
    }
    heng_str copy = heng_arena_dup_str(builder->arena, heng_str_of((const char *)name));
    if (copy.ptr == NULL)
        return HENG_ERR_NOMEM;
    builder->anchors[builder->anchor_count++] = (struct anchor){copy, node};
    return HENG_OK;
}

/* What libyaml takes for the name of an anchor. */
static bool is_anchor_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-';
}

/* A node's mark is that of its anchor or tag, where it has one: goes past those. */
static void skip_properties(const struct builder *builder, heng_span *span) {
    size_t end = span->start + span->len;
    size_t at = span->start;
    const char *text = builder->text.ptr;
    while (at < end && (text[at] == '&' || text[at] == '!')) {
        bool is_anchor = text[at++] == '&';
        while (at < end && (is_anchor ? is_anchor_char(text[at])
                                      : strchr(" \t\r\n", text[at]) == NULL))
            at++;
        while (at < end && strchr(" \t\r\n", text[at]) != NULL)
            at++;
    }
    span->start = at;
    span->len = end - at;
}

static heng_status new_node(struct builder *builder, const yaml_event_t *event,
                            bool has_properties, heng_yaml_kind kind,
                            heng_yaml_node **ret_node) {
    heng_span span = event_span(builder, event);
    if (has_properties)
        skip_properties(builder, &span);
    if (*builder->budget == 0) {
        heng_diags_error(builder->diags, HENG_RULESET_E_NODES,
                         span_of(builder, span.start, span.start),
                         "the ruleset has more than %zu values, expected at most so "
                         "many; it is no longer one that people can read",
                         HENG_LIMIT_YAML_NODES);
        return HENG_ERR_INVALID;
    }
    --*builder->budget;
    heng_yaml_node *node = heng_arena_calloc(builder->arena, 1, sizeof *node);
    if (node == NULL)
        return HENG_ERR_NOMEM;
    node->kind = (uint8_t)kind;
    node->span = span;
    *ret_node = node;
    return HENG_OK;
}

static void refuse_tag(struct builder *builder, const yaml_char_t *tag,
                       heng_span span) {
    if (tag == NULL)
        return;
    heng_diags_error(
        builder->diags, HENG_RULESET_E_TAG, span_of(builder, span.start, span.start),
        "found the tag `%.60s`, expected none; remove it", (const char *)tag);
}

static heng_yaml_style style_of(yaml_scalar_style_t style) {
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
        return HENG_YAML_SINGLE_QUOTED;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
        return HENG_YAML_DOUBLE_QUOTED;
    case YAML_LITERAL_SCALAR_STYLE:
        return HENG_YAML_LITERAL;
    case YAML_FOLDED_SCALAR_STYLE:
        return HENG_YAML_FOLDED;
    case YAML_ANY_SCALAR_STYLE:
    case YAML_PLAIN_SCALAR_STYLE:
    default:
        return HENG_YAML_PLAIN;
    }
}

/* Most scalars stand in the file just as they read: those need no copy. */
static heng_status set_text(struct builder *builder, heng_yaml_node *node,
                            const yaml_event_t *event) {
    const char *value = (const char *)event->data.scalar.value;
    size_t len = event->data.scalar.length;
    size_t quote =
        node->style == HENG_YAML_SINGLE_QUOTED || node->style == HENG_YAML_DOUBLE_QUOTED
            ? 1
            : 0;
    const char *written = builder->text.ptr + node->span.start + quote;
    if (node->span.len == len + 2 * quote &&
        (len == 0 || memcmp(written, value, len) == 0)) {
        node->text = (heng_str){written, len};
        return HENG_OK;
    }
    node->text = heng_arena_dup_str(builder->arena, (heng_str){value, len});
    return node->text.ptr == NULL ? HENG_ERR_NOMEM : HENG_OK;
}

static heng_status on_scalar(struct builder *builder, const yaml_event_t *event) {
    heng_yaml_node *node = NULL;
    const yaml_char_t *tag = event->data.scalar.tag;
    const yaml_char_t *anchor = event->data.scalar.anchor;
    refuse_tag(builder, tag, event_span(builder, event));
    heng_status status = new_node(builder, event, tag != NULL || anchor != NULL,
                                  HENG_YAML_SCALAR, &node);
    if (status != HENG_OK)
        return status;
    node->style = (uint8_t)style_of(event->data.scalar.style);
    status = set_text(builder, node, event);
    if (status == HENG_OK)
        status = add_anchor(builder, anchor, node);
    return status == HENG_OK ? place(builder, node) : status;
}

static heng_status too_deep(struct builder *builder, size_t at) {
    heng_diags_error(builder->diags, HENG_RULESET_E_DEPTH, span_of(builder, at, at + 1),
                     "values are nested more than %zu deep, expected at most so many; "
                     "no part of a ruleset needs more than a few",
                     HENG_LIMIT_YAML_DEPTH);
    return HENG_ERR_INVALID;
}

/* Counts the nodes that an alias stands for, what it holds of other aliases included,
 * and how deep they go. Stops past `most`, so that counting cannot be the bomb. */
static size_t weigh(const heng_yaml_node *node, size_t most, size_t depth,
                    size_t *deepest) {
    size_t weight = 1;
    if (depth > *deepest)
        *deepest = depth;
    if (depth > HENG_LIMIT_YAML_DEPTH || node->kind == HENG_YAML_SCALAR)
        return weight;
    for (size_t i = 0; i < node->count && weight <= most; i++) {
        if (node->kind == HENG_YAML_LIST) {
            weight += weigh(node->as.items[i], most - weight, depth + 1, deepest);
        } else {
            weight += 1; /* the key */
            if (weight <= most)
                weight +=
                    weigh(node->as.pairs[i].value, most - weight, depth + 1, deepest);
        }
    }
    return weight;
}

static heng_status on_alias(struct builder *builder, const yaml_event_t *event) {
    heng_span span = shown_span(builder, event_span(builder, event));
    heng_str name = heng_str_of((const char *)event->data.alias.anchor);
    heng_yaml_node *node = NULL;
    for (size_t i = builder->anchor_count; i > 0 && node == NULL; i--) {
        if (heng_str_equal(builder->anchors[i - 1].name, name))
            node = builder->anchors[i - 1].node;
    }
    if (node == NULL) {
        heng_diags_error(builder->diags, HENG_RULESET_E_ALIAS, span,
                         "no anchor `&%.60s` stands before this alias", name.ptr);
        return HENG_ERR_INVALID;
    }
    for (size_t i = 0; i < builder->depth; i++) {
        if (builder->frames[i].node == node) {
            heng_diags_error(builder->diags, HENG_RULESET_E_ALIAS, span,
                             "the alias `*%.60s` stands inside what it names, expected "
                             "something that ends before it",
                             name.ptr);
            return HENG_ERR_INVALID;
        }
    }
    size_t deepest = builder->depth;
    builder->aliased += weigh(node, HENG_LIMIT_YAML_ALIAS_NODES - builder->aliased,
                              builder->depth, &deepest);
    if (builder->aliased > HENG_LIMIT_YAML_ALIAS_NODES) {
        heng_diags_error(builder->diags, HENG_RULESET_E_BOMB, span,
                         "aliases stand for more than %zu values, expected at most so "
                         "many; write them out",
                         HENG_LIMIT_YAML_ALIAS_NODES);
        return HENG_ERR_INVALID;
    }
    if (deepest > HENG_LIMIT_YAML_DEPTH)
        return too_deep(builder, span.start);
    return place(builder, node);
}

static heng_status on_start(struct builder *builder, const yaml_event_t *event) {
    bool is_list = event->type == YAML_SEQUENCE_START_EVENT;
    const yaml_char_t *tag =
        is_list ? event->data.sequence_start.tag : event->data.mapping_start.tag;
    const yaml_char_t *anchor =
        is_list ? event->data.sequence_start.anchor : event->data.mapping_start.anchor;
    heng_yaml_node *node = NULL;
    refuse_tag(builder, tag, event_span(builder, event));
    heng_status status = new_node(builder, event, tag != NULL || anchor != NULL,
                                  is_list ? HENG_YAML_LIST : HENG_YAML_MAPPING, &node);
    if (status != HENG_OK)
        return status;
    if (builder->depth == HENG_LIMIT_YAML_DEPTH)
        return too_deep(builder, node->span.start);
    builder->frames[builder->depth++] = (struct frame){node, builder->stack_count};
    return add_anchor(builder, anchor, node);
}

/* Leaves out keys that are no texts, and reports those. */
static void fill_pairs(struct builder *builder, heng_yaml_node *node,
                       heng_yaml_node **children, size_t count) {
    for (size_t i = 0; i + 1 < count; i += 2) {
        const heng_yaml_node *key = children[i];
        if (key->kind == HENG_YAML_SCALAR) {
            node->as.pairs[node->count++] =
                (heng_yaml_pair){children[i], children[i + 1]};
            continue;
        }
        heng_diags_error(builder->diags, HENG_RULESET_E_KEY,
                         span_of(builder, key->span.start, key->span.start),
                         "a key is %s, expected a text",
                         key->kind == HENG_YAML_LIST ? "a list" : "a mapping");
    }
}

/* Reports keys that stand twice; of large mappings through a map, because comparing all
 * with all would take too long. */
static heng_status check_keys(struct builder *builder, const heng_yaml_node *node) {
    heng_map seen = {0};
    enum { FEW = 12 };
    for (size_t i = 0; i < node->count; i++) {
        const heng_yaml_node *key = node->as.pairs[i].key;
        const heng_yaml_node *first = NULL;
        if (node->count <= FEW) {
            for (size_t j = 0; j < i && first == NULL; j++) {
                const heng_yaml_node *other = node->as.pairs[j].key;
                if (heng_str_equal(other->text, key->text))
                    first = other;
            }
        } else {
            bool is_new = false;
            heng_map_entry *entry = heng_map_add(&seen, key->text, &is_new);
            if (entry == NULL) {
                heng_map_done(&seen);
                return HENG_ERR_NOMEM;
            }
            if (is_new)
                entry->value.id = (uint32_t)i;
            else
                first = node->as.pairs[entry->value.id].key;
        }
        if (first != NULL) {
            heng_diags_error(
                builder->diags, HENG_RULESET_E_TWICE, shown_span(builder, key->span),
                "the key `%.*s` stands twice here, expected once",
                (int)(key->text.len < 60 ? key->text.len : 60), key->text.ptr);
            heng_diags_also(builder->diags, shown_span(builder, first->span),
                            "first here");
        }
    }
    heng_map_done(&seen);
    return HENG_OK;
}

static heng_status on_end(struct builder *builder, const yaml_event_t *event) {
    struct frame frame = builder->frames[--builder->depth];
    heng_yaml_node *node = frame.node;
    size_t count = builder->stack_count - frame.first;
    heng_yaml_node **children = count == 0 ? NULL : builder->stack + frame.first;
    size_t end = byte_of(builder, event->end_mark.index);
    node->span.len = end > node->span.start ? end - node->span.start : 0;

    heng_status status = HENG_OK;
    if (count > 0 && node->kind == HENG_YAML_LIST) {
        node->as.items = heng_arena_calloc(builder->arena, count, sizeof *children);
        if (node->as.items == NULL)
            return HENG_ERR_NOMEM;
        memcpy(node->as.items, children, count * sizeof *children);
        node->count = (uint32_t)count; /* <= HENG_LIMIT_YAML_NODES */
    } else if (count > 0) {
        node->as.pairs =
            heng_arena_calloc(builder->arena, count / 2, sizeof *node->as.pairs);
        if (node->as.pairs == NULL)
            return HENG_ERR_NOMEM;
        fill_pairs(builder, node, children, count);
        status = check_keys(builder, node);
    }
    builder->stack_count = frame.first;
    heng_status placed = place(builder, node);
    return placed != HENG_OK ? placed : status;
}

/* ---- the loop ---- */

static heng_status on_parser_error(struct builder *builder,
                                   const yaml_parser_t *parser) {
    if (parser->error == YAML_MEMORY_ERROR)
        return HENG_ERR_NOMEM;
    size_t at = byte_of(builder, parser->problem_mark.index);
    const char *problem = parser->problem == NULL ? "malformed" : parser->problem;
    const char *help = NULL;
    if (at < builder->text.len && builder->text.ptr[at] == '\t')
        help = "indent with spaces: YAML takes no tabs there";
    else if (strstr(problem, "mapping values are not allowed") != NULL)
        help = "put a text that has `: ` in it between quotes, and check indentation";
    else if (at < builder->text.len && strchr("@`%", builder->text.ptr[at]) != NULL)
        help = "put a text that begins with this character between quotes";
    else
        help = "check indentation, quotes and brackets here and on the line before";

    if (parser->context != NULL) {
        heng_diags_error(builder->diags, HENG_RULESET_E_YAML,
                         span_of(builder, at, at + 1), "not well-formed YAML: %s (%s)",
                         problem, parser->context);
        size_t context = byte_of(builder, parser->context_mark.index);
        if (context != at)
            heng_diags_also(builder->diags, span_of(builder, context, context + 1),
                            "which began here");
    } else {
        heng_diags_error(builder->diags, HENG_RULESET_E_YAML,
                         span_of(builder, at, at + 1), "not well-formed YAML: %s",
                         problem);
    }
    heng_diags_help(builder->diags, "%s", help);
    return HENG_ERR_INVALID;
}

static heng_status on_document(struct builder *builder, const yaml_event_t *event,
                               size_t count) {
    size_t at = byte_of(builder, event->start_mark.index);
    if (count > 1) {
        heng_diags_error(builder->diags, HENG_RULESET_E_DOCUMENTS,
                         span_of(builder, at, at + 3),
                         "found a second YAML document, expected one a file; put it "
                         "into a file of its own");
        return HENG_ERR_INVALID;
    }
    if (event->data.document_start.tag_directives.start !=
        event->data.document_start.tag_directives.end) {
        heng_diags_error(builder->diags, HENG_RULESET_E_TAG,
                         span_of(builder, at, at + 4),
                         "found a `%%TAG` directive, expected none; remove it");
        return HENG_ERR_INVALID;
    }
    return HENG_OK;
}

/* A key that stands twice or a stray tag does not end it: what else is wrong is to be
 * said in the same run. */
static heng_status run(struct builder *builder, yaml_parser_t *parser) {
    size_t documents = 0;
    for (;;) {
        yaml_event_t event;
        heng_status status = HENG_OK;
        if (!yaml_parser_parse(parser, &event))
            return on_parser_error(builder, parser);
        yaml_event_type_t type = event.type;
        switch (type) {
        case YAML_DOCUMENT_START_EVENT:
            status = on_document(builder, &event, ++documents);
            break;
        case YAML_SCALAR_EVENT:
            status = on_scalar(builder, &event);
            break;
        case YAML_ALIAS_EVENT:
            status = on_alias(builder, &event);
            break;
        case YAML_SEQUENCE_START_EVENT:
        case YAML_MAPPING_START_EVENT:
            status = on_start(builder, &event);
            break;
        case YAML_SEQUENCE_END_EVENT:
        case YAML_MAPPING_END_EVENT:
            status = on_end(builder, &event);
            break;
        case YAML_NO_EVENT:
        case YAML_STREAM_START_EVENT:
        case YAML_STREAM_END_EVENT:
        case YAML_DOCUMENT_END_EVENT:
        default:
            break;
        }
        yaml_event_delete(&event);
        if (status != HENG_OK || type == YAML_STREAM_END_EVENT)
            return status;
    }
}

heng_status heng_yaml_parse(const heng_source *source, const heng_source *shown,
                            heng_arena *arena, heng_diags *diags, size_t *budget,
                            heng_yaml_node **ret_root) {
    heng_status status = HENG_ERR_NOMEM;
    yaml_parser_t parser;
    struct builder builder = {.source = source,
                              .shown = shown,
                              .arena = arena,
                              .diags = diags,
                              .budget = budget,
                              .text = heng_source_text(source)};
    size_t mark = sizeof BYTE_ORDER_MARK - 1;
    if (builder.text.len >= mark &&
        memcmp(builder.text.ptr, BYTE_ORDER_MARK, mark) == 0)
        builder.byte_at = mark; /* character 0 for libyaml */
    if (!heng_yaml_text_check(shown, builder.byte_at, diags))
        return HENG_ERR_INVALID;

    if (!yaml_parser_initialize(&parser))
        return HENG_ERR_NOMEM;
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(
        &parser, (const unsigned char *)builder.text.ptr + builder.byte_at,
        builder.text.len - builder.byte_at);
    status = run(&builder, &parser);
    yaml_parser_delete(&parser);
    if (status == HENG_OK)
        *ret_root = builder.root;
    heng_alloc_free(builder.stack);
    heng_alloc_free(builder.anchors);
    return status;
}

/* ---- asking ---- */

static bool is_one_of(const heng_yaml_node *node, const char *const *words,
                      size_t count) {
    if (node->kind != HENG_YAML_SCALAR || node->style != HENG_YAML_PLAIN)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (heng_str_equal(node->text, heng_str_of(words[i])))
            return true;
    }
    return false;
}

bool heng_yaml_is_null(const heng_yaml_node *node) {
    static const char *const WORDS[] = {"", "~", "null", "Null", "NULL"};
    return is_one_of(node, WORDS, sizeof WORDS / sizeof WORDS[0]);
}

bool heng_yaml_is_bool(const heng_yaml_node *node) {
    static const char *const WORDS[] = {"true",  "True",  "TRUE",
                                        "false", "False", "FALSE"};
    return is_one_of(node, WORDS, sizeof WORDS / sizeof WORDS[0]);
}

heng_yaml_node *heng_yaml_get(const heng_yaml_node *mapping, heng_str key) {
    for (size_t i = 0; mapping->kind == HENG_YAML_MAPPING && i < mapping->count; i++) {
        if (heng_str_equal(mapping->as.pairs[i].key->text, key))
            return mapping->as.pairs[i].value;
    }
    return NULL;
}
