#ifndef INGEST_SPARK_LINES_H
#define INGEST_SPARK_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "io/stream.h"

/* The lines of one file, of any length up to 1 GiB; views into one buffer. */
struct spark_lines {
    struct stream *stream;
    char *bytes;
    size_t at, end, room;
    size_t searched; /* no newline before this */
    size_t number;   /* of the line given last, from 1 */
    bool ended;
    bool last_open;    /* the line given last has no newline: nothing follows it */
    char trouble[512]; /* why the reading ended early; "" when it did not */
};

bool spark_lines_open(struct spark_lines *lines, const char *path, struct err *err);
void spark_lines_close(struct spark_lines *lines);

/* False at the end. The view is good until the next call; without its newline. */
bool spark_lines_next(struct spark_lines *lines, const char **line, size_t *length);

#endif
