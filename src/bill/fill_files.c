#include <inttypes.h>
#include <string.h>

#include "fill.h"

static void add_sum(struct file_sum *to, const struct file_sum *from)
{
    to->rows += from->rows;
    to->rounded += from->rounded;
    to->skipped += from->skipped;
    to->ragged += from->ragged;
    to->without_price += from->without_price;
    to->without_column += from->without_column;
    for (unsigned i = 0; i < 3; i++)
        to->spans[i] += from->spans[i];
    to->from = from->from < to->from ? from->from : to->from;
    to->to = from->to > to->to ? from->to : to->to;
    for (unsigned b = 0; b < BASIS_COUNT; b++)
        to->cost[b] += from->cost[b];
}

static struct file_sum sum_over_workers(const struct fill *f, uint32_t part, uint8_t currency)
{
    struct file_sum sum = {.part = part, .currency = currency, .from = INT64_MAX,
                           .to = INT64_MIN};
    for (size_t w = 0; w < f->count; w++)
        for (size_t i = 0; i < f->workers[w].sums.count; i++) {
            const struct file_sum *s = &f->workers[w].sums.at[i];
            if (s->part == part && s->currency == currency)
                add_sum(&sum, s);
        }
    return sum;
}

static void note(struct fill *f, enum note_kind kind, const char *path, uint64_t count,
                 const char *text)
{
    if (!count)
        return;
    estate_note(f->into, kind, path, "%" PRIu64 " %s", count, text);
    f->into->notes.at[f->into->notes.count - 1].count = count;
}

static void note_sum(struct fill *f, const char *path, const struct file_sum *s)
{
    note(f, NOTE_WARNING, path, s->ragged,
         "rows have more or fewer fields than the header; missing ones were read as empty");
    note(f, NOTE_INFO, path, s->skipped,
         "rows of split cost allocation were left out: they tell other rows' costs again");
    note(f, NOTE_INFO, path, s->rounded, "rows have amounts with more than 18 decimals; rounded");
    note(f, NOTE_UNPRICED, path, s->without_price,
         "rows have no list price (system.billing.list_prices) and count in DBU only");
    note(f, NOTE_WARNING, path, s->without_column,
         "rows of commitments lack the columns of their amortized cost; counted as billed");
}

static void note_other_currency(struct fill *f, const char *path, const struct file_sum *s)
{
    struct buf amount = BUF_INIT;
    money_format_exact(&amount, (struct money){s->cost[BASIS_UNBLENDED]});
    estate_note(f->into, NOTE_WARNING, path,
                "%" PRIu64 " rows are in %s (unblended %s): kept apart, not in these figures",
                s->rows, f->run->currencies[s->currency], buf_text(&amount));
    buf_release(&amount);
}

static uint64_t bad_rows_of(const struct fill *f, size_t part)
{
    uint64_t bad = 0;
    for (size_t w = 0; w < f->count; w++)
        bad += f->workers[w].bad_by_part.at[part];
    return bad;
}

static void add_file(struct fill *f, const struct bill_part *part, const struct file_sum *s,
                     uint64_t bad)
{
    const char *currency = f->run->currencies[s->currency];
    struct bill_file *file = VEC_PUSH(&f->into->bills);
    *file = (struct bill_file){
        .path = arena_strdup(&f->into->arena, part->path),
        .format = arena_strdup(&f->into->arena, part->layout->label),
        .currency = s->rows ? intern(f->into->symbols, currency) : f->into->currency,
        .from = s->rows ? s->from : 0,
        .to = s->rows ? s->to : 0,
        .rows = s->rows,
        .bad_rows = bad,
        .rounded = s->rounded,
    };
    for (unsigned b = 0; b < BASIS_COUNT; b++)
        file->total[b].atto = s->cost[b];
}

/* The currencies of one file stand apart, and are no copies of each other. */
static bool same_figures(const struct bill_file *a, const struct bill_file *b)
{
    bool same = a->rows && a->currency == b->currency && a->rows == b->rows &&
                a->from == b->from && a->to == b->to;
    for (unsigned i = 0; i < BASIS_COUNT; i++)
        same = same && !money_cmp(a->total[i], b->total[i]);
    return same;
}

/* Without a manifest nothing but equal figures tells that a file is there twice. */
static void note_doubles(struct fill *f, size_t first)
{
    for (size_t i = first; i < f->into->bills.count; i++)
        for (size_t j = first; j < i; j++)
            if (same_figures(&f->into->bills.at[i], &f->into->bills.at[j]))
                estate_note(f->into, NOTE_WARNING, f->into->bills.at[i].path,
                            "has the same rows, times and totals as %s; if they are one "
                            "delivery, give one of them only: both are counted",
                            f->into->bills.at[j].path);
}

void fill_files(struct fill *f, struct bill_summary *out)
{
    size_t first_file = f->into->bills.count;
    for (size_t p = 0; p < f->run->parts.count; p++) {
        const struct bill_part *part = &f->run->parts.at[p];
        uint64_t bad = bad_rows_of(f, p);
        bool first = true;
        if (part->layout->field[ROLE_CURRENCY] == ABSENT)
            estate_note(f->into, NOTE_INFO, part->path, "states no currency; taken as USD");
        for (uint8_t c = 0; c < f->run->currency_count; c++) {
            struct file_sum sum = sum_over_workers(f, (uint32_t)p, c);
            if (!sum.rows && !sum.skipped)
                continue;
            add_file(f, part, &sum, first ? bad : 0);
            note_sum(f, part->path, &sum);
            if (c != f->currency)
                note_other_currency(f, part->path, &sum);
            out->rows += sum.rows;
            first = false;
        }
        if (first) {
            struct file_sum none = {.part = (uint32_t)p, .currency = f->currency};
            add_file(f, part, &none, bad);
        }
        out->bad_rows += bad;
    }
    note_doubles(f, first_file);
}
