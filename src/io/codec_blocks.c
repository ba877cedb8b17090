#include "codec_blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void *blocks_open(void)
{
    return mem_alloc(sizeof(struct blocks));
}

void blocks_close(void *state)
{
    struct blocks *b = state;
    free(b->bytes);
    free(b);
}

unsigned char *blocks_room(struct blocks *b, size_t size)
{
    if (size > b->room)
        b->bytes = mem_resize(b->bytes, b->room = size);
    b->at = 0;
    b->end = size;
    return b->bytes;
}

bool blocks_read(struct blocks *b, next_block *next, struct source *from, void *into,
                 size_t size, size_t *got, struct err *err)
{
    bool more = true;
    while (b->at == b->end && more) {
        b->at = b->end = 0;
        if (!next(b, from, &more, err)) {
            b->at = b->end = 0;
            return false;
        }
    }
    *got = b->end - b->at < size ? b->end - b->at : size;
    if (*got)
        memcpy(into, b->bytes + b->at, *got);
    b->at += *got;
    return true;
}
