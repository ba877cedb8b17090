#include "format.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/csv.h"
#include "io/duckdb.h"

static bool upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool alphanumeric(char c)
{
    return upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

void name_mangle(struct buf *out, const char *name)
{
    size_t start = out->length;
    for (const char *p = name; *p; p++) {
        bool gap = upper(*p) || !alphanumeric(*p);
        if (gap && out->length > start && out->text[out->length - 1] != '_')
            buf_add_char(out, '_');
        if (alphanumeric(*p))
            buf_add_char(out, upper(*p) ? (char)(*p - 'A' + 'a') : *p);
    }
    while (out->length > start && out->text[out->length - 1] == '_')
        out->text[--out->length] = '\0';
}

void header_add(struct header *header, const char *name)
{
    struct buf mangled = BUF_INIT;
    name_mangle(&mangled, name);
    VEC_ADD(&header->names, arena_strdup(&header->arena, name));
    VEC_ADD(&header->mangled, arena_strdup(&header->arena, buf_text(&mangled)));
    buf_release(&mangled);
}

bool header_read(struct header *out, const char *path, const char *bytes, size_t length,
                 struct err *err)
{
    struct csv *csv;
    *out = (struct header){.arena = ARENA_INIT};
    if (!csv_open_text(&csv, path, bytes, length, err))
        return false;
    for (size_t i = 0; i < csv_columns(csv); i++)
        header_add(out, csv_column_name(csv, i));
    csv_close(csv);
    return true;
}

void header_release(struct header *header)
{
    VEC_FREE(&header->names);
    VEC_FREE(&header->mangled);
    VEC_FREE(&header->types);
    arena_release(&header->arena);
}

size_t header_find(const struct header *header, bool mangled, const char *name)
{
    for (size_t i = 0; i < header->names.count; i++)
        if (!strcmp(mangled ? header->mangled.at[i] : header->names.at[i], name))
            return i;
    return SIZE_MAX;
}

static bool has_all(const struct header *header, const struct bill_format *format)
{
    for (const char *const *name = format->required; *name; name++)
        if (header_find(header, format->mangled, *name) == SIZE_MAX)
            return false;
    return true;
}

const struct bill_format *format_of(const struct header *header)
{
    for (size_t i = 0; bill_formats[i]; i++)
        if (has_all(header, bill_formats[i]))
            return bill_formats[i];
    return NULL;
}

/* The plan's fields while they are chosen: a column once, whatever roles it has. */
struct choice {
    uint32_t columns[CSV_WANTED_MAX];
    size_t count;
};

static uint8_t choose(struct choice *c, size_t column)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->columns[i] == column)
            return (uint8_t)i;
    if (c->count == CSV_WANTED_MAX)
        return ABSENT;
    c->columns[c->count] = (uint32_t)column;
    return (uint8_t)c->count++;
}

/*
 * Only fees, refunds and oddities ask for these: noting them in every row of a text
 * would cost more. Of a Parquet file they are as near as the others.
 */
static bool is_late(const struct header *header, enum role role)
{
    static const bool late[ROLE_COUNT] = {
        [ROLE_PRODUCT_NAME] = true,      [ROLE_PERIOD] = true,
        [ROLE_RI_UPFRONT] = true,        [ROLE_RI_UNUSED_UPFRONT] = true,
        [ROLE_RI_UNUSED_RECURRING] = true, [ROLE_RI_NET_UNUSED_UPFRONT] = true,
        [ROLE_RI_NET_UNUSED_RECURRING] = true, [ROLE_RI_UNITS] = true,
        [ROLE_RI_COUNT] = true,          [ROLE_RI_END] = true,
        [ROLE_SP_END] = true,            [ROLE_SP_KIND] = true,
        [ROLE_SP_FAMILY] = true,         [ROLE_SP_REGION] = true,
        [ROLE_SP_TOTAL] = true,          [ROLE_SP_USED] = true,
        [ROLE_SP_UPFRONT] = true,        [ROLE_SP_RECURRING] = true,
        [ROLE_SP_NET_UPFRONT] = true,    [ROLE_SP_NET_RECURRING] = true,
        [ROLE_DESCRIPTION] = true,
    };
    return late[role] && !header->types.count;
}

static uint8_t choose_late(struct layout *out, const struct choice *c, size_t column)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->columns[i] == column)
            return (uint8_t)i;
    if (out->late_count == LATE_MAX)
        return ABSENT;
    out->late[out->late_count] = (uint32_t)column;
    return (uint8_t)(LATE + out->late_count++);
}

static void choose_roles(struct layout *out, struct arena *arena, const struct header *header,
                         struct choice *c, bool late)
{
    for (const struct bill_column *column = out->format->columns; column->name; column++) {
        if (out->field[column->role] != ABSENT || is_late(header, column->role) != late)
            continue;
        size_t at = header_find(header, out->format->mangled, column->name);
        if (at == SIZE_MAX)
            continue;
        out->field[column->role] = late ? choose_late(out, c, at) : choose(c, at);
        out->column_name[column->role] = arena_strdup(arena, header->names.at[at]);
    }
}

static bool has_net(const struct layout *layout)
{
    static const enum role roles[] = {
        ROLE_NET_COST,       ROLE_RI_NET_EFFECTIVE,      ROLE_SP_NET_EFFECTIVE,
        ROLE_SP_NET_UPFRONT, ROLE_RI_NET_UNUSED_UPFRONT, ROLE_SP_NET_RECURRING,
        ROLE_RI_NET_UNUSED_RECURRING};
    bool any = false;
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        any |= layout->field[roles[i]] != ABSENT;
    return any;
}

/* A tag's column: "user:Key" and "aws:key" in Athena's spelling, or the bare key. */
static size_t tag_column(const struct header *header, const struct bill_format *format,
                         const char *key)
{
    static const char *const kinds[] = {"user_", "aws_", ""};
    struct buf name = BUF_INIT;
    size_t at = SIZE_MAX;
    for (size_t i = 0; at == SIZE_MAX && i < sizeof kinds / sizeof *kinds; i++) {
        buf_clear(&name);
        buf_add(&name, format->tag_prefix);
        buf_add(&name, kinds[i]);
        name_mangle(&name, key);
        at = header_find(header, true, buf_text(&name));
    }
    buf_release(&name);
    return at;
}

static void choose_tags(struct layout *out, const struct header *header, struct choice *c,
                        const char *const *tags, size_t tag_count)
{
    memset(out->tag_field, ABSENT, sizeof out->tag_field);
    for (size_t t = 0; out->format->tag_prefix && t < tag_count && t < TAGS_MAX; t++) {
        size_t at = tag_column(header, out->format, tags[t]);
        if (at == SIZE_MAX)
            continue;
        out->tag_field[t] = choose(c, at);
    }
}

struct key_field {
    uint32_t column;
    uint8_t field;
};

static int by_column(const void *a, const void *b)
{
    const struct key_field *x = a, *y = b;
    return (x->column > y->column) - (x->column < y->column);
}

/* Neighbouring columns become one run, so that one comparison covers them. */
static size_t make_runs(struct raw_run *runs, const struct csv_plan *plan,
                        struct key_field *fields, size_t count)
{
    size_t n = 0;
    qsort(fields, count, sizeof *fields, by_column);
    for (size_t i = 0; i < count; i++) {
        uint8_t begin = plan->begin[fields[i].field], end = plan->end[fields[i].field];
        if (n && i && fields[i].column <= fields[i - 1].column + 1)
            runs[n - 1].end = end;
        else
            runs[n++] = (struct raw_run){begin, end};
    }
    return n;
}

static void make_key_runs(struct layout *out, const struct choice *c)
{
    struct key_field fields[PLACE_ROLES_END + TAGS_MAX];
    size_t n = 0;
    for (unsigned r = 0; r < SKU_ROLES; r++)
        if (out->field[r] != ABSENT && r != ROLE_PRODUCT_NAME)
            fields[n++] = (struct key_field){c->columns[out->field[r]], out->field[r]};
    out->sku_run_count = make_runs(out->sku_runs, &out->plan, fields, n);
    n = 0;
    for (unsigned r = SKU_ROLES; r < PLACE_ROLES_END; r++)
        if (out->field[r] != ABSENT)
            fields[n++] = (struct key_field){c->columns[out->field[r]], out->field[r]};
    for (unsigned t = 0; t < TAGS_MAX; t++)
        if (out->tag_field[t] != ABSENT)
            fields[n++] = (struct key_field){c->columns[out->tag_field[t]], out->tag_field[t]};
    out->place_run_count = make_runs(out->place_runs, &out->plan, fields, n);
}

/* What rows are told apart by, and other texts that few rows need. */
static bool is_key(enum role role)
{
    return role < PLACE_ROLES_END || role == ROLE_RI_END ||
           (role >= ROLE_SP_END && role <= ROLE_DESCRIPTION);
}

/*
 * A column that is called as what DuckDB itself says of a row would hide that: it gets
 * another name, by a list of the names of all.
 */
static const char *names_apart(struct arena *arena, const struct header *header)
{
    struct buf list = BUF_INIT;
    bool hides = false;
    for (size_t i = 0; i < header->names.count; i++) {
        const char *name = header->names.at[i];
        bool taken = !strcasecmp(name, "file_index") || !strcasecmp(name, "file_row_number");
        buf_add(&list, i ? ", " : "");
        duckdb_quote_name(&list, taken ? arena_printf(arena, "column %zu", i + 1) : name);
        hides |= taken;
    }
    const char *names = hides ? arena_strdup(arena, buf_text(&list)) : NULL;
    buf_release(&list);
    return names;
}

/* The chosen columns of a Parquet file are read alone: they become all that there is. */
static void choose_alone(struct layout *out, struct arena *arena, const struct header *header,
                         struct choice *c)
{
    struct parquet_column *columns = ARENA_ARRAY(arena, struct parquet_column, c->count);
    for (size_t i = 0; i < c->count; i++) {
        columns[i].name = arena_strdup(arena, header->names.at[c->columns[i]]);
        columns[i].type = arena_strdup(arena, header->types.at[c->columns[i]]);
        c->columns[i] = (uint32_t)i;
    }
    for (unsigned r = 0; r < ROLE_COUNT; r++)
        if (out->field[r] != ABSENT && is_key(r))
            columns[out->field[r]].key = true;
    for (unsigned t = 0; t < TAGS_MAX; t++)
        if (out->tag_field[t] != ABSENT)
            columns[out->tag_field[t]].key = true;
    for (size_t i = 0; i < c->count; i++)
        columns[i].exact = !columns[i].key && !strcmp(columns[i].type, "DOUBLE");
    out->parquet = columns;
    out->parquet_names = names_apart(arena, header);
    out->columns = (uint32_t)c->count;
}

bool layout_make(struct layout *out, struct arena *arena, const struct header *header,
                 const char *path, const char *const *tags, size_t tag_count, struct err *err)
{
    const struct bill_format *format = format_of(header);
    *out = (struct layout){.format = format, .columns = (uint32_t)header->names.count};
    if (!format)
        return err_set(err, "%s: not a bill: its columns are of no known export (CUR, FOCUS, "
                       "Databricks usage)", path);
    if (format->refusal)
        return err_set(err, "%s: %s", path, format->refusal);
    out->label = format->version ? format->version(header) : format->name;
    struct choice choice = {.count = 0};
    memset(out->field, ABSENT, sizeof out->field);
    choose_roles(out, arena, header, &choice, false);
    choose_tags(out, header, &choice, tags, tag_count);
    choose_roles(out, arena, header, &choice, true);
    out->net = has_net(out);
    if (out->field[ROLE_START] == ABSENT && out->field[ROLE_PERIOD] == ABSENT &&
        out->field[ROLE_END] == ABSENT)
        return err_set(err, "%s: no column says when the usage was; the %s needs one", path,
                       out->label);
    if (header->types.count)
        choose_alone(out, arena, header, &choice);
    csv_plan_make(&out->plan, csv_kernel_best(), ',', choice.columns, choice.count);
    make_key_runs(out, &choice);
    return true;
}
