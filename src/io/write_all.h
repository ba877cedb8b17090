#ifndef IO_WRITE_ALL_H
#define IO_WRITE_ALL_H

#include <stdbool.h>
#include <stddef.h>

/* All bytes, however many calls it takes; false with errno where that failed. */
bool write_all(int fd, const char *bytes, size_t length);

#endif
