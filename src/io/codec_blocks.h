#ifndef IO_CODEC_BLOCKS_H
#define IO_CODEC_BLOCKS_H

#include "stream_source.h"

/* What the formats of whole blocks (lz4, snappy, lzf) share: one decoded block. */
struct blocks {
    unsigned char *bytes;
    size_t at, end, room;
};

/* Decodes the next block into b, which may stay empty; *more is false at the end. */
typedef bool next_block(struct blocks *b, struct source *from, bool *more, struct err *err);

void *blocks_open(void);
void blocks_close(void *state);
unsigned char *blocks_room(struct blocks *b, size_t size); /* the block will be that long */
bool blocks_read(struct blocks *b, next_block *next, struct source *from, void *into,
                 size_t size, size_t *got, struct err *err);

#endif
