#ifndef IO_FETCH_H
#define IO_FETCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* One question to another machine; what it answers goes to `take` as it comes. */
struct fetch {
    const char *name; /* https://host/path or s3://bucket/key */
    const char
        *query; /* lists the bucket of the name instead, sorted and encoded; NULL: reads */
    bool head;  /* only whether it is there */
    bool (*take)(void *context, const char *bytes, size_t length); /* false: no more */
    void *context;
};

/*
 * Fails with a sentence when the whole of it did not come: refused, not there, broken
 * off. Before the first byte a busy server is asked again, three times in all, and a
 * bucket of another region is asked there. Credentials go to S3 alone and are in no
 * message. *missing, where given, says that the name does not exist.
 */
bool fetch_run(const struct fetch *f, bool *missing, struct err *err);

#endif
