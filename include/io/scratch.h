#ifndef IO_SCRATCH_H
#define IO_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * A nameless file in $TMPDIR (or /var/tmp) for what does not fit into memory: it
 * is gone when the process ends, however it ends.
 */
struct scratch {
    int fd; /* -1: not open */
    uint64_t size;
};

bool scratch_open(struct scratch *out, struct err *err);
void scratch_close(struct scratch *scratch);
bool scratch_append(struct scratch *scratch, const void *bytes, size_t length, struct err *err);
/* Exactly `length` bytes from `offset`. */
bool scratch_read(const struct scratch *scratch, uint64_t offset, void *into, size_t length,
                  struct err *err);

#endif
