#ifndef IO_STREAM_SOURCE_H
#define IO_STREAM_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The raw bytes below a codec: a buffered file descriptor. */
struct source {
    const char *path;
    int fd;
    uint64_t offset; /* of bytes[at] in the file */
    unsigned char *bytes;
    size_t at, end, room;
    bool ended;
};

/* Makes at least `wanted` bytes available unless the file ends; moves, never drops. */
bool source_fill(struct source *s, size_t wanted, struct err *err);
void source_skip(struct source *s, size_t n);

static inline size_t source_left(const struct source *s)
{
    return s->end - s->at;
}

/* One compression. `state` belongs to the codec. */
struct codec {
    const char *name;
    size_t magic_length;
    bool (*matches)(const unsigned char *magic, size_t length);
    void *(*open)(void);
    /* Like stream_read(); *got of 0 is the end. */
    bool (*read)(void *state, struct source *from, void *into, size_t size, size_t *got,
                 struct err *err);
    void (*close)(void *state);
};

extern const struct codec codec_gzip;

extern const struct codec *const codecs[]; /* ends with NULL */

#endif
