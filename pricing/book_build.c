#include "book_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "builder.h"

struct book_builder *book_builder_open(void)
{
    struct book_builder *b = mem_alloc(sizeof *b);
    b->strings = intern_open();
    return b;
}

void book_builder_free(struct book_builder *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < b->tables.count; i++)
        VEC_FREE(&b->tables.at[i].rows);
    VEC_FREE(&b->cells);
    VEC_FREE(&b->tiers);
    VEC_FREE(&b->origins);
    VEC_FREE(&b->tables);
    map_release(&b->ladders);
    intern_free(b->strings);
    arena_release(&b->arena);
    free(b);
}

/* The sections while they grow. */
struct sections {
    struct book_builder *builder;
    struct buf strings;
    struct map offsets; /* text -> offset in strings */
    VEC(sym) regions;
    VEC(struct image_row) rows;
    VEC(uint32_t) slots;
    VEC(struct image_cell) cells;
    VEC(struct image_table) tables;
    VEC(uint32_t) table_cells;
    VEC(struct instance_type) types;
};

static void sections_release(struct sections *s)
{
    buf_release(&s->strings);
    map_release(&s->offsets);
    VEC_FREE(&s->regions);
    VEC_FREE(&s->rows);
    VEC_FREE(&s->slots);
    VEC_FREE(&s->cells);
    VEC_FREE(&s->tables);
    VEC_FREE(&s->table_cells);
    VEC_FREE(&s->types);
}

static uint32_t offset_of(struct sections *s, const char *text)
{
    size_t length = strlen(text), offset;
    if (!length)
        return 0;
    if (!map_get(&s->offsets, text, length, &offset)) {
        offset = s->strings.length;
        buf_add_n(&s->strings, text, length + 1);
        map_put(&s->offsets, text, length, offset);
    }
    return (uint32_t)offset;
}

static int compare_cells(const void *left, const void *right)
{
    const struct raw_cell *a = left, *b = right;
    int order = a->key == b->key ? 0 : strcmp(a->key, b->key);
    if (!order)
        order = a->region == b->region ? 0 : strcmp(a->region, b->region);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const sym *)left, *(const sym *)right);
}

static bool number_regions(struct sections *s, struct map *numbers, struct err *err)
{
    const struct book_builder *b = s->builder;
    struct map seen = MAP_INIT;
    size_t ignored;
    for (size_t i = 0; i < b->cells.count; i++) {
        sym region = b->cells.at[i].region;
        if (map_get(&seen, region, strlen(region), &ignored))
            continue;
        map_put(&seen, region, strlen(region), 0);
        VEC_ADD(&s->regions, region);
    }
    map_release(&seen);
    if (s->regions.count > UINT16_MAX)
        return err_set(err, "the price files name more than 65535 regions");
    VEC_SORT(&s->regions, compare_texts);
    for (size_t i = 0; i < s->regions.count; i++)
        map_put(numbers, s->regions.at[i], strlen(s->regions.at[i]), i);
    return true;
}

/* Two prices of one name in one region, or one name with two units. */
static bool check_pair(const struct raw_cell *a, const struct raw_cell *b, struct err *err)
{
    if (a->key != b->key)
        return true;
    if (a->region == b->region)
        return err_at(err, b->file, b->line, 0, "%s %s has a price already, in %s:%u", b->key,
                      b->region, a->file, a->line);
    if (a->unit != b->unit)
        return err_at(err, b->file, b->line, 0, "%s is in %s here, in %s in %s:%u", b->key,
                      b->unit, a->unit, a->file, a->line);
    return true;
}

static bool make_rows(struct sections *s, book_problem *problem, void *context,
                      struct err *err)
{
    struct book_builder *b = s->builder;
    struct map numbers = MAP_INIT;
    bool ok = number_regions(s, &numbers, err);
    VEC_SORT(&b->cells, compare_cells);
    for (size_t i = 0; ok && i < b->cells.count; i++) {
        const struct raw_cell *cell = &b->cells.at[i], *before = i ? cell - 1 : NULL;
        if (before && !check_pair(before, cell, err)) {
            ok = problem && problem(context, err);
            continue;
        }
        if (!before || before->key != cell->key) {
            struct image_row *row = VEC_PUSH(&s->rows);
            row->key = offset_of(s, cell->key);
            row->unit = offset_of(s, cell->unit);
            row->cell = (uint32_t)s->cells.count;
        }
        size_t region = 0;
        map_get(&numbers, cell->region, strlen(cell->region), &region);
        struct image_cell *out = VEC_PUSH(&s->cells);
        out->region = (uint16_t)region;
        out->origin = (uint16_t)cell->origin;
        out->tier = cell->tier & 0xffffff;
        out->tier_count = (uint8_t)cell->tier_count;
        s->rows.at[s->rows.count - 1].cell_count++;
    }
    map_release(&numbers);
    return ok;
}

static void make_slots(struct sections *s)
{
    size_t room = 16;
    while (room < s->rows.count * 2)
        room *= 2;
    s->slots.at = vec_grow(NULL, &s->slots.room, room, sizeof *s->slots.at);
    s->slots.count = room;
    vec_zero(s->slots.at, room * sizeof *s->slots.at);
    for (size_t i = 0; i < s->rows.count; i++) {
        const char *key = s->strings.text + s->rows.at[i].key;
        size_t at = map_hash(key, strlen(key)) & (room - 1);
        while (s->slots.at[at])
            at = (at + 1) & (room - 1);
        s->slots.at[at] = (uint32_t)i + 1;
    }
}

static int compare_rows(const void *left, const void *right)
{
    const struct raw_row *a = left, *b = right;
    return strcmp(a->cells[0], b->cells[0]);
}

static bool add_types(struct sections *s, const struct raw_table *table, struct err *err)
{
    for (size_t i = 0; i < table->rows.count; i++)
        if (!type_of_row(VEC_PUSH(&s->types), table, &table->rows.at[i], err))
            return false;
    return true;
}

static bool add_table(struct sections *s, struct raw_table *table, struct err *err)
{
    VEC_SORT(&table->rows, compare_rows);
    for (size_t i = 1; i < table->rows.count; i++) {
        const struct raw_row *row = &table->rows.at[i], *before = row - 1;
        if (!compare_rows(before, row))
            return err_at(err, row->file, row->line, 0,
                          "%s is in the table %s already, in %s:%u", row->cells[0],
                          table->name, before->file, before->line);
    }
    if (!strcmp(table->name, "instances"))
        return add_types(s, table, err);
    struct image_table *out = VEC_PUSH(&s->tables);
    out->name = offset_of(s, table->name);
    out->columns = (uint32_t)s->table_cells.count;
    out->column_count = (uint32_t)table->column_count;
    for (size_t i = 0; i < table->column_count; i++)
        VEC_ADD(&s->table_cells, offset_of(s, table->columns[i]));
    out->cell = (uint32_t)s->table_cells.count;
    out->row_count = (uint32_t)table->rows.count;
    for (size_t i = 0; i < table->rows.count; i++)
        for (size_t column = 0; column < table->column_count; column++)
            VEC_ADD(&s->table_cells, offset_of(s, table->rows.at[i].cells[column]));
    return true;
}

static bool make_tables(struct sections *s, struct err *err)
{
    for (size_t i = 0; i < s->builder->tables.count; i++)
        if (!add_table(s, &s->builder->tables.at[i], err))
            return false;
    return true;
}

/* Appends a section, aligned for the widest member. */
static struct image_section put(struct buf *out, const void *bytes, size_t count, size_t size)
{
    buf_fill(out, '\0', (16 - out->length % 16) % 16);
    struct image_section section = {(uint32_t)out->length, (uint32_t)count};
    if (count)
        buf_add_n(out, bytes, count * size);
    return section;
}

#define PUT(out, vec) put(out, (vec)->at, (vec)->count, sizeof *(vec)->at)

static void name_origins(struct sections *s, struct image *head, struct buf *origins,
                         struct buf *regions)
{
    const struct book_builder *b = s->builder;
    for (size_t i = 0; i < b->origins.count; i++) {
        day date = b->origins.at[i].date;
        struct image_origin origin = {offset_of(s, b->origins.at[i].source), date};
        buf_add_n(origins, (const char *)&origin, sizeof origin);
        if (date && (!head->first || date < head->first))
            head->first = date;
        if (date > head->last)
            head->last = date;
    }
    for (size_t i = 0; i < s->regions.count; i++) {
        uint32_t offset = offset_of(s, s->regions.at[i]);
        buf_add_n(regions, (const char *)&offset, sizeof offset);
    }
}

static struct image *assemble(struct sections *s)
{
    const struct book_builder *b = s->builder;
    struct image head = {.magic = IMAGE_MAGIC, .type_size = sizeof(struct instance_type)};
    struct buf out = BUF_INIT, origins = BUF_INIT, regions = BUF_INIT;
    name_origins(s, &head, &origins, &regions);
    buf_add_n(&out, (const char *)&head, sizeof head);
    head.rows = PUT(&out, &s->rows);
    head.slots = PUT(&out, &s->slots);
    head.cells = PUT(&out, &s->cells);
    head.tiers = PUT(&out, &b->tiers);
    head.tables = PUT(&out, &s->tables);
    head.table_cells = PUT(&out, &s->table_cells);
    head.types = PUT(&out, &s->types);
    head.origins = put(&out, origins.text, b->origins.count, sizeof(struct image_origin));
    head.regions = put(&out, regions.text, s->regions.count, sizeof(uint32_t));
    head.strings = put(&out, s->strings.text, s->strings.length, 1);
    head.size = (uint32_t)out.length;
    char date[DAY_TEXT];
    uint64_t hash = map_hash(out.text + sizeof head, out.length - sizeof head);
    snprintf(head.version, sizeof head.version, "%s-%08x",
             head.last ? day_format(date, head.last) : "undated", (unsigned)hash);
    memcpy(out.text, &head, sizeof head);
    buf_release(&origins);
    buf_release(&regions);
    return (struct image *)(void *)out.text;
}

bool book_builder_finish(struct image **out, struct book_builder *builder,
                         book_problem *problem, void *context, struct err *err)
{
    struct sections s = {.builder = builder};
    buf_add_n(&s.strings, "", 1);
    bool ok = make_rows(&s, problem, context, err) && make_tables(&s, err);
    if (ok) {
        make_slots(&s);
        *out = assemble(&s);
    }
    sections_release(&s);
    return ok;
}
