#ifndef ADVISOR_SIZE_TABLE_H
#define ADVISOR_SIZE_TABLE_H

#include "command.h"
#include "io/csv.h"
#include "size_inputs.h"

/* Reading fields of the candidates table. */

/* NaN when the field is empty or the column absent; false when it is no number up to
 * SIZE_MOST. */
bool size_number(double *out, const struct csv *csv, const char *path, const char *column,
                 struct err *err);
/* NULL when empty; lives as long as the session. */
const char *size_text(struct session *session, const struct csv *csv, const char *column);
/* Fails, naming the column, when one of `names` (ends with NULL) is missing. */
bool size_needs_columns(const struct csv *csv, const char *path, const char *const *names,
                        struct err *err);

#endif
