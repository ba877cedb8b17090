#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cents.h"

/*
 * Rounding a table so that rows and columns add up: columns do already, and a cent that moves
 * from one row to another leaves them so. It goes on from row to row until one takes it in,
 * along the shortest way. Of the total row all signs are turned: then its columns sum to 0.
 */

enum { MANY = 256 };

struct rounding {
    struct table *table;
    size_t first, sum;     /* columns; the last is the sum of those before it */
    size_t *from, *column; /* per row: where its cent would come from; from: SIZE_MAX unreached */
    size_t *queue, queued; /* rows that a cent has reached */
    wide way;              /* of the gap that is closed: above or below 0 */
};

static wide sign_of(const struct row *row)
{
    return row->is_total ? -1 : 1;
}

/* How far the sum that a row shows is above its parts; false: they do not make it up. */
static bool gap_of(wide *gap, const struct rounding *t, const struct row *row)
{
    wide exact = 0;
    *gap = 0;
    for (size_t c = t->first; c <= t->sum; c++) {
        wide sign = c == t->sum ? sign_of(row) : -sign_of(row);
        exact += is_money(row, c) ? sign * row->cells[c].money.atto : 0;
        *gap += is_money(row, c) ? sign * row->cells[c].shown.atto : 0;
    }
    return exact == 0;
}

/* What a row gets that gives away, or takes in, one cent of its gap in a column. */
static wide step_of(const struct rounding *t, const struct row *row, size_t column, bool gives)
{
    bool up = (t->way > 0) == (column != t->sum);
    return sign_of(row) * (up == gives ? CENT : -CENT);
}

/* How much farther the cell would stand from its amount; false: no rounding of it any more. */
static bool costs(wide *cost, const struct cell *cell, wide step)
{
    wide off = cell->money.atto - cell->shown.atto, then = off - step;
    off = off < 0 ? -off : off;
    then = then < 0 ? -then : then;
    *cost += then - off;
    return then < CENT;
}

/* The column in which a cent goes from one row to the other at the least cost; SIZE_MAX: none. */
static size_t best_column(wide *cost, const struct rounding *t, const struct row *giver,
                          const struct row *taker)
{
    size_t best = SIZE_MAX;
    bool total = giver->is_total || taker->is_total;
    for (size_t c = t->first; c <= t->sum; c++) {
        wide each = total ? 4 * CENT : 0; /* the sum of a column is the last to give way */
        if (!is_money(giver, c) || !is_money(taker, c) || (total && c == t->sum) ||
            !costs(&each, &giver->cells[c], step_of(t, giver, c, true)) ||
            !costs(&each, &taker->cells[c], step_of(t, taker, c, false)) ||
            (best != SIZE_MAX && each >= *cost))
            continue;
        best = c;
        *cost = each;
    }
    return best;
}

/*
 * The row that takes in what `giver` gives, or SIZE_MAX and all whom it reaches are queued. Of
 * long tables the rows behind it are enough where one of them does.
 */
static size_t spread(struct rounding *t, size_t giver)
{
    size_t end = SIZE_MAX, count = t->table->rows.count, start = count > MANY ? giver : 0;
    wide least = 1;
    for (size_t i = 0; i < count && least > 0 && (i < MANY || end == SIZE_MAX); i++) {
        size_t r = (start + i) % count;
        const struct row *row = &t->table->rows.at[r];
        wide gap, cost = 0;
        bool takes_in = !gap_of(&gap, t, row) || (gap && (gap > 0) != (t->way > 0));
        size_t column = t->from[r] == SIZE_MAX
                            ? best_column(&cost, t, &t->table->rows.at[giver], row)
                            : SIZE_MAX;
        if (column == SIZE_MAX || (end != SIZE_MAX && (cost >= least || !takes_in)))
            continue;
        t->column[r] = column;
        if (takes_in) {
            end = r;
            least = cost;
        } else {
            t->from[r] = giver;
            t->queue[t->queued++] = r;
        }
    }
    if (end != SIZE_MAX)
        t->from[end] = giver;
    return end;
}

static bool close_gap(struct rounding *t, size_t row)
{
    size_t end = SIZE_MAX;
    for (size_t r = 0; r < t->table->rows.count; r++)
        t->from[r] = SIZE_MAX;
    t->from[row] = row;
    t->queue[0] = row;
    t->queued = 1;
    for (size_t head = 0; head < t->queued && end == SIZE_MAX; head++)
        end = spread(t, t->queue[head]);
    for (size_t r = end; r != SIZE_MAX && r != row; r = t->from[r]) {
        struct row *giver = &t->table->rows.at[t->from[r]], *taker = &t->table->rows.at[r];
        size_t c = t->column[r];
        giver->cells[c].shown.atto += step_of(t, giver, c, true);
        taker->cells[c].shown.atto += step_of(t, taker, c, false);
    }
    return end != SIZE_MAX;
}

void table_add_across(struct table *table, size_t first, size_t count)
{
    size_t n = table->rows.count + 1;
    struct rounding t = {.table = table,
                         .first = first,
                         .sum = first + count - 1,
                         .from = mem_alloc(n * sizeof *t.from),
                         .column = mem_alloc(n * sizeof *t.column),
                         .queue = mem_alloc(n * sizeof *t.queue)};
    for (size_t r = 0; r < table->rows.count; r++)
        while (gap_of(&t.way, &t, &table->rows.at[r]) && t.way && close_gap(&t, r))
            ;
    free(t.from);
    free(t.column);
    free(t.queue);
}
