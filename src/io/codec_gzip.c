#include <stdlib.h>

#include <zlib.h>

#include "base/mem.h"
#include "stream_source.h"

struct gzip_state {
    z_stream z;
    bool in_member;
};

static bool matches(const unsigned char *magic, size_t length)
{
    return length >= 3 && magic[0] == 0x1f && magic[1] == 0x8b && magic[2] == 8;
}

static void *open_gzip(void)
{
    struct gzip_state *g = mem_alloc(sizeof *g);
    inflateInit2(&g->z, 15 + 16);
    return g;
}

static void close_gzip(void *state)
{
    struct gzip_state *g = state;
    inflateEnd(&g->z);
    free(g);
}

static bool read_gzip(void *state, struct source *from, void *into, size_t size, size_t *got,
                      struct err *err)
{
    struct gzip_state *g = state;
    g->z.next_out = into;
    g->z.avail_out = (unsigned)size;
    while (g->z.avail_out) {
        if (!source_fill(from, 1, err))
            return false;
        if (!source_left(from)) {
            if (g->in_member && g->z.avail_out == size)
                return source_cut(from, "gzip", err);
            break;
        }
        g->in_member = true;
        g->z.next_in = from->bytes + from->at;
        g->z.avail_in = (unsigned)source_left(from);
        int status = inflate(&g->z, Z_NO_FLUSH);
        source_skip(from, source_left(from) - g->z.avail_in);
        if (status == Z_STREAM_END) {
            g->in_member = false;
            inflateReset(&g->z);
        } else if (status != Z_OK && status != Z_BUF_ERROR) {
            return source_damaged(from, "gzip", err);
        }
    }
    *got = size - g->z.avail_out;
    return true;
}

const struct codec codec_gzip = {"gzip", 3, matches, open_gzip, read_gzip, close_gzip};
