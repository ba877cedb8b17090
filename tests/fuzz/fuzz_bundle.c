#include <stddef.h>
#include <stdint.h>

#include "ingest/bundle.h"
#include "io/doc.h"
#include "price.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A Databricks bundle without includes: read and priced. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = ERR_INIT;
    struct estate *estate = estate_open();
    const struct node *document;
    if (doc_parse_yaml(&document, &estate->arena, "fuzz", (const char *)data, size, &err) &&
        !node_get(document, "include") &&
        bundle_read(estate, document, "fuzz", "us-west-2", &err))
        price(estate);
    estate_free(estate);
    return 0;
}
