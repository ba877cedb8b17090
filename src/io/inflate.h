#ifndef IO_INFLATE_H
#define IO_INFLATE_H

#include <stddef.h>

enum member { MEMBER_GOES_ON, MEMBER_ENDED, MEMBER_DAMAGED };

/*
 * An engine that undoes deflate: gzip members (their checksum is checked) or the
 * bare data of a zip entry. run() turns input into output until one of them is
 * used up or the member ends; reset() begins the next member.
 */
struct inflate_engine {
    const char *name;
    void *(*open)(int bare);
    void (*reset)(void *state);
    enum member (*run)(void *state, const unsigned char **in, size_t *in_left,
                       unsigned char **out, size_t *out_left);
    void (*close)(void *state);
};

extern const struct inflate_engine inflate_zlib;
extern const struct inflate_engine inflate_isal; /* about twice as fast; x86 and ARM */

#endif
