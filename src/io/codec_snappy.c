#include <string.h>

#include <snappy-c.h>

#include "codec_blocks.h"

/*
 * The stream of xerial's snappy-java (SnappyOutputStream), which is not Snappy's
 * own framing: a header of 16 bytes, then big-endian lengths each before one raw
 * Snappy block. A second header may stand where a length would.
 */
enum { HEADER_LENGTH = 16, BLOCK_LIMIT = 64 * 1024 * 1024 };

static bool matches(const unsigned char *magic, size_t length)
{
    return length >= 8 && !memcmp(magic, "\x82SNAPPY\0", 8);
}

static uint32_t word_at(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static bool decode(struct blocks *b, const char *data, size_t length)
{
    size_t original;
    if (snappy_uncompressed_length(data, length, &original) != SNAPPY_OK ||
        original > BLOCK_LIMIT)
        return false;
    if (!original)
        return true;
    char *into = (char *)blocks_room(b, original);
    return snappy_uncompress(data, length, into, &original) == SNAPPY_OK;
}

static bool next(struct blocks *b, struct source *from, bool *more, struct err *err)
{
    if (!source_fill(from, HEADER_LENGTH, err))
        return false;
    size_t left = source_left(from);
    *more = left > 0;
    if (!*more)
        return true;
    if (left < 4)
        return source_cut(from, "snappy", err);
    if (matches(from->bytes + from->at, left)) {
        if (left < HEADER_LENGTH)
            return source_cut(from, "snappy", err);
        source_skip(from, HEADER_LENGTH);
        return true;
    }
    size_t length = word_at(from->bytes + from->at);
    if (length > BLOCK_LIMIT)
        return source_damaged(from, "snappy", err);
    if (!source_fill(from, 4 + length, err))
        return false;
    if (source_left(from) < 4 + length)
        return source_cut(from, "snappy", err);
    if (!decode(b, (const char *)from->bytes + from->at + 4, length))
        return source_damaged(from, "snappy", err);
    source_skip(from, 4 + length);
    return true;
}

static bool read_snappy(void *state, struct source *from, void *into, size_t size, size_t *got,
                        struct err *err)
{
    return blocks_read(state, next, from, into, size, got, err);
}

const struct codec codec_snappy = {"snappy",    8,           matches,
                                   blocks_open, read_snappy, blocks_close};
