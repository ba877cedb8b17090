#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cells.h"
#include "report/message.h"

/* As in every format for people, but lines stay lines. */
static void make_safe(struct buf *out, const char *text)
{
    for (;;) {
        size_t line = strcspn(text, "\n");
        terminal_escape(out, text, line);
        if (!text[line])
            return;
        buf_add_char(out, '\n');
        text += line + 1;
    }
}

/*
 * The one place where CSV is escaped: quotes doubled, and a text that a
 * spreadsheet would run as a formula gets an apostrophe before it.
 */
static void put_text(struct buf *out, const char *text)
{
    struct buf safe = BUF_INIT;
    make_safe(&safe, text);
    buf_add_char(out, '"');
    if (*text && strchr("=+-@", *text))
        buf_add_char(out, '\'');
    for (const char *c = buf_text(&safe); *c; c++) {
        if (*c == '"')
            buf_add_char(out, '"');
        buf_add_char(out, *c);
    }
    buf_add_char(out, '"');
    buf_release(&safe);
}

static void put_cell(struct buf *out, const struct cell *cell)
{
    switch (cell->kind) {
    case CELL_NONE:
        return;
    case CELL_MONEY:
    case CELL_PRICE:
        money_format_exact(out, cell->money);
        return;
    case CELL_RANGE:
        money_format_exact(out, cell->range.expected);
        return;
    case CELL_NUMBER:
    case CELL_COUNT:
    case CELL_PERCENT:
        buf_printf(out, "%.15g", cell->number);
        return;
    case CELL_UNKNOWN:
        buf_add(out, "\"unknown\"");
        return;
    case CELL_TEXT:
        put_text(out, cell->text);
        return;
    }
}

static void put_range_end(struct buf *out, const struct cell *cell, bool high)
{
    buf_add_char(out, ',');
    if (cell->kind == CELL_RANGE)
        money_format_exact(out, high ? cell->range.high : cell->range.low);
}

/* A column with ranges takes three: expected, low, high. */
static bool has_ranges(const struct table *table, size_t column)
{
    for (size_t r = 0; r < table->rows.count; r++)
        if (table->rows.at[r].cells[column].kind == CELL_RANGE)
            return true;
    return false;
}

static void put_header(struct buf *out, const struct table *table, const bool *ranges)
{
    buf_add(out, "table");
    for (size_t c = 0; c < table->column_count; c++) {
        buf_printf(out, ",%s", table->columns[c].key);
        if (ranges[c])
            buf_printf(out, ",%s_low,%s_high", table->columns[c].key, table->columns[c].key);
    }
    buf_add_char(out, '\n');
}

static void put_row(struct buf *out, const struct table *table, const struct row *row,
                    const bool *ranges)
{
    buf_add(out, table->key);
    for (size_t c = 0; c < table->column_count; c++) {
        buf_add_char(out, ',');
        put_cell(out, &row->cells[c]);
        if (ranges[c]) {
            put_range_end(out, &row->cells[c], false);
            put_range_end(out, &row->cells[c], true);
        }
    }
    buf_add_char(out, '\n');
}

static void put_table(struct buf *out, const struct table *table)
{
    bool *ranges = mem_alloc(table->column_count + 1);
    for (size_t c = 0; c < table->column_count; c++)
        ranges[c] = has_ranges(table, c);
    put_header(out, table, ranges);
    for (size_t r = 0; r < table->rows.count; r++)
        put_row(out, table, &table->rows.at[r], ranges);
    free(ranges);
}

/* Tables follow one another, each with its header, a blank line between. */
static bool render(struct buf *out, const struct report *report,
                   const struct render_options *options, struct err *err)
{
    (void)options;
    (void)err;
    bool any = false;
    for (size_t i = 0; i < report->sections.count; i++) {
        const struct section *section = &report->sections.at[i];
        for (size_t b = 0; b < section->blocks.count; b++) {
            if (section->blocks.at[b].kind != BLOCK_TABLE)
                continue;
            buf_add(out, any ? "\n" : "");
            put_table(out, section->blocks.at[b].table);
            any = true;
        }
    }
    return true;
}

extern const struct renderer render_csv;
const struct renderer render_csv = {"csv", render};
