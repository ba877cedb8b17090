#ifndef IO_REMOTE_READ_H
#define IO_REMOTE_READ_H

#include "io/files.h"
#include "io/remote.h"

/* An S3 name without a key, or one that ends with a slash, is a folder. */
bool remote_is_folder(const char *name);
bool remote_exists(const char *name); /* asks its server */

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
