#ifndef BILL_RUN_H
#define BILL_RUN_H

#include <pthread.h>

#include "bill/bill.h"
#include "clusters.h"
#include "format.h"
#include "groups.h"
#include "io/csv_bulk.h"
#include "key_table.h"
#include "line_type.h"
#include "list_price.h"
#include "spill.h"
#include "symbols.h"

enum { CURRENCIES_MAX = 16, CURRENCY_LETTERS = 7, BAD_SAMPLES = 8 };

/* Which sums the files of a run have; a basis without its own sum has that of another. */
struct shape {
    unsigned count;
    unsigned quantity;           /* index of its sum */
    unsigned of_basis[BASIS_COUNT];
    bool own[BASIS_COUNT]; /* not that of another basis */
};

/* One file of the bill, in the order of its path. */
struct bill_part {
    const char *path;
    const char *text; /* made in memory; NULL: read the file */
    size_t text_length;
    const struct layout *layout;
};

/* What a worker knows of a sku. */
struct sku_info {
    const struct line_type *type; /* CUR */
    enum charge charge;
    uint8_t currency; /* index into run.currencies */
    bool hourly;
    bool commits; /* a fee of a commitment: what it says of that is kept beside the sums */
    bool skipped; /* split cost allocation tells again what other rows have told */
    const struct list_price *prices; /* Databricks; NULL: none known */
};

/* Rows of one file and currency, straight from the rows. */
struct file_sum {
    uint32_t part;
    uint8_t currency;
    uint64_t rows, rounded, skipped, ragged, without_price, without_column;
    uint64_t spans[3]; /* usage rows by enum span_length */
    int64_t from, to;
    uint64_t size; /* every cost lies within +- (size + 1) x 2^64 */
    wide cost[BASIS_COUNT];
};

struct bad_row {
    uint32_t part, piece;
    uint64_t row;
    const char *column;
    char text[80], what[80];
};

/* What the fees of one commitment say of it in one month. */
struct commitment_sum {
    uint32_t sku;    /* the worker's */
    int32_t month;
    wide committed, used; /* in money */
    wide count;           /* instances reserved; 0 unknown */
    int64_t seconds;      /* that the commitment was for */
    day end;              /* 0 unknown */
    char kind[32], family[16], region[24];
};

struct bill_run {
    const struct bill_options *options;
    struct arena *arena; /* of the run's own things, for the main thread */
    VEC(struct bill_part) parts;
    VEC(struct layout *) layouts;
    const char *tags[TAGS_MAX];
    size_t tag_count;
    struct shape shape;
    size_t worker_budget; /* bytes of groups of each worker */
    struct list_prices prices;
    struct clusters clusters;
    pthread_mutex_t lock;
    char currencies[CURRENCIES_MAX][CURRENCY_LETTERS + 1];
    size_t currency_count;
    bool too_many_currencies;
};

/* One thread's dictionaries and sums; no other thread touches them while it runs. */
struct bill_worker {
    struct bill_run *run;
    struct key_table sku_raw, place_raw; /* keys as they stand in the files */
    struct key_table sku_keys, place_keys;
    VEC(struct sku_info) skus; /* by number in sku_keys */
    struct groups groups;
    struct spill spill; /* groups that the budget left no room for */
    VEC(struct file_sum) sums;
    struct key_table commitment_keys; /* (sku, month) -> index into commitments */
    VEC(struct commitment_sum) commitments;
    size_t sum; /* the one in use */
    uint64_t bad_rows;
    VEC(uint64_t) bad_by_part;
    struct bad_row bad[BAD_SAMPLES]; /* the first ones, in order */
    size_t bad_count;
    struct span_cache *spans;
    struct staged *staged; /* rows on their way to their groups */
    struct buf scratch, key;
};

void worker_init(struct bill_worker *w, struct bill_run *run);
void worker_release(struct bill_worker *w);

/* A csv_batch_fn. */
bool worker_rows(void *worker, const struct csv_batch *batch, struct err *err);

/* One row while it is read. */
struct bill_row {
    const struct layout *layout;
    const struct csv_batch *batch;
    size_t index;
};

/* A field as it stands in the file; empty when it is ABSENT. */
static inline struct csv_view row_raw(const struct bill_row *row, uint8_t field)
{
    if (field < LATE) {
        struct csv_view v = csv_raw(row->batch->plan, row->batch->rows, row->index, field);
        bool number = row->layout->symbols && row->layout->parquet[field].key;
        return number ? symbols_view(row->layout->symbols, field, v.at) : v;
    }
    if (field == ABSENT)
        return (struct csv_view){"", 0};
    return csv_find(row->batch->plan, row->batch->rows, row->index,
                    row->layout->late[field - LATE]);
}

/* A field's text without its quotes; "" when absent, empty or NULL. Good until the next call
   with the same room. */
struct csv_view row_text(const struct bill_row *row, uint8_t field, struct buf *room);

/* The row's canonical keys: the same text whatever file or worker it came from. */
void sku_key(struct buf *out, struct bill_worker *w, const struct bill_row *row,
             const struct line_type *type);
void place_key(struct buf *out, struct bill_worker *w, const struct bill_row *row);
struct sku_info sku_info_of(struct bill_worker *w, const struct line_type *type,
                            const char *key, size_t length);

/* The parts of a canonical key: strings, and for a sku its format and charge. */
enum place_part {
    PLACE_RESOURCE,
    PLACE_ACCOUNT,
    PLACE_ZONE,
    PLACE_NAME,
    PLACE_TYPE,
    PLACE_CLUSTER,
    PLACE_JOB,
    PLACE_WAREHOUSE,
    PLACE_POOL,
    PLACE_PIPELINE,
    PLACE_ENDPOINT,
    PLACE_NODE_TYPE,
    PLACE_TEXTS, /* the wanted tags' values follow */
};
struct key_text {
    const char *at;
    uint32_t length;
};
struct key_head {
    uint8_t family, charge, amortize;
};
/* Takes a key apart; returns the count of texts. */
size_t key_parts(struct key_head *head, struct key_text *out, size_t room, const char *key,
                 size_t length);

struct key_text currency_of(const struct key_text *sku_texts);

/* The amounts of a row. */
struct amounts {
    wide quantity;
    wide cost[BASIS_COUNT];
    bool rounded, without_price, without_column;
    const char *bad_column; /* of a value that is not a number */
    struct csv_view bad_value;
};
typedef bool amounts_fn(struct amounts *out, const struct bill_row *row,
                        const struct sku_info *sku, int64_t end);
extern amounts_fn *const amounts_of_family[];

/* The span of time of a row, by day, hour or month as asked. */
struct span {
    uint32_t day, hour; /* as group_key.span, at the run's grain and by the hour */
    uint8_t length;     /* enum span_length of the row itself */
    bool ok;
    enum role bad; /* of a time that is none, when not ok */
    int64_t from, to;
};
/* Keeps what a fee, of that sku of the worker, says of its commitment. */
void commitment_row(struct bill_worker *w, const struct bill_row *row, uint32_t sku,
                    const struct amounts *amounts, const struct span *span);

struct span_cache *span_cache_open(enum bill_grain grain);
const struct span *span_of(struct span_cache *cache, const struct bill_row *row,
                           struct buf *room);

/*
 * The key of the resource that a place belongs to; empty when the rows name
 * none. Texts are those of key_parts().
 */
void place_resource(struct buf *out, const struct key_head *head, const struct key_text *texts);

/*
 * All workers' keys as one list, by partition, then by their bytes, and which of
 * a worker's numbers is which. The records stay in the workers' tables.
 */
struct key_list {
    const struct key_record **records; /* by number */
    size_t count;
    uint32_t **number_of; /* [worker][its number] */
    size_t workers;
};
void key_list_make(struct key_list *out, const struct key_table *const *tables, size_t count);
void key_list_release(struct key_list *list);
/* Fetches a key that key_list_parts() will take apart some keys later. */
void key_list_fetch(const struct key_list *list, size_t number);
size_t key_list_parts(struct key_head *head, struct key_text *out, size_t room,
                      const struct key_list *list, size_t number);

/* Everything that was read, merged into the estate. */
bool fill_estate(struct estate *into, struct bill_run *run, struct bill_worker *workers,
                 size_t count, struct bill_summary *out, struct err *err);

#endif
