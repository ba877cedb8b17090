#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ingest/s3_access_log.h"
#include "ingest/s3_key.h"
#include "ingest/s3_reads.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Lines of a server access log, their keys decoded and summed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct s3_reads *reads = s3_reads_open();
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end ? (size_t)(end - text) - at : size - at;
        struct s3_log_line line;
        char key[4096];
        if (s3_log_line_read(&line, text + at, length) && line.key.length < sizeof key) {
            size_t n = s3_key_decode(key, line.key.at, line.key.length);
            s3_reads_put(reads, line.bucket.at, line.bucket.length, key, n, line.at);
            s3_reads_get(reads, line.bucket.at, line.bucket.length, key, n, line.at,
                         line.bytes_sent);
        }
        at += length + 1;
    }
    struct estate *estate = estate_open();
    s3_reads_publish(reads, estate, "fuzz");
    estate_free(estate);
    s3_reads_free(reads);
    return 0;
}
