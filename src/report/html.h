#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stddef.h>

#include "report/report.h"

extern const char html_style[]; /* the style sheet, without tags */

/* The one place where HTML and SVG text is escaped; fit for text and quoted attributes. */
void html_escape(struct buf *out, const char *bytes, size_t length);
void html_text(struct buf *out, const char *text);

/* An inline SVG picture of the chart, with a title and a legend. */
void svg_chart(struct buf *out, const struct chart *chart, size_t id);

#endif
