#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include <stddef.h>

#include "base/buf.h"

/*
 * The one place where Markdown is escaped: no link, image, HTML, mention, table
 * cell end or line break can come out of a resource's name.
 */
void markdown_escape(struct buf *out, const char *bytes, size_t length);
/* Backticks enough to fence a code block with that text. */
size_t markdown_fence(const char *text);

#endif
