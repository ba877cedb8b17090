#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "ingest/terraform.h"
#include "io/doc.h"
#include "pricing/book.h"
#include "pricing/cost.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A plan or state: read, compared, priced; the count of resources must add up. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct book *book;
    struct err err = ERR_INIT;
    struct change change;
    struct estate_diff diff;
    struct estate_cost cost;
    struct arena arena = ARENA_INIT;
    const struct node *document;
    if (!book && !book_open(&book, NULL, &err))
        abort();
    change_init(&change);
    if (doc_parse_json(&document, &change.after->arena, "fuzz", (const char *)data, size,
                       &err) &&
        (terraform_plan_read(&change, document, "fuzz", "us-east-1", &err) ||
         terraform_state_read(change.after, document, "fuzz", "us-east-1", &err))) {
        size_t sum = 0;
        estate_diff(&diff, &change);
        if (!estate_cost(&cost, &arena, book, change.after, &err))
            abort();
        for (int i = 0; i < COST_STATUSES; i++)
            sum += cost.by_status[i];
        if (sum != change.after->resources.count)
            abort();
        estate_diff_release(&diff);
    }
    arena_release(&arena);
    change_release(&change);
    return 0;
}
