#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/cloudwatch.h"
#include "io/doc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* The label and the queries of hostile answers; the files themselves are fuzzed with io. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena arena = ARENA_INIT;
    struct intern *symbols = intern_open();
    struct metric_queries queries = {0};
    struct series_name name;
    char *text = malloc(size + 1);
    memcpy(text, bytes, size);
    text[size] = '\0';
    cloudwatch_label(&name, symbols, text);
    const struct node *document;
    if (doc_parse_json(&document, &arena, "fuzz", text, size, NULL))
        metric_queries_add(&queries, symbols, document);
    metric_queries_release(&queries);
    intern_free(symbols);
    arena_release(&arena);
    free(text);
    return 0;
}
