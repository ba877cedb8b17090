#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run.h"

enum {
    STAGED = 16,
    RAW_ROOM = 4096,
    RAW_SLACK = 64, /* for lengths, and copies in steps */
    RAW_CACHE_LIMIT = 48 << 20, /* bytes; then the raw keys are forgotten and learned again */
    DEPENDS = -1,               /* the raw key alone does not tell the sku */
};

/* A key as it stands in the file; length 0: too long to be remembered. */
struct raw {
    uint64_t hash; /* unless it is the same as that of the row before */
    size_t length;
    char *bytes;
    bool same;
};

/* What a raw key stands for: the worker's number, and the hash of the canonical key. */
struct known {
    uint32_t number, partition;
    uint64_t hash;
};

struct settled {
    struct known known;
    bool yes; /* `known` is true of every row with the same raw key */
};

struct staged_row {
    struct group_key key;
    uint32_t partition;
    uint64_t hash;
    struct amounts amounts;
    struct raw sku, place;
    struct settled sku_is, place_is;
};

struct staged {
    struct staged_row rows[STAGED];
    char bytes[2 * STAGED * RAW_ROOM];
};

void worker_init(struct bill_worker *w, struct bill_run *run)
{
    *w = (struct bill_worker){.run = run};
    groups_init(&w->groups, run->shape.count);
    w->spans = span_cache_open(run->options->grain);
    w->staged = mem_alloc(sizeof *w->staged);
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
    groups_release(&w->groups);
    spill_release(&w->spill);
    VEC_FREE(&w->sums);
    key_table_release(&w->commitment_keys);
    VEC_FREE(&w->commitments);
    VEC_FREE(&w->bad_by_part);
    free(w->spans);
    free(w->staged);
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
        if (length > RAW_ROOM - RAW_SLACK - (size_t)(to - start))
            return 0;
        *to++ = (char)(length < 255 ? length : 255);
        if (length >= 255) {
            memcpy(to, &length, sizeof length);
            to += sizeof length;
        }
        memcpy(to, rows->bytes + from, 32); /* most are no longer */
        for (uint32_t n = 32; n < length; n += 32)
            memcpy(to + n, rows->bytes + from + n, 32);
        to += length;
    }
    return (size_t)(to - start);
}

static struct key_record *canonical(struct key_table *keys, const struct buf *key, bool *is_new)
{
    uint64_t hash = key_hash(key->text, key->length);
    struct key_record *r = key_table_find(keys, key->text, key->length, hash);
    *is_new = !r;
    return r ? r : key_table_add(keys, key->text, key->length, hash);
}

static void remember(struct key_table *raw, const struct raw *key, const struct known *known,
                     bool depends)
{
    if (!key->length)
        return;
    if (raw->records.count > RAW_CACHE_LIMIT)
        key_table_release(raw);
    struct key_record *r = key_table_add(raw, key->bytes, key->length, key->hash);
    r->value = depends ? (uint32_t)DEPENDS : known->number;
    r->value_hash = known->hash;
    r->partition = known->partition;
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

static struct known learn_sku(struct bill_worker *w, const struct bill_row *row, bool *depends)
{
    bool is_new;
    const struct line_type *type = type_of_row(w, row);
    *depends = type->depends || type->charge == CHARGE_UPFRONT || type->charge == CHARGE_REFUND;
    sku_key(&w->key, w, row, type);
    const struct key_record *r = canonical(&w->sku_keys, &w->key, &is_new);
    if (is_new)
        VEC_ADD(&w->skus, sku_info_of(w, type, w->key.text, w->key.length));
    return (struct known){r->number, 0, r->hash};
}

static struct known learn_place(struct bill_worker *w, const struct bill_row *row)
{
    bool is_new;
    place_key(&w->key, w, row);
    struct key_record *r = canonical(&w->place_keys, &w->key, &is_new);
    if (is_new)
        r->partition = partition_of_place(w);
    return (struct known){r->number, r->partition, r->hash};
}

/* The raw key's record; NULL when it is new or too long. */
static inline const struct key_record *look_up(const struct key_table *table, struct raw *raw)
{
    if (!raw->length)
        return NULL;
    if (raw->same)
        raw->hash = key_hash(raw->bytes, raw->length);
    return key_table_find(table, raw->bytes, raw->length, raw->hash);
}

static inline struct known sku_of(struct bill_worker *w, const struct bill_row *row,
                                  struct staged_row *out)
{
    if (out->sku.same && out[-1].sku_is.yes)
        return (out->sku_is = out[-1].sku_is).known;
    const struct key_record *r = look_up(&w->sku_raw, &out->sku);
    bool depends = r && r->value == (uint32_t)DEPENDS;
    struct known known;
    if (r && !depends) {
        known = (struct known){r->value, 0, r->value_hash};
    } else {
        known = learn_sku(w, row, &depends);
        if (!r)
            remember(&w->sku_raw, &out->sku, &known, depends);
    }
    out->sku_is = (struct settled){known, !depends};
    return known;
}

static inline struct known place_of(struct bill_worker *w, const struct bill_row *row,
                                    struct staged_row *out)
{
    if (out->place.same && out[-1].place_is.yes)
        return (out->place_is = out[-1].place_is).known;
    const struct key_record *r = look_up(&w->place_raw, &out->place);
    struct known known;
    if (r) {
        known = (struct known){r->value, r->partition, r->value_hash};
    } else {
        known = learn_place(w, row);
        remember(&w->place_raw, &out->place, &known, false);
    }
    out->place_is = (struct settled){known, true};
    return known;
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

static inline void add_to_group(struct bill_worker *w, const struct staged_row *row)
{
    const struct shape *shape = &w->run->shape;
    struct group *group = groups_at(&w->groups, row->partition, &row->key, row->hash);
    group->rows++;
    add_to(&group->sums[shape->quantity], row->amounts.quantity);
    for (unsigned b = 0; b < BASIS_COUNT; b++)
        if (shape->own[b])
            add_to(&group->sums[shape->of_basis[b]], row->amounts.cost[b]);
}

/* Everything about a row but its group; *counted is false when it is left out. */
static inline bool read_row(struct bill_worker *w, const struct bill_row *row,
                            struct staged_row *out, bool *counted, struct err *err)
{
    *counted = out->sku_is.yes = out->place_is.yes = false;
    const struct span *span = span_of(w->spans, row, &w->scratch);
    if (!span->ok) {
        enum role role = row->layout->field[ROLE_START] != ABSENT ? ROLE_START : ROLE_PERIOD;
        return bad_row(w, row, row->layout->column_name[role],
                       row_text(row, row->layout->field[role], &w->scratch), "a time", err);
    }
    struct known sku = sku_of(w, row, out);
    const struct sku_info *info = &w->skus.at[sku.number];
    struct amounts *a = &out->amounts;
    a->rounded = a->without_price = a->without_column = false;
    if (!amounts_of_family[row->layout->format->family](a, row, info, span->to))
        return bad_row(w, row, a->bad_column, a->bad_value, "a number", err);
    struct file_sum *sum = w->sums.count ? &w->sums.at[w->sum] : NULL;
    if (!sum || sum->part != row->batch->part || sum->currency != info->currency)
        sum = sum_of(w, row->batch->part, info->currency);
    if (info->skipped) {
        sum->skipped++;
        return true;
    }
    if (info->commits)
        commitment_row(w, row, sku.number, a, span);
    struct known place = place_of(w, row, out);
    out->key = (struct group_key){sku.number, place.number, info->hourly ? span->hour : span->day};
    out->hash = group_hash(sku.hash, place.hash, out->key.span);
    out->partition = place.partition;
    add_to_file(sum, row, a, span, info->charge);
    *counted = true;
    return true;
}

/* What is the same as in the row before need not be looked up again. */
static inline void stage_key(struct raw *out, const struct raw *before,
                             const struct key_table *table, char *at, size_t length)
{
    out->bytes = at;
    out->length = length;
    out->same = before && length && before->length == length &&
                !memcmp(before->bytes, at, length);
    if (out->same)
        return;
    out->hash = key_hash(at, length);
    key_table_fetch_slot(table, out->hash);
}

/* Reads a row's raw keys to `to`; returns the place behind them. */
static inline char *stage_keys(struct bill_worker *w, const struct bill_row *row,
                               struct staged_row *out, const struct staged_row *before,
                               char *to)
{
    const struct layout *layout = row->layout;
    size_t length = raw_key(to, row, layout->sku_runs, layout->sku_run_count);
    stage_key(&out->sku, before ? &before->sku : NULL, &w->sku_raw, to, length);
    to += length;
    length = raw_key(to, row, layout->place_runs, layout->place_run_count);
    stage_key(&out->place, before ? &before->place : NULL, &w->place_raw, to, length);
    return to + length;
}

/*
 * A few rows go through the steps together: what one step will touch is fetched
 * into the cache by the step before, while the other rows have their turn.
 */
static bool add_rows(struct bill_worker *w, struct bill_row *row, size_t count, struct err *err)
{
    struct staged_row *rows = w->staged->rows;
    size_t first = row->index, counted = 0;
    char *to = w->staged->bytes;
    for (size_t i = 0; i < count; i++, row->index++)
        to = stage_keys(w, row, &rows[i], i ? &rows[i - 1] : NULL, to);
    for (size_t i = 0; i < count; i++) {
        if (!rows[i].sku.same)
            key_table_fetch_record(&w->sku_raw, rows[i].sku.hash);
        if (!rows[i].place.same)
            key_table_fetch_record(&w->place_raw, rows[i].place.hash);
    }
    struct staged_row *ready[STAGED];
    row->index = first;
    for (size_t i = 0; i < count; i++, row->index++) {
        bool counts;
        if (!read_row(w, row, &rows[i], &counts, err))
            return false;
        if (!counts)
            continue;
        groups_fetch_slot(&w->groups, rows[i].partition, rows[i].hash);
        ready[counted++] = &rows[i];
    }
    for (size_t i = 0; i < counted; i++)
        groups_fetch_group(&w->groups, ready[i]->partition, ready[i]->hash);
    for (size_t i = 0; i < counted; i++)
        add_to_group(w, ready[i]);
    return true;
}

bool worker_rows(void *worker, const struct csv_batch *batch, struct err *err)
{
    struct bill_worker *w = worker;
    struct bill_row row = {.layout = w->run->parts.at[batch->part].layout, .batch = batch};
    for (row.index = batch->first; row.index < batch->rows->count;) {
        size_t left = batch->rows->count - row.index;
        if (!add_rows(w, &row, left < STAGED ? left : STAGED, err))
            return false;
    }
    return w->groups.memory <= w->run->worker_budget || spill_groups(&w->spill, &w->groups, err);
}
