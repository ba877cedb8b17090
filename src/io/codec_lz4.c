#include <string.h>

#include <lz4.h>

#include "codec_blocks.h"
#include "xxh32.h"

/*
 * The block stream of lz4-java (LZ4BlockOutputStream), which is not the LZ4
 * frame format: "LZ4Block", a token, three little-endian words, the data. A block
 * of no bytes ends a stream; another stream may follow.
 */
enum { HEADER_LENGTH = 21, METHOD_RAW = 0x10, METHOD_LZ4 = 0x20 };

static const uint32_t CHECK_SEED = 0x9747b28c, CHECK_MASK = 0x0fffffff;

struct header {
    unsigned method;
    size_t block_limit, compressed, original;
    uint32_t check;
};

static bool matches(const unsigned char *magic, size_t length)
{
    return length >= 8 && !memcmp(magic, "LZ4Block", 8);
}

static uint32_t word_at(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool read_header(struct header *h, const unsigned char *p)
{
    *h = (struct header){.method = p[8] & 0xf0u,
                         .block_limit = (size_t)1 << (10 + (p[8] & 0x0f)),
                         .compressed = word_at(p + 9),
                         .original = word_at(p + 13),
                         .check = word_at(p + 17)};
    if (!matches(p, 8) || h->original > h->block_limit)
        return false;
    if (h->method == METHOD_RAW)
        return h->compressed == h->original;
    return h->method == METHOD_LZ4 &&
           h->compressed <= (size_t)LZ4_COMPRESSBOUND(h->original) &&
           (h->compressed == 0) == (h->original == 0);
}

static bool decode(unsigned char *into, const unsigned char *data, const struct header *h)
{
    if (h->method == METHOD_RAW)
        memcpy(into, data, h->original);
    else if (LZ4_decompress_safe((const char *)data, (char *)into, (int)h->compressed,
                                 (int)h->original) != (int)h->original)
        return false;
    return (xxh32(into, h->original, CHECK_SEED) & CHECK_MASK) == h->check;
}

static bool next(struct blocks *b, struct source *from, bool *more, struct err *err)
{
    struct header h;
    if (!source_fill(from, HEADER_LENGTH, err))
        return false;
    *more = source_left(from) > 0;
    if (!*more)
        return true;
    if (source_left(from) < HEADER_LENGTH)
        return source_cut(from, "lz4", err);
    if (!read_header(&h, from->bytes + from->at))
        return source_damaged(from, "lz4", err);
    if (!source_fill(from, HEADER_LENGTH + h.compressed, err))
        return false;
    if (source_left(from) < HEADER_LENGTH + h.compressed)
        return source_cut(from, "lz4", err);
    if (h.original &&
        !decode(blocks_room(b, h.original), from->bytes + from->at + HEADER_LENGTH, &h))
        return source_damaged(from, "lz4", err);
    source_skip(from, HEADER_LENGTH + h.compressed);
    return true;
}

static bool read_lz4(void *state, struct source *from, void *into, size_t size, size_t *got,
                     struct err *err)
{
    return blocks_read(state, next, from, into, size, got, err);
}

const struct codec codec_lz4 = {"lz4", 8, matches, blocks_open, read_lz4, blocks_close};
