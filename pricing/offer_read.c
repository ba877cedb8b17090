#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/money.h"
#include "io/csv.h"
#include "io/csv_scan.h"
#include "io/stream.h"
#include "offer.h"

enum { BLOCK = 1 << 20, ROW_LIMIT = 16 << 20, KEY_ROOM = 512, CELLS_MAX = 4000000 };

struct reading {
    struct offer *offer;
    struct refresh_result *result;
    struct arena *arena;
    const char *input;
    struct stream *stream;
    char *bytes;
    size_t length, room, header_rows;
    bool ended;
    struct field code;
    struct csv_plan plan;
    size_t field_of[OFFER_COLUMNS]; /* in the plan; (size_t)-1: the file has no such column */
    char scratch[OFFER_COLUMNS][256];
};

void offer_release(struct offer *offer)
{
    intern_free(offer->strings);
    VEC_FREE(&offer->cells);
    VEC_FREE(&offer->tiers);
    map_release(&offer->index);
    arena_release(&offer->arena);
}

static bool fill(struct reading *r, struct err *err)
{
    if (r->length == r->room) {
        if (r->room >= ROW_LIMIT)
            return err_set(err, "%s: a row is longer than %d MB", r->input, ROW_LIMIT >> 20);
        r->room = r->room ? r->room * 2 : BLOCK;
        r->bytes = mem_resize(r->bytes, r->room);
    }
    size_t got = 0;
    if (!stream_read(r->stream, r->bytes + r->length, r->room - r->length, &got, err))
        return false;
    r->length += got;
    r->ended = !got;
    return true;
}

static void drop(struct reading *r, size_t used)
{
    memmove(r->bytes, r->bytes + used, r->length - used);
    r->length -= used;
}

/* "Name","value" before the header. */
static void read_note(struct reading *r, struct csv *line)
{
    static const struct {
        const char *name;
        size_t at;
    } notes[] = {
        {"OfferCode", offsetof(struct refresh_result, offer)},
        {"Version", offsetof(struct refresh_result, version)},
    };
    const char *name = csv_column_name(line, 0);
    const char *value = csv_columns(line) > 1 ? csv_column_name(line, 1) : "";
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        if (!strcmp(name, notes[i].name))
            *(const char **)(void *)((char *)r->result + notes[i].at) =
                arena_strdup(r->arena, value);
    if (!strcmp(name, "Publication Date"))
        day_parse(&r->result->published, value, strlen(value));
}

static bool read_header(struct reading *r, const struct csv *line, struct err *err)
{
    uint32_t wanted[OFFER_COLUMNS];
    size_t count = 0;
    for (size_t i = 0; i < OFFER_COLUMNS; i++) {
        size_t column = csv_column(line, offer_columns[i].name);
        r->field_of[i] = (size_t)-1;
        if (column == (size_t)-1 && offer_columns[i].required)
            return err_set(err, "%s: the price list has no column '%s'", r->input,
                           offer_columns[i].name);
        if (column == (size_t)-1)
            continue;
        r->field_of[i] = count;
        wanted[count++] = (uint32_t)column;
    }
    csv_plan_make(&r->plan, csv_kernel_best(), ',', wanted, count);
    const char *code = r->result->offer ? r->result->offer : "";
    r->code = (struct field){code, strlen(code)};
    if (offer_known(r->code))
        return true;
    struct buf names = BUF_INIT;
    offer_names(&names);
    err_set(err, "%s: the offer is '%s'; refresh knows %s", r->input, code, buf_text(&names));
    buf_release(&names);
    return false;
}

/* One line from the front: a note, or the header, which ends the notes. */
static bool read_front_line(struct reading *r, size_t length, bool *header, struct err *err)
{
    struct csv *line = NULL;
    if (!csv_open_text(&line, r->input, r->bytes, length, err))
        return false;
    *header = !strcmp(csv_column_name(line, 0), "SKU");
    bool ok = true;
    if (*header)
        ok = read_header(r, line, err);
    else
        read_note(r, line);
    csv_close(line);
    return ok;
}

static bool read_front(struct reading *r, struct err *err)
{
    enum { LINES = 40 };
    for (bool header = false; !header;) {
        const char *end = r->length ? memchr(r->bytes, '\n', r->length) : NULL;
        if (!end && !r->ended) {
            if (!fill(r, err))
                return false;
            continue;
        }
        if (!end || ++r->header_rows > LINES)
            return err_set(err,
                           "%s: this is no price list of AWS: there is no line that "
                           "begins with SKU",
                           r->input);
        size_t length = (size_t)(end - r->bytes) + 1;
        if (!read_front_line(r, length, &header, err))
            return false;
        drop(r, length);
    }
    return true;
}

static bool bad_row(struct reading *r, const char *what, struct field value)
{
    if (!r->result->bad++)
        r->result->first_bad = arena_printf(
            r->arena, "%s: row %zu: %s: '%.*s'", r->input, r->header_rows + r->result->rows,
            what, (int)(value.length < 60 ? value.length : 60), value.text);
    return false;
}

/* Fields of more than 255 bytes cannot be of interest: they read as empty. */
static void take_fields(struct reading *r, const struct csv_rows *rows, size_t row,
                        struct field *out)
{
    for (size_t i = 0; i < OFFER_COLUMNS; i++) {
        out[i] = (struct field){"", 0};
        size_t field = r->field_of[i];
        if (field == (size_t)-1 || !csv_has(&r->plan, rows, row, field))
            continue;
        struct csv_view raw = csv_raw(&r->plan, rows, row, field);
        if (raw.length >= sizeof r->scratch[i])
            continue;
        struct csv_view text = csv_unquote(raw, r->scratch[i]);
        out[i] = (struct field){text.at, text.length};
    }
}

static bool read_number(double *out, struct field field)
{
    struct money value;
    if (!field.length) {
        *out = 0;
        return true;
    }
    if (!money_parse(&value, field.text, field.length, NULL) || value.atto < 0)
        return false;
    *out = money_double(value);
    return true;
}

static bool read_price(int64_t *pico, const struct offer_rule *rule, struct field field)
{
    struct money value;
    if (!money_parse(&value, field.text, field.length, NULL) || value.atto < 0)
        return false;
    wide times = rule->times ? rule->times : 1;
    wide parts = (wide)(rule->parts ? rule->parts : 1) * 1000000;
    wide amount = (value.atto * times + parts / 2) / parts;
    *pico = (int64_t)amount;
    return amount <= INT64_MAX;
}

/* What stands for the '@' of a rule's attributes. */
static struct field filling(const struct offer_rule *rule, const struct field *row)
{
    return row[!strcmp(rule->service, "ec2") ? INSTANCE_TYPE : TO_REGION];
}

static sym make_key(struct reading *r, const struct offer_rule *rule, const struct field *row)
{
    struct intern *strings = r->offer->strings;
    if (!rule->attributes)
        return intern_printf(strings, "%s %s", rule->service, rule->item);
    const char *at = strchr(rule->attributes, '@');
    if (!at)
        return intern_printf(strings, "%s %s %s", rule->service, rule->item, rule->attributes);
    struct field value = filling(rule, row);
    return intern_printf(strings, "%s %s %.*s%.*s%s", rule->service, rule->item,
                         (int)(at - rule->attributes), rule->attributes, (int)value.length,
                         value.text, at + 1);
}

static struct offer_cell *find_cell(struct reading *r, sym key, sym region,
                                    const struct offer_rule *rule)
{
    struct offer *offer = r->offer;
    const char *pair[2] = {key, region};
    size_t at;
    if (map_get(&offer->index, pair, sizeof pair, &at))
        return &offer->cells.at[at];
    const char **kept = arena_alloc(&offer->arena, sizeof pair);
    memcpy(kept, pair, sizeof pair);
    map_put(&offer->index, kept, sizeof pair, offer->cells.count);
    VEC_ADD(&offer->cells, ((struct offer_cell){key, region, rule, 0}));
    return &offer->cells.at[offer->cells.count - 1];
}

static void add_tier(struct reading *r, struct offer_cell *cell, double from, int64_t pico)
{
    struct offer *offer = r->offer;
    for (uint32_t i = cell->first_tier; i; i = offer->tiers.at[i - 1].next)
        if (offer->tiers.at[i - 1].from == from) {
            r->result->conflicts += offer->tiers.at[i - 1].pico != pico;
            return;
        }
    VEC_ADD(&offer->tiers, ((struct offer_tier){from, pico, cell->first_tier}));
    cell->first_tier = (uint32_t)offer->tiers.count;
}

/* A value that would not survive as a word of a price file names no price. */
static bool is_word(struct field field)
{
    static const char harmful[] = "\",;=";
    if (!field.length || field.length > 63 || strchr("#@-", field.text[0]))
        return false;
    for (size_t i = 0; i < field.length; i++)
        if ((unsigned char)field.text[i] <= ' ' || strchr(harmful, field.text[i]))
            return false;
    return true;
}

static bool take_row(struct reading *r, const struct field *row)
{
    const struct offer_rule *rule = offer_rule_for(r->code, row);
    double from;
    int64_t pico;
    if (!rule || (row[CURRENCY].length && memcmp(row[CURRENCY].text, "USD", 3)))
        return true;
    if (!read_number(&from, row[STARTING_RANGE]))
        return bad_row(r, "not a range", row[STARTING_RANGE]);
    if (!read_price(&pico, rule, row[PRICE_PER_UNIT]))
        return bad_row(r, "not a price", row[PRICE_PER_UNIT]);
    bool filled = rule->attributes && strchr(rule->attributes, '@');
    if (!is_word(row[REGION_CODE]))
        return bad_row(r, "not a region", row[REGION_CODE]);
    if (filled && !is_word(filling(rule, row)))
        return bad_row(r, "not an instance type or region", filling(rule, row));
    if (!pico || r->offer->cells.count >= CELLS_MAX)
        return true;
    sym region = intern_n(r->offer->strings, row[REGION_CODE].text, row[REGION_CODE].length);
    struct offer_cell *cell = find_cell(r, make_key(r, rule, row), region, rule);
    add_tier(r, cell, from + rule->from, pico);
    r->result->used++;
    return true;
}

static bool is_on_demand(const struct reading *r, const struct csv_rows *rows, size_t row)
{
    size_t field = r->field_of[TERM_TYPE];
    if (!csv_has(&r->plan, rows, row, field))
        return false;
    struct csv_view raw = csv_raw(&r->plan, rows, row, field);
    return raw.length >= 8 && (raw.at[0] == 'O' || raw.at[1] == 'O');
}

static bool read_rows(struct reading *r, struct csv_rows *rows, struct err *err)
{
    struct field row[OFFER_COLUMNS];
    bool unclosed = false;
    for (size_t used = 0;;) {
        size_t n = csv_scan(&r->plan, rows, r->bytes + used, r->length - used, r->ended);
        used += n;
        unclosed = unclosed || (r->ended && rows->unclosed);
        for (size_t i = 0; i < rows->count; i++) {
            r->result->rows++;
            if (!is_on_demand(r, rows, i))
                continue;
            take_fields(r, rows, i, row);
            take_row(r, row);
        }
        if (rows->count)
            continue;
        if (r->ended)
            break;
        drop(r, used);
        used = 0;
        if (!fill(r, err))
            return false;
    }
    return !unclosed || err_set(err, "%s: the file ends inside quotes", r->input);
}

bool offer_read(struct offer *offer, struct refresh_result *result, struct arena *arena,
                const char *input, struct err *err)
{
    struct reading *r = mem_alloc(sizeof *r);
    r->offer = offer;
    r->result = result;
    r->arena = arena;
    r->input = input;
    offer->strings = intern_open();
    struct csv_rows rows;
    bool ok = stream_open(&r->stream, input, err) && read_front(r, err);
    if (ok) {
        csv_rows_init(&rows, &r->plan);
        ok = read_rows(r, &rows, err);
        csv_rows_release(&rows);
    }
    stream_close(r->stream);
    free(r->bytes);
    free(r);
    return ok;
}
