#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "ingest/cluster_spec.h"
#include "io/doc.h"
#include "pricing/book.h"
#include "pricing/cost.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A cluster or job as the API writes it: read and priced. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct book *book;
    struct err err = ERR_INIT;
    struct estate *estate = estate_open();
    struct estate_cost cost;
    struct arena arena = ARENA_INIT;
    const struct node *document;
    if (!book && !book_open(&book, NULL, &err))
        abort();
    if (doc_parse_json(&document, &estate->arena, "fuzz", (const char *)data, size, &err) &&
        cluster_spec_read(estate, document, "fuzz", "us-west-2", &err) &&
        !estate_cost(&cost, &arena, book, estate, &err))
        abort();
    arena_release(&arena);
    estate_free(estate);
    return 0;
}
