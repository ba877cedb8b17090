#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "row_known.h"

enum {
    STAGED = 16,
    RAW_ROOM = 4096,
    RAW_SLACK = 64 + 5 * (PLACE_ROLES_END + TAGS_MAX), /* copies in steps; lengths */
    /* Then the raw keys are forgotten and learned again. */
    RAW_CACHE_LIMIT = (48 << 20) / RECORD_UNIT,
};

/* A key as it stands in the file; length 0: too long to be remembered. */
struct raw {
    char *bytes;
    size_t length;
    uint64_t hash;
};

/* A row on its way to its group. */
struct staged_row {
    struct raw sku, place;
    struct known_place *known_place; /* NULL: its key is too long to be remembered */
    uint32_t partition;
    struct group_key key;
    struct group *group; /* NULL: to be looked up */
    struct amounts amounts;
};

struct staged {
    struct staged_row rows[STAGED];
    char bytes[2 * STAGED * RAW_ROOM];
};

void worker_init(struct bill_worker *w, struct bill_run *run)
{
    *w = (struct bill_worker){.run = run};
    w->sku_raw.extra = sizeof(struct known_sku);
    w->place_raw.extra = sizeof(struct known_place);
    groups_init(&w->groups, run->shape.count);
    w->spans = span_cache_open(run->options->grain);
    w->staged = mem_alloc(sizeof *w->staged);
    for (size_t i = 0; i < run->parts.count; i++)
        VEC_ADD(&w->bad_by_part, 0);
}

void worker_release(struct bill_worker *w)
{
    key_table_release(&w->sku_raw);
    key_table_release(&w->place_raw);
    key_table_release(&w->sku_keys);
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

static size_t runs_length(const uint32_t *marks, const struct raw_run *runs, size_t count)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t from = marks[runs[i].begin] + 1, end = marks[runs[i].end];
        length += from < end ? end - from : 0;
    }
    return length;
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
    if (rows->ends[row->index] - marks[0] > RAW_ROOM - RAW_SLACK &&
        runs_length(marks, runs, count) > RAW_ROOM - RAW_SLACK)
        return 0;
    memcpy(to, &row->layout->number, sizeof row->layout->number);
    to += sizeof row->layout->number;
    for (size_t i = 0; i < count; i++) {
        uint32_t from = marks[runs[i].begin] + 1, end = marks[runs[i].end];
        uint32_t length = from < end ? end - from : 0;
        *to++ = (char)(length < 255 ? length : 255);
        if (length >= 255) {
            memcpy(to, &length, sizeof length);
            to += sizeof length;
        }
        memcpy(to, rows->bytes + from, 32); /* most are no longer */
        for (uint32_t n = 32; n < length; n += 64)
            memcpy(to + n, rows->bytes + from + n, 64);
        to += length;
    }
    return (size_t)(to - start);
}

/* The raw key's record, made when it is new; NULL: it is too long for one. */
static inline struct key_record *record_of(struct key_table *table, const struct raw *raw,
                                           bool *is_new)
{
    *is_new = true;
    if (!raw->length)
        return NULL;
    struct key_record *r = key_table_find(table, raw->bytes, raw->length, raw->hash);
    *is_new = !r;
    return r ? r : key_table_add(table, raw->bytes, raw->length, raw->hash);
}

static inline uint32_t sku_of(struct bill_worker *w, const struct bill_row *row,
                              const struct raw *raw)
{
    bool is_new;
    struct key_record *r = record_of(&w->sku_raw, raw, &is_new);
    struct known_sku *known = r ? key_extra(r) : NULL;
    if (!is_new && !known->depends)
        return known->number;
    struct known_sku learned = learn_sku(w, row);
    if (known)
        *known = learned;
    return learned.number;
}

/* Where the row goes; the group is known where the last row of its place went there too. */
static inline void aim(struct bill_worker *w, struct staged_row *out,
                       const struct known_place *place, uint32_t sku, uint32_t span)
{
    const struct recent_group *recent = &place->recent[sku & 1];
    out->key = (struct group_key){sku, place->number, span};
    out->partition = place->partition;
    out->group = recent->sku == sku && recent->span == span ? recent->group : NULL;
    if (out->group)
        group_fetch(out->group);
    else
        groups_fetch_slot(&w->groups, out->partition, group_hash(&out->key));
}

static inline void go_to_place(struct bill_worker *w, const struct bill_row *row,
                               struct staged_row *out, uint32_t sku, uint32_t span)
{
    bool is_new;
    struct key_record *r = record_of(&w->place_raw, &out->place, &is_new);
    struct known_place own, *known = r ? key_extra(r) : &own;
    if (is_new)
        *known = learn_place(w, row);
    out->known_place = r ? known : NULL;
    aim(w, out, known, sku, span);
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

/* Sums wrap instead of trapping; fill_estate refuses bills whose amounts could get there. */
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
    for (unsigned b = 0; b < BASIS_COUNT; b++) {
        add_to(&sum->cost[b], a->cost[b]);
        sum->size |= (uint64_t)(a->cost[b] >> 64 ^ a->cost[b] >> 127);
    }
}

static inline void add_to_group(const struct shape *shape, struct group *group,
                                const struct amounts *amounts)
{
    group->rows++;
    add_to(&group->sums[shape->quantity], amounts->quantity);
    for (unsigned b = 0; b < BASIS_COUNT; b++)
        if (shape->own[b])
            add_to(&group->sums[shape->of_basis[b]], amounts->cost[b]);
}

/* Everything about a row but its group; *counted is false when it is left out. */
static inline bool read_row(struct bill_worker *w, const struct bill_row *row,
                            struct staged_row *out, bool *counted, struct err *err)
{
    *counted = false;
    const struct span *span = span_of(w->spans, row, &w->scratch);
    if (!span->ok)
        return bad_row(w, row, row->layout->column_name[span->bad],
                       row_text(row, row->layout->field[span->bad], &w->scratch), "a time", err);
    uint32_t sku = sku_of(w, row, &out->sku);
    const struct sku_info *info = &w->skus.at[sku];
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
        commitment_row(w, row, sku, a, span);
    go_to_place(w, row, out, sku, info->hourly ? span->hour : span->day);
    add_to_file(sum, row, a, span, info->charge);
    *counted = true;
    return true;
}

/* Finds the group of a row, and remembers it for the next one of the same place. */
static inline struct group *find_group(struct bill_worker *w, const struct staged_row *row)
{
    struct group *group = groups_at(&w->groups, row->partition, &row->key, group_hash(&row->key));
    if (row->known_place)
        row->known_place->recent[row->key.sku & 1] =
            (struct recent_group){group, row->key.sku, row->key.span};
    return group;
}

/* Reads a raw key to `to`; returns the place behind it. */
static inline char *stage_key(struct raw *out, const struct key_table *table, char *to,
                              const struct bill_row *row, const struct raw_run *runs,
                              size_t count)
{
    out->bytes = to;
    out->length = raw_key(to, row, runs, count);
    out->hash = key_hash(to, out->length);
    key_table_fetch_slot(table, out->hash);
    return to + out->length;
}

/*
 * A few rows go through the steps together: what one step will touch is fetched
 * into the cache by the step before, while the other rows have their turn.
 */
static bool add_rows(struct bill_worker *w, struct bill_row *row, size_t count, struct err *err)
{
    struct staged_row *rows = w->staged->rows, *ready[STAGED], *unknown[STAGED];
    const struct layout *layout = row->layout;
    size_t first = row->index, counted = 0, unknown_count = 0;
    char *to = w->staged->bytes;
    for (size_t i = 0; i < count; i++, row->index++) {
        to = stage_key(&rows[i].sku, &w->sku_raw, to, row, layout->sku_runs,
                       layout->sku_run_count);
        to = stage_key(&rows[i].place, &w->place_raw, to, row, layout->place_runs,
                       layout->place_run_count);
    }
    for (size_t i = 0; i < count; i++)
        key_table_fetch_record(&w->place_raw, rows[i].place.length, rows[i].place.hash);
    row->index = first;
    for (size_t i = 0; i < count; i++, row->index++) {
        bool counts;
        if (!read_row(w, row, &rows[i], &counts, err))
            return false;
        if (!counts)
            continue;
        ready[counted++] = &rows[i];
        unknown[unknown_count] = &rows[i];
        unknown_count += !rows[i].group; /* a branch here could not be predicted */
    }
    for (size_t i = 0; i < unknown_count; i++)
        groups_fetch_group(&w->groups, unknown[i]->partition, group_hash(&unknown[i]->key));
    for (size_t i = 0; i < unknown_count; i++)
        unknown[i]->group = find_group(w, unknown[i]);
    for (size_t i = 0; i < counted; i++)
        add_to_group(&w->run->shape, ready[i]->group, &ready[i]->amounts);
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
    bool full = w->groups.memory > w->run->worker_budget;
    if (full || w->place_raw.used > RAW_CACHE_LIMIT)
        key_table_release(&w->place_raw);
    if (w->sku_raw.used > RAW_CACHE_LIMIT)
        key_table_release(&w->sku_raw);
    return !full || spill_groups(&w->spill, &w->groups, err);
}
