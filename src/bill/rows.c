#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

enum {
    RAW_ROOM = 8192,
    RAW_CACHE_LIMIT = 48 << 20, /* bytes; then the raw keys are forgotten and learned again */
    DEPENDS = -1,               /* the raw key alone does not tell the sku */
};

void worker_init(struct bill_worker *w, struct bill_run *run)
{
    *w = (struct bill_worker){.run = run};
    groups_init(&w->groups, run->shape.count);
    w->spans = span_cache_open(run->options->grain);
    for (size_t i = 0; i < run->parts.count; i++)
        VEC_ADD(&w->bad_by_part, 0);
}

void worker_release(struct bill_worker *w)
{
    key_table_release(&w->sku_raw);
    key_table_release(&w->sku_keys);
    key_table_release(&w->place_raw);
    key_table_release(&w->place_keys);
    VEC_FREE(&w->skus);
    VEC_FREE(&w->partitions);
    groups_release(&w->groups);
    VEC_FREE(&w->sums);
    VEC_FREE(&w->bad_by_part);
    free(w->spans);
    buf_release(&w->scratch);
    buf_release(&w->key);
}

/*
 * The bytes of the key fields as they stand in the file, each run behind its
 * length: two rows with the same ones have the same key. 0: they do not fit.
 */
static inline size_t raw_key(char *to, const struct bill_row *row, const struct raw_run *runs,
                             size_t count)
{
    const struct csv_rows *rows = row->batch->rows;
    const uint32_t *marks = rows->marks + row->index * rows->stride;
    char *start = to;
    memcpy(to, &row->layout->number, sizeof row->layout->number);
    to += sizeof row->layout->number;
    for (size_t i = 0; i < count; i++) {
        uint32_t from = marks[runs[i].begin] + 1, end = marks[runs[i].end];
        uint32_t length = from < end ? end - from : 0;
        if (length > RAW_ROOM - 64 - (size_t)(to - start))
            return 0;
        memcpy(to, &length, sizeof length);
        to += sizeof length;
        for (uint32_t n = 0; n < length; n += 16)
            memcpy(to + n, rows->bytes + from + n, 16);
        to += length;
    }
    return (size_t)(to - start);
}

static uint32_t canonical(struct key_table *keys, const struct buf *key, bool *is_new)
{
    uint64_t hash = key_hash(key->text, key->length);
    const struct key_entry *e = key_table_find(keys, key->text, key->length, hash);
    *is_new = !e;
    return e ? (uint32_t)(e - keys->entries.at)
             : key_table_add(keys, key->text, key->length, hash, 0);
}

static void remember(struct key_table *raw, const char *key, size_t length, uint64_t hash,
                     uint32_t value)
{
    if (!length)
        return;
    if (raw->bytes.count > RAW_CACHE_LIMIT)
        key_table_release(raw);
    key_table_add(raw, key, length, hash, value);
}

static const struct line_type *type_of_row(struct bill_worker *w, const struct bill_row *row)
{
    if (row->layout->field[ROLE_LINE_TYPE] == ABSENT || row->layout->format->family != FAMILY_CUR)
        return line_type_named("Usage", 5);
    struct csv_view v = row_text(row, row->layout->field[ROLE_LINE_TYPE], &w->scratch);
    const struct line_type *type = line_type_named(v.at, v.length);
    if (!type->depends)
        return type;
    bool arn = row_text(row, row->layout->field[ROLE_RI_ARN], &w->scratch).length > 0;
    v = row_text(row, row->layout->field[ROLE_DESCRIPTION], &w->scratch);
    return line_type_of_row(type, arn, v.at, v.length);
}

static uint32_t learn_sku(struct bill_worker *w, const struct bill_row *row, bool *depends)
{
    bool is_new;
    const struct line_type *type = type_of_row(w, row);
    *depends = type->depends || type->charge == CHARGE_UPFRONT || type->charge == CHARGE_REFUND;
    sku_key(&w->key, w, row, type);
    uint32_t sku = canonical(&w->sku_keys, &w->key, &is_new);
    if (is_new)
        VEC_ADD(&w->skus, sku_info_of(w, type, w->key.text, w->key.length));
    return sku;
}

static inline uint32_t sku_of(struct bill_worker *w, const struct bill_row *row)
{
    char raw[RAW_ROOM];
    size_t n = raw_key(raw, row, row->layout->sku_runs, row->layout->sku_run_count);
    uint64_t hash = key_hash(raw, n);
    const struct key_entry *e = n ? key_table_find(&w->sku_raw, raw, n, hash) : NULL;
    if (e && e->value != (uint32_t)DEPENDS)
        return e->value;
    bool depends;
    uint32_t sku = learn_sku(w, row, &depends);
    if (!e)
        remember(&w->sku_raw, raw, n, hash, depends ? (uint32_t)DEPENDS : sku);
    return sku;
}

static uint8_t partition_of_place(struct bill_worker *w)
{
    struct key_text texts[PLACE_TEXTS];
    struct key_head head;
    struct buf name = BUF_INIT;
    key_parts(&head, texts, PLACE_TEXTS, w->key.text, w->key.length);
    place_resource(&name, &head, texts);
    unsigned p = name.length ? partition_of(key_hash(name.text, name.length)) : NAMELESS;
    buf_release(&name);
    return (uint8_t)p;
}

static inline uint32_t place_of(struct bill_worker *w, const struct bill_row *row)
{
    char raw[RAW_ROOM];
    size_t n = raw_key(raw, row, row->layout->place_runs, row->layout->place_run_count);
    uint64_t hash = key_hash(raw, n);
    const struct key_entry *e = n ? key_table_find(&w->place_raw, raw, n, hash) : NULL;
    if (e)
        return e->value;
    bool is_new;
    place_key(&w->key, w, row);
    uint32_t place = canonical(&w->place_keys, &w->key, &is_new);
    if (is_new)
        VEC_ADD(&w->partitions, partition_of_place(w));
    remember(&w->place_raw, raw, n, hash, place);
    return place;
}

static bool earlier(const struct bad_row *a, const struct bad_row *b)
{
    if (a->part != b->part)
        return a->part < b->part;
    return a->piece != b->piece ? a->piece < b->piece : a->row < b->row;
}

static void keep_bad(struct bill_worker *w, const struct bad_row *bad)
{
    w->bad_rows++;
    w->bad_by_part.at[bad->part]++;
    size_t i = w->bad_count;
    if (i == BAD_SAMPLES && !earlier(bad, &w->bad[i - 1]))
        return;
    i -= i == BAD_SAMPLES;
    for (; i > 0 && earlier(bad, &w->bad[i - 1]); i--)
        w->bad[i] = w->bad[i - 1];
    w->bad[i] = *bad;
    w->bad_count += w->bad_count < BAD_SAMPLES;
}

/* A row that cannot be counted is left out whole: kept as a sample, or an error. */
static bool bad_row(struct bill_worker *w, const struct bill_row *row, const char *column,
                    struct csv_view value, const char *what, struct err *err)
{
    struct bad_row bad = {.part = row->batch->part, .piece = row->batch->piece,
                          .row = row->batch->row + row->index, .column = column};
    snprintf(bad.text, sizeof bad.text, "%.*s", (int)(value.length < 60 ? value.length : 60),
             value.at);
    snprintf(bad.what, sizeof bad.what, "%s", what);
    keep_bad(w, &bad);
    if (!w->run->options->strict)
        return true;
    return err_row(err, w->run->parts.at[bad.part].path, (size_t)bad.row + 1, column,
                   "'%s' is not %s", bad.text, what);
}

static struct file_sum *sum_of(struct bill_worker *w, uint32_t part, uint8_t currency)
{
    for (size_t i = w->sum; i < w->sums.count; i++)
        if (w->sums.at[i].part == part && w->sums.at[i].currency == currency)
            return &w->sums.at[w->sum = i];
    for (size_t i = 0; i < w->sums.count; i++)
        if (w->sums.at[i].part == part && w->sums.at[i].currency == currency)
            return &w->sums.at[w->sum = i];
    struct file_sum *sum = VEC_PUSH(&w->sums);
    w->sum = w->sums.count - 1;
    sum->part = part;
    sum->currency = currency;
    sum->from = INT64_MAX;
    sum->to = INT64_MIN;
    return sum;
}

/* Sums wrap instead of trapping; only amounts far beyond any bill get there. */
static inline void add_to(wide *sum, wide amount)
{
    __extension__ typedef unsigned __int128 unsigned_wide;
    *sum = (wide)((unsigned_wide)*sum + (unsigned_wide)amount);
}

static void add_to_file(struct file_sum *sum, const struct bill_row *row,
                        const struct amounts *a, const struct span *span, enum charge charge)
{
    sum->rows++;
    sum->rounded += a->rounded;
    sum->without_price += a->without_price;
    sum->without_column += a->without_column;
    sum->ragged += row->batch->rows->field_counts[row->index] != row->layout->columns;
    sum->spans[span->length] += charge == CHARGE_USAGE;
    sum->from = span->from < sum->from ? span->from : sum->from;
    sum->to = span->to > sum->to ? span->to : sum->to;
    for (unsigned b = 0; b < BASIS_COUNT; b++)
        add_to(&sum->cost[b], a->cost[b]);
}

static void add_to_group(struct bill_worker *w, const struct sku_info *info,
                         const struct group_key *key, const struct amounts *a)
{
    const struct shape *shape = &w->run->shape;
    uint64_t place_hash = w->place_keys.entries.at[key->place].hash;
    struct group *group = groups_at(&w->groups, w->partitions.at[key->place], key,
                                    group_hash(info->hash, place_hash, key->span));
    group->rows++;
    add_to(&group->sums[shape->quantity], a->quantity);
    for (unsigned b = 0; b < BASIS_COUNT; b++)
        if (shape->own[b])
            add_to(&group->sums[shape->of_basis[b]], a->cost[b]);
}

static bool add_row(struct bill_worker *w, const struct bill_row *row, struct err *err)
{
    const struct span *span = span_of(w->spans, row, &w->scratch);
    if (!span->ok) {
        enum role role = row->layout->field[ROLE_START] != ABSENT ? ROLE_START : ROLE_PERIOD;
        return bad_row(w, row, row->layout->column_name[role],
                       row_text(row, row->layout->field[role], &w->scratch), "a time", err);
    }
    uint32_t sku = sku_of(w, row);
    const struct sku_info *info = &w->skus.at[sku];
    struct amounts a = {.rounded = false};
    if (!amounts_of_family[row->layout->format->family](&a, row, info, span->to))
        return bad_row(w, row, a.bad_column, a.bad_value, "a number", err);
    struct file_sum *sum = &w->sums.at[w->sum];
    if (!w->sums.count || sum->part != row->batch->part || sum->currency != info->currency)
        sum = sum_of(w, row->batch->part, info->currency);
    if (info->skipped) {
        sum->skipped++;
        return true;
    }
    struct group_key key = {sku, place_of(w, row), info->hourly ? span->hour : span->day};
    add_to_file(sum, row, &a, span, info->charge);
    add_to_group(w, info, &key, &a);
    return true;
}

bool worker_rows(void *worker, const struct csv_batch *batch, struct err *err)
{
    struct bill_worker *w = worker;
    struct bill_row row = {.layout = w->run->parts.at[batch->part].layout, .batch = batch};
    for (row.index = batch->first; row.index < batch->rows->count; row.index++)
        if (!add_row(w, &row, err))
            return false;
    return true;
}
