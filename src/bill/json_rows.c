#include "json_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "io/doc.h"
#include "io/stream.h"

static const size_t json_limit = (size_t)1 << 30;

/* The tables that are read, each told by columns that only it has. */
static const struct {
    const char *told_by[2];
    const char *columns[24];
} tables[] = {
    {{"usage_quantity", "sku_name"},
     {"record_id", "account_id", "workspace_id", "sku_name", "cloud", "usage_start_time",
      "usage_end_time", "usage_date", "custom_tags", "usage_unit", "usage_quantity",
      "usage_metadata", "record_type", "billing_origin_product"}},
    {{"price_start_time", "sku_name"},
     {"price_start_time", "price_end_time", "account_id", "sku_name", "cloud", "currency_code",
      "usage_unit", "pricing"}},
    {{"cluster_id", "change_time"},
     {"account_id", "workspace_id", "cluster_id", "cluster_name", "change_time",
      "driver_node_type", "worker_node_type", "worker_count", "min_autoscale_workers",
      "max_autoscale_workers", "auto_termination_minutes", "enable_elastic_disk", "tags",
      "cluster_source", "aws_attributes", "driver_instance_pool_id", "worker_instance_pool_id",
      "dbr_version", "data_security_mode", "policy_id"}},
};

bool json_rows_likely(const char *bytes, size_t length)
{
    size_t i = length >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
    while (i < length && strchr(" \t\r\n", bytes[i]))
        i++;
    return i < length && (bytes[i] == '[' || bytes[i] == '{');
}

static void put_quoted(struct buf *out, const char *text, size_t length)
{
    buf_add_char(out, '"');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"')
            buf_add_char(out, '"');
        buf_add_char(out, text[i]);
    }
    buf_add_char(out, '"');
}

static void put_value(struct buf *out, const struct node *n)
{
    struct buf json = BUF_INIT;
    if (node_is(n, NODE_STRING)) {
        put_quoted(out, n->text, n->length);
    } else if (!node_absent(n)) {
        if (node_is(n, NODE_NUMBER) && n->text)
            buf_add(&json, n->text); /* the digits as they were written */
        else
            json_write(&json, n, false);
        put_quoted(out, buf_text(&json), json.length);
    }
    buf_release(&json);
}

static size_t table_of(const struct node *record)
{
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        if (node_get(record, tables[t].told_by[0]) && node_get(record, tables[t].told_by[1]))
            return t;
    return SIZE_MAX;
}

struct writer {
    struct buf *out;
    const char *path;
    size_t table; /* SIZE_MAX until the first record */
    size_t records;
};

static void put_header(struct writer *w)
{
    const char *const *columns = tables[w->table].columns;
    for (size_t i = 0; columns[i]; i++)
        buf_printf(w->out, "%s%s", i ? "," : "", columns[i]);
    buf_add_char(w->out, '\n');
}

static bool put_record(struct writer *w, const struct node *record, struct err *err)
{
    w->records++;
    if (w->table == SIZE_MAX) {
        w->table = table_of(record);
        if (w->table == SIZE_MAX)
            return err_set(err, "%s: JSON that is no bill: its records are not of "
                           "system.billing.usage, list_prices or system.compute.clusters",
                           w->path);
        put_header(w);
    }
    if (!node_is(record, NODE_MAP))
        return err_set(err, "%s: record %zu is not an object", w->path, w->records);
    const char *const *columns = tables[w->table].columns;
    for (size_t i = 0; columns[i]; i++) {
        if (i)
            buf_add_char(w->out, ',');
        put_value(w->out, node_get(record, columns[i]));
    }
    buf_add_char(w->out, '\n');
    return true;
}

static bool put_list(struct writer *w, const struct node *list, struct err *err)
{
    for (size_t i = 0; i < list->count; i++)
        if (!put_record(w, list->items[i], err))
            return false;
    return true;
}

/* {"result": [...]}: the only list in an object is its records. */
static const struct node *only_list(const struct node *map)
{
    const struct node *found = NULL;
    for (size_t i = 0; i < map->count; i++) {
        if (!node_is(map->items[i], NODE_LIST))
            continue;
        if (found)
            return NULL;
        found = map->items[i];
    }
    return found;
}

static bool put_document(struct writer *w, const struct node *document, struct err *err)
{
    if (node_is(document, NODE_LIST))
        return put_list(w, document, err);
    const struct node *list = node_is(document, NODE_MAP) ? only_list(document) : NULL;
    if (list && table_of(document) == SIZE_MAX)
        return put_list(w, list, err);
    return put_record(w, document, err);
}

static bool put_lines(struct writer *w, const char *text, size_t length, struct err *err)
{
    size_t line = 1;
    for (const char *p = text, *end = text + length; p < end; line++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop ? stop : end;
        if (json_rows_likely(p, (size_t)(stop - p))) {
            struct arena arena = ARENA_INIT;
            const struct node *record;
            bool ok = doc_parse_json(&record, &arena, w->path, p, (size_t)(stop - p), err) &&
                      put_record(w, record, err);
            arena_release(&arena);
            if (!ok)
                return err_within(err, "line %zu", line);
        }
        p = stop + 1;
    }
    return true;
}

/* Two lines that each begin with a brace are an object a line. */
static bool is_lines(const char *text, size_t length)
{
    const char *end = memchr(text, '\n', length);
    return end && text[0] == '{' && end > text && (end[-1] == '}' || end[-1] == '\r') &&
           json_rows_likely(end, length - (size_t)(end - text));
}

bool json_rows_read(struct buf *out, const char *path, struct err *err)
{
    char *text;
    size_t length;
    struct writer w = {.out = out, .path = path, .table = SIZE_MAX};
    if (!stream_read_all(&text, &length, path, json_limit, err))
        return false;
    bool ok;
    if (is_lines(text, length)) {
        ok = put_lines(&w, text, length, err);
    } else {
        struct arena arena = ARENA_INIT;
        const struct node *document;
        ok = doc_parse_json(&document, &arena, path, text, length, err) &&
             put_document(&w, document, err);
        arena_release(&arena);
    }
    free(text);
    return ok;
}
