#include <stdlib.h>

#include "base/mem.h"
#include "inflate.h"
#include "stream_source.h"

#if defined(__x86_64__) || defined(__aarch64__)
#define ENGINE inflate_isal
#else
#define ENGINE inflate_zlib
#endif

struct gzip {
    const struct inflate_engine *engine;
    void *z;
    bool in_member;
    struct err failure; /* told once everything before it was handed out */
};

static bool matches(const unsigned char *magic, size_t length)
{
    return length >= 3 && magic[0] == 0x1f && magic[1] == 0x8b && magic[2] == 8;
}

static void *open_gzip(void)
{
    struct gzip *g = mem_alloc(sizeof *g);
    g->engine = &ENGINE;
    g->z = g->engine->open(false);
    return g;
}

static void close_gzip(void *state)
{
    struct gzip *g = state;
    g->engine->close(g->z);
    free(g);
}

/* Behind a member stands another one, zero bytes that fill up a block, or the end. */
static bool at_member(struct source *from, bool *more, struct err *err)
{
    do {
        if (!source_fill(from, 1, err))
            return false;
        while (source_left(from) && !from->bytes[from->at])
            source_skip(from, 1);
    } while (!source_left(from) && !from->ended);
    *more = source_left(from) > 0;
    if (*more && !source_fill(from, 2, err))
        return false;
    const unsigned char *magic = from->bytes + from->at;
    if (*more && (magic[0] != 0x1f || (source_left(from) > 1 && magic[1] != 0x8b)))
        return err_set(err, "%s: at byte %llu something follows the gzip data that is not gzip",
                       from->path, (unsigned long long)from->offset);
    return true;
}

/* One step: some input into some output. False fills g->failure. */
static bool step(struct gzip *g, struct source *from, unsigned char **out, size_t *left,
                 bool *ended)
{
    bool more = true;
    if (!g->in_member && !at_member(from, &more, &g->failure))
        return false;
    *ended = !more;
    if (!more)
        return true;
    g->in_member = true;
    if (!source_fill(from, 1, &g->failure))
        return false;
    const unsigned char *in = from->bytes + from->at;
    size_t in_left = source_left(from), given = in_left, room = *left;
    enum member member = g->engine->run(g->z, &in, &in_left, out, left);
    source_skip(from, given - in_left);
    if (member == MEMBER_DAMAGED)
        return err_set(&g->failure, "%s: damaged gzip data at byte %llu", from->path,
                       (unsigned long long)from->offset);
    if (member == MEMBER_GOES_ON && *left == room && !given)
        return err_set(&g->failure, "%s: the gzip data is cut off at byte %llu", from->path,
                       (unsigned long long)from->offset);
    if (member == MEMBER_ENDED) {
        g->in_member = false;
        g->engine->reset(g->z);
    }
    return true;
}

static bool read_gzip(void *state, struct source *from, void *into, size_t size, size_t *got,
                      struct err *err)
{
    struct gzip *g = state;
    unsigned char *out = into;
    size_t left = size;
    bool ended = false;
    while (left && !ended && g->failure.code == ERR_NONE)
        step(g, from, &out, &left, &ended);
    *got = size - left;
    if (*got || g->failure.code == ERR_NONE)
        return true;
    if (err)
        *err = g->failure;
    return false;
}

const struct codec codec_gzip = {"gzip", 3, matches, open_gzip, read_gzip, close_gzip};
