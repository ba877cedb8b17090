#ifndef IO_STREAM_SOURCE_H
#define IO_STREAM_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct remote;

/* The raw bytes below a codec: a buffered file descriptor. */
struct source {
    const char *path;
    int fd;
    off_t place; /* of fd, of what is read next; -1: fd keeps it */
    struct remote *remote; /* the transfer behind fd; NULL: a file */
    uint64_t offset; /* of bytes[at] in the file */
    unsigned char *bytes;
    size_t at, end, room;
    bool ended;
    bool cut; /* the file ended inside something compressed */
};

/* Makes at least `wanted` bytes available unless the file ends; moves, never drops. */
bool source_fill(struct source *s, size_t wanted, struct err *err);
void source_skip(struct source *s, size_t n);
/* Marks the source as cut and says so; false. What was decoded is handed out before. */
bool source_cut(struct source *s, const char *codec, struct err *err);
bool source_damaged(const struct source *s, const char *codec, struct err *err);

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
    /*
     * Like stream_read(); *got of 0 is the end. Bytes decoded before a cut or a
     * damaged place are handed out first; the call after that fails.
     */
    bool (*read)(void *state, struct source *from, void *into, size_t size, size_t *got,
                 struct err *err);
    void (*close)(void *state);
};

extern const struct codec codec_gzip, codec_zip, codec_zstd, codec_lz4, codec_snappy, codec_lzf;

extern const struct codec *const codecs[]; /* ends with NULL */

#endif
