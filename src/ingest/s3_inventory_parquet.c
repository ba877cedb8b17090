#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "io/csv.h"
#include "s3_inventory.h"

/*
 * Parquet parts go through DuckDB, which counts them by folder, class, state, age
 * and size; what comes back is as long as the list of folders, not of objects.
 */
enum { FOLDER, ICEBERG, CLASS, STATE, AGE, SIZE, PROPERTIES, OBJECTS, BYTES, COLUMNS };

static bool has(const char *schema, const char *column)
{
    return strstr(schema, column) != NULL;
}

/* CASE WHEN age < 15 THEN 0 ... ELSE 15 END */
static void add_age_case(struct buf *sql, const char *on)
{
    buf_add(sql, "CASE");
    for (int a = 0; a < AGE_BINS - 1; a++)
        buf_printf(sql,
                   " WHEN date_diff('day', last_modified_date::DATE, DATE '%s') < %d THEN %d",
                   on, object_age_bound_days[a], a);
    buf_printf(sql, " ELSE %d END", AGE_BINS - 1);
}

static void add_size_case(struct buf *sql)
{
    buf_add(sql, "CASE");
    for (int s = 0; s < SIZE_BINS - 1; s++)
        buf_printf(sql, " WHEN coalesce(size, 0) < %.0f THEN %d", object_size_bound_bytes[s],
                   s);
    buf_printf(sql, " ELSE %d END", SIZE_BINS - 1);
}

static void add_state_case(struct buf *sql, const char *schema)
{
    buf_add(sql, "CASE");
    if (has(schema, "is_delete_marker"))
        buf_printf(sql, " WHEN coalesce(is_delete_marker, false) THEN %d",
                   OBJECT_DELETE_MARKER);
    if (has(schema, "is_latest"))
        buf_printf(sql, " WHEN NOT coalesce(is_latest, true) THEN %d", OBJECT_NONCURRENT);
    buf_printf(sql, " WHEN true THEN %d END", OBJECT_CURRENT);
}

/* A sum of bits by enum tally_property, of the columns that the inventory has. */
static void add_properties(struct buf *sql, const char *schema)
{
    static const struct {
        enum tally_property property;
        const char *needs, *too, *when;
    } properties[] = {
        {TALLY_KMS_WITHOUT_BUCKET_KEY, "encryption_status", "bucket_key_status",
         "encryption_status = 'SSE-KMS' AND bucket_key_status IS DISTINCT FROM 'ENABLED'"},
        {TALLY_REPLICATED, "replication_status", "", "replication_status <> ''"},
        {TALLY_LOCKED, "object_lock_mode", "", "object_lock_mode <> ''"},
        {TALLY_TIER_FREQUENT, "access_tier", "",
         "intelligent_tiering_access_tier = 'FREQUENT'"},
        {TALLY_TIER_INFREQUENT, "access_tier", "",
         "intelligent_tiering_access_tier = 'INFREQUENT'"},
        {TALLY_TIER_ARCHIVE_INSTANT, "access_tier", "",
         "intelligent_tiering_access_tier = 'ARCHIVE_INSTANT_ACCESS'"},
        {TALLY_TIER_ARCHIVE, "access_tier", "", "intelligent_tiering_access_tier = 'ARCHIVE'"},
        {TALLY_TIER_DEEP_ARCHIVE, "access_tier", "",
         "intelligent_tiering_access_tier = 'DEEP_ARCHIVE'"},
    };
    buf_add(sql, "0");
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
        if (has(schema, properties[i].needs) && has(schema, properties[i].too))
            buf_printf(sql, " + CASE WHEN %s THEN %u ELSE 0 END", properties[i].when,
                       1u << properties[i].property);
}

static void add_query(struct buf *sql, const char *path, const char *schema, day taken_on)
{
    char on[DAY_TEXT];
    day_format(on, taken_on);
    buf_add(sql, "SELECT folder, max(iceberg)::VARCHAR, class, state::VARCHAR, age::VARCHAR, "
                 "bin::VARCHAR, properties::VARCHAR, count(*)::VARCHAR, sum(bytes)::VARCHAR "
                 "FROM (SELECT regexp_replace(key, '[^/]*$', '') AS folder, "
                 "(key LIKE '%.metadata.json')::INT AS iceberg, coalesce(size, 0) AS bytes, ");
    buf_add(sql, has(schema, "storage_class") ? "coalesce(storage_class, '') AS class, "
                                              : "'' AS class, ");
    add_properties(sql, schema);
    buf_add(sql, " AS properties, ");
    add_state_case(sql, schema);
    buf_add(sql, " AS state, ");
    add_age_case(sql, on);
    buf_add(sql, " AS age, ");
    add_size_case(sql);
    buf_add(sql, " AS bin FROM read_parquet(");
    duckdb_quote(sql, path);
    buf_add(sql, ")) GROUP BY folder, class, state, age, bin, properties");
}

static bool read_numbers(uint64_t out[COLUMNS], const struct csv *csv)
{
    static const double limits[COLUMNS] = {
        [STATE] = TALLY_STATES, [AGE] = AGE_BINS, [SIZE] = SIZE_BINS,
        [OBJECTS] = 0x1p63,     [BYTES] = 0x1p63, [PROPERTIES] = 1 << TALLY_PROPERTIES,
    };
    for (size_t c = STATE; c < COLUMNS; c++) {
        char *end;
        double number = strtod(csv_text(csv, c), &end);
        if (end == csv_text(csv, c) || *end != '\0' || !(number >= 0 && number < limits[c]))
            return false;
        out[c] = (uint64_t)number;
    }
    return true;
}

static void add_amount(struct object_bin *to, const uint64_t number[COLUMNS])
{
    to->count += number[OBJECTS];
    to->bytes += number[BYTES];
}

static bool take_row(struct tally *t, const struct csv *csv)
{
    uint64_t number[COLUMNS];
    if (!read_numbers(number, csv))
        return false;
    struct buf key = BUF_INIT;
    buf_add(&key, csv_text(csv, FOLDER));
    if (strcmp(csv_text(csv, ICEBERG), "1") == 0)
        buf_add(&key, "x.metadata.json");
    uint32_t prefix = tally_prefix_of(t, buf_text(&key), key.length);
    buf_release(&key);
    const char *name = csv_text(csv, CLASS);
    uint8_t class = name[0] ? tally_class(t, name, strlen(name)) : 0;
    struct tally_group *group =
        tally_group(t, prefix, class, (enum object_state)number[STATE]);
    add_amount(&group->bins[number[AGE]][number[SIZE]], number);
    for (int p = 0; p < TALLY_PROPERTIES; p++)
        if (number[PROPERTIES] >> p & 1)
            add_amount(&t->property[p], number);
    return true;
}

static bool take_rows(struct tally *t, struct inventory_part *part, const struct buf *text,
                      struct err *err)
{
    struct csv *csv;
    bool more = true, ok = csv_open_text(&csv, part->path, text->text, text->length, err);
    if (!ok)
        return false;
    while (ok && (ok = csv_next(csv, &more, err)) && more) {
        ok =
            take_row(t, csv) || err_set(err, "%s: DuckDB's answer cannot be read", part->path);
        part->rows += ok ? (uint64_t)strtod(csv_text(csv, OBJECTS), NULL) : 0;
    }
    csv_close(csv);
    return ok;
}

void inventory_parquet_read(struct tally *tally, struct inventory_part *part,
                            struct duckdb *db, const char *schema, day taken_on)
{
    struct buf sql = BUF_INIT, text = BUF_INIT;
    add_query(&sql, part->path, schema, taken_on);
    part->bytes = part->stated_bytes; /* DuckDB does not read half a file */
    part->failed = !duckdb_reads(part->path, &part->err) ||
                   (!duckdb_csv(&text, db, buf_text(&sql), &part->err) &&
                    !err_within(&part->err, "%s", part->path)) ||
                   !take_rows(tally, part, &text, &part->err);
    buf_release(&text);
    buf_release(&sql);
}
