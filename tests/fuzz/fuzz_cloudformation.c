#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "ingest/cfn.h"
#include "io/doc.h"
#include "pricing/book.h"
#include "pricing/cost.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A template or change set in YAML (of which JSON is a part): read and priced. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct book *book;
    struct err err = ERR_INIT;
    struct change change;
    struct estate_cost cost;
    struct arena arena = ARENA_INIT;
    const struct node *document;
    if (!book && !book_open(&book, NULL, &err))
        abort();
    change_init(&change);
    if (doc_parse_yaml(&document, &change.after->arena, "fuzz", (const char *)data, size,
                       &err)) {
        cfn_template_read(change.after, document, "fuzz", "eu-west-1", &err);
        cfn_change_set_read(&change, document, "fuzz", NULL, &err);
        if (!estate_cost(&cost, &arena, book, change.after, &err))
            abort();
    }
    arena_release(&arena);
    change_release(&change);
    return 0;
}
