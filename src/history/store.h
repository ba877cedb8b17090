#ifndef HISTORY_STORE_H
#define HISTORY_STORE_H

#include "history/history.h"
#include "io/database.h"

struct history {
    struct database *db;
    struct arena arena; /* texts that were handed out */
    char *path;
};

/* Days stand in the file as 2026-01-31, amounts with all their digits. */
void query_day(struct query *query, int parameter, day d); /* 0 is a null */
void query_money(struct query *query, int parameter, struct money m);
bool column_day(day *out, const struct query *query, int column, struct history *history,
                struct err *err); /* a null is 0 */
bool column_money(struct money *out, const struct query *query, int column,
                  struct history *history, struct err *err);
/* Three columns: low, expected, high. */
bool column_range(struct money_range *out, const struct query *query, int column,
                  struct history *history, struct err *err);
/* What commitments took off list prices in the window, a month. */
struct money commitments_monthly(const struct estate *estate, const struct spend *spend);

/* "" for a null. */
const char *column_or_empty(const struct query *query, int column, struct history *history);

#endif
