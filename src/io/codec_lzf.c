#include <string.h>

#include "codec_blocks.h"

/*
 * The chunks of ning's compress-lzf: "ZV", a type (0 raw, 1 compressed), the
 * big-endian length of the data, for type 1 the original length, the data.
 */
enum { RAW_HEADER = 5, LZF_HEADER = 7 };

static bool matches(const unsigned char *magic, size_t length)
{
    return length >= 3 && magic[0] == 'Z' && magic[1] == 'V' && magic[2] <= 1;
}

static size_t half_at(const unsigned char *p)
{
    return (size_t)p[0] << 8 | p[1];
}

/* LibLZF's code: runs of up to 32 literals, or a copy of 3 to 264 bytes from up to 8 KiB back.
 */
static bool decode(unsigned char *into, size_t size, const unsigned char *in, size_t length)
{
    const unsigned char *end = in + length;
    size_t out = 0;
    while (in < end) {
        size_t control = *in++;
        if (control < 32) {
            size_t run = control + 1;
            if (run > (size_t)(end - in) || run > size - out)
                return false;
            memcpy(into + out, in, run);
            in += run;
            out += run;
            continue;
        }
        size_t run = control >> 5;
        if (run == 7 && in < end)
            run += *in++;
        if (in >= end)
            return false;
        size_t back = ((control & 31) << 8 | *in++) + 1;
        run += 2;
        if (back > out || run > size - out)
            return false;
        for (; run; run--, out++)
            into[out] = into[out - back];
    }
    return out == size;
}

static bool next(struct blocks *b, struct source *from, bool *more, struct err *err)
{
    if (!source_fill(from, LZF_HEADER, err))
        return false;
    size_t left = source_left(from);
    *more = left > 0;
    if (!*more)
        return true;
    const unsigned char *p = from->bytes + from->at;
    if (left >= 3 && !matches(p, left))
        return source_damaged(from, "lzf", err);
    if (left < RAW_HEADER || (p[2] && left < LZF_HEADER))
        return source_cut(from, "lzf", err);
    size_t header = p[2] ? LZF_HEADER : RAW_HEADER, length = half_at(p + 3);
    size_t original = p[2] ? half_at(p + 5) : length;
    if (!source_fill(from, header + length, err))
        return false;
    if (source_left(from) < header + length)
        return source_cut(from, "lzf", err);
    p = from->bytes + from->at;
    if (original && p[2] && !decode(blocks_room(b, original), original, p + header, length))
        return source_damaged(from, "lzf", err);
    if (original && !p[2])
        memcpy(blocks_room(b, original), p + header, length);
    source_skip(from, header + length);
    return true;
}

static bool read_lzf(void *state, struct source *from, void *into, size_t size, size_t *got,
                     struct err *err)
{
    return blocks_read(state, next, from, into, size, got, err);
}

const struct codec codec_lzf = {"lzf", 3, matches, blocks_open, read_lzf, blocks_close};
