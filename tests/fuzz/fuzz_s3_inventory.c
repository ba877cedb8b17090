#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ingest/s3_inventory.h"
#include "ingest/s3_publish.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first line is the schema, the rest a part. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, '\n', size);
    size_t length = end ? (size_t)(end - data) : size;
    char *schema_text = calloc(length + 1, 1), path[64];
    struct inventory_schema schema;
    memcpy(schema_text, data, length);
    int fd = memfd_create("part", 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    size_t rest = size - length - (end != NULL);
    if (fd >= 0 && inventory_schema_read(&schema, schema_text, NULL) &&
        write(fd, data + size - rest, rest) == (ssize_t)rest) {
        struct tally tally;
        struct inventory_part part = {.path = path};
        struct estate *estate = estate_open();
        tally_init(&tally);
        inventory_part_read(&tally, &part, &schema, 20000);
        s3_publish_tally(estate, &tally, "fuzz", 20000, "fuzz");
        tally_release(&tally);
        estate_free(estate);
    }
    close(fd);
    free(schema_text);
    return 0;
}
