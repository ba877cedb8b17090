#ifndef BILL_JSON_ROWS_H
#define BILL_JSON_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Does the text begin as JSON? */
bool json_rows_likely(const char *bytes, size_t length);

/*
 * Records of a Databricks table as JSON (a list, an object with one list, or an
 * object a line) into CSV with a header; nested values become JSON in a field.
 * Fails when the records are of no table that is known.
 */
bool json_rows_read(struct buf *out, const char *path, struct err *err);

#endif
