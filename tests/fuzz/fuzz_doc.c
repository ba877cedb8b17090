#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/json_text.h"
#include "io/doc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Both readers; what JSON accepts must write as JSON that reads as an equal document. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct node *root, *again;
    doc_parse_yaml(&root, &arena, "fuzz", (const char *)data, size, &err);
    if (doc_parse_json(&root, &arena, "fuzz", (const char *)data, size, &err)) {
        struct buf text = BUF_INIT;
        json_write(&text, root, false);
        if (!doc_parse_json(&again, &arena, "fuzz", buf_text(&text), text.length, &err) ||
            !node_equal(root, again))
            abort();
        buf_release(&text);
    }
    arena_release(&arena);
    return 0;
}
