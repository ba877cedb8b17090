#include "cells.h"

#include <math.h>
#include <string.h>

static void group_digits(struct buf *out, const char *digits)
{
    if (*digits == '-')
        buf_add_char(out, *digits++);
    size_t whole = strcspn(digits, ".");
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0)
            buf_add_char(out, ',');
        buf_add_char(out, digits[i]);
    }
    buf_add(out, digits + whole);
}

void format_money(struct buf *out, struct money m)
{
    struct buf digits = BUF_INIT;
    money_format(&digits, m, 2);
    group_digits(out, buf_text(&digits));
    buf_release(&digits);
}

static void format_range(struct buf *out, const struct money_range *r)
{
    format_money(out, r->expected);
    if (money_cmp(r->low, r->high) == 0)
        return;
    buf_add(out, " (");
    format_money(out, r->low);
    buf_add(out, " .. ");
    format_money(out, r->high);
    buf_add(out, ")");
}

static void format_count(struct buf *out, double count)
{
    struct buf digits = BUF_INIT;
    buf_printf(&digits, "%.0f", count);
    group_digits(out, buf_text(&digits));
    buf_release(&digits);
}

/* Three decimals at most: a quantity times its price is then right to the cent. */
static void put_decimals(struct buf *out, double number)
{
    buf_printf(out, "%.3f", number);
    while (out->text[out->length - 1] == '0')
        out->text[--out->length] = '\0';
    if (out->text[out->length - 1] == '.')
        out->text[--out->length] = '\0';
}

static void format_number(struct buf *out, double number)
{
    struct buf digits = BUF_INIT;
    if (fabs(number) >= 1)
        put_decimals(&digits, number);
    else
        buf_printf(&digits, "%.4g", number);
    group_digits(out, buf_text(&digits));
    buf_release(&digits);
}

void format_cell(struct buf *out, const struct cell *cell)
{
    switch (cell->kind) {
    case CELL_NONE:
        return;
    case CELL_TEXT:
        buf_add(out, cell->text);
        return;
    case CELL_MONEY:
        format_money(out, cell->shown);
        return;
    case CELL_PRICE:
        money_format_exact(out, cell->money);
        return;
    case CELL_RANGE:
        format_range(out, &cell->range);
        return;
    case CELL_NUMBER:
        format_number(out, cell->number);
        return;
    case CELL_COUNT:
        format_count(out, cell->number);
        return;
    case CELL_PERCENT:
        buf_printf(out, "%.1f %%", cell->number * 100);
        return;
    case CELL_UNKNOWN:
        buf_add(out, "unknown");
        if (cell->text)
            buf_printf(out, " (%s)", cell->text);
        return;
    }
}

const char *money_text(struct report *report, struct money m)
{
    struct buf text = BUF_INIT;
    format_money(&text, m);
    const char *copy = arena_strdup(&report->arena, buf_text(&text));
    buf_release(&text);
    return copy;
}
