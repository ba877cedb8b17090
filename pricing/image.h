#ifndef PRICING_IMAGE_H
#define PRICING_IMAGE_H

#include <stdint.h>

#include "base/when.h"
#include "pricing/catalogue.h"

/*
 * A compiled book: one block of bytes without pointers, made by book_build.c on this
 * kind of machine, embedded in the program or built in memory from a folder. Every
 * section is an array at `at` bytes from the start; strings are offsets into `strings`.
 */
struct image_section {
    uint32_t at, count;
};

struct image {
    char magic[8];
    uint32_t size, type_size; /* of the whole; of struct instance_type */
    day first, last;          /* dates of the prices; 0 when there is none */
    char version[24];
    struct image_section strings, regions, origins, rows, slots, cells, tiers;
    struct image_section tables, table_cells, types;
};

#define IMAGE_MAGIC "advbook1"

struct image_origin {
    uint32_t source;
    day date;
};

/* All regions of one key. Rows are sorted by key; `slots` is a hash table of row + 1. */
struct image_row {
    uint32_t key, unit;
    uint32_t cell, cell_count; /* sorted by region */
};

struct image_cell {
    uint16_t region, origin;
    uint32_t tier : 24, tier_count : 8;
};

/* A tier begins at `from`; an amount of TIER_END ends the tiers there. */
struct image_tier {
    int64_t pico; /* 1e-12 of the unit's amount */
    double from;
};

#define TIER_END INT64_MIN

/* Rows sorted by the first column; cells are strings, row after row. */
struct image_table {
    uint32_t name, columns; /* columns: index of the first column name in table_cells */
    uint32_t column_count;
    uint32_t cell, row_count;
};

static inline const void *image_at(const struct image *image, struct image_section section)
{
    return (const char *)image + section.at;
}

static inline const char *image_text(const struct image *image, uint32_t offset)
{
    return (const char *)image + image->strings.at + offset;
}

#endif
