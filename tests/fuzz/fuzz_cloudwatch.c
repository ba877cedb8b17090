#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ingest/cloudwatch.h"
#include "io/doc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Each reader over the same bytes as a file. */
static void read_files(const uint8_t *bytes, size_t size)
{
    bool (*const readers[])(struct estate *, const char *, const struct ingest_options *,
                            struct err *) = {cloudwatch_read, cloudwatch_read_statistics,
                                             cloudwatch_read_stream, cloudwatch_read_table};
    char path[64];
    int fd = memfd_create("metrics", 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    bool written = fd >= 0 && write(fd, bytes, size) == (ssize_t)size;
    for (size_t i = 0; written && i < sizeof readers / sizeof *readers; i++) {
        struct estate *estate = estate_open();
        readers[i](estate, path, NULL, NULL);
        estate_free(estate);
    }
    close(fd);
}

/* Hostile answers: their labels, their queries, and files of every form. */
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
    read_files(bytes, size);
    if (doc_parse_json(&document, &arena, "fuzz", text, size, NULL))
        metric_queries_add(&queries, symbols, document);
    metric_queries_release(&queries);
    intern_free(symbols);
    arena_release(&arena);
    free(text);
    return 0;
}
