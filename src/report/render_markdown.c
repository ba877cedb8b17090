#include <string.h>

#include "cells.h"
#include "markdown.h"

static void put_cell(struct buf *out, const struct cell *cell, int indent)
{
    struct buf raw = BUF_INIT;
    format_cell(&raw, cell);
    for (; indent > 0; indent--)
        buf_add(out, "&nbsp;&nbsp;");
    markdown_escape(out, buf_text(&raw), raw.length);
    buf_release(&raw);
}

static void put_row(struct buf *out, const struct table *table, const struct row *row)
{
    for (size_t c = 0; c < table->column_count; c++) {
        buf_add(out, c ? " | " : "| ");
        buf_add(out, row->is_total && row->cells[c].kind != CELL_NONE ? "**" : "");
        put_cell(out, &row->cells[c], c ? 0 : row->indent);
        buf_add(out, row->is_total && row->cells[c].kind != CELL_NONE ? "**" : "");
    }
    buf_add(out, " |\n");
}

static void put_table(struct buf *out, const struct table *table)
{
    if (*table->title) {
        buf_add(out, "**");
        markdown_escape(out, table->title, strlen(table->title));
        buf_add(out, "**\n\n");
    }
    if (!table->rows.count) {
        buf_printf(out, "%s\n", table->empty);
        return;
    }
    for (size_t c = 0; c < table->column_count; c++)
        buf_printf(out, "%s%s", c ? " | " : "| ", table->columns[c].title);
    buf_add(out, " |\n");
    for (size_t c = 0; c < table->column_count; c++)
        buf_printf(out, "%s%s", c ? " | " : "| ",
                   table->columns[c].align == ALIGN_RIGHT ? "---:" : "---");
    buf_add(out, " |\n");
    for (size_t r = 0; r < table->rows.count; r++)
        put_row(out, table, &table->rows.at[r]);
}

static void put_code(struct buf *out, const struct block *block)
{
    if (*block->caption) {
        markdown_escape(out, block->caption, strlen(block->caption));
        buf_add(out, ":\n\n");
    }
    size_t fence = markdown_fence(block->text);
    buf_fill(out, '`', fence);
    buf_printf(out, "%s\n%s", block->language, block->text);
    if (*block->text && block->text[strlen(block->text) - 1] != '\n')
        buf_add_char(out, '\n');
    buf_fill(out, '`', fence);
    buf_add_char(out, '\n');
}

/* A chart's table stands beside it; Markdown shows the table only. */
static void put_block(struct buf *out, const struct block *block)
{
    if (block->kind == BLOCK_CHART)
        return;
    buf_add_char(out, '\n');
    if (block->kind == BLOCK_TABLE) {
        put_table(out, block->table);
    } else if (block->kind == BLOCK_CODE) {
        put_code(out, block);
    } else {
        buf_add(out, *block->text == '/' ? "\\" : ""); /* "/close" would be a command on GitLab */
        markdown_escape(out, block->text, strlen(block->text));
        buf_add_char(out, '\n');
    }
}

static bool render(struct buf *out, const struct report *report,
                   const struct render_options *options, struct err *err)
{
    (void)options;
    (void)err;
    buf_add(out, "# ");
    markdown_escape(out, report->title, strlen(report->title));
    buf_add(out, "\n\n");
    markdown_escape(out, report->lead, strlen(report->lead));
    buf_add(out, *report->lead ? "\n" : "");
    for (size_t i = 0; i < report->facts.count; i++) {
        buf_add(out, "\n- ");
        markdown_escape(out, report->facts.at[i].label, strlen(report->facts.at[i].label));
        buf_add(out, ": ");
        markdown_escape(out, report->facts.at[i].text, strlen(report->facts.at[i].text));
    }
    buf_add(out, report->facts.count ? "\n" : "");
    for (size_t i = 0; i < report->sections.count; i++) {
        const struct section *section = &report->sections.at[i];
        buf_printf(out, "\n%s ", section->level == 1 ? "##" : "###");
        markdown_escape(out, section->heading, strlen(section->heading));
        buf_add_char(out, '\n');
        for (size_t b = 0; b < section->blocks.count; b++)
            put_block(out, &section->blocks.at[b]);
    }
    return true;
}

extern const struct renderer render_markdown;
const struct renderer render_markdown = {"markdown", render};
