#include <stdint.h>
#include <stdlib.h>

#include <isa-l.h>

#include "base/mem.h"
#include "inflate.h"

struct isal {
    struct inflate_state z;
    int bare;
};

static void reset_isal(void *state)
{
    struct isal *s = state;
    isal_inflate_reset(&s->z);
    s->z.crc_flag = s->bare ? ISAL_DEFLATE : ISAL_GZIP;
}

static void *open_isal(int bare)
{
    struct isal *s = mem_alloc(sizeof *s);
    s->bare = bare;
    isal_inflate_init(&s->z);
    reset_isal(s);
    return s;
}

static enum member run_isal(void *state, const unsigned char **in, size_t *in_left,
                            unsigned char **out, size_t *out_left)
{
    struct isal *s = state;
    s->z.next_in = (unsigned char *)(uintptr_t)*in;
    s->z.avail_in = (uint32_t)*in_left;
    s->z.next_out = *out;
    s->z.avail_out = (uint32_t)*out_left;
    int status = isal_inflate(&s->z);
    *in = s->z.next_in;
    *in_left = s->z.avail_in;
    *out = s->z.next_out;
    *out_left = s->z.avail_out;
    if (status < 0 || status > ISAL_OUT_OVERFLOW)
        return MEMBER_DAMAGED;
    return s->z.block_state == ISAL_BLOCK_FINISH ? MEMBER_ENDED : MEMBER_GOES_ON;
}

const struct inflate_engine inflate_isal = {"isa-l", open_isal, reset_isal, run_isal, free};
