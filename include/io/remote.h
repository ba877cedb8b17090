#ifndef IO_REMOTE_H
#define IO_REMOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "io/files.h"

/*
 * Inputs on another machine: https://host/path, and s3://bucket/key, signed with
 * the keys that the AWS command line would use. An S3 name without a key, or
 * that ends with a slash, is a folder.
 */
bool remote_is(const char *name);
bool remote_is_folder(const char *name);
bool remote_exists(const char *name); /* asks its server */
/*
 * How much of a name may stand in messages and reports: all of it, or what comes before a
 * query or a password, which may be secret.
 */
size_t remote_showable(const char *name);

/* As files_list(), of an S3 folder. */
bool remote_list(struct path_list *out, struct arena *arena, const char *folder, bool deep,
                 struct err *err);
/* As files_expand(), with * and ? in an S3 key. */
bool remote_expand(struct path_list *out, struct arena *arena, const char *name,
                   struct err *err);

/* A running transfer: its bytes are read from *fd, which the caller closes first. */
struct remote;

bool remote_open(struct remote **out, int *fd, const char *name, struct err *err);
/* At the end of *fd: whether all of it came. */
bool remote_finish(struct remote *r, struct err *err);
void remote_close(struct remote *r); /* NULL is fine */

#endif
