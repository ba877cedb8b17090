#ifndef REPORT_MESSAGE_H
#define REPORT_MESSAGE_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Text for a terminal or a log, into which names and values of inputs were put:
 * control characters, C1, bidirectional overrides and bytes that are not UTF-8
 * become visible and harmless.
 */
void terminal_escape(struct buf *out, const char *bytes, size_t length);

#endif
