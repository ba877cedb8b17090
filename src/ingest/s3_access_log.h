#ifndef INGEST_S3_ACCESS_LOG_H
#define INGEST_S3_ACCESS_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log_text {
    const char *at;
    size_t length;
};

/* What matters of one line of an S3 server access log; texts point into the line. */
struct s3_log_line {
    struct log_text bucket, operation, key; /* the key as logged: URL-encoded */
    int64_t at;
    int status;          /* 0: none logged */
    uint64_t bytes_sent; /* 0 where the log has "-" */
};

/*
 * False where the line is not one of a server access log. The request and the
 * user agent may hold unescaped quotes; fields behind those wanted do not matter.
 */
bool s3_log_line_read(struct s3_log_line *out, const char *line, size_t length);

#endif
