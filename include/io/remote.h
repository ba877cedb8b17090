#ifndef IO_REMOTE_H
#define IO_REMOTE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Names of inputs on another machine: https://host/path, and s3://bucket/key, signed
 * with the keys that the AWS command line would use. io/stream.h and io/files.h read and
 * list them as if they were here.
 */
bool remote_is(const char *name);
/*
 * How much of a name may stand in messages and reports: all of it, or what comes before a
 * query or a password, which may be secret.
 */
size_t remote_showable(const char *name);

#endif
