#include "pricing/catalogue.h"

#include <fnmatch.h>
#include <string.h>

#include "book_parts.h"

static const struct instance_type *find_in(const struct image *image, const char *name)
{
    const struct instance_type *types = image_at(image, image->types);
    size_t low = 0, high = image->types.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, types[middle].name);
        if (!order)
            return &types[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct instance_type *catalogue_find(const struct book *book, const char *name)
{
    const struct instance_type *type = NULL;
    for (size_t i = 0; name && !type && i < book->layer_count; i++)
        type = find_in(book->layers[i].image, name);
    return type;
}

static const struct instance_type *type_at(const struct book *book, size_t layer, size_t at)
{
    const struct image *image = book->layers[layer].image;
    const struct instance_type *types = image_at(image, image->types);
    return at < image->types.count ? &types[at] : NULL;
}

/* The least name not yet passed; an earlier layer hides a later one. */
static const struct instance_type *next_of(const struct book *book, const size_t *at)
{
    const struct instance_type *least = NULL;
    for (size_t i = 0; i < book->layer_count; i++) {
        const struct instance_type *type = type_at(book, i, at[i]);
        if (type && (!least || strcmp(type->name, least->name) < 0))
            least = type;
    }
    return least;
}

static void pass(size_t *at, const struct book *book, const struct instance_type *passed)
{
    for (size_t i = 0; i < book->layer_count; i++) {
        const struct instance_type *type = type_at(book, i, at[i]);
        at[i] += type && (type == passed || !strcmp(type->name, passed->name));
    }
}

/* Both positions in one number: 32 bits for each layer. */
const struct instance_type *catalogue_next(const struct book *book, const char *pattern,
                                           size_t *cursor)
{
    size_t at[2] = {*cursor & 0xffffffff, *cursor >> 32};
    const struct instance_type *type;
    while ((type = next_of(book, at))) {
        pass(at, book, type);
        if (!pattern || !fnmatch(pattern, type->name, 0))
            break;
    }
    *cursor = at[0] | at[1] << 32;
    return type;
}
