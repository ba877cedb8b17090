#ifndef IO_STANDARD_INPUT_H
#define IO_STANDARD_INPUT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/*
 * Standard input as a file that is looked at first and read then, any number of times: what
 * comes through a pipe goes into a nameless scratch file, which takes its place. *from is
 * where the input begins in *fd, for pread(); -1 where only read() is possible.
 */
bool standard_input_open(int *fd, off_t *from, struct err *err);

#endif
