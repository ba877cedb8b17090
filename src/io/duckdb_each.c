#include <string.h>

#include "duckdb_call.h"

/*
 * DuckDB calls a function of ours with every chunk that it reads, in the thread
 * that reads it. What the function returns is needed by nobody.
 */
#define ROWS_FUNCTION "advisor_rows"
enum { TYPE_BIGINT = 5, TYPE_UINTEGER = 8, TYPE_VARCHAR = 17, TYPE_ANY = 34 }; /* DuckDB's */

static struct duckdb_vector vector_of(const struct duckdb *db, void *chunk, size_t column)
{
    void *vector = db->call.chunk_vector(chunk, column);
    return (struct duckdb_vector){db->call.vector_data(vector),
                                  db->call.vector_validity(vector)};
}

static bool hand_out(struct duckdb *db, void *chunk, struct err *err)
{
    struct duckdb_chunk c;
    c.rows = db->call.chunk_size(chunk);
    c.columns = db->call.chunk_columns(chunk);
    if (c.columns > DUCKDB_COLUMNS_MAX)
        return err_set(err, "more than %d columns are asked for", DUCKDB_COLUMNS_MAX);
    for (size_t i = 0; i < c.columns; i++)
        c.vectors[i] = vector_of(db, chunk, i);
    return db->reader->on_chunk(db->reader->context, &c, err);
}

static void keep_first_failure(struct duckdb *db, const struct err *err)
{
    pthread_mutex_lock(&db->lock);
    if (db->failed.code == ERR_NONE)
        db->failed = *err;
    pthread_mutex_unlock(&db->lock);
}

/*
 * What a call belongs to is asked of DuckDB, by a function that is in no struct yet at
 * that time: its address, the same for all of a process.
 */
static void *(*_Atomic extra_of_call)(void *info);

static void on_rows(void *info, void *chunk, void *result)
{
    struct duckdb *db = extra_of_call(info);
    struct err err = ERR_INIT;
    memset(db->call.vector_data(result), 0, sizeof(int64_t) * db->call.chunk_size(chunk));
    if (hand_out(db, chunk, &err))
        return;
    keep_first_failure(db, &err);
    db->call.call_error(info, err.text);
}

static void on_texts(void *info, void *chunk, void *result)
{
    struct duckdb *db = extra_of_call(info);
    const uint32_t *which = vector_of(db, chunk, 0).values;
    struct duckdb_vector texts = vector_of(db, chunk, 1);
    size_t rows = db->call.chunk_size(chunk);
    if (rows)
        db->reader->number(db->reader->context, *which, &texts, rows,
                           db->call.vector_data(result));
}

/* Takes the function, filled but for what all have in common. */
static bool register_function(struct duckdb *db, void *function, scalar_function *body,
                              int returns)
{
    void *type = db->call.create_type(returns);
    db->call.function_return(function, type);
    db->call.function_nulls(function);
    db->call.function_extra(function, db, NULL);
    db->call.function_body(function, body);
    bool ok = !db->call.function_register(db->connection, function);
    db->call.destroy_function(&function);
    db->call.destroy_type(&type);
    return ok;
}

static bool register_rows(struct duckdb *db)
{
    void *function = db->call.create_function(), *any = db->call.create_type(TYPE_ANY);
    db->call.function_name(function, ROWS_FUNCTION);
    db->call.function_varargs(function, any);
    db->call.function_volatile(function);
    db->call.destroy_type(&any);
    return register_function(db, function, on_rows, TYPE_BIGINT);
}

static bool register_number(struct duckdb *db)
{
    static const int parameters[] = {TYPE_UINTEGER, TYPE_VARCHAR};
    void *function = db->call.create_function();
    db->call.function_name(function, DUCKDB_NUMBER);
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        void *type = db->call.create_type(parameters[i]);
        db->call.function_parameter(function, type);
        db->call.destroy_type(&type);
    }
    return register_function(db, function, on_texts, TYPE_UINTEGER);
}

static bool register_functions(struct duckdb *db, struct err *err)
{
    if (db->has_each)
        return true;
    extra_of_call = db->call.call_extra;
    db->has_each = register_rows(db) && register_number(db);
    return db->has_each || err_set(err, "DuckDB's library takes no function");
}

bool duckdb_each(struct duckdb *db, const char *columns, const char *source,
                 const struct duckdb_reader *reader, struct err *err)
{
    struct buf sql = BUF_INIT;
    db->reader = reader;
    db->failed = (struct err)ERR_INIT;
    buf_printf(&sql, "SELECT sum(" ROWS_FUNCTION "(%s)) FROM %s", columns, source);
    bool ok = register_functions(db, err) && duckdb_do(db, buf_text(&sql), err);
    if (!ok && db->failed.code != ERR_NONE && err)
        *err = db->failed;
    buf_release(&sql);
    return ok;
}
