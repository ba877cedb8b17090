#include <stdint.h>
#include <string.h>

#include "ingest/elb_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct elb_sums *sums = elb_sums_open();
    struct elb_log_day today = {{0}, 0};
    const char *at = (const char *)bytes, *end = at + size;
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((line_end ? line_end : end) - at);
        struct elb_log_line line;
        if (!elb_log_parse(&line, &today, at, length))
            elb_sums_add(sums, &line, NULL);
        at += length + 1;
    }
    elb_sums_free(sums);
    return 0;
}
