#include "fill.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The estate's own currency, or the one that most rows have; the first by name of equals. */
static uint8_t main_currency(const struct fill *f)
{
    uint64_t rows[CURRENCIES_MAX] = {0};
    for (size_t w = 0; w < f->count; w++)
        for (size_t i = 0; i < f->workers[w].sums.count; i++)
            rows[f->workers[w].sums.at[i].currency] += f->workers[w].sums.at[i].rows;
    size_t best = 0;
    for (size_t c = 0; c < f->run->currency_count; c++) {
        const char *name = f->run->currencies[c];
        if (f->into->currency && !strcmp(name, f->into->currency))
            return (uint8_t)c;
        if (rows[c] > rows[best] ||
            (rows[c] == rows[best] && strcmp(name, f->run->currencies[best]) < 0))
            best = c;
    }
    return (uint8_t)best;
}

static void fill_currency(struct fill *f)
{
    f->currency = main_currency(f);
    if (!f->into->currency)
        f->into->currency = intern(f->into->symbols, f->run->currency_count
                                                         ? f->run->currencies[f->currency]
                                                         : "USD");
}

static const struct key_table **tables_of(const struct fill *f, bool places)
{
    const struct key_table **tables = mem_alloc(f->count * sizeof *tables);
    for (size_t w = 0; w < f->count; w++)
        tables[w] = places ? &f->workers[w].place_keys : &f->workers[w].sku_keys;
    return tables;
}

static void list_keys(struct fill *f)
{
    const struct key_table **skus = tables_of(f, false), **places = tables_of(f, true);
    key_list_make(&f->skus, skus, f->count);
    key_list_make(&f->places, places, f->count);
    free(skus);
    free(places);
    size_t n = f->places.count;
    f->latest = mem_alloc(n * sizeof *f->latest);
    f->resource = mem_alloc(n * sizeof *f->resource);
    f->sku = mem_alloc(f->skus.count * sizeof *f->sku);
}

/* Whether no sum of these rows can leave the range of money: groups and files would wrap alike. */
static bool sums_fit(const struct fill *f, struct err *err)
{
    uint64_t rows = 0, size = 0, most = 0;
    uint32_t part = UINT32_MAX;
    for (size_t w = 0; w < f->count; w++)
        for (size_t i = 0; i < f->workers[w].sums.count; i++) {
            const struct file_sum *s = &f->workers[w].sums.at[i];
            rows += s->rows;
            size |= s->size;
            if (s->size > most || (s->size == most && s->part < part)) {
                most = s->size;
                part = s->part;
            }
        }
    if (rows <= (uint64_t)INT64_MAX / (size + 1))
        return true;
    return err_set(err,
                   "%s: has amounts too large for a bill: the sums of %" PRIu64
                   " rows would not be exact; correct or take out its largest costs",
                   f->run->parts.at[part].path, rows);
}

bool fill_estate(struct estate *into, struct bill_run *run, struct bill_worker *workers,
                 size_t count, struct bill_summary *out, struct err *err)
{
    struct fill f = {.into = into, .run = run, .workers = workers, .count = count};
    if (!sums_fit(&f, err))
        return false;
    list_keys(&f);
    fill_currency(&f);
    fill_skus(&f);
    fill_resources(&f);
    bool ok = fill_lines(&f, &out->groups, err);
    for (size_t w = 0; w < count; w++)
        out->spilled |= workers[w].spill.open;
    if (ok) {
        clusters_fill(into, &run->clusters);
        fill_details(&f);
        fill_commitments(&f);
        fill_files(&f, out);
    }
    key_list_release(&f.skus);
    key_list_release(&f.places);
    key_table_release(&f.nameless);
    VEC_FREE(&f.findings);
    VEC_FREE(&f.committed);
    free(f.latest);
    free(f.resource);
    free(f.sku);
    return ok;
}
