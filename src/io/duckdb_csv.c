#include <string.h>

#include "duckdb_call.h"

enum { COLUMNS_MAX = 1024 };

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
        duckdb_quote_bytes(out, text, length, '"');
    else
        buf_add_n(out, text, length);
}

static void add_chunk(struct buf *out, const struct duckdb *db, void *chunk, uint64_t columns)
{
    const struct duckdb_text *data[COLUMNS_MAX];
    const uint64_t *valid[COLUMNS_MAX];
    for (uint64_t c = 0; c < columns; c++) {
        void *vector = db->call.chunk_vector(chunk, c);
        data[c] = db->call.vector_data(vector);
        valid[c] = db->call.vector_validity(vector);
    }
    uint64_t rows = db->call.chunk_size(chunk);
    for (uint64_t r = 0; r < rows; r++) {
        for (uint64_t c = 0; c < columns; c++) {
            if (c)
                buf_add_char(out, ',');
            if (valid[c] && !(valid[c][r / 64] >> r % 64 & 1))
                continue;
            const struct duckdb_text *s = &data[c][r];
            add_field(out, duckdb_text_bytes(s), s->length);
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
    query_result result;
    bool ok = duckdb_run(&result, db, sql, err);
    if (ok) {
        uint64_t columns = db->call.column_count(&result);
        ok = columns <= COLUMNS_MAX ||
             err_set(err, "there are more than %d columns", COLUMNS_MAX);
        add_header(out, db, &result, columns);
        for (void *chunk; ok && (chunk = db->call.fetch_chunk(result));) {
            add_chunk(out, db, chunk, columns);
            db->call.destroy_chunk(&chunk);
        }
    }
    db->call.destroy_result(&result);
    return ok;
}
