#ifndef BILL_ROW_MAKER_H
#define BILL_ROW_MAKER_H

#include "format.h"
#include "io/duckdb.h"

/*
 * Rows as csv_scan() finds them, made of columns: fields stand one behind the
 * other as text, parted by a byte that no text has, so that none needs quotes
 * but one that begins with a quote itself.
 */
enum value_kind {
    VALUE_TEXT,
    VALUE_NUMBER, /* uint32_t, as its bytes are; 0 for NULL */
    VALUE_DOUBLE, /* the fewest digits that tell it from other doubles, as exact_amount.h has it */
    VALUE_TIME,   /* int64_t microseconds since 1970, written in whole seconds */
};

enum { ROW_MIB_MAX = 16 };

struct row_maker;
/* `kinds` of the layout's fields are copied. */
struct row_maker *row_maker_open(const struct layout *layout, const enum value_kind *kinds);
void row_maker_free(struct row_maker *maker);

/*
 * Rows [first, end) of the fields' vectors, as many as a batch takes: good until the
 * next call. No row when the first one is longer than ROW_MIB_MAX.
 */
const struct csv_rows *row_maker_fill(struct row_maker *maker,
                                      const struct duckdb_vector *vectors, size_t first,
                                      size_t end);

#endif
