#ifndef BILL_SYMBOLS_H
#define BILL_SYMBOLS_H

#include <pthread.h>

#include "base/arena.h"
#include "io/csv_scan.h"
#include "io/duckdb.h"

/*
 * Numbers for the texts of a Parquet column, the same number for the same text, so
 * that rows are told apart by numbers and few texts are ever looked at. 0 is no
 * text. Threads number texts side by side; a text stays where it is.
 */
enum { SYMBOL_BLOCKS = 26, FIRST_BLOCK = 64 };

struct symbol {
    uint64_t hash;
    const char *text; /* as CSV has it: in quotes when it begins with one */
    uint32_t length;
};

struct column_symbols {
    pthread_mutex_t lock;
    struct arena texts;
    uint64_t *slots; /* high half of the hash, then the number */
    size_t room, count;
    struct symbol *blocks[SYMBOL_BLOCKS]; /* each twice as long as the one before */
};

/* Of all fields of a layout. */
struct symbols {
    struct column_symbols columns[CSV_WANTED_MAX];
};

struct symbols *symbols_open(void);
void symbols_free(struct symbols *symbols);

/* Numbers a vector of texts. */
void symbols_number(struct column_symbols *column, const struct duckdb_vector *texts,
                    size_t rows, uint32_t *numbers);

/* The text of a number, as it stands in a row: native bytes. */
struct csv_view symbols_view(const struct symbols *symbols, size_t field, const char *number);

#endif
