#include <string.h>

#include "duckdb_call.h"

/*
 * DuckDB calls a function of ours with every chunk that it reads, in the thread
 * that reads it. What the function returns is needed by nobody.
 */
#define FUNCTION_NAME "advisor_rows"
enum { TYPE_BIGINT = 5, TYPE_ANY = 34 }; /* as DuckDB numbers its types */

static bool hand_out(struct duckdb *db, void *chunk, struct err *err)
{
    struct duckdb_chunk c;
    c.rows = db->call.chunk_size(chunk);
    c.columns = db->call.chunk_columns(chunk);
    if (c.columns > DUCKDB_COLUMNS_MAX)
        return err_set(err, "more than %d columns are asked for", DUCKDB_COLUMNS_MAX);
    for (size_t i = 0; i < c.columns; i++) {
        void *vector = db->call.chunk_vector(chunk, i);
        c.vectors[i].values = db->call.vector_data(vector);
        c.vectors[i].valid = db->call.vector_validity(vector);
    }
    return db->on_chunk(db->context, &c, err);
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

static bool register_function(struct duckdb *db, struct err *err)
{
    void *function = db->call.create_function();
    void *any = db->call.create_type(TYPE_ANY), *number = db->call.create_type(TYPE_BIGINT);
    extra_of_call = db->call.call_extra;
    db->call.function_name(function, FUNCTION_NAME);
    db->call.function_varargs(function, any);
    db->call.function_return(function, number);
    db->call.function_volatile(function);
    db->call.function_nulls(function);
    db->call.function_extra(function, db, NULL);
    db->call.function_body(function, on_rows);
    db->has_each = !db->call.function_register(db->connection, function);
    db->call.destroy_function(&function);
    db->call.destroy_type(&any);
    db->call.destroy_type(&number);
    return db->has_each || err_set(err, "DuckDB's library takes no function");
}

bool duckdb_each(struct duckdb *db, const char *columns, const char *source,
                 duckdb_chunk_fn *on_chunk, void *context, struct err *err)
{
    struct buf sql = BUF_INIT;
    db->on_chunk = on_chunk;
    db->context = context;
    db->failed = (struct err)ERR_INIT;
    buf_printf(&sql, "SELECT sum(" FUNCTION_NAME "(%s)) FROM %s", columns, source);
    bool ok = (db->has_each || register_function(db, err)) && duckdb_do(db, buf_text(&sql), err);
    if (!ok && db->failed.code != ERR_NONE && err)
        *err = db->failed;
    buf_release(&sql);
    return ok;
}
