#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "inputs.h"
#include "parquet.h"
#include "run.h"

/* What Databricks sets on what it starts, and the name people give. */
static const char *const default_tags[] = {
    "Name", "Vendor", "ClusterId", "ClusterName", "Creator", "JobId", "RunName",
    "SqlWarehouseId", "SqlEndpointId", "DatabricksInstancePoolId"};

static const size_t default_budget = (size_t)4 << 30;

static void collect_tags(struct bill_run *run)
{
    const struct bill_options *o = run->options;
    for (size_t i = 0; i < sizeof default_tags / sizeof *default_tags; i++)
        run->tags[run->tag_count++] = default_tags[i];
    for (size_t i = 0; i < o->wanted_tag_count && run->tag_count < TAGS_MAX; i++) {
        bool known = false;
        for (size_t t = 0; t < run->tag_count; t++)
            known |= !strcmp(run->tags[t], o->wanted_tags[i]);
        if (!known)
            run->tags[run->tag_count++] = o->wanted_tags[i];
    }
}

static void own_sum(struct shape *shape, enum basis basis)
{
    shape->own[basis] = true;
    shape->of_basis[basis] = shape->count++;
}

/* A sum of its own only where some file makes the basis differ from another. */
static void choose_shape(struct bill_run *run)
{
    struct shape *shape = &run->shape;
    bool net = false, list = false;
    for (size_t i = 0; i < run->layouts.count; i++) {
        const struct layout *layout = run->layouts.at[i];
        net |= layout->net;
        list |= layout->field[ROLE_LIST_COST] != ABSENT ||
                layout->format->family == FAMILY_DATABRICKS;
    }
    shape->quantity = shape->count++;
    own_sum(shape, BASIS_UNBLENDED);
    own_sum(shape, BASIS_AMORTIZED);
    shape->of_basis[BASIS_NET_UNBLENDED] = shape->of_basis[BASIS_UNBLENDED];
    shape->of_basis[BASIS_NET_AMORTIZED] = shape->of_basis[BASIS_AMORTIZED];
    shape->of_basis[BASIS_LIST] = SUMS_MAX;
    if (net) {
        own_sum(shape, BASIS_NET_UNBLENDED);
        own_sum(shape, BASIS_NET_AMORTIZED);
    }
    if (list)
        own_sum(shape, BASIS_LIST);
}

struct crew {
    struct bill_worker *workers;
    void **contexts;
    unsigned count;
};

static void crew_init(struct crew *crew, struct bill_run *run)
{
    crew->workers = mem_alloc(crew->count * sizeof *crew->workers);
    crew->contexts = mem_alloc(crew->count * sizeof *crew->contexts);
    for (unsigned i = 0; i < crew->count; i++) {
        worker_init(&crew->workers[i], run);
        crew->contexts[i] = &crew->workers[i];
    }
}

static void crew_release(struct crew *crew)
{
    for (unsigned i = 0; i < crew->count; i++)
        worker_release(&crew->workers[i]);
    free(crew->workers);
    free(crew->contexts);
}

/* What only reading needs leaves its memory to the estate. */
static void end_reading(struct crew *crew)
{
    for (unsigned i = 0; i < crew->count; i++) {
        key_table_release(&crew->workers[i].sku_raw);
        key_table_release(&crew->workers[i].place_raw);
    }
}

/* Parquet parts keep their number, with nothing in them to scan. */
static struct csv_part *csv_parts(const struct bill_run *run)
{
    struct csv_part *parts = mem_alloc(run->parts.count * sizeof *parts);
    for (size_t i = 0; i < run->parts.count; i++) {
        const struct bill_part *p = &run->parts.at[i];
        parts[i] = (struct csv_part){.path = p->path,
                                     .text = p->layout->parquet ? "" : p->text,
                                     .text_length = p->text_length,
                                     .plan = p->layout->plan};
    }
    return parts;
}

static bool read_all(struct crew *crew, struct bill_run *run, struct csv_part *parts,
                     struct csv_bulk_result *result, struct err *err)
{
    for (;;) {
        crew_init(crew, run);
        struct csv_bulk job = {.parts = parts,
                               .part_count = run->parts.count,
                               .threads = crew->count,
                               .workers = crew->contexts,
                               .on_batch = worker_rows,
                               .progress = run->options->progress,
                               .progress_context = run->options->progress_context};
        switch (csv_bulk_run(&job, result, err)) {
        case CSV_BULK_DONE:
            return true;
        case CSV_BULK_FAILED:
            return false;
        case CSV_BULK_AGAIN:
            crew_release(crew);
        }
    }
}

static int by_file_and_row(const void *a, const void *b)
{
    const struct bad_row *x = a, *y = b;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    if (x->piece != y->piece)
        return x->piece < y->piece ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static void sample_bad_rows(struct bill_summary *out, const struct crew *crew,
                            const struct bill_run *run, const struct csv_bulk_result *result)
{
    struct bad_row *all = mem_alloc(crew->count * BAD_SAMPLES * sizeof *all);
    size_t n = 0;
    for (unsigned w = 0; w < crew->count; w++)
        for (size_t i = 0; i < crew->workers[w].bad_count; i++)
            all[n++] = crew->workers[w].bad[i];
    qsort(all, n, sizeof *all, by_file_and_row);
    for (size_t i = 0; i < n && i < BAD_SAMPLES; i++) {
        const struct bad_row *bad = &all[i];
        struct err text = ERR_INIT;
        uint64_t row = csv_bulk_row_number(result, bad->part, bad->piece, bad->row);
        err_row(&text, run->parts.at[bad->part].path, (size_t)row, bad->column,
                "'%s' is not %s", bad->text, bad->what);
        VEC_ADD(&out->bad_row_samples,
                ((struct bill_bad_row){arena_strdup(&out->arena, text.text)}));
    }
    free(all);
}

static void add_notes(struct estate *into, const struct inputs *in)
{
    for (size_t i = 0; i < in->notes.count; i++)
        estate_note(into, in->notes.at[i].kind, in->notes.at[i].source, "%s",
                    in->notes.at[i].text);
}

static bool load(struct estate *into, struct bill_run *run, struct bill_summary *out,
                 struct err *err)
{
    struct inputs in;
    struct crew crew = {.count = run->options->threads ? run->options->threads
                                                       : parallel_cores()};
    struct csv_bulk_result result = {0};
    struct csv_part *parts = NULL;
    bool ok = inputs_find(&in, run, err);
    if (ok) {
        size_t budget = run->options->memory_budget;
        run->worker_budget = (budget ? budget : default_budget) / crew.count;
        choose_shape(run);
        parts = csv_parts(run);
        ok = read_all(&crew, run, parts, &result, err) &&
             parquet_read_all(run, in.db, crew.workers, crew.count, err);
        inputs_close_duckdb(&in);
    }
    if (ok && run->too_many_currencies)
        ok = err_set(err, "the bills have more than %d currencies", CURRENCIES_MAX);
    if (ok) {
        end_reading(&crew);
        out->bytes = result.bytes;
        sample_bad_rows(out, &crew, run, &result);
        ok = fill_estate(into, run, crew.workers, crew.count, out, err);
        add_notes(into, &in);
    }
    if (crew.workers)
        crew_release(&crew);
    csv_bulk_result_release(&result);
    inputs_release(&in);
    free(parts);
    return ok;
}

bool bill_load(struct estate *into, const struct bill_options *options,
               struct bill_summary *out, struct err *err)
{
    struct arena arena = ARENA_INIT;
    struct bill_run run = {.options = options, .arena = &arena};
    *out = (struct bill_summary){.arena = ARENA_INIT};
    pthread_mutex_init(&run.lock, NULL);
    collect_tags(&run);
    bool ok = load(into, &run, out, err);
    pthread_mutex_destroy(&run.lock);
    list_prices_release(&run.prices);
    clusters_release(&run.clusters);
    VEC_FREE(&run.parts);
    VEC_FREE(&run.layouts);
    arena_release(&arena);
    if (!ok)
        bill_summary_release(out);
    return ok;
}

void bill_summary_release(struct bill_summary *summary)
{
    VEC_FREE(&summary->bad_row_samples);
    arena_release(&summary->arena);
    *summary = (struct bill_summary){.arena = ARENA_INIT};
}

const char *bill_recognise(const char *bytes, size_t length)
{
    struct header header;
    struct err err = ERR_INIT;
    const struct bill_format *format = NULL;
    const char *end = memchr(bytes, '\n', length);
    size_t row = end ? (size_t)(end - bytes) + 1 : length;
    if (row && header_read(&header, "", bytes, row, &err))
        format = format_of(&header);
    if (row)
        header_release(&header);
    return format && !format->refusal ? format->name : NULL;
}
