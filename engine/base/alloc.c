/* SPDX-License-Identifier: Apache-2.0 */
/* alloc.c: malloc with a switch that makes it fail. */
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"

/*
 * The one piece of hidden state in the library. A test has to reach every allocation
 * below a call without handing an allocator through all signatures; and it must not
 * make the allocations of other threads fail, hence one counter a thread.
 */
static _Thread_local uint64_t allocation_count;
static _Thread_local uint64_t first_to_fail = UINT64_MAX;

static bool may_go_on(void) {
    allocation_count++;
    return allocation_count < first_to_fail;
}

void *heng_alloc(size_t size) {
    if (!may_go_on())
        return NULL;
    return malloc(size == 0 ? 1 : size);
}

void *heng_alloc_zero(size_t count, size_t size) {
    size_t bytes; /* calloc checks too, but ASan ends the program there */
    if (!may_go_on() || !heng_number_multiply_size(count, size, &bytes))
        return NULL;
    return calloc(1, bytes == 0 ? 1 : bytes);
}

void *heng_alloc_resize(void *block, size_t count, size_t size) {
    size_t bytes;
    if (!may_go_on() || !heng_number_multiply_size(count, size, &bytes))
        return NULL;
    return realloc(block, bytes == 0 ? 1 : bytes);
}

char *heng_alloc_dup(const char *bytes, size_t len) {
    if (len == SIZE_MAX)
        return NULL;
    char *copy = heng_alloc(len + 1);
    if (copy == NULL)
        return NULL;
    if (len > 0) {
        memcpy(copy, bytes, len);
    }
    copy[len] = '\0';
    return copy;
}

void heng_alloc_free(void *block) {
    free(block);
}

void heng_alloc_fail_after(uint64_t n) {
    first_to_fail = n == 0 ? UINT64_MAX : allocation_count + n;
}

uint64_t heng_alloc_count(void) {
    return allocation_count;
}
