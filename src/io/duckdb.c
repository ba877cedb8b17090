#include "duckdb_call.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/remote.h"

static const struct {
    const char *name;
    size_t offset;
} symbols[] = {
    {"duckdb_open", offsetof(struct functions, open)},
    {"duckdb_connect", offsetof(struct functions, connect)},
    {"duckdb_query", offsetof(struct functions, query)},
    {"duckdb_result_error", offsetof(struct functions, result_error)},
    {"duckdb_column_count", offsetof(struct functions, column_count)},
    {"duckdb_column_name", offsetof(struct functions, column_name)},
    {"duckdb_fetch_chunk", offsetof(struct functions, fetch_chunk)},
    {"duckdb_data_chunk_get_size", offsetof(struct functions, chunk_size)},
    {"duckdb_data_chunk_get_column_count", offsetof(struct functions, chunk_columns)},
    {"duckdb_data_chunk_get_vector", offsetof(struct functions, chunk_vector)},
    {"duckdb_vector_get_data", offsetof(struct functions, vector_data)},
    {"duckdb_vector_get_validity", offsetof(struct functions, vector_validity)},
    {"duckdb_destroy_data_chunk", offsetof(struct functions, destroy_chunk)},
    {"duckdb_destroy_result", offsetof(struct functions, destroy_result)},
    {"duckdb_disconnect", offsetof(struct functions, disconnect)},
    {"duckdb_close", offsetof(struct functions, close)},
    {"duckdb_create_logical_type", offsetof(struct functions, create_type)},
    {"duckdb_destroy_logical_type", offsetof(struct functions, destroy_type)},
    {"duckdb_create_scalar_function", offsetof(struct functions, create_function)},
    {"duckdb_destroy_scalar_function", offsetof(struct functions, destroy_function)},
    {"duckdb_scalar_function_set_name", offsetof(struct functions, function_name)},
    {"duckdb_scalar_function_add_parameter", offsetof(struct functions, function_parameter)},
    {"duckdb_scalar_function_set_varargs", offsetof(struct functions, function_varargs)},
    {"duckdb_scalar_function_set_return_type", offsetof(struct functions, function_return)},
    {"duckdb_scalar_function_set_volatile", offsetof(struct functions, function_volatile)},
    {"duckdb_scalar_function_set_special_handling", offsetof(struct functions, function_nulls)},
    {"duckdb_scalar_function_set_extra_info", offsetof(struct functions, function_extra)},
    {"duckdb_scalar_function_set_function", offsetof(struct functions, function_body)},
    {"duckdb_register_scalar_function", offsetof(struct functions, function_register)},
    {"duckdb_scalar_function_get_extra_info", offsetof(struct functions, call_extra)},
    {"duckdb_scalar_function_set_error", offsetof(struct functions, call_error)},
};

static void *try_library(const char *format, const char *folder)
{
    char path[PATH_MAX];
    if (!folder || (size_t)snprintf(path, sizeof path, format, folder) >= sizeof path)
        return NULL;
    return access(path, R_OK) ? NULL : dlopen(path, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
}

static void *find_library(void)
{
    char program[PATH_MAX] = "";
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    char *slash = n > 0 ? strrchr(program, '/') : NULL;
    if (slash)
        *slash = '\0';
    void *library = try_library("%s", getenv("ADVISOR_DUCKDB"));
    if (!library)
        library = try_library("%s/../lib/advisor/libduckdb.so", slash ? program : NULL);
    if (!library)
        library = try_library("%s/lib/libduckdb.so", slash ? program : NULL);
    if (!library)
        library = try_library("%s/.local/lib/advisor/libduckdb.so", getenv("HOME"));
    return library ? library : try_library("%s/lib/libduckdb.so", "build");
}

static bool bind(struct duckdb *db, struct err *err)
{
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *found = dlsym(db->library, symbols[i].name);
        if (!found)
            return err_set(err, "the DuckDB library that was found has no %s: it is too old",
                           symbols[i].name);
        memcpy((char *)&db->call + symbols[i].offset, &found, sizeof found);
    }
    return true;
}

bool duckdb_open(struct duckdb **out, unsigned threads, struct err *err)
{
    struct duckdb *db = mem_alloc(sizeof *db);
    char set_threads[64];
    pthread_mutex_init(&db->lock, NULL);
    snprintf(set_threads, sizeof set_threads, "SET threads = %u", threads ? threads : 1);
    db->library = find_library();
    bool ok = db->library ||
              err_set(err, "Parquet is read through DuckDB's library, which is not here: "
                      "`make parquet` fetches it; or set ADVISOR_DUCKDB to libduckdb.so");
    ok = ok && bind(db, err);
    if (ok && (db->call.open(NULL, &db->database) ||
               db->call.connect(db->database, &db->connection)))
        ok = err_set(err, "DuckDB's library did not start");
    ok = ok && duckdb_do(db, set_threads, err);
    if (!ok) {
        duckdb_close(db);
        return false;
    }
    *out = db;
    return true;
}

void duckdb_close(struct duckdb *db)
{
    if (!db)
        return;
    if (db->connection)
        db->call.disconnect(&db->connection);
    if (db->database)
        db->call.close(&db->database);
    if (db->library)
        dlclose(db->library);
    pthread_mutex_destroy(&db->lock);
    free(db);
}

bool duckdb_run(query_result *result, struct duckdb *db, const char *sql, struct err *err)
{
    *result = (query_result){.data = NULL};
    if (!db->call.query(db->connection, sql, result))
        return true;
    const char *why = db->call.result_error(result);
    return err_set(err, "DuckDB: %.600s", why ? why : "the query failed");
}

bool duckdb_do(struct duckdb *db, const char *sql, struct err *err)
{
    query_result result;
    bool ok = duckdb_run(&result, db, sql, err);
    db->call.destroy_result(&result);
    return ok;
}

void duckdb_quote_bytes(struct buf *out, const char *text, size_t length, char mark)
{
    buf_add_char(out, mark);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == mark)
            buf_add_char(out, mark);
        buf_add_char(out, text[i]);
    }
    buf_add_char(out, mark);
}

bool duckdb_reads(const char *path, struct err *err)
{
    return !remote_is(path) ||
           err_set(err,
                   "%s: Parquet is read from files here; copy it first, as with `aws s3 sync`",
                   path);
}

void duckdb_quote(struct buf *out, const char *text)
{
    duckdb_quote_bytes(out, text, strlen(text), '\'');
}

void duckdb_quote_name(struct buf *out, const char *name)
{
    duckdb_quote_bytes(out, name, strlen(name), '"');
}
