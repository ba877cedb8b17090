#ifndef IO_DUCKDB_CALL_H
#define IO_DUCKDB_CALL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/duckdb.h"

/* The little of DuckDB's C interface that is used, by its stable binary form. */
typedef struct {
    uint64_t unused[3];
    void *unused_pointers[2];
    void *data;
} query_result;

typedef void scalar_function(void *info, void *chunk, void *result);

struct functions {
    int (*open)(const char *path, void **database);
    int (*connect)(void *database, void **connection);
    int (*query)(void *connection, const char *sql, query_result *result);
    const char *(*result_error)(query_result *result);
    uint64_t (*column_count)(query_result *result);
    const char *(*column_name)(query_result *result, uint64_t column);
    void *(*fetch_chunk)(query_result result);
    uint64_t (*chunk_size)(void *chunk);
    uint64_t (*chunk_columns)(void *chunk);
    void *(*chunk_vector)(void *chunk, uint64_t column);
    void *(*vector_data)(void *vector);
    uint64_t *(*vector_validity)(void *vector);
    void (*destroy_chunk)(void **chunk);
    void (*destroy_result)(query_result *result);
    void (*disconnect)(void **connection);
    void (*close)(void **database);
    void *(*create_type)(int type);
    void (*destroy_type)(void **type);
    void *(*create_function)(void);
    void (*destroy_function)(void **function);
    void (*function_name)(void *function, const char *name);
    void (*function_parameter)(void *function, void *type);
    void (*function_varargs)(void *function, void *type);
    void (*function_return)(void *function, void *type);
    void (*function_volatile)(void *function);
    void (*function_nulls)(void *function); /* called for NULL arguments too */
    void (*function_extra)(void *function, void *extra, void (*destroy)(void *));
    void (*function_body)(void *function, scalar_function *body);
    int (*function_register)(void *connection, void *function);
    void *(*call_extra)(void *info);
    void (*call_error)(void *info, const char *error);
};

struct duckdb {
    struct functions call;
    void *library, *database, *connection;
    /* The query of duckdb_each() that runs. */
    bool has_each;
    const struct duckdb_reader *reader;
    pthread_mutex_t lock;
    struct err failed; /* the first failure of the reader */
};

/* Runs a query; its result is the caller's to destroy, whether it fails or not. */
bool duckdb_run(query_result *result, struct duckdb *db, const char *sql, struct err *err);
/* Between two marks; one in the text is doubled. */
void duckdb_quote_bytes(struct buf *out, const char *text, size_t length, char mark);

#endif
