#include <stdint.h>
#include <stdlib.h>

#include <zlib.h>

#include "base/mem.h"
#include "inflate.h"

static void *open_zlib(int bare)
{
    z_stream *z = mem_alloc(sizeof *z);
    inflateInit2(z, bare ? -15 : 15 + 16);
    return z;
}

static void reset_zlib(void *state)
{
    inflateReset(state);
}

static enum member run_zlib(void *state, const unsigned char **in, size_t *in_left,
                            unsigned char **out, size_t *out_left)
{
    z_stream *z = state;
    z->next_in = (unsigned char *)(uintptr_t)*in;
    z->avail_in = (unsigned)*in_left;
    z->next_out = *out;
    z->avail_out = (unsigned)*out_left;
    int status = inflate(z, Z_NO_FLUSH);
    *in = z->next_in;
    *in_left = z->avail_in;
    *out = z->next_out;
    *out_left = z->avail_out;
    if (status != Z_OK && status != Z_BUF_ERROR && status != Z_STREAM_END)
        return MEMBER_DAMAGED;
    return status == Z_STREAM_END ? MEMBER_ENDED : MEMBER_GOES_ON;
}

static void close_zlib(void *state)
{
    inflateEnd(state);
    free(state);
}

const struct inflate_engine inflate_zlib = {"zlib", open_zlib, reset_zlib, run_zlib, close_zlib};
