#include "parquet.h"

#include <string.h>

bool parquet_likely(const char *bytes, size_t length)
{
    return length >= 4 && !memcmp(bytes, "PAR1", 4);
}

static void add_source(struct buf *sql, const char *path)
{
    buf_add(sql, " FROM read_parquet(");
    duckdb_quote(sql, path);
    buf_add(sql, ")");
}

static bool run(struct buf *out, struct duckdb *db, const char *path, struct buf *sql,
                struct err *err)
{
    bool ok = duckdb_csv(out, db, buf_text(sql), err) || err_within(err, "%s", path);
    buf_release(sql);
    return ok;
}

bool parquet_rows(struct buf *out, struct duckdb *db, const char *path, struct err *err)
{
    struct buf sql = BUF_INIT;
    buf_add(&sql, "SELECT CAST(COLUMNS(*) AS VARCHAR)");
    add_source(&sql, path);
    return run(out, db, path, &sql, err);
}

bool parquet_header(struct buf *out, struct duckdb *db, const char *path, struct err *err)
{
    struct buf sql = BUF_INIT;
    buf_add(&sql, "SELECT CAST(COLUMNS(*) AS VARCHAR)");
    add_source(&sql, path);
    buf_add(&sql, " LIMIT 0");
    return run(out, db, path, &sql, err);
}

/* What decides about rows of some line types only; with others it would split groups. */
static const struct {
    enum role role;
    const char *line_types;
} decides[] = {
    {ROLE_RI_ARN, "'Fee'"},
    {ROLE_SP_ARN, "'SavingsPlanRecurringFee'"},
    {ROLE_DESCRIPTION, "'Refund'"},
};

static bool is_amount(unsigned role)
{
    return role >= ROLE_QUANTITY && role < ROLE_DESCRIPTION && role != ROLE_RI_ARN &&
           role != ROLE_SP_ARN;
}

static void add_name(struct buf *sql, const struct layout *layout, enum role role)
{
    duckdb_quote_name(sql, layout->column_name[role]);
}

/* Amounts become decimals before they are added: doubles' sums depend on the order. */
static void add_amount(struct buf *sql, const struct layout *layout, enum role role)
{
    buf_add(sql, "sum(CAST(");
    if (role == ROLE_NET_COST && layout->field[ROLE_COST] != ABSENT) {
        buf_add(sql, "coalesce(");
        add_name(sql, layout, role);
        buf_add(sql, ", ");
        add_name(sql, layout, ROLE_COST);
        buf_add(sql, ")");
    } else {
        add_name(sql, layout, role);
    }
    buf_add(sql, " AS DECIMAL(38, 15)))");
}

static const char *line_types_of(enum role role)
{
    for (size_t i = 0; i < sizeof decides / sizeof *decides; i++)
        if (decides[i].role == role)
            return decides[i].line_types;
    return NULL;
}

static void add_key(struct buf *sql, const struct layout *layout, enum role role)
{
    const char *types = line_types_of(role);
    if (types && layout->field[ROLE_LINE_TYPE] != ABSENT) {
        buf_add(sql, "CASE WHEN ");
        add_name(sql, layout, ROLE_LINE_TYPE);
        buf_printf(sql, " IN (%s) THEN ", types);
        add_name(sql, layout, role);
        buf_add(sql, " END");
        return;
    }
    add_name(sql, layout, role);
}

static void add_hourly(struct buf *sql, const struct layout *layout,
                       const struct bill_options *options)
{
    buf_add(sql, "CASE WHEN ");
    if (options->grain == BILL_BY_HOUR) {
        buf_add(sql, "true");
    } else {
        add_name(sql, layout, ROLE_SERVICE);
        buf_add(sql, " IN (''");
        for (size_t i = 0; i < options->hourly_service_count; i++) {
            buf_add(sql, ", ");
            duckdb_quote(sql, options->hourly_services[i]);
        }
        buf_add(sql, ")");
    }
}

/*
 * The time at the grain of the lines: rows of up to a day take its bounds, longer
 * ones keep their own. What is kept by the hour is left alone.
 */
static void add_time(struct buf *sql, const struct layout *layout, enum role role,
                     const struct bill_options *options)
{
    struct buf name = BUF_INIT, start = BUF_INIT, end = BUF_INIT;
    add_name(&name, layout, role);
    add_name(&start, layout, ROLE_START);
    add_name(&end, layout, ROLE_END);
    if (layout->field[ROLE_SERVICE] == ABSENT || layout->field[ROLE_START] == ABSENT ||
        layout->field[ROLE_END] == ABSENT) {
        buf_add(sql, buf_text(&name));
    } else {
        add_hourly(sql, layout, options);
        buf_printf(sql, " THEN CAST(%s AS TIMESTAMP) WHEN CAST(%s AS TIMESTAMP) - CAST(%s AS "
                   "TIMESTAMP) > INTERVAL 25 HOUR THEN CAST(%s AS TIMESTAMP) ELSE "
                   "date_trunc('day', CAST(%s AS TIMESTAMP)) + INTERVAL %d DAY END",
                   buf_text(&name), buf_text(&end), buf_text(&start), buf_text(&name),
                   buf_text(&start), role == ROLE_END);
    }
    buf_release(&name);
    buf_release(&start);
    buf_release(&end);
}

static void add_column(struct buf *sql, const struct layout *layout, enum role role,
                       const struct bill_options *options)
{
    buf_add(sql, ", ");
    if (is_amount(role))
        add_amount(sql, layout, role);
    else if (role == ROLE_START || role == ROLE_END)
        add_time(sql, layout, role, options);
    else
        add_key(sql, layout, role);
    buf_add(sql, " AS ");
    add_name(sql, layout, role);
}

/* One column may have two roles; it is selected once. */
static bool is_first(const struct layout *layout, unsigned role)
{
    for (unsigned r = 0; r < role; r++)
        if (layout->field[r] == layout->field[role])
            return false;
    return true;
}

void parquet_query(struct buf *out, const char *path, const struct layout *layout,
                   const struct bill_options *options)
{
    buf_add(out, "SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (SELECT count(*) AS " ROW_COUNT_COLUMN);
    for (unsigned r = 0; r < ROLE_COUNT; r++)
        if (layout->field[r] != ABSENT && is_first(layout, r))
            add_column(out, layout, (enum role)r, options);
    for (size_t t = 0; t < TAGS_MAX; t++) {
        if (layout->tag_field[t] == ABSENT)
            continue;
        buf_add(out, ", ");
        duckdb_quote_name(out, layout->tag_name[t]);
    }
    add_source(out, path);
    buf_add(out, " GROUP BY ALL)");
}

bool parquet_sums(struct buf *out, struct duckdb *db, const char *path,
                  const struct layout *layout, const struct bill_options *options,
                  struct err *err)
{
    struct buf sql = BUF_INIT;
    parquet_query(&sql, path, layout, options);
    return run(out, db, path, &sql, err);
}
