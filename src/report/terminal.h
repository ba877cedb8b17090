#ifndef REPORT_TERMINAL_H
#define REPORT_TERMINAL_H

#include "report/message.h"
#include "report/report.h"

/* The one place where text for a terminal is escaped, measured and broken. */

enum style { STYLE_NONE, STYLE_BOLD, STYLE_DIM };

size_t terminal_width(const char *text); /* columns, code points counted one each */
void terminal_style(struct buf *out, const struct render_options *options, enum style style);
/* Escapes and breaks at spaces; lines after the first begin with `indent`. */
void terminal_paragraph(struct buf *out, const char *text, size_t width, const char *indent);
/* The next line of at most `width` columns, allocated; *rest moves behind it. */
char *terminal_take_line(const char **rest, size_t width);

#endif
