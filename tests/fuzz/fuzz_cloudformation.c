#include <stddef.h>
#include <stdint.h>

#include "ingest/cfn.h"
#include "io/doc.h"
#include "price.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A template or change set in YAML (of which JSON is a part): read and priced. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = ERR_INIT;
    struct change change;
    const struct node *document;
    change_init(&change);
    if (doc_parse_yaml(&document, &change.after->arena, "fuzz", (const char *)data, size,
                       &err)) {
        cfn_template_read(change.after, document, "fuzz", "eu-west-1", &err);
        cfn_change_set_read(&change, document, "fuzz", NULL, &err);
        price(change.after);
    }
    change_release(&change);
    return 0;
}
