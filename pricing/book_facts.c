#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "book_parts.h"

struct table {
    const struct image *image;
    const struct image_table *table;
};

static bool find_table(struct table *out, const struct book *book, const char *name)
{
    for (size_t i = 0; i < book->layer_count; i++) {
        const struct image *image = book->layers[i].image;
        const struct image_table *tables = image_at(image, image->tables);
        for (size_t k = 0; k < image->tables.count; k++)
            if (!strcmp(image_text(image, tables[k].name), name)) {
                *out = (struct table){image, &tables[k]};
                return true;
            }
    }
    return false;
}

static const char *cell(const struct table *t, size_t row, size_t column)
{
    const uint32_t *cells = image_at(t->image, t->image->table_cells);
    return image_text(t->image, cells[t->table->cell + row * t->table->column_count + column]);
}

static bool find_column(size_t *out, const struct table *t, const char *name)
{
    const uint32_t *cells = image_at(t->image, t->image->table_cells);
    for (size_t i = 0; i < t->table->column_count; i++)
        if (!strcmp(image_text(t->image, cells[t->table->columns + i]), name)) {
            *out = i;
            return true;
        }
    return false;
}

static bool find_row(size_t *out, const struct table *t, const char *key)
{
    size_t low = 0, high = t->table->row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(key, cell(t, middle, 0));
        if (!order) {
            *out = middle;
            return true;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

const char *book_fact(const struct book *book, const char *table, const char *key,
                      const char *column)
{
    struct table t;
    size_t row, at;
    if (!key || !find_table(&t, book, table) || !find_row(&row, &t, key) ||
        !find_column(&at, &t, column))
        return NULL;
    return cell(&t, row, at);
}

double book_fact_number(const struct book *book, const char *table, const char *key,
                        const char *column, double otherwise)
{
    const char *text = book_fact(book, table, key, column);
    struct money value;
    if (!text || !money_parse(&value, text, strlen(text), NULL))
        return otherwise;
    return money_double(value);
}

size_t book_fact_count(const struct book *book, const char *table)
{
    struct table t;
    return find_table(&t, book, table) ? t.table->row_count : 0;
}

const char *book_fact_key(const struct book *book, const char *table, size_t row)
{
    struct table t;
    return find_table(&t, book, table) && row < t.table->row_count ? cell(&t, row, 0) : NULL;
}

static const char *const status_names[] = {
    [TYPE_UNKNOWN] = "unknown", [TYPE_FREE] = "free",     [TYPE_USAGE_ONLY] = "usage_only",
    [TYPE_PARENT] = "parent",   [TYPE_PRICED] = "priced",
};

enum type_status book_type_status(const struct book *book, const char *terraform_type)
{
    const char *text = book_fact(book, "terraform_types", terraform_type, "status");
    for (size_t i = 0; text && i < sizeof status_names / sizeof *status_names; i++)
        if (!strcmp(text, status_names[i]))
            return (enum type_status)i;
    return TYPE_UNKNOWN;
}
