/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order.c: topological order by counting what still comes before each (Kahn). What is
 * left when nothing is free hangs on a circle; walking back from any of it finds one,
 * because each member has a predecessor that is left too.
 */
#include "ruleset/order.h"

#include <stdbool.h>

#include "base/alloc.h"
#include "heng/diag.h"

struct graph {
    size_t count;
    const heng_order_edge *edges;
    size_t edge_count;
    size_t *first; /* of the edges of each: first[i] to first[i + 1] in `targets` */
    uint32_t *targets;
    uint32_t *before; /* how many still come before each */
    bool *done;
    uint32_t *walk; /* one predecessor of each that is left; then a circle */
    uint32_t *step; /* when the walk came by, from 1 */
    uint32_t *order;
    size_t order_count;
    size_t next; /* of `order` to be looked at */
};

static bool init(struct graph *graph) {
    size_t n = graph->count == 0 ? 1 : graph->count;
    size_t m = graph->edge_count == 0 ? 1 : graph->edge_count;
    graph->first = heng_alloc_zero(n + 2, sizeof *graph->first);
    graph->targets = heng_alloc_zero(m, sizeof *graph->targets);
    graph->before = heng_alloc_zero(n, sizeof *graph->before);
    graph->done = heng_alloc_zero(n, sizeof *graph->done);
    if (graph->first == NULL || graph->targets == NULL || graph->before == NULL ||
        graph->done == NULL)
        return false;
    for (size_t i = 0; i < graph->edge_count; i++) {
        graph->first[graph->edges[i].from + 2]++;
        graph->before[graph->edges[i].to]++;
    }
    for (size_t i = 2; i < n + 2; i++)
        graph->first[i] += graph->first[i - 1];
    for (size_t i = 0; i < graph->edge_count; i++)
        graph->targets[graph->first[graph->edges[i].from + 1]++] = graph->edges[i].to;
    return true;
}

static void done(struct graph *graph) {
    heng_alloc_free(graph->first);
    heng_alloc_free(graph->targets);
    heng_alloc_free(graph->before);
    heng_alloc_free(graph->done);
    heng_alloc_free(graph->walk);
    heng_alloc_free(graph->step);
}

static void emit(struct graph *graph, uint32_t node) {
    graph->done[node] = true;
    graph->order[graph->order_count++] = node;
}

static void drain(struct graph *graph) {
    while (graph->next < graph->order_count) {
        uint32_t node = graph->order[graph->next++];
        for (size_t i = graph->first[node]; i < graph->first[node + 1]; i++) {
            uint32_t target = graph->targets[i];
            if (--graph->before[target] == 0 && !graph->done[target])
                emit(graph, target);
        }
    }
}

/* Finds a circle among what is left, tells it, and takes it out. */
static bool break_cycle(struct graph *graph,
                        void (*on_cycle)(void *, const uint32_t *, size_t),
                        void *context) {
    size_t n = graph->count;
    if (graph->walk == NULL) {
        graph->walk = heng_alloc_zero(n * 2, sizeof *graph->walk);
        graph->step = heng_alloc_zero(n, sizeof *graph->step);
        if (graph->walk == NULL || graph->step == NULL)
            return false;
    }
    uint32_t *members = graph->walk + n;
    uint32_t node = 0;
    for (size_t i = graph->edge_count; i > 0; i--) { /* the first edge wins */
        heng_order_edge edge = graph->edges[i - 1];
        if (!graph->done[edge.from] && !graph->done[edge.to])
            graph->walk[edge.to] = edge.from;
    }
    for (size_t i = 0; i < n; i++)
        graph->step[i] = 0;
    while (graph->done[node])
        node++;
    for (uint32_t step = 1; graph->step[node] == 0; step++) {
        graph->step[node] = step;
        node = graph->walk[node];
    }

    size_t count = 0;
    uint32_t smallest = node;
    uint32_t at = node;
    do { /* backwards along the edges */
        if (at < smallest)
            smallest = at;
        at = graph->walk[at];
        count++;
    } while (at != node);
    for (size_t i = 0; i < count; i++) {
        members[(count - i) % count] = smallest;
        smallest = graph->walk[smallest];
    }
    on_cycle(context, members, count);
    for (size_t i = 0; i < count; i++)
        emit(graph, members[i]);
    return true;
}

heng_status heng_order_make(size_t count, const heng_order_edge *edges,
                            size_t edge_count,
                            void (*on_cycle)(void *context, const uint32_t *members,
                                             size_t member_count),
                            void *context, uint32_t *ret_order) {
    heng_status status = HENG_ERR_NOMEM;
    struct graph graph = {
        .count = count, .edges = edges, .edge_count = edge_count, .order = ret_order};
    size_t cycles = 0;
    if (!init(&graph))
        goto out;
    for (size_t i = 0; i < count; i++) {
        if (graph.before[i] == 0)
            emit(&graph, (uint32_t)i);
    }
    drain(&graph);
    while (graph.order_count < count && cycles < HENG_DIAGS_MAX) {
        if (!break_cycle(&graph, on_cycle, context))
            goto out;
        drain(&graph);
        cycles++;
    }
    status = HENG_OK;
out:
    done(&graph);
    return status;
}
