#include "row_maker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/shortest.h"
#include "base/when.h"
#include "exact_amount.h"

enum {
    ROW_MAX = ROW_MIB_MAX << 20,
    VALUE_ROOM = 64,  /* of a number or time; what is read behind a batch */
    NUMBERS = 1024,   /* numbers and times that are remembered as they stand in rows */
    TIMES = 1024,
    HOUR = 3600,
    SEPARATOR = 0xff, /* never in UTF-8 */
    SECOND = 1000000,
};

/* Prices and amounts come again and again. */
struct number {
    uint64_t bits;
    uint8_t length; /* 0: none yet */
    char field[SHORTEST_TEXT];
};

/* A month has few hours. */
struct time {
    int64_t second;
    char text[TIME_TEXT]; /* "": none yet */
};

struct row_maker {
    struct csv_rows rows;
    size_t fields;
    enum value_kind kinds[CSV_WANTED_MAX];
    char *bytes;
    size_t length, room;
    struct number numbers[NUMBERS];
    struct time times[TIMES];
};

struct row_maker *row_maker_open(const struct layout *layout, const enum value_kind *kinds)
{
    struct row_maker *m = mem_alloc(sizeof *m);
    csv_rows_init(&m->rows, &layout->plan);
    m->fields = layout->plan.wanted_count;
    memcpy(m->kinds, kinds, m->fields * sizeof *kinds);
    return m;
}

void row_maker_free(struct row_maker *m)
{
    csv_rows_release(&m->rows);
    free(m->bytes);
    free(m);
}

static void make_room(struct row_maker *m, size_t more)
{
    if (m->room - m->length >= more)
        return;
    m->room = 2 * m->room + more;
    m->bytes = mem_resize(m->bytes, m->room);
}

static void add_quoted(struct row_maker *m, const char *text, size_t length)
{
    make_room(m, 2 * length + (m->fields + 1) * VALUE_ROOM);
    char *to = m->bytes + m->length;
    *to++ = '"';
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"')
            *to++ = '"';
        *to++ = text[i];
    }
    *to++ = '"';
    m->length = (size_t)(to - m->bytes);
}

/* False: the row gets too long. */
static inline bool add_text(struct row_maker *m, const struct duckdb_text *value)
{
    size_t length = value->length;
    if (length <= sizeof value->bytes) {
        if (length && value->bytes[0] == '"') {
            add_quoted(m, value->bytes, length);
        } else {
            memcpy(m->bytes + m->length, value->bytes, sizeof value->bytes);
            m->length += length;
        }
        return true;
    }
    const char *text = duckdb_text_bytes(value);
    if (m->length + length > 2 * (size_t)ROW_MAX)
        return false;
    make_room(m, length + (m->fields + 1) * VALUE_ROOM);
    if (text[0] == '"') {
        add_quoted(m, text, length);
    } else {
        memcpy(m->bytes + m->length, text, length);
        m->length += length;
    }
    return true;
}

/* What is no amount, or has more than 18 decimals, stands as the text that CSV would have. */
static size_t write_double(char field[SHORTEST_TEXT], double value)
{
    struct shortest s;
    struct money amount;
    if (!shortest_decimal(&s, value) || !money_exact(&amount, s.digits, s.exponent))
        return shortest_text(field, value);
    return exact_amount_write(field, s.negative ? money_neg(amount) : amount);
}

static inline void add_double(struct row_maker *m, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    struct number *n = &m->numbers[(bits * 0x9e3779b97f4a7c15u) >> 54];
    if (n->bits != bits || !n->length) {
        n->bits = bits;
        n->length = (uint8_t)write_double(n->field, value);
    }
    memcpy(m->bytes + m->length, n->field, sizeof n->field);
    m->length += n->length;
}

static inline void add_number(struct row_maker *m, uint32_t number)
{
    memcpy(m->bytes + m->length, &number, sizeof number);
    m->length += sizeof number;
}

static inline void add_null(struct row_maker *m, enum value_kind kind)
{
    if (kind == VALUE_NUMBER)
        add_number(m, 0);
}

/* What lies outside of years of four digits stands as the number it is, which is no time. */
static inline void add_time(struct row_maker *m, int64_t microseconds)
{
    int64_t second = microseconds / SECOND - (microseconds % SECOND < 0);
    if (second < -62135596800 || second > 253402300799) {
        m->length += (size_t)sprintf(m->bytes + m->length, "%lld", (long long)microseconds);
        return;
    }
    struct time *t = &m->times[(uint64_t)second / HOUR % TIMES];
    if (t->second != second || !t->text[0])
        time_format(t->text, t->second = second);
    memcpy(m->bytes + m->length, t->text, TIME_TEXT - 1);
    m->length += TIME_TEXT - 1;
}

static inline bool add_value(struct row_maker *m, enum value_kind kind, const void *values,
                             size_t row)
{
    if (kind == VALUE_NUMBER)
        add_number(m, ((const uint32_t *)values)[row]);
    else if (kind == VALUE_TEXT)
        return add_text(m, (const struct duckdb_text *)values + row);
    else if (kind == VALUE_DOUBLE)
        add_double(m, ((const double *)values)[row]);
    else
        add_time(m, ((const int64_t *)values)[row]);
    return true;
}

static bool add_row(struct row_maker *m, const struct duckdb_vector *vectors, size_t row)
{
    struct csv_rows *rows = &m->rows;
    uint32_t *marks = rows->marks + rows->count * rows->stride;
    size_t start = m->length;
    marks[0] = (uint32_t)start - 1;
    make_room(m, (m->fields + 1) * VALUE_ROOM);
    for (size_t f = 0; f < m->fields; f++) {
        if (duckdb_is_null(&vectors[f], row))
            add_null(m, m->kinds[f]);
        else if (!add_value(m, m->kinds[f], vectors[f].values, row))
            return false;
        marks[f + 1] = (uint32_t)m->length;
        m->bytes[m->length++] = (char)SEPARATOR;
    }
    if (m->length - start > ROW_MAX)
        return false;
    rows->ends[rows->count] = (uint32_t)m->length - 1;
    rows->field_counts[rows->count] = (uint32_t)m->fields;
    rows->count++;
    return true;
}

const struct csv_rows *row_maker_fill(struct row_maker *m, const struct duckdb_vector *vectors,
                                      size_t first, size_t end)
{
    m->length = 0;
    m->rows.count = 0;
    while (first < end && m->rows.count < CSV_BATCH_ROWS && m->length < ROW_MAX &&
           add_row(m, vectors, first))
        first++;
    m->rows.bytes = m->bytes;
    return &m->rows;
}
