#ifndef IO_STREAM_H
#define IO_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Bytes from a file, from "-" (standard input) or from another machine (see
 * io/remote.h), decompressed on the way. The compression is told by the content's
 * magic bytes, never by the name: gzip (all members), zip (first entry that is a
 * file), zstd, lz4 as Spark writes it, snappy as Spark writes it, lzf; anything
 * else is handed out as it is. Standard input begins anew each time it is opened.
 */
struct stream;

bool stream_open(struct stream **out, const char *path, struct err *err);
/* For a look at what is opened again to be read: refuses a pipe, which would have lost that. */
bool stream_look(struct stream **out, const char *path, struct err *err);
void stream_close(struct stream *s); /* NULL is fine */

/*
 * Fills up to `size` bytes; *got is 0 at the end only. False on a damaged or
 * truncated input: the message names the file and the offset in it. What was
 * handed out before stays valid.
 */
bool stream_read(struct stream *s, void *into, size_t size, size_t *got, struct err *err);

/*
 * After a stream_read() that failed: the file ends inside its compressed data,
 * as that of a writer that still runs or crashed. All that decodes was handed out.
 */
bool stream_was_cut(const struct stream *s);

uint64_t stream_offset(const struct stream *s); /* bytes of the file used so far */
const char *stream_codec(const struct stream *s); /* "gzip", "zstd", ..., "plain" */

/*
 * The whole content, NUL-terminated, freed by the caller with free(). Fails for
 * more than `limit` bytes of content (a bomb or the wrong file).
 */
bool stream_read_all(char **out, size_t *length, const char *path, size_t limit,
                     struct err *err);

#endif
