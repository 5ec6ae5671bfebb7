/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_yaml.c: any bytes as a file of a ruleset. Beside surviving, every character of
 * every scalar must be found where it was written.
 */
#include "support/fuzz.h"

#include <stdlib.h>

#include "base/limits.h"
#include "heng/ruleset.h"
#include "ruleset/embed.h"

static void require(bool holds) {
    if (!holds)
        abort();
}

static void check_scalar(const heng_yaml_node *scalar, heng_arena *arena) {
    heng_str text = heng_source_text(scalar->span.source);
    heng_embed embed = {NULL, 0};
    require(heng_embed_map(scalar, arena, &embed));
    size_t before = scalar->span.start;
    for (size_t i = 0; i < scalar->text.len; i++) {
        size_t place = embed.offsets == NULL ? embed.base + i : embed.offsets[i];
        char c = scalar->text.ptr[i];
        require(place >= before && place < scalar->span.start + scalar->span.len + 1);
        before = place;
        if (c > ' ' && c < 0x7F)
            require(text.ptr[place] == c || text.ptr[place] == '\\');
    }
}

static void check_tree(const heng_yaml_node *node, heng_arena *arena) {
    heng_str text = heng_source_text(node->span.source);
    require(node->span.start + node->span.len <= text.len);
    if (node->kind == HENG_YAML_SCALAR)
        check_scalar(node, arena);
    for (size_t i = 0; node->kind == HENG_YAML_LIST && i < node->count; i++)
        check_tree(node->as.items[i], arena);
    for (size_t i = 0; node->kind == HENG_YAML_MAPPING && i < node->count; i++) {
        check_tree(node->as.pairs[i].key, arena);
        check_tree(node->as.pairs[i].value, arena);
    }
}

static void parse(const char *bytes, size_t len, heng_diags *diags, heng_arena *arena) {
    heng_source *source = NULL;
    heng_yaml_node *root = NULL;
    size_t budget = HENG_LIMIT_YAML_NODES;
    if (heng_source_new("a.yaml", bytes, len, &source, NULL) != HENG_OK)
        return;
    heng_status status = heng_yaml_parse(source, source, arena, diags, &budget, &root);
    if (status == HENG_OK && root != NULL)
        check_tree(root, arena);
    require(status == HENG_OK || heng_diags_error_count(diags) > 0);
    heng_source_free(source);
}

static void count_bytes(void *context, const char *text, size_t len) {
    size_t *sum = context;
    for (size_t i = 0; i < len; i++)
        *sum += text[i] != '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    heng_ruleset_file file = {"a.yaml", {(const char *)bytes, len}};
    heng_diags *diags = heng_diags_new();
    heng_diags *loaded = heng_diags_new();
    heng_arena *arena = heng_arena_new((size_t)1 << 30);
    heng_ruleset *ruleset = NULL;
    heng_error error = {0};
    size_t printed = 0;
    require(diags != NULL && loaded != NULL && arena != NULL);
    parse((const char *)bytes, len, diags, arena);

    heng_status status = heng_ruleset_load_files(&file, 1, loaded, &ruleset, &error);
    require(status == HENG_OK || status == HENG_ERR_RULESET);
    require((heng_diags_error_count(loaded) == 0) == (status == HENG_OK));
    for (size_t i = 0; i < heng_diags_count(loaded); i++)
        heng_diag_render(heng_diags_get(loaded, i), true, count_bytes, &printed);
    heng_ruleset_free(ruleset);
    heng_arena_free(arena);
    heng_diags_free(loaded);
    heng_diags_free(diags);
    return 0;
}
