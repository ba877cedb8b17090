#include "report/report.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/mem.h"

struct report *report_new(const char *title)
{
    struct report *report = mem_alloc(sizeof *report);
    report->title = arena_strdup(&report->arena, title);
    report->lead = "";
    report->json = node_new(&report->arena, NODE_MAP);
    return report;
}

static void free_section(struct section *section)
{
    for (size_t i = 0; i < section->blocks.count; i++)
        if (section->blocks.at[i].table)
            VEC_FREE(&section->blocks.at[i].table->rows);
    VEC_FREE(&section->blocks);
}

void report_free(struct report *report)
{
    if (!report)
        return;
    for (size_t i = 0; i < report->sections.count; i++)
        free_section(&report->sections.at[i]);
    VEC_FREE(&report->sections);
    VEC_FREE(&report->facts);
    arena_release(&report->arena);
    free(report);
}

void report_lead(struct report *report, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    report->lead = arena_vprintf(&report->arena, format, args);
    va_end(args);
}

void report_fact(struct report *report, const char *label, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct fact fact = {arena_strdup(&report->arena, label),
                        arena_vprintf(&report->arena, format, args)};
    va_end(args);
    VEC_ADD(&report->facts, fact);
}

struct section *report_section(struct report *report, const char *key, const char *heading)
{
    struct section *section = VEC_PUSH(&report->sections);
    section->key = arena_strdup(&report->arena, key);
    section->heading = arena_strdup(&report->arena, heading);
    section->level = 1;
    return section;
}

void section_text(struct report *report, struct section *section, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct block block = {.kind = BLOCK_TEXT, .text = arena_vprintf(&report->arena, format, args)};
    va_end(args);
    VEC_ADD(&section->blocks, block);
}

void section_code(struct report *report, struct section *section, const char *language,
                  const char *caption, const char *text)
{
    struct block block = {.kind = BLOCK_CODE,
                          .text = arena_strdup(&report->arena, text),
                          .language = arena_strdup(&report->arena, language),
                          .caption = arena_strdup(&report->arena, caption)};
    VEC_ADD(&section->blocks, block);
}

struct table *section_table(struct report *report, struct section *section, const char *key,
                            const char *title, const struct column *columns, size_t count)
{
    struct table *table = ARENA_NEW(&report->arena, struct table);
    table->key = arena_strdup(&report->arena, key);
    table->title = arena_strdup(&report->arena, title);
    table->columns = columns;
    table->column_count = count;
    table->empty = "nothing";
    VEC_ADD(&section->blocks, ((struct block){.kind = BLOCK_TABLE, .table = table}));
    return table;
}

struct chart *section_chart(struct report *report, struct section *section,
                            enum chart_kind kind, const char *title, const char *unit,
                            size_t series_count, size_t category_count)
{
    struct chart *chart = ARENA_NEW(&report->arena, struct chart);
    *chart = (struct chart){
        .kind = kind,
        .title = arena_strdup(&report->arena, title),
        .unit = arena_strdup(&report->arena, unit),
        .series_count = series_count,
        .category_count = category_count,
        .series = ARENA_ARRAY(&report->arena, const char *, series_count),
        .categories = ARENA_ARRAY(&report->arena, const char *, category_count),
        .values = ARENA_ARRAY(&report->arena, double, series_count * category_count),
    };
    VEC_ADD(&section->blocks, ((struct block){.kind = BLOCK_CHART, .chart = chart}));
    return chart;
}

struct row *table_row(struct report *report, struct table *table)
{
    struct row *row = VEC_PUSH(&table->rows);
    row->cells = ARENA_ARRAY(&report->arena, struct cell, table->column_count);
    return row;
}

struct cell cell_text(struct report *report, const char *text)
{
    if (!text)
        return (struct cell){.kind = CELL_NONE};
    return (struct cell){.kind = CELL_TEXT, .text = arena_strdup(&report->arena, text)};
}

struct cell cell_printf(struct report *report, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct cell cell = {.kind = CELL_TEXT, .text = arena_vprintf(&report->arena, format, args)};
    va_end(args);
    return cell;
}

struct cell cell_money(struct money m)
{
    return (struct cell){.kind = CELL_MONEY, .money = m, .shown = m};
}

struct cell cell_price(struct money m)
{
    return (struct cell){.kind = CELL_PRICE, .money = m};
}

struct cell cell_range(struct money_range r)
{
    return (struct cell){.kind = CELL_RANGE, .range = r};
}

struct cell cell_number(double number)
{
    return (struct cell){.kind = isnan(number) ? CELL_UNKNOWN : CELL_NUMBER, .number = number};
}

struct cell cell_count(double count)
{
    return (struct cell){.kind = isnan(count) ? CELL_UNKNOWN : CELL_COUNT, .number = count};
}

struct cell cell_percent(double share)
{
    return (struct cell){.kind = isnan(share) ? CELL_UNKNOWN : CELL_PERCENT, .number = share};
}

struct cell cell_unknown(struct report *report, const char *why)
{
    return (struct cell){.kind = CELL_UNKNOWN,
                         .text = why ? arena_strdup(&report->arena, why) : NULL};
}

struct node *json_money(struct report *report, struct money m)
{
    struct node *n = node_new(&report->arena, NODE_NUMBER);
    struct buf digits = BUF_INIT;
    money_format_exact(&digits, m);
    n->number = money_double(m);
    n->text = arena_strdup(&report->arena, buf_text(&digits));
    n->length = digits.length;
    buf_release(&digits);
    return n;
}

struct node *json_range(struct report *report, struct money_range r)
{
    enum { DECIMALS_THAT_MEAN_SOMETHING = 6 };
    const struct money values[] = {r.low, r.expected, r.high};
    static const char *const keys[] = {"low", "expected", "high"};
    struct node *n = node_new(&report->arena, NODE_MAP);
    for (size_t i = 0; i < 3; i++)
        node_add(&report->arena, n, keys[i],
                 json_money(report, money_round(values[i], DECIMALS_THAT_MEAN_SOMETHING)));
    return n;
}
