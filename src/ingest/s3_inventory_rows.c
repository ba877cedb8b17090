#include "s3_inventory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "io/csv_scan.h"
#include "io/stream.h"
#include "s3_inventory_traits.h"
#include "s3_prefix_cache.h"

enum {
    BUFFER = 128 * 1024,
    PAD = 64, /* behind the buffer, for who reads in words */
    DATE_LENGTH = 10,
    LEAD_MAX = 16,
    DATES = 64 << 9, /* years from 2000 on x 16 months x 32 days */
};

/* The values of a row that are looked at one by one, and the rest of it as one text. */
enum value { KEY, SIZE, MODIFIED, LATEST, MARKER, TRAITS, VALUES };

/* Values are without their quotes; the traits as they stand in the file. */
struct row {
    struct csv_view value[VALUES + 1]; /* the last one takes what is not wanted */
};

/* A count that waits for its memory to come: bins of many groups do not fit the cache. */
struct pending {
    struct object_bin *bin;
    uint64_t bytes;
};

struct reading {
    struct tally *tally;
    struct inventory_part *part;
    uint32_t columns;
    struct csv_plan plan;
    struct csv_rows rows;
    struct {
        uint8_t begin, end; /* among a row's marks */
    } marks[VALUES];
    uint8_t lead[LEAD_MAX]; /* the values of the columns before the traits */
    size_t lead_count;      /* 0: not all wanted columns stand before the traits */
    day taken_on;
    struct prefix_cache *prefixes;
    struct trait_cache *traits;
    struct pending pending[CSV_BATCH_ROWS];
    size_t waiting;
    uint8_t size_bin[65];   /* by the number of bits: the bounds are powers of two */
    uint8_t age_bin[DATES]; /* bin + 1 of a date once it was seen */
};

static bool bad_row(struct reading *r, const char *column, const char *why, struct csv_view v)
{
    struct inventory_part *p = r->part;
    int shown = v.length < 60 ? (int)v.length : 60;
    if (p->bad_rows < INVENTORY_BAD_SHOWN)
        err_row(&p->bad[p->bad_rows], p->path, (size_t)p->rows, column, "'%.*s' %s", shown,
                v.at, why);
    p->bad_rows++;
    return false;
}

/* "2026-01-31..." as an index that grows with the date; false where only day_parse() can tell.
 */
static inline bool date_index(unsigned *out, struct csv_view v)
{
    if (v.length < DATE_LENGTH || (v.length > DATE_LENGTH && v.at[DATE_LENGTH] != 'T') ||
        v.at[0] != '2' || v.at[1] != '0')
        return false;
    uint64_t digits = bytes_load8(v.at + 2) ^ UINT64_C(0x30302d30302d3030); /* "00-00-00" */
    if ((digits | (digits + UINT64_C(0x76767f76767f7676))) & bytes_repeat((char)0x80))
        return false;
    unsigned year = (unsigned)(digits & 15) * 10 + (unsigned)(digits >> 8 & 15);
    unsigned month = (unsigned)(digits >> 24 & 15) * 10 + (unsigned)(digits >> 32 & 15);
    unsigned date = (unsigned)(digits >> 48 & 15) * 10 + (unsigned)(digits >> 56);
    *out = year << 9 | month << 5 | date;
    return year < 64 && month < 16 && date < 32;
}

static bool read_age_anew(int *bin, const struct reading *r, struct csv_view v)
{
    day modified;
    if (!day_parse(&modified, v.at, v.length))
        return false;
    int age = r->taken_on - modified;
    *bin = tally_age_bin(age > 0 ? age : 0);
    return true;
}

static inline bool read_age(int *bin, struct reading *r, struct csv_view v)
{
    unsigned date;
    if (!date_index(&date, v))
        return read_age_anew(bin, r, v);
    if (!r->age_bin[date]) {
        v.length = DATE_LENGTH;
        if (!read_age_anew(bin, r, v))
            return false;
        r->age_bin[date] = (uint8_t)(*bin + 1);
    }
    *bin = r->age_bin[date] - 1;
    return true;
}

static inline int size_bin(const struct reading *r, uint64_t bytes)
{
    return r->size_bin[bytes ? 64 - __builtin_clzll(bytes) : 0];
}

/* "true" and "false"; what is not listed or empty is `otherwise`. */
static inline bool read_truth(bool *out, struct csv_view v, bool otherwise)
{
    *out = v.length == 0 ? otherwise : v.length == 4;
    return v.length == 0 || (v.length == 4 && !strncasecmp(v.at, "true", 4)) ||
           (v.length == 5 && !strncasecmp(v.at, "false", 5));
}

static inline bool read_state(enum object_state *out, struct reading *r, const struct row *row)
{
    static const char wrong[] = "is neither true nor false";
    bool latest, marker;
    if (!read_truth(&latest, row->value[LATEST], true))
        return bad_row(r, "IsLatest", wrong, row->value[LATEST]);
    if (!read_truth(&marker, row->value[MARKER], false))
        return bad_row(r, "IsDeleteMarker", wrong, row->value[MARKER]);
    *out = marker ? OBJECT_DELETE_MARKER : latest ? OBJECT_CURRENT : OBJECT_NONCURRENT;
    return true;
}

static inline void add(struct object_bin *bin, uint64_t bytes)
{
    bin->count++;
    bin->bytes += bytes;
}

static void add_waiting(struct reading *r)
{
    for (size_t i = 0; i < r->waiting; i++)
        add(r->pending[i].bin, r->pending[i].bytes);
    r->waiting = 0;
}

static inline void count(struct reading *r, uint32_t prefix, uint8_t class,
                         enum object_state state, int age, uint64_t size)
{
    struct tally *t = r->tally;
    uint32_t known = t->prefixes.at[prefix].group[class][state];
    struct tally_group *group;
    if (r->waiting == CSV_BATCH_ROWS)
        add_waiting(r);
    if (known) {
        group = &t->groups.at[known - 1];
    } else {
        add_waiting(r); /* a new group moves the others */
        group = tally_group(t, prefix, class, state);
    }
    struct object_bin *bin = &group->bins[age][size_bin(r, size)];
    __builtin_prefetch(bin, 1);
    r->pending[r->waiting++] = (struct pending){bin, size};
}

static inline void count_properties(struct tally *t, unsigned properties, uint64_t size)
{
    for (; properties; properties &= properties - 1)
        add(&t->property[__builtin_ctz(properties)], size);
}

static bool take_row(struct reading *r, const struct row *row, struct traits traits)
{
    uint64_t size = 0;
    int age;
    struct csv_view key = row->value[KEY], size_text = row->value[SIZE];
    enum object_state state;
    if (key.length == 0)
        return bad_row(r, "Key", "is no key", key);
    if (!read_state(&state, r, row))
        return false;
    if (!bytes_number(&size, size_text.at, size_text.length) &&
        !(size_text.length == 0 && state == OBJECT_DELETE_MARKER))
        return bad_row(r, "Size", "is not a number of bytes", size_text);
    if (!read_age(&age, r, row->value[MODIFIED]))
        return bad_row(r, "LastModifiedDate", "is not a date", row->value[MODIFIED]);
    count(r, prefix_cache_find(r->prefixes, key.at, key.length), traits.class, state, age,
          size);
    count_properties(r->tally, traits.properties, size);
    return true;
}

/*
 * A row as S3 writes it: every value in quotes, none with quotes inside. Returns the
 * row's end; NULL where it is another one or goes on behind `end`.
 */
static inline const char *split_row(struct row *row, const struct reading *r, const char *at,
                                    const char *end)
{
    for (size_t i = 0; i < r->lead_count; i++) {
        const char *from = at + 1;
        if (end - at < 2 || *at != '"')
            return NULL;
        const char *to = memchr(from, '"', (size_t)(end - from));
        if (!to || end - to < 2 || to[1] != ',')
            return NULL;
        row->value[r->lead[i]] = (struct csv_view){from, (uint32_t)(to - from)};
        at = to + 2;
    }
    const char *line_end = memchr(at, '\n', (size_t)(end - at));
    row->value[TRAITS] = (struct csv_view){at, line_end ? (uint32_t)(line_end - at) : 0};
    return line_end;
}

/* Takes rows from the front up to one that is not as S3 writes it. Returns their length. */
static size_t take_regular(struct reading *r, const char *bytes, size_t length)
{
    struct row row = {.value = {{"", 0}}};
    const char *at = bytes, *end = bytes + length, *row_end;
    while (r->lead_count && (row_end = split_row(&row, r, at, end))) {
        struct traits traits =
            trait_cache_find(r->traits, row.value[TRAITS].at, row.value[TRAITS].length);
        if (!traits.regular)
            break;
        r->part->rows++;
        take_row(r, &row, traits);
        at = row_end + 1;
    }
    return (size_t)(at - bytes);
}

static inline struct csv_view scanned(const struct reading *r, size_t row, enum value value)
{
    const uint32_t *marks = r->rows.marks + row * r->rows.stride;
    uint32_t from = marks[r->marks[value].begin] + 1, to = marks[r->marks[value].end];
    struct csv_view v = {r->rows.bytes + from, from < to ? to - from : 0};
    uint32_t quotes = v.length >= 2 && v.at[0] == '"' && v.at[v.length - 1] == '"';
    return value == TRAITS ? v : (struct csv_view){v.at + quotes, v.length - 2 * quotes};
}

static void take_scanned(struct reading *r, size_t number)
{
    struct row row;
    for (int v = 0; v < VALUES; v++)
        row.value[v] = scanned(r, number, (enum value)v);
    r->part->rows++;
    if (r->rows.field_counts[number] < r->columns)
        bad_row(r, NULL, "is a row with fewer columns than the fileSchema", row.value[KEY]);
    else
        take_row(r, &row,
                 trait_cache_find(r->traits, row.value[TRAITS].at, row.value[TRAITS].length));
}

/* Takes whole rows. False when the bytes end within quotes. */
static bool take_rows(struct reading *r, const char *bytes, size_t length, bool last,
                      size_t *used)
{
    *used = 0;
    do {
        *used += take_regular(r, bytes + *used, length - *used);
        *used += csv_scan(&r->plan, &r->rows, bytes + *used, length - *used, last);
        for (size_t row = 0; row < r->rows.count; row++)
            take_scanned(r, row);
    } while (r->rows.count > 0);
    add_waiting(r);
    return !r->rows.unclosed;
}

static bool take_stream(struct reading *r, struct stream *stream, char *buffer,
                        struct err *err)
{
    size_t filled = 0, got, used;
    bool last = false;
    while (!last) {
        if (!stream_read(stream, buffer + filled, BUFFER - filled, &got, err))
            return false;
        last = got == 0;
        filled += got;
        if (!take_rows(r, buffer, filled, last, &used) && last)
            return err_row(err, r->part->path, (size_t)r->part->rows + 1, NULL,
                           "a quoted value has no end");
        if (used == 0 && filled == BUFFER)
            return err_row(err, r->part->path, (size_t)r->part->rows + 1, NULL,
                           "the row is longer than %d bytes", BUFFER);
        memmove(buffer, buffer + used, filled - used);
        filled -= used;
        prefix_cache_moved(r->prefixes);
    }
    return true;
}

static const enum inventory_column single[TRAITS] = {
    [KEY] = INVENTORY_KEY,       [SIZE] = INVENTORY_SIZE,     [MODIFIED] = INVENTORY_MODIFIED,
    [LATEST] = INVENTORY_LATEST, [MARKER] = INVENTORY_MARKER,
};

/* What is not listed gets an empty place. */
static void plan_marks(struct reading *r, const struct inventory_schema *schema,
                       struct trait_span span)
{
    uint32_t columns[VALUES + 1];
    size_t wanted = 0;
    for (int v = 0; v < TRAITS; v++)
        if (schema->position[single[v]] >= 0)
            columns[wanted++] = (uint32_t)schema->position[single[v]];
    if (span.listed) {
        columns[wanted++] = span.first;
        columns[wanted++] = span.last;
    }
    csv_plan_make(&r->plan, csv_kernel_best(), ',', columns, wanted);
    for (int v = 0, w = 0; v < VALUES; v++) {
        bool listed = v == TRAITS ? span.listed : schema->position[single[v]] >= 0;
        r->marks[v].begin = listed ? r->plan.begin[w] : 1;
        r->marks[v].end = listed ? r->plan.end[w + (v == TRAITS)] : 1;
        w += listed;
    }
}

static void plan_lead(struct reading *r, const struct inventory_schema *schema,
                      struct trait_span span)
{
    if (!span.listed || span.first > LEAD_MAX)
        return;
    memset(r->lead, VALUES, sizeof r->lead);
    for (int v = 0; v < TRAITS; v++) {
        int at = schema->position[single[v]];
        if (at >= (int)span.first)
            return;
        if (at >= 0)
            r->lead[at] = (uint8_t)v;
    }
    r->lead_count = span.first;
}

static struct reading *reading_open(struct tally *tally, struct inventory_part *part,
                                    const struct inventory_schema *schema, day taken_on)
{
    struct reading *r = mem_alloc(sizeof *r);
    r->tally = tally;
    r->part = part;
    r->columns = schema->columns;
    r->taken_on = taken_on;
    r->prefixes = prefix_cache_open(tally);
    r->traits = trait_cache_open(tally, schema);
    for (int bits = 1; bits <= 64; bits++)
        r->size_bin[bits] = (uint8_t)tally_size_bin((uint64_t)1 << (bits - 1));
    plan_marks(r, schema, trait_span_of(schema));
    plan_lead(r, schema, trait_span_of(schema));
    csv_rows_init(&r->rows, &r->plan);
    return r;
}

static void reading_close(struct reading *r)
{
    csv_rows_release(&r->rows);
    prefix_cache_free(r->prefixes);
    trait_cache_free(r->traits);
    free(r);
}

void inventory_part_read(struct tally *tally, struct inventory_part *part,
                         const struct inventory_schema *schema, day taken_on)
{
    struct reading *r = reading_open(tally, part, schema, taken_on);
    struct stream *stream = NULL;
    char *buffer = mem_alloc(BUFFER + PAD);
    part->failed = !stream_open(&stream, part->path, &part->err) ||
                   !take_stream(r, stream, buffer, &part->err);
    part->bytes = stream ? stream_offset(stream) : 0;
    stream_close(stream);
    reading_close(r);
    free(buffer);
}
