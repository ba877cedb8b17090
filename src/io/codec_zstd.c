#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "base/mem.h"
#include "stream_source.h"

/* Spark's writers may ask for a window of 128 MiB; more than that is refused. */
enum { WINDOW_LOG_MAX = 27 };

struct zstd_state {
    ZSTD_DCtx *context;
    bool in_frame;
};

static bool matches(const unsigned char *magic, size_t length)
{
    return length >= 4 && !memcmp(magic, "\x28\xb5\x2f\xfd", 4);
}

static void *open_zstd(void)
{
    struct zstd_state *z = mem_alloc(sizeof *z);
    z->context = ZSTD_createDCtx();
    if (z->context)
        ZSTD_DCtx_setParameter(z->context, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
    return z;
}

static void close_zstd(void *state)
{
    struct zstd_state *z = state;
    ZSTD_freeDCtx(z->context);
    free(z);
}

/* Frames follow each other without a gap, as a rolling or flushing writer leaves them. */
static bool read_zstd(void *state, struct source *from, void *into, size_t size, size_t *got,
                      struct err *err)
{
    struct zstd_state *z = state;
    ZSTD_outBuffer to = {into, size, 0};
    while (to.pos < to.size) {
        if (!source_fill(from, 1, err))
            return false;
        if (!source_left(from) && !z->in_frame)
            break;
        ZSTD_inBuffer in = {from->bytes + from->at, source_left(from), 0};
        size_t before = to.pos, status = ZSTD_decompressStream(z->context, &to, &in);
        source_skip(from, in.pos);
        if (ZSTD_isError(status))
            return before ? (*got = before, true) : source_damaged(from, "zstd", err);
        z->in_frame = status != 0;
        if (!in.size && to.pos == before && z->in_frame) {
            if (!to.pos)
                return source_cut(from, "zstd", err);
            break;
        }
    }
    *got = to.pos;
    return true;
}

const struct codec codec_zstd = {"zstd", 4, matches, open_zstd, read_zstd, close_zstd};
