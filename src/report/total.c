#include "cents.h"

static wide size_of(struct money m)
{
    return m.atto < 0 ? -m.atto : m.atto;
}

/* The largest of those that were rounded away from where `step` goes; NULL: none is left. */
static struct cell *largest(const struct table *table, size_t column, wide step)
{
    struct cell *best = NULL;
    for (size_t r = 0; r + 1 < table->rows.count; r++) {
        struct cell *cell = &table->rows.at[r].cells[column];
        wide lost = cell->money.atto - cell->shown.atto;
        if (is_money(&table->rows.at[r], column) && lost && (lost < 0) == (step < 0) &&
            (!best || size_of(cell->money) > size_of(best->money)))
            best = cell;
    }
    return best;
}

static void settle(struct table *table, size_t column, const struct cell *total)
{
    wide missing = total->shown.atto;
    for (size_t r = 0; r + 1 < table->rows.count; r++) {
        struct cell *cell = &table->rows.at[r].cells[column];
        if (!is_money(&table->rows.at[r], column))
            continue;
        cell->shown = money_round(cell->money, 2);
        missing -= cell->shown.atto;
    }
    for (wide step = missing < 0 ? -CENT : CENT; missing; missing -= step) {
        struct cell *cell = largest(table, column, step);
        if (!cell)
            return;
        cell->shown.atto += step;
    }
}

static struct money sum_of(const struct table *table, size_t column)
{
    struct money sum = MONEY_ZERO;
    for (size_t r = 0; r < table->rows.count; r++) {
        const struct row *row = &table->rows.at[r];
        if (is_money(row, column))
            sum = money_add(sum, row->cells[column].money);
    }
    return sum;
}

void table_total(struct report *report, struct table *table, const char *label, size_t first,
                 size_t count)
{
    struct row *total = table_row(report, table);
    total->is_total = true;
    total->cells[0] = cell_text(report, label);
    for (size_t c = first; c < first + count; c++) {
        total->cells[c] = cell_money(sum_of(table, c));
        total->cells[c].shown = money_round(total->cells[c].money, 2);
        settle(table, c, &total->cells[c]);
    }
}
