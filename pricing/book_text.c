#include "book_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "builder.h"

enum { TOKENS_MAX = 256, COLUMNS_MAX = 48, ATTRIBUTES_MAX = 8, KEY_MAX = 400 };

struct token {
    const char *text;
    size_t length, column;
};

/* Where the reading of a file stands: what the last @ lines said. */
struct reader {
    struct book_builder *builder;
    sym file, service, item, unit, key;
    size_t line;
    struct token tokens[TOKENS_MAX];
    size_t token_count;
    sym attributes[ATTRIBUTES_MAX];
    size_t attribute_count;
    uint32_t origin;
    bool has_origin;
    struct raw_table *table;
};

static bool fail(const struct reader *r, const struct token *at, struct err *err,
                 const char *what)
{
    return err_at(err, r->file, r->line, at ? at->column : 0, "%s: '%.*s'", what,
                  at ? (int)(at->length < 80 ? at->length : 80) : 0, at ? at->text : "");
}

static sym token_sym(struct reader *r, size_t i)
{
    return intern_n(r->builder->strings, r->tokens[i].text, r->tokens[i].length);
}

static bool token_is(const struct token *t, const char *text)
{
    return t->length == strlen(text) && !memcmp(t->text, text, t->length);
}

/* Words apart by spaces; "double quotes" hold a word with spaces together. */
static bool split(struct reader *r, const char *line, size_t length, struct err *err)
{
    r->token_count = 0;
    for (size_t i = 0; i < length;) {
        if (line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
            i++;
            continue;
        }
        bool quoted = line[i] == '"';
        size_t start = i += quoted;
        while (i < length && (quoted ? line[i] != '"' : !strchr(" \t\r", line[i])))
            i++;
        struct token token = {line + start, i - start, start + 1};
        if (quoted && i == length)
            return fail(r, &token, err, "a quote is not closed");
        i += quoted;
        if (r->token_count == TOKENS_MAX)
            return fail(r, &token, err, "more than 256 words in a line");
        r->tokens[r->token_count++] = token;
    }
    return true;
}

static bool read_service(struct reader *r, struct err *err)
{
    if (r->token_count != 2)
        return fail(r, &r->tokens[0], err, "expected '@service NAME'");
    r->service = token_sym(r, 1);
    r->item = NULL;
    return true;
}

static bool read_source(struct reader *r, struct err *err)
{
    if (r->token_count != 3)
        return fail(r, &r->tokens[0], err, "expected '@source ID DATE'");
    struct raw_origin origin = {.source = token_sym(r, 1)};
    const struct token *date = &r->tokens[2];
    if (!token_is(date, "-") && !day_parse(&origin.date, date->text, date->length))
        return fail(r, date, err, "expected a date such as 2026-01-31, or -");
    struct book_builder *b = r->builder;
    r->has_origin = true;
    for (size_t i = 0; i < b->origins.count; i++)
        if (b->origins.at[i].source == origin.source && b->origins.at[i].date == origin.date) {
            r->origin = (uint32_t)i;
            return true;
        }
    if (b->origins.count > UINT16_MAX)
        return fail(r, date, err, "more than 65536 sources and dates");
    r->origin = (uint32_t)b->origins.count;
    VEC_ADD(&b->origins, origin);
    return true;
}

static bool read_item(struct reader *r, struct err *err)
{
    if (r->token_count < 3 || r->token_count > 3 + ATTRIBUTES_MAX)
        return fail(r, &r->tokens[0], err,
                    "expected '@item NAME UNIT' and up to 8 attributes");
    if (!r->service || !r->has_origin)
        return fail(r, &r->tokens[0], err, "@service and @source must come before");
    r->item = token_sym(r, 1);
    r->unit = token_sym(r, 2);
    r->table = NULL;
    r->key = NULL;
    r->attribute_count = r->token_count - 3;
    for (size_t i = 0; i < r->attribute_count; i++)
        r->attributes[i] = token_sym(r, i + 3);
    return true;
}

static bool read_table(struct reader *r, struct err *err)
{
    if (r->token_count < 3 || r->token_count > 2 + COLUMNS_MAX)
        return fail(r, &r->tokens[0], err, "expected '@table NAME' and 1 to 48 columns");
    struct book_builder *b = r->builder;
    size_t count = r->token_count - 2;
    sym *columns = ARENA_ARRAY(&b->arena, sym, count);
    for (size_t i = 0; i < count; i++)
        columns[i] = token_sym(r, i + 2);
    r->item = NULL;
    sym name = token_sym(r, 1);
    for (size_t i = 0; i < b->tables.count; i++)
        if (b->tables.at[i].name == name)
            return fail(r, &r->tokens[1], err, "there is a table of this name already");
    r->table = VEC_PUSH(&b->tables);
    r->table->name = name;
    r->table->columns = columns;
    r->table->column_count = count;
    return true;
}

static bool read_table_row(struct reader *r, struct err *err)
{
    struct raw_table *table = r->table;
    if (r->token_count != table->column_count)
        return err_at(err, r->file, r->line, 0,
                      "the row has %zu of the %zu columns of the table %s", r->token_count,
                      table->column_count, table->name);
    sym *cells = ARENA_ARRAY(&r->builder->arena, sym, table->column_count);
    for (size_t i = 0; i < table->column_count; i++)
        cells[i] = token_is(&r->tokens[i], "-") ? "" : token_sym(r, i);
    VEC_ADD(&table->rows, ((struct raw_row){cells, r->file, (unsigned)r->line}));
    return true;
}

/* "service item a=1;b=2": attributes sorted by name, those that are "-" left out. */
static bool make_key(struct reader *r, struct err *err)
{
    size_t order[ATTRIBUTES_MAX], count = 0;
    for (size_t i = 0; i < r->attribute_count; i++) {
        if (token_is(&r->tokens[i], "-"))
            continue;
        size_t at = count++;
        for (; at > 0 && strcmp(r->attributes[order[at - 1]], r->attributes[i]) > 0; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    char key[KEY_MAX];
    size_t used = (size_t)snprintf(key, sizeof key, "%s %s", r->service, r->item);
    for (size_t i = 0; i < count && used < sizeof key; i++) {
        const struct token *value = &r->tokens[order[i]];
        used += (size_t)snprintf(key + used, sizeof key - used, "%c%s=%.*s", i ? ';' : ' ',
                                 r->attributes[order[i]], (int)value->length, value->text);
    }
    if (used >= sizeof key)
        return fail(r, &r->tokens[0], err, "the name of this price is longer than 400 bytes");
    r->key = intern(r->builder->strings, key);
    return true;
}

static bool read_amount(struct reader *r, struct token part, int64_t *pico, struct err *err)
{
    struct money amount;
    bool rounded = false;
    if (!money_parse(&amount, part.text, part.length, &rounded))
        return fail(r, &part, err, "not a number");
    wide step = 1000000;
    if (rounded || amount.atto % step || amount.atto < 0 || amount.atto / step > INT64_MAX)
        return fail(r, &part, err, "a price is from 0 to 9 million with up to 12 decimals");
    *pico = (int64_t)(amount.atto / step);
    return true;
}

static bool read_border(struct reader *r, struct token part, double *from, struct err *err)
{
    char digits[32];
    size_t length = part.length < sizeof digits ? part.length : 0;
    memcpy(digits, part.text, length);
    digits[length] = '\0';
    char *end = digits;
    *from = strtod(digits, &end);
    if (!length || *end || !(*from >= 0 && *from < 1e18))
        return fail(r, &part, err, "not the border of a tier");
    return true;
}

/* "0.023@0" or "0.1" or "end@500". */
static bool read_tier(struct reader *r, struct token part, struct image_tier *tier,
                      struct err *err)
{
    const char *at = memchr(part.text, '@', part.length);
    struct token amount = part, border = part;
    tier->from = 0;
    if (at) {
        amount.length = (size_t)(at - part.text);
        border = (struct token){at + 1, part.length - amount.length - 1,
                                part.column + amount.length + 1};
        if (!read_border(r, border, &tier->from, err))
            return false;
    }
    if (!token_is(&amount, "end"))
        return read_amount(r, amount, &tier->pico, err);
    tier->pico = TIER_END;
    return true;
}

static bool read_ladder(struct reader *r, struct token text, uint32_t *first, uint32_t *count,
                        struct err *err)
{
    struct image_tier tiers[PRICE_TIERS_MAX + 1];
    memset(tiers, 0, sizeof tiers);
    size_t n = 0;
    for (size_t at = 0; at <= text.length;) {
        const char *end = memchr(text.text + at, ';', text.length - at);
        size_t length = end ? (size_t)(end - text.text) - at : text.length - at;
        struct token part = {text.text + at, length, text.column + at};
        if (n > PRICE_TIERS_MAX)
            return fail(r, &part, err, "more than 12 tiers");
        if (!read_tier(r, part, &tiers[n], err))
            return false;
        bool after_end = n && tiers[n - 1].pico == TIER_END;
        if (after_end || (n && tiers[n].from <= tiers[n - 1].from))
            return fail(r, &part, err, "tiers must rise");
        n++;
        at += length + 1;
    }
    if (tiers[0].pico == TIER_END || n - (tiers[n - 1].pico == TIER_END) > PRICE_TIERS_MAX)
        return fail(r, &text, err, "expected 1 to 12 tiers");
    struct book_builder *b = r->builder;
    size_t index, bytes = n * sizeof *tiers;
    if (!map_get(&b->ladders, tiers, bytes, &index)) {
        index = b->tiers.count;
        if (index >= 1u << 24)
            return fail(r, &text, err, "too many different prices");
        void *copy = arena_alloc(&b->arena, bytes);
        memcpy(copy, tiers, bytes);
        map_put(&b->ladders, copy, bytes, index);
        for (size_t i = 0; i < n; i++)
            VEC_ADD(&b->tiers, tiers[i]);
    }
    *first = (uint32_t)index;
    *count = (uint32_t)n;
    return true;
}

/* "us-east-1,us-east-2=0.10" */
static bool read_cells(struct reader *r, const struct token *token, struct err *err)
{
    const char *equals = memchr(token->text, '=', token->length);
    if (!equals || equals == token->text)
        return fail(r, token, err, "expected REGION,...=AMOUNT");
    size_t names = (size_t)(equals - token->text);
    struct token ladder = {equals + 1, token->length - names - 1, token->column + names + 1};
    uint32_t first = 0, count = 0;
    if (!read_ladder(r, ladder, &first, &count, err))
        return false;
    for (size_t at = 0; at <= names;) {
        const char *comma = memchr(token->text + at, ',', names - at);
        size_t length = comma ? (size_t)(comma - token->text) - at : names - at;
        if (!length)
            return fail(r, token, err, "a region has no name");
        sym region = intern_n(r->builder->strings, token->text + at, length);
        VEC_ADD(&r->builder->cells,
                ((struct raw_cell){r->key, r->unit, region, r->file, (unsigned)r->line,
                                   r->origin, first, count}));
        at += length + 1;
    }
    return true;
}

static bool read_price_row(struct reader *r, bool goes_on, struct err *err)
{
    if (!r->item)
        return fail(r, &r->tokens[0], err, "@item or @table must come before this line");
    size_t first = 0;
    if (!goes_on) {
        r->key = NULL;
        if (r->token_count < r->attribute_count)
            return err_at(err, r->file, r->line, 0, "%s %s needs %zu attributes", r->service,
                          r->item, r->attribute_count);
        if (!make_key(r, err))
            return false;
        first = r->attribute_count;
    } else if (!r->key) {
        return fail(r, &r->tokens[0], err, "this line goes on with a row that is not there");
    }
    for (size_t i = first; i < r->token_count; i++)
        if (!read_cells(r, &r->tokens[i], err))
            return false;
    return true;
}

static bool read_line(struct reader *r, const char *line, size_t length, struct err *err)
{
    static const struct {
        const char *name;
        bool (*read)(struct reader *r, struct err *err);
    } directives[] = {
        {"@service", read_service},
        {"@source", read_source},
        {"@item", read_item},
        {"@table", read_table},
    };
    if (!split(r, line, length, err))
        return false;
    if (!r->token_count || line[0] == '#')
        return true;
    if (line[0] != '@') {
        if (r->table)
            return read_table_row(r, err);
        return read_price_row(r, line[0] == ' ' || line[0] == '\t', err);
    }
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++)
        if (token_is(&r->tokens[0], directives[i].name))
            return directives[i].read(r, err);
    return fail(r, &r->tokens[0], err, "expected @service, @source, @item or @table");
}

bool book_builder_add(struct book_builder *builder, const char *name, const char *text,
                      size_t length, book_problem *problem, void *context, struct err *err)
{
    struct reader *r = ARENA_NEW(&builder->arena, struct reader);
    r->builder = builder;
    r->file = intern(builder->strings, name);
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t line = end ? (size_t)(end - text) - at : length - at;
        r->line++;
        if (!read_line(r, text + at, line, err) && (!problem || !problem(context, err)))
            return false;
        at += line + 1;
    }
    return true;
}
