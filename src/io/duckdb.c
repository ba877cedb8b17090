#include "io/duckdb.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/remote.h"

/* The little of DuckDB's C interface that is used, by its stable binary form. */
typedef struct {
    uint64_t unused[3];
    void *unused_pointers[2];
    void *data;
} query_result;

struct functions {
    int (*open)(const char *path, void **database);
    int (*connect)(void *database, void **connection);
    int (*query)(void *connection, const char *sql, query_result *result);
    const char *(*result_error)(query_result *result);
    uint64_t (*column_count)(query_result *result);
    const char *(*column_name)(query_result *result, uint64_t column);
    void *(*fetch_chunk)(query_result result);
    uint64_t (*chunk_size)(void *chunk);
    void *(*chunk_vector)(void *chunk, uint64_t column);
    void *(*vector_data)(void *vector);
    uint64_t *(*vector_validity)(void *vector);
    void (*destroy_chunk)(void **chunk);
    void (*destroy_result)(query_result *result);
    void (*disconnect)(void **connection);
    void (*close)(void **database);
};

/* Up to 12 bytes stand here themselves; of more, 4 bytes and a pointer to all. */
struct string {
    uint32_t length;
    char bytes[12];
};

struct duckdb {
    struct functions call;
    void *library, *database, *connection;
};

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
    {"duckdb_data_chunk_get_vector", offsetof(struct functions, chunk_vector)},
    {"duckdb_vector_get_data", offsetof(struct functions, vector_data)},
    {"duckdb_vector_get_validity", offsetof(struct functions, vector_validity)},
    {"duckdb_destroy_data_chunk", offsetof(struct functions, destroy_chunk)},
    {"duckdb_destroy_result", offsetof(struct functions, destroy_result)},
    {"duckdb_disconnect", offsetof(struct functions, disconnect)},
    {"duckdb_close", offsetof(struct functions, close)},
};

static void *try_library(const char *format, const char *folder)
{
    char path[PATH_MAX];
    if (!folder || (size_t)snprintf(path, sizeof path, format, folder) >= sizeof path)
        return NULL;
    return access(path, R_OK) ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
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
    struct buf none = BUF_INIT;
    char set_threads[64];
    snprintf(set_threads, sizeof set_threads, "SET threads = %u", threads ? threads : 1);
    db->library = find_library();
    bool ok = db->library ||
              err_set(err, "Parquet is read through DuckDB's library, which is not here: "
                      "`make parquet` fetches it; or set ADVISOR_DUCKDB to libduckdb.so");
    ok = ok && bind(db, err);
    if (ok && (db->call.open(NULL, &db->database) ||
               db->call.connect(db->database, &db->connection)))
        ok = err_set(err, "DuckDB's library did not start");
    ok = ok && duckdb_csv(&none, db, set_threads, err);
    buf_release(&none);
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
    free(db);
}

static void quote(struct buf *out, const char *text, size_t length, char mark)
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
    quote(out, text, strlen(text), '\'');
}

void duckdb_quote_name(struct buf *out, const char *name)
{
    quote(out, name, strlen(name), '"');
}

static bool needs_quotes(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
            return true;
    return false;
}

static void add_field(struct buf *out, const char *text, size_t length)
{
    if (needs_quotes(text, length))
        quote(out, text, length, '"');
    else
        buf_add_n(out, text, length);
}

static const char *string_text(const struct string *s)
{
    const char *text;
    memcpy(&text, s->bytes + 4, sizeof text);
    return s->length <= sizeof s->bytes ? s->bytes : text;
}

static void add_chunk(struct buf *out, const struct duckdb *db, void *chunk, uint64_t columns)
{
    enum { COLUMNS_MAX = 512 };
    const struct string *data[COLUMNS_MAX];
    const uint64_t *valid[COLUMNS_MAX];
    for (uint64_t c = 0; c < columns && c < COLUMNS_MAX; c++) {
        void *vector = db->call.chunk_vector(chunk, c);
        data[c] = db->call.vector_data(vector);
        valid[c] = db->call.vector_validity(vector);
    }
    uint64_t rows = db->call.chunk_size(chunk);
    for (uint64_t r = 0; r < rows; r++) {
        for (uint64_t c = 0; c < columns && c < COLUMNS_MAX; c++) {
            if (c)
                buf_add_char(out, ',');
            if (valid[c] && !(valid[c][r / 64] >> r % 64 & 1))
                continue;
            const struct string *s = &data[c][r];
            add_field(out, string_text(s), s->length);
        }
        buf_add_char(out, '\n');
    }
}

static void add_header(struct buf *out, const struct duckdb *db, query_result *result,
                       uint64_t columns)
{
    for (uint64_t c = 0; c < columns; c++) {
        const char *name = db->call.column_name(result, c);
        if (c)
            buf_add_char(out, ',');
        add_field(out, name, strlen(name));
    }
    buf_add_char(out, '\n');
}

bool duckdb_csv(struct buf *out, struct duckdb *db, const char *sql, struct err *err)
{
    query_result result = {.data = NULL};
    bool ok = !db->call.query(db->connection, sql, &result);
    if (!ok) {
        const char *why = db->call.result_error(&result);
        err_set(err, "DuckDB: %.600s", why ? why : "the query failed");
    } else if (strncmp(sql, "SET ", 4)) {
        uint64_t columns = db->call.column_count(&result);
        add_header(out, db, &result, columns);
        for (void *chunk; (chunk = db->call.fetch_chunk(result));) {
            add_chunk(out, db, chunk, columns);
            db->call.destroy_chunk(&chunk);
        }
    }
    db->call.destroy_result(&result);
    return ok;
}
