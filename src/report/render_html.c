#include <string.h>

#include "cells.h"
#include "html.h"

/* Of "m6i.xlarge" and its like: both sides of the dot are short. */
static bool is_one_word(const char *from, const char *dot)
{
    enum { FAMILY = 6, SIZE = 8 };
    size_t behind = strcspn(dot + 1, "/:_;=., ");
    return dot - from <= FAMILY && behind > 0 && behind <= SIZE;
}

/*
 * Names end a line behind a sign, not in the middle of a word, unless it is very long:
 * columns are as wide as what does not break.
 */
static size_t to_break(const char *text)
{
    enum { LONGEST = 28 };
    static const char signs[] = "/:_;=.";
    const char *word = text, *at = text;
    for (; *at; at++) {
        if (*at == ' ') {
            word = at + 1;
        } else if (strchr(signs, *at)) {
            if (*at == '.' && is_one_word(word, at))
                continue;
            return (size_t)(at - text) + strspn(at, signs);
        } else if (at - word >= LONGEST && (*at & 0xc0) != 0x80) {
            return (size_t)(at - text);
        }
    }
    return (size_t)(at - text);
}

static void put_breakable(struct buf *out, const char *text)
{
    while (*text) {
        size_t n = to_break(text);
        html_escape(out, text, n);
        text += n;
        buf_add(out, *text && text[-1] != ' ' ? "<wbr>" : "");
    }
}

static void put_cell(struct buf *out, const struct table *table, size_t column,
                     const struct row *row)
{
    const struct cell *cell = &row->cells[column];
    bool is_head = column == 0 && cell->kind != CELL_NONE;
    const char *class = table->columns[column].align == ALIGN_RIGHT ? " class=\"n\""
                        : cell->kind == CELL_UNKNOWN                ? " class=\"u\""
                        : table->columns[column].wraps              ? " class=\"w\""
                                                                    : " class=\"k\"";
    struct buf text = BUF_INIT;
    format_cell(&text, cell);
    buf_printf(out, is_head ? "<th scope=\"row\"%s" : "<td%s", class);
    if (is_head && row->indent)
        buf_printf(out, " style=\"padding-left:%.1frem\"", 0.6 + row->indent * 1.2);
    buf_add_char(out, '>');
    if (table->columns[column].wraps)
        put_breakable(out, buf_text(&text));
    else
        html_text(out, buf_text(&text));
    buf_add(out, is_head ? "</th>" : "</td>");
    buf_release(&text);
}

static void put_header(struct buf *out, const struct table *table)
{
    buf_add(out, "<thead><tr>");
    for (size_t c = 0; c < table->column_count; c++) {
        buf_printf(out, "<th scope=\"col\"%s>",
                   table->columns[c].align == ALIGN_RIGHT ? " class=\"n\"" : "");
        html_text(out, table->columns[c].title);
        buf_add(out, "</th>");
    }
    buf_add(out, "</tr></thead>\n<tbody>\n");
}

/* A wide table scrolls by itself, by keyboard too, so that the page never does. */
static void put_table(struct buf *out, const struct table *table, const char *heading)
{
    if (!table->rows.count) {
        buf_add(out, "<p>");
        html_text(out, *table->title ? table->title : "");
        buf_add(out, *table->title ? ": " : "");
        html_text(out, table->empty);
        buf_add(out, "</p>\n");
        return;
    }
    buf_add(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
    html_text(out, *table->title ? table->title : heading);
    buf_printf(out, " (%s)\"><table>", table->key);
    if (*table->title) {
        buf_add(out, "<caption>");
        html_text(out, table->title);
        buf_add(out, "</caption>");
    }
    put_header(out, table);
    for (size_t r = 0; r < table->rows.count; r++) {
        const struct row *row = &table->rows.at[r];
        buf_add(out, row->is_total ? "<tr class=\"total\">" : "<tr>");
        for (size_t c = 0; c < table->column_count; c++)
            put_cell(out, table, c, row);
        buf_add(out, "</tr>\n");
    }
    buf_add(out, "</tbody></table></div>\n");
}

static void put_code(struct buf *out, const struct block *block)
{
    if (*block->caption) {
        buf_add(out, "<p>");
        html_text(out, block->caption);
        buf_add(out, ":</p>\n");
    }
    buf_add(out, "<pre tabindex=\"0\"><code>");
    for (const char *line = block->text; *line;) {
        size_t n = strcspn(line, "\n");
        html_escape(out, line, n);
        buf_add_char(out, '\n');
        line += n + (line[n] == '\n');
    }
    buf_add(out, "</code></pre>\n");
}

static void put_block(struct buf *out, const struct block *block, const char *heading,
                      size_t id)
{
    switch (block->kind) {
    case BLOCK_TEXT:
        buf_add(out, "<p>");
        html_text(out, block->text);
        buf_add(out, "</p>\n");
        return;
    case BLOCK_TABLE:
        put_table(out, block->table, heading);
        return;
    case BLOCK_CHART:
        svg_chart(out, block->chart, id);
        return;
    case BLOCK_CODE:
        put_code(out, block);
        return;
    }
}

static void put_head(struct buf *out, const struct report *report)
{
    buf_add(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                 "<title>");
    html_text(out, report->title);
    buf_printf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<header>\n<h1>", html_style);
    html_text(out, report->title);
    buf_add(out, "</h1>\n<p class=\"lead\">");
    html_text(out, report->lead);
    buf_add(out, "</p>\n");
    buf_add(out, report->facts.count ? "<dl>\n" : "");
    for (size_t i = 0; i < report->facts.count; i++) {
        buf_add(out, "<dt>");
        html_text(out, report->facts.at[i].label);
        buf_add(out, "</dt><dd>");
        html_text(out, report->facts.at[i].text);
        buf_add(out, "</dd>\n");
    }
    buf_add(out, report->facts.count ? "</dl>\n" : "");
    buf_add(out, "</header>\n");
}

static void put_contents(struct buf *out, const struct report *report)
{
    buf_add(out, "<nav aria-label=\"Contents\"><ul>\n");
    for (size_t i = 0; i < report->sections.count; i++) {
        const struct section *section = &report->sections.at[i];
        if (section->level != 1)
            continue;
        buf_printf(out, "<li><a href=\"#%s\">", section->key);
        html_text(out, section->heading);
        buf_add(out, "</a></li>\n");
    }
    buf_add(out, "</ul></nav>\n");
}

static bool render(struct buf *out, const struct report *report,
                   const struct render_options *options, struct err *err)
{
    (void)options;
    (void)err;
    put_head(out, report);
    put_contents(out, report);
    buf_add(out, "<main>\n");
    size_t id = 0;
    for (size_t i = 0; i < report->sections.count; i++) {
        const struct section *section = &report->sections.at[i];
        int level = section->level == 1 ? 2 : 3;
        buf_printf(out, "<h%d id=\"", level);
        html_text(out, section->key);
        buf_add(out, "\">");
        html_text(out, section->heading);
        buf_printf(out, "</h%d>\n", level);
        for (size_t b = 0; b < section->blocks.count; b++)
            put_block(out, &section->blocks.at[b], section->heading, id++);
    }
    buf_add(out, "</main>\n</body>\n</html>\n");
    return true;
}

extern const struct renderer render_html;
const struct renderer render_html = {"html", render};
