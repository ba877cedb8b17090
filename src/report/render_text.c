#include <string.h>

#include "base/mem.h"
#include "cells.h"
#include "terminal.h"

enum { MOST_COLUMNS = 16 };

struct layout {
    size_t width[MOST_COLUMNS];
    size_t broken[MOST_COLUMNS]; /* width of ranges over several lines; 0: none here */
    bool narrowed[MOST_COLUMNS]; /* to that */
    bool shown[MOST_COLUMNS];
    size_t count;
};

static char *cell_string(const struct cell *cell, int indent)
{
    struct buf raw = BUF_INIT, safe = BUF_INIT;
    buf_fill(&raw, ' ', (size_t)indent * 2);
    format_cell(&raw, cell);
    terminal_escape(&safe, buf_text(&raw), raw.length);
    buf_release(&raw);
    return safe.text ? safe.text : mem_strdup("");
}

/* "1.00 (0.50 .. 2.00)" may stand as "1.00", "(0.50" and ".. 2.00)" below each other. */
static size_t broken_range(const struct cell *cell, const char *text)
{
    enum { DOTS = 3 };
    size_t widest = 0;
    if (cell->kind != CELL_RANGE)
        return 0;
    for (const char *c = text; *c; c += strspn(c, " ")) {
        size_t n = strcspn(c, " ");
        widest = n > widest ? n : widest;
        c += n;
    }
    return widest + DOTS;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void measure(struct layout *layout, const struct table *table)
{
    layout->count = table->column_count < MOST_COLUMNS ? table->column_count : MOST_COLUMNS;
    for (size_t c = 0; c < layout->count; c++) {
        layout->shown[c] = true;
        layout->width[c] = terminal_width(table->columns[c].title);
        for (size_t r = 0; r < table->rows.count; r++) {
            const struct row *row = &table->rows.at[r];
            char *text = cell_string(&row->cells[c], c ? 0 : row->indent);
            layout->width[c] = larger(layout->width[c], terminal_width(text));
            layout->broken[c] = larger(layout->broken[c], broken_range(&row->cells[c], text));
            vec_free(text);
        }
    }
}

static size_t total_width(const struct layout *layout)
{
    size_t width = 0;
    for (size_t c = 0; c < layout->count; c++)
        if (layout->shown[c])
            width += layout->width[c] + 2;
    return width;
}

/* The column to narrow: the widest that wraps, else the widest text; numbers stay whole. */
static size_t narrowable(const struct layout *layout, const struct table *table, bool wrapping)
{
    size_t best = layout->count;
    for (size_t c = 0; c < layout->count; c++)
        if (layout->shown[c] && table->columns[c].align == ALIGN_LEFT &&
            (!wrapping || table->columns[c].wraps) &&
            (best == layout->count || layout->width[c] > layout->width[best]))
            best = c;
    return best;
}

static bool drop_column(struct layout *layout, const struct table *table)
{
    size_t worst = layout->count;
    for (size_t c = 0; c < layout->count; c++)
        if (layout->shown[c] && table->columns[c].priority > 0 &&
            (worst == layout->count ||
             table->columns[c].priority >= table->columns[worst].priority))
            worst = c;
    if (worst == layout->count)
        return false;
    layout->shown[worst] = false;
    return true;
}

/* Takes the excess from the widest columns in turn, none below `least`. */
static void narrow(struct layout *layout, const struct table *table, size_t width, size_t least,
                   bool wrapping)
{
    while (total_width(layout) > width) {
        size_t c = narrowable(layout, table, wrapping);
        if (c == layout->count || layout->width[c] <= least)
            return;
        layout->width[c]--;
    }
}

/* A range keeps room for its title and for the plain amounts of its column. */
static void break_ranges(struct layout *layout, const struct table *table, size_t width)
{
    for (size_t c = 0; c < layout->count && total_width(layout) > width; c++)
        if (layout->broken[c] && layout->broken[c] < layout->width[c]) {
            layout->narrowed[c] = true;
            layout->width[c] = larger(layout->broken[c], terminal_width(table->columns[c].title));
        }
}

/* Text gives room down to a readable width, ranges break, columns go, then text again. */
static void fit(struct layout *layout, const struct table *table, size_t width)
{
    enum { READABLE = 30, LEAST = 12 };
    narrow(layout, table, width, READABLE, true);
    break_ranges(layout, table, width);
    do
        narrow(layout, table, width, READABLE, true);
    while (total_width(layout) > width && drop_column(layout, table));
    narrow(layout, table, width, LEAST, false);
}

static void put_padded(struct buf *out, const char *text, size_t width, enum align align)
{
    size_t have = terminal_width(text), pad = have < width ? width - have : 0;
    if (align == ALIGN_RIGHT)
        buf_fill(out, ' ', pad);
    buf_add(out, text);
    if (align == ALIGN_LEFT)
        buf_fill(out, ' ', pad);
}

static void trim_end(struct buf *out)
{
    while (out->length && out->text[out->length - 1] == ' ')
        out->text[--out->length] = '\0';
}

/* The next line of a cell; what follows the first line of an indented cell is indented too. */
static char *take_piece(const char **rest, size_t width, size_t indent)
{
    struct buf piece = BUF_INIT;
    char *line = terminal_take_line(rest, width > indent ? width - indent : 1);
    buf_fill(&piece, ' ', indent);
    buf_add(&piece, line);
    vec_free(line);
    return piece.text;
}

/* One row over as many lines as its longest wrapped cell needs. */
static void put_cells(struct buf *out, const struct layout *layout, const struct table *table,
                      char **texts, int indent)
{
    const char *rest[MOST_COLUMNS];
    for (size_t c = 0; c < layout->count; c++)
        rest[c] = texts[c];
    bool more = true;
    for (size_t line = 0; more; line++) {
        bool any = false;
        more = false;
        for (size_t c = 0; c < layout->count; c++) {
            if (!layout->shown[c])
                continue;
            size_t inner = c == 0 && line > 0 && *rest[c] ? (size_t)indent * 2 + 2 : 0;
            char *piece = take_piece(&rest[c], layout->width[c], indent ? inner : 0);
            buf_add(out, any ? "  " : "");
            put_padded(out, piece, layout->width[c], table->columns[c].align);
            vec_free(piece);
            any = true;
            more = more || *rest[c];
        }
        trim_end(out);
        buf_add_char(out, '\n');
    }
}

/* A range that must break has its expected value on a line of its own. */
static char *row_text(const struct layout *layout, size_t c, const struct row *row)
{
    char *text = cell_string(&row->cells[c], c ? 0 : row->indent);
    char *bounds = row->cells[c].kind == CELL_RANGE ? strstr(text, " (") : NULL;
    if (bounds && layout->narrowed[c])
        *bounds = '\n';
    return text;
}

static void put_row(struct buf *out, const struct layout *layout, const struct table *table,
                    const struct row *row)
{
    char *texts[MOST_COLUMNS];
    for (size_t c = 0; c < layout->count; c++)
        texts[c] = row_text(layout, c, row);
    put_cells(out, layout, table, texts, row->indent);
    for (size_t c = 0; c < layout->count; c++)
        vec_free(texts[c]);
}

static void put_rule(struct buf *out, const struct layout *layout)
{
    size_t width = total_width(layout);
    buf_fill(out, '-', width > 2 ? width - 2 : width);
    buf_add_char(out, '\n');
}

static void put_table(struct buf *out, const struct table *table,
                      const struct render_options *options)
{
    if (*table->title)
        terminal_paragraph(out, table->title, options->width, "");
    if (!table->rows.count) {
        buf_printf(out, "  %s\n", table->empty);
        return;
    }
    struct layout layout = {0};
    measure(&layout, table);
    fit(&layout, table, options->width + 2);
    char *titles[MOST_COLUMNS];
    for (size_t c = 0; c < layout.count; c++)
        titles[c] = mem_strdup(table->columns[c].title);
    terminal_style(out, options, STYLE_DIM);
    put_cells(out, &layout, table, titles, 0);
    terminal_style(out, options, STYLE_NONE);
    for (size_t c = 0; c < layout.count; c++)
        vec_free(titles[c]);
    for (size_t r = 0; r < table->rows.count; r++) {
        if (table->rows.at[r].is_total)
            put_rule(out, &layout);
        put_row(out, &layout, table, &table->rows.at[r]);
    }
}

static void put_code(struct buf *out, const struct block *block)
{
    if (*block->caption)
        buf_printf(out, "%s:\n", block->caption);
    for (const char *line = block->text; *line;) {
        size_t n = strcspn(line, "\n");
        buf_add(out, "    ");
        terminal_escape(out, line, n);
        buf_add_char(out, '\n');
        line += n + (line[n] == '\n');
    }
}

/* Charts stand beside a table that says the same; only the table fits a terminal. */
static void put_block(struct buf *out, const struct block *block,
                      const struct render_options *options)
{
    if (block->kind == BLOCK_CHART)
        return;
    buf_add_char(out, '\n');
    if (block->kind == BLOCK_TEXT)
        terminal_paragraph(out, block->text, options->width, "");
    else if (block->kind == BLOCK_TABLE)
        put_table(out, block->table, options);
    else
        put_code(out, block);
}

static void put_section(struct buf *out, const struct section *section,
                        const struct render_options *options)
{
    buf_add_char(out, '\n');
    terminal_style(out, options, STYLE_BOLD);
    terminal_escape(out, section->heading, strlen(section->heading));
    terminal_style(out, options, STYLE_NONE);
    buf_add_char(out, '\n');
    if (section->level == 1) {
        buf_fill(out, '=', terminal_width(section->heading));
        buf_add_char(out, '\n');
    }
    for (size_t i = 0; i < section->blocks.count; i++)
        put_block(out, &section->blocks.at[i], options);
}

static bool render(struct buf *out, const struct report *report,
                   const struct render_options *options, struct err *err)
{
    (void)err;
    terminal_style(out, options, STYLE_BOLD);
    terminal_escape(out, report->title, strlen(report->title));
    terminal_style(out, options, STYLE_NONE);
    buf_add_char(out, '\n');
    for (size_t i = 0; i < report->facts.count; i++) {
        struct buf line = BUF_INIT;
        buf_printf(&line, "%s: %s", report->facts.at[i].label, report->facts.at[i].text);
        terminal_paragraph(out, buf_text(&line), options->width, "  ");
        buf_release(&line);
    }
    if (*report->lead) {
        buf_add_char(out, '\n');
        terminal_paragraph(out, report->lead, options->width, "");
    }
    for (size_t i = 0; i < report->sections.count; i++)
        put_section(out, &report->sections.at[i], options);
    return true;
}

extern const struct renderer render_text;
const struct renderer render_text = {"text", render};
