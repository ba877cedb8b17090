#include "parquet.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/csv.h"
#include "row_maker.h"

bool parquet_likely(const char *bytes, size_t length)
{
    return length >= 4 && !memcmp(bytes, "PAR1", 4);
}

/* How DuckDB's types become the few that rows are made of; the first that fits. */
static const struct {
    const char *type; /* how its name begins; "" fits all */
    const char *before, *after;
    enum value_kind kind;
} conversions[] = {
    {"VARCHAR", "", "", VALUE_TEXT},
    {"DOUBLE", "", "", VALUE_DOUBLE},
    {"TIMESTAMP", "epoch_us(", ")", VALUE_TIME},
    {"DATE", "epoch_us(", ")", VALUE_TIME},
    {"MAP(", "CAST(to_json(", ") AS VARCHAR)", VALUE_TEXT},
    {"STRUCT(", "CAST(to_json(", ") AS VARCHAR)", VALUE_TEXT},
    {"", "CAST(", " AS VARCHAR)", VALUE_TEXT},
};
enum { AS_TEXT = sizeof conversions / sizeof *conversions - 1, AS_JSON = AS_TEXT - 1 };

/* A list is called as what is in it: DOUBLE[], VARCHAR[3]. */
static bool is_list(const char *type)
{
    size_t length = strlen(type);
    return length && type[length - 1] == ']';
}

static size_t conversion_of(const char *type)
{
    if (is_list(type))
        return AS_JSON;
    size_t i = 0;
    while (strncmp(type, conversions[i].type, strlen(conversions[i].type)) != 0)
        i++;
    return i;
}

static void add_converted(struct buf *sql, const char *name, size_t conversion)
{
    buf_add(sql, conversions[conversion].before);
    duckdb_quote_name(sql, name);
    buf_add(sql, conversions[conversion].after);
}

static void add_text(struct buf *sql, const char *name, const char *type)
{
    size_t i = conversion_of(type);
    add_converted(sql, name, conversions[i].kind == VALUE_TEXT ? i : AS_TEXT);
}

static enum value_kind add_column(struct buf *sql, const struct parquet_column *column,
                                  size_t field)
{
    size_t i = conversion_of(column->type);
    if (!column->key) {
        add_converted(sql, column->name, i);
        return conversions[i].kind;
    }
    buf_printf(sql, DUCKDB_NUMBER "(%zu::UINTEGER, ", field);
    add_text(sql, column->name, column->type);
    buf_add(sql, ")");
    return VALUE_NUMBER;
}

/* A path is a pattern to DuckDB: what is special there stands for itself in brackets. */
static void add_path(struct buf *sql, const char *path)
{
    struct buf literal = BUF_INIT;
    for (const char *p = path; *p; p++) {
        bool special = strchr("*?[", *p) != NULL;
        buf_add(&literal, special ? "[" : "");
        buf_add_char(&literal, *p);
        buf_add(&literal, special ? "]" : "");
    }
    duckdb_quote(sql, buf_text(&literal));
    buf_release(&literal);
}

/* Old writers do not mark texts as such. */
static void open_source(struct buf *sql)
{
    buf_add(sql, "read_parquet([");
}

static void close_source(struct buf *sql)
{
    buf_add(sql, "], binary_as_string = true)");
}

static void add_file(struct buf *sql, const char *path)
{
    open_source(sql);
    add_path(sql, path);
    close_source(sql);
}

static bool query(struct buf *out, struct duckdb *db, const char *path, struct buf *sql,
                  struct err *err)
{
    bool ok = duckdb_csv(out, db, buf_text(sql), err) || err_within(err, "%s", path);
    buf_release(sql);
    return ok;
}

static bool read_columns(struct header *out, const char *path, const struct buf *described,
                         struct err *err)
{
    struct csv *csv;
    bool more = true;
    if (!csv_open_text(&csv, path, described->text, described->length, err))
        return false;
    bool ok = true;
    while (ok && (ok = csv_next(csv, &more, err)) && more) {
        header_add(out, csv_text(csv, 0));
        VEC_ADD(&out->types, arena_strdup(&out->arena, csv_text(csv, 1)));
    }
    csv_close(csv);
    return ok;
}

bool parquet_header(struct header *out, struct duckdb *db, const char *path, struct err *err)
{
    struct buf sql = BUF_INIT, described = BUF_INIT;
    *out = (struct header){.arena = ARENA_INIT};
    buf_add(&sql, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ");
    add_file(&sql, path);
    buf_add(&sql, ")");
    bool ok = query(&described, db, path, &sql, err) && read_columns(out, path, &described, err);
    buf_release(&described);
    return ok;
}

bool parquet_rows(struct buf *out, struct duckdb *db, const char *path,
                  const struct header *header, struct err *err)
{
    struct buf sql = BUF_INIT;
    buf_add(&sql, "SELECT ");
    for (size_t i = 0; i < header->names.count; i++) {
        buf_add(&sql, i ? ", " : "");
        add_text(&sql, header->names.at[i], header->types.at[i]);
        buf_add(&sql, " AS ");
        duckdb_quote_name(&sql, header->names.at[i]);
    }
    buf_add(&sql, " FROM ");
    add_file(&sql, path);
    return query(out, db, path, &sql, err);
}

/* A worker with what it needs to take rows; free ones stand in a stack. */
struct hand {
    struct bill_worker *worker;
    struct row_maker *maker;
};

/* One query: all parts of one layout. */
struct reading {
    struct bill_run *run;
    struct layout *layout;
    VEC(uint32_t) parts; /* by their place in the query */
    pthread_mutex_t lock;
    pthread_cond_t freed;
    struct hand *free;
    size_t free_count;
};

static struct hand take_hand(struct reading *r)
{
    pthread_mutex_lock(&r->lock);
    while (!r->free_count)
        pthread_cond_wait(&r->freed, &r->lock);
    struct hand hand = r->free[--r->free_count];
    pthread_mutex_unlock(&r->lock);
    return hand;
}

static void give_hand(struct reading *r, struct hand hand)
{
    pthread_mutex_lock(&r->lock);
    r->free[r->free_count++] = hand;
    pthread_cond_signal(&r->freed);
    pthread_mutex_unlock(&r->lock);
}

/* The first two columns of a query say which file a row is from, and its number there. */
enum { FILE_INDEX, ROW_NUMBER, FIRST_FIELD };

/* Up to where do the rows from `first` on follow each other in one file? */
static size_t end_of_run(const struct duckdb_chunk *chunk, size_t first)
{
    const uint64_t *file = chunk->vectors[FILE_INDEX].values;
    const int64_t *number = chunk->vectors[ROW_NUMBER].values;
    size_t end = first + 1;
    while (end < chunk->rows && file[end] == file[first] && number[end] == number[end - 1] + 1)
        end++;
    return end;
}

static bool take_run(struct reading *r, const struct hand *hand,
                     const struct duckdb_chunk *chunk, size_t first, size_t end,
                     struct err *err)
{
    uint64_t file = ((const uint64_t *)chunk->vectors[FILE_INDEX].values)[first];
    int64_t number = ((const int64_t *)chunk->vectors[ROW_NUMBER].values)[first];
    if (file >= r->parts.count || number < 0)
        return err_set(err, "DuckDB's answer names a file that was not asked for");
    struct csv_batch batch = {.plan = &r->layout->plan, .part = r->parts.at[file]};
    for (size_t row = first; row < end; row += batch.rows->count) {
        batch.row = (uint64_t)number + (row - first);
        batch.rows = row_maker_fill(hand->maker, chunk->vectors + FIRST_FIELD, row, end);
        if (!batch.rows->count)
            return err_row(err, r->run->parts.at[batch.part].path, (size_t)batch.row + 1, NULL,
                           "the row is longer than %d MiB", ROW_MIB_MAX);
        if (!worker_rows(hand->worker, &batch, err))
            return false;
    }
    return true;
}

static bool take_chunk(void *context, const struct duckdb_chunk *chunk, struct err *err)
{
    struct reading *r = context;
    struct hand hand = take_hand(r);
    bool ok = true;
    size_t end;
    for (size_t first = 0; ok && first < chunk->rows; first = end) {
        end = end_of_run(chunk, first);
        ok = take_run(r, &hand, chunk, first, end, err);
    }
    give_hand(r, hand);
    return ok;
}

/*
 * What a row is sold as is needed of those that the Marketplace bills, and in CUR 2.0
 * it costs more to decode than all else: a map of all attributes. Such rows are then
 * read by themselves, for which DuckDB decodes the map of nothing else.
 */
enum pass { ALL_ROWS, OTHER_ROWS, MARKETPLACE_ROWS };

static bool needs_two_passes(const struct layout *layout)
{
    uint8_t product = layout->field[ROLE_PRODUCT_NAME];
    return layout->format->family == FAMILY_CUR && product != ABSENT &&
           layout->field[ROLE_ENTITY] != ABSENT &&
           !strncmp(layout->parquet[product].type, "MAP(", 4);
}

static void add_pass(struct buf *sql, const struct layout *layout, enum pass pass)
{
    if (pass == ALL_ROWS)
        return;
    buf_add(sql, " WHERE coalesce(");
    duckdb_quote_name(sql, layout->parquet[layout->field[ROLE_ENTITY]].name);
    buf_printf(sql, ", '') %sLIKE '%%Marketplace%%'", pass == OTHER_ROWS ? "NOT " : "");
}

static void number_texts(void *context, unsigned which, const struct duckdb_vector *texts,
                         size_t rows, uint32_t *numbers)
{
    struct reading *r = context;
    symbols_number(&r->layout->symbols->columns[which], texts, rows, numbers);
}

static void add_fields(struct buf *sql, enum value_kind *kinds, const struct layout *layout,
                       enum pass pass)
{
    buf_add(sql, "CAST(file_index AS UBIGINT), CAST(file_row_number AS BIGINT)");
    for (size_t i = 0; i < layout->plan.wanted_count; i++) {
        buf_add(sql, ", ");
        if (pass == OTHER_ROWS && i == layout->field[ROLE_PRODUCT_NAME]) {
            buf_add(sql, "0::UINTEGER");
            kinds[i] = VALUE_NUMBER;
        } else {
            kinds[i] = add_column(sql, &layout->parquet[i], i);
        }
    }
}

static void add_parts(struct buf *sql, const struct reading *r)
{
    open_source(sql);
    for (size_t i = 0; i < r->parts.count; i++) {
        buf_add(sql, i ? ", " : "");
        add_path(sql, r->run->parts.at[r->parts.at[i]].path);
    }
    close_source(sql);
    if (r->layout->parquet_names)
        buf_printf(sql, " AS bill(%s)", r->layout->parquet_names);
}

static bool read_parts(struct reading *r, struct duckdb *db, struct bill_worker *workers,
                       size_t count, enum pass pass, struct err *err)
{
    enum value_kind kinds[CSV_WANTED_MAX];
    struct buf fields = BUF_INIT, source = BUF_INIT;
    r->free_count = 0;
    add_fields(&fields, kinds, r->layout, pass);
    add_parts(&source, r);
    add_pass(&source, r->layout, pass);
    r->free = mem_alloc(count * sizeof *r->free);
    for (size_t i = 0; i < count; i++)
        r->free[r->free_count++] =
            (struct hand){&workers[i], row_maker_open(r->layout, kinds)};
    const struct duckdb_reader reader = {r, take_chunk, number_texts};
    bool ok = duckdb_each(db, buf_text(&fields), buf_text(&source), &reader, err);
    for (size_t i = 0; i < count; i++)
        row_maker_free(r->free[i].maker);
    free(r->free);
    buf_release(&fields);
    buf_release(&source);
    return ok;
}

static bool read_layout(struct bill_run *run, struct layout *layout, struct duckdb *db,
                        struct bill_worker *workers, size_t count, struct err *err)
{
    struct reading r = {.run = run, .layout = layout};
    for (size_t i = 0; i < run->parts.count; i++)
        if (run->parts.at[i].layout == layout)
            VEC_ADD(&r.parts, (uint32_t)i);
    pthread_mutex_init(&r.lock, NULL);
    pthread_cond_init(&r.freed, NULL);
    bool twice = needs_two_passes(layout);
    layout->symbols = symbols_open(); /* one numbering: what workers learn is of both passes */
    bool ok = !r.parts.count ||
              (read_parts(&r, db, workers, count, twice ? OTHER_ROWS : ALL_ROWS, err) &&
               (!twice || read_parts(&r, db, workers, count, MARKETPLACE_ROWS, err)));
    symbols_free(layout->symbols);
    layout->symbols = NULL;
    pthread_cond_destroy(&r.freed);
    pthread_mutex_destroy(&r.lock);
    VEC_FREE(&r.parts);
    return ok;
}

bool parquet_read_all(struct bill_run *run, struct duckdb *db, struct bill_worker *workers,
                      size_t count, struct err *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < run->layouts.count; i++)
        if (run->layouts.at[i]->parquet)
            ok = read_layout(run, run->layouts.at[i], db, workers, count, err);
    return ok;
}
