#include <string.h>

#include "base/map.h"
#include "book_parts.h"

/* Takes "a=1;b=2" apart, sorted by name. False when it is not of that form. */
static bool split_attributes(struct attribute *out, size_t *count, const char *text)
{
    *count = 0;
    while (text && *text) {
        size_t length = strcspn(text, ";");
        const char *equals = memchr(text, '=', length);
        if (!equals || *count == ATTRIBUTES_MAX)
            return false;
        struct attribute a = {text, equals + 1, (size_t)(equals - text),
                              length - (size_t)(equals + 1 - text)};
        size_t at = (*count)++;
        for (; at > 0; at--) {
            const struct attribute *before = &out[at - 1];
            size_t shorter =
                before->name_length < a.name_length ? before->name_length : a.name_length;
            int order = memcmp(before->name, a.name, shorter);
            if (order < 0 || (!order && before->name_length <= a.name_length))
                break;
            out[at] = *before;
        }
        out[at] = a;
        text += length + (text[length] == ';');
    }
    return true;
}

size_t key_text(char out[KEY_ROOM], const struct price_key *key)
{
    struct attribute attributes[ATTRIBUTES_MAX];
    size_t count;
    if (!key->service || !key->item || !split_attributes(attributes, &count, key->attributes))
        return 0;
    size_t service = strlen(key->service), item = strlen(key->item);
    size_t used = service + 1 + item;
    if (used + 1 > KEY_ROOM)
        return 0;
    memcpy(out, key->service, service);
    out[service] = ' ';
    memcpy(out + service + 1, key->item, item + 1);
    for (size_t i = 0; i < count; i++) {
        const struct attribute *a = &attributes[i];
        if (used + a->name_length + a->value_length + 3 > KEY_ROOM)
            return 0;
        out[used++] = i ? ';' : ' ';
        memcpy(out + used, a->name, a->name_length);
        used += a->name_length;
        out[used++] = '=';
        memcpy(out + used, a->value, a->value_length);
        used += a->value_length;
        out[used] = '\0';
    }
    return used;
}

static const struct image_row *find_row(const struct image *image, const char *key,
                                        size_t length)
{
    const uint32_t *slots = image_at(image, image->slots);
    const struct image_row *rows = image_at(image, image->rows);
    size_t mask = image->slots.count - 1;
    for (size_t i = map_hash(key, length) & mask; slots[i]; i = (i + 1) & mask) {
        const struct image_row *row = &rows[slots[i] - 1];
        if (!strcmp(image_text(image, row->key), key))
            return row;
    }
    return NULL;
}

static const struct image_cell *find_cell(const struct image *image,
                                          const struct image_row *row, const char *region)
{
    const struct image_cell *cells = image_at(image, image->cells);
    const uint32_t *regions = image_at(image, image->regions);
    size_t low = row->cell, high = low + row->cell_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(region, image_text(image, regions[cells[middle].region]));
        if (!order)
            return &cells[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool book_find(struct found *out, const struct book *book, const struct price_key *key)
{
    char text[KEY_ROOM];
    size_t length = key_text(text, key);
    for (size_t i = 0; length && i < book->layer_count; i++) {
        const struct image *image = book->layers[i].image;
        const struct image_row *row = find_row(image, text, length);
        const struct image_cell *cell = NULL;
        if (row && key->region)
            cell = find_cell(image, row, key->region);
        if (row && !cell)
            cell = find_cell(image, row, "*");
        if (cell) {
            *out = (struct found){image, row, cell, book->layers[i].origin};
            return true;
        }
    }
    return false;
}

struct image_tier found_tier(const struct found *found, size_t i)
{
    const struct image_tier *tiers = image_at(found->image, found->image->tiers);
    return tiers[found->cell->tier + i];
}

size_t found_tier_count(const struct found *found)
{
    size_t count = found->cell->tier_count;
    return count - (found_tier(found, count - 1).pico == TIER_END);
}

size_t book_regions(const char **out, size_t room, const struct book *book,
                    const struct price_key *key)
{
    char text[KEY_ROOM];
    size_t length = key_text(text, key);
    for (size_t i = 0; length && i < book->layer_count; i++) {
        const struct image *image = book->layers[i].image;
        const struct image_row *row = find_row(image, text, length);
        if (!row)
            continue;
        const struct image_cell *cells = image_at(image, image->cells);
        const uint32_t *regions = image_at(image, image->regions);
        for (size_t c = 0; c < row->cell_count && c < room; c++)
            out[c] = image_text(image, regions[cells[row->cell + c].region]);
        return row->cell_count;
    }
    return 0;
}

/* The first row at or behind `prefix`. */
static size_t lower_bound(const struct image *image, const char *prefix)
{
    const struct image_row *rows = image_at(image, image->rows);
    size_t low = 0, high = image->rows.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(image_text(image, rows[middle].key), prefix) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct scan {
    const struct image *image;
    size_t at;
};

static const struct image_row *scan_row(const struct scan *scan, const char *prefix)
{
    const struct image_row *rows = image_at(scan->image, scan->image->rows);
    if (scan->at >= scan->image->rows.count)
        return NULL;
    const struct image_row *row = &rows[scan->at];
    return strncmp(image_text(scan->image, row->key), prefix, strlen(prefix)) ? NULL : row;
}

void book_scan(const struct book *book, const char *prefix, book_visit *visit, void *context)
{
    struct scan scans[2];
    for (size_t i = 0; i < book->layer_count; i++)
        scans[i] =
            (struct scan){book->layers[i].image, lower_bound(book->layers[i].image, prefix)};
    for (;;) {
        const char *least = NULL, *unit = NULL;
        for (size_t i = 0; i < book->layer_count; i++) {
            const struct image_row *row = scan_row(&scans[i], prefix);
            const char *key = row ? image_text(scans[i].image, row->key) : NULL;
            if (key && (!least || strcmp(key, least) < 0)) {
                least = key;
                unit = image_text(scans[i].image, row->unit);
            }
        }
        if (!least || !visit(context, least, unit))
            return;
        for (size_t i = 0; i < book->layer_count; i++) {
            const struct image_row *row = scan_row(&scans[i], prefix);
            scans[i].at += row && !strcmp(image_text(scans[i].image, row->key), least);
        }
    }
}
