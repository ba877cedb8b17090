#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "io/json_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(struct json_walk *w, int depth)
{
    struct json_span key;
    struct buf text = BUF_INIT;
    double number;
    if (depth > 50) {
        json_skip(w);
    } else if (json_enter(w, '{')) {
        while (json_key(w, &key)) {
            json_span_text(&text, key);
            walk(w, depth + 1);
        }
    } else if (json_enter(w, '[')) {
        while (json_item(w))
            walk(w, depth + 1);
    } else {
        json_number(w, &number);
    }
    buf_release(&text);
}

/* Walks everything, and skips everything with each kernel: they must agree. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct json_walk w = json_walk_over(text, size);
    walk(&w, 0);
    const char *want = json_skip_nested(text, text + size, JSON_PORTABLE);
    for (int k = JSON_PORTABLE; k <= JSON_AVX2; k++)
        if (json_kernel_runs((enum json_kernel)k) &&
            json_skip_nested(text, text + size, (enum json_kernel)k) != want)
            abort();
    return 0;
}
